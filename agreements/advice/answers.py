"""How often people took a suggestion over, changed or refused it, and why: counts only."""

from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass

ANSWERS = ("taken_over", "changed", "refused")
UNANSWERED = "shown"


@dataclass(frozen=True, kw_only=True)
class AnswerFact:
    """One suggestion that was shown. ``why`` is a code; "" while nobody has answered."""

    case: Hashable
    answer: str
    why: str = ""


@dataclass(frozen=True)
class Answers:
    """How many suggestions were shown in a period, and what people made of them.

    ``shown`` is None where a figure would stand for too few cases. ``reasons``, as (answer,
    reason, how many), is empty where one of them would.
    """

    shown: int | None
    counts: tuple[tuple[str, int], ...] = ()
    reasons: tuple[tuple[str, str, int], ...] = ()


def answers(facts: Iterable[AnswerFact], *, smallest: int) -> Answers:
    """Return what may be shown of these: each group is empty or stands for enough cases.

    A case can have many suggestions, so that cases are what has to be enough, not suggestions.
    Every group counts, those not answered too: else one could be worked out from the others.
    """
    by_answer: dict[str, list[Hashable]] = defaultdict(list)
    by_reason: dict[tuple[str, str], list[Hashable]] = defaultdict(list)
    for one in facts:
        by_answer[one.answer].append(one.case)
        if one.answer != UNANSWERED:
            by_reason[one.answer, one.why].append(one.case)
    if _too_few(by_answer.values(), smallest):
        return Answers(None)
    shown = sum(len(cases) for cases in by_answer.values())
    counts = tuple((answer, len(by_answer[answer])) for answer in ANSWERS)
    if _too_few(by_reason.values(), smallest):
        return Answers(shown, counts)
    order = sorted(by_reason, key=lambda one: (ANSWERS.index(one[0]), one[1]))
    return Answers(shown, counts, tuple((*one, len(by_reason[one])) for one in order))


def _too_few(groups: Iterable[list[Hashable]], smallest: int) -> bool:
    return any(cases and len(set(cases)) < smallest for cases in groups)
