"""The page that is printed: people's words, cleaned, in their own direction, never as markup."""

import re
import unicodedata
from dataclasses import fields, is_dataclass, replace
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation

from agreements.pdf.contents import Paper
from agreements.pdf.fonts import drawn_by_us
from moves.days import in_full

# What XML 1.0 and PDF cannot carry (https://www.w3.org/TR/xml/#charsets), and the
# marks that reorder text so that it reads other than it is stored
# (https://www.unicode.org/reports/tr9/#Directional_Formatting_Characters). The plain
# LRM, RLM and ALM marks stay: Arabic writers use them, and they reorder nothing else.
UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069"
    "\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)

# Symbols, private and unassigned characters, by their Unicode general category.
SIGNS = {"So", "Sk", "Sm", "Co", "Cn"}
EMOJI_SHADES = {chr(point) for point in range(0x1F3FB, 0x1F400)}
BLANK_LINE = re.compile(r"\n\s*\n")
WEB_ADDRESS = re.compile(r"https?://[^\s\"'<>]+\Z")
FIRST_STRONG_ISOLATE, POP_ISOLATE = "\u2068", "\u2069"


def to_html(paper: Paper, *, language: str, large: bool = False) -> str:
    """Return the page that `render` prints: people's words in it are always text."""
    paper = clean(paper)
    with translation.override(language):
        rtl = translation.get_language_bidi()
        return render_to_string(
            "agreements/paper.html",
            {
                "paper": paper,
                "language": language,
                "dir": "rtl" if rtl else "ltr",
                "large": large,
                # Their words may be in another language than the labels.
                "words_lang": paper.language,
                "title": Words(paper.title),
                "community": Words(paper.community),
                "account": paragraphs(paper.account),
                "proportion_reason": Words(paper.proportion_reason),
                "commitments": [
                    {
                        "number": promise.number,
                        "what": Words(promise.what),
                        "promised_by": Words(promise.promised_by),
                        "promised_to": Words(promise.promised_to),
                        "amount": Words(promise.amount),
                        "due_on": in_full(promise.due_on),
                        "confirmed_by": Words(promise.confirmed_by),
                        "if_missed": Words(promise.if_missed),
                    }
                    for promise in paper.commitments
                ],
                "signatures": [
                    {
                        "name": Words(signature.name),
                        "role_label": signature.role_label,
                        "on_behalf_of": isolated(signature.on_behalf_of),
                        "signed_on": signature.signed_on and in_full(signature.signed_on),
                        "how": signature.how,
                    }
                    for signature in paper.signatures
                ],
                "reference": isolated(paper.reference),
                "step_back_until": paper.step_back_until and in_full(paper.step_back_until),
                "printed_on": in_full(paper.printed_on),
                "qr": _qr(paper.check_url),
                "check_link": bool(WEB_ADDRESS.match(paper.check_url)),
            },
        )


class Words(str):
    """Somebody's own words, with the direction they are written in.

    WeasyPrint knows no `dir=auto`, so the first letter decides here, as in
    https://www.unicode.org/reports/tr9/#P2.
    """

    @property
    def dir(self) -> str:
        """Return "rtl", "ltr", or "" where no letter decides."""
        for character in self:
            kind = unicodedata.bidirectional(character)
            if kind in {"R", "AL"}:
                return "rtl"
            if kind == "L":
                return "ltr"
        return ""


def paragraphs(text: str) -> list[Words]:
    """Return somebody's words as paragraphs, cleaned, each with its own direction."""
    return [Words(part) for part in BLANK_LINE.split(clean_text(text)) if part]


def clean(thing: Any) -> Any:
    """Return a copy of a paper (or part) without characters that cannot be printed."""
    if isinstance(thing, str):
        return clean_text(thing)
    if isinstance(thing, tuple | list):
        return tuple(clean(part) for part in thing)
    if is_dataclass(thing) and not isinstance(thing, type):
        return replace(thing, **{f.name: clean(getattr(thing, f.name)) for f in fields(thing)})
    return thing


def clean_text(text: str) -> str:
    """Return a text without what cannot be printed; every sign is drawn, or named in brackets."""
    plain = UNPRINTABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
    return plain if plain.isascii() else "".join(map(_drawable, plain))


def _drawable(character: str) -> str:
    """Return the character, or its name in brackets for a sign that no font of ours draws.

    An empty box would lose what was said, and PDF/A forbids it (ISO 19005-2, 6.2.11.8).
    Letters of other scripts are left to the fonts of the server.
    """
    if unicodedata.category(character) not in SIGNS or ord(character) in drawn_by_us():
        return character
    if character in EMOJI_SHADES:
        return ""
    name = unicodedata.name(character, f"U+{ord(character):04X}")
    return f"[{name.lower() if not name.startswith('U+') else name}]"


def isolated(text: str) -> str:
    """Return the text fenced off, so that it cannot reorder the sentence around it.

    Isolate characters, not `<bdi>`: WeasyPrint orders text within one run only.
    """
    return f"{FIRST_STRONG_ISOLATE}{text}{POP_ISOLATE}" if text else ""


def _qr(address: str) -> str:
    """Return the check address as a QR code, drawn, in a data: address; "" for none."""
    import segno  # noqa: PLC0415 - only needed where something is printed

    if not address:
        return ""
    code = segno.make_qr(address, error="m")
    return str(code.svg_data_uri(dark="#1f2a2e", light=None, border=0, xmldecl=False))
