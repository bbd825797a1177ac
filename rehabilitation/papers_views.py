"""The papers of a placement as PDF, for who reads its room."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from cases.writing import day
from people.http import SignedInRequest
from rehabilitation import paper as papers
from rehabilitation.reading import papers_for
from rehabilitation.views import leave_a_note, seen_placement


@login_required
@require_GET
def paper(request: SignedInRequest, slug: str, placement_id: UUID, paper: str) -> HttpResponse:
    """One paper of a placement, in the reader's language."""
    now = timezone.now()
    placement, sight = seen_placement(request.user, placement_id, now=now, slug=slug)
    here = {
        url.rpartition("/")[2].removesuffix(".pdf") for _label, url in papers_for(placement, sight)
    }
    if paper not in here:
        raise Http404
    leave_a_note(request.user, placement, sight, now=now)
    document = papers.render(placement, paper, language=request.LANGUAGE_CODE, today=day(now))
    response = HttpResponse(document, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{placement.case.reference}-{paper}.pdf"'
    response["Cache-Control"] = "no-store"
    return response
