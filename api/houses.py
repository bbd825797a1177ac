"""Placements and houses by the API: what their pages show the same viewer, and the same moves."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404
from django.urls import reverse

from api.reading import as_day, moves_as_json, obstacles_as_json
from api.seeing import url_of
from cases.writing import day
from deliberation.moves import scene_now
from deliberation.parts import moves_on_part, parts_of
from moves import pages
from moves.core import Move, Obstacle
from people.models import Person
from rehabilitation import reading
from rehabilitation.access import Sight, house_sight
from rehabilitation.actions.houses import in_assembly
from rehabilitation.actions.moving import moving_needs
from rehabilitation.house_views import assembly_moves, moves_on_house, questions_of
from rehabilitation.models import House, Placement
from rehabilitation.moves import moves_on_placement, moves_on_thing, things_of
from rehabilitation.views import leave_a_note, moves_at, seen_placement
from rehabilitation.wording import WORDS


def _key(part_id: str) -> UUID | None:
    try:
        return UUID(part_id)
    except ValueError:
        return None


def see_placement(person: Person, part_id: str, *, now: datetime) -> tuple[Placement, Sight] | None:
    """Return a placement and who this person is there; None when hidden or not there."""
    key = _key(part_id)
    if key is None:
        return None
    try:
        return seen_placement(person, key, now=now)
    except Http404:
        return None


def shown(moves: Sequence[Move], base: list[str]) -> list[dict[str, Any]]:
    """Return moves with their words and their addresses under a placement or a house."""
    return moves_as_json([pages.show(one, WORDS, url=address(base, one)) for one in moves])


def address(base: list[str], move: Move) -> str:
    """Return where a move is done: of the thing itself, or of something in it."""
    kind, part_id = base
    if move.part == kind and move.part_id == part_id:
        return reverse("api:house_or_placement_move", args=[kind, part_id, move.name])
    return reverse("api:inner_move", args=[kind, part_id, move.part, move.part_id, move.name])


def placement_as_json(
    placement: Placement, person: Person, sight: Sight, *, now: datetime
) -> dict[str, Any]:
    """Return a placement as its page shows it: to who knows only that it is there, its days."""
    today, base = day(now), ["placement", str(placement.pk)]
    moves = list(moves_on_placement(placement, person, sight, now=now))
    threat = reading.threat_of(placement) if sight.reads else None
    things = []
    for part in things_of(placement, sight):
        inner = moves_on_thing(part, person, sight, now=now)
        rounds: list[Any] = []
        for one in _round_moves(part, placement, person, sight, now=now):
            rounds += one
        said = reading.said_of(part, (), today=today)
        things.append(
            {
                "part": said.kind, "id": said.id, "title": said.title, "note": said.note,
                "text": said.text, "own_word": said.own,
                "moves": shown([*inner, *rounds], base),
            }
        )  # fmt: skip
    for part in reading.challenges_for_coordinator(placement, sight) if not sight.reads else ():
        inner = moves_on_thing(part, person, sight, now=now)
        things.append({"part": part.part, "id": part.id, "moves": shown(inner, base)})
    return {
        "part": "placement",
        "id": str(placement.pk),
        "url": url_of("placement", str(placement.pk)),
        "house": placement.house.slug,
        "moving_to": reading.moving_to(placement, today),
        "moving_needs": refusal(moving_needs(placement, today)),
        "state": placement.state,
        "starts_on": as_day(placement.starts_on),
        "review_on": as_day(placement.review_on),
        "ends_on": as_day(placement.ends_on),
        "ended_on": as_day(placement.ended_on),
        "why_ended": placement.why_ended,
        "lines": asdict(reading.lines_of(placement, today)),
        "finding": asdict(threat) if threat else None,
        "things": things,
        "moves": shown(moves, base),
    }


def _round_moves(
    part: Any, placement: Placement, person: Person, sight: Sight, *, now: datetime
) -> list[list[Move]]:
    """Return the moves on every part of a review's open round."""
    found: list[list[Move]] = []
    review = part.thing
    if part.part != "review" or review.circle is None:
        return found

    def collect(one: Any) -> list[Any]:
        found.append(moves_on_thing(one, person, sight, now=now))
        return []

    reading.rounds_of(review, person, collect, now=now)
    return found


def see_house(person: Person, slug: str, *, now: datetime) -> House | None:
    """Return a house this person may open; None when hidden or not there."""
    houses = House.objects.known_to(person, today=day(now)).select_related("community", "circle")
    return houses.filter(slug=slug).distinct().first()


def house_as_json(house: House, person: Person, *, now: datetime) -> dict[str, Any]:
    """Return a house as its page shows it."""
    today, base = day(now), ["house", house.slug]
    sight = house_sight(person, house, today=today)
    inside = sight.inside
    inner: list[Move] = []
    if inside:
        for question in house.questions.all():
            inner += assembly_moves(house, person, sight, "question", str(question.pk), now=now)
    return {
        "part": "house",
        "id": house.slug,
        "url": url_of("house", house.slug),
        "name": house.name,
        "places": house.places,
        "occupancy": reading.occupancy_of(house, today).words,
        "serving": [asdict(one) for one in reading.serving(house, today)],
        "rules": [
            {"text": one.text, "since": one.since, "struck": one.struck}
            for one in reading.rules_shown(house, lambda _one: [], today)
        ]
        if inside
        else [],
        "questions": [
            {"kind": one["question"].kind, "text": one["question"].proposal.text}
            for one in questions_of(house, person, now=now)
        ]
        if inside
        else [],
        "placements": [
            url_of("placement", one.url.rstrip("/").rpartition("/")[2])
            for one in reading.living_for(house, person, today)
        ],
        "moves": shown(
            [
                *moves_on_house(house, person, sight, now=now),
                *inner,
                *_round_of(house, person, now),
            ],
            base,
        ),
    }


def _round_of(house: House, person: Person, now: datetime) -> list[Move]:
    """Return the moves on every part of the assembly's open questions."""
    found: list[Move] = []
    for question in house.questions.filter(proposal__outcome="").select_related("proposal"):
        scene = scene_now(question.proposal, person, now=now)
        if scene.voice is None:
            continue
        for part in parts_of(scene):
            found += in_assembly(moves_on_part(part, scene, now=now), house)
    return found


def as_json(person: Person, kind: str, part_id: str, *, now: datetime) -> dict[str, Any] | None:
    """Return a placement or a house as this person sees it; None when hidden."""
    if kind == "house":
        house = see_house(person, part_id, now=now)
        return None if house is None else house_as_json(house, person, now=now)
    seen = see_placement(person, part_id, now=now)
    if seen is None:
        return None
    leave_a_note(person, *seen, now=now)
    placement, sight = seen
    return placement_as_json(placement, person, sight, now=now)


def moves_for(
    person: Person, kind: str, part_id: str, part: str, inner_id: str, *, now: datetime
) -> list[Move]:
    """Return the moves at one address of a placement or a house; none when hidden."""
    if kind == "house":
        house = see_house(person, part_id, now=now)
        if house is None:
            return []
        here = house_sight(person, house, today=day(now))
        if part == "house":
            return list(moves_on_house(house, person, here, now=now))
        return (
            assembly_moves(house, person, here, part, inner_id, now=now) if _key(inner_id) else []
        )
    seen = see_placement(person, part_id, now=now)
    if seen is None:
        return []
    placement, sight = seen
    return moves_at(placement, person, sight, part, inner_id, now=now) or []


def refusal(obstacles: list[Obstacle]) -> list[dict[str, Any]]:
    """Return obstacles with their words, as in a 409."""
    return obstacles_as_json([pages.show_obstacle(one, WORDS) for one in obstacles])
