"""What a council reads, as a page and on paper, its decision on paper, and hearings for calendars.

Who may not read one gets the same 404 as for one that does not exist.
"""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from cases.access import Standing, standing
from cases.models import Case
from cases.writing import day
from councils import papers
from councils.actions.sitting import may_attend, may_read, serves
from councils.calendars import calendar_of
from councils.models import Council, Decision, Hearing, Packet
from councils.reading import packet_for
from journey.views import visible_case
from people.http import SignedInRequest
from records.actions import note_access


def _who(request: SignedInRequest, case: Case) -> Standing:
    who = standing(request.user, case, today=day(timezone.now()))
    if not who.may_see:
        raise Http404
    return who


def _packet(request: SignedInRequest, reference: str, public_id: str) -> tuple[Case, Packet]:
    """Return a packet this person may read. Who serves leaves a note that they opened it."""
    case = visible_case(request, reference)
    who = _who(request, case)
    councils = Council.objects.select_related("packet", "process_guardian")
    council = councils.prefetch_related("seats").filter(case=case, public_id=public_id).first()
    if council is None or not may_read(council, who) or not hasattr(council, "packet"):
        raise Http404
    council.case = case
    _note(request, case, council, who)
    return case, council.packet


def _note(request: SignedInRequest, case: Case, council: Council, who: Standing) -> None:
    if serves(council, who) or who.mediates or who.coordinates:
        now = timezone.now()
        note_access(str(request.user.pk), case.reference, "council", now=now)


@login_required
@require_GET
def packet(request: SignedInRequest, reference: str, public_id: str) -> HttpResponse:
    """What one council reads, some items a page."""
    case, found = _packet(request, reference, public_id)
    number = request.GET.get("page", "1")
    page = int(number) if number.isascii() and number.isdigit() and len(number) < 4 else 0
    shown = packet_for(found, case, day(timezone.now()), page=page)
    if shown is None:
        raise Http404
    return render(
        request,
        "councils/packet.html",
        {
            "case": case,
            "community_name": case.community.name,
            "council": found.council,
            "packet": shown,
            "is_party_page": True,
        },
    )


@login_required
@require_GET
def packet_pdf(request: SignedInRequest, reference: str, public_id: str) -> HttpResponse:
    """The whole packet on paper, in the reader's language."""
    case, found = _packet(request, reference, public_id)
    today, language = day(timezone.now()), request.LANGUAGE_CODE
    return _paper(request, papers.packet_paper(found, case, language, today))


@login_required
@require_GET
def decision_pdf(request: SignedInRequest, reference: str, decision_id: UUID) -> HttpResponse:
    """An adopted decision on paper, with its reasons and how to have it looked at again."""
    case = visible_case(request, reference)
    who = _who(request, case)
    found = (
        Decision.objects.filter(pk=decision_id, council__case=case, adopted_on__isnull=False)
        .select_related("council", "council__process_guardian", "proposal", "safety")
        .prefetch_related("council__seats")
        .first()
    )
    if found is None:
        raise Http404
    found.council.case = case
    if not (may_read(found.council, who) or who.mediates or who.coordinates):
        raise Http404
    _note(request, case, found.council, who)
    today, language = day(timezone.now()), request.LANGUAGE_CODE
    return _paper(request, papers.decision_paper(found, language, today))


def _paper(request: SignedInRequest, paper: papers.CouncilPaper) -> HttpResponse:
    document = papers.render(paper, language=request.LANGUAGE_CODE, large="large" in request.GET)
    response = HttpResponse(document, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{paper.reference}.pdf"'
    response["Cache-Control"] = "no-store"
    return response


@login_required
@require_GET
def hearing_ics(request: SignedInRequest, reference: str, hearing_id: UUID) -> HttpResponse:
    """One hearing for the calendar of who can be there."""
    now = timezone.now()
    case = visible_case(request, reference)
    who = _who(request, case)
    found = (
        Hearing.objects.filter(pk=hearing_id, council__case=case)
        .select_related("council__process_guardian")
        .prefetch_related("council__seats", "invitations")
        .first()
    )
    if found is None or not may_attend(found, who):
        raise Http404
    calendar = calendar_of(found, on_hold=case.frozen_on is not None, now=now)
    method = "CANCEL" if found.state == Hearing.State.CANCELLED else "REQUEST"
    kind = f"text/calendar; charset=utf-8; method={method}"
    response = HttpResponse(calendar, content_type=kind)
    response["Content-Disposition"] = 'attachment; filename="appointment.ics"'
    response["Cache-Control"] = "no-store"
    return response
