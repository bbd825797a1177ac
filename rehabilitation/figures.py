"""Open figures of placements: numerator, denominator and period, and what must stay hidden. Pure.

A figure is left out where it, or what it leaves beside it, would count fewer than the smallest
group. A community above shows a figure only where every one below it could show its own: what is
hidden below can then not be worked out from above.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median

CODES = ("reviews", "lapsed", "released", "left", "upheld", "guests")


@dataclass(frozen=True, kw_only=True)
class PlacementFact:
    """One placement that has begun, with nothing that names anybody. Lengths are in days."""

    starts_on: date
    ended_on: date | None
    state_at_end: str = ""
    stayed_as_guest: bool = False
    reviews_held: tuple[date, ...] = ()
    reviews_missed: tuple[date, ...] = ()
    challenges_upheld: tuple[date, ...] = ()
    challenges_dismissed: tuple[date, ...] = ()


@dataclass(frozen=True)
class Place:
    """A community: its own placements, its smallest group, and the communities below it."""

    facts: tuple[PlacementFact, ...]
    smallest: int
    below: tuple["Place", ...] = ()

    @property
    def all(self) -> tuple[PlacementFact, ...]:
        """Every placement here and below."""
        return self.facts + tuple(fact for one in self.below for fact in one.all)

    @property
    def strictest(self) -> int:
        return max([self.smallest, *(one.strictest for one in self.below)])


@dataclass(frozen=True)
class Year:
    """One whole calendar year."""

    number: int

    def holds(self, day: date | None) -> bool:
        return day is not None and day.year == self.number


@dataclass(frozen=True)
class Share:
    """So many of so many; both None where the figure is hidden."""

    numerator: int | None
    denominator: int | None

    @property
    def hidden(self) -> bool:
        return self.denominator is None

    @property
    def percent(self) -> int | None:
        if self.numerator is None or not self.denominator:
            return None
        return round(100 * self.numerator / self.denominator)


@dataclass(frozen=True)
class Figures:
    """The figures of one year. ``placed`` and ``days`` are None where hidden."""

    year: int
    placed: int | None
    days: float | None
    shares: dict[str, Share]


def years(facts: Sequence[PlacementFact], today: date) -> list[Year]:
    """Return the whole years with a placement in them, the newest first; never this year."""
    begun = min((one.starts_on.year for one in facts), default=today.year)
    return [Year(number) for number in range(today.year - 1, begun - 1, -1)]


def figures(place: Place, year: Year) -> Figures:
    """Return the figures of a place in one year, with those hidden that would count too few."""
    placed = sum(year.holds(one.starts_on) for one in place.all)
    lengths = [
        (one.ended_on - one.starts_on).days
        for one in place.all
        if one.ended_on is not None and year.holds(one.ended_on)
    ]
    return Figures(
        year=year.number,
        placed=placed if _open(place, "placed", year) else None,
        days=median(lengths) if lengths and _open(place, "ended", year) else None,
        shares={code: _share(place, code, year) for code in CODES},
    )


def _share(place: Place, code: str, year: Year) -> Share:
    if not _open(place, code, year):
        return Share(None, None)
    yes, no = _cells(place.all, code, year)
    return Share(yes, yes + no)


def _open(place: Place, code: str, year: Year) -> bool:
    """Say whether a figure may be shown here, and could be of every community below."""
    cells = _cells(place.all, code, year)
    enough = all(not cell or cell >= place.strictest for cell in cells)
    return enough and all(_open(one, code, year) for one in place.below)


def _cells(facts: Sequence[PlacementFact], code: str, year: Year) -> tuple[int, int]:
    """Return (what is counted, what is left beside it)."""
    if code == "placed":
        return sum(year.holds(one.starts_on) for one in facts), 0
    if code == "reviews":
        return (
            sum(year.holds(day) for one in facts for day in one.reviews_held),
            sum(year.holds(day) for one in facts for day in one.reviews_missed),
        )
    if code == "upheld":
        return (
            sum(year.holds(day) for one in facts for day in one.challenges_upheld),
            sum(year.holds(day) for one in facts for day in one.challenges_dismissed),
        )
    ended = [one for one in facts if year.holds(one.ended_on)]
    if code == "ended":
        return len(ended), 0
    if code == "guests":
        yes = sum(one.stayed_as_guest for one in ended)
    else:
        yes = sum(one.state_at_end == code for one in ended)
    return yes, len(ended) - yes
