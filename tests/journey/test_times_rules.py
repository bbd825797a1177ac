"""How long anything may wait and what follows, as rules alone."""

from datetime import date, timedelta

import pytest

from cases.rules import OPEN_STATES, PartyFacts, moved_on
from communities.charter import Charter
from journey.rules import (
    LONGEST,
    OutcomeFacts,
    StageFacts,
    follows,
    obstacles_to_outcome,
    outcome_of_promises,
    wait_of,
    what_waits,
)

DAY = date(2026, 3, 1)
CHARTER = Charter()


def on(days):
    return DAY + timedelta(days=days)


@pytest.mark.parametrize("state", OPEN_STATES)
@pytest.mark.parametrize("frozen_on", [None, DAY])
def test_every_open_state_has_a_longest_time_that_the_charter_names(state, frozen_on):
    facts = StageFacts(state=state, since=DAY, frozen_on=frozen_on)
    wait = wait_of(facts, CHARTER)
    assert wait is not None
    assert DAY < wait.warned_on(CHARTER) < wait.last < wait.step_on(0, CHARTER)
    assert hasattr(CHARTER, LONGEST[wait.code].rule)


def test_another_clock_runs_while_a_mediation_or_an_agreement_is_open():
    assert what_waits(StageFacts(state="mediation", since=DAY, mediation_open=True)) == ""
    assert what_waits(StageFacts(state="mediation", since=DAY, answering=True)) == ""
    assert what_waits(StageFacts(state="council", since=DAY, answering=True)) == ""


def test_a_plan_lasts_its_months_and_a_settled_one_the_time_to_decide():
    plan = wait_of(StageFacts(state="reparation", since=DAY, promises_open=True), CHARTER)
    settled = wait_of(StageFacts(state="reparation", since=DAY, over_on=on(40)), CHARTER)
    assert plan is not None
    assert settled is not None
    assert plan.last == date(2027, 3, 1)
    assert (settled.since, settled.last) == (on(40), on(54))


def test_time_on_hold_is_given_back_to_what_ran_meanwhile():
    holds = ((on(10), on(25)),)
    wait = wait_of(StageFacts(state="screening", since=DAY, holds=holds), CHARTER)
    assert wait is not None
    assert wait.last == on(30 + 15)


@pytest.mark.parametrize(
    ("hold", "due"),
    [
        ((on(-9), on(-1)), on(10)),  # over before the clock began
        ((on(3), on(8)), on(15)),
        ((on(10), on(12)), on(12)),  # began on the day it would have fallen due
        ((on(11), on(40)), on(10)),  # it had fallen due before
    ],
)
def test_a_hold_counts_only_while_the_clock_runs(hold, due):
    assert moved_on(on(10), since=DAY, holds=[hold]) == due


def test_a_second_hold_counts_from_where_the_first_moved_it():
    holds = [(on(12), on(14)), (on(5), on(10))]
    assert moved_on(on(10), since=DAY, holds=holds) == on(17)


@pytest.mark.parametrize(
    ("facts", "what"),
    [
        ({"state": "reported"}, "screening"),
        ({"state": "reported", "frozen_on": DAY}, "no_contact"),
        ({"state": "screening"}, "no_contact"),
        ({"state": "screening", "harmed_asked": True}, "council"),
        ({"state": "screening", "harmed_asked": True, "frozen_on": DAY}, "council"),
        ({"state": "mediation", "harmed_asked": True}, "council"),
        ({"state": "reparation", "promises_open": True}, "council"),
        ({"state": "reparation"}, "settled"),
        ({"state": "reparation", "frozen_on": DAY}, "council"),
        ({"state": "council"}, ""),
        ({"state": "rehabilitation"}, ""),
    ],
)
def test_what_follows_when_nobody_acted(facts, what):
    assert follows(StageFacts(since=DAY, **facts)) == what


def parties(*, reached=True, wishes=(False,)):
    hers = [PartyFacts(role="harmed", reached=reached, wishes_end=wish) for wish in wishes]
    return [*hers, PartyFacts(role="responsible", reached=reached)]


def codes(outcome, **facts):
    facts = {"parties": parties(), **facts}
    return [one.code for one in obstacles_to_outcome(outcome, OutcomeFacts(**facts))]


def test_repaired_is_said_only_of_what_was_kept_and_of_who_was_asked():
    assert codes("repaired", promises=("kept", "waived")) == []
    assert codes("repaired", promises=("kept", "unconfirmed")) == ["promise_not_kept"]
    assert codes("partly_repaired", promises=("kept", "unconfirmed")) == []
    for outcome in ("repaired", "partly_repaired"):
        assert codes(outcome, parties=parties(reached=False)) == ["harmed_person_not_asked"]


def test_withdrawn_needs_the_word_of_every_person_harmed():
    assert codes("withdrawn") == ["harmed_word_missing"]
    assert codes("withdrawn", parties=parties(wishes=(True, False))) == ["harmed_word_missing"]
    assert codes("withdrawn", parties=parties(wishes=(True, True))) == []
    assert codes("withdrawn", parties=[]) == ["harmed_word_missing"]


def test_the_other_outcomes_say_what_is_so():
    assert codes("no_contact") == ["everybody_was_reached"]
    assert codes("no_contact", parties=parties(reached=False)) == []
    for outcome in ("without_agreement", "not_suitable"):
        assert codes(outcome, plan_stands=True) == ["agreement_was_made"]
        assert codes(outcome) == []
    assert codes("referred_elsewhere", plan_stands=True) == []


def test_no_answer_makes_a_plan_no_more_than_partly_repaired():
    assert outcome_of_promises(["kept", "waived"]) == "repaired"
    assert outcome_of_promises(["kept", "unconfirmed"]) == "partly_repaired"
