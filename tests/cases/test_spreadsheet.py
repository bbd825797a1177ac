"""A programme's spreadsheet becomes referrals: every row is judged, none is guessed."""

import io
import zipfile
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases.spreadsheet import (
    ACCOUNT_LIMIT,
    COLUMNS,
    MAX_ROWS,
    MENDS,
    Contact,
    NotASpreadsheet,
    Sheet,
    UnreadableDate,
    read,
    read_contact,
    read_date,
)

DATA = Path(__file__).parent.parent / "data"
TODAY = date(2026, 11, 24)
STATUSES = ("ready", "problem", "duplicate", "blank")
TITLES = [prefixes[0] for prefixes in COLUMNS.values()]
PLAIN = {
    "referred_on": "2026-08-21",
    "their_reference": "R-1",
    "happened_on": "2026-08-11",
    "account": "A window was broken.",
    "harmed": "Zoë Tembo",
    "responsible": "Callum Jansen",
}


def line(delimiter: str = ",", **changes: str) -> str:
    cells = {**dict.fromkeys(COLUMNS, ""), **PLAIN, **changes}
    return delimiter.join('"' + cells[name].replace('"', '""') + '"' for name in COLUMNS)


def sheet(*lines: str, delimiter: str = ",", encoding: str = "utf-8") -> Sheet:
    text = "\r\n".join([delimiter.join(TITLES), *lines]) + "\r\n"
    return read(text.encode(encoding), today=TODAY)


def codes(**changes: str) -> list[str]:
    (row,) = sheet(line(**changes)).rows
    return [problem.code for problem in row.problems]


def referral(**changes: str):
    (row,) = sheet(line(**changes)).rows
    assert row.problems == []
    return row.referral


def troubles(found: Sheet) -> dict[int, list[tuple[str, str]]]:
    return {
        row.number: [(problem.code, problem.column) for problem in row.problems]
        for row in found.rows
        if row.status == "problem"
    }


INCIDENT, REFERRED, BORN = "Date of incident", "Date referred", "Responsible: date of birth"
SHORT_ROW = [
    ("account_missing", "What happened (their words)"),
    ("nobody_harmed", "Person(s) harmed"),
    ("nobody_responsible", "Person(s) responsible"),
]


def test_the_spreadsheet_in_utf_8():
    found = read((DATA / "referrals.csv").read_bytes(), today=TODAY)
    assert (found.encoding, found.delimiter, found.ignored_columns) == ("utf-8-sig", ",", [])
    assert [found.count(status) for status in STATUSES] == [50, 18, 2, 1]
    assert [row.number for row in found.rows] == list(range(2, 73))
    # Read by hand, row by row.
    assert troubles(found) == {
        13: [("ambiguous_date", INCIDENT), ("ambiguous_date", BORN)],  # 08/07/2026, 06/09/2012
        17: [("ambiguous_date", INCIDENT)],  # 07/11/2025
        25: [("ambiguous_date", BORN)],  # 03/05/2011
        28: [("ambiguous_date", REFERRED)],  # 07/06/2026
        30: [("ambiguous_date", BORN)],  # 05/07/1998
        38: [("ambiguous_date", INCIDENT)],  # 11/05/2026
        46: [("ambiguous_date", REFERRED)],  # 09/12/2025
        50: [("ambiguous_date", BORN)],  # 05/11/1963
        54: [("ambiguous_date", INCIDENT)],  # 09/08/2026
        56: [("ambiguous_date", REFERRED)],  # 12/07/2026
        64: [("impossible_date", INCIDENT)],  # 31/02/2026
        65: [("account_missing", "What happened (their words)")],
        66: [("nobody_harmed", "Person(s) harmed")],
        67: [("ambiguous_date", INCIDENT)],  # 03/04/2026
        68: [("future_date", INCIDENT)],  # 2027-11-04
        69: [("same_person_both_sides", "Person(s) responsible")],
        71: [("too_long", "What happened (their words)")],  # 9,000 characters
        72: SHORT_ROW,
    }
    assert {r.number: r.duplicate_of for r in found.rows if r.duplicate_of} == {7: 4, 14: 9}
    assert [row.number for row in found.rows if row.status == "blank"] == [70]


def test_the_spreadsheet_in_windows_1252():
    found = read((DATA / "referrals-cp1252.csv").read_bytes(), today=TODAY)
    assert (found.encoding, found.delimiter, found.ignored_columns) == ("cp1252", ";", [])
    assert [found.count(status) for status in STATUSES] == [22, 11, 2, 1]
    assert troubles(found) == {
        16: [("ambiguous_date", REFERRED)],  # 09/07/2026
        20: [("ambiguous_date", REFERRED)],  # 09/05/2026
        23: [("ambiguous_date", INCIDENT)],  # 01/07/2026
        29: [("impossible_date", INCIDENT)],  # 31/02/2026
        30: [("account_missing", "What happened (their words)")],
        31: [("nobody_harmed", "Person(s) harmed")],
        32: [("ambiguous_date", INCIDENT)],  # 03/04/2026
        33: [("future_date", INCIDENT)],  # 2027-11-04
        34: [("same_person_both_sides", "Person(s) responsible")],
        36: [("too_long", "What happened (their words)")],
        37: SHORT_ROW,
    }
    assert {r.number: r.duplicate_of for r in found.rows if r.duplicate_of} == {7: 4, 14: 9}
    assert [row.number for row in found.rows if row.status == "blank"] == [35]


def test_what_the_rows_say():
    rows = {r.number: r for r in read((DATA / "referrals.csv").read_bytes(), today=TODAY).rows}
    first = rows[2].referral
    assert (first.referred_on, first.happened_on) == (date(2026, 7, 23), date(2026, 7, 4))
    assert first.notes == '=HYPERLINK("http://example.org/x","see file")'
    assert first.urgent
    assert first.harmed_language == "es"
    assert first.responsible_contact == Contact()
    assert [person.name for person in rows[3].referral.harmed] == [
        "Rosa Vogel",
        "Ümit Jansen",
        "Kerstin Quispe",
    ]
    assert rows[3].referral.notes == ""
    assert rows[4].referral.referred_on == date(2026, 8, 29)  # 46263
    assert rows[4].referral.happened_on == date(2026, 8, 19)  # 19 Aug 26
    assert rows[4].referral.notes == ""
    assert rows[5].referral.notes == "@school knows"
    assert rows[6].referral.harmed[0].name == "يوسف منصور"
    assert not rows[6].referral.urgent
    assert rows[8].referral.call_after == "6 pm"
    assert rows[11].referral.do_not_write
    assert [person.is_organisation for person in rows[12].referral.harmed] == [True]
    assert rows[18].referral.harmed_contact.kind == "letter"
    assert rows[24].referral.responsible_born_on == date(1969, 12, 18)  # 18 Dec 69
    assert rows[32].referral.responsible_born_on == date(1967, 9, 7)  # 24722
    assert rows[39].referral.happened_on == date(2026, 3, 23)  # 46104
    assert rows[62].referral.account.split("\n")[1] == (
        "About 40 people saw it before it was removed."
    )
    organisations = {
        person.name
        for row in rows.values()
        if row.referral
        for person in row.referral.harmed + row.referral.responsible
        if person.is_organisation
    }
    assert organisations == {
        "Allotment Association (plot committee)",
        "Corner Bakery Ltd",
        "Night bus cooperative",
        "Riverside Tool Library",
        "St Brigid's Primary School",
    }


# Dates


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-08-04", date(2026, 8, 4)),
        ("2026-08-04 00:00:00", date(2026, 8, 4)),
        ("04.08.2026", date(2026, 8, 4)),
        ("4.8.26", date(2026, 8, 4)),
        ("4 August 2026", date(2026, 8, 4)),
        ("4th August 2026", date(2026, 8, 4)),
        ("August 4, 2026", date(2026, 8, 4)),
        ("19 Aug 26", date(2026, 8, 19)),
        ("19-Aug-26", date(2026, 8, 19)),
        ("4 de agosto de 2026", date(2026, 8, 4)),
        ("4. Januar 2026", date(2026, 1, 4)),
        ("05/05/2026", date(2026, 5, 5)),
        ("22/08/2026", date(2026, 8, 22)),
        ("08/22/2026", date(2026, 8, 22)),
        ("22-08-2026", date(2026, 8, 22)),
        ("22/08/26", date(2026, 8, 22)),
        ("46263", date(2026, 8, 29)),
        ("46263.0", date(2026, 8, 29)),
        ("٢٠٢٦-٠٨-٠٤", date(2026, 8, 4)),
        ("2026-11-24", TODAY),
    ],
)
def test_a_date_with_one_reading(text, expected):
    assert read_date(text, today=TODAY) == expected


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("08/07/2026", "ambiguous_date"),
        ("8-7-2026", "ambiguous_date"),
        ("03/04/26", "ambiguous_date"),
        ("31/02/2026", "impossible_date"),
        ("02/30/2026", "impossible_date"),
        ("2026-02-30", "impossible_date"),
        ("2026-13-01", "impossible_date"),
        ("0001-01-01", "impossible_date"),
        ("29 Feb 26", "impossible_date"),
        ("2026-11-25", "future_date"),
        ("99999", "future_date"),
        ("last Tuesday", "unreadable_date"),
        ("4 Brumaire 2026", "unreadable_date"),
        ("2026", "unreadable_date"),
        ("26-08-04", "unreadable_date"),
        ("2026-08-04 or so", "unreadable_date"),
        ("²026-08-04x", "unreadable_date"),
    ],
)
def test_a_date_that_is_not_one(text, code):
    with pytest.raises(UnreadableDate) as caught:
        read_date(text, today=TODAY)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("18 Dec 69", date(1969, 12, 18)),
        ("21 Jun 96", date(1996, 6, 21)),
        ("24 Nov 26", TODAY),
        ("25 Nov 26", date(1926, 11, 25)),
        ("29 Feb 00", date(2000, 2, 29)),
        ("24722", date(1967, 9, 7)),
    ],
)
def test_a_two_digit_year_of_birth_is_the_latest_not_in_the_future(text, expected):
    assert read_date(text, today=TODAY, birth=True) == expected


PAST = st.dates(date(1930, 1, 1), TODAY)


@given(PAST)
def test_every_clear_form_of_a_day_is_that_day(day):
    serial = (day - date(1899, 12, 30)).days
    for text in (
        day.isoformat(),
        f"{day:%d.%m.%Y}",
        f"{day.day} {day:%B %Y}",
        f"  {day:%d %b %Y} ",
        str(serial),
    ):
        assert read_date(text, today=TODAY) == day


@given(PAST)
def test_slashes_are_read_only_when_day_and_month_cannot_be_exchanged(day):
    for text in (f"{day:%d/%m/%Y}", f"{day:%m/%d/%Y}"):
        if day.day > 12 or day.day == day.month:
            assert read_date(text, today=TODAY) == day
        else:
            with pytest.raises(UnreadableDate) as caught:
                read_date(text, today=TODAY)
            assert caught.value.code == "ambiguous_date"


@given(st.text(max_size=40), st.booleans())
def test_any_text_is_a_past_date_or_a_named_error(text, birth):
    try:
        found, code = read_date(text, today=TODAY, birth=birth), "future_date"
    except UnreadableDate as error:
        found, code = TODAY, error.code
    assert found <= TODAY
    assert code in MENDS


# Rows


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, []),
        ({"happened_on": ""}, []),
        ({"referred_on": ""}, ["referred_on_missing"]),
        ({"happened_on": "2026-08-22"}, ["happened_after_referred"]),
        ({"happened_on": "2026-08-21"}, []),
        ({"responsible_born_on": "2026-08-12"}, ["born_after"]),
        ({"account": " - "}, ["account_missing"]),
        ({"harmed": " ; ;"}, ["nobody_harmed"]),
        ({"responsible": "-"}, ["nobody_responsible"]),
        ({"responsible": "zoë  tembo"}, ["same_person_both_sides"]),
        ({"responsible": "Zoe\u0308 Tembo"}, ["same_person_both_sides"]),
        ({"account": "x" * ACCOUNT_LIMIT}, []),
        ({"account": "x" * (ACCOUNT_LIMIT + 1)}, ["too_long"]),
        ({"agency": "x" * 201}, ["too_long"]),
        ({"harmed": "x" * 201}, ["name_too_long"]),
        ({"urgent": "perhaps"}, ["urgent_unclear"]),
        ({"harmed_language": "Klingon"}, ["language_unknown"]),
    ],
)
def test_what_is_wrong_with_a_row(changes, expected):
    assert codes(**changes) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("", False), ("no", False), ("N", False), ("y", True), ("yes!", True), ("YES", True)],
)
def test_urgent(text, expected):
    assert referral(urgent=text).urgent is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("English", "en"),
        ("español", "es"),
        ("FRANÇAIS", "fr"),
        ("Deutsch", "de"),
        ("ar", "ar"),
        ("pt-BR", "pt"),
        ("", ""),
    ],
)
def test_language(text, expected):
    assert referral(harmed_language=text).harmed_language == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", Contact()),
        ("-", Contact()),
        ("+44 7700 900449", Contact("phone", "+44 7700 900449")),
        ("07700 900449", Contact("phone", "07700 900449")),
        ("me.1@example.org", Contact("email", "me.1@example.org")),
        (
            "no phone - letter to the hall please",
            Contact("letter", "no phone - letter to the hall please"),
        ),
        (
            "me@example.org or +44 7700 900449",
            Contact("email", "me@example.org", "me@example.org or +44 7700 900449"),
        ),
    ],
)
def test_contact(text, expected):
    assert read_contact(text) == expected


def test_text_that_looks_like_a_formula_stays_text():
    found = referral(account="=1+1", agency="@team", notes="+44 7700 900449", kind="-")
    assert (found.account, found.agency) == ("=1+1", "@team")
    assert (found.notes, found.kind) == ("+44 7700 900449", "")


def test_a_row_with_more_cells_than_columns_is_not_guessed():
    found = sheet(line() + ",surplus", line(their_reference="R-2") + ",, ")
    assert [row.status for row in found.rows] == ["problem", "ready"]
    (problem,) = found.rows[0].problems
    assert (problem.code, problem.value) == ("row_too_long", "surplus")
    assert "19 cells" in problem.mend


def test_the_same_row_otherwise_written_is_the_same_row():
    found = sheet(
        line(),
        line(referred_on="21.08.2026 ", account="A  window was\nbroken."),
        line(harmed="Zoe\u0308 Tembo"),
        line(their_reference="R-2"),
    )
    assert [row.duplicate_of for row in found.rows] == [None, 2, 2, None]
    again = sheet(line(delimiter=";"), delimiter=";", encoding="cp1252")
    assert again.rows[0].fingerprint == found.rows[0].fingerprint


def test_every_problem_says_how_to_mend_it():
    for name in ("referrals.csv", "referrals-cp1252.csv"):
        for row in read((DATA / name).read_bytes(), today=TODAY).rows:
            for problem in row.problems:
                assert problem.mend.endswith(".")
                assert "%" not in problem.mend
                assert len(problem.value) <= 80


# Files


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_every_encoding_with_every_delimiter(encoding, delimiter):
    found = sheet(line(delimiter), delimiter=delimiter, encoding=encoding)
    assert found.delimiter == delimiter
    assert found.rows[0].referral.harmed[0].name == "Zoë Tembo"


def test_headings_may_be_shouted_moved_and_accompanied():
    text = "Referrals 2026\n\nNAME OF CLERK,WHAT HAPPENED,Person(s) Responsible ,person harmed,"
    text += "Date referred (by us)\nx,It broke,Ines Park,Efe Silva,2026-01-02\n"
    found = read(text.encode(), today=TODAY)
    assert found.ignored_columns == ["NAME OF CLERK"]
    assert [(row.number, row.status) for row in found.rows] == [(4, "ready")]


def workbook(*rows: list[object]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_an_xlsx_workbook():
    cells: dict[str, object] = {**dict.fromkeys(COLUMNS), **PLAIN}
    cells |= {"referred_on": datetime(2026, 8, 21), "happened_on": 46245.0}
    cells |= {"notes": '=HYPERLINK("http://example.org")', "responsible_born_on": 24722}
    found = read(workbook(TITLES, list(cells.values()), [], [None, " "]), today=TODAY)
    assert found.encoding == "xlsx"
    (row,) = found.rows
    assert row.referral.referred_on == date(2026, 8, 21)
    assert row.referral.happened_on == date(2026, 8, 11)
    assert row.referral.responsible_born_on == date(1967, 9, 7)
    assert row.referral.notes.startswith("=HYPERLINK")


def archive(**entries: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in entries.items():
            packed.writestr(name, content)
    return out.getvalue()


HEADER = ",".join(TITLES)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf\r\n ,,,\r\n", "empty"),
        (b"x" * 10_000_001, "too_big"),
        (b"hello\nworld\n", "no_header"),
        (b"%PDF-1.7", "other_format"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "other_format"),
        (b"Date referred\x00,Kind", "other_format"),
        (b"PK\x03\x04 nothing", "damaged"),
        (archive(**{"content.xml": b"<x/>"}), "other_format"),
        (archive(**{"xl/workbook.xml": b"<x/>"}), "damaged"),
        (archive(**{"xl/workbook.xml": bytes(100_000_001)}), "too_big"),
        (workbook(["nothing"]), "no_header"),
        (workbook(), "no_header"),
        (workbook(*[["x"]] * (MAX_ROWS + 1)), "too_many_rows"),
        (HEADER.encode() + b"\n" + b"x\n" * (MAX_ROWS + 1), "too_many_rows"),
        (b"Kind,Agency\ndamage,School\n", "column_missing"),
        (f"{HEADER},Kind\n".encode(), "column_twice"),
        (f'{HEADER}\n2026-01-01,"open\n2026-01-02,self\n'.encode(), "quote_not_closed"),
        (b"\xef\xbb\xbfDate referred,\xff", "mixed_encoding"),
        (b"\xff\xfe\x00\xd8", "mixed_encoding"),
        ("Kind,ZoëZoëZoë".encode() + b"\xff", "mixed_encoding"),
        (b"Kind,\x81\x8d", "unknown_encoding"),
    ],
    ids=lambda value: value if isinstance(value, str) else "data",
)
def test_a_file_that_is_no_spreadsheet(data, code):
    with pytest.raises(NotASpreadsheet) as caught:
        read(data, today=TODAY, filename="referrals.csv")
    assert caught.value.code == code
    assert caught.value.mend == str(caught.value) != ""
    assert "%(" not in caught.value.mend


def test_a_quotation_mark_left_open_in_the_last_cell_hides_no_row():
    bare = line().replace('"', "")
    with pytest.raises(NotASpreadsheet) as caught:
        sheet(bare, f'{bare}"so it goes', bare)
    assert (caught.value.code, caught.value.params) == ("quote_not_closed", {"row": 3})
    # Where the next row has quotation marks, the two run together into one that is too long.
    found = sheet(f'{bare}"so it goes', line())
    assert [problem.code for problem in found.rows[0].problems] == ["row_too_long"]


def test_a_cell_of_nine_megabytes_is_the_problem_of_its_row():
    found = sheet(line(account="x" * 9_000_000), line())
    assert [row.status for row in found.rows] == ["problem", "ready"]
    assert found.rows[0].problems[0].params == {"limit": ACCOUNT_LIMIT, "length": 9_000_000}


def judged(data: bytes) -> None:
    try:
        found = read(data, today=TODAY)
    except NotASpreadsheet:  # its sentence is made when it is raised
        return
    for row in found.rows:
        assert row.status in STATUSES
        assert (row.status == "ready") == (row.referral is not None)
        assert (row.status == "problem") == bool(row.problems)
        assert all(problem.mend for problem in row.problems)


@given(st.binary(max_size=400))
def test_any_bytes_are_judged(data):
    judged(data)
    judged(HEADER.encode() + b"\r\n" + data)
    judged(b"PK\x03\x04" + data)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.text(st.characters(), max_size=30), min_size=18, max_size=18))
def test_any_cells_are_judged(cells):
    # Lone surrogates are written as the bytes a careless program writes for them.
    row = ",".join('"' + cell.replace('"', '""') + '"' for cell in cells)
    judged(f"{HEADER}\r\n{row}\r\n".encode("utf-8", errors="surrogatepass"))


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 5_000), st.binary(min_size=1, max_size=30))
def test_a_damaged_workbook_is_judged(where, damage):
    data = workbook(TITLES, ["2026-01-01"])
    where = min(where, len(data) - 1)
    judged(data[:where] + damage + data[where + len(damage) :])
