"""Several processes tick at the same moment: everything that was due is done once."""

import subprocess
import sys
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.races.test_same_move import PREPARE, ROOT, SECONDS, environment, run

PROCESSES = 4
CHECK = """
import json, django
django.setup()
from collections import Counter
from cases.models import Case
from notices.models import Notice
from records.actions import verify
from records.models import Event
print(json.dumps({
    "states": Counter(Case.objects.values_list("state", "outcome").order_by()).most_common(),
    "events": Counter(Event.objects.values_list("code", flat=True)),
    "told": Notice.objects.filter(code="waits_too_long").count(),
    "breaks": len(verify()["breaks"]),
}))
"""


def test_what_is_due_is_done_once_however_many_tick_at_once(
    database: str,
    tmp_path: Path,
) -> None:
    few = PREPARE.replace("range(150)", "range(12)").replace("days=9)", "days=99)")
    run(few, database)
    start, moment = tmp_path / "start", datetime.now(UTC) + timedelta(days=95)
    racers = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.races.ticker", str(start), moment.isoformat()],
            cwd=ROOT, env=environment(database), text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )
        for _number in range(PROCESSES)
    ]  # fmt: skip
    until = time.monotonic() + SECONDS
    try:
        while len(list(tmp_path.glob("start.*"))) < PROCESSES:
            assert time.monotonic() < until, "not every process came to the start"
            time.sleep(0.02)
        start.touch()
        said = [racer.communicate(timeout=SECONDS) for racer in racers]
    finally:
        for racer in racers:
            if racer.poll() is None:
                racer.kill()
                racer.wait()
    assert [racer.returncode for racer in racers] == [0] * PROCESSES, [err for _out, err in said]
    checked = run(CHECK, database)
    # Reported, asked about, screened by itself; and asked about, and closed unreached.
    assert checked["states"] == [[["closed", "no_contact"], 12]]
    assert checked["breaks"] == 0
    assert Counter(checked["events"]) == {
        "case_opened": 12, "coordinator_asked": 24, "case_accepted": 12, "case_closed": 12,
    }  # fmt: skip
    assert checked["told"] == 24
