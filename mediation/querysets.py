"""Named sets of mediations and meetings."""

from datetime import date
from typing import Self

from django.db import models

from mediation.rules import OPEN_STATES


class MediationQuerySet(models.QuerySet):
    """Named sets of mediations."""

    def open(self) -> Self:
        return self.filter(state__in=OPEN_STATES)

    def running(self) -> Self:
        """Return open mediations of cases that are not on hold."""
        return self.open().filter(case__frozen_on=None)

    def due_by(self, day: date) -> Self:
        """Return those whose last day is this day or was before it."""
        return self.filter(due_on__lte=day)


class MeetingQuerySet(models.QuerySet):
    """Named sets of meetings."""

    def planned(self) -> Self:
        """Return meetings neither held nor cancelled, the earliest first."""
        return self.filter(held_on=None, cancelled=False).order_by("at", "pk")
