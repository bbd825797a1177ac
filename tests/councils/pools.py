"""Pools to draw from, and the slow and obvious way to find the fairest lottery."""

import csv
import json
from collections.abc import Sequence
from itertools import combinations
from pathlib import Path
from typing import Any

import highspy
import numpy as np

from councils.portfolio import Person, Quota

DATA = Path(__file__).parents[1] / "data" / "draw"


def load(name: str) -> tuple[list[Person], list[Quota], int, dict[str, Any]]:
    """Return people, quotas, size and what is known of a pool in the test data."""
    with (DATA / name / "categories.csv").open(newline="") as file:
        quotas = [
            Quota(row["category"], row["feature"], int(row["min"]), int(row["max"]))
            for row in csv.DictReader(file)
        ]
    with (DATA / name / "respondents.csv").open(newline="") as file:
        people = [Person(row["id"], row, row["household"]) for row in csv.DictReader(file)]
    expected = json.loads((DATA / name / "expected.json").read_text())
    return people, quotas, expected["k"], expected


def meets(panel: Sequence[Person], quotas: Sequence[Quota], *, apart: bool = False) -> bool:
    """Say whether a panel meets every quota and, if asked, holds one of each household."""
    homes = [person.household for person in panel if person.household]
    return all(
        quota.least <= sum(quota.counts(person) for person in panel) <= quota.most
        for quota in quotas
    ) and not (apart and len(set(homes)) < len(homes))


def panels_of(
    people: Sequence[Person], quotas: Sequence[Quota], size: int, *, apart: bool = False
) -> list[tuple[Person, ...]]:
    """Return every panel there is, by trying all combinations."""
    return [panel for panel in combinations(people, size) if meets(panel, quotas, apart=apart)]


def brute_leximin(
    people: Sequence[Person], panels: Sequence[Sequence[Person]], stages: int | None = None
) -> dict[str, float]:
    """Return the chances that leximin gives, by a programme over all panels.

    A person's chance is settled once another programme shows that nobody could raise it
    without lowering those before. ``stages=1`` stops when the smallest is settled, so that the
    least value is maximin's. People in no panel have 0 and are left out of it.
    """
    can = {person.id for panel in panels for person in panel}
    matrix = np.array([[person in panel for panel in panels] for person in people], dtype=float)
    ids = [person.id for person in people]
    settled = {one: 0.0 for one in ids if one not in can}
    done = 0
    while len(settled) < len(ids) and (stages is None or done < stages):
        level = _raise(matrix, ids, settled, [one for one in ids if one not in settled])
        floors = {**settled, **{one: level for one in ids if one not in settled}}
        stuck = [
            one
            for one in ids
            if one not in settled
            and _raise(matrix, ids, {**floors, one: 0.0}, [one]) < level + 1e-6
        ]
        assert stuck, "somebody is always stuck"
        settled.update(dict.fromkeys(stuck, level))
        done += 1
    return settled


def _raise(
    matrix: np.ndarray, ids: Sequence[str], floors: dict[str, float], raised: Sequence[str]
) -> float:
    """Return how high the least chance of ``raised`` goes while others keep their floors."""
    highs = _Silent()
    highs.setOptionValue("threads", 1)  # one process has one number of threads
    empty = np.array([], dtype=np.int32)
    highs.addCol(-1.0, 0.0, 1.0, 0, empty, np.array([]))
    count = matrix.shape[1]
    for _panel in range(count):
        highs.addCol(0.0, 0.0, 1.0, 0, empty, np.array([]))
    columns = np.arange(1, count + 1, dtype=np.int32)
    highs.addRow(1.0, 1.0, count, columns, np.ones(count))
    everything = np.arange(count + 1, dtype=np.int32)
    for one, row in zip(ids, matrix, strict=True):
        if one in raised:
            highs.addRow(0.0, highspy.kHighsInf, count + 1, everything, np.array([-1.0, *row]))
        elif floors.get(one, 0.0) > 0:
            highs.addRow(floors[one] - 1e-9, highspy.kHighsInf, count, columns, row)
    highs.run()
    assert highs.getModelStatus() == highspy.HighsModelStatus.kOptimal
    return float(highs.getSolution().col_value[0])


class _Silent(highspy.Highs):
    def enableCallbacks(self) -> None:
        self.silent()
