"""Named sets of people and ties."""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from people.models import Person


class PersonQuerySet(models.QuerySet):
    """Named sets of people."""

    def licensed(self, today: date) -> Self:
        """Return who holds a mediator's licence today."""
        return self.filter(
            licences__from_on__lte=today, licences__until__gte=today, is_active=True
        ).distinct()


class TieQuerySet(models.QuerySet):
    """Named sets of ties. A tie declared by one end counts for both."""

    def live(self, today: date) -> Self:
        return self.filter(Q(until=None) | Q(until__gte=today), from_on__lte=today)

    def ids_tied_to(self, people: Iterable[Any], today: date) -> set[Any]:
        """Return the ids of everybody with a live tie to any of these people."""
        ids = set(people)
        ends = self.live(today).filter(Q(one__in=ids) | Q(other__in=ids))
        tied = set()
        for one, other in ends.values_list("one_id", "other_id"):
            tied |= {other} if one in ids else set()
            tied |= {one} if other in ids else set()
        return tied

    def between(self, person: "Person", people: Iterable[Any], today: date) -> bool:
        """Say whether this person has a live tie to any of these people."""
        return bool({person.pk} & self.ids_tied_to(people, today))
