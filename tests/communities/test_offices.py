"""What somebody holds on a day, by the days of their places and licences alone."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest

from communities.rules import Offices, offices_on

TODAY = date(2026, 3, 31)
YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)


@dataclass(frozen=True)
class Days:
    from_on: date = YESTERDAY
    until: date | None = TOMORROW
    recalled_on: date | None = None


@dataclass(frozen=True)
class Place(Days):
    role: str = "coordinator"
    community_id: int = 1


@pytest.mark.parametrize(
    ("place", "holds"),
    [
        (Place(), True),
        (Place(until=None), True),
        (Place(until=TODAY), True),
        (Place(from_on=TODAY), True),
        (Place(until=YESTERDAY), False),
        (Place(from_on=TOMORROW), False),
        (Place(role="member"), False),
        (Place(role="process_guardian"), False),
    ],
)
def test_a_coordinator_coordinates_from_the_first_day_through_the_last(
    place: Place, holds: bool
) -> None:
    assert offices_on(TODAY, [place], []) == Offices(frozenset({1} if holds else ()))


@pytest.mark.parametrize(
    ("licences", "gone"),
    [
        ([], False),
        ([Days()], False),
        ([Days(until=YESTERDAY)], False),  # over is not recalled: what it gave lasts its own days
        ([Days(recalled_on=TODAY)], True),
        ([Days(recalled_on=TOMORROW)], False),
        ([Days(recalled_on=YESTERDAY), Days()], False),  # held anew
        ([Days(recalled_on=YESTERDAY), Days(from_on=TOMORROW)], True),
        ([Days(recalled_on=YESTERDAY), Days(until=YESTERDAY)], True),
    ],
)
def test_a_recalled_licence_is_gone_until_there_is_a_new_one(
    licences: list[Days], gone: bool
) -> None:
    wanted = frozenset({"mediator"} if gone else ())
    assert offices_on(TODAY, [], licences).recalled == wanted


@pytest.mark.parametrize(
    ("places", "gone"),
    [
        ([Place(role="process_guardian")], False),
        ([Place(role="process_guardian", until=YESTERDAY, recalled_on=YESTERDAY)], True),
        (
            [
                Place(role="process_guardian", until=YESTERDAY, recalled_on=YESTERDAY),
                Place(role="process_guardian", community_id=2),
            ],
            False,
        ),
        ([Place(until=YESTERDAY, recalled_on=YESTERDAY)], False),  # a coordinator is no guardian
    ],
)
def test_a_recalled_guardian_is_gone_until_they_are_elected_anew(
    places: list[Place], gone: bool
) -> None:
    wanted = frozenset({"process_guardian"} if gone else ())
    assert offices_on(TODAY, places, []).recalled == wanted
