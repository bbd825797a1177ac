"""rotate_keys: seal everything under the newest key."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from records.actions import rotate_keys


class Command(BaseCommand):
    """Exit 0 when all is under the newest key, 1 when something could not be opened."""

    help = "Seal every sealed column anew under the first key of RECORD_KEYS. Safe to repeat."

    def handle(self, *args: Any, **options: Any) -> None:
        found = rotate_keys()
        for where in found["unreadable"]:
            self.stderr.write(_("Cannot be opened: %s") % where)
        self.stdout.write(_("%d values sealed anew.") % found["resealed"])
        if found["unreadable"]:
            raise SystemExit(1)
