"""What a community is asked: a change of its charter, an election, a recall, a word from below."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_fsm import transition

from communities.models.places import CharterVersion, Community
from communities.querysets import QuestionQuerySet
from communities.rules import KINDS, OPEN_STATES, STATES
from deliberation.models import Amendment, Proposal
from moves.machine import MovingModel, StateField
from records.sealed import SealedTextField


class Question(MovingModel):
    """One thing that the members of a community are asked, from who brings it to what came of it.

    ``community`` is whose it is; before whom it is put is in its ``askings``, one of each circle.
    ``office`` and ``person`` say who is to hold what, or no longer. ``word`` is what that person
    says themselves: it stands beside the proposal. ``deadline`` is when waiting for them ends.
    ``carried`` is the proposal of a circle below that two of it brought here.
    """

    class Kind(models.TextChoices):
        CHARTER = "charter", _("A change of the charter")
        ELECTION = "election", _("An election")
        RECALL = "recall", _("A recall")
        CARRIED = "carried", _("A question from another circle")

    class State(models.TextChoices):
        BROUGHT = "brought", _("Waits for a member to take it up")
        ASKED = "asked", _("Waits for the person’s yes")
        HEARING = "hearing", _("The person is heard first")
        DECIDING = "deciding", _("Before the members")
        ADOPTED = "adopted", _("Adopted")
        NOT_ADOPTED = "not_adopted", _("Not adopted")
        VOID = "void", _("Adopted, but it no longer fits")
        WITHDRAWN = "withdrawn", _("Taken back")
        LAPSED = "lapsed", _("Lapsed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    community = models.ForeignKey(Community, models.PROTECT, related_name="questions")
    kind = models.CharField(max_length=12, choices=Kind)
    state = StateField(choices=State, default=State.ASKED, protected=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    # Who puts it before the members: whoever brought it, or the member who took it up.
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="asked_about"
    )
    office = models.CharField(max_length=20, blank=True)
    word = SealedTextField(blank=True)
    word_at = models.DateTimeField(null=True, blank=True)
    carried = models.ForeignKey(
        Proposal, models.PROTECT, null=True, blank=True, related_name="carried_up"
    )
    at = models.DateTimeField()
    deadline = models.DateTimeField(null=True, blank=True, db_index=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = QuestionQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "pk"]
        verbose_name = _("question before a community")
        indexes = [models.Index(fields=["community", "state"])]
        constraints = [
            models.CheckConstraint(name="question_kind_is_known", condition=Q(kind__in=KINDS)),
            models.CheckConstraint(name="question_state_is_known", condition=Q(state__in=STATES)),
            models.CheckConstraint(
                name="question_is_dated_exactly_when_over",
                condition=Q(state__in=OPEN_STATES, ended_at__isnull=True)
                | (~Q(state__in=OPEN_STATES) & Q(ended_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"question #{self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("communities:question", args=[self.community.slug, self.pk])

    @transition(field=state, source=State.BROUGHT, target=State.HEARING)
    def take_up(self) -> None:
        """A member brings in what somebody from outside said; the person is heard first."""

    @transition(field=state, source=[State.ASKED, State.HEARING], target=State.DECIDING)
    def put(self) -> None:
        """It comes before the members: the person said yes, was heard, or let the time pass."""

    @transition(field=state, source=State.DECIDING, target=State.ADOPTED)
    def adopt(self) -> None:
        """Every circle it was put before adopted it."""

    @transition(field=state, source=State.DECIDING, target=State.NOT_ADOPTED)
    def decline(self) -> None:
        """A circle did not adopt it."""

    @transition(field=state, source=State.DECIDING, target=State.VOID)
    def void(self) -> None:
        """It was adopted, but what it would change has changed meanwhile, and it fits no more."""

    @transition(
        field=state,
        source=[State.BROUGHT, State.ASKED, State.HEARING, State.DECIDING],
        target=State.WITHDRAWN,
    )
    def withdraw(self) -> None:
        """Whoever brought it takes it back."""

    @transition(
        field=state, source=[State.BROUGHT, State.ASKED, State.HEARING], target=State.LAPSED
    )
    def lapse(self) -> None:
        """The person said no, nobody took it up, or too few are left to decide."""


class Asking(models.Model):
    """A question before one circle: the members of one community, who answer for themselves."""

    question = models.ForeignKey(Question, models.PROTECT, related_name="askings")
    community = models.ForeignKey(Community, models.PROTECT, related_name="askings")
    proposal = models.OneToOneField(Proposal, models.PROTECT, related_name="asking")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["question", "community"], name="asked_once_of_each")
        ]

    def __str__(self) -> str:
        return f"asking #{self.pk}"


class Terms(models.Model):
    """What would be so if a text is adopted: the structure its words were made from.

    Each text of a question has its own: version 1 when it is brought, an amendment when it is
    offered, a later version when its author changes it. Which stand in the end follows from the
    text that was adopted. ``data``: {"changes": {rule: value}, "trials": {rule: day}} for a
    charter, {"months": n} for an election.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    question = models.ForeignKey(Question, models.PROTECT, related_name="terms")
    version = models.PositiveIntegerField(null=True, blank=True)
    amendment = models.OneToOneField(
        Amendment, models.PROTECT, null=True, blank=True, related_name="terms"
    )
    data: Any = models.JSONField()
    reason = SealedTextField(blank=True)

    class Meta:
        ordering = ["version"]
        verbose_name_plural = "terms"
        constraints = [
            models.CheckConstraint(
                name="terms_of_a_version_or_an_amendment",
                condition=Q(version__isnull=False, amendment__isnull=True)
                | Q(version__isnull=True, amendment__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["question", "version"], name="terms_of_a_version_once",
                condition=Q(version__isnull=False),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"terms #{self.pk}"


class Trial(models.Model):
    """A rule of a charter that is tried until a day, on which ``back`` is the rule again.

    At most one runs for each rule: another vote on the same rule ends it, and it brings
    nothing back then.
    """

    community = models.ForeignKey(Community, models.PROTECT, related_name="trials")
    version = models.ForeignKey(CharterVersion, models.PROTECT, related_name="trials")
    rule = models.CharField(max_length=40)
    on = models.DateField()
    back: Any = models.JSONField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["on", "rule"]
        constraints = [
            models.UniqueConstraint(
                fields=["community", "rule"], name="one_trial_of_a_rule",
                condition=Q(ended_at__isnull=True),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"trial #{self.pk}"
