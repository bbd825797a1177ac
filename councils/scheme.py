"""rj-draw/v1: what a committed draw is, how a beacon picks from it, and how to check one.

    python verify_draw.py FILE.json [--features FILE]

Standard library only (Python 3.9 or newer), and no file of this project: people download
this very file as ``verify_draw.py`` and check a draw on a machine that has nothing else.

The scheme is described in ``docs/draw.md``. Hashes are SHA-256 (FIPS 180-4); the key
is HKDF-Extract (RFC 5869, section 2.2) with the commitment as its salt.
``static/js/verify-draw.js`` makes the same checks in a browser, under the same codes.
"""

from __future__ import annotations

import argparse
import hashlib
import hmac
import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

DRAW = "rj-draw/v1"
REPLACEMENT = "rj-draw/v1-replacement"
PANELS = 1000
LEAST_THROWS = 50
LARGEST = 2**53 - 1  # beyond it JavaScript no longer tells one whole number from the next
HEX = set("0123456789abcdef")
DEEPEST = 50  # lists and objects inside one another
ROUNDING = 5  # panels of 1,000 by which rounding the optimal lottery may move the least chance


def canon(value: Any) -> bytes:
    """Return the one way these bytes can be written: sorted keys, no spaces, no floats.

    TypeError for a float or a number beyond LARGEST anywhere, or for what JSON has no word for.
    """
    _refuse_inexact(value)
    text = json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )
    return text.encode()


def _refuse_inexact(value: Any) -> None:
    if isinstance(value, float):
        raise TypeError("A record holds no floats.")
    if isinstance(value, int) and abs(value) > LARGEST:
        raise TypeError("A record holds no number beyond 2^53 - 1.")
    if isinstance(value, dict):
        for key, inner in value.items():
            if not isinstance(key, str):
                raise TypeError("The keys of a record are text.")
            _refuse_inexact(inner)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            _refuse_inexact(inner)


def token(salt: bytes, person: dict[str, Any]) -> str:
    """Return the pseudonym of one person in one draw: 64 hex digits.

    ``person`` is ``{"member": id, feature: value, …}``; ``salt`` 16 random bytes.
    """
    if len(salt) != 16:
        raise ValueError("A salt is 16 bytes.")
    return hashlib.sha256(b"rj-roster/v1\0" + salt + canon(person)).hexdigest()


def commitment(record: dict[str, Any]) -> bytes:
    """Return the 32 bytes that stand for a record, whichever of the two schemes it is."""
    return hashlib.sha256(record["scheme"].encode() + b"\0" + canon(record)).digest()


def extract(committed: bytes, beacon: bytes) -> bytes:
    """Return PRK: what commitment and beacon make together (HKDF-Extract)."""
    return hmac.digest(committed, beacon, "sha256")


def index(prk: bytes, panels: int) -> int:
    """Return which of so many panels the key picks, each equally likely."""
    limit = 2**256 // panels * panels
    counter = 0
    while True:
        message = b"rj-draw/v1/panel" + counter.to_bytes(4, "big") + b"\x01"
        value = int.from_bytes(hmac.digest(prk, message, "sha256"), "big")
        if value < limit:
            return value % panels
        counter += 1


def order(prk: bytes, tokens: Iterable[str]) -> list[str]:
    """Return these tokens in the hashed order of the key."""

    def place(one: str) -> bytes:
        return hmac.digest(prk, b"rj-draw/v1/order\0" + one.encode() + b"\x01", "sha256")

    return sorted(tokens, key=lambda one: (place(one), one))


def dice(digits: str) -> bytes:
    """Return the beacon of a row of throws, as ASCII digits 1 to 6. ValueError if too few."""
    if len(digits) < LEAST_THROWS or set(digits) - set("123456"):
        raise ValueError(f"At least {LEAST_THROWS} throws, each 1 to 6.")
    return hashlib.sha256(b"rj-draw/v1/dice\0" + digits.encode("ascii")).digest()


def contribution(secret: bytes) -> str:
    """Return what a contributor publishes before the commitment. ValueError unless 32 bytes."""
    if len(secret) != 32:
        raise ValueError("A contribution is 32 bytes.")
    return hashlib.sha256(b"rj-draw/v1/contribution\0" + secret).hexdigest()


def contributions(secrets: Iterable[bytes]) -> bytes:
    """Return the beacon of the secrets that were revealed, in the order of their hashes."""
    revealed = sorted(secrets, key=contribution)
    return hashlib.sha256(b"rj-draw/v1/contributions\0" + b"".join(revealed)).digest()


def sources(beacons: Sequence[bytes]) -> bytes:
    """Return one beacon of several, in the record's order; one alone is itself."""
    if len(beacons) == 1:
        return beacons[0]
    return hashlib.sha256(b"rj-draw/v1/sources\0" + b"".join(beacons)).digest()


# From here on: checking. A check has a stable code; nothing below raises, whatever it is given.

# What each check says where it holds, and where it does not.
WORDS = {
    "readable": ("This is a JSON object.", "This is no JSON object, or one nested too deep."),
    "record": ("It holds a record.", "It holds no record."),
    "canonical": ("The record can be written in one way.", "{why}"),
    "scheme": ("The scheme is known.", "The scheme of the record is not known."),
    "council": ("The record names a council.", "The record names no council."),
    "eligible": ("The eligible are sorted, each once.", "The eligible are none, or not sorted."),
    "quotas": ("The quotas are well formed.", "A quota is not [feature, value, min, max]."),
    "announced": ("The record says what decides.", "What is to decide is malformed."),
    "size": ("The size is a number of seats.", "The size is no number of seats."),
    "thousand": ("There are 1,000 panels.", "There are not 1,000 panels."),
    "panels": ("Every panel is sorted, full and eligible.", "Panel {number} is not as it must be."),
    "excluded": ("Nobody excluded is eligible.", "The excluded are malformed, or eligible too."),
    "of": ("The record names the draw before.", "The record names no draw before."),
    "seated": ("Nobody seated is eligible.", "The seated are malformed, or eligible too."),
    "vacant": ("The record says how many seats are vacant.", "The record has no vacant seat."),
    "commitment": ("The commitment is the record's hash.", "The record's hash is {hash}."),
    "tokens": ("Every id has a token.", "An id has no token of its own."),
    "beacon": ("The beacon is right in form, or awaited.", "The beacon is not 64 hex digits."),
    "early": ("There is no result yet.", "There is a result, but no beacon."),
    "sources": ("Each source is as announced.", "A source is not what the record announced."),
    "made_of": ("The sources give the beacon.", "The sources give another beacon."),
    "index": ("The beacon picks panel {picked}.", "The beacon picks panel {picked}, not this one."),
    "panel": ("These people are that panel.", "These people are not panel {picked}."),
    "order": ("The order is the beacon's.", "The beacon gives another order."),
    "seat": ("Who is seated was eligible.", "Who is seated was not eligible, or is said twice."),
    "count": ("It says 1,000 panels.", "It does not say 1,000 panels."),
    "chances": ("Each chance is that person's panels / 1,000.", "A chance is not panels / 1,000."),
    "min_chance": (
        "The least chance is {least} / 1,000; min_chance, before rounding, is near it.",
        "The least chance is {least} / 1,000; min_chance is too far from it.",
    ),
    "features": ("Everybody's features are here.", "Somebody's features are missing."),
    "quotas_met": ("Every quota is met.", "Panel {number} misses a quota."),
    "first": ("Who is seated was the first who fits.", "Somebody before them fits too."),
}  # fmt: skip


class Check(NamedTuple):
    """One thing looked at: its code, whether it is right, and what was found, in English."""

    code: str
    ok: bool
    detail: str


def _check(code: str, ok: bool, **found: Any) -> Check:
    return Check(code, ok, WORDS[code][0 if ok else 1].format(**found))


def read(data: bytes) -> Any:
    """Return what a JSON file holds. ValueError unless every reader reads it the same way.

    UTF-8; a name twice in one object is refused, and so are NaN and Infinity. A whole
    number of more digits than any record may hold becomes a float, which `canon` refuses.
    """
    try:
        return json.loads(
            data.decode("utf-8-sig"),
            object_pairs_hook=_object,
            parse_int=lambda digits: int(digits) if len(digits) <= 17 else float(digits),
            parse_constant=_no_constant,
        )
    except RecursionError:
        raise ValueError("Too many lists inside lists.") from None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise ValueError("A name stands twice in one object.")
    return made


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON.")


def checks(document: Any, features: Any = None) -> list[Check]:
    """Return the checks of one document, in order; they end where the rest would mean nothing.

    ``document`` is ``{"record", "commitment", …}`` as published (tokens), or as ``draw --json``
    prints it (ids, and ``"tokens": {id: token}``). ``features``, which an auditor holds, is
    ``{token or id: {feature: value}}``. No solver is run again.
    """
    return list(_checks(document, features))


def _checks(document: Any, features: Any) -> Iterator[Check]:
    yield _check("readable", good := isinstance(document, dict) and _sound(document))
    if not good:
        return
    yield _check("record", good := isinstance(record := document.get("record"), dict))
    if not good:
        return
    try:
        canon(record)
    except TypeError as problem:
        yield _check("canonical", False, why=problem)
        return
    yield _check("canonical", True)
    yield _check("scheme", good := record.get("scheme") in (DRAW, REPLACEMENT))
    if not good:
        return
    forms = [*_common_form(record)]
    forms += _draw_form(record) if record["scheme"] == DRAW else _replacement_form(record)
    yield from forms
    digest = commitment(record).hex()
    yield _check("commitment", document.get("commitment") == digest, hash=digest)
    if all(form.ok for form in forms):
        yield from _results(document, record, features)


def _sound(value: Any, depth: int = 1) -> bool:
    """Say whether this is JSON, not too deep, and without halves of characters."""
    if isinstance(value, str):
        return value.isascii() or not any("\ud800" <= sign <= "\udfff" for sign in value)
    if isinstance(value, dict):
        value = [*value.values(), *(key if isinstance(key, str) else () for key in value)]
    if isinstance(value, list):
        return depth <= DEEPEST and all(_sound(inner, depth + 1) for inner in value)
    return value is None or isinstance(value, (bool, int, float))


def _whole(value: Any, least: int = 0) -> bool:
    return type(value) is int and value >= least


def _hex(value: Any, digits: int = 64) -> bool:
    return isinstance(value, str) and len(value) == digits and not set(value) - HEX


def _hexes(value: Any) -> bool:
    """Say whether this is a list of 64 hex digits each, none of them twice."""
    return isinstance(value, list) and all(map(_hex, value)) and len(set(value)) == len(value)


def _common_form(record: Any) -> Iterator[Check]:
    yield _check("council", isinstance(record.get("council"), str))
    eligible, quotas = record.get("eligible"), record.get("quotas")
    yield _check("eligible", _hexes(eligible) and eligible == sorted(eligible) != [])
    yield _check("quotas", isinstance(quotas, list) and all(map(_quota, quotas)))
    yield _check("announced", _announced(record.get("beacon")))


def _draw_form(record: Any) -> Iterator[Check]:
    yield _check("size", _whole(size := record.get("size"), 1))
    panels, out = record.get("panels"), record.get("excluded")
    yield _check("thousand", good := isinstance(panels, list) and len(panels) == PANELS)
    eligible = set(record["eligible"]) if _hexes(record.get("eligible")) else set()
    if good:
        bad = [
            number
            for number, panel in enumerate(panels)
            if not (_hexes(panel) and panel == sorted(panel) and len(panel) == size)
            or not eligible.issuperset(panel)
        ]
        yield _check("panels", not bad, number=bad[0] if bad else 0)
    good = isinstance(out, list) and all(
        isinstance(one, dict) and isinstance(one.get("reason"), str) for one in out
    )
    gone = [one.get("token") for one in out] if good else []
    yield _check("excluded", good and _hexes(gone) and eligible.isdisjoint(gone))


def _replacement_form(record: Any) -> Iterator[Check]:
    yield _check("of", _hex(record.get("of")))
    seated, eligible = record.get("seated"), record.get("eligible")
    good = _hexes(seated) and _hexes(eligible) and set(seated).isdisjoint(eligible)
    yield _check("seated", good)
    yield _check("vacant", _whole(record.get("vacant"), 1))


def _quota(quota: Any) -> bool:
    if not (isinstance(quota, list) and len(quota) == 4):
        return False
    named = isinstance(quota[0], str) and isinstance(quota[1], str)
    return named and _whole(quota[2]) and _whole(quota[3], quota[2])


def _announced(beacon: Any) -> bool:
    if not isinstance(beacon, dict) or "sources" not in beacon:
        return isinstance(beacon, dict)  # a description in the maker's own words
    told = beacon["sources"]
    if not isinstance(told, list) or not all(map(_source, told)):
        return False
    # Whoever reveals last could choose, so contributions need a source beside them.
    return any(one["kind"] != "contributions" for one in told)


def _source(one: Any) -> bool:
    kind = one.get("kind") if isinstance(one, dict) else None
    if kind == "drand":
        named = isinstance(one.get("network"), str) and _hex(one.get("chain"))
        return named and _whole(one.get("round"), 1)
    if kind == "dice":
        return _whole(one.get("throws"), LEAST_THROWS)
    return kind == "contributions" and _hexes(one.get("hashes"))


def _made(told: Any, given: Any) -> bytes | None:
    """Return the bytes of one source; None where it is not what was announced."""
    if not isinstance(given, dict) or given.get("kind") != told["kind"]:
        return None
    get: Any = given.get
    if told["kind"] == "drand":
        signature, number = get("signature"), get("round")
        if not (_hex(signature, 96) or _hex(signature, 192)):  # a point of G1, or of G2
            return None
        randomness = hashlib.sha256(bytes.fromhex(signature))
        same = _whole(number) and number == told["round"]
        same = same and get("randomness") == randomness.hexdigest()
        return randomness.digest() if same else None
    if told["kind"] == "dice":
        # Exactly as many as announced: who may go on throwing may stop where they like it.
        digits = get("digits")
        good = isinstance(digits, str) and len(digits) == told["throws"]
        return dice(digits) if good and not set(digits) - set("123456") else None
    secrets, left_out = get("revealed"), get("left_out")
    if not (_hexes(secrets) and _hexes(left_out)):
        return None
    revealed = [bytes.fromhex(secret) for secret in secrets]
    same = sorted([*map(contribution, revealed), *left_out]) == sorted(told["hashes"])
    return contributions(revealed) if same else None


def _results(document: Any, record: Any, features: Any) -> Iterator[Check]:
    names = document.get("tokens")
    if names is not None:
        good = isinstance(names, dict) and _hexes([*names.values()])
        yield _check("tokens", good)
        if not good:
            return
    else:
        names = {one: one for one in record["eligible"]}
    yield from _beacon(document, record)
    beacon = document.get("beacon")
    if _hex(beacon):
        prk = extract(commitment(record), bytes.fromhex(beacon))
        yield from (_pick if record["scheme"] == DRAW else _seat)(document, record, prk, names)
    if record["scheme"] == DRAW:
        yield from _chances(document, record, names)
    if features is not None:
        yield from _quotas_met(document, record, features, names)


def _beacon(document: Any, record: Any) -> Iterator[Check]:
    beacon, given = document.get("beacon"), document.get("sources")
    yield _check("beacon", beacon is None or _hex(beacon))
    if beacon is None:
        results = map(document.get, ("index", "panel", "seat", "order"))
        yield _check("early", all(one is None for one in results))
    if given is None:
        return
    told, made = record["beacon"].get("sources"), []
    if told and isinstance(given, list) and len(told) == len(given):
        made = [_made(one, given[place]) for place, one in enumerate(told)]
    parts = [one for one in made if one is not None]
    yield _check("sources", good := bool(parts) and len(parts) == len(made))
    if good and beacon is not None:
        yield _check("made_of", sources(parts).hex() == beacon)


def _named(listed: Any, names: dict[str, str]) -> list[str]:
    """Return a list of ids or tokens as tokens; an empty word for who is not known."""
    everybody = listed if isinstance(listed, list) else [None]
    return [names.get(one, "") if isinstance(one, str) else "" for one in everybody]


def _pick(document: Any, record: Any, prk: bytes, names: dict[str, str]) -> Iterator[Check]:
    picked, given = index(prk, PANELS), document.get("index")
    yield _check("index", _whole(given) and given == picked, picked=picked)
    panel = record["panels"][picked]
    yield _check("panel", sorted(_named(document.get("panel"), names)) == panel, picked=picked)
    if document.get("order") is not None:
        rest = order(prk, set(record["eligible"]) - set(panel))
        yield _check("order", _named(document["order"], names) == rest)


def _seat(document: Any, record: Any, prk: bytes, names: dict[str, str]) -> Iterator[Check]:
    yield _check("order", _named(document.get("order"), names) == order(prk, record["eligible"]))
    seats = _seats(document, names)
    yield _check("seat", len(set(seats)) <= 1 and set(seats) <= set(record["eligible"]))


def _seats(document: Any, names: dict[str, str]) -> list[str]:
    """Return who a replacement seated, as often as it says so: "panel" [one], "seat" one."""
    panel, seat = document.get("panel"), document.get("seat")
    seated = [] if panel is None else _named(panel, names) or [""]
    return seated if seat is None else [*seated, *_named([seat], names)]


def _chances(document: Any, record: Any, names: dict[str, str]) -> Iterator[Check]:
    counts = Counter(member for panel in record["panels"] for member in panel)
    if (said := document.get("panels")) is not None:
        yield _check("count", _whole(said) and said == PANELS)
    if (given := document.get("chances")) is not None:
        said = given if isinstance(given, dict) else {}
        whose = {names.get(key, ""): chance for key, chance in said.items()}
        good = len(whose) == len(said) and sorted(whose) == record["eligible"]
        good = good and all(_near(chance, counts[one], 1e-6) for one, chance in whose.items())
        yield _check("chances", good)
    if (said := document.get("min_chance")) is not None:
        least = min(counts[one] for one in record["eligible"])
        yield _check("min_chance", _near(said, least, ROUNDING + 1e-6), least=least)


def _near(chance: Any, count: int, within: float) -> bool:
    return type(chance) in (int, float) and abs(chance * PANELS - count) <= within


def _quotas_met(
    document: Any, record: Any, features: Any, names: dict[str, str]
) -> Iterator[Check]:
    given = features if isinstance(features, dict) else {}
    known = {names.get(key, key): one for key, one in given.items() if isinstance(one, dict)}
    yield _check("features", good := known.keys() >= set(record["eligible"]))
    if not good:
        return

    def meets(panel: list[str]) -> bool:
        return all(
            least <= sum(known[one].get(feature) == value for one in panel) <= most
            for feature, value, least, most in record["quotas"]
        )

    if record["scheme"] == DRAW:
        bad = [number for number, panel in enumerate(record["panels"]) if not meets(panel)]
        yield _check("quotas_met", not bad, number=bad[0] if bad else 0)
    elif record["vacant"] == 1 and document.get("beacon") is not None:
        # With more seats vacant, who leaves the rest reachable is a search; this file runs none.
        walked = [one for one in _named(document.get("order"), names) if one in known]
        first = next((one for one in walked if meets([one])), "")
        yield _check("first", {*_seats(document, names)} == ({first} if first else set()))


def main(argv: Sequence[str] | None = None) -> int:
    """Check one file and print what was found: 0 all right, 1 something is not, 2 unreadable."""
    parser = argparse.ArgumentParser(description="Check a draw made under rj-draw/v1.")
    parser.add_argument("file", help="the published draw, a JSON file")
    parser.add_argument("--features", help="for auditors: {token: {feature: value}}, a JSON file")
    options = parser.parse_args(argv)
    try:
        document = read(Path(options.file).read_bytes())
        features = read(Path(options.features).read_bytes()) if options.features else None
    except (OSError, ValueError) as problem:
        print(f"Cannot read that: {str(problem)!a}", file=sys.stderr)
        return 2
    found = checks(document, features)
    for check in found:
        print(f"{'ok  ' if check.ok else 'NOT '} {check.code}: {check.detail}")
    wrong = [check.code for check in found if not check.ok]
    print(f"Does not recompute: {', '.join(wrong)}." if wrong else "Everything recomputes.")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
