"""Who may know of which house and which placement. To review the room, read this file first."""

from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q

from cases.models import CaseUserObjectPermission, Participation, Party
from communities.models import Community
from councils.models import Council, Seat
from people.models import Tie
from rehabilitation.rules import OPEN, OPEN_REVIEWS, PLACED

if TYPE_CHECKING:
    from cases.models import Case
    from people.models import Person

HERE = (*OPEN, "guest")


class OfficeQuerySet(models.QuerySet):
    """Stewards and independent visitors of houses."""

    def live(self, today: date) -> Self:
        return self.filter(
            Q(ended_on=None) | Q(ended_on__gt=today), from_on__lte=today, until__gte=today
        )

    def stewards(self, today: date) -> Self:
        return self.live(today).filter(role="steward", person__is_active=True)

    def visitors(self, today: date) -> Self:
        return self.live(today).filter(role="visitor", person__is_active=True)


class HouseQuerySet(models.QuerySet):
    """Houses."""

    def open(self, today: date) -> Self:
        return self.filter(Q(closed_on=None) | Q(closed_on__gt=today))

    def known_to(self, person: "Person", *, today: date) -> Self:
        """Return the houses whose page this person may open.

        Who lives there, its stewards and visitor, and who coordinates its community.
        """
        if not person.is_authenticated or not person.is_active:
            return self.none()
        offices = apps.get_model("rehabilitation", "HouseOffice").objects.live(today)
        placements = apps.get_model("rehabilitation", "Placement").objects
        lives_in = placements.living(today).filter(person=person).values("house")
        return self.filter(
            Q(pk__in=offices.filter(person=person).values("house"))
            | Q(pk__in=lives_in)
            | Q(community__in=Community.objects.coordinated_by(person, today).values("pk"))
        )


def placed_on(today: date) -> Q:
    """Return who is placed on this day, by the days and not by whether ``tick`` ran."""
    stands = Q(decision__replaced_on=None) | Q(decision__replaced_on__gt=today)
    return Q(state__in=PLACED, free_on__gt=today) & stands


def living_on(today: date) -> Q:
    """Return who lives in a house on this day: placed there, or a guest."""
    return placed_on(today) | Q(state="guest", guest_until__gte=today)


def coming_on(today: date) -> Q:
    """Return who said yes to moving to another house, as long as they can still come.

    That house keeps them a place, and its stewards read of them.
    """
    return placed_on(today) & Q(move_accepted_on__isnull=False, move_until__gte=today)


class PlacementQuerySet(models.QuerySet):
    """Placements. The room `rehabilitation` is read by who ``read_by`` names, and nobody else."""

    def open(self) -> Self:
        return self.filter(state__in=OPEN)

    def placed(self) -> Self:
        return self.filter(state__in=PLACED)

    def living(self, today: date) -> Self:
        """Return who lives in a house today, by the days and not by whether ``tick`` ran.

        Somebody whose placement ended by itself and who is no guest no longer lives there.
        """
        return self.filter(living_on(today))

    def for_resident(self, person: "Person") -> Self:
        """Return a person's own placements, over or not."""
        if not person.is_authenticated or not person.is_active:
            return self.none()
        return self.filter(person=person)

    def for_house_staff(self, person: "Person", *, today: date) -> Self:
        """Return what stewards and the visitor of a house read: who is to live or lives there."""
        if not person.is_authenticated or not person.is_active:
            return self.none()
        offices = apps.get_model("rehabilitation", "HouseOffice").objects.live(today)
        theirs = offices.filter(person=person).values("house")
        stewarded = offices.filter(person=person, role="steward").values("house")
        # What is only proposed is told to the steward who would welcome the person. Of somebody
        # who is to move, the other house reads from their own yes on. All by the days: what is over
        # is read no more, whether or not ``tick`` ran.
        return self.filter(
            Q(house__in=theirs) & living_on(today)
            | Q(house__in=stewarded, state="proposed")
            | Q(moving_to__in=stewarded) & coming_on(today)
        ).untouched_by(person, today=today)

    def untouched_by(self, person: "Person", *, today: date) -> Self:
        """Leave out the placements of cases in which this person ever had a place, or has a tie.

        A steward or visitor is nobody else in the case: no party, no mediator, no council member.
        """
        parties = Party.objects.filter(case=OuterRef("case"))
        live = Tie.objects.live(today)
        tied = parties.filter(
            Q(person_id=person.pk)
            | Q(person_id__in=live.filter(one_id=person.pk).values("other_id"))
            | Q(person_id__in=live.filter(other_id=person.pk).values("one_id"))
        )
        inside = Participation.objects.filter(case=OuterRef("case"), person_id=person.pk)
        return self.exclude(person=person).filter(~Exists(tied), ~Exists(inside))

    def for_council(self, person: "Person", *, today: date) -> Self:
        """Return what the council that placed somebody reads: who is seated, and its guardian.

        Also the council that hears a challenge, once it is seated. A seat that has ended reads
        nothing, and neither does whoever no longer has a place in the case.
        """
        if not person.is_authenticated or not person.is_active:
            return self.none()
        councils = councils_of(person)
        inside = CaseUserObjectPermission.objects.filter(
            Q(until=None) | Q(until__gte=today),
            user_id=person.pk,
            permission__codename__in=("sit_on_case", "guard_process_case"),
        ).values("content_object_id")
        challenge = apps.get_model("rehabilitation", "PlacementChallenge").objects
        heard = challenge.filter(panel__in=councils).values("placement")
        return self.filter(
            Q(decision__council__in=councils) | Q(pk__in=heard), case_id__in=inside
        ).exclude(person=person)

    def read_by(self, person: "Person", *, today: date) -> Self:
        """Return every placement whose room this person may enter today."""
        found: set[Any] = set()
        every = type(self)(self.model)
        for some in (
            every.for_resident(person),
            every.for_house_staff(person, today=today),
            every.for_council(person, today=today),
        ):
            found.update(some.values_list("pk", flat=True))
        return self.filter(pk__in=found)


def councils_of(person: "Person") -> Any:
    """Return the ids of the councils this person sits on now, or whose process they guard."""
    seats = Seat.objects.filter(person=person, state=Seat.State.ACCEPTED)
    return (
        Council.objects.live()
        .filter(Q(pk__in=seats.values("council")) | Q(process_guardian=person))
        .values("pk")
    )


class ReviewQuerySet(models.QuerySet):
    """Reviews of placements, and the hearings of challenges."""

    def open(self) -> Self:
        return self.filter(state__in=OPEN_REVIEWS)


def with_placements(cases: Any) -> Any:
    """Annotate cases with whether anybody was ever proposed a place, or a decision asks for one.

    So that the page of a case where nobody was asks nothing more about it.
    """
    placements = apps.get_model("rehabilitation", "Placement").objects
    decisions = apps.get_model("councils", "Decision").objects
    asking = decisions.filter(
        council__case=OuterRef("pk"), adopted_on__isnull=False, safety__placement=True
    )
    return cases.annotate(
        ever_placed=Exists(placements.filter(case=OuterRef("pk"))), asks_place=Exists(asking)
    )


def ever_placed(case: "Case") -> bool:
    """Say whether anybody was ever proposed a place in this case; False only where it is known."""
    return bool(getattr(case, "ever_placed", True))


def may_ask_place(case: "Case") -> bool:
    """Say whether a decision of this case may ask for a place; False only where it is known."""
    return bool(getattr(case, "asks_place", True))
