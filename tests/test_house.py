"""Rules about the repository itself: what is installed, what the locks say, what tests may do."""

import re
import socket
from importlib.metadata import distributions
from pathlib import Path

import psycopg
import pytest

from tests.postgres import running_postgres

ROOT = Path(__file__).resolve().parent.parent
LOCKS = sorted((ROOT / "requirements").glob("*.lock"))
BUILD_FILES = [
    ROOT / "Makefile",
    ROOT / "pyproject.toml",
    *sorted((ROOT / "requirements").iterdir()),
    *sorted((ROOT / "bin").iterdir()),
    *sorted((ROOT / ".ci").iterdir()),
]
PIN = re.compile(r"^([a-z0-9][a-z0-9._-]*(?:\[[a-z0-9,._-]+\])?)==([^\s;]+)", re.MULTILINE)
INDEX = re.compile(
    r"--(?:extra-)?index-url[ =]+\S|--find-links[ =]+\S|--trusted-host|PIP_(?:EXTRA_)?INDEX_URL"
    r"|UV_(?:DEFAULT_)?INDEX|\[\[tool\.uv\.index\]\]|/simple\b"
)


def pins(lock: Path) -> dict[str, str]:
    return dict(PIN.findall(lock.read_text()))


def test_only_one_of_the_two_django_fsm_is_installed() -> None:
    """Both own the package django_fsm; the older one is inactive and would overwrite it."""
    names = {re.sub(r"[-_.]+", "-", d.metadata["Name"]).lower() for d in distributions()}
    assert "django-fsm-2" in names
    assert "django-fsm" not in names


def test_all_locks_are_there() -> None:
    assert [lock.name for lock in LOCKS] == ["bench.lock", "dev.lock", "run.lock"]


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_a_lock_names_no_host_and_no_path(lock: Path) -> None:
    text = lock.read_text()
    assert "://" not in text
    assert not re.search(r"(?:^|\s)/\w", text)


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_every_locked_package_has_a_digest(lock: Path) -> None:
    entries = [entry for entry in re.split(r"\n(?=[a-z0-9])", lock.read_text()) if PIN.match(entry)]
    assert len(entries) == len(pins(lock)) > 20
    assert [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry] == []


def test_what_runs_is_what_was_tested() -> None:
    run, dev, bench = (
        pins(ROOT / "requirements" / f"{name}.lock") for name in ("run", "dev", "bench")
    )
    assert {name: dev.get(name) for name in run} == run
    assert {name: bench.get(name) for name in dev} == dev


@pytest.mark.parametrize("path", BUILD_FILES, ids=lambda path: path.name)
def test_no_build_file_says_where_packages_come_from(path: Path) -> None:
    assert INDEX.findall(path.read_text()) == []


def test_a_test_cannot_reach_another_machine() -> None:
    with socket.socket() as outside, pytest.raises(AssertionError, match="tried to connect"):
        outside.connect(("192.0.2.1", 80))


def test_our_postgresql_answers_and_leaves_nothing_behind() -> None:
    with running_postgres() as url, psycopg.connect(url) as connection:
        assert connection.execute("select current_database()").fetchone() == ("amends",)
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(url, connect_timeout=2)
