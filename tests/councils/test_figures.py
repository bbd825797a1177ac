"""Rotation figures without a database: coefficients by hand, periods, and what stays hidden."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from councils import figures
from councils.figures import (
    ChallengeFact,
    CouncilFact,
    DrawFact,
    Facts,
    HatFact,
    Period,
    Place,
    SeatFact,
    gini,
    most_even,
)

YEAR = Period(date(2025, 1, 1), date(2025, 12, 31))
MAY = date(2025, 5, 10)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([], 0.0),
        ([0, 0, 0], 0.0),
        ([7], 0.0),
        ([2, 2, 2, 2], 0.0),
        # 2·(1·0 + 2·0 + 3·0 + 4·1) / (4·1) − 5/4
        ([0, 0, 0, 1], 0.75),
        # 2·(1·1 + 2·2 + 3·3) / (3·6) − 4/3
        ([1, 2, 3], 28 / 18 - 4 / 3),
        # 2·(3·1 + 4·3) / (4·4) − 5/4
        ([3, 0, 1, 0], 0.625),
    ],
)
def test_gini_by_hand(values: list[int], expected: float) -> None:
    assert gini(values) == pytest.approx(expected)


@given(st.lists(st.integers(0, 50), max_size=60))
def test_gini_is_from_0_to_below_1_and_knows_no_order(values: list[int]) -> None:
    found = gini(values)
    assert 0 <= found < 1
    assert gini(list(reversed(values))) == found
    assert gini([3 * value for value in values]) == pytest.approx(found)


@given(st.integers(0, 50), st.integers(1, 60))
def test_gini_of_equal_amounts_is_0(value: int, people: int) -> None:
    assert gini([value] * people) == 0


@given(st.lists(st.integers(0, 9), min_size=1, max_size=40))
def test_nothing_is_more_even_than_the_most_even(values: list[int]) -> None:
    assert most_even(sum(values), len(values)) <= gini(values) + 1e-12


def test_only_whole_quarters_and_whole_years_are_shown() -> None:
    today, begun = date(2026, 5, 20), date(2024, 7, 1)
    assert figures.periods(today, begun) == [
        Period(date(2025, 4, 1), date(2026, 3, 31)),
        Period(date(2025, 1, 1), date(2025, 12, 31)),
        Period(date(2024, 1, 1), date(2024, 12, 31)),
    ]
    assert figures.periods(date(2026, 6, 30), begun) == figures.periods(today, begun)
    # In the first quarter the last twelve months are the year before.
    assert figures.periods(date(2026, 2, 3), date(2025, 3, 3)) == [
        Period(date(2025, 1, 1), date(2025, 12, 31))
    ]
    assert figures.periods(today, date(2026, 4, 1)) == []
    assert figures.periods(today, None) == []
    assert figures.next_quarter(date(2026, 11, 30)) == date(2027, 1, 1)
    assert figures.next_quarter(date(2026, 1, 1)) == date(2026, 4, 1)


def hats(people: int, prefix: str = "") -> tuple[HatFact, ...]:
    return tuple(HatFact(f"{prefix}{n}", date(2024, 1, 1), date(2026, 1, 1)) for n in range(people))


def sat(numbers: range, *, on: date = MAY, prefix: str = "") -> tuple[SeatFact, ...]:
    return tuple(SeatFact(f"{prefix}{n}", on, on + timedelta(days=2)) for n in numbers)


def said_no(numbers: range, prefix: str = "") -> tuple[SeatFact, ...]:
    return tuple(SeatFact(f"{prefix}{n}", MAY, declined=True) for n in numbers)


def show(facts: Facts, *, smallest: int = 5) -> figures.Rotation:
    return figures.rotation(Place(facts, smallest), YEAR)


def shares(rotation: figures.Rotation) -> dict[str, tuple[int | None, int | None]]:
    return {code: (one.numerator, one.denominator) for code, one in rotation.shares.items()}


def test_figures_have_numerator_and_denominator_of_their_period() -> None:
    before = sat(range(12), on=date(2024, 5, 1))
    facts = Facts(
        hats=hats(40),
        seats=before + sat(range(6, 18)) + sat(range(30, 40), on=date(2026, 2, 1))
        + said_no(range(18, 26)),
        challenges=(ChallengeFact(MAY, True),) * 5 + (ChallengeFact(MAY, False),) * 6
        + (ChallengeFact(date(2024, 5, 1), True),) * 9,
        councils=tuple(CouncilFact(MAY, MAY + timedelta(days=n)) for n in (3, 4, 5, 9, 30)),
    )  # fmt: skip
    found = show(facts)
    assert shares(found) == {
        "ever": (18, 40),
        "first": (6, 12),
        "declined": (8, 20),
        "upheld": (5, 11),
    }
    assert [(one.share.numerator, one.share.denominator) for one in found.spread.columns] == [
        (28, 40),
        (12, 40),
    ]
    assert found.spread.gini == pytest.approx(0.7)
    assert found.spread.even == pytest.approx(0.7)
    assert (found.days.median, found.days.councils) == (5, 5)


@pytest.mark.parametrize(
    ("declined", "others", "hidden"),
    [(4, 20, True), (5, 20, False), (20, 4, True), (0, 20, False), (20, 0, False), (1, 0, True)],
)
def test_a_share_is_hidden_where_it_or_what_is_beside_it_is_too_small(
    declined: int, others: int, hidden: bool
) -> None:
    seats = said_no(range(declined)) + sat(range(declined, declined + others))
    found = show(Facts(hats=hats(60), seats=seats)).shares["declined"]
    assert found.hidden is hidden


def test_columns_that_would_count_too_few_are_put_together_and_the_gini_tells_no_more() -> None:
    facts = Facts(hats=hats(40), seats=sat(range(12)) + sat(range(2), on=date(2025, 9, 1)))
    found = show(facts).spread
    assert [(one.seats, one.or_more, one.share.numerator) for one in found.columns] == [
        (0, False, 28),
        (1, True, 12),
    ]
    assert found.gini == gini([0] * 28 + [1] * 12)
    more = Facts(hats=hats(40), seats=sat(range(12)) + sat(range(5), on=date(2025, 9, 1)))
    assert [one.share.numerator for one in show(more).spread.columns] == [28, 7, 5]
    few = Facts(hats=hats(40), seats=sat(range(3)))
    assert show(few).spread.hidden


def test_who_sat_only_before_is_not_to_be_had_by_subtraction() -> None:
    """Ever sat, less those who sat in the period, would be two people."""
    before = sat(range(20, 22), on=date(2024, 5, 1))
    found = show(Facts(hats=hats(40), seats=before + sat(range(12))))
    assert found.shares["ever"].hidden
    assert not found.spread.hidden


def test_the_median_of_few_councils_is_hidden() -> None:
    councils = tuple(CouncilFact(MAY, MAY) for _n in range(4))
    assert show(Facts(councils=councils)).days.hidden
    assert show(Facts()).days.councils == 0


def test_a_parent_hides_what_would_give_away_a_community_by_subtraction() -> None:
    large = Place(Facts(hats(40, "a"), said_no(range(8), "a") + sat(range(8, 20), prefix="a")), 5)
    small = Place(Facts(hats(40, "b"), said_no(range(2), "b") + sat(range(2, 20), prefix="b")), 5)
    assert large.open("declined", YEAR)
    assert not small.open("declined", YEAR)
    # 10 of 40 could be shown alone, but less 8 of 20 it is 2 of 20.
    assert not Place(Facts(), 5, (large, small)).open("declined", YEAR)
    other = Place(Facts(hats(40, "c"), said_no(range(3), "c") + sat(range(3, 20), prefix="c")), 5)
    # Two hidden together are 5 of 40: neither can be told.
    both = Place(Facts(), 5, (large, small, other))
    assert both.open("declined", YEAR)
    assert figures.rotation(both, YEAR).shares["declined"].numerator == 13
    # One level more changes nothing: what is below a hidden parent is still known.
    hidden = Place(Facts(), 5, (large, small))
    assert not Place(Facts(), 5, (hidden,)).open("declined", YEAR)


def test_a_parent_keeps_to_the_largest_of_the_smallest_groups() -> None:
    strict = Place(Facts(hats(40, "a"), said_no(range(8), "a") + sat(range(8, 20), prefix="a")), 9)
    assert not strict.open("declined", YEAR)
    assert not Place(Facts(), 5, (strict,)).open("declined", YEAR)


def test_chances_beside_the_best_possible() -> None:
    draws = (
        DrawFact(MAY, 5, 40, best=0.11234, fewest=112),
        DrawFact(date(2025, 2, 1), 5, 25, best=None, fewest=None),
        DrawFact(MAY, 3, 4, best=0.75, fewest=750),
        DrawFact(date(2024, 5, 1), 5, 40),
    )
    first, second = show(Facts(draws=draws)).chances
    assert (first.hat, first.bound, first.best, first.reached) == (25, 0.2, None, None)
    assert (second.bound, second.reached) == (0.125, 0.112)
    assert second.percents == (12.5, 11.2, 11.2)
    assert (first.of_bound, second.of_bound) == (0, 90)
