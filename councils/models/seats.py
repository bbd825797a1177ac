"""A seat, and the doubts about who sits on it."""

import uuid
from datetime import date, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_fsm import transition

from cases.models import Party
from councils.models.councils import Council
from councils.models.draws import Draw, RosterEntry
from councils.querysets import SeatQuerySet
from councils.rules import LIVE_SEATS, RECALL_STATES, SEAT_STATES
from deliberation.models import Proposal
from moves.machine import MovingModel, StateField
from records.sealed import SealedTextField


class Seat(MovingModel):
    """One person's seat on one council, from being drawn to its end."""

    class State(models.TextChoices):
        DRAWN = "drawn", _("Asked")
        ACCEPTED = "accepted", _("Seated")
        DECLINED = "declined", _("Declined")
        RECUSED = "recused", _("Stepped aside")
        REPLACED = "replaced", _("Replaced after a challenge")
        ENDED = "ended", _("Ended")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    council = models.ForeignKey(Council, models.PROTECT, related_name="seats")
    draw = models.ForeignKey(Draw, models.PROTECT, related_name="seats")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="seats")
    entry = models.OneToOneField(RosterEntry, models.PROTECT, related_name="seat")
    state = StateField(choices=State, default=State.DRAWN, protected=True)
    drawn_on = models.DateField()
    answer_by = models.DateField()
    promised_on = models.DateField(null=True, blank=True)
    accepted_on = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    challenge_until = models.DateField(null=True, blank=True)
    by_silence = models.BooleanField(default=False)

    objects = SeatQuerySet.as_manager()

    class Meta:
        ordering = ["drawn_on", "pk"]
        constraints = [
            models.CheckConstraint(name="seat_state_is_known", condition=Q(state__in=SEAT_STATES)),
            models.UniqueConstraint(
                fields=["council", "person"], name="one_seat_of_a_council_in_a_life"
            ),
            # One seat at a time, whichever council it is on.
            models.UniqueConstraint(
                fields=["person"], condition=Q(state__in=LIVE_SEATS), name="one_seat_at_a_time"
            ),
            models.CheckConstraint(
                name="seat_ends_exactly_when_over",
                condition=Q(state__in=LIVE_SEATS, ended_on__isnull=True)
                | (~Q(state__in=LIVE_SEATS) & Q(ended_on__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"seat #{self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("councils:seat", args=[self.pk])

    @property
    def answer_until(self) -> date:
        """The last day to say yes or no, with the days on hold given back."""
        return self._given_back(self.answer_by, since=self.drawn_on)

    @property
    def challengeable_until(self) -> date | None:
        """The last day a party can doubt them; None before they are seated."""
        if self.challenge_until is None or self.accepted_on is None:
            return None
        return self._given_back(self.challenge_until, since=self.accepted_on)

    def _given_back(self, last: date, *, since: date) -> date:
        following = last + timedelta(days=1)
        return self.council.case.moved_on(following, since=since) - timedelta(days=1)

    @transition(field=state, source=State.DRAWN, target=State.ACCEPTED)
    def accept(self) -> None:
        """They promised confidentiality, know of no tie, and say yes."""

    @transition(field=state, source=State.DRAWN, target=State.DECLINED)
    def decline(self) -> None:
        """They say no, or nothing in time. It is never held against anybody."""

    @transition(field=state, source=[State.DRAWN, State.ACCEPTED], target=State.RECUSED)
    def recuse(self) -> None:
        """They step aside, and nobody asks why."""

    @transition(field=state, source=State.ACCEPTED, target=State.REPLACED)
    def replace(self) -> None:
        """The rest of the panel upheld a party's challenge."""

    @transition(field=state, source=[State.DRAWN, State.ACCEPTED], target=State.ENDED)
    def end(self) -> None:
        """The council is dissolved."""


class Challenge(MovingModel):
    """A party's doubt about one member, decided by the rest of the panel with a written reason."""

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        UPHELD = "upheld", _("Upheld")
        DISMISSED = "dismissed", _("Not upheld")
        MOOT = "moot", _("No longer needed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    seat = models.ForeignKey(Seat, models.PROTECT, related_name="challenges")
    party = models.ForeignKey(Party, models.PROTECT, related_name="+")
    reason = SealedTextField()
    state = StateField(choices=State, default=State.OPEN, protected=True)
    at = models.DateTimeField()
    decided_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="challenge_state_is_known",
                condition=Q(state__in=("open", "upheld", "dismissed", "moot")),
            ),
            models.UniqueConstraint(fields=["seat", "party"], name="one_challenge_of_a_seat_each"),
            models.CheckConstraint(
                name="challenge_is_dated_exactly_when_decided",
                condition=Q(state="open", decided_on__isnull=True)
                | (~Q(state="open") & Q(decided_on__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"challenge #{self.pk}"

    @transition(field=state, source=State.OPEN, target=State.UPHELD)
    def uphold(self) -> None:
        """The rest of the panel finds that the doubt has grounds, or is not sure it has none."""

    @transition(field=state, source=State.OPEN, target=State.DISMISSED)
    def dismiss(self) -> None:
        """More than half of the rest of the panel finds no grounds."""

    @transition(field=state, source=State.OPEN, target=State.MOOT)
    def drop(self) -> None:
        """The seat ended before the panel answered."""


class ChallengeAnswer(models.Model):
    """What one other member of the panel says to a challenge, with a reason."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    challenge = models.ForeignKey(Challenge, models.PROTECT, related_name="answers")
    seat = models.ForeignKey(Seat, models.PROTECT, related_name="+")
    uphold = models.BooleanField()
    reason = SealedTextField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["challenge", "seat"], name="one_answer_each")
        ]

    def __str__(self) -> str:
        return f"answer #{self.pk}"


class Recall(MovingModel):
    """Somebody says that a member abuses their seat. They are heard, and the rest decide.

    ``word`` is what the member says to it, until ``word_by``; ``proposal`` is what the rest of
    the panel decides on.
    """

    class State(models.TextChoices):
        ASKED = "asked", _("The member is heard")
        DECIDING = "deciding", _("The rest of the council decides")
        RECALLED = "recalled", _("Recalled")
        STAYS = "stays", _("Not recalled")
        MOOT = "moot", _("No longer needed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    seat = models.ForeignKey(Seat, models.PROTECT, related_name="recalls")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reason = SealedTextField()
    word = SealedTextField(blank=True)
    word_by = models.DateField()
    state = StateField(choices=State, default=State.ASKED, protected=True)
    proposal = models.OneToOneField(
        Proposal, models.PROTECT, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField()
    ended_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="recall_state_is_known", condition=Q(state__in=RECALL_STATES)
            ),
            models.UniqueConstraint(
                fields=["seat"],
                condition=Q(state__in=("asked", "deciding")),
                name="one_recall_of_a_seat_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"recall #{self.pk}"

    @transition(field=state, source=State.ASKED, target=State.DECIDING)
    def decide(self) -> None:
        """They have said their word, or their time to say it is over."""

    @transition(field=state, source=State.DECIDING, target=State.RECALLED)
    def recall(self) -> None:
        """The rest of the council has adopted it: the seat ends at once."""

    @transition(field=state, source=[State.ASKED, State.DECIDING], target=State.STAYS)
    def keep(self) -> None:
        """The rest of the council has not adopted it, or are too few to."""

    @transition(field=state, source=[State.ASKED, State.DECIDING], target=State.MOOT)
    def drop(self) -> None:
        """The seat ended before it was decided, or it was taken back."""
