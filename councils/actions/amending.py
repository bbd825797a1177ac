"""How a decision changes once it is before the circle: by an amendment that answers an objection.

With its words, an amendment can change one promise of the plan, what the community does for the
person harmed, and the safety finding. Whose the objection is accepts all of it or nothing, and
then everybody is asked anew.
"""

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from agreements.rules import CommitmentFacts
from cases.access import require
from cases.models import Case
from cases.writing import day, record
from councils.actions.deciding import (
    Promise,
    add_promise,
    change_promise,
    check_times,
    facts_of,
    fields_of,
    plan_obstacles,
    take_out_promise,
)
from councils.models import Decision, PlanChange, SafetyFinding
from deliberation.actions import integrating
from deliberation.models import Amendment, Objection
from moves.core import Obstacle, refuse_if_any
from people.models import Person

REMOVE = "remove:"
DAYS = ("review_on", "ends_on", "interim_until")


@dataclass(frozen=True, kw_only=True)
class Safety:
    """A safety finding as an amendment would have it.

    Whom it is about, what it is to help with and what else was weighed stay as they are.
    """

    threat: str
    review_on: date
    ends_on: date
    limits: str = ""
    placement: bool = False
    interim_until: date | None = None


@dataclass(frozen=True)
class Beside:
    """What else an amendment changes; None for what stays as it is.

    ``support`` is empty where none is offered any more; ``drops_safety`` takes the finding out.
    """

    support: str | None = None
    safety: Safety | None = None
    drops_safety: bool = False

    def as_json(self) -> str:
        """Return it as it is kept with an amendment; "" where nothing changes."""
        if self == Beside():
            return ""
        safety = None
        if self.safety is not None:
            safety = vars(self.safety) | {
                name: found.isoformat() if (found := getattr(self.safety, name)) else None
                for name in DAYS
            }
        fields = {"support": self.support, "safety": safety, "drops_safety": self.drops_safety}
        return json.dumps(fields, ensure_ascii=False)

    @classmethod
    def of(cls, text: str) -> "Beside":
        """Return what ``as_json`` wrote."""
        if not text:
            return cls()
        fields = json.loads(text)
        typed = fields["safety"]
        if typed is not None:
            typed |= {
                name: date.fromisoformat(typed[name]) if typed[name] else None for name in DAYS
            }
        safety = Safety(**typed) if typed is not None else None
        return cls(fields["support"], safety, fields["drops_safety"])


def offer_amendment(
    objection: Objection, *, by: Person, now: datetime, text: str, changes: str = "",
    promise: dict[str, Any] | None = None, support: str | None = None,
    safety: dict[str, Any] | None = None, drops_safety: bool = False,
) -> Amendment:  # fmt: skip
    """Offer words that answer an objection, and what changes with them.

    ``changes``: "" the plan stays, "new" a promise is added, "remove:ID" one is taken out, or the
    id of the one that becomes ``promise``. ``support`` and ``safety`` are None where they stay.
    ValueError for a safety finding that lasts longer than the charter lets it.
    """
    made = integrating.offer_amendment(objection, by=by, now=now, text=text)
    decision = (
        Decision.objects.select_related("council__case", "council__charter_version")
        .filter(proposal=objection.proposal_id)
        .first()
    )
    if decision is None:
        return made
    wanted = Beside(support, Safety(**safety) if safety is not None else None, drops_safety)
    if not changes and wanted == Beside():
        return made
    if wanted.safety is not None or wanted.drops_safety:
        require(hasattr(decision, "safety"))
    if wanted.safety is not None:
        times = (getattr(wanted.safety, name) for name in DAYS)
        check_times(decision.council, day(now), *times)
    _keep(made, decision, changes, promise, wanted)
    return made


def _keep(
    made: Amendment, decision: Decision, changes: str, promise: dict[str, Any] | None,
    wanted: Beside,
) -> None:  # fmt: skip
    removes = changes.startswith(REMOVE)
    planned, typed = None, ""
    if changes:
        require(decision.course == Decision.Course.AGREEMENT)
        if changes != "new":
            planned = decision.promises.filter(pk=changes.removeprefix(REMOVE)).first()
        require(changes == "new" or planned is not None)
    if changes and not removes:
        require(promise is not None)
        wished = Promise(**(promise or {}))
        fields_of(decision.council.case, wished)
        typed = wished.as_json()
    PlanChange.objects.create(
        amendment=made, decision=decision, promise=planned, typed=typed, removes=removes,
        beside=wanted.as_json(),
    )  # fmt: skip


def obstacles_to_accept(amendment: Amendment, case: Case, today: date) -> list[Obstacle]:
    """Return why what an amendment makes of the plan could not be offered to both sides."""
    change = PlanChange.objects.filter(amendment=amendment).select_related("decision").first()
    if change is None or not change.changes_plan:
        return []
    facts = facts_of(change.decision)
    numbers = {one.pk: one.number for one in change.decision.promises.all()}
    mine = numbers.get(change.promise_id) if change.promise_id else None
    rest = [one for one in facts if one.number != mine]
    if not change.removes:
        wanted = fields_of(case, Promise.of(change.typed))
        rest.append(
            CommitmentFacts(
                number=mine or len(facts) + 1, harm=wanted["harm"].pk if wanted["harm"] else None,
                what=wanted["what"], unit=wanted["unit"], amount=wanted["amount"],
                due_on=wanted["due_on"],
                between_sides=wanted["promised_by"].role != wanted["promised_to"].role,
            )
        )  # fmt: skip
    return plan_obstacles(change.decision, case, rest, today)


def accept_amendment(amendment: Amendment, *, by: Person, now: datetime) -> Amendment:
    """Say that an amendment answers one's objection: text and all beside it are as it says."""
    found = Decision.objects.select_related("council__case").filter(proposal=amendment.proposal_id)
    decision = found.first()
    if decision is not None:
        case = decision.council.case
        refuse_if_any(obstacles_to_accept(amendment, case, day(now)))
        _apply(amendment, case, now=now)
    return integrating.accept_amendment(amendment, by=by, now=now)


def _apply(amendment: Amendment, case: Case, *, now: datetime) -> None:
    change = (
        PlanChange.objects.filter(amendment=amendment)
        .select_related("promise", "decision")
        .first()
    )  # fmt: skip
    if change is None:
        return
    _apply_beside(change, case, now=now)
    if not change.changes_plan:
        return
    if change.removes:
        if change.promise is not None:
            take_out_promise(change.promise, case, by=None, now=now)
    elif change.promise is not None:
        change_promise(change.promise, case, Promise.of(change.typed), by=None, now=now)
    else:
        add_promise(change.decision, case, Promise.of(change.typed), by=None, now=now)


def _apply_beside(change: PlanChange, case: Case, *, now: datetime) -> None:
    wanted, decision = Beside.of(change.beside), change.decision
    if wanted.support is not None:
        decision.support = wanted.support
        decision.save(update_fields=["support"])
        record(case, "support_changed", by=None, now=now, decision=str(decision.pk))
    safety = SafetyFinding.objects.filter(decision=decision)
    if wanted.drops_safety:
        safety.delete()
        record(case, "threat_dropped", by=None, now=now, decision=str(decision.pk))
    elif wanted.safety is not None and (found := safety.first()) is not None:
        for name, value in vars(wanted.safety).items():
            setattr(found, name, value)
        found.save()
        record(case, "threat_written", by=None, now=now, decision=str(decision.pk))
