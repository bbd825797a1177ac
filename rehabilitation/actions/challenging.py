"""The person placed asks people who were not involved to look again, and may leave at any time."""

from datetime import date, datetime

from django.db import transaction

from cases.access import Standing, free_coordinators, standing
from cases.models import Case
from councils.actions import forming
from councils.models import Council
from moves.machine import move
from people.models import Person
from rehabilitation.actions.ending import end, end_stay, settle_now
from rehabilitation.actions.locks import on_placement
from rehabilitation.models import Placement, PlacementChallenge, Review
from rehabilitation.querysets import ever_placed
from rehabilitation.writing import (
    council_people,
    day,
    locked_case,
    note,
    require,
    staff_of,
    tell_all,
    tell_one,
)

READY = (Council.State.SEATED, Council.State.DELIBERATING)


def may_leave(placement: Placement, *, resident: bool) -> bool:
    """Say whether this person may leave: always, while they are placed or a guest.

    By the state alone: on hold, with an order, or on a day that has freed them already.
    """
    return resident and placement.state in ("interim", "active", "guest")


def leave(placement: Placement, *, by: Person, now: datetime) -> Placement:
    """Leave, without giving a reason. Nothing can stand in the way of it.

    The council and the house are told at once, a person harmed as they asked.
    """
    require(placement.person_id == by.pk)
    with on_placement(placement, by=by, now=now) as scene:
        one = scene.placement
        if one.state == "guest":
            end_stay(one, on=scene.today, by=by, now=now)
        elif one.state in ("interim", "active"):
            end(one, "left", on=scene.today, by=by, now=now)
        # Else its days were over already: who leaves then is free, and nothing is to be done.
        return one


def open_challenge(placement: Placement) -> PlacementChallenge | None:
    """Return the challenge that waits to be heard, if there is one."""
    return placement.challenges.filter(state="open").first()


def may_challenge(placement: Placement, *, resident: bool, challenged: bool) -> bool:
    """Say whether the person can challenge: from being proposed to the end, one at a time."""
    return resident and placement.state in ("proposed", "interim", "active") and not challenged


def challenge_placement(
    placement: Placement, *, by: Person, now: datetime, ground: str, words: str
) -> PlacementChallenge:
    """Challenge a placement. Until it is heard, it can begin or go on for the interim days only."""
    with on_placement(placement, by=by, now=now) as scene:
        one, sight = scene.placement, scene.sight
        challenged = open_challenge(one) is not None
        require(may_challenge(one, resident=sight.resident, challenged=challenged))
        made = PlacementChallenge(placement=one, ground=ground, words=words, at=now)
        made.save(force_insert=True)
        note(one, "placement_challenged", by=by, now=now, ground=ground)
        people = council_people(one.decision.council, members=False)
        people += staff_of(one, scene.today, "visitor") + coordinators_of(scene.case, scene.today)
        tell_all(people, one, "placement_challenged", key=f"challenge:{made.pk}", now=now)
        return made


def coordinators_of(case: Case, today: date) -> list[Person]:
    """Return who coordinates this case today, with no part and no tie in it."""
    free = free_coordinators(case, case.steering, today=today)
    return list(Person.objects.filter(pk__in=free).order_by("pk"))


def withdraw_challenge(
    challenge: PlacementChallenge, *, by: Person, now: datetime
) -> PlacementChallenge:
    """Take one's own challenge back."""
    with on_placement(challenge.placement, by=by, now=now) as scene:
        fresh = scene.placement.challenges.select_for_update(of=("self",)).get(pk=challenge.pk)
        require(scene.sight.resident and fresh.state == "open")
        fresh.decided_on = scene.today
        move(fresh, "withdraw", also=["decided_on"])
        for review in Review.objects.open().filter(challenge=fresh):
            review.held_on = scene.today
            move(review, "drop", also=["held_on"])
        note(scene.placement, "placement_challenge_withdrawn", by=by, now=now)
        return fresh


# ── Who hears it ─────────────────────────────────────────────────────────────


def panel_of(placement: Placement) -> Council | None:
    """Return the live council drawn to hear what is said against this decision, if there is one."""
    found = Council.objects.live().filter(appeal_of=placement.decision.council)
    return found.order_by("-formed_on", "-pk").first()


def may_form_panel(challenge: PlacementChallenge, *, coordinates: bool) -> bool:
    return (
        coordinates
        and challenge.state == "open"
        and challenge.panel_id is None
        and panel_of(challenge.placement) is None
    )


def form_panel(challenge: PlacementChallenge, *, by: Person, now: datetime) -> Council:
    """Begin the council that hears a challenge: drawn by lot, and nobody of the first one."""
    with on_placement(challenge.placement, by=by, now=now) as scene:
        fresh = scene.placement.challenges.get(pk=challenge.pk)
        fresh.placement = scene.placement
        require(may_form_panel(fresh, coordinates=scene.sight.coordinates))
        council = scene.placement.decision.council
        return forming.form_council(scene.case, by=by, now=now, appeal_of=council)


def hearings_for(case: Case, who: Standing, today: date) -> list[PlacementChallenge]:
    """Return the challenges this guardian of an appeal council could bring before it now."""
    if not who.guards_process or not ever_placed(case):
        return []
    found = PlacementChallenge.objects.filter(placement__case=case, state="open", panel=None)
    return [
        one
        for one in found.select_related("placement__decision__council")
        if one.placement.is_open(today)
        and (panel := panel_of(one.placement)) is not None
        and panel.process_guardian_id == who.person_id
        and panel.state in READY
    ]


def open_hearing(case: Case, *, by: Person, now: datetime) -> Review:
    """Bring a challenge before the council that hears it: from now on it reads the room."""
    for pk in PlacementChallenge.objects.filter(placement__case=case).values_list(
        "placement", flat=True
    ):
        settle_now(pk, now=now)
    with transaction.atomic():
        case = locked_case(case.pk)
        who = standing(by, case, today=day(now))
        waiting = hearings_for(case, who, day(now))
        require(bool(waiting))
        challenge = waiting[0]
        placement = challenge.placement
        placement.case = case
        panel = panel_of(placement)
        assert panel is not None
        challenge.panel = panel
        challenge.save(update_fields=["panel"])
        review = Review(
            placement=placement, challenge=challenge, council=panel, opened_at=now,
            due_on=placement.free_on, own_word=challenge.words, own_word_at=challenge.at,
        )  # fmt: skip
        review.save(force_insert=True)
        note(placement, "challenge_brought", by=by, now=now)
        tell_one(placement.person, placement, "challenge_brought", key=f"b:{review.pk}", now=now)
        people = council_people(panel) + staff_of(placement, day(now), "steward")
        tell_all(people, placement, "challenge_brought", key=f"b:{review.pk}", now=now)
        return review


def decide_challenge(
    placement: Placement, review: Review, *, upheld: bool, reasons: str, now: datetime
) -> None:
    """Write down what people who were not involved found; placement and case locked."""
    challenge = review.challenge
    assert challenge is not None
    challenge.decided_on, challenge.reasons = day(now), reasons
    move(challenge, "uphold" if upheld else "dismiss", also=["decided_on"])
    # Sealed words are written by save() alone.
    challenge.save(update_fields=["reasons"])
    code = "challenge_upheld" if upheld else "challenge_dismissed"
    note(placement, f"placement_{code}", by=None, now=now)
    tell_one(placement.person, placement, code, key=f"heard:{challenge.pk}", now=now)
    if upheld and placement.state in ("proposed", "interim", "active"):
        end(placement, "challenge_upheld", on=day(now), by=None, now=now)
