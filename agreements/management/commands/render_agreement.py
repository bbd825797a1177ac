"""``render_agreement REFERENCE --out FILE.pdf [--lang xx]``: the agreement on paper."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone, translation

from agreements import pdf
from agreements.paper import paper_of
from agreements.querysets import newest_for
from cases.models import Case


class Command(BaseCommand):
    """Print the newest agreement of a case into a file."""

    help = "Write the newest agreement of a case as PDF/UA-1 and PDF/A-2a."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("reference", help="The case, such as RJ-7K3F-92QD.")
        parser.add_argument("--out", required=True, type=Path, help="The file to write.")
        parser.add_argument("--lang", default="en", help="The language of labels and dates.")

    def handle(self, *args: Any, **options: Any) -> None:
        case = Case.objects.filter(reference=options["reference"]).first()
        agreement = newest_for(case) if case else None
        if agreement is None:
            raise CommandError(f"There is no agreement in a case {options['reference']}.")
        language = options["lang"]
        try:
            translation.get_language_info(language)
        except KeyError as unknown:
            raise CommandError(f"Not a language that can be printed: {language}") from unknown
        document = pdf.render(
            paper_of(agreement, language, timezone.localdate()), language=language
        )
        try:
            options["out"].write_bytes(document)
        except OSError as error:
            raise CommandError(f"Cannot write {options['out']}: {error.strerror}") from error
        self.stdout.write(str(options["out"]))
