"""What the machines over both methods share: a circle, its people, a clock, what never breaks."""

from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from deliberation import rules
from deliberation.actions import circles, proposing, speaking, voting
from deliberation.actions.time import due
from deliberation.models import Circle, Proposal, Voice
from deliberation.moves import scene_now
from deliberation.wording import MOVES, OBSTACLES
from moves.core import Hidden, Move
from moves.pages import attempt
from moves.wording import OBSTACLES as BASE_OBSTACLES
from people.models import Person
from records.actions import verify
from tests.deliberation.circle import HOURS, all_moves, make_circle, make_people, picture, typed
from tests.factories import NOW
from tests.undoing import undo

WHO = st.integers(0, 7)
NUMBER = st.integers(0, 9999)
BY_CHANCE = {"withdraw_proposal", "limit_vote", "propose", "revise"}


class CircleMachine(RuleBasedStateMachine):
    """One circle inside a savepoint that is undone at the end.

    Of eight people five begin with a voice, one guides, one can be given one, one is a stranger.
    """

    method = ""

    def __init__(self) -> None:
        super().__init__()
        self.point = transaction.savepoint()
        self.now = NOW
        self.people = make_people(8)
        self.limits: dict[Any, dict[datetime, datetime]] = defaultdict(dict)
        self.seen: dict[Any, Any] = {}

    def teardown(self) -> None:
        undo(self.point)

    def open(self, *, in_the_room: bool, quorum: int) -> None:
        self.circle = make_circle(
            self.people[:5], method=self.method, quorum=quorum, guide=self.people[5],
            round_hours=None if in_the_room else HOURS, contention_days=2,
        )  # fmt: skip
        proposing.propose(self.circle, by=self.people[0], now=self.now, text="We mend it together.")

    @property
    def proposals(self) -> list[Proposal]:
        return list(Proposal.objects.filter(circle=self.circle).select_related("circle"))

    def listed(self, person: Person) -> list[tuple[list[Move], Move]]:
        parts = all_moves(self.circle, person, now=self.now)
        return [(part, move) for part in parts for move in part]

    def try_one(self, person: Person, part: list[Move], move: Move, number: int) -> None:
        """Try a move as a page does, and compare with how it was shown."""
        data = typed(move.form(), number, self.now) if move.form else {}
        outcome = attempt(part, move.name, data, by=person, now=self.now)
        told = (move.name, data, outcome.status, outcome.obstacles)
        assert move.name in MOVES
        if move.obstacles:
            assert outcome.status == 409, told
            assert {one.code for one in move.obstacles} <= {*OBSTACLES, *BASE_OBSTACLES}
        else:
            assert outcome.status in ((200, 422) if move.form else (200,)), told

    @rule(who=WHO, number=NUMBER)
    def any_move(self, who: int, number: int) -> None:
        self.a_minute_goes_by()
        listed = self.listed(self.people[who])
        usual = [pair for pair in listed if number % 5 == 0 or pair[1].name not in BY_CHANCE]
        if usual:
            part, move = usual[number % len(usual)]
            self.try_one(self.people[who], part, move, number)

    @rule(number=NUMBER)
    def everybody_moves(self, number: int) -> None:
        """Each does one thing that is possible: without it few walks would come far."""
        for place, person in enumerate(self.people):
            self.a_minute_goes_by()
            listed = [
                pair
                for pair in self.listed(person)
                if pair[1].name not in BY_CHANCE and not pair[1].obstacles
            ]
            main = [pair for pair in listed if pair[1].main] if (number >> place) % 4 else []
            if found := main or listed:
                part, move = found[(number >> place) % len(found)]
                self.try_one(person, part, move, number >> place)

    @rule(number=NUMBER)
    def a_refused_move_says_why_when_it_is_done(self, number: int) -> None:
        """The action itself refuses with the codes that were shown, not only the page."""
        for person in self.people:
            blocked = [move for _part, move in self.listed(person) if move.obstacles]
            for move in blocked[:2]:
                freed = Move(
                    name=move.name, subject=move.subject, part=move.part, part_id=move.part_id,
                    act=move.act, form=move.form,
                )  # fmt: skip
                data = typed(move.form(), number, self.now) if move.form else {}
                outcome = attempt([freed], move.name, data, by=person, now=self.now)
                assert outcome.status in (409, 422), (move.name, outcome)
                if outcome.status == 409:
                    shown = [one.code for one in move.obstacles]
                    assert [one.code for one in outcome.obstacles] == shown

    @rule(hours=st.sampled_from([24, 30, 60, 5, 1]), often=st.integers(1, 9))
    def wait(self, hours: int, often: int) -> None:
        """Time goes by; whether or how often somebody looks in between makes no difference."""
        later = self.now + timedelta(hours=hours)
        pictures = []
        for steps in (often, 1, 0):
            with transaction.atomic():
                for step in range(1, steps + 1):
                    due(self.now + (later - self.now) * step / steps)
                for proposal in self.proposals if steps == 0 else []:
                    scene_now(proposal, self.people[number_of(proposal)], now=later)
                pictures.append(picture(self.circle))
                transaction.set_rollback(True)
        # An action finds what was due done, although nobody looked before it.
        circles.add_voices(self.circle, [], now=later)
        pictures.append(picture(self.circle))
        assert pictures[0] == pictures[1] == pictures[2] == pictures[3]
        self.now = later
        assert due(later) == {"stages_ended": 0}

    @rule(who=st.integers(0, 4), hours=st.sampled_from([0, 30]), chance=st.integers(0, 4))
    def voices_change(self, who: int, hours: int, chance: int) -> None:
        """Now and then somebody leaves, at once or later, or the sixth is given a voice."""
        self.a_minute_goes_by()
        if chance == 0:
            voice = Voice.objects.get(circle=self.circle, person=self.people[who])
            if voice.until is None or voice.until > self.now:
                until = self.now + timedelta(hours=hours)
                circles.end_voice(voice, now=self.now, until=until)
        elif chance == 1:
            circles.add_voices(self.circle, [self.people[6].pk], now=self.now)

    def a_minute_goes_by(self) -> None:
        """No two things happen at one moment, so that the machine can tell which came first."""
        self.now += timedelta(minutes=1)

    @rule(number=st.integers(0, 5))
    def a_stranger_finds_nothing(self, number: int) -> None:
        stranger = self.people[7]
        assert self.listed(stranger) == []
        acts: list[Any] = [
            lambda one: proposing.withdraw_proposal(one, by=stranger, now=self.now),
            lambda one: proposing.move_on(one, by=stranger, now=self.now),
            lambda one: speaking.speak(one, by=stranger, now=self.now, word="Me"),
            lambda one: speaking.consent(one, by=stranger, now=self.now),
            lambda one: voting.vote(one, by=stranger, now=self.now, in_favour=True),
            lambda one: voting.remark(one, by=stranger, now=self.now, word="Me"),
        ]
        for proposal in self.proposals:
            try:
                acts[number](proposal)
            except Hidden:
                continue
            raise AssertionError("A stranger did something.")

    def counts(self, voice: Voice, moment: datetime) -> bool:
        """Say whether a voice counted at a moment, by the rules, with every limit it ever had."""
        if not rules.counts_at(moment, from_at=voice.from_at, until=voice.until):
            return False
        limits = self.limits[voice.pk].items()
        return not any(begun <= moment < over for begun, over in limits)

    @invariant()
    def limits_are_remembered(self) -> None:
        for voice in self.voices():
            if voice.limited_from is not None and voice.limited_until is not None:
                self.limits[voice.pk][voice.limited_from] = voice.limited_until

    def voices(self) -> list[Voice]:
        circle = getattr(self, "circle", None)
        return list(Voice.objects.filter(circle=circle)) if circle else []

    @invariant()
    def the_record_is_whole(self) -> None:
        circle: Circle | None = getattr(self, "circle", None)
        if circle is not None:
            assert verify("circle", str(circle.pk))["breaks"] == []

    @invariant()
    def what_is_decided_stays_decided(self) -> None:
        for one in self.proposals if hasattr(self, "circle") else []:
            now_stands = (one.outcome, one.why, one.decided_at, one.version)
            if one.outcome:
                assert self.seen.setdefault(one.pk, now_stands) == now_stands


def number_of(proposal: Proposal) -> int:
    """Return some person's number, the same for the same proposal."""
    return proposal.pk.int % 5
