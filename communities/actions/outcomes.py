"""What follows when a question is decided: in the transaction that finds it out, once."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.urls import reverse

from communities.actions import amending, electing, recalling
from communities.models import Question
from communities.writing import SUBJECT, day, locked, record, tell_people
from deliberation.actions.proposing import take_up
from deliberation.actions.together import combined_outcome
from deliberation.models import Proposal
from moves.machine import move


def decided_proposals(question: Question | None = None) -> Any:
    """Return what is decided and not acted on yet, of one question or of all, oldest first."""
    found = Proposal.objects.for_owner(SUBJECT).order_by("decided_at", "pk")
    return found if question is None else found.filter(asking__question=question)


def follow(proposal: Proposal, *, now: datetime) -> bool:
    """Act on one decided proposal; False when somebody has already. Dated when it was decided."""
    with transaction.atomic():
        found = Question.objects.get(askings__proposal=proposal)
        community = locked(found.community_id)
        question = Question.objects.select_related("person").get(pk=found.pk)
        question.community = community
        if not take_up(proposal, now=now):
            return False
        outcome = _outcome(proposal)
        if outcome and question.state == Question.State.DECIDING:
            assert proposal.decided_at is not None
            _end(question, proposal, adopted=outcome == "adopted", at=proposal.decided_at)
        return True


def _outcome(proposal: Proposal) -> str:
    """Return what came of a question; "" while another circle of it is still deciding."""
    return proposal.outcome if proposal.combined is None else combined_outcome(proposal.combined)


def _end(question: Question, proposal: Proposal, *, adopted: bool, at: datetime) -> None:
    # What ended before this was decided comes first, however late anybody looks.
    amending.end_trials(question.community, until=day(at))
    step = "decline"
    if adopted:
        step = "adopt" if _take_effect(question, proposal, at=at) else "void"
    question.ended_at = at
    withdrawn = not adopted and proposal.outcome == "withdrawn"
    move(question, "withdraw" if withdrawn else step, also=["ended_at"])
    record(
        question.community, f"{question.kind}_{question.state}", by=None, now=at,
        question=str(question.pk),
    )  # fmt: skip
    if question.kind == Question.Kind.RECALL and question.by_id != question.author_id:
        page = reverse("communities:recall", args=[question.pk])
        tell_people(
            [question.by_id], "recall_decided", key=f"decided:{question.pk}", now=at, page=page
        )


def _take_effect(question: Question, proposal: Proposal, *, at: datetime) -> bool:
    """Do what was adopted; False where it fits no more."""
    kind = question.kind
    if kind == Question.Kind.CARRIED:
        return True
    if kind == Question.Kind.RECALL:
        recalling.end_office(question, at=at)
        return True
    data = amending.terms_standing(question, proposal).data
    if kind == Question.Kind.ELECTION:
        return electing.take_office(question, data, at=at) is not None
    if not amending.fits_still(question, data):
        return False
    amending.take_effect(question, data, at=at)
    return True
