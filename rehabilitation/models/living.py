"""What is written of a life in a house: the resident's own word stands beside every other one."""

import uuid
from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from records.sealed import SealedTextField
from rehabilitation.models.houses import House
from rehabilitation.models.placements import Placement
from rehabilitation.rules import KINDS_OF_MEASURE, WISH_KINDS, WISH_STATES, measure_stands


class Measure(models.Model):
    """One thing that is offered, or one limit. It ends by itself on its last day.

    ``agreed`` is the resident's answer, None before they gave one. Only a limit on contact stands
    without their yes, with the reason why.
    """

    class Kind(models.TextChoices):
        LEARNING = "learning", _("learning")
        SUPPORT = "support", _("support")
        THERAPY = "therapy", _("therapy")
        WORK = "work", _("work")
        CONTACT = "contact", _("a limit on contact")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    placement = models.ForeignKey(Placement, models.PROTECT, related_name="measures")
    kind = models.CharField(max_length=8, choices=Kind)
    aim = SealedTextField()
    offered_by = SealedTextField()
    from_on = models.DateField()
    until = models.DateField()
    reason = SealedTextField(blank=True)
    agreed = models.BooleanField(null=True, blank=True)
    own_word = SealedTextField(blank=True)
    answered_on = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="measure_kind_is_known", condition=Q(kind__in=KINDS_OF_MEASURE)
            ),
            models.CheckConstraint(
                name="measure_ends_after_it_begins", condition=Q(until__gte=F("from_on"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} #{self.pk}"

    @property
    def last_day(self) -> date:
        """The last day it can hold: its own, and never past the placement."""
        ends = [self.until]
        if self.placement.ends_on is not None:
            ends.append(self.placement.ends_on)
        return min(ends)

    def holds(self, today: date) -> bool:
        """Say whether it holds today: it stands, has begun, and neither it nor the stay is over."""
        over = self.ended_on is not None and self.ended_on <= today
        stands = measure_stands(self.kind, agreed=self.agreed, why_not=self.reason)
        return (
            stands
            and not over
            and self.from_on <= today <= self.last_day
            and self.placement.is_placed(today)
        )


class CheckIn(models.Model):
    """A steward's words on how it goes, with the resident's own word beside them."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    placement = models.ForeignKey(Placement, models.PROTECT, related_name="check_ins")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    words = SealedTextField()
    at = models.DateTimeField()
    own_word = SealedTextField(blank=True)
    own_word_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"check-in #{self.pk}"


class Visit(models.Model):
    """What the independent visitor saw and heard. ``placement`` is empty for the whole house."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    house = models.ForeignKey(House, models.PROTECT, related_name="visits")
    placement = models.ForeignKey(
        Placement, models.PROTECT, null=True, blank=True, related_name="visits"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    visited_on = models.DateField()
    words = SealedTextField()
    at = models.DateTimeField()
    own_word = SealedTextField(blank=True)
    own_word_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["visited_on", "at"]

    def __str__(self) -> str:
        return f"visit #{self.pk}"


class Incident(models.Model):
    """Something that went wrong, with two accounts side by side. Neither is the truth of it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    placement = models.ForeignKey(Placement, models.PROTECT, related_name="incidents")
    happened_on = models.DateField()
    reported_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    by_resident = models.BooleanField()
    house_account = SealedTextField(blank=True)
    own_account = SealedTextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["happened_on", "at"]

    def __str__(self) -> str:
        return f"incident #{self.pk}"


class Wish(models.Model):
    """A wish or complaint of a resident. It is answered in days, with a reason where it is no.

    ``further_at``: the resident took the answer, or the silence, to the independent visitor.
    """

    class Kind(models.TextChoices):
        WISH = "wish", _("a wish")
        COMPLAINT = "complaint", _("a complaint")

    class State(models.TextChoices):
        OPEN = "open", _("Waiting for an answer")
        GRANTED = "granted", _("Yes")
        REFUSED = "refused", _("No")
        TAKEN_BACK = "taken_back", _("Taken back")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    placement = models.ForeignKey(Placement, models.PROTECT, related_name="wishes")
    kind = models.CharField(max_length=10, choices=Kind)
    words = SealedTextField()
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    answer_by = models.DateField()
    answer = SealedTextField(blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)
    further_at = models.DateTimeField(null=True, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]
        verbose_name_plural = "wishes"
        constraints = [
            models.CheckConstraint(name="wish_kind_is_known", condition=Q(kind__in=WISH_KINDS)),
            models.CheckConstraint(name="wish_state_is_known", condition=Q(state__in=WISH_STATES)),
            models.CheckConstraint(
                name="wish_is_answered_exactly_when_over",
                condition=Q(state="open", answered_at=None)
                | (~Q(state="open") & Q(answered_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} #{self.pk}"
