"""What every action of a community does around its few lines: the lock, one event, news.

Locked is first the community, then the circle: deliberation does the second. Events go to the
community's own chain and name references, never what was said or who voted how.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from typing import Any

from django.db import transaction
from django.utils import timezone

from communities.models import Community, Membership, Question
from moves.core import Hidden
from notices.actions import tell_many
from people.models import Person
from records.actions import append

CHAIN = "community"
# What deliberation calls the subject of our circles.
SUBJECT = "question"


def day(moment: datetime) -> date:
    """Return the day of a moment where the community is."""
    return timezone.localdate(moment)


def moment_of(on: date) -> datetime:
    """Return the first moment of a day."""
    return timezone.make_aware(datetime.combine(on, time.min))


def require(condition: bool) -> None:
    """Raise Hidden unless this is the person's business."""
    if not condition:
        raise Hidden


def locked(community_pk: Any) -> Community:
    """Return a community, locked; only inside a transaction. What it is asked is locked with it."""
    return Community.objects.select_for_update(of=("self",)).get(pk=community_pk)


@contextmanager
def on_community(community: Community) -> Iterator[Community]:
    """Lock a community."""
    with transaction.atomic():
        yield locked(community.pk)


@contextmanager
def on_question(question: Question) -> Iterator[Question]:
    """Lock the community of a question, and return the question as it stands."""
    with transaction.atomic():
        community = locked(question.community_id)
        fresh = Question.objects.select_related("person", "author", "by").get(pk=question.pk)
        fresh.community = community
        yield fresh


def record(
    community: Community, code: str, *, by: Person | None, now: datetime, **data: str | int
) -> None:
    """Append an event to the community's chain."""
    append(CHAIN, community.slug, code, by=str(by.pk) if by else "", at=now, data=data)


def voices_of(community: Community, today: date) -> set[Any]:
    """Return the ids of everybody with a voice in a community, or in all of those below it."""
    places = Membership.objects.deciding(today).filter(community__in=community.leaves())
    return set(places.values_list("person_id", flat=True))


def is_member(person: Person, community: Community, today: date) -> bool:
    """Say whether this person has a voice in a community, or in one below it."""
    places = Membership.objects.deciding(today).filter(community__in=community.leaves())
    return places.filter(person=person).exists()


def tell_people(people: Iterable[Any], code: str, *, key: str, now: datetime, **params: str) -> int:
    """Tell these people, by their ids, once each; return how many were told now."""
    return tell_many(people, code, reference="", key=f"community:{key}", now=now, **params)


def tell_members(community: Community, code: str, *, key: str, now: datetime, **params: str) -> int:
    """Tell everybody with a voice in a community; return how many were told now."""
    return tell_people(voices_of(community, day(now)), code, key=key, now=now, **params)
