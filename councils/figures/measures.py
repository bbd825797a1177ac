"""How uneven something is, and which periods are shown."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

MOST_YEARS = 5


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
