"""What an agreement needs before it is offered, and when everybody has signed. Pure."""

import hashlib
import re
from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeVar

from cases.rules import stage_frozen
from communities.charter import months_after
from moves.core import Obstacle

# The states in which a new version must wait for this one.
LIVE_STATES = ("drafting", "offered", "cooling_off", "in_force")
AGREEMENT_STATES = (*LIVE_STATES, "fulfilled", "broken", "superseded", "withdrawn", "lapsed")
# An unconfirmed promise was asked about twice by a person: not a yes, and it blocks nothing.
OPEN_COMMITMENTS = ("promised", "underway", "said_done", "disputed", "missed")
COMMITMENT_STATES = (*OPEN_COMMITMENTS, "kept", "unconfirmed", "waived")
COUNTED = ("money", "hours")
# The forms a promise can take, in the order they are listed; their words are in the model.
CATEGORIES = (
    "replace", "pay_back", "work_person", "work_community", "apology", "learn", "distance", "other",
)  # fmt: skip
# What became of a suggestion; see ``agreements.advice``.
SUGGESTION_STATES = ("shown", "taken_over", "changed", "refused")

Key = TypeVar("Key", bound=Hashable)

# Shorter than this, nobody could tell later whether it was done.
SHORTEST_WHAT = 10
ASK_AGAIN_TIMES = 2


@dataclass(frozen=True, kw_only=True)
class CommitmentFacts:
    """What the rules need to know of one promise. ``harm`` is the key of the harm it answers."""

    number: int
    harm: Hashable | None
    what: str
    unit: str
    amount: Decimal | None
    due_on: date | None
    between_sides: bool = True


@dataclass(frozen=True, kw_only=True)
class HarmFacts:
    """What somebody says was lost. ``amount`` is None for what cannot be counted."""

    key: Hashable
    unit: str
    amount: Decimal | None


def obstacles_to_offer(
    commitments: Collection[CommitmentFacts],
    harms: Collection[HarmFacts],
    proportion_reason: str,
    *,
    today: date,
    plan_months: int,
    account: str,
    frozen: bool,
) -> list[Obstacle]:
    """Return every reason an agreement may not be offered yet; empty when it may."""
    found = []
    if frozen:
        found.append(stage_frozen())
    if not account.strip():
        found.append(by_mediator("account_missing"))
    if not commitments:
        found.append(by_mediator("nothing_promised"))
    if any(is_unclear(one, today=today) for one in commitments):
        found.append(by_mediator("commitment_unclear"))
    if exceeds_harm(commitments, harms):
        found.append(by_mediator("exceeds_harm"))
    if units_differ(commitments, harms) and not proportion_reason.strip():
        found.append(by_mediator("proportion_reason_missing"))
    latest = months_after(today, plan_months)
    if any(one.due_on and one.due_on > latest for one in commitments):
        found.append(by_mediator("plan_too_long"))
    return found


def obstacles_to_promise(roles: Collection[str]) -> list[Obstacle]:
    """Return why nothing can be promised: it takes somebody on each side."""
    sides = (("harmed", "nobody_harmed"), ("responsible", "nobody_responsible"))
    return [by_mediator(code) for role, code in sides if role not in roles]


def by_mediator(code: str) -> Obstacle:
    return Obstacle(code=code, cleared_by="mediator")


def is_unclear(one: CommitmentFacts, *, today: date) -> bool:
    """Say whether somebody could later doubt if this was done: what, how much, when, for whom."""
    return (
        len(one.what.strip()) < SHORTEST_WHAT
        or one.due_on is None
        or one.due_on < today
        or (one.unit in COUNTED and one.amount is None)
        or not one.between_sides
    )


def exceeds_harm(commitments: Iterable[CommitmentFacts], harms: Collection[HarmFacts]) -> bool:
    """Say whether more is promised for a harm than was lost, like with like.

    Money is added up against money, hours against hours, harm by harm.
    """
    measure = {one.key: one for one in harms}
    promised: dict[Hashable, Decimal] = defaultdict(Decimal)
    for one in commitments:
        harm = measure.get(one.harm)
        if harm is not None and harm.unit == one.unit and one.amount is not None:
            promised[one.harm] += one.amount
    lost = {one.key: one.amount for one in harms if one.amount is not None}
    return any(key in lost and total > lost[key] for key, total in promised.items())


def units_differ(commitments: Iterable[CommitmentFacts], harms: Iterable[HarmFacts]) -> bool:
    """Say whether something counted is promised for a harm not counted in the same unit.

    An act, such as an apology, is not more or less than anything: it needs no reason.
    """
    units = {one.key: one.unit for one in harms}
    return any(one.unit in COUNTED and units.get(one.harm) != one.unit for one in commitments)


def signatures_needed(parties: Iterable[tuple[Key, bool]]) -> set[tuple[Key, bool]]:
    """Return who has to sign, as (party, for a minor).

    ``parties`` are (party, is a minor): a minor signs, and a guardian beside them.
    """
    needed: set[tuple[Key, bool]] = set()
    for party, minor in parties:
        needed.add((party, False))
        if minor:
            needed.add((party, True))
    return needed


def everybody_signed(
    parties: Iterable[tuple[Key, bool]], signed: Collection[tuple[Key, bool]]
) -> bool:
    """Say whether no signature is missing any more."""
    return signatures_needed(parties) <= set(signed)


def names_one_of(text: str, names: Iterable[str]) -> bool:
    """Say whether a word of one of these names stands in a text, upper and lower case alike."""
    words = set(re.findall(r"\w+", text.casefold()))
    return any(words & set(re.findall(r"\w{3,}", name.casefold())) for name in names)


def seen_digest(text: str) -> str:
    """Return the digest by which a form says which text was shown, line ends aside."""
    plain = text.replace("\r\n", "\n").strip()
    return hashlib.sha256(plain.encode()).hexdigest()
