"""Which figures of a community may be shown, beside those of the communities below it."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from councils.figures.facts import Facts, cells_of
from councils.figures.measures import Period


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
