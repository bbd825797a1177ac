"""The panels of a draw as a grid, a token looked for in them, and the chances they give."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from councils import scheme
from councils.models import Draw

COLUMNS, CELL = 40, 10
BARS, BARS_WIDTH, BAR_HEIGHT = 24, 480, 100
LEAST_SIGNS = 8  # of a token, to look for it


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
