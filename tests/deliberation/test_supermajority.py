"""By supermajority, step by step: three votes, concerns between them, and contention after."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from deliberation.actions import ballots, circles, proposing, voting
from deliberation.actions.time import due
from deliberation.models import Amendment, Ballot, Circle, Concern, Proposal, Voice, Vote
from deliberation.wording import EVENTS, NOTICES
from moves.core import Blocked, Hidden
from notices.models import Notice
from people.models import Person
from records.models import Event
from tests.deliberation.circle import DAY, make_circle, make_people, names
from tests.factories import NOW

pytestmark = pytest.mark.django_db
LATER = timedelta(hours=1)


def proposed(people: list[Person], **fields: object) -> Proposal:
    circle = make_circle(people, method="supermajority", **fields)
    return proposing.propose(circle, by=people[0], now=NOW, text="We share the garden.")


def vote_all(proposal: Proposal, people: Sequence[Person], against: int, *, now: datetime) -> None:
    """Let everybody vote, the last ``against`` of them against."""
    for place, person in enumerate(people):
        voting.vote(proposal, by=person, now=now, in_favour=place < len(people) - against)


def fresh(proposal: Proposal) -> Proposal:
    return Proposal.objects.select_related("by_supermajority", "circle").get(pk=proposal.pk)


def state(proposal: Proposal) -> str:
    return fresh(proposal).by_supermajority.state


def to_concerns(people: list[Person], against: int) -> tuple[Proposal, datetime]:
    """A proposal after its first vote, not carried; and the moment."""
    proposal = proposed(people)
    vote_all(proposal, people, against, now=NOW + DAY)
    due(NOW + 2 * DAY)
    assert state(proposal) == "concerns"
    return proposal, NOW + 2 * DAY + LATER


def in_contention(people: list[Person], against: int) -> tuple[Proposal, datetime]:
    proposal, now = to_concerns(people, against)
    vote_all(proposal, people, against, now=now + DAY)
    vote_all(proposal, people, against, now=now + 3 * DAY)
    now += 4 * DAY
    due(now)
    assert state(proposal) == "contention"
    return proposal, now


def test_nine_tenths_carry_at_once() -> None:
    people = make_people(10)
    proposal = proposed(people)
    with pytest.raises(Hidden):
        voting.vote(proposal, by=people[0], now=NOW, in_favour=True)
    voting.remark(proposal, by=people[1], now=NOW, word="And the shed?")
    vote_all(proposal, people, 1, now=NOW + DAY)
    due(NOW + 2 * DAY)
    found = fresh(proposal)
    assert (found.outcome, found.why, found.decided_at) == ("adopted", "by_vote", NOW + 2 * DAY)
    ballot = Ballot.objects.get()
    assert (ballot.in_favour, ballot.against) == (9, 1)


def test_a_vote_counts_once_and_can_be_changed_until_the_ballot_closes() -> None:
    people = make_people(3)
    proposal = proposed(people)
    now = NOW + DAY
    for choice in (False, True, True):
        voting.vote(proposal, by=people[0], now=now, in_favour=choice)
    assert Vote.objects.get().in_favour
    assert Event.objects.filter(code="vote_given").count() == 2
    assert ballots.tally(Ballot.objects.get(), at=now).cast == 1


def test_too_few_are_asked_once_more_and_then_it_is_tabled() -> None:
    people = make_people(5)
    proposal = proposed(people)
    voting.vote(proposal, by=people[0], now=NOW + DAY, in_favour=True)
    due(NOW + 2 * DAY)
    assert state(proposal) == "first_vote"
    assert Notice.objects.filter(code="please_vote_again").count() == 4
    due(NOW + 3 * DAY)
    found = fresh(proposal)
    assert (found.outcome, found.why, found.decided_at) == ("tabled", "too_few", NOW + 3 * DAY)


def test_those_against_sort_themselves_and_elect_one_to_speak() -> None:
    people = make_people(6)
    proposal, now = to_concerns(people, against=3)
    with pytest.raises(Hidden):
        voting.raise_concern(
            proposal, by=people[0], now=now, text="Not mine", deal_breaker=False, stands=False
        )
    concern = voting.raise_concern(
        proposal, by=people[3], now=now, text="Who waters?", deal_breaker=False, stands=True
    )
    for person, stands in ((people[4], True), (people[5], False)):
        voting.join_concern(concern, by=person, now=now, deal_breaker=False, stands=stands)
    assert voting.speaker_of(concern, now) is None
    standing = {one.voice.person: one for one in voting.standing_for(concern, now)}
    assert set(standing) == {people[3], people[4]}
    for person in people[3:]:
        voting.name_speaker(concern, by=person, now=now, holder=str(standing[people[4]].pk))
    assert voting.speaker_of(concern, now) == standing[people[4]]
    with pytest.raises(Hidden):
        voting.name_speaker(concern, by=people[0], now=now, holder=str(standing[people[4]].pk))
    other = voting.raise_concern(
        proposal, by=people[4], now=now, text="Keys?", deal_breaker=True, stands=True
    )
    assert voting.speaker_of(concern, now) is None, "who was named holds another concern now"
    assert other.holders.get().deal_breaker


def test_the_amendment_with_most_agreement_goes_into_the_second_vote() -> None:
    people = make_people(6)
    proposal, now = to_concerns(people, against=2)
    concern = voting.raise_concern(
        proposal, by=people[5], now=now, text="Who waters?", deal_breaker=False, stands=True
    )
    liked = voting.amend_for(concern, by=people[0], now=now, text="We share and water it.")
    popular = voting.amend_for(concern, by=people[1], now=now + LATER, text="We pave it.")
    for person in people[:5]:
        voting.gauge(popular, by=person, now=now + LATER, agrees=True)
    voting.gauge(popular, by=people[5], now=now + LATER, agrees=False)
    for person in (people[0], people[5]):
        voting.gauge(liked, by=person, now=now + LATER, agrees=True)
    due(now + DAY)
    found = fresh(proposal)
    assert (found.by_supermajority.state, found.version) == ("second_vote", 2)
    assert found.text == "We share and water it."
    assert [one.taken_at is not None for one in Amendment.objects.all()] == [True, False]


def test_whose_concern_it_is_follows_who_holds_it_when_it_is_counted() -> None:
    people = make_people(6)
    proposal, now = to_concerns(people, against=2)
    concern = voting.raise_concern(
        proposal, by=people[5], now=now, text="Who waters?", deal_breaker=False, stands=False
    )
    offered = voting.amend_for(concern, by=people[0], now=now, text="Other words.")
    voting.gauge(offered, by=people[4], now=now, agrees=True)
    counted = Amendment.objects.gauged(now).get()
    assert (counted.agree, counted.holders_agree) == (1, 0)
    voting.join_concern(concern, by=people[4], now=now, deal_breaker=False, stands=False)
    assert Amendment.objects.gauged(now).get().holders_agree == 1


def test_after_the_second_vote_only_deal_breakers_are_heard() -> None:
    people = make_people(6)
    proposal, now = to_concerns(people, against=2)
    vote_all(proposal, people, 1, now=now + DAY)
    now += 2 * DAY
    due(now)
    assert state(proposal) == "deal_breakers"
    with pytest.raises(Hidden):
        voting.raise_concern(
            proposal, by=people[5], now=now, text="Hm", deal_breaker=False, stands=True
        )
    with pytest.raises(Hidden):
        voting.raise_concern(
            proposal, by=people[4], now=now, text="I am for now", deal_breaker=True, stands=True
        )
    voting.raise_concern(
        proposal, by=people[5], now=now, text="Never", deal_breaker=True, stands=True
    )
    assert Concern.objects.get().ballot.number == 2


def test_two_thirds_open_it_to_contention_and_then_it_is_adopted() -> None:
    people = make_people(6)
    proposal, now = in_contention(people, against=2)
    found = fresh(proposal)
    assert found.by_supermajority.deadline == NOW + 6 * DAY + timedelta(days=30)
    due(now + timedelta(days=31))
    found = fresh(proposal)
    assert (found.outcome, found.why) == ("adopted", "not_contended")


def test_contention_below_half_tables_it_at_once() -> None:
    people = make_people(6)
    proposal, now = in_contention(people, against=2)
    voting.vote(proposal, by=people[0], now=now, in_favour=False)
    assert fresh(proposal).outcome == "", "half still support it"
    voting.vote(proposal, by=people[1], now=now, in_favour=False)
    found = fresh(proposal)
    assert (found.outcome, found.why) == ("tabled", "below_half")
    final = Ballot.objects.get(number=3)
    assert (final.in_favour, final.against) == (4, 2), "what was counted stays"
    with pytest.raises(Hidden):
        voting.vote(proposal, by=people[0], now=now, in_favour=True)


def test_below_two_thirds_it_is_tabled() -> None:
    people = make_people(5)
    proposal, now = to_concerns(people, against=2)
    vote_all(proposal, people, 2, now=now + DAY)
    vote_all(proposal, people, 2, now=now + 3 * DAY)
    due(now + 4 * DAY)
    assert (fresh(proposal).outcome, fresh(proposal).why) == ("tabled", "below_two_thirds")
    codes = set(Event.objects.filter(kind="circle").values_list("code", flat=True))
    assert codes <= set(EVENTS)
    assert set(Notice.objects.values_list("code", flat=True)) <= set(NOTICES)


def test_a_vote_of_a_voice_that_ended_or_rests_counts_nowhere() -> None:
    people = make_people(5)
    proposal = proposed(people)
    vote_all(proposal, people, 2, now=NOW + DAY)
    ballot = Ballot.objects.get()
    last, before = (Voice.objects.get(person=one) for one in (people[4], people[3]))
    circles.end_voice(last, now=NOW + DAY + LATER)
    circles.limit_vote(before, by=people[3], now=NOW + DAY + LATER, until=NOW + 9 * DAY)
    assert ballots.tally(ballot, at=NOW + DAY).against == 2
    assert ballots.tally(ballot, at=NOW + DAY + LATER).against == 0
    assert names(proposal.circle, people[3], now=NOW + DAY + LATER)["vote"] == "blocked"
    with pytest.raises(Blocked, match="vote_is_limited"):
        voting.vote(proposal, by=people[3], now=NOW + DAY + LATER, in_favour=True)
    with pytest.raises(Hidden):
        voting.vote(proposal, by=people[4], now=NOW + DAY + LATER, in_favour=True)


def test_in_the_room_the_guide_moves_on_but_not_past_contention() -> None:
    people = make_people(5)
    guide = people.pop()
    proposal = proposed(people, round_hours=None, guide=guide)
    with pytest.raises(Hidden):
        proposing.move_on(proposal, by=people[0], now=NOW)
    for _vote in range(3):
        proposing.move_on(proposal, by=guide, now=NOW)
        vote_all(proposal, people, 1, now=NOW)
        proposing.move_on(proposal, by=guide, now=NOW)
    assert state(proposal) == "contention"
    with pytest.raises(Hidden):
        proposing.move_on(proposal, by=guide, now=NOW)


def test_a_vote_and_a_count_take_as_many_queries_for_many_as_for_few() -> None:
    counted = []
    for size in (4, 40):
        people = make_people(size)
        proposal = proposed(people)
        vote_all(proposal, people[1:], 0, now=NOW + DAY)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            voting.vote(proposal, by=people[0], now=NOW + DAY, in_favour=True)
            ballots.tally(Ballot.objects.latest("opened_at"), at=NOW + DAY)
            names(proposal.circle, people[0], now=NOW + DAY)
        counted.append(len(queries))
    assert counted[0] == counted[1]


def test_two_cannot_vote() -> None:
    people = make_people(2)
    circle: Circle = make_circle(people, method="supermajority")
    assert names(circle, people[0], now=NOW)["propose"] == "blocked"
    with pytest.raises(Blocked, match="too_few_voices"):
        proposing.propose(circle, by=people[0], now=NOW, text="Us two.")
