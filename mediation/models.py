"""Mediation: the time two sides have to find an answer with a mediator, and their meetings.

What is said lies in the case's rooms (``cases.Note``): shared words in ``mediation``, and
each side's own in ``private``.
"""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django_fsm import transition

from cases.models import Case
from mediation.querysets import MediationQuerySet, MeetingQuerySet
from mediation.rules import OPEN_STATES, STATES
from moves.machine import MovingModel, StateField
from records.sealed import SealedTextField


class Mediation(MovingModel):
    """One try at mediation in one case. ``due_on`` is its last day; it can be moved once."""

    class State(models.TextChoices):
        PREPARING = "preparing", _("Preparing")
        MEETING = "meeting", _("Meeting")
        AGREED = "agreed", _("Agreed")
        NOT_AGREED = "not_agreed", _("Ended without an agreement")
        STOPPED = "stopped", _("Stopped")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    state = StateField(choices=State, default=State.PREPARING, protected=True)
    began_on = models.DateField()
    due_on = models.DateField()
    extended_on = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)

    objects = MediationQuerySet.as_manager()

    class Meta:
        ordering = ["-began_on", "pk"]
        indexes = [models.Index(fields=["state", "due_on"])]
        constraints = [
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(state__in=OPEN_STATES),
                name="one_open_mediation_in_a_case",
            ),
            models.CheckConstraint(name="mediation_state_is_known", condition=Q(state__in=STATES)),
            models.CheckConstraint(
                name="mediation_has_an_end_exactly_when_over",
                condition=Q(state__in=OPEN_STATES, ended_on__isnull=True)
                | (~Q(state__in=OPEN_STATES) & Q(ended_on__isnull=False)),
            ),
            models.CheckConstraint(
                name="mediation_is_due_after_it_begins", condition=Q(due_on__gte=F("began_on"))
            ),
        ]

    def __str__(self) -> str:
        return f"mediation #{self.pk}"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES

    @transition(field=state, source=State.PREPARING, target=State.MEETING)
    def meet(self) -> None:
        """The two sides have met for the first time."""

    @transition(field=state, source=list(OPEN_STATES), target=State.AGREED)
    def agree(self) -> None:
        """Everybody has signed an agreement."""

    @transition(field=state, source=list(OPEN_STATES), target=State.NOT_AGREED)
    def end_without_agreement(self) -> None:
        """The mediator ended it, or its time went by."""

    @transition(field=state, source=list(OPEN_STATES), target=State.STOPPED)
    def stop(self) -> None:
        """The case went elsewhere or was closed while it was open."""


class Meeting(models.Model):
    """One meeting: planned, then held or cancelled."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    mediation = models.ForeignKey(Mediation, models.PROTECT, related_name="meetings")
    at = models.DateTimeField()
    place = SealedTextField()
    held_on = models.DateField(null=True, blank=True)
    cancelled = models.BooleanField(default=False)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="a_meeting_is_held_or_cancelled",
                condition=Q(held_on__isnull=True) | Q(cancelled=False),
            )
        ]

    def __str__(self) -> str:
        return f"meeting #{self.pk}"
