"""What the tests of races share: a script, or a race, on a database that other processes open."""

import json
import os
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 120  # a guard against waiting for ever; a race takes a quarter of it


def run(database: str, *command: str) -> Any:
    """Run Python with these arguments in a process of its own; return the JSON it printed."""
    env = os.environ | {
        "DATABASE_URL": database,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "AMENDS_TESTING": "1",
    }
    ran = subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=env, timeout=SECONDS,
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


def race(database: str, folder: Path, now: str, racers: list[list[list[Any]]]) -> Counter[str]:
    """Let each racer do its tasks, all at once; return how their attempts ended.

    A task is ``[action, id, person, typed]``; tests/races/racers.py knows the actions.
    """
    given, began = folder / "tasks.json", time.monotonic()
    given.write_text(json.dumps({"now": now, "racers": racers}))
    ended: Counter[str] = Counter(run(database, "-m", "tests.races.racers", str(given)))
    print(f"{ended.total()} attempts in {time.monotonic() - began:.1f} s: {dict(ended)}")
    return ended


def whatever_refused(ended: Counter[str]) -> Counter[str]:
    """Return the same where it does not matter by which obstacle an attempt was refused."""
    found: Counter[str] = Counter()
    for how, number in ended.items():
        name, _colon, end = how.partition(": ")
        found[f"{name}: refused" if end.startswith("refused ") else how] += number
    return found


def in_other_orders(tasks: list[Any], racers: int) -> list[list[Any]]:
    """Return the same tasks for each racer, begun at another one."""
    return [tasks[turn % len(tasks) :] + tasks[: turn % len(tasks)] for turn in range(racers)]
