"""Named sets of agreements and promises, and what the layers above ask about them."""

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Self
from uuid import UUID

from django.apps import apps
from django.db import models
from django.db.models import F

from agreements.rules import CATEGORIES, LIVE_STATES, OPEN_COMMITMENTS
from cases.keeping import kept

if TYPE_CHECKING:
    from cases.models import Case

# So many sentences are read beside a suggestion. Their keys are random, and so is which.
MOST_SAID = 6


class AgreementQuerySet(models.QuerySet):
    """Sets of agreements."""

    def live(self) -> Self:
        """Return those that are being written, on the table, signed or in force."""
        return self.filter(state__in=LIVE_STATES)

    def not_frozen(self) -> Self:
        """Leave out the cases where everything is on hold: no time runs there."""
        return self.filter(case__frozen_on=None).exclude(case__state="closed")


class CommitmentQuerySet(models.QuerySet):
    """Sets of promises."""

    def open(self) -> Self:
        """Return the promises something is still to come of, in agreements in force."""
        return self.of_who_is_here().filter(
            state__in=OPEN_COMMITMENTS, agreement__state__in=("in_force", "broken")
        )

    def of_who_is_here(self) -> Self:
        """Leave out the promises of who has a case of their own now.

        Their words stay in the version that was signed; nothing more is asked there.
        """
        return self.filter(promised_by__case=F("agreement__case"))

    def running(self) -> Self:
        """Return the promises on which time runs: in force, and the case not on hold."""
        running = self.of_who_is_here().filter(agreement__state="in_force")
        return running.filter(agreement__case__frozen_on=None).exclude(
            agreement__case__state="closed"
        )


class EntryQuerySet(models.QuerySet):
    """Sets of entries."""

    def answered(self) -> Self:
        """Return those in which somebody said whether it helped, the first first."""
        return self.exclude(helped="").order_by("at", "pk")


def live_for(case: "Case") -> Any:
    """Return the one agreement of this case that is not over, or None."""
    return next((one for one in versions_of(case) if one.state in LIVE_STATES), None)


def versions_of(case: "Case") -> list[Any]:
    """Return every version of this case's agreement, the first first."""

    def read() -> list[Any]:
        found = apps.get_model("agreements", "Agreement").objects.filter(case=case)
        versions = list(found.order_by("version"))
        for one in versions:
            one.case = case
        return versions

    return kept(case, "agreements", read)


def newest_for(case: "Case") -> Any:
    """Return the last version of this case's agreement, whatever became of it, or None."""
    found = apps.get_model("agreements", "Agreement").objects.filter(case=case)
    return found.order_by("-version").first()


def newest_plan(case: "Case") -> Any:
    """Return the last agreement of this case that ever came into force, or None."""
    found = apps.get_model("agreements", "Agreement").objects.filter(case=case)
    followed = found.filter(state__in=("in_force", "fulfilled", "broken"))
    return followed.order_by("-version").first()


def open_commitments(case: "Case") -> int:
    """Return how many promises of this case are open."""
    found = apps.get_model("agreements", "Commitment").objects.open()
    return found.filter(agreement__case=case).count()


def commitments_of(case: "Case") -> list[Any]:
    """Return the promises of the plan both sides follow, in their order."""
    found = apps.get_model("agreements", "Commitment").objects.filter(
        agreement__case=case, agreement__state__in=("in_force", "fulfilled", "broken")
    )
    return list(
        found.select_related("agreement", "promised_by__person", "promised_to__person", "harm")
        .prefetch_related("entries")
        .order_by("agreement__version", "number")
    )


def suggestions_of(agreement: Any) -> list[Any]:
    """Return what was suggested for a draft, each with what people let others read (``said``).

    In the order of the list of categories: none is put before another.
    """
    found = with_words(agreement.suggestions.select_related("harm"))
    for one in found:
        one.agreement = agreement
    return found


def with_words(suggestions: Iterable[Any]) -> list[Any]:
    """Return suggestions in their order, each with what people let others read (``said``)."""
    found = sorted(
        suggestions,
        key=lambda one: (str(one.harm_id), CATEGORIES.index(one.category), one.unit),
    )
    wanted = {one.pk: json.loads(one.sentences or "[]") for one in found}
    entries = apps.get_model("agreements", "Entry").objects.in_bulk(
        {key for keys in wanted.values() for key in keys}
    )
    for one in found:
        read = (entries.get(UUID(key)) for key in wanted[one.pk])
        said = dict.fromkeys(entry.word for entry in read if entry and entry.share_word)
        one.said = list(said)[:MOST_SAID]
    return found
