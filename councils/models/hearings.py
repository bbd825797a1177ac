"""What a council hears: the words for it, its packet, and the times at which it listens."""

import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_fsm import transition

from cases.models import Case, Note, Party
from councils.models.councils import Council
from councils.rules import ANSWERS, HEARING_STATES
from moves.machine import MovingModel, StateField
from records.sealed import SealedTextField


class Word(models.Model):
    """What one party says to one council in writing, instead of being there or beside it.

    Empty words say that they have nothing to add. ``by`` is who wrote it down: the party, a
    guardian, or the mediator to whom it was told.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    council = models.ForeignKey(Council, models.PROTECT, related_name="words")
    party = models.ForeignKey(Party, models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    text = SealedTextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"word #{self.pk}"


class Sharing(models.Model):
    """One item of the talks that both sides are asked to let a council read."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    note = models.OneToOneField(Note, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]

    # The council that would read it; set by what lists these for a page.
    hearer: Council | None = None
    # How many agree, and what one party said; set by ``actions.sharing.sharings_of``.
    agree: int = 0
    mine: bool | None = None

    def __str__(self) -> str:
        return f"sharing #{self.pk}"


class SharingWord(models.Model):
    """Whether one party agrees that an item of the talks is shared. Silence is a no."""

    sharing = models.ForeignKey(Sharing, models.PROTECT, related_name="words")
    party = models.ForeignKey(Party, models.PROTECT, related_name="+")
    agrees = models.BooleanField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sharing", "party"], name="asked_to_share_once")
        ]

    def __str__(self) -> str:
        return f"word #{self.pk}"


class Packet(models.Model):
    """What one council may read, made once: the same for its members and for both sides."""

    council = models.OneToOneField(Council, models.PROTECT, primary_key=True, related_name="packet")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"packet of {self.council_id}"

    def get_absolute_url(self) -> str:
        council = self.council
        return reverse("cases:packet", args=[council.case.reference, council.public_id])


class PacketItem(models.Model):
    """One item of a packet: whose it is, and by which consent it is in there.

    ``text`` is JSON: people's ``words``, and the codes that stand beside them (``actions.packet``).
    """

    class Kind(models.TextChoices):
        HARM = "harm", _("What was lost")
        WORD = "word", _("A word for the council")
        SHARED = "shared", _("Shared from the talks by both sides")
        AGREEMENT = "agreement", _("An agreement that was signed")
        PROMISE = "promise", _("What became of a promise")
        FINDING = "finding", _("A finding of the council before")
        DECISION = "decision", _("The decision that is looked at again")
        APPEAL = "appeal", _("Why it is looked at again")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    packet = models.ForeignKey(Packet, models.PROTECT, related_name="items")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=12, choices=Kind)
    party = models.ForeignKey(Party, models.PROTECT, null=True, blank=True, related_name="+")
    text = SealedTextField()
    said_on = models.DateField()

    class Meta:
        ordering = ["packet", "number"]
        constraints = [
            models.UniqueConstraint(fields=["packet", "number"], name="packet_item_numbered_once")
        ]

    def __str__(self) -> str:
        return f"packet item #{self.pk}"


class Hearing(MovingModel):
    """One time at which a council listens: to everybody, or to some when people must not meet.

    ``sequence`` counts its changes, so that a calendar knows which invitation is the newest.
    """

    class State(models.TextChoices):
        PLANNED = "planned", _("Planned")
        HELD = "held", _("Held")
        CANCELLED = "cancelled", _("Cancelled")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    council = models.ForeignKey(Council, models.PROTECT, related_name="hearings")
    state = StateField(choices=State, default=State.PLANNED, protected=True)
    at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField(default=90)
    place = SealedTextField()
    sequence = models.PositiveSmallIntegerField(default=0)
    planned_at = models.DateTimeField()
    held_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="hearing_state_is_known", condition=Q(state__in=HEARING_STATES)
            ),
            models.CheckConstraint(
                name="hearing_is_dated_exactly_when_held",
                condition=Q(state="held", held_on__isnull=False)
                | (~Q(state="held") & Q(held_on=None)),
            ),
            models.CheckConstraint(name="hearing_takes_time", condition=Q(minutes__gte=1)),
        ]

    def __str__(self) -> str:
        return f"hearing #{self.pk}"

    @property
    def ends_at(self) -> datetime:
        return self.at + timedelta(minutes=self.minutes)

    @transition(field=state, source=State.PLANNED, target=State.HELD)
    def hold(self) -> None:
        """The council has listened."""

    @transition(field=state, source=State.PLANNED, target=State.CANCELLED)
    def cancel(self) -> None:
        """It does not take place; calendars are told so."""


class Invitation(models.Model):
    """One party asked to one hearing: how they answer, what they need, and whether they came.

    Coming is free. ``needs`` is read by who prepares the room: an interpreter, steps, breaks.
    """

    class Answer(models.TextChoices):
        COMES = "comes", _("comes")
        WRITES = "writes", _("sends a word in writing instead")
        STAYS_AWAY = "stays_away", _("does not come")

    hearing = models.ForeignKey(Hearing, models.PROTECT, related_name="invitations")
    party = models.ForeignKey(Party, models.PROTECT, related_name="+")
    answer = models.CharField(max_length=12, choices=Answer, blank=True)
    needs = SealedTextField(blank=True)
    with_interpreter = models.BooleanField(default=False)
    with_supporter = models.BooleanField(default=False)
    came = models.BooleanField(null=True, blank=True)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["hearing", "party"], name="asked_to_a_hearing_once"),
            models.CheckConstraint(
                name="hearing_answer_is_known", condition=Q(answer__in=("", *ANSWERS))
            ),
        ]

    def __str__(self) -> str:
        return f"invitation #{self.pk}"
