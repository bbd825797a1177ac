"""rj-draw/v1: what a committed draw is, and how a beacon picks from it.

Standard library only, and no file of this project: people download this very file as
``verify_draw.py`` and check a draw on a machine that has nothing else.

The scheme is described in ``docs/draw.md``. Hashes are SHA-256 (FIPS 180-4); the key
is HKDF-Extract (RFC 5869, section 2.2) with the commitment as its salt.
"""

import hashlib
import hmac
import json
from collections.abc import Iterable, Sequence
from typing import Any

DRAW = "rj-draw/v1"
REPLACEMENT = "rj-draw/v1-replacement"
PANELS = 1000
LEAST_THROWS = 50


def canon(value: Any) -> bytes:
    """Return the one way these bytes can be written: sorted keys, no spaces, no floats.

    TypeError for a float anywhere, or for what JSON has no word for.
    """
    _refuse_floats(value)
    text = json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )
    return text.encode()


def _refuse_floats(value: Any) -> None:
    if isinstance(value, float):
        raise TypeError("A record holds no floats.")
    if isinstance(value, dict):
        for key, inner in value.items():
            if not isinstance(key, str):
                raise TypeError("The keys of a record are text.")
            _refuse_floats(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            _refuse_floats(inner)


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
