"""What closing asks, how long anything may wait, and what follows when it has. Pure.

The table behind the times, with the reason of each choice: ``docs/adr/0007``.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from agreements.rules import months_after
from cases.rules import PartyFacts, moved_on
from communities.charter import Charter
from communities.rules import Span, spans_of
from moves.core import Obstacle

SETTLED_WELL = ("kept", "waived")


def obstacles_to_close(
    parties: Collection[PartyFacts], *, state: str, open_commitments: int, placed: bool = False
) -> list[Obstacle]:
    """Return why a case may not close yet.

    Nothing promised is left hanging, and whoever was reached is asked for their
    closing word, where there is something to have the last word on.
    """
    found = obstacles_of_placement(placed=placed)
    if open_commitments:
        found.append(Obstacle(code="commitment_open", cleared_by="party"))
    begun = state in ("mediation", "council", "reparation", "rehabilitation")
    if begun and any(party.reached and not party.word_asked for party in parties):
        found.append(Obstacle(code="closing_word_not_asked", cleared_by="mediator"))
    return found


def obstacles_of_placement(*, placed: bool) -> list[Obstacle]:
    """Return the obstacle of somebody who is placed: no case ends over their head."""
    return [Obstacle(code="placement_open", cleared_by="council")] if placed else []


def obstacles_to_split(
    *, responsible: int, free: int, deciding: bool, on_hold: bool
) -> list[Obstacle]:
    """Return why the ways of the persons responsible cannot part.

    ``free`` is how many of them no safety decision counts on, and no placement. ``deciding``: a
    council deliberates or is asked to look again; who decides is then not for a coordinator to
    change, but where the case is on hold somebody has stopped, and leaving is free.
    """
    if responsible < 2:
        return [Obstacle(code="nobody_to_split", cleared_by="nobody")]
    found = []
    if deciding and not on_hold:
        found.append(Obstacle(code="deciding_first", cleared_by="council"))
    if not free:
        found.append(Obstacle(code="safety_first", cleared_by="council"))
    return found


# ── With which outcome ───────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class OutcomeFacts:
    """What an outcome is checked against. ``promises`` are the states of those of the plan."""

    parties: Collection[PartyFacts]
    promises: Collection[str] = ()
    plan_stands: bool = False


def obstacles_to_outcome(outcome: str, facts: OutcomeFacts) -> list[Obstacle]:
    """Return why a case may not close with this outcome: it would say what is not so."""
    harmed = [party for party in facts.parties if party.role == "harmed"]
    reached = [party for party in harmed if party.reached]
    if outcome in ("repaired", "partly_repaired") and not reached:
        return [Obstacle(code="harmed_person_not_asked", cleared_by="mediator")]
    if outcome == "repaired" and any(one not in SETTLED_WELL for one in facts.promises):
        return [Obstacle(code="promise_not_kept", cleared_by="party")]
    if outcome in ("without_agreement", "not_suitable") and facts.plan_stands:
        return [Obstacle(code="agreement_was_made", cleared_by="nobody")]
    if outcome == "withdrawn" and not (harmed and all(one.wishes_end for one in harmed)):
        # Nobody's withdrawal ends another's case.
        return [Obstacle(code="harmed_word_missing", cleared_by="harmed")]
    if outcome == "no_contact" and facts.parties and all(one.reached for one in facts.parties):
        return [Obstacle(code="everybody_was_reached", cleared_by="nobody")]
    return []


def outcome_of_promises(promises: Iterable[str]) -> str:
    """Return the outcome of a plan on which nothing is open; no answer is not a yes."""
    return "repaired" if all(one in SETTLED_WELL for one in promises) else "partly_repaired"


# ── While coordinators step back ─────────────────────────────────────────────

# What a coordinator does to protect people goes on: an end to what a mediator does to somebody,
# a meeting that people should not come to, and the word that somebody may be in danger. So does
# everything around a placement; and in a case where danger was noted, coordinators do not step
# back at all (``cases.rules.in_danger``).
PROTECTING = frozenset({"release_mediator", "cancel_hearing", "mark_danger"})


@dataclass(frozen=True, kw_only=True)
class NextStep:
    """Who could act next in a case: whether somebody mediates, a council sits, or hears an appeal.

    ``appealed``: an appeal is open, and no council was formed for it.
    """

    state: str
    mediated: bool
    sits: bool = False
    appealed: bool = False
    frozen: bool = False


def waits_for_coordinator(step: NextStep) -> bool:
    """Say whether the next step in a case is a coordinator's, and nobody else could take it."""
    if step.state == "council":
        return not step.frozen and (not step.sits or step.appealed)
    return step.state in ("reported", "screening", "mediation") and not step.mediated


def role_counted(role: str) -> str:
    """Return under which name a place in a case is counted where it is said who took a step."""
    names = {"supporter": "beside", "guardian": "beside", "interpreter": "beside"}
    return {"harmed": "party", "responsible": "party", **names}.get(role, role)


ROLES_COUNTED = (
    "mediator", "process_guardian", "council", "party", "beside", "coordinator", "other",
)  # fmt: skip


@dataclass(frozen=True)
class WentOn:
    """The figure of weeks in which coordinators stepped back; None where it would show too few.

    Of ``cases``, ``waited`` waited for a coordinator, in ``went_on`` others somebody took a step,
    and in the rest nothing was to be done. ``by``: (role, in how many cases), or none.
    """

    cases: int | None
    waited: int = 0
    went_on: int = 0
    by: tuple[tuple[str, int], ...] = ()


def went_on(counted: Mapping[str, Any], *, smallest: int) -> WentOn:
    """Return what may be shown of what was counted.

    Each group that divides the cases is empty or as large as the smallest that is shown; so is,
    for each role, who took a step and who did not: else one could be worked out from the others.
    """
    cases, waited, moved = counted["cases"], counted["waited"], counted["went_on"]
    if not enough((waited, moved, cases - waited - moved), smallest):
        return WentOn(None)
    by = [(role, counted["by"].get(role, 0)) for role in ROLES_COUNTED]
    if not all(enough((count, cases - count), smallest) for _role, count in by):
        return WentOn(cases, waited, moved)
    return WentOn(cases, waited, moved, tuple(one for one in by if one[1]))


def enough(groups: Iterable[int], smallest: int) -> bool:
    """Say whether each group is empty or at least as large as the smallest that is shown."""
    return all(count == 0 or count >= smallest for count in groups)


# ── How long ─────────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class Longest:
    """A longest time: the charter's rule of it, and the office that is warned beforehand.

    When it is over, the coordinator is asked, then the one above, and so on up the tree.
    """

    rule: str
    warned: str


LONGEST = {
    "frozen": Longest(rule="freeze_days", warned="mediator"),
    "reported": Longest(rule="screening_days", warned="coordinator"),
    "screening": Longest(rule="screening_days", warned="mediator"),
    "mediation_over": Longest(rule="decide_days", warned="mediator"),
    "council": Longest(rule="council_days", warned="coordinator"),
    "reparation": Longest(rule="plan_months", warned="mediator"),
    "settled": Longest(rule="decide_days", warned="mediator"),
    "rehabilitation": Longest(rule="placement_days", warned="coordinator"),
}


@dataclass(frozen=True, kw_only=True)
class StageFacts:
    """Where a case stands. ``over_on``: when its mediation, or the last open promise, ended.

    ``answering``: an agreement is on the table or signed, and has a clock of its own.
    ``away``: the times in which coordinators stepped back, or will.
    """

    state: str
    since: date
    frozen_on: date | None = None
    harmed_asked: bool = False
    answering: bool = False
    mediation_open: bool = False
    over_on: date | None = None
    promises_open: bool = False
    holds: tuple[tuple[date, date], ...] = ()
    away: tuple[Span, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Wait:
    """Something that may last until ``last`` and no longer. ``away``: see ``StageFacts``."""

    code: str
    since: date
    last: date
    away: tuple[Span, ...] = ()

    @property
    def key(self) -> str:
        """What tells this wait from every other one of its case."""
        return f"{self.code}:{self.since.isoformat()}"

    def warned_on(self, charter: Charter) -> date:
        """Return the day whoever acts is warned."""
        return self.last - timedelta(days=charter.warning_days)

    def step_on(self, asked_times: int, charter: Charter) -> date:
        """Return the day of the next step, when so many coordinators were asked already.

        While they step back nobody who is asked could answer: those days are given back.
        """
        after = self.last + timedelta(days=1)
        due = after + timedelta(days=asked_times * max(charter.answer_days, 1))
        return moved_on(due, since=after, holds=spans_of(self.away, since=after))


def what_waits(facts: StageFacts) -> str:
    """Return the key of LONGEST that this case is under; "" where another clock runs."""
    if facts.frozen_on is not None:
        return "frozen"
    if facts.answering and facts.state in ("mediation", "council"):
        return ""
    if facts.state == "mediation":
        return "" if facts.mediation_open else "mediation_over"
    if facts.state == "reparation":
        return "reparation" if facts.promises_open else "settled"
    return facts.state if facts.state in LONGEST else ""


def wait_of(facts: StageFacts, charter: Charter) -> Wait | None:
    """Return what this case waits under and until when; or None.

    Time on hold is given back, and so is time in which its coordinators stepped back: no case is
    closed, or brought before a council, because nobody was there to act.
    """
    code = what_waits(facts)
    if not code:
        return None
    since = facts.since
    if facts.frozen_on is not None:
        since = facts.frozen_on
    elif code in ("mediation_over", "settled"):
        since = max(facts.over_on or since, since)
    after = end_of(since, LONGEST[code].rule, charter) + timedelta(days=1)
    holds = [] if code == "frozen" else list(facts.holds)
    still = joined([*holds, *spans_of(facts.away, since=since)])
    after = moved_on(after, since=since, holds=still)
    return Wait(code=code, since=since, last=after - timedelta(days=1), away=facts.away)


def joined(times: Iterable[tuple[date, date]]) -> list[tuple[date, date]]:
    """Return times, each (first day, the day it went on), so that no day counts twice."""
    found: list[tuple[date, date]] = []
    for began, went_on in sorted(times):
        if found and began <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], went_on))
        else:
            found.append((began, went_on))
    return found


def end_of(since: date, rule: str, charter: Charter) -> date:
    """Return the last day of a charter's period, in days or in months, that began then."""
    length: int = getattr(charter, rule)
    return months_after(since, length) if rule.endswith("_months") else since + timedelta(length)


def follows(facts: StageFacts) -> str:
    """Return what follows once everybody up the tree was asked and nobody acted.

    "screening", "council", "no_contact" (it closes), "settled" (it closes with what came of
    its promises), or "": the topmost coordinator is asked again. Nothing here is a yes of
    anybody's: a council asks each person afresh, and a case closes by itself only where no
    person harmed was ever reached, or where nothing promised is open any more.
    """
    if facts.state in ("council", "rehabilitation"):
        return ""
    if facts.state in ("reported", "screening") and not facts.harmed_asked:
        return "screening" if facts.state == "reported" and not facts.frozen_on else "no_contact"
    if facts.state == "reported":
        return "screening"
    settled = facts.state == "reparation" and not facts.promises_open
    return "settled" if settled and not facts.frozen_on else "council"
