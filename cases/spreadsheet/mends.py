"""Why a file, a row or a date cannot be read, and how to mend it: one sentence for each code."""

from dataclasses import dataclass, field


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
