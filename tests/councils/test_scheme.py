"""rj-draw/v1: the vectors to the byte, and each check red when its thing is tampered with."""

import copy
import hashlib
import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from councils import scheme

DATA = Path(__file__).parents[1] / "data/draw"
VECTORS = json.loads((DATA / "rj-draw-v1-vectors.json").read_text())
ROUND = json.loads((DATA / "quicknet_1000.json").read_text())
RECORD, EXPECTED = VECTORS["record"], VECTORS["expected"]
BEACON = VECTORS["beacon_randomness"]
Document = dict[str, Any]


def published(record: Document = RECORD, beacon: str | None = BEACON) -> Document:
    """Return the document of a draw, complete and right."""
    record = copy.deepcopy(record)
    committed = scheme.commitment(record)
    counts = Counter(one for panel in record["panels"] for one in panel)
    chances = {one: counts[one] / 1000 for one in record["eligible"]}
    document = {
        "record": record,
        "commitment": committed.hex(),
        "beacon": beacon,
        "chances": chances,
        "panels": 1000,
        "min_chance": min(chances.values()) + 0.002,
    }
    if beacon is not None:
        prk = scheme.extract(committed, bytes.fromhex(beacon))
        panel = record["panels"][scheme.index(prk, 1000)]
        document["index"] = scheme.index(prk, 1000)
        document["panel"] = panel
        document["order"] = scheme.order(prk, set(record["eligible"]) - set(panel))
    return document


def replacement(**changes: Any) -> Document:
    """Return the document of one seat filled anew, complete and right."""
    record = {
        "scheme": scheme.REPLACEMENT,
        "council": "test",
        "of": EXPECTED["commitment"],
        "seated": EXPECTED["panel"][1:],
        "vacant": 1,
        "eligible": sorted(EXPECTED["reserve_order"]),
        "quotas": [["gender", "w", 0, 1], ["gender", "m", 1, 2]],
        "beacon": RECORD["beacon"],
        **changes,
    }
    committed = scheme.commitment(record)
    order = scheme.order(scheme.extract(committed, bytes.fromhex(BEACON)), record["eligible"])
    return {
        "record": record,
        "commitment": committed.hex(),
        "beacon": BEACON,
        "order": order,
        "panel": order[:1],
    }


def wrong(document: Any, features: Any = None) -> list[str]:
    return [check.code for check in scheme.checks(document, features) if not check.ok]


def test_the_vectors_to_the_byte():
    digest = hashlib.sha256(scheme.canon(RECORD)).hexdigest()
    assert digest == VECTORS["record_sha256_of_canonical_json"]
    committed = scheme.commitment(RECORD)
    assert committed.hex() == EXPECTED["commitment"]
    prk = scheme.extract(committed, bytes.fromhex(BEACON))
    assert prk.hex() == EXPECTED["prk"]
    document = published()
    assert document["index"] == EXPECTED["index"] == 549
    assert document["panel"] == EXPECTED["panel"]
    assert document["order"] == EXPECTED["reserve_order"]
    assert wrong(document) == []


def test_a_changed_record_is_another_draw():
    changed = {**RECORD, "size": 5}
    committed = scheme.commitment(changed)
    assert committed.hex() == VECTORS["tamper_test"]["expected_commitment"]
    prk = scheme.extract(committed, bytes.fromhex(BEACON))
    assert scheme.index(prk, 1000) == VECTORS["tamper_test"]["expected_index"] == 379


def test_what_may_be_absent():
    assert wrong({"record": RECORD, "commitment": EXPECTED["commitment"]}) == []
    assert wrong(published(beacon=None)) == []
    assert wrong({**published(), "title": [1.5, {"anything": None}]}) == []


@pytest.mark.parametrize("missing", ["index", "panel"])
def test_a_beacon_has_a_result(missing: str):
    document = published()
    del document[missing]
    assert wrong(document) == [missing]


def recommitted(change: Callable[[Document], None]) -> Document:
    """Return a draw whose record was made wrong by its maker: everything else fits it."""
    record = copy.deepcopy(RECORD)
    change(record)
    return {"record": record, "commitment": scheme.commitment(record).hex()}


def put(key: str, value: Any) -> Callable[[Document], None]:
    return lambda record: record.update({key: value})


def drop(key: str) -> Callable[[Document], None]:
    return lambda record: record.pop(key)


A, B = RECORD["eligible"][:2]
FLAT = {"kind": "drand", "network": "quicknet", "chain": "ab" * 32, "round": 9}
DICE = {"kind": "dice", "throws": 50}
SECRETS = ["11" * 32, "22" * 32, "33" * 32]
HASHES = [scheme.contribution(bytes.fromhex(one)) for one in SECRETS]
SHARES = {"kind": "contributions", "hashes": HASHES}


def from_sources(*sources: Any) -> Callable[[Document], None]:
    return put("beacon", {"sources": list(sources)})


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (drop("council"), "council"),
        (put("council", 7), "council"),
        (put("size", 0), "size"),
        (put("size", True), "size"),
        (put("eligible", []), "eligible"),
        (put("eligible", None), "eligible"),
        (lambda record: record["eligible"].reverse(), "eligible"),
        (lambda record: record["eligible"].insert(0, A), "eligible"),
        (lambda record: record["eligible"].append("Z" * 64), "eligible"),
        (lambda record: record["eligible"].append("f" * 63), "eligible"),
        (drop("quotas"), "quotas"),
        (put("quotas", [["gender", "w", 1]]), "quotas"),
        (put("quotas", [["gender", 3, 1, 2]]), "quotas"),
        (put("quotas", [["gender", "w", 2, 1]]), "quotas"),
        (put("quotas", [["gender", "w", -1, 1]]), "quotas"),
        (put("quotas", [["gender", "w", False, True]]), "quotas"),
        (lambda record: record["panels"].pop(), "thousand"),
        (lambda record: record["panels"].append(record["panels"][0]), "thousand"),
        (put("panels", {}), "thousand"),
        (lambda record: record["panels"][7].reverse(), "panels"),
        (lambda record: record["panels"][7].pop(), "panels"),
        (lambda record: record["panels"][7].__setitem__(0, "0" * 64), "panels"),
        (lambda record: record["panels"][7].__setitem__(0, record["panels"][7][1]), "panels"),
        (lambda record: record["panels"].__setitem__(7, None), "panels"),
        (put("excluded", None), "excluded"),
        (put("excluded", ["0" * 64]), "excluded"),
        (put("excluded", [{"token": "0" * 64}]), "excluded"),
        (put("excluded", [{"token": "0", "reason": "x"}]), "excluded"),
        (put("excluded", [{"token": A, "reason": "x"}]), "excluded"),
        (put("excluded", [{"token": "0" * 64, "reason": "x"}] * 2), "excluded"),
        (put("beacon", "drand"), "announced"),
        (from_sources(), "announced"),
        (from_sources({"kind": "weather"}), "announced"),
        (from_sources({**FLAT, "round": 0}), "announced"),
        (from_sources({**FLAT, "chain": "ab"}), "announced"),
        (from_sources({**DICE, "throws": 49}), "announced"),
        (from_sources(SHARES), "announced"),
        (from_sources(SHARES, SHARES), "announced"),
        (from_sources(DICE, {**SHARES, "hashes": HASHES + HASHES[:1]}), "announced"),
    ],
)
def test_a_record_made_wrong_is_found_although_its_commitment_fits(
    change: Callable[[Document], None], code: str
):
    assert wrong(recommitted(change))[0] == code


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (put("scheme", "rj-draw/v2"), "scheme"),
        (put("scheme", [scheme.DRAW]), "scheme"),
        (put("weight", 0.5), "canonical"),
        (put("weight", 5.0), "canonical"),
        (put("weight", 2**53), "canonical"),
        (put("size", float("nan")), "canonical"),
    ],
)
def test_a_record_that_has_no_commitment(change: Callable[[Document], None], code: str):
    record = copy.deepcopy(RECORD)
    change(record)
    assert wrong({"record": record, "commitment": EXPECTED["commitment"]}) == [code]


def test_the_largest_number_and_any_sign_may_stand_in_a_record():
    note = {"ключ": -(2**53 - 1), "\U0001f600": 2**53 - 1, "￿\x7f\u2028": ['\x00\t"\\/']}
    assert wrong(recommitted(put("note", note))) == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (put("record", [RECORD]), "record"),
        (drop("record"), "record"),
        (drop("commitment"), "commitment"),
        (put("commitment", EXPECTED["commitment"].upper()), "commitment"),
        (put("commitment", "0" * 64), "commitment"),
        (put("beacon", BEACON.upper()), "beacon"),
        (put("beacon", BEACON[:-2]), "beacon"),
        (put("beacon", 7), "beacon"),
        (put("beacon", "0" * 64), "index"),
        (put("beacon", None), "early"),
        (put("index", 548), "index"),
        (put("index", 549.0), "index"),
        (put("panel", RECORD["panels"][0]), "panel"),
        (put("panel", [*EXPECTED["panel"], EXPECTED["panel"][0]]), "panel"),
        (put("panel", "x"), "panel"),
        (lambda document: document["order"].reverse(), "order"),
        (lambda document: document["order"].pop(), "order"),
        (lambda document: document["order"].__setitem__(0, ["x"]), "order"),
        (put("panels", 999), "count"),
        (put("panels", True), "count"),
        (put("chances", [1]), "chances"),
        (lambda document: document["chances"].pop(A), "chances"),
        (lambda document: document["chances"].update({"0" * 64: 0.0}), "chances"),
        (
            lambda document: document["chances"].update({A: 0.001 + document["chances"][B]}),
            "chances",
        ),
        (lambda document: document["chances"].update({A: "0.3"}), "chances"),
        (lambda document: document["chances"].update({A: float("inf")}), "chances"),
        (
            lambda document: document.update(min_chance=document["min_chance"] + 0.0035),
            "min_chance",
        ),
        (
            lambda document: document.update(min_chance=document["min_chance"] - 0.0075),
            "min_chance",
        ),
        (put("min_chance", True), "min_chance"),
        (put("tokens", {A: A, B: A}), "tokens"),
        (put("tokens", [A]), "tokens"),
        (put("deep", json.loads("[" * 60 + "]" * 60)), "readable"),
        (put("half", "\ud800"), "readable"),
        (put("\udfff", 1), "readable"),
    ],
)
def test_each_check_of_a_document_goes_red(change: Callable[[Document], None], code: str):
    document = published()
    change(document)
    assert wrong(document)[0] == code


def test_a_draw_by_ids_is_mapped_through_its_tokens():
    document = published()
    ids = {one: f"member {number}" for number, one in enumerate(RECORD["eligible"])}
    named = {
        **document,
        "tokens": {name: one for one, name in ids.items()},
        "panel": sorted(ids[one] for one in document["panel"]),
        "order": [ids[one] for one in document["order"]],
        "chances": {ids[one]: chance for one, chance in document["chances"].items()},
    }
    assert wrong(named) == []
    swapped = dict(named["tokens"])
    swapped["member 0"], swapped["member 1"] = swapped["member 1"], swapped["member 0"]
    assert wrong({**named, "tokens": swapped}) != []
    assert wrong({**named, "order": [*named["order"][:-1], "nobody"]}) == ["order"]


SIGNED = {key: ROUND[key] for key in ("round", "signature", "randomness")}
THROWN = {"kind": "dice", "digits": "123456" * 8 + "12"}
REVEALED = {"kind": "contributions", "revealed": [SECRETS[2], SECRETS[0]], "left_out": HASHES[1:2]}


def sourced(*given: Document) -> Document:
    """Return a draw by drand, dice and contributions, and what these turned out to be."""
    drand = {**FLAT, "chain": ROUND["chain_hash"], "round": 1000}
    record = {**RECORD, "beacon": {"sources": [drand, DICE, SHARES]}}
    parts = [
        bytes.fromhex(ROUND["randomness"]),
        scheme.dice(THROWN["digits"]),
        scheme.contributions([bytes.fromhex(SECRETS[0]), bytes.fromhex(SECRETS[2])]),
    ]
    document = published(record, scheme.sources(parts).hex())
    return {**document, "sources": list(given) or [{"kind": "drand", **SIGNED}, THROWN, REVEALED]}


def test_the_sources_make_the_beacon():
    assert wrong(sourced()) == []
    assert wrong({**sourced(), "beacon": "0" * 64})[0] == "made_of"
    assert wrong({**published(), "sources": sourced()["sources"]}) == ["sources"]


@pytest.mark.parametrize(
    ("place", "source"),
    [
        (0, {"kind": "drand", **SIGNED, "round": 1001}),
        (0, {"kind": "drand", **SIGNED, "randomness": "0" * 64}),
        (0, {"kind": "drand", **SIGNED, "signature": "0" * 96}),
        (
            0,
            {
                "kind": "drand",
                **SIGNED,
                "signature": "",
                "randomness": hashlib.sha256().hexdigest(),
            },
        ),
        (0, {"kind": "dice", **SIGNED}),
        (0, None),
        (1, {"kind": "dice", "digits": "1" * 49}),
        (1, {"kind": "dice", "digits": "1" * 51}),  # who may throw once more may choose
        (1, {"kind": "dice", "digits": "7" * 50}),
        (1, {"kind": "dice", "digits": ["1"] * 50}),
        (2, {**REVEALED, "revealed": SECRETS}),
        (2, {**REVEALED, "left_out": []}),
        (2, {**REVEALED, "left_out": None}),
        (2, {**REVEALED, "revealed": [SECRETS[2], "44" * 32]}),
        (2, {**REVEALED, "revealed": [SECRETS[0], SECRETS[0]]}),
    ],
)
def test_a_source_that_was_not_announced_is_found(place: int, source: Any):
    document = sourced()
    document["sources"][place] = source
    assert wrong(document) == ["sources"]


def test_a_source_more_or_less_is_found():
    assert wrong(sourced(THROWN, REVEALED)) == ["sources"]
    assert wrong({**sourced(), "sources": {}}) == ["sources"]


def all_women(but: str = "") -> Document:
    return {one: {"gender": "m" if one == but else "w"} for one in RECORD["eligible"]}


def test_an_auditor_recomputes_every_quota():
    record = {**RECORD, "quotas": [["gender", "w", 4, 4]]}
    document = published(record)
    assert wrong(document, all_women()) == []
    with_a = sum(A in panel for panel in RECORD["panels"])
    found = scheme.checks(document, all_women(but=A))
    assert [check.code for check in found if not check.ok] == ["quotas_met"]
    first = next(number for number, panel in enumerate(RECORD["panels"]) if A in panel)
    assert f"Panel {first} " in found[-1].detail
    assert with_a > 0
    assert wrong(document, {A: {"gender": "w"}}) == ["features"]
    assert wrong(document, 7) == ["features"]


def test_a_replacement_recomputes():
    document = replacement()
    assert wrong(document) == []
    waiting = {key: document[key] for key in ("record", "commitment")}
    assert wrong(waiting) == []
    seat = {**document, "seat": document["panel"][0]}
    assert wrong(seat) == []
    assert wrong({**seat, "seat": document["order"][1]}) == ["seat"]
    assert wrong({**document, "panel": EXPECTED["panel"][:1]}) == ["seat"]
    assert wrong({**document, "panel": []}) == ["seat"]
    assert wrong({**document, "order": document["order"][1:]}) == ["order"]
    assert wrong({**document, "beacon": None}) == ["early"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"of": "the one before"}, "of"),
        ({"seated": EXPECTED["reserve_order"][:1]}, "seated"),
        ({"seated": None}, "seated"),
        ({"vacant": 0}, "vacant"),
        ({"eligible": EXPECTED["reserve_order"]}, "eligible"),
    ],
)
def test_a_replacement_made_wrong_is_found(change: Document, code: str):
    assert wrong(replacement(**change))[0] == code


def test_an_auditor_sees_who_of_a_replacement_came_first():
    document = replacement()
    first, second, third = document["order"][:3]
    features = {one: {"gender": "m"} for one in document["order"]}
    assert wrong(document, features) == []
    features[first] = {"gender": "w"}  # one man is still needed
    assert wrong(document, features) == ["first"]
    assert wrong({**document, "panel": [second]}, features) == []
    assert wrong({**document, "panel": [third]}, features) == ["first"]


@pytest.mark.parametrize(
    "text",
    [
        b"", b"{", b"nul", b"[1,]", b'{"a": NaN}', b'{"a": 1, "a": 1}', b"\xff", b'"\x01"',
        b"01", b"[" * 100_000, b"Infinity", b"1 2", '{"a":1}'.encode("utf-16"),
    ],
)  # fmt: skip
def test_what_readers_read_differently_is_not_read(text: bytes):
    with pytest.raises(ValueError, match=r"."):
        scheme.read(text)


def test_a_byte_order_mark_is_no_matter():
    assert scheme.read(b"\xef\xbb\xbf[5, 5.0, 1e3]") == [5, 5.0, 1000.0]
    assert [type(one) for one in scheme.read(b"[5, 5.0, 1e3]")] == [int, float, float]
    assert type(scheme.read(b"9" * 5000)) is float


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text()
    | st.sampled_from([A, B, BEACON, scheme.DRAW, scheme.REPLACEMENT, "drand", "dice"]),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(), inner, max_size=5),
    max_leaves=12,
)  # fmt: skip


@settings(deadline=None)
@given(JSON, JSON)
def test_no_json_makes_it_raise_or_pass(document: Any, features: Any):
    assert wrong(document, features) != []


PLACES = [
    *[("document", key) for key in [*published(), "sources", "tokens", "seat"]],
    *[("record", key) for key in [*RECORD, "of", "seated", "vacant"]],
    *[("panels", 3), ("quotas", 1), ("excluded", 0)],
    ("sources", 0), ("sources", 1), ("sources", 2),
    ("told", 0), ("told", 1), ("told", 2),
]  # fmt: skip


WHOLE = [json.dumps(sourced()), json.dumps(replacement())]


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(PLACES), JSON, st.sampled_from(WHOLE), JSON)
def test_garbage_in_any_place_makes_it_not_raise(place, value, text, features):
    document = json.loads(text)
    record = document["record"]
    told = record["beacon"].get("sources")
    holders = {"document": document, "record": record, "told": told, **document, **record}
    holder = holders.get(place[0])
    if holder and not isinstance(holder, str):
        holder[place[1]] = value
    assert all(check.detail for check in scheme.checks(document, features))
