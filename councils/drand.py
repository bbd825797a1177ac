"""Rounds of drand, a public source of randomness that nobody in a community controls.

Every few seconds several organisations together sign the number of a round. The signature
cannot be known before enough of them have made it, has one value only, and anybody can check
it against the network's public key. The randomness of a round is the SHA-256 of its signature.

Source: the drand specification (https://docs.drand.love/docs/specification/), scheme
``bls-unchained-g1-rfc9380``: BLS signatures on G1 of BLS12-381, keys on G2, hashing to the
curve by RFC 9380. Pure: nothing here asks a server or a clock.
"""

import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime

from py_arkworks_bls12381 import GT, G1Point, G2Point

SUITE = b"BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_"
LAST = 2**36  # some 6,000 years of rounds; later ones have no date here
HEX = re.compile("(?:[0-9a-f]{2})*")


@dataclass(frozen=True)
class Network:
    """One drand chain: ``genesis`` in seconds since 1970, ``period`` in seconds, the rest hex."""

    name: str
    chain: str
    public_key: str
    genesis: int
    period: int


# What its own /info says; the chain's hash stands for all of it.
QUICKNET = Network(
    name="quicknet",
    chain="52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971",
    public_key=(
        "83cf0f2896adee7eb8b5f01fcad3912212c437e0073e911fb90022d3e760183c"
        "8c4b450b6a0a6c3ac6a5776a2d1064510d1fec758c921cc22b0e17e63aaf4bcb"
        "5ed66304de9cf809bd274ca73bab4af5a6e9c76a4bc09e76eae8991ef5ece45a"
    ),
    genesis=1692803367,
    period=3,
)
NETWORKS = {QUICKNET.name: QUICKNET}


def time_of(network: Network, number: int) -> datetime:
    """Return when a round is due. ValueError unless it is from 1 to LAST."""
    if not 1 <= number <= LAST:
        raise ValueError("Rounds begin at 1, and end with the calendar.")
    return datetime.fromtimestamp(network.genesis + (number - 1) * network.period, UTC)


def round_after(network: Network, moment: datetime) -> int:
    """Return the first round that is due after this moment, so that nobody knows it yet."""
    if moment.tzinfo is None:
        raise ValueError("A moment has a time zone.")
    begun = int(moment.timestamp() // 1) - network.genesis
    return max(1, begun // network.period + 2)


def check_round(
    network: Network, number: int, signature: str, randomness: str, now: datetime | None = None
) -> list[str]:
    """Return what is wrong with a round as somebody brought it; nothing where it is genuine.

    ``signature`` and ``randomness`` are lower-case hex. Codes: ``not_a_round``, ``too_early``
    (due after ``now``), ``not_hex``, ``wrong_randomness`` (not the signature's hash),
    ``wrong_signature`` (not the network's, or of another round).
    """
    if not 1 <= number <= LAST:
        return ["not_a_round"]
    problems = []
    if now is not None and time_of(network, number) > now:
        problems.append("too_early")
    if not (HEX.fullmatch(signature) and HEX.fullmatch(randomness)):
        return [*problems, "not_hex"]
    signed = bytes.fromhex(signature)
    if hashlib.sha256(signed).hexdigest() != randomness:
        problems.append("wrong_randomness")
    if not _signed(network, number, signed):
        problems.append("wrong_signature")
    return problems


def _signed(network: Network, number: int, signature: bytes) -> bool:
    """Say whether the network signed this round: e(signature, g2) = e(H(round), key)."""
    try:
        point = G1Point.from_compressed_bytes(signature)
    except ValueError:
        return False
    message = hashlib.sha256(number.to_bytes(8, "big")).digest()
    key = G2Point.from_compressed_bytes(bytes.fromhex(network.public_key))
    hashed = G1Point.hash_to_curve(message, SUITE)
    return GT.pairing_check([point, -hashed], [G2Point(), key])
