"""What of one's own is outside any case, by the API: a seat one was drawn for, a place in a hat."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse

from api.reading import as_day, council_facts, moves_as_json, obstacles_as_json
from api.seeing import url_of
from cases.access import standing
from cases.writing import day
from communities.models import Community
from councils.actions.pool import place_of
from councils.models import Seat
from councils.moves import moves_on_pool, moves_on_seat
from councils.reading import seat_for
from councils.wording import WORDS
from moves import pages
from moves.core import Move, Obstacle
from people.models import Person


@dataclass(frozen=True)
class Own:
    """Something of one person's own outside any case: a seat they were drawn for, or a hat."""

    part: str
    id: str
    said: dict[str, Any]
    moves: list[Move]
    words: pages.Words = WORDS


def own_part(person: Person, part: str, part_id: str, *, now: datetime) -> Own | None:
    """Return a person's own seat, or their place in a community's hat; None when hidden."""
    today = day(now)
    if part == "pool":
        community = Community.objects.with_pool_of(person, today).filter(slug=part_id).first()
        if community is None:
            return None
        moves = list(moves_on_pool(community, person, today=today))
        place = place_of(person, community)
        said = {
            "community": community.slug,
            "since": as_day(place.since) if place else None,
            "until": as_day(place.until) if place else None,
            "away_until": as_day(place.away_until) if place else None,
        }
        return Own(part, community.slug, said, moves)
    try:
        seats = Seat.objects.of(person).filter(pk=UUID(part_id))
    except ValueError:
        return None
    seat = seats.select_related(
        "person", "draw", "council__case__community", "council__charter_version"
    ).first()
    if seat is None:
        return None
    case = seat.council.case
    who = standing(person, case, today=today)
    moves = list(moves_on_seat(seat, case, person, who, now=now))
    about = {"about": seat_for(seat, today).names, "draw": seat.draw.public_id}
    return Own(part, str(seat.pk), {**council_facts(seat), **about}, moves)


def own_as_json(own: Own) -> dict[str, Any]:
    """Return something of one's own as its page shows it, with its moves."""
    shown = [
        pages.show(
            move,
            own.words,
            url=reverse("api:own_move", args=[own.part, own.id, move.name]),
        )
        for move in own.moves
    ]
    return {
        "part": own.part,
        "id": own.id,
        "url": url_of(own.part, own.id),
        **own.said,
        "moves": moves_as_json(shown),
    }


def own_refusal(obstacles: list[Obstacle], words: pages.Words) -> list[dict[str, Any]]:
    """Return obstacles of something outside a case with their words, as in a 409."""
    return obstacles_as_json([pages.show_obstacle(one, words) for one in obstacles])
