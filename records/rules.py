"""What a link of a chain is. Pure: no Django, no clock, no database.

Source: the architecture's section "Records": HMAC-SHA-256 over canonical JSON and the
previous hash.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

Data = Mapping[str, str | int | None]
# Made once: making it takes as long as using it, and every event of every chain does.
CANONICAL = json.JSONEncoder(
    sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
)


def canonical(value: Any) -> bytes:
    """Return the one way to write a value as JSON: sorted, unspaced, UTF-8."""
    return CANONICAL.encode(value).encode()


def signature(key: bytes, previous: str, body: Mapping[str, Any]) -> str:
    """Return the hash of a link: 64 hex characters that need the key, the past and the body."""
    return hmac.new(key, previous.encode() + b"\n" + canonical(body), hashlib.sha256).hexdigest()


def event_body(
    *,
    kind: str,
    subject_id: str,
    seq: int,
    code: str,
    at: datetime,
    by: str,
    data: Data,
    key_id: str,
) -> dict[str, Any]:
    """Return everything of an event that is signed; the time in UTC, to the microsecond."""
    return {
        "kind": kind,
        "subject": subject_id,
        "seq": seq,
        "code": code,
        "at": at.astimezone(UTC).isoformat(timespec="microseconds"),
        "by": by,
        "data": dict(data),
        "key": key_id,
    }


def check_data(data: Data) -> None:
    """Raise TypeError unless the data is flat: names to text, whole numbers or nothing."""
    for name, value in data.items():
        if not isinstance(name, str) or not (value is None or isinstance(value, str | int)):
            raise TypeError(f"Event data holds text, whole numbers or None, not {name!r}.")
