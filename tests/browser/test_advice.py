"""What other cases teach, on a telephone's width: asked, read, taken over and refused."""

import pytest
from playwright.sync_api import Page

from councils.reading import proposal_url
from tests.agreements.closed import make_many
from tests.browser.pages import Open, look, press
from tests.councils import deciding as d
from tests.councils.advised import writing
from tests.moves.story import Story

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def story() -> Story:
    story = Story(rules={"algorithmic_proposals": True}).mediated().harm(100).draft()
    make_many(story.here, 8)
    make_many(story.here, 6, category="apology", promise_unit="act")
    return story


def test_a_mediator_asks_takes_one_over_and_refuses_the_other(open_as: Open, story: Story):
    path = story.case.get_absolute_url()
    page = open_as(story.people["mediator"], path)
    press(page, "Ask what other cases teach")
    look(page)
    page.get_by_label("What kind of harm was it?").select_option("damage")
    press(page, "Ask what other cases teach")
    shown = page.locator(".suggestion")
    assert shown.count() == 2
    assert "people decide" in page.get_by_role("status").inner_text()
    assert "kept in 8 of 8" in shown.nth(0).inner_text()
    look(page)
    _answer(page, 0, "Take this over", "it answers what is needed")
    _answer(page, 1, "Not for this case", "this case is different")
    assert story.promise(1).category == "pay_back"
    states = sorted(story.agreement.suggestions.values_list("state", flat=True))
    assert states == ["refused", "taken_over"]
    look(page)


def _answer(page: Page, place: int, label: str, why: str) -> None:
    page.locator(".suggestion").nth(place).get_by_role("link", name=label, exact=True).click()
    page.wait_for_load_state()
    look(page)
    page.get_by_label("Why?").select_option(label=why)
    press(page, label)


def test_in_arabic_and_dark_it_stays_in_width_too(open_as: Open, story: Story):
    story.ask_advice()
    path = story.case.get_absolute_url()
    page = open_as(story.people["mediator"], path, "ar", color_scheme="dark")
    assert page.locator(".suggestion").count() == 2
    look(page)


def test_whether_it_helped_is_asked_and_the_figures_are_read(open_as: Open):
    story = Story(days=13).mediated().harm(100).draft().add(amount=100).offer().sign().wait(11)
    story.say_done(1)
    page = open_as(story.people["harmed"], story.case.get_absolute_url())
    press(page, "Confirm it was done")
    look(page)
    page.get_by_label("Did this help?").select_option("yes")
    page.get_by_label("A sentence for people in another case").fill("Ask for it in writing.")
    page.get_by_label("Others may read this sentence, without my name").check()
    press(page, "Confirm it was done")
    assert page.get_by_text("Ask for it in writing.").count() == 1
    look(page)
    press(page, "Take your sentence back")
    assert page.get_by_text("Ask for it in writing.").count() == 0
    figures = open_as(None, "/figures/here/advice/", "es")
    look(figures)


def test_a_council_member_asks_and_takes_a_suggestion_into_the_plan_of_a_decision(open_as: Open):
    case, council, decision = writing()
    author = d.members(council)[0]
    page = open_as(author, proposal_url(case, decision.proposal))
    press(page, "Ask what other cases teach")
    page.get_by_label("What kind of harm was it?").select_option("damage")
    press(page, "Ask what other cases teach")
    assert "kept in 8 of 8" in page.locator(".suggestion").inner_text()
    look(page)
    page.locator(".suggestion").get_by_role("link", name="Take this over", exact=True).click()
    assert "Only the council reads this." in page.get_by_role("main").inner_text()
    look(page)
    page.get_by_label("Why?").select_option(label="it answers what is needed")
    press(page, "Take this over")
    assert decision.promises.get().category == "pay_back"
    assert "Taken over" in page.locator(".suggestion").inner_text()
