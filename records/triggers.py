"""The database itself refuses to change or delete an event or a seal.

Set by the migration; lifted only by the tests, whose flush has to empty the tables.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

TABLES = ("records_event", "records_seal")
FUNCTION = "records_append_only"


def _run(connection: Any, statements: list[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def set_triggers(connection: Any) -> None:
    """Make UPDATE and DELETE fail on events and seals, on PostgreSQL TRUNCATE too.

    Can be called twice. NotImplementedError on a database that is neither of our two.
    """
    lift_triggers(connection)
    if connection.vendor == "sqlite":
        _run(
            connection,
            [
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
                for table in TABLES
                for verb in ("UPDATE", "DELETE")
            ],
        )
        return
    _run(
        connection,
        [
            f"CREATE OR REPLACE FUNCTION {FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME "
            "USING ERRCODE = 'integrity_constraint_violation'; END $$"
        ]
        + [
            f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION {FUNCTION}()"
            for table in TABLES
            for verb in ("UPDATE", "DELETE", "TRUNCATE")
        ],
    )


def lift_triggers(connection: Any) -> None:
    """Take the triggers away (nothing happens when there are none)."""
    if connection.vendor not in {"sqlite", "postgresql"}:
        raise NotImplementedError(f"No append-only triggers for {connection.vendor}.")
    on_table = connection.vendor == "postgresql"
    _run(
        connection,
        [
            f"DROP TRIGGER IF EXISTS {table}_no_{verb}" + (f" ON {table}" if on_table else "")
            for table in TABLES
            for verb in ("update", "delete", "truncate")
        ],
    )


@contextmanager
def lifted(connection: Any) -> Iterator[None]:
    """Lift the triggers for a block, and set them again whatever happens in it."""
    lift_triggers(connection)
    try:
        yield
    finally:
        set_triggers(connection)
