"""A vote that rests: accepted freely, honoured by every electorate, and ended by itself."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from communities.actions import amending, resting
from communities.actions.time import do_here
from communities.models import Community, Question, VoteRest
from communities.moves import moves_on_community
from deliberation.actions import circles, speaking
from deliberation.models import Voice, Vote
from moves.core import Blocked, Hidden
from notices.models import Notice
from people.models import Person
from records.models import Event
from tests.communities.people import (
    DAY,
    STAGE,
    fresh,
    make_home,
    proposal_of,
    tick,
    vote_all,
)
from tests.factories import NOW, TODAY, make_person

pytestmark = pytest.mark.django_db


def propose(home: Community, by: Person, **changes: Any) -> Question:
    return amending.propose_amendment(
        home, by=by, now=NOW, changes=changes or {"mediation_days": 20}, trials={}, reason="Why."
    )


def rest(home: Community, person: Person, days: int = 30) -> VoteRest:
    return resting.rest_votes(home, by=person, now=NOW, until=TODAY + days * DAY)


def voice_of(question: Question, person: Person) -> Voice:
    return Voice.objects.get(circle=proposal_of(question).circle, person=person)


def test_the_next_electorate_leaves_it_out_and_its_quorum_counts_without_it() -> None:
    home, people = make_home(6)
    rest(home, people[5])
    circle = proposal_of(propose(home, people[0])).circle
    assert set(circle.voices.live(NOW).values_list("person", flat=True)) == {
        one.pk for one in people
    }
    assert people[5].pk not in circle.voices.counting(NOW).values_list("person", flat=True)
    assert circle.quorum == 3, "more than half of the five who count, not of six"


def test_what_is_decided_already_honours_it_too_and_is_adopted_without_it() -> None:
    home, people = make_home(4)
    question = propose(home, people[0])
    rest(home, people[3])
    voice = voice_of(question, people[3])
    assert voice.lives_at(NOW)
    assert not voice.counts_at(NOW)
    # They are heard in both rounds; where consent is asked, it is asked of the other three.
    proposal = proposal_of(question)
    for _round in ("clarifying", "reacting"):
        for person in people:
            do_here(speaking.speak, question, proposal, by=person, now=NOW, word="")
    for person in people[:3]:
        do_here(speaking.consent, question, proposal, by=person, now=NOW)
    assert fresh(question).state == "adopted"


def test_a_vote_is_refused_while_it_rests() -> None:
    home, people = make_home(13)
    question = propose(home, people[0])
    rest(home, people[12])
    tick(NOW + STAGE)
    with pytest.raises(Blocked, match="vote_is_limited"):
        vote_all(question, people[12:], now=NOW + STAGE)
    vote_all(question, people[:12], now=NOW + STAGE)
    assert Vote.objects.count() == 12


def test_it_counts_again_by_itself() -> None:
    home, people = make_home(13)
    rest(home, people[12], days=1)
    question = propose(home, people[0])
    voice = voice_of(question, people[12])
    assert not voice.counts_at(NOW + DAY)
    assert voice.counts_at(NOW + 2 * DAY), "the day after, without anybody or the clock"
    tick(NOW + STAGE)
    vote_all(question, people, now=NOW + STAGE)
    assert Vote.objects.count() == 13
    assert resting.resting(home, people[12], TODAY + 2 * DAY) is None


def test_its_owner_takes_it_back_at_any_moment_and_everywhere() -> None:
    home, people = make_home(4)
    before = propose(home, people[0])
    rest(home, people[3])
    after = propose(home, people[0], offer_days=31)
    resting.count_votes_again(home, by=people[3], now=NOW + DAY)
    for question in (before, after, propose(home, people[0], plan_months=11)):
        assert voice_of(question, people[3]).counts_at(NOW + DAY)
    with pytest.raises(Hidden):
        resting.count_votes_again(home, by=people[3], now=NOW + DAY)
    codes = Event.objects.filter(kind="community", by=str(people[3].pk))
    assert list(codes.values_list("code", flat=True)) == ["votes_rest", "votes_count_again"]


def test_a_longer_limit_of_their_own_on_one_voice_stays() -> None:
    home, people = make_home(4)
    question = propose(home, people[0])
    voice = voice_of(question, people[3])
    until = NOW + 90 * DAY
    circles.limit_vote(voice, by=people[3], now=NOW, until=until)
    rest(home, people[3], days=10)
    assert voice_of(question, people[3]).limited_until == until
    resting.count_votes_again(home, by=people[3], now=NOW + DAY)
    assert voice_of(question, people[3]).limited_until == until


def test_nobody_else_can_set_it_and_no_outsider_has_one() -> None:
    home, people = make_home(4)
    names = {move.name for move in moves_on_community(home, people[0], now=NOW)}
    assert "rest_votes" in names
    with pytest.raises(Hidden):
        resting.rest_votes(home, by=make_person(), now=NOW, until=TODAY + DAY)
    with pytest.raises(ValueError, match="future"):
        rest(home, people[0], days=-1)
    rest(home, people[0])
    assert VoteRest.objects.get().person == people[0]
    assert not resting.resting_in(home, {people[1].pk}, TODAY)
    assert not Notice.objects.exists(), "nobody is told"


def test_it_runs_once_at_a_time() -> None:
    home, people = make_home(4)
    rest(home, people[0], days=5)
    with pytest.raises(Blocked, match="vote_is_limited") as refused:
        rest(home, people[0])
    assert refused.value.obstacles[0].clears_on == TODAY + 6 * DAY
    resting.rest_votes(home, by=people[0], now=NOW + 6 * DAY, until=TODAY + 9 * DAY)


def test_too_few_who_count_cannot_be_asked() -> None:
    home, people = make_home(3)
    rest(home, people[2])
    with pytest.raises(Blocked, match="too_few_voices"):
        propose(home, people[0])


@pytest.mark.parametrize(("days", "status"), [(-1, 422), (367, 422), (30, 302)])
def test_the_form_takes_a_day_within_a_year(days: int, status: int) -> None:
    home, people = make_home(4)
    client = Client()
    client.force_login(people[1])
    here = f"/communities/{home.slug}/"
    until = timezone.localdate() + timedelta(days=days)
    answer = client.post(f"{here}community/{home.slug}/rest_votes/", {"until": until.isoformat()})
    assert answer.status_code == status
    assert ("Your vote rests here through" in client.get(here).content.decode()) == (status == 302)
    other = Client()
    other.force_login(people[2])
    assert "Your vote rests here" not in other.get(here).content.decode()
