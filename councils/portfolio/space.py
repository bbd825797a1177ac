"""HiGHS behind a few plain calls, and the panels that the rules allow."""

from collections.abc import Sequence
from dataclasses import dataclass

import highspy
import numpy as np

from councils.portfolio.pool import Pool

INFINITE = float(highspy.kHighsInf)
NONE = (
    highspy.HighsModelStatus.kInfeasible,
    highspy.HighsModelStatus.kUnboundedOrInfeasible,
)
WHOLE = 1e-6  # nearer than this to a whole number is that number


class NoPanel(Exception):
    """No panel of these people meets the quotas."""


@dataclass(frozen=True)
class Solved:
    """What a minimisation found: values by column, duals by row, and a bound on the best."""

    values: np.ndarray
    duals: np.ndarray
    objective: float
    bound: float


class _Quiet(highspy.Highs):
    """HiGHS that prints nothing: enabling callbacks, of which we use none, prints a banner."""

    def enableCallbacks(self) -> None:
        self.silent()


class Programme:
    """A linear or mixed-integer programme that is minimised, one thread, nothing random."""

    def __init__(self) -> None:
        self._highs = _Quiet()
        options: dict[str, bool | int | float | str] = {
            "threads": 1,
            "parallel": "off",
            "random_seed": 0,
            "primal_feasibility_tolerance": 1e-9,
            "dual_feasibility_tolerance": 1e-9,
            "mip_rel_gap": 1e-9,
            "mip_abs_gap": 1e-9,
        }
        for name, value in options.items():
            self._highs.setOptionValue(name, value)
        self.columns = 0
        self.rows = 0

    def add_column(
        self,
        *,
        cost: float = 0.0,
        least: float = 0.0,
        most: float = INFINITE,
        whole: bool = False,
        rows: Sequence[int] | np.ndarray = (),
        factors: Sequence[float] | np.ndarray = (),
    ) -> int:
        """Add a variable with its factors in rows that are there already; return its number."""
        self._highs.addCol(cost, least, most, len(rows), _indices(rows), _numbers(factors))
        if whole:
            self._highs.changeColIntegrality(self.columns, highspy.HighsVarType.kInteger)
        self.columns += 1
        return self.columns - 1

    def add_row(
        self,
        least: float,
        most: float,
        columns: Sequence[int] | np.ndarray = (),
        factors: Sequence[float] | np.ndarray = (),
    ) -> int:
        """Add ``least ≤ Σ factors · columns ≤ most``; return its number."""
        self._highs.addRow(least, most, len(columns), _indices(columns), _numbers(factors))
        self.rows += 1
        return self.rows - 1

    def set_costs(self, costs: np.ndarray, columns: np.ndarray | None = None) -> None:
        """Set what these columns cost, or the first ones in their order."""
        which = np.arange(len(costs)) if columns is None else columns
        self._highs.changeColsCost(len(costs), _indices(which), _numbers(costs))

    def set_column_bounds(self, column: int, least: float, most: float) -> None:
        self._highs.changeColBounds(column, least, most)

    def set_row_bounds(self, row: int, least: float, most: float) -> None:
        self._highs.changeRowBounds(row, least, most)

    def set_factor(self, row: int, column: int, factor: float) -> None:
        self._highs.changeCoeff(row, column, factor)

    def solve(self) -> Solved | None:
        """Minimise. None when nothing satisfies every row."""
        self._highs.run()
        status = self._highs.getModelStatus()
        if status not in (*NONE, highspy.HighsModelStatus.kOptimal):
            # Once more without what the last solution left behind.
            self._highs.clearSolver()
            self._highs.run()
            status = self._highs.getModelStatus()
        if status in NONE:
            return None
        if status != highspy.HighsModelStatus.kOptimal:
            raise ArithmeticError(f"HiGHS stopped: {self._highs.modelStatusToString(status)}")
        solution, info = self._highs.getSolution(), self._highs.getInfo()
        is_whole = bool(np.isfinite(info.mip_dual_bound)) and info.mip_node_count >= 0
        return Solved(
            values=np.array(solution.col_value),
            duals=np.array(solution.row_dual),
            objective=info.objective_function_value,
            bound=info.mip_dual_bound if is_whole else info.objective_function_value,
        )


def _indices(values: Sequence[int] | np.ndarray) -> np.ndarray:
    return np.asarray(values, dtype=np.int32)


def _numbers(values: Sequence[float] | np.ndarray) -> np.ndarray:
    return np.asarray(values, dtype=np.float64)


def add_panel_rules(programme: Programme, pool: Pool, *, whole: bool) -> None:
    """Add one column for each class and every rule of a panel to an empty programme."""
    for most in pool.most:
        programme.add_column(most=float(most), whole=whole)
    for row, least, greatest in zip(pool.rows, pool.least, pool.greatest, strict=True):
        columns = np.nonzero(row)[0]
        programme.add_row(least, greatest, columns, row[columns])


class Space:
    """Every panel that the rules allow, as counts of classes.

    Whoever looks for a panel of great weight first forgets that people are whole. Two times in
    three the answer is whole all the same; else a few steps make it so, or the exact search.
    """

    def __init__(self, pool: Pool) -> None:
        self.pool = pool
        self._broken, self._whole = Programme(), Programme()
        add_panel_rules(self._broken, pool, whole=False)
        add_panel_rules(self._whole, pool, whole=True)

    def best(self, weights: np.ndarray) -> tuple[np.ndarray, float]:
        """Return a panel of the greatest weight, and a bound that no panel exceeds.

        NoPanel when there is no panel at all.
        """
        scale = _scale(weights)
        for programme in (self._broken, self._whole):
            programme.set_costs(-weights / scale)
            solved = programme.solve()
            if solved is None:
                raise NoPanel
            if (panel := self._panel(solved)) is not None:
                return panel, -solved.bound * scale
        raise ArithmeticError("HiGHS found a panel that is none.")

    def good(self, weights: np.ndarray, having: int | None = None) -> np.ndarray | None:
        """Return a panel of great weight, not always the greatest; None where none came fast.

        With ``having``, a panel that has somebody of this class; NoPanel proves there is none.
        Whoever comes out divided is made whole, one class after the other, the nearest first.
        """
        self._broken.set_costs(-weights / _scale(weights))
        raised: list[int] = []
        try:
            if having is not None:
                self._raise(having, 1.0, raised)
            solved = self._broken.solve()
            if solved is None:
                raise NoPanel
            while solved is not None and (panel := self._panel(solved)) is None:
                missing = np.ceil(solved.values - WHOLE) - solved.values
                nearest = np.where(missing > WHOLE, np.round(missing, 6), np.inf)
                one = int(np.argmin(nearest))
                if nearest[one] == np.inf:
                    return None
                self._raise(one, float(np.ceil(solved.values[one])), raised)
                solved = self._broken.solve()
            return None if solved is None else panel
        finally:
            for one in raised:
                self._broken.set_column_bounds(one, 0.0, float(self.pool.most[one]))

    def _raise(self, one: int, least: float, raised: list[int]) -> None:
        self._broken.set_column_bounds(one, least, float(self.pool.most[one]))
        raised.append(one)

    def _panel(self, solved: Solved) -> np.ndarray | None:
        """Return what was solved as a panel, if it is whole."""
        panel = np.round(solved.values)
        whole = np.abs(panel - solved.values).max(initial=0.0) < WHOLE
        return panel if whole and self.pool.allows(panel) else None


def _scale(weights: np.ndarray) -> float:
    return float(np.abs(weights).max(initial=0.0)) or 1.0
