"""What was said in the rounds, objections with what was tried, and who agreed to set one aside."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from deliberation import models
from deliberation.actions.time import Scene
from deliberation.reading import shown
from deliberation.reading.comparing import compare
from deliberation.reading.words import name_of, on_day
from moves.pages import ShownMove

MOST_TURNS = 200
MOST_NAMES = 12


@dataclass(frozen=True)
class Reader:
    """Who reads, when, and what they can do: moves by the part and id they are on."""

    scene: Scene
    now: datetime
    moves: Mapping[tuple[str, str], list[ShownMove]]
    texts: Mapping[int, str]
    # By an amendment's id, what the owner of the circle changes with it.
    beside: Mapping[str, str] = field(default_factory=dict)

    def moves_on(self, part: str, thing: Any) -> list[ShownMove]:
        return self.moves.get((part, str(thing.pk)), [])

    def is_me(self, voice_id: Any) -> bool:
        return self.scene.voice is not None and voice_id == self.scene.voice.pk

    def day(self, moment: datetime) -> str:
        return on_day(moment, self.now)


Turns = Mapping[Any, list[models.Turn]]


def rounds_of(process: models.ByConsent) -> tuple[list[models.Round], Turns]:
    """Return the rounds, and the first turns of each by its id; in two statements."""
    rounds = list(process.rounds.order_by("number"))
    found: dict[Any, list[models.Turn]] = {one.pk: [] for one in rounds}
    turns = models.Turn.objects.filter(round__in=rounds).select_related("voice__person", "position")
    for turn in turns.order_by("round__number", "place"):
        found[turn.round_id].append(turn)
    return rounds, found


def show_rounds(
    rounds: Sequence[models.Round],
    turns: Turns,
    objections: Iterable[models.Objection],
    reader: Reader,
) -> list[shown.Round]:
    """Return every round with what each said in their turn, in the order of turns."""
    reasons = {one.position_id: one for one in objections}
    return [
        shown.Round(
            key=str(one.pk),
            kind=one.kind,
            title=one.get_kind_display(),
            version=one.version,
            open=one.closed_at is None,
            when=reader.day(one.opened_at),
            said=[
                _said(turn, one.kind, reasons, reader)
                for turn in turns[one.pk][:MOST_TURNS]
                if turn.state != "waiting"
            ],
            more=max(0, len(turns[one.pk]) - MOST_TURNS),
        )
        for one in rounds
    ]


def _said(
    turn: models.Turn, kind: str, reasons: Mapping[Any, models.Objection], reader: Reader
) -> shown.Said:
    position = getattr(turn, "position", None)
    objection = reasons.get(turn.pk)
    return shown.Said(
        name=name_of(turn.voice),
        mine=reader.is_me(turn.voice_id),
        label=position.get_kind_display() if position else _label(turn, kind),
        kind=position.kind if position else turn.state,
        words=objection.why if objection and not turn.word else turn.word,
        answer=turn.answer,
        moves=reader.moves_on("turn", turn),
    )


def _label(turn: models.Turn, kind: str) -> str:
    """Say what became of a turn that holds no position."""
    if turn.state == "gone":
        return _("Has left")
    if turn.state == "missed":
        silent = _("Said nothing: neither for nor against")
        return silent if kind == "consenting" else _("Was not there")
    if not turn.word:
        return _("Passed")
    said = _("Asks") if kind == "clarifying" else _("Says")
    return _("%(said)s, in writing") % {"said": said} if turn.state == "written" else said


def show_objections(
    objections: Iterable[models.Objection],
    settings_aside: Iterable[models.SettingAside],
    amendments: Iterable[models.Amendment],
    reader: Reader,
) -> list[shown.Objection]:
    """Return each objection with its amendments, and the reasons for setting it aside."""
    asides, offered = list(settings_aside), list(amendments)
    return [
        shown.Objection(
            key=str(one.pk),
            owner=name_of(one.owner),
            mine=reader.is_me(one.owner_id),
            raised_by=_raised_by(one),
            why=one.why,
            state=one.state,
            state_label=one.get_state_display(),
            left=one.state == "open" and not one.owner.lives_at(reader.now),
            when=reader.day(one.at),
            amendments=[
                show_amendment(offer, reader) for offer in offered if offer.objection_id == one.pk
            ],
            settings_aside=[
                _setting_aside(aside, reader) for aside in asides if aside.objection_id == one.pk
            ],
            moves=reader.moves_on("objection", one),
        )
        for one in objections
    ]


def _raised_by(objection: models.Objection) -> str:
    """Return who raised it, where somebody else has made it their own since; else ""."""
    first = objection.position.turn.voice
    return name_of(first) if first.pk != objection.owner_id else ""


def _setting_aside(aside: models.SettingAside, reader: Reader) -> shown.SettingAside:
    words = list(aside.words.all())
    return shown.SettingAside(
        key=str(aside.pk),
        by=name_of(aside.by),
        reason=aside.reason,
        when=reader.day(aside.at),
        agreed=[name_of(one.voice) for one in words] if len(words) <= MOST_NAMES else [],
        agreed_count=len(words),
        done=aside.agreed_at is not None,
        moves=reader.moves_on("setting_aside", aside),
    )


def show_amendment(
    amendment: models.Amendment, reader: Reader, gauged: Callable[[models.Amendment], str] = str
) -> shown.Amendment:
    """Return an amendment as what it changes in the version it was written for."""
    version = reader.scene.proposal.version
    return shown.Amendment(
        key=str(amendment.pk),
        by=name_of(amendment.by),
        when=reader.day(amendment.at),
        base=amendment.base,
        outdated=amendment.taken_at is None and amendment.base != version,
        taken=amendment.taken_at is not None,
        changes=compare(reader.texts.get(amendment.base, ""), amendment.text),
        beside=reader.beside.get(str(amendment.pk), ""),
        gauged=gauged(amendment) if amendment.concern_id is not None else "",
        moves=reader.moves_on("amendment", amendment),
    )
