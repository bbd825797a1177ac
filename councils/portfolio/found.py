"""The panels found so far, and the ways to find more."""

import numpy as np

from councils.portfolio.space import NoPanel, Space

GOLDEN = 0.6180339887498949
NEAR = 12  # how many neighbours of a wanted panel are looked for


class Found:
    """A growing list of different panels, as counts of classes."""

    def __init__(self, space: Space) -> None:
        self.space = space
        self.panels: list[np.ndarray] = []
        self._seen: set[bytes] = set()
        self._steps = 0
        self._seated = np.zeros(len(space.pool.classes))

    def add(self, panel: np.ndarray) -> None:
        """Keep a panel, unless it is here already."""
        small = panel.astype(np.int16)
        if small.tobytes() not in self._seen:
            self._seen.add(small.tobytes())
            self.panels.append(small)

    def cover(self) -> np.ndarray:
        """Find panels until everybody is in one; return which classes any panel can have.

        NoPanel when there is no panel at all.
        """
        covered = np.zeros(len(self._seated), dtype=bool)
        for one in range(len(covered)):
            if not covered[one] and (panel := self._having(one, covered)) is not None:
                covered |= panel > 0
                self.add(panel)
        if not self.panels:
            raise NoPanel
        return covered

    def _having(self, one: int, covered: np.ndarray) -> np.ndarray | None:
        """Return a panel with somebody of this class, if any has, and many who are not covered.

        The class asked for outweighs all others together, so that the best panel without it
        proves that there is none with it.
        """
        weights = np.where(covered, 0.0, 0.5 / self.space.pool.size)
        weights[one] = 1.0
        try:
            panel = self.space.good(weights, having=one)
            if panel is None:
                panel, _most = self.space.best(weights)
        except NoPanel:
            return None
        return panel

    def herd(self, aim: np.ndarray, steps: int) -> None:
        """Find panels whose average comes near ``aim``, in seats by class.

        Each step asks for the classes that are furthest behind, as a share of their aim, so
        the average misses it by something like one divided by the steps.
        """
        scale = np.where(aim > 0, aim, np.inf)
        for _step in range(steps):
            self._steps += 1
            behind = (self._steps * aim - self._seated) / scale
            weights = behind + 0.01 * self._jitter(self._steps)
            panel = self.space.good(weights)
            if panel is None:
                panel, _most = self.space.best(weights)
            self._seated += panel
            self.add(panel)

    def add_near(self, weights: np.ndarray) -> None:
        """Find some panels that weigh much, though perhaps not most."""
        for nearness in range(NEAR):
            panel = self.space.good(weights * (0.5 + self._jitter(nearness)))
            if panel is not None:
                self.add(panel)

    def _jitter(self, step: int) -> np.ndarray:
        """Return numbers between 0 and 1 that break ties the same way every time."""
        places = np.arange(1, len(self._seated) + 1)
        return (places * GOLDEN * (step + 1)) % 1.0
