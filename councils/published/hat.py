"""Who was in the hat, in numbers; how far the pool was widened; what a council must hold."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from communities.models import Community
from councils import rules
from councils.forms import relaxation_words
from councils.models import Draw


@dataclass(frozen=True)
class Counted:
    """How many were in the hat, and out: None where a number would point at few people.

    ``kinds`` are told only where each of them can be: the others would give the last one away.
    """

    eligible: int
    out: int | None
    smallest: int
    kinds: list[tuple[str, int]] = field(default_factory=list)


def counted(draw: Draw) -> Counted:
    """Return the numbers around the hat, none of them below the charter's smallest group."""
    smallest = draw.council.charter_version.charter.smallest_group
    total = sum(draw.out.values())
    words = {
        "not_yet": _("could not be drawn yet, or not now (trial time, rest, a break)"),
        "tied": _("are tied to somebody in this case, or part of an open case themselves"),
    }
    found = [
        (words[kind], rules.shown_count(draw.out.get(kind, 0), smallest=smallest)) for kind in words
    ]
    kinds = [(said, count) for said, count in found if count is not None]
    return Counted(
        eligible=draw.in_the_hat,
        out=rules.shown_count(total, smallest=smallest),
        smallest=smallest,
        kinds=kinds if len(kinds) == len(found) else [],
    )


@dataclass(frozen=True)
class Widened:
    """Whose pools were in the hat, where the community's own was not enough."""

    why: str
    names: list[str]


def widened(draw: Draw) -> Widened | None:
    """Return how far the pool was widened and why; None where it was not."""
    if not draw.widened:
        return None
    why = {
        "parent": _(
            "Too few people could be drawn in the community alone, so its neighbours under the "
            "same roof were in the hat too."
        ),
        "partner": _(
            "Too few people could be drawn in the community and its neighbours, so a partner "
            "community was in the hat too."
        ),
    }[draw.widened]
    names = Community.objects.filter(slug__in=draw.drawn_from).order_by("name")
    return Widened(why, list(names.values_list("name", flat=True)))


@dataclass(frozen=True)
class Quota:
    """What a council must hold, as its row in a table."""

    feature: str
    value: str
    least: int
    most: int


def quotas_of(made: dict[str, Any]) -> list[Quota]:
    """Return the quotas of a record; features in words."""
    return [
        Quota(str(feature).replace("_", " ").capitalize(), value, least, most)
        for feature, value, least, most in made["quotas"]
    ]


def relaxations_of(draw: Draw) -> Sequence[str]:
    """Return each quota that was relaxed, as a sentence."""
    rest = [_("Whoever would still rest after a seat was in the hat too.")]
    return (rest if draw.rest_cut_short else []) + [relaxation_words(one) for one in draw.relaxed]
