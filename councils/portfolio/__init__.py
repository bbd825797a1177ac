"""The portfolio of a draw: 1,000 panels that meet every quota and treat everybody fairly.

A *lottery* over panels is chosen so that the smallest chance of anybody is as large as it
can be (``maximin``); ``leximin`` goes on and raises the next smallest, and so on. The
lottery is then rounded to 1,000 panels, of which a beacon picks one (``councils.scheme``).

How: column generation. Panels are looked at as counts of *classes*, people whom the quotas
cannot tell apart (``pool``); panels worth having are found by small mixed-integer programmes
(``space``); a linear programme over the panels found gives the lottery, and the dual of it
the proof that no other panel would help (``lottery``). ``panels`` rounds and seats people.

The optimisation follows Flanigan, Gölz, Gupta, Hennig and Procaccia, "Fair algorithms for
selecting citizens' assemblies", Nature 596 (2021), pages 548 to 552.

The same people, quotas and size give the same portfolio in every process, whatever the order
of the people or the hash seed: everything is sorted, nothing is random, one thread works.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

from councils.portfolio.lottery import leximin, maximin
from councils.portfolio.panels import round_to_panels, seat
from councils.portfolio.pool import Person, Pool, Quota
from councils.portfolio.space import NoPanel, Space
from councils.scheme import PANELS

__all__ = ["NoPanel", "Objective", "Person", "Pool", "Portfolio", "Quota", "Space", "find"]

Objective = Literal["maximin", "leximin"]


@dataclass(frozen=True)
class Portfolio:
    """1,000 panels of ids, and how fair they are.

    ``min_chance`` is the smallest chance of the optimal lottery, before rounding: 0 when
    somebody (``never``, ids) can be in no panel at all. ``optimal`` is each person's chance
    in that lottery; in the panels it is their count divided by 1,000.
    """

    panels: tuple[tuple[str, ...], ...]
    min_chance: float
    optimal: dict[str, float]
    never: tuple[str, ...]


def find(
    people: Iterable[Person],
    quotas: Iterable[Quota],
    size: int,
    *,
    objective: Objective = "maximin",
    one_per_household: bool = False,
    progress: Callable[[float], None] | None = None,
) -> Portfolio:
    """Return the portfolio of these people. NoPanel when no panel meets the quotas.

    ``size`` is the number of seats. ``progress`` is told a share from 0 to 1, never less
    than the time before. The smallest chance is within 0.001 % of the best there is.
    """
    tell = _never_back(progress or (lambda share: None))
    pool = Pool(people, quotas, size, one_per_household=one_per_household)
    solve = {"maximin": maximin, "leximin": leximin}[objective]
    lottery = solve(Space(pool), lambda share: tell(0.95 * share))
    compositions = round_to_panels(lottery, pool, PANELS)
    panels = seat(compositions, pool)
    tell(1.0)
    chances = lottery.chances(pool)
    return Portfolio(
        panels=tuple(panels),
        min_chance=float(min(chances)),
        optimal={
            person.id: float(chance)
            for members, chance in zip(pool.classes, chances, strict=True)
            for person in members
        },
        never=tuple(
            sorted(
                person.id
                for members, reachable in zip(pool.classes, lottery.reachable, strict=True)
                if not reachable
                for person in members
            )
        ),
    )


def _never_back(tell: Callable[[float], None]) -> Callable[[float], None]:
    told = 0.0

    def forward(share: float) -> None:
        nonlocal told
        told = max(told, min(share, 1.0))
        tell(told)

    return forward
