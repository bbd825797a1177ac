"""``manage.py forget``: forget the closed cases whose time is over."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone
from django.utils.translation import ngettext

from cases.writing import day
from journey import forgetting


class Command(BaseCommand):
    """Exit 0, whether or not there was something to forget. ``tick`` does the same."""

    help = "Forget closed cases whose time to be kept is over. Safe to repeat."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="count, and change nothing")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        if options["dry_run"]:
            count = len(forgetting.to_forget(day(now)))
            said = ngettext("%d case would be forgotten.", "%d cases would be forgotten.", count)
        else:
            count = forgetting.due(now)["forgotten"]
            said = ngettext("%d case forgotten.", "%d cases forgotten.", count)
        if options["json"]:
            self.stdout.write(json.dumps({"forgotten": count, "dry_run": options["dry_run"]}))
        else:
            self.stdout.write(said % count)
