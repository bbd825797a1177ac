"""Referrals read from a spreadsheet as programmes keep them.

In: the bytes of a file (CSV in UTF-8, UTF-16 or Windows-1252, or .xlsx). Out: a
:class:`Sheet` that says of every row whether it is ready to become a case and, when it is
not, why and how to mend it. Nothing is guessed: a date with two readings is an error.
Nothing here touches the database or evaluates a formula.
"""

import csv
import hashlib
import io
import re
import unicodedata
import warnings
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

MAX_BYTES = 10_000_000
MAX_UNPACKED = 100_000_000
MAX_ROWS = 10_000
MAX_COLUMNS = 100
HEADER_SEARCH = 10  # rows of titles and notes that may stand above the column names
ACCOUNT_LIMIT = 8_000  # characters: about three printed pages of somebody's own words
TEXT_LIMIT = 2_000
LINE_LIMIT = 200
EPOCH = date(1899, 12, 30)  # day 0 of spreadsheet programs, which count a 29 February 1900
EARLIEST_YEAR = 1900

# The csv module's own limit (131,072) would end the reading of a whole file at one long
# cell; the file is already bounded by MAX_BYTES, and a long cell is a problem of its row.
csv.field_size_limit(MAX_BYTES + 1_000)


def gettext_noop(text: str) -> str:
    """Mark a sentence for translation without importing Django; returns it unchanged."""
    return text


class NotASpreadsheet(ValueError):
    """The file as a whole cannot be read. ``code`` names why; ``mend`` says what to do."""

    def __init__(self, code: str, **params: object) -> None:
        self.code = code
        self.params = params
        super().__init__(self.mend)

    @property
    def mend(self) -> str:
        """The English sentence; the edge translates ``MENDS[code]`` and fills ``params``."""
        return MENDS[self.code] % self.params


class UnreadableDate(ValueError):
    """Text that is not exactly one date. ``code`` is a key of ``MENDS``."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


@dataclass(frozen=True)
class Problem:
    """One thing wrong with one row: where, what stood there, and how to mend it."""

    code: str
    column: str = ""
    value: str = ""
    params: dict[str, object] = field(default_factory=dict)

    @property
    def mend(self) -> str:
        """The English sentence; the edge translates ``MENDS[code]`` and fills ``params``."""
        return MENDS[self.code] % self.params


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


@dataclass(frozen=True)
class Referral:
    """One row that can become a case."""

    referred_on: date
    referred_by: str
    agency: str
    their_reference: str
    happened_on: date | None
    account: str
    kind: str
    harmed: list[Named]
    harmed_contact: Contact
    harmed_language: str
    responsible: list[Named]
    responsible_born_on: date | None
    responsible_contact: Contact
    guardian: str
    access_needs: str
    hoped_for: str
    urgent: bool
    notes: str
    do_not_write: bool
    call_after: str
    fingerprint: str


@dataclass(frozen=True)
class Row:
    """One row. ``number`` is the row number the spreadsheet program shows beside it.

    ``status``: "ready", "problem", "blank" or "duplicate" (then ``duplicate_of`` is the
    number of the earlier row). ``referral`` is set only when ready.
    """

    number: int
    status: str
    problems: list[Problem] = field(default_factory=list)
    referral: Referral | None = None
    fingerprint: str = ""
    duplicate_of: int | None = None


@dataclass(frozen=True)
class Sheet:
    """What was read. ``ignored_columns`` are headings that no rule knows."""

    rows: list[Row]
    encoding: str
    delimiter: str
    ignored_columns: list[str] = field(default_factory=list)

    def count(self, status: str) -> int:
        """How many rows have this status."""
        return sum(row.status == status for row in self.rows)


# Field → how its heading begins, folded. The order decides nothing: no prefix starts another.
COLUMNS = {
    "referred_on": ("date referred", "date of referral"),
    "referred_by": ("referred by",),
    "agency": ("agency",),
    "their_reference": ("their ref",),
    "happened_on": ("date of incident", "incident date"),
    "account": ("what happened",),
    "kind": ("kind",),
    "harmed": ("person(s) harmed", "person harmed", "people harmed"),
    "harmed_contact": ("harmed: contact",),
    "harmed_language": ("harmed: language",),
    "responsible": ("person(s) responsible", "person responsible", "people responsible"),
    "responsible_born_on": ("responsible: date of birth",),
    "responsible_contact": ("responsible: contact",),
    "guardian": ("parent/guardian", "parent", "guardian"),
    "access_needs": ("access needs",),
    "hoped_for": ("hoped",),
    "urgent": ("urgent",),
    "notes": ("notes",),
}
REQUIRED = ("referred_on", "account", "harmed", "responsible")
LIMITS = {
    "account": ACCOUNT_LIMIT,
    **dict.fromkeys(("harmed", "responsible", "access_needs", "hoped_for", "notes"), TEXT_LIMIT),
}
DATES = ("referred_on", "happened_on", "responsible_born_on")

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
_CODE = re.compile(r"([a-z]{2,3})(?:[-_][a-z0-9]+)*")

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
_NO_WRITING = re.compile(r"\b(?:do not|don['’]t|never) write\b", re.IGNORECASE)
_CALL_AFTER = re.compile(r"\bcall(?: only)? after\s+([^;,\n]+)", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


# Dates ---------------------------------------------------------------------------------

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


# Files ---------------------------------------------------------------------------------


def _decode(data: bytes) -> tuple[str, str]:
    """The text and the name of its encoding. Raises NotASpreadsheet."""
    try:
        if data.startswith((b"\xff\xfe", b"\xfe\xff")):
            return data.decode("utf-16"), "utf-16"
        if data.startswith(b"\xef\xbb\xbf"):
            return data.decode("utf-8-sig"), "utf-8-sig"
    except UnicodeDecodeError:
        raise NotASpreadsheet("mixed_encoding") from None
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        pass
    # Mostly sound UTF-8 with a broken byte must not be read as Windows-1252: every name with
    # an accent would be garbled without anybody noticing.
    salvaged = data.decode("utf-8", errors="replace")
    broken = salvaged.count("\ufffd")
    sound = sum(character > "\x7f" for character in salvaged) - broken
    if sound > broken:
        raise NotASpreadsheet("mixed_encoding")
    try:
        return data.decode("cp1252"), "cp1252"
    except UnicodeDecodeError:
        raise NotASpreadsheet("unknown_encoding") from None


_END = "\x1eend of file\x1e"


def _records(text: str, delimiter: str) -> Iterator[list[str]]:
    """Every record of a CSV text. Raises NotASpreadsheet when a quotation mark stays open.

    A last record of our own shows whether the text before it had ended: inside an open
    quotation mark it would be swallowed, as every row after that mark has been.
    """
    lines = io.StringIO(f"{text.rstrip(chr(13) + chr(10))}\n{_END}", newline="")
    number = 0
    for number, record in enumerate(csv.reader(lines, delimiter=delimiter), 1):
        if record == [_END]:
            return
        if record and record[-1].endswith(_END):
            break
        if number > MAX_ROWS:
            raise NotASpreadsheet("too_many_rows", limit=MAX_ROWS)
        yield record
    raise NotASpreadsheet("quote_not_closed", row=number)


def _workbook(data: bytes) -> list[list[str]]:
    """The first sheet of an .xlsx file as text. Formulas stay text. Raises NotASpreadsheet."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = {entry.filename: entry.file_size for entry in archive.infolist()}
    except Exception:  # a damaged archive fails in many ways, and all mean the same here
        raise NotASpreadsheet("damaged") from None
    if "xl/workbook.xml" not in entries:
        raise NotASpreadsheet("other_format")
    # A small archive can unpack to more than the memory holds; zipfile reads no entry
    # beyond the size it declares, so the declared sizes can be trusted as a bound.
    if sum(entries.values()) > MAX_UNPACKED:
        raise NotASpreadsheet("too_big", limit=MAX_BYTES // 1_000_000)
    import openpyxl  # noqa: PLC0415  only for this format, and slow to load

    found = []
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about styles and charts, which are not read
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=False)
            sheet = book.worksheets[0]
            sheet.reset_dimensions()  # the declared size can be a million empty rows
            for values in sheet.iter_rows(
                max_row=MAX_ROWS + 1, max_col=MAX_COLUMNS, values_only=True
            ):
                found.append([_cell_text(value) for value in values])
            book.close()
    except Exception:  # openpyxl raises whatever the damage provokes
        raise NotASpreadsheet("damaged") from None
    if len(found) > MAX_ROWS:
        raise NotASpreadsheet("too_many_rows", limit=MAX_ROWS)
    while found and not any(cell.strip() for cell in found[-1]):
        found.pop()
    return found


def _cell_text(value: object) -> str:
    """A workbook cell as a person would have typed it into a CSV file."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    # A workbook may hold half of a character pair (a lone surrogate), which no database takes.
    return str(value).encode("utf-8", errors="replace").decode("utf-8").replace("\x00", "")


def _fold(heading: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", heading).casefold().split())


def _headings(record: list[str]) -> dict[int, str]:
    """Position → field, for every heading that is known."""
    known = {}
    for position, heading in enumerate(record[:MAX_COLUMNS]):
        folded = _fold(heading[:LINE_LIMIT])
        for name, prefixes in COLUMNS.items():
            if folded.startswith(prefixes):
                known[position] = name
                break
    return known


def _find_header(records: list[list[str]]) -> int:
    """The index of the record that names most columns, among the first few. -1 for none."""
    best = max(
        range(min(HEADER_SEARCH, len(records))),
        key=lambda index: len(set(_headings(records[index]).values())),
        default=-1,
    )
    return best if best >= 0 and _headings(records[best]) else -1


def _table(data: bytes) -> tuple[list[list[str]], str, str]:
    """Records, encoding, delimiter. Raises NotASpreadsheet."""
    if len(data) > MAX_BYTES:
        raise NotASpreadsheet("too_big", limit=MAX_BYTES // 1_000_000)
    if not data.strip(b"\xef\xbb\xbf\r\n\t ;,"):
        raise NotASpreadsheet("empty")
    if data.startswith(b"PK\x03\x04"):
        return _workbook(data), "xlsx", ""
    if data.startswith((b"\xd0\xcf\x11\xe0", b"%PDF")):
        raise NotASpreadsheet("other_format")
    text, encoding = _decode(data)
    if "\x00" in text:
        raise NotASpreadsheet("other_format")
    beginnings = {}
    for delimiter in ",;\t":
        # Only the beginning, and leniently: an open quotation mark is reported afterwards.
        reader = csv.reader(io.StringIO(text[:20_000], newline=""), delimiter=delimiter)
        start = [record for record, _ in zip(reader, range(HEADER_SEARCH), strict=False)]
        index = _find_header(start)
        beginnings[delimiter] = len(_headings(start[index])) if index >= 0 else 0
    delimiter = max(beginnings, key=lambda key: beginnings[key])
    if not beginnings[delimiter]:
        raise NotASpreadsheet("no_header")
    return list(_records(text, delimiter)), encoding, delimiter


# Cells ---------------------------------------------------------------------------------


def _clean(text: str) -> str:
    """Text as it is kept: composed characters, plain line breaks, nothing at the edges."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", _CONTROL.sub("", text)).strip()


def _said(text: str) -> str:
    """The same, where a dash alone means that nothing is said."""
    return "" if text in {"-", "–", "—"} else text


def _line(text: str) -> str:
    return " ".join(_said(text).split())


def _people(text: str) -> list[Named]:
    """The people and organisations of one cell, each once."""
    names = dict.fromkeys(_line(part.strip()) for part in re.split(r"[;؛\n]", text))
    return [Named(name, bool(_ORGANISATION.search(name))) for name in names if name]


def read_contact(text: str) -> Contact:
    """How the cell says a person can be reached. Saying nothing is not an error.

    Words that hold neither an address nor a number ("no phone - letter to the hall
    please") are an instruction for a letter.
    """
    line = _line(text)
    if not line or line.casefold() in {"none", "no contact", "unknown", "n/a"}:
        return Contact()
    for kind, pattern in (("email", _EMAIL), ("phone", _PHONE)):
        if match := pattern.search(line):
            return Contact(kind, match[0], line if match[0] != line else "")
    return Contact("letter", line)


def _fingerprint(cells: dict[str, str], dates: dict[str, date]) -> str:
    """What makes two rows the same row: all they say, however spaced, dated or encoded."""
    parts = [
        f"{name}={dates[name].isoformat() if name in dates else ' '.join(cells[name].split())}"
        for name in COLUMNS
    ]
    return hashlib.sha256("\x1f".join(parts).encode("utf-8")).hexdigest()


def _judge(number: int, cells: dict[str, str], titles: dict[str, str], *, today: date) -> Row:
    """One row that is neither blank nor too wide, judged for itself."""
    problems = []

    def wrong(code: str, name: str, **params: object) -> None:
        problems.append(Problem(code, titles.get(name, ""), cells[name][:80], params))

    dates: dict[str, date] = {}
    for name in DATES:
        text = _said(cells[name])
        if not text:
            continue
        try:
            dates[name] = read_date(
                text[:LINE_LIMIT], today=today, birth=name == "responsible_born_on"
            )
        except UnreadableDate as error:
            wrong(error.code, name)
    referred, happened = dates.get("referred_on"), dates.get("happened_on")
    born = dates.get("responsible_born_on")
    if not _said(cells["referred_on"]):
        wrong("referred_on_missing", "referred_on")
    if referred and happened and happened > referred:
        wrong("happened_after_referred", "happened_on")
    if born and (when := happened or referred) and born > when:
        wrong("born_after", "responsible_born_on")

    for name in COLUMNS:
        limit = LIMITS.get(name, LINE_LIMIT)
        if name not in DATES and len(cells[name]) > limit:
            wrong("too_long", name, limit=limit, length=len(cells[name]))
    harmed = _people(cells["harmed"][:TEXT_LIMIT])
    responsible = _people(cells["responsible"][:TEXT_LIMIT])
    for name, people in (("harmed", harmed), ("responsible", responsible)):
        if any(len(person.name) > LINE_LIMIT for person in people):
            wrong("name_too_long", name, limit=LINE_LIMIT)
    account = _said(cells["account"])
    if not account:
        wrong("account_missing", "account")
    if not harmed:
        wrong("nobody_harmed", "harmed")
    if not responsible:
        wrong("nobody_responsible", "responsible")
    both = {p.name.casefold() for p in harmed} & {p.name.casefold() for p in responsible}
    if both:
        names = "; ".join(person.name for person in harmed if person.name.casefold() in both)
        wrong("same_person_both_sides", "responsible", names=names)

    urgent = _line(cells["urgent"]).casefold().rstrip("!. ")
    if urgent not in YES | NO:
        wrong("urgent_unclear", "urgent")
    said_language = _line(cells["harmed_language"]).casefold()
    language = LANGUAGES.get(said_language, "")
    if said_language and not language:
        if match := _CODE.fullmatch(said_language):
            language = match[1]
        else:
            wrong("language_unknown", "harmed_language")

    fingerprint = _fingerprint(cells, dates)
    if problems or referred is None:
        return Row(number, "problem", problems, fingerprint=fingerprint)
    notes = _said(cells["notes"])
    call = _CALL_AFTER.search(notes)
    referral = Referral(
        referred_on=referred,
        referred_by=_line(cells["referred_by"]),
        agency=_line(cells["agency"]),
        their_reference=_line(cells["their_reference"]),
        happened_on=happened,
        account=account,
        kind=_line(cells["kind"]).casefold(),
        harmed=harmed,
        harmed_contact=read_contact(cells["harmed_contact"]),
        harmed_language=language,
        responsible=responsible,
        responsible_born_on=born,
        responsible_contact=read_contact(cells["responsible_contact"]),
        guardian=_line(cells["guardian"]),
        access_needs=_said(cells["access_needs"]),
        hoped_for=_said(cells["hoped_for"]),
        urgent=urgent in YES,
        notes=notes,
        do_not_write=bool(_NO_WRITING.search(notes)),
        call_after=call[1].strip(" .") if call else "",
        fingerprint=fingerprint,
    )
    return Row(number, "ready", referral=referral, fingerprint=fingerprint)


def read(data: bytes, *, today: date, filename: str = "") -> Sheet:
    """Read a spreadsheet of referrals.

    ``today`` bounds the dates. ``filename`` decides nothing (the content is what counts);
    it is taken so that a caller need not know that. Raises NotASpreadsheet when the file as
    a whole cannot be read; whatever is wrong with one row is said in that row.
    """
    records, encoding, delimiter = _table(data)
    header = _find_header(records)
    if header < 0:
        raise NotASpreadsheet("no_header")
    headings = records[header]
    positions = _headings(headings)
    names = list(positions.values())
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise NotASpreadsheet("column_twice", columns=_titles(twice))
    if missing := [name for name in REQUIRED if name not in names]:
        raise NotASpreadsheet("column_missing", columns=_titles(missing))
    titles = {name: headings[position].strip()[:80] for position, name in positions.items()}

    rows: list[Row] = []
    seen: dict[str, int] = {}
    for number, record in enumerate(records[header + 1 :], header + 2):
        if not any(cell.strip() for cell in record):
            rows.append(Row(number, "blank"))
            continue
        # A cell beyond the last heading means a stray separator: every cell after it has
        # moved by one, so nothing in the row can be trusted.
        if any(cell.strip() for cell in record[len(headings) :]):
            params: dict[str, object] = {"cells": len(record), "columns": len(headings)}
            surplus = next(cell for cell in record[len(headings) :] if cell.strip())
            rows.append(Row(number, "problem", [Problem("row_too_long", "", surplus[:80], params)]))
            continue
        cells = dict.fromkeys(COLUMNS, "")
        for position, name in positions.items():
            if position < len(record):
                cells[name] = _clean(record[position])
        row = _judge(number, cells, titles, today=today)
        earlier = seen.setdefault(row.fingerprint, number)
        if earlier != number:
            row = Row(number, "duplicate", fingerprint=row.fingerprint, duplicate_of=earlier)
        rows.append(row)
    return Sheet(
        rows=rows,
        encoding=encoding,
        delimiter=delimiter,
        ignored_columns=[
            heading.strip()[:80]
            for position, heading in enumerate(headings)
            if position not in positions and heading.strip()
        ],
    )


def _titles(names: list[str]) -> str:
    return ", ".join(COLUMNS[name][0] for name in names)


MENDS = {
    # The file as a whole
    "empty": gettext_noop("The file is empty. Choose the file that holds the referrals."),
    "too_big": gettext_noop(
        "The file is larger than %(limit)s megabytes. Divide it into smaller files."
    ),
    "too_many_rows": gettext_noop(
        "The file has more than %(limit)s rows. Divide it into smaller files."
    ),
    "damaged": gettext_noop(
        "The file is damaged. Open it in your spreadsheet program and save it again."
    ),
    "other_format": gettext_noop(
        "This is not a spreadsheet that can be read here. Open it in your spreadsheet program "
        "and save it as CSV or as .xlsx."
    ),
    "unknown_encoding": gettext_noop(
        "The letters in the file cannot be recognised. Save it again as “CSV UTF-8”."
    ),
    "mixed_encoding": gettext_noop(
        "Some letters in the file are damaged. Save it again as “CSV UTF-8” from the original."
    ),
    "quote_not_closed": gettext_noop(
        "Row %(row)s opens a quotation mark that is never closed, which hides every row after "
        "it. Close it or take it away."
    ),
    "no_header": gettext_noop(
        "No row with column names was found. The first row must name the columns, such as "
        "“Date referred” and “What happened”."
    ),
    "column_missing": gettext_noop("These columns are missing: %(columns)s. Add them."),
    "column_twice": gettext_noop("These columns are there twice: %(columns)s. Keep one of each."),
    # One row
    "row_too_long": gettext_noop(
        "The row has %(cells)s cells and the header only %(columns)s. Look for a separator "
        "inside a text, and put that text in quotation marks."
    ),
    "referred_on_missing": gettext_noop("Write the date on which this was referred."),
    "ambiguous_date": gettext_noop(
        "Day and month could be exchanged. Write the year first, as in 2026-08-04 for 4 August."
    ),
    "impossible_date": gettext_noop("There is no such day. Correct the date."),
    "future_date": gettext_noop("This date is still to come. Correct the date."),
    "unreadable_date": gettext_noop(
        "This is not a date that can be read. Write it as in 2026-08-04."
    ),
    "happened_after_referred": gettext_noop(
        "It was referred before it happened. Correct one of the two dates."
    ),
    "born_after": gettext_noop("This date of birth is after what happened. Correct the date."),
    "account_missing": gettext_noop("Write what happened, in the words of who told it."),
    "nobody_harmed": gettext_noop(
        "Name who was harmed. Several names are separated by semicolons."
    ),
    "nobody_responsible": gettext_noop(
        "Name who is said to be responsible. Several names are separated by semicolons."
    ),
    "same_person_both_sides": gettext_noop(
        "Named on both sides: %(names)s. Name each person on one side only; if both were "
        "harmed, make two rows."
    ),
    "too_long": gettext_noop(
        "The text has %(length)s characters and at most %(limit)s can be kept. Shorten it."
    ),
    "name_too_long": gettext_noop(
        "A name is longer than %(limit)s characters. Separate several names by semicolons."
    ),
    "urgent_unclear": gettext_noop("Write yes or no."),
    "language_unknown": gettext_noop(
        "This language is not known here. Write its two-letter code, such as so for Somali."
    ),
}
