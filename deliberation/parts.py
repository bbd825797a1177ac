"""The things of a proposal that have moves of their own, for the pages of its circle's owner.

An owner's view makes a scene first (``moves.scene_now``), so that what was due is done, and asks
here what there is, what can be done to it, and what stands at an address. Who has neither a voice
nor guides is shown nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from deliberation import moves
from deliberation.actions.time import Scene
from deliberation.models import (
    Amendment,
    ByConsent,
    Concern,
    Objection,
    Proposal,
    SettingAside,
    Turn,
    Voice,
)
from moves.core import Move

# Each kind of part that stands in an address, and the way from it to its proposal.
WAYS: dict[str, tuple[Any, str]] = {
    "proposal": (Proposal, "pk"),
    "turn": (Turn, "round__process__proposal"),
    "objection": (Objection, "proposal"),
    "setting_aside": (SettingAside, "objection__proposal"),
    "amendment": (Amendment, "proposal"),
    "concern": (Concern, "ballot__process__proposal"),
}
PARTS = (*WAYS, "voice")

# By consent circles are small. By vote thousands can have concerns: so many stand on a page.
PAGE = 50


@dataclass(frozen=True)
class Part:
    """One thing of a proposal with moves of its own; ``part`` and ``id`` are its address."""

    part: str
    id: str
    thing: Any


def proposal_behind(part: str, part_id: str) -> Proposal | None:
    """Return the proposal a part belongs to, None for what does not exist or is no part."""
    if part not in WAYS or not is_id(part_id):
        return None
    model, way = WAYS[part]
    pk = model.objects.filter(pk=part_id).values_list(way, flat=True).first()
    return Proposal.objects.select_related("circle").filter(pk=pk).first() if pk else None


def may_read(scene: Scene) -> bool:
    """Say whether a proposal is this person's to read: with a voice, or as the guide."""
    return scene.voice is not None or scene.guides


def parts_of(scene: Scene, *, page: int = 1) -> list[Part]:
    """Return what this person may know of and act on, the proposal itself first.

    Of concerns those of this ``page``, and the amendments that would answer them. As many
    statements for a large circle as for a small one, and for thirty objections as for one.
    """
    if not may_read(scene):
        return []
    found = [Part("proposal", str(scene.proposal.pk), scene.proposal)]
    for part, things in _things(scene, page=page):
        found += [Part(part, str(one.pk), one) for one in things]
    if scene.voice is not None:
        found.append(Part("voice", str(scene.voice.pk), scene.voice))
    return found


def _things(scene: Scene, *, page: int) -> Iterator[tuple[str, list[Any]]]:
    proposal = scene.proposal
    if isinstance(scene.process, ByConsent):
        yield "objection", list(objections_of(proposal))
        yield "setting_aside", list(settings_aside_of(proposal))
        yield "amendment", list(amendments_of(proposal))
        # What was asked and answered is sealed, so that the database cannot tell.
        yield "turn", [one for one in questions_of(proposal) if one.word and not one.answer]
        return
    concerns = concerns_on(proposal, page=page)
    yield "amendment", list(amendments_of(proposal).filter(concern__in=concerns))
    yield "concern", concerns


def moves_on_part(part: Part, scene: Scene, *, now: datetime) -> list[Move]:
    """Return what this person can do to one part now, and what stands in the way."""
    thing = part.thing
    if isinstance(thing, Proposal):
        return list(moves.moves_on_proposal(scene, now=now))
    if isinstance(thing, Objection):
        return list(moves.moves_on_objection(thing, scene, now=now))
    if isinstance(thing, SettingAside):
        return list(moves.moves_on_setting_aside(thing, scene, now=now))
    if isinstance(thing, Amendment):
        return list(moves.moves_on_amendment(thing, scene, now=now))
    if isinstance(thing, Turn):
        return list(moves.moves_on_turn(thing, scene))
    if isinstance(thing, Concern):
        return list(moves.moves_on_concern(thing, scene, now=now))
    if isinstance(thing, Voice):
        return list(moves.moves_on_voice(thing, thing.person, now=now))
    return []


def find_part(scene: Scene, part: str, part_id: str) -> Part | None:
    """Return what stands at this address, None where this person may not know of such a thing.

    It is looked for by its id, whichever page of a list it stands on.
    """
    if not may_read(scene) or not is_id(part_id):
        return None
    thing: Any
    if part == "voice":
        thing = scene.voice
    elif part == "proposal":
        thing = scene.proposal
    else:
        thing = FIND[part](scene.proposal).filter(pk=part_id).first() if part in FIND else None
    return Part(part, part_id, thing) if thing is not None and str(thing.pk) == part_id else None


def is_id(text: str) -> bool:
    """Say whether this is the id of anything, written as everywhere."""
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False


# ── What there is, with everything that its moves ask about ──────────────────


def questions_of(proposal: Proposal) -> QuerySet[Turn]:
    """Return the turns of the clarifying round in which somebody spoke."""
    found = Turn.objects.filter(round__process__proposal=proposal, round__kind="clarifying")
    said = found.filter(state__in=("spoken", "written"))
    return said.select_related("round").order_by("round__number", "place")


def objections_of(proposal: Proposal) -> QuerySet[Objection]:
    """Return the objections, oldest first, with their owners and who raised them."""
    found = Objection.objects.filter(proposal=proposal)
    return found.select_related("proposal", "owner__person", "position__turn__voice__person")


def settings_aside_of(proposal: Proposal) -> QuerySet[SettingAside]:
    """Return the reasons for setting an objection aside, with who agreed."""
    found = SettingAside.objects.filter(objection__proposal=proposal)
    with_owner = found.select_related("by__person", "objection__owner", "objection__proposal")
    return with_owner.prefetch_related("words__voice__person")


def amendments_of(proposal: Proposal) -> QuerySet[Amendment]:
    """Return the amendments, oldest first, with what they would answer."""
    found = Amendment.objects.filter(proposal=proposal)
    return found.select_related("proposal", "by__person", "objection__owner", "concern__ballot")


def concerns_of(proposal: Proposal) -> QuerySet[Concern]:
    """Return the concerns, those after the latest vote first."""
    found = Concern.objects.filter(ballot__process__proposal=proposal)
    return found.select_related("ballot__process__proposal__circle").order_by(
        "-ballot__number", "at", "pk"
    )


def concerns_on(proposal: Proposal, *, page: int) -> list[Concern]:
    """Return the concerns of one page."""
    return list(concerns_of(proposal)[PAGE * (page - 1) : PAGE * page])


FIND: dict[str, Any] = {
    "turn": questions_of,
    "objection": objections_of,
    "setting_aside": settings_aside_of,
    "amendment": amendments_of,
    "concern": concerns_of,
}
