"""Plain functions that make people, communities and cases for tests."""

import itertools
from datetime import UTC, date, datetime, timedelta

from django.test import Client
from django.test.client import ClientHandler

from cases import actions
from cases.models import Case, Party
from communities.models import Community
from people.models import Person

serial = itertools.count(1)
NOW = datetime(2026, 3, 20, 12, 0, tzinfo=UTC)
TODAY = date(2026, 3, 20)
_handler = ClientHandler(enforce_csrf_checks=False)


def browser() -> Client:
    """Return a client of one person among many. All share one handler: loading the middleware
    anew for each takes longer than what they ask."""
    client = Client()
    client.handler = _handler
    return client


def make_person(name: str = "Somebody", **fields: object) -> Person:
    return Person.objects.create_user(f"user-{next(serial)}", None, name=name, **fields)


def make_community(**fields: object) -> Community:
    number = next(serial)
    return Community.objects.create(slug=f"c-{number}", name=f"Community {number}", **fields)


def make_coordinator(community: Community, **fields: object) -> Person:
    person = make_person("Cole", **fields)
    community.memberships.create(
        person=person, role="coordinator", from_on=TODAY - timedelta(days=30),
        until=TODAY + timedelta(days=300),
    )  # fmt: skip
    return person


def make_mediator(community: Community | None = None, **licence: object) -> Person:
    person = make_person("Mara")
    values = {"from_on": TODAY - timedelta(days=30), "until": TODAY + timedelta(days=600)}
    person.licences.create(**{**values, **licence})
    if community:
        community.memberships.create(person=person, from_on=TODAY - timedelta(days=30))
    return person


def make_case(community: Community | None = None, *, now: datetime = NOW, **fields: object) -> Case:
    """A reported case with one person on each side, both with an account and a telephone."""
    community = community or make_community()
    parties = [
        actions.NewParty(
            role=role, name=name,
            person=make_person(name, contact_kind="phone", contact="+44 7700 900001"),
        )
        for role, name in (("harmed", "Hana"), ("responsible", "Remi"))
    ]  # fmt: skip
    values = {"title": "The greenhouse", "account": "The panes were broken.", **fields}
    return actions.open_case(community=community, parties=parties, by=None, now=now, **values)


def harmed(case: Case) -> Party:
    return case.parties.get(role="harmed")


def responsible(case: Case) -> Party:
    return case.parties.get(role="responsible")


def place_mediator(case: Case, mediator: Person) -> Person:
    actions.place_in(case, mediator, "mediator", today=TODAY)
    return mediator


def make_case_in_screening(community: Community | None = None) -> tuple[Case, Person]:
    """A case in screening, with its mediator."""
    case = make_case(community)
    mediator = place_mediator(case, make_mediator(case.community))
    actions.accept(case, by=mediator, now=NOW)
    return Case.objects.get(pk=case.pk), mediator


def prepare(case: Case, mediator: Person, *, now: datetime = NOW) -> Case:
    """Reach, assess and ask both sides: everything mediation waits for."""
    for party in (harmed(case), responsible(case)):
        actions.reach(party, by=mediator, now=now, how_to_reach="by day", reach="in_app")
        actions.assess(party, by=mediator, now=now, safe_to_meet=True, answers={}, flags=[])
        actions.give_consent(party, by=party.person, now=now, understood=True)
    return Case.objects.get(pk=case.pk)
