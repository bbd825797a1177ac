"""A vote that rests: accepted freely by its owner, for a time, and ended when they like.

Only the owner can set it: it may be a promise of theirs, and is never anybody's order. They are
still heard in every round; where votes and consents are counted, theirs is left out until then.
"""

from collections.abc import Container
from datetime import date, datetime, timedelta
from typing import Any

from communities.models import Community, VoteRest
from communities.writing import day, is_member, moment_of, on_community, record, require
from deliberation import rules as counting
from deliberation.actions import circles
from deliberation.models import Voice
from moves.core import Obstacle, refuse_if_any
from people.models import Person


def resting(community: Community, person: Person, today: date) -> VoteRest | None:
    """Return the rest of a person's vote that runs in a community, None where it counts."""
    return community.vote_rests.resting(today).filter(person=person).first()


def obstacles_to_rest(community: Community, person: Person, now: datetime) -> list[Obstacle]:
    """Return the rest that runs already, and the day on which it is over."""
    found = resting(community, person, day(now))
    return counting.obstacles_of_limit(counts_again(found.until).date() if found else None)


def counts_again(until: date) -> datetime:
    """Return the moment from which a vote counts that rests through a day."""
    return moment_of(until + timedelta(days=1))


def resting_in(community: Community, people: Container[Any], today: date) -> dict[Any, datetime]:
    """Return {id: from when their vote counts again} of who lets it rest, among these people."""
    found = community.vote_rests.resting(today).values_list("person_id", "until")
    return {person: counts_again(until) for person, until in found if person in people}


def rest_votes(community: Community, *, by: Person, now: datetime, until: date) -> VoteRest:
    """Accept freely that one's own vote rests in the decisions of a community, through a day.

    In what is being decided now too. ValueError where it would not end in the future.
    """
    with on_community(community) as community:
        require(is_member(by, community, day(now)))
        if until < day(now):
            raise ValueError("A vote that rests counts again in the future.")
        refuse_if_any(obstacles_to_rest(community, by, now))
        rest = VoteRest.objects.create(community=community, person=by, at=now, until=until)
        record(community, "votes_rest", by=by, now=now, until=until.isoformat())
        for voice in _voices(community, by, now):
            if voice.limited_until is None or voice.limited_until < counts_again(until):
                circles.lift_limit(voice, by=by, now=now)
                circles.limit_vote(voice, by=by, now=now, until=counts_again(until))
        return rest


def count_votes_again(community: Community, *, by: Person, now: datetime) -> VoteRest:
    """Let one's own vote count again, before its time: it was free to accept."""
    with on_community(community) as community:
        rest = resting(community, by, day(now))
        require(rest is not None)
        assert rest is not None
        rest.ended_at = now
        rest.save(update_fields=["ended_at"])
        record(community, "votes_count_again", by=by, now=now)
        for voice in _voices(community, by, now).filter(limited_until=counts_again(rest.until)):
            circles.lift_limit(voice, by=by, now=now)
        return rest


def _voices(community: Community, person: Person, now: datetime) -> Any:
    """Return this person's voices in what is being decided in a community now."""
    return Voice.objects.live(now).filter(
        person=person, circle__proposals__asking__community=community,
        circle__proposals__outcome="",
    ).distinct()  # fmt: skip
