"""The processes of a race: python -m tests.races.racers TASKS

TASKS is a JSON file: ``{"now": …, "racers": [[[action, id, person, typed], …], …]}``, a list of
tasks for each racer. Django is loaded once, then every racer becomes a process of its own, with a
connection of its own. They load what they need, wait for each other, and go together; each does
its tasks as a page would. Prints how often each action ended in which way. The database is the one
of DATABASE_URL.
"""

import json
import multiprocessing
import os
import sys
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any

import django

SECONDS = 90  # a guard against waiting for ever


def actions() -> dict[str, tuple[Any, Any]]:
    """Return, by name, the model whose object each action takes, and the action."""
    # Imported here because models need Django set up first.
    from cases import actions as cases  # noqa: PLC0415
    from cases.models import Case  # noqa: PLC0415
    from councils.actions import (  # noqa: PLC0415
        beacons,
        challenging,
        drawing,
        pool,
        seating,
    )
    from councils.models import Challenge, Council, Draw, PoolPlace, Seat  # noqa: PLC0415
    from journey import clock  # noqa: PLC0415
    from rehabilitation.actions import moving, placing  # noqa: PLC0415
    from rehabilitation.models import Placement  # noqa: PLC0415

    return {
        "accept": (Case, cases.accept),
        "prepare_draw": (Council, drawing.prepare_draw),
        "enter_dice": (Draw, beacons.enter_dice),
        "leave_pool": (PoolPlace, pool.leave_pool),
        "accept_seat": (Seat, seating.accept_seat),
        "answer_challenge": (Challenge, challenging.answer_challenge),
        "place": (Placement, placing.place),
        "accept_move": (Placement, moving.accept_move),
        "tick": (None, lambda _nothing, by, now: clock.run(now)),
    }


def run(gate: Any, said: Any, now: datetime, tasks: list[Any]) -> None:
    """Do the tasks in their order once everybody is there; say how each attempt ended."""
    from moves.core import Blocked, Hidden  # noqa: PLC0415
    from people.models import Person  # noqa: PLC0415

    known = actions()
    loaded = []
    for name, pk, by, typed in tasks:
        model, act = known[name]
        thing = model.objects.get(pk=pk) if model else None
        loaded.append((name, act, thing, Person.objects.get(pk=by) if by else None, typed))
    gate.wait(SECONDS)
    ended: Counter[str] = Counter()
    for name, act, thing, by, typed in loaded:
        try:
            act(thing, by=by, now=now, **typed)
        except Blocked as error:
            ended[f"{name}: refused {','.join(one.code for one in error.obstacles)}"] += 1
        except Hidden:
            ended[f"{name}: refused hidden"] += 1
        except Exception as error:  # whatever else happens is what the race looks for
            ended[f"{name}: {type(error).__name__}: {error}"] += 1
        else:
            ended[f"{name}: won"] += 1
    said.send(dict(ended))


def race(now: datetime, racers: list[list[Any]]) -> dict[str, int]:
    """Let every racer run in a process of its own; return how all their attempts ended."""
    actions()  # loads what they share
    forking = multiprocessing.get_context("fork")
    gate = forking.Barrier(len(racers))
    pipes = [forking.Pipe(duplex=False) for _one in racers]
    started = [
        forking.Process(target=run, args=(gate, into, now, tasks))
        for (_out, into), tasks in zip(pipes, racers, strict=True)
    ]
    ended: Counter[str] = Counter()
    try:
        for one in started:
            one.start()
        for (out, _into), one in zip(pipes, started, strict=True):
            if not out.poll(SECONDS):
                raise TimeoutError(f"process {one.pid} said nothing in {SECONDS} s")
            ended.update(out.recv())
    finally:
        for one in started:
            one.join(5)
            if one.is_alive():
                one.kill()
    return dict(ended)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    given = json.loads(Path(sys.argv[1]).read_text())
    print(json.dumps(race(datetime.fromisoformat(given["now"]), given["racers"])))
