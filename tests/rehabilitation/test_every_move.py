"""Every move around placements and houses, in every situation, by everybody, through the API and
the pages: available succeeds, blocked is refused with the same codes, hidden is not there.

The situations are worlds; what an answer changed is undone, so that each move is tried from the
same one.
"""

import json
from collections import Counter
from datetime import datetime, timedelta
from itertools import cycle
from typing import Any

import pytest
import time_machine

from api.actions import issue_token
from deliberation.models import Proposal
from rehabilitation.actions import (
    challenging,
    houses,
    living,
    moving,
    placing,
    reviewing,
    staying,
)
from rehabilitation.models import House, HouseQuestion, Placement
from rehabilitation.wording import MOVES, OBSTACLES
from tests.factories import browser, make_person
from tests.rehabilitation.houses import (
    World,
    accept,
    adopt,
    another_house,
    make_council,
    make_world,
    placed,
    prepare_review,
    propose,
)
from tests.undoing import undone

pytestmark = pytest.mark.django_db

WHO = ("rosa", "sten", "iris", "pavel", "cole", "one", "hana", "mara", "panel_guard", "panel_one",
       "host", "host_visitor")  # fmt: skip
# How often somebody tried a move, and how it was shown to them. More than a few times tells
# nothing new: every situation asks first what each of them sees.
TRIED: Counter[tuple[str, ...]] = Counter()
OFTEN = 2


def often_enough(*what: str) -> bool:
    """Say whether this was tried often enough before, and note that it is tried now."""
    TRIED[what] += 1
    return TRIED[what] > OFTEN


FUTURE = ("until", "next_review_on", "release_on", "ends_on")


def day_of(name: str, now: datetime) -> str:
    return (now + timedelta(days=9 if name in FUTURE else 0)).date().isoformat()


def filled(fields: list[dict[str, Any]], now: datetime) -> dict[str, Any]:
    """Return what somebody might type into a form, from what the API says of it."""
    data: dict[str, Any] = {}
    for one in fields:
        if one["initial"] not in (None, ""):
            data[one["name"]] = one["initial"]
        elif one["type"] == "date":
            data[one["name"]] = day_of(one["name"], now)
        elif one["type"] == "boolean":
            data[one["name"]] = True
        elif one["type"] == "integer":
            data[one["name"]] = "2"
        elif one["type"] == "choices":
            data[one["name"]] = []
        elif one["choices"]:
            data[one["name"]] = next(c["value"] for c in one["choices"] if c["value"])
        else:
            data[one["name"]] = "Some words."
    return data


# ── The situations ───────────────────────────────────────────────────────────


def proposed() -> World:
    world = make_world()
    propose(world)
    return world


def accepted_and_appealable() -> World:
    world = make_world(effective=False)
    propose(world)
    accept(world)
    return world


def for_some_days() -> World:
    world = accepted_and_appealable()
    placing.place_for_days(world.placement, by=world.people["sten"], now=world.now)
    return world


def full_of_life() -> World:
    """Everything a life in a house can hold, each of it waiting for somebody."""
    world = make_world()
    placed(world)
    one, people, now = world.placement, world.people, world.now
    living.check_in(one, by=people["sten"], now=now, words="It goes.")
    living.record_visit(one, by=people["iris"], now=now, words="We spoke.", visited_on=world.today)
    living.report_incident(
        one, by=people["sten"], now=now, happened_on=world.today, account="A door was slammed."
    )
    living.make_wish(one, by=people["rosa"], now=now, kind="complaint", words="It is cold.")
    refused = living.make_wish(one, by=people["rosa"], now=now, kind="wish", words="A dog.")
    living.answer_wish(refused, by=people["sten"], now=now, answer="refused", words="Too many.")
    further = living.make_wish(one, by=people["rosa"], now=now, kind="wish", words="A cat.")
    living.answer_wish(further, by=people["sten"], now=now, answer="refused", words="Too many.")
    living.take_further(further, by=people["rosa"], now=now)
    for kind, agreed in (("learning", True), ("work", False), ("support", None)):
        measure = living.offer_measure(
            one, by=people["sten"], now=now, kind=kind, aim="To get on.", offered_by="Somebody",
            from_on=world.today, until=world.today + timedelta(days=20),
        )  # fmt: skip
        if agreed is not None:
            answer = living.agree_measure if agreed else living.decline_measure
            answer(measure, by=people["rosa"], now=now)
    staying.begin_support_circle(
        one, by=people["rosa"], now=now, until=world.today + timedelta(days=50)
    )
    reviewing.prepare_review(one, by=people["sten"], now=now, packet="It goes well.")
    return world


def before_the_council() -> World:
    world = make_world()
    placed(world)
    prepare_review(world, now=world.now)
    return world


def being_decided() -> World:
    world = before_the_council()
    review = world.placement.reviews.get()
    reviewing.propose_course(
        review, by=world.people["one"], now=world.now, course="continue", reasons="As it is."
    )
    return world


def released_soon() -> World:
    world = make_world()
    placed(world)
    adopt(world, prepare_review(world, now=world.now), "release", now=world.now)
    return world


def challenged() -> World:
    world = make_world()
    placed(world)
    challenging.challenge_placement(
        world.placement, by=world.people["rosa"], now=world.now, ground="facts", words="Not so."
    )
    return world


def panel_seated() -> World:
    world = challenged()
    world.people["panel_guard"] = make_person("Guard")
    members = [make_person(f"Panel {n}") for n in range(4)]
    world.people["panel_one"] = members[0]
    make_council(
        world.case, members, world.people["panel_guard"], on=world.today, state="seated",
        appeal_of=world.council,
    )  # fmt: skip
    return world


def being_heard() -> World:
    world = panel_seated()
    review = challenging.open_hearing(world.case, by=world.people["panel_guard"], now=world.now)
    reviewing.hold_review(review, by=world.people["panel_guard"], now=world.now)
    return world


def free() -> World:
    world = make_world()
    placed(world)
    adopt(world, prepare_review(world, now=world.now), "release", now=world.now)
    reviewing.release(world.placement, by=world.people["sten"], now=world.now)
    return world


def a_guest() -> World:
    world = free()
    staying.stay_as_guest(world.placement, by=world.people["rosa"], now=world.now)
    return world


def three_residents() -> World:
    world = make_world(places=3)
    placed(world)
    for name in ("second", "third"):
        other = make_world(community=world.case.community)
        placed(other)
        world.people[name] = other.people["rosa"]
    return world


def a_house_that_decides() -> World:
    world = three_residents()
    houses.ask_house(
        world.house, by=world.people["rosa"], now=world.now, kind="rule", text="Quiet at ten."
    )
    return world


def a_house_with_a_rule() -> World:
    world = a_house_that_decides()
    HouseQuestion.objects.filter(house=world.house).update(adopted_on=world.today)
    proposals = Proposal.objects.filter(pk__in=world.house.questions.values("proposal"))
    proposals.update(outcome="adopted", decided_at=world.now, taken_up_at=world.now)
    return world


def two_houses() -> World:
    world = make_world()
    placed(world)
    another_house(world)
    return world


def asked_to_move() -> World:
    """The council's side asks; the resident has not answered, and the other house reads nothing."""
    world = two_houses()
    moving.ask_to_move(world.placement, by=world.people["cole"], now=world.now, house="oak")
    return world


def wishes_to_move() -> World:
    """The resident asks for a house of another community; neither has consented."""
    world = two_houses()
    moving.ask_to_move(world.placement, by=world.people["rosa"], now=world.now, house="oak")
    return world


def can_move() -> World:
    world = wishes_to_move()
    moving.agree_to_move(world.placement, by=world.people["pavel"], now=world.now)
    moving.offer_move(world.placement, by=world.people["host"], now=world.now)
    return world


def has_moved() -> World:
    world = can_move()
    moving.move_house(world.placement, by=world.people["host"], now=world.now)
    return world


SITUATIONS = (
    make_world, proposed, accepted_and_appealable, for_some_days, full_of_life,
    before_the_council, being_decided, released_soon, challenged, panel_seated, being_heard, free,
    a_guest, a_house_that_decides, a_house_with_a_rule, two_houses,
    asked_to_move, wishes_to_move, can_move, has_moved,
)  # fmt: skip


def slugs() -> list[str]:
    return list(House.objects.order_by("slug").values_list("slug", flat=True))


# Offered in worlds of their own: tests/rehabilitation/test_moving.py and others.
ELSEWHERE = {
    "open_house", "accept_support", "decline_support", "note_support_meeting",
    "accept_placement_as_guardian", "accept_move_as_guardian", "offer_place", "choose_news",
}  # fmt: skip


class Asking:
    """One world, everybody's token, and what the API offers each of them."""

    def __init__(self, world: World) -> None:
        self.world, self.client = world, browser()
        self.tokens: dict[str, dict[str, str]] = {}

    def headers(self, name: str) -> dict[str, str]:
        if name not in self.tokens:
            token = issue_token(self.world.people[name], today=self.world.today)
            self.tokens[name] = {"Authorization": f"Bearer {token}"}
        return self.tokens[name]

    def get(self, name: str, url: str) -> Any:
        answer = self.client.get(url, headers=self.headers(name))
        return answer.json() if answer.status_code == 200 else None

    def post(self, name: str, url: str, data: Any) -> Any:
        return self.client.post(
            url, json.dumps(data), content_type="application/json", headers=self.headers(name)
        )

    def offers(self, name: str) -> dict[str, dict[str, Any]]:
        """Return every move of ours this person is offered anywhere, by its address."""
        found: dict[str, dict[str, Any]] = {}
        case = self.get(name, f"/api/v1/cases/{self.world.case.reference}")
        pages = [case] if case else []
        pages += [
            self.get(name, f"/api/v1/placement/{pk}")
            for pk in Placement.objects.values_list("pk", flat=True)
        ]
        pages += [self.get(name, f"/api/v1/house/{slug}") for slug in slugs()]
        for page in filter(None, pages):
            inside = [page, *page.get("things", ()), *page.get("parts", ())]
            for move in [one for part in inside for one in part["moves"]]:
                if move["name"] in MOVES or "/review/" in move["url"]:
                    found[move["url"]] = move
        return found


def test_every_move_in_every_situation_does_as_it_says() -> None:
    """One walk, because only all situations together show that no move was left out."""
    left, codes = set(MOVES) - ELSEWHERE, set[str]()
    for situation in SITUATIONS:
        with undone():
            world = situation()
            with time_machine.travel(world.now, tick=False):
                for move in what_is_shown_happens(world, situation.__name__):
                    left.discard(move["name"])
                    codes.update(one["code"] for one in move["obstacles"])
                every_page_and_form_opens(world)
    assert left == set(), "offered nowhere: a move nobody is ever offered is tested by nothing"
    assert {
        "review_missing",
        "not_accepted",
        "challenge_open",
        "assembly_too_small",
        "move_not_accepted",
        "move_not_agreed",
        "place_not_offered",
        "no_place_free",
    } <= codes
    assert set(OBSTACLES) >= codes - {"already_moved"}


def what_is_shown_happens(world: World, situation: str) -> list[dict[str, Any]]:
    """Try what everybody is shown, and what they are not; return all that was shown."""
    asking = Asking(world)
    everybody = {
        name: asking.offers(name) for name in (*WHO, "second", "third") if name in world.people
    }
    urls = {url for offers in everybody.values() for url in offers}
    assert urls, situation
    for name, offers in everybody.items():
        # Hidden: the same answer as for what does not exist.
        made_up = asking.post(name, f"{min(urls)}x", {}).json()
        for url in sorted(urls - set(offers)):
            if often_enough("hidden", name, url.rpartition("/")[2]):
                continue
            with undone():
                answer = asking.post(name, url, {})
            assert answer.status_code == 404, (situation, name, url)
            assert answer.json() == made_up, (situation, name, url)
        for url, move in offers.items():
            codes = [one["code"] for one in move["obstacles"]]
            if often_enough(move["status"], name, move["name"], *codes):
                continue
            with undone():
                answer = asking.post(name, url, filled(move["fields"], world.now))
            answered = answer.content.decode()[:300]
            told = (situation, name, move["name"], answer.status_code, answered)
            if move["status"] == "available":
                assert answer.status_code == 200, told
                continue
            assert answer.status_code == 409, told
            assert [one["code"] for one in answer.json()["obstacles"]] == codes, told
    return [move for offers in everybody.values() for move in offers.values()]


def every_page_and_form_opens(world: World) -> None:
    """The pages hold the same moves: each form opens, and the page itself in another language."""
    for name, language in zip(WHO, cycle(("es", "ar")), strict=False):
        if name not in world.people:
            continue
        client = browser()
        client.force_login(world.people[name])
        assert client.get("/").status_code == 200
        for placement in Placement.objects.select_related("house"):
            answer = client.get(placement.get_absolute_url())
            if answer.status_code == 404:
                continue
            for one in [*answer.context["moves"], *_inner(answer.context["things"])]:
                with undone():
                    assert client.get(one.url).status_code == 200, one.name
            again = client.get(placement.get_absolute_url(), headers={"Accept-Language": language})
            assert again.status_code == 200
        answer = client.get(world.house.get_absolute_url())
        if answer.status_code == 200:
            for one in answer.context["moves"]:
                assert client.get(one.url).status_code == 200, one.name


def _inner(things: Any) -> list[Any]:
    return [move for thing in things for move in thing.moves]
