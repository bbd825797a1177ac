"""A decision as its author writes it: its course and reasons, its plan, its safety finding.

All of it is fixed once it is before the circle. From then on words and all that goes with them
change by amendments (``councils.actions.amending``), about which everybody is asked anew.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Max

from agreements import rules as agreement_rules
from agreements.rules import CommitmentFacts, HarmFacts
from cases.access import require
from cases.models import Case, Harm, Party
from cases.writing import day, record
from councils import rules
from councils.actions.finding import may_propose
from councils.actions.forming import frozen
from councils.actions.hearings import parties_not_heard
from councils.actions.table import circle_of, keep_in_step
from councils.models import Council, Decision, PlannedPromise, SafetyFinding
from councils.writing import on_council
from deliberation.actions import proposing
from deliberation.models import ByConsent, Proposal
from deliberation.writing import process_of
from moves.core import Obstacle, refuse_if_any
from people.models import Person

AGREEMENT = Decision.Course.AGREEMENT


def open_decision(council: Council) -> Decision | None:
    """Return the decision that is being written or deliberated, None where there is none."""
    return council.decisions.filter(proposal__outcome="").first()


def obstacles_to_propose(council: Council, case: Case) -> list[Obstacle]:
    """Return why no decision can be proposed: on hold, nothing found yet, or one is open."""
    found = frozen(case)
    first = council.appeal_of_id is None
    if first and not council.findings.filter(adopted_on__isnull=False).exists():
        found.append(Obstacle(code="findings_missing", cleared_by="council"))
    if open_decision(council) is not None:
        found.append(Obstacle(code="decision_open", cleared_by="council"))
    return found


def courses_open(council: Council, *, now: datetime) -> tuple[str, ...]:
    """Return what this council can decide now."""
    appeal = council.appeal_of_id is not None
    return rules.courses(appeal=appeal, heard=not parties_not_heard(council, now=now))


def propose_decision(
    council: Council, *, by: Person, now: datetime, course: str, text: str, account: str = "",
    proportion_reason: str = "", support: str = "",
) -> Decision:  # fmt: skip
    """Write a decision: its course, and in plain words what is proposed and why (``text``).

    ``account`` says what happened in neutral words, for the agreement it proposes; ``support`` is
    what the community does for the person harmed, whatever else is decided.
    """
    with on_council(council, by=by, now=now) as (council, case, _who):
        require(may_propose(council, by.pk))
        keep_in_step(council, case, now=now)
        refuse_if_any(obstacles_to_propose(council, case))
        if course not in courses_open(council, now=now):
            refuse_if_any([Obstacle(code="not_heard", cleared_by="process_guardian")])
        circle = circle_of(council)
        require(circle is not None)
        assert circle is not None
        proposal = proposing.propose(circle, by=by, now=now, text=text)
        decision = Decision.objects.create(
            council=council, proposal=proposal, course=course, account=account,
            proportion_reason=proportion_reason, support=support,
        )  # fmt: skip
        record(case, "decision_proposed", by=by, now=now, decision=str(decision.pk))
        return decision


# ── Its plan, while it is a draft ────────────────────────────────────────────


def may_write(decision: Decision, person_id: Any) -> bool:
    """Say whether this person can still change it: its author, before the circle has it."""
    proposal = decision.proposal
    if proposal.outcome or proposal.author.person_id != person_id:
        return False
    return process_of(proposal).state in ("drafting", "discussing")


@dataclass(frozen=True, kw_only=True)
class Promise:
    """One promise as it is typed. ``harm``, ``promised_by`` and ``promised_to`` are ids."""

    promised_by: str
    promised_to: str
    what: str
    harm: str = ""
    category: str = ""
    unit: str = "act"
    amount: Decimal | None = None
    due_on: date | None = None
    confirmed_by: str = "harmed"
    if_missed: str = ""

    def as_json(self) -> str:
        """Return it as it is kept with an amendment."""
        fields = {**vars(self), "amount": None if self.amount is None else str(self.amount)}
        fields["due_on"] = self.due_on.isoformat() if self.due_on else None
        return json.dumps(fields, ensure_ascii=False)

    @classmethod
    def of(cls, text: str) -> "Promise":
        """Return what ``as_json`` wrote."""
        fields = json.loads(text)
        fields["amount"] = None if fields["amount"] is None else Decimal(fields["amount"])
        fields["due_on"] = date.fromisoformat(fields["due_on"]) if fields["due_on"] else None
        return cls(**fields)


def fields_of(case: Case, typed: Promise) -> dict[str, Any]:
    """Return a promise's fields with its people and harm found in this case; Hidden otherwise."""
    parties = {str(party.pk): party for party in case.parties.all()}
    by, to = parties.get(str(typed.promised_by)), parties.get(str(typed.promised_to))
    harm = Harm.objects.filter(case=case, pk=typed.harm).first() if typed.harm else None
    require(
        by is not None and to is not None and by != to and (harm is not None) == bool(typed.harm)
    )
    return {**vars(typed), "promised_by": by, "promised_to": to, "harm": harm}


def plan_promise(decision: Decision, *, by: Person, now: datetime, **typed: Any) -> PlannedPromise:
    """Add a promise to the plan of a draft. What is missing in it is asked for before it begins."""
    with on_council(decision.council, by=by, now=now) as (_council, case, _who):
        decision = fresh(decision)
        require(may_write(decision, by.pk) and decision.course == AGREEMENT)
        refuse_if_any(frozen(case))
        return add_promise(decision, case, Promise(**typed), by=by, now=now)


def fresh(decision: Decision) -> Decision:
    """Return a decision read anew; under its case's lock."""
    found = Decision.objects.select_related("proposal__circle", "proposal__author", "council")
    return found.get(pk=decision.pk)


def add_promise(
    decision: Decision, case: Case, typed: Promise, *, by: Person | None, now: datetime
) -> PlannedPromise:
    """Add a promise as the last of a plan; case locked."""
    last = decision.promises.aggregate(last=Max("number"))["last"] or 0
    made = PlannedPromise(decision=decision, number=last + 1, **fields_of(case, typed))
    made.save(force_insert=True)
    record(case, "promise_planned", by=by, now=now, decision=str(decision.pk))
    return made


def change_planned(
    promise: PlannedPromise, *, by: Person, now: datetime, **typed: Any
) -> PlannedPromise:
    """Change a promise of a draft."""
    with on_council(promise.decision.council, by=by, now=now) as (_council, case, _who):
        require(may_write(fresh(promise.decision), by.pk))
        refuse_if_any(frozen(case))
        return change_promise(promise, case, Promise(**typed), by=by, now=now)


def change_promise(
    promise: PlannedPromise, case: Case, typed: Promise, *, by: Person | None, now: datetime
) -> PlannedPromise:
    """Change one promise of a plan; case locked. ``by`` is None where an amendment does it."""
    promise = PlannedPromise.objects.get(pk=promise.pk)
    for name, value in fields_of(case, typed).items():
        setattr(promise, name, value)
    promise.save()
    record(case, "promise_planned", by=by, now=now, decision=str(promise.decision_id))
    return promise


def remove_planned(promise: PlannedPromise, *, by: Person, now: datetime) -> Decision:
    """Take a promise out of a draft; return its decision."""
    with on_council(promise.decision.council, by=by, now=now) as (_council, case, _who):
        decision = fresh(promise.decision)
        require(may_write(decision, by.pk))
        refuse_if_any(frozen(case))
        take_out_promise(PlannedPromise.objects.get(pk=promise.pk), case, by=by, now=now)
        return decision


def take_out_promise(
    promise: PlannedPromise, case: Case, *, by: Person | None, now: datetime
) -> None:
    """Take one promise out of a plan, and number the rest anew; case locked."""
    decision = promise.decision
    promise.delete()
    for number, one in enumerate(decision.promises.order_by("number"), start=1):
        PlannedPromise.objects.filter(pk=one.pk).update(number=number)
    record(case, "promise_planned", by=by, now=now, decision=str(decision.pk))


# ── Its safety finding, while it is a draft ──────────────────────────────────


def find_threat(
    decision: Decision, *, by: Person, now: datetime, about: str, threat: str,
    alternatives: Sequence[dict[str, str]], review_on: date, ends_on: date, limits: str = "",
    placement: bool = False, aims: str = "", interim_until: date | None = None,
) -> SafetyFinding:  # fmt: skip
    """Write, in plain reasons, that somebody is an active threat, and what else was weighed.

    It binds nobody by itself: a placement also needs the person's acceptance or a lawful order.
    ValueError for times beyond the charter, or without an alternative that was weighed.
    """
    with on_council(decision.council, by=by, now=now) as (council, case, _who):
        decision = fresh(decision)
        require(may_write(decision, by.pk))
        refuse_if_any(frozen(case))
        party = case.parties.filter(role=Party.Role.RESPONSIBLE, pk=about).first()
        require(party is not None)
        assert party is not None
        check_times(council, day(now), review_on, ends_on, interim_until)
        if not alternatives:
            raise ValueError("A safety finding needs another way that was weighed.")
        made, _ = SafetyFinding.objects.update_or_create(
            decision=decision,
            defaults={
                "about": party, "threat": threat, "limits": limits, "placement": placement,
                "alternatives": json.dumps(list(alternatives), ensure_ascii=False),
                "aims": aims, "review_on": review_on, "ends_on": ends_on,
                "interim_until": interim_until,
            },
        )  # fmt: skip
        record(case, "threat_written", by=by, now=now, decision=str(decision.pk))
        return made


def check_times(
    council: Council, today: date, review_on: date, ends_on: date, interim_until: date | None
) -> None:
    """Raise ValueError where a safety finding would last longer than the charter lets it."""
    wrong = rules.safety_problems(
        review_in=(review_on - today).days, ends_in=(ends_on - today).days,
        interim_in=(interim_until - today).days if interim_until else 0,
        charter=council.charter_version.charter,
    )  # fmt: skip
    if wrong:
        raise ValueError(f"These are not the times of a safety finding: {wrong}")


def drop_threat(decision: Decision, *, by: Person, now: datetime) -> Decision:
    """Take the safety finding out of a draft."""
    with on_council(decision.council, by=by, now=now) as (_council, case, _who):
        decision = fresh(decision)
        require(may_write(decision, by.pk))
        SafetyFinding.objects.filter(decision=decision).delete()
        record(case, "threat_dropped", by=by, now=now, decision=str(decision.pk))
        return decision


# ── Before the circle ────────────────────────────────────────────────────────


def obstacles_to_begin(decision: Decision, case: Case, today: date) -> list[Obstacle]:
    """Return why the circle cannot be asked yet: what an agreement needs before it is offered."""
    if decision.course != AGREEMENT:
        return []
    return plan_obstacles(decision, case, facts_of(decision), today)


def facts_of(decision: Decision) -> list[CommitmentFacts]:
    """Return the promises of a plan as the rules of an offer read them."""
    promises = decision.promises.select_related("promised_by", "promised_to")
    return [
        CommitmentFacts(
            number=one.number, harm=one.harm_id, what=one.what, unit=one.unit, amount=one.amount,
            due_on=one.due_on, between_sides=one.promised_by.role != one.promised_to.role,
        )
        for one in promises
    ]  # fmt: skip


def plan_obstacles(
    decision: Decision, case: Case, promises: list[CommitmentFacts], today: date
) -> list[Obstacle]:
    """Return why an agreement of these promises could not be offered to both sides."""
    found = agreement_rules.obstacles_to_offer(
        promises,
        [HarmFacts(key=one.pk, unit=one.unit, amount=one.amount) for one in case.harms.all()],
        decision.proportion_reason,
        today=today,
        plan_months=case.charter_version.charter.plan_months,
        account=decision.account,
        frozen=False,
    )
    return [Obstacle(code=one.code, cleared_by="council") for one in found]


def begin_proposal(proposal: Proposal, *, by: Person, now: datetime) -> Proposal:
    """Bring a draft before the circle: one at a time, and with a plan that could be offered."""
    decision = Decision.objects.filter(proposal=proposal).select_related("council__case").first()
    found = obstacles_before(proposal)
    if decision is not None:
        found += obstacles_to_begin(decision, decision.council.case, day(now))
    refuse_if_any(found)
    return proposing.begin(proposal, by=by, now=now)


def obstacles_before(proposal: Proposal) -> list[Obstacle]:
    """Return why the circle cannot take this up: it is at another proposal."""
    under_way = ByConsent.objects.filter(
        proposal__circle=proposal.circle_id, proposal__outcome=""
    ).exclude(state=ByConsent.State.DRAFTING)
    if under_way.exclude(proposal=proposal.pk).exists():
        return [Obstacle(code="another_under_way", cleared_by="council")]
    return []
