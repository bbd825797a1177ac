"""What needs the facts of several stages: referring on, splitting, closing."""

from datetime import date, datetime

from django.db.models import Q

from agreements import actions as agreements
from agreements.querysets import newest_plan, open_commitments
from cases import rules as case_rules
from cases.access import Standing, require, settle_steering, sync_permissions
from cases.actions import end_hold, facts_of, go_on, write_note
from cases.models import Case, Consent, Party
from cases.writing import changing, day, record, tell_everybody
from communities.charter import Charter
from councils.actions import ending as councils
from councils.actions import parting
from journey import rules
from mediation import actions as mediation
from moves.core import Blocked, Obstacle, refuse_if_any
from moves.machine import move
from people.models import Person
from rehabilitation.actions import ending as placements


def charter_of(case: Case) -> Charter:
    """Return the charter this case was opened under."""
    return case.charter_version.charter


def obstacles_to_close(case: Case, today: date) -> list[Obstacle]:
    """Return why this case may not close yet."""
    return rules.obstacles_to_close(
        facts_of(case, today),
        state=case.state,
        open_commitments=open_commitments(case),
        placed=placements.anybody_placed(case, today),
    )


def obstacles_to_refer_elsewhere(case: Case, today: date) -> list[Obstacle]:
    """Return why this case may not go elsewhere yet: somebody is placed in it."""
    return rules.obstacles_of_placement(placed=placements.anybody_placed(case, today))


def close(case: Case, *, by: Person, now: datetime, outcome: str, reason: str) -> Case:
    """Close the case with its outcome. The reason stays in the referral room."""
    with changing(case.pk, by=by, now=now) as (case, who):
        require((who.mediates or who.coordinates) and case.state in case_rules.OPEN_STATES)
        refuse_if_any(obstacles_to_close(case, day(now)))
        refuse_if_any(rules.obstacles_to_outcome(outcome, outcome_facts(case, day(now))))
        end_case(case, outcome=outcome, reason=reason, by=by, now=now)
        return case


def outcome_facts(case: Case, today: date) -> rules.OutcomeFacts:
    """Return what the outcome of a closing case is checked against."""
    plan = newest_plan(case)
    return rules.OutcomeFacts(
        parties=facts_of(case, today),
        promises=tuple(
            plan.commitments.of_who_is_here().values_list("state", flat=True) if plan else ()
        ),
        plan_stands=plan is not None and plan.state in ("in_force", "fulfilled"),
    )


def refer_elsewhere(case: Case, *, by: Person, now: datetime, reason: str) -> Case:
    """Close the case because somebody else can help better."""
    with changing(case.pk, by=by, now=now) as (case, who):
        require((who.mediates or who.coordinates) and case.state in case_rules.OPEN_STATES)
        refuse_if_any(obstacles_to_refer_elsewhere(case, day(now)))
        end_case(case, outcome=Case.Outcome.REFERRED_ELSEWHERE, reason=reason, by=by, now=now)
        return case


def end_case(
    case: Case, *, outcome: str, by: Person | None, now: datetime, reason: str = ""
) -> None:
    """Close a locked case, and stop what is under way in it."""
    end_hold(case, on=day(now))
    case.state_since = case.closed_on = day(now)
    case.outcome = outcome
    mediation.stop(case, by=by, now=now)
    agreements.set_aside(case, now=now)
    placements.set_aside(case, now=now)
    councils.dissolve(case, by=by, now=now)
    move(case, "close", also=["state_since", "closed_on", "outcome"])
    if by is not None:
        write_note(case, by=by, now=now, room="referral", text=reason)
    record(case, "case_closed", by=by, now=now, outcome=outcome)
    tell_everybody(case, "case_closed", now=now, key=f"closed:{now.isoformat()}")


def obstacles_to_council(case: Case) -> list[Obstacle]:
    """Return why this case may not go to a council yet."""
    return case_rules.obstacles_to_council(
        harmed_asked=case.harmed_asked_on is not None,
        mediation_open=mediation.has_open(case),
    )


def refer_to_council(case: Case, *, by: Person, now: datetime, reason: str) -> Case:
    """Send the case to a Justice Council, where it waits for its draw."""
    with changing(case.pk, by=by, now=now) as (case, who):
        require(who.mediates or who.coordinates)
        require(case.state in ("screening", "mediation", "reparation"))
        refuse_if_any(obstacles_to_council(case))
        to_council(case, by=by, now=now)
        write_note(case, by=by, now=now, room="referral", text=reason)
        return case


def to_council(case: Case, *, by: Person | None, now: datetime) -> None:
    """Bring a locked case before a council. What was stopped does not take effect there."""
    if case.frozen_on is not None:
        agreements.set_aside(case, now=now)
    end_hold(case, on=day(now))
    mediation.stop(case, by=by, now=now)
    case.state_since, case.asked_for = day(now), ""
    move(case, "refer_to_council", also=["state_since", "asked_for"])
    record(case, "referred_to_council", by=by, now=now)
    tell_everybody(case, "referred_to_council", now=now, key=f"council:{now.isoformat()}")


def may_return_to_mediation(case: Case, who: Standing) -> bool:
    """Say whether this person can bring a case back to mediation, as its council decided.

    Any of its council, the guardian of its process, or the coordinator.
    """
    serves = who.coordinates or who.sits or who.guards_process
    return case.state == Case.State.COUNCIL and case.asked_for == "mediation" and serves


def obstacles_to_return(case: Case, today: date) -> list[Obstacle]:
    """Return why the case may not go back to mediation yet: everybody is asked afresh."""
    return case_rules.obstacles_to_return(
        facts_of(case, today),
        frozen=case.frozen_on is not None,
        has_mediator=bool(mediation.mediators_of(case)),
    )


def return_to_mediation(case: Case, *, by: Person, now: datetime) -> Case:
    """Bring a case back to mediation, as its council decided and everybody said yes to again.

    The same council meets again if mediation does not come about.
    """
    with changing(case.pk, by=by, now=now) as (case, who):
        require(may_return_to_mediation(case, who))
        refuse_if_any(obstacles_to_return(case, day(now)))
        case.state_since, case.asked_for = day(now), ""
        move(case, "return_to_mediation", also=["state_since", "asked_for"])
        mediation.start(case, by=by, now=now)
        record(case, "returned_to_mediation", by=by, now=now)
        tell_everybody(case, "returned_to_mediation", now=now, key=f"back:{now.isoformat()}")
        return case


def renew_consent(case: Case, *, by: Person, now: datetime) -> Case:
    """Let a frozen case go on as it was; the time on hold is given back to its mediation."""
    with changing(case.pk, by=by, now=now) as (case, who):
        began = case.frozen_on
        go_on(case, who, by=by, now=now)
        if began is not None:
            mediation.give_back(case, began=began, now=now)
        return case


def responsible_in(case: Case) -> list[Party]:
    """Return the persons responsible of a case; no query where its parties are at hand."""
    return [one for one in case.parties.all() if one.role == Party.Role.RESPONSIBLE]


def may_leave(case: Case, today: date) -> list[Party]:
    """Return the persons responsible whose way can part from the others'.

    Not whoever a council decided about for everybody's safety, and not who is proposed a place or
    placed: that holds until it ends, and stays with the case it was decided in.
    """
    return _free(case, parting.what_holds(case, today))


def _free(case: Case, holding: parting.Holding) -> list[Party]:
    held = holding.held | placements.parties_placed(case)
    return [one for one in responsible_in(case) if one.pk not in held]


def obstacles_to_split(case: Case, today: date) -> list[Obstacle]:
    """Return why the ways of the persons responsible cannot part now."""
    responsible = len(responsible_in(case))
    if responsible < 2:
        return rules.obstacles_to_split(
            responsible=responsible, free=responsible, deciding=False, on_hold=False
        )
    holding = parting.what_holds(case, today)
    return rules.obstacles_to_split(
        responsible=responsible,
        free=len(_free(case, holding)),
        deciding=holding.deciding,
        on_hold=case.frozen_on is not None,
    )


def split(case: Case, *, by: Person, now: datetime, party: str, reason: str) -> Case:
    """Give one person responsible a linked case of their own; return the new case.

    What goes with them: their part, how they may safely be reached, and who stands beside them.
    What does not: anybody's consent or assessment, what was said in a room, and the plan. The
    new case begins at its beginning, and each person in it, the person harmed first, is asked
    afresh whether they take part. An agreement not in force yet ends in the old case, because
    its words count on somebody who is no longer there. In one that is in force their promises
    stay in the version everybody signed, as they stood: nothing more is asked of them there,
    they hold up nothing, and only a new agreement in the new case makes a promise of them again.
    Who leaves no longer reads the old case. Its councils stay with who stays (``parting``).
    """
    with changing(case.pk, by=by, now=now) as (case, who):
        require(who.coordinates and case.state in case_rules.OPEN_STATES)
        refuse_if_any(obstacles_to_split(case, day(now)))
        leaving = next((one for one in responsible_in(case) if str(one.pk) == party), None)
        if leaving is None:
            raise Blocked([Obstacle(code="nobody_to_split", cleared_by="nobody")])
        if leaving not in may_leave(case, day(now)):
            raise Blocked([Obstacle(code="safety_first", cleared_by="council")])
        agreements.set_aside(case, now=now)
        parting.part(case, leaving, now=now)
        new = _linked(case, today=day(now))
        for harmed in case.parties.filter(role=Party.Role.HARMED):
            Party.objects.create(
                case=new, person=harmed.person, role=harmed.role, minor=harmed.minor,
                do_not_write=harmed.do_not_write,
            )  # fmt: skip
        _part_ways(leaving, case, new, now=now)
        settle_steering(new, today=day(now))
        write_note(case, by=by, now=now, room="referral", text=reason)
        record(case, "case_split", by=by, now=now, other=new.reference)
        record(new, "case_opened", by=by, now=now, other=case.reference)
        return new


def _linked(case: Case, *, today: date) -> Case:
    new = Case(
        community=case.community, steering=case.steering,
        charter_version=case.charter_version, title=case.title, account=case.account,
        kind=case.kind, happened_on=case.happened_on, referred_on=case.referred_on,
        opened_on=today, state_since=today, urgent=case.urgent, split_from=case,
    )  # fmt: skip
    new.save(force_insert=True)
    return new


def _part_ways(leaving: Party, old: Case, new: Case, *, now: datetime) -> None:
    """Move a person responsible and who stands beside them; whatever was said yes to ends."""
    Consent.objects.filter(party=leaving, ended_at=None).update(ended_at=now)
    Party.objects.filter(pk=leaving.pk).update(
        case=new, assessed_on=None, safe_to_meet=False, safety_answers="", safety_flags=[],
        closing_word="", closing_word_asked_on=None,
    )  # fmt: skip
    places = old.participations.filter(
        Q(beside=leaving) | Q(person_id=leaving.person_id, role="responsible")
    )
    people = {place.person for place in places.select_related("person")}
    places.update(case=new)
    for person in people:
        sync_permissions(old, person)
        sync_permissions(new, person)
