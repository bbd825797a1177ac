"""How a circle decides, by consent and by supermajority. Pure: no Django, no clock, no database.

Sources: principles 1, 7, 8, 10 and 12, the two machines and the charter's rules ``decision_method``
and ``integration_rounds``; where those are silent, docs/adr/0009-how-deliberation-counts.md.

**Silence.** Nobody's silence is a yes, and none is a no, for an objection needs a reason:

* a turn missed in the clarifying or the reaction round is passed;
* a position missed in the consent round is asked for once more. Who is silent again counts as not
  there: neither for, nor against, nor towards the quorum;
* a vote not cast counts nowhere. Where too few are for, everybody is asked once more.

**Shares** are of the votes cast, and compared in whole numbers, never as fractions.
"""

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from moves.core import Obstacle

METHODS = ("consent", "supermajority")
OUTCOMES = ("adopted", "deadlocked", "tabled", "withdrawn")
REASONS = (
    "", "by_consent", "by_vote", "not_contended", "no_consent", "too_few", "below_two_thirds",
    "below_half", "by_author", "circle_closed",
)  # fmt: skip

CONSENT_OPEN = ("drafting", "clarifying", "reacting", "consenting", "integrating")
CONSENT_STATES = (*CONSENT_OPEN, "adopted", "deadlocked", "withdrawn")
ROUND_KINDS = ("clarifying", "reacting", "consenting")
TURN_STATES = ("waiting", "spoken", "written", "passed", "missed", "gone")
POSITIONS = ("consent", "stand_aside", "objection")
OBJECTION_STATES = ("open", "integrated", "withdrawn", "set_aside")
MOST_ASKED = 2

VOTE_OPEN = (
    "discussing", "first_vote", "concerns", "second_vote", "deal_breakers", "final_vote",
    "contention",
)  # fmt: skip
VOTE_STATES = (*VOTE_OPEN, "adopted", "tabled", "withdrawn")
BALLOT_OF = {"first_vote": 1, "second_vote": 2, "final_vote": 3, "contention": 3}
SORTING_AFTER = {"concerns": 1, "deal_breakers": 2}

LEAST_VOICES = 3
OTHERS_TO_SET_ASIDE = 2


# ── Voices, quorum, order ────────────────────────────────────────────────────


def default_quorum(method: str, voices: int) -> int:
    """Return the quorum of a circle whose owner names none; never under three.

    By consent more than half must take a position. By vote a quarter must be *for*: what carries
    is counted in votes for, so that a vote against never helps a proposal over the bar.
    """
    share = voices // 2 + 1 if method == "consent" else -(-voices // 4)
    return max(LEAST_VOICES, share)


def counts_at(
    moment: datetime,
    *,
    from_at: datetime,
    until: datetime | None,
    limited_from: datetime | None = None,
    limited_until: datetime | None = None,
) -> bool:
    """Say whether a voice counts at a moment: begun, not ended, and not under a limit."""
    if moment < from_at or (until is not None and moment >= until):
        return False
    if limited_from is None or limited_until is None:
        return True
    return not limited_from <= moment < limited_until


def order_of(seed: str, voices: Iterable[str], *, turn: int = 0) -> list[str]:
    """Return the voices in the order the seed gives, the ``turn``-th of them first.

    Sorted by SHA-256 of ``seed:voice``, so that anybody who knows the recorded seed can work it
    out. Every round begins with the next voice.
    """
    drawn = sorted(voices, key=lambda one: (_lot(seed, one), one))
    first = turn % len(drawn) if drawn else 0
    return drawn[first:] + drawn[:first]


def _lot(seed: str, voice: str) -> str:
    return hashlib.sha256(f"{seed}:{voice}".encode()).hexdigest()


def deadline_after(moment: datetime, hours: int | None) -> datetime | None:
    """Return when a stage begun now ends by itself; None in the room, where nobody needs it."""
    return None if hours is None else moment + timedelta(hours=hours)


# ── Consent ──────────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class ConsentFacts:
    """A consent round when it closes; positions only of voices that count at that moment."""

    consents: int
    positions: int
    open_objections: int
    quorum: int
    integrations: int
    integration_rounds: int


def after_consent_round(facts: ConsentFacts) -> tuple[str, str]:
    """Return (transition, reason) after everybody was asked.

    A live objection never lets a proposal pass, whoever raised it and whether they are still
    there. A proposal that nobody consents to, or to which too few said anything, is not adopted.
    """
    if facts.open_objections:
        used_up = facts.integrations >= facts.integration_rounds
        return ("deadlock", "no_consent") if used_up else ("integrate", "")
    if facts.positions < facts.quorum or not facts.consents:
        return "deadlock", "too_few"
    return "adopt", "by_consent"


def after_integrating(*, integrations: int, integration_rounds: int) -> tuple[str, str]:
    """Return (transition, reason) when time is over and an objection is still open."""
    if integrations >= integration_rounds:
        return "deadlock", "no_consent"
    return "integrate_again", ""


def may_be_set_aside(others: Collection[str], agreed: Collection[str]) -> bool:
    """Say whether all the others agree, and are at least two: nobody overrules one alone."""
    return len(set(others)) >= OTHERS_TO_SET_ASIDE and set(others) <= set(agreed)


# ── Supermajority ────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Tally:
    """Votes of the voices that count, at one moment."""

    in_favour: int
    against: int

    @property
    def cast(self) -> int:
        return self.in_favour + self.against


def is_nine_tenths(tally: Tally) -> bool:
    return tally.cast > 0 and 10 * tally.in_favour >= 9 * tally.cast


def is_two_thirds(tally: Tally) -> bool:
    return tally.cast > 0 and 3 * tally.in_favour >= 2 * tally.cast


def is_below_half(tally: Tally) -> bool:
    """Say whether contention tables a proposal; where no vote counts any more, it does."""
    return tally.cast == 0 or 2 * tally.in_favour < tally.cast


def after_ballot(number: int, tally: Tally, *, quorum: int, asked_again: bool) -> tuple[str, str]:
    """Return (transition, reason) when a vote closes; ("", "") where all are asked once more.

    Nothing carries with fewer votes for than the quorum. Where enough took part but too few
    carry it at once, the concerns of those against are heard before the next vote.
    """
    share = is_two_thirds(tally) if number == 3 else is_nine_tenths(tally)
    if share and tally.in_favour >= quorum:
        return ("contend", "") if number == 3 else ("adopt", "by_vote")
    too_few = tally.cast < quorum or share
    if too_few and not asked_again:
        return "", ""
    if number == 3:
        return "table", "too_few" if too_few else "below_two_thirds"
    if tally.cast < quorum:
        return "table", "too_few"
    return ("sort_concerns" if number == 1 else "sort_deal_breakers"), ""


def elected(names: Iterable[str], *, seed: str) -> str | None:
    """Return who was named most often to speak; the lot decides a tie. None: nobody named."""
    named = Counter(names)
    if not named:
        return None
    return min(named, key=lambda one: (-named[one], _lot(seed, one), one))


@dataclass(frozen=True, kw_only=True)
class Gauged:
    """How an amendment was gauged: by everybody, and by those whose concern it answers."""

    id: str
    agree: int
    disagree: int
    holders_agree: int
    holders_disagree: int


def amendment_taken(gauged: Sequence[Gauged]) -> str | None:
    """Return the amendment that goes into the next vote, oldest first in what is given.

    More who gauged it agree than not, and so do those whose concern it answers; of several the
    one with most agreement, then the older. None leaves the text as it is.
    """
    fit = [
        one
        for one in gauged
        if one.agree > one.disagree and one.holders_agree > one.holders_disagree
    ]
    return max(fit, key=lambda one: one.agree).id if fit else None


# ── Several circles ──────────────────────────────────────────────────────────


def combined(outcomes: Sequence[str]) -> str:
    """Return one answer of several circles: every one must adopt. "" while it is open."""
    if any(outcome not in ("", "adopted") for outcome in outcomes):
        return "not_adopted"
    return "adopted" if outcomes and all(outcomes) else ""


# ── Obstacles ────────────────────────────────────────────────────────────────


def obstacles_to_begin(*, voices: int, quorum: int) -> list[Obstacle]:
    """Return why a proposal cannot begin: fewer voices than could ever adopt it."""
    if voices < max(LEAST_VOICES, quorum):
        return [Obstacle(code="too_few_voices", cleared_by="nobody")]
    return []


def obstacles_to_turn(*, is_next: bool, in_order: bool) -> list[Obstacle]:
    """Return why somebody cannot speak yet: in the room, one after the other."""
    if in_order and not is_next:
        return [Obstacle(code="not_your_turn", cleared_by="circle")]
    return []


def obstacles_of_limit(limited_until: date | None) -> list[Obstacle]:
    """Return the limit on a vote that somebody accepted, with the day on which it ends."""
    if limited_until is None:
        return []
    return [Obstacle(code="vote_is_limited", cleared_by="nobody", clears_on=limited_until)]


def obstacles_to_move_on(waiting: int) -> list[Obstacle]:
    """Return why a round cannot end: somebody's turn has not been given."""
    return [Obstacle(code="turns_are_waiting", cleared_by="circle")] if waiting else []


def obstacles_to_accept(*, base: int, version: int) -> list[Obstacle]:
    """Return why an amendment cannot be taken in: the text it changes has changed since."""
    if base != version:
        return [Obstacle(code="text_has_changed", cleared_by="circle")]
    return []


def obstacles_to_set_aside(others: int) -> list[Obstacle]:
    """Return why an objection cannot be set aside: there are not two others to do so."""
    if others < OTHERS_TO_SET_ASIDE:
        return [Obstacle(code="too_few_others", cleared_by="nobody")]
    return []
