"""The tree, who belongs, who holds an office until when, and the charter."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from communities.charter import Charter
from communities.querysets import CommunityQuerySet, MembershipQuerySet


class Community(models.Model):
    """A place with its own charter, somewhere in the tree."""

    class Kind(models.TextChoices):
        COMMUNITY = "community", _("community")
        WORKPLACE = "workplace", _("workplace")
        MUNICIPALITY = "municipality", _("municipality")
        REGION = "region", _("region")
        COLLECTIVE = "collective", _("collective")

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=16, choices=Kind, default=Kind.COMMUNITY)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children"
    )
    screening_questions: Any = models.JSONField(default=list, blank=True)

    objects = CommunityQuerySet.as_manager()

    class Meta:
        ordering = ["slug"]
        verbose_name_plural = "communities"

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("communities:community", args=[self.slug])

    def charter_now(self) -> "CharterVersion":
        """Return the version in force, making the first one of the defaults if none is."""
        latest = self.charters.order_by("-number").first()
        return latest or self.charters.create(number=1, rules=Charter().as_data())

    def newest_charter(self) -> Charter:
        """Return the rules of the newest version, or the defaults; reads, and makes nothing."""
        latest = self.charters.order_by("-number").first()
        return latest.charter if latest else Charter()

    def up_the_tree(self) -> list["Community"]:
        """Return this community, its parent, and so on to the root."""
        path, here = [], self
        while here is not None:
            path.append(here)
            here = here.parent  # type: ignore[assignment]
        return path

    def leaves(self) -> list["Community"]:
        """Return the communities below this one that have none below themselves, or itself."""
        below = list(self.children.all())
        if not below:
            return [self]
        return [leaf for child in below for leaf in child.leaves()]


class CharterVersion(models.Model):
    """One version of a community's rules; a case keeps the one it was opened under."""

    community = models.ForeignKey(Community, models.PROTECT, related_name="charters")
    number = models.PositiveIntegerField()
    rules: Any = models.JSONField()
    from_on = models.DateField(default=timezone.localdate)
    # What made it: the question its members adopted, or a trial that was over; the first, nothing.
    question = models.ForeignKey(
        "communities.Question", models.PROTECT, null=True, blank=True, related_name="versions"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["community", "number"], name="charter_numbered_once")
        ]

    def __str__(self) -> str:
        return f"{self.community_id} v{self.number}"

    @property
    def charter(self) -> Charter:
        return Charter.of(self.rules)


class Membership(models.Model):
    """A person's place in a community: member, or an office that ends."""

    class Role(models.TextChoices):
        MEMBER = "member", _("member")
        COORDINATOR = "coordinator", _("coordinator")
        AUDITOR = "auditor", _("auditor")
        PROCESS_GUARDIAN = "process_guardian", _("process guardian")
        STEWARD = "steward", _("steward")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    community = models.ForeignKey(Community, models.PROTECT, related_name="memberships")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role, default=Role.MEMBER)
    from_on = models.DateField(default=timezone.localdate)
    until = models.DateField(null=True, blank=True)
    # The day from which an office is held no more, because the members recalled it.
    recalled_on = models.DateField(null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["person", "role", "until"])]
        constraints = [
            models.CheckConstraint(
                name="an_office_ends", condition=Q(role="member") | Q(until__isnull=False)
            ),
            models.CheckConstraint(
                name="membership_ends_after_it_begins",
                condition=Q(until=None) | Q(until__isnull=False, until__gte=F("from_on")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} #{self.pk}"
