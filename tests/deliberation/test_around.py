"""What the house does around circles: its clock, and where the notices of a circle lead."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from cases.models import Case
from deliberation.actions import proposing
from deliberation.actions.circles import open_circle
from journey import clock
from journey.news import news_for
from notices.models import Notice
from people.models import Person
from tests.deliberation.circle import DAY, make_circle, make_people
from tests.deliberation.test_consent import asked, state
from tests.factories import NOW, make_case_in_screening, make_person

pytestmark = pytest.mark.django_db


def told(people: list[Person], **fields: str) -> None:
    """Let these have a notice of a circle of theirs."""
    circle = make_circle(people, **fields)
    proposing.propose(circle, by=people[0], now=NOW, text="Mend the panes.")
    proposal = circle.proposals.get()
    proposing.begin(proposal, by=people[0], now=NOW)


def page_for(person: Person) -> str:
    notice = news_for(person, now=NOW, limit=1)[0]
    assert notice.text == "There is a proposal. Please ask what you need to know about it."
    return notice.page


def with_a_case() -> tuple[Case, list[Person]]:
    case, mediator = make_case_in_screening()
    return case, [mediator, *make_people(2)]


def test_the_clock_ends_stages_and_says_how_many() -> None:
    proposal = asked(make_people(3))
    assert clock.run(NOW + timedelta(minutes=1))["stages_ended"] == 0
    assert state(proposal) == "consenting"
    # Asked, asked once more, and nobody said anything.
    assert clock.run(NOW + 3 * DAY)["stages_ended"] == 2
    assert state(proposal) == "deadlocked"


def test_a_notice_of_a_circle_without_a_case_leads_to_its_owners_page(client: Client) -> None:
    people = make_people(3)
    told(people, page="/communities/riverside/questions/1/")
    assert page_for(people[1]) == "/communities/riverside/questions/1/"
    client.force_login(people[1])
    text = client.get("/notices/").content.decode()
    assert 'href="/communities/riverside/questions/1/"' in text
    assert "Go to it" in text


def test_a_notice_of_a_circle_of_a_case_leads_to_its_page_or_to_the_case() -> None:
    case, people = with_a_case()
    told(people, reference=case.reference)
    assert page_for(people[0]) == f"/cases/{case.reference}/"
    Notice.objects.all().delete()
    told(people, reference=case.reference, page=f"/cases/{case.reference}/round/")
    assert page_for(people[0]) == f"/cases/{case.reference}/round/"
    assert page_for(people[1]) == "", "a case that is not theirs to open is not named by a link"


def test_a_circle_without_case_or_page_leads_nowhere() -> None:
    people = make_people(3)
    told(people)
    assert page_for(people[0]) == ""


@pytest.mark.parametrize("page", ["https://example.org/", "//example.org/", "/\\example.org", "x"])
def test_the_page_of_a_circle_is_in_this_house(page: str) -> None:
    with pytest.raises(ValueError, match="address in this house"):
        open_circle(
            subject_kind="test", subject_id="1", aim="Safe.", people=[make_person().pk],
            now=timezone.now(), round_hours=24, page=page,
        )  # fmt: skip
