"""What one person sees of a proposal in their circle: made for them, ready for a page.

Nothing here looks like a tally of winners. A circle of more than ``DRAWN`` voices is a count, not
a ring of names, so that a page costs the same for ten voices and for ten thousand.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from difflib import SequenceMatcher
from math import cos, pi, sin
from typing import Any

from django.db.models import Prefetch
from django.utils import timezone
from django.utils.translation import gettext as _

from deliberation import rules
from deliberation.actions.ballots import tally
from deliberation.actions.time import Scene
from deliberation.actions.voting import speaker_of
from deliberation.models import Amendment, Concern, Objection, Position, Round, SettingAside, Turn
from deliberation.parts import Part, parts_of
from deliberation.wording import REASONS
from moves.days import in_words
from moves.pages import ShownMove

DRAWN = 12
REMARKS = 50
RADIUS = 88
MIDDLE = 110


@dataclass(frozen=True)
class Lines:
    """Where it is, what comes next, who acts, by when."""

    where: str
    next: str
    who: str
    by_when: str


@dataclass(frozen=True)
class Segment:
    """Some words of a comparison: ``kind`` is same, added or gone."""

    kind: str
    text: str


@dataclass(frozen=True)
class Place:
    """One voice in the ring, where it is drawn, and how its turn stands."""

    name: str
    state: str
    label: str
    x: float
    y: float
    begins: str


@dataclass(frozen=True)
class Said:
    """What one voice said in one round."""

    name: str
    kind: str
    text: str
    answer: str
    moves: Sequence[ShownMove] = ()


@dataclass(frozen=True)
class RoundShown:
    label: str
    version: int
    said: list[Said]
    open: bool


@dataclass(frozen=True)
class Offer:
    """An amendment, compared with the text it would change."""

    id: str
    by: str
    changes: list[Segment]
    taken: bool
    moves: Sequence[ShownMove]
    gauged: str = ""


@dataclass(frozen=True)
class Aside:
    """A written reason to set an objection aside, and who agreed."""

    by: str
    reason: str
    agreed: bool
    moves: Sequence[ShownMove]


@dataclass(frozen=True)
class ObjectionShown:
    id: str
    owner: str
    why: str
    state: str
    open: bool
    offers: list[Offer]
    asides: list[Aside]
    moves: Sequence[ShownMove]


@dataclass(frozen=True)
class ConcernShown:
    id: str
    text: str
    speaker: str
    holders: int
    deal_breakers: int
    offers: list[Offer]
    moves: Sequence[ShownMove]


@dataclass(frozen=True)
class Count:
    """A closed ballot: how many for, of how many who voted."""

    label: str
    in_favour: int
    cast: int


@dataclass(frozen=True)
class Shown:
    """A proposal as one person sees it."""

    lines: Lines
    aim: str
    method: str
    text: str
    version: int
    changes: list[Segment]
    author: str
    outcome: str
    why: str
    ring: list[Place]
    voices: int
    guide: str
    rounds: list[RoundShown]
    objections: list[ObjectionShown]
    remarks: list[Said]
    concerns: list[ConcernShown]
    counts: list[Count]
    moves: Sequence[ShownMove]
    own: Sequence[ShownMove]
    turns: list[Said] = field(default_factory=list)


Moves = Callable[[Part], Sequence[ShownMove]]


def compared(before: str, after: str) -> list[Segment]:
    """Return one text as it became another, word by word."""
    old, new = before.split(" "), after.split(" ")
    found = []
    for tag, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            found.append(Segment("same", " ".join(old[i:j])))
            continue
        if i != j:
            found.append(Segment("gone", " ".join(old[i:j])))
        if k != m:
            found.append(Segment("added", " ".join(new[k:m])))
    return found


def shown(scene: Scene, *, now: datetime, moves: Moves) -> Shown:
    """Return a proposal for who has a voice in its circle or guides it.

    ``moves`` gives what they can do to one part, shown; it is asked once for each part.
    """
    today = timezone.localtime(now).date()
    parts = parts_of(scene)
    can = {(part.part, part.id): moves(part) for part in parts}
    texts = {one.number: one.text for one in scene.proposal.texts.all()}
    version = scene.proposal.version
    proposal = scene.proposal
    before = texts.get(version - 1)
    consent = hasattr(scene.process, "rounds")
    own = [] if scene.voice is None else can.get(("voice", str(scene.voice.pk)), [])
    offers = _offers(parts, texts, can)
    rounds = _rounds(scene, can) if consent else []
    return Shown(
        lines=lines_of(scene, today),
        aim=scene.circle.aim,
        method=str(scene.circle.get_method_display()),
        text=texts[version],
        version=version,
        changes=compared(before, texts[version]) if before is not None else [],
        author=proposal.author.person.name,
        outcome=str(proposal.get_outcome_display()) if proposal.outcome else "",
        why=str(REASONS.get(proposal.why, "")),
        ring=_ring(scene, now),
        voices=scene.circle.voices.live(now).count(),
        guide=scene.circle.guide.name if scene.circle.guide is not None else "",
        rounds=rounds,
        objections=_objections(parts, offers, can),
        remarks=[] if consent else _remarks(scene),
        concerns=[] if consent else _concerns(parts, offers, can, now),
        counts=[] if consent else _counts(scene),
        moves=can.get(("proposal", str(proposal.pk)), []),
        own=own,
    )


# ── The four lines ───────────────────────────────────────────────────────────


def lines_of(scene: Scene, today: date) -> Lines:
    """Return the four lines of a proposal."""
    proposal, process = scene.proposal, scene.process
    if proposal.outcome:
        why = str(REASONS.get(proposal.why, ""))
        decided = in_words(timezone.localtime(proposal.decided_at).date(), today)
        return Lines(
            f"{proposal.get_outcome_display()}. {why}", _("Nothing more here."), "", decided
        )
    state = str(process.get_state_display())
    follows, who = STEPS[process.state]
    deadline = getattr(process, "deadline", None)
    by_when = (
        in_words(timezone.localtime(deadline).date(), today)
        if deadline is not None
        else _("No deadline: one after the other")
        if scene.circle.in_the_room
        else _("No date is set")
    )
    return Lines(state, str(follows()), str(who()), by_when)


STEPS: dict[str, tuple[Callable[[], str], Callable[[], str]]] = {
    "drafting": (
        lambda: _("Who wrote it brings it before the circle."), lambda: _("Who proposes it"),
    ),
    "clarifying": (
        lambda: _("Everybody asks what they need to understand. Nobody judges it yet."),
        lambda: _("Each in turn"),
    ),
    "reacting": (
        lambda: _("Everybody says what they think of it, one after the other."),
        lambda: _("Each in turn"),
    ),
    "consenting": (
        lambda: _("Everybody says whether they consent, stand aside, or object with a reason."),
        lambda: _("Each in turn"),
    ),
    "integrating": (
        lambda: _("The circle looks for words that answer the objection."), lambda: _("Everybody"),
    ),
    "discussing": (
        lambda: _("Everybody can say something. Then comes a first vote."), lambda: _("Everybody"),
    ),
    "first_vote": (
        lambda: _("A first vote shows the mood. Nine tenths carry it at once."),
        lambda: _("Everybody"),
    ),
    "concerns": (
        lambda: _("Those against say what concerns them. Amendments answer it."),
        lambda: _("Everybody"),
    ),
    "second_vote": (
        lambda: _("A second vote on the amended text. Nine tenths carry it."),
        lambda: _("Everybody"),
    ),
    "deal_breakers": (
        lambda: _("Only what somebody could not live with is heard now."), lambda: _("Everybody"),
    ),
    "final_vote": (
        lambda: _("The final vote. Two thirds carry it into contention."), lambda: _("Everybody"),
    ),
    "contention": (
        lambda: _("It is planned and carried out. Votes can still be changed."),
        lambda: _("Everybody"),
    ),
}  # fmt: skip


# ── The ring ─────────────────────────────────────────────────────────────────

TURN_SAID = {
    "waiting": lambda: _("has not had their turn"),
    "spoken": lambda: _("has spoken"),
    "written": lambda: _("left a word in writing"),
    "passed": lambda: _("passed"),
    "missed": lambda: _("was not there"),
    "gone": lambda: _("is no longer in the circle"),
    "": lambda: "",
}


def _ring(scene: Scene, now: datetime) -> list[Place]:
    """Return the circle of names in the order of turns; empty for a large one."""
    people = list(scene.circle.voices.live(now).select_related("person")[: DRAWN + 1])
    if len(people) > DRAWN:
        return []
    names = {str(one.pk): one.person.name for one in people}
    turns = _turns_now(scene)
    seed = getattr(scene.process, "seed", "")
    order = [str(turn.voice_id) for turn in turns if str(turn.voice_id) in names]
    order += [pk for pk in rules.order_of(seed, names) if pk not in order]
    by_voice = {str(turn.voice_id): turn for turn in turns}
    following = next((pk for pk in order if _waits(by_voice.get(pk))), "")
    places = []
    for number, pk in enumerate(order):
        turn = by_voice.get(pk)
        state = "next" if pk == following else turn.state if turn is not None else ""
        angle = 2 * pi * number / len(order) - pi / 2
        label = _("it is their turn") if pk == following else TURN_SAID[state]()
        places.append(
            Place(
                name=names[pk], state=state, label=str(label),
                x=round(MIDDLE + RADIUS * cos(angle), 1), y=round(MIDDLE + RADIUS * sin(angle), 1),
                begins=names[pk][:1],
            )
        )  # fmt: skip
    return places


def _waits(turn: Turn | None) -> bool:
    return turn is not None and turn.state == "waiting"


def _turns_now(scene: Scene) -> list[Turn]:
    if not hasattr(scene.process, "rounds"):
        return []
    return list(
        Turn.objects.filter(round__process=scene.process, round__closed_at=None).order_by("place")
    )


# ── What was said ────────────────────────────────────────────────────────────


def _rounds(scene: Scene, can: dict[tuple[str, str], Sequence[ShownMove]]) -> list[RoundShown]:
    turns = Turn.objects.select_related("voice__person").order_by("place")
    rounds = Round.objects.filter(process=scene.process).order_by("-number")
    found = list(rounds.prefetch_related(Prefetch("turns", turns)))
    positions = {
        one.turn_id: one for one in Position.objects.filter(turn__round__process=scene.process)
    }
    shown_rounds = []
    for one in found:
        said = [
            _said(turn, positions.get(turn.pk), can.get(("turn", str(turn.pk)), []))
            for turn in one.turns.all()
            if turn.state in ("spoken", "written", "passed", "missed")
        ]
        shown_rounds.append(
            RoundShown(
                label=str(one.get_kind_display()), version=one.version, said=said,
                open=one.closed_at is None,
            )
        )  # fmt: skip
    return shown_rounds


def _said(turn: Turn, position: Position | None, moves: Sequence[ShownMove]) -> Said:
    kind = (
        str(position.get_kind_display()) if position is not None else str(TURN_SAID[turn.state]())
    )
    return Said(turn.voice.person.name, str(kind), turn.word, turn.answer, moves)


def _offers(
    parts: Iterable[Part], texts: dict[int, str], can: dict[tuple[str, str], Sequence[ShownMove]]
) -> dict[Any, list[Offer]]:
    """Return the amendments by the objection or concern they answer."""
    found: dict[Any, list[Offer]] = {}
    for part in parts:
        one = part.thing
        if isinstance(one, Amendment):
            offer = Offer(
                id=part.id, by=one.by.person.name, changes=compared(texts[one.base], one.text),
                taken=one.taken_at is not None, moves=can[part.part, part.id],
            )  # fmt: skip
            found.setdefault(one.objection_id or one.concern_id, []).append(offer)
    return found


def _objections(
    parts: Iterable[Part], offers: dict[Any, list[Offer]],
    can: dict[tuple[str, str], Sequence[ShownMove]],
) -> list[ObjectionShown]:  # fmt: skip
    asides: dict[Any, list[Aside]] = {}
    for part in parts:
        one = part.thing
        if isinstance(one, SettingAside):
            aside = Aside(
                by=one.by.person.name, reason=one.reason, agreed=one.agreed_at is not None,
                moves=can[part.part, part.id],
            )  # fmt: skip
            asides.setdefault(one.objection_id, []).append(aside)
    return [
        ObjectionShown(
            id=part.id, owner=part.thing.owner.person.name, why=part.thing.why,
            state=str(part.thing.get_state_display()),
            open=part.thing.state == Objection.State.OPEN,
            offers=offers.get(part.thing.pk, []), asides=asides.get(part.thing.pk, []),
            moves=can[part.part, part.id],
        )
        for part in parts
        if isinstance(part.thing, Objection)
    ]  # fmt: skip


# ── By vote ──────────────────────────────────────────────────────────────────


def _remarks(scene: Scene) -> list[Said]:
    newest = scene.proposal.remarks.select_related("voice__person").order_by("-at")[:REMARKS]
    return [Said(one.voice.person.name, "", one.text, "") for one in newest]


def _concerns(
    parts: Iterable[Part], offers: dict[Any, list[Offer]],
    can: dict[tuple[str, str], Sequence[ShownMove]], now: datetime,
) -> list[ConcernShown]:  # fmt: skip
    found = []
    for part in parts:
        one = part.thing
        if not isinstance(one, Concern):
            continue
        speaker = speaker_of(one, now)
        found.append(
            ConcernShown(
                id=part.id, text=one.text,
                speaker=speaker.voice.person.name if speaker is not None else "",
                holders=one.holders.count(),
                deal_breakers=one.holders.filter(deal_breaker=True).count(),
                offers=offers.get(one.pk, []), moves=can[part.part, part.id],
            )
        )  # fmt: skip
    return found


BALLOTS = {
    1: lambda: _("First vote"), 2: lambda: _("Second vote"), 3: lambda: _("Final vote"),
}  # fmt: skip


def _counts(scene: Scene) -> list[Count]:
    """Return the closed ballots, and in contention how many still support it."""
    found = []
    for ballot in scene.process.ballots.order_by("number"):
        if ballot.closed_at is None:
            continue
        cast = ballot.in_favour + ballot.against
        found.append(Count(str(BALLOTS[ballot.number]()), ballot.in_favour, cast))
    if scene.process.state == "contention":
        last = scene.process.ballots.order_by("-number").first()
        counted = tally(last, at=timezone.now())
        found.append(Count(_("Still in favour"), counted.in_favour, counted.cast))
    return found
