"""One question as one person sees it, its parts and their moves: for the pages and for the API.

Looking does what was due first, so that what is shown stands.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse

from communities.actions.time import settle
from communities.models import Asking, Community, Question
from communities.moves import here, moves_on_community, moves_on_question
from deliberation import moves as circle
from deliberation.actions.time import Scene
from deliberation.models import Amendment, Concern, Objection, Proposal, SettingAside, Turn, Voice
from deliberation.moves import scene_now
from moves.core import Move
from people.models import Person

# The parts of a proposal that have moves of their own, and the way from each to its proposal.
PARTS: dict[str, tuple[Any, str]] = {
    "proposal": (Proposal, "pk"),
    "turn": (Turn, "round__process__proposal_id"),
    "objection": (Objection, "proposal_id"),
    "setting_aside": (SettingAside, "objection__proposal_id"),
    "amendment": (Amendment, "proposal_id"),
    "concern": (Concern, "ballot__process__proposal_id"),
    "voice": (Voice, "circle__proposals"),
}


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

    def circle_moves(self) -> list[Move]:
        """Return the moves on the proposal, and on one's own voice while it is open."""
        if self.scene is None:
            return []
        found = list(self._here(circle.moves_on_proposal(self.scene, now=self.now)))
        voice = self.scene.voice
        if voice is not None and not self.scene.proposal.outcome:
            found += self._here(circle.moves_on_voice(voice, self.person, now=self.now))
        return found

    def moves_of(self, part: str, thing: Any) -> list[Move]:
        """Return the moves on one part of the proposal."""
        assert self.scene is not None
        scene, now = self.scene, self.now
        if part == "proposal":
            return list(self._here(circle.moves_on_proposal(scene, now=now)))
        if part == "voice":
            return list(self._here(circle.moves_on_voice(thing, self.person, now=now)))
        if part == "turn":
            return list(self._here(circle.moves_on_turn(thing, scene)))
        listing: Any = {
            "objection": circle.moves_on_objection,
            "setting_aside": circle.moves_on_setting_aside,
            "amendment": circle.moves_on_amendment,
            "concern": circle.moves_on_concern,
        }[part]
        return list(self._here(listing(thing, scene, now=now)))

    def _here(self, moves: Iterator[Move]) -> Iterator[Move]:
        assert self.scene is not None
        return here(moves, self.question, self.scene, self.now)

    def url(self, move: Move) -> str:
        return url_of(self.community, move)

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
    asking = (
        question.askings.filter(community=community)
        .select_related("proposal__by_consent", "proposal__by_supermajority", "proposal__circle")
        .first()
    )
    if asking is None:
        return Seen(community, question, None, None, person, now)
    scene = scene_now(asking.proposal, person, now=now)
    return Seen(community, question, scene.proposal, scene, person, now)


def see_proposal(
    community: Community, person: Person, part: str, part_id: str, *, now: datetime
) -> tuple[Seen, Any] | None:
    """Return a part of a proposal before this community, and its question; None when hidden."""
    key = as_uuid(part_id)
    if part not in PARTS or key is None:
        return None
    model, way = PARTS[part]
    asking = (
        Asking.objects.filter(
            community=community, proposal__in=model.objects.filter(pk=key).values(way)
        )
        .order_by("pk")
        .last()
    )
    seen = see(community, person, asking.question_id, now=now) if asking is not None else None
    if seen is None or seen.scene is None:
        return None
    thing = model.objects.filter(pk=key).first()
    return (seen, thing) if thing is not None else None


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
    found = see_proposal(community, person, part, part_id, now=now)
    if found is None:
        return None
    seen, thing = found
    return Found(part, part_id, seen.moves_of(part, thing), seen.get_absolute_url(), seen)


def after(community: Community, person: Person, result: Any, back: str, *, now: datetime) -> str:
    """Return where somebody is after a move: at what they brought, where they still may be."""
    if isinstance(result, Question):
        seen = Question.objects.of(community).visible_to(person).filter(pk=result.pk)
        here = reverse("communities:question", args=[community.slug, result.pk])
        return here if seen.exists() else community.get_absolute_url()
    return back
