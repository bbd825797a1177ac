"""A council asks what other cases teach: who may, who reads it, and what is made of it."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from agreements.models import Suggestion
from cases.models import Case
from councils.actions import advising, deciding
from councils.models import Advice, Decision
from journey.figures_pages import facts_of
from moves.core import Blocked, Hidden
from people.models import Person
from records.models import Event
from tests.councils import deciding as d
from tests.councils.advised import writing
from tests.councils.hearing import mediator_of
from tests.factories import harmed, make_person, responsible

pytestmark = pytest.mark.django_db
KIND = "damage"


def asked(decision: Decision, by: Person) -> Advice:
    """Ask, and return the one suggestion there is."""
    advising.ask_advice(decision, by=by, now=timezone.now(), kind=KIND)
    return Advice.objects.get()


def read_by(someone: Person, case: Case, decision: Decision) -> tuple[int, str]:
    client = Client()
    client.force_login(someone)
    url = reverse("cases:proposal", args=[case.reference, decision.proposal_id])
    answer = client.get(url)
    return answer.status_code, answer.content.decode()


def test_any_member_of_the_council_asks_and_all_of_it_read_it() -> None:
    case, council, decision = writing()
    _author, other, third, *_rest = d.members(council)
    assert "What other cases teach" not in read_by(third, case, decision)[1]
    advice = asked(decision, other)
    assert (advice.suggestion.category, advice.suggestion.amount) == ("pay_back", 50)
    assert "kept in 8 of 8" in read_by(third, case, decision)[1]
    assert "Take this over" not in read_by(third, case, decision)[1]
    assert not decision.promises.exists()
    assert Event.objects.filter(code="advice_asked").count() == 1
    advising.ask_advice(decision, by=other, now=timezone.now(), kind=KIND)
    assert Suggestion.objects.count() == 1


def test_nobody_outside_the_council_asks_or_reads_it() -> None:
    case, council, decision = writing()
    asked(decision, d.members(council)[0])
    outside = [
        harmed(case).person, responsible(case).person, mediator_of(case), make_person("Stranger"),
        make_person("Root", is_superuser=True, is_staff=True),
    ]  # fmt: skip
    for someone in outside:
        assert read_by(someone, case, decision)[0] == 404
        with pytest.raises(Hidden):
            advising.ask_advice(decision, by=someone, now=timezone.now(), kind=KIND)


def test_it_is_hidden_unless_the_charter_of_the_case_allows_it() -> None:
    case, council, decision = writing(allowed=False)
    author = d.members(council)[0]
    assert "Ask what other cases teach" not in read_by(author, case, decision)[1]
    with pytest.raises(Hidden):
        asked(decision, author)


def test_only_for_a_plan_and_only_while_it_is_written() -> None:
    _case, council, decision = writing()
    author = d.members(council)[0]
    deciding.plan_promise(
        decision, by=author, now=timezone.now(),
        **d.promise_of(council.case, today=timezone.localdate()),
    )  # fmt: skip
    d.act(council, deciding.begin_proposal, decision.proposal, by=author, now=timezone.now())
    with pytest.raises(Hidden):
        asked(decision, author)
    Decision.objects.filter(pk=decision.pk).update(course="nothing")
    with pytest.raises(Hidden):
        asked(Decision.objects.get(), author)


def test_who_writes_the_decision_takes_it_over_into_its_plan() -> None:
    _case, council, decision = writing()
    author, other, *_rest = d.members(council)
    advice = asked(decision, other)
    with pytest.raises(Hidden):
        advising.take_over(advice, by=other, now=timezone.now(), why="fits")
    advising.take_over(advice, by=author, now=timezone.now(), why="fits", reason="She wishes it.")
    advice.refresh_from_db()
    planned = decision.promises.get()
    assert (advice.planned, advice.suggestion.state) == (planned, "taken_over")
    assert (planned.category, planned.amount, planned.due_on) == ("pay_back", 50, None)


def test_it_is_not_taken_over_where_more_would_be_promised_than_was_lost() -> None:
    case, council, decision = writing()
    author = d.members(council)[0]
    advice = asked(decision, author)
    plan = d.promise_of(case, harm=str(case.harms.get().pk), unit="money", amount=90)
    deciding.plan_promise(decision, by=author, now=timezone.now(), **plan)
    with pytest.raises(Blocked) as refused:
        advising.take_over(advice, by=author, now=timezone.now(), why="fits")
    assert [one.code for one in refused.value.obstacles] == ["more_than_is_left"]
    changed = d.promise_of(case, harm=str(case.harms.get().pk), unit="money", amount=10)
    advising.change(advice, by=author, now=timezone.now(), why="too_much", **changed)
    assert decision.promises.count() == 2


def test_what_a_council_answers_counts_in_the_public_figures() -> None:
    case, council, decision = writing()
    author = d.members(council)[0]
    advice = asked(decision, author)
    advising.refuse(advice, by=author, now=timezone.now(), why="different")
    ((_on, fact),) = facts_of(case.community)
    assert (fact.case, fact.answer, fact.why) == (case.pk, "refused", "different")
    with pytest.raises(Hidden):
        advising.refuse(advice, by=author, now=timezone.now(), why="different")


def test_on_hold_nothing_is_asked_and_without_a_harm_nothing_can_be() -> None:
    case, council, decision = writing()
    Case.objects.filter(pk=case.pk).update(frozen_on=timezone.localdate())
    with pytest.raises(Blocked) as refused:
        asked(decision, d.members(council)[0])
    assert [one.code for one in refused.value.obstacles] == ["stage_frozen"]
    Case.objects.filter(pk=case.pk).update(frozen_on=None)
    case.harms.all().delete()
    with pytest.raises(Blocked) as refused:
        asked(decision, d.members(council)[0])
    assert [one.code for one in refused.value.obstacles] == ["harm_not_stated"]
