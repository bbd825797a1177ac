"""In which times a case's coordinators stepped back, or will: the longest times stand still then.

Of the community that leads the case, and of those below it on the way up from the case's own:
what was handed up keeps the days it was given before.
"""

from collections.abc import Iterable
from typing import Any

from cases.keeping import kept
from cases.models import Case
from communities.models import Absence, Community
from communities.rules import Span


def away_of(case: Case) -> tuple[Span, ...]:
    """Return when the coordinators of a case stepped back, or will."""
    return kept(case, "away", lambda: _read([case])[case.pk])


def keep_away(cases: Iterable[Case]) -> None:
    """Let each of these cases know it already, in a fixed number of queries. For lists."""
    found = list(cases)
    spans = _read(found)
    for case in found:
        case.__dict__.setdefault("kept", {})["away"] = spans[case.pk]


def _read(cases: list[Case]) -> dict[Any, tuple[Span, ...]]:
    parents: dict[Any, Any] = {}
    if any(case.community_id != case.steering_id for case in cases):
        parents = dict(Community.objects.values_list("pk", "parent_id"))
    ways = {case.pk: _way_up(case, parents) for case in cases}
    asked = {pk for way in ways.values() for pk in way}
    spans: dict[Any, list[Span]] = {}
    for absence in Absence.objects.filter(community__in=asked) if asked else ():
        spans.setdefault(absence.community_id, []).append(absence.span)
    return {
        pk: tuple(span for one in way for span in spans.get(one, ())) for pk, way in ways.items()
    }


def _way_up(case: Case, parents: dict[Any, Any]) -> list[Any]:
    """Return the ids of the communities from the case's own up to the one that leads it."""
    way = [case.community_id]
    while way[-1] != case.steering_id and parents.get(way[-1]) is not None:
        way.append(parents[way[-1]])
    return way
