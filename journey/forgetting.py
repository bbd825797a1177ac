"""Forgetting closed cases whose time is over: each app empties what is its own.

The chain of events stays whole, because it holds references and digests and never a name or a
story. A reference to somebody who lives on here still stands in it, and cannot be taken out of
a record nobody can change.
"""

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from agreements import forgetting as agreements
from cases import forgetting as cases
from cases.models import Case
from cases.writing import day
from communities.models import Membership
from councils import forgetting as councils
from mediation import forgetting as mediation
from notices.actions import forget_case as forget_notices
from people import forgetting as people
from records.actions import forget_accesses
from rehabilitation import forgetting as rehabilitation


def to_forget(today: date) -> list[UUID]:
    """Return the cases that are to be forgotten today."""
    return cases.cases_to_forget(today)


def due(now: datetime) -> dict[str, int]:
    """Forget every case whose time is over; return {"forgotten": how many}.

    Each in a transaction of its own. Dated now and not when it was due: until now the words
    were there, and the record does not say otherwise.
    """
    return {"forgotten": sum(forget(pk, now=now) for pk in to_forget(day(now)))}


@transaction.atomic
def forget(pk: UUID, *, now: datetime) -> bool:
    """Forget one case; False where somebody was faster, or it was opened again meanwhile."""
    case = cases.locked_to_forget(pk)
    if case is None:
        return False
    inside = cases.people_inside(case) | agreements.people_who_signed(case)
    beside = cases.people_named_with(case) | rehabilitation.people_who_went_along(case)
    over = _over(inside | beside, case)
    wrote = rehabilitation.people_who_wrote(case)
    nobodies = {one: people.nobody() for one in (inside | wrote) - over}
    agreements.forget(case, nobodies)
    mediation.forget(case)
    rehabilitation.forget(case, nobodies)
    councils.forget(case, nobodies)
    forget_notices(case.reference)
    forget_accesses(case.reference)
    cases.forget(case, nobodies, now=now)
    people.forget_named_ties(_tied_for_this_alone(inside - over, case))
    people.forget_people(over)
    return True


def _over(some: Collection[UUID], case: Case) -> set[UUID]:
    """Return who of these people was here for this case alone, and can be forgotten with it."""
    found = people.without_account(some)
    members = Membership.objects.filter(person__in=found).values_list("person_id", flat=True)
    return (
        found
        - set(members)
        - councils.people_of_the_pool(found)
        - rehabilitation.people_of_houses(found, case)
        - cases.people_of_other_cases(found, case)
    )


def _tied_for_this_alone(some: Collection[UUID], case: Case) -> set[UUID]:
    """Return whose ties by name serve nothing any more: they are in no other case, and no pool."""
    return set(some) - councils.people_of_the_pool(some) - cases.people_of_other_cases(some, case)
