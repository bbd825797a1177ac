"""A whole sheet, row by row: each is judged for itself, and none is guessed."""

import hashlib
import re
from dataclasses import dataclass, field
from datetime import date

from cases.spreadsheet.cells import (
    LANGUAGE_CODE,
    LANGUAGES,
    NO,
    YES,
    Contact,
    Named,
    clean,
    line_of,
    people_in,
    read_contact,
    said,
)
from cases.spreadsheet.columns import (
    COLUMNS,
    DATES,
    LIMITS,
    LINE_LIMIT,
    REQUIRED,
    TEXT_LIMIT,
    find_header,
    headings_of,
    titles_of,
)
from cases.spreadsheet.dates import read_date
from cases.spreadsheet.files import table
from cases.spreadsheet.mends import NotASpreadsheet, Problem, UnreadableDate

_NO_WRITING = re.compile(r"\b(?:do not|don['’]t|never) write\b", re.IGNORECASE)
_CALL_AFTER = re.compile(r"\bcall(?: only)? after\s+([^;,\n]+)", re.IGNORECASE)


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
        text = said(cells[name])
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
    if not said(cells["referred_on"]):
        wrong("referred_on_missing", "referred_on")
    if referred and happened and happened > referred:
        wrong("happened_after_referred", "happened_on")
    if born and (when := happened or referred) and born > when:
        wrong("born_after", "responsible_born_on")

    for name in COLUMNS:
        limit = LIMITS.get(name, LINE_LIMIT)
        if name not in DATES and len(cells[name]) > limit:
            wrong("too_long", name, limit=limit, length=len(cells[name]))
    harmed = people_in(cells["harmed"][:TEXT_LIMIT])
    responsible = people_in(cells["responsible"][:TEXT_LIMIT])
    for name, people in (("harmed", harmed), ("responsible", responsible)):
        if any(len(person.name) > LINE_LIMIT for person in people):
            wrong("name_too_long", name, limit=LINE_LIMIT)
    account = said(cells["account"])
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

    urgent = line_of(cells["urgent"]).casefold().rstrip("!. ")
    if urgent not in YES | NO:
        wrong("urgent_unclear", "urgent")
    said_language = line_of(cells["harmed_language"]).casefold()
    language = LANGUAGES.get(said_language, "")
    if said_language and not language:
        if match := LANGUAGE_CODE.fullmatch(said_language):
            language = match[1]
        else:
            wrong("language_unknown", "harmed_language")

    fingerprint = _fingerprint(cells, dates)
    if problems or referred is None:
        return Row(number, "problem", problems, fingerprint=fingerprint)
    notes = said(cells["notes"])
    call = _CALL_AFTER.search(notes)
    referral = Referral(
        referred_on=referred,
        referred_by=line_of(cells["referred_by"]),
        agency=line_of(cells["agency"]),
        their_reference=line_of(cells["their_reference"]),
        happened_on=happened,
        account=account,
        kind=line_of(cells["kind"]).casefold(),
        harmed=harmed,
        harmed_contact=read_contact(cells["harmed_contact"]),
        harmed_language=language,
        responsible=responsible,
        responsible_born_on=born,
        responsible_contact=read_contact(cells["responsible_contact"]),
        guardian=line_of(cells["guardian"]),
        access_needs=said(cells["access_needs"]),
        hoped_for=said(cells["hoped_for"]),
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
    records, encoding, delimiter = table(data)
    header = find_header(records)
    if header < 0:
        raise NotASpreadsheet("no_header")
    headings = records[header]
    positions = headings_of(headings)
    names = list(positions.values())
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise NotASpreadsheet("column_twice", columns=titles_of(twice))
    if missing := [name for name in REQUIRED if name not in names]:
        raise NotASpreadsheet("column_missing", columns=titles_of(missing))
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
                cells[name] = clean(record[position])
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
