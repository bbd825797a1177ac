"""``manage.py draw``, as somebody calls it from a shell."""

import csv
import json
import os
import random
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from django.core.management import execute_from_command_line

from councils import scheme
from tests.councils.pools import DATA, load, meets

ROOT = Path(__file__).resolve().parents[2]
VECTORS = json.loads((DATA / "rj-draw-v1-vectors.json").read_text())
BEACON = VECTORS["beacon_randomness"]
FILES = (
    "--pool",
    DATA / "pool_150_7/respondents.csv",
    "--quotas",
    DATA / "pool_150_7/categories.csv",
)


class Ran(NamedTuple):
    code: int
    out: str
    err: str


@pytest.fixture
def draw(capsys: pytest.CaptureFixture[str]) -> Any:
    """Return a function that runs the command and gives its exit code and what it printed."""

    def run(*arguments: object) -> Ran:
        code = 0
        try:
            execute_from_command_line(["manage.py", "draw", *map(str, arguments)])
        except SystemExit as stop:
            code = int(stop.code or 0)
        out, err = capsys.readouterr()
        return Ran(code, out, err)

    return run


@pytest.fixture
def salts(tmp_path: Path) -> Path:
    """Salts for everybody in the pool of 150, the same every time."""
    path = tmp_path / "salts.json"
    source = random.Random(4)
    people = load("pool_150_7")[0]
    path.write_text(json.dumps({one.id: source.randbytes(16).hex() for one in people}))
    return path


def write(path: Path, text: str) -> Path:
    path.write_text(text)
    return path


@pytest.fixture
def few(tmp_path: Path) -> tuple[object, ...]:
    """A pool of twenty and quotas of ten lines that a panel of seven meets."""
    pool = "id,gender\n" + "".join(f"b{n},{'w' if n < 10 else 'm'}\n" for n in range(20))
    quotas = "category,feature,min,max\ngender,w,3,4\ngender,m,3,4\n"
    return (
        "--pool", write(tmp_path / "pool.csv", pool),
        "--quotas", write(tmp_path / "quotas.csv", quotas), "--size", 7,
    )  # fmt: skip


def test_a_draw_from_bare_files_prints_what_anybody_can_recompute(draw: Any, salts: Path):
    ran = draw(*FILES, "--size", 7, "--beacon", BEACON, "--salts", salts, "--json")
    assert (ran.code, ran.err) == (0, "")
    result = json.loads(ran.out)
    assert list(result) == [
        "min_chance", "chances", "panels", "commitment", "record", "beacon", "index", "panel",
        "order", "tokens",
    ]  # fmt: skip
    people, quotas, size, expected = load("pool_150_7")
    ids = {person.id: person for person in people}
    record, tokens = result["record"], result["tokens"]

    assert result["min_chance"] == pytest.approx(expected["maximin_min_probability"], rel=1e-3)
    assert result["panels"] == len(record["panels"]) == 1000
    assert result["beacon"] == BEACON
    assert tokens.keys() == result["chances"].keys() == ids.keys()
    assert record["scheme"] == "rj-draw/v1"
    assert record["council"] == "bare-files"
    assert record["size"] == 7
    assert record["excluded"] == []
    assert record["eligible"] == sorted(tokens.values())
    assert record["quotas"] == [list(quota) for quota in quotas]
    assert record["beacon"] == {"source": "given"}
    # Sorted by token: in the order of ids they would tell which token is whose.
    assert record["panels"] == sorted(map(sorted, record["panels"]))

    counts = Counter(token for panel in record["panels"] for token in panel)
    assert result["chances"] == {one: counts[tokens[one]] / 1000 for one in ids}
    committed = scheme.commitment(record)
    key = scheme.extract(committed, bytes.fromhex(BEACON))
    assert result["commitment"] == committed.hex()
    assert result["index"] == scheme.index(key, 1000)
    assert sorted(tokens[one] for one in result["panel"]) == record["panels"][result["index"]]
    assert meets([ids[one] for one in result["panel"]], quotas)
    others = [token for one, token in tokens.items() if one not in result["panel"]]
    assert [tokens[one] for one in result["order"]] == scheme.order(key, others)
    assert len(result["panel"]) == size


def test_a_token_is_made_of_the_id_and_the_features_of_the_quotas(
    draw: Any, few: tuple, tmp_path: Path
):
    pool = write(tmp_path / "pool.csv", "id,gender,note\na,w,x\nb,m,y\nc,,z\n")
    quotas = write(
        tmp_path / "quotas.csv", "category,feature,min,max\ngender,w,1,1\ngender,m,0,1\n"
    )
    salts = write(tmp_path / "s.json", json.dumps({one: (one * 32) for one in "abc"}))
    ran = draw("--pool", pool, "--quotas", quotas, "--size", 2, "--salts", salts, "--json")
    tokens = json.loads(ran.out)["tokens"]
    assert tokens == {
        one: scheme.token(bytes.fromhex(one * 32), {"member": one, "gender": gender})
        for one, gender in (("a", "w"), ("b", "m"), ("c", None))
    }


def test_two_processes_print_the_same_bytes_whatever_the_seed_and_the_order_of_rows(
    salts: Path, tmp_path: Path
):
    with FILES[1].open(newline="") as file:
        heading, *rows = csv.reader(file)
    random.Random(9).shuffle(rows)
    shuffled = tmp_path / "shuffled.csv"
    with shuffled.open("w", newline="") as file:
        csv.writer(file).writerows([heading, *rows])
    printed = set()
    for seed, pool in (("1", FILES[1]), ("2", shuffled)):
        arguments = [
            "draw", "--pool", pool, *FILES[2:], "--size", 7, "--household", "household",
            "--beacon", BEACON, "--salts", salts, "--json",
        ]  # fmt: skip
        printed.add(
            subprocess.run(
                [sys.executable, "manage.py", *map(str, arguments)],
                cwd=ROOT,
                env={**os.environ, "PYTHONHASHSEED": seed, "AMENDS_TESTING": "1"},
                check=True,
                capture_output=True,
            ).stdout
        )
    assert len(printed) == 1
    assert json.loads(printed.pop())["panels"] == 1000


def test_one_of_each_household_when_a_column_is_named(draw: Any):
    ran = draw(*FILES, "--size", 7, "--household", "household", "--json")
    result = json.loads(ran.out)
    homes = {person.id: person.household for person in load("pool_150_7")[0]}
    ids = {token: one for one, token in result["tokens"].items()}
    for panel in result["record"]["panels"]:
        assert len({homes[ids[token]] for token in panel}) == 7


def test_leximin_and_the_name_of_a_council_can_be_asked_for(draw: Any, few: tuple):
    ran = draw(*few, "--objective", "leximin", "--council", "c-9", "--json")
    assert ran.code == 0
    result = json.loads(ran.out)
    assert result["record"]["council"] == "c-9"
    assert result["min_chance"] == pytest.approx(0.35, abs=1e-6)


def test_without_a_beacon_the_operating_system_decides_and_the_record_says_so(
    draw: Any, few: tuple
):
    first, second = (json.loads(draw(*few, "--json").out) for _time in range(2))
    assert first["record"]["beacon"] == {"source": "os"}
    assert len(bytes.fromhex(first["beacon"])) == 32
    assert first["beacon"] != second["beacon"]
    assert not set(first["tokens"].values()) & set(second["tokens"].values())


def test_without_json_it_says_who_was_drawn(draw: Any, few: tuple):
    ran = draw(*few)
    assert ran.code == 0
    assert "Smallest chance: 35.00 %" in ran.out
    assert ran.out.count("\n") == 4


def test_quotas_that_cannot_be_met_exit_1_and_are_never_changed_silently(draw: Any, tmp_path: Path):
    case = json.loads((DATA / "infeasible.json").read_text())
    pool = "id,gender,age\n" + "".join(
        f"b{n},{'w,young' if n < 10 else 'm,old'}\n" for n in range(20)
    )
    quotas = "category,feature,min,max\n" + "".join(
        ",".join(map(str, row)) + "\n" for row in case["quotas"]
    )
    arguments = (
        "--pool", write(tmp_path / "pool.csv", pool),
        "--quotas", write(tmp_path / "quotas.csv", quotas), "--size", case["panel_size"],
    )  # fmt: skip
    ran = draw(*arguments, "--json")
    assert ran.code == 1
    document = json.loads(ran.out)
    assert document["infeasible"]["relaxations"] == [
        ["age", "young", "min", 5, 3],
        ["age", "old", "max", 2, 4],
    ]
    assert "no panel meets all of them" in document["infeasible"]["why"]
    assert list(document) == ["infeasible"]
    ran = draw(*arguments)
    assert ran.code == 1
    assert "age young: minimum 5 → 3" in ran.out
    assert "age old: maximum 2 → 4" in ran.out


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (("--beacon", "xyz"), "pairs of hex digits"),
        (("--beacon", "abc"), "pairs of hex digits"),
        (("--beacon", ""), "pairs of hex digits"),
        (("--size", "0"), "1 or more"),
        (("--size", "x"), "invalid int value"),
        (("--objective", "fair"), "invalid choice"),
        (("--household", "home"), "no column home"),
        (("--pool", "/nowhere.csv"), "No such file"),
        (("--record", "x.json", "--out", "y.json"), "together"),
        (("--out", "y.json"), "together"),
    ],
)
def test_bad_arguments_exit_2(draw: Any, few: tuple, more: tuple[str, ...], said: str):
    ran = draw(*few, "--json", *more)
    assert ran.code == 2
    assert said in ran.err
    assert ran.out == ""


@pytest.mark.parametrize("missing", ["--pool", "--quotas", "--size"])
def test_a_part_of_the_files_is_not_enough(draw: Any, few: tuple, missing: str):
    at = few.index(missing)
    ran = draw(*few[:at], *few[at + 2 :])
    assert ran.code == 2
    assert "together" in ran.err


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "is not JSON"),
        ("[]", "is a JSON object"),
        (json.dumps({"b0": "00" * 15}), "no salt of 32 hex digits for b0"),
        (json.dumps({f"b{n}": "00" * 16 for n in range(19)}), "no salt of 32 hex digits for b19"),
    ],
)
def test_salts_that_cannot_be_used_exit_2(
    draw: Any, few: tuple, tmp_path: Path, text: str, said: str
):
    ran = draw(*few, "--salts", write(tmp_path / "salts.json", text))
    assert ran.code == 2
    assert said in ran.err


def test_a_pool_that_cannot_be_read_exits_2_and_says_everything(
    draw: Any, few: tuple, tmp_path: Path
):
    write(tmp_path / "pool.csv", "id,gender\na,w\na,\x1b[31mx\n")
    ran = draw(*few)
    assert ran.code == 2
    assert "line 3: the id a stands in line 2" in ran.err
    assert "quotas only know w, m" in ran.err


# From a committed record


def test_the_vectors_record_gives_the_known_result(draw: Any, tmp_path: Path):
    record = write(tmp_path / "record.json", json.dumps(VECTORS["record"]))
    out = tmp_path / "out.json"
    ran = draw("--record", record, "--out", out, "--beacon", BEACON)
    assert (ran.code, ran.err) == (0, "")
    result, expected = json.loads(out.read_text()), VECTORS["expected"]
    assert result["commitment"] == expected["commitment"]
    assert result["index"] == expected["index"] == 549
    assert result["panel"] == expected["panel"]
    assert result["order"] == expected["reserve_order"]
    assert result["record"] == VECTORS["record"]
    assert result["panels"] == 1000
    counts = Counter(token for panel in VECTORS["record"]["panels"] for token in panel)
    assert result["chances"] == {
        token: counts[token] / 1000 for token in VECTORS["record"]["eligible"]
    }


def test_one_seat_more_in_the_record_gives_another_panel(draw: Any, tmp_path: Path):
    tampered = {**VECTORS["record"], "size": 5}
    document = {"record": tampered, "beacon": BEACON}
    record, out = write(tmp_path / "record.json", json.dumps(document)), tmp_path / "out.json"
    ran = draw("--record", record, "--out", out, "--json")
    result = json.loads(ran.out)
    assert result == json.loads(out.read_text())
    assert result["commitment"] == VECTORS["tamper_test"]["expected_commitment"]
    assert result["index"] == VECTORS["tamper_test"]["expected_index"] == 379


def test_what_the_command_printed_can_be_drawn_from_again(draw: Any, few: tuple, tmp_path: Path):
    printed = draw(*few, "--json").out
    record, out = write(tmp_path / "record.json", printed), tmp_path / "out.json"
    assert draw("--record", record, "--out", out).code == 0
    first, again = json.loads(printed), json.loads(out.read_text())
    assert again["commitment"] == first["commitment"]
    assert again["panel"] == sorted(first["tokens"][one] for one in first["panel"])
    other = "11" * 32
    assert draw("--record", record, "--out", out, "--beacon", other).code == 0
    assert json.loads(out.read_text())["beacon"] == other


def test_a_replacement_is_all_the_eligible_in_the_hashed_order(draw: Any, tmp_path: Path):
    replacement = {
        "scheme": "rj-draw/v1-replacement", "council": "test", "of": "ab" * 32, "vacant": 1,
        "seated": VECTORS["expected"]["panel"], "eligible": VECTORS["expected"]["reserve_order"],
        "quotas": [["gender", "w", 0, 1]], "beacon": {"source": "given"},
    }  # fmt: skip
    record = write(tmp_path / "record.json", json.dumps(replacement))
    out = tmp_path / "out.json"
    assert draw("--record", record, "--out", out, "--beacon", BEACON).code == 0
    result = json.loads(out.read_text())
    committed = scheme.commitment(replacement)
    key = scheme.extract(committed, bytes.fromhex(BEACON))
    assert result == {
        "commitment": committed.hex(),
        "record": replacement,
        "beacon": BEACON,
        "order": scheme.order(key, replacement["eligible"]),
    }


@pytest.mark.parametrize(
    ("document", "said"),
    [
        (VECTORS["record"], "waits for its beacon"),
        ({"record": VECTORS["record"]}, "waits for its beacon"),
        ({"record": VECTORS["record"], "beacon": None}, "waits for its beacon"),
        ({"record": VECTORS["record"], "beacon": "not hex"}, "hex digits"),
        ([], "no record"),
    ],
)
def test_a_record_without_its_beacon_waits(draw: Any, tmp_path: Path, document: Any, said: str):
    record, out = write(tmp_path / "record.json", json.dumps(document)), tmp_path / "out.json"
    ran = draw("--record", record, "--out", out)
    assert ran.code == 2
    assert said in ran.err
    assert not out.exists()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"scheme": "rj-draw/v2"}, "no record of a draw"),
        ({"eligible": None}, "no list of eligible tokens"),
        ({"panels": []}, "no panels"),
        ({"panels": [[1]]}, "no panels"),
        ({"size": 4.0}, "number with a point"),
    ],
)
def test_what_is_no_record_exits_2(draw: Any, tmp_path: Path, change: dict[str, Any], said: str):
    record = write(tmp_path / "record.json", json.dumps({**VECTORS["record"], **change}))
    ran = draw("--record", record, "--out", tmp_path / "out.json", "--beacon", BEACON)
    assert ran.code == 2
    assert said in ran.err


def test_an_out_file_that_cannot_be_written_exits_2(draw: Any, tmp_path: Path):
    record = write(tmp_path / "record.json", json.dumps(VECTORS["record"]))
    ran = draw("--record", record, "--out", tmp_path / "no" / "out.json", "--beacon", BEACON)
    assert ran.code == 2
    assert "No such file" in ran.err
