"""The machine by consent: rounds, turns, positions, and objections with their owners."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_fsm import transition

from deliberation.models.circles import Voice
from deliberation.models.proposals import Proposal
from deliberation.querysets import TurnQuerySet
from deliberation.rules import (
    CONSENT_OPEN,
    CONSENT_STATES,
    OBJECTION_STATES,
    POSITIONS,
    ROUND_KINDS,
    TURN_STATES,
)
from moves.machine import MovingModel, StateField
from records.sealed import SealedTextField


class ByConsent(MovingModel):
    """How far a proposal has come by consent.

    ``seed`` gives the order of turns. ``integrations`` is how many integration rounds were begun;
    ``deadline`` when this stage ends by itself; ``asked_again`` that the silent were asked twice.
    """

    class State(models.TextChoices):
        DRAFTING = "drafting", _("Being written")
        CLARIFYING = "clarifying", _("Clarifying round")
        REACTING = "reacting", _("Reaction round")
        CONSENTING = "consenting", _("Consent round")
        INTEGRATING = "integrating", _("Objections are integrated")
        ADOPTED = "adopted", _("Adopted")
        DEADLOCKED = "deadlocked", _("Without consent")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    proposal = models.OneToOneField(Proposal, models.PROTECT, related_name="by_consent")
    state = StateField(choices=State, default=State.DRAFTING, protected=True)
    seed = models.CharField(max_length=64, blank=True)
    integrations = models.PositiveSmallIntegerField(default=0)
    deadline = models.DateTimeField(null=True, blank=True, db_index=True)
    asked_again = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("proposal by consent")
        constraints = [
            models.CheckConstraint(
                name="consent_state_is_known", condition=Q(state__in=CONSENT_STATES)
            ),
            models.CheckConstraint(
                name="consent_has_a_deadline_only_while_under_way",
                condition=Q(deadline=None) | Q(state__in=CONSENT_OPEN[1:]),
            ),
        ]

    def __str__(self) -> str:
        return f"by consent #{self.pk}"

    @transition(field=state, source=State.DRAFTING, target=State.CLARIFYING)
    def begin(self) -> None:
        """The author brings it before the circle; the order of turns is drawn."""

    @transition(field=state, source=State.CLARIFYING, target=State.REACTING)
    def react(self) -> None:
        """Everybody's turn to ask was given."""

    @transition(field=state, source=State.REACTING, target=State.CONSENTING)
    def ask(self) -> None:
        """Everybody's turn to react was given."""

    @transition(field=state, source=State.CONSENTING, target=State.INTEGRATING)
    def integrate(self) -> None:
        """Somebody holds a paramount, reasoned objection."""

    @transition(field=state, source=State.INTEGRATING, target=State.INTEGRATING)
    def integrate_again(self) -> None:
        """The time to integrate is over and an objection is open: one more round of it."""

    @transition(field=state, source=State.INTEGRATING, target=State.CONSENTING)
    def ask_afresh(self) -> None:
        """No objection is open any more and the text has changed, so everybody is asked anew."""

    @transition(field=state, source=[State.CONSENTING, State.INTEGRATING], target=State.ADOPTED)
    def adopt(self) -> None:
        """Nobody holds an objection, and enough took a position."""

    @transition(field=state, source=[State.CONSENTING, State.INTEGRATING], target=State.DEADLOCKED)
    def deadlock(self) -> None:
        """The charter's integration rounds are used up, or too few took a position."""

    @transition(field=state, source=list(CONSENT_OPEN), target=State.WITHDRAWN)
    def withdraw(self) -> None:
        """The author takes it back."""


class Round(models.Model):
    """Everybody asked once, each in turn. ``number`` rotates who begins."""

    class Kind(models.TextChoices):
        CLARIFYING = "clarifying", _("Clarifying round")
        REACTING = "reacting", _("Reaction round")
        CONSENTING = "consenting", _("Consent round")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    process = models.ForeignKey(ByConsent, models.PROTECT, related_name="rounds")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=12, choices=Kind)
    version = models.PositiveIntegerField()
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["process", "number"]
        constraints = [
            models.UniqueConstraint(fields=["process", "number"], name="round_numbered_once"),
            models.UniqueConstraint(
                fields=["process"], condition=Q(closed_at=None), name="one_round_at_a_time"
            ),
            models.CheckConstraint(name="round_kind_is_known", condition=Q(kind__in=ROUND_KINDS)),
        ]

    def __str__(self) -> str:
        return f"round #{self.pk}"


class Turn(models.Model):
    """One voice's turn in one round: given, whatever they make of it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    round = models.ForeignKey(Round, models.PROTECT, related_name="turns")
    voice = models.ForeignKey(Voice, models.PROTECT, related_name="turns")
    place = models.PositiveIntegerField()
    asked = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=8, default="waiting")
    word = SealedTextField(blank=True)
    answer = SealedTextField(blank=True)
    at = models.DateTimeField(null=True, blank=True)

    objects = TurnQuerySet.as_manager()

    class Meta:
        ordering = ["round", "place"]
        constraints = [
            models.UniqueConstraint(fields=["round", "voice"], name="one_turn_in_a_round"),
            models.UniqueConstraint(fields=["round", "place"], name="one_turn_after_the_other"),
            models.CheckConstraint(name="turn_state_is_known", condition=Q(state__in=TURN_STATES)),
            models.CheckConstraint(
                name="turn_is_dated_exactly_when_over",
                condition=Q(state="waiting", at__isnull=True)
                | (~Q(state="waiting") & Q(at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"turn #{self.pk}"


class Position(models.Model):
    """What a voice says in a consent round. There is no abstention; standing aside is recorded."""

    class Kind(models.TextChoices):
        CONSENT = "consent", _("Consents")
        STAND_ASIDE = "stand_aside", _("Stands aside")
        OBJECTION = "objection", _("Objects")

    turn = models.OneToOneField(Turn, models.PROTECT, primary_key=True, related_name="position")
    kind = models.CharField(max_length=12, choices=Kind)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="position_is_known", condition=Q(kind__in=POSITIONS))
        ]

    def __str__(self) -> str:
        return f"position #{self.pk}"


class Objection(MovingModel):
    """Why a proposal works against the circle's aim. It stays open until one of three ways out.

    It belongs to ``owner``. Who raised it may have left since: then another can take it over, and
    it does not fall by itself.
    """

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        INTEGRATED = "integrated", _("Integrated")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        SET_ASIDE = "set_aside", _("Set aside")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="objections")
    position = models.OneToOneField(Position, models.PROTECT, related_name="objection")
    owner = models.ForeignKey(Voice, models.PROTECT, related_name="objections")
    why = SealedTextField()
    state = StateField(choices=State, default=State.OPEN, protected=True)
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="objection_state_is_known", condition=Q(state__in=OBJECTION_STATES)
            ),
            models.CheckConstraint(
                name="objection_is_dated_exactly_when_over",
                condition=Q(state="open", ended_at__isnull=True)
                | (~Q(state="open") & Q(ended_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"objection #{self.pk}"

    @transition(field=state, source=State.OPEN, target=State.INTEGRATED)
    def integrate(self) -> None:
        """Its owner accepts an amendment."""

    @transition(field=state, source=State.OPEN, target=State.WITHDRAWN)
    def withdraw(self) -> None:
        """Its owner takes it back, and says whether they consent or stand aside."""

    @transition(field=state, source=State.OPEN, target=State.SET_ASIDE)
    def set_aside(self) -> None:
        """All the others agree to set it aside, with a written reason."""


class SettingAside(models.Model):
    """A written reason for setting an objection aside, to which all the others must agree."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    objection = models.ForeignKey(Objection, models.PROTECT, related_name="settings_aside")
    by = models.ForeignKey(Voice, models.PROTECT, related_name="+")
    reason = SealedTextField()
    at = models.DateTimeField()
    agreed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["at", "pk"]
        verbose_name_plural = "settings aside"

    def __str__(self) -> str:
        return f"setting aside #{self.pk}"


class SettingAsideWord(models.Model):
    """One of the others agrees that an objection is set aside."""

    setting_aside = models.ForeignKey(SettingAside, models.PROTECT, related_name="words")
    voice = models.ForeignKey(Voice, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["setting_aside", "voice"], name="agrees_to_it_once")
        ]

    def __str__(self) -> str:
        return f"word #{self.pk}"
