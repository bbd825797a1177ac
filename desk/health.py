"""Is everything there that this server needs? Asked by whoever watches it."""

import logging
import uuid

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from records.actions import newest_is_whole
from records.sealed import open_bytes, place, seal_bytes

log = logging.getLogger(__name__)


def _database() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return cursor.fetchone() == (1,)


def _migrations() -> bool:
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def _keys() -> bool:
    """The keyring seals and opens, and holds the very key of the newest event."""
    at = place("desk_ready", "probe", uuid.uuid4())
    return newest_is_whole() and open_bytes(seal_bytes(b"ready", at=at), at=at) == b"ready"


def _storage() -> bool:
    name = default_storage.save(f"ready-{uuid.uuid4().hex}", ContentFile(b"ready"))
    default_storage.delete(name)
    return True


CHECKS = {
    "database": _database,
    "migrations": _migrations,
    "keys": _keys,
    "storage": _storage,
}


def readiness() -> dict[str, bool]:
    """Return what is ready, by name. Why something is not goes to the log, not to the page."""
    found = {}
    for name, check in CHECKS.items():
        try:
            found[name] = check()
        except Exception:
            log.exception("Not ready: %s", name)
            found[name] = False
    return found
