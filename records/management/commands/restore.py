"""``manage.py restore DIR``: a backup back into an empty house."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from records.copies import NotEmpty, NotWhole, ToolFailed, restore


class Command(BaseCommand):
    """Exit 0 when restored and whole; 1 when refused or not whole; 2 where no folder is."""

    help = (
        "Restore a backup into an empty database. Digests, keys and version are checked before "
        "anything is written, and the record afterwards."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, metavar="DIR", help="what backup has made")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        folder = options["folder"]
        if not folder.is_dir():
            raise CommandError(_("There is no folder %s.") % folder, returncode=2)
        try:
            found = restore(folder)
        except NotEmpty as error:
            raise CommandError(
                _("Something is here already (%s). A backup is restored into an empty place.")
                % error
            ) from error
        except (NotWhole, ToolFailed, OSError) as error:
            raise CommandError(str(error)) from error
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
