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
        ids = list(people)
        live = self.live(today)
        named = live.filter(one__in=ids).values_list("other_id", flat=True)
        naming = live.filter(other__in=ids).values_list("one_id", flat=True)
        return set(named) | set(naming)

    def between(self, person: "Person", people: Iterable[Any], today: date) -> bool:
        """Say whether this person has a live tie to any of these people."""
        return bool({person.pk} & self.ids_tied_to(people, today))
