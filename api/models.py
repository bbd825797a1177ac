"""Keys to the API, and the answers it has given under a caller's own key."""

import uuid
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone

from records.sealed import SealedTextField


class ApiToken(models.Model):
    """One person's key to the API. Only its digest is kept; ``until`` is its last day."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="api_tokens")
    token_hash = models.CharField(max_length=64, unique=True)
    until = models.DateField()
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"API token #{self.pk} until {self.until}"


class IdempotencyKey(models.Model):
    """The answer to one request, kept under the key its caller chose.

    It is written in the transaction of the move itself: either both are there or neither.
    The answer may hold people's words, so it is sealed; the request is only its digest. ``tick``
    deletes it when it was kept for long enough (``records.actions.drop_expired``).
    """

    kept_for = timedelta(days=30)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    key = models.CharField(max_length=255)
    url = models.CharField(max_length=255)
    request_digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    body = SealedTextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "key", "url"], name="one_answer_for_a_key_and_url"
            )
        ]

    def __str__(self) -> str:
        return f"answer {self.status} #{self.pk}"
