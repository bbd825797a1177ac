"""A case before a council, and a pool to draw from. Plain functions."""

import json
from datetime import date, datetime, timedelta
from typing import Any

import time_machine

from cases import actions as cases
from cases.models import Case
from cases.writing import day
from communities.models import Community
from councils import tasks
from councils.actions import beacons, drawing, forming, seating
from councils.models import Council, Draw, PoolPlace, RosterEntry, Seat
from journey import actions as journey
from people.models import Person
from tests.factories import (
    NOW,
    TODAY,
    make_case,
    make_community,
    make_person,
    prepare,
)

QUOTAS = [
    ["gender", "woman", 2, 3], ["gender", "man", 2, 3],
    ["age", "18-39", 2, 3], ["age", "40+", 2, 3],
]  # fmt: skip
RULES: dict[str, Any] = {"quotas": QUOTAS, "ties_days": 3}
DICE = "123456" * 8 + "12"


def make_pool(community: Community, count: int, *, today: date = TODAY) -> list[PoolPlace]:
    """People in the hat, past their trial, of every kind in turn."""
    places = []
    for number in range(count):
        person = make_person(f"Member {number}")
        community.memberships.create(person=person, from_on=today - timedelta(days=300))
        features = {
            "gender": ("woman", "man")[number % 2],
            "age": ("18-39", "40+")[number // 2 % 2],
        }
        places.append(
            PoolPlace.objects.create(
                community=community, person=person, of_age=True, features=json.dumps(features),
                since=today - timedelta(days=200), until=today + timedelta(days=165),
            )
        )  # fmt: skip
    return places


def make_case_for_council(
    community: Community | None = None, *, people: int = 24,
    rules: dict[str, Any] | None = None, now: datetime = NOW,
) -> tuple[Case, Person]:  # fmt: skip
    """A case that waits for its council, and its coordinator."""
    community, today = community or make_community(), day(now)
    community.charters.create(number=1, rules={**RULES, **(rules or {})})
    term = {"from_on": today - timedelta(days=9), "until": today + timedelta(days=300)}
    cole, mara = make_person("Cole"), make_person("Mara")
    community.memberships.create(person=cole, role="coordinator", **term)
    mara.licences.create(**term)
    case = make_case(community, now=now)
    cases.place_in(case, mara, "mediator", today=today)
    cases.accept(case, by=cole, now=now)
    prepare(case, mara, now=now)
    journey.refer_to_council(case, by=cole, now=now, reason="They would rather not meet.")
    make_pool(community, people, today=today)
    return Case.objects.get(pk=case.pk), cole


def finish_ties(council: Council, *, now: datetime = NOW) -> None:
    for party in council.case.parties.select_related("person"):
        forming.finish_ties(council, by=party.person, now=now)


def begin(case: Case, cole: Person, *, now: datetime = NOW) -> Council:
    """A council whose parties have said that they named everybody."""
    council = forming.form_council(case, by=cole, now=now)
    finish_ties(council, now=now)
    return council


def commit(council: Council, cole: Person, *, now: datetime = NOW, **how: Any) -> Draw:
    """A draw that waits for dice, with its panels found."""
    how = how or {"beacons": ["dice"], "dice_at": now + timedelta(hours=2), "dice_witnesses": "A"}
    draw = drawing.prepare_draw(council, by=cole, now=now, **how)
    draw = Draw.objects.get(pk=draw.pk)
    if draw.state == Draw.State.SOLVING:
        solve(draw, now=now)
    return Draw.objects.get(pk=draw.pk)


def solve(draw: Draw, *, now: datetime) -> None:
    """What the worker does, on the tests' day."""
    with time_machine.travel(now, tick=False):
        tasks.solve.func(str(draw.pk))


def throw(draw: Draw, cole: Person, *, now: datetime, digits: str = DICE) -> Draw:
    beacons.enter_dice(draw, by=cole, now=now, digits=digits)
    return Draw.objects.get(pk=draw.pk)


def accept(seat: Seat, *, now: datetime) -> Seat:
    seating.promise(seat, by=seat.person, now=now, kept_secret=True)
    return seating.accept_seat(seat, by=seat.person, now=now, no_tie=True)


def seat_everybody(council: Council, cole: Person, *, now: datetime = NOW) -> Council:
    draw = commit(council, cole, now=now)
    later = now + timedelta(hours=3)
    throw(draw, cole, now=later)
    for seat in council.seats.filter(state="drawn").select_related("person"):
        accept(seat, now=later)
    return Council.objects.get(pk=council.pk)


def rest_after(case: Case, places: list[PoolPlace], *, ended_on: date) -> None:
    """Let these people have sat on a council of another case, whose seats ended that day."""
    council = Council.objects.create(
        case=case, community=case.community, charter_version=case.charter_version, size=3,
        formed_on=ended_on, dissolved_on=ended_on, state=Council.State.DISSOLVED,
    )  # fmt: skip
    draw = Draw.objects.create(council=council, number=1, prepared_at=NOW)
    for number, place in enumerate(places):
        entry = RosterEntry.objects.create(
            draw=draw, place=place, person=place.person, token=f"{number:064x}", eligible=True
        )
        Seat.objects.create(
            council=council, draw=draw, person=place.person, entry=entry, drawn_on=ended_on,
            answer_by=ended_on, accepted_on=ended_on, ended_on=ended_on, state=Seat.State.ENDED,
        )  # fmt: skip
