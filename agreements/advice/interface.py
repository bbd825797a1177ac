"""What an adviser is told, what it may answer, and nothing else: any adviser fits in here.

There is no name in it, no age, gender or address, and no earlier case of anybody: what is not
there cannot be used.
"""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from agreements.rules import COUNTED


@dataclass(frozen=True, kw_only=True)
class Situation:
    """One harm that something is to be promised for.

    ``amount`` is None for what cannot be counted; ``promised`` is what the draft answers it
    with already, in the same unit. ``harmed`` and ``responsible`` count people. ``young``: a
    person harmed was noted as under age.
    """

    harm: Hashable
    kind: str
    unit: str
    amount: Decimal | None
    promised: Decimal = Decimal(0)
    harmed: int
    responsible: int
    young: bool

    @property
    def left(self) -> Decimal | None:
        """How much of the harm nothing is promised for yet; None where nothing is counted."""
        if self.unit not in COUNTED or self.amount is None:
            return None
        return max(Decimal(0), self.amount - self.promised)


@dataclass(frozen=True, kw_only=True)
class PastCommitment:
    """One promise of a plan that was in force, in a case that is closed.

    ``case`` and ``harm`` are keys to count by, and say nothing. ``helped`` is "yes",
    "somewhat", "no", or "" where nobody said. ``said`` is the key of a sentence that somebody
    lets others read, or None.
    """

    case: Hashable
    harm: Hashable
    kind: str
    harm_unit: str
    harm_amount: Decimal | None
    harmed: int
    responsible: int
    young: bool
    category: str
    unit: str
    amount: Decimal | None
    kept: bool
    helped: str = ""
    said: Hashable | None = None


@dataclass(frozen=True, kw_only=True)
class Suggested:
    """A form a promise could take, and what it stands on.

    ``alike``: in how many of the ``cases`` each feature is the same. ``kept`` of ``cases``;
    ``low`` and ``high`` are its interval in percent. ``helped`` of ``answered`` is None where
    too few said. ``proportion``: the median of promised to lost, in percent, over
    ``measured`` cases; None where no amount is suggested. ``said``: keys of sentences.
    """

    harm: Hashable
    category: str
    unit: str
    amount: Decimal | None
    cases: int
    alike: tuple[tuple[str, int], ...]
    kept: int
    low: int
    high: int
    helped: int | None = None
    answered: int | None = None
    proportion: int | None = None
    measured: int | None = None
    said: tuple[Hashable, ...] = ()


class Adviser(Protocol):
    """Proposes forms of promises for one harm. ``smallest``: fewer cases say nothing."""

    def propose(
        self, asked: Situation, past: Iterable[PastCommitment], *, smallest: int
    ) -> list[Suggested]: ...
