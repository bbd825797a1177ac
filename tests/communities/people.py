"""Communities of members for tests, and how their questions are brought to an end."""

from datetime import datetime, timedelta
from typing import Any

from communities.actions import time as clock
from communities.models import Community, Question
from deliberation.actions import speaking, voting
from deliberation.actions.time import due
from deliberation.models import Proposal
from people.models import Person
from tests.factories import NOW, TODAY, make_community, make_person

DAY = timedelta(days=1)
# A stage lasts so long in the charter that these communities have.
STAGE = timedelta(days=2)


def make_members(count: int, community: Community) -> list[Person]:
    people = [make_person(f"Member {number} of {community.pk}") for number in range(1, count + 1)]
    for person in people:
        community.memberships.create(person=person, from_on=TODAY - timedelta(days=400))
    return people


def make_home(
    count: int, *, rules: dict[str, Any] | None = None, **fields: Any
) -> tuple[Community, list[Person]]:
    """A community of so many members whose decisions go fast."""
    community = make_community(**fields)
    community.charters.create(
        number=1, rules={"round_days": 2, **(rules or {})}, from_on=TODAY - timedelta(days=400)
    )
    return community, make_members(count, community)


def tick(now: datetime) -> dict[str, int]:
    """What the clock does around communities."""
    due(now)
    return clock.due(now)


def proposal_of(question: Question) -> Proposal:
    return Proposal.objects.select_related("circle").get(asking__question=question)


def fresh(question: Question) -> Question:
    return Question.objects.get(pk=question.pk)


def all_consent(question: Question, people: list[Person], *, now: datetime) -> datetime:
    """Let a circle by consent go through its rounds, everybody consenting; return the moment."""
    proposal = proposal_of(question)
    for step in (0, 1):
        for person in people:
            clock.do_here(
                speaking.speak, question, proposal, by=person, now=now + step * DAY, word=""
            )
    now += 2 * DAY
    for person in people:
        clock.do_here(speaking.consent, question, proposal, by=person, now=now)
    return now


def vote_all(question: Question, people: list[Person], against: int = 0, *, now: datetime) -> None:
    """Let everybody vote in the ballot that is open, the last ``against`` of them against."""
    proposal = proposal_of(question)
    for place, person in enumerate(people):
        clock.do_here(
            voting.vote, question, proposal, by=person, now=now,
            in_favour=place < len(people) - against,
        )  # fmt: skip


def adopt_by_vote(question: Question, people: list[Person], *, now: datetime = NOW) -> datetime:
    """Let a circle by supermajority adopt a question in its first vote; return when it did."""
    tick(now + STAGE)
    vote_all(question, people, now=now + STAGE)
    tick(now + 2 * STAGE)
    return now + 2 * STAGE
