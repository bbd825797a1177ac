"""A council's review of a placement, and the hearing of a challenge: one circle, by consent.

Nothing goes on by itself. To go on needs fresh reasons and a consent round; to be free needs
neither, because a review that adopts nothing in time lets the placement lapse.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from councils.models import Seat
from deliberation.actions import proposing
from deliberation.actions.circles import end_voice, open_circle
from deliberation.models import Proposal
from moves.core import Move, Obstacle, refuse_if_any
from moves.machine import move
from people.models import Person
from rehabilitation import rules
from rehabilitation.actions.challenging import decide_challenge, open_challenge
from rehabilitation.actions.ending import end, settle
from rehabilitation.actions.locks import Scene, frozen, on_placement
from rehabilitation.actions.news import tell_harmed
from rehabilitation.actions.placing import keep_free_on
from rehabilitation.models import Course, Placement, Review
from rehabilitation.writing import (
    council_people,
    day,
    lengths_of,
    locked_case,
    locked_placement,
    note,
    require,
    staff_of,
    tell_all,
    tell_one,
)

AIM = (
    "The least separation that keeps everybody safe: no more of it, and for no longer, than an "
    "active threat asks for."
)
OUTCOME = {
    "release": "release", "continue": "go_on", "change": "go_on_changed",
    "uphold": "uphold", "dismiss": "dismiss",
}  # fmt: skip


# ── Preparing ────────────────────────────────────────────────────────────────


def open_review_of(placement: Placement) -> Review | None:
    """Return the review under way, if one is; the hearing of a challenge is none."""
    return Review.objects.open().filter(placement=placement, challenge=None).first()


def may_prepare(placement: Placement, *, office: bool, today: date) -> bool:
    """Say whether a review could be prepared: by a steward or the guardian, one at a time."""
    return office and placement.is_placed(today) and open_review_of(placement) is None


def prepare_review(placement: Placement, *, by: Person, now: datetime, packet: str) -> Review:
    """Begin a review with the house's words for the council. The resident is asked for theirs."""
    with on_placement(placement, by=by, now=now) as scene:
        one = scene.placement
        office = scene.sight.steward or scene.sight.guards
        require(may_prepare(one, office=office, today=scene.today))
        assert one.review_on is not None
        review = Review(
            placement=one, council=one.decision.council, due_on=one.review_on, packet=packet,
            opened_at=now,
        )  # fmt: skip
        review.save(force_insert=True)
        note(one, "review_prepared", by=by, now=now, review=str(review.pk))
        tell_one(one.person, one, "say_your_word", key=f"review:{review.pk}", now=now)
        people = council_people(one.decision.council)
        tell_all(people, one, "review_prepared", key=f"review:{review.pk}", now=now)
        return review


def locked_review(review: Review, scene: Scene) -> Review:
    """Return a review of a locked placement, locked too."""
    fresh = (
        Review.objects.select_for_update(of=("self",))
        .select_related("council__charter_version", "challenge", "circle")
        .get(pk=review.pk, placement=scene.placement)
    )
    fresh.placement = scene.placement
    return fresh


def may_write_packet(review: Review, *, office: bool) -> bool:
    return office and review.state == Review.State.PREPARING


def write_packet(review: Review, *, by: Person, now: datetime, packet: str) -> Review:
    """Write the house's words anew, as long as the council has not begun."""
    with on_placement(review.placement, by=by, now=now) as scene:
        fresh = locked_review(review, scene)
        require(may_write_packet(fresh, office=scene.sight.steward or scene.sight.guards))
        fresh.packet = packet
        fresh.save(update_fields=["packet"])
        note(scene.placement, "packet_written", by=by, now=now, review=str(fresh.pk))
        return fresh


def may_say_own_word(review: Review, *, resident: bool) -> bool:
    """Say whether the resident can be heard: as often as they like, until it is over."""
    return resident and review.state in rules.OPEN_REVIEWS


def say_word_to_review(
    review: Review, *, by: Person, now: datetime, words: str, supporter: str = ""
) -> Review:
    """Say what the council should hear, and who is to be there beside one."""
    with on_placement(review.placement, by=by, now=now) as scene:
        fresh = locked_review(review, scene)
        require(may_say_own_word(fresh, resident=scene.sight.resident))
        fresh.own_word, fresh.own_word_at, fresh.supporter = words, now, supporter
        fresh.save(update_fields=["own_word", "own_word_at", "supporter"])
        note(scene.placement, "resident_heard", by=by, now=now, review=str(fresh.pk))
        return fresh


# ── The circle ───────────────────────────────────────────────────────────────


def seated(review: Review) -> list[Any]:
    """Return the ids of who sits on the council of this review now."""
    seats = Seat.objects.filter(council=review.council_id, state=Seat.State.ACCEPTED)
    return list(seats.values_list("person_id", flat=True))


def may_open_round(review: Review, *, guards: bool) -> bool:
    return guards and review.state == Review.State.PREPARING


def guards_review(review: Review, person: Person) -> bool:
    """Say whether this person guards the process of the council that looks at it."""
    return review.council.process_guardian_id == person.pk


def obstacles_to_open(review: Review, placement: Placement, today: date) -> list[Obstacle]:
    """Return why the council cannot deliberate on it yet."""
    charter = placement.case.charter_version.charter
    return frozen(placement) + rules.obstacles_to_open_review(
        packet=bool(review.packet.strip()) or review.challenge_id is not None,
        heard=review.own_word_at is not None,
        heard_by=min(day(review.opened_at) + timedelta(days=charter.warning_days), review.due_on),
        seated=len(seated(review)),
        guarded=review.council.process_guardian_id is not None,
        today=today,
    )


def hold_review(review: Review, *, by: Person, now: datetime) -> Review:
    """Begin the council's round on a review: in the room, moved on by its process guardian."""
    with on_placement(review.placement, by=by, now=now) as scene:
        fresh = locked_review(review, scene)
        require(may_open_round(fresh, guards=guards_review(fresh, by)))
        refuse_if_any(obstacles_to_open(fresh, scene.placement, scene.today))
        charter = scene.case.charter_version.charter
        fresh.circle = open_circle(
            subject_kind="review", subject_id=str(fresh.pk), aim=AIM, people=seated(fresh),
            now=now, quorum=max(rules.LEAST_OF_COUNCIL, charter.council_quorum), guide=by,
            integration_rounds=charter.integration_rounds, reference=scene.case.reference,
        )  # fmt: skip
        move(fresh, "open_round", also=["circle"])
        note(scene.placement, "review_held", by=by, now=now, review=str(fresh.pk))
        return fresh


def courses_of(review: Review) -> tuple[str, ...]:
    """Return what can be proposed: of a review, or of a challenge that is heard."""
    return rules.COURSES_OF_CHALLENGE if review.challenge_id else rules.COURSES_OF_REVIEW


def may_propose_course(review: Review, person: Person, now: datetime) -> bool:
    """Say whether this member can propose: they have a voice, and no proposal is open."""
    return (
        review.state == Review.State.DECIDING
        and review.circle is not None
        and review.circle.voices.live(now).filter(person=person).exists()
        and not review.circle.proposals.filter(outcome="").exists()
    )


def propose_course(
    review: Review, *, by: Person, now: datetime, course: str, reasons: str,
    release_on: date | None = None, next_review_on: date | None = None,
    ends_on: date | None = None,
) -> Course:  # fmt: skip
    """Propose what comes of a review. ``reasons`` are fresh: the circle decides on these words."""
    with on_placement(review.placement, by=by, now=now) as scene:
        fresh = locked_review(review, scene)
        require(may_propose_course(fresh, by, now) and course in courses_of(fresh))
        assert fresh.circle is not None
        proposal = proposing.propose(fresh.circle, by=by, now=now, text=reasons)
        made = Course.objects.create(
            review=fresh, proposal=proposal, kind=course, release_on=release_on,
            next_review_on=next_review_on, ends_on=ends_on,
        )  # fmt: skip
        note(scene.placement, "course_proposed", by=by, now=now, review=str(fresh.pk))
        proposing.begin(proposal, by=by, now=now)
        return made


# ── What comes of it ─────────────────────────────────────────────────────────


def in_round(moves: list[Move], review: Review) -> list[Move]:
    """Return a circle's moves so that each also does what its outcome asks, in one transaction."""
    return [replace(one, act=_following(one.act, review)) for one in moves]


def _following(act: Callable[..., Any], review: Review) -> Callable[..., Any]:
    def do(subject: Any, *, by: Person, now: datetime, **typed: Any) -> Any:
        with on_placement(review.placement, by=by, now=now) as scene:
            fresh = locked_review(review, scene)
            require(fresh.state == Review.State.DECIDING)
            refuse_if_any(frozen(scene.placement))
            result = act(subject, by=by, now=now, **typed)
            take_up_in(fresh, scene.placement, now=now)
            return result

    return do


def take_up_due(now: datetime) -> int:
    """Act on every course decided and not taken up yet; return how many."""
    done = 0
    waiting = Proposal.objects.for_owner("review").values_list("circle__subject_id", flat=True)
    reviews = Review.objects.filter(pk__in=list(waiting))
    for pk, placement_pk in list(reviews.values_list("pk", "placement_id")):
        with transaction.atomic():
            case = locked_case(Placement.objects.get(pk=placement_pk).case_id)
            placement = locked_placement(placement_pk, case)
            review = Review.objects.select_for_update(of=("self",)).get(pk=pk)
            review.placement = placement
            # What was agreed in time counts as of then; the days since are looked at afterwards.
            done += take_up_in(review, placement, now=now)
            settle(placement, now=now)
    return done


def take_up_in(review: Review, placement: Placement, *, now: datetime) -> int:
    """Act on the course a review's circle has decided; placement and case locked."""
    if review.circle is None:
        return 0
    done = 0
    decided = Course.objects.filter(
        review=review, proposal__taken_up_at=None, proposal__outcome__gt=""
    ).select_related("proposal__circle")
    for course in decided:
        if not proposing.take_up(course.proposal, now=now):
            continue
        done += 1
        at = course.proposal.decided_at or now
        if course.proposal.outcome == Proposal.Outcome.ADOPTED:
            _adopt(course, review, placement, now=at)
    return done


def _adopt(course: Course, review: Review, placement: Placement, *, now: datetime) -> None:
    today = day(now)
    course.adopted_on = today
    course.save(update_fields=["adopted_on"])
    if review.state != Review.State.DECIDING or not placement.is_open(today):
        # It was over by its days before the circle agreed: nothing brings it back.
        return
    review.held_on = today
    move(review, OUTCOME[course.kind], also=["held_on"])
    note(placement, f"review_{review.state}", by=None, now=now, review=str(review.pk))
    if course.kind in rules.COURSES_OF_CHALLENGE:
        reasons = course.proposal.text
        upheld = course.kind == "uphold"
        decide_challenge(placement, review, upheld=upheld, reasons=reasons, now=now)
        return
    if course.kind == "release":
        _release_on(placement, course, today, now=now)
    else:
        _go_on(placement, course, today)
        people = [placement.person, *staff_of(placement, today)]
        tell_all(people, placement, "placement_goes_on", key=f"review:{review.pk}", now=now)


def _release_on(placement: Placement, course: Course, today: date, *, now: datetime) -> None:
    """Write the day the person is free; a person harmed is told it before, as they asked."""
    charter = placement.case.charter_version.charter
    wished = course.release_on or today + timedelta(days=charter.warning_days)
    # Never later than it would have been without the council, and never before it was told.
    placement.release_on = max(today, min(wished, placement.free_on))
    keep_free_on(placement)
    placement.save(update_fields=["release_on", "free_on"])
    people = [placement.person, *staff_of(placement, today)]
    tell_all(people, placement, "release_decided", key=f"release:{placement.release_on}", now=now)
    tell_harmed(
        placement.case, "released", "news_will_be_released", now=now, on=placement.release_on,
        key=f"will-release:{placement.pk}",
    )  # fmt: skip
    if placement.release_on <= today:
        end(placement, "release_decided", on=today, by=None, now=now)


def _go_on(placement: Placement, course: Course, today: date) -> None:
    assert placement.ends_on is not None
    if course.ends_on is not None:
        # A review makes a placement shorter, never longer.
        placement.ends_on = max(today, min(course.ends_on, placement.ends_on))
    placement.review_on = rules.next_review_on(
        decided_on=today, wished=course.next_review_on, ends_on=placement.ends_on,
        lengths=lengths_of(placement), challenged=open_challenge(placement) is not None,
    )  # fmt: skip
    keep_free_on(placement)
    placement.save(update_fields=["ends_on", "review_on", "free_on"])


def may_release(placement: Placement, *, office: bool, today: date) -> bool:
    return office and placement.is_placed(today)


def obstacles_to_release(placement: Placement) -> list[Obstacle]:
    """Return why nobody is released before their time: no review has decided it."""
    if placement.release_on is None:
        return [Obstacle(code="review_missing", cleared_by="council")]
    return []


def release(placement: Placement, *, by: Person, now: datetime) -> Placement:
    """Let somebody go today whom the council has released, before the day it named."""
    with on_placement(placement, by=by, now=now) as scene:
        one = scene.placement
        office = scene.sight.steward or scene.sight.guards
        require(may_release(one, office=office, today=scene.today))
        refuse_if_any(obstacles_to_release(one))
        end(one, "release_decided", on=scene.today, by=by, now=now)
        return one


def keep_voices(now: datetime) -> int:
    """End the voices of whoever sits no more on the council of an open review; return how many."""
    ended = 0
    for review in Review.objects.open().exclude(circle=None).select_related("circle"):
        here = set(seated(review))
        assert review.circle is not None
        for voice in review.circle.voices.live(now).exclude(person__in=here):
            end_voice(voice, now=now)
            ended += 1
    return ended
