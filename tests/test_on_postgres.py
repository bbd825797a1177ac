"""What depends on the database holds on PostgreSQL too, not only on SQLite."""

import os
import re
import subprocess
import sys
from pathlib import Path

from tests.postgres import running_postgres

ROOT = Path(__file__).resolve().parent.parent
PATHS = ("tests/records", "tests/races", "tests/machines", "tests/faults/test_kills.py")


def test_the_database_tests_also_pass_on_postgresql() -> None:
    # A run inside a run: what pytest tells its own workers must not reach this one.
    env = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    with running_postgres() as url:
        run = subprocess.run(
            [
                *(sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"),
                # The rules are walked at length on SQLite; here only the database is another.
                *("--hypothesis-profile", "short", *PATHS),
            ],
            cwd=ROOT,
            env=env | {"DATABASE_URL": url},
            capture_output=True,
            text=True,
            check=False,
        )
    print(run.stdout, run.stderr, sep="\n")
    assert run.returncode == 0
    passed = re.search(r"\b(\d+) passed\b", run.stdout.splitlines()[-1])
    assert passed, "the summary names no passed test"
    assert int(passed[1]) >= 1
