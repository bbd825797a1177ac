"""A placement: what it stands on, until when at the latest, and how it ended."""

import uuid
from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_fsm import transition

from cases.models import Case, Party
from councils.models import Council, Decision
from moves.machine import MovingModel, StateField
from records.sealed import SealedTextField
from rehabilitation import rules
from rehabilitation.models.houses import House
from rehabilitation.querysets import PlacementQuerySet
from rehabilitation.rules import (
    CHALLENGE_STATES,
    ENDS,
    GROUNDS,
    OPEN,
    OVER,
    PLACED,
    PLACEMENT_STATES,
    Freedom,
    PlacementFacts,
)

MOVE_FIELDS = ("moving_to", "move_asked_on", "move_until", "move_accepted_on", "move_guardian_on",
               "move_agreed_on", "move_offered_on")  # fmt: skip


class Placement(MovingModel):
    """One person's place in one house, from a council's proposal to its end.

    ``free_on`` is the first day on which the person is free by the days of the placement alone;
    it is written with them, and a page or an action that asks it needs no ``tick``. ``review_on``
    is the last day of the next review, ``release_on`` the first free day a review decided, and
    ``ended_on`` the first free day there was. ``latest_on`` and ``interim_latest`` are the
    charter's bounds, kept in the row so that the database refuses what goes past them.
    ``moving_to`` is another house, ``move_until`` the last day of that move; the person's yes, a
    young person's guardian's, and what the two communities say of it have a day each.
    """

    class State(models.TextChoices):
        PROPOSED = "proposed", _("Proposed")
        INTERIM = "interim", _("For some days")
        ACTIVE = "active", _("Placed")
        RELEASED = "released", _("Released")
        LAPSED = "lapsed", _("Lapsed")
        LEFT = "left", _("Left")
        GUEST = "guest", _("Guest")

    class Why(models.TextChoices):
        DECLINED = "declined", _("the person said no")
        NOT_TAKEN_UP = "not_taken_up", _("it was not taken up in time")
        FINDING_OVER = "finding_over", _("what it stood on was over")
        TAKEN_BACK = "taken_back", _("it was taken back")
        INTERIM_OVER = "interim_over", _("the interim days were over")
        REVIEW_MISSED = "review_missed", _("no review was held in time")
        ORDER_OVER = "order_over", _("the order it stood on was over")
        DECISION_REPLACED = "decision_replaced", _("another council decided otherwise")
        END_DATE = "end_date", _("its end date passed")
        RELEASE_DECIDED = "release_decided", _("the council released")
        CHALLENGE_UPHELD = "challenge_upheld", _("the challenge was upheld")
        LEFT = "left", _("the person left")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    decision = models.ForeignKey(Decision, models.PROTECT, related_name="+")
    party = models.ForeignKey(Party, models.PROTECT, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    house = models.ForeignKey(House, models.PROTECT, related_name="placements")
    moving_to = models.ForeignKey(House, models.PROTECT, null=True, blank=True, related_name="+")
    move_asked_on = models.DateField(null=True, blank=True)
    move_until = models.DateField(null=True, blank=True)
    move_accepted_on = models.DateField(null=True, blank=True)
    move_guardian_on = models.DateField(null=True, blank=True)
    move_agreed_on = models.DateField(null=True, blank=True)
    move_offered_on = models.DateField(null=True, blank=True)
    state = StateField(choices=State, default=State.PROPOSED, protected=True)
    proposed_on = models.DateField()
    open_until = models.DateField()
    told_in = models.CharField(max_length=8)
    host_offered_on = models.DateField(null=True, blank=True)
    accepted_on = models.DateField(null=True, blank=True)
    accepted_text = SealedTextField(blank=True)
    guardian_accepted_on = models.DateField(null=True, blank=True)
    order_number = SealedTextField(blank=True)
    order_by = SealedTextField(blank=True)
    order_until = models.DateField(null=True, blank=True)
    interim_until = models.DateField(null=True, blank=True)
    interim_latest = models.DateField(null=True, blank=True)
    starts_on = models.DateField(null=True, blank=True)
    review_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    latest_on = models.DateField(null=True, blank=True)
    release_on = models.DateField(null=True, blank=True)
    free_on = models.DateField(db_index=True)
    ended_on = models.DateField(null=True, blank=True)
    why_ended = models.CharField(max_length=20, choices=Why, blank=True)
    guest_until = models.DateField(null=True, blank=True)

    objects = PlacementQuerySet.as_manager()

    class Meta:
        ordering = ["proposed_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="placement_state_is_known", condition=Q(state__in=PLACEMENT_STATES)
            ),
            models.UniqueConstraint(
                fields=["person"], condition=Q(state__in=OPEN), name="one_open_placement_each"
            ),
            models.CheckConstraint(
                name="placed_has_its_days",
                condition=~Q(state__in=PLACED)
                | Q(
                    starts_on__isnull=False,
                    review_on__isnull=False,
                    ends_on__isnull=False,
                    latest_on__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="placed_stands_on_a_yes_or_an_order",
                condition=~Q(state__in=PLACED)
                | Q(accepted_on__isnull=False)
                | Q(order_until__isnull=False),
            ),
            models.CheckConstraint(
                name="placement_ends_within_the_charter",
                condition=Q(ends_on=None) | Q(latest_on__isnull=False, ends_on__lte=F("latest_on")),
            ),
            models.CheckConstraint(
                name="placement_is_reviewed_before_it_ends",
                condition=Q(review_on=None) | Q(review_on__lte=F("ends_on")),
            ),
            models.CheckConstraint(
                name="interim_has_days_not_weeks",
                condition=(Q(interim_until=None) & ~Q(state="interim"))
                | Q(interim_latest__isnull=False, interim_until__lte=F("interim_latest")),
            ),
            models.CheckConstraint(
                name="placement_is_dated_exactly_when_over",
                condition=Q(state__in=OVER, ended_on__isnull=False, why_ended__in=tuple(ENDS))
                | Q(state__in=OPEN, ended_on=None, why_ended=""),
            ),
            models.CheckConstraint(
                name="a_guest_stay_ends",
                condition=(~Q(state="guest") & Q(guest_until=None))
                | Q(state="guest", guest_until__isnull=False),
            ),
            models.CheckConstraint(
                name="a_move_has_its_last_day",
                condition=Q(moving_to=None, move_until=None, move_accepted_on=None)
                | Q(moving_to__isnull=False, move_until__isnull=False, state__in=PLACED),
            ),
        ]

    def __str__(self) -> str:
        return f"placement #{self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("rehabilitation:placement", args=[self.house.slug, self.pk])

    @property
    def facts(self) -> PlacementFacts:
        """What ``rules.freedom_of`` asks of this placement."""
        return PlacementFacts(
            state=self.state,
            open_until=self.open_until,
            review_on=self.review_on,
            ends_on=self.ends_on,
            interim_until=self.interim_until,
            release_on=self.release_on,
            accepted=self.accepted_on is not None,
            order_until=self.order_until,
            replaced_on=self.decision.replaced_on,
        )

    @property
    def freedom(self) -> Freedom | None:
        """When and why it ends by itself; None when it is over."""
        return rules.freedom_of(self.facts)

    def is_placed(self, today: date) -> bool:
        """Say whether somebody is placed today, by the days themselves."""
        return self.state in PLACED and not rules.is_free(self.facts, today=today)

    def is_open(self, today: date) -> bool:
        """Say whether it is proposed or holds today, by the days themselves."""
        return self.state in OPEN and not rules.is_free(self.facts, today=today)

    def is_moving(self, today: date) -> bool:
        """Say whether a move to another house is asked for, by the days themselves."""
        return self.move_until is not None and today <= self.move_until and self.is_placed(today)

    def stop_moving(self) -> tuple[str, ...]:
        """Forget that somebody was to move; return the names of the fields to write."""
        for name in MOVE_FIELDS:
            setattr(self, name, None)
        return MOVE_FIELDS

    def is_guest(self, today: date) -> bool:
        return self.state == "guest" and self.guest_until is not None and today <= self.guest_until

    def lives_here(self, today: date) -> bool:
        """Say whether the person lives in the house today, placed or as a guest."""
        return self.is_placed(today) or self.is_guest(today)

    @property
    def has_begun(self) -> bool:
        return self.starts_on is not None

    @transition(field=state, source=State.PROPOSED, target=State.INTERIM)
    def begin_interim(self) -> None:
        """Somebody is placed for some days, before the time to appeal is over."""

    @transition(field=state, source=[State.PROPOSED, State.INTERIM], target=State.ACTIVE)
    def begin(self) -> None:
        """Somebody is placed: accepted or by a lawful order, and nothing is open against it."""

    @transition(
        field=state, source=[State.PROPOSED, State.INTERIM, State.ACTIVE], target=State.RELEASED
    )
    def release(self) -> None:
        """The council released, the end date passed, or a challenge was upheld."""

    @transition(
        field=state, source=[State.PROPOSED, State.INTERIM, State.ACTIVE], target=State.LAPSED
    )
    def lapse(self) -> None:
        """It was not taken up, or nobody renewed what it stood on in time."""

    @transition(field=state, source=[State.INTERIM, State.ACTIVE, State.GUEST], target=State.LEFT)
    def leave(self) -> None:
        """The person left. Nothing can stand in the way."""

    @transition(field=state, source=[State.RELEASED, State.LAPSED], target=State.GUEST)
    def stay(self) -> None:
        """The person is free and stays by their own wish."""


class PlacementChallenge(MovingModel):
    """The person placed asks people who were not involved to look at their placement again.

    ``panel`` is the appeal council that hears it. While it is open, a placement begins for the
    interim days only, and going on after a review lasts no longer than those.
    """

    class Ground(models.TextChoices):
        PROCESS = "process", _("the way it was decided")
        FACTS = "facts", _("what is said of me is not so, or is no longer so")
        PROPORTION = "proportion", _("something less would do")
        CONDITIONS = "conditions", _("how I am treated")

    class State(models.TextChoices):
        OPEN = "open", _("Waiting to be heard")
        UPHELD = "upheld", _("Upheld")
        DISMISSED = "dismissed", _("Not upheld")
        WITHDRAWN = "withdrawn", _("Taken back")
        MOOT = "moot", _("No longer needed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    placement = models.ForeignKey(Placement, models.PROTECT, related_name="challenges")
    ground = models.CharField(max_length=12, choices=Ground)
    words = SealedTextField()
    panel = models.ForeignKey(Council, models.PROTECT, null=True, blank=True, related_name="+")
    state = StateField(choices=State, default=State.OPEN, protected=True)
    at = models.DateTimeField()
    decided_on = models.DateField(null=True, blank=True)
    reasons = SealedTextField(blank=True)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="placement_challenge_state_is_known", condition=Q(state__in=CHALLENGE_STATES)
            ),
            models.CheckConstraint(
                name="placement_challenge_ground_is_known", condition=Q(ground__in=GROUNDS)
            ),
            models.UniqueConstraint(
                fields=["placement"],
                condition=Q(state="open"),
                name="one_open_challenge_of_a_placement",
            ),
            models.CheckConstraint(
                name="placement_challenge_is_dated_exactly_when_over",
                condition=Q(state="open", decided_on__isnull=True)
                | (~Q(state="open") & Q(decided_on__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"placement challenge #{self.pk}"

    @transition(field=state, source=State.OPEN, target=State.UPHELD)
    def uphold(self) -> None:
        """People who were not involved find that it has grounds: the person is free at once."""

    @transition(field=state, source=State.OPEN, target=State.DISMISSED)
    def dismiss(self) -> None:
        """People who were not involved let the placement stand, with their reasons."""

    @transition(field=state, source=State.OPEN, target=State.WITHDRAWN)
    def withdraw(self) -> None:
        """The person takes it back."""

    @transition(field=state, source=State.OPEN, target=State.MOOT)
    def drop(self) -> None:
        """The placement ended before it was heard."""


class NewsWish(models.Model):
    """What a person harmed wants to be told of a placement: nothing, until they say so."""

    class Way(models.TextChoices):
        APP = "app", _("here in Amends only")
        OUTSIDE = "outside", _("in the way other news reaches me")
        MEDIATOR = "mediator", _("by my mediator, in person")

    party = models.OneToOneField(Party, models.PROTECT, related_name="+")
    placed = models.BooleanField(default=False)
    moved = models.BooleanField(default=False)
    released = models.BooleanField(default=False)
    left = models.BooleanField(default=False)
    way = models.CharField(max_length=8, choices=Way, default=Way.APP)
    chosen_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"news wish #{self.pk}"
