"""The communities and people of ``load_bulk``."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from cases.writing import day
from communities.charter import Charter
from communities.models import CharterVersion, Community, Membership
from journey.management.commands.load_demo import FIRST_NAMES, LAST_NAMES
from people.models import Licence, Person
from records.sealed import blind_index

COMMUNITY = 150  # people, about
OF_TEN_ONE_MEDIATES = 10
BATCH = 1000


@dataclass(frozen=True)
class Place:
    """One community, its charter, and its people by what they do."""

    community: Community
    charter: CharterVersion
    coordinator: Person
    mediators: list[Person]
    members: list[Person]


def new_id(chance: Random) -> uuid.UUID:
    """Return an id that the seed alone decides."""
    return uuid.UUID(int=chance.getrandbits(128), version=4)


def make_people(count: int, chance: Random, *, now: datetime) -> list[Place]:
    """Make a municipality and its communities, with so many people in them altogether."""
    today = day(now)
    town = Community.objects.create(slug="bulk", name="Bulk", kind="municipality")
    town.charters.create(number=1, rules=Charter().as_data())
    number = max(1, round(count / COMMUNITY))
    sizes = [count // number + (place < count % number) for place in range(number)]
    places, serial = [], 0
    for place, size in enumerate(sizes, start=1):
        community = Community.objects.create(
            slug=f"bulk-{place}", name=f"Bulk {place}", parent=town
        )
        charter = community.charters.create(number=1, rules=Charter().as_data())
        people = [_person(serial + one, chance, today) for one in range(size)]
        serial += size
        Person.objects.bulk_create(people, batch_size=BATCH)
        mediating = 1 + max(1, size // OF_TEN_ONE_MEDIATES)
        found = Place(community, charter, people[0], people[1:mediating], people[mediating:])
        _offices(found, chance, today)
        places.append(found)
    return places


def _person(serial: int, chance: Random, today: date) -> Person:
    name = f"{chance.choice(FIRST_NAMES.split())} {chance.choice(LAST_NAMES.split())}"
    return Person(
        id=new_id(chance), username=f"bulk-{serial}", password="!", name=name,
        name_index=blind_index(name), contact_kind="phone",
        contact=f"+44 7700 9{chance.randrange(100_000):05}",
        born=str(today - timedelta(days=chance.randrange(19 * 366, 80 * 365))),
        joined_on=today - timedelta(days=chance.randrange(1200, 3000)),
    )  # fmt: skip


def _offices(place: Place, chance: Random, today: date) -> None:
    def member(person: Person, role: str = "member", **term: date) -> Membership:
        term = term or {"from_on": person.joined_on}
        return Membership(
            id=new_id(chance), community=place.community, person=person, role=role, **term
        )

    everybody = [place.coordinator, *place.mediators, *place.members]
    term = {"from_on": today - timedelta(days=90), "until": today + timedelta(days=270)}
    Membership.objects.bulk_create(
        [*map(member, everybody), member(place.coordinator, "coordinator", **term)],
        batch_size=BATCH,
    )
    Licence.objects.bulk_create(
        Licence(
            person=person, from_on=today - timedelta(days=chance.randrange(30, 400)),
            until=today + timedelta(days=chance.randrange(60, 330)),
        )
        for person in place.mediators
    )  # fmt: skip
