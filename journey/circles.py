"""The circles of a case's council, for one person: which round a part belongs to, and its moves.

A round is seen by who has a voice in it, or guides it. Everything is asked anew at every address,
and what time decided is taken up first.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.urls import reverse

from cases.access import Standing, standing
from cases.models import Case
from cases.writing import day
from councils.actions import outcome, recalling, table
from councils.models import Council, Decision, Finding, Recall
from councils.moves import follow, moves_in_circle
from councils.reading import DecisionShown, beside_amendments, decision_shown, decisions_of
from councils.writing import locked_case
from deliberation.actions.time import Scene
from deliberation.models import Circle, Proposal
from deliberation.moves import scene_now
from deliberation.parts import Part, find_part, parts_of, proposal_behind
from deliberation.reading import Shown
from deliberation.reading import shown as shown_in_circle
from journey.wording import WORDS
from moves import pages
from moves.core import Move
from people.models import Person


@dataclass(frozen=True)
class Seen:
    """One round as one person sees it, and the part of it that was asked for."""

    case: Case
    council: Council
    scene: Scene
    part: Part

    def moves(self, *, now: datetime) -> list[Move]:
        """Return what can be done to the part that was asked for."""
        return moves_in_circle(self.part, self.council, self.case, self.scene, now=now)

    def shown(self, person: Person, *, now: datetime) -> Shown:
        """Return the whole round for its page."""

        def moves(part: Part) -> list[pages.ShownMove]:
            found = moves_in_circle(part, self.council, self.case, self.scene, now=now)
            return [
                pages.show(
                    move, WORDS, url=circle_url(self.case, move), link=self.page, with_form=False
                )
                for move in found
            ]

        decision = Decision.objects.filter(proposal=self.scene.proposal.pk).first()
        beside = beside_amendments(decision) if decision is not None else {}
        return shown_in_circle(self.scene, now=now, moves=moves, beside=beside)

    @property
    def page(self) -> str:
        """The address of the round."""
        return reverse("cases:proposal", args=[self.case.reference, self.scene.proposal.pk])

    def about(self, person: Person, *, now: datetime) -> "About":
        """Return what the proposal is: a finding with its grounds, a decision, or a recall."""
        proposal = self.scene.proposal
        finding = Finding.objects.filter(proposal=proposal).first()
        who = standing(person, self.case, today=day(now))
        decision = next(
            (one for one in decisions_of([self.council], who) if one.proposal_id == proposal.pk),
            None,
        )
        recall = recalling.recall_of(self.scene.circle)
        return About(
            finding=finding,
            decision=decision,
            shown=decision_shown(decision, self.case, who, day(now)) if decision else None,
            recall=recall,
        )


@dataclass(frozen=True)
class About:
    """What is proposed; exactly one of ``finding``, ``decision`` and ``recall`` is there."""

    finding: Finding | None
    decision: Decision | None
    shown: DecisionShown | None
    recall: Any


def circle_url(case: Case, move: Move) -> str:
    """Return where a move of a round is shown and done."""
    return reverse("cases:move", args=[case.reference, move.part, move.part_id, move.name])


def council_of(circle: Circle) -> Council | None:
    """Return the council a circle belongs to, None for a circle of something else."""
    councils = Council.objects.select_related(
        "case__community", "charter_version", "community", "process_guardian"
    ).prefetch_related("seats__person")
    if circle.subject_kind == table.SUBJECT:
        return councils.filter(pk=circle.subject_id).first()
    recall = recalling.recall_of(circle)
    return councils.filter(pk=recall.seat.council_id).first() if recall is not None else None


def seen_at(case: Case, person: Person, part: str, part_id: str, *, now: datetime) -> Seen | None:
    """Return the round this part belongs to, None where this person may not know of it."""
    proposal = proposal_behind(part, part_id)
    if proposal is None:
        return None
    return seen_in(case, person, proposal, part, part_id, now=now)


def seen_in(
    case: Case, person: Person, proposal: Proposal, part: str, part_id: str, *, now: datetime
) -> Seen | None:
    """Return one part of a proposal's round, with what time decided taken up."""
    council = council_of(proposal.circle)
    if council is None or council.case_id != case.pk:
        return None
    bring_up_to_date(council, now=now)
    scene = scene_now(proposal, person, now=now)
    found = find_part(scene, part, part_id)
    if found is None:
        return None
    council = council_of(proposal.circle)
    assert council is not None
    council.case = case
    return Seen(case, council, scene, found)


@transaction.atomic
def bring_up_to_date(council: Council, *, now: datetime) -> None:
    """Hold a council's circles with its case, and take up what time decided in them."""
    circles = [circle.pk for circle in table.circles_of(council)]
    if Proposal.objects.open().filter(circle__in=circles).exists():
        case = locked_case(council.case_id)
        fresh = Council.objects.select_for_update(of=("self",)).get(pk=council.pk)
        fresh.case = case
        table.keep_in_step(fresh, case, now=now)
    outcome.follow_by_time(council.pk, council.case_id, now=now)


def all_parts(case: Case, person: Person, who: Standing, *, now: datetime) -> list[Seen]:
    """Return every part of every round this person sees in a case; for walks and for the API."""
    councils = Council.objects.filter(case=case).values_list("pk", flat=True)
    recalls = Recall.objects.filter(seat__council__case=case).values_list("pk", flat=True)
    subjects = [str(pk) for pk in (*councils, *recalls)]
    proposals = Proposal.objects.filter(circle__subject_id__in=subjects).select_related("circle")
    found = []
    for proposal in proposals.order_by("at", "pk"):
        council = council_of(proposal.circle)
        scene = scene_now(proposal, person, now=now)
        if council is None:
            continue
        council.case = case
        found += [Seen(case, council, scene, part) for part in parts_of(scene)]
    return found


__all__ = ["About", "Seen", "all_parts", "council_of", "follow", "seen_at", "seen_in"]
