"""The course of a case: taken on, followed, opened again."""

from datetime import datetime

from cases import rules
from cases.access import Standing, require
from cases.actions.words import write_note
from cases.models import Case, Consent
from cases.writing import changing, day, record
from moves.core import Obstacle, refuse_if_any
from moves.machine import move
from people.models import Person


def accept(case: Case, *, by: Person, now: datetime) -> Case:
    """Take a referral on: from reported to screening."""
    with changing(case.pk, by=by, now=now) as (case, who):
        require(who.coordinates or who.mediates)
        case.state_since = day(now)
        move(case, "accept", also=["state_since"])
        record(case, "case_accepted", by=by, now=now)
        return case


def begin_reparation(case: Case, *, by: Person | None, now: datetime) -> None:
    """Follow an agreement that has come into force. Called with the case locked."""
    if case.state == Case.State.REPARATION:
        return
    case.state_since, case.asked_for = day(now), ""
    move(case, "begin_reparation", also=["state_since", "asked_for"])
    record(case, "reparation_begun", by=by, now=now)


def may_mark_danger(case: Case, who: Standing) -> bool:
    """Say whether it is of use to mark a case: its coordinators step back, and would not then."""
    return who.away_until is not None and case.state in rules.OPEN_STATES


def mark_danger(case: Case, *, by: Person, now: datetime) -> Case:
    """Say that somebody may be in danger, so that coordinators go on here while they step back."""
    with changing(case.pk, by=by, now=now) as (case, who):
        require(may_mark_danger(case, who))
        case.urgent = True
        case.save(update_fields=["urgent"])
        record(case, "danger_marked", by=by, now=now)
        return case


def obstacles_to_reopen(case: Case) -> list[Obstacle]:
    """Return why this closed case cannot be opened again."""
    return rules.obstacles_to_reopen(forgotten=case.forgotten_on is not None)


def reopen(case: Case, *, by: Person, now: datetime, reason: str) -> Case:
    """Open a closed case again, with a reason; every consent is asked for afresh."""
    with changing(case.pk, by=by, now=now) as (case, who):
        require(who.coordinates)
        refuse_if_any(obstacles_to_reopen(case))
        Consent.objects.filter(party__case=case, ended_at=None).update(ended_at=now)
        case.parties.update(
            assessed_on=None, closing_word_asked_on=None, safe_to_meet=False, wishes_end_on=None
        )
        case.state_since, case.closed_on, case.outcome = day(now), None, ""
        case.frozen_on = None
        move(case, "reopen", also=["state_since", "closed_on", "outcome", "frozen_on"])
        write_note(case, by=by, now=now, room="referral", text=reason)
        record(case, "case_reopened", by=by, now=now)
        return case
