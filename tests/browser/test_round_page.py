"""A circle deciding, on a telephone and on a desk, by day and by night, in both directions."""

from datetime import timedelta

import pytest
from django.utils import timezone

from deliberation.actions import integrating, proposing, speaking, voting
from deliberation.actions.time import due
from deliberation.models import Concern, Proposal
from people.models import Person
from tests.browser.pages import Open, look, press
from tests.deliberation.circle import make_circle
from tests.deliberation.owner import address
from tests.factories import make_person

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.urls("tests.deliberation.owner")]
NAMES = ("Amal Haddad", "Bo Lindqvist", "Carmen Ruiz", "Daniel Okafor", "Elif Demir")
LOOKS = [
    ("en", 390, "light"), ("en", 1280, "light"), ("en", 390, "dark"), ("ar", 390, "light"),
    ("ar", 1280, "dark"),
]  # fmt: skip
TEXT = """Remi mends the panes of the greenhouse by the end of May.

The circle pays for the glass."""
AMENDED = TEXT.replace("by the end of May", "by the end of June, with Bo beside him")


def being_integrated(people: list[Person]) -> Proposal:
    """A proposal with an objection, an amendment and a reason for setting it aside."""
    now = timezone.now() - timedelta(hours=3)
    circle = make_circle(people, now=now, round_hours=48, aim="Both can use the garden unafraid.")
    proposal = proposing.propose(circle, by=people[0], now=now, text=TEXT)
    proposing.revise(proposal, by=people[0], now=now, text=TEXT.replace("circle", "fund"), seen=1)
    proposing.begin(proposal, by=people[0], now=now)
    for person in people:
        speaking.speak(proposal, by=person, now=now, word="Who pays for the glass?")
    for person in people:
        speaking.speak(proposal, by=person, now=now, word="" if person is people[2] else "Good.")
    speaking.object_to(
        proposal, by=people[1], now=now, why="May is too soon for him.", against_aim=True
    )
    speaking.stand_aside(proposal, by=people[2], now=now, word="I am away in May.")
    for person in (people[0], *people[3:]):
        speaking.consent(proposal, by=person, now=now)
    objection = proposal.objections.get()
    integrating.offer_amendment(objection, by=people[3], now=now, text=AMENDED)
    integrating.propose_setting_aside(
        objection, by=people[4], now=now, reason="We can move the day whenever he asks."
    )
    return proposal


@pytest.mark.parametrize(("language", "width", "scheme"), LOOKS)
def test_integrating_an_objection(open_as: Open, language: str, width: int, scheme: str) -> None:
    people = [make_person(name) for name in NAMES]
    proposal = being_integrated(people)
    page = open_as(people[1], address(proposal), language, color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 844})
    closed = page.locator("details:not([open]) > summary")
    while closed.count():
        closed.first.click()
    look(page)


def test_its_owner_accepts_the_amendment_and_everybody_is_asked_anew(open_as: Open) -> None:
    people = [make_person(name) for name in NAMES]
    proposal = being_integrated(people)
    page = open_as(people[1], address(proposal))
    press(page, "This answers my objection")
    assert page.get_by_text("Consent round: everybody says whether they consent.").is_visible()
    look(page)
    press(page, "I consent")
    circle = page.locator(".circle li")
    assert sorted(circle.all_inner_texts())[1] == "Bo Lindqvist (you): has had their turn"


def test_concerns_on_a_telephone(open_as: Open) -> None:
    people = [make_person(name) for name in NAMES]
    now = timezone.now() - timedelta(hours=50)
    circle = make_circle(people, method="supermajority", now=now, quorum=3)
    proposal = proposing.propose(circle, by=people[0], now=now, text=TEXT)
    voting.remark(proposal, by=people[2], now=now, word="What about the shed?")
    now += timedelta(hours=25)
    for place, person in enumerate(people):
        voting.vote(proposal, by=person, now=now, in_favour=place < 3)
    now += timedelta(hours=24)
    due(now)
    voting.raise_concern(
        proposal, by=people[4], now=now, text="It is too soon.", deal_breaker=False, stands=True
    )
    concern = Concern.objects.get()
    voting.amend_for(concern, by=people[1], now=now, text=AMENDED)
    page = open_as(people[4], address(proposal))
    press(page, "Choose who speaks for it")
    look(page)
    page.get_by_role("button", name="Choose who speaks for it").click()
    page.wait_for_load_state()
    assert page.get_by_text("A concern for which Elif Demir speaks").is_visible()
    look(page)
