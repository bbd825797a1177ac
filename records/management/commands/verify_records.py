"""verify_records: is the record whole?"""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from records.actions import verify


class Command(BaseCommand):
    """Exit 0 when whole, 1 with the first break of each chain, 2 for a case without record."""

    help = "Check every chain and seal, and name the first broken event of each chain."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--case", metavar="REF", default="", help="only this case")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        case = options["case"]
        found = verify("case", case) if case else verify()
        if case and not found["chains"]:
            raise CommandError(_("There is no record of a case %s.") % case, returncode=2)
        whole = not found["breaks"]
        if options["json"]:
            self.stdout.write(json.dumps({"whole": whole, **found}))
        else:
            for one in found["breaks"]:
                self.stdout.write("{kind} {subject} #{seq}: {code}".format(**one))
            self.stdout.write(
                _("%(chains)d chains, %(events)d events, %(seals)d seals looked at.") % found
            )
        if not whole:
            raise SystemExit(1)
