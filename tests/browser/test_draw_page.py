"""The public page of a draw in a real browser, on a telephone and on a desk."""

import json
from datetime import timedelta

import pytest
from playwright.sync_api import Page, Route, expect

from councils.models import Draw, RosterEntry
from tests.browser.pages import Open, look
from tests.councils import people as p
from tests.factories import NOW

pytestmark = pytest.mark.django_db(transaction=True)

LATER = NOW + timedelta(hours=3)
WIDTHS = [390, 1280]


def wide(width: int) -> dict[str, int]:
    return {"width": width, "height": 844}


def drawn() -> Draw:
    case, cole = p.make_case_for_council()
    return p.throw(p.commit(p.begin(case, cole), cole), cole, now=LATER)


def check(page: Page) -> None:
    page.get_by_role("button", name="Check it in this browser").click()
    page.wait_for_selector("[data-verdict][data-outcome]")


@pytest.mark.parametrize("width", WIDTHS)
def test_a_drawn_draw_is_right_in_the_browser(open_as: Open, width: int) -> None:
    draw = drawn()
    page = open_as(None, draw.get_absolute_url(), viewport=wide(width))
    look(page)
    check(page)
    expect(page.locator("[data-verdict]")).to_have_attribute("data-outcome", "right")
    found = page.locator("[data-checks] > li")
    assert found.count() == 22
    assert set(found.evaluate_all("all => all.map(one => one.dataset.outcome)")) == {"right"}
    # In the words of the page, not those of the script.
    expect(found.filter(has_text="The randomness picks this panel.")).to_be_visible()
    look(page)


def test_a_changed_record_is_found_out(open_as: Open) -> None:
    draw = drawn()

    def tamper(route: Route) -> None:
        document = json.loads(route.fetch().text())
        document["record"]["quotas"][0][3] += 1
        route.fulfill(json=document)

    page = open_as(None, draw.get_absolute_url())
    page.route("**/record.json", tamper)
    check(page)
    expect(page.locator("[data-verdict]")).to_have_attribute("data-outcome", "wrong")
    wrong = page.locator("[data-checks] > li[data-outcome=wrong]")
    expect(wrong.filter(has_text="something was changed")).to_be_visible()
    expect(page.get_by_role("button", name="Find me")).to_be_hidden()
    look(page)


@pytest.mark.parametrize("width", WIDTHS)
def test_a_member_finds_themselves(open_as: Open, width: int) -> None:
    draw = drawn()
    entries = RosterEntry.objects.filter(draw=draw).select_related("person")
    mine = entries.get(token=draw.panel[0])
    page = open_as(mine.person, draw.get_absolute_url(), viewport=wide(width))
    page.get_by_text("Your token, and how to check it by hand").click()
    expect(page.get_by_text(mine.salt, exact=True)).to_be_visible()
    look(page)
    check(page)
    page.get_by_label("Your salt").fill(mine.salt)
    page.get_by_label("What the token was made of").fill(mine.described)
    page.get_by_role("button", name="Find me").click()
    expect(page.locator("[data-found]")).to_contain_text("In the hat, and drawn")
    expect(page.locator("[data-found]")).to_contain_text(mine.token)
    page.get_by_label("Your salt").fill("0" * 32)
    page.get_by_role("button", name="Find me").click()
    expect(page.locator("[data-found]")).to_contain_text("not in the hat of this draw")
    look(page)


def test_without_scripts_everything_but_the_check_is_there(open_as: Open) -> None:
    draw = drawn()
    page = open_as(None, draw.get_absolute_url(), java_script_enabled=False)
    expect(page.get_by_text("This needs JavaScript")).to_be_visible()
    expect(page.get_by_text("python3 verify_draw.py record.json")).to_be_visible()
    expect(page.get_by_role("button", name="Check it in this browser")).to_be_hidden()
    page.get_by_label("In how many panels does a token sit?").fill(draw.panel[0])
    page.get_by_role("button", name="Show these panels").click()
    expect(page.get_by_text("This token sits in")).to_be_visible()


def test_nothing_on_the_page_is_refused_by_its_own_policy(open_as: Open) -> None:
    draw = drawn()
    page = open_as(None, "/verify/draw/")
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.get_by_label("The draw’s number").fill(draw.public_id.lower())
    page.get_by_role("button", name="Show this draw").click()
    page.wait_for_url(f"**{draw.get_absolute_url()}")
    check(page)
    assert said == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_reads_from_the_right_in_arabic(open_as: Open, scheme: str) -> None:
    draw = drawn()
    someone = RosterEntry.objects.filter(draw=draw, eligible=True).first().person
    for person in (None, someone):
        page = open_as(person, draw.get_absolute_url(), language="ar", color_scheme=scheme)
        assert page.locator("html").get_attribute("dir") == "rtl"
        look(page)
    page.goto("/verify/draw/?draw=DR-0000-0000")
    look(page)
