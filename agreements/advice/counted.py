"""The adviser that counts: every number it shows can be worked out again by hand."""

from collections import defaultdict
from collections.abc import Hashable, Iterable
from decimal import Decimal
from fractions import Fraction
from math import floor
from statistics import median

from agreements.advice.interface import PastCommitment, Situation, Suggested
from agreements.advice.wilson import interval
from agreements.rules import CATEGORIES, COUNTED

# What each feature weighs when it is the same, ten together, and how much makes two alike: the
# kind and the unit always, and either the size, or both other features.
WEIGHTS = {"kind": 4, "unit": 2, "size": 2, "people": 1, "young": 1}
ENOUGH = 8
# Two amounts are of one size when neither is more than so many times the other.
SAME_SIZE = 3

Past = dict[Hashable, list[PastCommitment]]


def features_alike(asked: Situation, past: PastCommitment) -> set[str]:
    """Return which features of the two are the same; see ``WEIGHTS``."""
    found = set()
    if asked.kind and asked.kind == past.kind:
        found.add("kind")
    if asked.unit == past.harm_unit:
        found.add("unit")
        if _same_size(asked.amount, past.harm_amount):
            found.add("size")
    if (asked.harmed > 1, asked.responsible > 1) == (past.harmed > 1, past.responsible > 1):
        found.add("people")
    if asked.young == past.young:
        found.add("young")
    return found


def _same_size(one: Decimal | None, other: Decimal | None) -> bool:
    if one is None or other is None:
        return one is other
    return max(one, other) <= SAME_SIZE * min(one, other)


def likeness(features: Iterable[str]) -> int:
    """Return how alike two are, from 0 to 10: the weights of what is the same."""
    return sum(WEIGHTS[one] for one in features)


def proportion_of(promises: Iterable[PastCommitment]) -> Fraction | None:
    """Return what one case promised in this form by what was lost; None where it is not counted.

    Only like is measured with like: money with money, hours with hours.
    """
    promised, lost = Fraction(0), dict[Hashable, Fraction]()
    for one in promises:
        if one.unit != one.harm_unit or one.amount is None or one.harm_amount is None:
            return None
        promised += Fraction(one.amount)
        lost[one.harm] = Fraction(one.harm_amount)
    whole = sum(lost.values())
    return promised / whole if whole else None


def round_down(exact: Fraction) -> Decimal | None:
    """Return whole units, or hundredths of one where it is less than one; None of less still."""
    if exact >= 1:
        return Decimal(floor(exact))
    return Decimal(floor(exact * 100)) / 100 or None


class Counted:
    """Counts cases alike, form by form, and shows those kept more often than not."""

    def propose(
        self, asked: Situation, past: Iterable[PastCommitment], *, smallest: int
    ) -> list[Suggested]:
        """Return the forms worth a look, in the order of the list of categories: no ranking."""
        forms: dict[tuple[str, str], Past] = defaultdict(lambda: defaultdict(list))
        for one in past:
            if likeness(features_alike(asked, one)) >= ENOUGH:
                forms[one.category, one.unit][one.case].append(one)
        order = sorted(
            (form for form in forms if form[0] in CATEGORIES),
            key=lambda form: (CATEGORIES.index(form[0]), form[1]),
        )
        found = (_suggest(asked, form, forms[form], smallest) for form in order)
        return [one for one in found if one is not None]


def _suggest(
    asked: Situation, form: tuple[str, str], cases: Past, smallest: int
) -> Suggested | None:
    """Return what this form's cases say; None where they are too few, or speak against it."""
    kept = [promises for promises in cases.values() if all(one.kept for one in promises)]
    answers = [{one.helped for one in promises} - {""} for promises in cases.values()]
    answered = [said for said in answers if said]
    helped = sum(said == {"yes"} for said in answered)
    enough_said = len(answered) >= smallest
    if len(cases) < smallest or 2 * len(kept) <= len(cases):
        return None
    if enough_said and 2 * helped <= len(answered):
        return None
    category, unit = form
    if unit in COUNTED and unit == asked.unit and asked.left == 0:
        return None
    share, measured = _median_share(kept, smallest)
    amount = _amount(asked, unit, share)
    if amount is None:
        share = None
    low, high = interval(len(kept), len(cases))
    return Suggested(
        harm=asked.harm,
        category=category,
        unit=unit,
        amount=amount,
        cases=len(cases),
        alike=_alike(asked, cases),
        kept=len(kept),
        low=round(100 * low),
        high=round(100 * high),
        helped=helped if enough_said else None,
        answered=len(answered) if enough_said else None,
        proportion=None if share is None else floor(100 * min(share, Fraction(1))),
        measured=None if share is None else measured,
        said=_said(cases) if enough_said else (),
    )


def _median_share(
    kept: Iterable[list[PastCommitment]], smallest: int
) -> tuple[Fraction | None, int]:
    """Return the median of what cases promised of what was lost, and over how many; None of few."""
    shares = (proportion_of(promises) for promises in kept)
    measured = [one for one in shares if one is not None]
    if len(measured) < smallest:
        return None, len(measured)
    return Fraction(median(measured)), len(measured)


def _amount(asked: Situation, unit: str, share: Fraction | None) -> Decimal | None:
    """Return the median share of this harm, never more than the harm or what is left of it."""
    if share is None or unit != asked.unit or asked.left is None or asked.amount is None:
        return None
    return round_down(min(share * Fraction(asked.amount), Fraction(asked.left)))


def _alike(asked: Situation, cases: Past) -> tuple[tuple[str, int], ...]:
    """Return in how many of these cases each feature is the same in every promise counted."""
    return tuple(
        (feature, count)
        for feature in WEIGHTS
        if (
            count := sum(
                all(feature in features_alike(asked, one) for one in promises)
                for promises in cases.values()
            )
        )
    )


def _said(cases: Past) -> tuple[Hashable, ...]:
    found = [one.said for promises in cases.values() for one in promises if one.said is not None]
    return tuple(sorted(found, key=str))
