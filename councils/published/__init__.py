"""What everybody reads of a draw, from what it published. Nobody's name, and nothing of the case.

Only ``result.own_of`` depends on who reads: it shows a person their own entry, and nobody else's.
"""

import json
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AnonymousUser

from councils.actions.beacons import document_of
from councils.models import Draw
from councils.published.hat import counted, quotas_of, relaxations_of, widened
from councils.published.lines import lines_of
from councils.published.panels import chances_of, grid_of, look_for
from councils.published.result import own_of, result_of, sources_of
from people.models import Person


def document_bytes(draw: Draw) -> bytes:
    """Return the published document as JSON, its record byte for byte as it was hashed."""
    document = document_of(draw)
    del document["record"]
    rest = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    return f'{{"record":{draw.published.body},{rest[1:]}'.encode()


def page_of(
    draw: Draw, reader: Person | AnonymousUser, *, typed: str, now: datetime
) -> dict[str, Any]:
    """Return everything the page of a draw shows this reader."""
    document = document_of(draw)
    made = document["record"]
    own, looked = own_of(draw, made, reader), look_for(made, typed)
    marked = looked.numbers if looked else own.numbers if own else []
    return {
        "draw": draw,
        "lines": lines_of(draw, now),
        "counted": counted(draw),
        "widened": widened(draw),
        "quotas": quotas_of(made),
        "relaxations": relaxations_of(draw),
        "seats": made.get("vacant") or made.get("size"),
        "grid": grid_of(draw, made, marked),
        "looked": looked,
        "typed": typed,
        "chances": chances_of(made),
        "sources": sources_of(document, now),
        "result": result_of(draw, document),
        "own": own,
    }
