"""``manage.py export_person USERNAME --out ZIP``: what Amends holds of one person."""

import os
import tempfile
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from journey.exporting import export
from people.models import Person


class Command(BaseCommand):
    """Exit 0 when written, 2 for a name nobody has or a file that cannot be written."""

    help = (
        "Write what Amends holds of one person, as their own pages show it, into a ZIP that only "
        "you can read. Hand it to them, and delete it. Their record says that it was made."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--out", required=True, type=Path, metavar="ZIP")

    def handle(self, *args: Any, **options: Any) -> None:
        person = Person.objects.filter(username=options["username"]).first()
        if person is None:
            raise CommandError(_("Nobody here is called %s.") % options["username"], returncode=2)
        out: Path = options["out"]
        if not out.parent.is_dir():
            raise CommandError(_("There is no folder %s.") % out.parent, returncode=2)
        content = export(person, now=timezone.now())
        try:
            _write(out, content)
        except OSError as error:
            said = {"file": out, "why": error.strerror}
            raise CommandError(_("Cannot write %(file)s: %(why)s") % said, returncode=2) from error
        self.stdout.write(str(out))


def _write(out: Path, content: bytes) -> None:
    """Write a file whole or not at all, readable by its owner alone."""
    handle, name = tempfile.mkstemp(dir=out.parent, prefix=".export-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(name).replace(out)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
