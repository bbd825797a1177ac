"""Random people go round by consent; nothing passes over a live objection or by silence."""

import pytest
from hypothesis import Phase
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule, run_state_machine_as_test

from deliberation.actions import proposing, speaking
from deliberation.models import ByConsent, Objection, Position, Proposal, Round, Turn
from tests.machines.circles import CircleMachine
from tests.machines.walks import walks

WAY = ("clarifying", "reacting", "consenting", "integrating")


class ConsentMachine(CircleMachine):
    """Five of eight people decide by consent, in the room or over days."""

    method = "consent"

    stages = 0
    in_the_room = False

    @initialize(quorum=st.integers(1, 4))
    def begin(self, quorum: int) -> None:
        """Bring the proposal some stages along, to walk from there; the first who can objects."""
        self.open(in_the_room=self.in_the_room, quorum=quorum)
        proposing.begin(self.proposals[0], by=self.people[0], now=self.now)
        for kind in WAY[: self.stages]:
            while (turn := self.next_turn()) is not None and turn.round.kind == kind:
                self.take(turn)
        assert ByConsent.objects.get().state == WAY[self.stages]

    def next_turn(self) -> Turn | None:
        return Turn.objects.waiting(self.now).filter(round__closed_at=None).first()

    def take(self, turn: Turn) -> None:
        """Take a turn on the way: pass, object as the first, else consent."""
        proposal, by = self.proposals[0], turn.voice.person
        self.a_minute_goes_by()
        if turn.round.kind != "consenting":
            speaking.speak(proposal, by=by, now=self.now)
        elif not Objection.objects.exists():
            speaking.object_to(proposal, by=by, now=self.now, why="It hurts.", against_aim=True)
        else:
            speaking.consent(proposal, by=by, now=self.now)

    @rule()
    def everybody_consents(self) -> None:
        """Most walks would never see five consents."""
        self.a_minute_goes_by()
        while self.proposals[0].outcome == "" and (turn := self.next_turn()) is not None:
            if turn.round.kind != "consenting" or turn.voice.limited_until is not None:
                return
            speaking.consent(turn.round.process.proposal, by=turn.voice.person, now=self.now)

    @invariant()
    def nothing_is_adopted_over_an_objection(self) -> None:
        for one in self.proposals if hasattr(self, "circle") else []:
            if one.outcome != "adopted":
                continue
            assert not Objection.objects.filter(proposal=one, state="open").exists()
            self.is_rightly_adopted(one)

    def is_rightly_adopted(self, one: Proposal) -> None:
        assert one.decided_at is not None
        last = Round.objects.filter(process__proposal=one, kind="consenting").latest("number")
        assert last.version == one.version, "another text was asked about"
        said = Position.objects.filter(turn__round=last).select_related("turn__voice")
        counted = [two for two in said if self.counts(two.turn.voice, one.decided_at)]
        assert len(counted) >= one.circle.quorum
        assert any(two.kind == "consent" for two in counted)
        for two in counted:
            if two.kind == "objection":
                assert two.objection.state in ("integrated", "set_aside", "withdrawn")

    @invariant()
    def a_position_is_taken_by_a_voice_that_counts(self) -> None:
        voices = {one.pk: one for one in self.voices()}
        said = Position.objects.filter(turn__voice__in=voices).select_related("turn")
        for one in said:
            voice = voices[one.turn.voice_id]
            assert one.turn.at is not None
            assert self.counts(voice, one.turn.at)

    @invariant()
    def every_turn_is_given(self) -> None:
        voices = self.voices()
        rounds = Round.objects.filter(process__proposal__in=self.ids())
        for one in rounds.prefetch_related("turns").select_related("process"):
            turns = list(one.turns.all())
            assert [two.place for two in turns] == sorted({two.place for two in turns})
            given = {two.voice_id for two in turns}
            owed = {
                voice.pk
                for voice in voices
                if voice.from_at <= one.opened_at
                and (voice.until is None or voice.until > one.opened_at)
                and (one.kind != "consenting" or self.counts(voice, one.opened_at))
            }
            assert given == owed
            if one.closed_at is not None:
                assert not [two for two in turns if two.state == "waiting"]
                self.the_silent_were_asked_twice(one, turns)

    def the_silent_were_asked_twice(self, one: Round, turns: list[Turn]) -> None:
        if one.kind == "consenting":
            assert all(two.asked == 2 for two in turns if two.state == "missed")
            for two in turns:
                assert hasattr(two, "position") == (two.state in ("spoken", "written"))

    @invariant()
    def time_ends_what_waits_online(self) -> None:
        for one in ByConsent.objects.filter(proposal__in=self.ids()).select_related("proposal"):
            online = self.circle.round_hours is not None
            under_way = one.state != "drafting" and not one.proposal.outcome
            assert (one.deadline is not None) == (online and under_way)
            assert one.integrations <= self.circle.integration_rounds
            assert (one.proposal.outcome or one.state) == one.state

    def ids(self) -> list[object]:
        return [one.pk for one in self.proposals] if hasattr(self, "circle") else []


@pytest.mark.django_db
@pytest.mark.parametrize("in_the_room", [False, True], ids=["online", "in_the_room"])
@pytest.mark.parametrize("stages", range(len(WAY)), ids=WAY)
def test_whatever_people_do_nothing_passes_over_an_objection(
    stages: int, in_the_room: bool
) -> None:
    here = type("FromHere", (ConsentMachine,), {"stages": stages, "in_the_room": in_the_room})
    run_state_machine_as_test(here, settings=walks(6, steps=18, phases=[Phase.generate]))
