"""What a person reads of a council: made for one viewer; what they may not know is not made."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import OuterRef, Prefetch, Subquery, prefetch_related_objects
from django.utils import timezone
from django.utils.translation import gettext as _

from cases.access import Standing
from cases.keeping import kept
from cases.models import Case
from communities.models import Community
from councils.actions import pool
from councils.actions.sitting import interprets
from councils.models import Challenge, Council, Draw, Invitation, PoolPlace, Seat
from councils.reading.deciding import decided_things
from councils.reading.hearing import heard_things, newest_live
from councils.roster import MENDS
from councils.rules import LIVE_DRAWS, Reason, has_quorum
from councils.wording import PROBLEMS, REASONS
from moves.days import in_words
from moves.pages import ShownMove
from people.models import Person


def things_of(case: Case, who: Standing) -> list[tuple[str, Any]]:
    """Return the councils, draws, seats and challenges of a case this person may know of.

    Everybody in the case knows the council and its draws. A seat is known once it is
    accepted; who was asked and said no, is known to who runs the draw alone. A challenge is
    known to its party and the rest of the panel, and never to the member it is about.
    """
    if case.state in ("reported", "screening", "mediation"):
        return []
    inside = who.mediates or who.coordinates or who.sides() or who.sits or who.guards_process
    if not inside and not interprets(who):
        return []
    found: list[tuple[str, Any]] = []
    councils = list(
        Council.objects.filter(case=case)
        .select_related("charter_version", "community", "process_guardian", "packet")
        .prefetch_related(
            "words",
            "hearings",
            Prefetch("hearings__invitations", Invitation.objects.select_related("party__person")),
            Prefetch("seats", Seat.objects.select_related("person").with_recalls()),
            Prefetch("draws", Draw.objects.order_by("number")),
            *challenges_for(who),
        )
    )
    if not councils:
        return []
    runs = who.coordinates or who.guards_process
    draws = [draw for council in councils for draw in council.draws.all()]
    # Only who runs a draw asks of one that is over who contributed to it.
    asked = [draw for draw in draws if runs or draw.state in LIVE_DRAWS]
    prefetch_related_objects(asked, "contributions")
    seats = [seat for council in councils for seat in council.seats.all()]
    challenges = []
    if who.sits or who.sides():
        challenges = [one for seat in seats for one in seat.challenges.all()]
    by_pk: dict[Any, Any] = {}
    for council in councils:
        council.case = case
        by_pk[council.pk] = council
        if inside:
            found.append(("council", council))
    kept(case, "council now", lambda: newest_live(councils))
    found += heard_things(councils, case, who)
    if not inside:
        # Who interprets reads what the council reads, and nothing of how it was drawn.
        return found
    for draw in draws:
        draw.council = by_pk[draw.council_id]
        found.append(("draw", draw))
    for seat in seats:
        seat.council = by_pk[seat.council_id]
        known = seat.state == Seat.State.ACCEPTED or (runs and seat.state == Seat.State.DRAWN)
        if known:
            found.append(("seat", seat))
    found += decided_things(councils, seats, who)
    mine = {party.pk for party in who.sides()}
    for challenge in challenges:
        # The member it is about does not read it.
        judges = who.sits and challenge.seat.person_id != who.person_id
        if judges or challenge.party_id in mine:
            found.append(("challenge", challenge))
    return found


def challenges_for(who: Standing) -> list[Any]:
    """Return what to load of the doubts about members, for who reads them or waits for them."""
    if who.sits or who.sides():
        known = Challenge.objects.select_related("party")
        return [Prefetch("seats__challenges", known), "seats__challenges__answers"]
    return ["seats__challenges"] if who.coordinates or who.guards_process else []


def why_of(draw: Draw) -> list[str]:
    """Return why no panel could be found, in words, for who runs the draw."""
    lines = []
    for one in draw.problem.get("why", []):
        words = str(PROBLEMS[one["code"]]) if one["code"] in PROBLEMS else _(MENDS[one["code"]])
        lines.append(words % one["params"] if one["params"] else words)
    return lines


@dataclass(frozen=True)
class WhyNot:
    """One reason a member cannot be drawn today, in words, and its last day if it has one."""

    text: str
    until: date | None


@dataclass(frozen=True)
class Hat:
    """One community's hat as one member sees it: their own place in it and nobody else's."""

    community: Community
    place: PoolPlace | None
    said: list[tuple[str, str]]
    reasons: list[WhyNot]
    can_be_drawn_from: date | None
    moves: Sequence[ShownMove]


def hat_for(community: Community, person: Person, moves: Sequence[ShownMove], today: date) -> Hat:
    """Return a hat for its page: "you can be drawn from … because …"."""
    place = pool.place_of(person, community)
    if place is None:
        return Hat(community, None, [], [], None, moves)
    reasons = pool.reasons_for_member(place, today)
    said = json.loads(place.features) if place.features else {}
    return Hat(
        community,
        place,
        [(name.replace("_", " ").capitalize(), value) for name, value in said.items()],
        [WhyNot(str(REASONS[one.code]), one.until) for one in reasons],
        opens_on(reasons, today),
        moves,
    )


def opens_on(reasons: Sequence[Reason], today: date) -> date | None:
    """Return the first day somebody can be drawn; None where a reason does not end by itself."""
    days = [one.until for one in reasons]
    if any(day is None for day in days):
        return None
    return max((day for day in days if day is not None), default=today - timedelta(days=1)) + (
        timedelta(days=1)
    )


@dataclass(frozen=True)
class Lines:
    """Where it is, what comes next, who acts, by when."""

    where: str
    next: str
    who: str
    by_when: str


@dataclass(frozen=True)
class AboutSeat:
    """What somebody drawn reads of their seat; the names only after their promise."""

    lines: Lines
    names: list[str]
    size: int
    case_url: str


def seat_for(seat: Seat, today: date) -> AboutSeat:
    """Return what the person drawn may read of their own seat today."""
    live = seat.state in (Seat.State.DRAWN, Seat.State.ACCEPTED)
    case = seat.council.case
    names = []
    if live and seat.promised_on:
        names = [party.person.name for party in case.parties.all()]
    url = case.get_absolute_url() if seat.state == Seat.State.ACCEPTED else ""
    return AboutSeat(lines_of_seat(seat, today), names, seat.council.size, url)


def lines_of_seat(seat: Seat, today: date) -> Lines:
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
        if seat.council.state == Council.State.FORMING:
            follows, who = _("The other seats are filled."), _("The coordinator")
        else:
            follows, who = _("The council hears both sides."), _("The process guardian")
        return Lines(_("You sit on this council."), follows, who, _("No date is set"))
    return Lines(
        _("Your seat has ended."), _("Nothing more is asked of you."), _("Nobody"), _("No date")
    )


def seats_of(person: Person, today: date) -> list[tuple[Seat, Lines]]:
    """Return somebody's live seats for their desk."""
    seats = Seat.objects.of(person).live().select_related("council__case")
    return [(seat, lines_of_seat(seat, today)) for seat in seats]


def stage_words(council: str, draw: str) -> tuple[str, str, str]:
    """Return where a council is, what comes next and who acts, by its state and its last draw's.

    ``draw`` is "" before the first one.
    """
    runs = _("The coordinator and the process guardian")
    if council != Council.State.FORMING:
        return (
            _("The Justice Council is complete."),
            _("The council hears both sides."),
            _("The council"),
        )
    if draw == "":
        return (
            _("A Justice Council is being formed."),
            _("Each party names whom they are tied to. Then the council is drawn by lot."),
            _("Each party, for themselves"),
        )
    if draw == Draw.State.COMMITTED:
        return (
            _("The draw is published."),
            _("What decides is not known yet. Then everybody can check the result."),
            runs,
        )
    if draw == Draw.State.DRAWN:
        return (
            _("The council is drawn."),
            _("Each person drawn says yes or no. Empty seats are drawn anew."),
            _("The people drawn"),
        )
    return (_("A draw is being prepared."), _("It is published, for everybody to check."), runs)


def lines_of_council(things: Sequence[Any], today: date) -> Lines | None:
    """Return where a case stands with its council, for everybody in it; None before there is one.

    ``things`` are the viewer's parts: the last council and its last draw say it.
    """
    council = next((one for one in reversed(things) if isinstance(one, Council)), None)
    if council is None:
        return None
    draws = [one for one in things if isinstance(one, Draw) and one.council_id == council.pk]
    draw = next((one for one in reversed(draws) if one.state != Draw.State.VOID), None)
    words = stage_words(council.state, draw.state if draw else "")
    seated = [
        one
        for one in things
        if isinstance(one, Seat)
        and (one.council_id, one.state) == (council.pk, Seat.State.ACCEPTED)
    ]
    quorum = council.charter_version.charter.council_quorum
    if council.state != Council.State.FORMING and not has_quorum(len(seated), quorum=quorum):
        words = (
            _("Too few members sit on the council to go on."),
            _("Empty seats are drawn anew."),
            _("The coordinator and the process guardian"),
        )
    until = None
    if council.state == Council.State.FORMING and draw is None:
        until = council.formed_on + timedelta(days=council.charter_version.charter.ties_days)
    elif draw is not None and draw.state == Draw.State.COMMITTED and draw.beacon_at is not None:
        until = timezone.localtime(draw.beacon_at).date()
    return Lines(*words, in_words(until, today) if until else _("No date is set"))


def council_now() -> dict[str, Subquery]:
    """Return what annotates a list of cases with the states that ``stage_words`` takes."""
    council = Council.objects.live().filter(case=OuterRef("pk")).newest_first()
    draw = (
        Draw.objects.filter(council__case=OuterRef("pk"))
        .exclude(state=Draw.State.VOID)
        .order_by("-council__formed_on", "-number")
    )
    return {
        "council_state": Subquery(council.values("state")[:1]),
        "draw_state": Subquery(draw.values("state")[:1]),
    }
