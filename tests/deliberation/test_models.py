"""What the database refuses, and that it counts a voice as the rules do."""

from collections.abc import Callable
from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from deliberation import rules
from deliberation.actions import proposing, speaking, voting
from deliberation.models import (
    Ballot,
    ByConsent,
    BySupermajority,
    Circle,
    Objection,
    Position,
    Proposal,
    Turn,
    Voice,
    Vote,
)
from tests.deliberation.circle import DAY, make_circle, make_people
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def test_the_database_counts_a_voice_as_the_rules_do() -> None:
    moments = [None, NOW + timedelta(hours=1), NOW + timedelta(hours=3), NOW + timedelta(hours=5)]
    cases = [
        (until, begun, over)
        for until, begun, over in product(moments, moments, moments)
        if (begun is None) == (over is None) and (begun is None or over is None or begun < over)
    ]
    people = make_people(len(cases))
    circle = make_circle(people)
    for person, (until, begun, over) in zip(people, cases, strict=True):
        Voice.objects.filter(circle=circle, person=person).update(
            until=until, limited_from=begun, limited_until=over
        )
    for hours in range(-1, 7):
        moment = NOW + timedelta(hours=hours)
        by_rules = {
            one.pk
            for one in circle.voices.all()
            if rules.counts_at(
                moment,
                from_at=one.from_at,
                until=one.until,
                limited_from=one.limited_from,
                limited_until=one.limited_until,
            )
        }
        assert set(circle.voices.counting(moment).values_list("pk", flat=True)) == by_rules


def test_a_state_moves_only_through_its_transitions() -> None:
    people = make_people(3)
    proposing.propose(make_circle(people), by=people[0], now=NOW, text="Mend it.")
    process = ByConsent.objects.get()
    with pytest.raises(AttributeError):
        process.state = "adopted"
    process.refresh_from_db()
    assert process.state == "drafting"


def test_the_database_refuses_what_never_holds() -> None:
    people = make_people(3)
    circle = make_circle(people)
    proposal = proposing.propose(circle, by=people[0], now=NOW, text="Mend it.")
    proposing.begin(proposal, by=people[0], now=NOW)
    for _round in range(2):
        for person in people:
            speaking.speak(proposal, by=person, now=NOW)
    speaking.object_to(proposal, by=people[0], now=NOW, why="It hurts.", against_aim=True)
    vote = proposing.propose(
        make_circle(people, method="supermajority"), by=people[0], now=NOW, text="Share it."
    )
    voting.vote(vote, by=people[0], now=NOW + DAY, in_favour=True)
    given, turn = Vote.objects.get(), Turn.objects.latest("round__number")
    wrong: list[Callable[[], Any]] = [
        lambda: Vote.objects.create(
            ballot=given.ballot, voice=given.voice, in_favour=False, at=NOW
        ),
        lambda: Voice.objects.create(circle=circle, person=people[0], from_at=NOW),
        lambda: Voice.objects.update(until=NOW - DAY),
        lambda: Voice.objects.update(limited_from=NOW),
        lambda: Turn.objects.create(round=turn.round, voice=turn.voice, place=99),
        lambda: Turn.objects.update(state="silent"),
        lambda: Turn.objects.update(state="spoken", at=None),
        lambda: Position.objects.update(kind="abstention"),
        lambda: Objection.objects.update(state="ignored"),
        lambda: Objection.objects.update(state="withdrawn"),
        lambda: ByConsent.objects.update(state="passed"),
        lambda: ByConsent.objects.filter(deadline__isnull=False).update(state="adopted"),
        lambda: BySupermajority.objects.update(state="passed"),
        lambda: Ballot.objects.update(closed_at=NOW),
        lambda: Ballot.objects.update(number=4),
        lambda: Proposal.objects.update(outcome="adopted"),
        lambda: Proposal.objects.update(outcome="agreed", decided_at=NOW),
        lambda: Proposal.objects.update(taken_up_at=NOW),
        lambda: Circle.objects.update(method="by the loudest"),
        lambda: Circle.objects.update(round_hours=None),
    ]
    for act in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            act()
