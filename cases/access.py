"""The one place that says who a person is in a case, and turns 'may they?' into an answer.

Reads the permission table with its ``until`` itself, so that an expired grant is dead at
once. ``has_perm`` on a case is banned: it says yes to superusers and knows no ``until``.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import Q

from cases import rules
from cases.keeping import people_of, ties_of
from cases.models import Case, CaseUserObjectPermission, Participation, Party
from communities.models import Absence, Community, Membership
from communities.rules import Offices
from moves.core import Hidden
from people.models import Person, Tie


@dataclass(frozen=True)
class Standing:
    """Who somebody is in one case today. ``party`` is their own part, ``beside`` whom they help.

    A coordinator who steps back reads the case as ever, and leaves what only their office lets
    them do to others (``away_until``), but where somebody may be in danger.
    """

    person_id: Any = None
    permissions: frozenset[str] = frozenset()
    coordinates: bool = False
    # The last day through which their office as coordinator rests here; None where it does not.
    away_until: date | None = None
    party: Party | None = None
    beside: tuple[Party, ...] = ()
    guards: tuple[Party, ...] = ()
    parties: tuple[Party, ...] = field(default=())

    @property
    def mediates(self) -> bool:
        return "mediate_case" in self.permissions

    @property
    def sits(self) -> bool:
        return "sit_on_case" in self.permissions

    @property
    def guards_process(self) -> bool:
        return "guard_process_case" in self.permissions

    @property
    def only_serves(self) -> bool:
        """Say whether they are here for the council alone: they read its packet, nothing beside."""
        office = self.mediates or self.coordinates
        return (self.sits or self.guards_process) and not office

    @property
    def may_see(self) -> bool:
        return self.coordinates or "view_case" in self.permissions

    def without_office(self) -> "Standing":
        """Return who they are besides a coordinator: what others could do in their place."""
        return replace(self, coordinates=False, away_until=None)

    def sides(self) -> tuple[Party, ...]:
        """Return the parties on whose side this person stands, themselves first."""
        return ((self.party,) if self.party else ()) + self.beside


def standing(
    person: Person, case: Case, *, today: date, offices: Offices | None = None
) -> Standing:
    """Return who this person is in this case today; an empty standing for a stranger.

    ``offices`` are theirs today, for a page that has read them already; under a lock they are read
    anew.
    """
    if not person.is_authenticated or not person.is_active:
        return Standing()
    parties = tuple(case.parties.all())
    held = frozenset(
        CaseUserObjectPermission.objects.filter(
            Q(until=None) | Q(until__gte=today), content_object=case, user_id=person.pk
        ).values_list("permission__codename", flat=True)
    )
    own = next((party for party in parties if party.person_id == person.pk), None)
    places = [
        place
        for place in case.participations.all()
        if place.person_id == person.pk and (place.until is None or place.until >= today)
    ]
    by_pk = {party.pk: party for party in parties}
    beside = [(place.role, by_pk[place.beside_id]) for place in places if place.beside_id in by_pk]
    is_beside = own is not None or bool(beside)
    if is_beside:
        # Not asked of who is in the case: they hold no office in it.
        offices = Offices()
    elif offices is None:
        offices = Membership.objects.offices_of(person, today)
    coordinator = case.steering_id in offices.coordinates
    in_office = not is_beside and bool(held or coordinator)
    if in_office:
        ties = ties_of(case, today)
        if person.pk in ties or any(person.pk in tied for tied in ties.values()):
            return Standing()
    if offices.recalled and held & {"mediate_case", "guard_process_case"}:
        held = not_recalled(held, places, offices.recalled)
    if is_beside:
        # Whoever is a party, or stands beside one, holds no office in the same case.
        held = held - {"mediate_case", "sit_on_case", "guard_process_case"}
        if not held & {"take_part_case", "stand_beside_case"}:
            return Standing()
    serves = bool(held & {"sit_on_case", "guard_process_case"})
    if serves:
        # Who came into an office after they were drawn reads nothing more by it.
        held = held - {"mediate_case"}
    return Standing(
        person_id=person.pk,
        permissions=held,
        coordinates=coordinator and not serves,
        away_until=away_of(case, parties, today) if coordinator and not serves else None,
        party=own if "take_part_case" in held else None,
        beside=tuple(party for _role, party in beside if "stand_beside_case" in held),
        guards=tuple(party for role, party in beside if role == "guardian" and held),
        parties=parties,
    )


def away_of(case: Case, parties: Sequence[Party], today: date) -> date | None:
    """Return through which day the coordinators who lead a case step back; None where they do not.

    Nor where somebody may be in danger: there coordinators do not step back.
    """
    if in_danger(case, parties):
        return None
    running = Absence.objects.running(today).filter(community=case.steering_id)
    return running.values_list("until", flat=True).first()


def in_danger(case: Case, parties: Sequence[Party]) -> bool:
    """Say whether somebody in a case may be in danger, by its screening or by who marked it."""
    flags = [flag for party in parties for flag in party.safety_flags]
    return rules.in_danger(urgent=case.urgent, flags=flags)


def not_recalled(
    held: frozenset[str], places: list[Participation], gone: frozenset[str]
) -> frozenset[str]:
    """Return what is left of these permissions without the roles that a recall took.

    The places themselves are ended by the clock; their power is gone before.
    """
    left = [place.role for place in places if place.role not in gone]
    return held & {name for role in left for name in Participation.PERMISSIONS[role]}


def open_places(case: Case, *roles: str, today: date) -> list[Participation]:
    """Return the places in these roles that last today. One query, or none if prefetched."""
    return [
        one
        for one in case.participations.all()
        if one.role in roles and (one.until is None or one.until >= today)
    ]


def require(condition: bool) -> None:
    """Raise Hidden unless this holds: what one may not do answers like what is not there."""
    if not condition:
        raise Hidden


def end_place(place: Participation, *, today: date) -> None:
    """End a place at once: they stop seeing the case today.

    A place counts through its last day, so it ends yesterday; one that was given today
    never lasted a day, and only the record tells of it.
    """
    yesterday = today - timedelta(days=1)
    case, person = place.case, place.person
    if place.from_on > yesterday:
        place.delete()
    else:
        place.until = yesterday
        place.save(update_fields=["until"])
    sync_permissions(case, person)


def sync_permissions(case: Case, person: Person) -> None:
    """Make the permission rows of this person on this case follow their participations."""
    wanted: dict[str, date | None] = {}
    for place in Participation.objects.filter(case=case, person=person):
        for codename in Participation.PERMISSIONS[place.role]:
            until = wanted.get(codename, place.until)
            open_ended = until is None or place.until is None
            wanted[codename] = None if open_ended else max(until, place.until)  # type: ignore[type-var]
    CaseUserObjectPermission.objects.filter(content_object=case, user=person).exclude(
        permission__codename__in=wanted
    ).delete()
    permissions = Permission.objects.filter(
        content_type__app_label="cases", content_type__model="case", codename__in=wanted
    )
    for permission in permissions:
        CaseUserObjectPermission.objects.update_or_create(
            content_object=case,
            user=person,
            permission=permission,
            defaults={"until": wanted[permission.codename]},
        )


def free_coordinators(case: Case, community: Community, *, today: date) -> set[Any]:
    """Return the ids of this community's coordinators today who have no part and no tie."""
    people = people_of(case)
    inside = set(
        case.participations.filter(role__in=Participation.BESIDE).values_list(
            "person_id", flat=True
        )
    )
    conflicted = Tie.objects.ids_tied_to(people, today) | people | inside
    coordinators = community.memberships.coordinating(today).values_list("person_id", flat=True)
    return set(coordinators) - conflicted


def _steer(case: Case, communities: list[Community], *, today: date) -> bool:
    for community in communities:
        if free_coordinators(case, community, today=today):
            Case.objects.filter(pk=case.pk).update(steering=community)
            case.steering = community
            return True
    return False


def settle_steering(case: Case, *, today: date) -> None:
    """Give the case to the first community up the tree with a coordinator who has no tie.

    Up from where it is steered: what was handed up does not come down by itself.
    """
    _steer(case, case.steering.up_the_tree(), today=today)


def hand_up(case: Case, *, today: date) -> bool:
    """Give the case to the next community above with a free coordinator; False if none is."""
    return _steer(case, case.steering.up_the_tree()[1:], today=today)
