"""What needs the facts of several stages: referring on, splitting, closing."""

from datetime import date, datetime

from django.db.models import Q

from agreements import actions as agreements
from agreements.querysets import open_commitments
from cases import rules as case_rules
from cases.access import require, settle_steering, sync_permissions
from cases.actions import facts_of, write_note
from cases.models import Case, Party
from cases.writing import changing, day, record, tell_everybody
from communities.charter import Charter
from journey import rules
from mediation import actions as mediation
from mediation.models import Mediation
from moves.core import Blocked, Obstacle, refuse_if_any
from moves.machine import move
from people.models import Person


def charter_of(case: Case) -> Charter:
    """Return the charter this case was opened under."""
    return case.charter_version.charter


def obstacles_to_close(case: Case, today: date) -> list[Obstacle]:
    """Return why this case may not close yet."""
    return rules.obstacles_to_close(
        facts_of(case, today), state=case.state, open_commitments=open_commitments(case)
    )


def close(case: Case, *, by: Person, now: datetime, outcome: str, reason: str) -> Case:
    """Close the case with its outcome. The reason stays in the referral room."""
    with changing(case.pk, by=by, now=now) as (case, who):
        require((who.mediates or who.coordinates) and case.state in case_rules.OPEN_STATES)
        refuse_if_any(obstacles_to_close(case, day(now)))
        _end(case, outcome=outcome, reason=reason, by=by, now=now)
        return case


def refer_elsewhere(case: Case, *, by: Person, now: datetime, reason: str) -> Case:
    """Close the case because somebody else can help better."""
    with changing(case.pk, by=by, now=now) as (case, who):
        require((who.mediates or who.coordinates) and case.state in case_rules.OPEN_STATES)
        _end(case, outcome=Case.Outcome.REFERRED_ELSEWHERE, reason=reason, by=by, now=now)
        return case


def _end(case: Case, *, outcome: str, reason: str, by: Person | None, now: datetime) -> None:
    case.state_since = case.closed_on = day(now)
    case.outcome, case.frozen_on = outcome, None
    mediation.stop(case, by=by, now=now)
    agreements.set_aside(case, now=now)
    move(case, "close", also=["state_since", "closed_on", "outcome", "frozen_on"])
    if by is not None:
        write_note(case, by=by, now=now, room="referral", text=reason)
    record(case, "case_closed", by=by, now=now, outcome=outcome)
    tell_everybody(case, "case_closed", now=now, key=f"closed:{now.isoformat()}")


def obstacles_to_council(case: Case) -> list[Obstacle]:
    """Return why this case may not go to a council yet."""
    return case_rules.obstacles_to_council(
        harmed_asked=case.harmed_asked_on is not None,
        mediation_open=Mediation.objects.filter(case=case).open().exists(),
    )


def refer_to_council(case: Case, *, by: Person, now: datetime, reason: str) -> Case:
    """Send the case to a Justice Council, where it waits for its draw."""
    with changing(case.pk, by=by, now=now) as (case, who):
        require(who.mediates or who.coordinates)
        require(case.state in ("screening", "mediation", "reparation"))
        refuse_if_any(obstacles_to_council(case))
        case.state_since, case.frozen_on = day(now), None
        move(case, "refer_to_council", also=["state_since", "frozen_on"])
        write_note(case, by=by, now=now, room="referral", text=reason)
        record(case, "referred_to_council", by=by, now=now)
        tell_everybody(case, "referred_to_council", now=now, key=f"council:{now.isoformat()}")
        return case


def obstacles_to_split(case: Case) -> list[Obstacle]:
    """Return why the ways of the persons responsible cannot part: there must be several."""
    several = case.parties.filter(role=Party.Role.RESPONSIBLE).count() > 1
    return [] if several else [Obstacle(code="nobody_to_split", cleared_by="nobody")]


def split(case: Case, *, by: Person, now: datetime, party: str, reason: str) -> Case:
    """Give one person responsible a linked case of their own; return the new case."""
    with changing(case.pk, by=by, now=now) as (case, who):
        require(who.coordinates and case.state in ("reported", "screening"))
        refuse_if_any(obstacles_to_split(case))
        leaving = case.parties.filter(role=Party.Role.RESPONSIBLE, pk=party).first()
        if leaving is None:
            raise Blocked([Obstacle(code="nobody_to_split", cleared_by="nobody")])
        today = day(now)
        new = Case(
            community=case.community, steering=case.steering,
            charter_version=case.charter_version, title=case.title, account=case.account,
            kind=case.kind, happened_on=case.happened_on, referred_on=case.referred_on,
            opened_on=today, state_since=today, urgent=case.urgent, split_from=case,
        )  # fmt: skip
        new.save(force_insert=True)
        for harmed in case.parties.filter(role=Party.Role.HARMED):
            Party.objects.create(
                case=new, person=harmed.person, role=harmed.role, minor=harmed.minor,
                do_not_write=harmed.do_not_write,
            )  # fmt: skip
        moving = case.participations.filter(
            Q(beside=leaving) | Q(person=leaving.person, role="responsible")
        )
        people = [place.person for place in moving.select_related("person")]
        moving.update(case=new)
        Party.objects.filter(pk=leaving.pk).update(case=new)
        for person in people:
            # Their sight goes with their place: the old case is not theirs any more.
            sync_permissions(case, person)
            sync_permissions(new, person)
        settle_steering(new, today=today)
        write_note(case, by=by, now=now, room="referral", text=reason)
        record(case, "case_split", by=by, now=now, other=new.reference)
        record(new, "case_opened", by=by, now=now, other=case.reference)
        return new
