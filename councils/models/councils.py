"""The council of one case, and who has said whom they are tied to."""

import secrets
import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_fsm import transition

from cases.models import LETTERS, Case, Party
from communities.models import CharterVersion, Community
from councils.querysets import CouncilQuerySet
from councils.rules import COUNCIL_STATES
from moves.machine import MovingModel, StateField


def public_id(prefix: str) -> str:
    """Return an id nobody can guess, with this prefix."""
    part = ["".join(secrets.choice(LETTERS) for _n in range(4)) for _p in range(2)]
    return f"{prefix}-{part[0]}-{part[1]}"


def new_council_id() -> str:
    """Return an id for a council that says nothing of its case, such as JC-7K3F-92QD."""
    return public_id("JC")


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
    # A circle that could not agree goes wider: drawn anew, larger, and nobody of it twice.
    wider_of = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
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

    @transition(field=state, source=State.DECIDED, target=State.DELIBERATING)
    def meet_again(self) -> None:
        """A plan was not kept, or an appeal sent it back: the same council meets again."""

    @transition(
        field=state,
        source=[State.FORMING, State.SEATED, State.DELIBERATING, State.DECIDED],
        target=State.DISSOLVED,
    )
    def dissolve(self) -> None:
        """The case is over, or went elsewhere."""


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
