"""Random people do random moves to a case while time goes by; what must hold, always holds.

The moves are the listed ones, tried as the pages and the API try them, so that a move that
is shown as possible and then refused, or the reverse, is found here.
"""

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from agreements import actions as agreements
from agreements.models import Agreement, Commitment
from agreements.rules import LIVE_STATES
from cases import actions
from cases.models import Case
from communities.models import Community
from journey import clock
from journey.moves import moves_on, who_and_parts
from journey.wording import WORDS
from mediation import actions as mediation
from mediation.models import Mediation
from moves.core import Move
from moves.pages import attempt
from people.models import Person
from records.actions import verify
from records.models import Event
from tests.machines.walks import walks
from tests.undoing import undo

ROLES = ("coordinator", "mediator", "harmed", "responsible", "stranger")
NOT_ON_HOLD = {
    "plan_meeting", "hold_meeting", "draft_agreement", "offer_agreement", "sign_agreement",
    "sign_on_paper", "begin_mediation", "reach",
}  # fmt: skip
STAGES = ("reported", "screening", "mediation", "offered", "followed")


def typed(form: Any, number: int, now: Any) -> dict[str, Any]:
    """Return plausible words for a form; another ``number`` gives other choices."""
    data: dict[str, Any] = {}
    for place, (name, field) in enumerate(form.fields.items()):
        kind, turn = type(field).__name__, number // (place + 1)
        choices = [str(value) for value, _label in getattr(field, "choices", None) or []]
        if name == "seen":
            data[name] = form.initial[name]
        elif kind == "MultipleChoiceField":
            data[name] = [choices[turn % len(choices)]]
        elif choices:
            data[name] = choices[turn % len(choices)]
        elif kind == "BooleanField":
            data[name] = "on" if field.required or turn % 3 == 0 else ""
        elif kind == "DateField":
            data[name] = (now + timedelta(days=turn % 60)).date().isoformat()
        elif kind == "DateTimeField":
            data[name] = (now + timedelta(days=turn % 9)).strftime("%Y-%m-%dT%H:%M")
        elif kind == "DecimalField":
            data[name] = str(turn % 50)
        else:
            data[name] = "Some words." if field.required or turn % 2 else ""
    if number % 11 == 0:
        data.pop(next(iter(data)), None)
    return data


class CaseMachine(RuleBasedStateMachine):
    """One case, five people and a clock, inside a savepoint that is undone at the end."""

    def __init__(self) -> None:
        super().__init__()
        self.point = transaction.savepoint()
        self.now = timezone.now() - timedelta(days=900)
        self.events = 0
        today = self.now.date()
        here = Community.objects.create(slug="here", name="Here")
        self.people = {
            role: Person.objects.create_user(
                role, None, name=role, contact_kind="phone", contact="+44 7700 900001"
            )
            for role in ROLES
        }
        here.memberships.create(
            person=self.people["coordinator"], role="coordinator", from_on=today,
            until=today + timedelta(days=900),
        )  # fmt: skip
        here.memberships.create(person=self.people["mediator"], from_on=today)
        self.people["mediator"].licences.create(from_on=today, until=today + timedelta(days=900))
        parties = [
            actions.NewParty(role=role, name=role, person=self.people[role])
            for role in ("harmed", "responsible")
        ]
        self.pk = actions.open_case(
            community=here, title="Panes", account="They broke.", parties=parties, by=None,
            now=self.now,
        ).pk  # fmt: skip

    def teardown(self) -> None:
        undo(self.point)

    @property
    def case(self) -> Case:
        return Case.objects.get(pk=self.pk)

    @initialize(stage=st.sampled_from(STAGES))
    def begin(self, stage: str) -> None:
        """Bring the case some way along, so that every stage is walked from."""
        upto, case, now = STAGES.index(stage), self.case, self.now
        by = self.people["mediator"]
        if upto >= 1:
            actions.place_in(case, by, "mediator", today=now.date())
            actions.accept(case, by=by, now=now)
        hers, theirs = case.parties.get(role="harmed"), case.parties.get(role="responsible")
        if upto >= 2:
            for party in (hers, theirs):
                actions.reach(party, by=by, now=now, how_to_reach="by day", reach="in_app")
                actions.assess(party, by=by, now=now, safe_to_meet=True, answers={}, flags=[])
                actions.give_consent(party, by=party.person, now=now, understood=True)
            mediation.begin_mediation(case, by=by, now=now)
        if upto >= 3:
            draft = agreements.draft_agreement(case, by=by, now=now, account="Panes broke.")
            agreements.add_commitment(
                draft, by=by, now=now, what="Mend the panes", if_missed="We talk again.",
                promised_by=str(theirs.pk), promised_to=str(hers.pk),
                due_on=now.date() + timedelta(days=60),
            )  # fmt: skip
            agreements.offer_agreement(draft, by=by, now=now)
        if upto >= 4:
            for party in (hers, theirs):
                agreements.sign_agreement(draft, by=party.person, now=now, understood=True)
            self.wait(days=15, tick=True)

    def listed(self, role: str) -> list[tuple[list[Move], Move]]:
        """Return every move this person is shown, with the others of its part."""
        case, person, today = self.case, self.people[role], timezone.localdate(self.now)
        who, parts = who_and_parts(case, person, today=today)
        if not who.may_see:
            return []
        found = [moves_on(part, case, person, who, today=today) for part in parts]
        return [(moves, move) for moves in found for move in moves]

    def try_one(self, role: str, moves: list[Move], move: Move, number: int) -> None:
        """Try a move as a page does, and compare with how it was shown."""
        frozen = self.case.frozen_on is not None
        data = typed(move.form(), number, self.now) if move.form else {}
        outcome = attempt(moves, move.name, data, by=self.people[role], now=self.now)
        told = (role, move.name, data, outcome.status, outcome.obstacles)
        if move.obstacles:
            assert outcome.status == 409, told
            assert [one.code for one in outcome.obstacles] == [
                one.code for one in move.obstacles
            ], told
        else:
            assert outcome.status in ((200, 422) if move.form else (200,)), told
        if frozen and move.name in NOT_ON_HOLD:
            assert outcome.status != 200, told

    @rule(role=st.sampled_from(ROLES), number=st.integers(0, 9999))
    def any_move(self, role: str, number: int) -> None:
        listed = self.listed(role)
        # What cannot be undone ends most cases at once; it is tried less often.
        usual = [pair for pair in listed if number % 4 == 0 or not pair[1].careful]
        if usual:
            moves, move = usual[number % len(usual)]
            self.try_one(role, moves, move, number)

    @rule(role=st.sampled_from(ROLES[:4]), number=st.integers(0, 9999))
    def the_next_move(self, role: str, number: int) -> None:
        """What the page puts first: without it, few walks would come far."""
        listed = [pair for pair in self.listed(role) if pair[1].main and not pair[1].obstacles]
        if listed:
            moves, move = listed[number % len(listed)]
            self.try_one(role, moves, move, number)

    @rule(name=st.sampled_from(sorted(WORDS.moves)))
    def a_stranger(self, name: str) -> None:
        """Somebody with no place finds no move on any part of the case."""
        person, today = self.people["stranger"], timezone.localdate(self.now)
        who, parts = who_and_parts(self.case, person, today=today)
        assert not who.may_see
        for part in parts:
            moves = moves_on(part, self.case, person, who, today=today)
            assert attempt(moves, name, {}, by=person, now=self.now).status == 404

    @rule(days=st.integers(0, 40), tick=st.booleans())
    def wait(self, days: int, tick: bool) -> None:
        self.now += timedelta(days=days, minutes=1)
        if tick:
            clock.run(self.now)

    @invariant()
    def the_case_is_sound(self) -> None:
        case = self.case
        assert case.state in Case.State.values
        assert (case.state == "closed") == bool(case.outcome) == (case.closed_on is not None)
        assert Mediation.objects.filter(case=case).open().count() <= 1
        found = Agreement.objects.filter(case=case)
        assert {one.state for one in found} <= set(Agreement.State.values)
        assert sum(one.state in LIVE_STATES for one in found) <= 1
        promises = Commitment.objects.filter(agreement__case=case)
        assert {one.state for one in promises} <= set(Commitment.State.values)

    @invariant()
    def the_record_only_grows(self) -> None:
        reference = self.case.reference
        count = Event.objects.filter(kind="case", subject_id=reference).count()
        assert count >= self.events
        self.events = count
        assert verify("case", reference)["breaks"] == []


@pytest.mark.django_db
def test_whatever_people_do_the_case_stays_sound() -> None:
    run_state_machine_as_test(CaseMachine, settings=walks(15, steps=25))
