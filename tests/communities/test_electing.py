"""Elections to offices that end, and what stands in the way of a term too many."""

from datetime import date, timedelta

import pytest

from communities.actions import electing
from communities.charter import months_after
from communities.models import Membership, Question
from communities.rules import Term, obstacles_to_stand, term_begins, terms_running
from moves.core import Blocked, Hidden
from notices.models import Notice
from tests.communities.people import DAY, all_consent, fresh, make_home, proposal_of, tick
from tests.factories import NOW, TODAY, make_person

pytestmark = pytest.mark.django_db


def stand(home, person, now=NOW, **fields):
    values = {"office": "coordinator", "months": 12, "reason": "I have time.", **fields}
    return electing.stand_for_office(home, by=person, now=now, **values)


def test_who_is_elected_holds_the_office_from_that_day_until_its_end() -> None:
    home, people = make_home(4)
    question = stand(home, people[0])
    assert people[0].name in proposal_of(question).text
    now = all_consent(question, people, now=NOW)
    made = Membership.objects.get(role="coordinator")
    assert (made.person, made.from_on) == (people[0], now.date())
    assert made.until == months_after(now.date(), 12)
    assert home.memberships.coordinating(now.date()).get() == made
    assert fresh(question).state == "adopted"


def test_another_is_asked_before_the_members_are() -> None:
    home, people = make_home(4)
    question = electing.propose_for_office(
        home, by=people[0], now=NOW, person=people[1], office="steward", months=6, reason="Kind."
    )
    assert not question.askings.exists()
    with pytest.raises(Hidden):
        electing.accept_nomination(question, by=people[2], now=NOW)
    electing.accept_nomination(question, by=people[1], now=NOW)
    all_consent(question, people, now=NOW)
    assert home.memberships.stewarding((NOW + 2 * DAY).date()).get().person == people[1]


def test_no_answer_is_no_yes() -> None:
    home, people = make_home(4)
    question = electing.propose_for_office(
        home, by=people[0], now=NOW, person=people[1], office="steward", months=6, reason="Kind."
    )
    tick(NOW + 30 * DAY)
    found = fresh(question)
    assert (found.state, found.ended_at) == ("lapsed", NOW + 14 * DAY)
    with pytest.raises(Hidden):
        electing.accept_nomination(question, by=people[1], now=NOW + 30 * DAY)


def test_a_term_too_many_waits_until_another_could_have_held_it() -> None:
    home, people = make_home(4)
    for begins in (TODAY - timedelta(days=730), TODAY - timedelta(days=364)):
        home.memberships.create(
            person=people[0], role="coordinator", from_on=begins, until=begins + timedelta(days=365)
        )
    with pytest.raises(Blocked, match="too_many_terms"):
        stand(home, people[0])
    assert electing.open_offices(home, people[0], NOW) == ["process_guardian", "steward"]
    with pytest.raises(Hidden):
        stand(home, people[0], office="auditor")
    with pytest.raises(Hidden):
        stand(home, people[0], office="steward", months=13)


def test_the_same_is_not_asked_twice_at_once() -> None:
    home, people = make_home(4)
    stand(home, people[0])
    with pytest.raises(Blocked, match="asked_already"):
        stand(home, people[0])
    stand(home, people[1])


def test_a_second_term_begins_after_the_first() -> None:
    home, people = make_home(4)
    last = TODAY + timedelta(days=20)
    home.memberships.create(
        person=people[0], role="steward", from_on=TODAY - timedelta(days=300), until=last
    )
    all_consent(stand(home, people[0], office="steward"), people, now=NOW)
    made = home.memberships.filter(role="steward").latest("until")
    assert (made.from_on, made.until) == (
        last + timedelta(days=1), months_after(last + timedelta(days=1), 12)
    )  # fmt: skip


def test_who_left_meanwhile_is_given_nothing() -> None:
    home, people = make_home(5)
    question = stand(home, people[0])
    home.memberships.filter(person=people[0]).update(until=TODAY - DAY)
    tick(NOW)
    all_consent(question, people[1:], now=NOW)
    assert fresh(question).state == "void"
    assert not home.memberships.filter(role="coordinator").exists()


def test_a_term_is_warned_of_once_and_nothing_renews_it() -> None:
    home, people = make_home(4)
    home.memberships.create(
        person=people[0], role="steward", from_on=TODAY, until=TODAY + timedelta(days=60)
    )
    tick(NOW + 20 * DAY)
    assert not Notice.objects.filter(code="term_ends_soon").exists()
    for days in (32, 33, 60):
        tick(NOW + days * DAY)
    assert Notice.objects.filter(code="term_ends_soon").count() == 1
    assert Notice.objects.filter(code="office_ends_soon").count() == 4
    assert not home.memberships.stewarding(TODAY + timedelta(days=61)).exists()
    assert not Question.objects.exists()


def test_a_stranger_proposes_nobody_and_nobody_a_stranger() -> None:
    home, people = make_home(4)
    stranger = make_person("Stranger")
    with pytest.raises(Hidden):
        stand(home, stranger)
    with pytest.raises(Hidden):
        electing.propose_for_office(
            home, by=people[0], now=NOW, person=stranger, office="steward", months=3, reason="x"
        )


# ── The rules alone ──────────────────────────────────────────────────────────


def test_terms_run_on_unless_a_whole_term_lies_between() -> None:
    first = Term(date(2024, 1, 1), date(2024, 12, 31))
    second = Term(date(2025, 6, 1), date(2026, 5, 31))
    assert terms_running([first, second], months=12, on=date(2026, 6, 1)) == [second, first]
    assert terms_running([first, second], months=12, on=date(2027, 6, 2)) == []
    assert terms_running([first], months=12, on=date(2026, 1, 1)) == []
    found = obstacles_to_stand([first, second], months=12, most=2, on=date(2026, 6, 1))
    assert [(one.code, one.clears_on) for one in found] == [("too_many_terms", date(2027, 6, 1))]
    free = found[0].clears_on
    assert free is not None
    assert obstacles_to_stand([first, second], months=12, most=2, on=free) == []


def test_a_term_begins_when_the_one_before_is_over() -> None:
    assert term_begins([], on=TODAY) == TODAY
    assert term_begins([Term(TODAY, TODAY)], on=TODAY) == TODAY + timedelta(days=1)
