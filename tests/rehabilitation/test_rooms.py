"""Who reads what of a placement, cell by cell: by the rooms of the product, written by hand.

Every row is a person, every column something that can be seen: the page, its words, its papers,
the case page's part, the API, the house. What is not theirs answers like what does not exist.
"""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from api.actions import issue_token
from cases import actions as cases
from cases.access import sync_permissions
from people.models import Person, Tie
from records.models import Access
from rehabilitation.actions import challenging, houses, living, moving
from rehabilitation.models import HouseOffice, Placement
from tests.factories import make_person
from tests.rehabilitation.houses import (
    World,
    another_house,
    make_house,
    make_world,
    placed,
    prepare_review,
)

pytestmark = pytest.mark.django_db

SECRETS = {
    "threat": "They said they would come back.",
    "check-in": "It goes slowly.",
    "own word": "I sleep badly.",
    "wish": "A bicycle.",
    "packet": "It goes well.",
}
READS, KNOWS, NOTHING = "reads", "knows", "nothing"

# By the product: the room `rehabilitation` is read by the resident, the stewards, the independent
# visitor and the council that placed them. A coordinator knows the days, to watch over them.
TABLE = {
    "rosa": READS,
    "sten": READS,
    "iris": READS,
    "one": READS,
    "four": READS,
    "pavel": READS,
    "cole": KNOWS,
    "guardian": KNOWS,
    "hana": NOTHING,
    "mara": NOTHING,
    "supporter": NOTHING,
    "her_supporter": NOTHING,
    "referrer": NOTHING,
    "former_member": NOTHING,
    "former_steward": NOTHING,
    "future_steward": NOTHING,
    "other_steward": NOTHING,
    "other_visitor": NOTHING,
    "tied_steward": NOTHING,
    "other_council": NOTHING,
    "other_coordinator": NOTHING,
    "member": NOTHING,
    "auditor": NOTHING,
    "superuser": NOTHING,
    "stranger": NOTHING,
    "anonymous": NOTHING,
}
HOUSE = {"rosa", "sten", "iris", "cole", "tied_steward"}


@pytest.fixture
def world() -> World:
    world = make_world()
    placed(world)
    people, case, today = world.people, world.case, world.today
    one, now = world.placement, world.now
    note = living.check_in(one, by=people["sten"], now=now, words=SECRETS["check-in"])
    living.say_own_word(note, by=people["rosa"], now=now, words=SECRETS["own word"])
    living.make_wish(one, by=people["rosa"], now=now, kind="wish", words=SECRETS["wish"])
    prepare_review(world, now=now)
    harmed, responsible = case.parties.get(role="harmed"), case.parties.get(role="responsible")
    for name in (
        "supporter", "her_supporter", "guardian", "referrer", "former_member", "former_steward",
        "future_steward", "tied_steward", "member", "auditor", "stranger",
    ):  # fmt: skip
        people[name] = make_person(name)
    people["superuser"] = Person.objects.create_superuser("root-of-all", None)
    cases.place_in(case, people["supporter"], "supporter", today=today, beside=responsible)
    cases.place_in(case, people["her_supporter"], "supporter", today=today, beside=harmed)
    cases.place_in(case, people["guardian"], "guardian", today=today, beside=responsible)
    term = {"from_on": today - timedelta(days=9), "until": today + timedelta(days=90)}
    case.community.memberships.create(person=people["auditor"], role="auditor", **term)
    for name in ("member", "stranger", "referrer"):
        case.community.memberships.create(person=people[name], **term)
    # A seat that ended: its place in the case ended with it.
    seat = world.council.seats.get(person=people["three"])
    type(seat).objects.filter(pk=seat.pk).update(state="recused", ended_on=today)
    place = case.participations.get(person=people["three"], role="council")
    place.delete()
    sync_permissions(case, people["three"])
    people["former_member"] = people["three"]
    day = timedelta(days=1)
    for name, days in (
        ("former_steward", {"from_on": today - 90 * day, "until": today - day}),
        ("future_steward", {"from_on": today + day, "until": today + 9 * day}),
        ("tied_steward", term),
    ):
        HouseOffice.objects.create(house=world.house, person=people[name], role="steward", **days)
    Tie.objects.create(one=people["tied_steward"], other=people["hana"], kind="kin", from_on=today)
    other = make_world(slug="elm")
    people |= {
        "other_steward": other.people["sten"], "other_visitor": other.people["iris"],
        "other_council": other.people["one"], "other_coordinator": other.people["cole"],
    }  # fmt: skip
    return world


def plain(body: bytes) -> str:
    """Return a page without what differs at every request: tokens, and the address asked for."""
    return re.sub(r'value="[\w/-]{30,}"', "", body.decode())


def client_of(world: World, name: str) -> Client:
    client = Client()
    if name != "anonymous":
        client.force_login(world.people[name])
    return client


def room(world: World, name: str) -> str:
    """Return what the page and the API of the placement are to somebody; both say the same."""
    url, one = world.placement.get_absolute_url(), world.placement
    answer = client_of(world, name).get(url)
    headers = {}
    if name != "anonymous":
        token = issue_token(world.people[name], today=world.today)
        headers = {"Authorization": f"Bearer {token}"}
    api = Client().get(f"/api/v1/placement/{one.pk}", headers=headers)
    if name == "anonymous":
        assert (answer.status_code, api.status_code) == (302, 401)
        return NOTHING
    assert answer.status_code == api.status_code, name
    if answer.status_code == 404:
        return NOTHING
    for body in (answer.content.decode(), api.content.decode()):
        shown = {secret for secret, words in SECRETS.items() if words in body}
        assert shown in (set(), set(SECRETS)), (name, shown)
    return READS if shown else KNOWS


def test_the_page_of_a_placement_and_the_api(world: World) -> None:
    with time_machine.travel(world.now, tick=False):
        assert {name: room(world, name) for name in TABLE} == TABLE


def test_what_is_hidden_answers_like_what_is_not_there(world: World) -> None:
    made_up = reverse("rehabilitation:placement", args=["linden", uuid4()])
    with time_machine.travel(world.now, tick=False):
        for name in [name for name in TABLE if TABLE[name] == NOTHING and name != "anonymous"]:
            client = client_of(world, name)
            answer = client.get(world.placement.get_absolute_url())
            there_is_none = client.get(made_up)
            assert answer.status_code == there_is_none.status_code == 404
            assert plain(answer.content) == plain(there_is_none.content), name


def test_how_to_challenge_it_is_said_in_the_language_of_the_page(world: World) -> None:
    client = client_of(world, "rosa")
    client.cookies["django_language"] = "ar"
    with time_machine.travel(world.now, tick=False):
        page = client.get(world.placement.get_absolute_url()).content.decode()
    assert "يمكنك الاعتراض على هذا في أي وقت" in page
    assert "You can challenge this at any time:" not in page


def test_its_papers(world: World) -> None:
    url = reverse("rehabilitation:paper", args=["linden", world.placement.pk, "nothing"])
    with time_machine.travel(world.now, tick=False):
        for name, room_is in TABLE.items():
            client = client_of(world, name)
            page = client.get(world.placement.get_absolute_url()).content.decode()
            assert client.get(url).status_code in (404, 302)
            assert ("placement.pdf" in page) == (room_is == READS), name


def test_the_case_page(world: World) -> None:
    """The case page has a part for who may know; nobody finds a word of the room there."""
    with time_machine.travel(world.now, tick=False):
        for name, room_is in TABLE.items():
            body = client_of(world, name).get(world.case.get_absolute_url()).content.decode()
            outside = name in ("sten", "iris")
            assert (str(world.placement.pk) in body) == (room_is != NOTHING and not outside), name
            for secret, words in SECRETS.items():
                # A council's own decision page says the threat; the rest is nowhere but there.
                assert secret == "threat" or words not in body, name


def test_the_page_of_the_house(world: World) -> None:
    with time_machine.travel(world.now, tick=False):
        for name, room_is in TABLE.items():
            answer = client_of(world, name).get(reverse("rehabilitation:house", args=["linden"]))
            body = answer.content.decode()
            status = 302 if name == "anonymous" else 200 if name in HOUSE else 404
            assert answer.status_code == status, name
            # Who lives there is named to who reads the room, and to nobody else of the house.
            assert (str(world.placement.pk) in body) == (name in HOUSE and room_is == READS), name
            for words in SECRETS.values():
                assert words not in body


# ── A move to another house ──────────────────────────────────────────────────

# Of those whom a move concerns, what each reads: asked for, after the resident's yes, and after it.
MOVING = {
    "rosa": (READS, READS, READS),
    "sten": (READS, READS, NOTHING),
    "iris": (READS, READS, NOTHING),
    "host": (NOTHING, READS, READS),
    "host_visitor": (NOTHING, NOTHING, READS),
    "host_coordinator": (NOTHING, NOTHING, NOTHING),
    "one": (READS, READS, READS),
    "pavel": (READS, READS, READS),
    "cole": (KNOWS, KNOWS, KNOWS),
    "guardian": (KNOWS, KNOWS, KNOWS),
    "hana": (NOTHING, NOTHING, NOTHING),
    "mara": (NOTHING, NOTHING, NOTHING),
    "former_member": (NOTHING, NOTHING, NOTHING),
    "former_steward": (NOTHING, NOTHING, NOTHING),
    "tied_steward": (NOTHING, NOTHING, NOTHING),
    "other_steward": (NOTHING, NOTHING, NOTHING),
    "stranger": (NOTHING, NOTHING, NOTHING),
}


def test_what_each_house_reads_before_a_move_and_after_it(world: World) -> None:
    people, now, step = world.people, world.now, []
    oak = another_house(world)
    people["host_coordinator"] = make_person("Coordinator there")
    oak.community.memberships.create(
        person=people["host_coordinator"], role="coordinator", from_on=world.today,
        until=world.today + timedelta(days=90),
    )  # fmt: skip

    def look() -> None:
        with time_machine.travel(now, tick=False):
            step.append({name: room(world, name) for name in MOVING})

    moving.ask_to_move(world.placement, by=people["cole"], now=now, house="oak")
    look()
    moving.accept_move(world.placement, by=people["rosa"], now=now)
    look()
    moving.offer_move(world.placement, by=people["host"], now=now)
    moving.move_house(world.placement, by=people["host"], now=now)
    look()
    assert {name: tuple(one[name] for one in step) for name in MOVING} == MOVING
    with time_machine.travel(now, tick=False):
        rosa = client_of(world, "rosa")
        assert rosa.get(oak.get_absolute_url()).status_code == 200
        assert rosa.get(world.house.get_absolute_url()).status_code == 404
        body = client_of(world, "sten").get(world.house.get_absolute_url()).content.decode()
        assert str(world.placement.pk) not in body


def test_who_opened_the_room_is_noted_and_the_resident_is_not(world: World) -> None:
    with time_machine.travel(world.now, tick=False):
        for name in ("rosa", "sten", "one"):
            client_of(world, name).get(world.placement.get_absolute_url())
    found = Access.objects.filter(room="rehabilitation").values_list("reader", flat=True)
    assert set(found) == {world.people["sten"].pk, world.people["one"].pk}


def test_a_steward_reads_no_more_when_it_is_over(world: World) -> None:
    challenging.leave(world.placement, by=world.people["rosa"], now=world.now)
    with time_machine.travel(world.now, tick=False):
        url = world.placement.get_absolute_url()
        for name, status in (("rosa", 200), ("one", 200), ("sten", 404), ("iris", 404)):
            assert client_of(world, name).get(url).status_code == status


def test_a_steward_reads_by_the_days_whether_or_not_tick_ran(world: World) -> None:
    here = Placement.objects.for_house_staff(world.people["sten"], today=world.now.date())
    free = world.placement.freedom.on
    assert here.get() == world.placement
    after = Placement.objects.for_house_staff(world.people["sten"], today=free)
    assert (world.placement.state, list(after)) == ("active", [])


def test_a_steward_of_another_house_reads_nothing_of_a_case_they_sat_on(world: World) -> None:
    """Whoever has a place in the case serves in no house for it."""
    HouseOffice.objects.create(
        house=world.house, person=world.people["mara"], role="steward",
        from_on=world.today, until=world.today + timedelta(days=9),
    )  # fmt: skip
    assert not Placement.objects.for_house_staff(world.people["mara"], today=world.today).exists()


def test_a_visitor_is_not_of_the_council_that_placed(world: World) -> None:
    found = houses.obstacles_to_visit(world.house, world.people["one"], world.today)
    assert [one.code for one in found] == ["not_independent"]
    assert houses.obstacles_to_visit(world.house, world.people["member"], world.today) == []
    assert make_house(world.case.community, now=world.now, slug="oak").offices.count() == 2
