"""A placement from the council's decision to its end, and everything that may stand in its way."""

from datetime import timedelta

import pytest

from cases.models import Case
from councils.actions import forming
from journey import actions as journey
from journey import clock
from moves.core import Blocked, Hidden
from notices.models import Notice
from rehabilitation.actions import challenging, placing, reviewing
from rehabilitation.models import Placement, Review
from tests.councils.people import RULES, finish_ties, make_pool, seat_everybody
from tests.factories import make_person
from tests.rehabilitation.houses import (
    accept,
    adopt,
    make_world,
    placed,
    prepare_review,
    propose,
)

pytestmark = pytest.mark.django_db
YEAR = timedelta(days=365)


def codes(blocked: Blocked) -> list[str]:
    return [one.code for one in blocked.obstacles]


def test_a_placement_is_made_reviewed_continued_and_released() -> None:
    world = make_world()
    one = placed(world)
    assert (one.state, one.starts_on) == ("active", world.today)
    assert one.review_on == world.today + timedelta(days=30)
    assert Case.objects.get(pk=world.case.pk).state == "rehabilitation"
    later = world.now + timedelta(days=20)
    review = adopt(world, prepare_review(world, now=later), "continue", now=later)
    assert review.state == Review.State.CONTINUED
    assert world.placement.review_on == world.today + timedelta(days=50)
    later = world.now + timedelta(days=40)
    review = adopt(world, prepare_review(world, now=later), "release", now=later)
    assert review.state == Review.State.RELEASED
    free = world.today + timedelta(days=43)
    assert (world.placement.state, world.placement.release_on) == ("active", free)
    clock.run(world.now + timedelta(days=60))
    one = world.placement
    assert (one.state, one.ended_on, one.why_ended) == ("released", free, "release_decided")
    case = Case.objects.get(pk=world.case.pk)
    assert (case.state, case.state_since) == ("council", free)


def test_nobody_is_placed_without_a_yes_or_an_order() -> None:
    world = make_world()
    propose(world)
    with pytest.raises(Blocked) as refused:
        placing.place(world.placement, by=world.people["sten"], now=world.now)
    assert codes(refused.value) == ["not_accepted"]
    placing.record_order(
        world.placement, by=world.people["cole"], now=world.now, number="17/2026",
        authority="District court", until=world.today + timedelta(days=10),
    )  # fmt: skip
    placing.place(world.placement, by=world.people["sten"], now=world.now)
    clock.run(world.now + timedelta(days=40))
    one = world.placement
    assert (one.state, one.why_ended) == ("lapsed", "order_over")
    assert one.ended_on == world.today + timedelta(days=11)


def test_no_review_in_time_frees_dated_when_it_was_due_even_a_month_late() -> None:
    world = make_world()
    placed(world)
    free = world.today + timedelta(days=31)
    # By its days alone, before anything was written.
    assert not world.placement.is_placed(free)
    clock.run(world.now + timedelta(days=75))
    one = world.placement
    assert (one.state, one.ended_on, one.why_ended) == ("lapsed", free, "review_missed")
    assert one.reviews.get().state == "missed"
    assert Case.objects.get(pk=world.case.pk).state_since == free


def test_leaving_always_works_also_on_hold_and_with_an_order() -> None:
    world = make_world()
    placed(world)
    Case.objects.filter(pk=world.case.pk).update(frozen_on=world.today)
    Notice.objects.all().delete()
    challenging.leave(world.placement, by=world.people["rosa"], now=world.now + timedelta(days=2))
    one = world.placement
    assert (one.state, one.why_ended) == ("left", "left")
    told = set(Notice.objects.filter(code="resident_left").values_list("person", flat=True))
    wanted = ("sten", "iris", "pavel", "one", "two", "three", "four")
    assert told == {world.people[name].pk for name in wanted}


def test_nobody_else_can_leave_for_them() -> None:
    world = make_world()
    placed(world)
    for name in ("sten", "cole", "hana", "pavel"):
        with pytest.raises(Hidden):
            challenging.leave(world.placement, by=world.people[name], now=world.now)


def test_the_last_place_goes_to_one() -> None:
    world = make_world(places=1)
    placed(world)
    other = make_world(community=world.case.community)
    with pytest.raises(Blocked) as refused:
        propose(other)
    assert codes(refused.value) == ["no_place_free"]


def test_a_placement_that_was_over_yesterday_takes_no_place_today() -> None:
    """Without ``tick``: the days themselves say that the place is free."""
    world = make_world(places=1)
    placed(world)
    later = world.now + timedelta(days=31)
    other = make_world(community=world.case.community, now=later)
    propose(other)
    assert world.placement.state == "active"
    assert other.placement.state == "proposed"


def test_what_a_finding_lacks_is_said_by_its_code() -> None:
    for lacking, code in (
        ({"threat": " "}, "threat_finding_missing"),
        ({"alternatives": "[]"}, "alternatives_missing"),
        ({"alternatives": '[{"what": "x", "why_not": ""}]'}, "alternatives_missing"),
        ({"aims": ""}, "aims_missing"),
    ):
        world = make_world(slug=f"h-{code[:5]}", **lacking)
        with pytest.raises(Blocked) as refused:
            propose(world)
        assert code in codes(refused.value)
    world = make_world(slug="long")
    safety = world.decision.safety
    safety.ends_on = world.today + timedelta(days=91)
    safety.save()
    with pytest.raises(Blocked) as refused:
        propose(world)
    assert codes(refused.value) == ["placement_too_long"]
    safety.ends_on = world.today + timedelta(days=80)
    safety.review_on = world.today + timedelta(days=31)
    safety.save()
    with pytest.raises(Blocked) as refused:
        propose(world)
    assert codes(refused.value) == ["review_date_missing"]


def test_before_the_time_to_appeal_is_over_there_are_days_only() -> None:
    world = make_world(effective=False)
    propose(world)
    accept(world)
    with pytest.raises(Blocked) as refused:
        placing.place(world.placement, by=world.people["sten"], now=world.now)
    assert codes(refused.value) == ["challenge_open"]
    placing.place_for_days(world.placement, by=world.people["sten"], now=world.now)
    assert world.placement.interim_until == world.today + timedelta(days=7)
    clock.run(world.now + timedelta(days=30))
    one = world.placement
    assert (one.state, one.why_ended) == ("lapsed", "interim_over")
    assert one.ended_on == world.today + timedelta(days=8)


def test_a_challenge_keeps_it_to_days_and_upheld_it_frees() -> None:
    world = make_world()
    propose(world)
    accept(world)
    challenging.challenge_placement(
        world.placement, by=world.people["rosa"], now=world.now, ground="facts", words="Not so."
    )
    with pytest.raises(Blocked) as refused:
        placing.place(world.placement, by=world.people["sten"], now=world.now)
    assert codes(refused.value) == ["challenge_open"]


def test_a_panel_is_drawn_for_a_challenge_while_somebody_lives_in_the_house() -> None:
    """The case is in rehabilitation by then: its panel is drawn, seated and hears all the same."""
    world = make_world(rules=RULES)
    case, cole, now = world.case, world.people["cole"], world.now
    make_pool(case.community, 24)
    guard = make_person("Other guardian")
    case.community.memberships.create(
        person=guard, role="process_guardian", from_on=world.today, until=world.today + YEAR
    )
    placed(world)
    challenge = challenging.challenge_placement(
        world.placement, by=world.people["rosa"], now=now, ground="facts", words="Not so."
    )
    panel = challenging.form_panel(challenge, by=cole, now=now)
    assert panel.appeal_of == world.council
    finish_ties(panel, now=now)
    panel = seat_everybody(panel, cole, now=now)
    later = now + timedelta(hours=4)
    assert (panel.state, Case.objects.get(pk=case.pk).state) == ("seated", "rehabilitation")
    first = set(world.council.seats.values_list("person_id", flat=True))
    assert first.isdisjoint(panel.seats.values_list("person_id", flat=True))
    review = challenging.open_hearing(case, by=panel.process_guardian, now=later)
    reviewing.hold_review(review, by=panel.process_guardian, now=later)
    assert Review.objects.get(pk=review.pk).challenge == challenge


def test_no_council_but_a_panel_is_formed_in_rehabilitation() -> None:
    world = make_world()
    placed(world)
    with pytest.raises(Hidden):
        forming.form_council(world.case, by=world.people["cole"], now=world.now)


def test_release_waits_for_a_review() -> None:
    world = make_world()
    placed(world)
    with pytest.raises(Blocked) as refused:
        reviewing.release(world.placement, by=world.people["sten"], now=world.now)
    assert codes(refused.value) == ["review_missing"]


def test_no_case_closes_over_somebody_who_is_placed() -> None:
    world = make_world()
    placed(world)
    case = Case.objects.get(pk=world.case.pk)
    found = journey.obstacles_to_close(case, world.today)
    assert "placement_open" in [one.code for one in found]
    with pytest.raises(Blocked) as refused:
        journey.refer_elsewhere(case, by=world.people["cole"], now=world.now, reason="x")
    assert codes(refused.value) == ["placement_open"]


def test_a_decision_places_nobody_twice() -> None:
    world = make_world()
    propose(world)
    placing.decline_placement(world.placement, by=world.people["rosa"], now=world.now)
    assert Placement.objects.get().why_ended == "declined"
    with pytest.raises(Hidden):
        propose(world)
