"""A council's circle: opened when it begins, joined and left with the seats, held with the case.

``deliberation`` knows no case: every action of the circle is wrapped here, under the case's lock
and in the same transaction as what follows from its outcome.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.urls import reverse

from cases.access import Standing, require
from cases.models import Case
from cases.writing import day, moment_of, record
from councils import rules
from councils.actions.forming import frozen
from councils.actions.sitting import convenes
from councils.models import Challenge, Council, Decision, Recall, Seat
from councils.writing import on_council, tell_parties
from deliberation.actions import circles, proposing
from deliberation.actions import time as circle_time
from deliberation.models import Circle
from moves.core import Obstacle, refuse_if_any
from moves.machine import move
from people.models import Person

SUBJECT = "council"
RECALL = "recall"


def circle_of(council: Council) -> Circle | None:
    """Return the circle in which this council deliberates now; None before it began."""
    found = Circle.objects.filter(subject_kind=SUBJECT, subject_id=str(council.pk))
    return found.order_by("-at").first()


def circles_of(council: Council) -> list[Circle]:
    """Return the circles of a council now: its own, and those that look at a recall of a member."""
    own = circle_of(council)
    running = Recall.objects.filter(seat__council=council, state=Recall.State.DECIDING)
    found = Circle.objects.filter(
        subject_kind=RECALL, subject_id__in=[str(pk) for pk in running.values_list("pk", flat=True)]
    )
    return [*([own] if own is not None else []), *found.order_by("at", "pk")]


# ── Beginning, and beginning again ───────────────────────────────────────────


def obstacles_to_begin(council: Council, case: Case) -> list[Obstacle]:
    """Return why a council cannot begin: on hold, too few, a doubt open, nothing heard yet."""
    found = frozen(case)
    seated = [seat for seat in council.seats.all() if seat.state == Seat.State.ACCEPTED]
    quorum = council.charter_version.charter.council_quorum
    if not rules.has_quorum(len(seated), quorum=quorum):
        found.append(Obstacle(code="too_few_seated", cleared_by="coordinator"))
    doubts = Challenge.objects.filter(seat__council=council, state=Challenge.State.OPEN)
    if doubts.exists():
        found.append(Obstacle(code="challenge_open", cleared_by="council"))
    if not hasattr(council, "packet"):
        found.append(Obstacle(code="packet_missing", cleared_by="process_guardian"))
    if not _listened(council, case):
        found.append(Obstacle(code="hearing_missing", cleared_by="process_guardian"))
    return found


def _listened(council: Council, case: Case) -> bool:
    """Say whether the council has listened: in a hearing, or everybody reached wrote instead."""
    if council.hearings.filter(state="held").exists():
        return True
    reached = {party.pk for party in case.parties.all() if party.reached_on is not None}
    return reached <= set(council.words.values_list("party_id", flat=True))


def may_begin(council: Council, case: Case, who: Standing) -> bool:
    return council.state == Council.State.SEATED and convenes(case, council, who)


def begin_deliberation(
    council: Council, *, by: Person, now: datetime, aim: str, session: str,
    round_hours: int | None = None,
) -> Circle:  # fmt: skip
    """Open the council's circle: in the room, moved on by its guardian, or over days online."""
    with on_council(council, by=by, now=now) as (council, case, who):
        require(may_begin(council, case, who))
        refuse_if_any(obstacles_to_begin(council, case))
        move(council, "deliberate")
        circle = _open(council, case, aim=aim, session=session, hours=round_hours, now=now)
        record(case, "deliberation_begun", by=by, now=now, council=council.public_id)
        tell_parties(case, "deliberation_begun", now=now, key=f"begun:{council.pk}")
        return circle


def may_meet_again(council: Council, case: Case, who: Standing) -> bool:
    """Say whether a council that decided can be called again: what it decided has come to an end.

    Its plan was not kept, not signed, or withdrawn, or mediation did not come about.
    """
    if council.state != Council.State.DECIDED or not convenes(case, council, who):
        return False
    last = decision_that_stands(council)
    if last is None:
        return True
    waits = last.effective_on is None and last.agreement is None
    live = last.agreement is not None and last.agreement.state in (
        "drafting", "offered", "cooling_off",
    )  # fmt: skip
    return not waits and not live


def obstacles_to_meet_again(council: Council, case: Case) -> list[Obstacle]:
    """Return why a council cannot meet again now: on hold, or too few of it are left."""
    found = frozen(case)
    seated = [seat for seat in council.seats.all() if seat.state == Seat.State.ACCEPTED]
    quorum = council.charter_version.charter.council_quorum
    if not rules.has_quorum(len(seated), quorum=quorum):
        found.append(Obstacle(code="too_few_seated", cleared_by="coordinator"))
    return found


def meet_again(
    council: Council, *, by: Person, now: datetime, aim: str, session: str,
    round_hours: int | None = None,
) -> Circle:  # fmt: skip
    """Call the same council again: it stays with the case until it closes."""
    with on_council(council, by=by, now=now) as (council, case, who):
        require(may_meet_again(council, case, who))
        refuse_if_any(obstacles_to_meet_again(council, case))
        return sit_again(council, case, aim=aim, session=session, hours=round_hours, by=by, now=now)


def sit_again(
    council: Council, case: Case, *, aim: str, session: str, hours: int | None,
    by: Person | None, now: datetime,
) -> Circle:  # fmt: skip
    """Open a new circle for a council that had decided; case locked. The old decision ends."""
    council.decisions.filter(adopted_on__isnull=False, replaced_on=None).update(
        replaced_on=day(now)
    )
    move(council, "meet_again")
    circle = _open(council, case, aim=aim, session=session, hours=hours, now=now)
    record(case, "council_meets_again", by=by, now=now, council=council.public_id)
    key = f"again:{council.pk}:{now.isoformat()}"
    tell_parties(case, "council_meets_again", now=now, key=key)
    return circle


def begin_afresh(council: Council, case: Case, *, now: datetime) -> None:
    """Open a council's circle anew, as it was, because what was before it is over; case locked."""
    before = circle_of(council)
    if before is None:
        return
    session = "room" if before.in_the_room else "online"
    _open(council, case, aim=before.aim, session=session, hours=before.round_hours, now=now)
    keep_in_step(council, case, now=now)
    record(case, "council_begins_afresh", by=None, now=now, council=council.public_id)


def decision_that_stands(council: Council) -> Decision | None:
    """Return the decision of a council that nothing has replaced, None before there is one."""
    found = council.decisions.filter(adopted_on__isnull=False, replaced_on=None)
    return found.select_related("agreement").last()


def _open(
    council: Council, case: Case, *, aim: str, session: str, hours: int | None, now: datetime
) -> Circle:
    before = circle_of(council)
    if before is not None:
        proposing.close_circle(before, now=now)
    charter = council.charter_version.charter
    online = session == "online" or council.process_guardian is None
    members = [seat.person_id for seat in council.seats.live().filter(state="accepted")]
    return circles.open_circle(
        subject_kind=SUBJECT, subject_id=str(council.pk), reference=case.reference, aim=aim,
        page=reverse("cases:table", args=[case.reference, council.public_id]),
        people=members, now=now, method=charter.decision_method, quorum=charter.council_quorum,
        round_hours=(hours or charter.council_round_hours) if online else None,
        guide=council.process_guardian,
        integration_rounds=charter.integration_rounds, contention_days=charter.contention_days,
    )  # fmt: skip


# ── With the seats, and with the case ────────────────────────────────────────


def join(seat: Seat, *, now: datetime) -> None:
    """Give a member who is seated while the council deliberates a voice from now on."""
    circle = circle_of(seat.council)
    if circle is not None and seat.council.state == Council.State.DELIBERATING:
        circles.add_voices(circle, [seat.person_id], now=now)


def leave(seat: Seat, *, now: datetime) -> None:
    """End the voice of a member whose seat ended. What they said stays; an objection too."""
    for circle in circles_of(seat.council):
        voice = circle.voices.live(now).filter(person=seat.person_id).first()
        if voice is not None:
            circles.end_voice(voice, now=now)


def keep_in_step(council: Council, case: Case, *, now: datetime) -> None:
    """Hold a council's circles for as long as its case was and is on hold; case locked.

    By the days of the holds, not by when this is called: a hold nobody looked at in its time is
    given back all the same.
    """
    for circle in circles_of(council):
        # Nobody guides a recall: the guardian of the process may have asked for it.
        if circle.subject_kind == SUBJECT and circle.guide_id != council.process_guardian_id:
            hours = council.charter_version.charter.council_round_hours
            circles.change_guide(circle, council.process_guardian, now=now, round_hours=hours)
        _hold_with(circle, case, now=now)


def _hold_with(circle: Circle, case: Case, *, now: datetime) -> None:
    over = [hold for hold in case.times_on_hold if hold[0] >= day(circle.at)]
    for since, until in over[circle.holds_over :]:
        circle_time.hold(circle.pk, since=moment_of(since))
        circle_time.let_go_on(circle.pk, at=moment_of(until))
    if case.frozen_on is not None:
        circle_time.hold(circle.pk, since=moment_of(case.frozen_on))
    else:
        # What began and ended within one day is in no list of holds.
        circle_time.let_go_on(circle.pk, at=now, counted=False)


def close(council: Council, *, now: datetime) -> None:
    """End a council's circles with the council; case locked."""
    for circle in circles_of(council):
        proposing.close_circle(circle, now=now)


def in_circle(
    council: Council, act: Callable[..., Any], *,
    follow: Callable[[Council, Case, datetime], None], of_recall: bool = False,
) -> Callable[..., Any]:  # fmt: skip
    """Return an action of a circle, done under the case's lock, with what follows from it.

    A member can be recalled for as long as they sit: also while a placement is reviewed.
    """

    def wrapped(subject: Any, *, by: Person, now: datetime, **typed: Any) -> Any:
        with on_council(council, by=by, now=now) as (locked, case, _who):
            require(case.state == Case.State.COUNCIL or of_recall)
            keep_in_step(locked, case, now=now)
            refuse_if_any(frozen(case))
            result = act(subject, by=by, now=now, **typed)
            follow(locked, case, now)
            return result

    return wrapped
