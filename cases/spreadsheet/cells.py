"""What one cell says: people, a contact, a language, yes or no."""

import re
import unicodedata
from dataclasses import dataclass

YES = {"y", "yes", "x", "true", "1", "urgent", "sí", "si", "oui", "ja", "نعم"}
NO = {"", "-", "n", "no", "false", "0", "non", "nein", "لا"}
LANGUAGES = {
    "english": "en",
    "español": "es",
    "spanish": "es",
    "castellano": "es",
    "français": "fr",
    "french": "fr",
    "deutsch": "de",
    "german": "de",
    "العربية": "ar",
    "عربي": "ar",
    "arabic": "ar",
}
LANGUAGE_CODE = re.compile(r"([a-z]{2,3})(?:[-_][a-z0-9]+)*")

# Words that no invented or real surname in use here shares; "Church" and "Club" are left out
# on purpose, because calling a person an organisation takes their consent form away.
_ORGANISATION = re.compile(
    r"\b(ltd|limited|inc|plc|llc|cic|gmbh|e\.v|verein|genossenschaft|schule|library|bakery|"
    r"school|college|university|nursery|hospital|association|asociación|co-?op|co-?operative|"
    r"cooperativa|coopérative|committee|council|charity|foundation|society|escuela|colegio|"
    r"école|mosque|synagogue|جمعية|مدرسة)\b",
    re.IGNORECASE,
)
_EMAIL = re.compile(r"[^\s@;,<>]+@[^\s@;,<>]+\.[^\s@;,<>]+")
_PHONE = re.compile(r"(?:\+|\b)\d[\d ()./-]{4,}\d\b")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


@dataclass(frozen=True)
class Named:
    """A person, or an organisation, as the spreadsheet names them."""

    name: str
    is_organisation: bool = False


@dataclass(frozen=True)
class Contact:
    """How to reach somebody. ``kind``: "email", "phone", "letter" or "none".

    ``also`` holds the whole cell when it says more than ``value``, so nothing is lost.
    """

    kind: str = "none"
    value: str = ""
    also: str = ""


def clean(text: str) -> str:
    """Text as it is kept: composed characters, plain line breaks, nothing at the edges."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", _CONTROL.sub("", text)).strip()


def said(text: str) -> str:
    """The same, where a dash alone means that nothing is said."""
    return "" if text in {"-", "–", "—"} else text


def line_of(text: str) -> str:
    """What is said, on one line."""
    return " ".join(said(text).split())


def people_in(text: str) -> list[Named]:
    """The people and organisations of one cell, each once."""
    names = dict.fromkeys(line_of(part.strip()) for part in re.split(r"[;؛\n]", text))
    return [Named(name, bool(_ORGANISATION.search(name))) for name in names if name]


def read_contact(text: str) -> Contact:
    """How the cell says a person can be reached. Saying nothing is not an error.

    Words that hold neither an address nor a number ("no phone - letter to the hall
    please") are an instruction for a letter.
    """
    line = line_of(text)
    if not line or line.casefold() in {"none", "no contact", "unknown", "n/a"}:
        return Contact()
    for kind, pattern in (("email", _EMAIL), ("phone", _PHONE)):
        if match := pattern.search(line):
            return Contact(kind, match[0], line if match[0] != line else "")
    return Contact("letter", line)
