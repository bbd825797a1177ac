"""Open figures of what spans the stages.

Of proposals by algorithm: how often people took them over, and why not. Of the weeks in which
coordinators stepped back: what waited, what went on and who took it up. A community's figures are
of its own cases alone, and never of several communities together, so that no figure can be worked
out from those of others.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from agreements.advice import AnswerFact, Answers, answers
from agreements.models import Suggestion
from cases.writing import day
from communities.models import Absence, Community
from councils.figures import Period, next_quarter, periods
from journey import rules
from journey.wording import ROLES_COUNTED


@dataclass(frozen=True)
class AnswersIn:
    """What people answered to what was shown in one period."""

    period: Period
    answers: Answers
    reasons: list[tuple[str, str, int]]


@dataclass(frozen=True)
class WentOnThen:
    """What went on in one time in which coordinators stepped back, in words of roles."""

    first: date
    last: date
    figure: rules.WentOn
    by: list[tuple[str, int]]


@require_GET
def advice(request: HttpRequest, slug: str) -> HttpResponse:
    """How many suggestions were shown, taken over, changed and refused here, and why."""
    community = Community.objects.filter(slug=slug).first()
    if community is None:
        raise Http404
    charter = community.newest_charter()
    today = day(timezone.now())
    facts = facts_of(community)
    begun = min((shown_on for shown_on, _fact in facts), default=None)
    shown = periods(today, begun)
    context = {
        "community": community,
        "community_name": community.name,
        "allowed": charter.algorithmic_proposals,
        "smallest": charter.smallest_group,
        "periods": [answers_in(one, facts, charter.smallest_group) for one in shown],
        "from_on": None if begun is None or shown else next_quarter(begun),
    }
    return render(request, "public/advice.html", context)


def facts_of(community: Community) -> list[tuple[date, AnswerFact]]:
    """Return every suggestion ever shown in a case of this community, with its day. One query."""
    rows = Suggestion.objects.filter(agreement__case__community=community).values_list(
        "shown_on", "agreement__case_id", "state", "why"
    )
    return [(on, AnswerFact(case=case, answer=state, why=why)) for on, case, state, why in rows]


def answers_in(period: Period, facts: list[tuple[date, AnswerFact]], smallest: int) -> AnswersIn:
    """Return the figures of one period, with those hidden that would count too few cases."""
    found = answers((fact for on, fact in facts if period.holds(on)), smallest=smallest)
    said = dict(Suggestion.State.choices), dict(Suggestion.Why.choices)
    reasons = [(str(said[0][answer]), str(said[1][why]), n) for answer, why, n in found.reasons]
    return AnswersIn(period, found, reasons)


LISTED = 20


@require_GET
def absences(request: HttpRequest, slug: str) -> HttpResponse:
    """When the coordinators of a community stepped back, and what went on: once it is over."""
    community = Community.objects.filter(slug=slug).first()
    if community is None:
        raise Http404
    charter = community.newest_charter()
    over = community.absences.filter(counted__isnull=False).order_by("-from_on")[:LISTED]
    context = {
        "community": community,
        "community_name": community.name,
        "most": charter.absence_days,
        "smallest": charter.smallest_group,
        "times": [went_on_then(one, charter.smallest_group) for one in over],
    }
    return render(request, "public/absences.html", context)


def went_on_then(absence: Absence, smallest: int) -> WentOnThen:
    """Return the figure of one time, hidden where it would count too few cases."""
    figure = rules.went_on(absence.counted, smallest=smallest)
    by = [(str(ROLES_COUNTED[role]), count) for role, count in figure.by]
    return WentOnThen(absence.from_on, absence.back_on - timedelta(days=1), figure, by)
