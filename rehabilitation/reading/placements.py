"""Where a placement stands, by its days, and why a council asked for it."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from cases.access import Standing
from cases.models import Case
from cases.writing import day
from councils.models import SafetyFinding
from moves.days import in_words
from people.models import Person
from rehabilitation import rules
from rehabilitation.access import sight_of
from rehabilitation.actions import placing
from rehabilitation.actions.ending import bring_up_to_date
from rehabilitation.models import Placement
from rehabilitation.querysets import ever_placed

EARLY = ("reported", "screening", "mediation")


# ── Which placements somebody may know of ────────────────────────────────────


def placements_of(case: Case, who: Standing, *, now: datetime) -> list[Placement]:
    """Return the placements of a case that this person may know of, for its page."""
    if case.state in EARLY or who.person_id is None or not ever_placed(case):
        return []
    found = list(
        Placement.objects.filter(case=case).select_related(
            "decision__council", "party__person", "person", "house__community", "moving_to"
        )
    )
    if not found:
        return []
    person, today = Person.objects.get(pk=who.person_id), day(now)
    shown = []
    for placement in found:
        bring_up_to_date(placement, now=now)
        placement.case = case
        if sight_of(person, placement, today=today, who=who).knows:
            shown.append(placement)
    return shown


# ── Where it stands ──────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Lines:
    """Where it is, what comes next, who acts, by when."""

    where: str
    next: str
    who: str
    by_when: str


def lines_of(placement: Placement, today: date) -> Lines:
    """Return the four lines of a placement, by its days: what ``tick`` has not written yet, too."""
    freedom = placement.freedom
    if freedom is None or freedom.on <= today:
        return _over(placement, freedom, today)
    until = in_words(freedom.on, today)
    if placement.state == "proposed":
        if placement.accepted_on is None and placement.order_until is None:
            return Lines(
                _("A place is proposed. Nobody lives there yet."),
                _("The person says yes or no, freely."), _("The resident"), until,
            )  # fmt: skip
        return Lines(
            _("A place is proposed, and can begin."),
            _("The house welcomes the person, once nothing stands in the way."),
            _("The steward"), until,
        )  # fmt: skip
    where = _("Placed for some days.") if placement.state == "interim" else _("Placed.")
    following = {
        "review_missed": (_("The council reviews it. If it does not, the person is free."),
                          _("The council")),
        "interim_over": (_("It begins for its time, or the person is free."), _("The steward")),
        "release_decided": (_("The person is free: the council has released."), _("Nobody")),
        "order_over": (_("The order ends, and the person is free."), _("Nobody")),
    }.get(freedom.why, (_("It ends, and the person is free."), _("Nobody")))  # fmt: skip
    return Lines(where, *following, until)


def _over(placement: Placement, freedom: rules.Freedom | None, today: date) -> Lines:
    """Say that somebody is free, since when and why, whether or not it was written down yet."""
    why = freedom.why if freedom is not None else placement.why_ended
    on = freedom.on if freedom is not None else placement.ended_on
    assert on is not None
    since, reason = in_words(on, today), str(dict(Placement.Why.choices)[why])
    if placement.is_guest(today):
        assert placement.guest_until is not None
        return Lines(
            _("A guest, by their own wish."), _("They can leave at any time."),
            _("The resident"), in_words(placement.guest_until, today),
        )  # fmt: skip
    if not placement.has_begun:
        where = _("Nobody was placed: %(why)s.") % {"why": reason}
    else:
        where = _("Free since %(day)s: %(why)s.") % {"day": since, "why": reason}
    return Lines(where, _("Nothing more is asked of anybody."), _("Nobody"), _("No date"))


@dataclass(frozen=True)
class Threat:
    """What the council found, for who reads the room."""

    threat: str
    alternatives: list[tuple[str, str]]
    limits: str
    aims: str


def threat_of(placement: Placement) -> Threat | None:
    """Return why a council asks for this place, in its own words."""
    found = SafetyFinding.objects.filter(decision=placement.decision_id).first()
    finding = placing.finding_of(placement.decision)
    if found is None or finding is None:
        return None
    return Threat(found.threat, list(finding.alternatives), found.limits, found.aims)


def moving_to(placement: Placement, today: date) -> str:
    """Return that a move to another house is asked for, "" where it is not."""
    if placement.moving_to is None or not placement.is_moving(today):
        return ""
    assert placement.move_until is not None
    return _("A move to %(house)s is asked for. It falls away by itself after %(day)s.") % {
        "house": placement.moving_to.name, "day": in_words(placement.move_until, today),
    }  # fmt: skip


@dataclass(frozen=True)
class Dated:
    """One day of a placement, and what it is."""

    label: str
    day: str


def days_of(placement: Placement, today: date) -> list[Dated]:
    """Return the days that bound a placement, in their order."""
    days = [
        (_("Proposed"), placement.proposed_on),
        (_("Accepted"), placement.accepted_on),
        (_("The order it stands on ends"), placement.order_until),
        (_("Began"), placement.starts_on),
        (_("The first days end"), placement.interim_until),
        (_("Moves to another house by"), placement.move_until if placement.is_moving(today)
         else None),
        (_("Next review, at the latest"), placement.review_on if placement.ended_on is None
         else None),
        (_("Released from"), placement.release_on),
        (_("Ends, at the latest"), placement.ends_on),
        (_("Free since"), placement.ended_on),
        (_("Guest until"), placement.guest_until),
    ]  # fmt: skip
    return [Dated(label, in_words(on, today)) for label, on in days if on is not None]
