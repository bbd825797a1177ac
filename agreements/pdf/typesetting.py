"""From the page to the file: WeasyPrint, without the network, declared as PDF/UA and PDF/A."""

import atexit
import logging
import threading
import warnings
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

from django.utils import translation

from agreements.pdf.contents import Paper
from agreements.pdf.fonts import STATIC, font_faces
from agreements.pdf.page import to_html

if TYPE_CHECKING:
    from weasyprint import CSS
    from weasyprint.document import Document
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import URLFetcher


# WeasyPrint and its font map are not safe for two threads at once.
ONE_AT_A_TIME = threading.Lock()

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


def render(paper: Paper, *, language: str, large: bool = False) -> bytes:
    """Return the agreement as a PDF.

    `language` (en, es, ar, …) is that of the labels and dates; `large` gives the
    18-point edition. Raises ValueError for a language Django does not know.
    """
    _info(language)
    return print_page(
        to_html(paper, language=language, large=large), language=language, large=large
    )


def _info(language: str) -> dict[str, Any]:
    try:
        return translation.get_language_info(language)
    except KeyError as unknown:
        raise ValueError(f"Not a language that can be printed: {language}") from unknown


def print_page(page: str, *, language: str, large: bool = False) -> bytes:
    """Return a page as a PDF: any paper of the house, from its finished HTML.

    Its people's words must have been cleaned (``page.Words``, ``page.clean_text``).
    Rules: PDF/UA-1 (ISO 14289-1) and PDF/A-2a (ISO 19005-2). ValueError for an unknown language.
    """
    from weasyprint import HTML  # noqa: PLC0415 - slow to load, and most requests never print

    # Its warnings quote people's own words, which have no place in a server's log.
    logging.getLogger("weasyprint").setLevel(logging.CRITICAL)
    info = _info(language)
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
        string="\n".join(font_faces()),
        url_fetcher=_fetcher(),
        font_config=_font_configuration(),
    )


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
