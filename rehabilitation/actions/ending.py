"""How a placement ends: by a move, or by its own days, dated on the first day of freedom.

Nothing here asks whether a case is on hold, whether somebody consents, or whether ``tick`` ran:
freedom needs nobody's doing.
"""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from agreements.querysets import open_commitments
from cases.models import Case
from cases.writing import moment_of
from moves.machine import move
from people.models import Person
from rehabilitation.actions.news import tell_harmed
from rehabilitation.models import Placement, Review
from rehabilitation.querysets import ever_placed
from rehabilitation.rules import ENDS, PLACED
from rehabilitation.writing import (
    council_people,
    day,
    locked_case,
    locked_placement,
    note,
    staff_of,
    tell_all,
    tell_one,
)

TRANSITION = {"released": "release", "lapsed": "lapse", "left": "leave"}


def settle_now(pk: Any, *, now: datetime) -> int:
    """Do what was due to one placement, in a transaction of its own; return how many steps."""
    found = Placement.objects.filter(pk=pk).values_list("case_id", flat=True).first()
    if found is None:
        return 0
    with transaction.atomic():
        case = locked_case(found)
        return settle(locked_placement(pk, case), now=now)


def bring_up_to_date(placement: Placement, *, now: datetime) -> None:
    """Do what was due to a placement before it is shown, and read it anew where something was.

    Reading a page can write: only what ``tick`` would have written, with the same dates.
    """
    today = day(now)
    freedom = placement.freedom
    over = freedom is not None and freedom.on <= today
    if over or (placement.state == "guest" and not placement.is_guest(today)):
        settle_now(placement.pk, now=now)
        placement.refresh_from_db()


def settle(placement: Placement, *, now: datetime) -> int:
    """End a locked placement, a move or a guest stay whose days are over, dated when they were."""
    today, steps = day(now), 0
    freedom = placement.freedom
    # A move is over before its placement is, at the latest: written first, as on the day itself.
    if placement.move_until is not None and placement.move_until < today:
        over = placement.move_until + timedelta(days=1)
        placement.save(update_fields=placement.stop_moving())
        note(placement, "move_over", by=None, now=moment_of(over))
        steps += 1
    if freedom is not None and freedom.on <= today:
        end(placement, freedom.why, on=freedom.on, by=None, now=moment_of(freedom.on))
        steps += 1
    if placement.state == "guest" and placement.guest_until < today:  # type: ignore[operator]
        last = placement.guest_until
        assert last is not None
        end_stay(placement, on=last + timedelta(days=1), by=None, now=moment_of(last))
        steps += 1
    return steps


def end(placement: Placement, why: str, *, on: date, by: Person | None, now: datetime) -> None:
    """End a locked placement on this day, the first on which the person is free."""
    began = placement.state in PLACED
    placement.ended_on = placement.free_on = on
    placement.why_ended = why
    placement.release_on = None
    also = ["ended_on", "free_on", "why_ended", "release_on", *placement.stop_moving()]
    move(placement, TRANSITION[ENDS[why]], also=also)
    note(placement, "placement_ended", by=by, now=now, why=why)
    _close_what_was_open(placement, why, on=on)
    if began:
        release_case(placement.case, on=on, by=by, now=now)
    _tell(placement, why, began=began, now=now)


def _close_what_was_open(placement: Placement, why: str, *, on: date) -> None:
    for challenge in placement.challenges.filter(state="open"):
        challenge.decided_on = on
        move(challenge, "drop", also=["decided_on"])
    for review in Review.objects.open().filter(placement=placement):
        review.held_on = on
        missed = why == "review_missed" and review.challenge_id is None
        move(review, "miss" if missed else "drop", also=["held_on"])
    # A review that was never begun was missed all the same, and counts as that.
    if why == "review_missed" and not placement.reviews.filter(held_on=on).exists():
        assert placement.review_on is not None
        missed_one = Review(
            placement=placement, council=placement.decision.council, due_on=placement.review_on,
            opened_at=moment_of(on), held_on=on, state=Review.State.MISSED,
        )  # fmt: skip
        missed_one.save(force_insert=True)


def release_case(case: Case, *, on: date, by: Person | None, now: datetime) -> None:
    """Bring a locked case on when nobody in it is placed any more: to its plan, or its council."""
    if case.state != Case.State.REHABILITATION:
        return
    if Placement.objects.placed().filter(case=case).exists():
        return
    case.state_since = on
    plan = open_commitments(case) > 0
    move(case, "release" if plan else "release_to_council", also=["state_since"])


def _tell(placement: Placement, why: str, *, began: bool, now: datetime) -> None:
    """Tell everybody concerned that it has ended; a person harmed only what they asked for."""
    key, today = f"ended:{placement.ended_on}", day(now)
    tell_one(
        placement.person, placement, "you_are_free" if began else "placement_not_taken_up",
        key=key, now=now,
    )  # fmt: skip
    code = "resident_left" if why == "left" else "placement_ended"
    people = staff_of(placement, today) + council_people(placement.decision.council)
    tell_all(people, placement, code, key=key, now=now)
    if began:
        what = "left" if why == "left" else "released"
        tell_harmed(placement.case, what, f"news_{what}", now=now, key=f"{what}:{placement.pk}")


def end_stay(placement: Placement, *, on: date, by: Person | None, now: datetime) -> None:
    """End a guest's stay on this day; locked."""
    for stay in placement.guest_stays.filter(ended_on=None):
        stay.ended_on = max(on, stay.from_on)
        stay.save(update_fields=["ended_on"])
    placement.guest_until = None
    move(placement, "leave", also=["guest_until"])
    note(placement, "guest_stay_ended", by=by, now=now)
    tell_all(
        staff_of(placement, on, "steward"), placement, "guest_left", key=f"guest:{on}", now=now
    )


def anybody_placed(case: Case, today: date) -> bool:
    """Say whether anybody is placed in this case today, by the days and not by ``tick``."""
    if not ever_placed(case):
        return False
    return Placement.objects.placed().living(today).filter(case=case).exists()


def parties_placed(case: Case) -> set[Any]:
    """Return the ids of the parties who are proposed a place, or placed, in this case."""
    if not ever_placed(case):
        return set()
    return set(Placement.objects.open().filter(case=case).values_list("party_id", flat=True))


def set_aside(case: Case, *, now: datetime) -> None:
    """End what is open in a locked case that closes: what was proposed, and what is over by now."""
    for pk in list(Placement.objects.open().filter(case=case).values_list("pk", flat=True)):
        placement = locked_placement(pk, case)
        if not settle(placement, now=now):
            end(placement, "taken_back", on=day(now), by=None, now=now)
