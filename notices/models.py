"""What people are told: a line in the app, and an outbox row where they chose a way out."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models


class Notice(models.Model):
    """One piece of news for one person: a code and safe parameters, never a story."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices")
    code = models.CharField(max_length=40)
    params: Any = models.JSONField(default=dict, blank=True)
    case_reference = models.CharField(max_length=16, blank=True)
    key = models.CharField(max_length=160, unique=True)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["person", "read_at", "at"])]

    def __str__(self) -> str:
        return f"{self.code} #{self.pk}"


class Delivery(models.Model):
    """The outbox: one attempt after another until it is sent or given up."""

    notice = models.OneToOneField(Notice, models.CASCADE, related_name="delivery")
    way = models.CharField(max_length=8)
    attempts = models.PositiveIntegerField(default=0)
    next_attempt = models.DateTimeField(db_index=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    given_up = models.BooleanField(default=False)

    class Meta:
        verbose_name_plural = "deliveries"

    def __str__(self) -> str:
        return f"{self.way} #{self.pk}"
