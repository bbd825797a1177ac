"""Whether quotas can be met, what is in the way, the smallest repair, and what remains."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np

from councils.portfolio import NoPanel, Person, Pool, Quota, Space
from councils.portfolio.space import INFINITE, Programme, add_panel_rules
from councils.roster.problems import Problem


class Relaxation(NamedTuple):
    """One bound of one quota, as it is and as it would have to be."""

    feature: str
    value: str
    bound: Literal["min", "max"]
    was: int
    to: int


@dataclass(frozen=True)
class Infeasible:
    """Why no panel meets the quotas, and the smallest changes after which one does.

    ``relaxations`` is empty when no change of quotas helps: there are too few people, or too few
    households. They are a proposal; nothing here changes a quota.
    """

    problems: list[Problem]
    relaxations: list[Relaxation]


def infeasibility(
    people: Collection[Person],
    quotas: Sequence[Quota],
    size: int,
    *,
    one_per_household: bool = False,
) -> Infeasible | None:
    """Return what is in the way of a panel of this size; None when there is one."""
    problems = _plain_problems(people, quotas, size, one_per_household=one_per_household)
    pool = Pool(people, quotas, size, one_per_household=one_per_household)
    if not problems:
        if _has_panel(pool):
            return None
        problems = [Problem("jointly")]
    return Infeasible(problems, _smallest_repair(pool))


def feasible(
    people: Iterable[Person],
    quotas: Sequence[Quota],
    size: int,
    seated: Sequence[Person] = (),
    *,
    one_per_household: bool = False,
) -> bool:
    """Say whether ``people`` can fill the seats that ``seated`` leave, within the quotas."""
    vacant = size - len(seated)
    rest = remaining(quotas, seated)
    if vacant <= 0:
        return vacant == 0 and all(quota.least == 0 for quota in rest)
    taken = _households(seated) if one_per_household else set()
    sitting = {person.id for person in seated}
    others = [
        person
        for person in people
        if person.id not in sitting and (person.household or "") not in taken
    ]
    return _has_panel(Pool(others, rest, vacant, one_per_household=one_per_household))


def remaining(quotas: Iterable[Quota], seated: Sequence[Person]) -> list[Quota]:
    """Return what the quotas still ask once some people are seated, in their order.

    A value that is seated more often than its maximum allows has no place left: 0, not less.
    """
    rest = []
    for quota in quotas:
        have = sum(quota.counts(person) for person in seated)
        least, most = max(0, quota.least - have), max(0, quota.most - have)
        rest.append(quota._replace(least=least, most=most))
    return rest


def fits(
    person: Person,
    people: Iterable[Person],
    quotas: Sequence[Quota],
    size: int,
    seated: Sequence[Person] = (),
    *,
    one_per_household: bool = False,
) -> bool:
    """Say whether seating this person leaves the quotas reachable with the other people."""
    if any(quota.counts(person) and quota.most == 0 for quota in remaining(quotas, seated)):
        return False
    if one_per_household and (person.household or "") in _households(seated):
        return False
    sitting = [*seated, person]
    return feasible(people, quotas, size, sitting, one_per_household=one_per_household)


def first_who_fits(
    order: Iterable[Person],
    quotas: Sequence[Quota],
    size: int,
    seated: Sequence[Person] = (),
    *,
    one_per_household: bool = False,
) -> Person | None:
    """Return who is seated next: the first in this order who leaves the quotas reachable.

    The people asked about are those in the order. None when nobody fits.
    """
    people = list(order)
    return next(
        (
            person
            for person in people
            if fits(person, people, quotas, size, seated, one_per_household=one_per_household)
        ),
        None,
    )


def _households(people: Iterable[Person]) -> set[str]:
    return {person.household for person in people if person.household}


def _has_panel(pool: Pool) -> bool:
    if not pool.classes:
        return False
    try:
        Space(pool).best(np.zeros(len(pool.classes)))
    except NoPanel:
        return False
    return True


def _plain_problems(
    people: Collection[Person], quotas: Sequence[Quota], size: int, *, one_per_household: bool
) -> list[Problem]:
    """Return what can be seen without a solver: sums that do not fit, people who are not there."""
    problems = []
    if len(people) < size:
        problems.append(Problem("too_few_people", {"have": len(people), "size": size}))
    elif one_per_household:
        alone = sum(not person.household for person in people)
        homes = alone + len(_households(people))
        if homes < size:
            problems.append(Problem("too_few_households", {"have": homes, "size": size}))
    for feature in dict.fromkeys(quota.feature for quota in quotas):
        of_feature = [quota for quota in quotas if quota.feature == feature]
        values = {quota.value for quota in of_feature}
        least = sum(quota.least for quota in of_feature)
        # Whoever did not say counts toward no value, and may take a seat beside the maxima.
        unsaid = sum(person.features.get(feature) not in values for person in people)
        most = sum(quota.most for quota in of_feature) + unsaid
        params = {"feature": feature, "size": size}
        if least > size:
            problems.append(Problem("minima_above_size", {**params, "sum": least}))
        if most < size:
            code = "maxima_and_unsaid_below_size" if unsaid else "maxima_below_size"
            problems.append(Problem(code, {**params, "sum": most - unsaid, "unsaid": unsaid}))
    have = Counter(
        (feature, value) for person in people for feature, value in person.features.items()
    )
    for quota in quotas:
        count = have[quota.feature, quota.value]
        if count < quota.least:
            params = {"feature": quota.feature, "value": quota.value, "have": count}
            problems.append(Problem("too_few_with_value", {**params, "need": quota.least}))
    return problems


class _Repair:
    """The programme that gives way where it must: every bound of a quota may be moved."""

    def __init__(self, pool: Pool) -> None:
        self.pool = pool
        self.programme = Programme()
        add_panel_rules(self.programme, pool, whole=True)
        self.moves: list[int] = []  # by bound: how far it moves; min and max of each quota
        self.moved: list[int] = []  # by bound: 1 when it moves at all
        for row in range(len(pool.quotas)):
            for sign in (1.0, -1.0):
                self._add_bound(row, sign)

    def _add_bound(self, row: int, sign: float) -> None:
        """Let people be missing from a minimum (1) or too many for a maximum (-1)."""
        quota = self.pool.quotas[row]
        far = float(quota.least if sign > 0 else max(0, self.pool.size - quota.most))
        move = self.programme.add_column(most=far, whole=True)
        moved = self.programme.add_column(most=1.0, whole=True)
        columns = np.nonzero(self.pool.rows[row])[0]
        people = [1.0] * len(columns)
        least, most = (quota.least, INFINITE) if sign > 0 else (-INFINITE, quota.most)
        self.programme.set_row_bounds(row, -INFINITE, INFINITE)
        self.programme.add_row(least, most, [*columns, move], [*people, sign])
        self.programme.add_row(0.0, INFINITE, [move, moved], [-1.0, far])
        self.moves.append(move)
        self.moved.append(moved)

    def least(self, columns: list[int]) -> int | None:
        """Return the smallest sum of these columns, and hold it from now on. None if none."""
        costs = np.zeros(self.programme.columns)
        costs[columns] = 1.0
        self.programme.set_costs(costs)
        solved = self.programme.solve()
        if solved is None:
            return None
        smallest = round(solved.objective)
        self.programme.add_row(smallest, smallest, columns, [1.0] * len(columns))
        return smallest


def _smallest_repair(pool: Pool) -> list[Relaxation]:
    """Return the repair that moves bounds least in sum; of those, the fewest bounds.

    Of those again, quotas that come first in the list are kept and later ones give way, so that
    the answer is one and the same, and whoever writes the charter can say what matters most.
    """
    if not pool.classes:
        return []
    repair = _Repair(pool)
    if repair.least(repair.moves) is None:
        return []
    repair.least(repair.moved)
    found = []
    for bound, move in enumerate(repair.moves):
        by = repair.least([move]) or 0
        quota = pool.quotas[bound // 2]
        if by and bound % 2 == 0:
            found.append(Relaxation(*quota[:2], "min", quota.least, quota.least - by))
        elif by:
            found.append(Relaxation(*quota[:2], "max", quota.most, quota.most + by))
    return found
