"""The agreement on paper: plain data in, one PDF out.

Nothing here reads a model or the network. The file is PDF/UA-1 (it can be read
aloud, in order) and PDF/A-2a (it can still be opened in thirty years) at once.
"""

import atexit
import logging
import re
import threading
import unicodedata
import warnings
from base64 import b64encode
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.formats import date_format

if TYPE_CHECKING:
    from weasyprint import CSS
    from weasyprint.document import Document
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import URLFetcher

STATIC = Path(__file__).resolve().parent.parent / "static"

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

# A whole date in words: Django's own short formats leave out the weekday.
DAYS_IN_WORDS = {"en": "l j F Y", "es": r"l j \d\e F \d\e Y", "ar": "l j F Y"}

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

# WeasyPrint and its font map are not safe for two threads at once.
ONE_AT_A_TIME = threading.Lock()


@dataclass(frozen=True)
class PaperCommitment:
    """One promise, in the words the people chose."""

    number: int
    what: str
    promised_by: str
    promised_to: str
    amount: str
    due_on: date
    confirmed_by: str
    if_missed: str


@dataclass(frozen=True)
class PaperSignature:
    """One place to sign; `signed_on` is None while it is still to be signed by pen."""

    name: str
    role_label: str
    on_behalf_of: str
    signed_on: date | None
    how: str


@dataclass(frozen=True)
class Paper:
    """Everything that stands on the page.

    `language` is the language the people wrote in; the printed labels follow
    `render(language=…)`, which may differ. Empty strings leave their part out.
    """

    reference: str
    title: str
    version: int
    community: str
    account: str
    commitments: tuple[PaperCommitment, ...]
    signatures: tuple[PaperSignature, ...]
    state_label: str
    step_back_until: date | None
    check_url: str
    check_code: str
    language: str
    printed_on: date
    is_minor_note: str = ""
    proportion_reason: str = ""


def render(paper: Paper, *, language: str, large: bool = False) -> bytes:
    """Return the agreement as a PDF.

    `language` (en, es, ar, …) is that of the labels and dates; `large` gives the
    18-point edition. Raises ValueError for a language Django does not know.
    Rules: PDF/UA-1 (ISO 14289-1) and PDF/A-2a (ISO 19005-2).
    """
    from weasyprint import HTML  # noqa: PLC0415 - slow to load, and most requests never print

    # Its warnings quote people's own words, which have no place in a server's log.
    logging.getLogger("weasyprint").setLevel(logging.CRITICAL)
    try:
        info = translation.get_language_info(language)
    except KeyError as unknown:
        raise ValueError(f"Not a language that can be printed: {language}") from unknown
    page = to_html(paper, language=language, large=large)
    with ONE_AT_A_TIME:
        document = HTML(string=page, url_fetcher=_fetcher()).render(
            stylesheets=[
                _fonts(),
                *(
                    _stylesheet(name)
                    for name, wanted in (
                        ("paper.css", True),
                        ("paper-rtl.css", info["bidi"]),
                        ("paper-large.css", large),
                    )
                    if wanted
                ),
            ],
            font_config=_font_configuration(),
        )
        _also_declare_pdf_ua(document)
        with warnings.catch_warnings():
            # WeasyPrint 70 leaves its own colour profile open for Python to close.
            warnings.filterwarnings("ignore", "unclosed file", ResourceWarning)
            written: bytes = document.write_pdf(pdf_variant="pdf/a-2a")
    return written


def to_html(paper: Paper, *, language: str, large: bool = False) -> str:
    """Return the page that `render` prints: people's words in it are always text."""
    paper = _clean(paper)
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
                "account": [Words(text) for text in BLANK_LINE.split(paper.account) if text],
                "proportion_reason": Words(paper.proportion_reason),
                "commitments": [
                    {
                        "number": promise.number,
                        "what": Words(promise.what),
                        "promised_by": Words(promise.promised_by),
                        "promised_to": Words(promise.promised_to),
                        "amount": Words(promise.amount),
                        "due_on": _in_words(promise.due_on),
                        "confirmed_by": Words(promise.confirmed_by),
                        "if_missed": Words(promise.if_missed),
                    }
                    for promise in paper.commitments
                ],
                "signatures": [
                    {
                        "name": Words(signature.name),
                        "role_label": signature.role_label,
                        "on_behalf_of": _isolated(signature.on_behalf_of),
                        "signed_on": signature.signed_on and _in_words(signature.signed_on),
                        "how": signature.how,
                    }
                    for signature in paper.signatures
                ],
                "reference": _isolated(paper.reference),
                "step_back_until": paper.step_back_until and _in_words(paper.step_back_until),
                "printed_on": _in_words(paper.printed_on),
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


def _clean(thing: Any) -> Any:
    """Return a copy of a paper (or part) without characters that cannot be printed."""
    if isinstance(thing, str):
        plain = UNPRINTABLE.sub("", thing.replace("\r\n", "\n").replace("\r", "\n")).strip()
        return plain if plain.isascii() else "".join(map(_drawable, plain))
    if isinstance(thing, tuple | list):
        return tuple(_clean(part) for part in thing)
    if isinstance(thing, Paper | PaperCommitment | PaperSignature):
        return replace(thing, **{f.name: _clean(getattr(thing, f.name)) for f in fields(thing)})
    return thing


def _drawable(character: str) -> str:
    """Return the character, or its name in brackets for a sign that no font of ours draws.

    An empty box would lose what was said, and PDF/A forbids it (ISO 19005-2, 6.2.11.8).
    Letters of other scripts are left to the fonts of the server.
    """
    if unicodedata.category(character) not in SIGNS or ord(character) in _drawn_by_us():
        return character
    if character in EMOJI_SHADES:
        return ""
    name = unicodedata.name(character, f"U+{ord(character):04X}")
    return f"[{name.lower() if not name.startswith('U+') else name}]"


@cache
def _drawn_by_us() -> frozenset[int]:
    """Return every code point that a bundled font has a glyph for."""
    from fontTools.ttLib import TTFont  # noqa: PLC0415 - see render

    found: set[int] = set()
    for path in (STATIC / "fonts" / "paper").glob("*.woff2"):
        with TTFont(path, lazy=True) as font:
            found.update(font.getBestCmap())
    return frozenset(found)


def _isolated(text: str) -> str:
    """Return the text fenced off, so that it cannot reorder the sentence around it.

    Isolate characters, not `<bdi>`: WeasyPrint orders text within one run only.
    """
    return f"{FIRST_STRONG_ISOLATE}{text}{POP_ISOLATE}" if text else ""


def _in_words(day: date) -> str:
    """Return "Tuesday 24 November 2026" in the active language."""
    code = (translation.get_language() or "en").split("-")[0]
    return date_format(day, DAYS_IN_WORDS.get(code, "l j F Y"))


def _data_uri(kind: str, content: bytes) -> str:
    return f"data:{kind};base64,{b64encode(content).decode()}"


def _qr(address: str) -> str:
    """Return the check address as a QR code, drawn, in a data: address; "" for none."""
    import segno  # noqa: PLC0415 - only needed where something is printed

    if not address:
        return ""
    code = segno.make_qr(address, error="m")
    return str(code.svg_data_uri(dark="#1f2a2e", light=None, border=0, xmldecl=False))


@cache
def _fetcher() -> "URLFetcher":
    """Return the only way WeasyPrint may fetch: nothing but data: addresses."""
    from weasyprint.urls import URLFetcher  # noqa: PLC0415 - see render

    return URLFetcher(allowed_protocols={"data"})


@cache
def _font_configuration() -> "FontConfiguration":
    """Return one font map for the process: making it anew is most of the cost."""
    from weasyprint.text.fonts import FontConfiguration  # noqa: PLC0415 - see render

    # Let go of it while Python still stands, so that its folder is removed without noise.
    for kept in (_stylesheet, _fonts, _font_configuration):
        atexit.register(kept.cache_clear)
    return FontConfiguration()


@cache
def _stylesheet(name: str) -> "CSS":
    from weasyprint import CSS  # noqa: PLC0415 - see render

    return CSS(
        string=(STATIC / "css" / name).read_text(encoding="utf-8"),
        url_fetcher=_fetcher(),
        font_config=_font_configuration(),
    )


@cache
def _fonts() -> "CSS":
    from weasyprint import CSS  # noqa: PLC0415 - see render

    return CSS(
        string="\n".join(_font_faces()),
        url_fetcher=_fetcher(),
        font_config=_font_configuration(),
    )


def _font_faces() -> Iterator[str]:
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


RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
PDF_UA = "http://www.aiim.org/pdfua/ns/id/"

# PDF/A allows a foreign property only with a description of its schema in the file:
# ISO 19005-2, 6.6.2.3.
PDF_UA_DESCRIPTION = f"""
<rdf:RDF xmlns:rdf="{RDF}" xmlns:pdfuaid="{PDF_UA}"
  xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
  xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
  xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
 <rdf:Description rdf:about=""><pdfuaid:part>1</pdfuaid:part></rdf:Description>
 <rdf:Description rdf:about="">
  <pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
   <pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>
   <pdfaSchema:namespaceURI>{PDF_UA}</pdfaSchema:namespaceURI>
   <pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
   <pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
    <pdfaProperty:name>part</pdfaProperty:name>
    <pdfaProperty:valueType>Integer</pdfaProperty:valueType>
    <pdfaProperty:category>internal</pdfaProperty:category>
    <pdfaProperty:description>Part of ISO 14289 this file follows</pdfaProperty:description>
   </rdf:li></rdf:Seq></pdfaSchema:property>
  </rdf:li></rdf:Bag></pdfaExtension:schemas>
 </rdf:Description>
</rdf:RDF>
"""


def _also_declare_pdf_ua(document: "Document") -> None:
    """Make the document's metadata declare PDF/UA-1 beside PDF/A-2a.

    WeasyPrint writes one variant only; its tagging is the same for both.
    """
    original: Callable[..., bytes] = document.metadata.generate_rdf_metadata

    def both(*args: Any, **kwargs: Any) -> bytes:
        # The fixed prefixes are what readers and the standards show.
        for prefix, address in (
            ("pdfuaid", PDF_UA),
            ("pdfaExtension", "http://www.aiim.org/pdfa/ns/extension/"),
            ("pdfaSchema", "http://www.aiim.org/pdfa/ns/schema#"),
            ("pdfaProperty", "http://www.aiim.org/pdfa/ns/property#"),
        ):
            ElementTree.register_namespace(prefix, address)
        # Both texts are our own, made a moment ago: no outside XML is parsed here.
        rdf = ElementTree.fromstring(original(*args, **kwargs))
        rdf.extend(ElementTree.fromstring(PDF_UA_DESCRIPTION))
        return ElementTree.tostring(rdf, encoding="utf-8")

    document.metadata.generate_rdf_metadata = both
