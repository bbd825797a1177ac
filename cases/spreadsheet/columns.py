"""The columns a programme keeps, and how their headings are recognised."""

import unicodedata

MAX_COLUMNS = 100
HEADER_SEARCH = 10  # rows of titles and notes that may stand above the column names
ACCOUNT_LIMIT = 8_000  # characters: about three printed pages of somebody's own words
TEXT_LIMIT = 2_000
LINE_LIMIT = 200

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


def _fold(heading: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", heading).casefold().split())


def headings_of(record: list[str]) -> dict[int, str]:
    """Position → field, for every heading that is known."""
    known = {}
    for position, heading in enumerate(record[:MAX_COLUMNS]):
        folded = _fold(heading[:LINE_LIMIT])
        for name, prefixes in COLUMNS.items():
            if folded.startswith(prefixes):
                known[position] = name
                break
    return known


def find_header(records: list[list[str]]) -> int:
    """The index of the record that names most columns, among the first few. -1 for none."""
    best = max(
        range(min(HEADER_SEARCH, len(records))),
        key=lambda index: len(set(headings_of(records[index]).values())),
        default=-1,
    )
    return best if best >= 0 and headings_of(records[best]) else -1


def titles_of(names: list[str]) -> str:
    """Columns as a person would look for them: their first heading each."""
    return ", ".join(COLUMNS[name][0] for name in names)
