"""What is in a copy: each file with its digest, signed by every key that the copy needs."""

import hashlib
import json
from pathlib import Path
from typing import Any

from records import rules, sealed

NAME = "manifest.json"
FORMAT = "amends-backup-1"
MEDIA = "media"
BLOCK = 1 << 20


class NotWhole(Exception):
    """A copy that cannot be restored: something is missing or changed, or a key is. Says which."""


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def described(folder: Path) -> list[dict[str, Any]]:
    """Return every file below a folder with size and digest, in the order of their names."""
    return [
        {
            "path": path.relative_to(folder).as_posix(),
            "size": path.stat().st_size,
            "sha256": digest_of(path),
        }
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != NAME
    ]


def write_manifest(folder: Path, facts: dict[str, Any], key_ids: list[str]) -> dict[str, Any]:
    """Describe and sign what lies in a folder; return the manifest. KeyError for a key not here."""
    body = {"format": FORMAT, **facts, "files": described(folder)}
    signed = {}
    for key_id in key_ids:
        key = sealed.keyring().get(key_id)
        if key is None:
            raise KeyError(key_id)
        signed[key_id] = rules.signature(key.signing, "", body)
    manifest = {**body, "keys": signed}
    text = json.dumps(manifest, indent=2, ensure_ascii=False)
    (folder / NAME).write_text(text + "\n", encoding="utf-8")
    return manifest


def read_manifest(folder: Path) -> dict[str, Any]:
    """Return the manifest of a copy once all of it was checked; NotWhole says what was not so."""
    try:
        manifest: dict[str, Any] = json.loads((folder / NAME).read_text(encoding="utf-8"))
        body = {name: value for name, value in manifest.items() if name != "keys"}
        known, keys, files = body["format"], dict(manifest["keys"]), list(body["files"])
    except FileNotFoundError as error:
        raise NotWhole(f"{folder} holds no {NAME}, and so no backup.") from error
    except (ValueError, KeyError, TypeError) as error:
        raise NotWhole(f"{folder / NAME} cannot be read as a manifest.") from error
    if known != FORMAT:
        raise NotWhole(f"This is a backup in the format {known}; here {FORMAT} is understood.")
    _check_keys(body, keys)
    if described(folder) != files:
        raise NotWhole(_first_difference(described(folder), files))
    return manifest


def _check_keys(body: dict[str, Any], keys: dict[str, str]) -> None:
    """Fail closed: every key the copy needs is in RECORD_KEYS, and is the very same key."""
    if not keys:
        raise NotWhole("The manifest is signed by no key.")
    for key_id, signature in keys.items():
        key = sealed.keyring().get(key_id)
        if key is None:
            raise NotWhole(f"RECORD_KEYS lacks the key {key_id!r}, which this backup needs.")
        if signature != rules.signature(key.signing, "", body):
            raise NotWhole(
                f"The manifest is not signed by the key {key_id!r} of RECORD_KEYS: it is another "
                "key under that name, or the manifest was changed."
            )


def _first_difference(found: list[dict[str, Any]], listed: list[dict[str, Any]]) -> str:
    here = {one["path"]: one for one in found}
    named = {one["path"]: one for one in listed}
    for path, one in named.items():
        if path not in here:
            return f"{path} is missing."
        if here[path] != one:
            return f"{path} is not what was saved: its digest differs."
    more = sorted(here.keys() - named.keys())
    return f"{more[0]} is not in the manifest." if more else "The manifest is not in its order."
