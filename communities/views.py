"""The pages of a community that decides: for who belongs to it. A stranger gets a 404."""

from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from communities import parts, reading
from communities.models import Community
from communities.moves import moves_on_community
from communities.wording import WORDS
from communities.writing import day
from deliberation.parts import may_read
from deliberation.reading import Shown, shown, shown_without_voice
from moves import pages
from moves.core import Move
from people.http import SignedInRequest


def known(request: SignedInRequest, slug: str, now: datetime) -> Community:
    """Return a community this person may know the questions of."""
    found = Community.objects.known_to(request.user, day(now)).select_related("parent")
    return get_object_or_404(found, slug=slug)


@never_cache
@login_required
@require_GET
def communities(request: SignedInRequest) -> HttpResponse:
    """The communities of this person, and what waits for them there."""
    now = timezone.now()
    found = Community.objects.known_to(request.user, day(now)).order_by("slug")
    context = {
        "communities": list(found),
        "waits": reading.waits_for(request.user, now),
        "brought": reading.brought_by(request.user, day(now)),
    }
    return render(request, "communities/home.html", context)


@never_cache
@login_required
@require_GET
def community(request: SignedInRequest, slug: str) -> HttpResponse:
    """Who we are: offices and until when, what is open, what was decided, what one can propose."""
    now = timezone.now()
    here, today = known(request, slug, now), day(now)
    context = {
        "community": here,
        "community_name": here.name,
        "offices": reading.offices_of(here, today),
        "open": reading.questions_of(here, request.user, today),
        "past": reading.questions_of(here, request.user, today, over=True),
        "version": here.charter_now(),
        "away": reading.away_in(here, today),
        "rests_until": reading.vote_rests_until(here, request.user, today),
        "moves": shown_moves(here, list(moves_on_community(here, request.user, now=now))),
    }
    return render(request, "communities/community.html", context)


@never_cache
@login_required
@require_GET
def charter(request: SignedInRequest, slug: str) -> HttpResponse:
    """The charter in plain words, and every version of it compared with the one before."""
    now = timezone.now()
    here, today = known(request, slug, now), day(now)
    context = {
        "community": here,
        "community_name": here.name,
        "version": here.charter_now(),
        "groups": reading.charter_of(here, today),
        "versions": reading.versions_of(here, today),
    }
    return render(request, "communities/charter.html", context)


@never_cache
@login_required
@require_GET
def question(request: SignedInRequest, slug: str, question_id: UUID) -> HttpResponse:
    """One question: what would change, how far its circle is, and what one can do."""
    now = timezone.now()
    here = known(request, slug, now)
    found = parts.see(here, request.user, question_id, now=now)
    if found is None:
        raise Http404
    context: dict[str, Any] = {
        "community": here,
        "community_name": here.name,
        "beside": reading.beside(found.question, found.proposal, request.user, now),
        "moves": shown_moves(here, found.own_moves()),
    }
    if found.scene is not None:
        context["shown"] = round_of(found, here, page=page_of(request), now=now)
    return render(request, "communities/question.html", context)


def page_of(request: SignedInRequest) -> int:
    """Return which page of a long list is asked for; the first where it is no number."""
    typed = request.GET.get("page", "")
    return int(typed) if typed.isascii() and typed.isdigit() and 0 < len(typed) < 6 else 1


def round_of(found: parts.Seen, here: Community, *, page: int, now: datetime) -> Shown:
    """Return the round for its reader; who has no voice reads the text and what came of it."""
    assert found.scene is not None
    if not may_read(found.scene):
        return shown_without_voice(found.scene, now=now)
    return shown(found.scene, now=now, moves=found.shown(partial(show, here)), page=max(page, 1))


def show(here: Community, move: Move) -> pages.ShownMove:
    return pages.show(move, WORDS, url=parts.url_of(here, move), with_form=False)


def shown_moves(here: Community, moves: list[Move]) -> list[pages.ShownMove]:
    return [show(here, move) for move in moves]


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def move(request: SignedInRequest, slug: str, part: str, part_id: str, name: str) -> HttpResponse:
    """Show one move of a community or of what it is asked, or do it."""
    now = timezone.now()
    here = known(request, slug, now)
    found = parts.find(here, request.user, part, part_id, now=now)
    if found is None:
        raise Http404

    def done(move: Move, result: Any) -> HttpResponse:
        messages.success(request, str(WORDS.moves[move.name].done))
        return redirect(parts.after(here, request.user, result, found.back))

    return pages.page(
        request,
        found.moves,
        name,
        words=WORDS,
        url=request.path,
        back_url=found.back,
        now=now,
        context={"community_name": here.name},
        done=done,
    )


# ── A recall that somebody brought from outside ──────────────────────────────


@never_cache
@login_required
@require_GET
def recall(request: SignedInRequest, question_id: UUID) -> HttpResponse:
    """What became of a recall, for who brought it from outside. A 404 for everybody else."""
    now = timezone.now()
    found = brought(request, question_id, now)
    context = {
        "brought": reading.brought(found.seen.question, now),
        "moves": [show_brought(move) for move in found.moves],
    }
    return render(request, "communities/recall.html", context)


def brought(request: SignedInRequest, question_id: UUID, now: datetime) -> Any:
    found = parts.find_brought(request.user, question_id, now=now)
    if found is None:
        raise Http404
    return found


def show_brought(move: Move) -> pages.ShownMove:
    url = reverse("communities:recall_move", args=[move.part_id, move.name])
    return pages.show(move, WORDS, url=url, with_form=False)


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def recall_move(request: SignedInRequest, question_id: UUID, name: str) -> HttpResponse:
    """Show or do what who brought a recall from outside can do with it."""
    now = timezone.now()
    found = brought(request, question_id, now)

    def done(move: Move, _result: Any) -> HttpResponse:
        messages.success(request, str(WORDS.moves[move.name].done))
        return redirect(found.back)

    return pages.page(
        request, found.moves, name, words=WORDS, url=request.path, back_url=found.back, now=now,
        context={}, done=done,
    )  # fmt: skip
