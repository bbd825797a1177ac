"""A draw, what it published, and sealed, who stands behind its tokens."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_fsm import transition

from councils.models.councils import Council, public_id
from councils.models.pool import PoolPlace
from councils.querysets import DrawQuerySet
from councils.rules import DRAW_STATES, LIVE_DRAWS
from moves.machine import MovingModel, StateField
from records.sealed import SealedTextField


def new_draw_id() -> str:
    """Return the public id of a draw, such as DR-7K3F-92QD."""
    return public_id("DR")


class Draw(MovingModel):
    """One draw: prepared, committed before the randomness exists, drawn, or void."""

    class State(models.TextChoices):
        PREPARING = "preparing", _("Preparing")
        SOLVING = "solving", _("Looking for fair panels")
        COMMITTED = "committed", _("Waiting for its randomness")
        DRAWN = "drawn", _("Drawn")
        VOID = "void", _("Void")

    class Kind(models.TextChoices):
        PANEL = "panel", _("a whole council")
        REPLACEMENT = "replacement", _("an empty seat")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    public_id = models.SlugField(unique=True, default=new_draw_id, editable=False)
    council = models.ForeignKey(Council, models.PROTECT, related_name="draws")
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.PANEL)
    of = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    number = models.PositiveSmallIntegerField()
    state = StateField(choices=State, default=State.PREPARING, protected=True)
    vacant = models.PositiveSmallIntegerField(default=0)
    # [slug, …]: whose pools it is drawn from; ``widened`` says why it is not the case's own.
    drawn_from: Any = models.JSONField(default=list, blank=True)
    widened = models.CharField(max_length=16, blank=True)
    # [[feature, value, least, most], …]: what this draw asks for, relaxed where that is said.
    quotas: Any = models.JSONField(default=list, blank=True)
    relaxed: Any = models.JSONField(default=list, blank=True)
    relaxed_because = SealedTextField(blank=True)
    # Whoever would still rest after a seat was in this hat too: asked before a quota is relaxed.
    rest_cut_short = models.BooleanField(default=False)
    # {"why", "relaxations", "rest"}: why no panel can be found, and what would mend it.
    problem: Any = models.JSONField(default=dict, blank=True)
    # ["drand", …]: what will be announced, in this order.
    beacons: Any = models.JSONField(default=list)
    progress = models.PositiveSmallIntegerField(default=0)
    alive_at = models.DateTimeField(null=True, blank=True)
    in_the_hat = models.PositiveIntegerField(default=0)
    # {kind: count}, exact; the public page shows none below the smallest group.
    out: Any = models.JSONField(default=dict, blank=True)
    commitment = models.CharField(max_length=64, blank=True)
    min_chance = models.CharField(max_length=12, blank=True)
    prepared_at = models.DateTimeField()
    committed_at = models.DateTimeField(null=True, blank=True)
    # When the announced randomness exists, and until when contributions can be revealed.
    beacon_at = models.DateTimeField(null=True, blank=True)
    reveal_by = models.DateTimeField(null=True, blank=True)
    witnesses = SealedTextField(blank=True)
    # What each source gave, by kind: {"drand": {…}, "dice": {…}}.
    sources: Any = models.JSONField(default=dict, blank=True)
    beacon = models.CharField(max_length=64, blank=True)
    index = models.PositiveIntegerField(null=True, blank=True)
    panel: Any = models.JSONField(default=list, blank=True)
    drawn_at = models.DateTimeField(null=True, blank=True)
    voided_at = models.DateTimeField(null=True, blank=True)
    void_reason = models.TextField(blank=True)
    void_asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = DrawQuerySet.as_manager()

    class Meta:
        ordering = ["council", "number"]
        constraints = [
            models.CheckConstraint(name="draw_state_is_known", condition=Q(state__in=DRAW_STATES)),
            models.UniqueConstraint(fields=["council", "number"], name="draws_are_numbered"),
            # Also what keeps two coordinators from drawing at once.
            models.UniqueConstraint(
                fields=["council"], condition=Q(state__in=LIVE_DRAWS), name="one_draw_at_a_time"
            ),
            models.CheckConstraint(
                name="a_commitment_comes_first",
                condition=~Q(state__in=("committed", "drawn")) | ~Q(commitment=""),
            ),
            models.CheckConstraint(
                name="drawn_has_its_beacon",
                condition=~Q(state="drawn") | (~Q(beacon="") & Q(drawn_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return self.public_id

    def get_absolute_url(self) -> str:
        return reverse("councils:draw", args=[self.public_id])

    @transition(field=state, source=State.PREPARING, target=State.SOLVING)
    def solve(self) -> None:
        """The fair panels are being looked for, in the background."""

    @transition(field=state, source=State.SOLVING, target=State.PREPARING)
    def stall(self) -> None:
        """No panel meets the quotas; a person decides what to relax."""

    @transition(field=state, source=[State.PREPARING, State.SOLVING], target=State.COMMITTED)
    def commit(self) -> None:
        """The record is frozen, hashed and published, before the randomness exists."""

    @transition(field=state, source=State.COMMITTED, target=State.DRAWN)
    def draw(self) -> None:
        """The announced randomness has picked."""

    @transition(
        field=state,
        source=[State.PREPARING, State.SOLVING, State.COMMITTED, State.DRAWN],
        target=State.VOID,
    )
    def void(self) -> None:
        """It does not count, for a stated reason, and stays visible."""


class DrawRecord(models.Model):
    """What a draw published, byte for byte as it was hashed. Written once, never changed."""

    draw = models.OneToOneField(Draw, models.PROTECT, primary_key=True, related_name="published")
    body = models.TextField()

    def __str__(self) -> str:
        return f"record of {self.draw_id}"


class RosterEntry(models.Model):
    """One person in one draw: their token, and sealed, what it was made of."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    draw = models.ForeignKey(Draw, models.PROTECT, related_name="roster")
    place = models.ForeignKey(PoolPlace, models.PROTECT, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    token = models.CharField(max_length=64)
    salt = SealedTextField()
    described = SealedTextField()
    household = models.CharField(max_length=36, blank=True)
    eligible = models.BooleanField()
    why_not = SealedTextField(blank=True)

    class Meta:
        verbose_name_plural = "roster entries"
        constraints = [
            models.UniqueConstraint(fields=["draw", "person"], name="once_in_a_roster"),
            models.UniqueConstraint(fields=["draw", "token"], name="one_token_each"),
        ]

    def __str__(self) -> str:
        return f"roster entry #{self.pk}"


class Contribution(models.Model):
    """One person's secret part of a beacon: its hash before the commitment, revealed after."""

    draw = models.ForeignKey(Draw, models.PROTECT, related_name="contributions")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    h = models.CharField(max_length=64)
    at = models.DateTimeField()
    secret = models.CharField(max_length=64, blank=True)
    revealed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["h"]
        constraints = [
            models.UniqueConstraint(fields=["draw", "person"], name="one_contribution_each"),
            models.UniqueConstraint(fields=["draw", "h"], name="no_contribution_twice"),
        ]

    def __str__(self) -> str:
        return f"contribution #{self.pk}"
