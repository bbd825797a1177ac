"""Named sets of pool places, councils, draws and seats. Who may see what starts here."""

from datetime import date
from typing import TYPE_CHECKING, Self

from django.apps import apps
from django.db import models
from django.db.models import Exists, F, OuterRef

from councils.rules import LIVE_COUNCILS, LIVE_DRAWS, LIVE_SEATS, RUNNING_RECALLS

if TYPE_CHECKING:
    from people.models import Person


class PoolQuerySet(models.QuerySet):
    """Who is in the hat."""

    def live(self) -> Self:
        """Return the places nobody has left, whether or not their term is over."""
        return self.filter(left_on=None)

    def of(self, person: "Person") -> Self:
        return self.filter(person=person)

    def in_communities(self, ids: list[int]) -> Self:
        return self.filter(community_id__in=ids)


class CouncilQuerySet(models.QuerySet):
    """Councils."""

    def live(self) -> Self:
        return self.filter(state__in=LIVE_COUNCILS)

    def newest_first(self) -> Self:
        """Order them so that an appeal's council comes before the one it hears the appeal from."""
        return self.order_by("-formed_on", F("appeal_of").desc(nulls_last=True), "-pk")


class DrawQuerySet(models.QuerySet):
    """Draws, public by their own id."""

    def live(self) -> Self:
        return self.filter(state__in=LIVE_DRAWS)

    def published(self) -> Self:
        """Return the draws anybody may check: committed, drawn, or void after that."""
        return self.exclude(commitment="")


class SeatQuerySet(models.QuerySet):
    """Seats. A person sees their own, whether or not they may see the case."""

    def live(self) -> Self:
        return self.filter(state__in=LIVE_SEATS)

    def of(self, person: "Person") -> Self:
        if not person.is_authenticated or not person.is_active:
            return self.none()
        return self.filter(person=person)

    def with_recalls(self) -> Self:
        """Annotate with whether a recall of this seat is being looked at (``recall_runs``)."""
        recalls = apps.get_model("councils", "Recall").objects
        running = recalls.filter(seat=OuterRef("pk"), state__in=RUNNING_RECALLS)
        return self.annotate(recall_runs=Exists(running))

    def overdue(self, today: date) -> Self:
        """Return the seats whose time to answer is over."""
        return self.filter(state="drawn", answer_by__lt=today)
