"""The case: one harm, the people it touches, and its way from the first word to repair."""

import secrets
import uuid
from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_fsm import transition
from guardian.models import UserObjectPermissionBase

from cases.consent_text import STAGE_OF_STATE
from cases.querysets import CaseQuerySet
from cases.rules import OPEN_STATES, OUTCOMES, moved_on
from communities.models import CharterVersion, Community
from moves.machine import MovingModel, StateField
from records.sealed import SealedTextField

# No 0/O, 1/I/L: a reference is read aloud over the telephone.
LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_reference() -> str:
    """Return a reference nobody can guess, such as RJ-7K3F-92QD (39 bits)."""
    part = ["".join(secrets.choice(LETTERS) for _n in range(4)) for _p in range(2)]
    return f"RJ-{part[0]}-{part[1]}"


class Case(MovingModel):
    """One harm and its way to repair.

    ``state`` says *when* something may happen and moves only through the transitions
    below, called by actions, which ask *who*. ``steering`` is the community whose
    coordinators act: its own, or the next one up where they are tied.
    """

    class State(models.TextChoices):
        REPORTED = "reported", _("Reported")
        SCREENING = "screening", _("Screening")
        MEDIATION = "mediation", _("Mediation")
        COUNCIL = "council", _("Justice Council")
        REPARATION = "reparation", _("Reparation")
        REHABILITATION = "rehabilitation", _("Rehabilitation Community")
        CLOSED = "closed", _("Closed")

    class Outcome(models.TextChoices):
        REPAIRED = "repaired", _("repaired")
        PARTLY_REPAIRED = "partly_repaired", _("partly repaired")
        WITHOUT_AGREEMENT = "without_agreement", _("without an agreement")
        WITHDRAWN = "withdrawn", _("withdrawn")
        REFERRED_ELSEWHERE = "referred_elsewhere", _("referred elsewhere")
        NOT_SUITABLE = "not_suitable", _("not suitable")
        NO_CONTACT = "no_contact", _("nobody could be reached")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.SlugField(unique=True, default=new_reference, editable=False)
    community = models.ForeignKey(Community, models.PROTECT, related_name="cases")
    steering = models.ForeignKey(Community, models.PROTECT, related_name="steered_cases")
    charter_version = models.ForeignKey(CharterVersion, models.PROTECT)
    title = SealedTextField(blank=True)
    account = SealedTextField(blank=True)
    referral = SealedTextField(blank=True, help_text="What the referrer wrote beside it, as JSON.")
    kind = models.CharField(max_length=40, blank=True)
    happened_on = models.DateField(null=True, blank=True)
    referred_on = models.DateField(null=True, blank=True)
    opened_on = models.DateField()
    urgent = models.BooleanField(default=False)
    fingerprint = models.CharField(max_length=64, null=True, blank=True, unique=True)
    split_from = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="splits"
    )
    state = StateField(choices=State, default=State.REPORTED, protected=True)
    state_since = models.DateField()
    frozen_on = models.DateField(null=True, blank=True)
    holds: Any = models.JSONField(
        default=list, blank=True, help_text="The times on hold that are over: [from, until]."
    )
    asked_about = models.CharField(max_length=40, blank=True)
    asked_times = models.PositiveSmallIntegerField(default=0)
    # The stage people are asked to take part in next, where a council sends them to another.
    asked_for = models.CharField(max_length=16, blank=True)
    outcome = models.CharField(max_length=24, choices=Outcome, blank=True)
    closed_on = models.DateField(null=True, blank=True)
    harmed_asked_on = models.DateField(null=True, blank=True)
    forgotten_on = models.DateField(null=True, blank=True)

    objects = CaseQuerySet.as_manager()

    class Meta:
        ordering = ["-opened_on", "reference"]
        permissions = [
            ("mediate_case", "Guides the parties of this case"),
            ("take_part_case", "Is a party of this case"),
            ("stand_beside_case", "Stands beside a party of this case"),
            ("sit_on_case", "Sits on the council of this case"),
            ("guard_process_case", "Guards the process of this case's council"),
        ]
        indexes = [
            models.Index(fields=["steering", "state", "opened_on"]),
            # What is looked through each few minutes for what is to be forgotten.
            models.Index(
                fields=["charter_version", "closed_on"],
                condition=Q(closed_on__isnull=False, forgotten_on=None),
                name="case_closed_not_forgotten",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="case_state_is_known", condition=Q(state__in=[*OPEN_STATES, "closed"])
            ),
            models.CheckConstraint(
                name="case_has_an_outcome_exactly_when_closed",
                condition=Q(state="closed", closed_on__isnull=False, outcome__in=OUTCOMES)
                | (~Q(state="closed") & Q(closed_on__isnull=True, outcome="")),
            ),
            models.CheckConstraint(
                name="only_a_closed_case_is_forgotten",
                condition=Q(forgotten_on=None) | Q(state="closed"),
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        return reverse("cases:detail", args=[self.reference])

    @property
    def stage(self) -> str:
        """The stage whose consent is asked for now: of its state, or the one it is sent to."""
        return self.asked_for or STAGE_OF_STATE[self.state]

    def moved_on(self, due: date, *, since: date) -> date:
        """Return the day this falls due, with the days on hold since its clock began given back."""
        return moved_on(due, since=since, holds=self.times_on_hold)

    @property
    def times_on_hold(self) -> tuple[tuple[date, date], ...]:
        """Return the times on hold that are over: (first day, the day it went on)."""
        return tuple(
            (date.fromisoformat(began), date.fromisoformat(went_on))
            for began, went_on in self.holds
        )

    @transition(field=state, source=State.REPORTED, target=State.SCREENING)
    def accept(self) -> None:
        """A coordinator or mediator takes the referral on."""

    @transition(field=state, source=State.SCREENING, target=State.MEDIATION)
    def begin_mediation(self) -> None:
        """Everybody is safe, asked and willing."""

    @transition(
        field=state,
        source=[State.SCREENING, State.MEDIATION, State.REPARATION],
        target=State.COUNCIL,
    )
    def refer_to_council(self) -> None:
        """Mediation is not suitable, ended without agreement, or a plan was broken."""

    @transition(field=state, source=State.COUNCIL, target=State.MEDIATION)
    def return_to_mediation(self) -> None:
        """The council sends the case back to the people themselves."""

    @transition(
        field=state,
        source=[State.MEDIATION, State.COUNCIL, State.REHABILITATION],
        target=State.REPARATION,
    )
    def begin_reparation(self) -> None:
        """The agreement has come into force."""

    @transition(field=state, source=State.COUNCIL, target=State.REHABILITATION)
    def place(self) -> None:
        """A council's decision about an active threat takes effect."""

    @transition(field=state, source=State.REHABILITATION, target=State.REPARATION)
    def release(self) -> None:
        """A placement has ended and commitments are open."""

    @transition(field=state, source=State.REHABILITATION, target=State.COUNCIL)
    def release_to_council(self) -> None:
        """A placement has ended and the council closes."""

    @transition(field=state, source=list(OPEN_STATES), target=State.CLOSED)
    def close(self) -> None:
        """The case is over; its outcome says how."""

    @transition(field=state, source=State.CLOSED, target=State.SCREENING)
    def reopen(self) -> None:
        """Something new has come up; every consent is asked for again."""


class CaseUserObjectPermission(UserObjectPermissionBase):
    """Who may do what on one case, until when. Read only by ``querysets`` and ``access``."""

    content_object = models.ForeignKey(Case, on_delete=models.CASCADE)
    until = models.DateField(null=True, blank=True)

    class Meta(UserObjectPermissionBase.Meta):
        indexes = [models.Index(fields=["user", "permission", "until"])]


class Party(models.Model):
    """One person's part in one case: the person harmed, or the person responsible."""

    class Role(models.TextChoices):
        HARMED = "harmed", _("person harmed")
        RESPONSIBLE = "responsible", _("person responsible")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="parties")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="parts")
    role = models.CharField(max_length=12, choices=Role)
    minor = models.BooleanField(default=False)
    do_not_write = models.BooleanField(default=False)
    reached_on = models.DateField(null=True, blank=True)
    how_to_reach = SealedTextField(blank=True)
    assessed_on = models.DateField(null=True, blank=True)
    safe_to_meet = models.BooleanField(default=False)
    safety_answers = SealedTextField(blank=True)
    safety_flags: Any = models.JSONField(default=list, blank=True)
    closing_word = SealedTextField(blank=True)
    closing_word_asked_on = models.DateField(null=True, blank=True)
    wishes_end_on = models.DateField(
        null=True, blank=True, help_text="When a person harmed, asked alone, wished for the end."
    )

    class Meta:
        ordering = ["role", "pk"]
        verbose_name_plural = "parties"
        constraints = [
            # Also what keeps one person from standing on both sides.
            models.UniqueConstraint(fields=["case", "person"], name="one_part_in_a_case"),
        ]

    def __str__(self) -> str:
        return f"{self.role} #{self.pk}"

    def is_minor(self, today: date) -> bool:
        """Say whether they are under age today: by the birth date, or as noted where unknown."""
        return self.person.is_minor(today) if self.person.born else self.minor


class Participation(models.Model):
    """Who has a place in a case, in which role, from when and until when: the truth."""

    class Role(models.TextChoices):
        MEDIATOR = "mediator", _("mediator")
        HARMED = "harmed", _("person harmed")
        RESPONSIBLE = "responsible", _("person responsible")
        SUPPORTER = "supporter", _("supporter")
        GUARDIAN = "guardian", _("guardian")
        INTERPRETER = "interpreter", _("interpreter")
        COUNCIL = "council", _("council member")
        PROCESS_GUARDIAN = "process_guardian", _("process guardian")

    BESIDE = ("harmed", "responsible", "supporter", "guardian")
    PERMISSIONS = {
        "mediator": ("view_case", "mediate_case"),
        "harmed": ("view_case", "take_part_case"),
        "responsible": ("view_case", "take_part_case"),
        "supporter": ("view_case", "stand_beside_case"),
        "guardian": ("view_case", "stand_beside_case"),
        "interpreter": ("view_case",),
        "council": ("view_case", "sit_on_case"),
        "process_guardian": ("view_case", "guard_process_case"),
    }

    case = models.ForeignKey(Case, models.PROTECT, related_name="participations")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="places")
    role = models.CharField(max_length=20, choices=Role)
    beside = models.ForeignKey(
        Party, models.PROTECT, null=True, blank=True, related_name="companions"
    )
    from_on = models.DateField()
    until = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "person", "role"],
                condition=Q(until=None),
                name="one_open_place_in_a_role",
            ),
            models.CheckConstraint(
                name="participation_ends_after_it_begins",
                condition=Q(until=None) | Q(until__isnull=False, until__gte=F("from_on")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} #{self.pk}"


class Consent(models.Model):
    """One yes: to one stage, to exactly this text, in this language, before this witness.

    A freeze ends everybody's, so that each is asked again, alone; ``withdrawn`` marks
    the one who stopped it, and no page shows it.
    """

    class Way(models.TextChoices):
        APP = "app", _("in Amends")
        PAPER = "paper", _("on paper")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    party = models.ForeignKey(Party, models.PROTECT, related_name="consents")
    stage = models.CharField(max_length=16)
    by_guardian = models.BooleanField(default=False)
    text = models.TextField()
    text_version = models.PositiveIntegerField()
    language = models.CharField(max_length=8)
    way = models.CharField(max_length=8, choices=Way)
    witness = SealedTextField(blank=True)
    given_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    withdrawn = models.BooleanField(default=False)

    class Meta:
        ordering = ["given_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["party", "stage", "by_guardian"],
                condition=Q(ended_at=None),
                name="one_live_consent_for_a_stage",
            ),
            models.CheckConstraint(
                name="consent_ends_after_it_is_given",
                condition=Q(ended_at=None, withdrawn=False)
                | Q(ended_at__isnull=False, ended_at__gte=F("given_at")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.stage} #{self.pk}"


class Harm(models.Model):
    """What one person harmed says was lost: the measure a reparation never exceeds."""

    class Unit(models.TextChoices):
        MONEY = "money", _("money")
        HOURS = "hours", _("hours")
        ACT = "act", _("an act")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="harms")
    party = models.ForeignKey(Party, models.PROTECT, related_name="harms")
    what = SealedTextField()
    unit = models.CharField(max_length=8, choices=Unit)
    amount = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    stated_on = models.DateField()

    class Meta:
        ordering = ["stated_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="harm_in_money_or_hours_has_an_amount",
                condition=Q(unit="act") | Q(amount__isnull=False, amount__gt=0),
            )
        ]

    def __str__(self) -> str:
        return f"{self.unit} #{self.pk}"


class Note(models.Model):
    """Something written in one room of a case. It does not travel to another by itself."""

    class Room(models.TextChoices):
        REFERRAL = "referral", _("Referral")
        SAFETY = "safety", _("Safety")
        PRIVATE = "private", _("Private")
        MEDIATION = "mediation", _("Mediation")
        PLAN = "plan", _("Plan")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="notes")
    room = models.CharField(max_length=16, choices=Room)
    party = models.ForeignKey(Party, models.PROTECT, null=True, blank=True, related_name="notes")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT)
    text = SealedTextField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="a_private_note_is_somebodys",
                condition=~Q(room="private") | Q(party__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.room} #{self.pk}"
