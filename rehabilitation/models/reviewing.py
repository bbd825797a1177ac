"""The reviews of a placement, what is proposed there, and what follows a release."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django_fsm import transition

from councils.models import Council
from deliberation.models import Circle, Proposal
from moves.machine import MovingModel, StateField
from records.sealed import SealedTextField
from rehabilitation.models.placements import Placement, PlacementChallenge
from rehabilitation.querysets import ReviewQuerySet
from rehabilitation.rules import COURSES, OPEN_REVIEWS, REVIEW_STATES


class Review(MovingModel):
    """A council looks at a placement again; also how people not involved hear a challenge.

    ``packet`` is the house's words, ``own_word`` the resident's. Only a course that the circle
    adopted by consent changes anything; without one in time the placement lapses.
    """

    class State(models.TextChoices):
        PREPARING = "preparing", _("Being prepared")
        DECIDING = "deciding", _("Before the council")
        RELEASED = "released", _("Released")
        CONTINUED = "continued", _("Goes on")
        CHANGED = "changed", _("Goes on, changed")
        UPHELD = "upheld", _("Challenge upheld")
        DISMISSED = "dismissed", _("Challenge not upheld")
        MISSED = "missed", _("Not held in time")
        MOOT = "moot", _("No longer needed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    placement = models.ForeignKey(Placement, models.PROTECT, related_name="reviews")
    challenge = models.OneToOneField(
        PlacementChallenge, models.PROTECT, null=True, blank=True, related_name="review"
    )
    council = models.ForeignKey(Council, models.PROTECT, related_name="+")
    due_on = models.DateField()
    state = StateField(choices=State, default=State.PREPARING, protected=True)
    packet = SealedTextField(blank=True)
    own_word = SealedTextField(blank=True)
    own_word_at = models.DateTimeField(null=True, blank=True)
    supporter = SealedTextField(blank=True)
    circle = models.OneToOneField(Circle, models.PROTECT, null=True, blank=True, related_name="+")
    opened_at = models.DateTimeField()
    held_on = models.DateField(null=True, blank=True)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        ordering = ["opened_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="review_state_is_known", condition=Q(state__in=REVIEW_STATES)
            ),
            models.UniqueConstraint(
                fields=["placement"],
                condition=Q(state__in=OPEN_REVIEWS, challenge=None),
                name="one_open_review_of_a_placement",
            ),
            models.CheckConstraint(
                name="review_is_dated_exactly_when_over",
                condition=Q(state__in=OPEN_REVIEWS, held_on=None)
                | (~Q(state__in=OPEN_REVIEWS) & Q(held_on__isnull=False)),
            ),
            models.CheckConstraint(
                name="review_is_decided_in_a_circle",
                condition=~Q(state="deciding") | Q(circle__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"review #{self.pk}"

    @transition(field=state, source=State.PREPARING, target=State.DECIDING)
    def open_round(self) -> None:
        """The packet is there, the resident was heard or asked, and enough members are seated."""

    @transition(field=state, source=State.DECIDING, target=State.RELEASED)
    def release(self) -> None:
        """The circle adopted that the person is free."""

    @transition(field=state, source=State.DECIDING, target=State.CONTINUED)
    def go_on(self) -> None:
        """The circle adopted, with fresh reasons, that the placement goes on to its next review."""

    @transition(field=state, source=State.DECIDING, target=State.CHANGED)
    def go_on_changed(self) -> None:
        """The circle adopted, with fresh reasons, that it goes on otherwise than before."""

    @transition(field=state, source=State.DECIDING, target=State.UPHELD)
    def uphold(self) -> None:
        """People who were not involved found that the challenge has grounds."""

    @transition(field=state, source=State.DECIDING, target=State.DISMISSED)
    def dismiss(self) -> None:
        """People who were not involved let the placement stand."""

    @transition(field=state, source=[State.PREPARING, State.DECIDING], target=State.MISSED)
    def miss(self) -> None:
        """Its last day passed without a course that the circle adopted."""

    @transition(field=state, source=[State.PREPARING, State.DECIDING], target=State.MOOT)
    def drop(self) -> None:
        """The placement ended before, or the challenge was taken back."""


class Course(models.Model):
    """What a member proposes in a review; the words of the proposal are the fresh reasons."""

    class Kind(models.TextChoices):
        RELEASE = "release", _("release")
        CHANGE = "change", _("go on, with a change")
        CONTINUE = "continue", _("go on as it is")
        UPHOLD = "uphold", _("the challenge has grounds: the person is free")
        DISMISS = "dismiss", _("the placement stands")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    review = models.ForeignKey(Review, models.PROTECT, related_name="courses")
    proposal = models.OneToOneField(Proposal, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind)
    release_on = models.DateField(null=True, blank=True)
    next_review_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    adopted_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["proposal__at", "pk"]
        constraints = [
            models.CheckConstraint(name="course_is_known", condition=Q(kind__in=COURSES))
        ]

    def __str__(self) -> str:
        return f"{self.kind} #{self.pk}"


class TransitionPlan(models.Model):
    """What is prepared for the time after: where to live, what to do, whom to call."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    placement = models.OneToOneField(Placement, models.PROTECT, related_name="transition_plan")
    words = SealedTextField()
    own_word = SealedTextField(blank=True)
    version = models.PositiveIntegerField(default=1)
    agreed_on = models.DateField(null=True, blank=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"transition plan #{self.pk}"


class SupportCircle(models.Model):
    """A circle of support and accountability: some people who go along for a while, until its end.

    Only the person and who is in it read of its meetings.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    placement = models.OneToOneField(Placement, models.PROTECT, related_name="support_circle")
    from_on = models.DateField()
    until = models.DateField()
    ended_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="support_circle_ends_after_it_begins", condition=Q(until__gte=F("from_on"))
            )
        ]

    def __str__(self) -> str:
        return f"support circle #{self.pk}"


class SupportMember(models.Model):
    """Somebody who said yes to go along."""

    circle = models.ForeignKey(SupportCircle, models.PROTECT, related_name="members")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    accepted_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["circle", "person"], name="once_in_a_support_circle")
        ]

    def __str__(self) -> str:
        return f"support member #{self.pk}"


class SupportMeeting(models.Model):
    """One meeting of a circle of support, in the words of who was there."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    circle = models.ForeignKey(SupportCircle, models.PROTECT, related_name="meetings")
    held_on = models.DateField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    words = SealedTextField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["held_on", "at"]

    def __str__(self) -> str:
        return f"support meeting #{self.pk}"


class GuestStay(models.Model):
    """Somebody who is free stays by their own wish, until a day, and leaves when they like."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    placement = models.ForeignKey(Placement, models.PROTECT, related_name="guest_stays")
    from_on = models.DateField()
    until = models.DateField()
    ended_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["from_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="guest_stay_ends_after_it_begins", condition=Q(until__gte=F("from_on"))
            )
        ]

    def __str__(self) -> str:
        return f"guest stay #{self.pk}"
