"""What Riverside decides in the demo: a rule changed, another being voted on, and an election."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from communities.actions import amending, electing
from communities.actions import time as clock
from communities.models import Community, Question
from deliberation.actions import voting
from deliberation.actions.time import due
from deliberation.models import Proposal
from notices.models import Notice
from people.models import Person

STAGE = timedelta(days=7)


def decide(
    home: Community, cast: dict[str, Person], neighbours: Sequence[Person], *, now: datetime
) -> None:
    """Let the members change a rule two months ago, vote on another now, and elect a steward."""
    long_ago = now - timedelta(days=60)
    home.charters.update(from_on=(now - timedelta(days=400)).date())
    # More than a quarter of the voices have to be for it.
    those = [one for one in neighbours if one.joined_on < long_ago.date()][:45]
    changed = _propose(
        home, cast["mara"], {"cooling_off_days": 14}, long_ago,
        "Two weeks leave time to speak with somebody before an agreement counts.",
    )  # fmt: skip
    _settle(long_ago + STAGE)
    _vote(changed, those, against=2, now=long_ago + STAGE)
    _settle(long_ago + 2 * STAGE)
    Notice.objects.filter(at__lte=long_ago + 2 * STAGE, read_at=None).update(read_at=now)
    asked = now - timedelta(days=9)
    open_now = _propose(
        home, cast["vera"], {"mediation_days": 20}, asked,
        "Who works shifts finds no evening within two weeks.",
    )  # fmt: skip
    voting.remark(
        _proposal(open_now), by=cast["june"], now=asked + timedelta(days=1),
        word="Then the person harmed waits longer. Could they say no to it?",
    )  # fmt: skip
    _settle(asked + STAGE)
    _vote(open_now, those[:20], against=6, now=now - timedelta(days=1))
    electing.stand_for_office(
        home, by=cast["june"], now=now - timedelta(days=1), office="steward", months=12,
        reason="I have cooked for the street festival for years, and I listen.",
    )  # fmt: skip


def _propose(
    home: Community, by: Person, changes: dict[str, int], now: datetime, reason: str
) -> Question:
    return amending.propose_amendment(
        home, by=by, now=now, changes=changes, trials={}, reason=reason
    )


def _proposal(question: Question) -> Proposal:
    return Proposal.objects.get(asking__question=question)


def _vote(question: Question, people: Iterable[Person], *, against: int, now: datetime) -> None:
    proposal = _proposal(question)
    for place, person in enumerate(people):
        voting.vote(proposal, by=person, now=now, in_favour=place >= against)


def _settle(now: datetime) -> None:
    due(now)
    clock.due(now)
