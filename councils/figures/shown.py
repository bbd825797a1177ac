"""The figures themselves: shares, columns, medians and chances, with those hidden that must be."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median

from councils.figures.facts import FINEST, DrawFact
from councils.figures.measures import Period, gini, most_even
from councils.figures.places import Place
from councils.scheme import PANELS

SHARES = ("ever", "first", "declined", "upheld")


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
        """The share in whole percent; None where hidden, or where there is nothing to divide."""
        if self.numerator is None or not self.denominator:
            return None
        return round(100 * self.numerator / self.denominator)


@dataclass(frozen=True)
class Column:
    """So many of the people had so many seats in the period, or, the last column, more."""

    seats: int
    or_more: bool
    share: Share


@dataclass(frozen=True)
class Spread:
    """How evenly seats fell on the people in the hat; no columns where it is hidden.

    ``gini`` is that of the columns as they are shown, so that it tells nothing beyond them:
    who sat more often than the last column says counts as that. ``even``: the smallest it
    could be, as seats are whole.
    """

    columns: tuple[Column, ...] = ()
    gini: float = 0.0
    even: float = 0.0
    people: int | None = None

    @property
    def hidden(self) -> bool:
        return not self.columns


@dataclass(frozen=True)
class Days:
    """The median of the days from forming a council to its last yes; None where hidden."""

    median: float | None
    councils: int | None

    @property
    def hidden(self) -> bool:
        return self.councils is None


@dataclass(frozen=True)
class Chance:
    """The chances in one draw, as shares of 1.

    ``bound``: seats by people in the hat, what each would have if nothing were asked of the
    council but its size; no lottery can give everybody more. ``best``: the smallest chance
    in the lottery that was found, ``reached``: in the 1,000 panels made of it. What lies
    between bound and best is what the quotas cost whoever has the smallest chance.
    """

    drawn_on: date
    seats: int
    hat: int
    bound: float
    best: float | None
    reached: float | None

    @property
    def of_bound(self) -> int:
        """The smallest chance there was, in whole percent of the bound."""
        chance = self.best if self.reached is None else self.reached
        return 0 if chance is None else min(100, round(100 * chance / self.bound))

    @property
    def percents(self) -> tuple[float, float | None, float | None]:
        """Bound, best and reached in percent, to one place, for people."""
        best, reached = (
            None if x is None else round(100 * x, 1) for x in (self.best, self.reached)
        )
        return round(100 * self.bound, 1), best, reached


@dataclass(frozen=True)
class Rotation:
    """The figures of one place in one period; ``shares`` by code, see ``SHARES``."""

    period: Period
    spread: Spread
    shares: dict[str, Share]
    days: Days
    chances: tuple[Chance, ...]


def rotation(place: Place, period: Period) -> Rotation:
    """Return the figures of a place, with those hidden that would count too few."""
    return Rotation(
        period=period,
        spread=_spread(place, period),
        shares={code: _share(place, code, period) for code in SHARES},
        days=_days(place, period),
        chances=_chances(place, period),
    )


def _share(place: Place, code: str, period: Period) -> Share:
    if not place.open(code, period):
        return Share(None, None)
    cells = place.cells(period)[code]
    # Who ever sat did so in the period or before it.
    return Share(sum(cells[:-1]), sum(cells))


def _spread(place: Place, period: Period) -> Spread:
    top = 0
    while top < FINEST and place.open(f"seats_{top + 1}", period):
        top += 1
    if not top:
        return Spread()
    cells = place.cells(period)[f"seats_{top}"]
    # No empty columns at the end.
    while top > 1 and not cells[top]:
        top -= 1
        cells = place.cells(period)[f"seats_{top}"]
    people = sum(cells)
    amounts = [seats for seats, count in enumerate(cells) for _one in range(count)]
    return Spread(
        tuple(Column(seats, seats == top, Share(n, people)) for seats, n in enumerate(cells)),
        gini(amounts),
        most_even(sum(amounts), people),
        people,
    )


def _days(place: Place, period: Period) -> Days:
    if not place.open("councils", period):
        return Days(None, None)
    days = [
        (one.seated_on - one.formed_on).days
        for one in place.all.councils
        if period.holds(one.seated_on)
    ]
    return Days(median(days) if days else None, len(days))


def _chances(place: Place, period: Period) -> tuple[Chance, ...]:
    """Return the draws of a period whose hat held enough people, the first first."""
    draws: Sequence[DrawFact] = [one for one in place.all.draws if period.holds(one.drawn_on)]
    return tuple(
        Chance(
            drawn_on=one.drawn_on,
            seats=one.size,
            hat=one.hat,
            bound=min(1.0, one.size / one.hat),
            best=one.best,
            reached=None if one.fewest is None else one.fewest / PANELS,
        )
        for one in sorted(draws, key=lambda one: (one.drawn_on, one.size, one.hat))
        if one.hat >= place.strictest
    )
