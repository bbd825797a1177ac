"""What an auditor opens of a draw: features by token, never a name, and nothing of the case.

The features let anybody who holds them check every panel's quotas (``scheme.checks``). Each
opening is an event on the draw's own chain.
"""

import json
from datetime import datetime
from typing import Any

from django.db import transaction

from cases.access import require
from cases.writing import day
from councils.actions.beacons import audits
from councils.actions.rosters import person_of
from councils.models import Draw, RosterEntry
from people.models import Person
from records.actions import append


def open_features(draw: Draw, *, by: Person, now: datetime) -> dict[str, dict[str, str]]:
    """Return {token: {feature: value}} of everybody eligible, as ``scheme.checks`` takes it.

    Hidden for who is no auditor of this draw.
    """
    with transaction.atomic():
        _note(draw, "eligible", by=by, now=now)
        found = {}
        for entry in _remembered(draw, eligible=True):
            described = person_of(entry)
            del described["member"]
            found[entry.token] = described
        return found


def open_excluded(draw: Draw, *, by: Person, now: datetime) -> dict[str, dict[str, Any]]:
    """Return {token: {"salt", "person"}} of everybody excluded, to make each token again.

    Why they are out stays closed: it would tell who the case is about. Hidden for who is no
    auditor of this draw.
    """
    with transaction.atomic():
        _note(draw, "excluded", by=by, now=now)
        return {
            entry.token: {"salt": entry.salt, "person": json.loads(entry.described)}
            for entry in _remembered(draw, eligible=False)
        }


def _remembered(draw: Draw, *, eligible: bool) -> list[RosterEntry]:
    """Return the entries of a draw by token; of a forgotten case nothing is left to open."""
    entries = draw.roster.filter(eligible=eligible).order_by("token")
    return [entry for entry in entries if entry.described]


def _note(draw: Draw, whose: str, *, by: Person, now: datetime) -> None:
    require(audits(draw, by, day(now)))
    append("draw", draw.public_id, "features_opened", by=str(by.pk), at=now, data={"whose": whose})
