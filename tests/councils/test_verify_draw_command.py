"""The file that people download, run as they run it; and the same checks as a command."""

import json
import shutil
import subprocess
import sys
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from councils import scheme

VECTORS = json.loads((Path(__file__).parents[1] / "data/draw/rj-draw-v1-vectors.json").read_text())
GOOD = {
    "record": VECTORS["record"],
    "commitment": VECTORS["expected"]["commitment"],
    "beacon": VECTORS["beacon_randomness"],
    "index": VECTORS["expected"]["index"],
    "panel": VECTORS["expected"]["panel"],
    "order": VECTORS["expected"]["reserve_order"],
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with the downloaded file and nothing else of this project."""
    shutil.copy(scheme.__file__, tmp_path / "verify_draw.py")
    return tmp_path


def write(folder: Path, document: Any, name: str = "draw.json") -> Path:
    path = folder / name
    path.write_bytes(document if isinstance(document, bytes) else json.dumps(document).encode())
    return path


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the file on its own: no site packages of a user, no folder of this project."""
    return subprocess.run(
        [sys.executable, "-I", "-S", "-W", "error", "verify_draw.py", *arguments],
        cwd=folder, env={"PYTHONIOENCODING": "ascii"}, capture_output=True, text=True, timeout=60,
    )  # fmt: skip


def test_the_downloaded_file_finds_a_good_draw_right(folder: Path):
    write(folder, GOOD)
    ran = run(folder, "draw.json")
    assert (ran.returncode, ran.stderr) == (0, "")
    lines = ran.stdout.splitlines()
    assert lines[-1] == "Everything recomputes."
    assert all(line.startswith("ok   ") for line in lines[:-1])
    assert "ok   index: The beacon picks panel 549." in lines


def test_the_downloaded_file_says_what_does_not_recompute(folder: Path):
    write(folder, {**GOOD, "index": 7, "extra": "é\U0001f600"})
    ran = run(folder, "draw.json")
    assert (ran.returncode, ran.stderr) == (1, "")
    assert "NOT  index: The beacon picks panel 549, not this one." in ran.stdout
    assert ran.stdout.splitlines()[-1] == "Does not recompute: index."


def test_the_downloaded_file_takes_features(folder: Path):
    write(folder, GOOD)
    features = {one: {"gender": "w"} for one in VECTORS["record"]["eligible"]}
    write(folder, features, "features.json")
    ran = run(folder, "draw.json", "--features", "features.json")
    assert ran.returncode == 1
    assert ran.stdout.splitlines()[-1] == "Does not recompute: quotas_met."


@pytest.mark.parametrize(
    ("content", "arguments"),
    [
        (b"not JSON", ["draw.json"]),
        (b'{"a": "\xe9"}', ["draw.json"]),
        ("é".encode(), ["draw.json"]),
        (b"{}", ["nothing-é.json"]),
        (b"{}", []),
        (b"{}", ["draw.json", "--weather"]),
        (b"{}", ["draw.json", "--features", "nothing.json"]),
    ],
)
def test_the_downloaded_file_refuses_what_it_cannot_read(
    folder: Path, content: bytes, arguments: list[str]
):
    write(folder, content)
    ran = run(folder, *arguments)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert "Traceback" not in ran.stderr


@pytest.mark.parametrize("content", [b"[]", b"7", b'"\\ud800"', b'{"record": {}}'])
def test_the_downloaded_file_has_an_answer_to_any_json(folder: Path, content: bytes):
    write(folder, content)
    ran = run(folder, "draw.json")
    assert (ran.returncode, ran.stderr) == (1, "")


def verify(*arguments: str) -> tuple[int, str]:
    """Run the command. Return its exit code and what it printed."""
    out = StringIO()
    try:
        call_command("verify_draw", *arguments, stdout=out)
    except SystemExit as ended:
        return int(ended.code or 0), out.getvalue()
    except CommandError as problem:
        return problem.returncode, out.getvalue()
    return 0, out.getvalue()


def test_the_command_agrees(tmp_path: Path):
    code, printed = verify(str(write(tmp_path, GOOD)))
    assert code == 0
    assert printed.splitlines()[-1] == "Everything recomputes."
    code, printed = verify(str(write(tmp_path, {**GOOD, "index": 7})))
    assert code == 1
    assert printed.splitlines()[-1] == "Does not recompute: index."


def test_the_command_prints_one_json_object(tmp_path: Path):
    code, printed = verify(str(write(tmp_path, GOOD)), "--json")
    assert code == 0
    checks = [check._asdict() for check in scheme.checks(GOOD)]
    assert json.loads(printed) == {"ok": True, "checks": checks}
    code, printed = verify(str(write(tmp_path, {**GOOD, "panel": []})), "--json")
    assert code == 1
    answer = json.loads(printed)
    assert answer["ok"] is False
    assert [one["code"] for one in answer["checks"] if not one["ok"]] == ["panel"]


def test_the_command_takes_features(tmp_path: Path):
    features = write(tmp_path, {}, "features.json")
    code, printed = verify(str(write(tmp_path, GOOD)), "--features", str(features))
    assert code == 1
    assert printed.splitlines()[-1] == "Does not recompute: features."


def test_the_command_refuses_what_it_cannot_read(tmp_path: Path):
    assert verify(str(write(tmp_path, b"{"))) == (2, "")
    assert verify(str(tmp_path / "nothing.json"), "--json") == (2, "")
