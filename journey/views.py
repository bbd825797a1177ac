"""Pages about cases. Every view starts from ``visible_to``; a stranger gets the same 404."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from agreements import pdf
from agreements.models import Agreement
from agreements.paper import paper_of
from cases.access import standing
from cases.actions import NewParty, open_case
from cases.keeping import keep_facts
from cases.models import Case
from cases.writing import day
from communities.models import Community, Membership
from communities.rules import Offices
from councils.models import Advice, Decision, Finding, PlannedPromise, SafetyFinding
from councils.reading import proposal_url
from deliberation.models import Proposal
from deliberation.parts import PARTS
from journey.circles import Seen, seen_at
from journey.forms import OpenCaseForm
from journey.moves import find_part, moves_on, who_and_parts, with_facts
from journey.page import page_of
from journey.wording import WORDS
from moves import pages
from moves.core import Move
from people.http import SignedInRequest
from people.models import Person
from records.actions import note_access


def offices_of(request: SignedInRequest) -> Offices:
    """Return what this person holds in communities today, read once for a request."""
    found: Offices | None = getattr(request, "offices", None)
    if found is None:
        found = Membership.objects.offices_of(request.user, day(timezone.now()))
        request.__dict__["offices"] = found
    return found


def visible_case(request: SignedInRequest, reference: str) -> Case:
    """Return the case, or raise the same 404 as for a reference nobody ever gave out."""
    today = day(timezone.now())
    offices = offices_of(request)
    cases = Case.objects.visible_to(request.user, today=today, offices=offices).select_related(
        "community", "charter_version", "steering"
    )
    return get_object_or_404(with_facts(cases, request.user, today=today), reference=reference)


@login_required
@require_GET
def detail(request: SignedInRequest, reference: str) -> HttpResponse:
    """The case page, as this person may see it."""
    now = timezone.now()
    case, today = visible_case(request, reference), day(now)
    keep_facts(case)
    who, parts = who_and_parts(case, request.user, today=today, offices=offices_of(request))
    if not who.may_see:
        raise Http404
    if who.mediates or who.coordinates or who.only_serves:
        note_access(str(request.user.pk), case.reference, "case", now=now)
    context = page_of(case, request.user, who, parts, today=today)
    return render(request, "cases/detail.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def do_move(
    request: SignedInRequest, reference: str, part: str, part_id: str, name: str
) -> HttpResponse:
    """Show one move as a page of its own, or do it."""
    now = timezone.now()
    case, today = visible_case(request, reference), day(now)
    if request.method == "GET":
        keep_facts(case)
    who = standing(request.user, case, today=today, offices=offices_of(request))
    round_page, seen = "", None
    if part in PARTS:
        seen = seen_at(case, request.user, part, part_id, now=now)
        if seen is None:
            raise Http404
        moves, round_page = seen.moves(now=now), seen.page
    else:
        found = find_part(case, who, part, part_id)
        if found is None:
            raise Http404
        moves = moves_on(found, case, request.user, who, today=today)

    def done(move: Move, result: Any) -> HttpResponse:
        messages.success(request, str(WORDS.moves[move.name].done))
        if seen is not None:
            return redirect(page_after_round(seen, request.user, now=now))
        return redirect(page_after(case, result))

    return pages.page(
        request,
        moves,
        name,
        words=WORDS,
        url=request.path,
        back_url=round_page or case.get_absolute_url(),
        now=now,
        context={
            "case": case,
            "community_name": case.community.name,
            "is_party_page": not (who.mediates or who.coordinates or who.only_serves),
        },
        done=done,
    )


def page_after_round(seen: Seen, person: Person, *, now: datetime) -> str:
    """Return the round's page, or where to go on from for whom it ended their council.

    Who had the last word in a council that could not agree, or that answered an appeal, sees
    neither the round nor, without another part in it, the case any more: their own seat then.
    """
    proposal = seen.scene.proposal
    if not Proposal.objects.exclude(outcome="").filter(pk=proposal.pk).exists():
        return seen.page
    case = Case.objects.visible_to(person, today=day(now)).filter(pk=seen.case.pk).first()
    if case is None:
        seat = seen.council.seats.filter(person=person).order_by("drawn_on").last()
        return seat.get_absolute_url() if seat is not None else "/"
    again = seen_at(case, person, "proposal", str(proposal.pk), now=now)
    return seen.page if again is not None else case.get_absolute_url()


def page_after(case: Case, result: Any) -> str:
    """Return the page to go on from: a draft's round for what was proposed, else the case."""
    if isinstance(result, Advice | PlannedPromise | SafetyFinding):
        result = result.decision
    if isinstance(result, Finding | Decision) and not result.proposal.outcome:
        return proposal_url(case, result.proposal)
    return case.get_absolute_url()


@login_required
@require_GET
def agreement_pdf(request: SignedInRequest, reference: str, agreement_id: UUID) -> HttpResponse:
    """The printed agreement, in the reader's language."""
    case, today = visible_case(request, reference), day(timezone.now())
    who = standing(request.user, case, today=today)
    found = find_part(case, who, "agreement", str(agreement_id))
    if found is None or not isinstance(found.thing, Agreement):
        raise Http404
    language = request.LANGUAGE_CODE
    document = pdf.render(
        paper_of(found.thing, language, today), language=language, large="large" in request.GET
    )
    response = HttpResponse(document, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{case.reference}.pdf"'
    response["Cache-Control"] = "no-store"
    return response


@login_required
@require_http_methods(["GET", "POST"])
def open_by_hand(request: SignedInRequest) -> HttpResponse:
    """A coordinator or licensed mediator opens a case."""
    now = timezone.now()
    communities = Community.objects.where_may_open(request.user, day(now))
    if not communities.exists():
        raise Http404
    form = OpenCaseForm(communities, data=request.POST or None)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        parties = [
            NewParty(
                role=role,
                name=typed[role],
                language=typed[f"{role}_language"],
                contact=typed[f"{role}_phone"],
                contact_kind=contact_kind(typed[f"{role}_phone"]),
            )
            for role in ("harmed", "responsible")
        ]
        case = open_case(
            community=typed["community"], title=typed["title"], account=typed["account"],
            happened_on=typed["happened_on"], parties=parties, by=request.user, now=now,
        )  # fmt: skip
        visible = Case.objects.visible_to(request.user, today=day(now)).filter(pk=case.pk)
        return redirect(case if visible.exists() else "/")
    status = 422 if request.method == "POST" else 200
    return render(request, "cases/new.html", {"form": form}, status=status)


def contact_kind(contact: str) -> str:
    """Say what kind of contact this is: an address with an @, or a number."""
    return "" if not contact else "email" if "@" in contact else "phone"
