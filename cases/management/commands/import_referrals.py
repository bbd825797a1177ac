"""``manage.py import_referrals``: referrals from a spreadsheet become reported cases."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from cases import spreadsheet
from cases.importing import Report, import_sheet, mend
from cases.writing import day
from communities.models import Community
from people.models import Person


class Command(BaseCommand):
    """Exit 0 done, 1 when some rows have problems, 2 for bad arguments."""

    help = "Make a reported case of each row of a spreadsheet. Importing it again is safe."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE", type=Path, help="CSV or .xlsx")
        parser.add_argument("--community", required=True, metavar="SLUG")
        parser.add_argument(
            "--by", required=True, metavar="USERNAME", help="somebody who may open cases there"
        )
        parser.add_argument("--dry-run", action="store_true", help="say what would be done")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        by = Person.objects.filter(username=options["by"], is_active=True).first()
        if by is None:
            raise CommandError(_("Nobody has the username %s.") % options["by"], returncode=2)
        community = Community.objects.filter(slug=options["community"]).first()
        if community is None:
            raise CommandError(
                _("There is no community called %s.") % options["community"], returncode=2
            )
        if not Community.objects.where_may_open(by, day(now)).filter(pk=community.pk).exists():
            raise CommandError(
                _("%(person)s may not open cases in %(community)s.")
                % {"person": by.username, "community": community.slug},
                returncode=2,
            )
        try:
            with options["file"].open("rb") as file:
                # One byte more than can be read, so that the reader sees it is too big.
                data = file.read(spreadsheet.MAX_BYTES + 1)
            sheet = spreadsheet.read(data, today=day(now), filename=options["file"].name)
        except OSError as error:
            raise CommandError(
                _("%(file)s cannot be read: %(why)s.")
                % {"file": options["file"], "why": error.strerror},
                returncode=2,
            ) from error
        except spreadsheet.NotASpreadsheet as error:
            raise CommandError(mend(error), returncode=2) from error
        report = import_sheet(
            sheet, community=community, by=by, now=now, dry_run=options["dry_run"]
        )
        if options["json"]:
            # In ASCII, so that nothing in the file can steer a terminal.
            self.stdout.write(json.dumps(report.as_data()))
        else:
            self.say(report)
        if report.problems:
            raise SystemExit(1)

    def say(self, report: Report) -> None:
        """Print one line for each row that is worth one, and the counts."""
        for one in report.created:
            text = _("a new case") if report.dry_run else one.reference
            self.stdout.write(_("Row %(row)s: %(text)s") % {"row": one.row.number, "text": text})
        for one in report.already:
            text = _("already here as %s") % one.reference
            self.stdout.write(_("Row %(row)s: %(text)s") % {"row": one.row.number, "text": text})
        for row in report.duplicates:
            text = _("the same as row %s") % row.duplicate_of
            self.stdout.write(_("Row %(row)s: %(text)s") % {"row": row.number, "text": text})
        for row, problem in report.problems:
            column, value = plain(problem.column), plain(problem.value)
            where = ", ".join(part for part in (column, f"“{value}”" if value else "") if part)
            text = ": ".join(part for part in (where, plain(mend(problem))) if part)
            self.stdout.write(_("Row %(row)s: %(text)s") % {"row": row.number, "text": text})
        counts = {
            "created": len(report.created),
            "already": len(report.already),
            "problems": len({row.number for row, _problem in report.problems}),
            "same": len(report.duplicates),
            "blank": report.blank,
        }
        sentence = (
            _(
                "Nothing was changed. New: %(created)s, already here: %(already)s, to mend: "
                "%(problems)s, twice in the file: %(same)s, blank: %(blank)s."
            )
            if report.dry_run
            else _(
                "New: %(created)s, already here: %(already)s, to mend: %(problems)s, twice in "
                "the file: %(same)s, blank: %(blank)s."
            )
        )
        self.stdout.write(sentence % counts)


def plain(text: str) -> str:
    """Return text on one line and without anything that steers a terminal."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
