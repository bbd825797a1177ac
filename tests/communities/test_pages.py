"""The pages of a community that decides: who reads what, what one does there, and at what cost."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from communities.actions import amending, electing, recalling
from communities.models import Membership, Question
from deliberation.models import Vote
from people.models import Person
from tests.communities.people import DAY, STAGE, make_home, proposal_of, tick
from tests.communities.test_recalling import in_office
from tests.factories import make_community, make_person

pytestmark = pytest.mark.django_db


def browser(person: Any) -> Client:
    client = Client()
    client.force_login(person)
    return client


def without_tokens(answer: Any) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", answer.content.decode())


def propose(home, by, **fields):
    values = {
        "changes": {"mediation_days": 20},
        "trials": {},
        "reason": "Fifteen is too short.",
        **fields,
    }
    return amending.propose_amendment(home, by=by, now=timezone.now(), **values)


TYPED = {
    "rule_1": "mediation_days", "value_1": "21", "until_1": "", "rule_2": "", "value_2": "",
    "until_2": "", "rule_3": "", "value_3": "", "until_3": "", "reason": "Too short.",
}  # fmt: skip


def test_a_member_proposes_a_change_and_reads_it_compared_word_by_word() -> None:
    home, people = make_home(4)
    client = browser(people[0])
    url = f"/communities/{home.slug}/community/{home.slug}/propose_amendment/"
    page = client.get(url).content.decode()
    assert "Longest mediation (now: 15 days) from 1 to 366" in page
    answer = client.post(url, TYPED)
    question = Question.objects.get()
    assert answer["Location"] == question.get_absolute_url()
    page = client.get(question.get_absolute_url()).content.decode()
    assert re.search(r"<del>.*</span>15<span.*</del>", page)
    assert re.search(r"<ins>.*</span>21<span.*</ins>", page)
    assert "Too short." in page


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"value_1": "400"}, "It cannot be this."),
        ({"value_1": "15"}, "would stay as it is"),
        ({"rule_2": "mediation_days", "value_2": "30"}, "there twice"),
        ({"until_1": "2020-01-01"}, "a day to come"),
        ({"rule_1": "council_quorum", "value_1": "7"}, "would not fit one another"),
        ({"reason": ""}, "required"),
        ({"rule_1": ""}, "required"),
    ],
)  # fmt: skip
def test_what_cannot_be_proposed_is_said_beside_it(typed: dict[str, str], said: str) -> None:
    home, people = make_home(4)
    url = f"/communities/{home.slug}/community/{home.slug}/propose_amendment/"
    answer = browser(people[0]).post(url, {**TYPED, **typed})
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not Question.objects.exists()


def test_a_stranger_finds_nothing_that_differs_from_nothing() -> None:
    home, people = make_home(4)
    question = propose(home, people[0])
    client = browser(make_person("Stranger"))
    here, there = f"/communities/{home.slug}/", "/communities/nowhere/"
    for rest in (
        "", "charter/", f"proposals/{question.pk}/", f"proposal/{proposal_of(question).pk}/vote/",
        f"community/{home.slug}/propose_amendment/",
    ):  # fmt: skip
        real, made_up = client.get(here + rest), client.get(there + rest)
        assert (real.status_code, made_up.status_code) == (404, 404)
        assert without_tokens(real).replace(here, there) == without_tokens(made_up)
    assert "no" in client.get("/communities/").content.decode()
    outside = Client().get(here)
    assert outside.status_code == 302


def test_a_member_of_another_community_finds_nothing_here() -> None:
    home, people = make_home(4)
    other, others = make_home(4)
    question = propose(home, people[0])
    client = browser(others[0])
    assert client.get(question.get_absolute_url()).status_code == 404
    assert client.get(f"/communities/{other.slug}/proposals/{question.pk}/").status_code == 404
    part = proposal_of(question).pk
    url = f"/communities/{other.slug}/proposal/{part}/withdraw_proposal/"
    assert client.post(url).status_code == 404


def test_who_is_asked_to_stand_is_between_two() -> None:
    home, people = make_home(4)
    question = electing.propose_for_office(
        home, by=people[0], now=timezone.now(), person=people[1], office="steward", months=6,
        reason="Kind.",
    )  # fmt: skip
    url = question.get_absolute_url()
    assert browser(people[2]).get(url).status_code == 404
    page = browser(people[1]).get(url).content.decode()
    assert "accept_nomination" in page
    answer = browser(people[1]).post(
        f"/communities/{home.slug}/question/{question.pk}/accept_nomination/"
    )
    assert answer.status_code == 302
    assert browser(people[2]).get(url).status_code == 200


def test_whom_a_recall_is_about_says_their_word_and_it_stands_there() -> None:
    home, people = make_home(5)
    today = timezone.localdate()
    in_office(home, people[4], from_on=today, until=today + timedelta(days=90))
    client = browser(people[0])
    url = f"/communities/{home.slug}/community/{home.slug}/propose_recall/"
    assert "Do not write what a case is about." in client.get(url).content.decode()
    client.post(url, {"whom": f"coordinator:{people[4].pk}", "reason": "Every letter."})
    question = Question.objects.get()
    theirs = browser(people[4])
    waits = theirs.get("/communities/").content.decode()
    assert question.get_absolute_url() in waits
    url = f"/communities/{home.slug}/question/{question.pk}/be_heard/"
    assert theirs.post(url, {"word": "I never did."}).status_code == 302
    assert "I never did." in client.get(question.get_absolute_url()).content.decode()
    page = theirs.get(question.get_absolute_url()).content.decode()
    assert "I never did." in page
    assert f"proposal/{proposal_of(question).pk}" not in page, "no move: they have no voice here"


def test_the_charter_says_where_each_value_comes_from() -> None:
    home, people = make_home(4, rules={"cooling_off_days": 12})
    page = browser(people[0]).get(f"/communities/{home.slug}/charter/").content.decode()
    assert "12 days" in page
    assert "the Philippine village-justice clock" in page
    assert "Version 1, since" in page


def test_what_waits_stands_on_the_desk() -> None:
    home, people = make_home(4)
    question = propose(home, people[0])
    page = browser(people[1]).get("/").content.decode()
    assert question.get_absolute_url() in page
    assert question.get_absolute_url() not in browser(make_person("X")).get("/").content.decode()


# ── Cost ─────────────────────────────────────────────────────────────────────


def queries(client: Client, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(
        connection,
    ) as found:
        assert client.get(url).status_code == 200
    return len(found)


def test_the_pages_cost_the_same_for_one_question_and_for_ten() -> None:
    home, people = make_home(4)
    client = browser(people[1])
    here = f"/communities/{home.slug}/"
    urls = ("/communities/", here, f"{here}charter/", "/")
    propose(home, people[0])
    few = [queries(client, url) for url in urls]
    for number in range(9):
        propose(home, people[0], changes={"offer_days": 40 + number})
    assert [queries(client, url) for url in urls] == few


def crowd(home: Any, count: int) -> None:
    """Let so many more join, in a few statements."""
    people = Person.objects.bulk_create(
        Person(username=f"crowd-{number}", password="!") for number in range(count)
    )
    long_ago = timezone.localdate() - 400 * DAY
    home.memberships.bulk_create(
        Membership(community=home, person=one, from_on=long_ago) for one in people
    )


def test_the_result_costs_the_same_for_ten_voters_and_for_ten_thousand() -> None:
    counts = []
    for more in (0, 10_000):
        home, people = make_home(13)
        crowd(home, more)
        begun = timezone.now() - 60 * DAY
        question = amending.propose_amendment(
            home, by=people[0], now=begun, changes={"mediation_days": 20}, trials={}, reason="x"
        )
        tick(begun + STAGE)
        proposal = proposal_of(question)
        ballot = proposal.by_supermajority.ballots.get()
        Vote.objects.bulk_create(
            Vote(ballot=ballot, voice=voice, in_favour=True, at=begun + STAGE)
            for voice in proposal.circle.voices.all()
        )
        tick(begun + 3 * STAGE)
        assert Question.objects.get(pk=question.pk).state == "adopted"
        client = browser(people[1])
        urls = (question.get_absolute_url(), home.get_absolute_url(), "/communities/")
        counts.append([queries(client, url) for url in urls])
    assert counts[0] == counts[1]


def test_an_outsider_may_not_learn_of_a_recall_they_did_not_bring() -> None:
    home, people = make_home(5)
    today = timezone.localdate()
    in_office(home, people[4], from_on=today, until=today + timedelta(days=90))
    question = recalling.propose_recall(
        home, by=people[0], now=timezone.now(), whom=f"coordinator:{people[4].pk}", reason="x"
    )
    assert browser(make_person("Y")).get(question.get_absolute_url()).status_code == 404
    assert make_community().charter_now().number == 1
