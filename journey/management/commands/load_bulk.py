"""``manage.py load_bulk``: very many cases, fast, to measure with. Everybody is invented."""

import gc
import random
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, transaction
from django.utils import timezone

from communities.models import Community
from journey.management.commands._bulk_cases import Cases
from journey.management.commands._bulk_people import make_people

AT_ONCE = 1000
CACHE_KB = 200_000


class Command(BaseCommand):
    """Exit 0 when loaded, 1 where there is something already, 2 for numbers that cannot be."""

    help = (
        "Load N realistic cases in every state so far, dated back over three years, in bulk. Needs "
        "an empty database. The same seed makes the same data on the same day, but for what is "
        "sealed, which differs each time it is sealed."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--cases", type=int, required=True, metavar="N")
        parser.add_argument(
            "--people", type=int, metavar="M", help="default: half as many as cases"
        )
        parser.add_argument("--seed", type=int, default=1)

    def handle(self, *args: Any, **options: Any) -> None:
        count, people, seed = options["cases"], options["people"], options["seed"]
        people = max(150, count // 2) if people is None else people
        if count < 0 or people < 20:
            raise CommandError(
                "--cases is 0 or more, and --people 20 or more: a community needs some to choose "
                "from.",
                returncode=2,
            )
        if Community.objects.exists():
            raise CommandError("There are communities here already; this needs an empty database.")
        chance, now = random.Random(seed), timezone.now()
        if connection.vendor == "sqlite":
            # Keys come in no order: the pages they fall on should stay at hand.
            with connection.cursor() as cursor:
                cursor.execute(f"PRAGMA cache_size = -{CACHE_KB}")
        with transaction.atomic():
            places = make_people(people, chance, now=now)
        cases = Cases(places, chance, now=now)
        # Nothing here goes round in circles, and looking for it takes a fifth of the time.
        gc.disable()
        for start in range(0, count, AT_ONCE):
            with transaction.atomic():
                cases.make(min(AT_ONCE, count - start))
            if options["verbosity"] > 1:
                self.stdout.write(f"{min(count, start + AT_ONCE)} of {count}")
        gc.enable()
        self.stdout.write(f"{people} people, {count} cases.")
