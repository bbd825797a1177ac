"""The public page of rotation figures: from a history, hidden where few, in constant queries."""

import re
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client

from communities.models import Community
from councils.models import Draw
from councils.rotation import rotation_page
from tests.councils import history, people
from tests.factories import NOW, make_community, make_person

pytestmark = pytest.mark.django_db
TODAY = date(2026, 2, 10)
BEGUN = date(2024, 6, 1)


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    cache.clear()


def show(community: Community, *, today: date = TODAY, client: Client | None = None) -> str:
    with time_machine.travel(datetime(today.year, today.month, today.day, 12), tick=False):
        answer = (client or Client()).get(f"/figures/{community.slug}/rotation/")
    assert answer.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def a_year_of_councils(community: Community, *, people: int = 40, councils: int = 6) -> None:
    """Each month of 2025 a council of five and one who said no, none of them twice."""
    places = history.make_hat(community, people, since=BEGUN)
    for number in range(councils):
        some = places[6 * number : 6 * number + 6]
        council = history.make_council(
            community, some, on=date(2025, 1 + number, 10), declined=1, days=2 + number
        )
        history.decide_challenge(council, upheld=number < 1, on=date(2025, 1 + number, 20))
        history.decide_challenge(council, upheld=False, on=date(2025, 1 + number, 20))


def test_the_figures_of_a_history() -> None:
    community = make_community()
    a_year_of_councils(community)
    page = show(community)
    assert page.count("1 January 2025 to 31 December 2025") == 1
    assert "Ever sat of the people in the hat in this time, up to its end 30 of 40, 75%" in page
    assert "took a seat in this time 30 of 30, 100%" in page
    assert "never held against anybody 6 of 36, 17%" in page
    # One of twelve was upheld.
    assert "rest of the panel decided too few people to show" in page
    assert "half took no longer 4.5 days, of 6 councils" in page
    assert "no seat 10 of 40, 25% 1 or more 30 of 40, 75%" in page
    assert "Gini): 0.25" in page
    # 5,000 seats in a thousand panels, 40 people in turn: each in 125.
    assert "January 2025 5 seats, 40 people in the hat 12.5%, of at most 12.5%" in page
    assert "best with the quotas: 11.2%" in page


def test_a_real_draw_is_told_after_its_quarter() -> None:
    case, cole = people.make_case_for_council()
    people.seat_everybody(people.begin(case, cole), cole)
    page = show(case.community, today=NOW.date())
    assert "Its figures are here from 1 April 2026" in page
    page = show(case.community, today=date(2026, 4, 2))
    assert "1 April 2025 to 31 March 2026" in page
    assert "5 of 24, 21%" in page
    draw = Draw.objects.get()
    found = rotation_page(case.community.slug, date(2026, 4, 2))
    assert found is not None
    (chance,) = found.periods[0].chances
    assert chance.bound == 5 / 24
    assert chance.best == float(draw.min_chance) <= chance.bound + 1e-6
    assert chance.reached == pytest.approx(chance.best, abs=0.003)


def test_too_few_are_not_shown() -> None:
    community = make_community()
    community.charters.create(number=1, rules={"smallest_group": 7})
    a_year_of_councils(community)
    page = show(community)
    assert "6 of 36" not in page
    assert "never held against anybody too few people to show" in page
    assert "too few councils to show" in page
    assert "fewer than 7" in page
    assert "30 of 40, 75%" in page
    assert rotation_page(community.slug, TODAY).smallest == 7


def test_before_the_first_draw_it_says_from_when_there_are_figures() -> None:
    assert "No council has been drawn here yet" in show(make_community())


def test_nobody_is_a_404() -> None:
    assert Client().get("/figures/no-such-place/rotation/").status_code == 404


def test_a_parent_shows_its_communities_together_and_gives_none_away() -> None:
    town = make_community()
    first, second = make_community(parent=town), make_community(parent=town)
    a_year_of_councils(first)
    a_year_of_councils(second)
    page = show(town)
    assert "They are of the 2 communities" in page
    assert "60 of 80, 75%" in page
    assert "12 of 72, 17%" in page
    # A third in which two said no: with it, the town's figure would give that away.
    third = make_community(parent=town)
    places = history.make_hat(third, 20, since=BEGUN)
    history.make_council(third, places[:10], on=date(2025, 5, 10), declined=2)
    assert "never held against anybody too few people to show" in show(third)
    page = show(town)
    assert "14 of 82" not in page
    assert "never held against anybody too few people to show" in page
    assert "6 of 36, 17%" in show(first)


def test_anybody_may_look_and_no_name_is_there(client: Client) -> None:
    community = make_community()
    a_year_of_councils(community)
    anonymous = show(community, client=client)
    for draw in Draw.objects.all():
        assert draw.public_id not in anonymous
        assert draw.council.public_id not in anonymous
    client.force_login(make_person("Uma Stranger"))
    assert "30 of 40, 75%" in show(community, client=client)


@pytest.mark.parametrize("councils", [1, 30])
def test_queries_do_not_grow(councils: int, django_assert_max_num_queries: Any) -> None:
    town = make_community()
    for _n in range(3):
        community = make_community(parent=town)
        places = history.make_hat(community, 40, since=BEGUN)
        for number in range(councils):
            on = date(2025, 1, 10) + timedelta(days=10 * number)
            history.make_council(community, places[number : number + 5], on=on)
    client = Client()
    client.force_login(make_person())
    with django_assert_max_num_queries(10):
        show(town, client=client)


def test_a_published_record_is_read_once() -> None:
    community = make_community()
    a_year_of_councils(community, councils=2)
    first = rotation_page(community.slug, TODAY)
    # It cannot change; here it does, so that reading it again would show.
    Draw.objects.get(council__formed_on=date(2025, 1, 10)).published.delete()
    assert rotation_page(community.slug, TODAY).periods == first.periods


def test_about_links_to_the_figures_of_each_community(client: Client) -> None:
    community = make_community()
    community.charters.create(number=1, rules={}, from_on=date(2020, 1, 1))
    assert f"/figures/{community.slug}/rotation/" in client.get("/about/").content.decode()
