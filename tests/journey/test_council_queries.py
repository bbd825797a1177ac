"""How often the pages around a council ask: as often with 12 draws and 30 seats as with one."""

import itertools
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from api.actions import issue_token
from councils.models import (
    Challenge,
    ChallengeAnswer,
    Contribution,
    Council,
    Draw,
    RosterEntry,
    Seat,
)
from records.models import Access
from tests.access.world import COUNCIL_STAGES, World, in_the_hat, make, person

pytestmark = pytest.mark.django_db

# By the API also what the packet and the hearings hold, which are pages of their own.
MOST, MOST_BY_THE_API, MOST_BESIDE = 25, 28, 10
ROLES = ("coordinator", "mediator", "harmed", "responsible", "process_guardian", "seated")
STATES = ("accepted", "drawn", "declined", "accepted", "recused", "replaced")
serial = itertools.count(1)


def add_a_draw(world: World, seats: int) -> None:
    """Add a drawn draw with contributions, and seats in every state. By hand: read, not reached."""
    number, now, today = next(serial) + 10, timezone.now(), timezone.localdate()
    case = world.case
    council = Council.objects.get(case=case)
    draw = Draw.objects.create(
        council=council, number=number, kind="replacement", state="drawn", vacant=1,
        beacons=["dice", "contributions"], commitment="c" * 64, beacon="b" * 64, prepared_at=now,
        committed_at=now, beacon_at=now, reveal_by=now, drawn_at=now,
    )  # fmt: skip
    for name in ("harmed", "process_guardian"):
        Contribution.objects.create(
            draw=draw, person=world.people[name], h=f"{name[0]}{number}", at=now
        )
    hers = case.parties.get(role="harmed")
    for turn in range(seats):
        member = in_the_hat(person(f"more {number} {turn}"), case.community)
        state = STATES[turn % len(STATES)]
        entry = RosterEntry.objects.create(
            draw=draw, place=member.pools.get(), person=member, token=f"{number}-{turn}", salt="s",
            described="{}", eligible=True,
        )  # fmt: skip
        seat = Seat.objects.create(
            council=council, draw=draw, person=member, entry=entry, state=state, drawn_on=today,
            answer_by=today + timedelta(days=3), challenge_until=today + timedelta(days=3),
            ended_on=None if state in ("accepted", "drawn") else today,
        )  # fmt: skip
        if state == "accepted":
            challenge = Challenge.objects.create(seat=seat, party=hers, reason="r", at=now)
            ChallengeAnswer.objects.create(
                challenge=challenge, seat=seat, uphold=False, reason="r", at=now
            )


def asked(world: World, role: str, url: str) -> int:
    """Open a page, or ask the API, twice, since the first opening of an hour is noted.

    Return how often the second asked, 0 where it is hidden.
    """
    client, someone, headers = Client(), world.people[role], {}
    if url.startswith("/api/"):
        token = issue_token(someone, today=timezone.localdate())
        headers = {"Authorization": f"Bearer {token}"}
    else:
        client.force_login(someone)
    for _turn in range(2):
        with CaptureQueriesContext(connection) as queries:
            status = client.get(url, headers=headers).status_code
    assert status in (200, 404)
    return len(queries) if status == 200 else 0


@pytest.mark.parametrize("stage", COUNCIL_STAGES)
def test_the_case_page_asks_as_often_with_12_draws_and_30_seats_as_with_one(stage: str) -> None:
    world = make(stage)
    # Some seat is always empty, so that a draw can always be prepared.
    Council.objects.update(size=90)
    urls = (world.case.get_absolute_url(), reverse("api:case", args=[world.case.reference]))
    add_a_draw(world, seats=6)
    one = {(role, url): asked(world, role, url) for role in ROLES for url in urls}
    for _number in range(11):
        add_a_draw(world, seats=3)
    Access.objects.all().delete()
    twelve = {(role, url): asked(world, role, url) for role in ROLES for url in urls}
    print(stage, twelve)
    assert min(one["coordinator", url] for url in urls) > 0
    assert twelve == one
    for url, most in zip(urls, (MOST, MOST_BY_THE_API), strict=True):
        assert max(twelve[role, url] for role in ROLES) <= most


def test_the_pages_beside_the_case_ask_at_most_ten_times() -> None:
    world = make("seated")
    for role in ("pool_member", "seated", "asked", "member", "coordinator"):
        count = asked(world, role, reverse("councils:pool"))
        print("pool", role, count)
        assert 0 < count <= MOST_BESIDE
    for role, pk in world.seats.items():
        count = asked(world, role, reverse("councils:seat", args=[pk]))
        print("seat", role, count)
        assert 0 < count <= MOST_BESIDE


def test_the_desk_asks_as_often_with_12_draws_and_30_seats_as_with_one() -> None:
    world = make("seated")
    roles = (*ROLES, "asked", "pool_member")
    one = {role: asked(world, role, "/") for role in roles}
    for _number in range(12):
        add_a_draw(world, seats=3)
    assert {role: asked(world, role, "/") for role in roles} == one
    print("desk", one)
