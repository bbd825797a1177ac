"""The bytes of a file as records of text: CSV, or the first sheet of an .xlsx."""

import csv
import io
import warnings
import zipfile
from collections.abc import Iterator
from datetime import datetime

from cases.spreadsheet.columns import HEADER_SEARCH, MAX_COLUMNS, find_header, headings_of
from cases.spreadsheet.mends import NotASpreadsheet

MAX_BYTES = 10_000_000
MAX_UNPACKED = 100_000_000
MAX_ROWS = 10_000

# The csv module's own limit (131,072) would end the reading of a whole file at one long
# cell; the file is already bounded by MAX_BYTES, and a long cell is a problem of its row.
csv.field_size_limit(MAX_BYTES + 1_000)


def table(data: bytes) -> tuple[list[list[str]], str, str]:
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
        index = find_header(start)
        beginnings[delimiter] = len(headings_of(start[index])) if index >= 0 else 0
    delimiter = max(beginnings, key=lambda key: beginnings[key])
    if not beginnings[delimiter]:
        raise NotASpreadsheet("no_header")
    return list(_records(text, delimiter)), encoding, delimiter


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
