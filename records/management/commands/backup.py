"""``manage.py backup DIR``: database and files, consistent, with digests. Never the keys."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from records.copies import FolderTaken, ToolFailed, backup


class Command(BaseCommand):
    """Exit 0 when made, 1 when it could not be, 2 for a folder that holds something already."""

    help = (
        "Copy the database and all files into a new folder, while people work. The record keys "
        "are not in it: keep RECORD_KEYS somewhere else, or nobody can read the copy."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, metavar="DIR", help="a new or empty folder")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        now, folder = timezone.now(), options["folder"]
        try:
            manifest = backup(folder, now=now)
        except FolderTaken as error:
            other = folder.with_name(f"{folder.name}-{now:%Y-%m-%d-%H%M%S}")
            said = {"folder": folder, "other": other}
            raise CommandError(
                _("%(folder)s holds something already. Name a new folder, such as %(other)s.")
                % said,
                returncode=2,
            ) from error
        except (ToolFailed, OSError) as error:
            raise CommandError(str(error)) from error
        keys = sorted(manifest["keys"])
        if options["json"]:
            found = {"folder": str(folder), "files": len(manifest["files"]), "keys": keys}
            self.stdout.write(json.dumps(found))
            return
        self.stdout.write(str(folder))
        self.stdout.write(
            _("To read it, RECORD_KEYS must hold: %s. The keys are not in it.") % ", ".join(keys)
        )
