"""Eight processes do the same move on the same cases at the same moment: one of them wins.

With a real database between real processes: a SQLite file with the settings' own options, or,
where DATABASE_URL names a PostgreSQL server, a database of its own there.
"""

import json
import os
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PROCESSES = 8
CASES = 150
SECONDS = 90  # a guard against waiting for ever; a race takes a quarter of it

PREPARE = f"""
import json, django
django.setup()
from datetime import timedelta
from django.utils import timezone
from cases.actions import NewParty, open_case
from communities.models import Community
from people.models import Person
now, today = timezone.now(), timezone.localdate()
here = Community.objects.create(slug="here", name="Here")
cole = Person.objects.create_user("cole", None, name="Cole")
here.memberships.create(
    person=cole, role="coordinator", from_on=today, until=today + timedelta(days=9)
)
cases = [
    open_case(
        community=here, title="Panes", account="They broke.", by=None, now=now,
        parties=[NewParty(role="harmed", name="H"), NewParty(role="responsible", name="R")],
    ).reference
    for _number in range({CASES})
]
print(json.dumps({{"person": str(cole.pk), "cases": cases}}))
"""

CHECK = """
import json, django
django.setup()
from cases.models import Case
from records.actions import verify
from records.models import Event
checked = verify()
print(json.dumps({
    "states": list(Case.objects.order_by().values_list("state", flat=True).distinct()),
    "accepted": Event.objects.filter(code="case_accepted").count(),
    "breaks": len(checked["breaks"]),
    "events": checked["events"],
}))
"""


def environment(database: str) -> dict[str, str]:
    return os.environ | {
        "DATABASE_URL": database,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "AMENDS_TESTING": "1",
    }


def run(code: str, database: str) -> Any:
    """Run a script in a process of its own; return the JSON it printed."""
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment(database), timeout=SECONDS,
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


def race(database: str, start: Path, commands: list[list[str]]) -> list[dict[str, int]]:
    """Start every process, let them go together, and return what each of them met."""
    racers = [
        subprocess.Popen(
            command, cwd=ROOT, env=environment(database), text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )
        for command in commands
    ]  # fmt: skip
    until = time.monotonic() + SECONDS
    try:
        while len(list(start.parent.glob(f"{start.stem}.*"))) < len(commands):
            assert time.monotonic() < until, "not every process came to the start"
            time.sleep(0.02)
        start.touch()
        said = [racer.communicate(timeout=until - time.monotonic()) for racer in racers]
    finally:
        for racer in racers:
            if racer.poll() is None:
                racer.kill()
                racer.wait()
    assert not any(racer.returncode for racer in racers), [err for _out, err in said]
    return [json.loads(out) for out, _err in said]


def test_of_eight_processes_that_accept_a_case_one_wins(database: str, tmp_path: Path) -> None:
    prepared = run(PREPARE, database)
    began = time.monotonic()
    ended: Counter[str] = Counter()
    start = tmp_path / "start"
    command = [
        sys.executable, "-m", "tests.races.racer", str(start), prepared["person"],
        *prepared["cases"],
    ]  # fmt: skip
    for one in race(database, start, [command] * PROCESSES):
        ended.update(one)
    print(f"{ended.total()} attempts in {time.monotonic() - began:.1f} s: {dict(ended)}")
    assert ended == {"won": CASES, "already_moved": CASES * (PROCESSES - 1)}
    assert run(CHECK, database) == {
        "states": ["screening"], "accepted": CASES, "breaks": 0, "events": CASES * 2,
    }  # fmt: skip
