"""From a lottery to 1,000 panels of people."""

import numpy as np

from councils.portfolio.lottery import Lottery
from councils.portfolio.pool import Pool


def round_to_panels(lottery: Lottery, pool: Pool, panels: int) -> np.ndarray:
    """Return so many panels, as counts of classes, that together stand for the lottery.

    Whole multiples of a panel's share are taken; the rest goes where it brings everybody's
    count nearest to their chance, and single panels are exchanged while that still helps.
    """
    counts = np.floor(lottery.shares * panels + 1e-9).astype(int)
    # Miss is (seats - wanted)² over people of the class: what a person misses, squared, by people.
    scaled = lottery.panels / np.sqrt(pool.count)
    wanted = panels * lottery.shares @ scaled
    # Nine digits: a tie is one on every machine, however it adds.
    products = np.round(scaled @ scaled.T, 9)
    squares = np.diag(products)
    while counts.sum() < panels:
        excess = scaled @ (counts @ scaled - wanted)
        counts[np.argmin(np.round(2 * excess + squares, 9))] += 1
    change = np.empty_like(products)
    while True:
        excess = scaled @ (counts @ scaled - wanted)
        less = np.where(counts > 0, squares - 2 * excess, np.inf)
        # [i, j]: what the miss changes by when a panel i becomes a panel j.
        np.multiply(products, -2, out=change)
        change += less[:, np.newaxis]
        change += squares + 2 * excess
        taken, given = divmod(int(np.argmin(np.round(change, 9, out=change))), len(counts))
        if change[taken, given] > -1e-6:
            return np.repeat(lottery.panels.astype(int), counts, axis=0)
        counts[taken] -= 1
        counts[given] += 1


def seat(compositions: np.ndarray, pool: Pool) -> list[tuple[str, ...]]:
    """Return the panels as sorted ids, in a fixed order.

    Those of a class take turns, so that no two of them differ by more than one panel.
    """
    turns = [0] * len(pool.classes)
    panels = []
    for composition in compositions:
        ids: list[str] = []
        for one in np.nonzero(composition)[0]:
            members = pool.classes[one]
            for _seat in range(composition[one]):
                ids.append(members[turns[one] % len(members)].id)
                turns[one] += 1
        panels.append(tuple(sorted(ids)))
    return sorted(panels)
