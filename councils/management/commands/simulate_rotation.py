"""``manage.py simulate_rotation``: years of draws, before a community lives with its rules."""

import argparse
import csv
import io
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from councils import roster
from councils.management.simulated_words import picture_labels, sentences, side_by_side
from councils.portfolio import Person, Quota
from councils.rules import PoolRules
from councils.simulation import Settings, Told, Years, failure_as_data, picture, simulate, told


def whole(least: int) -> Callable[[str], int]:
    """Return what reads a whole number from ``least`` up."""

    def read(text: str) -> int:
        if not (text.isascii() and text.isdigit() and int(text) >= least):
            raise argparse.ArgumentTypeError(
                _("%(text)s is not a whole number from %(least)s up.")
                % {"text": text, "least": least}
            )
        return int(text)

    return read


def share(text: str) -> float:
    """Read a share: a number from 0 to 1."""
    try:
        number = float(text)
    except ValueError:
        number = -1
    if not 0 <= number <= 1:
        raise argparse.ArgumentTypeError(_("%s is not a share from 0 to 1.") % text)
    return number


def numbers(text: str) -> list[int]:
    """Read whole numbers separated by commas."""
    return [whole(0)(part.strip()) for part in text.split(",")]


class Command(BaseCommand):
    """Exit 0 done, 2 for bad arguments or files. Asks no database."""

    help = (
        "Simulate years of draws with the real rules: how often people serve, how long they "
        "wait, and how soon the pool or the quotas fail."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        say = parser.add_argument
        say("--people", type=whole(1), help="in the hat at the start (150, or those of the file)")
        say("--cases-per-year", type=whole(1), default=12, metavar="N")
        say("--years", type=whole(1), default=3, metavar="N")
        say("--size", type=whole(1), default=5, metavar="N", help="seats of a council")
        say("--quotas", type=Path, metavar="FILE", help="CSV: category,feature,min,max")
        say("--respondents", type=Path, metavar="FILE", help="CSV: id and a column each feature")
        say("--trial-months", type=whole(0), default=3, metavar="N")
        say("--rest-days", type=whole(0), default=90, metavar="N")
        say("--term-months", type=whole(1), default=12, metavar="N")
        say("--most-seats", type=whole(0), default=0, metavar="N", help="in a life; 0: no limit")
        say("--least-times", type=whole(1), default=3, metavar="N",
            help="how many times the seats must be in the hat")  # fmt: skip
        say("--several-per-household", action="store_true")
        say("--accept-days", type=whole(1), default=3, metavar="N")
        say("--renew", type=share, default=0.7, metavar="SHARE", help="stay for another term")
        say("--decline", type=share, default=0.25, metavar="SHARE", help="say no when drawn")
        say("--conflict", type=share, default=0.05, metavar="SHARE", help="are tied to a case")
        say("--seat-days", type=numbers, default=[60, 240], metavar="LEAST,MOST",
            help="from a full council to the end of its case")  # fmt: skip
        say("--joins-per-year", type=whole(0), metavar="N", help="(as many as leave)")
        say("--seed", type=whole(0), default=1, metavar="N")
        say("--compare-rest", type=numbers, metavar="DAYS,DAYS,…",
            help="several rest periods, side by side")  # fmt: skip
        say("--fast", action="store_true", help="panels by a random walk, not the fairest ones")
        say("--json", action="store_true", help="print one JSON object")
        say("--out", type=Path, metavar="FILE.svg", help="write a picture")

    def handle(self, *args: Any, **options: Any) -> None:
        settings = self.settings_of(options)
        rests = options["compare_rest"] or [settings.rules.rest_days]
        ran = [self.run(replace(settings, rules=replace(settings.rules, rest_days=rest)))
               for rest in rests]  # fmt: skip
        if options["out"]:
            self.draw(options["out"], *ran[0])
        if options["json"]:
            objects = [as_data(years, figures) for years, figures in ran]
            printed = {"compared": objects} if options["compare_rest"] else objects[0]
            self.stdout.write(json.dumps(printed, ensure_ascii=False, sort_keys=True))
        elif options["compare_rest"]:
            self.stdout.write("\n".join(side_by_side(ran)))
        else:
            self.stdout.write("\n".join(sentences(*ran[0])))

    def settings_of(self, options: dict[str, Any]) -> Settings:
        """Return the settings these options make; CommandError where they are none."""
        seat_days = options["seat_days"]
        if len(seat_days) != 2 or not 1 <= seat_days[0] <= seat_days[1]:
            raise CommandError(
                _("Say the days of a seat as two numbers, such as 60,240."), returncode=2
            )
        quotas: tuple[Quota, ...] = ()
        respondents: tuple[Person, ...] = ()
        try:
            if options["quotas"]:
                quotas = tuple(roster.read_quotas(options["quotas"].read_bytes()))
            if options["respondents"]:
                data = options["respondents"].read_bytes()
                home = "household" if "household" in heading(data) else None
                respondents = tuple(roster.read_people(data, quotas, household=home))
        except OSError as error:
            raise CommandError(
                _("%(file)s cannot be read: %(why)s.")
                % {"file": error.filename, "why": error.strerror},
                returncode=2,
            ) from error
        except roster.NotUsable as error:
            raise CommandError(str(error), returncode=2) from error
        return Settings(
            people=options["people"] or len(respondents) or 150,
            quotas=quotas,
            respondents=respondents,
            rules=PoolRules(
                trial_months=options["trial_months"],
                rest_days=options["rest_days"],
                most_seats=options["most_seats"],
            ),
            one_per_household=not options["several_per_household"],
            seat_days=(seat_days[0], seat_days[1]),
            **{
                name: options[name]
                for name in (
                    "cases_per_year", "years", "size", "term_months", "least_times",
                    "accept_days", "renew", "decline", "conflict", "joins_per_year", "fast",
                    "seed",
                )
            },
        )  # fmt: skip

    def run(self, settings: Settings) -> tuple[Years, Told]:
        """Simulate, and say on standard error how far it is."""
        shown = -1

        def progress(part: float) -> None:
            nonlocal shown
            year = min(settings.years, int(part * settings.years) + 1)
            if year != shown:
                shown = year
                self.stderr.write(
                    _("Rest of %(rest)s days: year %(year)s of %(years)s …")
                    % {"rest": settings.rules.rest_days, "year": year, "years": settings.years},
                    style_func=str,
                )

        years = simulate(settings, progress)
        return years, told(years)

    def draw(self, file: Path, years: Years, figures: Told) -> None:
        try:
            file.write_text(picture(years, figures, picture_labels()), encoding="utf-8")
        except OSError as error:
            raise CommandError(
                _("%(file)s cannot be written: %(why)s.") % {"file": file, "why": error.strerror},
                returncode=2,
            ) from error


def heading(data: bytes) -> list[str]:
    """Return the names in the first line of a file of people."""
    first = data.decode("utf-8-sig", errors="replace").partition("\n")[0].strip()
    delimiter = ";" if first.count(";") > first.count(",") else ","
    return next(csv.reader(io.StringIO(first), delimiter=delimiter), [])


def as_data(years: Years, figures: Told) -> dict[str, Any]:
    """Return what ``--json`` prints of one simulation."""
    settings = years.settings
    return {
        "settings": {
            "people": settings.people,
            "cases_per_year": settings.cases_per_year,
            "years": settings.years,
            "size": settings.size,
            "quotas": [list(quota) for quota in settings.quotas],
            "respondents": len(settings.respondents),
            "trial_months": settings.rules.trial_months,
            "rest_days": settings.rules.rest_days,
            "most_seats": settings.rules.most_seats,
            "term_months": settings.term_months,
            "least_times": settings.least_times,
            "one_per_household": settings.one_per_household,
            "accept_days": settings.accept_days,
            "renew": settings.renew,
            "decline": settings.decline,
            "conflict": settings.conflict,
            "seat_days": list(settings.seat_days),
            "joins_per_year": settings.joins_per_year,
            "fast": settings.fast,
            "seed": settings.seed,
        },
        **figures.as_data(),
        "months": [[one.number, one.hat, one.eligible] for one in years.months],
        "failures": [failure_as_data(one) for one in years.failures],
    }
