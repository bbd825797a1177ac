"""People, quotas, and the classes of people whom the quotas cannot tell apart."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np


@dataclass(frozen=True)
class Person:
    """Somebody who may be drawn.

    ``features`` maps a feature to a value; a feature that is missing or None was not said,
    and such a person counts toward no value of it. ``household`` is None when not known.
    """

    id: str
    features: Mapping[str, str | None]
    household: str | None = None


class Quota(NamedTuple):
    """Of the seats, at least ``least`` and at most ``most`` go to people with this value."""

    feature: str
    value: str
    least: int
    most: int

    def counts(self, person: Person) -> bool:
        """Say whether this person counts toward the quota."""
        return person.features.get(self.feature) == self.value


class Pool:
    """The people of a draw by class, with the quotas as rows over classes.

    Two people are in one class when they share every feature that a quota names and, where
    only one of a household may sit, the household too. Somebody who lives alone in the pool
    has no household as far as the draw goes.

    ``classes``: tuples of Person, in a fixed order; ``count``: how many each has;
    ``most``: how many of each can sit at once; ``rows``, ``least``, ``greatest``: every rule of
    a panel as ``least ≤ rows · x ≤ greatest`` over counts of classes ``x``: the quotas in
    their order, the size, and one row for each household.
    """

    def __init__(
        self,
        people: Iterable[Person],
        quotas: Iterable[Quota],
        size: int,
        *,
        one_per_household: bool = False,
    ) -> None:
        self.people = list(people)
        self.quotas = list(quotas)
        self.size = size
        self.one_per_household = one_per_household
        if len({person.id for person in self.people}) < len(self.people):
            raise ValueError("An id stands for one person.")
        households = self._shared_households() if one_per_household else {}
        self.classes, homes = self._classes(households)
        self.count = np.array([len(members) for members in self.classes])
        self.most = np.minimum(
            [
                1 if home else min(len(members), size)
                for members, home in zip(self.classes, homes, strict=True)
            ],
            size,
        ).astype(int)
        self._make_rows(homes)

    def _shared_households(self) -> dict[str, str]:
        """Return id → household of everybody who shares one with somebody else in the pool."""
        sizes = Counter(person.household for person in self.people if person.household)
        return {
            person.id: person.household
            for person in self.people
            if person.household and sizes[person.household] > 1
        }

    def _classes(self, households: dict[str, str]) -> tuple[list[tuple[Person, ...]], list[str]]:
        # A value that no quota names is like one that was not said.
        named: dict[str, set[str]] = defaultdict(set)
        for quota in self.quotas:
            named[quota.feature].add(quota.value)
        members: dict[tuple, list[Person]] = defaultdict(list)
        for person in self.people:
            said = (person.features.get(feature) for feature in sorted(named))
            values = tuple(
                value if value in named[feature] else ""
                for feature, value in zip(sorted(named), said, strict=True)
            )
            members[(values, households.get(person.id, ""))].append(person)
        keys = sorted(members, key=repr)
        # Who comes first in a class may be in one panel of 1,000 more than who comes last,
        # so that the alphabet does not decide it.
        classes = [tuple(sorted(members[key], key=_by_digest)) for key in keys]
        return classes, [key[1] for key in keys]

    def _make_rows(self, homes: list[str]) -> None:
        shared = sorted(set(homes) - {""})
        rows = [
            [float(quota.counts(members[0])) for members in self.classes] for quota in self.quotas
        ]
        rows.append([1.0] * len(self.classes))
        rows += [[float(home == one) for home in homes] for one in shared]
        self.rows = np.array(rows).reshape(len(rows), len(self.classes))
        self.least = np.array(
            [quota.least for quota in self.quotas] + [self.size] + [0] * len(shared), dtype=float
        )
        self.greatest = np.array(
            [quota.most for quota in self.quotas] + [self.size] + [1] * len(shared), dtype=float
        )

    def allows(self, panel: np.ndarray) -> bool:
        """Say whether a panel, as counts of classes, meets every rule; exact for integers."""
        sums = self.rows @ panel
        return bool(
            np.all(panel >= 0)
            and np.all(panel <= self.most)
            and np.all(sums >= self.least)
            and np.all(sums <= self.greatest)
        )


def _by_digest(person: Person) -> tuple[bytes, str]:
    return hashlib.sha256(person.id.encode()).digest(), person.id
