"""A charter amended through the real pages: once tabled in contention, once adopted."""

from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from communities.actions.time import do_here
from communities.models import Community, Question
from deliberation.actions import voting
from deliberation.models import Amendment, BySupermajority
from journey import clock
from people.models import Person
from tests.browser.pages import Open, look, press
from tests.communities.people import make_home, proposal_of

pytestmark = pytest.mark.django_db(transaction=True)
PROPOSE = "Propose a change of the charter"


def the_stage_goes_by() -> None:
    """Let the days of a stage pass, and the clock come."""
    BySupermajority.objects.exclude(deadline=None).update(deadline=timezone.now())
    clock.run(timezone.now())


def others_vote(question: Question, people: list[Person], *, against: int) -> None:
    """Let these vote, the last so many of them against."""
    for place, person in enumerate(people):
        do_here(
            voting.vote, question, proposal_of(question), by=person, now=timezone.now(),
            in_favour=place < len(people) - against,
        )  # fmt: skip


def type_change(page: Page, rule: str, value: str, why: str) -> None:
    page.get_by_label("Which rule?").select_option(rule)
    page.get_by_label("What should it be?").first.fill(value)
    page.get_by_label("Why? What would be better?").fill(why)


def vote(page: Page, choice: str) -> None:
    press(page, "Vote")
    look(page)
    page.get_by_label(choice, exact=True).check()
    press(page, "Vote")
    look(page)


def propose(page: Page, home: Community) -> Question:
    """Propose a longer mediation, with a slip first, from the desk on."""
    page.get_by_role("link", name="Your communities").click()
    look(page)
    press(page, home.name)
    look(page)
    press(page, PROPOSE)
    look(page)
    type_change(page, "mediation_days", "400", "Fifteen days are too short.")
    press(page, PROPOSE)
    assert "It cannot be this." in page.get_by_role("main").inner_text()
    look(page)
    type_change(page, "mediation_days", "25", "Fifteen days are too short.")
    press(page, PROPOSE)
    look(page)
    return Question.objects.latest("at")


def state_of(question: Question) -> str:
    return BySupermajority.objects.get(proposal=proposal_of(question)).state


def said(page: Page) -> str:
    return page.get_by_role("main").inner_text()


def to_the_concerns(open_as: Open) -> tuple[Question, list[Person], Page, Page]:
    """Propose, discuss, and vote first, with less than nine tenths for it."""
    home, people = make_home(14)
    author = open_as(people[0], "/")
    question = propose(author, home)
    against = open_as(people[13], home.get_absolute_url())
    look(against)
    press(against, "The charter: Longest mediation")
    look(against)
    press(against, "Say something")
    look(against)
    against.get_by_label("What do you want to say?").fill("And who waits so long?")
    press(against, "Say something")
    assert "And who waits so long?" in said(against)
    the_stage_goes_by()
    author.reload()
    vote(author, "For")
    against.goto("/")
    look(against)
    assert "Your community asks you" in said(against)
    press(against, "The charter: Longest mediation")
    vote(against, "Against")
    others_vote(question, people[1:13], against=3)
    the_stage_goes_by()
    return question, people, author, against


def test_an_amendment_is_gauged_and_it_is_tabled_in_contention(open_as: Open) -> None:
    question, people, author, against = to_the_concerns(open_as)
    against.reload()
    assert "10 of 14 votes cast are for it" in said(against)
    look(against)
    press(against, "Say what concerns you")
    look(against)
    against.get_by_label("What concerns you?").fill("It takes too long.")
    against.get_by_label("I would speak for this concern.").check()
    press(against, "Say what concerns you")
    look(against)
    author.reload()
    press(author, "Offer an amendment")
    look(author)
    type_change_of_amendment(author)
    look(author)
    press(author, "Say whether you could live with it")
    look(author)
    author.get_by_label("Yes", exact=True).check()
    press(author, "Say whether you could live with it")
    against.reload()
    press(against, "Say whether you could live with it")
    against.get_by_label("Yes", exact=True).check()
    press(against, "Say whether you could live with it")
    the_stage_goes_by()
    assert Amendment.objects.get().taken_at is not None
    author.reload()
    look(author)
    assert "20 days" in said(author)
    the_votes_until_contention(question, people, author)
    contend(question, people, author, against)


def type_change_of_amendment(page: Page) -> None:
    assert page.get_by_label("Which rule?").input_value() == "mediation_days"
    page.get_by_label("What should it be?").first.fill("20")
    page.get_by_label("Why? What would be better?").fill("Half way.")
    press(page, "Offer an amendment")


def the_votes_until_contention(question: Question, people: list[Person], author: Page) -> None:
    """The second vote, the deal-breakers, the final vote with two thirds."""
    vote(author, "For")
    others_vote(question, people[1:], against=4)
    the_stage_goes_by()
    author.reload()
    look(author)
    assert state_of(question) == "deal_breakers"
    the_stage_goes_by()
    author.reload()
    vote(author, "For")
    others_vote(question, people[1:], against=4)
    the_stage_goes_by()
    author.reload()
    look(author)
    assert "It has two thirds, and is open to contention." in said(author)


def contend(question: Question, people: list[Person], author: Page, against: Page) -> None:
    """Three change their vote, and one more in the browser: fewer than half are left."""
    others_vote(question, people[7:10], against=3)
    author.reload()
    assert state_of(question) == "contention", "half still support it"
    vote(author, "Against")
    assert "It was tabled." in said(author)
    against.reload()
    look(against)
    assert question.community.charter_now().number == 1
    author.goto(question.community.get_absolute_url())
    look(author)
    assert "Not adopted" in said(author)


def test_another_is_adopted_and_the_next_version_of_the_charter_begins(
    open_as: Open,
) -> None:
    home, people = make_home(14)
    author = open_as(people[0], "/")
    question = propose(author, home)
    the_stage_goes_by()
    author.reload()
    vote(author, "For")
    others_vote(question, people[1:], against=1)
    the_stage_goes_by()
    author.reload()
    look(author)
    assert "It was adopted." in said(author)
    author.goto(f"{home.get_absolute_url()}charter/")
    look(author)
    text = said(author)
    assert "Version 2" in text
    assert "25 days" in text
    for language, scheme in (("ar", "dark"), ("es", "light")):
        for path in (
            "/communities/", home.get_absolute_url(), f"{home.get_absolute_url()}charter/",
            question.get_absolute_url(),
        ):  # fmt: skip
            page: Any = open_as(people[1], path, language=language, color_scheme=scheme)
            look(page)
            page.context.close()
