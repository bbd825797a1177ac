"""What can be done to each thing of a placement: a measure, a check-in, a wish, a review."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from cases.writing import day
from deliberation import parts as rounds
from deliberation.moves import scene_now
from moves.core import Move
from people.models import Person
from rehabilitation import forms
from rehabilitation.access import Sight
from rehabilitation.actions import challenging, living, reviewing
from rehabilitation.models import (
    CheckIn,
    Incident,
    Measure,
    Placement,
    PlacementChallenge,
    Review,
    Visit,
    Wish,
)


@dataclass(frozen=True)
class Part:
    """One thing of a placement with moves of its own. ``review`` is where it is of its round."""

    part: str
    id: str
    thing: Any
    review: Review | None = None


def things_of(placement: Placement, sight: Sight) -> list[Part]:
    """Return everything of a placement this person reads, in the order of its page.

    Nothing for who does not read the room: a coordinator knows the days and no more.
    """
    if not sight.reads:
        return []
    found: list[Part] = []
    for part, things in (
        ("placement_challenge", placement.challenges.select_related("panel")),
        ("review", placement.reviews.select_related("council", "challenge", "circle")),
        ("measure", placement.measures.all()),
        ("check_in", placement.check_ins.select_related("by")),
        ("visit", placement.visits.select_related("by")),
        ("incident", placement.incidents.all()),
        ("wish", placement.wishes.select_related("answered_by")),
    ):
        for thing in things:
            thing.placement = placement
            if not isinstance(thing, Review) or _reads_review(thing, sight):
                found.append(Part(part, str(thing.pk), thing))
    return found


def _reads_review(review: Review, sight: Sight) -> bool:
    """Say whether a review is this person's to read; an appeal's council reads its hearing."""
    if review.challenge_id is None:
        return not (sight.panel and not (sight.council or sight.resident or sight.visitor))
    return sight.resident or sight.visitor or sight.panel


def moves_on_thing(part: Part, person: Person, sight: Sight, *, now: datetime) -> list[Move]:
    """Return what this person can do to one thing now."""
    thing = part.thing
    if part.review is not None:
        # Nobody's vote rests on a council: who does not take part gives their seat back.
        if part.part not in rounds.WAYS or not part.review.placement.is_open(day(now)):
            return []
        scene = scene_now(_proposal_of(part), person, now=now)
        inner = rounds.find_part(scene, part.part, part.id)
        if inner is None:
            return []
        moves = rounds.moves_on_part(inner, scene, now=now)
        return reviewing.in_round(moves, part.review)
    one = partial(Move, subject=thing, part=part.part, part_id=part.id)
    if isinstance(thing, Review):
        if not thing.placement.is_open(day(now)):
            return []
        return list(_on_review(thing, person, sight, one, now))
    if isinstance(thing, PlacementChallenge):
        if not thing.placement.is_open(day(now)):
            return []
        return list(_on_challenge(thing, sight, one))
    if isinstance(thing, Measure):
        return list(_on_measure(thing, sight, one, now))
    if isinstance(thing, Wish):
        return list(_on_wish(thing, sight, one, now))
    if isinstance(thing, Incident):
        return list(_on_incident(thing, sight, one))
    if isinstance(thing, CheckIn | Visit) and sight.resident:
        form = partial(forms.OwnWordForm, thing.own_word)
        return [one(name="say_own_word", act=living.say_own_word, form=form)]
    return []


def _proposal_of(part: Part) -> Any:
    found = rounds.proposal_behind(part.part, part.id)
    assert found is not None
    return found


def _on_review(
    review: Review, person: Person, sight: Sight, one: "partial[Move]", now: datetime
) -> Iterator[Move]:
    if reviewing.may_write_packet(review, office=sight.steward or sight.guards):
        yield one(
            name="write_packet",
            act=reviewing.write_packet,
            form=partial(forms.PacketForm, review.packet),
        )
    if reviewing.may_say_own_word(review, resident=sight.resident):
        yield one(
            name="say_word_to_review",
            act=reviewing.say_word_to_review,
            form=partial(forms.ReviewWordForm, review.own_word, review.supporter),
            main=review.own_word_at is None,
        )
    if reviewing.may_open_round(review, guards=reviewing.guards_review(review, person)):
        blocked = reviewing.obstacles_to_open(review, review.placement, day(now))
        yield one(
            name="hold_review", act=reviewing.hold_review, obstacles=blocked, main=not blocked
        )
    if reviewing.may_propose_course(review, person, now):
        yield one(
            name="propose_course",
            act=reviewing.propose_course,
            form=partial(forms.CourseForm, reviewing.courses_of(review), day(now)),
            main=True,
        )


def _on_challenge(
    challenge: PlacementChallenge, sight: Sight, one: "partial[Move]"
) -> Iterator[Move]:
    if sight.resident and challenge.state == "open":
        yield one(name="withdraw_challenge", act=challenging.withdraw_challenge, careful=True)
    if challenging.may_form_panel(challenge, coordinates=sight.coordinates):
        yield one(name="form_panel", act=challenging.form_panel, main=True)


def _on_measure(
    measure: Measure, sight: Sight, one: "partial[Move]", now: datetime
) -> Iterator[Move]:
    today = day(now)
    if living.may_answer_measure(measure, resident=sight.resident, today=today):
        form = partial(forms.OwnWordForm, measure.own_word, required=False)
        if measure.agreed is not True:
            yield one(name="agree_measure", act=living.agree_measure, form=form)
        if measure.agreed is not False:
            yield one(name="decline_measure", act=living.decline_measure, form=form)
    office = sight.steward or sight.council
    if living.may_end_measure(measure, office=office, today=today):
        yield one(name="end_measure", act=living.end_measure, careful=True)


def _on_wish(wish: Wish, sight: Sight, one: "partial[Move]", now: datetime) -> Iterator[Move]:
    if living.may_answer_wish(wish, steward=sight.steward, visitor=sight.visitor):
        yield one(name="answer_wish", act=living.answer_wish, form=forms.AnswerForm, main=True)
    if living.may_take_further(wish, resident=sight.resident, today=day(now)):
        yield one(name="take_further", act=living.take_further)


def _on_incident(incident: Incident, sight: Sight, one: "partial[Move]") -> Iterator[Move]:
    side = living.account_of(incident, resident=sight.resident, steward=sight.steward)
    if side:
        shown = getattr(incident, side)
        yield one(
            name="give_own_account",
            act=living.give_own_account,
            form=partial(forms.AccountForm, shown),
            main=not shown,
        )


def find_thing(
    placement: Placement, person: Person, sight: Sight, part: str, part_id: str
) -> Part | None:
    """Return the thing at this address, also of a review's round; None where it is hidden."""
    here = things_of(placement, sight)
    for one in here:
        if (one.part, one.id) == (part, part_id):
            return one
    if part not in rounds.WAYS:
        if part == "placement_challenge" and sight.coordinates:
            return _challenge_for_coordinator(placement, part_id)
        return None
    proposal = rounds.proposal_behind(part, part_id)
    for one in here:
        review = one.thing
        if not isinstance(review, Review) or review.circle_id is None or proposal is None:
            continue
        if proposal.circle_id == review.circle_id:
            return Part(part, part_id, None, review)
    return None


def _challenge_for_coordinator(placement: Placement, part_id: str) -> Part | None:
    """Return a challenge for who draws the council that hears it: never its words."""
    for challenge in placement.challenges.filter(state="open"):
        if str(challenge.pk) == part_id:
            challenge.placement = placement
            return Part("placement_challenge", part_id, challenge)
    return None


def challenges_for_coordinator(placement: Placement, sight: Sight) -> list[Part]:
    """Return the open challenges a coordinator draws a council for."""
    if not sight.coordinates:
        return []
    found = []
    for challenge in placement.challenges.filter(state="open"):
        challenge.placement = placement
        found.append(Part("placement_challenge", str(challenge.pk), challenge))
    return found
