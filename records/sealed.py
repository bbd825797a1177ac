"""Sealed fields: text that the database only ever holds encrypted.

The keyring is ``settings.RECORD_KEYS``, ``"newest:<64 hex>,older:<64 hex>"``. From each key
three others are derived, one for each use: sealing, event chains, look-ups. So a key of one use
says nothing about the others.

* The **first** key seals and signs; every key of the ring reads.
* The **last** key is the look-up key: blind indexes are derived from it alone, so putting a new
  key in front changes no index and ``rotate_keys`` has none to compute again. The last key
  therefore stays last for as long as the installation lives.
* Signed events cannot be signed anew, so a key that signed one stays in the ring to verify it.

Source of the rules: the architecture's section "Records".
"""

import base64
import binascii
import hashlib
import hmac
import re
import secrets
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core import checks
from django.core.exceptions import FieldError, ImproperlyConfigured
from django.db import models
from django.db.models.query_utils import DeferredAttribute

VERSION = "v1"
NONCE_BYTES = 12
KEY_ID = re.compile(r"[A-Za-z0-9_-]{1,32}")
KEY_HEX = re.compile(r"[0-9a-fA-F]{64}")


class Unreadable(Exception):
    """A sealed value cannot be opened: wrong key, changed, or moved from another row."""


class NotSealed(TypeError):
    """Plain text was about to reach a sealed column by a way that does not seal it."""


@dataclass(frozen=True, slots=True)
class Key:
    """One key of the ring, with what is derived from it."""

    id: str
    sealing: bytes
    signing: bytes
    index: bytes


@dataclass(frozen=True, slots=True)
class Keyring:
    """All keys, newest first."""

    keys: tuple[Key, ...]

    @property
    def newest(self) -> Key:
        return self.keys[0]

    @property
    def lookup(self) -> Key:
        return self.keys[-1]

    def get(self, key_id: str) -> Key | None:
        return next((key for key in self.keys if key.id == key_id), None)


def _derive(secret: bytes, use: str) -> bytes:
    info = f"amends records {VERSION} {use}".encode()
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(secret)


@lru_cache(maxsize=8)
def _parse(text: str) -> Keyring:
    keys: list[Key] = []
    for number, part in enumerate(text.split(","), start=1):
        name, _, value = part.strip().partition(":")
        # The message never repeats the text: a log must not learn half a key.
        if not KEY_ID.fullmatch(name) or not KEY_HEX.fullmatch(value):
            raise ImproperlyConfigured(
                f"RECORD_KEYS: key {number} is not NAME:KEY, with a name of letters, digits, "
                "_ or - and a key of 64 hexadecimal characters."
            )
        if any(key.id == name for key in keys):
            raise ImproperlyConfigured(f"RECORD_KEYS names the key {name!r} twice.")
        secret = bytes.fromhex(value)
        keys.append(
            Key(name, _derive(secret, "seal"), _derive(secret, "chain"), _derive(secret, "index"))
        )
    return Keyring(tuple(keys))


def keyring() -> Keyring:
    """Return the keyring of the settings; ImproperlyConfigured when missing or malformed."""
    text = getattr(settings, "RECORD_KEYS", "")
    if not isinstance(text, str) or not text.strip():
        raise ImproperlyConfigured(
            "RECORD_KEYS is not set. Set it to NAME:KEY, where KEY is 64 hexadecimal characters."
        )
    return _parse(text)


def check_keys(**_: Any) -> list[checks.CheckMessage]:
    """System check: the keyring can be read and is no copy of SECRET_KEY."""
    try:
        keyring()
    except ImproperlyConfigured as error:
        return [checks.Error(str(error), id="records.E001")]
    if any(
        part.strip().endswith(f":{settings.SECRET_KEY}") for part in settings.RECORD_KEYS.split(",")
    ):
        return [
            checks.Error(
                "RECORD_KEYS repeats SECRET_KEY.",
                id="records.E002",
                hint="Make a key of its own for the records.",
            )
        ]
    return []


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _decode(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)


def place(table: str, column: str, row: object) -> str:
    """Name the one place a sealed value belongs to; ValueError when the row id is no UUID."""
    return f"{table}|{column}|{UUID(str(row))}"


def seal_bytes(plain: bytes, *, at: str) -> str:
    """Seal bytes for one place (see ``place``) with the newest key; return the token."""
    key = keyring().newest
    nonce = secrets.token_bytes(NONCE_BYTES)
    text = AESGCM(key.sealing).encrypt(nonce, plain, at.encode())
    return f"{VERSION}.{key.id}.{_encode(nonce)}.{_encode(text)}"


def open_bytes(token: str, *, at: str) -> bytes:
    """Open a token at its place; Unreadable when the key, the place or the text is another."""
    parts = token.split(".")
    if len(parts) != 4 or parts[0] != VERSION:
        raise Unreadable(f"What is stored at {at} is no sealed value.")
    key = keyring().get(parts[1])
    if key is None:
        raise Unreadable(f"{at} is sealed with the key {parts[1]!r}, not in RECORD_KEYS.")
    try:
        return AESGCM(key.sealing).decrypt(_decode(parts[2]), _decode(parts[3]), at.encode())
    except (InvalidTag, ValueError, binascii.Error) as error:
        raise Unreadable(
            f"{at} cannot be opened: another key, or it was changed or moved."
        ) from error


def key_id_of(token: str) -> str:
    """Return the id of the key a token is sealed with ("" when it is no token)."""
    parts = token.split(".")
    return parts[1] if len(parts) == 4 and parts[0] == VERSION else ""


def blind_index(value: str) -> str:
    """Return what finds a sealed value exactly, telling nothing without the key.

    Upper and lower case, compatible forms and outer spaces make no difference. 64 hex characters.
    """
    plain = unicodedata.normalize("NFKC", value).casefold().strip()
    # Folding can leave a form that is not normal any more; normalise once again.
    plain = unicodedata.normalize("NFKC", plain)
    return hmac.new(keyring().lookup.index, plain.encode(), hashlib.sha256).hexdigest()


class Token(str):
    """The sealed text as the database holds it, told apart from plain text by its type."""

    __slots__ = ()


class SealedAttribute(DeferredAttribute):
    """Opens the token at the first access and keeps the plain text on the instance."""

    field: Any

    def __get__(self, instance: models.Model | None, cls: type | None = None) -> Any:
        value = super().__get__(instance, cls)
        if instance is None or not isinstance(value, Token):
            return value
        plain = self.field.open(value, instance)
        instance.__dict__[self.field.attname] = plain
        return plain

    def __set__(self, instance: models.Model, value: Any) -> None:
        instance.__dict__[self.field.attname] = value


class SealedTextField(models.TextField):
    """Text that is plain on the instance and sealed in the database.

    Written by ``save``, ``create`` and ``bulk_create``; the row id is part of the seal, so the
    model has a UUID key that exists before saving. ``values()`` gives the token. Look-ups,
    ``bulk_update`` and ``update()`` with text are refused (``update(field="")`` empties, which
    is how forgetting works). The empty string is stored as such. A value that cannot be opened
    raises ``Unreadable`` at access.
    """

    description = "Sealed text"
    descriptor_class = SealedAttribute

    def place_on(self, instance: models.Model) -> str:
        """Return the place of this column in the instance's row; NotSealed without a UUID key."""
        try:
            return place(self.model._meta.db_table, str(self.column), instance.pk)
        except ValueError as error:
            raise NotSealed(f"{self} needs a UUID key before it can be sealed.") from error

    def open(self, token: str, instance: models.Model) -> str:
        """Return the plain text of a token that stands in this instance's row."""
        return open_bytes(token, at=self.place_on(instance)).decode() if token else ""

    def seal(self, plain: str, instance: models.Model) -> Token:
        """Return the token of a text for this instance's row."""
        if not plain:
            return Token("")
        return Token(seal_bytes(plain.encode(), at=self.place_on(instance)))

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> Token | None:
        return None if value is None else Token(value)

    def pre_save(self, instance: models.Model, add: bool) -> Token | None:
        value = instance.__dict__.get(self.attname)
        if value is None:
            return None
        if isinstance(value, Token):
            # Never read, so written back as it is, but only where it belongs: an instance
            # saved under a new key would otherwise keep text that nobody can open.
            self.open(value, instance)
            return value
        if not isinstance(value, str):
            raise NotSealed(f"{self} takes text, not {type(value).__name__}.")
        return self.seal(value, instance)

    def get_prep_value(self, value: Any) -> str | None:
        if value is None or value == "" or isinstance(value, Token):
            return None if value is None else str(value)
        raise NotSealed(
            f"{self} is sealed: write it with save(), create() or bulk_create(), not with "
            "update() or bulk_update()."
        )

    def get_placeholder(self, value: Any, compiler: Any, connection: Any) -> str:
        # Expressions (F, Value, Case) reach the database without get_prep_value.
        if hasattr(value, "as_sql") and getattr(value, "output_field", None) is not self:
            raise NotSealed(f"{self} is sealed: it cannot be set from an expression.")
        return "%s"

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name == "isnull":
            return super().get_lookup(lookup_name)
        raise FieldError(
            f"{self} is sealed and cannot be searched ({lookup_name}); "
            "keep a blind_index() beside it."
        )

    def get_transform(self, lookup_name: str) -> Any:
        raise FieldError(f"{self} is sealed and cannot be searched ({lookup_name}).")

    def value_to_string(self, obj: models.Model) -> str:
        # Serialisers (dumpdata, audit libraries) get the token, never the plain text.
        value = obj.__dict__.get(self.attname)
        if isinstance(value, Token):
            return str(value)
        return str(self.seal(str(self.value_from_object(obj) or ""), obj))

    def check(self, **kwargs: Any) -> list[checks.CheckMessage]:
        found = super().check(**kwargs)
        key: Any = self.model._meta.pk
        while getattr(key, "remote_field", None):
            key = key.target_field
        if not isinstance(key, models.UUIDField):
            found.append(
                checks.Error(
                    "A model with sealed fields needs a UUID key.", obj=self, id="records.E003"
                )
            )
        if self.unique or getattr(self, "db_index", False):
            found.append(
                checks.Error(
                    "A sealed field cannot be unique or indexed.",
                    obj=self,
                    hint="Index a blind_index() of it.",
                    id="records.E004",
                )
            )
        return found
