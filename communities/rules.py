"""How a community decides, elects and recalls. Pure: no Django, no clock, no database.

Sources: principles 4, 7, 10 and 12, and the charter's rules ``office_term_months``,
``office_terms_running``, ``decision_method`` and ``consent_most_voices``; see docs/deciding.md.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Protocol

from communities.charter import months_after
from moves.core import Obstacle
from people.rules import Lasting, lasts, recalled, valid

# What a community is asked. ``carried``: a proposal of a circle below, brought by two of it.
KINDS = ("charter", "election", "recall", "carried")
WAITING_STATES = ("brought", "asked", "hearing")
OPEN_STATES = (*WAITING_STATES, "deciding")
STATES = (*OPEN_STATES, "adopted", "not_adopted", "void", "withdrawn", "lapsed")

ELECTED = ("coordinator", "process_guardian", "steward")
RECALLED = (*ELECTED, "auditor", "mediator")
OFFICES = (*ELECTED, "auditor")


def method_of(chosen: str, *, voices: int, most: int) -> str:
    """Return by which method so many decide: too many to hear each in turn decide by vote."""
    return "supermajority" if voices > most else chosen


# ── What somebody holds ──────────────────────────────────────────────────────


class Place(Lasting, Protocol):
    """A place in a community, as far as it bears on cases."""

    @property
    def role(self) -> str: ...
    @property
    def community_id(self) -> Any: ...


@dataclass(frozen=True)
class Offices:
    """What somebody holds on one day, as far as cases open to it.

    ``coordinates`` are the ids of the communities; ``recalled`` the roles in cases that a recall
    took from them, and that they do not hold anew.
    """

    coordinates: frozenset[Any] = frozenset()
    recalled: frozenset[str] = frozenset()


def offices_on(day: date, places: Collection[Place], licences: Collection[Lasting]) -> Offices:
    """Return what somebody with these places and licences holds on this day.

    A recalled licence is valid no more from that day; a recalled guardian's place has ended.
    """
    guarding = [one for one in places if one.role == "process_guardian"]
    taken = {
        "mediator": any(recalled(one, day) for one in licences)
        and not any(valid(one, day) for one in licences),
        "process_guardian": any(recalled(one, day) for one in guarding)
        and not any(lasts(one, day) for one in guarding),
    }
    return Offices(
        coordinates=frozenset(
            one.community_id for one in places if one.role == "coordinator" and lasts(one, day)
        ),
        recalled=frozenset(role for role, gone in taken.items() if gone),
    )


# ── Terms of office ──────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Term:
    """One term of an office; ``until`` is its last day."""

    from_on: date
    until: date


def terms_running(terms: Iterable[Term], *, months: int, on: date) -> list[Term]:
    """Return the terms that a new one beginning on this day would follow, the newest first.

    Two terms are one after the other unless a whole term lies between them, which somebody else
    could have held; stepping down for a week does not begin the count anew.
    """
    row: list[Term] = []
    following = on
    for term in sorted(terms, key=lambda one: one.until, reverse=True):
        if months_after(term.until, months) < following:
            break
        row.append(term)
        following = term.from_on
    return row


def obstacles_to_stand(
    terms: Iterable[Term], *, months: int, most: int, on: date
) -> list[Obstacle]:
    """Return why somebody cannot be elected again: so many terms running, and no more."""
    row = terms_running(terms, months=months, on=on)
    if len(row) < most:
        return []
    free = months_after(row[0].until, months) + timedelta(days=1)
    return [Obstacle(code="too_many_terms", cleared_by="nobody", clears_on=free)]


def term_begins(terms: Iterable[Term], *, on: date) -> date:
    """Return when a term begins that is given on this day: after the one that still runs."""
    last = max((term.until for term in terms), default=None)
    return on if last is None or last < on else last + timedelta(days=1)


def last_day_before(day: date) -> date:
    """Return the last day of what ends at once: a place counts through its last day."""
    return day - timedelta(days=1)


# ── The charter ──────────────────────────────────────────────────────────────


def really_changed(rules: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return the changes that change anything."""
    return {
        rule: value for rule, value in changes.items() if _plain(rules.get(rule)) != _plain(value)
    }


def _plain(value: Any) -> Any:
    """Return a value as JSON keeps it, so that a tuple and a list are the same."""
    return [_plain(one) for one in value] if isinstance(value, (list, tuple)) else value


@dataclass(frozen=True)
class Trial:
    """A rule that is tried until a day; then ``back`` is the rule again."""

    rule: str
    on: date
    back: Any


def value_behind(rules: Mapping[str, Any], trial: Trial | None, rule: str) -> Any:
    """Return what a rule is apart from a trial that runs: what a new trial goes back to.

    A trial that follows a trial goes back to what was before both.
    """
    return rules.get(rule) if trial is None else trial.back


def ending_on(trials: Sequence[Trial]) -> dict[date, dict[str, Any]]:
    """Return {day: {rule: value}} of what comes back, the earliest day first."""
    found: dict[date, dict[str, Any]] = {}
    for trial in sorted(trials, key=lambda one: (one.on, one.rule)):
        found.setdefault(trial.on, {})[trial.rule] = trial.back
    return found


# ── Weeks in which coordinators step back, and votes that rest ───────────────

LONGEST_REST_DAYS = 366


@dataclass(frozen=True)
class Span:
    """Days through which coordinators step back; ``back_on`` is the first on which they are back.

    Called off, they are back that day; called off before it began, it holds no day.
    """

    from_on: date
    back_on: date


def spans_of(spans: Iterable[Span], *, since: date) -> tuple[tuple[date, date], ...]:
    """Return (first day, day it went on) of what lay in the time since a day, earliest first."""
    held = [
        (max(one.from_on, since), one.back_on)
        for one in spans
        if one.from_on < one.back_on and one.back_on > since
    ]
    return tuple(sorted(held))


def earliest_absence(spans: Iterable[Span], *, on: date, notice: int, apart: int) -> date:
    """Return the first day from which coordinators may step back, announced on this day.

    Everybody knows ``notice`` days before, and between two such times lie ``apart`` days on which
    coordinators are there. What was called off before it began counts for nothing.
    """
    backs = [one.back_on for one in spans if one.from_on < one.back_on]
    soonest = on + timedelta(days=notice)
    return max([soonest, *(back + timedelta(days=apart) for back in backs)])


def obstacles_to_announce(spans: Iterable[Span], *, on: date, most: int) -> list[Obstacle]:
    """Return why nothing can be announced: the charter allows none, or one is to come or runs."""
    if most == 0:
        return [Obstacle(code="absence_not_allowed", cleared_by="member")]
    ahead = [one.back_on for one in spans if one.from_on < one.back_on and one.back_on > on]
    if ahead:
        return [Obstacle(code="absence_announced", cleared_by="coordinator", clears_on=max(ahead))]
    return []


def obstacles_to_span(from_on: date, until: date, *, earliest: date, most: int) -> list[Obstacle]:
    """Return why coordinators cannot step back from one day through another."""
    if earliest <= from_on <= until <= from_on + timedelta(days=most - 1):
        return []
    return [Obstacle(code="absence_out_of_bounds", cleared_by="coordinator")]


def stepping_back(until: date) -> Obstacle:
    """Return the obstacle of who steps back through this day; it clears by itself the next."""
    return Obstacle(
        code="coordinators_step_back", cleared_by="nobody", clears_on=until + timedelta(days=1)
    )


# ── Obstacles ────────────────────────────────────────────────────────────────


def obstacles_if_asked(already: bool) -> list[Obstacle]:
    """Return why the same is not asked twice at once."""
    return [Obstacle(code="asked_already", cleared_by="circle")] if already else []
