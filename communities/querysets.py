"""Named sets of communities and memberships."""

from datetime import date
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from people.models import Person


class MembershipQuerySet(models.QuerySet):
    """Who belongs where, today."""

    def live(self, today: date) -> Self:
        return self.filter(Q(until=None) | Q(until__gte=today), from_on__lte=today)

    def coordinating(self, today: date) -> Self:
        return self.live(today).filter(role="coordinator", person__is_active=True)

    def guarding(self, today: date) -> Self:
        """Return the elected process guardians of today."""
        return self.live(today).filter(role="process_guardian", person__is_active=True)

    def auditing(self, today: date) -> Self:
        return self.live(today).filter(role="auditor", person__is_active=True)


class CommunityQuerySet(models.QuerySet):
    """Named sets of communities."""

    def coordinated_by(self, person: "Person", today: date) -> Self:
        """Return the communities where this person is a coordinator today."""
        return self.filter(
            Q(memberships__until=None) | Q(memberships__until__gte=today),
            memberships__person=person,
            memberships__role="coordinator",
            memberships__from_on__lte=today,
        )

    def with_pool_of(self, person: "Person", today: date) -> Self:
        """Return the communities with a hat that this person could be in: where they are members.

        A parent's hat is the hats of its communities.
        """
        return self.filter(
            Q(memberships__until=None) | Q(memberships__until__gte=today),
            memberships__person=person,
            memberships__from_on__lte=today,
            children=None,
        ).distinct()

    def where_may_open(self, person: "Person", today: date) -> Self:
        """Return where this person may open a case: coordinators, and licensed members."""
        own = self.filter(memberships__person=person, memberships__from_on__lte=today).filter(
            Q(memberships__until=None) | Q(memberships__until__gte=today)
        )
        if person.licences.filter(from_on__lte=today, until__gte=today).exists():
            return own.distinct()
        return self.coordinated_by(person, today).distinct()
