"""Every address of houses, placements and circles of support, for who has no part in them.

Who reads what inside, cell by cell: tests/rehabilitation/test_rooms.py; who may do what:
tests/rehabilitation/test_every_move.py. Here: no address of the app opens to anybody else.
"""

from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from people.models import Person
from rehabilitation.urls import urlpatterns
from tests.factories import make_person
from tests.rehabilitation.houses import World, make_world, placed

pytestmark = pytest.mark.django_db
PUBLIC = {"figures"}


def addresses(world: World) -> dict[str, str]:
    """Return an address of each name, with what there is in the world where there is such."""
    here = {"slug": world.placement.house.slug, "placement_id": world.placement.pk}
    some: dict[str, Any] = {
        "name": "check_in", "part": "check_in", "part_id": uuid4(), "paper": "placement",
        "circle_id": uuid4(), **here,
    }  # fmt: skip
    found = {}
    for one in urlpatterns:
        wanted = one.pattern.converters
        slug = world.case.community.slug if one.name in ("open_house", "figures") else here["slug"]
        values = {name: some[name] for name in wanted} | (
            {"slug": slug} if "slug" in wanted else {}
        )
        found[one.name] = reverse(f"rehabilitation:{one.name}", kwargs=values)
    return found


def test_no_address_opens_to_who_has_no_part_there() -> None:
    world = make_world()
    placed(world)
    strangers: dict[str, Person | None] = {
        "anonymous": None,
        "stranger": make_person("Stranger"),
        "superuser": make_person("Root", is_superuser=True, is_staff=True),
        "harmed": world.people["hana"],
    }
    count = 0
    with time_machine.travel(world.now, tick=False):
        for role, someone in strangers.items():
            client = Client()
            if someone is not None:
                client.force_login(someone)
            for name, url in addresses(world).items():
                for verb in ("get", "post"):
                    answer = getattr(client, verb)(url)
                    count += 1
                    if name in PUBLIC:
                        assert answer.status_code in (200, 405), (role, verb, url)
                    elif someone is None:
                        assert answer.status_code in (302, 405), (role, verb, url)
                    else:
                        assert answer.status_code in (404, 405), (role, verb, url)
    print(f"{count} cells")
    assert count == 2 * len(strangers) * len(urlpatterns)
