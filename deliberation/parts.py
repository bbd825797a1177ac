"""The parts of one proposal that somebody can act on, and the moves on each.

An owner's page asks ``scene_now`` first, so that what was due is done. A part is found by its
kind and id alone, as in an address; ``proposal_behind`` says whose round it belongs to.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from deliberation import moves
from deliberation.actions.time import Scene
from deliberation.models import (
    Amendment,
    Concern,
    Objection,
    Proposal,
    SettingAside,
    Turn,
    Voice,
)
from moves.core import Move

# Each kind of part, and the way from it to its proposal.
WAYS: dict[str, tuple[Any, str]] = {
    "proposal": (Proposal, "pk"),
    "turn": (Turn, "round__process__proposal"),
    "objection": (Objection, "proposal"),
    "setting_aside": (SettingAside, "objection__proposal"),
    "amendment": (Amendment, "proposal"),
    "concern": (Concern, "ballot__process__proposal"),
}
PARTS = (*WAYS, "voice")


@dataclass(frozen=True)
class Part:
    """One thing in a round with moves of its own."""

    part: str
    id: str
    thing: Any


def proposal_behind(part: str, part_id: str) -> Proposal | None:
    """Return the proposal a part belongs to, None for what does not exist or is no part."""
    if part not in WAYS:
        return None
    try:
        key = UUID(part_id)
    except ValueError:
        return None
    model, way = WAYS[part]
    pk = model.objects.filter(pk=key).values_list(way, flat=True).first()
    return Proposal.objects.select_related("circle").filter(pk=pk).first() if pk else None


def parts_of(scene: Scene) -> list[Part]:
    """Return the proposal and everything in its round, for who has a voice there or guides it.

    Turns are there where a question awaits its author's answer, and one's own voice last. Nobody
    else sees anything.
    """
    if scene.voice is None and not scene.guides:
        return []
    proposal = scene.proposal
    found = [Part("proposal", str(proposal.pk), proposal)]
    objections = list(proposal.objections.select_related("owner__person", "position"))
    for objection in objections:
        objection.proposal = proposal
        found.append(Part("objection", str(objection.pk), objection))
    for aside in SettingAside.objects.filter(objection__in=objections).select_related("by__person"):
        aside.objection = next(one for one in objections if one.pk == aside.objection_id)
        found.append(Part("setting_aside", str(aside.pk), aside))
    amendments = proposal.amendments.select_related("by__person", "objection", "concern__ballot")
    for amendment in amendments:
        amendment.proposal = proposal
        found.append(Part("amendment", str(amendment.pk), amendment))
    found += [Part("turn", str(turn.pk), turn) for turn in _asking(scene)]
    for concern in _concerns(scene):
        found.append(Part("concern", str(concern.pk), concern))
    if scene.voice is not None:
        found.append(Part("voice", str(scene.voice.pk), scene.voice))
    return found


def _asking(scene: Scene) -> list[Turn]:
    mine = scene.voice is not None and scene.proposal.author_id == scene.voice.pk
    if not mine or not hasattr(scene.process, "rounds"):
        return []
    asked = Turn.objects.filter(round__process=scene.process, round__kind="clarifying")
    turns = asked.select_related("round", "voice__person")
    return [turn for turn in turns if turn.word and not turn.answer]


def _concerns(scene: Scene) -> list[Concern]:
    if hasattr(scene.process, "rounds"):
        return []
    found = Concern.objects.filter(ballot__process=scene.process)
    concerns = list(found.select_related("ballot"))
    for concern in concerns:
        concern.ballot.process = scene.process
    return concerns


def find_part(scene: Scene, part: str, part_id: str) -> Part | None:
    """Return the part of this kind and id, None where this person may not know of one."""
    return next((one for one in parts_of(scene) if (one.part, one.id) == (part, part_id)), None)


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
    if isinstance(thing, Voice) and scene.voice is not None:
        return list(moves.moves_on_voice(thing, scene.voice.person, now=now))
    return []
