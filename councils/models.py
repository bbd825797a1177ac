"""Tier two: the pool, the draw of a council, and the seats.

What a draw publishes is in ``DrawRecord`` and names nobody. Who stands behind a token is in
``RosterEntry``, sealed, and is read by the person themselves, by the draw, and by an auditor.
"""

import secrets
import uuid
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_fsm import transition

from cases.models import LETTERS, Case, Party
from communities.models import CharterVersion, Community
from councils.querysets import CouncilQuerySet, DrawQuerySet, PoolQuerySet, SeatQuerySet
from councils.rules import COUNCIL_STATES, DRAW_STATES, LIVE_DRAWS, LIVE_SEATS, SEAT_STATES
from moves.machine import MovingModel, StateField
from records.sealed import SealedTextField


def _public_id(prefix: str) -> str:
    part = ["".join(secrets.choice(LETTERS) for _n in range(4)) for _p in range(2)]
    return f"{prefix}-{part[0]}-{part[1]}"


def new_council_id() -> str:
    """Return an id for a council that says nothing of its case, such as JC-7K3F-92QD."""
    return _public_id("JC")


def new_draw_id() -> str:
    """Return the public id of a draw, such as DR-7K3F-92QD."""
    return _public_id("DR")


class PoolPlace(models.Model):
    """One member's place in the hat of one community, from joining to leaving or its term's end.

    ``since`` counts the trial period and survives a renewal; ``features`` are what the
    member says of themselves for the quotas, as JSON, sealed.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    community = models.ForeignKey(Community, models.PROTECT, related_name="pool")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="pools")
    features = SealedTextField(blank=True)
    of_age = models.BooleanField(default=False)
    since = models.DateField()
    until = models.DateField()
    away_until = models.DateField(null=True, blank=True)
    left_on = models.DateField(null=True, blank=True)

    objects = PoolQuerySet.as_manager()

    class Meta:
        ordering = ["community", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["community", "person"],
                condition=Q(left_on=None),
                name="one_place_in_a_pool",
            ),
            models.CheckConstraint(
                name="pool_place_ends_after_it_begins", condition=Q(until__gte=F("since"))
            ),
        ]

    def __str__(self) -> str:
        return f"pool place #{self.pk}"


class Council(MovingModel):
    """A council drawn by lot for one case, and for that case only."""

    class State(models.TextChoices):
        FORMING = "forming", _("Forming")
        SEATED = "seated", _("Seated")
        DELIBERATING = "deliberating", _("Deliberating")
        DECIDED = "decided", _("Decided")
        DISSOLVED = "dissolved", _("Dissolved")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    public_id = models.SlugField(unique=True, default=new_council_id, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    community = models.ForeignKey(Community, models.PROTECT, related_name="+")
    charter_version = models.ForeignKey(CharterVersion, models.PROTECT, related_name="+")
    appeal_of = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    size = models.PositiveSmallIntegerField()
    process_guardian = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    state = StateField(choices=State, default=State.FORMING, protected=True)
    formed_on = models.DateField()
    seated_on = models.DateField(null=True, blank=True)
    dissolved_on = models.DateField(null=True, blank=True)

    objects = CouncilQuerySet.as_manager()

    class Meta:
        ordering = ["formed_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="council_state_is_known", condition=Q(state__in=COUNCIL_STATES)
            ),
            models.CheckConstraint(name="council_has_three_or_more", condition=Q(size__gte=3)),
            models.UniqueConstraint(
                fields=["case"],
                condition=~Q(state="dissolved") & Q(appeal_of=None),
                name="one_live_council_for_a_case",
            ),
        ]

    def __str__(self) -> str:
        return self.public_id

    @transition(field=state, source=State.FORMING, target=State.SEATED)
    def seat(self) -> None:
        """Everybody drawn has said yes."""

    @transition(field=state, source=State.SEATED, target=State.FORMING)
    def miss_somebody(self) -> None:
        """A member's seat ended before the council began to hear both sides."""

    @transition(field=state, source=State.SEATED, target=State.DELIBERATING)
    def deliberate(self) -> None:
        """The council has begun to hear both sides."""

    @transition(field=state, source=State.DELIBERATING, target=State.DECIDED)
    def decide(self) -> None:
        """The council has adopted its decision; it stays with the case until it closes."""

    @transition(
        field=state,
        source=[State.FORMING, State.SEATED, State.DELIBERATING, State.DECIDED],
        target=State.DISSOLVED,
    )
    def dissolve(self) -> None:
        """The case is over, or went elsewhere."""


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


class TiesAnswer(models.Model):
    """A party has said that they named everybody they are tied to."""

    council = models.ForeignKey(Council, models.PROTECT, related_name="ties_answers")
    party = models.ForeignKey(Party, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["council", "party"], name="ties_answered_once")
        ]

    def __str__(self) -> str:
        return f"ties answer #{self.pk}"


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
