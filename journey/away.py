"""In which times a case's coordinators stepped back, or will: the longest times stand still then.

Of the community that leads the case, and of those below it on the way up from the case's own:
what was handed up keeps the days it was given before.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q

from cases.keeping import kept
from cases.models import Case
from communities.actions.absences import announced
from communities.models import Absence, Community
from communities.reading import Away, away_in_words
from communities.rules import Span


def with_absences(cases: Any) -> Any:
    """Annotate cases with whether anybody ever stepped back there, or will.

    So that the page or list of cases where nobody did asks nothing more about it.
    """
    here = Q(community=OuterRef("community")) | Q(community=OuterRef("steering"))
    return cases.annotate(ever_away=Exists(Absence.objects.filter(here)))


def _never_away(case: Case) -> bool:
    """Say whether it is known that nobody ever stepped back on the way up of a case."""
    return not getattr(case, "ever_away", True) and case.community_id == case.steering_id


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
    ways = {case.pk: [] if _never_away(case) else _way_up(case, parents) for case in cases}
    asked = {pk for way in ways.values() for pk in way}
    spans: dict[Any, list[Span]] = {}
    for absence in Absence.objects.filter(community__in=asked) if asked else ():
        spans.setdefault(absence.community_id, []).append(absence.span)
    return {
        pk: tuple(span for one in way for span in spans.get(one, ())) for pk, way in ways.items()
    }


def announced_in(case: Case, today: date) -> Absence | None:
    """Return when who leads an open case steps back, to come or now; None where they do not."""
    if case.state == Case.State.CLOSED or _never_away(case):
        return None
    return announced(case.steering, today)


def shown_in(case: Case, today: date) -> Away | None:
    """Return the same in words, for the page of the case."""
    found = announced_in(case, today)
    return None if found is None else away_in_words(found, today)


def _way_up(case: Case, parents: dict[Any, Any]) -> list[Any]:
    """Return the ids of the communities from the case's own up to the one that leads it."""
    way = [case.community_id]
    while way[-1] != case.steering_id and parents.get(way[-1]) is not None:
        way.append(parents[way[-1]])
    return way
