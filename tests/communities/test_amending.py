"""A charter amended by its members: from the proposal to the version, trials, and old cases."""

from datetime import timedelta

import pytest

from communities.actions import amending
from communities.actions.time import do_here, due
from communities.models import Question
from deliberation.actions import integrating, speaking, voting
from deliberation.actions.together import combined_outcome
from deliberation.models import Amendment, Circle, Objection, Proposal
from moves.core import Blocked, Hidden
from notices.models import Notice
from records.models import Event
from tests.communities.people import (
    DAY,
    STAGE,
    adopt_by_vote,
    all_consent,
    fresh,
    make_home,
    make_members,
    proposal_of,
    tick,
    vote_all,
)
from tests.factories import NOW, TODAY, make_case, make_community, make_person

pytestmark = pytest.mark.django_db


def propose(community, by, now=NOW, **fields):
    values = {
        "changes": {"mediation_days": 20},
        "trials": {},
        "reason": "Fifteen is too short.",
        **fields,
    }
    return amending.propose_amendment(community, by=by, now=now, **values)


def test_a_small_community_decides_by_consent_and_the_next_version_follows_at_once() -> None:
    home, people = make_home(4)
    question = propose(home, people[0])
    proposal = proposal_of(question)
    assert proposal.circle.method == "consent"
    assert "20 days" in proposal.text
    assert "Fifteen is too short." in proposal.text
    now = all_consent(question, people, now=NOW)
    assert fresh(question).state == "adopted"
    version = home.charter_now()
    assert (version.number, version.from_on) == (2, now.date())
    assert version.charter.mediation_days == 20
    assert version.charter.round_days == 2, "what was not proposed stays"
    assert version.question == question
    assert Notice.objects.filter(code="charter_changed").count() == 4


def test_more_than_twelve_decide_by_supermajority() -> None:
    home, people = make_home(13)
    question = propose(home, people[0])
    assert proposal_of(question).circle.method == "supermajority"
    at = adopt_by_vote(question, people)
    assert home.charter_now().charter.mediation_days == 20
    assert fresh(question).ended_at == at


def test_a_late_clock_changes_nothing_and_a_second_one_neither() -> None:
    home, people = make_home(13)
    question = propose(home, people[0])
    tick(NOW + STAGE)
    vote_all(question, people, now=NOW + STAGE)
    tick(NOW + 60 * DAY)
    assert home.charter_now().from_on == (NOW + 2 * STAGE).date()
    before = Event.objects.count()
    assert set(due(NOW + 60 * DAY).values()) == {0}
    assert Event.objects.count() == before


def test_who_is_no_member_and_a_change_of_nothing() -> None:
    home, people = make_home(4)
    with pytest.raises(Hidden):
        propose(home, make_person("Elsewhere"))
    for changes in ({"mediation_days": 15}, {}, {"council_quorum": 6}):
        with pytest.raises(ValueError, match="change"):
            propose(home, people[0], changes=changes)
    lonely, two = make_home(2)
    with pytest.raises(Blocked, match="too_few_voices"):
        propose(lonely, two[0])
    assert not Question.objects.exists()


def test_an_old_case_keeps_the_charter_it_was_opened_under() -> None:
    home, people = make_home(4)
    before = make_case(home)
    all_consent(propose(home, people[0]), people, now=NOW)
    after = make_case(home)
    assert before.charter_version.charter.mediation_days == 15
    assert after.charter_version.charter.mediation_days == 20


def object_to(question, person, now):
    speaking.object_to(
        proposal_of(question), by=person, now=now, why="Twenty is too long.", against_aim=True
    )


def to_integrating(question, people):
    proposal = proposal_of(question)
    for step in (0, 1):
        for person in people:
            speaking.speak(proposal, by=person, now=NOW + step * DAY, word="")
    now = NOW + 2 * DAY
    object_to(question, people[-1], now)
    for person in people[:-1]:
        speaking.consent(proposal, by=person, now=now)
    assert Proposal.objects.get(pk=proposal.pk).by_consent.state == "integrating"
    return now + DAY


def test_what_is_adopted_is_what_the_amended_text_was_made_from() -> None:
    home, people = make_home(4)
    question = propose(home, people[0])
    now = to_integrating(question, people)
    objection = Objection.objects.get()
    other = amending.amend_terms(
        objection, by=people[1], now=now, question=question, reason="Or so.",
        changes={"mediation_days": 30}, trials={},
    )  # fmt: skip
    offered = amending.amend_terms(
        objection, by=people[1], now=now, question=question, reason="A compromise.",
        changes={"mediation_days": 18}, trials={},
    )  # fmt: skip
    assert "18 days" in offered.text
    assert "30 days" in other.text
    integrating.accept_amendment(offered, by=people[3], now=now)
    proposal = proposal_of(question)
    assert proposal.version == 2
    assert amending.terms_standing(question, proposal).amendment == offered
    for person in people:
        do_here(speaking.consent, question, proposal, by=person, now=now + DAY)
    assert home.charter_now().charter.mediation_days == 18


def test_an_amendment_that_a_vote_takes_in_brings_its_terms() -> None:
    home, people = make_home(13)
    question = propose(home, people[0])
    tick(NOW + STAGE)
    vote_all(question, people, 3, now=NOW + STAGE)
    now = NOW + 2 * STAGE
    tick(now)
    concern = voting.raise_concern(
        proposal_of(question), by=people[12], now=now, text="Long", deal_breaker=False, stands=True
    )
    offered = amending.amend_terms(
        concern, by=people[2], now=now, question=question, reason="Less.",
        changes={"mediation_days": 17}, trials={},
    )  # fmt: skip
    for person in people:
        voting.gauge(offered, by=person, now=now, agrees=True)
    tick(now + STAGE)
    vote_all(question, people, now=now + STAGE)
    tick(now + 2 * STAGE)
    assert home.charter_now().charter.mediation_days == 17
    assert Amendment.objects.get().taken_at == now + STAGE


def test_the_author_changes_terms_after_the_reactions() -> None:
    home, people = make_home(4)
    question = propose(home, people[0])
    proposal = proposal_of(question)
    for person in people:
        speaking.speak(proposal, by=person, now=NOW, word="")
    amending.revise_terms(
        proposal, by=people[0], now=NOW + DAY, question=question, seen=1, reason="You are right.",
        changes={"mediation_days": 16}, trials={},
    )  # fmt: skip
    for person in people:
        speaking.speak(proposal, by=person, now=NOW + DAY, word="")
    for person in people:
        do_here(speaking.consent, question, proposal, by=person, now=NOW + 2 * DAY)
    assert home.charter_now().charter.mediation_days == 16


def test_contention_below_half_tables_it_and_the_charter_stays() -> None:
    home, people = make_home(13, rules={"contention_days": 5})
    question = propose(home, people[0])
    now = NOW + STAGE
    for _ballot in range(3):
        tick(now)
        vote_all(question, people, 4, now=now)
        tick(now + STAGE)
        now += 2 * STAGE
    proposal = proposal_of(question)
    assert proposal.by_supermajority.state == "contention"
    for person in people[:3]:
        do_here(voting.vote, question, proposal, by=person, now=now, in_favour=False)
    assert fresh(question).state == "not_adopted"
    assert home.charter_now().number == 1


# ── Trials ───────────────────────────────────────────────────────────────────


def adopt(home, people, now=NOW, **fields):
    return all_consent(propose(home, people[0], now=now, **fields), people, now=now)


def test_a_trial_ends_on_its_day_however_late_the_clock() -> None:
    home, people = make_home(4)
    until = TODAY + timedelta(days=40)
    adopt(home, people, trials={"mediation_days": until.isoformat()})
    tick(NOW + 39 * DAY)
    assert home.charter_now().charter.mediation_days == 20
    tick(NOW + 70 * DAY)
    version = home.charter_now()
    assert (version.number, version.from_on) == (3, until)
    assert version.charter.mediation_days == 15
    assert Notice.objects.filter(code="trial_ended").count() == 4
    tick(NOW + 71 * DAY)
    assert home.charter_now().number == 3


def test_a_rule_voted_on_meanwhile_stays_as_it_was_voted() -> None:
    home, people = make_home(4)
    adopt(home, people, trials={"mediation_days": (TODAY + timedelta(days=40)).isoformat()})
    adopt(home, people, now=NOW + 10 * DAY, changes={"mediation_days": 25})
    tick(NOW + 50 * DAY)
    assert home.charter_now().charter.mediation_days == 25
    assert home.charter_now().number == 3


def test_a_trial_after_a_trial_goes_back_to_what_was_before_both() -> None:
    home, people = make_home(4)
    adopt(home, people, trials={"mediation_days": (TODAY + timedelta(days=40)).isoformat()})
    later = {"mediation_days": (TODAY + timedelta(days=60)).isoformat()}
    adopt(home, people, now=NOW + 10 * DAY, changes={"mediation_days": 25}, trials=later)
    tick(NOW + 50 * DAY)
    assert home.charter_now().charter.mediation_days == 25
    tick(NOW + 60 * DAY)
    assert home.charter_now().charter.mediation_days == 15


def test_a_trial_that_ended_before_a_decision_is_over_first() -> None:
    """The decision is a day after the trial's end, and the clock comes after both."""
    home, people = make_home(13)
    until = TODAY + timedelta(days=20)
    adopt_by_vote(propose(home, people[0], trials={"mediation_days": until.isoformat()}), people)
    begun = NOW + 17 * DAY
    question = propose(home, people[0], now=begun, changes={"offer_days": 10})
    tick(begun + STAGE)
    vote_all(question, people, now=begun + STAGE)
    tick(begun + 40 * DAY)
    told = list(home.charters.order_by("number").values_list("from_on", flat=True))[2:]
    assert told == [until, (begun + 2 * STAGE).date()]
    assert home.charter_now().charter.mediation_days == 15


def test_what_no_longer_fits_takes_no_effect() -> None:
    home, people = make_home(4)
    one = propose(home, people[0], changes={"council_size": 3, "council_quorum": 3})
    other = propose(home, people[1], changes={"council_quorum": 5})
    all_consent(one, people, now=NOW)
    all_consent(other, people, now=NOW)
    assert (fresh(one).state, fresh(other).state) == ("adopted", "void")
    assert home.charter_now().number == 2


# ── A parent's charter ───────────────────────────────────────────────────────


def make_town():
    town = make_community(kind="municipality")
    town.charters.create(number=1, rules={"round_days": 2})
    homes = [make_home(3, parent=town), make_home(4, parent=town)]
    return town, homes


def test_a_parent_has_no_members_of_its_own_every_community_below_adopts() -> None:
    town, homes = make_town()
    (_here, mine), (_there, others) = homes
    question = propose(town, mine[0])
    first, second = (
        Proposal.objects.get(asking__question=question, asking__community=home)
        for home, _people in homes
    )
    assert first.combined == second.combined
    assert set(second.circle.voices.live(NOW).values_list("person", flat=True)) == {
        one.pk for one in others
    }, "who proposed it has no voice in the other"
    consent_in(question, first, mine)
    assert fresh(question).state == "deciding"
    assert town.charter_now().number == 1
    consent_in(question, second, others)
    assert combined_outcome(first.combined) == "adopted"
    assert fresh(question).state == "adopted"
    assert town.charter_now().charter.mediation_days == 20
    assert homes[0][0].charter_now().number == 1, "a community's own charter is its own"


def consent_in(question, proposal, people, *, now=NOW):
    for step in (0, 1):
        for person in people:
            do_here(speaking.speak, question, proposal, by=person, now=now + step * DAY, word="")
    for person in people:
        do_here(speaking.consent, question, proposal, by=person, now=now + 2 * DAY)


def test_one_community_below_is_enough_to_decline() -> None:
    town, homes = make_town()
    (_here, mine), (_there, _others) = homes
    question = propose(town, mine[0])
    first = Proposal.objects.get(asking__question=question, asking__community=homes[0][0])
    consent_in(question, first, mine)
    tick(NOW + 30 * DAY)
    assert fresh(question).state == "not_adopted"
    assert town.charter_now().number == 1


def test_a_person_of_two_communities_answers_in_each_once() -> None:
    town, homes = make_town()
    both = homes[0][1][0]
    homes[1][0].memberships.create(person=both, from_on=TODAY)
    question = propose(town, both)
    circles = Circle.objects.filter(proposals__asking__question=question)
    assert [one.voices.filter(person=both).count() for one in circles] == [1, 1]
    assert all(one.voices.live(NOW + DAY).filter(person=both).exists() for one in circles)


def test_whose_membership_ends_meanwhile_counts_no_more_from_that_day() -> None:
    home, people = make_home(5)
    home.memberships.filter(person=people[4]).update(until=TODAY + timedelta(days=1))
    question = propose(home, people[0])
    voices = proposal_of(question).circle.voices
    assert voices.live(NOW + DAY).count() == 5
    assert voices.live(NOW + 2 * DAY).count() == 4
    assert make_members(1, home)[0].pk not in voices.values_list("person", flat=True)
