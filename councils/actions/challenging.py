"""A party's doubt about one member, decided by the rest of the panel with written reasons."""

from datetime import date, datetime, timedelta

from cases.access import Standing, require, standing
from cases.models import Case
from cases.writing import day, record, tell_party
from councils import rules
from councils.actions.forming import frozen
from councils.actions.seating import replace_member
from councils.models import Challenge, ChallengeAnswer, Seat
from councils.writing import on_seat
from moves.core import Obstacle, refuse_if_any
from moves.machine import move
from notices.actions import tell
from people.models import Person


def may_challenge(seat: Seat, who: Standing) -> bool:
    """Say whether this person is a party to whose council this member belongs."""
    return who.party is not None and seat.state == Seat.State.ACCEPTED


def obstacles_to_challenge(seat: Seat, case: Case, who: Standing, today: date) -> list[Obstacle]:
    """Return why this member cannot be challenged: on hold, too late, or done already."""
    found = frozen(case)
    last = seat.challengeable_until
    if last is not None and today > last:
        found.append(Obstacle(code="challenge_too_late", cleared_by="nobody"))
    mine = who.party.pk if who.party is not None else None
    if any(one.party_id == mine for one in seat.challenges.all()):
        found.append(Obstacle(code="challenged_already", cleared_by="nobody"))
    return found


def challenge_member(seat: Seat, *, by: Person, now: datetime, reason: str) -> Challenge:
    """Say why one doubts that a member is impartial. The rest of the panel decides."""
    with on_seat(seat) as (seat, case):
        who = standing(by, case, today=day(now))
        require(who.may_see and may_challenge(seat, who))
        refuse_if_any(obstacles_to_challenge(seat, case, who, day(now)))
        assert who.party is not None
        challenge = Challenge.objects.create(seat=seat, party=who.party, reason=reason, at=now)
        record(case, "member_challenged", by=by, now=now, challenge=str(challenge.pk))
        for other in judges_of(challenge):
            tell(
                other.person, "please_decide_a_challenge", case_reference=case.reference,
                key=f"challenge:{challenge.pk}:{other.pk}", now=now,
            )  # fmt: skip
        return challenge


def judges_of(challenge: Challenge) -> list[Seat]:
    """Return the rest of the panel: everybody seated but the one it is about."""
    return [
        seat
        for seat in challenge.seat.council.seats.all()
        if seat.state == Seat.State.ACCEPTED and seat.pk != challenge.seat_id
    ]


def seat_to_answer(challenge: Challenge, person: Person) -> Seat | None:
    """Return the seat from which this person answers a challenge, None where they cannot."""
    if challenge.state != Challenge.State.OPEN:
        return None
    mine = next((one for one in judges_of(challenge) if one.person_id == person.pk), None)
    if mine is None or any(one.seat_id == mine.pk for one in challenge.answers.all()):
        return None
    return mine


def answer_challenge(
    challenge: Challenge, *, by: Person, now: datetime, uphold: bool, reason: str
) -> Challenge:
    """Say, with a reason, whether the doubt has grounds."""
    with on_seat(challenge.seat) as (seat, case):
        challenge = Challenge.objects.select_for_update().get(pk=challenge.pk)
        challenge.seat = seat
        mine = seat_to_answer(challenge, by)
        require(mine is not None)
        assert mine is not None
        refuse_if_any(frozen(case))
        ChallengeAnswer.objects.create(
            challenge=challenge, seat=mine, uphold=uphold, reason=reason, at=now
        )
        record(case, "challenge_answered", by=by, now=now, challenge=str(challenge.pk))
        _decide(challenge, case, now=now)
        return challenge


def answers_due_on(challenge: Challenge) -> date:
    """Return the last day the rest of the panel can answer, days on hold given back."""
    days = challenge.seat.council.charter_version.charter.challenge_working_days
    asked_on = day(challenge.at)
    following = rules.working_days_after(asked_on, days) + timedelta(days=1)
    case = challenge.seat.council.case
    return case.moved_on(following, since=asked_on) - timedelta(days=1)


def decide_by_time(challenge: Challenge, *, now: datetime) -> bool:
    """Uphold a challenge that the rest of the panel left unanswered past its time."""
    with on_seat(challenge.seat) as (seat, case):
        challenge = Challenge.objects.select_for_update().get(pk=challenge.pk)
        challenge.seat = seat
        over = day(now) > answers_due_on(challenge)
        if challenge.state != Challenge.State.OPEN or case.frozen_on or not over:
            return False
        _decide(challenge, case, now=now, over=True)
        return True


def _decide(challenge: Challenge, case: Case, *, now: datetime, over: bool = False) -> None:
    judges = judges_of(challenge)
    # Who has stepped aside since is no longer one of the rest, and neither is their answer.
    answers = list(challenge.answers.filter(seat__in=judges).values_list("uphold", flat=True))
    outcome = rules.challenge_outcome(answers, judges=len(judges))
    if over and not outcome:
        outcome = "upheld"
    if not outcome:
        return
    challenge.decided_on = day(now)
    move(challenge, "uphold" if outcome == "upheld" else "dismiss", also=["decided_on"])
    record(case, f"challenge_{outcome}", by=None, now=now, challenge=str(challenge.pk))
    if outcome == "upheld":
        replace_member(challenge.seat, case, now=now)
    key = f"challenge:{challenge.pk}"
    tell_party(challenge.party, f"challenge_{outcome}", case=case, now=now, key=key)
