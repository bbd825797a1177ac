"""Copies of the empty test database, for tests whose processes open one of their own.

As migrating each would take longer than most of what is done in it.
"""

import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote, urlunsplit

import psycopg
from django.conf import settings
from django.db import connection
from psycopg import sql


@contextmanager
def own_database(folder: Path) -> Iterator[str]:
    """Give the address of a copy: a file in this folder, or beside the test database on its server.

    Asked outside a transaction, on the database the tests run on.
    """
    if connection.vendor == "sqlite":
        yield sqlite_copy(folder / "own.sqlite3")
    else:
        with postgres_copy() as address:
            yield address


def sqlite_copy(path: Path) -> str:
    connection.ensure_connection()
    with closing(sqlite3.connect(path)) as copy:
        connection.connection.backup(copy)
    return f"sqlite:///{path}"


@contextmanager
def postgres_copy() -> Iterator[str]:
    there = settings.DATABASES["default"]
    template, name = there["NAME"], f"own_{secrets.token_hex(4)}"
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
