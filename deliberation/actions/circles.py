"""Who has a voice, from when until when. Called by the app that owns the subject."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from deliberation import rules
from deliberation.actions.rounds import go_on
from deliberation.actions.time import on_circle
from deliberation.models import ByConsent, BySupermajority, Circle, Turn, Voice
from deliberation.writing import record, require
from moves.core import Obstacle, refuse_if_any
from people.models import Person

BATCH = 1000
NOBODY: Mapping[Any, datetime] = {}


@transaction.atomic
def open_circle(
    *,
    subject_kind: str,
    subject_id: str,
    aim: str,
    people: Iterable[Any],
    now: datetime,
    method: str = "consent",
    quorum: int | None = None,
    round_hours: int | None = None,
    guide: Person | None = None,
    integration_rounds: int = 2,
    contention_days: int = 30,
    reference: str = "",
    page: str = "",
    resting: Mapping[Any, datetime] = NOBODY,
) -> Circle:
    """Open a circle for a subject, with a voice for everybody of ``people`` (their ids).

    Without ``round_hours`` it meets in the room, and ``guide`` moves it on. ValueError without an
    aim, for a guide with a voice, in the room without a guide, or for a ``page`` elsewhere: it is
    an address in this house, from the root. ``resting`` names whose vote rests from the start,
    and until when: the owner answers for it that each accepted that freely, and can end it.
    """
    ids = set(people)
    if not aim.strip():
        raise ValueError("A circle states its aim: objections are measured against it.")
    if page and not is_here(page):
        raise ValueError("The page of a circle is an address in this house.")
    if guide is None and round_hours is None:
        raise ValueError("In the room somebody guides the process.")
    if guide is not None and guide.pk in ids:
        raise ValueError("Who guides the process has no voice in the outcome.")
    circle = Circle.objects.create(
        subject_kind=subject_kind, subject_id=subject_id, reference=reference, page=page, aim=aim,
        method=method, round_hours=round_hours, guide=guide,
        quorum=rules.default_quorum(method, len(ids)) if quorum is None else quorum,
        integration_rounds=integration_rounds, contention_days=contention_days, at=now,
    )  # fmt: skip
    record(circle, "circle_opened", by=None, now=now, method=method, quorum=circle.quorum)
    _give(circle, ids, until=None, now=now, resting=resting)
    return circle


def change_guide(
    circle: Circle, guide: Person | None, *, now: datetime, round_hours: int
) -> Circle:
    """Let another person guide a circle, or nobody. Without a guide it goes on online.

    ValueError for a guide with a voice.
    """
    with on_circle(circle.pk, now=now) as circle:
        if guide is not None and circle.voices.filter(person=guide).exists():
            raise ValueError("Who guides the process has no voice in the outcome.")
        circle.guide = guide
        if guide is None and circle.round_hours is None:
            circle.round_hours = round_hours
            _give_deadlines(circle, now=now)
        circle.save(update_fields=["guide", "round_hours"])
        record(circle, "guide_changed", by=None, now=now)
        return circle


def _give_deadlines(circle: Circle, *, now: datetime) -> None:
    """Give what is under way in the room the time it has online."""
    deadline = rules.deadline_after(now, circle.round_hours)
    running = {"proposal__circle": circle, "proposal__outcome": "", "deadline": None}
    ByConsent.objects.filter(**running).exclude(state="drafting").update(deadline=deadline)
    BySupermajority.objects.filter(**running).update(deadline=deadline)


def is_here(page: str) -> bool:
    """Say whether an address stays in this house: from its root, and of no other host."""
    return page.startswith("/") and not page.startswith("//") and "\\" not in page


def add_voices(
    circle: Circle, people: Iterable[Any], *, now: datetime, until: datetime | None = None
) -> int:
    """Give a voice from now on to everybody of these (by id) who never had one; return how many.

    A round that is under way stays as it was: their first turn is in the next.
    """
    with on_circle(circle.pk, now=now) as circle:
        ids = set(people) - set(circle.voices.values_list("person_id", flat=True))
        if circle.guide_id in ids:
            raise ValueError("Who guides the process has no voice in the outcome.")
        return _give(circle, ids, until=until, now=now)


def _give(
    circle: Circle, ids: set[Any], *, until: datetime | None, now: datetime,
    resting: Mapping[Any, datetime] = NOBODY,
) -> int:  # fmt: skip
    voices = [
        Voice(
            circle=circle, person_id=pk, from_at=now, until=until,
            limited_from=now if pk in resting else None, limited_until=resting.get(pk),
        )
        for pk in ids
    ]  # fmt: skip
    Voice.objects.bulk_create(voices, batch_size=BATCH)
    if voices:
        record(circle, "voices_given", by=None, now=now, count=len(voices))
    return len(voices)


def end_voice(voice: Voice, *, now: datetime, until: datetime | None = None) -> Voice:
    """End a voice now, or at a later moment. What it said stays; it counts nowhere from then on.

    An objection it owns stays open. ValueError for a moment that has passed: what was counted with
    a voice stays counted.
    """
    with on_circle(voice.circle_id, now=now) as circle:
        voice = Voice.objects.get(pk=voice.pk)
        until = until or now
        if until < now:
            raise ValueError("A voice cannot end in the past.")
        if voice.until is not None and voice.until <= now:
            return voice
        voice.until = until
        voice.save(update_fields=["until"])
        record(circle, "voice_ended", by=None, now=now, voice=str(voice.pk))
        if until <= now:
            _skip(circle, voice, now=now)
        return voice


def obstacles_to_limit(voice: Voice, now: datetime) -> list[Obstacle]:
    """Return the limit that runs already."""
    if voice.limited_until is None or voice.limited_until <= now:
        return []
    return rules.obstacles_of_limit(voice.limited_until.date())


def limit_vote(voice: Voice, *, by: Person, now: datetime, until: datetime) -> Voice:
    """Accept freely that one's own vote rests until a moment. It then counts again by itself.

    Only the person themselves can accept it. ValueError where it would not end in the future.
    """
    with on_circle(voice.circle_id, now=now) as circle:
        voice = Voice.objects.get(pk=voice.pk)
        require_own(voice, by, now)
        if until <= now:
            raise ValueError("A limit on a vote ends in the future.")
        refuse_if_any(obstacles_to_limit(voice, now))
        voice.limited_from, voice.limited_until = now, until
        voice.save(update_fields=["limited_from", "limited_until"])
        record(circle, "vote_limited", by=by, now=now, voice=str(voice.pk))
        _skip(circle, voice, now=now, kind="consenting")
        return voice


def lift_limit(voice: Voice, *, by: Person, now: datetime) -> Voice:
    """End a limit before its time: it was free to accept, and is free to end."""
    with on_circle(voice.circle_id, now=now) as circle:
        voice = Voice.objects.get(pk=voice.pk)
        require_own(voice, by, now)
        if voice.limited_until is None or voice.limited_until <= now:
            return voice
        begun_now = voice.limited_from == now
        voice.limited_until = None if begun_now else now
        voice.limited_from = None if begun_now else voice.limited_from
        voice.save(update_fields=["limited_from", "limited_until"])
        record(circle, "limit_lifted", by=by, now=now, voice=str(voice.pk))
        return voice


def require_own(voice: Voice, by: Person, now: datetime) -> None:
    """Raise Hidden unless this is the person's own voice, and it has not ended."""
    require(voice.person_id == by.pk and (voice.until is None or voice.until > now))


def _skip(circle: Circle, voice: Voice, *, now: datetime, kind: str = "") -> None:
    """Take away the turns this voice still waits for, and go on where it was the last."""
    turns = Turn.objects.filter(voice=voice, state="waiting", round__closed_at=None)
    if kind:
        turns = turns.filter(round__kind=kind)
    processes = list(turns.values_list("round__process_id", flat=True))
    turns.update(state="gone", at=now)
    found = ByConsent.objects.filter(pk__in=processes).select_related("proposal")
    for process in found.order_by("pk"):
        process.proposal.circle = circle
        go_on(process, at=now)
