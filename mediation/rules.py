"""Rules of mediation. Pure: no Django, no clock, no database."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from moves.core import Obstacle

OPEN_STATES = ("preparing", "meeting")
STATES = (*OPEN_STATES, "agreed", "not_agreed", "stopped")


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """What there is to know of somebody who might mediate a case."""

    key: str
    name: str
    load: int
    speaks: int
    obstacles: tuple[Obstacle, ...] = ()


def obstacles_of_candidate(
    licence: Collection[Obstacle], *, tied: bool, party: bool, assigned: bool
) -> list[Obstacle]:
    """Return why this person may not mediate this case; ``licence`` is what theirs lacks.

    A tie to either side, whoever declared it, or a part of their own rules them out.
    """
    found = []
    if assigned:
        found.append(Obstacle(code="mediator_assigned_already", cleared_by="nobody"))
    if tied or party:
        found.append(Obstacle(code="mediator_conflict", cleared_by="coordinator"))
    return [*found, *licence]


def in_order(candidates: Collection[Candidate]) -> list[Candidate]:
    """Return candidates as they are proposed: who speaks the parties' languages, then by load."""
    return sorted(candidates, key=lambda one: (-one.speaks, one.load, one.name, one.key))


def obstacles_to_assign(candidates: Collection[Candidate]) -> list[Obstacle]:
    """Return why nobody can be assigned: there must be at least one person who may."""
    if any(not one.obstacles for one in candidates):
        return []
    return [Obstacle(code="mediator_missing", cleared_by="coordinator")]


def obstacles_to_release(*, mediators: int, mediation_open: bool) -> list[Obstacle]:
    """Return why no mediator can be released: an open mediation keeps at least one."""
    if mediation_open and mediators < 2:
        return [Obstacle(code="last_mediator", cleared_by="coordinator")]
    return []


def obstacles_to_plan(on: date, *, due_on: date, today: date) -> list[Obstacle]:
    """Return why no meeting can be planned for this day: gone by, or after the last day."""
    if on < today:
        return [Obstacle(code="meeting_in_the_past", cleared_by="mediator")]
    if on > due_on:
        return [Obstacle(code="meeting_after_due", cleared_by="mediator")]
    return []


def obstacles_to_hold(meeting_on: date | None, *, today: date) -> list[Obstacle]:
    """Return why no meeting can be noted as held: the next one is planned for this day."""
    if meeting_on is None:
        return [Obstacle(code="no_meeting_planned", cleared_by="mediator")]
    if meeting_on > today:
        return [Obstacle(code="meeting_to_come", cleared_by="nobody", clears_on=meeting_on)]
    return []


def obstacles_to_extend(*, extended_on: date | None) -> list[Obstacle]:
    """Return why the time cannot be extended: once is all the charter gives."""
    if extended_on is not None:
        return [Obstacle(code="already_extended", cleared_by="nobody")]
    return []


def day_after(day: date, *, days: int) -> date:
    """Return the day this many days later."""
    return day + timedelta(days=days)


def is_lapsed(due_on: date, *, today: date) -> bool:
    """Say whether the last day has gone by; the last day itself still counts."""
    return today > due_on


def is_warned(due_on: date, *, today: date, warning_days: int) -> bool:
    """Say whether the last day is near enough to warn of, and not gone by."""
    return day_after(today, days=warning_days) >= due_on and not is_lapsed(due_on, today=today)
