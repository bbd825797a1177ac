"""/verify/draw/: every published draw, for everybody to check. No login, no name, no case."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers, patch_cache_control
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from cases.writing import day
from councils import published, scheme
from councils.actions import auditing
from councils.actions.beacons import audits
from councils.forms import DrawIdForm
from councils.models import Draw
from councils.moves import moves_of_auditor
from councils.wording import CHECKS, WORDS
from moves import pages
from moves.core import Hidden, Move
from people.models import Person

# How long a browser may keep what does not change any more, in seconds.
KEPT = 24 * 60 * 60


def published_draw(draw_id: str) -> Draw:
    """Return a draw that was published; before its commitment there is none to see."""
    found = Draw.objects.published().select_related(
        "council__charter_version",
        "council__case",
        "council__community__parent__parent__parent",
        "published",
        "of",
    )
    return get_object_or_404(found, public_id=draw_id)


@never_cache
@require_GET
def draw_home(request: HttpRequest) -> HttpResponse:
    """Ask for a draw's id; say what a draw is and how to check one."""
    form = DrawIdForm(request.GET if "draw" in request.GET else None)
    unknown = False
    if form.is_bound and form.is_valid():
        found = Draw.objects.published().filter(public_id=form.cleaned_data["draw"]).first()
        if found is not None:
            return redirect(found)
        unknown = True
    context = {"form": form, "unknown": unknown}
    status = 422 if form.is_bound and not form.is_valid() else 200
    return render(request, "councils/draw_home.html", context, status=status)


@never_cache
@require_GET
def draw_page(request: HttpRequest, draw_id: str) -> HttpResponse:
    """Show one draw: the hat, the panels, the chances, what decides, the result."""
    draw, now = published_draw(draw_id), timezone.now()
    context = published.page_of(draw, request.user, typed=request.GET.get("token", ""), now=now)
    context |= {
        "checks": CHECKS.items(),
        "base_url": settings.BASE_URL,
        "audit": audit_of(draw, request.user) if isinstance(request.user, Person) else None,
    }
    return render(request, "councils/draw.html", context)


def audit_of(draw: Draw, person: Person) -> dict[str, Any] | None:
    """Return what an auditor finds on a draw's page; None for everybody else."""
    today = day(timezone.now())
    # Asked first, because it spares everybody else the questions about the draw.
    if not person.memberships.auditing(today).exists() or not audits(draw, person, today):
        return None
    url = reverse("councils:agree_to_void", args=[draw.public_id])
    moves = [
        pages.show(move, WORDS, url=url, with_form=False) for move in moves_of_auditor(draw, person)
    ]
    return {"moves": moves, "reason": draw.void_reason if moves else ""}


@require_GET
def draw_record(request: HttpRequest, draw_id: str) -> HttpResponse:
    """Return what is published of a draw, the same for everybody, its record byte for byte."""
    draw = published_draw(draw_id)
    response = HttpResponse(published.document_bytes(draw), content_type="application/json")
    if draw.state == Draw.State.COMMITTED:
        add_never_cache_headers(response)
    else:
        patch_cache_control(response, public=True, max_age=KEPT)
    return response


@require_GET
def script(request: HttpRequest) -> HttpResponse:
    """Return the script that checks a draw: the very file this server draws with."""
    response = HttpResponse(
        Path(scheme.__file__).read_bytes(),
        content_type="text/x-python; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="verify_draw.py"'},
    )
    patch_cache_control(response, public=True, max_age=KEPT)
    return response


@never_cache
@require_GET
def features(request: HttpRequest, draw_id: str) -> HttpResponse:
    """Give an auditor everybody's features by token. Noted on the draw's record."""
    return _opened(request, draw_id, auditing.open_features, "features")


@never_cache
@require_GET
def excluded(request: HttpRequest, draw_id: str) -> HttpResponse:
    """Give an auditor the salts of who was out. Noted on the draw's record."""
    return _opened(request, draw_id, auditing.open_excluded, "excluded")


def _opened(
    request: HttpRequest, draw_id: str, opening: Callable[..., dict[str, Any]], name: str
) -> HttpResponse:
    draw = published_draw(draw_id)
    if not isinstance(request.user, Person):
        raise Http404
    try:
        found = opening(draw, by=request.user, now=timezone.now())
    except Hidden as error:
        raise Http404 from error
    filename = f"{draw.public_id}-{name}.json"
    return JsonResponse(
        found, headers={"Content-Disposition": f'attachment; filename="{filename}"'}
    )


@never_cache
@require_http_methods(["GET", "POST"])
def agree_to_void(request: HttpRequest, draw_id: str) -> HttpResponse:
    """Warn an auditor before they agree that a draw is void, and do it."""
    draw, now = published_draw(draw_id), timezone.now()
    if not isinstance(request.user, Person):
        raise Http404
    auditor = audits(draw, request.user, day(now))
    moves = list(moves_of_auditor(draw, request.user)) if auditor else []

    def done(move: Move, result: Any) -> HttpResponse:
        messages.success(request, str(WORDS.moves[move.name].done))
        return redirect(draw)

    return pages.page(
        request,
        moves,
        "agree_to_void",
        words=WORDS,
        url=request.path,
        back_url=draw.get_absolute_url(),
        now=now,
        context={},
        done=done,
    )
