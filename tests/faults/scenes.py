"""What one process of a fault test does: python -m tests.faults.scenes SCENE [ARGUMENT…]

Each scene works on the database of DATABASE_URL and prints what it saw as JSON. They run in
processes of their own because they are killed, or because their database is a real file.
"""

import json
import os
import resource
import signal
import subprocess
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402

from api.actions import issue_token  # noqa: E402
from cases import actions, writing  # noqa: E402
from cases.models import Case, Consent, Note, Party  # noqa: E402
from notices.models import Notice  # noqa: E402
from people.models import Person  # noqa: E402
from records.actions import verify  # noqa: E402
from records.models import Access, Event  # noqa: E402
from tests.access.world import make  # noqa: E402

WORDS = "I am <b>still</b> here, & these are my words."
HOLD = """
import sqlite3, sys
held = sqlite3.connect(sys.argv[1], isolation_level=None)
held.execute("BEGIN IMMEDIATE")
print("held", flush=True)
sys.stdin.readline()
"""


def prepare() -> dict[str, Any]:
    """Make a case in mediation, and leave everything in the one file."""
    world = make("drafting")
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return {"case": world.case.reference}


def state() -> dict[str, Any]:
    """Return what a half-done action would have changed, and whether the record is whole."""
    return {
        "states": sorted(Case.objects.values_list("state", flat=True)),
        "frozen": Case.objects.exclude(frozen_on=None).count(),
        "cases": Case.objects.count(),
        "people": Person.objects.count(),
        "notes": Note.objects.count(),
        "consents": Consent.objects.filter(ended_at=None).count(),
        "notices": Notice.objects.count(),
        "events": Event.objects.count(),
        "accesses": Access.objects.count(),
        "breaks": len(verify()["breaks"]),
    }


def hers() -> Party:
    return Party.objects.select_related("person", "case").get(
        person__username="harmed", case__community__slug="here"
    )


def signed_in(username: str = "") -> Client:
    """Return a browser, signed in before anything goes wrong."""
    client = Client(raise_request_exception=False)
    if username:
        client.force_login(Person.objects.get(username=username))
    return client


def statement_url() -> str:
    party = hers()
    return f"/cases/{party.case.reference}/party/{party.pk}/write_statement/"


def said(answer: Any) -> dict[str, Any]:
    return {
        "status": answer.status_code,
        "text": answer.content.decode(),
        "again": answer.headers.get("Retry-After", ""),
    }


def report_of(happened: str = WORDS) -> dict[str, Any]:
    return {
        "danger": "no", "community": hers().case.community_id, "reporter_is": "harmed",
        "happened": happened, "language": "en",
    }  # fmt: skip


@contextmanager
def locked() -> Iterator[None]:
    """Let another process hold the write lock."""
    path = settings.DATABASES["default"]["NAME"]
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, path],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert holder.stdin is not None
    assert holder.stdout is not None
    try:
        assert holder.stdout.readline() == "held\n"
        yield
    finally:
        holder.communicate("end\n")


def lock() -> dict[str, Any]:
    """Write while another process holds the write lock for longer than anybody waits."""
    settings.DATABASES["default"]["OPTIONS"]["timeout"] = 0.2
    harmed, mediator, anybody = signed_in("harmed"), signed_in("mediator"), signed_in()
    party, url, report = hers(), statement_url(), report_of()
    case_url = f"/cases/{party.case.reference}/"
    token = issue_token(party.person, today=timezone.localdate())
    api = {
        "path": f"/api/v1/cases/{party.case.reference}/moves/party/{party.pk}/write_statement",
        "data": json.dumps({"text": WORDS}),
        "content_type": "application/json",
        "headers": {"Authorization": f"Bearer {token}"},
    }
    before = state()
    with locked():
        saw = {
            "page": said(harmed.post(url, {"text": WORDS})),
            "report": said(anybody.post("/report/", report)),
            "api": said(anybody.post(**api)),
            "api once": said(
                anybody.post(**api | {"headers": {**api["headers"], "Idempotency-Key": "k"}})
            ),
            "reading": said(harmed.get(case_url)),
            "office": said(mediator.get(case_url)),
        }
        during = state()
    again = [harmed.post(url, {"text": WORDS}).status_code, anybody.post(**api).status_code]
    return {"saw": saw, "before": before, "during": during, "again": again, "after": state()}


def _until_full(make_room: Callable[[], None]) -> dict[str, Any]:
    """Write until nothing fits any more, make room, and write again."""
    harmed, anybody = signed_in("harmed"), signed_in()
    url = statement_url()
    long = f"{WORDS} " * 400
    for _time in range(100):
        before = state()
        page = said(harmed.post(url, {"text": long}))
        if page["status"] != 302:
            break
    report = said(anybody.post("/report/", report_of(long)))
    during = state()
    make_room()
    again = harmed.post(url, {"text": long}).status_code
    return {
        "page": page, "report": report, "before": before, "during": during, "again": again,
        "after": state(),
    }  # fmt: skip


def full() -> dict[str, Any]:
    """Let the database have no page more than it has."""

    def pages(most: int) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA max_page_count={most}")

    with connection.cursor() as cursor:
        cursor.execute("PRAGMA page_count")
        (now,) = cursor.fetchone()
    pages(now)
    return _until_full(lambda: pages(2**30))


def no_room() -> dict[str, Any]:
    """Let no file grow: the operating system itself refuses to write."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, hard))
    return _until_full(lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard)))


def die(what: str, when: str) -> None:
    """Do an action, and be killed in the middle of it, before or after its event is appended."""
    append = writing.append

    def killed(*args: Any, **kwargs: Any) -> None:
        if when == "after":
            append(*args, **kwargs)
        os.kill(os.getpid(), signal.SIGKILL)

    party = hers()
    now = timezone.now()
    doing: dict[str, Callable[[], object]] = {
        "withdraw": lambda: actions.withdraw_consent(party, by=party.person, now=now),
        "write": lambda: actions.write_statement(party, by=party.person, now=now, text=WORDS),
        "accept": lambda: actions.accept(
            Case.objects.get(state="reported"),
            by=Person.objects.get(username="coordinator_there".replace("_", "-")),
            now=now,
        ),
    }
    if when != "never":
        writing.append = killed
    doing[what]()


def kill(when: str) -> dict[str, Any]:
    """Let a process of its own do each action and be killed; with ``never``, come to its end.

    Returns how each ended, and what there was to see at the beginning and after each.
    """
    ended, saw = [], [state()]
    for what in ("withdraw", "write", "accept"):
        connection.close()  # who is forked brings a connection of its own
        child = os.fork()
        if child == 0:
            end = 1
            try:
                die(what, when)
                end = 0
            except Exception:
                traceback.print_exc()
            os._exit(end)
        ended.append(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
        saw.append(state())
    return {"ended": ended, "saw": saw}


SCENES = {scene.__name__: scene for scene in (prepare, state, lock, full, no_room, kill)}

if __name__ == "__main__":
    print(json.dumps(SCENES[sys.argv[1]](*sys.argv[2:])))
