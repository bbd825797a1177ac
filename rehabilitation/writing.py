"""What every action around a placement does around its few lines: the locks, one event, notices.

The case is locked first, then the placement, and a house last, so that no two actions wait for
each other.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from cases.access import require
from cases.models import Case
from cases.writing import day, record
from councils.models import Council, Seat
from councils.writing import locked_case
from moves.core import Hidden
from notices.actions import tell
from people.models import Person
from records.actions import append
from rehabilitation.access import HouseSight, Sight, house_sight
from rehabilitation.models import House, HouseOffice, Placement
from rehabilitation.rules import Lengths

__all__ = [
    "HouseScene", "Scene", "append_house", "council_people", "day", "lengths_of", "locked_case",
    "locked_house", "locked_placement", "note", "on_house", "require",
    "staff_of", "tell_all", "tell_one",
]  # fmt: skip


@dataclass
class Scene:
    """A placement and its case, locked and up to date, and who is acting there today."""

    placement: Placement
    case: Case
    sight: Sight
    today: date


@dataclass
class HouseScene:
    """A house, locked, and who is acting there today."""

    house: House
    sight: HouseSight
    today: date


def locked_placement(pk: Any, case: Case) -> Placement:
    """Return a placement of a locked case, locked too."""
    found = (
        Placement.objects.select_for_update(of=("self",))
        .select_related("decision__council", "party__person", "person", "house__community")
        .get(pk=pk, case=case)
    )
    found.case = case
    return found


def locked_house(pk: Any) -> House:
    """Return a house, locked: whoever counts its places holds it until they have taken one."""
    return House.objects.select_for_update(of=("self",)).select_related("community").get(pk=pk)


@contextmanager
def on_house(house: House, *, by: Person, now: datetime) -> Iterator[HouseScene]:
    """Lock a house and ask again who this is there. Hidden for a stranger."""
    with transaction.atomic():
        fresh = locked_house(house.pk)
        sight = house_sight(by, fresh, today=day(now))
        if not sight.knows:
            raise Hidden
        yield HouseScene(fresh, sight, day(now))


def note(placement: Placement, code: str, *, by: Person | None, now: datetime, **data: str) -> None:
    """Append to the chain of the placement's case: references, never words."""
    record(placement.case, code, by=by, now=now, placement=str(placement.pk), **data)


def append_house(
    house: House, code: str, *, by: Person | None, now: datetime, **data: str | int
) -> None:
    """Append to the chain of the house itself: that something happened, never words."""
    append("house", house.slug, code, by=str(by.pk) if by else "", at=now, data=data)


def lengths_of(placement_or_case: Any) -> Lengths:
    """Return the periods of the charter the case was opened under."""
    case = placement_or_case if isinstance(placement_or_case, Case) else placement_or_case.case
    charter = case.charter_version.charter
    return Lengths(
        placement=charter.placement_days, review=charter.review_days, interim=charter.interim_days
    )


# ── Whom it concerns ─────────────────────────────────────────────────────────


def council_people(council: Council, *, members: bool = True) -> list[Person]:
    """Return who sits on a council now, and who guards its process."""
    found: dict[Any, Person] = {}
    if council.process_guardian is not None:
        found[council.process_guardian.pk] = council.process_guardian
    if members:
        seats = Seat.objects.filter(council=council, state=Seat.State.ACCEPTED)
        found |= {one.person_id: one.person for one in seats.select_related("person")}
    return list(found.values())


def staff_of(
    placement: Placement, today: date, *roles: str, house: House | None = None
) -> list[Person]:
    """Return the stewards and visitors of its house who may read this placement.

    ``house``: those of another house, which the person is to move to.
    """
    wanted = roles or ("steward", "visitor")
    where = placement.house_id if house is None else house.pk
    offices = HouseOffice.objects.live(today).filter(house=where, role__in=wanted)
    people = {one.person_id: one.person for one in offices.select_related("person")}
    one = Placement.objects.filter(pk=placement.pk)
    return [person for person in people.values() if one.untouched_by(person, today=today).exists()]


def tell_one(
    person: Person, placement: Placement, code: str, *, key: str, now: datetime, **params: Any
) -> bool:
    """Tell one person something of a placement, once."""
    told = tell(
        person, code, case_reference=placement.case.reference,
        key=f"place:{placement.pk}:{key}:{person.pk}", now=now, **params,
    )  # fmt: skip
    return told is not None


def tell_all(
    people: Iterable[Person], placement: Placement, code: str, *, key: str, now: datetime,
    **params: Any,
) -> int:  # fmt: skip
    """Tell each of these people once; return to how many it was new."""
    unique = {person.pk: person for person in people}
    return sum(
        tell_one(person, placement, code, key=key, now=now, **params) for person in unique.values()
    )
