"""Who serves a council and cannot be impartial any more: their seat or office in it ends.

Before the draw ties keep people out; what comes up later is looked for here, at once where
somebody declares it, and by the clock for what came to the file in another way.
"""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from cases.models import Case
from cases.writing import day
from councils.actions import pool
from councils.actions.forming import settle_guardian, tied_to
from councils.actions.seating import step_down
from councils.models import Council, PoolPlace, Seat
from councils.writing import locked_case
from people.models import NamedTie, Person


def declare_tie(place: PoolPlace, *, by: Person, now: datetime, name: str, kind: str) -> NamedTie:
    """Put a tie on file by name, and leave the council it is about, where one serves it."""
    tie = pool.declare_tie(place, by=by, now=now, name=name, kind=kind)
    serves = Q(process_guardian=by) | Q(seats__person=by, seats__state=Seat.State.ACCEPTED)
    cases = Council.objects.live().filter(serves).order_by("case_id")
    for case_pk in list(cases.values_list("case_id", flat=True).distinct()):
        step_down_from(case_pk, now=now)
    return tie


@transaction.atomic
def step_down_from(case_pk: Any, *, now: datetime) -> int:
    """End the seats and guardianships of who is tied to a case or gone; return how many ended."""
    case, ended = locked_case(case_pk), 0
    for council in Council.objects.select_for_update(of=("self",)).live().filter(case=case):
        seats = list(council.seats.filter(state=Seat.State.ACCEPTED).select_related("person"))
        tied = tied_to(case, [seat.person_id for seat in seats], day(now))
        for seat in seats:
            if seat.person_id in tied or not seat.person.is_active:
                step_down(seat, case, now=now)
                ended += 1
        ended += settle_guardian(council, case, now=now)
    return ended


def by_time(now: datetime) -> int:
    """Look at every live council; return how many seats and guardianships ended."""
    cases = Case.objects.filter(pk__in=Council.objects.live().values("case_id")).order_by("pk")
    return sum(step_down_from(pk, now=now) for pk in list(cases.values_list("pk", flat=True)))
