"""A Rehabilitation Community: its places, who serves in it until when, and its own rules."""

import uuid
from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from communities.models import Community
from deliberation.models import Circle, Proposal
from records.sealed import SealedTextField
from rehabilitation.querysets import HouseQuerySet, OfficeQuerySet


class House(models.Model):
    """One Rehabilitation Community. ``public_words`` is what anybody may read of it.

    ``circle`` is its assembly: everybody who lives there has a voice in it.
    """

    slug = models.SlugField(unique=True)
    community = models.ForeignKey(Community, models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    places = models.PositiveSmallIntegerField()
    public_words = models.TextField(blank=True)
    circle = models.OneToOneField(Circle, models.PROTECT, null=True, blank=True, related_name="+")
    opened_on = models.DateField()
    closed_on = models.DateField(null=True, blank=True)

    objects = HouseQuerySet.as_manager()

    class Meta:
        ordering = ["slug"]
        verbose_name = _("Rehabilitation Community")
        verbose_name_plural = _("Rehabilitation Communities")
        constraints = [
            # A house for many is no home: our own choice, so that everybody knows everybody.
            models.CheckConstraint(
                name="house_has_one_to_twelve_places", condition=Q(places__gte=1, places__lte=12)
            )
        ]

    def __str__(self) -> str:
        return self.slug

    def get_absolute_url(self) -> str:
        return reverse("rehabilitation:house", args=[self.slug])


class HouseOffice(models.Model):
    """Who is steward or independent visitor of a house. It always has an end."""

    class Role(models.TextChoices):
        STEWARD = "steward", _("steward")
        VISITOR = "visitor", _("independent visitor")

    class Way(models.TextChoices):
        NAMED = "named", _("named by the coordinator")
        ELECTED = "elected", _("elected by the house")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    house = models.ForeignKey(House, models.PROTECT, related_name="offices")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    role = models.CharField(max_length=8, choices=Role)
    way = models.CharField(max_length=8, choices=Way, default=Way.NAMED)
    from_on = models.DateField()
    until = models.DateField()
    # The first day on which they no longer hold it, where it ended before its time.
    ended_on = models.DateField(null=True, blank=True)

    objects = OfficeQuerySet.as_manager()

    class Meta:
        ordering = ["from_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="house_office_is_known", condition=Q(role__in=("steward", "visitor"))
            ),
            models.CheckConstraint(
                name="house_office_ends_after_it_begins", condition=Q(until__gte=F("from_on"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} #{self.pk}"

    def is_live(self, today: date) -> bool:
        ended = self.ended_on is not None and self.ended_on <= today
        return not ended and self.from_on <= today <= self.until


class HouseQuestion(models.Model):
    """What the residents' assembly is asked, and what came of it: a proposal of its circle.

    ``touches`` are the rights its author says the rule touches; any of them stops it.
    ``struck_on``: the independent visitor found that it goes below a right, so it never held.
    """

    class Kind(models.TextChoices):
        RULE = "rule", _("a rule of the house")
        PLACES = "places", _("how many places there are")
        STEWARD = "steward", _("who is steward")
        RECALL = "recall", _("that a steward leaves the office")
        REPEAL = "repeal", _("that a rule holds no more")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    house = models.ForeignKey(House, models.PROTECT, related_name="questions")
    proposal = models.OneToOneField(Proposal, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind)
    touches: Any = models.JSONField(default=list, blank=True)
    places = models.PositiveSmallIntegerField(null=True, blank=True)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    # The rule a question of repeal is about.
    rule = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="repeals")
    adopted_on = models.DateField(null=True, blank=True)
    repealed_on = models.DateField(null=True, blank=True)
    struck_on = models.DateField(null=True, blank=True)
    struck_right = models.CharField(max_length=16, blank=True)
    struck_because = SealedTextField(blank=True)

    class Meta:
        ordering = ["proposal__at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="house_question_kind_is_known",
                condition=Q(kind__in=("rule", "places", "steward", "recall", "repeal")),
            ),
            models.CheckConstraint(
                name="repeal_names_its_rule",
                condition=(Q(kind="repeal") & Q(rule__isnull=False))
                | (~Q(kind="repeal") & Q(rule=None)),
            ),
            models.CheckConstraint(
                name="struck_rule_names_its_right",
                condition=Q(struck_on=None, struck_right="")
                | (Q(struck_on__isnull=False) & ~Q(struck_right="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} #{self.pk}"

    @property
    def holds(self) -> bool:
        """Say whether this is a rule of the house today."""
        adopted = self.kind == self.Kind.RULE and self.adopted_on is not None
        return adopted and self.struck_on is None and self.repealed_on is None


class HouseMeeting(models.Model):
    """A meeting of a house's assembly and its minutes, read by who lives and serves there."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    house = models.ForeignKey(House, models.PROTECT, related_name="meetings")
    held_on = models.DateField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    minutes = SealedTextField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["held_on", "at"]

    def __str__(self) -> str:
        return f"meeting #{self.pk}"
