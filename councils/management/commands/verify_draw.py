"""verify_draw: does a draw recompute?"""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from councils import scheme


class Command(BaseCommand):
    """Exit 0 when everything recomputes, 1 when something does not, 2 for what cannot be read."""

    help = "Check a draw, as published or as `draw --json` printed it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE.json", type=Path)
        parser.add_argument(
            "--features",
            metavar="FILE",
            type=Path,
            help="for auditors: a JSON object, token or id → {feature: value}",
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        features = read(options["features"]) if options["features"] else None
        found = scheme.checks(read(options["file"]), features)
        wrong = [check.code for check in found if not check.ok]
        if options["json"]:
            checks = [check._asdict() for check in found]
            self.stdout.write(json.dumps({"ok": not wrong, "checks": checks}))
        else:
            for check in found:
                sign = _("right") if check.ok else _("WRONG")
                self.stdout.write(f"{sign} {check.code}: {check.detail}")
            self.stdout.write(
                _("Does not recompute: %s.") % ", ".join(wrong)
                if wrong
                else _("Everything recomputes.")
            )
        if wrong:
            raise SystemExit(1)


def read(path: Path) -> Any:
    """Return what a JSON file holds. CommandError with exit code 2 where it cannot be read."""
    try:
        return scheme.read(path.read_bytes())
    except (OSError, ValueError) as problem:
        raise CommandError(
            _("%(file)s cannot be read: %(why)s") % {"file": path, "why": problem}, returncode=2
        ) from problem
