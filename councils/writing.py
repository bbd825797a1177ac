"""What every action around a council does around its few lines: the case's lock, one event."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from cases.access import Standing, open_places
from cases.models import Case, Participation
from cases.writing import changing, day, record, tell_party
from communities.models import Membership
from councils.models import Council, Draw, Seat
from notices.actions import tell
from people.models import Person
from records.actions import append


def locked_case(pk: UUID) -> Case:
    """Return a case, locked; only inside a transaction."""
    return (
        Case.objects.select_for_update(of=("self",))
        .select_related("charter_version", "community", "steering")
        .get(pk=pk)
    )


def locked_draw(pk: Any, case: Case) -> Draw:
    """Return a draw of a locked case, locked too."""
    draw = (
        Draw.objects.select_for_update(of=("self",))
        .select_related("council__charter_version", "council__community")
        .get(pk=pk)
    )
    draw.council.case = case
    return draw


@contextmanager
def on_council(
    council: Council, *, by: Person, now: datetime
) -> Iterator[tuple[Council, Case, Standing]]:
    """Lock the case, then the council, and ask again who this is. Hidden for a stranger."""
    with changing(council.case_id, by=by, now=now) as (case, who):
        council = Council.objects.select_for_update(of=("self",)).get(pk=council.pk)
        council.case = case
        yield council, case, who


@contextmanager
def on_draw(draw: Draw, *, by: Person, now: datetime) -> Iterator[tuple[Draw, Case, Standing]]:
    """Lock the case, then the draw, and ask again who this is. Hidden for a stranger."""
    case_pk = Draw.objects.values_list("council__case_id", flat=True).get(pk=draw.pk)
    with changing(case_pk, by=by, now=now) as (case, who):
        yield locked_draw(draw.pk, case), case, who


@contextmanager
def by_itself(draw_pk: Any) -> Iterator[tuple[Draw, Case]]:
    """Lock the case of a draw, then the draw; nobody acts but time, the solver or an auditor."""
    with transaction.atomic():
        case = locked_case(Draw.objects.values_list("council__case_id", flat=True).get(pk=draw_pk))
        yield locked_draw(draw_pk, case), case


@contextmanager
def on_seat(seat: Seat) -> Iterator[tuple[Seat, Case]]:
    """Lock the case of a seat, then the seat. Its person need not see the case."""
    with transaction.atomic():
        case = locked_case(Seat.objects.values_list("council__case_id", flat=True).get(pk=seat.pk))
        fresh = (
            Seat.objects.select_for_update(of=("self",))
            .select_related("council__charter_version", "council__community", "person", "draw")
            .get(pk=seat.pk)
        )
        fresh.council.case = fresh.draw.council.case = case
        yield fresh, case


def note(
    draw: Draw, case: Case, code: str, *, by: Person | None, now: datetime, **data: str
) -> None:
    """Append to the draw's own chain, which names no case and nobody, and to the case's."""
    append("draw", draw.public_id, code, at=now, data=data)
    record(case, code, by=by, now=now, draw=draw.public_id)


def tell_parties(case: Case, code: str, *, now: datetime, key: str) -> None:
    """Tell every party who was reached."""
    for party in case.parties.filter(reached_on__isnull=False).select_related("person"):
        tell_party(party, code, case=case, now=now, key=key)


def tell_who_runs(council: Council, case: Case, code: str, *, now: datetime, key: str) -> None:
    """Tell who runs the draws: the coordinators who may see the case, and the process guardian."""
    steering = Membership.objects.coordinating(day(now)).filter(community_id=case.steering_id)
    people = {one.person_id: one.person for one in steering.select_related("person")}
    if council.process_guardian is not None:
        people[council.process_guardian.pk] = council.process_guardian
    visible = Case.objects.filter(pk=case.pk)
    for pk, person in people.items():
        if visible.visible_to(person, today=day(now)).exists():
            tell(
                person, code, case_reference=case.reference,
                key=f"{case.reference}:{key}:{pk}", now=now,
            )  # fmt: skip


def tell_council(council: Council, case: Case, code: str, *, now: datetime, key: str) -> None:
    """Tell who serves on this council: its seated members, and the guardian of its process."""
    members = council.seats.filter(state=Seat.State.ACCEPTED).select_related("person")
    people = [one.person for one in members]
    if council.process_guardian is not None:
        people.append(council.process_guardian)
    _tell_each(people, case, code, now=now, key=key)


def tell_interpreters(case: Case, code: str, *, now: datetime, key: str) -> None:
    """Tell who interprets in this case."""
    places = open_places(case, Participation.Role.INTERPRETER, today=day(now))
    _tell_each([one.person for one in places], case, code, now=now, key=key)


def _tell_each(people: Iterable[Person], case: Case, code: str, *, now: datetime, key: str) -> None:
    for person in people:
        tell(
            person, code, case_reference=case.reference,
            key=f"{case.reference}:{key}:{person.pk}", now=now,
        )  # fmt: skip
