"""Figures of how seats went round in a community. Pure: no Django, no clock, no database.

A figure is a numerator, a denominator and a period. It is hidden where it would count fewer
people than the charter's smallest group: itself, what is left beside it, or what a parent's
figure would leave once the figures of its communities are taken away (``Place.open``).
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from statistics import median

PANELS = 1000
MOST_YEARS = 5
# The finest columns of seats for each person: never, once, twice, three times or more.
FINEST = 3
SHARES = ("ever", "first", "declined", "upheld")


def gini(values: Iterable[int]) -> float:
    """Return the Gini coefficient of amounts of 0 or more: 0 where all are equal, always below 1.

    (2 · Σ i · xᵢ) / (n · Σ x) − (n + 1) / n with x in rising order, i from 1: C. Gini, "Variabilità
    e mutabilità" (1912), in the form of P. M. Dixon et al., Ecology 68 (1987), pages 1548 to
    1551, without their correction for small samples. 0 where there is nothing to divide.
    """
    rising = sorted(values)
    count, total = len(rising), sum(rising)
    if not total:
        return 0.0
    ranked = sum(place * value for place, value in enumerate(rising, 1))
    return (2 * ranked - (count + 1) * total) / (count * total)


def most_even(total: int, people: int) -> float:
    """Return the smallest Gini coefficient there is when so many whole seats go to so many."""
    if not people:
        return 0.0
    each, over = divmod(total, people)
    return gini([each] * (people - over) + [each + 1] * over)


# ── Periods ──────────────────────────────────────────────────────────────────


@dataclass(frozen=True, order=True)
class Period:
    """From one day through another."""

    first: date
    last: date

    def holds(self, day: date | None) -> bool:
        return day is not None and self.first <= day <= self.last


def quarter_begins(day: date) -> date:
    """Return the first day of the quarter of the year that this day is in."""
    return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)


def next_quarter(day: date) -> date:
    """Return the first day of the quarter after the one this day is in."""
    return quarter_begins(quarter_begins(day) + timedelta(days=93))


def periods(today: date, begun: date | None) -> list[Period]:
    """Return the periods to show: the last twelve months, then each whole year, newest first.

    Only whole quarters count. Who looks every day would otherwise see each single answer in
    the difference. ``begun``: the first day anything was drawn; None, or too late for a
    whole quarter, gives none.
    """
    ends = quarter_begins(today) - timedelta(days=1)
    if begun is None or begun > ends:
        return []
    opens = quarter_begins(today)
    found = [Period(opens.replace(year=opens.year - 1), ends)]
    years = range(today.year - 1, max(begun.year, today.year - MOST_YEARS) - 1, -1)
    found += [Period(date(year, 1, 1), date(year, 12, 31)) for year in years]
    return list(dict.fromkeys(found))


# ── What is known ────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class HatFact:
    """Somebody was in a hat from one day through another."""

    person: Hashable
    since: date
    until: date


@dataclass(frozen=True)
class SeatFact:
    """Somebody was drawn; ``accepted_on`` when they said yes."""

    person: Hashable
    drawn_on: date
    accepted_on: date | None = None
    declined: bool = False


@dataclass(frozen=True)
class ChallengeFact:
    """The rest of a panel decided a challenge."""

    decided_on: date
    upheld: bool


@dataclass(frozen=True)
class CouncilFact:
    """A council was formed, and every seat of it taken."""

    formed_on: date
    seated_on: date


@dataclass(frozen=True)
class DrawFact:
    """A council was drawn: so many seats, so many in the hat.

    ``best``: the smallest chance of anybody in the best lottery, before rounding, None where
    not kept. ``fewest``: of the 1,000 panels, in how many the person is who is in fewest.
    """

    drawn_on: date
    size: int
    hat: int
    best: float | None = None
    fewest: int | None = None


@dataclass(frozen=True)
class Facts:
    """What is known of one community, or of several together."""

    hats: tuple[HatFact, ...] = ()
    seats: tuple[SeatFact, ...] = ()
    challenges: tuple[ChallengeFact, ...] = ()
    councils: tuple[CouncilFact, ...] = ()
    draws: tuple[DrawFact, ...] = ()

    def __add__(self, other: "Facts") -> "Facts":
        return Facts(
            self.hats + other.hats,
            self.seats + other.seats,
            self.challenges + other.challenges,
            self.councils + other.councils,
            self.draws + other.draws,
        )

    def begun(self) -> date | None:
        """Return the day of the first draw, None where nobody was ever drawn."""
        return min((seat.drawn_on for seat in self.seats), default=None)


def _seats_of_each(facts: Facts, period: Period) -> Counter[Hashable]:
    """Return how many seats each took in a period, of everybody who was in the hat then."""
    seats: Counter[Hashable] = Counter(
        seat.person for seat in facts.seats if period.holds(seat.accepted_on)
    )
    for hat in facts.hats:
        if hat.since <= period.last and hat.until >= period.first:
            seats.setdefault(hat.person, 0)
    return seats


def cells_of(facts: Facts, period: Period) -> dict[str, tuple[int, ...]]:
    """Return the groups that each figure divides its denominator into; their sum is it.

    ``seats_n``: people by seats in the period: 0, 1 … n or more. ``ever``: who sat in the period,
    who did so only before it, who never did. ``first``: of those who sat, for whom it was the
    first time, and the others. ``declined``: of those asked, who said no or nothing, and the
    others. ``upheld``: of the challenges decided, upheld and not. ``councils``: seated.
    """
    each = _seats_of_each(facts, period)
    firsts: dict[Hashable, date] = {}
    for seat in facts.seats:
        if seat.accepted_on is not None:
            firsts[seat.person] = min(seat.accepted_on, firsts.get(seat.person, seat.accepted_on))
    sat = {person for person, seats in each.items() if seats}
    before = {person for person in each if person in firsts and firsts[person] < period.first}
    first = sum(period.holds(firsts[person]) for person in sat)
    asked = [seat for seat in facts.seats if period.holds(seat.drawn_on)]
    declined = sum(seat.declined for seat in asked)
    decided = [one for one in facts.challenges if period.holds(one.decided_on)]
    upheld = sum(one.upheld for one in decided)
    times = Counter(min(seats, FINEST) for seats in each.values())
    finest = [times[seats] for seats in range(FINEST + 1)]
    cells: dict[str, tuple[int, ...]] = {
        f"seats_{top}": (*finest[:top], sum(finest[top:])) for top in range(1, FINEST + 1)
    }
    return cells | {
        "ever": (len(sat), len(before - sat), len(each) - len(sat | before)),
        "first": (first, len(sat) - first),
        "declined": (declined, len(asked) - declined),
        "upheld": (upheld, len(decided) - upheld),
        "councils": (sum(period.holds(one.seated_on) for one in facts.councils),),
    }


# ── What may be shown ────────────────────────────────────────────────────────


def none_too_small(cells: Iterable[int], smallest: int) -> bool:
    """Say whether each group is empty or at least as large as the smallest that is shown."""
    return all(count == 0 or count >= smallest for count in cells)


@dataclass(frozen=True, eq=False)
class Place:
    """A community with what is known of it alone, and the communities below it.

    ``smallest`` is the smallest group its charter shows; a parent keeps to the largest of those
    below it.
    """

    own: Facts
    smallest: int
    below: tuple["Place", ...] = ()

    @cached_property
    def all(self) -> Facts:
        """Everything known of it and of those below it."""
        return sum((one.all for one in self.below), self.own)

    @cached_property
    def strictest(self) -> int:
        return max([self.smallest, *(one.strictest for one in self.below)])

    @cached_property
    def _open(self) -> dict[tuple[str, Period], bool]:
        return {}

    @cached_property
    def _cells(self) -> dict[Period, dict[str, tuple[int, ...]]]:
        return {}

    def cells(self, period: Period) -> dict[str, tuple[int, ...]]:
        """Return the groups of each figure of this place and those below it together."""
        if period not in self._cells:
            self._cells[period] = cells_of(self.all, period)
        return self._cells[period]

    def open(self, code: str, period: Period) -> bool:
        """Say whether a figure may be shown here.

        Neither it, nor what remains when the figures shown of those below are taken from
        it, counts a group that is too small.
        """
        key = code, period
        if key not in self._open:
            cells = self.cells(period)[code]
            if self.below and none_too_small(cells, self.strictest):
                cells = cells_of(self._unshown(code, period), period)[code]
            self._open[key] = none_too_small(cells, self.strictest)
        return self._open[key]

    def _unshown(self, code: str, period: Period) -> Facts:
        """Return what is known here and below, without the places that show this figure."""
        rest = self.own
        for one in self.below:
            if not one.open(code, period):
                rest += one._unshown(code, period)
        return rest


# ── The figures ──────────────────────────────────────────────────────────────


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
