"""A proposal as one viewer sees it, made in as many statements for ten voices as for thousands."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from deliberation import models
from deliberation.actions.time import Scene
from deliberation.parts import PAGE, Part, concerns_of, may_read, parts_of
from deliberation.reading import consenting, voting
from deliberation.reading import shown as made
from deliberation.reading.circle import circle_of, speaking_now
from deliberation.reading.comparing import compare, has_changed
from deliberation.reading.consenting import Reader
from deliberation.reading.words import lines_of, name_of, name_of_person
from moves.core import Hidden
from moves.pages import ShownMove, order_shown

Moves = Callable[[Part], Sequence[ShownMove]]


def shown(
    scene: Scene, *, now: datetime, moves: Moves, page: int = 1,
    beside: Mapping[str, str] | None = None,
) -> made.Shown:  # fmt: skip
    """Return what this viewer reads of a proposal and can do to it.

    ``moves`` gives what they can do to one part, with the owner's words and addresses; it is
    asked once for each part. ``page`` pages through remarks and concerns. ``beside`` says, by an
    amendment's id, what the owner changes with it. Hidden for who has neither a voice nor
    guides: see ``shown_without_voice``.
    """
    if not may_read(scene):
        raise Hidden
    texts = _texts(scene)
    parts = parts_of(scene, page=page)
    can = {(one.part, one.id): sorted(moves(one), key=order_shown) for one in parts}
    reader = Reader(scene, now, can, {one.number: one.text for one in texts}, beside or {})
    voices = scene.circle.voices.live(now).count()
    if isinstance(scene.process, models.ByConsent):
        return _by_consent(parts, reader, texts, voices)
    return _by_supermajority(parts, reader, texts, voices, page)


def shown_without_voice(scene: Scene, *, now: datetime) -> made.Shown:
    """Return the read-only view for somebody to whom the owner opens it: a party to the case.

    The text, what came of it and counts of closed votes: nothing anybody said, no name, no move.
    Whether they may read it at all is for the owner to say.
    """
    texts = _texts(scene)
    reader = Reader(scene, now, {}, {one.number: one.text for one in texts})
    voices = scene.circle.voices.live(now).count()
    text = made.Text(
        words=scene.text, version=scene.proposal.version, by="", when=reader.day(texts[-1].at)
    )
    ballots = [] if isinstance(scene.process, models.ByConsent) else _ballots(scene)
    return made.Shown(
        **_base(reader, made.Circle(voices=voices), text, None, read_only=True),
        ballots=voting.show_ballots(ballots, reader),
    )


def _texts(scene: Scene) -> Sequence[models.TextVersion]:
    """Return every version; the scene knows the last one from here on."""
    texts = list(scene.proposal.texts.select_related("by__person").order_by("number"))
    scene.text = texts[-1].text
    return texts


def _text(texts: Sequence[models.TextVersion], reader: Reader) -> made.Text:
    now = texts[-1]
    changes = compare(texts[-2].text, now.text) if len(texts) > 1 else []
    return made.Text(
        words=now.text,
        version=now.number,
        by=name_of(now.by),
        when=reader.day(now.at),
        changes=changes if has_changed(changes) else [],
    )


def _base(
    reader: Reader,
    circle: made.Circle,
    text: made.Text,
    turn: models.Turn | None,
    *,
    read_only: bool = False,
) -> dict[str, Any]:
    scene = reader.scene
    return {
        "key": str(scene.proposal.pk),
        "method": scene.circle.get_method_display(),
        "lines": lines_of(scene, turn, reader.now),
        "aim": scene.circle.aim,
        "text": text,
        "circle": circle,
        "guide": name_of_person(scene.circle.guide) if scene.circle.guide else "",
        "outcome": scene.proposal.outcome,
        "read_only": read_only,
        "moves": reader.moves_on("proposal", scene.proposal),
        "own_moves": reader.moves_on("voice", scene.voice) if scene.voice else [],
    }


def _things(parts: Sequence[Part], part: str) -> list[Any]:
    return [one.thing for one in parts if one.part == part]


def _by_consent(
    parts: Sequence[Part], reader: Reader, texts: Sequence[models.TextVersion], voices: int
) -> made.Shown:
    scene = reader.scene
    rounds, turns = consenting.rounds_of(scene.process)
    latest = rounds[-1] if rounds else None
    of_latest: Sequence[models.Turn] = turns[latest.pk] if latest else []
    objections = _things(parts, "objection")
    return made.Shown(
        **_base(
            reader,
            circle_of(scene, latest, of_latest, voices),
            _text(texts, reader),
            speaking_now(scene, latest, of_latest),
        ),
        rounds=consenting.show_rounds(rounds, turns, objections, reader),
        objections=consenting.show_objections(
            objections, _things(parts, "setting_aside"), _things(parts, "amendment"), reader
        ),
    )


def _ballots(scene: Scene) -> list[models.Ballot]:
    return list(scene.process.ballots.order_by("number"))


def _by_supermajority(
    parts: Sequence[Part],
    reader: Reader,
    texts: Sequence[models.TextVersion],
    voices: int,
    page: int,
) -> made.Shown:
    scene = reader.scene
    ballots = _ballots(scene)
    remarks, more_remarks = voting.remarks_on(scene.proposal, page=page)
    more = more_remarks or concerns_of(scene.proposal).count() > PAGE * page
    return made.Shown(
        **_base(reader, made.Circle(voices=voices), _text(texts, reader), None),
        remarks=voting.show_remarks(remarks, reader),
        ballots=voting.show_ballots(ballots, reader),
        concerns=voting.show_concerns(
            _things(parts, "concern"), _things(parts, "amendment"), ballots, reader
        ),
        page=page,
        older=page + 1 if more else 0,
    )
