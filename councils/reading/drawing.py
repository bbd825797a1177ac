"""What a person reads of a council: made for one viewer; what they may not know is not made."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Prefetch, prefetch_related_objects
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
from councils.reading.stage import Lines, lines_of_seat, turns_of
from councils.roster import MENDS
from councils.rules import LIVE_DRAWS, Reason
from councils.wording import PROBLEMS, REASONS
from moves.pages import ShownMove
from people.models import Person

# Every kind of part that ``things_of`` yields.
KINDS = frozenset(
    {
        "council", "draw", "seat", "challenge", "packet", "hearing", "sharing", "decision",
        "planned", "appeal", "recall",
    }
)  # fmt: skip


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
class AboutSeat:
    """What somebody drawn reads of their seat; the names only after their promise."""

    lines: Lines
    names: list[str]
    size: int
    case_url: str
    turn_url: str


def seat_for(seat: Seat, today: date) -> AboutSeat:
    """Return what the person drawn may read of their own seat today."""
    live = seat.state in (Seat.State.DRAWN, Seat.State.ACCEPTED)
    case = seat.council.case
    names = []
    if live and seat.promised_on:
        names = [party.person.name for party in case.parties.all()]
    url = case.get_absolute_url() if seat.state == Seat.State.ACCEPTED else ""
    turn = turns_of(seat.person_id, [seat.council]).get(seat.council_id)
    return AboutSeat(
        lines_of_seat(seat, today, turn), names, seat.council.size, url,
        turn.url if turn is not None else "",
    )  # fmt: skip


def seats_of(person: Person, today: date) -> list[tuple[Seat, Lines, str]]:
    """Return somebody's live seats for their desk, each with the address of a turn that waits."""
    seats = list(Seat.objects.of(person).live().select_related("council__case"))
    turns = turns_of(person.pk, [seat.council for seat in seats])
    return [
        (seat, lines_of_seat(seat, today, turn), turn.url if turn is not None else "")
        for seat in seats
        for turn in [turns.get(seat.council_id)]
    ]
