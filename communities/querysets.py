"""Named sets of communities and memberships."""

from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple, Self

from django.db import models
from django.db.models import Q

from communities import rules
from communities.rules import Offices, offices_on
from people.models import Licence, Person

if TYPE_CHECKING:
    from communities.models import Community


class _Licence(NamedTuple):
    from_on: date
    until: date
    recalled_on: date | None


class _Place(NamedTuple):
    role: str
    community_id: Any
    from_on: date
    until: date | None
    recalled_on: date | None


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

    def stewarding(self, today: date) -> Self:
        return self.live(today).filter(role="steward", person__is_active=True)

    def in_office(self, today: date) -> Self:
        """Return who holds an office that ends, soonest ending first."""
        held = self.live(today).filter(role__in=rules.OFFICES, person__is_active=True)
        return held.order_by("until", "role", "pk")

    def offices_of(self, person: Person, today: date) -> Offices:
        """Return what this person coordinates today, and what a recall took, in one query."""
        rows = Person.objects.filter(pk=person.pk).values_list(
            *(f"memberships__{name}" for name in _Place._fields),
            *(f"licences__{name}" for name in _Licence._fields),
        )
        places, licences = set(), set()
        for row in rows:
            # Each place comes with each licence; with none where there is none.
            if row[0] is not None:
                places.add(_Place(*row[:5]))
            if row[5] is not None:
                licences.add(_Licence(*row[5:]))
        return offices_on(today, places, licences)

    def roles_recalled(self, person: Person, today: date) -> frozenset[str]:
        """Return the roles in cases that a recall took from this person, in one query."""
        return self.offices_of(person, today).recalled

    def deciding(self, today: date) -> Self:
        """Return the places that give a voice: all but an auditor's, who only looks on."""
        return self.live(today).filter(person__is_active=True).exclude(role="auditor")


class CommunityQuerySet(models.QuerySet):
    """Named sets of communities."""

    def coordinated_by(self, person: Person, today: date) -> Self:
        """Return the communities where this person is a coordinator today."""
        return self.filter(
            Q(memberships__until=None) | Q(memberships__until__gte=today),
            memberships__person=person,
            memberships__role="coordinator",
            memberships__from_on__lte=today,
        )

    def with_pool_of(self, person: Person, today: date) -> Self:
        """Return the communities with a hat that this person could be in: where they are members.

        A parent's hat is the hats of its communities.
        """
        return self.filter(
            Q(memberships__until=None) | Q(memberships__until__gte=today),
            memberships__person=person,
            memberships__from_on__lte=today,
            children=None,
        ).distinct()

    def known_to(self, person: Person, today: date) -> Self:
        """Return the communities whose questions this person may know: theirs, and those above.

        Theirs is where they are a member or hold an office today.
        """
        found: set[int] = set()
        here = set(
            self.model._default_manager.filter(
                Q(memberships__until=None) | Q(memberships__until__gte=today),
                memberships__person=person,
                memberships__from_on__lte=today,
            ).values_list("pk", flat=True)
        )
        while here:
            found |= here
            above = self.model._default_manager.filter(children__in=here)
            here = set(above.values_list("pk", flat=True)) - found
        return self.filter(pk__in=found)

    def where_may_open(self, person: Person, today: date) -> Self:
        """Return where this person may open a case: coordinators, and licensed members."""
        own = self.filter(memberships__person=person, memberships__from_on__lte=today).filter(
            Q(memberships__until=None) | Q(memberships__until__gte=today)
        )
        if Licence.objects.live(today).filter(person=person).exists():
            return own.distinct()
        return self.coordinated_by(person, today).distinct()


class AbsenceQuerySet(models.QuerySet):
    """Named sets of the times in which coordinators step back."""

    def standing(self) -> Self:
        """Leave out what was called off."""
        return self.filter(called_off_at=None)

    def running(self, today: date) -> Self:
        return self.standing().filter(from_on__lte=today, until__gte=today)

    def ahead(self, today: date) -> Self:
        """Return what is announced and not over: to come, or running."""
        return self.standing().filter(until__gte=today)

    def to_end(self, today: date) -> Self:
        """Return what is over, or was called off, and nobody was told of it yet."""
        over = Q(until__lt=today) | Q(called_off_at__isnull=False)
        return self.filter(over, ended_at=None)


class VoteRestQuerySet(models.QuerySet):
    """Named sets of votes that their owners let rest."""

    def resting(self, today: date) -> Self:
        return self.filter(ended_at=None, until__gte=today)


class QuestionQuerySet(models.QuerySet):
    """Named sets of what communities are asked."""

    def open(self) -> Self:
        return self.filter(state__in=rules.OPEN_STATES)

    def over(self) -> Self:
        return self.exclude(state__in=rules.OPEN_STATES)

    def of(self, community: "Community") -> Self:
        """Return what a community is asked, of its own and as one of several."""
        return self.filter(Q(community=community) | Q(askings__community=community)).distinct()

    def visible_to(self, person: Person) -> Self:
        """Return what a member may know: what came before the members, and every recall.

        Whether somebody would stand, and said no, is between them and who asked.
        """
        return self.filter(
            Q(askings__isnull=False) | Q(kind="recall") | Q(by=person) | Q(person=person)
        ).distinct()

    def same(self, community: "Community", kind: str, *, office: str, person: Person) -> Self:
        """Return open questions of this kind about this office and person."""
        return self.open().filter(community=community, kind=kind, office=office, person=person)
