"""Times in which somebody steps back by themselves: coordinators for weeks, a voter with a vote."""

import uuid
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from communities.models.places import Community
from communities.querysets import AbsenceQuerySet, VoteRestQuerySet
from communities.rules import Span


class Absence(models.Model):
    """Weeks in which the coordinators of a community step back; ``until`` is the last day.

    It is announced ahead, and can be called off at any time: they are back that day. ``told_at``:
    when everybody with an open case there was told; ``ended_at``: when they were told that it is
    over. ``counted`` is what was counted then, kept because cases are forgotten.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    community = models.ForeignKey(Community, models.PROTECT, related_name="absences")
    from_on = models.DateField()
    until = models.DateField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    called_off_at = models.DateTimeField(null=True, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    counted: Any = models.JSONField(null=True, blank=True)

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        ordering = ["-from_on", "pk"]
        indexes = [models.Index(fields=["community", "from_on", "until"])]
        constraints = [
            models.CheckConstraint(
                name="absence_ends_after_it_begins", condition=Q(until__gte=F("from_on"))
            ),
        ]

    def __str__(self) -> str:
        return f"absence #{self.pk}"

    @property
    def back_on(self) -> date:
        """The first day on which they are back; the day it was called off, if that is sooner."""
        after = self.until + timedelta(days=1)
        if self.called_off_at is None:
            return after
        return min(after, max(timezone.localdate(self.called_off_at), self.from_on))

    @property
    def span(self) -> Span:
        return Span(self.from_on, self.back_on)


class VoteRest(models.Model):
    """A vote that its owner lets rest in all decisions of a community, through ``until``.

    Nobody else can set it, and its owner ends it whenever they like (``ended_at``).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    community = models.ForeignKey(Community, models.PROTECT, related_name="vote_rests")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="vote_rests")
    at = models.DateTimeField()
    until = models.DateField()
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = VoteRestQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["community", "person", "until"])]

    def __str__(self) -> str:
        return f"vote rest #{self.pk}"
