"""The circle: everybody with a voice on one subject, and by which rules they decide."""

import uuid
from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from deliberation.querysets import VoiceQuerySet
from deliberation.rules import METHODS, counts_at
from records.sealed import SealedTextField


class Circle(models.Model):
    """An electorate for one subject of an app above, which it names but does not know.

    ``aim`` is what objections are measured against. ``round_hours`` is how long each stage lasts;
    without it the circle meets in the room, and ``guide``, who has no voice, moves it on.
    ``reference`` is the case its notices belong to, as in "RJ-7K2M-9QXA": they link to that case,
    for whoever may open it, and go with it when it is forgotten. A circle of no case has none.
    ``page`` is the address of its owner's page of this circle, from the root ("/…"); its notices
    link there, where there is one.
    """

    class Method(models.TextChoices):
        CONSENT = "consent", _("by consent")
        SUPERMAJORITY = "supermajority", _("by supermajority")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    subject_kind = models.CharField(max_length=32)
    subject_id = models.CharField(max_length=64)
    reference = models.CharField(max_length=16, blank=True)
    page = models.CharField(max_length=200, blank=True)
    aim = SealedTextField()
    method = models.CharField(max_length=16, choices=Method, default=Method.CONSENT)
    quorum = models.PositiveIntegerField()
    round_hours = models.PositiveIntegerField(null=True, blank=True)
    integration_rounds = models.PositiveSmallIntegerField(default=2)
    contention_days = models.PositiveSmallIntegerField(default=30)
    guide = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["subject_kind", "subject_id"])]
        constraints = [
            models.CheckConstraint(name="circle_method_is_known", condition=Q(method__in=METHODS)),
            models.CheckConstraint(
                name="circle_in_the_room_has_a_guide",
                condition=Q(round_hours__isnull=False, round_hours__gte=1)
                | Q(round_hours__isnull=True, guide__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"circle #{self.pk}"

    @property
    def in_the_room(self) -> bool:
        return self.round_hours is None


class Voice(models.Model):
    """One person's voice in one circle, once in its life, from a moment until another.

    It is never delegated. From ``limited_from`` to ``limited_until`` its vote rests, because the
    person accepted that freely; they are still heard.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    circle = models.ForeignKey(Circle, models.PROTECT, related_name="voices")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="voices")
    from_at = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)
    limited_from = models.DateTimeField(null=True, blank=True)
    limited_until = models.DateTimeField(null=True, blank=True)

    objects = VoiceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["circle", "person"], name="one_voice_in_a_circle"),
            models.CheckConstraint(
                name="voice_ends_after_it_begins",
                condition=Q(until=None) | Q(until__isnull=False, until__gte=F("from_at")),
            ),
            models.CheckConstraint(
                name="limit_on_a_vote_ends",
                condition=Q(limited_from=None, limited_until=None)
                | Q(
                    limited_from__isnull=False,
                    limited_until__isnull=False,
                    limited_until__gt=F("limited_from"),
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"voice #{self.pk}"

    def lives_at(self, moment: datetime) -> bool:
        """Say whether it has begun and not ended: its person is heard."""
        return counts_at(moment, from_at=self.from_at, until=self.until)

    def counts_at(self, moment: datetime) -> bool:
        """Say whether it lives and its vote does not rest: its person is counted."""
        return counts_at(
            moment,
            from_at=self.from_at,
            until=self.until,
            limited_from=self.limited_from,
            limited_until=self.limited_until,
        )
