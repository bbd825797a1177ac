"""A member's place in the hat, and the seat of who was drawn. Each person sees only their own."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Prefetch, prefetch_related_objects
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from cases.access import Standing
from cases.models import Party
from cases.writing import day
from communities.models import Community
from councils import reading
from councils.models import Seat
from councils.moves import moves_on_pool, moves_on_seat
from councils.wording import WORDS
from moves import pages
from moves.core import Move
from people.http import SignedInRequest


@never_cache
@login_required
@require_GET
def pool_home(request: SignedInRequest) -> HttpResponse:
    """Every hat this person is in or could join, and from when they can be drawn and why."""
    today = day(timezone.now())
    hats = []
    for community in Community.objects.with_pool_of(request.user, today):
        moves = [
            pages.show(move, WORDS, url=pool_url(community, move), with_form=False)
            for move in moves_on_pool(community, request.user, today=today)
        ]
        hats.append(reading.hat_for(community, request.user, moves, today))
    return render(request, "councils/pool.html", {"hats": hats})


def pool_url(community: Community, move: Move) -> str:
    """Return where a move on one's own place in a hat is shown and done."""
    return reverse("councils:pool_move", args=[community.slug, move.name])


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def pool_move(request: SignedInRequest, slug: str, name: str) -> HttpResponse:
    """Show one move on one's own place in a hat, or do it."""
    now = timezone.now()
    community = get_object_or_404(Community.objects.with_pool_of(request.user, day(now)), slug=slug)
    back = reverse("councils:pool")

    def done(move: Move, result: Any) -> HttpResponse:
        messages.success(request, str(WORDS.moves[move.name].done))
        return redirect(back)

    return pages.page(
        request,
        list(moves_on_pool(community, request.user, today=day(now))),
        name,
        words=WORDS,
        url=request.path,
        back_url=back,
        now=now,
        context={"community_name": community.name},
        done=done,
    )


def own_seat(request: SignedInRequest, seat_id: UUID) -> Seat:
    """Return this person's own seat; anybody else's is the same 404 as none."""
    seats = Seat.objects.of(request.user).select_related(
        "council__case__community", "council__charter_version", "council__community", "draw"
    )
    return get_object_or_404(seats, pk=seat_id)


def seat_moves(request: SignedInRequest, seat: Seat) -> list[Move]:
    """Return the moves on one's own seat; whatever else one is in the case adds none."""
    now, case = timezone.now(), seat.council.case
    prefetch_related_objects(
        [case], Prefetch("parties", Party.objects.select_related("person")), "participations"
    )
    return list(moves_on_seat(seat, case, request.user, Standing(), now=now))


def seat_url(seat: Seat, move: Move) -> str:
    """Return where a move on one's own seat is shown and done."""
    return reverse("councils:seat_move", args=[seat.pk, move.name])


@never_cache
@login_required
@require_GET
def seat_page(request: SignedInRequest, seat_id: UUID) -> HttpResponse:
    """One's own seat: what is asked, until when, and after the promise, who it is about."""
    seat = own_seat(request, seat_id)
    moves = [
        pages.show(move, WORDS, url=seat_url(seat, move), link=request.path, with_form=False)
        for move in seat_moves(request, seat)
    ]
    return render(
        request,
        "councils/seat.html",
        {
            "seat": seat,
            "moves": moves,
            "about": reading.seat_for(seat, day(timezone.now())),
            "community_name": seat.council.case.community.name,
        },
    )


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def seat_move(request: SignedInRequest, seat_id: UUID, name: str) -> HttpResponse:
    """Show one move on one's own seat, or do it."""
    seat = own_seat(request, seat_id)

    def done(move: Move, result: Any) -> HttpResponse:
        messages.success(request, str(WORDS.moves[move.name].done))
        return redirect(seat)

    return pages.page(
        request,
        seat_moves(request, seat),
        name,
        words=WORDS,
        url=request.path,
        back_url=seat.get_absolute_url(),
        now=timezone.now(),
        context={"community_name": seat.council.case.community.name},
        done=done,
    )
