"""Named sets of people and ties."""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from people.models import Person


class PersonQuerySet(models.QuerySet):
    """Named sets of people."""

    def licensed(self, today: date) -> Self:
        """Return who holds a mediator's licence today."""
        live = apps.get_model("people", "Licence").objects.live(today)
        return self.filter(pk__in=live.values("person"), is_active=True)


class LicenceQuerySet(models.QuerySet):
    """Named sets of licences."""

    def live(self, today: date) -> Self:
        """Return the licences that are valid today; a recalled one is not, from that day on."""
        return self.filter(from_on__lte=today, until__gte=today).exclude(recalled_on__lte=today)

    def recalled(self, today: date) -> Self:
        return self.filter(recalled_on__lte=today)


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

    def kinds_with(self, people: Iterable[Any], today: date) -> dict[Any, str]:
        """Return {person id: kind of tie} of everybody with a live tie to any of these people."""
        ids = set(people)
        ends = self.live(today).filter(Q(one__in=ids) | Q(other__in=ids))
        found: dict[Any, str] = {}
        for one, other, kind in ends.order_by("pk").values_list("one_id", "other_id", "kind"):
            for near, far in ((one, other), (other, one)):
                if near in ids and far not in ids:
                    found.setdefault(far, kind)
        return found


class NamedTieQuerySet(models.QuerySet):
    """Named sets of ties by name."""

    def live(self, today: date) -> Self:
        return self.filter(Q(until=None) | Q(until__gte=today), from_on__lte=today)

    def kinds_with(
        self, people: Iterable[Any], among: Iterable[Any], today: date
    ) -> dict[Any, str]:
        """Return {person id: kind} of who among these is tied by name to any of the people.

        In both directions: named by one of the people, or naming one of them.
        """
        ids, others = set(people), set(among)
        index_of = dict(
            apps.get_model("people", "Person")
            .objects.filter(pk__in=ids | others)
            .exclude(name_index="")
            .values_list("pk", "name_index")
        )
        by_name: dict[str, list[Any]] = {}
        for pk in others:
            if pk in index_of:
                by_name.setdefault(index_of[pk], []).append(pk)
        names = {index_of[pk] for pk in ids if pk in index_of}
        found: dict[Any, str] = {}
        live = self.live(today).order_by("pk")
        for index, kind in live.filter(person__in=ids).values_list("name_index", "kind"):
            for pk in by_name.get(index, []):
                found.setdefault(pk, kind)
        naming = live.filter(person__in=others, name_index__in=names)
        for pk, kind in naming.values_list("person_id", "kind"):
            found.setdefault(pk, kind)
        return {pk: kind for pk, kind in found.items() if pk not in ids}
