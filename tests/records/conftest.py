"""The tests' flush has to empty tables that the database keeps append-only."""

import pytest
from django.db import connection
from django.test import TransactionTestCase

from records.triggers import lifted


@pytest.fixture(scope="session", autouse=True)
def flush_may_empty_the_record():
    """Lift the triggers while a transactional test is flushed, and only then."""
    flush = TransactionTestCase._fixture_teardown

    def teardown(self: TransactionTestCase) -> None:
        with lifted(connection):
            flush(self)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", teardown)
        yield
