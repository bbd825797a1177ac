"""How often a case asks the database, by its pages and by the API: as often for 30 as for 1."""

import itertools
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from agreements.models import Agreement, Commitment, Entry, Signature
from api.actions import issue_token
from cases.models import Case, CaseUserObjectPermission, Consent, Harm, Note, Participation, Party
from mediation.models import Mediation, Meeting
from people.models import Person, Tie
from records.actions import append
from records.models import Access
from tests.access.world import STAGES, World, make, person

pytestmark = pytest.mark.django_db

MOST = 25
ROLES = ("mediator", "coordinator", "harmed", "responsible", "supporter", "guardian")
serial = itertools.count(1)


def add_one_of_everything(world: World) -> None:
    """Add one of whatever a case can have many of. By hand: states are read, not reached."""
    case, today = world.case, timezone.localdate()
    number = next(serial)
    people = world.people
    hers = Party.objects.get(case=case, person=people["harmed"])
    for role in ("harmed", "responsible"):
        _add_party(case, f"{role} {number}", role, today)
    another = person(f"mediator {number}")
    another.licences.create(from_on=today, until=today + timedelta(days=90))
    _place(case, another, "mediator", today)
    for room, author, party in (
        ("private", hers.person, hers), ("mediation", people["mediator"], None),
        ("referral", people["coordinator"], None), ("safety", people["mediator"], None),
    ):  # fmt: skip
        Note.objects.create(
            case=case, room=room, party=party, author=author, text="word", at=timezone.now()
        )
    Harm.objects.create(
        case=case, party=hers, what="pane", unit="money", amount=Decimal(9), stated_on=today
    )
    append("case", case.reference, "note_written", at=timezone.now())
    Access.objects.create(
        reader=another.pk, case_reference=case.reference, room="case",
        hour=timezone.now() - timedelta(hours=1 + number),
    )  # fmt: skip
    _add_to_stages(world, hers, number, today)


def _place(case: Case, who: Person, role: str, today: date, beside: Party | None = None) -> None:
    Participation.objects.create(case=case, person=who, role=role, from_on=today, beside=beside)
    for codename in Participation.PERMISSIONS[role]:
        CaseUserObjectPermission.objects.create(
            content_object=case, user=who,
            permission=Permission.objects.get(content_type__app_label="cases", codename=codename),
        )  # fmt: skip


def _add_party(case: Case, name: str, role: str, today: date) -> None:
    """Add a young person who was spoken with, their guardian, supporter, ties and consents."""
    party = Party.objects.create(
        case=case, person=person(name), role=role, minor=True, reached_on=today,
        assessed_on=today, safe_to_meet=True,
    )  # fmt: skip
    for kind in ("guardian", "supporter"):
        _place(case, person(f"{kind} of {name}"), kind, today, party)
    Tie.objects.create(one=party.person, other=person(f"tied to {name}"), kind="kin", from_on=today)
    Consent.objects.create(
        party=party, stage="mediation", text="t", text_version="1", language="en", way="app",
        given_at=timezone.now(),
    )  # fmt: skip


def _add_to_stages(world: World, hers: Party, number: int, today: date) -> None:
    his = Party.objects.get(case=world.case, person=world.people["responsible"])
    for mediation in Mediation.objects.filter(case=world.case):
        Meeting.objects.create(mediation=mediation, at=timezone.now(), place="Library")
    for agreement in Agreement.objects.filter(case=world.case).live():
        promise = Commitment.objects.create(
            agreement=agreement, number=number + 100, what="promise", promised_by=his,
            promised_to=hers, harm=world.case.harms.first(), unit="money", amount=Decimal(9),
            due_on=today + timedelta(days=9), state_since=today, if_missed="We talk.",
        )  # fmt: skip
        Entry.objects.create(
            commitment=promise, amount=Decimal(1), happened_on=today, at=timezone.now(),
            kind="said_done",
        )  # fmt: skip
        unsigned = Party.objects.filter(case=world.case).exclude(
            pk__in=agreement.signatures.values("party_id")
        )
        newest = unsigned.exclude(pk__in=[hers.pk, his.pk]).first()
        assert newest is not None
        Signature.objects.create(
            agreement=agreement, party=newest, signed_by=newest.person, way="app",
            at=timezone.now(), digest="d",
        )  # fmt: skip
    old = Agreement(
        case=world.case, version=number + 50, state="withdrawn", drafted_on=today, ended_on=today
    )
    if Agreement.objects.filter(case=world.case).exists():
        old.save(force_insert=True)
        Commitment.objects.create(
            agreement=old, number=1, what="promise", promised_by=his, promised_to=hers,
            state_since=today,
        )  # fmt: skip


def asked_by(world: World, role: str) -> tuple[int, ...]:
    """Open the case page twice as this person, the form of a move, and the case by the API.

    Return how often each asked, 0 where hidden. The first opening of an hour by somebody in office
    also notes it.
    """
    client, someone = Client(), world.people[role]
    client.force_login(someone)
    page = world.case.get_absolute_url()
    hers = Party.objects.get(case=world.case, person=world.people["harmed"])
    form = reverse("cases:move", args=[world.case.reference, "party", hers.pk, "set_contact"])
    token = {"Authorization": f"Bearer {issue_token(someone, today=timezone.localdate())}"}
    by_the_api = reverse("api:case", args=[world.case.reference])
    return (
        *(count(client, url) for url in (page, page, form)),
        count(Client(), by_the_api, headers=token),
    )


def count(client: Client, url: str, **more: Any) -> int:
    with CaptureQueriesContext(connection) as asked:
        status = client.get(url, **more).status_code
    assert status in (200, 404)
    return len(asked) if status == 200 else 0


@pytest.mark.parametrize("stage", STAGES)
def test_a_case_asks_at_most_25_times_and_as_often_for_30_as_for_1(stage: str) -> None:
    world = make(stage)
    add_one_of_everything(world)
    one = {role: asked_by(world, role) for role in ROLES}
    for _number in range(29):
        add_one_of_everything(world)
    Access.objects.filter(reader__in=[someone.pk for someone in world.people.values()]).delete()
    thirty = {role: asked_by(world, role) for role in ROLES}
    print(stage, thirty)
    assert one["mediator"][1] > 0
    assert thirty == one
    assert max(max(asked) for asked in thirty.values()) <= MOST
