"""Several processes tick at the same moment: everything that was due is done once."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.races.racing import race, run
from tests.races.test_same_move import PREPARE

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


def test_what_is_due_is_done_once_however_many_tick_at_once(database: str, tmp_path: Path) -> None:
    few = PREPARE.replace("range(150)", "range(12)").replace("days=9)", "days=99)")
    run(database, "-c", few)
    moment = datetime.now(UTC) + timedelta(days=95)
    tick = ["tick", None, None, {}]
    assert race(database, tmp_path, moment.isoformat(), [[tick]] * PROCESSES) == {
        "tick: won": PROCESSES
    }
    checked = run(database, "-c", CHECK)
    # Reported, asked about, screened by itself; and asked about, and closed unreached.
    assert checked["states"] == [[["closed", "no_contact"], 12]]
    assert checked["breaks"] == 0
    assert Counter(checked["events"]) == {
        "case_opened": 12, "coordinator_asked": 24, "case_accepted": 12, "case_closed": 12,
    }  # fmt: skip
    assert checked["told"] == 24
