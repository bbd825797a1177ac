"""Rounds of drand: a genuine one is taken, and nothing else."""

import hashlib
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from councils.drand import LAST, QUICKNET, check_round, round_after, time_of

REAL = json.loads((Path(__file__).parents[1] / "data/draw/quicknet_1000.json").read_text())
SIGNATURE, RANDOMNESS = REAL["signature"], REAL["randomness"]
DUE = datetime.fromtimestamp(REAL["time_of_round"], UTC)


def digest(signature: str) -> str:
    return hashlib.sha256(bytes.fromhex(signature)).hexdigest()


def test_the_constants_are_those_of_the_published_round():
    assert (QUICKNET.chain, QUICKNET.public_key) == (REAL["chain_hash"], REAL["public_key"])
    assert (QUICKNET.genesis, QUICKNET.period) == (REAL["genesis_time"], REAL["period"])


def test_a_genuine_round_has_no_problem():
    assert check_round(QUICKNET, 1000, SIGNATURE, RANDOMNESS) == []
    assert check_round(QUICKNET, 1000, SIGNATURE, RANDOMNESS, now=DUE) == []


@pytest.mark.parametrize("number", [1, 999, 1001, LAST])
def test_the_signature_of_one_round_is_not_that_of_another(number: int):
    assert check_round(QUICKNET, number, SIGNATURE, RANDOMNESS) == ["wrong_signature"]


@pytest.mark.parametrize(
    "signature",
    [
        # Another point of the curve: the same with the other sign, then the one at infinity.
        f"{int(SIGNATURE[:2], 16) ^ 0x20:02x}{SIGNATURE[2:]}",
        "c0" + "00" * 47,
        "ff" * 48,
        SIGNATURE[:-2],
        SIGNATURE + "00",
        "",
    ],
    ids=["other sign", "infinity", "no point", "short", "long", "empty"],
)
def test_what_the_network_did_not_sign_is_refused_though_its_hash_fits(signature: str):
    assert check_round(QUICKNET, 1000, signature, digest(signature)) == ["wrong_signature"]


def test_the_randomness_is_the_hash_of_the_signature():
    other = "00" + RANDOMNESS[2:]
    assert check_round(QUICKNET, 1000, SIGNATURE, other) == ["wrong_randomness"]


@pytest.mark.parametrize(
    ("signature", "randomness"),
    [("zz", RANDOMNESS), (SIGNATURE, "é"), (SIGNATURE.upper(), RANDOMNESS), ("abc", RANDOMNESS)],
)
def test_what_is_not_hex_is_said_to_be_so(signature: str, randomness: str):
    assert check_round(QUICKNET, 1000, signature, randomness) == ["not_hex"]


def test_a_round_cannot_come_before_it_is_due():
    early = DUE - timedelta(seconds=1)
    assert check_round(QUICKNET, 1000, SIGNATURE, RANDOMNESS, now=early) == ["too_early"]


@pytest.mark.parametrize("number", [0, -1, LAST + 1, 2**64])
def test_rounds_begin_at_one_and_have_a_date(number: int):
    assert check_round(QUICKNET, number, SIGNATURE, RANDOMNESS) == ["not_a_round"]
    with pytest.raises(ValueError, match="begin at 1"):
        time_of(QUICKNET, number)


@given(st.binary(max_size=100), st.integers(1, LAST))
def test_no_bytes_make_it_raise_or_pass(signature: bytes, number: int):
    randomness = hashlib.sha256(signature).hexdigest()
    assert check_round(QUICKNET, number, signature.hex(), randomness) == ["wrong_signature"]


def test_times_of_rounds():
    assert time_of(QUICKNET, 1000) == DUE
    assert time_of(QUICKNET, 1) == datetime.fromtimestamp(QUICKNET.genesis, UTC)


def test_a_moment_without_a_time_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        round_after(QUICKNET, datetime(2026, 1, 1))


@given(st.datetimes(datetime(2020, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)))
def test_the_round_after_a_moment_is_the_first_that_is_still_unknown(moment: datetime):
    number = round_after(QUICKNET, moment)
    assert time_of(QUICKNET, number) > moment
    assert number == 1 or time_of(QUICKNET, number - 1) <= moment
