"""Recalling a member who abuses their seat: said, heard, decided by the rest, at once.

Other than a challenge, which doubts that somebody can be impartial, a recall is about what a
member does, and can be asked for as long as they sit.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext

from cases.access import Standing, require
from cases.models import Case
from cases.writing import day, record
from councils.actions import ending
from councils.actions.forming import frozen
from councils.actions.seating import replace_member
from councils.actions.sitting import guards, seat_on
from councils.actions.table import RECALL
from councils.models import Council, Recall, Seat
from councils.rules import RUNNING_RECALLS
from councils.writing import locked_case, on_council
from deliberation import rules as circle_rules
from deliberation.actions import circles, proposing
from deliberation.models import Circle, Proposal
from moves.core import Obstacle, refuse_if_any
from moves.machine import move
from notices.actions import tell
from people.models import Person


def may_ask(seat: Seat, who: Standing) -> bool:
    """Say whether this person can say that a member abuses their seat.

    A party, another member of the same council, or the guardian of its process.
    """
    council = seat.council
    concerned = (
        who.party is not None
        or seat_on(council, who.person_id) is not None
        or guards(council, who.person_id)
    )
    return concerned and seat.state == Seat.State.ACCEPTED and seat.person_id != who.person_id


def rest_of(seat: Seat) -> list[Seat]:
    """Return the rest of the council: everybody seated but the one it is about."""
    return [
        one
        for one in seat.council.seats.all()
        if one.state == Seat.State.ACCEPTED and one.pk != seat.pk
    ]


def is_running(seat: Seat) -> bool:
    """Say whether a recall of this seat is being looked at; no query where it was annotated."""
    if hasattr(seat, "recall_runs"):
        return bool(seat.recall_runs)
    return seat.recalls.filter(state__in=RUNNING_RECALLS).exists()


def obstacles_to_ask(seat: Seat, case: Case) -> list[Obstacle]:
    """Return why a recall cannot be asked for now: one is under way, or too few would decide."""
    found = frozen(case)
    if is_running(seat):
        found.append(Obstacle(code="recall_under_way", cleared_by="council"))
    if len(rest_of(seat)) < circle_rules.LEAST_VOICES:
        found.append(Obstacle(code="too_few_seated", cleared_by="coordinator"))
    return found


def ask_recall(seat: Seat, *, by: Person, now: datetime, reason: str) -> Recall:
    """Say, with a reason that the member reads, that they abuse their seat."""
    with on_council(seat.council, by=by, now=now) as (council, case, who):
        seat = _fresh(seat, council)
        require(may_ask(seat, who))
        refuse_if_any(obstacles_to_ask(seat, case))
        days = council.charter_version.charter.hearing_days
        recall = Recall.objects.create(
            seat=seat, by=by, reason=reason, at=now, word_by=day(now) + timedelta(days=days)
        )
        record(case, "recall_asked", by=None, now=now, recall=str(recall.pk))
        tell(
            seat.person, "you_are_heard_on_a_recall", case_reference=case.reference,
            key=f"recall:{recall.pk}", now=now,
        )  # fmt: skip
        return recall


def _fresh(seat: Seat, council: Council) -> Seat:
    seat = Seat.objects.select_for_update(of=("self",)).select_related("person").get(pk=seat.pk)
    seat.council = council
    return seat


def may_answer(recall: Recall, person_id: Any) -> bool:
    """Say whether this is the member it is about, who has not said their word yet."""
    return recall.state == Recall.State.ASKED and recall.seat.person_id == person_id


def answer_recall(recall: Recall, *, by: Person, now: datetime, word: str) -> Recall:
    """Say one's own word to a recall; then the rest of the council decides."""
    with on_council(recall.seat.council, by=by, now=now) as (council, case, _who):
        recall = _read(recall, council)
        require(may_answer(recall, by.pk))
        refuse_if_any(frozen(case))
        recall.word = word
        recall.save(update_fields=["word"])
        record(case, "recall_answered", by=by, now=now, recall=str(recall.pk))
        bring_before(recall, case, now=now)
        return recall


def _read(recall: Recall, council: Council) -> Recall:
    found = Recall.objects.select_for_update(of=("self",)).select_related("seat__person")
    fresh = found.get(pk=recall.pk)
    fresh.seat.council = council
    return fresh


def bring_before(recall: Recall, case: Case, *, now: datetime) -> None:
    """Put a recall before the rest of the council, who were not asked for; case locked."""
    seats = rest_of(recall.seat)
    if len(seats) < circle_rules.LEAST_VOICES:
        recall.ended_on = day(now)
        move(recall, "keep", also=["ended_on"])
        record(case, "recall_stays", by=None, now=now, recall=str(recall.pk))
        return
    charter = recall.seat.council.charter_version.charter
    circle = circles.open_circle(
        subject_kind=RECALL, subject_id=str(recall.pk), reference=case.reference,
        aim=gettext("A council whose members keep to their task, and that people can trust."),
        people=[seat.person_id for seat in seats], now=now, round_hours=charter.council_round_hours,
        quorum=len(seats) // 2 + 1, integration_rounds=charter.integration_rounds,
    )  # fmt: skip
    first = circle.voices.order_by("pk").first()
    assert first is not None
    text = gettext("The seat of the member named here ends at once.")
    proposal = proposing.bring_in(circle, first, text=text, by=first.person, now=now)
    proposing.begin(proposal, by=first.person, now=now)
    recall.proposal = proposal
    move(recall, "decide", also=["proposal"])
    record(case, "recall_before_the_council", by=None, now=now, recall=str(recall.pk))


def recall_of(circle: Circle) -> Recall | None:
    """Return the recall a circle decides on, None for another circle."""
    if circle.subject_kind != RECALL:
        return None
    return Recall.objects.filter(pk=circle.subject_id).select_related("seat__person").first()


def follow(council: Council, case: Case, now: datetime) -> int:
    """Take up what was decided about recalls in this council; case locked. Return how many."""
    decided = Proposal.objects.for_owner(RECALL)
    done = 0
    for recall in list(
        Recall.objects.filter(seat__council=council, proposal__in=decided).select_related(
            "seat__person", "proposal"
        )
    ):
        assert recall.proposal is not None
        if not proposing.take_up(recall.proposal, now=now):
            continue
        done += 1
        recall.seat.council = council
        if recall.state != Recall.State.DECIDING:
            continue
        gone = recall.proposal.outcome == "adopted"
        recall.ended_on = day(now)
        move(recall, "recall" if gone else "keep", also=["ended_on"])
        record(case, f"recall_{recall.state}", by=None, now=now, recall=str(recall.pk))
        if gone and recall.seat.state == Seat.State.ACCEPTED:
            replace_member(recall.seat, case, now=now)
            tell(
                recall.seat.person, "seat_ended", case_reference="",
                key=f"seat-ended:{recall.seat_id}", now=now,
            )  # fmt: skip
    return done


@transaction.atomic
def by_time(recall_pk: Any, *, now: datetime) -> bool:
    """Bring a recall before the rest once the member's time to say their word is over."""
    case_pk = Recall.objects.values_list("seat__council__case_id", flat=True).get(pk=recall_pk)
    case = locked_case(case_pk)
    recall = Recall.objects.select_for_update(of=("self",)).get(pk=recall_pk)
    council = Council.objects.select_for_update(of=("self",)).get(seats__recalls=recall)
    council.case = case
    recall.seat.council = council
    following = recall.word_by + timedelta(days=1)
    due = case.moved_on(following, since=day(recall.at))
    if recall.state != Recall.State.ASKED or case.frozen_on is not None or day(now) < due:
        return False
    if recall.seat.state != Seat.State.ACCEPTED:
        ending.drop_recall(recall, now=now)
        return True
    bring_before(recall, case, now=now)
    return True
