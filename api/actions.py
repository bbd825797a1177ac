"""Giving out tokens, knowing who holds one, and answering a repeated request once."""

import hashlib
import json
import secrets
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction

from api.models import ApiToken, IdempotencyKey
from people.models import Person

LONGEST_DAYS = 366
Answer = tuple[int, Any]


def digest(text: str | bytes) -> str:
    """Return the SHA-256 of a text, in hexadecimal."""
    raw = text.encode("utf-8", "replace") if isinstance(text, str) else text
    return hashlib.sha256(raw).hexdigest()


def issue_token(person: Person, *, today: date, days: int = 30) -> str:
    """Return a new token, valid through the day ``days`` from today. It is not kept anywhere.

    ValueError when ``days`` is not between 1 and a year.
    """
    if not 1 <= days <= LONGEST_DAYS:
        raise ValueError(f"A token lasts between 1 and {LONGEST_DAYS} days.")
    token = f"amends_{secrets.token_urlsafe(32)}"
    ApiToken.objects.create(
        person=person, token_hash=digest(token), until=today + timedelta(days=days)
    )
    return token


def holder_of(token: str, *, today: date) -> Person | None:
    """Return the active person whose unexpired token this is, or None."""
    found = (
        ApiToken.objects.select_related("person")
        .filter(token_hash=digest(token), until__gte=today, person__is_active=True)
        .first()
    )
    return found.person if found else None


class KeyReused(Exception):
    """The same idempotency key came with another body."""


def answer_once(
    person: Person, key: str, url: str, body: bytes, do: Callable[[], Answer]
) -> Answer:
    """Return what ``do`` answers, or what it answered when this key was first used.

    One transaction holds the answer and what was done. Without a key, ``do`` is simply done.
    Where nothing was done, nothing is kept. KeyReused when the key was used with another body.
    """
    if not key:
        return do()
    with transaction.atomic():
        kept, new = IdempotencyKey.objects.get_or_create(
            person=person, key=key, url=url, defaults={"request_digest": digest(body)}
        )
        if not new:
            if kept.request_digest != digest(body):
                raise KeyReused
            return kept.status, json.loads(kept.body)
        status, said = do()
        if status >= 300:
            kept.delete()
        else:
            kept.status = status
            kept.body = json.dumps(said, cls=DjangoJSONEncoder, ensure_ascii=False)
            kept.save(update_fields=["status", "body"])
        return status, said
