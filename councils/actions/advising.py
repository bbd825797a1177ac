"""A council asks what other cases teach, while one of its members writes a decision with a plan.

The counting, the guard behind it and what is kept of an answer are those of ``agreements``. Any
member of the council can ask. Who writes the draft takes over, changes or refuses each suggestion,
with a reason, and nothing is added by itself.
"""

from datetime import datetime
from typing import Any

from agreements.actions import advising
from agreements.models import Suggestion
from cases.access import require
from cases.models import Case
from cases.writing import day, record
from councils.actions.deciding import AGREEMENT, Promise, add_promise, fresh, may_write
from councils.actions.finding import may_propose
from councils.actions.forming import frozen
from councils.models import Advice, Decision, PlannedPromise
from councils.writing import on_council
from deliberation.models import ByConsent
from deliberation.writing import process_of
from moves.core import Hidden, Obstacle, refuse_if_any
from people.models import Person

BEING_WRITTEN = (ByConsent.State.DRAFTING, "discussing")


def may_ask(decision: Decision, case: Case, person_id: Any) -> bool:
    """Say whether this person may ask: they sit on the council, and its decision is being written.

    Only where the charter the case was opened under allows it, and for a plan both sides sign.
    """
    if decision.course != AGREEMENT or decision.proposal.outcome:
        return False
    if advising.adviser_of(case) is None or not may_propose(decision.council, person_id):
        return False
    return process_of(decision.proposal).state in BEING_WRITTEN


def obstacles_to_ask(case: Case) -> list[Obstacle]:
    """Return why nothing can be asked yet: on hold, or nobody has said what was lost."""
    found = frozen(case)
    if not case.harms.all():
        found.append(Obstacle(code="harm_not_stated", cleared_by="mediator"))
    return found


def may_answer(advice: Advice, case: Case, person_id: Any) -> bool:
    """Say whether this person answers a suggestion: who writes the decision, while it has none."""
    waits = advice.suggestion.state == Suggestion.State.SHOWN
    return waits and may_write(advice.decision, person_id) and advising.adviser_of(case) is not None


def obstacles_to_take_over(advice: Advice, case: Case) -> list[Obstacle]:
    """Return why it cannot be taken over as it is: with it, more would be promised than lost."""
    found = frozen(case)
    if advising.more_than_is_left(advice.suggestion, advice.decision.promises.all()):
        found.append(Obstacle(code="more_than_is_left", cleared_by="council"))
    return found


def ask_advice(decision: Decision, *, by: Person, now: datetime, kind: str) -> Decision:
    """Count what cases of this ``kind`` teach, and show it to the council beside its draft."""
    with on_council(decision.council, by=by, now=now) as (council, case, _who):
        decision = fresh(decision)
        decision.council = council
        require(may_ask(decision, case, by.pk))
        refuse_if_any(obstacles_to_ask(case))
        adviser = advising.adviser_of(case)
        if adviser is None:
            raise Hidden
        advising.note_kind(case, kind)
        shown = advising.advice_for(decision.promises.all(), case, adviser)
        before = Suggestion.objects.filter(advice__decision=decision)
        new = advising.show_new(shown, before, case, now=now)
        Advice.objects.bulk_create(Advice(decision=decision, suggestion=one) for one in new)
        decision.advised_on = day(now)
        decision.save(update_fields=["advised_on"])
        record(case, "advice_asked", by=by, now=now, decision=str(decision.pk), shown=str(len(new)))
        return decision


def take_over(advice: Advice, *, by: Person, now: datetime, why: str, reason: str = "") -> Advice:
    """Plan a promise in the form suggested. What exactly and by when is still to be written."""
    return _answer(advice, "take_over", None, by=by, now=now, why=why, reason=reason)


def change(
    advice: Advice, *, by: Person, now: datetime, why: str, reason: str = "", **promise: Any
) -> Advice:
    """Plan a promise from a suggestion, changed; ``promise`` is what ``plan_promise`` takes."""
    return _answer(advice, "change", promise, by=by, now=now, why=why, reason=reason)


def refuse(advice: Advice, *, by: Person, now: datetime, why: str, reason: str = "") -> Advice:
    """Say that a suggestion is not for this case. It is not shown again for this decision."""
    return _answer(advice, "refuse", None, by=by, now=now, why=why, reason=reason)


def _answer(
    advice: Advice, step: str, promise: dict[str, Any] | None, *, by: Person, now: datetime,
    why: str, reason: str,
) -> Advice:  # fmt: skip
    with on_council(advice.decision.council, by=by, now=now) as (_council, case, _who):
        advice = Advice.objects.select_related("decision").get(pk=advice.pk)
        advice.decision = fresh(advice.decision)
        advice.suggestion = advising.locked_suggestion(advice.suggestion, case)
        require(may_answer(advice, case, by.pk))
        blocked = obstacles_to_take_over(advice, case) if step == "take_over" else frozen(case)
        refuse_if_any(blocked)
        if step == "take_over":
            promise = advising.fields_of(advice.suggestion, case)
        if promise is not None:
            advice.planned = _plan(advice, case, promise, by=by, now=now)
            advice.save(update_fields=["planned"])
        advising.answer(advice.suggestion, case, step, by=by, now=now, why=why, reason=reason)
        return advice


def _plan(
    advice: Advice, case: Case, promise: dict[str, Any], *, by: Person, now: datetime
) -> PlannedPromise:
    return add_promise(advice.decision, case, Promise(**promise), by=by, now=now)
