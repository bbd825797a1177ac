"""``manage.py tick``: everything that time alone causes."""

import json
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from journey import clock


class Command(BaseCommand):
    help = "Do everything that time alone causes. Safe to run often, and to miss for a month."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--now", help="Act as if it were this moment (ISO 8601).")
        parser.add_argument("--json", action="store_true", help="Print one JSON object.")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        if options["now"]:
            try:
                now = datetime.fromisoformat(options["now"])
            except ValueError as error:
                raise CommandError(
                    "--now is a moment such as 2026-11-24T09:00.", returncode=2
                ) from error
            now = now if timezone.is_aware(now) else timezone.make_aware(now)
        counts = clock.run(now)
        if options["json"]:
            self.stdout.write(json.dumps(counts, sort_keys=True))
            return
        done = {kind: count for kind, count in counts.items() if count}
        for kind, count in sorted(done.items()):
            self.stdout.write(f"{kind}: {count}")
        if not done:
            self.stdout.write("Nothing was due.")
