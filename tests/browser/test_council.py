"""A council from its first day, through the real pages: drawn, one no, one aside, one doubted."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from cases.models import Case
from councils.actions.solving import look_for_panels
from councils.models import Council, Draw, Seat
from people.models import Person
from tests.browser.pages import Open, look, press
from tests.councils import people as p
from tests.factories import harmed, responsible

pytestmark = pytest.mark.django_db(transaction=True)


def path_of(case: Case) -> str:
    return f"/cases/{case.reference}/"


def draw_by_dice(page: Page, case: Case, throws: str) -> Draw:
    """Prepare a draw on the coordinator's page, let the worker find it, and throw the dice."""
    page.goto(path_of(case))
    look(page)
    press(page, "Prepare a draw")
    look(page)
    page.get_by_label("A public lottery of numbers on the internet (drand)").uncheck()
    page.get_by_label("Dice thrown before witnesses").check()
    tomorrow = timezone.localtime(timezone.now() + timedelta(days=1))
    page.get_by_label("When are the dice thrown?").fill(tomorrow.strftime("%Y-%m-%dT%H:%M"))
    page.get_by_label("Who witnesses it?").fill("Vera, Ada")
    press(page, "Prepare a draw")
    draw = Draw.objects.latest("prepared_at")
    if draw.state == Draw.State.SOLVING:
        look(page)
        look_for_panels(draw.pk, clock=timezone.now)
    page.goto(path_of(case))
    assert "What decides does not exist yet." in page.get_by_role("main").inner_text()
    look(page)
    # A day goes by.
    Draw.objects.filter(pk=draw.pk).update(beacon_at=timezone.now() - timedelta(minutes=1))
    page.goto(path_of(case))
    press(page, "Write down the dice")
    look(page)
    page.get_by_label("The throws, in their order").fill(throws[:49])
    press(page, "Write down the dice")
    assert "50 are needed" in page.get_by_role("main").inner_text()
    look(page)
    page.get_by_label("The throws, in their order").fill(throws)
    press(page, "Write down the dice")
    draw.refresh_from_db()
    assert draw.state == Draw.State.DRAWN
    look(page)
    return draw


def say_yes(open_as: Open, person: Person, seat: Seat) -> Page:
    page = open_as(person, "/")
    look(page)
    press(page, "Your seat on a Justice Council")
    look(page)
    assert harmed(seat.council.case).person.name not in page.content()
    press(page, "Promise to keep it to yourself")
    look(page)
    page.get_by_label("I will keep to myself who and what this council is about").check()
    press(page, "Promise to keep it to yourself")
    assert harmed(seat.council.case).person.name in page.content()
    press(page, "Accept this seat")
    look(page)
    page.get_by_label("I can be impartial: I am not tied to any of them").check()
    press(page, "Accept this seat")
    assert "You sit on this council." in page.get_by_role("main").inner_text()
    look(page)
    return page


def test_a_council_is_drawn_and_its_empty_seats_are_drawn_anew(open_as: Open) -> None:
    case, cole = p.make_case_for_council(now=timezone.now())
    hana, remi = harmed(case).person, responsible(case).person
    coordinator = open_as(cole, path_of(case))
    press(coordinator, "Begin a Justice Council")

    party = open_as(hana, path_of(case))
    look(party)
    press(party, "Name somebody you are tied to")
    look(party)
    party.get_by_label("Their full name").fill("Member 0")
    party.get_by_label("You are tied by").select_option("work")
    press(party, "Name somebody you are tied to")
    for page in (party, open_as(remi, path_of(case))):
        press(page, "I have named everybody")

    draw_by_dice(coordinator, case, "123456" * 8 + "12")
    council = Council.objects.get(case=case)
    asked = list(council.seats.select_related("person", "council__case").order_by("pk"))
    assert len(asked) == 5
    assert "Member 0" not in {seat.person.name for seat in asked}

    decliner = open_as(asked[0].person, f"/seats/{asked[0].pk}/")
    press(decliner, "Decline this seat")
    look(decliner)
    press(decliner, "Decline this seat")
    assert "Your seat has ended." in decliner.get_by_role("main").inner_text()
    pages = {seat.pk: say_yes(open_as, seat.person, seat) for seat in asked[1:]}

    aside = pages[asked[1].pk]
    press(aside, "Open the case")
    look(aside)
    press(aside, "Step aside")
    look(aside)
    press(aside, "Step aside")
    assert aside.goto(path_of(case)).status == 404

    party.goto(path_of(case))
    look(party)
    section = party.locator(f"section[aria-labelledby='seat-{asked[2].pk}']")
    section.locator("summary").click()
    section.get_by_role("link", name="Ask for somebody else in their place").click()
    look(party)
    party.get_by_label("Why may they not be impartial?").fill("We have a garden together.")
    press(party, "Ask for somebody else in their place")
    # Two of the panel are left to decide; one yes is half of them, and a doubt is enough.
    judge = pages[asked[3].pk]
    judge.goto(path_of(case))
    look(judge)
    press(judge, "Answer a doubt about a member")
    look(judge)
    judge.get_by_label("Should somebody else be drawn in their place?").select_option("yes")
    judge.get_by_label("Why?").fill("It is better so.")
    press(judge, "Answer a doubt about a member")
    assert Seat.objects.get(pk=asked[2].pk).state == "replaced"
    assert pages[asked[2].pk].goto(path_of(case)).status == 404

    beacons = set()
    for turn in range(1, 4):
        draw = draw_by_dice(coordinator, case, "654321" * 8 + f"{turn}1")
        beacons.add(draw.beacon)
        seat = Seat.objects.select_related("person", "council__case").get(draw=draw)
        say_yes(open_as, seat.person, seat)
    assert len(beacons) == 3
    council.refresh_from_db()
    assert council.state == "seated"
    party.goto(path_of(case))
    assert "The Justice Council is complete." in party.get_by_role("main").inner_text()
    look(party)
