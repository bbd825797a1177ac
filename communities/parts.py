"""One question as one person sees it, its parts and their moves: for the pages and for the API.

Looking does what was due first, so that what is shown stands.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse

from communities.actions import recalling
from communities.actions.time import settle
from communities.models import Asking, Community, Question
from communities.moves import here, moves_on_community, moves_on_question
from deliberation import parts as circle
from deliberation.actions.time import Scene
from deliberation.models import Proposal
from deliberation.moves import scene_now
from deliberation.parts import Part
from moves.core import Move
from people.models import Person

PARTS = circle.PARTS


@dataclass(frozen=True)
class Seen:
    """A question as one person sees it in one community, with its circle there if it has one."""

    community: Community
    question: Question
    proposal: Proposal | None
    scene: Scene | None
    person: Person
    now: datetime

    def own_moves(self) -> list[Move]:
        """Return the moves on the question itself, outside its circle."""
        found = moves_on_question(self.question, self.person, proposal=self.proposal, now=self.now)
        return list(found)

    def parts(self) -> list[Part]:
        """Return the parts of the proposal that this person can act on."""
        return circle.parts_of(self.scene) if self.scene is not None else []

    def moves_of(self, part: Part) -> list[Move]:
        """Return the moves on one part of the proposal. A decided one leaves nothing to vote on."""
        if self.scene is None or (part.part == "voice" and self.scene.proposal.outcome):
            return []
        found = circle.moves_on_part(part, self.scene, now=self.now)
        return list(here(found, self.question, self.scene, self.now))

    def shown(self, show: Callable[[Move], Any]) -> Callable[[Part], Sequence[Any]]:
        """Return what gives the moves of a part as a page shows them."""
        return lambda part: [show(move) for move in self.moves_of(part)]

    def get_absolute_url(self) -> str:
        return reverse("communities:question", args=[self.community.slug, self.question.pk])


@dataclass(frozen=True)
class Found:
    """One part, everything this person can do to it, and where it is read."""

    part: str
    id: str
    moves: list[Move]
    back: str
    seen: Seen | None = None


def url_of(community: Community, move: Move) -> str:
    """Return where a move is shown and done."""
    return reverse("communities:move", args=[community.slug, move.part, move.part_id, move.name])


def as_uuid(typed: Any) -> UUID | None:
    try:
        return typed if isinstance(typed, UUID) else UUID(typed)
    except ValueError:
        return None


def see(community: Community, person: Person, question_id: Any, *, now: datetime) -> Seen | None:
    """Return a question as it stands for this person; None when it is hidden or not there."""
    key = as_uuid(question_id)
    questions = Question.objects.of(community).visible_to(person)
    question = questions.filter(pk=key).first() if key is not None else None
    if question is None:
        return None
    question = settle(question, now=now)
    asking = question.askings.filter(community=community).select_related("proposal").first()
    if asking is None:
        return Seen(community, question, None, None, person, now)
    scene = scene_now(asking.proposal, person, now=now)
    return Seen(community, question, scene.proposal, scene, person, now)


def asking_behind(part: str, part_id: str) -> Asking | None:
    """Return which circle of which question a part belongs to; None where it is not ours."""
    askings = Asking.objects.select_related("community__parent")
    if part == "voice":
        key = as_uuid(part_id)
        return askings.filter(proposal__circle__voices=key).first() if key is not None else None
    proposal = circle.proposal_behind(part, part_id)
    return askings.filter(proposal=proposal).first() if proposal is not None else None


def find(
    community: Community, person: Person, part: str, part_id: str, *, now: datetime
) -> Found | None:
    """Return one part that this person may know, with its moves; None when hidden."""
    if part == "community":
        if part_id != community.slug:
            return None
        moves = list(moves_on_community(community, person, now=now))
        return Found(part, part_id, moves, community.get_absolute_url())
    if part == "question":
        seen = see(community, person, part_id, now=now)
        if seen is None:
            return None
        return Found(part, part_id, seen.own_moves(), seen.get_absolute_url(), seen)
    asking = asking_behind(part, part_id)
    if asking is None or asking.community_id != community.pk:
        return None
    seen = see(community, person, asking.question_id, now=now)
    if seen is None or seen.scene is None:
        return None
    found = circle.find_part(seen.scene, part, part_id)
    if found is None:
        return None
    return Found(part, part_id, seen.moves_of(found), seen.get_absolute_url(), seen)


def find_brought(person: Person, question_id: Any, *, now: datetime) -> Found | None:
    """Return a recall that this person brought from outside, with its moves; None for others.

    What the members say of it, and what whom it is about answers, is not theirs to read.
    """
    key = as_uuid(question_id)
    question = recalling.brought_by(person).filter(pk=key).first() if key is not None else None
    if question is None:
        return None
    question = settle(question, now=now)
    moves = list(moves_on_question(question, person, proposal=None, now=now))
    back = reverse("communities:recall", args=[question.pk])
    own = [move for move in moves if move.name == "withdraw_question"]
    return Found(
        "question",
        str(question.pk),
        own,
        back,
        Seen(question.community, question, None, None, person, now),
    )


def after(community: Community, person: Person, result: Any, back: str) -> str:
    """Return where somebody is after a move: at what they brought, where they still may be."""
    if isinstance(result, Question):
        seen = Question.objects.of(community).visible_to(person).filter(pk=result.pk)
        here = reverse("communities:question", args=[community.slug, result.pk])
        return here if seen.exists() else community.get_absolute_url()
    return back
