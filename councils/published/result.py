"""What decides a draw and what it gave, who was drawn, and the reader's own entry."""

import json
import shlex
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AnonymousUser

from councils import scheme
from councils.models import Draw, RosterEntry
from councils.published.lines import at_words
from councils.published.panels import panels_with
from people.models import Person

# Public relays of the same chain, run by different organisations: compare what they say.
RELAYS = ("api.drand.sh", "drand.cloudflare.com")
ORDER_SHOWN = 12


@dataclass(frozen=True)
class Source:
    """One source of randomness: what was announced of it, and what it gave."""

    kind: str
    announced: dict[str, Any]
    at: str
    given: dict[str, Any]
    addresses: list[str] = field(default_factory=list)


def sources_of(document: dict[str, Any], now: datetime) -> list[Source]:
    """Return the sources of a draw in the record's order."""
    announced = document["record"]["beacon"]["sources"]
    given = document.get("sources") or [{} for _one in announced]
    return [_source(one, said, now) for one, said in zip(announced, given, strict=True)]


def _source(announced: dict[str, Any], given: dict[str, Any], now: datetime) -> Source:
    addresses = []
    if announced["kind"] == "drand":
        path = f"{announced['chain']}/public/{announced['round']}"
        addresses = [f"https://{relay}/{path}" for relay in RELAYS]
    moment = announced.get("at") or announced["reveal_by"]
    at = at_words(datetime.fromisoformat(moment), now)
    return Source(announced["kind"], announced, at, given, addresses)


# ── The result ───────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Result:
    """Who was drawn, by token; of a replacement also how far down the order they stood."""

    tokens: list[str]
    index: int | None
    order: list[str]
    place: int | None
    behind: int


def result_of(draw: Draw, document: dict[str, Any]) -> Result | None:
    """Return the result; None while there is none."""
    if not draw.beacon:
        return None
    order = document["order"] if draw.kind == Draw.Kind.REPLACEMENT else []
    place = order.index(draw.panel[0]) + 1 if order and draw.panel else None
    shown = order[: max(ORDER_SHOWN, place or 0)] if (place or 0) <= 50 else order[:ORDER_SHOWN]
    return Result(
        tokens=draw.panel,
        index=draw.index,
        order=shown,
        place=place,
        behind=len(order) - len(shown),
    )


# ── One's own entry ──────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Own:
    """One person's own entry in a draw; nothing but ``eligible`` for who was not in it."""

    eligible: bool
    token: str = ""
    salt: str = ""
    person: str = ""
    numbers: list[int] = field(default_factory=list)
    drawn: bool = False

    @property
    def command(self) -> str:
        """Return what prints the token again, beside the script; quoted for a shell."""
        made_of = f"bytes.fromhex({json.dumps(self.salt)}), {self.person}"
        code = f"from verify_draw import token; print(token({made_of}))"
        return f"python3 -c {shlex.quote(code)}"


def own_of(draw: Draw, made: dict[str, Any], reader: Person | AnonymousUser) -> Own | None:
    """Return the reader's own entry; None for who is not signed in.

    Who was kept out reads the same words as who was never in the pool, and gets no salt:
    otherwise being out would tell whose case it is.
    """
    if not isinstance(reader, Person):
        return None
    entry = RosterEntry.objects.filter(draw=draw, person=reader, eligible=True).first()
    if entry is None or not entry.described:  # what is forgotten was never there
        return Own(eligible=False)
    return Own(
        eligible=True,
        token=entry.token,
        salt=entry.salt,
        person=scheme.canon(json.loads(entry.described)).decode(),
        numbers=panels_with(made, entry.token),
        drawn=entry.token in draw.panel,
    )
