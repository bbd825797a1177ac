"""Moving to another house: freely, with both communities' consent, and never a day longer by it."""

from datetime import timedelta

import pytest
from django.db import transaction

from cases import actions as cases
from cases.models import Case
from journey import clock
from moves.core import Blocked, Hidden
from notices.models import Notice
from records.models import Event
from rehabilitation.access import sight_of
from rehabilitation.actions import challenging, moving, news, placing
from rehabilitation.models import House, Placement
from rehabilitation.reading import occupancy_of
from tests.factories import make_person
from tests.rehabilitation.houses import (
    World,
    accept,
    another_house,
    make_world,
    placed,
    propose,
)

pytestmark = pytest.mark.django_db
DAYS = ("starts_on", "review_on", "ends_on", "latest_on", "free_on", "interim_until", "state")


def codes(world: World) -> list[str]:
    """Return why nobody moves yet."""
    with pytest.raises(Blocked) as refused:
        moving.move_house(world.placement, by=world.people["pavel"], now=world.now)
    return [one.code for one in refused.value.obstacles]


def told(code: str) -> set[object]:
    return set(Notice.objects.filter(code=code).values_list("person", flat=True))


def living_in_a_tree(**house: object) -> World:
    world = make_world()
    placed(world)
    another_house(world, **house)  # type: ignore[arg-type]
    return world


def test_a_resident_moves_with_the_consent_of_both_communities() -> None:
    world = living_in_a_tree()
    people, now = world.people, world.now
    hers = world.case.parties.get(role="harmed")
    news.choose_news(hers, by=people["hana"], now=now, what=["moved"], way="app")
    before = Placement.objects.values_list(*DAYS).get()
    moving.ask_to_move(world.placement, by=people["rosa"], now=now, house="oak")
    assert world.placement.move_until == world.today + timedelta(days=14)
    assert codes(world) == ["move_not_agreed", "place_not_offered"]
    # Each community speaks for itself alone.
    for name in ("host", "rosa", "sten", "iris", "one", "hana"):
        with pytest.raises(Hidden):
            moving.agree_to_move(world.placement, by=people[name], now=now)
    for name in ("cole", "rosa", "sten", "host_visitor"):
        with pytest.raises(Hidden):
            moving.offer_move(world.placement, by=people[name], now=now)
    moving.agree_to_move(world.placement, by=people["cole"], now=now)
    assert codes(world) == ["place_not_offered"]
    moving.offer_move(world.placement, by=people["host"], now=now)
    moving.move_house(world.placement, by=people["host"], now=now)
    one = world.placement
    assert one.house.slug == "oak"
    assert (one.moving_to, one.move_until, one.move_accepted_on) == (None, None, None)
    # Nothing lasts longer or shorter by it.
    assert Placement.objects.values_list(*DAYS).get() == before
    assert Case.objects.get(pk=world.case.pk).state == "rehabilitation"
    assert told("you_have_moved") == {people["rosa"].pk}
    wanted = {people[name].pk for name in ("sten", "iris", "host", "host_visitor", "pavel", "one")}
    assert wanted <= told("somebody_has_moved")
    assert told("news_moved") == {people["hana"].pk}
    assert Event.objects.filter(code="moved").count() == 1


def test_in_the_same_community_only_the_resident_and_the_house_matter() -> None:
    world = living_in_a_tree(abroad=False)
    moving.ask_to_move(world.placement, by=world.people["sten"], now=world.now, house="oak")
    assert codes(world) == ["move_not_accepted"]
    moving.accept_move(world.placement, by=world.people["rosa"], now=world.now)
    moving.move_house(world.placement, by=world.people["host"], now=world.now)
    assert world.placement.house.slug == "oak"


def test_nobody_says_yes_for_the_resident_and_a_guardian_only_beside_them() -> None:
    world = living_in_a_tree(abroad=False)
    people, now, guardian = world.people, world.now, make_person("Guardian")
    party = world.case.parties.get(role="responsible")
    party.minor = True
    party.save()
    cases.place_in(world.case, guardian, "guardian", today=world.today, beside=party)
    moving.ask_to_move(world.placement, by=people["pavel"], now=now, house="oak")
    for name in ("sten", "cole", "pavel", "host"):
        with pytest.raises(Hidden):
            moving.accept_move(world.placement, by=people[name], now=now)
    moving.accept_move_as_guardian(world.placement, by=guardian, now=now)
    assert codes(world) == ["move_not_accepted"]
    Placement.objects.update(move_guardian_on=None)
    moving.accept_move(world.placement, by=people["rosa"], now=now)
    assert codes(world) == ["guardian_consent_missing"]
    moving.accept_move_as_guardian(world.placement, by=guardian, now=now)
    moving.move_house(world.placement, by=people["pavel"], now=now)


def test_a_place_is_kept_after_the_yes_and_free_again_when_it_is_taken_back() -> None:
    world = living_in_a_tree(abroad=False, places=1)
    people, now = world.people, world.now
    other = make_world(community=world.case.community)
    placed(other)
    oak = House.objects.get(slug="oak")
    moving.ask_to_move(world.placement, by=people["rosa"], now=now, house="oak")
    assert placing.free_places(oak, world.today) == 0
    assert occupancy_of(oak, world.today).words == ("1 places: 1 taken, 0 with a guest, 0 free")
    with pytest.raises(Blocked) as refused:
        moving.ask_to_move(other.placement, by=other.people["rosa"], now=now, house="oak")
    assert [one.code for one in refused.value.obstacles] == ["no_place_free"]
    moving.take_back_move(world.placement, by=people["rosa"], now=now)
    assert placing.free_places(oak, world.today) == 1
    assert told("move_taken_back") >= {people["sten"].pk, people["host"].pk}
    moving.ask_to_move(other.placement, by=other.people["rosa"], now=now, house="oak")


def test_a_move_that_did_not_happen_falls_away_dated_on_its_day_even_a_month_late() -> None:
    world = living_in_a_tree()
    moving.ask_to_move(world.placement, by=world.people["rosa"], now=world.now, house="oak")
    oak, last = world.placement.moving_to, world.today + timedelta(days=14)
    assert oak is not None
    # By its days alone, before anything was written: the place is free, and nobody reads of it.
    assert not world.placement.is_moving(last + timedelta(days=1))
    assert placing.free_places(oak, last) == 1
    assert placing.free_places(oak, last + timedelta(days=1)) == 2
    host = world.people["host"]
    assert sight_of(host, world.placement, today=last).host
    assert not sight_of(host, world.placement, today=last + timedelta(days=1)).knows
    clock.run(world.now + timedelta(days=60))
    one = world.placement
    assert (one.moving_to, one.house.slug, one.why_ended) == (None, "linden", "review_missed")
    over = Event.objects.get(code="move_over")
    assert over.at.date() == last + timedelta(days=1)


def test_who_leaves_is_moved_no_more_and_leaving_works_in_the_midst_of_it() -> None:
    world = living_in_a_tree()
    moving.ask_to_move(world.placement, by=world.people["rosa"], now=world.now, house="oak")
    challenging.leave(world.placement, by=world.people["rosa"], now=world.now)
    one = world.placement
    assert (one.state, one.moving_to, one.move_until) == ("left", None, None)


def test_a_place_in_another_community_needs_its_offer_before_anybody_lives_there() -> None:
    world = make_world()
    oak = another_house(world)
    placing.propose_placement(world.case, by=world.people["cole"], now=world.now, house="oak")
    accept(world)
    with pytest.raises(Blocked) as refused:
        placing.place(world.placement, by=world.people["cole"], now=world.now)
    assert [one.code for one in refused.value.obstacles] == ["place_not_offered"]
    for name in ("cole", "sten", "rosa", "host_visitor"):
        with pytest.raises(Hidden):
            placing.offer_place(world.placement, by=world.people[name], now=world.now)
    placing.offer_place(world.placement, by=world.people["host"], now=world.now)
    placing.place(world.placement, by=world.people["host"], now=world.now)
    assert (world.placement.state, world.placement.house) == ("active", oak)


def test_a_house_of_another_tree_is_never_asked() -> None:
    world = make_world()
    make_world(slug="elm")
    with pytest.raises(Blocked), transaction.atomic():
        placing.propose_placement(world.case, by=world.people["cole"], now=world.now, house="elm")
    propose(world)
    assert world.placement.house.slug == "linden"


def test_once_a_decision_is_replaced_the_other_house_keeps_no_place_and_reads_nothing() -> None:
    """That day, before anything was written of it."""
    world = living_in_a_tree()
    host, today = world.people["host"], world.today
    moving.ask_to_move(world.placement, by=world.people["rosa"], now=world.now, house="oak")
    oak = House.objects.get(slug="oak")
    assert sight_of(host, world.placement, today=today).reads
    assert placing.taken(oak, today) == 1
    decisions = Placement.objects.get().decision.council.decisions
    decisions.update(replaced_on=today)
    assert not sight_of(host, Placement.objects.get(), today=today).reads
    assert placing.taken(oak, today) == 0
