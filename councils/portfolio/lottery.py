"""The fairest lottery over panels: maximin, then leximin.

Both begin with a *relaxation* that forgets that panels are made of whole people: a small linear
programme, whose best smallest chance no lottery can exceed. Panels are then collected that
together come as close to it as they can. Where they reach it the lottery is proven best;
where they do not, the duals of the master programme price panels until none would help.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from councils.portfolio.found import Found
from councils.portfolio.pool import Pool
from councils.portfolio.space import INFINITE, Programme, Solved, Space, add_panel_rules

GAP = 1e-5  # the smallest chance is best but for this share of itself
EXACT = 1e-8  # the same where a next stage builds on it
HELD_AT_ONCE = 16
TIGHT = 1e-4  # a dual greater than this says that nobody of the class can have more

Tell = Callable[[float], None]


@dataclass(frozen=True)
class Lottery:
    """``panels``: a panel in each row, as counts of classes; ``shares``: how likely each is.

    ``reachable`` says of each class whether any panel has somebody of it.
    """

    panels: np.ndarray
    shares: np.ndarray
    reachable: np.ndarray

    def chances(self, pool: Pool) -> np.ndarray:
        """Return the chance of one person of each class."""
        return self.shares @ self.panels / pool.count


def maximin(space: Space, tell: Tell) -> Lottery:
    """Return a lottery whose smallest chance is as large as can be, but for ``GAP``.

    Of the panels found, those lotteries are preferred whose largest chance is small. People
    who can be in no panel have the chance 0, and the smallest of the others counts.
    """
    found = Found(space)
    reachable = found.cover()
    relaxation = Relaxation(space.pool, reachable)
    master = Master(found, reachable * space.pool.count * relaxation.smallest)
    master.approach(relaxation.even(), tell)
    solved = master.even(master.best(GAP, tell))
    return master.lottery(solved, reachable)


def leximin(space: Space, tell: Tell) -> Lottery:
    """Return a lottery with the smallest chance best, then the next smallest, and so on.

    The relaxation is solved in that order first. Where whole panels reach what it gives to
    everybody, but for ``GAP``, no lottery is better; else every stage is done over panels.
    """
    found = Found(space)
    reachable = found.cover()
    relaxation = Relaxation(space.pool, reachable)
    smallest = relaxation.smallest
    aim = relaxation.leximin()
    master = Master(found, reachable * aim)
    solved = master.approach(aim, tell)
    if not master.is_reached(solved):
        solved = master.best(GAP, tell, enough=1.0)
    if not master.is_reached(solved):
        master = Master(found, reachable * space.pool.count * smallest)
        solved = master.best(EXACT, tell)
        while master.floors.fix(solved):
            solved = master.best(EXACT, tell)
    return master.lottery(solved, reachable)


class Floors:
    """A programme's rows that raise the smallest of several chances, then the next, and so on.

    A row for each class says: its chance, by the factors that the caller gives, is at least
    the floor of the class, or at least the common level while it has none.
    """

    def __init__(self, programme: Programme, reachable: np.ndarray) -> None:
        self.programme = programme
        self.level = programme.add_column(cost=-1.0)
        self.rows = {
            int(one): programme.add_row(0.0, INFINITE, [self.level], [-1.0])
            for one in np.nonzero(reachable)[0]
        }
        self.floors: dict[int, float] = {}

    def fix(self, solved: Solved) -> bool:
        """Give a floor to every class that holds the level down: it cannot have more.

        Returns whether any class is still without one.
        """
        still_open = {one: row for one, row in self.rows.items() if one not in self.floors}
        least = min(TIGHT, max(solved.duals[row] for row in still_open.values()))
        for one, row in still_open.items():
            if solved.duals[row] >= least:
                # A hair lower, so that rounding errors do not make the next stage impossible.
                self.floors[one] = float(solved.values[self.level]) * (1 - EXACT)
                self.programme.set_factor(row, self.level, 0.0)
                self.programme.set_row_bounds(row, self.floors[one], INFINITE)
        return len(self.floors) < len(self.rows)

    def hold(self, solved: Solved) -> None:
        """Keep the level that was reached, and stop raising it."""
        level = float(solved.values[self.level])
        self.programme.set_column_bounds(self.level, level * (1 - EXACT), INFINITE)
        self.programme.set_costs(np.zeros(1), np.array([self.level]))


class Relaxation:
    """The pool as if people could be divided: what no lottery can exceed, and what to aim at."""

    def __init__(self, pool: Pool, reachable: np.ndarray) -> None:
        self.pool = pool
        self.programme = Programme()
        add_panel_rules(self.programme, pool, whole=False)
        self.floors = Floors(self.programme, reachable)
        for one, row in self.floors.rows.items():
            self.programme.set_factor(row, one, 1.0 / pool.count[one])
        self._first = self._solve()
        self.smallest = float(self._first.values[self.floors.level])

    def _solve(self) -> Solved:
        solved = self.programme.solve()
        assert solved is not None, "every panel satisfies the relaxation"
        return solved

    def _seats(self, solved: Solved) -> np.ndarray:
        return solved.values[: len(self.pool.count)]

    def even(self) -> np.ndarray:
        """Return seats by class: the smallest chance best, then the largest as small as can be."""
        self.floors.hold(self._first)
        largest = self.programme.add_column(cost=1.0)
        for one in self.floors.rows:
            factors = [1.0, -1.0 / self.pool.count[one]]
            self.programme.add_row(0.0, INFINITE, [largest, one], factors)
        return self._seats(self._solve())

    def leximin(self) -> np.ndarray:
        """Return seats by class: the smallest chance best, then the next smallest, and so on."""
        solved = self._first
        while self.floors.fix(solved):
            solved = self._solve()
        return self._seats(solved)


class Master:
    """The best lottery over the panels found so far, and the search for more of them.

    ``targets``: for each class the seats in an average panel that no lottery can exceed for
    all classes at once; 0 for those that no panel can have. Levels are counted as a share of
    them, so that 1 is proven best.
    """

    def __init__(self, found: Found, targets: np.ndarray) -> None:
        self.found, self.targets = found, targets
        self.programme = Programme()
        self.floors = Floors(self.programme, targets > 0)
        self._shares = self.programme.add_row(1.0, 1.0)
        self._first = self.programme.columns
        self._taken_in = 0  # panels that have a column; pricing finds more than are solved with

    def solve(self) -> Solved:
        """Return the best lottery over the panels found."""
        for panel in self.found.panels[self._taken_in :]:
            sitting = [int(one) for one in np.nonzero(panel * self.targets)[0]]
            rows = [self.floors.rows[one] for one in sitting]
            factors = [panel[one] / self.targets[one] for one in sitting]
            self.programme.add_column(rows=[*rows, self._shares], factors=[*factors, 1.0])
            self._taken_in += 1
        return self._solve()

    def _solve(self) -> Solved:
        solved = self.programme.solve()
        assert solved is not None, "floors come from a lottery over these panels"
        return solved

    def level(self, solved: Solved) -> float:
        """Return how much of their targets every class without a floor has."""
        return float(solved.values[self.floors.level])

    def is_reached(self, solved: Solved) -> bool:
        """Say whether everybody has their target, but for ``GAP``."""
        return self.level(solved) >= 1 - GAP

    def approach(self, aim: np.ndarray, tell: Tell) -> Solved:
        """Collect panels toward ``aim`` until the targets are reached, or it stops helping."""
        solved, before = self.solve(), -1.0
        steps = max(32, len(self.targets) // 4)
        while not self.is_reached(solved) and self.level(solved) > before + GAP:
            before = self.level(solved)
            self.found.herd(aim, steps)
            solved = self.solve()
            tell(self.level(solved))
        return solved

    def best(self, gap: float, tell: Tell, *, enough: float | None = None) -> Solved:
        """Return the best lottery of all there are, but for a share ``gap`` of its level.

        With ``enough``, stop as soon as that level is reached or proven out of reach.
        """
        bound = np.inf if self.floors.floors else 1.0
        while True:
            solved, before = self.solve(), len(self.found.panels)
            level = self.level(solved)
            if level >= bound * (1 - gap):
                return solved
            bound = min(bound, self._price(solved))
            tell(level / bound)
            if level >= bound * (1 - gap) or len(self.found.panels) == before:
                return solved
            if enough is not None and bound < enough * (1 - gap):
                return solved

    def _price(self, solved: Solved) -> float:
        """Find panels that would help; return a level that no lottery exceeds.

        The bound is Lagrange's: with the duals ``y`` of the rows, which sum to 1 over classes
        without a floor, it is the most that any panel has of ``Σ y · panel / target``, less
        what the floors take of that.
        """
        weights, taken = np.zeros(len(self.targets)), 0.0
        for one, row in self.floors.rows.items():
            dual = max(0.0, float(solved.duals[row]))
            weights[one] = dual / self.targets[one]
            taken += dual * self.floors.floors.get(one, 0.0)
        raising = sum(
            max(0.0, float(solved.duals[row]))
            for one, row in self.floors.rows.items()
            if one not in self.floors.floors
        )
        panel, most = self.found.space.best(weights)
        self.found.add(panel)
        self.found.add_near(weights)
        return (most - taken) / raising

    def even(self, solved: Solved) -> Solved:
        """Return a lottery of the same level whose largest chance is as small as can be.

        Only the classes that come out largest are held down, a few more each time, until no
        other is larger. Nothing can be asked of the master afterwards.
        """
        self.floors.hold(solved)
        panels, count = self._panels(), self.found.space.pool.count
        largest = self.programme.add_column(cost=1.0)
        held = np.zeros(len(count), dtype=bool)
        limit = 0.0
        while True:
            chances = self._used(solved) @ panels / count
            over = np.nonzero((chances > limit + EXACT) & ~held)[0]
            if not len(over):
                return solved
            for one in over[np.argsort(-chances[over], kind="stable")][:HELD_AT_ONCE]:
                held[one] = True
                having = np.nonzero(panels[:, one])[0]
                factors = -panels[having, one] / count[one]
                columns = [*(having + self._first), largest]
                self.programme.add_row(0.0, INFINITE, columns, [*factors, 1.0])
            solved = self._solve()
            limit = float(solved.values[largest])

    def _panels(self) -> np.ndarray:
        return np.array(self.found.panels[: self._taken_in])

    def _used(self, solved: Solved) -> np.ndarray:
        """Return how likely each of these panels is."""
        return solved.values[self._first : self._first + self._taken_in]

    def lottery(self, solved: Solved, reachable: np.ndarray) -> Lottery:
        """Return what was solved, without the panels that it does not use."""
        shares, panels = self._used(solved), self._panels()
        used = shares > 1e-9
        return Lottery(panels[used], shares[used] / shares[used].sum(), reachable)
