"""What the open figures of placements are made of, in a fixed number of queries."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from communities.charter import Charter
from communities.models import CharterVersion, Community
from rehabilitation import figures
from rehabilitation.figures import Place, PlacementFact
from rehabilitation.models import GuestStay, House, Placement, PlacementChallenge, Review
from rehabilitation.rules import ENDS


@dataclass(frozen=True)
class FiguresPage:
    """One community's figures by year, newest first, and the houses anybody may read of."""

    community: Community
    smallest: int
    years: list[figures.Figures]
    houses: list[House]


def figures_page(slug: str, today: date) -> FiguresPage | None:
    """Return the figures of a community and all below it; None where there is none."""
    everywhere = list(Community.objects.all())
    community = next((one for one in everywhere if one.slug == slug), None)
    if community is None:
        return None
    children: dict[int | None, list[Community]] = defaultdict(list)
    for one in everywhere:
        children[one.parent_id].append(one)
    facts, smallest = facts_by_community(), _smallest(everywhere)
    place = _place(community, children, facts, smallest)
    here = _ids(community, children)
    return FiguresPage(
        community=community,
        smallest=place.strictest,
        years=[figures.figures(place, year) for year in figures.years(place.all, today)],
        houses=list(House.objects.open(today).filter(community__in=here)),
    )


def _ids(community: Community, children: dict[int | None, list[Community]]) -> list[int]:
    return [
        community.pk,
        *(pk for child in children[community.pk] for pk in _ids(child, children)),
    ]


def _place(
    community: Community,
    children: dict[int | None, list[Community]],
    facts: dict[int, list[PlacementFact]],
    smallest: dict[int, int],
) -> Place:
    below = tuple(_place(one, children, facts, smallest) for one in children[community.pk])
    return Place(tuple(facts.get(community.pk, ())), smallest[community.pk], below)


def _smallest(communities: list[Community]) -> dict[int, int]:
    found = {one.pk: Charter().smallest_group for one in communities}
    for version in CharterVersion.objects.filter(community__in=communities).order_by("number"):
        found[version.community_id] = version.charter.smallest_group
    return found


def facts_by_community() -> dict[int, list[PlacementFact]]:
    """Return what is counted of every placement that began, by the community of its case."""
    held, missed, up, down = (defaultdict[Any, list[date]](list) for _n in range(4))
    reviews = Review.objects.filter(challenge=None, held_on__isnull=False)
    for pk, state, on in reviews.values_list("placement", "state", "held_on"):
        assert on is not None
        if state in ("released", "continued", "changed"):
            held[pk].append(on)
        elif state == "missed":
            missed[pk].append(on)
    challenges = PlacementChallenge.objects.filter(state__in=("upheld", "dismissed"))
    for pk, state, on in challenges.values_list("placement", "state", "decided_on"):
        assert on is not None
        (up if state == "upheld" else down)[pk].append(on)
    guests = set(GuestStay.objects.values_list("placement", flat=True))
    found: dict[int, list[PlacementFact]] = defaultdict(list)
    begun = Placement.objects.filter(starts_on__isnull=False)
    rows = begun.values_list("pk", "case__community", "starts_on", "ended_on", "why_ended")
    for pk, community, starts_on, ended_on, why in rows:
        assert starts_on is not None
        found[community].append(
            PlacementFact(
                starts_on=starts_on, ended_on=ended_on, state_at_end=ENDS.get(why, ""),
                stayed_as_guest=pk in guests, reviews_held=tuple(held[pk]),
                reviews_missed=tuple(missed[pk]), challenges_upheld=tuple(up[pk]),
                challenges_dismissed=tuple(down[pk]),
            )
        )  # fmt: skip
    return found
