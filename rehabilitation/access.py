"""The one place that says who a person is around one placement, and around one house, today.

The room ``rehabilitation`` is read by the resident, the stewards and the independent visitor of
the house, and the council that placed them, with the guardian of its process. A coordinator and a
young person's guardian know that there is a placement and its days, and read nothing of the room.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from cases.access import Standing, standing
from councils.models import Seat
from people.models import Person
from rehabilitation.models import House, HouseOffice, Placement
from rehabilitation.querysets import councils_of


@dataclass(frozen=True)
class Sight:
    """Who somebody is around one placement today; nothing at all for a stranger."""

    resident: bool = False
    steward: bool = False
    host: bool = False
    visitor: bool = False
    seated: bool = False
    guards: bool = False
    on_panel: bool = False
    guards_panel: bool = False
    coordinates: bool = False
    guardian: bool = False

    @property
    def council(self) -> bool:
        """Say whether they are of the council that placed, as a member or as its guardian."""
        return self.seated or self.guards

    @property
    def panel(self) -> bool:
        return self.on_panel or self.guards_panel

    @property
    def reads(self) -> bool:
        """Say whether the room is theirs to read."""
        staff = self.steward or self.host or self.visitor
        return self.resident or staff or self.council or self.panel

    @property
    def knows(self) -> bool:
        """Say whether they may know that there is a placement, and its days."""
        return self.reads or self.coordinates or self.guardian


def sight_of(
    person: Person, placement: Placement, *, today: date, who: Standing | None = None
) -> Sight:
    """Return who this person is around this placement; ``who`` is their standing in its case."""
    if not person.is_authenticated or not person.is_active:
        return Sight()
    if placement.person_id == person.pk:
        return Sight(resident=True)
    who = standing(person, placement.case, today=today) if who is None else who
    one = Placement.objects.filter(pk=placement.pk)
    offices: list[tuple[int, str]] = []
    live = HouseOffice.objects.live(today).filter(person=person)
    held = list(live.values_list("house_id", "role"))
    if held and one.for_house_staff(person, today=today).exists():
        offices = held
    seated = guards = on_panel = guards_panel = False
    if councils_of(person).exists() and one.for_council(person, today=today).exists():
        council = placement.decision.council
        guards = council.process_guardian_id == person.pk
        seated = _sits(person, council.pk)
        for panel in _panels(placement):
            guards_panel |= panel.process_guardian_id == person.pk
            on_panel |= _sits(person, panel.pk)
    return Sight(
        steward=(placement.house_id, "steward") in offices,
        host=(placement.moving_to_id, "steward") in offices,
        visitor=(placement.house_id, "visitor") in offices,
        seated=seated,
        guards=guards,
        on_panel=on_panel,
        guards_panel=guards_panel,
        coordinates=who.coordinates,
        guardian=any(party.pk == placement.party_id for party in who.guards),
    )


def _sits(person: Person, council_pk: Any) -> bool:
    seats = Seat.objects.filter(council=council_pk, person=person, state=Seat.State.ACCEPTED)
    return seats.exists()


def _panels(placement: Placement) -> list[Any]:
    heard = placement.challenges.exclude(panel=None).select_related("panel")
    return [one.panel for one in heard]


@dataclass(frozen=True)
class HouseSight:
    """Who somebody is in one house today."""

    resident: bool = False
    steward: bool = False
    visitor: bool = False
    coordinates: bool = False

    @property
    def knows(self) -> bool:
        return self.resident or self.steward or self.visitor or self.coordinates

    @property
    def inside(self) -> bool:
        """Say whether the house is theirs to read: its rules, meetings and questions."""
        return self.resident or self.steward or self.visitor


def house_sight(person: Person, house: House, *, today: date) -> HouseSight:
    """Return who this person is in this house today."""
    if not person.is_authenticated or not person.is_active:
        return HouseSight()
    offices = set(
        HouseOffice.objects.live(today)
        .filter(house=house, person=person)
        .values_list("role", flat=True)
    )
    community = house.community.memberships.coordinating(today).filter(person=person)
    return HouseSight(
        resident=Placement.objects.living(today).filter(house=house, person=person).exists(),
        steward="steward" in offices,
        visitor="visitor" in offices,
        coordinates=community.exists(),
    )
