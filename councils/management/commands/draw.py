"""``manage.py draw``: a council by lot, from bare files or from a committed record."""

import json
import re
import secrets
from argparse import ArgumentTypeError
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from councils import portfolio, roster, scheme
from councils.portfolio import Person
from councils.roster import MENDS, Infeasible, NotUsable, Problem

HEX = re.compile(r"(?:[0-9a-f]{2})+", re.IGNORECASE)
SALT = re.compile(r"[0-9a-f]{32}", re.IGNORECASE)
BARE = ("pool", "quotas", "size")
WITH_BARE = ("household", "objective", "salts", "council")


class Command(BaseCommand):
    """Exit 0 drawn, 1 when no panel meets the quotas, 2 for bad arguments."""

    help = "Draw a council by lot, so that anyone can check it."

    def add_arguments(self, parser: CommandParser) -> None:
        bare = parser.add_argument_group("from bare files")
        bare.add_argument("--pool", type=Path, metavar="FILE.csv", help="id, and features")
        bare.add_argument(
            "--quotas", type=Path, metavar="FILE.csv", help="category,feature,min,max"
        )
        bare.add_argument("--size", type=int, metavar="N", help="seats")
        bare.add_argument("--household", metavar="COLUMN", help="at most one of a household")
        bare.add_argument(
            "--objective",
            choices=["maximin", "leximin"],
            help="the smallest chance as large as can be (maximin, the default), then the next",
        )
        bare.add_argument(
            "--salts", type=Path, metavar="FILE.json", help="an object, id → 32 hex digits"
        )
        bare.add_argument("--council", help="what the record calls it (default: bare-files)")
        record = parser.add_argument_group("from a committed record")
        record.add_argument("--record", type=Path, metavar="FILE.json")
        record.add_argument("--out", type=Path, metavar="FILE.json", help="the result, in tokens")
        parser.add_argument(
            "--beacon", type=beacon_of, metavar="HEX", help="randomness nobody here controls"
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        given = {name for name in (*BARE, *WITH_BARE) if options[name] is not None}
        try:
            if options["record"] and options["out"] and not given:
                self.from_record(options)
            elif given.issuperset(BARE) and not (options["record"] or options["out"]):
                self.from_files(options)
            else:
                raise refusal(
                    _("Give --pool, --quotas and --size together, or --record and --out together.")
                )
        except NotUsable as error:
            raise refusal("\n".join(mend(problem) for problem in error.problems)) from error

    def from_record(self, options: dict[str, Any]) -> None:
        """Draw from a record that was committed before, and write the result to a file."""
        record, beacon = record_and_beacon(read_json(options["record"]))
        beacon = options["beacon"] or beacon
        if beacon is None:
            raise refusal(
                _("This record waits for its beacon. When it is there, give it with --beacon.")
            )
        text = json.dumps(roster.draw(record, beacon))
        try:
            options["out"].write_text(text + "\n")
        except OSError as error:
            raise refusal(unreadable(options["out"], error)) from error
        self.stdout.write(text if options["json"] else _("Drawn: %s") % options["out"])

    def from_files(self, options: dict[str, Any]) -> None:
        """Draw from a pool and its quotas, and print the record and the result."""
        size: int = options["size"]
        objective: portfolio.Objective = options["objective"] or "maximin"
        if size < 1:
            raise refusal(_("--size is 1 or more."))
        quotas = roster.read_quotas(read(options["quotas"]))
        people = roster.read_people(read(options["pool"]), quotas, household=options["household"])
        apart = options["household"] is not None
        salts = salts_of(people, options["salts"])
        in_the_way = roster.infeasibility(people, quotas, size, one_per_household=apart)
        if in_the_way:
            self.say_infeasible(in_the_way, as_json=options["json"])
            raise SystemExit(1)
        found = portfolio.find(people, quotas, size, objective=objective, one_per_household=apart)
        tokens = {
            person.id: scheme.token(salts[person.id], roster.person_of(person, quotas))
            for person in people
        }
        beacon = options["beacon"] or secrets.token_bytes(32)
        record = roster.record_of(
            council=options["council"] or "bare-files",
            size=size,
            tokens=dict(sorted(tokens.items())),
            quotas=quotas,
            panels=found.panels,
            beacon={"source": "given" if options["beacon"] else "os"},
        )
        result = by_id(roster.draw(record, beacon), tokens, found)
        if options["json"]:
            # In ASCII, so that nothing in the files can steer a terminal.
            self.stdout.write(json.dumps(result))
        else:
            self.say(result)

    def say_infeasible(self, found: Infeasible, *, as_json: bool) -> None:
        """Print why no panel meets the quotas, and the smallest changes that would mend it."""
        why = " ".join(mend(problem) for problem in found.problems)
        if as_json:
            relaxations = [list(one) for one in found.relaxations]
            self.stdout.write(json.dumps({"infeasible": {"why": why, "relaxations": relaxations}}))
            return
        self.stdout.write(plain(why))
        if found.relaxations:
            self.stdout.write(_("The smallest change that would do:"))
        for one in found.relaxations:
            line = (
                _("  %(feature)s %(value)s: minimum %(was)s → %(to)s")
                if one.bound == "min"
                else _("  %(feature)s %(value)s: maximum %(was)s → %(to)s")
            )
            self.stdout.write(plain(line % one._asdict()))

    def say(self, result: dict[str, Any]) -> None:
        """Print who was drawn, and what makes it checkable."""
        for line in (
            _("Smallest chance: %.2f %%") % (100 * result["min_chance"]),
            _("Commitment: %s") % result["commitment"],
            _("Beacon: %s") % result["beacon"],
            _("Panel %(index)s of %(panels)s: %(ids)s")
            % {
                "index": result["index"],
                "panels": result["panels"],
                "ids": ", ".join(result["panel"]),
            },
        ):
            self.stdout.write(plain(line))


def by_id(
    result: dict[str, Any], tokens: Mapping[str, str], found: portfolio.Portfolio
) -> dict[str, Any]:
    """Return a result in tokens as one in ids, with the tokens beside it."""
    ids = {token: one for one, token in tokens.items()}
    counts = Counter(one for panel in found.panels for one in panel)
    return {
        "min_chance": round(found.min_chance, 9),
        "chances": {one: counts[one] / len(found.panels) for one in sorted(tokens)},
        "panels": result["panels"],
        "commitment": result["commitment"],
        "record": result["record"],
        "beacon": result["beacon"],
        "index": result["index"],
        "panel": sorted(ids[token] for token in result["panel"]),
        "order": [ids[token] for token in result["order"]],
        "tokens": dict(sorted(tokens.items())),
    }


def beacon_of(text: str) -> bytes:
    """Return the bytes of a beacon; the command line refuses anything but pairs of hex digits."""
    if not HEX.fullmatch(text):
        raise ArgumentTypeError(_("a beacon is pairs of hex digits, usually 64 digits"))
    return bytes.fromhex(text)


def record_and_beacon(document: Any) -> tuple[dict[str, Any], bytes | None]:
    """Take a record, or a document that holds one and perhaps the beacon's value in hex."""
    if isinstance(document, dict) and isinstance(document.get("record"), dict):
        value = document.get("beacon")
        if value is None:
            return document["record"], None
        if not (isinstance(value, str) and HEX.fullmatch(value)):
            raise refusal(_("The document's beacon is not written in hex digits."))
        return document["record"], bytes.fromhex(value)
    if isinstance(document, dict):
        return document, None
    raise refusal(_("The file holds no record of a draw."))


def salts_of(people: Sequence[Person], path: Path | None) -> dict[str, bytes]:
    """Return a salt for everybody: from the file, or 16 bytes from the operating system."""
    if path is None:
        return {person.id: secrets.token_bytes(16) for person in people}
    salts = read_json(path)
    if not isinstance(salts, dict):
        raise refusal(_("The file of salts is a JSON object, id → 32 hex digits."))
    for person in people:
        salt = salts.get(person.id)
        if not (isinstance(salt, str) and SALT.fullmatch(salt)):
            raise refusal(
                _("The file of salts has no salt of 32 hex digits for %s.") % plain(person.id)
            )
    return {person.id: bytes.fromhex(salts[person.id]) for person in people}


def read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise refusal(unreadable(path, error)) from error


def read_json(path: Path) -> Any:
    try:
        return json.loads(read(path))
    except (ValueError, RecursionError) as error:
        raise refusal(_("%s is not JSON.") % path) from error


def unreadable(path: Path, error: OSError) -> str:
    return _("%(file)s: %(why)s.") % {"file": path, "why": error.strerror}


def refusal(text: str) -> CommandError:
    return CommandError(text, returncode=2)


def mend(problem: Problem) -> str:
    """Say what is wrong and how to mend it, in the reader's language."""
    return plain(_(MENDS[problem.code]) % problem.params)


def plain(text: str) -> str:
    """Return text without anything that steers a terminal."""
    return "".join(character if character.isprintable() else " " for character in text)
