"""Restoring a copy into an empty house, and only where all of it can be read."""

from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.files import File
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from records.actions import verify
from records.copies.manifest import MEDIA, NotWhole, read_manifest
from records.copies.saving import stored_files
from records.copies.tools import load_database

# These a new house holds before anybody has come.
FURNITURE = {"contenttypes", "auth"}


class NotEmpty(Exception):
    """Something is here already; nothing is written over."""


def restore(folder: Path) -> dict[str, Any]:
    """Put a copy in place and return what ``verify`` says of its record.

    Everything is checked before anything is written: the digests, the keys, the engine, the
    migrations and that nothing is here. NotWhole, NotEmpty, ToolFailed.
    """
    manifest = read_manifest(folder)
    if manifest["engine"] != connection.vendor:
        raise NotWhole(
            f"This is a copy of a {manifest['engine']} database; here is {connection.vendor}."
        )
    _check_migrations(manifest["migrations"])
    if found := what_is_here():
        raise NotEmpty(found)
    load_database(folder / manifest["database"])
    _load_media(folder / MEDIA)
    # A copy of an older version is brought up to this one.
    call_command("migrate", verbosity=0, interactive=False)
    return verify()


def _check_migrations(had: list[str]) -> None:
    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    installed = {app.label for app in apps.get_app_configs()}
    unknown = [one for one in had if one not in known and one.partition(".")[0] in installed]
    if unknown:
        raise NotWhole(
            f"This copy is of a newer version of Amends: {unknown[0]} is not known here."
        )


def what_is_here() -> str:
    """Return the first thing that is here already, "" in an empty house."""
    tables = set(connection.introspection.table_names())
    for model in apps.get_models():
        meta = model._meta
        there = meta.app_label not in FURNITURE and meta.managed and meta.db_table in tables
        if there and model._base_manager.exists():
            return meta.db_table
    return next(stored_files(), "")


def _load_media(folder: Path) -> None:
    for path in sorted(folder.rglob("*")) if folder.is_dir() else []:
        if path.is_file():
            with path.open("rb") as file:
                name = path.relative_to(folder).as_posix()
                saved = default_storage.save(name, File(file))
                if saved != name:
                    raise NotWhole(f"{name} was stored under another name: {saved}.")
