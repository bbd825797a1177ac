"""The fonts of printed documents, and what each can draw."""

from base64 import b64encode
from collections.abc import Iterator
from functools import cache
from pathlib import Path

STATIC = Path(__file__).resolve().parent.parent.parent / "static"

# Family, weight in CSS to weight of the file, and the scripts in static/fonts/paper.
# Amiri, not Noto Naskh: Noto draws dots and letters apart, so a screen reader or a
# search found 2 words of 19 in the printed Arabic; with Amiri it is 18.
FONTS = (
    (
        "Source Serif 4",
        "source-serif-4",
        {400: 400, 600: 600},
        ("latin", "latin-ext", "cyrillic", "cyrillic-ext", "greek", "vietnamese"),
    ),
    (
        "Atkinson Hyperlegible Next",
        "atkinson-hyperlegible-next",
        {400: 400, 600: 600},
        ("latin", "latin-ext"),
    ),
    ("Amiri", "amiri", {400: 400, 600: 700}, ("arabic",)),
)


@cache
def drawn_by_us() -> frozenset[int]:
    """Return every code point that a bundled font has a glyph for."""
    from fontTools.ttLib import TTFont  # noqa: PLC0415 - see render

    found: set[int] = set()
    for path in (STATIC / "fonts" / "paper").glob("*.woff2"):
        with TTFont(path, lazy=True) as font:
            found.update(font.getBestCmap())
    return frozenset(found)


def font_faces() -> Iterator[str]:
    """Yield an @font-face for each bundled file; each script is a family of its own."""
    for family, stem, weights, scripts in FONTS:
        for script in scripts:
            name = family if script in {"latin", "arabic"} else f"{family} {script}"
            for weight, file_weight in weights.items():
                path = STATIC / "fonts" / "paper" / f"{stem}-{script}-{file_weight}-normal.woff2"
                yield (
                    f'@font-face {{ font-family: "{name}"; font-weight: {weight}; '
                    f'src: url("{_data_uri("font/woff2", path.read_bytes())}"); }}'
                )


def _data_uri(kind: str, content: bytes) -> str:
    return f"data:{kind};base64,{b64encode(content).decode()}"
