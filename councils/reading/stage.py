"""Where a case is with its council, what comes next, who acts and by when; in plain words.

The same words stand on the case page, made from the parts one viewer knows, and on a desk, made
from what ``council_now`` annotates a list of cases with.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Case as When
from django.db.models import CharField, Exists, OuterRef, Q, Subquery, Value
from django.db.models import When as If
from django.utils import timezone
from django.utils.translation import gettext as _

from cases.access import Standing
from councils.actions import table
from councils.actions.appealing import appeal_until
from councils.models import Appeal, Council, Decision, Draw, Seat
from councils.reading.deciding import proposal_url, serves
from councils.rules import has_quorum
from deliberation.models import Turn
from moves.days import in_words


@dataclass(frozen=True)
class Lines:
    """Where it is, what comes next, who acts, by when."""

    where: str
    next: str
    who: str
    by_when: str


@dataclass(frozen=True)
class StageNow:
    """Where a case stands with its council.

    ``draw``: the state of its last draw, "" before one. ``course``: what was decided, "" before.
    ``plan``: the state of the agreement that was proposed with it, "" without one.
    """

    council: str
    draw: str = ""
    hears_appeal: bool = False
    wider: bool = False
    course: str = ""
    in_effect: bool = False
    appealed: bool = False
    plan: str = ""


Words = tuple[str, str, str]


def stage_words(now: StageNow) -> Words:
    """Return where it is, what comes next, and who acts."""
    if now.appealed and not now.hears_appeal:
        return (
            _("The council's decision is to be looked at again. Until then nothing takes effect."),
            _("A council one level up is formed, with nobody on it who sat before."),
            _("The coordinator"),
        )
    if now.council == Council.State.FORMING:
        return _forming(now)
    if now.council == Council.State.DELIBERATING:
        where = (
            _("The council of the appeal deliberates.")
            if now.hears_appeal
            else _("The council deliberates.")
        )
        return (where, _("It looks for what everybody on it can consent to."), _("The council"))
    if now.council == Council.State.DECIDED:
        return _decided(now)
    where = (
        _("The council of the appeal is complete.")
        if now.hears_appeal
        else _("The Justice Council is complete.")
    )
    return (where, _("The council hears both sides."), _("The council"))


def _forming(now: StageNow) -> Words:
    runs = _("The coordinator and the process guardian")
    if now.draw == "":
        where = (
            _("The decision is looked at again. The council for it is being formed.")
            if now.hears_appeal
            else _("The council could not agree. A larger one is drawn by lot, anew.")
            if now.wider
            else _("A Justice Council is being formed.")
        )
        return (
            where,
            _("Each party names whom they are tied to. Then the council is drawn by lot."),
            _("Each party, for themselves"),
        )
    if now.draw == Draw.State.COMMITTED:
        return (
            _("The draw is published."),
            _("What decides is not known yet. Then everybody can check the result."),
            runs,
        )
    if now.draw == Draw.State.DRAWN:
        return (
            _("The council is drawn."),
            _("Each person drawn says yes or no. Empty seats are drawn anew."),
            _("The people drawn"),
        )
    return (_("A draw is being prepared."), _("It is published, for everybody to check."), runs)


def _decided(now: StageNow) -> Words:
    where = _("The council has decided.")
    if now.plan == "offered":
        return (where, _("Both sides read it and say whether they sign."), _("Both sides"))
    if now.plan in ("lapsed", "withdrawn"):
        return (
            _("The council has decided, but its plan was not signed."),
            _("The same council can be called together again."),
            _("The coordinator and the process guardian"),
        )
    if not now.in_effect:
        return (
            where,
            _("Both sides can read it with its reasons, and ask that it is looked at again."),
            _("Nobody needs to do anything"),
        )
    where = _("The council's decision is in effect.")
    if now.course == Decision.Course.MEDIATION:
        return (
            where, _("Each party says whether they go back to mediation."),
            _("Each party, for themselves"),
        )  # fmt: skip
    return (
        where, _("When everybody had the last word, the case closes."), _("The coordinator")
    )  # fmt: skip


# ── For one viewer of one case ───────────────────────────────────────────────


def stage_now(things: Sequence[Any]) -> tuple[Council, StageNow] | None:
    """Return the council that acts now and where it stands, as far as these parts tell."""
    councils = [one for one in things if isinstance(one, Council)]
    council = next((one for one in reversed(_in_order(councils)) if _is_live(one)), None)
    council = council or (councils[-1] if councils else None)
    if council is None:
        return None
    draws = [one for one in things if isinstance(one, Draw) and one.council_id == council.pk]
    draw = next((one for one in reversed(draws) if one.state != Draw.State.VOID), None)
    decision = standing_decision(things, council)
    plan = decision.agreement.state if decision is not None and decision.agreement else ""
    return council, StageNow(
        council=council.state,
        draw=draw.state if draw else "",
        hears_appeal=council.appeal_of_id is not None,
        wider=council.wider_of_id is not None,
        course=decision.course if decision else "",
        in_effect=decision is not None and decision.effective_on is not None,
        appealed=decision is not None
        and any(one.state == Appeal.State.OPEN for one in decision.appeals.all()),
        plan=plan,
    )


def _is_live(council: Council) -> bool:
    return council.state != Council.State.DISSOLVED


def _in_order(councils: Sequence[Council]) -> list[Council]:
    """Return them so that the council of an appeal comes after the one it hears of."""
    return sorted(councils, key=lambda one: (one.formed_on, one.appeal_of_id is not None))


def standing_decision(things: Sequence[Any], council: Council) -> Decision | None:
    """Return what this council has decided that nothing has replaced, among these parts."""
    found = [
        one
        for one in things
        if isinstance(one, Decision)
        and one.council_id == council.pk
        and one.adopted_on is not None
        and one.replaced_on is None
    ]
    return found[-1] if found else None


def lines_of_council(
    things: Sequence[Any], today: date, who: Standing | None = None
) -> Lines | None:
    """Return where a case stands with its council, for this viewer; None before there is one.

    ``things`` are the viewer's parts. Who serves on the council reads what it asks of them.
    """
    found = stage_now(things)
    if found is None:
        return None
    council, now = found
    if who is not None and serves(council, who):
        turn = turns_of(who.person_id, [council]).get(council.pk)
        if turn is not None:
            return turn.lines(today)
    words = stage_words(now)
    if council.state != Council.State.FORMING and not now.appealed and not _enough(council, things):
        words = (
            _("Too few members sit on the council to go on."),
            _("Empty seats are drawn anew."),
            _("The coordinator and the process guardian"),
        )
    until = _until(council, now, things)
    return Lines(*words, in_words(until, today) if until else _("No date is set"))


def _enough(council: Council, things: Sequence[Any]) -> bool:
    if council.state not in (Council.State.SEATED, Council.State.DELIBERATING):
        return True
    seated = [
        one
        for one in things
        if isinstance(one, Seat)
        and (one.council_id, one.state) == (council.pk, Seat.State.ACCEPTED)
    ]
    return has_quorum(len(seated), quorum=council.charter_version.charter.council_quorum)


def _until(council: Council, now: StageNow, things: Sequence[Any]) -> date | None:
    draws = [one for one in things if isinstance(one, Draw) and one.council_id == council.pk]
    draw = next((one for one in reversed(draws) if one.state != Draw.State.VOID), None)
    if council.state == Council.State.FORMING and draw is None:
        return council.formed_on + timedelta(days=council.charter_version.charter.ties_days)
    if draw is not None and draw.state == Draw.State.COMMITTED and draw.beacon_at is not None:
        return timezone.localtime(draw.beacon_at).date()
    decision = standing_decision(things, council)
    if decision is None or decision.appeal_until is None or now.in_effect or now.appealed:
        return None
    return appeal_until(decision, council.case) if not now.plan else None


# ── What a round asks of one member ──────────────────────────────────────────


@dataclass(frozen=True)
class TurnNow:
    """A turn that waits for somebody in a round of their council."""

    what: str
    url: str
    until: date | None

    def lines(self, today: date) -> Lines:
        """Return the four lines of who has this turn."""
        return Lines(
            _("The council deliberates. It is your turn in a round."), self.what, _("You"),
            in_words(self.until, today) if self.until else _("One after the other"),
        )  # fmt: skip


ASKED: dict[str, Callable[[], str]] = {
    "clarifying": lambda: _("Ask what you need to understand of a proposal, or pass."),
    "reacting": lambda: _("Say what you think of a proposal, or pass."),
    "consenting": lambda: _("Say whether you consent to a proposal. Saying nothing is not a yes."),
}


def turns_of(person_id: Any, councils: Sequence[Council]) -> dict[Any, TurnNow]:
    """Return the first turn that waits for somebody, by council; in the room only the next one."""
    keys = {str(one.pk): one for one in councils if one.state == Council.State.DELIBERATING}
    if not keys:
        return {}
    waiting = Turn.objects.filter(
        round__process__proposal__circle__subject_kind=table.SUBJECT,
        round__process__proposal__circle__subject_id__in=keys,
        round__process__proposal__circle__held_from=None,
        round__closed_at=None,
        round__process__proposal__outcome="",
        state="waiting",
    ).select_related("voice", "round__process__proposal__circle")
    found: dict[Any, TurnNow] = {}
    begun: set[Any] = set()
    for turn in waiting.order_by("round", "place"):
        circle = turn.round.process.proposal.circle
        council = keys[circle.subject_id]
        may = not circle.in_the_room or turn.round_id not in begun
        begun.add(turn.round_id)
        if turn.voice.person_id == person_id and may and council.pk not in found:
            deadline = turn.round.process.deadline
            found[council.pk] = TurnNow(
                ASKED[turn.round.kind](),
                proposal_url(council.case, turn.round.process.proposal),
                timezone.localtime(deadline).date() if deadline else None,
            )
    return found


def lines_of_seat(seat: Seat, today: date, turn: TurnNow | None = None) -> Lines:
    """Return the four lines of a seat for the person who was drawn."""
    if seat.state == Seat.State.DRAWN and today <= seat.answer_until:
        follows = (
            _("Say yes, or no. A no is never held against you.")
            if seat.promised_on
            else _("Promise to keep it to yourself. Then you learn who it is about.")
        )
        by_when = in_words(seat.answer_until, today)
        return Lines(_("You were drawn by lot for a Justice Council."), follows, _("You"), by_when)
    if seat.state == Seat.State.ACCEPTED:
        if turn is not None:
            return turn.lines(today)
        return Lines(
            _("You sit on this council."), *_of_seated(seat.council.state), _("No date is set")
        )
    return Lines(
        _("Your seat has ended."), _("Nothing more is asked of you."), _("Nobody"), _("No date")
    )


def _of_seated(council: str) -> tuple[str, str]:
    """Return what comes next for somebody who sits, and who acts."""
    if council == Council.State.FORMING:
        return _("The other seats are filled."), _("The coordinator")
    if council == Council.State.DELIBERATING:
        return _("The council deliberates. Nothing waits for you."), _("The others")
    if council == Council.State.DECIDED:
        return (
            _("It has decided. It only meets again if what it decided does not hold."),
            _("Nobody needs to do anything"),
        )
    return _("The council hears both sides."), _("The process guardian")


# ── For a list of cases ──────────────────────────────────────────────────────


def council_now() -> dict[str, Any]:
    """Return what annotates a list of cases with what ``StageNow`` takes."""
    council = Council.objects.live().filter(case=OuterRef("pk")).newest_first()
    draw = (
        Draw.objects.filter(council__case=OuterRef("pk"))
        .exclude(state=Draw.State.VOID)
        .order_by("-council__formed_on", "-number")
    )
    stands = Decision.objects.filter(
        council__case=OuterRef("pk"), adopted_on__isnull=False, replaced_on=None
    ).exclude(council__state=Council.State.DISSOLVED)
    appeal = Appeal.objects.filter(decision__council__case=OuterRef("pk"), state="open")
    kind = When(
        If(~Q(appeal_of=None), then=Value("appeal")),
        If(~Q(wider_of=None), then=Value("wider")),
        default=Value(""),
        output_field=CharField(),
    )
    return {
        "council_state": Subquery(council.values("state")[:1]),
        "council_kind": Subquery(council.annotate(kind=kind).values("kind")[:1]),
        "draw_state": Subquery(draw.values("state")[:1]),
        "decided_course": Subquery(stands.order_by("-adopted_on").values("course")[:1]),
        "decided_effect": Exists(stands.filter(effective_on__isnull=False)),
        "appeal_open": Exists(appeal),
    }
