"""HiGHS behind a few plain calls, and the panels that the rules allow."""

from collections.abc import Sequence
from dataclasses import dataclass

import highspy
import numpy as np

from councils.portfolio.pool import Pool

INFINITE = float(highspy.kHighsInf)
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
        if status in (
            highspy.HighsModelStatus.kInfeasible,
            highspy.HighsModelStatus.kUnboundedOrInfeasible,
        ):
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

    Finding the best panel for given weights first drops that people are whole. Two times in
    three the answer is whole all the same, and comes fifteen times as fast.
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
        for programme in (self._broken, self._whole):
            panel, bound = self._ask(programme, weights)
            if panel is not None:
                return panel, bound
        raise ArithmeticError("HiGHS found a panel that is none.")

    def near(self, weights: np.ndarray) -> np.ndarray | None:
        """Return a panel of the greatest weight if it is to be had fast, else None."""
        panel, _bound = self._ask(self._broken, weights)
        return panel

    def _ask(self, programme: Programme, weights: np.ndarray) -> tuple[np.ndarray | None, float]:
        scale = float(np.abs(weights).max(initial=0.0)) or 1.0
        programme.set_costs(-weights / scale)
        solved = programme.solve()
        if solved is None:
            raise NoPanel
        panel = np.round(solved.values)
        is_whole = np.abs(panel - solved.values).max() < WHOLE and self.pool.allows(panel)
        return (panel if is_whole else None), -solved.bound * scale
