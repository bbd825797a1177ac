"""The database itself, out of and into a file: SQLite by its own backup, PostgreSQL by its tools.

Both are consistent while people work: SQLite copies one state of the database, and ``pg_dump``
reads in one transaction.
"""

import glob
import os
import shutil
import sqlite3
import subprocess
from pathlib import Path

from django.db import connection

FILES = {"sqlite": "database.sqlite3", "postgresql": "database.pgdump"}


class ToolFailed(Exception):
    """A database tool is not here, or did not do its work. The message holds what it said."""


def save_database(folder: Path) -> Path:
    """Copy the whole database into a folder; return the file."""
    target = folder / FILES[connection.vendor]
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        copy = sqlite3.connect(target)
        try:
            connection.connection.backup(copy)
            # One file, whole in itself: no log beside it that could be left behind.
            copy.execute("PRAGMA journal_mode = DELETE")
        finally:
            copy.close()
    else:
        _run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={target}")
    target.chmod(0o600)
    return target


def load_database(file: Path) -> None:
    """Put a saved database in the place of this one. The caller has seen that this one is empty."""
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        copy = sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)
        try:
            copy.backup(connection.connection)
        finally:
            copy.close()
        if not connection.is_in_memory_db():  # type: ignore[attr-defined]
            connection.close()
        return
    connection.close()
    _run(
        "pg_restore", "--clean", "--if-exists", "--no-owner", "--no-privileges",
        "--single-transaction", "--exit-on-error", f"--dbname={connection.settings_dict['NAME']}",
        str(file),
    )  # fmt: skip


def tool(name: str) -> str:
    """Return where a PostgreSQL program is; ToolFailed where it is not installed."""
    if found := shutil.which(name):
        return found
    several = glob.glob(f"/usr/lib/postgresql/*/bin/{name}")
    if several:
        return max(several, key=lambda path: float(Path(path).parent.parent.name))
    raise ToolFailed(
        f"{name} is not installed, and a PostgreSQL database is copied with it: "
        "apt-get install postgresql-client"
    )


def _run(name: str, *args: str) -> None:
    settings = connection.settings_dict
    # By the environment, not by the command line: everybody on the machine reads that.
    values = {
        "PGHOST": settings["HOST"], "PGPORT": settings["PORT"], "PGUSER": settings["USER"],
        "PGPASSWORD": settings["PASSWORD"], "PGDATABASE": settings["NAME"],
    }  # fmt: skip
    given = {key: str(value) for key, value in values.items() if value}
    done = subprocess.run(
        [tool(name), *args],
        env={**os.environ, **given},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise ToolFailed(f"{name} failed: {done.stderr.strip()}")
