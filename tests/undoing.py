"""Undo what a test does, and go on from where it began."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction


@contextmanager
def undone() -> Iterator[None]:
    """Undo what happens inside. Not ``atomic``: noting an access asks for a transaction alone."""
    point = transaction.savepoint()
    try:
        yield
    finally:
        undo(point)


def undo(point: str) -> None:
    """Go back to a savepoint, and let it go.

    One that is rolled back stays open, and SQLite looks at every open one whenever a page of the
    database changes: a walk with thousands of them would slow down with each step.
    """
    transaction.savepoint_rollback(point)
    transaction.savepoint_commit(point)
