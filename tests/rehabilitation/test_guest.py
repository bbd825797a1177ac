"""A guest: somebody who is free, and stays by their own wish for as long as they like."""

from datetime import timedelta

import pytest

from cases.writing import day
from journey import clock
from moves.core import Hidden
from notices.models import Notice
from rehabilitation.actions import staying
from rehabilitation.reading import occupancy_of
from tests.rehabilitation.houses import make_world, placed

pytestmark = pytest.mark.django_db


def test_a_guest_stays_by_their_own_wish_stays_longer_and_leaves_when_they_like() -> None:
    world = make_world()
    placed(world)
    people = world.people
    free = world.today + timedelta(days=31)
    now = world.now + timedelta(days=40)
    clock.run(now)
    assert world.placement.state == "lapsed"
    for name in ("sten", "pavel", "cole"):
        with pytest.raises(Hidden):
            staying.stay_as_guest(world.placement, by=people[name], now=now)
    staying.stay_as_guest(world.placement, by=people["rosa"], now=now)
    one = world.placement
    assert (one.state, one.ended_on) == ("guest", free)
    first = one.guest_until
    assert first is not None
    assert occupancy_of(one.house, day(now)).words.endswith("1 with a guest, 1 free")
    later = now + timedelta(days=10)
    staying.stay_longer(world.placement, by=people["rosa"], now=later)
    assert world.placement.guest_until == first + timedelta(days=10)
    with pytest.raises(Hidden):
        staying.end_guest_stay(world.placement, by=people["sten"], now=later)
    staying.end_guest_stay(world.placement, by=people["rosa"], now=later)
    one = world.placement
    # When and why they became free is not changed by a stay.
    assert (one.state, one.ended_on, one.why_ended) == ("left", free, "review_missed")
    assert one.guest_stays.get().ended_on == day(later)
    assert Notice.objects.get(code="guest_left").person == people["sten"]


def test_a_guest_stay_ends_by_itself_dated_on_its_day() -> None:
    world = make_world()
    placed(world)
    now = world.now + timedelta(days=40)
    clock.run(now)
    staying.stay_as_guest(world.placement, by=world.people["rosa"], now=now)
    last = world.placement.guest_until
    assert last is not None
    clock.run(now + timedelta(days=200))
    assert world.placement.state == "left"
    assert world.placement.guest_stays.get().ended_on == last + timedelta(days=1)
