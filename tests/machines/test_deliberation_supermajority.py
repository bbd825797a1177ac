"""Random people vote; nothing is adopted below its threshold, and no voice counts twice or late."""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import Phase
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule, run_state_machine_as_test

from deliberation.actions.time import due
from deliberation.models import Ballot, BySupermajority, Proposal, TextVersion, Vote
from moves.pages import attempt
from tests.machines.circles import CircleMachine
from tests.machines.walks import walks

# Four of five for it is never nine tenths, and always two thirds.
WAY = (
    "discussing", "first_vote", "concerns", "second_vote", "deal_breakers", "final_vote",
    "contention", "adopted",
)  # fmt: skip


class SupermajorityMachine(CircleMachine):
    """Five of eight people decide by supermajority, in the room or over days."""

    method = "supermajority"

    stages = 0
    in_the_room = False

    @initialize(quorum=st.integers(1, 4))
    def begin(self, quorum: int) -> None:
        """Bring the proposal some stages along, four for it and one against, to walk from there."""
        self.checked: set[Any] = set()
        self.open(in_the_room=self.in_the_room, quorum=quorum)
        for place in range(self.stages):
            self.everybody_votes(1)
            contended = WAY[place] == "contention"
            if self.in_the_room and not contended:
                self.the_guide_moves_on()
            else:
                self.now += timedelta(days=2 if contended else 1)
                due(self.now)
        assert BySupermajority.objects.get().state == WAY[self.stages]

    @rule(against=st.sampled_from([0, 1, 1, 1, 2, 3, 4]))
    def everybody_votes(self, against: int) -> None:
        """Most walks would never see five votes; here the first so many are against."""
        self.a_minute_goes_by()
        for place, person in enumerate(self.people):
            for part, move in self.listed(person):
                if move.name == "vote" and not move.obstacles:
                    data = {"in_favour": "against" if place < against else "for"}
                    outcome = attempt(part, move.name, data, by=person, now=self.now)
                    # One before them may have voted the proposal down.
                    assert outcome.status in (200, 404), outcome

    @rule()
    def the_guide_moves_on(self) -> None:
        self.a_minute_goes_by()
        for part, move in self.listed(self.people[5]):
            if move.name == "move_on":
                self.try_one(self.people[5], part, move, 1)

    def recount(self, ballot: Ballot, moment: Any) -> Counter[bool]:
        votes = Vote.objects.filter(ballot=ballot).select_related("voice")
        return Counter(one.in_favour for one in votes if self.counts(one.voice, moment))

    @invariant()
    def a_ballot_counts_each_voice_once_and_while_it_counts(self) -> None:
        for one in Ballot.objects.filter(process__proposal__circle=self.where()):
            voices = list(one.votes.values_list("voice_id", flat=True))
            assert len(voices) == len(set(voices))
            if one.closed_at is None or one.pk in self.checked:
                continue
            self.checked.add(one.pk)
            # In contention the last votes can have changed since; the counts stay.
            if not one.votes.filter(at__gt=one.closed_at).exists():
                counted = self.recount(one, one.closed_at)
                assert (one.in_favour, one.against) == (counted[True], counted[False])

    @invariant()
    def a_vote_is_given_by_a_voice_that_counts(self) -> None:
        voices = {one.pk: one for one in self.voices()}
        for one in Vote.objects.filter(voice__in=voices):
            assert self.counts(voices[one.voice_id], one.at)

    @invariant()
    def nothing_passes_below_its_threshold(self) -> None:
        for one in self.proposals if self.where() else []:
            assert one.version == TextVersion.objects.filter(proposal=one).count()
            if one.outcome == "adopted":
                self.is_rightly_adopted(one)
            if one.why == "below_half":
                counted = self.recount(self.last_ballot(one), one.decided_at)
                assert 2 * counted[True] < counted.total() or not counted

    def last_ballot(self, one: Proposal) -> Ballot:
        return Ballot.objects.filter(process__proposal=one).latest("number")

    def is_rightly_adopted(self, one: Proposal) -> None:
        last, quorum = self.last_ballot(one), one.circle.quorum
        assert last.version == one.version, "another text was voted on"
        assert last.in_favour is not None
        assert last.against is not None
        assert last.in_favour >= quorum
        cast = last.in_favour + last.against
        if one.why == "by_vote":
            assert last.number < 3
            assert 10 * last.in_favour >= 9 * cast
        else:
            assert one.why == "not_contended"
            assert last.number == 3
            assert 3 * last.in_favour >= 2 * cast
            counted = self.recount(last, one.decided_at)
            assert 2 * counted[True] >= counted.total() > 0

    @invariant()
    def time_ends_what_waits(self) -> None:
        for one in BySupermajority.objects.filter(proposal__circle=self.where()):
            ends = one.state == "contention" or self.circle.round_hours is not None
            proposal = Proposal.objects.get(pk=one.proposal_id)
            assert (one.deadline is not None) == (ends and not proposal.outcome)
            assert (proposal.outcome or one.state) == one.state

    def where(self) -> Any:
        return getattr(self, "circle", None)


@pytest.mark.django_db
@pytest.mark.parametrize("in_the_room", [False, True], ids=["online", "in_the_room"])
@pytest.mark.parametrize("stages", range(len(WAY)), ids=WAY)
def test_whatever_people_do_nothing_passes_below_its_threshold(
    stages: int, in_the_room: bool
) -> None:
    here = type("FromHere", (SupermajorityMachine,), {"stages": stages, "in_the_room": in_the_room})
    run_state_machine_as_test(here, settings=walks(4, steps=12, phases=[Phase.generate]))
