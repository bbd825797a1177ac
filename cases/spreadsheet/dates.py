"""One date out of the ways people write dates, in five languages; two readings are an error."""

import re
import unicodedata
from datetime import date, timedelta

from cases.spreadsheet.mends import UnreadableDate

EPOCH = date(1899, 12, 30)  # day 0 of spreadsheet programs, which count a 29 February 1900
EARLIEST_YEAR = 1900

_MONTH_NAMES = (
    ("january", "enero", "janvier", "januar"),
    ("february", "febrero", "février", "februar"),
    ("march", "marzo", "mars", "märz"),
    ("april", "abril", "avril"),
    ("may", "mayo", "mai"),
    ("june", "junio", "juin", "juni"),
    ("july", "julio", "juillet", "juli"),
    ("august", "agosto", "août"),
    ("september", "septiembre", "septembre"),
    ("october", "octubre", "octobre", "oktober"),
    ("november", "noviembre", "novembre"),
    ("december", "diciembre", "décembre", "dezember"),
)
MONTHS = {name: number for number, names in enumerate(_MONTH_NAMES, 1) for name in names}
MONTHS |= {names[0][:3]: number for number, names in enumerate(_MONTH_NAMES, 1)}
MONTHS["sept"] = 9

_ISO = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[t ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?z?")
_DOTTED = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4}|\d{2})")
_SLASHED = re.compile(r"(\d{1,2})([/-])(\d{1,2})\2(\d{4})|(\d{1,2})/(\d{1,2})/(\d{2})")
_DAY_FIRST = re.compile(
    r"(\d{1,2})(?:st|nd|rd|th|\.)?[ -](?:de )?([^\W\d_]+)\.?,?[ -](?:de )?(\d{4}|\d{2})"
)
_MONTH_FIRST = re.compile(r"([^\W\d_]+)\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})")
_SERIAL = re.compile(r"(\d{5})(?:[.,]0+)?")


def _day(year: str, month: int | str, day: str, *, today: date, birth: bool) -> date | None:
    """The date, or None when the calendar has no such day.

    A two-digit year is in this century, unless a birth would then lie in the future.
    """
    centuries = (0,) if len(year) == 4 else (2000, 1900) if birth else (2000,)
    for century in centuries:
        try:
            found = date(century + int(year), int(month), int(day))
        except ValueError:
            continue
        if found.year >= EARLIEST_YEAR and (len(year) == 4 or not birth or found <= today):
            return found
    return None


def read_date(text: str, *, today: date, birth: bool = False) -> date:
    """The one date that ``text`` can mean.

    Raises UnreadableDate: "ambiguous_date" (day and month can be exchanged),
    "impossible_date" (no such day), "future_date", or "unreadable_date".
    """
    # Folding also turns digits of other scripts and full-width signs into plain ones.
    plain = " ".join(unicodedata.normalize("NFKC", text).casefold().split())
    found: set[date | None]
    if match := _ISO.fullmatch(plain):
        year, month, day = match.groups()
        found = {_day(year, month, day, today=today, birth=birth)}
    elif match := _DOTTED.fullmatch(plain):
        day, month, year = match.groups()
        found = {_day(year, month, day, today=today, birth=birth)}
    elif match := _SLASHED.fullmatch(plain):
        parts = [part for part in match.groups() if part and part not in "/-"]
        first, second, year = parts
        found = {
            _day(year, second, first, today=today, birth=birth),
            _day(year, first, second, today=today, birth=birth),
        }
        if len(found) == 2:
            found.discard(None)
    elif (match := _DAY_FIRST.fullmatch(plain)) and match[2] in MONTHS:
        found = {_day(match[3], MONTHS[match[2]], match[1], today=today, birth=birth)}
    elif (match := _MONTH_FIRST.fullmatch(plain)) and match[1] in MONTHS:
        found = {_day(match[3], MONTHS[match[1]], match[2], today=today, birth=birth)}
    elif match := _SERIAL.fullmatch(plain):
        found = {EPOCH + timedelta(days=int(match[1]))}
    else:
        raise UnreadableDate("unreadable_date")
    if len(found) > 1:
        raise UnreadableDate("ambiguous_date")
    (only,) = found
    if only is None:
        raise UnreadableDate("impossible_date")
    if only > today:
        raise UnreadableDate("future_date")
    return only
