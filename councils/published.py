"""What everybody reads of a draw, from what it published. Nobody's name, and nothing of the case.

Only ``own_of`` depends on who reads: it shows a person their own entry, and nobody else's.
"""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from cases.writing import day
from communities.models import Community
from councils import rules, scheme
from councils.actions.beacons import document_of
from councils.forms import relaxation_words
from councils.models import Draw, RosterEntry
from moves.days import in_words
from people.models import Person

# Public relays of the same chain, run by different organisations: compare what they say.
RELAYS = ("api.drand.sh", "drand.cloudflare.com")
COLUMNS, CELL = 40, 10
BARS, BARS_WIDTH, BAR_HEIGHT = 24, 480, 100
LEAST_SIGNS = 8  # of a token, to look for it
ORDER_SHOWN = 12


def document_bytes(draw: Draw) -> bytes:
    """Return the published document as JSON, its record byte for byte as it was hashed."""
    document = document_of(draw)
    del document["record"]
    rest = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    return f'{{"record":{draw.published.body},{rest[1:]}'.encode()


def at_words(moment: datetime, now: datetime) -> str:
    """Return a moment as people say it, with its time of day and the time's zone."""
    local = timezone.localtime(moment)
    return _("%(day)s, at %(time)s (%(zone)s)") % {
        "day": in_words(day(moment), day(now)),
        "time": date_format(local, "H:i"),
        "zone": local.tzname(),
    }


# ── The four lines ───────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Lines:
    """Where the draw is, what comes next, who acts, by when."""

    where: str
    next: str
    who: str
    by_when: str


def lines_of(draw: Draw, now: datetime) -> Lines:
    """Return the four lines of a published draw."""
    today = day(now)
    if draw.state == Draw.State.VOID:
        assert draw.voided_at is not None
        return Lines(
            _("Void since %(day)s. It does not count.")
            % {"day": in_words(day(draw.voided_at), today)},
            _("A new draw, with a page of its own, where one is still needed."),
            _("Who runs the draw"),
            _("No date is set"),
        )
    if draw.state == Draw.State.COMMITTED:
        return _lines_of_waiting(draw, now)
    assert draw.drawn_at is not None
    where = _("Drawn on %(day)s.") % {"day": in_words(day(draw.drawn_at), today)}
    days = draw.council.charter_version.charter.accept_seat_days
    until = rules.answer_by(day(draw.drawn_at), days=days)
    if draw.panel and today <= until:
        return Lines(
            where,
            _("Each person drawn is asked, and says yes or no."),
            _("The people drawn"),
            in_words(until, today),
        )
    return Lines(where, _("It can be checked, at any time."), _("Anybody"), _("No date is set"))


def _lines_of_waiting(draw: Draw, now: datetime) -> Lines:
    assert draw.committed_at is not None
    assert draw.beacon_at is not None
    where = _("Published on %(day)s. It waits for its randomness.") % {
        "day": in_words(day(draw.committed_at), day(now))
    }
    if draw.reveal_by is not None and now <= draw.reveal_by:
        return Lines(
            where,
            _("Who put a secret number into the draw shows it. Then the rest is awaited."),
            _("Who put a number into the draw"),
            at_words(draw.reveal_by, now),
        )
    if now < draw.beacon_at:
        return Lines(
            where,
            _("The randomness that was announced comes to exist. It decides."),
            _("Nobody can: that is why it decides"),
            at_words(draw.beacon_at, now),
        )
    return Lines(
        where,
        _("The randomness that was announced is written down. It decides."),
        _("Who runs the draw"),
        _("It exists since %(moment)s") % {"moment": at_words(draw.beacon_at, now)},
    )


# ── Who was in the hat ───────────────────────────────────────────────────────


@dataclass(frozen=True)
class Counted:
    """How many were in the hat, and out: None where a number would point at few people.

    ``kinds`` are told only where each of them can be: the others would give the last one away.
    """

    eligible: int
    out: int | None
    smallest: int
    kinds: list[tuple[str, int]] = field(default_factory=list)


def counted(draw: Draw) -> Counted:
    """Return the numbers around the hat, none of them below the charter's smallest group."""
    smallest = draw.council.charter_version.charter.smallest_group
    total = sum(draw.out.values())
    words = {
        "not_yet": _("could not be drawn yet, or not now (trial time, rest, a break)"),
        "tied": _("are tied to somebody in this case, or part of an open case themselves"),
    }
    found = [
        (words[kind], rules.shown_count(draw.out.get(kind, 0), smallest=smallest)) for kind in words
    ]
    kinds = [(said, count) for said, count in found if count is not None]
    return Counted(
        eligible=draw.in_the_hat,
        out=rules.shown_count(total, smallest=smallest),
        smallest=smallest,
        kinds=kinds if len(kinds) == len(found) else [],
    )


@dataclass(frozen=True)
class Widened:
    """Whose pools were in the hat, where the community's own was not enough."""

    why: str
    names: list[str]


def widened(draw: Draw) -> Widened | None:
    """Return how far the pool was widened and why; None where it was not."""
    council = draw.council
    if not council.widened:
        return None
    why = {
        "parent": _(
            "Too few people could be drawn in the community alone, so its neighbours under the "
            "same roof were in the hat too."
        ),
        "partner": _(
            "Too few people could be drawn in the community and its neighbours, so a partner "
            "community was in the hat too."
        ),
    }[council.widened]
    names = Community.objects.filter(slug__in=council.drawn_from).order_by("name")
    return Widened(why, list(names.values_list("name", flat=True)))


@dataclass(frozen=True)
class Quota:
    """What a council must hold, as its row in a table."""

    feature: str
    value: str
    least: int
    most: int


def quotas_of(made: dict[str, Any]) -> list[Quota]:
    """Return the quotas of a record; features in words."""
    return [
        Quota(str(feature).replace("_", " ").capitalize(), value, least, most)
        for feature, value, least, most in made["quotas"]
    ]


# ── The panels ───────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Cell:
    """One panel's place in the grid, in its units."""

    x: int
    y: int


@dataclass(frozen=True)
class Looked:
    """What looking for a token found: in which panels it sits. ``token`` "" when in none."""

    token: str
    numbers: list[int]


@dataclass(frozen=True)
class Grid:
    """The panels of a draw as a grid, 40 to a row, and those that are marked."""

    width: int
    height: int
    total: int
    marks: list[Cell]
    picked: Cell | None


def cell(number: int) -> Cell:
    """Return where a panel, counted from 0, lies in the grid."""
    row, column = divmod(number, COLUMNS)
    return Cell(column * CELL, row * CELL)


def grid_of(draw: Draw, made: dict[str, Any], marked: Iterable[int]) -> Grid | None:
    """Return the grid of a draw of panels; None for a replacement, which has none."""
    if made["scheme"] != scheme.DRAW:
        return None
    total = len(made["panels"])
    return Grid(
        width=COLUMNS * CELL,
        height=-(-total // COLUMNS) * CELL,
        total=total,
        marks=[cell(number) for number in marked],
        picked=None if draw.index is None else cell(draw.index),
    )


def panels_with(made: dict[str, Any], token: str) -> list[int]:
    """Return the numbers of the panels this token sits in, counted from 0."""
    return [n for n, panel in enumerate(made.get("panels", [])) if token in panel]


def look_for(made: dict[str, Any], typed: str) -> Looked | None:
    """Return what is found for a token, or its first signs; None where nothing was typed."""
    typed = "".join(typed.split()).lower()
    if not typed:
        return None
    found = [one for one in made["eligible"] if one.startswith(typed)]
    if len(typed) < LEAST_SIGNS or len(found) != 1:
        return Looked("", [])
    return Looked(found[0], panels_with(made, found[0]))


# ── The chances ──────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Bar:
    """How many people have a chance between two numbers of panels, and its bar in the picture."""

    least: int
    most: int
    people: int
    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True)
class Chances:
    """The smallest and largest chance, in panels of all, and how the rest lie between."""

    least: int
    most: int
    total: int
    bars: list[Bar]
    width: int


def chances_of(made: dict[str, Any]) -> Chances | None:
    """Return how the chances lie; None for a replacement, where the hashed order decides."""
    if made["scheme"] != scheme.DRAW:
        return None
    counts = Counter(dict.fromkeys(made["eligible"], 0))
    for panel in made["panels"]:
        counts.update(panel)
    least, most = min(counts.values()), max(counts.values())
    step = -(-(most - least + 1) // BARS)
    people = Counter((count - least) // step for count in counts.values())
    highest = max(people.values())
    many = (most - least) // step + 1
    wide = BARS_WIDTH // many
    bars = []
    for number in range(many):
        low = least + number * step
        # Even one person is seen.
        height = max(2, round(people[number] / highest * BAR_HEIGHT)) if people[number] else 0
        bars.append(
            Bar(
                least=low,
                most=min(low + step - 1, most),
                people=people[number],
                x=number * wide,
                y=BAR_HEIGHT - height,
                width=wide - 3,
                height=height,
            )
        )
    return Chances(least, most, len(made["panels"]), bars, many * wide)


# ── What decides ─────────────────────────────────────────────────────────────


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


def relaxations_of(draw: Draw) -> Sequence[str]:
    """Return each quota that was relaxed, as a sentence."""
    return [relaxation_words(one) for one in draw.relaxed]


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
