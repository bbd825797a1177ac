"""Making a copy: database first, then files, then the manifest; whole or not at all."""

import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.files.storage import default_storage
from django.db import connection, models
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Value
from django.db.models.functions import Cast, StrIndex, Substr

from records import sealed
from records.copies.manifest import MEDIA, write_manifest
from records.copies.tools import save_database
from records.models import Event, Seal


class FolderTaken(Exception):
    """The folder holds something already; a backup writes over nothing."""


def backup(folder: Path, *, now: datetime) -> dict[str, Any]:
    """Copy database and files into a new or empty folder; return the manifest.

    Files are never changed once they are stored, and the database is copied first: a file that
    came meanwhile is more than is needed, and none that it names is missing. FolderTaken,
    ToolFailed, or OSError; nothing is left behind then.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise FolderTaken(str(folder))
    folder.parent.mkdir(parents=True, exist_ok=True)
    under_way = folder.with_name(f"{folder.name}.under-way")
    shutil.rmtree(under_way, ignore_errors=True)
    under_way.mkdir(mode=0o700)
    try:
        database = save_database(under_way)
        _save_media(under_way / MEDIA)
        facts = {
            "made_at": now.isoformat(timespec="seconds"),
            "engine": connection.vendor,
            "database": database.name,
            "migrations": migrations_here(),
            "needs": "RECORD_KEYS with the keys named under 'keys'. They are not in this backup.",
        }
        manifest = write_manifest(under_way, facts, keys_in_use())
        if folder.exists():
            folder.rmdir()
        under_way.rename(folder)
    except BaseException:
        shutil.rmtree(under_way, ignore_errors=True)
        raise
    return manifest


def _save_media(target: Path) -> None:
    for name in stored_files():
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        with default_storage.open(name) as file, (target / name).open("wb") as copy:
            shutil.copyfileobj(file, copy)


def stored_files(folder: str = "") -> Iterator[str]:
    """Yield the name of every stored file, in any folder."""
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    yield from (f"{folder}{name}" for name in sorted(files))
    for name in sorted(folders):
        yield from stored_files(f"{folder}{name}/")


def migrations_here() -> list[str]:
    """Return every migration the database has had, as app.name, in the order of their names."""
    applied = MigrationRecorder(connection).applied_migrations()
    return sorted(f"{app}.{name}" for app, name in applied)


def keys_in_use() -> list[str]:
    """Return the ids of the keys that sealed or signed something here, and of the look-up key."""
    found = {sealed.keyring().lookup.id}
    for signed in (Event, Seal):
        found |= set(signed.objects.order_by().values_list("key_id", flat=True).distinct())
    for model in apps.get_models():
        for field in model._meta.local_fields:
            if isinstance(field, sealed.SealedTextField) and not model._meta.proxy:
                found |= _keys_of(model, field.name)
    return sorted(found)


def _keys_of(model: type[models.Model], column: str) -> set[str]:
    # A token is v1.keyid.nonce.ciphertext. As text of no special kind it can be taken apart.
    token = Substr(Cast(column, models.TextField()), len(sealed.VERSION) + 2)
    rows = model._base_manager.annotate(_token=token).exclude(_token=None).exclude(_token="")
    ids = rows.annotate(_key=Substr("_token", 1, StrIndex("_token", Value(".")) - 1))
    return set(ids.order_by().values_list("_key", flat=True).distinct())
