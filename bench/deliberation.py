"""What one vote, a count and the list of one's moves take, for 10 voters and for 10,000.

In a database of its own, on disk and with the settings of production, each vote in its own
transaction with its event in the record.
"""

import math
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import django

from bench.report import Options, Report

FEW, MANY = 10, 10_000
VOTES = 200
NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)
HOURS = 24


def run(options: Options) -> Report:
    """Measure both sizes; ``runs`` times so many votes."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from django.db import connection  # noqa: PLC0415 - only after Django is set up

    sizes = [FEW, options.size or MANY]
    with tempfile.TemporaryDirectory() as folder:
        before = connection.settings_dict["NAME"]
        if connection.vendor == "sqlite":
            connection.settings_dict["TEST"]["NAME"] = str(Path(folder) / "bench.sqlite3")
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        try:
            figures = {str(size): _measure(size, options.runs) for size in sizes}
        finally:
            connection.creation.destroy_test_db(before, verbosity=0)
    few, many = (figures[str(size)] for size in sizes)
    names = ["open", "vote_median", "vote_p95", "tally", "moves", "close", "result_page"]
    return Report(
        title="Deliberation: milliseconds",
        heading=["what", *(f"{size:,} voters" for size in sizes), "times"],
        lines=[
            [name, f"{few[name]:.1f}", f"{many[name]:.1f}", f"{many[name] / few[name]:.2f}"]
            for name in names
        ],
        remarks=[f"{connection.vendor}; {VOTES * options.runs} votes, or every voter once"],
        figures=figures,
    )


def _measure(size: int, runs: int) -> dict[str, float]:
    """Return milliseconds by what was done, in a circle of this size."""
    from deliberation.actions import ballots, circles, proposing, voting  # noqa: PLC0415
    from deliberation.actions.time import due  # noqa: PLC0415
    from deliberation.models import Ballot, Voice, Vote  # noqa: PLC0415
    from deliberation.moves import moves_on_proposal, scene_now  # noqa: PLC0415
    from people.models import Person  # noqa: PLC0415

    people = Person.objects.bulk_create(
        [Person(username=f"voter-{size}-{number}") for number in range(size)], batch_size=1000
    )
    found: dict[str, float] = {}
    circle, found["open"] = _timed(
        lambda: circles.open_circle(
            subject_kind="bench", subject_id=str(size), aim="We share it.", now=NOW,
            people=[one.pk for one in people], method="supermajority", round_hours=HOURS,
        )
    )  # fmt: skip
    proposal = proposing.propose(circle, by=people[0], now=NOW, text="The garden.")
    now = NOW + timedelta(hours=HOURS)
    due(now)
    ballot = Ballot.objects.get(process__proposal=proposal)
    measured = min(VOTES * runs, size)
    # Everybody else has voted before: the last votes are those that are measured.
    rest = Voice.objects.filter(circle=circle).exclude(
        person__in=[one.pk for one in people[:measured]]
    )
    votes = [Vote(ballot=ballot, voice=one, in_favour=True, at=now) for one in rest]
    Vote.objects.bulk_create(votes, batch_size=1000)
    each = [
        _timed(partial(voting.vote, proposal, by=one, now=now, in_favour=True))[1]
        for one in people[:measured]
    ]
    found["vote_median"] = statistics.median(each)
    found["vote_p95"] = sorted(each)[math.ceil(0.95 * len(each)) - 1]
    found["tally"] = _median(lambda: ballots.tally(ballot, at=now))
    me = people[-1]
    found["moves"] = _median(
        lambda: list(moves_on_proposal(scene_now(proposal, me, now=now), now=now))
    )
    assert ballots.tally(ballot, at=now).in_favour == size
    _, found["close"] = _timed(lambda: due(now + timedelta(hours=HOURS)))
    proposal.refresh_from_db()
    assert proposal.outcome == "adopted"
    found["result_page"] = _result_page(size, [one.pk for one in people])
    return found


def _result_page(size: int, people: list[Any]) -> float:
    """Return the milliseconds of a member's page of what their whole community has decided."""
    from django.test import Client  # noqa: PLC0415 - only after Django is set up
    from django.utils import timezone  # noqa: PLC0415

    from communities.actions.amending import propose_amendment  # noqa: PLC0415
    from communities.actions.time import due as follow  # noqa: PLC0415
    from communities.models import Community, Membership  # noqa: PLC0415
    from deliberation.actions.time import due  # noqa: PLC0415
    from deliberation.models import Ballot, Proposal, Voice, Vote  # noqa: PLC0415
    from people.models import Person  # noqa: PLC0415

    stage, begun = timedelta(days=1), timezone.now() - timedelta(days=9)
    here = Community.objects.create(slug=f"bench-{size}", name="Bench")
    rules = {"round_days": 1, "consent_most_voices": 3}
    here.charters.create(number=1, rules=rules, from_on=begun.date() - stage)
    Membership.objects.bulk_create(
        [Membership(community=here, person_id=pk, from_on=begun.date() - stage) for pk in people],
        batch_size=1000,
    )
    author = Person.objects.get(pk=people[0])
    question = propose_amendment(
        here, by=author, now=begun, changes={"cooling_off_days": 12}, trials={}, reason="Longer."
    )
    due(begun + stage)
    proposal = Proposal.objects.get(asking__question=question)
    ballot = Ballot.objects.get(process__proposal=proposal)
    voices = Voice.objects.filter(circle=proposal.circle_id)
    votes = [Vote(ballot=ballot, voice=one, in_favour=True, at=begun + stage) for one in voices]
    Vote.objects.bulk_create(votes, batch_size=1000)
    due(begun + 2 * stage)
    follow(begun + 2 * stage)
    client = Client()
    client.force_login(author)
    url = f"/communities/{here.slug}/proposals/{question.pk}/"
    assert client.get(url).status_code == 200
    return _median(lambda: client.get(url))


def _timed(act: Callable[[], Any]) -> tuple[Any, float]:
    begun = time.perf_counter()
    result = act()
    return result, (time.perf_counter() - begun) * 1000


def _median(act: Callable[[], Any], times: int = 21) -> float:
    return statistics.median(_timed(act)[1] for _ in range(times))
