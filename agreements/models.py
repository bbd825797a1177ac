"""What people agreed, one promise at a time, and what became of each promise."""

import secrets
import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django_fsm import transition

from agreements.querysets import AgreementQuerySet, CommitmentQuerySet, EntryQuerySet
from agreements.rules import (
    AGREEMENT_STATES,
    CATEGORIES,
    COMMITMENT_STATES,
    LIVE_STATES,
    SUGGESTION_STATES,
)
from cases.models import Case, Harm, Party
from moves.machine import MovingModel, StateField
from records.sealed import SealedTextField

# No 0/O, 1/I/L: the code is typed from paper.
LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_check_code() -> str:
    """Return a code nobody can guess, such as 7K3F-92QD-MX4T-C8WP (78 bits)."""
    return "-".join("".join(secrets.choice(LETTERS) for _n in range(4)) for _p in range(4))


class Agreement(MovingModel):
    """One version of what the people of a case agree on.

    Its words can be changed only while ``drafting``; everybody signs the same text.
    ``check_code`` lets anybody who holds the paper check that it is genuine.
    """

    class State(models.TextChoices):
        DRAFTING = "drafting", _("Being written")
        OFFERED = "offered", _("On the table")
        COOLING_OFF = "cooling_off", _("Signed, time to step back")
        IN_FORCE = "in_force", _("In force")
        FULFILLED = "fulfilled", _("Fulfilled")
        BROKEN = "broken", _("Broken")
        SUPERSEDED = "superseded", _("Replaced by a newer one")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        LAPSED = "lapsed", _("Lapsed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)
    state = StateField(choices=State, default=State.DRAFTING, protected=True)
    account = SealedTextField(blank=True, help_text=_("What happened, in neutral words."))
    proportion_reason = SealedTextField(blank=True)
    drafted_on = models.DateField()
    offered_on = models.DateField(null=True, blank=True)
    signed_on = models.DateField(null=True, blank=True)
    cooling_off_until = models.DateField(null=True, blank=True)
    in_force_on = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    # Since when a council's decision behind it is looked at again: nothing takes effect meanwhile.
    held_since = models.DateField(null=True, blank=True)
    advised_on = models.DateField(
        null=True, blank=True, help_text="When somebody last asked what other cases teach."
    )
    check_code = models.CharField(
        max_length=24, unique=True, default=new_check_code, editable=False
    )
    supersedes = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="superseded_by"
    )

    objects = AgreementQuerySet.as_manager()

    class Meta:
        ordering = ["case", "version"]
        indexes = [models.Index(fields=["state", "cooling_off_until"])]
        constraints = [
            models.UniqueConstraint(fields=["case", "version"], name="one_of_each_version"),
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(state__in=LIVE_STATES),
                name="one_live_agreement_for_a_case",
            ),
            models.CheckConstraint(
                name="agreement_state_is_known", condition=Q(state__in=AGREEMENT_STATES)
            ),
            models.CheckConstraint(
                name="agreement_in_cooling_off_has_an_end",
                condition=~Q(state="cooling_off")
                | Q(signed_on__isnull=False, cooling_off_until__gte=F("signed_on")),
            ),
        ]

    def __str__(self) -> str:
        return f"agreement {self.version} #{self.pk}"

    @transition(field=state, source=State.DRAFTING, target=State.OFFERED)
    def offer(self) -> None:
        """The mediator lays it before everybody."""

    @transition(field=state, source=State.OFFERED, target=State.DRAFTING)
    def take_back(self) -> None:
        """The mediator takes it back to change it; signatures on the old text are void."""

    @transition(field=state, source=State.OFFERED, target=State.COOLING_OFF)
    def complete_signatures(self) -> None:
        """Everybody has signed."""

    @transition(field=state, source=State.COOLING_OFF, target=State.IN_FORCE)
    def take_effect(self) -> None:
        """The time to step back has passed."""

    @transition(field=state, source=[State.OFFERED, State.COOLING_OFF], target=State.WITHDRAWN)
    def withdraw(self) -> None:
        """Somebody stepped back. Nobody is told who."""

    @transition(field=state, source=State.OFFERED, target=State.LAPSED)
    def lapse(self) -> None:
        """Not everybody signed within the time the charter gives."""

    @transition(field=state, source=State.IN_FORCE, target=State.FULFILLED)
    def fulfil(self) -> None:
        """No promise is open any more."""

    @transition(field=state, source=State.IN_FORCE, target=State.BROKEN)
    def fail(self) -> None:
        """A plan that was not kept goes to a council."""

    @transition(
        field=state, source=[State.DRAFTING, State.IN_FORCE, State.BROKEN],
        target=State.SUPERSEDED,
    )  # fmt: skip
    def supersede(self) -> None:
        """A newer version takes its place."""


class Category(models.TextChoices):
    """The form a promise takes, whatever its words: the one thing other cases are shown of it."""

    REPLACE = "replace", _("repair or replace something")
    PAY_BACK = "pay_back", _("pay back")
    WORK_PERSON = "work_person", _("work for the person harmed")
    WORK_COMMUNITY = "work_community", _("work for the community")
    APOLOGY = "apology", _("apologise, in person or in writing")
    LEARN = "learn", _("learn something")
    DISTANCE = "distance", _("keep a distance")
    OTHER = "other", _("something else")


class Commitment(MovingModel):
    """One promise: who does what for whom, how much, by when, and who confirms it."""

    class State(models.TextChoices):
        PROMISED = "promised", _("Promised")
        UNDERWAY = "underway", _("Under way")
        SAID_DONE = "said_done", _("Said to be done")
        KEPT = "kept", _("Kept")
        DISPUTED = "disputed", _("Disputed")
        UNCONFIRMED = "unconfirmed", _("Not confirmed")
        MISSED = "missed", _("Missed")
        WAIVED = "waived", _("Waived")

    class ConfirmedBy(models.TextChoices):
        HARMED = "harmed", _("whom it was promised to")
        MEDIATOR = "mediator", _("the mediator")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="commitments")
    number = models.PositiveIntegerField()
    harm = models.ForeignKey(Harm, models.PROTECT, null=True, blank=True, related_name="+")
    promised_by = models.ForeignKey(Party, models.PROTECT, related_name="+")
    promised_to = models.ForeignKey(Party, models.PROTECT, related_name="+")
    what = SealedTextField(blank=True)
    category = models.CharField(max_length=16, choices=Category, blank=True)
    unit = models.CharField(max_length=8, choices=Harm.Unit, default=Harm.Unit.ACT)
    amount = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    due_on = models.DateField(null=True, blank=True)
    confirmed_by = models.CharField(max_length=8, choices=ConfirmedBy, default=ConfirmedBy.HARMED)
    if_missed = SealedTextField(blank=True)
    state = StateField(choices=State, default=State.PROMISED, protected=True)
    state_since = models.DateField()
    asked_times = models.PositiveSmallIntegerField(default=0)
    asked_on = models.DateField(null=True, blank=True)

    objects = CommitmentQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        indexes = [models.Index(fields=["state", "due_on"])]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "number"], name="one_of_each_number"),
            models.CheckConstraint(
                name="commitment_state_is_known", condition=Q(state__in=COMMITMENT_STATES)
            ),
            models.CheckConstraint(
                name="commitment_category_is_known",
                condition=Q(category__in=("", *CATEGORIES)),
            ),
            models.CheckConstraint(
                name="commitment_amount_is_more_than_nothing",
                condition=Q(amount=None) | Q(amount__gt=0),
            ),
            models.CheckConstraint(
                name="commitment_is_between_two", condition=~Q(promised_by=F("promised_to"))
            ),
        ]

    def __str__(self) -> str:
        return f"commitment {self.number} #{self.pk}"

    @transition(
        field=state,
        source=[State.PROMISED, State.UNDERWAY, State.DISPUTED, State.MISSED],
        target=State.SAID_DONE,
    )
    def say_done(self) -> None:
        """Who promised it says that it, or a part of it, was done."""

    @transition(field=state, source=[State.SAID_DONE, State.DISPUTED], target=State.UNDERWAY)
    def confirm_part(self) -> None:
        """A part was done; the rest is still to come."""

    @transition(
        field=state,
        source=[State.SAID_DONE, State.DISPUTED, State.UNCONFIRMED],
        target=State.KEPT,
    )
    def confirm(self) -> None:
        """It was done, says who is to confirm it."""

    @transition(field=state, source=[State.SAID_DONE, State.UNCONFIRMED], target=State.DISPUTED)
    def dispute(self) -> None:
        """Not yet, says who is to confirm it."""

    @transition(field=state, source=[State.PROMISED, State.UNDERWAY], target=State.MISSED)
    def miss(self) -> None:
        """Its day has passed."""

    @transition(field=state, source=[State.SAID_DONE, State.DISPUTED], target=State.UNCONFIRMED)
    def leave_unconfirmed(self) -> None:
        """Asked twice, no answer: not a yes, and it blocks nothing."""

    @transition(
        field=state,
        source=[
            State.PROMISED, State.UNDERWAY, State.SAID_DONE, State.DISPUTED,
            State.UNCONFIRMED, State.MISSED,
        ],
        target=State.WAIVED,
    )  # fmt: skip
    def waive(self) -> None:
        """Whom it was promised to asks for it no longer."""


class Entry(models.Model):
    """One step of keeping a promise. Nothing here is changed afterwards but ``share_word``.

    Whom it was promised to can say whether it helped: ``helped`` is only ever counted. ``word``
    is read in other cases, without a name, for as long as ``share_word`` says so.
    """

    class Helped(models.TextChoices):
        YES = "yes", _("yes")
        SOMEWHAT = "somewhat", _("somewhat")
        NO = "no", _("no")

    class Kind(models.TextChoices):
        SAID_DONE = "said_done", _("Said to be done")
        CONFIRMED = "confirmed", _("Confirmed")
        NOT_YET = "not_yet", _("Not yet")
        WAIVED = "waived", _("Waived")
        MISSED = "missed", _("The day passed")
        ASKED = "asked", _("Asked again")
        UNCONFIRMED = "unconfirmed", _("No answer")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    commitment = models.ForeignKey(Commitment, models.PROTECT, related_name="entries")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    kind = models.CharField(max_length=12, choices=Kind)
    amount = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    note = SealedTextField(blank=True)
    helped = models.CharField(max_length=8, choices=Helped, blank=True)
    word = SealedTextField(blank=True)
    share_word = models.BooleanField(default=False)
    happened_on = models.DateField()
    at = models.DateTimeField()

    objects = EntryQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]
        verbose_name_plural = "entries"
        constraints = [
            models.CheckConstraint(
                name="entry_amount_is_more_than_nothing",
                condition=Q(amount=None) | Q(amount__gt=0),
            ),
            models.CheckConstraint(
                name="only_an_answer_is_shared", condition=Q(share_word=False) | ~Q(helped="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} #{self.pk}"


class Signature(models.Model):
    """One signature, under exactly this text: in Amends, or on paper before a witness."""

    class Way(models.TextChoices):
        APP = "app", _("in Amends")
        PAPER = "paper", _("on paper")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="signatures")
    party = models.ForeignKey(Party, models.PROTECT, related_name="+")
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    for_minor = models.BooleanField(default=False)
    way = models.CharField(max_length=8, choices=Way)
    witness = SealedTextField(blank=True)
    at = models.DateTimeField()
    digest = models.CharField(max_length=64)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "party", "for_minor"], name="one_signature_each"
            )
        ]

    def __str__(self) -> str:
        return f"signature #{self.pk}"


class Suggestion(MovingModel):
    """A form of promise that closed cases suggest for a draft, and what people made of it.

    ``evidence`` is what ``agreements.advice.Suggested`` counted. ``sentences`` holds the keys
    of what people said afterwards, never their words: those are read where they are, so that
    who takes theirs back, or is forgotten, is read nowhere any more. ``agreement`` is the draft it
    stands beside; None where a council asked for the plan of its own decision. Its case is that
    of its ``harm``.
    """

    class State(models.TextChoices):
        SHOWN = "shown", _("Waits for an answer")
        TAKEN_OVER = "taken_over", _("Taken over")
        CHANGED = "changed", _("Taken over, changed")
        REFUSED = "refused", _("Refused")

    class Why(models.TextChoices):
        FITS = "fits", _("it answers what is needed")
        WISHED = "wished", _("those it is about wished for it")
        TOO_MUCH = "too_much", _("it is too much")
        TOO_LITTLE = "too_little", _("it is too little")
        NOT_NEEDED = "not_needed", _("it is not what the person harmed needs")
        NOT_POSSIBLE = "not_possible", _("it could not be kept")
        DIFFERENT = "different", _("this case is different")
        OTHER = "other", _("another reason")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agreement = models.ForeignKey(
        Agreement, models.PROTECT, null=True, blank=True, related_name="suggestions"
    )
    harm = models.ForeignKey(Harm, models.PROTECT, related_name="+")
    adviser = models.CharField(max_length=40)
    category = models.CharField(max_length=16, choices=Category)
    unit = models.CharField(max_length=8, choices=Harm.Unit)
    amount = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    evidence: Any = models.JSONField(default=dict)
    sentences = SealedTextField(blank=True)
    state = StateField(choices=State, default=State.SHOWN, protected=True)
    shown_on = models.DateField()
    answered_on = models.DateField(null=True, blank=True)
    why = models.CharField(max_length=16, choices=Why, blank=True)
    reason = SealedTextField(blank=True)
    commitment = models.ForeignKey(
        Commitment, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "harm", "category", "unit"], name="each_form_suggested_once"
            ),
            models.CheckConstraint(
                name="suggestion_state_is_known", condition=Q(state__in=SUGGESTION_STATES)
            ),
            models.CheckConstraint(
                name="an_answered_suggestion_has_a_reason",
                condition=Q(state="shown", why="", answered_on=None)
                | (~Q(state="shown") & ~Q(why="") & Q(answered_on__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"suggestion {self.category} #{self.pk}"

    @transition(field=state, source=State.SHOWN, target=State.TAKEN_OVER)
    def take_over(self) -> None:
        """A promise was drafted from it, as it is."""

    @transition(field=state, source=State.SHOWN, target=State.CHANGED)
    def change(self) -> None:
        """A promise was drafted from it, with something changed."""

    @transition(field=state, source=State.SHOWN, target=State.REFUSED)
    def refuse(self) -> None:
        """It is not what this case needs."""
