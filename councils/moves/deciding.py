"""What this person can do where a council deliberates and decides, and what stands in the way.

What is not yielded is hidden: it answers like a thing that does not exist.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from typing import Any

from agreements.forms import CommitmentForm
from cases.access import Standing
from cases.models import Case
from cases.writing import day
from councils import forms, rules
from councils.actions import appealing, deciding, finding, outcome, recalling, table
from councils.actions.forming import frozen
from councils.actions.hearings import parties_not_heard
from councils.models import Appeal, Council, Decision, PlannedPromise, Recall, Seat
from deliberation import parts as circle_parts
from deliberation.actions.time import Scene
from deliberation.models import Amendment, Objection, Proposal
from moves.core import Move
from people.models import Person

# The author of a recall's text is a member who was drawn to bring it in, not who asked for it.
NOT_IN_A_RECALL = ("withdraw_proposal", "revise")


def moves_on_table(
    council: Council, person: Person, who: Standing, *, now: datetime
) -> Iterator[Move]:
    """Yield how a council begins, meets again, and what its members propose."""
    case = council.case
    one = partial(Move, subject=council, part="council", part_id=str(council.pk))
    charter = council.charter_version.charter
    session = partial(forms.SessionForm, charter, council.process_guardian_id is not None)
    if table.may_begin(council, case, who):
        blocked = table.obstacles_to_begin(council, case)
        yield one(
            name="begin_deliberation", act=table.begin_deliberation, form=session,
            obstacles=blocked, main=not blocked,
        )  # fmt: skip
    if table.may_meet_again(council, case, who):
        blocked = table.obstacles_to_meet_again(council, case)
        yield one(
            name="meet_again", act=table.meet_again, form=session, obstacles=blocked,
            careful=True,
        )  # fmt: skip
    if finding.may_propose(council, person.pk):
        heard = not parties_not_heard(council, now=now)
        yield one(
            name="propose_finding", act=finding.propose_finding,
            form=partial(forms.FindingForm, rules.finding_kinds(heard=heard)),
            obstacles=finding.obstacles_to_propose(council, case),
        )  # fmt: skip
        blocked = deciding.obstacles_to_propose(council, case)
        courses = rules.courses(appeal=council.appeal_of_id is not None, heard=heard)
        yield one(
            name="propose_decision", act=deciding.propose_decision,
            form=partial(forms.DecisionForm, courses), obstacles=blocked, main=not blocked,
        )  # fmt: skip


def moves_on_decision(
    decision: Decision, case: Case, person: Person, who: Standing, *, now: datetime
) -> Iterator[Move]:
    """Yield what its author writes of a draft, and that a party asks to look at it again."""
    one = partial(Move, subject=decision, part="decision", part_id=str(decision.pk))
    held, today = frozen(case), day(now)
    if deciding.may_write(decision, person.pk):
        if decision.course == Decision.Course.AGREEMENT:
            yield one(
                name="plan_promise", act=deciding.plan_promise,
                form=partial(CommitmentForm, case), obstacles=held,
            )  # fmt: skip
        charter = decision.council.charter_version.charter
        yield one(
            name="find_threat", act=deciding.find_threat, obstacles=held,
            form=partial(forms.ThreatForm, case, charter, today),
        )  # fmt: skip
        if hasattr(decision, "safety"):
            yield one(name="drop_threat", act=deciding.drop_threat)
    if appealing.may_appeal(decision, case, who):
        yield one(
            name="appeal_decision", act=appealing.appeal_decision, form=forms.AppealForm,
            obstacles=appealing.obstacles_to_appeal(decision, case, who, today),
        )  # fmt: skip


def moves_on_planned(promise: PlannedPromise, case: Case, person: Person) -> Iterator[Move]:
    """Yield changing one promise of a draft, and taking it out."""
    if not deciding.may_write(promise.decision, person.pk):
        return
    one = partial(Move, subject=promise, part="planned", part_id=str(promise.pk))
    yield one(
        name="change_planned", act=deciding.change_planned, obstacles=frozen(case),
        form=partial(CommitmentForm, case, initial=forms.planned_initial(promise)),
    )  # fmt: skip
    yield one(
        name="remove_planned", act=deciding.remove_planned, obstacles=frozen(case), careful=True
    )


def moves_on_appeal(appeal: Appeal, case: Case, who: Standing) -> Iterator[Move]:
    """Yield forming the panel that hears an appeal, and taking it back."""
    one = partial(Move, subject=appeal, part="appeal", part_id=str(appeal.pk))
    if appealing.may_form(appeal, case, who):
        held = frozen(case)
        yield one(
            name="form_appeal_council", act=appealing.form_appeal_council, obstacles=held,
            main=not held,
        )  # fmt: skip
    if appealing.may_withdraw(appeal, who):
        yield one(name="withdraw_appeal", act=appealing.withdraw_appeal, careful=True)


def moves_to_recall(seat: Seat, case: Case, who: Standing) -> Iterator[Move]:
    """Yield saying that a member abuses their seat."""
    if recalling.may_ask(seat, who):
        yield Move(
            subject=seat,
            part="seat",
            part_id=str(seat.pk),
            name="ask_recall",
            act=recalling.ask_recall,
            form=forms.RecallForm,
            obstacles=recalling.obstacles_to_ask(seat, case),
            careful=True,
        )


def moves_on_recall(recall: Recall, case: Case, person: Person) -> Iterator[Move]:
    """Yield the member's own word."""
    if recalling.may_answer(recall, person.pk):
        yield Move(
            subject=recall,
            part="recall",
            part_id=str(recall.pk),
            name="answer_recall",
            act=recalling.answer_recall,
            form=forms.RecallWordForm,
            obstacles=frozen(case),
            main=True,
        )


# ── In the circle ────────────────────────────────────────────────────────────


def follow(council: Council, case: Case, now: datetime) -> None:
    """Do what follows from whatever the circles of a council have decided; case locked."""
    recalling.follow(council, case, now)
    outcome.follow(council, case, now)


def moves_in_circle(
    part: circle_parts.Part, council: Council, case: Case, scene: Scene, *, now: datetime
) -> list[Move]:
    """Return the moves on one part of a proposal, each under the case's lock and hold.

    A decision's begin and amendments are the council's own: they carry its plan.
    """
    held, today = frozen(case), day(now)
    of_recall = scene.circle.subject_kind == table.RECALL
    found = []
    for move in circle_parts.moves_on_part(part, scene, now=now):
        if of_recall and move.name in NOT_IN_A_RECALL:
            continue
        own = replace(move, **_own(move, case, today)) if not of_recall else move
        found.append(
            replace(
                own,
                act=table.in_circle(council, own.act, follow=follow, of_recall=of_recall),
                obstacles=held + own.obstacles,
                main=own.main and not held and not own.obstacles,
            )
        )
    return found


def _own(move: Move, case: Case, today: date) -> dict[str, Any]:
    """Return what a council changes of a circle's move: a decision carries a plan."""
    thing = move.subject
    if move.name == "begin" and isinstance(thing, Proposal):
        decision = Decision.objects.filter(proposal=thing).first()
        more = deciding.obstacles_before(thing)
        if decision is not None:
            more += deciding.obstacles_to_begin(decision, case, today)
        return {"act": deciding.begin_proposal, "obstacles": move.obstacles + more}
    if move.name == "offer_amendment" and isinstance(thing, Objection):
        decision = Decision.objects.filter(proposal=thing.proposal_id).first()
        if decision is not None and decision.course == Decision.Course.AGREEMENT:
            planned = list(decision.promises.all())
            text = thing.proposal.text
            return {
                "act": deciding.offer_amendment,
                "form": partial(forms.AmendDecisionForm, text, case, planned),
            }
    if move.name == "accept_amendment" and isinstance(thing, Amendment):
        more = deciding.obstacles_to_accept(thing, case, today)
        return {"act": deciding.accept_amendment, "obstacles": move.obstacles + more}
    return {}
