"""A database of its own for each race, with the tables in it."""

import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import quote, urlunsplit

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from psycopg import sql


@pytest.fixture
def database(tmp_path: Path, transactional_db: None) -> Iterator[str]:
    """Yield the address of a copy of the empty test database that ends with the test."""
    yield from sqlite_copy(tmp_path) if connection.vendor == "sqlite" else postgres_copy()


def sqlite_copy(folder: Path) -> Iterator[str]:
    path = folder / "race.sqlite3"
    connection.ensure_connection()
    with closing(sqlite3.connect(path)) as copy:
        connection.connection.backup(copy)
    yield f"sqlite:///{path}"


def postgres_copy() -> Iterator[str]:
    there = settings.DATABASES["default"]
    template, name = there["NAME"], f"race_{secrets.token_hex(4)}"
    connection.close()  # who copies a database has to be alone with it
    server = f"{there['USER']}:{quote(there['PASSWORD'])}@{there['HOST']}:{there['PORT']}"
    with psycopg.connect(
        urlunsplit(("postgres", server, "/postgres", "", "")), autocommit=True
    ) as admin:
        admin.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(*map(sql.Identifier, (name, template)))
        )
        try:
            yield urlunsplit(("postgres", server, f"/{name}", "", ""))
        finally:
            admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
