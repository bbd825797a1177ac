"""What a council finds and decides, each by a proposal of its circle, and how it is appealed."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django_fsm import transition

from agreements.models import Agreement, Category, Commitment, Suggestion
from cases.models import Harm, Party
from communities.models import Community
from councils.models.councils import Council
from councils.rules import APPEAL_STATES, COURSES, FINDING_KINDS, GROUNDS
from deliberation.models import Amendment, Proposal
from moves.machine import MovingModel, StateField
from records.sealed import SealedTextField


class Finding(models.Model):
    """One thing a council has found, with its grounds. Each is adopted by itself.

    Its words are those of its proposal, as adopted.
    """

    class Kind(models.TextChoices):
        HAPPENED = "happened", _("what happened")
        HARMED = "harmed", _("who was harmed, and how")
        NEEDED = "needed", _("what is needed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    council = models.ForeignKey(Council, models.PROTECT, related_name="findings")
    proposal = models.OneToOneField(Proposal, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=Kind)
    grounds = SealedTextField()
    adopted_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["proposal__at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="finding_kind_is_known", condition=Q(kind__in=FINDING_KINDS)
            )
        ]

    def __str__(self) -> str:
        return f"finding #{self.pk}"


class Decision(models.Model):
    """What a council decides about a case; the words of its proposal are its reasons.

    ``account`` and ``proportion_reason`` go into the agreement it proposes, if it does.
    ``appeal_until`` is the last day to ask that it be looked at again, and ``effective_on`` the
    day it took effect. ``replaced_on``: another council has decided otherwise since. ``advised_on``
    is the day its council last asked what other cases teach.
    """

    class Course(models.TextChoices):
        AGREEMENT = "agreement", _("an agreement for both sides to sign, or not")
        MEDIATION = "mediation", _("back to mediation")
        NOTHING = "nothing", _("nothing further")
        CONFIRM = "confirm", _("the decision stands")
        RETURN = "return", _("back to the council that decided")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    council = models.ForeignKey(Council, models.PROTECT, related_name="decisions")
    proposal = models.OneToOneField(Proposal, models.PROTECT, related_name="+")
    course = models.CharField(max_length=12, choices=Course)
    account = SealedTextField(blank=True)
    proportion_reason = SealedTextField(blank=True)
    support = SealedTextField(blank=True)
    adopted_on = models.DateField(null=True, blank=True)
    appeal_until = models.DateField(null=True, blank=True)
    effective_on = models.DateField(null=True, blank=True)
    replaced_on = models.DateField(null=True, blank=True)
    advised_on = models.DateField(null=True, blank=True)
    agreement = models.OneToOneField(
        Agreement, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["proposal__at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="decision_course_is_known", condition=Q(course__in=COURSES)
            ),
            models.CheckConstraint(
                name="decision_can_be_appealed_once_adopted",
                condition=Q(adopted_on=None, appeal_until=None, effective_on=None)
                | Q(adopted_on__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"decision #{self.pk}"


class PlannedPromise(models.Model):
    """One promise of a plan that a council looks at; adopted, it becomes a commitment to sign."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    decision = models.ForeignKey(Decision, models.CASCADE, related_name="promises")
    number = models.PositiveSmallIntegerField()
    harm = models.ForeignKey(Harm, models.PROTECT, null=True, blank=True, related_name="+")
    promised_by = models.ForeignKey(Party, models.PROTECT, related_name="+")
    promised_to = models.ForeignKey(Party, models.PROTECT, related_name="+")
    what = SealedTextField(blank=True)
    category = models.CharField(max_length=16, choices=Category, blank=True)
    unit = models.CharField(max_length=8, choices=Harm.Unit, default=Harm.Unit.ACT)
    amount = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    due_on = models.DateField(null=True, blank=True)
    confirmed_by = models.CharField(
        max_length=8, choices=Commitment.ConfirmedBy, default=Commitment.ConfirmedBy.HARMED
    )
    if_missed = SealedTextField(blank=True)

    class Meta:
        ordering = ["decision", "number"]
        constraints = [
            models.CheckConstraint(
                name="planned_amount_is_more_than_nothing",
                condition=Q(amount=None) | Q(amount__gt=0),
            ),
            models.CheckConstraint(
                name="planned_promise_is_between_two", condition=~Q(promised_by=F("promised_to"))
            ),
        ]

    def __str__(self) -> str:
        return f"planned promise #{self.pk}"


class Advice(models.Model):
    """What closed cases suggest for the plan of one decision; ``planned`` is what became of it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    decision = models.ForeignKey(Decision, models.PROTECT, related_name="advice")
    suggestion = models.OneToOneField(Suggestion, models.PROTECT, related_name="advice")
    planned = models.ForeignKey(
        PlannedPromise, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    def __str__(self) -> str:
        return f"advice #{self.pk}"


class PlanChange(models.Model):
    """What an amendment changes beside the words: a promise, the support, the safety finding.

    ``typed`` is the promise as it would be, as JSON, sealed; ``promise`` is None for a new one,
    and where the plan stays. ``beside`` is ``councils.actions.amending.Beside`` as JSON, sealed.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    amendment = models.OneToOneField(Amendment, models.PROTECT, related_name="+")
    decision = models.ForeignKey(Decision, models.PROTECT, related_name="changes")
    promise = models.ForeignKey(
        PlannedPromise, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    removes = models.BooleanField(default=False)
    typed = SealedTextField(blank=True)
    beside = SealedTextField(blank=True)

    def __str__(self) -> str:
        return f"plan change #{self.pk}"

    @property
    def changes_plan(self) -> bool:
        """Say whether it changes, adds or takes out a promise."""
        return self.removes or bool(self.typed)


class SafetyFinding(models.Model):
    """That somebody is an active threat, why, and what was weighed before separating anybody.

    ``alternatives``: [{"what", "why_not"}, …] as JSON, sealed; each was considered by itself.
    ``limits`` is how the community protects itself without the person: contact and places.
    ``placement``: the council asks for a place in a Rehabilitation Community; it needs the
    person's acceptance, or a lawful order. ``interim_until``: it holds before an appeal is over,
    and no longer than that day.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    decision = models.OneToOneField(Decision, models.CASCADE, related_name="safety")
    about = models.ForeignKey(Party, models.PROTECT, related_name="+")
    threat = SealedTextField()
    alternatives = SealedTextField()
    limits = SealedTextField(blank=True)
    placement = models.BooleanField(default=False)
    aims = SealedTextField(blank=True)
    review_on = models.DateField()
    ends_on = models.DateField()
    interim_until = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="safety_finding_is_reviewed_before_it_ends",
                condition=Q(review_on__lte=F("ends_on")),
            ),
            models.CheckConstraint(
                name="interim_measure_ends_first",
                condition=Q(interim_until=None) | Q(interim_until__lte=F("ends_on")),
            ),
        ]

    def __str__(self) -> str:
        return f"safety finding #{self.pk}"


class Verdict(models.Model):
    """What the members of one community said to a joint council's decision."""

    decision = models.ForeignKey(Decision, models.PROTECT, related_name="verdicts")
    community = models.ForeignKey(Community, models.PROTECT, related_name="+")
    consents = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["community__slug"]
        constraints = [
            models.UniqueConstraint(fields=["decision", "community"], name="one_verdict_each")
        ]

    def __str__(self) -> str:
        return f"verdict #{self.pk}"


class Appeal(MovingModel):
    """A party asks that a decision be looked at again by people who were not involved."""

    class Ground(models.TextChoices):
        PROCESS = "process", _("the way it was decided")
        FACTS = "facts", _("something new has come up")
        PROPORTION = "proportion", _("it asks for more than the harm")

    class State(models.TextChoices):
        OPEN = "open", _("Waiting for its council")
        CONFIRMED = "confirmed", _("The decision stands")
        CHANGED = "changed", _("The decision was changed")
        RETURNED = "returned", _("Back to the first council")
        WITHDRAWN = "withdrawn", _("Taken back")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    decision = models.ForeignKey(Decision, models.PROTECT, related_name="appeals")
    party = models.ForeignKey(Party, models.PROTECT, related_name="+")
    ground = models.CharField(max_length=12, choices=Ground)
    words = SealedTextField()
    state = StateField(choices=State, default=State.OPEN, protected=True)
    at = models.DateTimeField()
    decided_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(name="appeal_ground_is_known", condition=Q(ground__in=GROUNDS)),
            models.CheckConstraint(
                name="appeal_state_is_known", condition=Q(state__in=APPEAL_STATES)
            ),
            models.UniqueConstraint(fields=["decision", "party"], name="one_appeal_each"),
            models.CheckConstraint(
                name="appeal_is_dated_exactly_when_over",
                condition=Q(state="open", decided_on__isnull=True)
                | (~Q(state="open") & Q(decided_on__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"appeal #{self.pk}"

    @transition(field=state, source=State.OPEN, target=State.CONFIRMED)
    def confirm(self) -> None:
        """The appeal's council lets the decision stand."""

    @transition(field=state, source=State.OPEN, target=State.CHANGED)
    def change(self) -> None:
        """The appeal's council decides otherwise."""

    @transition(field=state, source=State.OPEN, target=State.RETURNED)
    def send_back(self) -> None:
        """The council that decided is to meet again."""

    @transition(field=state, source=State.OPEN, target=State.WITHDRAWN)
    def withdraw(self) -> None:
        """The party takes it back, or the case ended."""
