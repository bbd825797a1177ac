"""A backup: one folder with the database, the files and a signed manifest; and back again.

The record keys are never in it. The manifest names the keys that the copy needs, and is signed
by each of them, so that a keyring shows that it can read the copy before anything is restored.
"""

from records.copies.manifest import NotWhole, read_manifest
from records.copies.restoring import NotEmpty, restore
from records.copies.saving import FolderTaken, backup
from records.copies.tools import ToolFailed

__all__ = [
    "FolderTaken",
    "NotEmpty",
    "NotWhole",
    "ToolFailed",
    "backup",
    "read_manifest",
    "restore",
]
