"""Processes that give away the last place of a house at the same moment: one person has it."""

from pathlib import Path

from tests.races.racing import in_other_orders, race, run, whatever_refused

PEOPLE, PROCESSES = 4, 3

# One house of one place. All but the last of these people are proposed a place there; the last
# lives in another house, and is asked whether they would like to move there.
PREPARE = f"""
import json, django
django.setup()
from django.db import transaction
from django.utils import timezone
from rehabilitation.actions import moving
from tests.rehabilitation.houses import accept, another_house, make_world, placed, propose
now = timezone.now()
with transaction.atomic():
    first = make_world(now=now)
placed(first)
oak = another_house(first, abroad=False, places=1)
moving.ask_to_move(first.placement, by=first.people["cole"], now=now, house="oak")
rosa = first.people["rosa"]
tasks = [["accept_move", str(first.placement.pk), str(rosa.pk), {{}}]]
for _number in range({PEOPLE - 1}):
    with transaction.atomic():
        world = make_world(now=now, community=first.case.community)
    world.house = oak
    propose(world)
    accept(world)
    cole = world.people["cole"]
    tasks.append(["place", str(world.placement.pk), str(cole.pk), {{}}])
print(json.dumps({{"now": now.isoformat(), "tasks": tasks}}))
"""

LOOK = """
import json, django
django.setup()
from django.utils import timezone
from records.actions import verify
from rehabilitation.actions.placing import taken
from rehabilitation.models import House
oak = House.objects.get(slug="oak")
taken_now = taken(oak, timezone.localdate())
print(json.dumps({"taken": taken_now, "breaks": len(verify()["breaks"])}))
"""


def test_of_several_processes_one_gives_away_the_last_place(database: str, tmp_path: Path) -> None:
    scene = run(database, "-c", PREPARE)
    racers = in_other_orders(scene["tasks"], PROCESSES)
    ended = whatever_refused(race(database, tmp_path, scene["now"], racers))
    won, refused = (
        ended[f"place: {how}"] + ended[f"accept_move: {how}"] for how in ("won", "refused")
    )
    assert (won, refused, ended.total()) == (1, PEOPLE * PROCESSES - 1, PEOPLE * PROCESSES)
    assert run(database, "-c", LOOK) == {"taken": 1, "breaks": 0}
