"""Rounds go round: a turn for everybody, spoken or in writing, and a position; no abstentions."""

from datetime import datetime

from deliberation import rules
from deliberation.actions.circles import obstacles_to_limit
from deliberation.actions.rounds import current_round, go_on, miss_turn
from deliberation.actions.time import Scene, changing
from deliberation.models import ByConsent, Objection, Position, Proposal, Round, Turn
from deliberation.writing import record, require
from moves.core import Obstacle, refuse_if_any
from people.models import Person

HEARING = ("clarifying", "reacting")


def round_of(scene: Scene) -> Round | None:
    """Return the round that is under way, None where none is."""
    return current_round(scene.process) if isinstance(scene.process, ByConsent) else None


def my_turn(scene: Scene, found: Round | None) -> Turn | None:
    """Return the turn this voice still has in a round."""
    if found is None or scene.voice is None:
        return None
    return found.turns.filter(voice=scene.voice, state="waiting").first()


def obstacles_to_turn(scene: Scene, turn: Turn, now: datetime) -> list[Obstacle]:
    """Return why somebody cannot speak yet: in the room, those before them come first."""
    first = turn.round.turns.waiting(now).first()
    return rules.obstacles_to_turn(
        is_next=first is None or first.pk == turn.pk, in_order=scene.circle.in_the_room
    )


def may_write(scene: Scene) -> bool:
    """Say whether a word in writing differs from speaking: in the room, for who cannot be there."""
    return scene.circle.in_the_room


def speak(proposal: Proposal, *, by: Person, now: datetime, word: str = "") -> Turn:
    """Take one's turn to ask or to react; without a word it is passed on."""
    return _say(proposal, by=by, now=now, word=word, written=False)


def write_word(proposal: Proposal, *, by: Person, now: datetime, word: str) -> Turn:
    """Leave a word that is read out when one's turn comes, for who cannot be in the room."""
    return _say(proposal, by=by, now=now, word=word, written=True)


def _say(proposal: Proposal, *, by: Person, now: datetime, word: str, written: bool) -> Turn:
    with changing(proposal, by=by, now=now) as scene:
        found = round_of(scene)
        turn = my_turn(scene, found)
        require(found is not None and found.kind in HEARING and turn is not None)
        assert turn is not None
        require(not written or may_write(scene))
        if not written:
            refuse_if_any(obstacles_to_turn(scene, turn, now))
        state = "written" if written else "spoken" if word.strip() else "passed"
        _take(scene, turn, state, word, by=by, now=now)
        go_on(scene.process, at=now)
        return turn


def _take(scene: Scene, turn: Turn, state: str, word: str, *, by: Person, now: datetime) -> None:
    turn.state, turn.word, turn.at = state, word.strip(), now
    turn.save(update_fields=["state", "word", "at"])
    record(
        scene.circle, "turn_taken", by=by, now=now,
        proposal=str(scene.proposal.pk), number=turn.round.number,
    )  # fmt: skip


def may_answer(turn: Turn, scene: Scene) -> bool:
    """Say whether the author can answer what was asked in this turn of the clarifying round."""
    asked = turn.round.kind == "clarifying" and bool(turn.word) and not turn.answer
    mine = scene.voice is not None and scene.proposal.author_id == scene.voice.pk
    return asked and mine and not scene.proposal.outcome


def answer(turn: Turn, *, by: Person, now: datetime, word: str) -> Turn:
    """Answer, as the author, what somebody asked."""
    proposal = Proposal.objects.get(by_consent__rounds__turns=turn.pk)
    with changing(proposal, by=by, now=now) as scene:
        turn = Turn.objects.select_related("round").get(pk=turn.pk)
        require(may_answer(turn, scene))
        turn.answer = word
        turn.save(update_fields=["answer"])
        record(scene.circle, "question_answered", by=by, now=now, proposal=str(proposal.pk))
        return turn


# ── Positions ────────────────────────────────────────────────────────────────


def obstacles_of_limit(scene: Scene, found: Round | None, now: datetime) -> list[Obstacle]:
    """Return the limit because of which this voice has no turn in a consent round."""
    if scene.voice is None or found is None or found.kind != "consenting":
        return []
    if found.turns.filter(voice=scene.voice, state__in=("waiting", "spoken", "written")).exists():
        return []
    return obstacles_to_limit(scene.voice, now)


def consent(proposal: Proposal, *, by: Person, now: datetime) -> Position:
    """Say that one can live with the proposal, for now."""
    return _position(proposal, "consent", by=by, now=now)


def stand_aside(proposal: Proposal, *, by: Person, now: datetime, word: str = "") -> Position:
    """Let it pass without taking part in it; that is recorded."""
    return _position(proposal, "stand_aside", by=by, now=now, word=word)


def object_to(
    proposal: Proposal, *, by: Person, now: datetime, why: str, against_aim: bool
) -> Position:
    """Say, with a reason, that the proposal works against the circle's aim."""
    require(against_aim and bool(why.strip()))
    return _position(proposal, "objection", by=by, now=now, word=why)


def write_position(
    proposal: Proposal, *, by: Person, now: datetime, kind: str, word: str = "",
    against_aim: bool = False,
) -> Position:  # fmt: skip
    """Leave a position in writing, for who cannot be in the room."""
    require(kind != "objection" or (against_aim and bool(word.strip())))
    return _position(proposal, kind, by=by, now=now, word=word, written=True)


def _position(
    proposal: Proposal, kind: str, *, by: Person, now: datetime, word: str = "",
    written: bool = False,
) -> Position:  # fmt: skip
    with changing(proposal, by=by, now=now) as scene:
        found = round_of(scene)
        turn = my_turn(scene, found)
        refuse_if_any(obstacles_of_limit(scene, found, now))
        require(found is not None and found.kind == "consenting" and turn is not None)
        assert turn is not None
        require(not written or may_write(scene))
        if not written:
            refuse_if_any(obstacles_to_turn(scene, turn, now))
        said = "" if kind == "objection" else word
        _take(scene, turn, "written" if written else "spoken", said, by=by, now=now)
        position = Position.objects.create(turn=turn, kind=kind, at=now)
        if kind == "objection":
            Objection.objects.create(
                proposal=scene.proposal, position=position, owner=scene.me, why=word.strip(), at=now
            )
        go_on(scene.process, at=now)
        return position


# ── Who keeps the rounds ─────────────────────────────────────────────────────


def turn_to_miss(scene: Scene, now: datetime) -> Turn | None:
    """Return whose turn it is in the room, for its guide; None for anybody else."""
    found = round_of(scene)
    if found is None or not (scene.guides and scene.circle.in_the_room):
        return None
    return found.turns.waiting(now).first()


def pass_over(proposal: Proposal, *, by: Person, now: datetime, turn: str) -> Turn:
    """Go on to the next when somebody is not there.

    In the consent round they are asked once more, at its end; silence is not consent. ``turn`` is
    the turn that was shown, so that a second press passes nobody else over.
    """
    with changing(proposal, by=by, now=now) as scene:
        first = turn_to_miss(scene, now)
        require(first is not None and str(first.pk) == turn)
        assert first is not None
        record(
            scene.circle, "turn_missed", by=by, now=now,
            proposal=str(scene.proposal.pk), number=first.round.number,
        )  # fmt: skip
        miss_turn(scene.process, first, at=now)
        return first
