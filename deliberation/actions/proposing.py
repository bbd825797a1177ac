"""A proposal from its first words to its withdrawal, and moving a circle on in the room."""

import secrets
from datetime import datetime

from deliberation import rules
from deliberation.actions import ballots, rounds
from deliberation.actions.deciding import decided
from deliberation.actions.time import Scene, changing, on_circle
from deliberation.models import ByConsent, BySupermajority, Circle, Proposal, TextVersion, Voice
from deliberation.writing import Process, process_of, record, require, tell_voices, voice_of
from moves.core import Obstacle, Stale, refuse_if_any
from people.models import Person

REVISABLE = ("drafting", "reacting")


def obstacles_to_begin(circle: Circle, now: datetime) -> list[Obstacle]:
    """Return why no proposal can come before this circle: too few who could adopt it."""
    voices = circle.voices.counting(now).count()
    return rules.obstacles_to_begin(voices=voices, quorum=circle.quorum)


def obstacles_to_propose(circle: Circle, now: datetime) -> list[Obstacle]:
    """Return why nothing can be proposed. By consent a proposal is a draft first, so nothing."""
    if circle.method == Circle.Method.CONSENT:
        return []
    return obstacles_to_begin(circle, now)


def propose(circle: Circle, *, by: Person, now: datetime, text: str) -> Proposal:
    """Write a proposal: by consent as a draft, by supermajority at once into the discussion."""
    with on_circle(circle.pk, now=now) as circle:
        voice = voice_of(circle, by, now)
        require(voice is not None)
        assert voice is not None
        refuse_if_any(obstacles_to_propose(circle, now))
        return bring_in(circle, voice, text=text, by=by, now=now)


def bring_in(circle: Circle, voice: Voice, *, text: str, by: Person, now: datetime) -> Proposal:
    """Make a proposal and its machine; circle locked."""
    made = Proposal.objects.create(circle=circle, author=voice, at=now)
    TextVersion.objects.create(proposal=made, number=1, text=text, by=voice, at=now)
    record(circle, "proposal_made", by=by, now=now, proposal=str(made.pk))
    if circle.method == Circle.Method.CONSENT:
        ByConsent.objects.create(proposal=made)
        return made
    seed = secrets.token_hex(32)
    BySupermajority.objects.create(
        proposal=made, seed=seed, deadline=rules.deadline_after(now, circle.round_hours)
    )
    record(circle, "lot_recorded", by=None, now=now, proposal=str(made.pk), seed=seed)
    tell_voices(circle, "please_discuss", key=f"discuss:{made.pk}", now=now)
    return made


def may_revise(scene: Scene) -> bool:
    """Say whether this person may change the words: their author, as a draft or after reactions."""
    return authored(scene) and scene.process.state in REVISABLE


def authored(scene: Scene) -> bool:
    return scene.voice is not None and scene.proposal.author_id == scene.voice.pk


def revise(proposal: Proposal, *, by: Person, now: datetime, text: str, seen: int) -> Proposal:
    """Change the words of one's own proposal. Stale when they changed since version ``seen``."""
    with changing(proposal, by=by, now=now) as scene:
        require(isinstance(scene.process, ByConsent) and may_revise(scene))
        proposal = scene.proposal
        if seen != proposal.version:
            raise Stale(theirs=text, now_stands=proposal.text)
        proposal.version += 1
        TextVersion.objects.create(
            proposal=proposal, number=proposal.version, text=text, by=scene.me, at=now
        )
        proposal.save(update_fields=["version"])
        record(
            scene.circle, "text_changed", by=by, now=now,
            proposal=str(proposal.pk), version=proposal.version,
        )  # fmt: skip
        return proposal


def may_begin(scene: Scene) -> bool:
    return authored(scene) and scene.process.state == ByConsent.State.DRAFTING


def begin(proposal: Proposal, *, by: Person, now: datetime) -> Proposal:
    """Bring a draft before the circle. The order of turns is drawn, and its seed recorded."""
    with changing(proposal, by=by, now=now) as scene:
        require(may_begin(scene))
        refuse_if_any(obstacles_to_begin(scene.circle, now))
        process = scene.process
        process.seed = secrets.token_hex(32)
        key = str(scene.proposal.pk)
        record(scene.circle, "lot_recorded", by=by, now=now, proposal=key, seed=process.seed)
        rounds.step(process, "begin", "clarifying", at=now)
        return scene.proposal


def may_withdraw(scene: Scene) -> bool:
    """Say whether this person may take the proposal back: only who made it, while it is open.

    Who guides the process may not: they have no voice in the outcome.
    """
    return authored(scene) and not scene.proposal.outcome


def withdraw_proposal(proposal: Proposal, *, by: Person, now: datetime) -> Proposal:
    """Take back one's own proposal, at any time before it is decided."""
    with changing(proposal, by=by, now=now) as scene:
        require(may_withdraw(scene))
        _end_round(scene.process, now=now)
        decided(scene.process, "withdraw", "by_author", by=by, at=now)
        return scene.proposal


def close_circle(circle: Circle, *, now: datetime) -> int:
    """End a circle for good, because its subject is over; return how many proposals it ended.

    What was open is withdrawn by nobody, and every voice ends.
    """
    with on_circle(circle.pk, now=now) as circle:
        waiting = list(circle.proposals.open().order_by("at", "pk"))
        for proposal in waiting:
            proposal.circle = circle
            process = process_of(proposal)
            process.proposal = proposal
            _end_round(process, now=now)
            decided(process, "withdraw", "circle_closed", by=None, at=now)
        circle.voices.live(now).update(until=now)
        record(circle, "circle_closed", by=None, now=now)
        return len(waiting)


def _end_round(process: Process, *, now: datetime) -> None:
    open_round = rounds.current_round(process) if isinstance(process, ByConsent) else None
    if open_round is not None:
        open_round.turns.filter(state="waiting").update(state="gone", at=now)
        open_round.closed_at = now
        open_round.save(update_fields=["closed_at"])


# ── In the room ──────────────────────────────────────────────────────────────


def may_move_on(scene: Scene) -> bool:
    """Say whether this person moves the circle on: its guide, in the room, while time does not."""
    under_way = not scene.proposal.outcome and scene.process.state not in ("drafting", "contention")
    return scene.guides and scene.circle.in_the_room and under_way


def obstacles_to_move_on(scene: Scene, now: datetime) -> list[Obstacle]:
    """Return why the stage cannot end: in a round, a turn that was not given yet."""
    if not isinstance(scene.process, ByConsent):
        return []
    found = rounds.current_round(scene.process)
    waiting = found.turns.waiting(now).count() if found is not None else 0
    return rules.obstacles_to_move_on(waiting)


def move_on(proposal: Proposal, *, by: Person, now: datetime) -> Proposal:
    """End a stage in the room, as its deadline would online."""
    with changing(proposal, by=by, now=now) as scene:
        require(may_move_on(scene))
        refuse_if_any(obstacles_to_move_on(scene, now))
        if isinstance(scene.process, ByConsent):
            rounds.stage_over(scene.process, at=now)
        else:
            ballots.stage_over(scene.process, at=now)
        return scene.proposal


def take_up(proposal: Proposal, *, now: datetime) -> bool:
    """Note that the app that owns the subject acted on the outcome; False when it had already."""
    fresh = Proposal.objects.filter(pk=proposal.pk, taken_up_at=None).exclude(outcome="")
    return fresh.update(taken_up_at=now) == 1
