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
        return set().union(*self.by_end(people, today).values())

    def by_end(self, people: Iterable[Any], today: date) -> dict[Any, set[Any]]:
        """Return, by the id of each of these people, the ids of everybody tied to them."""
        tied: dict[Any, set[Any]] = {person: set() for person in people}
        ends = self.live(today).filter(Q(one__in=tied) | Q(other__in=tied))
        for one, other in ends.values_list("one_id", "other_id"):
            if one in tied:
                tied[one].add(other)
            if other in tied:
                tied[other].add(one)
        return tied

    def between(self, person: "Person", people: Iterable[Any], today: date) -> bool:
        """Say whether this person has a live tie to any of these people."""
        return bool({person.pk} & self.ids_tied_to(people, today))
