"""Named sets of voices, proposals and what hangs on them."""

from datetime import datetime
from typing import Any, Self

from django.db import models
from django.db.models import Count, Q


def living(moment: datetime, at: str = "") -> Q:
    """Return the condition that a voice has begun and not ended; ``at`` leads to the voice."""
    return Q(**{f"{at}from_at__lte": moment}) & (
        Q(**{f"{at}until": None}) | Q(**{f"{at}until__gt": moment})
    )


def counting(moment: datetime, at: str = "") -> Q:
    """Return the condition that a voice counts: it lives, and is under no limit.

    The same rule as ``rules.counts_at``, for the database.
    """
    return living(moment, at) & (
        Q(**{f"{at}limited_until": None})
        | Q(**{f"{at}limited_from__gt": moment})
        | Q(**{f"{at}limited_until__lte": moment})
    )


class VoiceQuerySet(models.QuerySet):
    """Whose voice is heard, and whose counts, at a moment."""

    def live(self, moment: datetime) -> Self:
        return self.filter(living(moment))

    def counting(self, moment: datetime) -> Self:
        return self.filter(counting(moment))


class ProposalQuerySet(models.QuerySet):
    """Named sets of proposals."""

    def open(self) -> Self:
        return self.filter(outcome="")

    def for_owner(self, subject_kind: str) -> Self:
        """Return what is decided and the owner of such subjects has not taken up yet."""
        return self.exclude(outcome="").filter(taken_up_at=None, circle__subject_kind=subject_kind)

    def heard_by(self, person: Any, moment: datetime) -> Self:
        """Return the proposals before circles in which this person has a voice now."""
        return self.filter(living(moment, "circle__voices__"), circle__voices__person=person)


class TurnQuerySet(models.QuerySet):
    """Named sets of turns."""

    def waiting(self, moment: datetime) -> Self:
        """Return the turns still to be given, of voices that live, in their order."""
        found = self.filter(living(moment, "voice__"), state="waiting")
        return found.order_by("place")


class AmendmentQuerySet(models.QuerySet):
    """Amendments and how they were gauged."""

    def gauged(self, moment: datetime) -> Self:
        """Annotate with who agrees and disagrees: of everybody, and of the concern's holders."""
        counts = counting(moment, "gauges__voice__")
        holds = counts & Q(gauges__by_holder=True)
        return self.annotate(
            agree=Count("gauges", filter=counts & Q(gauges__agrees=True)),
            disagree=Count("gauges", filter=counts & Q(gauges__agrees=False)),
            holders_agree=Count("gauges", filter=holds & Q(gauges__agrees=True)),
            holders_disagree=Count("gauges", filter=holds & Q(gauges__agrees=False)),
        )
