"""Eight processes do the same move on the same cases at the same moment: one of them wins.

With a real database between real processes: a SQLite file with the settings' own options, or,
where DATABASE_URL names a PostgreSQL server, a database of its own there.
"""

from pathlib import Path

from tests.races.racing import race, run

PROCESSES = 8
CASES = 150

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
    )
    for _number in range({CASES})
]
print(json.dumps({{
    "now": now.isoformat(), "person": str(cole.pk), "cases": [str(case.pk) for case in cases],
}}))
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


def test_of_eight_processes_that_accept_a_case_one_wins(database: str, tmp_path: Path) -> None:
    scene = run(database, "-c", PREPARE)
    tasks = [["accept", case, scene["person"], {}] for case in scene["cases"]]
    ended = race(database, tmp_path, scene["now"], [tasks] * PROCESSES)
    assert ended == {
        "accept: won": CASES, "accept: refused already_moved": CASES * (PROCESSES - 1),
    }  # fmt: skip
    assert run(database, "-c", CHECK) == {
        "states": ["screening"], "accepted": CASES, "breaks": 0, "events": CASES * 2,
    }  # fmt: skip
