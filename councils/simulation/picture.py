"""Simulated years as one SVG picture, to be put in a document or a wall paper."""

from collections.abc import Mapping
from xml.sax.saxutils import escape

from councils.simulation.told import Told
from councils.simulation.years import Years

# The colours of static/css/tokens.css, light; the picture brings its own paper.
PAPER, INK, SOFT, LINE = "#fbf8f3", "#1f2a2e", "#4a5559", "#ddd5c7"
TEAL, CLAY, OCHRE = "#1f5c57", "#b4532a", "#8a6414"
WIDTH, HEIGHT, LEFT, RIGHT = 720, 560, 60, 700
SPREAD_TOP, SPREAD_FOOT = 84, 220
HAT_TOP, HAT_FOOT = 318, 460
SQUARE = 10

# What is written in the picture, by what it says; whoever draws it may translate them.
LABELS = {
    "title": "How often people sit on councils",
    "about": "Seats for each person, and how many could be drawn, month by month.",
    "spread": "People by seats taken",
    "hat": "In the hat, and how many of them could be drawn, by month",
    "in_hat": "in the hat",
    "eligible": "could be drawn",
    "short": "the pool was too small",
    "mended": "quotas could not be met",
}


def picture(years: Years, told: Told, labels: Mapping[str, str] = LABELS) -> str:
    """Return the picture as SVG: seats for each person above, the hat over time below."""
    say = {name: escape(text) for name, text in labels.items()}
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'aria-labelledby="title about" font-family="sans-serif" font-size="14" fill="{INK}">',
        f'<title id="title">{say["title"]}</title>',
        f'<desc id="about">{say["about"]}</desc>',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{PAPER}"/>',
        _text(20, 34, say["title"], size=20),
        _text(20, 64, say["spread"], colour=SOFT),
        *_spread(told),
        _text(20, 286, say["hat"], colour=SOFT),
        *_hat(years, say),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _text(
    x: float, y: float, words: object, *, anchor: str = "start", size: int = 14, colour: str = INK
) -> str:
    return (
        f'<text x="{x:g}" y="{y:g}" text-anchor="{anchor}" font-size="{size}" '
        f'fill="{colour}">{words}</text>'
    )


def _line(x1: float, y1: float, x2: float, y2: float, colour: str, width: float = 1) -> str:
    return (
        f'<line x1="{x1:g}" y1="{y1:g}" x2="{x2:g}" y2="{y2:g}" stroke="{colour}" '
        f'stroke-width="{width:g}"/>'
    )


def _spread(told: Told) -> list[str]:
    """Return the columns: for each number of seats, how many people took so many."""
    most = max(1, *told.spread)
    step = (RIGHT - LEFT) / len(told.spread)
    wide = min(64.0, step * 0.7)
    parts = [_line(LEFT, SPREAD_FOOT, RIGHT, SPREAD_FOOT, SOFT)]
    for seats, people in enumerate(told.spread):
        tall = (SPREAD_FOOT - SPREAD_TOP - 14) * people / most
        middle = LEFT + step * (seats + 0.5)
        parts.append(
            f'<rect x="{middle - wide / 2:.1f}" y="{SPREAD_FOOT - tall:.1f}" width="{wide:.1f}" '
            f'height="{tall:.1f}" fill="{TEAL}"/>'
        )
        parts.append(
            _text(round(middle, 1), round(SPREAD_FOOT - tall - 6, 1), people, anchor="middle")
        )
        parts.append(_text(round(middle, 1), SPREAD_FOOT + 20, seats, anchor="middle"))
    return parts


def _hat(years: Years, say: Mapping[str, str]) -> list[str]:
    """Return the lines over the months, and a mark in every month in which a draw failed."""
    count = len(years.months)
    top = max(1, *(month.hat for month in years.months))

    def x(month: int) -> float:
        return round(LEFT + (RIGHT - LEFT) * (month - 1) / max(1, count - 1), 1)

    def y(people: int) -> float:
        return round(HAT_FOOT - (HAT_FOOT - HAT_TOP) * people / top, 1)

    parts = [
        _line(LEFT, HAT_FOOT, RIGHT, HAT_FOOT, SOFT),
        _line(LEFT, HAT_TOP, RIGHT, HAT_TOP, LINE),
    ]
    parts += [
        _text(LEFT - 8, HAT_FOOT + 5, 0, anchor="end"),
        _text(LEFT - 8, HAT_TOP + 5, top, anchor="end"),
    ]
    for month in range(1, count + 1, 1 if count <= 12 else 6 if count <= 72 else 12):
        parts.append(_text(x(month), HAT_FOOT + 20, month, anchor="middle"))
    for what, colour, dashes in (("hat", SOFT, ' stroke-dasharray="5 4"'), ("eligible", TEAL, "")):
        points = " ".join(f"{x(one.number):g},{y(getattr(one, what)):g}" for one in years.months)
        parts.append(
            f'<polyline points="{points}" fill="none" stroke="{colour}" '
            f'stroke-width="2.5"{dashes}/>'
        )
    failed = {
        code: sorted({one.month for one in years.failures if one.code == code})
        for code in ("pool_too_small", "quotas")
    }
    parts += [_disc(x(month), HAT_FOOT + 34) for month in failed["pool_too_small"]]
    parts += [_square(x(month), HAT_FOOT + 50) for month in failed["quotas"]]
    parts += [
        _line(20, 536, 44, 536, SOFT, 2.5).replace("/>", ' stroke-dasharray="5 4"/>'),
        _text(50, 541, say["in_hat"]),
        _line(150, 536, 174, 536, TEAL, 2.5),
        _text(180, 541, say["eligible"]),
        _disc(316, 536),
        _text(328, 541, say["short"]),
        _square(520, 536),
        _text(532, 541, say["mended"]),
    ]
    return parts


def _disc(x: float, y: float) -> str:
    return f'<circle cx="{x:g}" cy="{y:g}" r="5" fill="{CLAY}"/>'


def _square(x: float, y: float) -> str:
    half = SQUARE / 2
    return (
        f'<rect x="{x - half:g}" y="{y - half:g}" width="{SQUARE}" height="{SQUARE}" '
        f'fill="{OCHRE}"/>'
    )
