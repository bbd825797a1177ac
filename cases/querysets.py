"""Who may see which cases. To review confidentiality, read this file first."""

from datetime import date
from typing import TYPE_CHECKING, Self

from django.apps import apps
from django.db import connections, models
from django.db.models import Exists, OuterRef, Q
from django.db.models.expressions import RawSQL

from communities.models import Community, Membership
from communities.rules import Offices
from people.models import Tie

if TYPE_CHECKING:
    from people.models import Person


class CaseQuerySet(models.QuerySet):
    """Named sets of cases. Views choose a set here; they never filter by hand.

    Neither a model-wide permission nor superuser status opens a case: nobody reads
    every case because of their job title.
    """

    def visible_to(self, person: "Person", *, today: date, offices: Offices | None = None) -> Self:
        """Return every case this person may open today. For one case; lists use the two parts.

        ``offices`` are theirs today, where whoever asks has read them already.
        """
        if not person.is_authenticated or not person.is_active:
            return self.none()
        offices = offices or Membership.objects.offices_of(person, today)
        reached = self._held(person, today, "view_case") & self._not_recalled(
            person, today, offices.recalled
        )
        if offices.coordinates:
            reached |= Q(steering_id__in=offices.coordinates) & ~Q(self._beside(person))
        # Each part is asked once: who steers and never was beside anybody has to be untied too.
        return self.filter(reached, Q(self._beside(person, today)) | self._untied(person, today))

    def held_by(
        self,
        person: "Person",
        *,
        today: date,
        permission: str = "view_case",
        offices: Offices | None = None,
    ) -> Self:
        """Return the cases this person was given sight of, one by one, and still has."""
        offices = offices or Membership.objects.offices_of(person, today)
        return self.filter(
            self._held(person, today, permission),
            self._not_recalled(person, today, offices.recalled),
        ).untied_office(person, today=today)

    def untied_office(self, person: "Person", *, today: date) -> Self:
        """Leave out cases this person reaches by office only, and has a tie in.

        A party, supporter or guardian keeps theirs for as long as their place lasts: it is beside
        somebody.
        """
        return self.filter(Q(self._beside(person, today)) | self._untied(person, today))

    def steered_by(self, person: "Person", *, today: date) -> Self:
        """Return the cases of the communities where this person coordinates today.

        Left out is every case in which they take part or have a tie.
        """
        return self.filter(
            self._steered(person, today), ~self._beside(person), self._untied(person, today)
        )

    def _held(self, person: "Person", today: date, permission: str) -> Q:
        grants = apps.get_model("cases", "CaseUserObjectPermission").objects.filter(
            Q(until=None) | Q(until__gte=today),
            user_id=person.pk,
            permission__codename=permission,
            permission__content_type__app_label="cases",
        )
        return Q(pk__in=grants.values("content_object_id"))

    def _not_recalled(self, person: "Person", today: date, recalled: frozenset[str]) -> Q:
        """Leave out cases this person reaches only by what a recall took from them.

        From that moment, before anybody has ended their places one by one.
        """
        if not recalled:
            return Q()
        participation = apps.get_model("cases", "Participation")
        places = participation.objects.filter(
            Q(until=None) | Q(until__gte=today), case=OuterRef("pk"), person_id=person.pk
        )
        kept = places.exclude(role__in=recalled)
        return Q(Exists(kept)) | ~Q(Exists(places))

    def _steered(self, person: "Person", today: date) -> Q:
        return Q(steering_id__in=Community.objects.coordinated_by(person, today).values("pk"))

    def _beside(self, person: "Person", today: date | None = None) -> Exists:
        """Ask whether their place is beside somebody: a party, or who stands with one.

        Today, or ever where no day is given: whoever once stood there coordinates nothing of it.
        """
        participation = apps.get_model("cases", "Participation")
        places = participation.objects.filter(
            case=OuterRef("pk"), person_id=person.pk, role__in=participation.BESIDE
        )
        if today is not None:
            places = places.filter(Q(until=None) | Q(until__gte=today))
        return Exists(places)

    def _untied(self, person: "Person", today: date) -> Q:
        """Leave out every case with a party they are, or have a tie to.

        Also before anybody has spoken with that party, and also where it is a party of a case this
        one was split from or into: it is one harm. The same rule as ``keeping.people_of``.
        """
        live = Tie.objects.live(today)
        party, case = apps.get_model("cases", "Party"), apps.get_model("cases", "Case")
        parties = party.objects.filter(
            Q(person_id=person.pk)
            | Q(person_id__in=live.filter(one_id=person.pk).values("other_id"))
            | Q(person_id__in=live.filter(other_id=person.pk).values("one_id"))
        )
        # Put into SQL once and asked three times: Django takes longer over it than the database.
        found = parties.order_by().values("case_id").query
        touched = RawSQL(*found.get_compiler(connection=connections[self.db]).as_sql())
        linked = case.objects.filter(
            Q(split_from=OuterRef("pk")) | Q(split_from=OuterRef("split_from")), pk__in=touched
        )
        return ~Q(pk__in=touched) & ~Q(split_from__in=touched) & ~Q(Exists(linked))

    def with_partings(self) -> Self:
        """Say of each whether ways parted in it (``was_split``): the page of one asks no more."""
        parted = self.model._default_manager.filter(split_from=OuterRef("pk"))
        return self.annotate(was_split=Exists(parted))

    def open(self) -> Self:
        return self.exclude(state="closed")
