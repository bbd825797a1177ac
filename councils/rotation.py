"""What the rotation figures of a community are made of, in a constant number of queries."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.cache import cache

from cases.writing import day
from communities.charter import Charter
from communities.models import CharterVersion, Community
from councils import figures
from councils.figures import ChallengeFact, CouncilFact, DrawFact, Facts, HatFact, Place, SeatFact
from councils.models import Challenge, Council, Draw, DrawRecord, PoolPlace, Seat

# A record never changes once it is published, and nor does what is counted in it.
KEEP_SECONDS = 30 * 24 * 3600


@dataclass(frozen=True)
class RotationPage:
    """One community's figures by period, newest first.

    ``periods`` is empty before the first whole quarter with a draw; ``from_on`` is then the
    first day with figures, None while nobody has been drawn.
    """

    community: Community
    together: int
    smallest: int
    periods: list[figures.Rotation]
    from_on: date | None


def rotation_page(slug: str, today: date) -> RotationPage | None:
    """Return the figures of a community and of all those below it; None where there is none."""
    everywhere = list(Community.objects.all())
    community = next((one for one in everywhere if one.slug == slug), None)
    if community is None:
        return None
    children: dict[int | None, list[Community]] = defaultdict(list)
    for one in everywhere:
        children[one.parent_id].append(one)
    here = list(_below(community, children))
    place = _place(community, children, facts_of(here), _smallest_groups(here))
    begun = place.all.begun()
    shown = figures.periods(today, begun)
    return RotationPage(
        community=community,
        together=sum(1 for one in here if not children[one.pk]),
        smallest=place.strictest,
        periods=[figures.rotation(place, period) for period in shown],
        from_on=None if begun is None or shown else figures.next_quarter(begun),
    )


def _below(
    community: Community, children: dict[int | None, list[Community]]
) -> Iterable[Community]:
    yield community
    for child in children[community.pk]:
        yield from _below(child, children)


def _place(
    community: Community,
    children: dict[int | None, list[Community]],
    facts: dict[int, Facts],
    smallest: dict[int, int],
) -> Place:
    return Place(
        facts[community.pk],
        smallest[community.pk],
        tuple(_place(child, children, facts, smallest) for child in children[community.pk]),
    )


def _smallest_groups(communities: list[Community]) -> dict[int, int]:
    """Return the smallest group each community shows, by its newest charter or the default."""
    found = {one.pk: Charter().smallest_group for one in communities}
    versions = CharterVersion.objects.filter(community__in=communities).order_by("number")
    for version in versions:
        found[version.community_id] = version.charter.smallest_group
    return found


def facts_of(communities: list[Community]) -> dict[int, Facts]:
    """Return what is known of each of these communities, by its key.

    A seat counts where the person drawn has their place in the hat; a council, its draws and
    challenges count in the community whose council it is.
    """
    ids = [one.pk for one in communities]
    hats, seats = _hats(ids), _seats(ids)
    challenges, councils, draws = _challenges(ids), _councils(ids), _draws(ids)
    return {
        pk: Facts(
            tuple(hats[pk]),
            tuple(seats[pk]),
            tuple(challenges[pk]),
            tuple(councils[pk]),
            tuple(draws[pk]),
        )
        for pk in ids
    }


def _hats(ids: list[int]) -> dict[int, list[HatFact]]:
    found: dict[int, list[HatFact]] = defaultdict(list)
    rows = PoolPlace.objects.in_communities(ids).values_list(
        "community_id", "person_id", "since", "until", "left_on"
    )
    for pk, person, since, until, left in rows:
        found[pk].append(HatFact(person, since, min(until, left) if left else until))
    return found


def _seats(ids: list[int]) -> dict[int, list[SeatFact]]:
    found: dict[int, list[SeatFact]] = defaultdict(list)
    rows = Seat.objects.filter(entry__place__community__in=ids).values_list(
        "entry__place__community_id", "person_id", "drawn_on", "accepted_on", "state"
    )
    for pk, person, drawn_on, accepted_on, state in rows:
        found[pk].append(SeatFact(person, drawn_on, accepted_on, state == Seat.State.DECLINED))
    return found


def _challenges(ids: list[int]) -> dict[int, list[ChallengeFact]]:
    found: dict[int, list[ChallengeFact]] = defaultdict(list)
    decided = (Challenge.State.UPHELD, Challenge.State.DISMISSED)
    rows = Challenge.objects.filter(
        seat__council__community__in=ids, state__in=decided, decided_on__isnull=False
    ).values_list("seat__council__community_id", "decided_on", "state")
    for pk, decided_on, state in rows:
        if decided_on is not None:
            found[pk].append(ChallengeFact(decided_on, state == Challenge.State.UPHELD))
    return found


def _councils(ids: list[int]) -> dict[int, list[CouncilFact]]:
    found: dict[int, list[CouncilFact]] = defaultdict(list)
    rows = Council.objects.filter(community__in=ids, seated_on__isnull=False).values_list(
        "community_id", "formed_on", "seated_on"
    )
    for pk, formed_on, seated_on in rows:
        if seated_on is not None:
            found[pk].append(CouncilFact(formed_on, seated_on))
    return found


def _draws(ids: list[int]) -> dict[int, list[DrawFact]]:
    found: dict[int, list[DrawFact]] = defaultdict(list)
    rows = list(
        Draw.objects.filter(
            council__community__in=ids, kind=Draw.Kind.PANEL, state=Draw.State.DRAWN
        ).values_list(
            "pk", "council__community_id", "drawn_at", "council__size", "in_the_hat", "min_chance"
        )
    )
    fewest = _fewest_panels([row[0] for row in rows])
    for pk, community, drawn_at, size, hat, best in rows:
        if drawn_at is not None and hat:
            found[community].append(
                DrawFact(day(drawn_at), size, hat, float(best) if best else None, fewest.get(pk))
            )
    return found


def _fewest_panels(draws: list[Any]) -> dict[Any, int]:
    """Return of each draw in how many of its panels that person is who is in fewest."""
    keys = {f"fewest-panels:{pk}": pk for pk in draws}
    known = cache.get_many(keys)
    found = {keys[key]: fewest for key, fewest in known.items()}
    unknown = [pk for pk in draws if pk not in found]
    rows = DrawRecord.objects.filter(draw__in=unknown).values_list("draw_id", "body")
    for pk, body in rows.iterator():
        found[pk] = _fewest_in(body)
        cache.set(f"fewest-panels:{pk}", found[pk], KEEP_SECONDS)
    return found


def _fewest_in(body: str) -> int:
    record = json.loads(body)
    counts = Counter(token for panel in record["panels"] for token in panel)
    return min((counts[token] for token in record["eligible"]), default=0)
