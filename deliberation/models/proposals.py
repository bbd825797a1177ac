"""The proposal: its text in versions, how it was amended, what came of it."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from deliberation.models.circles import Circle, Voice
from deliberation.querysets import AmendmentQuerySet, ProposalQuerySet
from deliberation.rules import OUTCOMES, REASONS
from records.sealed import SealedTextField


class Combined(models.Model):
    """One question before several circles; it passes when every one of them adopts it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    subject_kind = models.CharField(max_length=32)
    subject_id = models.CharField(max_length=64)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"combined #{self.pk}"


class Proposal(models.Model):
    """What somebody proposes to a circle. Its machine is ``by_consent`` or ``by_supermajority``.

    ``outcome`` is empty while it is open; ``why`` is the code of what decided. ``taken_up_at`` is
    when the app that owns the subject acted on it.
    """

    class Outcome(models.TextChoices):
        ADOPTED = "adopted", _("Adopted")
        DEADLOCKED = "deadlocked", _("Without consent")
        TABLED = "tabled", _("Tabled")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    circle = models.ForeignKey(Circle, models.PROTECT, related_name="proposals")
    author = models.ForeignKey(Voice, models.PROTECT, related_name="proposals")
    combined = models.ForeignKey(
        Combined, models.PROTECT, null=True, blank=True, related_name="proposals"
    )
    version = models.PositiveIntegerField(default=1)
    at = models.DateTimeField()
    outcome = models.CharField(max_length=12, choices=Outcome, blank=True, default="")
    why = models.CharField(max_length=20, blank=True, default="")
    decided_at = models.DateTimeField(null=True, blank=True)
    taken_up_at = models.DateTimeField(null=True, blank=True)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="proposal_outcome_is_known", condition=Q(outcome__in=("", *OUTCOMES))
            ),
            models.CheckConstraint(
                name="proposal_reason_is_known", condition=Q(why__in=REASONS)
            ),
            models.CheckConstraint(
                name="proposal_is_dated_exactly_when_decided",
                condition=Q(outcome="", decided_at__isnull=True)
                | (~Q(outcome="") & Q(decided_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="proposal_is_taken_up_once_decided",
                condition=Q(taken_up_at=None) | ~Q(outcome=""),
            ),
            models.UniqueConstraint(
                fields=["combined", "circle"], name="one_answer_of_a_circle",
                condition=Q(combined__isnull=False),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"proposal #{self.pk}"

    @property
    def text(self) -> str:
        """The words as they stand now."""
        return self.texts.get(number=self.version).text


class TextVersion(models.Model):
    """The words of a proposal, as they stood from one moment to the next change."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="texts")
    number = models.PositiveIntegerField()
    text = SealedTextField()
    by = models.ForeignKey(Voice, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["proposal", "number"], name="text_numbered_once")
        ]

    def __str__(self) -> str:
        return f"text #{self.pk}"


class Amendment(models.Model):
    """A whole new text that would answer one objection, or one concern.

    ``base`` is the version it changes: it is taken in only while that still stands.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="amendments")
    objection = models.ForeignKey(
        "deliberation.Objection", models.PROTECT, null=True, blank=True, related_name="amendments"
    )
    concern = models.ForeignKey(
        "deliberation.Concern", models.PROTECT, null=True, blank=True, related_name="amendments"
    )
    by = models.ForeignKey(Voice, models.PROTECT, related_name="+")
    text = SealedTextField()
    base = models.PositiveIntegerField()
    at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True, blank=True)

    objects = AmendmentQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="amendment_answers_one_thing",
                condition=Q(objection__isnull=False, concern__isnull=True)
                | Q(objection__isnull=True, concern__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"amendment #{self.pk}"


class Carrying(models.Model):
    """The double link: two of a circle carry its proposal to a wider one, and the answer back.

    In the wider circle the two have a voice for as long as this proposal is open.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    proposal = models.OneToOneField(Proposal, models.PROTECT, related_name="carried")
    one = models.ForeignKey(Voice, models.PROTECT, related_name="+")
    other = models.ForeignKey(Voice, models.PROTECT, related_name="+")
    answer = models.OneToOneField(Proposal, models.PROTECT, related_name="carried_from")
    at = models.DateTimeField()
    back_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="a_double_link_is_two_people", condition=~Q(one=F("other")))
        ]

    def __str__(self) -> str:
        return f"carrying #{self.pk}"
