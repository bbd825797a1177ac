"""Processes on a database of their own."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from tests.databases import own_database, sqlite_copy

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 120

Scene = Callable[..., subprocess.CompletedProcess[str]]


def play(database: str, *scene: str) -> subprocess.CompletedProcess[str]:
    """Run a scene in a process of its own on this database."""
    env = os.environ | {"DATABASE_URL": database, "AMENDS_TESTING": "1", "PYTHONWARNINGS": "error"}
    return subprocess.run(
        [sys.executable, "-m", "tests.faults.scenes", *scene],
        cwd=ROOT, env=env, timeout=SECONDS, capture_output=True, text=True, check=False,
    )  # fmt: skip


def seen(database: str, *scene: str) -> Any:
    """Return what a scene saw that comes to its end."""
    ran = play(database, *scene)
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


@pytest.fixture(scope="session")
def prepared(
    tmp_path_factory: pytest.TempPathFactory, django_db_setup: None, django_db_blocker: Any
) -> Path:
    """A file with a case in mediation, to be copied."""
    path = tmp_path_factory.mktemp("faults") / "prepared.sqlite3"
    with django_db_blocker.unblock():
        address = sqlite_copy(path)
    seen(address, "prepare")
    return path


@pytest.fixture
def sqlite(prepared: Path, tmp_path: Path) -> str:
    """The address of a file of this test's own."""
    path = tmp_path / "fault.sqlite3"
    shutil.copy(prepared, path)
    return f"sqlite:///{path}"


@pytest.fixture
def database(
    request: pytest.FixtureRequest, tmp_path: Path, transactional_db: None
) -> Iterator[str]:
    """The address of a database with a case in mediation, of the kind the tests run on."""
    if connection.vendor == "sqlite":
        yield request.getfixturevalue("sqlite")
        return
    with own_database(tmp_path) as address:
        seen(address, "prepare")
        yield address
