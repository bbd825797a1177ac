"""A member's place in the hat."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from communities.models import Community
from councils.querysets import PoolQuerySet
from records.sealed import SealedTextField


class PoolPlace(models.Model):
    """One member's place in the hat of one community, from joining to leaving or its term's end.

    ``since`` counts the trial period and survives a renewal; ``features`` are what the
    member says of themselves for the quotas, as JSON, sealed.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    community = models.ForeignKey(Community, models.PROTECT, related_name="pool")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="pools")
    features = SealedTextField(blank=True)
    of_age = models.BooleanField(default=False)
    since = models.DateField()
    until = models.DateField()
    away_until = models.DateField(null=True, blank=True)
    left_on = models.DateField(null=True, blank=True)

    objects = PoolQuerySet.as_manager()

    class Meta:
        ordering = ["community", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["community", "person"],
                condition=Q(left_on=None),
                name="one_place_in_a_pool",
            ),
            models.CheckConstraint(
                name="pool_place_ends_after_it_begins", condition=Q(until__gte=F("since"))
            ),
        ]

    def __str__(self) -> str:
        return f"pool place #{self.pk}"
