"""A database of its own for each race."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.databases import own_database


@pytest.fixture
def database(tmp_path: Path, transactional_db: None) -> Iterator[str]:
    """Yield the address of a copy of the empty test database that ends with the test."""
    with own_database(tmp_path) as address:
        yield address
