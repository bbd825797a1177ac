"""One of the processes of a race around councils: python -m tests.races.council_racer START TASKS

TASKS is a JSON file: ``{"now": …, "tasks": [[action, id, person, typed], …]}``. Loads everything,
waits for the start, does each task as a page would, and prints how often each ended in which way.
"""

import json
import os
import sys
import time
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any

import django


def actions() -> dict[str, tuple[Any, Any]]:
    """Return, by name, the model whose object each action takes, and the action."""
    # Imported here because models need Django set up first.
    from councils.actions import (  # noqa: PLC0415
        beacons,
        challenging,
        drawing,
        pool,
        seating,
    )
    from councils.models import Challenge, Council, Draw, PoolPlace, Seat  # noqa: PLC0415
    from rehabilitation.actions import moving, placing  # noqa: PLC0415
    from rehabilitation.models import Placement  # noqa: PLC0415

    return {
        "prepare_draw": (Council, drawing.prepare_draw),
        "enter_dice": (Draw, beacons.enter_dice),
        "leave_pool": (PoolPlace, pool.leave_pool),
        "accept_seat": (Seat, seating.accept_seat),
        "answer_challenge": (Challenge, challenging.answer_challenge),
        "place": (Placement, placing.place),
        "accept_move": (Placement, moving.accept_move),
    }


def run(start: Path, now: datetime, tasks: list[Any]) -> dict[str, int]:
    """Do the tasks in their order; return how many attempts of each ended in which way."""
    from moves.core import Blocked, Hidden  # noqa: PLC0415
    from people.models import Person  # noqa: PLC0415

    known = actions()
    loaded = [
        (name, known[name][1], known[name][0].objects.get(pk=pk), Person.objects.get(pk=by), typed)
        for name, pk, by, typed in tasks
    ]
    start.with_suffix(f".{os.getpid()}").touch()
    until = time.monotonic() + 60
    while not start.exists() and time.monotonic() < until:
        time.sleep(0.005)
    ended: Counter[str] = Counter()
    for name, act, thing, by, typed in loaded:
        try:
            act(thing, by=by, now=now, **typed)
        except (Blocked, Hidden):
            ended[f"{name}: refused"] += 1
        except Exception as error:  # whatever else happens is what the race looks for
            ended[f"{name}: {type(error).__name__}: {error}"] += 1
        else:
            ended[f"{name}: won"] += 1
    return dict(ended)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    given = json.loads(Path(sys.argv[2]).read_text())
    moment = datetime.fromisoformat(given["now"])
    print(json.dumps(run(Path(sys.argv[1]), moment, given["tasks"])))
