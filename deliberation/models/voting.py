"""The machine by supermajority: three ballots, and the concerns heard between them."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_fsm import transition

from deliberation.models.circles import Voice
from deliberation.models.proposals import Amendment, Proposal
from deliberation.rules import VOTE_OPEN, VOTE_STATES
from moves.machine import MovingModel, StateField
from records.sealed import SealedTextField


class BySupermajority(MovingModel):
    """How far a proposal has come by supermajority.

    ``seed`` decides ties where a concern elects who speaks for it. ``deadline`` is when this stage
    ends by itself; ``asked_again`` says that too few voted in time, and all were asked once more.
    """

    class State(models.TextChoices):
        DISCUSSING = "discussing", _("Discussion")
        FIRST_VOTE = "first_vote", _("First vote")
        CONCERNS = "concerns", _("Concerns are heard")
        SECOND_VOTE = "second_vote", _("Second vote")
        DEAL_BREAKERS = "deal_breakers", _("Deal-breakers are heard")
        FINAL_VOTE = "final_vote", _("Final vote")
        CONTENTION = "contention", _("Open to contention")
        ADOPTED = "adopted", _("Adopted")
        TABLED = "tabled", _("Tabled")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    proposal = models.OneToOneField(Proposal, models.PROTECT, related_name="by_supermajority")
    state = StateField(choices=State, default=State.DISCUSSING, protected=True)
    seed = models.CharField(max_length=64)
    deadline = models.DateTimeField(null=True, blank=True, db_index=True)
    asked_again = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("proposal by supermajority")
        constraints = [
            models.CheckConstraint(name="vote_state_is_known", condition=Q(state__in=VOTE_STATES)),
            models.CheckConstraint(
                name="vote_has_a_deadline_only_while_open",
                condition=Q(deadline=None) | Q(state__in=VOTE_OPEN),
            ),
        ]

    def __str__(self) -> str:
        return f"by supermajority #{self.pk}"

    @transition(field=state, source=State.DISCUSSING, target=State.FIRST_VOTE)
    def call_first_vote(self) -> None:
        """The discussion is over; the first vote takes the temperature."""

    @transition(field=state, source=State.FIRST_VOTE, target=State.CONCERNS)
    def sort_concerns(self) -> None:
        """Fewer than nine tenths are for: those against say what concerns them."""

    @transition(field=state, source=State.CONCERNS, target=State.SECOND_VOTE)
    def call_second_vote(self) -> None:
        """Concerns were heard and amendments gauged."""

    @transition(field=state, source=State.SECOND_VOTE, target=State.DEAL_BREAKERS)
    def sort_deal_breakers(self) -> None:
        """Fewer than nine tenths are for: those for whom it is a deal-breaker are heard."""

    @transition(field=state, source=State.DEAL_BREAKERS, target=State.FINAL_VOTE)
    def call_final_vote(self) -> None:
        """Deal-breakers were heard and amendments gauged."""

    @transition(field=state, source=State.FINAL_VOTE, target=State.CONTENTION)
    def contend(self) -> None:
        """Two thirds are for: it is planned and carried out, and can still be tabled."""

    @transition(
        field=state,
        source=[State.FIRST_VOTE, State.SECOND_VOTE, State.CONTENTION],
        target=State.ADOPTED,
    )
    def adopt(self) -> None:
        """Nine tenths are for at once, or the days of contention went by."""

    @transition(
        field=state,
        source=[State.FIRST_VOTE, State.SECOND_VOTE, State.FINAL_VOTE, State.CONTENTION],
        target=State.TABLED,
    )
    def table(self) -> None:
        """Too few took part or are for it; in contention, fewer than half still are."""

    @transition(field=state, source=list(VOTE_OPEN), target=State.WITHDRAWN)
    def withdraw(self) -> None:
        """The author takes it back."""


class Remark(models.Model):
    """What somebody says in the discussion."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="remarks")
    voice = models.ForeignKey(Voice, models.PROTECT, related_name="+")
    text = SealedTextField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"remark #{self.pk}"


class Ballot(models.Model):
    """One vote of the circle; the counts are written when it closes, and stay."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    process = models.ForeignKey(BySupermajority, models.PROTECT, related_name="ballots")
    number = models.PositiveSmallIntegerField()
    version = models.PositiveIntegerField()
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    in_favour = models.PositiveIntegerField(null=True, blank=True)
    against = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["process", "number"]
        constraints = [
            models.UniqueConstraint(fields=["process", "number"], name="ballot_numbered_once"),
            models.CheckConstraint(
                name="there_are_three_ballots", condition=Q(number__gte=1, number__lte=3)
            ),
            models.CheckConstraint(
                name="ballot_is_counted_exactly_when_closed",
                condition=Q(closed_at=None, in_favour=None, against=None)
                | Q(closed_at__isnull=False, in_favour__isnull=False, against__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"ballot #{self.pk}"


class Vote(models.Model):
    """For or against, once for each voice; until the ballot closes it can be changed.

    Votes of the final ballot can also be changed during contention.
    """

    ballot = models.ForeignKey(Ballot, models.PROTECT, related_name="votes")
    voice = models.ForeignKey(Voice, models.PROTECT, related_name="votes")
    in_favour = models.BooleanField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ballot", "voice"], name="one_vote_of_a_voice")
        ]

    def __str__(self) -> str:
        return f"vote #{self.pk}"


class Concern(models.Model):
    """What some of those against have in common; they elect one to speak for it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    ballot = models.ForeignKey(Ballot, models.PROTECT, related_name="concerns")
    text = SealedTextField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"concern #{self.pk}"


class Holder(models.Model):
    """One voice that voted against and holds a concern.

    ``deal_breaker``: they could not live with the proposal. ``stands``: they would speak for the
    concern. ``names``: whom they elect to do so.
    """

    ballot = models.ForeignKey(Ballot, models.PROTECT, related_name="holders")
    concern = models.ForeignKey(Concern, models.PROTECT, related_name="holders")
    voice = models.ForeignKey(Voice, models.PROTECT, related_name="+")
    deal_breaker = models.BooleanField(default=False)
    stands = models.BooleanField(default=False)
    names = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ballot", "voice"], name="one_concern_of_a_voice")
        ]

    def __str__(self) -> str:
        return f"holder #{self.pk}"


class Gauge(models.Model):
    """Whether one voice could live with an amendment; ``by_holder``: it is their concern."""

    amendment = models.ForeignKey(Amendment, models.PROTECT, related_name="gauges")
    voice = models.ForeignKey(Voice, models.PROTECT, related_name="+")
    agrees = models.BooleanField()
    by_holder = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["amendment", "voice"], name="gauged_once_each")
        ]

    def __str__(self) -> str:
        return f"gauge #{self.pk}"
