"""What no adviser gets past, whichever one a community chose."""

from collections.abc import Iterable
from dataclasses import replace

from agreements.advice.interface import Situation, Suggested
from agreements.rules import CATEGORIES, CommitmentFacts, HarmFacts, exceeds_harm


def guarded(found: Iterable[Suggested], asked: Situation, *, smallest: int) -> list[Suggested]:
    """Return what may be shown of this: enough cases, a known form, nothing above the harm.

    Whether people were helped, and what they said, is left out where fewer than ``smallest``
    cases said anything.
    """
    return [
        one
        if (one.answered or 0) >= smallest
        else replace(one, helped=None, answered=None, said=())
        for one in found
        if one.harm == asked.harm
        and one.category in CATEGORIES
        and one.cases >= smallest
        and not above_harm(one, asked)
    ]


def above_harm(one: Suggested, asked: Situation) -> bool:
    """Say whether the draft with this promise in it would promise more than was lost.

    An amount that cannot be compared with the harm is above it too: nobody could tell.
    """
    if one.amount is None:
        return False
    if asked.amount is None or one.unit != asked.unit or one.amount <= 0:
        return True
    harm = HarmFacts(key=asked.harm, unit=asked.unit, amount=asked.amount)
    promises = [
        CommitmentFacts(
            number=number, harm=asked.harm, what="", unit=asked.unit, amount=amount, due_on=None
        )
        for number, amount in enumerate((asked.promised, one.amount))
    ]
    return exceeds_harm(promises, [harm])
