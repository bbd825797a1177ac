"""The public page of what a computer suggested: by period, with numerator and denominator."""

import re
from datetime import date, datetime

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from agreements.models import Agreement, Suggestion
from communities.models import Community
from tests.agreements.closed import make_closed
from tests.factories import make_community

pytestmark = pytest.mark.django_db
ON = date(2025, 5, 10)


def show(community: Community, *, on: date = date(2026, 2, 10)) -> str:
    with time_machine.travel(datetime(on.year, on.month, on.day, 12), tick=False):
        answer = Client().get(f"/figures/{community.slug}/advice/")
    assert answer.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def answer_in(
    community: Community, state: str, why: str, *, cases: int, shown_on: date = ON
) -> None:
    """Let a suggestion be answered so in so many cases."""
    for _n in range(cases):
        case = make_closed(community, on=shown_on)
        agreement = Agreement.objects.get(case=case)
        Suggestion(
            agreement=agreement, harm=case.harms.get(), adviser="counted", category="pay_back",
            unit="money", state=state, why=why, shown_on=shown_on, reason="SECRET words",
            answered_on=None if state == "shown" else shown_on,
        ).save(force_insert=True)  # fmt: skip


def test_how_often_people_took_over_changed_and_refused_and_why() -> None:
    community = make_community()
    community.charters.create(number=1, rules={"algorithmic_proposals": True})
    answer_in(community, "taken_over", "fits", cases=6)
    answer_in(community, "refused", "not_needed", cases=5)
    page = show(community)
    assert page.count("1 January 2025 to 31 December 2025") == 1
    assert "Taken over 6 of 11" in page
    assert "Taken over, changed 0 of 11" in page
    assert "Refused it is not what the person harmed needs 5 of 11" in page
    assert "SECRET" not in page
    assert "does not allow it now" not in page


def test_reasons_of_too_few_cases_are_left_out_and_answers_too() -> None:
    community = make_community()
    answer_in(community, "refused", "not_needed", cases=5)
    answer_in(community, "refused", "other", cases=1)
    page = show(community)
    assert "Refused 6 of 6" in page
    assert "The reasons people gave: too few cases to show." in page
    assert "another reason" not in page
    assert "does not allow it now" in page
    answer_in(community, "shown", "", cases=4)
    page = show(community)
    assert "Too few cases to show." in page
    assert "of 10" not in page
    community.charters.create(number=7, rules={"smallest_group": 1})
    assert "Refused 6 of 10" in show(community)


def test_only_whole_quarters_count_and_before_them_it_says_from_when() -> None:
    community = make_community()
    assert "Nothing has been suggested here yet." in show(community)
    answer_in(community, "refused", "not_needed", cases=5)
    page = show(community, on=date(2025, 6, 1))
    assert "Its figures are here from 1 July 2025." in page
    assert "5 of 5" not in page
    assert "5 of 5" in show(community, on=date(2025, 7, 1))


def test_a_parent_shows_nothing_of_its_communities() -> None:
    town = make_community()
    answer_in(make_community(parent=town), "refused", "not_needed", cases=6)
    assert "Nothing has been suggested here yet." in show(town)


def test_nobody_is_a_404() -> None:
    assert Client().get("/figures/no-such-place/advice/").status_code == 404


def test_queries_do_not_grow() -> None:
    community = make_community()
    counts = []
    for _times in range(2):
        answer_in(community, "refused", "not_needed", cases=6)
        with CaptureQueriesContext(connection) as asked:
            show(community)
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 4
