"""Two placements through the real pages, on a telephone: one ends in freedom, one lapses."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone
from playwright.sync_api import Page

from cases import actions as cases
from cases.writing import day
from councils.models import Council
from journey import clock
from rehabilitation.models import Placement, Review
from tests.browser.pages import Open, look, press
from tests.factories import make_person
from tests.rehabilitation.houses import (
    World,
    go_round,
    make_world,
    placed,
    prepare_review,
    seat,
)

pytestmark = pytest.mark.django_db(transaction=True)
See = Callable[..., Page]
DAY = timedelta(days=1)


def main_text(page: Page) -> str:
    return page.get_by_role("main").inner_text()


@pytest.fixture
def world() -> World:
    """A council that has decided today, on the day the browser believes it to be."""
    with transaction.atomic():
        return make_world(now=timezone.now())


@pytest.fixture
def see(open_as: Open, world: World) -> See:
    """Return what opens a page as one of the world's people, and looks at it."""

    def opened(name: str, path: str, language: str = "en", **options) -> Page:
        page = open_as(world.people[name], path, language, **options)
        look(page)
        return page

    return opened


def placement_path(world: World) -> str:
    return world.placement.get_absolute_url()


def ask_for_a_place(see: See, world: World) -> None:
    """The coordinator proposes, the person says yes, and the steward notes that they came."""
    cole = see("cole", world.case.get_absolute_url())
    press(cole, "Propose a place")
    look(cole)
    cole.get_by_label("In which house?").select_option(world.house.slug)
    press(cole, "Propose a place")
    assert "The person has been told." in cole.get_by_role("status").inner_text()

    rosa = see("rosa", "/")
    press(rosa, "A place is proposed to you")
    assert "They said they would come back." in main_text(rosa)
    assert "You can challenge this at any time" in main_text(rosa)
    look(rosa)
    press(rosa, "Say yes to this place")
    look(rosa)
    rosa.get_by_label("I have read this, and I say yes freely").check()
    press(rosa, "Say yes to this place")
    assert "I can leave at any time" in main_text(rosa)
    look(rosa)

    sten = see("sten", "/")
    press(sten, "Linden house: steward")
    look(sten)
    press(sten, world.people["rosa"].name)
    look(sten)
    press(sten, "Note that they live here")
    look(sten)
    press(sten, "Note that they live here")
    assert world.placement.state == "active"
    look(sten)


def decide_in_the_round(
    see: See, world: World, review: Review, label: str, *, member: str, people: list[str]
) -> None:
    """A member proposes on their page; all but the last take their turns, who consents there."""
    page = see(member, placement_path(world))
    press(page, "Propose what comes of it")
    look(page)
    page.get_by_label("What do you propose?").select_option(label=label)
    page.get_by_label("Why, as things are today?").fill("Three quiet weeks, and two to come.")
    press(page, "Propose what comes of it")
    look(page)
    proposal = review.courses.get().proposal
    last = go_round(world, review, proposal, now=timezone.now(), but_last=True)
    assert last.pk in {world.people[name].pk for name in people}
    name = next(name for name in people if world.people[name].pk == last.pk)
    page = see(name, placement_path(world))
    press(page, "I consent")
    look(page)


def hold_a_review(see: See, world: World) -> Review:
    """The steward writes, the resident answers, the guardian begins the round."""
    sten = see("sten", placement_path(world))
    press(sten, "Prepare the review")
    look(sten)
    sten.get_by_label("What should the council know of the time since?").fill("It goes well.")
    press(sten, "Prepare the review")
    look(sten)

    pavel = see("pavel", placement_path(world))
    assert "The resident has not been heard yet." in main_text(pavel)

    rosa = see("rosa", placement_path(world))
    assert "It goes well." in main_text(rosa)
    press(rosa, "Say your word to the council")
    look(rosa)
    rosa.get_by_label("What should the council hear from you?").fill("I would like to go home.")
    rosa.get_by_label("Who will be there beside you?").fill("My sister Ines")
    press(rosa, "Say your word to the council")
    assert "Beside the resident: My sister Ines" in main_text(rosa)

    pavel.goto(placement_path(world))
    press(pavel, "Begin the council’s round")
    look(pavel)
    return Review.objects.get(placement=world.placement, challenge=None)


def hear_the_challenge(see: See, world: World, *, now: datetime) -> None:
    """The resident challenges; people who were not involved hear it, and let it stand."""
    rosa = see("rosa", placement_path(world))
    press(rosa, "Challenge this placement")
    look(rosa)
    rosa.get_by_label("What should be looked at again?").select_option("proportion")
    rosa.get_by_label("In your own words").fill("My aunt would take me in now.")
    press(rosa, "Challenge this placement")
    assert "My aunt would take me in now." in main_text(rosa)
    look(rosa)

    cole = see("cole", placement_path(world))
    assert "A challenge waits to be heard" in main_text(cole)
    assert "My aunt" not in main_text(cole)
    press(cole, "Begin a council to hear the challenge")
    panel = Council.objects.get(appeal_of=world.council)
    with transaction.atomic():
        seat_panel(world, panel, now=now)

    guard = see("guard", world.case.get_absolute_url())
    assert see_nothing(guard, placement_path(world))
    guard.goto(world.case.get_absolute_url())
    press(guard, "Bring the challenge before this council")
    guard.goto(placement_path(world))
    look(guard)
    press(guard, "Begin the council’s round")
    look(guard)
    hearing = Review.objects.get(placement=world.placement, challenge__isnull=False)
    decide_in_the_round(
        see, world, hearing, "the placement stands", member="other 0",
        people=[f"other {n}" for n in range(4)],
    )  # fmt: skip
    rosa.goto(placement_path(world))
    assert "Not upheld." in main_text(rosa)
    assert "Three quiet weeks, and two to come." in main_text(rosa)


def seat_panel(world: World, panel: Council, *, now: datetime) -> None:
    """Seat people who were not involved on an appeal's council, as its draw would have."""
    today = day(now)
    guard = world.people["guard"] = make_person("Guard")
    others = {f"other {n}": make_person(f"Other {n}") for n in range(4)}
    world.people |= others
    cases.place_in(world.case, guard, "process_guardian", today=today)
    seat(panel, list(others.values()), on=today)
    Council.objects.filter(pk=panel.pk).update(
        process_guardian=guard, state=Council.State.SEATED, seated_on=today
    )


def see_nothing(page: Page, path: str) -> bool:
    answer = page.goto(path)
    return answer is not None and answer.status == 404


def test_a_placement_ends_in_release_and_a_guest_stay(see: See, world: World) -> None:
    now = world.now
    ask_for_a_place(see, world)
    council = ["one", "two", "three", "four"]

    with time_machine.travel(now + 20 * DAY):
        review = hold_a_review(see, world)
        decide_in_the_round(see, world, review, "go on as it is", member="one", people=council)
        assert Review.objects.get(pk=review.pk).state == "continued"
        assert world.placement.review_on == world.today + 50 * DAY

    with time_machine.travel(now + 21 * DAY):
        hear_the_challenge(see, world, now=now + 21 * DAY)
        assert world.placement.is_placed(world.today + 21 * DAY)

    with time_machine.travel(now + 45 * DAY):
        review = prepare_review(world, now=now + 45 * DAY)
        decide_in_the_round(see, world, review, "release", member="one", people=council)
        rosa = see("rosa", placement_path(world))
        assert "The person is free: the council has released." in main_text(rosa)
        sten = see("sten", placement_path(world))
        press(sten, "Let them go today")
        look(sten)
        press(sten, "Let them go today")
        assert world.placement.state == "released"

        rosa.goto("/")
        look(rosa)
        press(rosa, "Your place in a house")
        press(rosa, "Stay as a guest")
        look(rosa)
        assert "A guest, by their own wish." in main_text(rosa)

    with time_machine.travel(now + 50 * DAY):
        rosa = see("rosa", placement_path(world))
        press(rosa, "Leave as a guest")
        look(rosa)
        press(rosa, "Leave as a guest")
        assert world.placement.state == "left"
        look(rosa)


def test_a_placement_lapses_when_no_review_is_held(see: See, world: World) -> None:
    now = world.now
    placed(world)
    hana = see("hana", world.case.get_absolute_url())
    press(hana, "Say what you want to be told")
    look(hana)
    hana.get_by_label("will be released, before it happens").check()
    press(hana, "Say what you want to be told")

    with time_machine.travel(now + 28 * DAY):
        clock.run(now + 28 * DAY)
        for name in ("rosa", "sten", "one", "hana"):
            told = main_text(see(name, "/notices/"))
            assert ("unless a review is held by then" in told) == (name == "hana")
            assert "review" in told
        rosa = see("rosa", placement_path(world))
        assert "If it does not, the person is free." in main_text(rosa)

    # The clock stands still for a day, and nobody writes anything: free all the same.
    with time_machine.travel(now + 31 * DAY):
        sten = see("sten", world.house.get_absolute_url())
        assert "2 places: 0 taken, 0 with a guest, 2 free" in main_text(sten)
        rosa = see("rosa", "/")
        press(rosa, "Your place in a house")
        look(rosa)
        assert "no review was held in time" in main_text(rosa)
        assert rosa.get_by_role("main").get_by_role("link", name="Leave", exact=True).count() == 0
        one = Placement.objects.get(pk=world.placement.pk)
        assert (one.state, one.ended_on) == ("lapsed", world.today + 31 * DAY)
        assert see_nothing(sten, placement_path(world))
        see("rosa", placement_path(world), "ar", color_scheme="dark")
