"""A council that is complete and begins to read and hear. Plain functions."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from cases import actions as cases
from cases.models import Case, Party
from councils.actions import hearings, packet, words
from councils.models import Council, Hearing, Packet
from people.models import Person
from tests.councils import people as p
from tests.factories import NOW, make_person

LATER = NOW + timedelta(hours=3)
AT = NOW + timedelta(days=4)


def seated() -> tuple[Case, Person, Council]:
    """A case, its coordinator, and its council with everybody seated."""
    case, cole = p.make_case_for_council()
    council = p.seat_everybody(p.begin(case, cole), cole)
    return Case.objects.get(pk=case.pk), cole, council


def mediator_of(case: Case) -> Person:
    return case.participations.get(role="mediator").person


def guardian_of_process(council: Council) -> Person:
    """Give a council somebody who guards its process, as an election would."""
    person = make_person("Petra")
    cases.place_in(council.case, person, "process_guardian", today=LATER.date())
    Council.objects.filter(pk=council.pk).update(process_guardian=person)
    council.refresh_from_db()
    return person


def beside(party: Party, role: str, name: str) -> Person:
    person = make_person(name)
    cases.place_in(
        party.case,
        person,
        role,
        today=LATER.date(),
        beside=None if role == "interpreter" else party,
    )
    return person


def all_written(council: Council, *, now: datetime = LATER) -> Council:
    """Every party has written to the council."""
    for party in council.case.parties.select_related("person"):
        words.write_to_council(council, by=party.person, now=now, text=f"WORD of {party.role}")
    return fresh(council)


def made(council: Council, cole: Person, *, now: datetime = LATER) -> Packet:
    return packet.make_packet(all_written(council), by=cole, now=now)


def fresh(council: Council) -> Council:
    return Council.objects.get(pk=council.pk)


def plan(
    council: Council, cole: Person, *, parties: Sequence[Party] | None = None, at: datetime = AT,
    now: datetime = LATER,
) -> Hearing:  # fmt: skip
    whom = list(council.case.parties.all()) if parties is None else parties
    return hearings.plan_hearing(
        fresh(council), by=cole, now=now, at=at, minutes=60, place="The library", parties=whom
    )
