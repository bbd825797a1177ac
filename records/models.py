"""The tamper-evident record: chains of events, daily seals, who opened which room.

No foreign keys: a record outlives what it speaks of, and forgetting leaves it whole.
"""

from django.db import models


class Chain(models.Model):
    """The head of one subject's chain; its row is the lock under which events are appended."""

    kind = models.CharField(max_length=32)
    subject_id = models.CharField(max_length=64)
    head_hash = models.CharField(max_length=64, blank=True, default="")
    length = models.PositiveIntegerField(default=0)
    # How much of it the last seal covered, so that a seal looks only at what grew since.
    sealed_length = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "subject_id"], name="records_chain_subject")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_id}"


class Event(models.Model):
    """One thing that happened. Holds references and digests, never names or story."""

    kind = models.CharField(max_length=32)
    subject_id = models.CharField(max_length=64)
    seq = models.PositiveIntegerField()
    code = models.CharField(max_length=64)
    at = models.DateTimeField()
    by = models.CharField(max_length=36, blank=True, default="")
    data = models.JSONField(default=dict, blank=True)
    key_id = models.CharField(max_length=32)
    prev_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["kind", "subject_id", "seq"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject_id", "seq"], name="records_event_place"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_id} #{self.seq} {self.code}"


class Seal(models.Model):
    """One day's seal: the heads that grew since the seal before, signed together with it."""

    day = models.DateField(unique=True)
    # [[kind, subject, length, head hash], …], sorted
    heads = models.JSONField(default=list)
    count = models.PositiveIntegerField(default=0)
    digest = models.CharField(max_length=64)
    key_id = models.CharField(max_length=32)

    class Meta:
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.day} {self.digest}"


class Access(models.Model):
    """An office-holder opened a room of a case: one row for each person, room and hour."""

    reader = models.UUIDField()
    case_reference = models.CharField(max_length=64, db_index=True)
    room = models.CharField(max_length=64)
    hour = models.DateTimeField()

    class Meta:
        ordering = ["-hour", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["reader", "case_reference", "room", "hour"], name="records_access_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_reference} {self.room} {self.hour:%Y-%m-%d %H}"
