"""From being drawn to the end of a seat: yes, no, or aside, and nobody asks why."""

from collections.abc import Sequence
from datetime import datetime

from cases.access import require
from cases.actions import place_in
from cases.models import Case, Participation
from cases.writing import day, record
from councils import rules
from councils.actions import ending, table
from councils.actions.forming import drop_challenges, end_council_place, frozen, partial_in
from councils.models import Council, Seat
from councils.writing import on_seat, tell_parties, tell_who_runs
from moves.core import Obstacle, refuse_if_any
from moves.machine import move
from notices.actions import tell
from people.models import Person


def may_answer(seat: Seat, case: Case, by: Person) -> bool:
    """Say whether this person can take the seat they were drawn for: its council still forms."""
    council = seat.council
    gathers = rules.gathers(case.state, hears_appeal=council.appeal_of_id is not None)
    forms = gathers and council.state in rules.LIVE_COUNCILS
    return forms and seat.person_id == by.pk and seat.state == Seat.State.DRAWN


def obstacles_to_promise(seat: Seat, case: Case) -> list[Obstacle]:
    return frozen(case)


def promise(seat: Seat, *, by: Person, now: datetime, kept_secret: bool) -> Seat:
    """Promise to keep to oneself what one is about to learn: whom the council is for."""
    with on_seat(seat) as (seat, case):
        require(may_answer(seat, case, by) and kept_secret)
        require(seat.promised_on is None)
        refuse_if_any(obstacles_to_promise(seat, case))
        seat.promised_on = day(now)
        seat.save(update_fields=["promised_on"])
        record(case, "confidentiality_promised", by=by, now=now, seat=str(seat.pk))
        return seat


def obstacles_to_accept(seat: Seat, case: Case, now: datetime) -> list[Obstacle]:
    """Return why a seat cannot be accepted: a promise first, and the time to answer."""
    found = frozen(case)
    if day(now) > seat.answer_until:
        found.append(Obstacle(code="answered_too_late", cleared_by="nobody"))
    if seat.promised_on is None:
        found.append(Obstacle(code="not_promised", cleared_by="council"))
    # Said only after the promise: before it, they do not know who this is about.
    elif partial_in(case, [seat.person_id], day(now)):
        found.append(Obstacle(code="tie_on_file", cleared_by="council"))
    return found


def accept_seat(seat: Seat, *, by: Person, now: datetime, no_tie: bool) -> Seat:
    """Say yes, knowing of no tie. From now on the case can be read, as far as a council may."""
    with on_seat(seat) as (seat, case):
        require(may_answer(seat, case, by) and no_tie)
        refuse_if_any(obstacles_to_accept(seat, case, now))
        today = day(now)
        seat.accepted_on = today
        days = seat.council.charter_version.charter.challenge_working_days
        seat.challenge_until = rules.working_days_after(today, days)
        move(seat, "accept", also=["accepted_on", "challenge_until"])
        place_in(case, by, Participation.Role.COUNCIL, today=today)
        record(case, "seat_accepted", by=by, now=now, seat=str(seat.pk))
        tell_parties(case, "member_seated", now=now, key=f"seated:{seat.pk}")
        table.join(seat, now=now)
        _seat_council(seat.council, case, now=now)
        return seat


def _seat_council(council: Council, case: Case, *, now: datetime) -> None:
    """Call the council seated once everybody said yes; case locked."""
    states = list(council.seats.values_list("state", flat=True))
    if council.state != "forming" or not rules.council_is_full(states, size=council.size):
        return
    council.seated_on = day(now)
    move(council, "seat", also=["seated_on"])
    record(case, "council_seated", by=None, now=now, council=council.public_id)
    # Again each time: somebody may step aside, and somebody else be drawn.
    key = f"full:{council.pk}:{now.isoformat()}"
    tell_parties(case, "council_seated", now=now, key=key)
    tell_parties(case, "please_write_to_council", now=now, key=f"write:{council.pk}")
    for seat in council.seats.live().select_related("person"):
        tell(
            seat.person, "council_seated", case_reference=case.reference,
            key=f"{key}:{seat.person_id}", now=now,
        )  # fmt: skip


def decline_seat(seat: Seat, *, by: Person, now: datetime) -> Seat:
    """Say no. It is never held against anybody, and nobody asks why."""
    with on_seat(seat) as (seat, case):
        require(seat.person_id == by.pk and seat.state == "drawn")
        _end(seat, case, "decline", "seat_declined", by=by, now=now)
        return seat


def recuse(seat: Seat, *, by: Person, now: datetime) -> Seat:
    """Step aside, at any time. The parties learn that somebody else is drawn, not why."""
    with on_seat(seat) as (seat, case):
        require(seat.person_id == by.pk and seat.state in rules.LIVE_SEATS)
        _end(seat, case, "recuse", "seat_recused", by=by, now=now)
        return seat


def lapse(seat: Seat, *, now: datetime) -> bool:
    """End a seat whose time to answer went by. Silence is not a yes, and not held against them."""
    with on_seat(seat) as (seat, case):
        if seat.state != "drawn" or case.frozen_on or day(now) <= seat.answer_until:
            return False
        seat.by_silence = True
        _end(seat, case, "decline", "seat_lapsed", by=None, now=now, also=["by_silence"])
        return True


def replace_member(seat: Seat, case: Case, *, now: datetime) -> None:
    """End the seat of a member whom a challenge was upheld against; case locked."""
    _end(seat, case, "replace", "seat_replaced", by=None, now=now)


def step_down(seat: Seat, case: Case, *, now: datetime) -> None:
    """End the seat of a member who is tied by now, or whose account is closed; case locked."""
    _end(seat, case, "recuse", "seat_recused", by=None, now=now)
    tell(seat.person, "seat_ended", case_reference="", key=f"seat-ended:{seat.pk}", now=now)


def set_aside(seat: Seat, case: Case, *, now: datetime) -> None:
    """End a seat that a void draw had given; case locked."""
    _end(seat, case, "end", "seat_ended", by=None, now=now)


def _end(
    seat: Seat, case: Case, transition: str, code: str, *, by: Person | None, now: datetime,
    also: Sequence[str] = (),
) -> None:  # fmt: skip
    """End a live seat: they read nothing any more, and their seat is empty; case locked."""
    seat.ended_on = day(now)
    move(seat, transition, also=["ended_on", *also])
    end_council_place(case, seat.person, Participation.Role.COUNCIL, now=now)
    record(case, code, by=by, now=now, seat=str(seat.pk))
    if seat.council.state == Council.State.SEATED:
        seat.council.seated_on = None
        move(seat.council, "miss_somebody", also=["seated_on"])
    drop_challenges(seat, now=now)
    if seat.accepted_on is not None:
        table.leave(seat, now=now)
    for recall in seat.recalls.filter(state__in=rules.RUNNING_RECALLS):
        ending.drop_recall(recall, now=now)
    if transition in ("decline", "recuse", "replace"):
        tell_who_runs(seat.council, case, "seat_empty", now=now, key=f"empty:{seat.pk}")
    if seat.accepted_on is not None:
        tell_parties(case, "member_is_replaced", now=now, key=f"replaced:{seat.pk}")
