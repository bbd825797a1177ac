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
        key = panel.astype(np.int32).tobytes()
        if key not in self._seen:
            self._seen.add(key)
            self.panels.append(panel)

    def cover(self) -> np.ndarray:
        """Find panels until everybody is in one; return which classes any panel can have.

        The class asked for outweighs all others together, so that a panel without it proves
        that there is none with it. NoPanel when there is no panel at all.
        """
        covered = np.zeros(len(self._seated), dtype=bool)
        if not len(covered):
            raise NoPanel
        for one in range(len(covered)):
            if not covered[one]:
                weights = np.where(covered, 0.0, 0.5 / self.space.pool.size)
                weights[one] = 1.0
                panel, _most = self.space.best(weights)
                covered |= panel > 0
                self.add(panel)
        return covered

    def herd(self, aim: np.ndarray, steps: int) -> None:
        """Find panels whose average comes near ``aim``, in seats by class.

        Each step asks for the classes that are furthest behind, as a share of their aim, so
        the average misses it by something like one divided by the steps.
        """
        scale = np.where(aim > 0, aim, np.inf)
        for _step in range(steps):
            self._steps += 1
            behind = (self._steps * aim - self._seated) / scale
            panel, _most = self.space.best(behind + 0.01 * self._jitter(self._steps))
            self._seated += panel
            self.add(panel)

    def add_near(self, weights: np.ndarray) -> None:
        """Find some panels that weigh much, though perhaps not most."""
        for nearness in range(NEAR):
            panel = self.space.near(weights * (0.5 + self._jitter(nearness)))
            if panel is not None:
                self.add(panel)

    def _jitter(self, step: int) -> np.ndarray:
        """Return numbers between 0 and 1 that break ties the same way every time."""
        places = np.arange(1, len(self._seated) + 1)
        return (places * GOLDEN * (step + 1)) % 1.0
