"""Referrals read from a spreadsheet as programmes keep them.

In: the bytes of a file (CSV in UTF-8, UTF-16 or Windows-1252, or .xlsx). Out: a
:class:`Sheet` that says of every row whether it is ready to become a case and, when it is
not, why and how to mend it. Nothing is guessed: a date with two readings is an error.
Nothing here touches the database or evaluates a formula.
"""

from cases.spreadsheet.cells import Contact, Named, read_contact
from cases.spreadsheet.columns import ACCOUNT_LIMIT, COLUMNS
from cases.spreadsheet.dates import read_date
from cases.spreadsheet.files import MAX_BYTES, MAX_ROWS
from cases.spreadsheet.mends import MENDS, NotASpreadsheet, Problem, UnreadableDate
from cases.spreadsheet.rows import Referral, Row, Sheet, read

__all__ = [
    "ACCOUNT_LIMIT",
    "COLUMNS",
    "MAX_BYTES",
    "MAX_ROWS",
    "MENDS",
    "Contact",
    "Named",
    "NotASpreadsheet",
    "Problem",
    "Referral",
    "Row",
    "Sheet",
    "UnreadableDate",
    "read",
    "read_contact",
    "read_date",
]
