"""Weeks in which coordinators step back: announced ahead, within the charter, called off any time.

What they leave to others meanwhile, and what goes on because it protects people, is with the
cases (``journey.moves``). What came of it becomes a figure (``journey.absences``).
"""

from datetime import date, datetime
from typing import Any

from communities import rules
from communities.models import Absence, Community
from communities.rules import Span
from communities.writing import day, on_community, record, require, tell_members
from moves.core import Obstacle, refuse_if_any
from people.models import Person


def coordinates(person: Person, community: Community, today: date) -> bool:
    """Say whether this person is a coordinator of this very community."""
    return community.memberships.coordinating(today).filter(person=person).exists()


def audits(person: Person, community: Community, today: date) -> bool:
    return community.memberships.auditing(today).filter(person=person).exists()


def spans_in(community: Community) -> list[Span]:
    """Return every time in which the coordinators of a community stepped back, or will."""
    return [one.span for one in community.absences.all()]


def obstacles_to_announce(community: Community, now: datetime) -> list[Obstacle]:
    """Return why no weeks can be announced now."""
    most = community.charter_now().charter.absence_days
    return rules.obstacles_to_announce(spans_in(community), on=day(now), most=most)


def earliest(community: Community, today: date) -> date:
    """Return the first day from which the coordinators of a community may step back."""
    charter = community.charter_now().charter
    return rules.earliest_absence(
        spans_in(community), on=today, notice=charter.absence_notice_days,
        apart=charter.absence_apart_days,
    )  # fmt: skip


def announce_absence(
    community: Community, *, by: Person, now: datetime, from_on: date, until: date
) -> Absence:
    """Announce, as a coordinator, that the coordinators step back from a day through another.

    The members are told now, and everybody with an open case by the clock. Blocked where it does
    not fit the charter: at most ``absence_days``, ``absence_notice_days`` ahead, and
    ``absence_apart_days`` after the last.
    """
    with on_community(community) as community:
        today = day(now)
        require(coordinates(by, community, today))
        refuse_if_any(obstacles_to_announce(community, now))
        most = community.charter_now().charter.absence_days
        begins = earliest(community, today)
        refuse_if_any(rules.obstacles_to_span(from_on, until, earliest=begins, most=most))
        absence = Absence.objects.create(
            community=community, from_on=from_on, until=until, by=by, at=now
        )
        record(
            community, "absence_announced", by=by, now=now, absence=str(absence.pk),
            from_on=from_on.isoformat(), until=until.isoformat(),
        )  # fmt: skip
        key = f"absence:{absence.pk}:ahead"
        tell_members(
            community, "absence_announced", key=key, now=now, **days_of(absence, community)
        )
        return absence


def days_of(absence: Absence, community: Community) -> dict[str, str]:
    """Return what a notice of an absence says: of which community, and its days."""
    return {
        "of": community.name,
        "from_on": absence.from_on.isoformat(),
        "until_on": absence.until.isoformat(),
    }


def announced(community: Community, today: date) -> Absence | None:
    """Return the weeks that are to come, or run, in a community; None where there are none."""
    return community.absences.ahead(today).order_by("from_on").first()


def may_call_off(community: Community, person: Person, today: date) -> bool:
    """Say whether this person could call off what is announced: a coordinator, or an auditor.

    An auditor, because who steps back does not see best what it does to others.
    """
    office = coordinates(person, community, today) or audits(person, community, today)
    return office and announced(community, today) is not None


def call_off_absence(community: Community, *, by: Person, now: datetime) -> Absence:
    """Call off what is announced or runs: the coordinators are there, from this moment on."""
    with on_community(community) as community:
        require(may_call_off(community, by, day(now)))
        absence = announced(community, day(now))
        assert absence is not None
        absence.called_off_at = now
        absence.save(update_fields=["called_off_at"])
        record(community, "absence_called_off", by=by, now=now, absence=str(absence.pk))
        return absence


def end(absence: Absence, *, counted: dict[str, Any] | None, at: datetime) -> None:
    """Note that an absence is over, with what was counted of it; its community is locked.

    The members are told. ``counted`` is None where it was called off before it began.
    """
    absence.counted, absence.ended_at = counted, at
    absence.save(update_fields=["counted", "ended_at"])
    code = "absence_over" if counted is not None else "absence_off"
    record(absence.community, code, by=None, now=at, absence=str(absence.pk))
    key = f"absence:{absence.pk}:over"
    tell_members(absence.community, code, key=key, now=at, of=absence.community.name)
