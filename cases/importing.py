"""Referrals from a programme's spreadsheet become reported cases.

In: a ``Sheet`` that ``cases.spreadsheet`` has read. Out: a ``Report`` of what became of each
row. A row is one transaction: it becomes a whole case or nothing. A row that is a case of this
community already is found by its fingerprint, so the same file can be imported again safely.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cases.access import require
from cases.actions import NewParty, open_case
from cases.models import Case, Party
from cases.spreadsheet import MENDS, Contact, NotASpreadsheet, Problem, Referral, Row, Sheet
from cases.writing import day
from communities.models import Community
from people.models import Person
from people.rules import is_minor
from records.sealed import blind_index

# The kinds a title may name. A programme's own word could tell the story, and everybody in
# the case reads the title: so any other word stays in the referral, which is sealed.
KINDS = {
    "damage": _("Damage"),
    "property": _("Property"),
    "violence": _("Violence"),
    "harassment": _("Harassment"),
    "discrimination": _("Discrimination"),
    "online": _("Online"),
    "money": _("Money"),
    "theft": _("Theft"),
    "resources": _("Shared resources"),
    "environment": _("Environment"),
    "neighbours": _("Neighbours"),
    "workplace": _("Workplace"),
}
SLICE = 500  # fingerprints looked up at once


@dataclass(frozen=True)
class Made:
    """A row and the case it is. ``reference`` is "" for a case that is not made yet."""

    row: Row
    reference: str = ""


@dataclass(frozen=True)
class Report:
    """What became of each row. ``waiting`` counts ready rows left for another time."""

    dry_run: bool
    created: list[Made] = field(default_factory=list)
    already: list[Made] = field(default_factory=list)
    problems: list[tuple[Row, Problem]] = field(default_factory=list)
    blank: int = 0
    duplicates: list[Row] = field(default_factory=list)
    waiting: int = 0

    def as_data(self) -> dict[str, Any]:
        """Return the object that ``import_referrals --json`` prints."""
        return {
            "created": [
                {"row": one.row.number, "reference": one.reference or None} for one in self.created
            ],
            "already": [
                {"row": one.row.number, "reference": one.reference} for one in self.already
            ],
            "problems": [
                {
                    "row": row.number,
                    "code": problem.code,
                    "column": problem.column,
                    "value": problem.value,
                    "mend": mend(problem),
                }
                for row, problem in self.problems
            ],
            "blank": self.blank,
            "duplicates": [{"row": row.number, "of": row.duplicate_of} for row in self.duplicates],
            "dry_run": self.dry_run,
        }


def mend(problem: Problem | NotASpreadsheet) -> str:
    """Say how to mend something, in the reader's language."""
    return gettext(MENDS[problem.code]) % problem.params


def mark_of(row: Row, community: Community) -> str:
    """Return what a case keeps to be found again by its row.

    It is computed with a key, so that a copy of the database does not let anybody guess at
    rows; and for one community, so that no other learns that the case exists.
    """
    return blind_index(f"{community.pk}|{row.fingerprint}")


def title_of(referral: Referral) -> str:
    """Return a neutral title such as "Damage, 4 July 2026"; never a word of the story."""
    kind = KINDS.get(referral.kind, _("Referral"))
    on = date_format(referral.happened_on or referral.referred_on, gettext("j F Y"))
    return gettext("%(kind)s, %(day)s") % {"kind": kind, "day": on}


def parties_of(referral: Referral, *, today: date) -> list[NewParty]:
    """Return everybody named on either side.

    The row has one contact for each side and one date of birth, and does not say whose they
    are where it names several. The contact goes to the first; the date of birth to the first
    who is a human being. Mediators see the rest in the referral.
    """
    found = []
    born = referral.responsible_born_on
    for number, one in enumerate(referral.harmed):
        contact = referral.harmed_contact if number == 0 else Contact()
        found.append(
            NewParty(
                role=Party.Role.HARMED,
                name=one.name,
                language=referral.harmed_language or "en",
                contact_kind="" if contact.kind == "none" else contact.kind,
                contact=contact.value,
                is_organisation=one.is_organisation,
                # Whose home it is, the note does not say: nobody is written to.
                do_not_write=referral.do_not_write,
            )
        )
    for number, one in enumerate(referral.responsible):
        contact = referral.responsible_contact if number == 0 else Contact()
        born_on = None if one.is_organisation else born
        born = born if one.is_organisation else None
        found.append(
            NewParty(
                role=Party.Role.RESPONSIBLE,
                name=one.name,
                contact_kind="" if contact.kind == "none" else contact.kind,
                contact=contact.value,
                is_organisation=one.is_organisation,
                born_on=born_on,
                minor=is_minor(born_on, today=today),
                do_not_write=referral.do_not_write,
            )
        )
    return found


def beside(referral: Referral) -> dict[str, Any]:
    """Return what the row says besides the case itself; empty cells are left out.

    The guardian is only a name here: a mediator gives them their place after speaking
    with them.
    """
    born = referral.responsible_born_on
    said = {
        "source": "spreadsheet",
        "referred_by": referral.referred_by,
        "agency": referral.agency,
        "their_reference": referral.their_reference,
        "kind": referral.kind,
        "guardian": referral.guardian,
        "access_needs": referral.access_needs,
        "hoped_for": referral.hoped_for,
        "notes": referral.notes,
        "call_after": referral.call_after,
        "harmed_contact": referral.harmed_contact.also or referral.harmed_contact.value,
        "responsible_contact": (
            referral.responsible_contact.also or referral.responsible_contact.value
        ),
        "responsible_born_on": born.isoformat() if born else "",
    }
    return {name: text for name, text in said.items() if text}


def import_row(row: Row, *, community: Community, by: Person, now: datetime) -> Case:
    """Make a whole case of one ready row, or nothing. IntegrityError when it is there already."""
    referral = row.referral
    if referral is None:
        raise ValueError(f"Row {row.number} is not ready.")
    with transaction.atomic():
        return open_case(
            community=community,
            title=title_of(referral),
            account=referral.account,
            parties=parties_of(referral, today=day(now)),
            by=by,
            now=now,
            happened_on=referral.happened_on,
            referred_on=referral.referred_on,
            kind=referral.kind if referral.kind in KINDS else "",
            urgent=referral.urgent,
            referral=beside(referral),
            fingerprint=mark_of(row, community),
        )


def _known(marks: Iterable[str]) -> dict[str, str]:
    """Return the references of the cases that have one of these marks."""
    wanted = list(marks)
    found: dict[str, str] = {}
    for start in range(0, len(wanted), SLICE):
        cases = Case.objects.filter(fingerprint__in=wanted[start : start + SLICE])
        for mark, reference in cases.values_list("fingerprint", "reference"):
            found[str(mark)] = reference
    return found


def import_sheet(
    sheet: Sheet,
    *,
    community: Community,
    by: Person,
    now: datetime,
    dry_run: bool = False,
    at_most: int | None = None,
) -> Report:
    """Make a reported case of each ready row that is none yet.

    ``dry_run`` changes nothing. ``at_most`` ends after so many new cases; the next call goes
    on. Raises Hidden for who may not open cases in this community.
    """
    allowed = Community.objects.where_may_open(by, day(now))
    require(by.is_active and allowed.filter(pk=community.pk).exists())
    marks = {row.number: mark_of(row, community) for row in sheet.rows if row.status == "ready"}
    known = _known(marks.values())
    created: list[Made] = []
    already: list[Made] = []
    waiting = 0
    for row in sheet.rows:
        if row.status != "ready":
            continue
        mark = marks[row.number]
        if mark in known:
            already.append(Made(row, known[mark]))
        elif at_most is not None and len(created) >= at_most:
            waiting += 1
        elif dry_run:
            created.append(Made(row))
        else:
            try:
                case = import_row(row, community=community, by=by, now=now)
            except IntegrityError:
                # Somebody imports the same file at this moment; anything else is an error.
                meanwhile = _known([mark])
                if mark not in meanwhile:
                    raise
                already.append(Made(row, meanwhile[mark]))
            else:
                created.append(Made(row, case.reference))
    return Report(
        dry_run=dry_run,
        created=created,
        already=already,
        problems=[(row, problem) for row in sheet.rows for problem in row.problems],
        blank=sheet.count("blank"),
        duplicates=[row for row in sheet.rows if row.status == "duplicate"],
        waiting=waiting,
    )
