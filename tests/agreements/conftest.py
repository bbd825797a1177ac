"""A case in mediation, with both sides, a mediator and a guardian."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest

from agreements import actions
from cases.access import standing, sync_permissions
from cases.models import Case, Harm, Participation, Party
from communities.models import CharterVersion, Community
from people.models import Person

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
TODAY = NOW.date()


def later(days):
    return NOW + timedelta(days=days)


@pytest.fixture
def world(db):
    """Return a case in mediation, and everybody in it."""
    community = Community.objects.create(name="Riverside", slug="riverside")
    charter, _made = CharterVersion.objects.get_or_create(
        community=community, number=1, defaults={"rules": {}}
    )
    case = Case(
        community=community, steering=community, charter_version=charter, title="The bicycle",
        account="A bicycle was taken.", opened_on=TODAY, state="mediation", state_since=TODAY,
    )  # fmt: skip
    case.save()
    people = {
        name: Person.objects.create_user(name, None, name=name.title())
        for name in ("ana", "daniel", "joke", "grace", "stranger")
    }
    ana = Party.objects.create(case=case, person=people["ana"], role="harmed")
    daniel = Party.objects.create(case=case, person=people["daniel"], role="responsible")
    places = [
        ("ana", "harmed", None), ("daniel", "responsible", None), ("joke", "mediator", None),
        ("grace", "guardian", daniel),
    ]  # fmt: skip
    for name, role, beside in places:
        Participation.objects.create(
            case=case, person=people[name], role=role, beside=beside, from_on=TODAY
        )
        sync_permissions(case, people[name])
    harm = Harm.objects.create(
        case=case, party=ana, what="The bicycle", unit="money", amount=180, stated_on=TODAY
    )
    return SimpleNamespace(case=case, ana_party=ana, daniel_party=daniel, harm=harm, **people)


@pytest.fixture
def promise(world):
    """Return what a mediator types for a clear promise."""
    return {
        "promised_by": str(world.daniel_party.pk), "promised_to": str(world.ana_party.pk),
        "what": "Pays for the repair of the bicycle", "harm": str(world.harm.pk),
        "unit": "money", "amount": 180, "due_on": date(2026, 12, 31),
    }  # fmt: skip


@pytest.fixture
def draft(world, promise):
    """Return a draft that can be offered."""
    agreement = actions.draft_agreement(
        world.case, by=world.joke, now=NOW, account="A bicycle was taken and came back broken."
    )
    actions.add_commitment(agreement, by=world.joke, now=NOW, **promise)
    return agreement


@pytest.fixture
def offered(world, draft):
    return actions.offer_agreement(draft, by=world.joke, now=NOW)


@pytest.fixture
def signed(world, offered):
    actions.sign_agreement(offered, by=world.ana, now=NOW, understood=True)
    return actions.sign_agreement(offered, by=world.daniel, now=NOW, understood=True)


@pytest.fixture
def in_force(world, signed):
    actions.due(later(11))
    signed.refresh_from_db()
    return signed


def who(world, person, now=NOW):
    return standing(person, Case.objects.get(pk=world.case.pk), today=now.date())
