"""Open figures of placements: public, with numerator, denominator and period."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from cases.writing import day
from rehabilitation.published import figures_page


@require_GET
def rehabilitation(request: HttpRequest, slug: str) -> HttpResponse:
    """How many were placed in a community, for how long, and what came of it."""
    page = figures_page(slug, day(timezone.now()))
    if page is None:
        raise Http404
    context = {"page": page, "community_name": page.community.name}
    return render(request, "rehabilitation/figures.html", context)
