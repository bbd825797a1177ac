"""Open figures of councils: public, with numerator, denominator and period."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from cases.writing import day
from councils.rotation import rotation_page


@require_GET
def rotation(request: HttpRequest, slug: str) -> HttpResponse:
    """How the seats went round in a community; a parent's are those of its communities together."""
    page = rotation_page(slug, day(timezone.now()))
    if page is None:
        raise Http404
    context = {"page": page, "community_name": page.community.name}
    return render(request, "councils/rotation.html", context)
