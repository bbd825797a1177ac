"""What follows from what a council's circle decided; done with the case locked, once.

Called in the transaction in which the circle decided, and by the clock for what time decided.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from agreements import actions as agreements
from cases.models import Case
from cases.writing import day, moment_of, record, tell_everybody
from communities.models import Membership
from councils import rules
from councils.actions import ending, recalling, table
from councils.actions.forming import concerned
from councils.models import Appeal, Council, Decision, Finding, Seat, Verdict
from councils.writing import locked_case
from deliberation.actions import proposing
from deliberation.models import Position, Proposal
from moves.machine import move
from notices.actions import tell

Course = Decision.Course


def follow(council: Council, case: Case, now: datetime) -> int:
    """Take up what this council's circle has decided; return how many proposals. Case locked."""
    decided = Proposal.objects.for_owner(table.SUBJECT).filter(circle__subject_id=str(council.pk))
    done = 0
    for proposal in list(decided.select_related("circle").order_by("decided_at", "pk")):
        if not proposing.take_up(proposal, now=now):
            continue
        done += 1
        finding = Finding.objects.filter(proposal=proposal).first()
        decision = Decision.objects.filter(proposal=proposal).first()
        assert proposal.decided_at is not None
        if finding is not None:
            _found(finding, proposal, case, at=proposal.decided_at)
        elif decision is not None:
            _decided(decision, proposal, council, case, at=proposal.decided_at, now=now)
    return done


def _found(finding: Finding, proposal: Proposal, case: Case, *, at: datetime) -> None:
    adopted = proposal.outcome == "adopted"
    if adopted:
        finding.adopted_on = day(at)
        finding.save(update_fields=["adopted_on"])
    code = "finding_adopted" if adopted else "finding_not_adopted"
    record(case, code, by=None, now=at, finding=str(finding.pk))


def _decided(
    decision: Decision, proposal: Proposal, council: Council, case: Case, *, at: datetime,
    now: datetime,
) -> None:  # fmt: skip
    if proposal.outcome == "withdrawn":
        record(case, "decision_withdrawn", by=None, now=at, decision=str(decision.pk))
        return
    adopted = proposal.outcome == "adopted"
    if adopted and not _verdicts(decision, proposal, council, case):
        adopted = False
    if not adopted:
        record(case, "decision_not_adopted", by=None, now=at, decision=str(decision.pk))
        ending.go_wider(council, case, now=now)
        return
    adopt(decision, council, case, at=at, now=now)


def _verdicts(decision: Decision, proposal: Proposal, council: Council, case: Case) -> bool:
    """Write down each community's verdict on a joint council's decision; say if all consent."""
    homes = concerned(case, council.community)
    if len(homes) < 2 or proposal.circle.method != "consent":
        return True
    said = Position.objects.filter(
        turn__round__process__proposal=proposal, turn__round__kind="consenting", kind="consent",
        turn__round__version=proposal.version,
    )  # fmt: skip
    people = set(said.values_list("turn__voice__person_id", flat=True))
    consents = {}
    for home in homes:
        members = Membership.objects.filter(community=home, role="member", person__in=people)
        consents[home.slug] = members.values("person_id").distinct().count()
        Verdict.objects.create(decision=decision, community=home, consents=consents[home.slug])
    return rules.every_community_consents(consents)


def adopt(decision: Decision, council: Council, case: Case, *, at: datetime, now: datetime) -> None:
    """Let a decision stand: both sides are told, with its reasons and how to appeal."""
    decision.adopted_on = day(at)
    if council.appeal_of_id is None:
        days = council.charter_version.charter.appeal_working_days
        # From the day they are told, which is later where nobody looked when time decided it.
        decision.appeal_until = rules.working_days_after(day(now), days)
    decision.save(update_fields=["adopted_on", "appeal_until"])
    move(council, "decide")
    record(
        case, "decision_adopted", by=None, now=at, decision=str(decision.pk),
        course=decision.course,
    )  # fmt: skip
    tell_everybody(case, "decision_adopted", now=now, key=f"decided:{decision.pk}")
    if council.appeal_of is not None:
        _answer_appeals(decision, council, case, now=now)
    if decision.course == Course.AGREEMENT:
        _offer(decision, case, now=now)
    if decision.appeal_until is None:
        take_effect(decision, case, on=at)


def _offer(decision: Decision, case: Case, *, now: datetime) -> None:
    promises: list[dict[str, Any]] = [
        {
            "harm": one.harm, "promised_by": one.promised_by, "promised_to": one.promised_to,
            "what": one.what, "category": one.category, "unit": one.unit, "amount": one.amount,
            "due_on": one.due_on,
            "confirmed_by": one.confirmed_by, "if_missed": one.if_missed,
        }
        for one in decision.promises.select_related("harm", "promised_by", "promised_to")
    ]  # fmt: skip
    decision.agreement = agreements.offer_from_council(
        case, account=decision.account, proportion_reason=decision.proportion_reason,
        promises=promises, now=now,
    )  # fmt: skip
    decision.save(update_fields=["agreement"])


def take_effect(decision: Decision, case: Case, *, on: datetime) -> None:
    """Let a decision take effect that nobody can appeal any more; case locked."""
    decision.effective_on = day(on)
    decision.save(update_fields=["effective_on"])
    if decision.course == Course.MEDIATION:
        ask_for_mediation(case, now=on)
    record(case, "decision_in_effect", by=None, now=on, decision=str(decision.pk))
    tell_everybody(case, "decision_in_effect", now=on, key=f"effect:{decision.pk}")


def ask_for_mediation(case: Case, *, now: datetime) -> None:
    """Ask each party afresh whether they go back to mediation; case locked."""
    for party in case.parties.all():
        party.consents.filter(stage="mediation", ended_at=None).update(ended_at=now)
    case.asked_for = "mediation"
    Case.objects.filter(pk=case.pk).update(asked_for="mediation")


# ── An appeal answered ───────────────────────────────────────────────────────


def _answer_appeals(decision: Decision, council: Council, case: Case, *, now: datetime) -> None:
    """Do what an appeal's council decided about the first one's decision."""
    first = council.appeal_of
    assert first is not None
    before = table.decision_that_stands(first)
    if before is None:
        return
    step = {Course.CONFIRM: "confirm", Course.RETURN: "send_back"}.get(
        Course(decision.course), "change"
    )
    for appeal in before.appeals.filter(state=Appeal.State.OPEN):
        appeal.decided_on = day(now)
        move(appeal, step, also=["decided_on"])
        record(case, f"appeal_{appeal.state}", by=None, now=now, appeal=str(appeal.pk))
    if step == "confirm":
        _let_stand(before, case, now=now)
        ending.finish(council, case, by=None, now=now)
        return
    before.replaced_on = day(now)
    before.save(update_fields=["replaced_on"])
    if before.agreement is not None:
        agreements.set_aside(case, now=now)
    if step == "change":
        # Who decided now stays with the case; the first council is over.
        ending.finish(first, case, by=None, now=now)
        return
    session = "room" if first.process_guardian is not None else "online"
    circle = table.circle_of(first)
    table.sit_again(
        first, case, aim=circle.aim if circle else "", session=session, hours=None, by=None,
        now=now,
    )  # fmt: skip
    ending.finish(council, case, by=None, now=now)


def _let_stand(before: Decision, case: Case, *, now: datetime) -> None:
    if before.agreement is not None:
        agreements.release_offer(before.agreement, case, now=now)
    take_effect(before, case, on=now)


def let_appeals_go(decision: Decision, case: Case, *, now: datetime) -> None:
    """Go on with a decision whose last appeal was taken back; case locked."""
    if decision.appeals.filter(state=Appeal.State.OPEN).exists():
        return
    hearing = Council.objects.live().filter(appeal_of=decision.council, case=case).first()
    if hearing is not None:
        ending.finish(hearing, case, by=None, now=now)
    if decision.agreement is not None:
        agreements.release_offer(decision.agreement, case, now=now)


# ── By time ──────────────────────────────────────────────────────────────────


@transaction.atomic
def follow_by_time(council_pk: Any, case_pk: Any, *, now: datetime) -> dict[str, int]:
    """Keep a council's circles in step, take up what time decided, let decisions take effect."""
    case = locked_case(case_pk)
    council = Council.objects.select_for_update(of=("self",)).get(pk=council_pk)
    council.case = case
    table.keep_in_step(council, case, now=now)
    done = {"recalls_decided": 0, "decided": 0, "in_effect": 0}
    if case.frozen_on is not None:
        return done
    done["recalls_decided"] = recalling.follow(council, case, now)
    if case.state != Case.State.COUNCIL:
        return done
    done["decided"] = follow(council, case, now)
    for decision in council.decisions.filter(
        adopted_on__isnull=False, effective_on=None, replaced_on=None, appeal_until__isnull=False
    ):
        done["in_effect"] += _effect_due(decision, case, now=now)
    return done


def _effect_due(decision: Decision, case: Case, *, now: datetime) -> bool:
    assert decision.appeal_until is not None
    assert decision.adopted_on is not None
    if decision.appeals.filter(state=Appeal.State.OPEN).exists():
        return False
    following = decision.appeal_until + timedelta(days=1)
    on = case.moved_on(following, since=decision.adopted_on)
    if on > day(now):
        return False
    take_effect(decision, case, on=moment_of(on))
    return True


def tell_members(council: Council, code: str, *, case: Case, now: datetime, key: str) -> None:
    """Tell everybody seated on a council."""
    for seat in council.seats.filter(state=Seat.State.ACCEPTED).select_related("person"):
        tell(
            seat.person, code, case_reference=case.reference,
            key=f"{case.reference}:{key}:{seat.person_id}", now=now,
        )  # fmt: skip
