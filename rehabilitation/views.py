"""The page of a placement, for who reads its room, and its moves. A stranger gets the same 404."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from cases.writing import day
from moves import pages
from moves.core import Move
from people.http import SignedInRequest
from people.models import Person
from records.actions import note_access
from rehabilitation import reading
from rehabilitation.access import Sight, sight_of
from rehabilitation.actions import moving
from rehabilitation.actions.ending import bring_up_to_date
from rehabilitation.models import Placement, Review
from rehabilitation.moves import Part, find_thing, moves_on_placement, moves_on_thing, things_of
from rehabilitation.wording import WORDS

WITH = ("decision__council", "party", "person", "house__community", "moving_to",
        "case__charter_version", "case__community", "case__steering")  # fmt: skip
STYLES = ("main", "also", "careful")


def seen_placement(
    person: Person, placement_id: UUID, *, now: datetime, slug: str = ""
) -> tuple[Placement, Sight]:
    """Return a placement and who this person is there; 404 where they may not know of it."""
    found = Placement.objects.select_related(*WITH).filter(pk=placement_id)
    placement = (found.filter(house__slug=slug) if slug else found).first()
    if placement is None:
        raise Http404
    if not sight_of(person, placement, today=day(now)).knows:
        raise Http404
    bring_up_to_date(placement, now=now)
    sight = sight_of(person, placement, today=day(now))
    if not sight.knows:
        raise Http404
    return placement, sight


def leave_a_note(person: Person, placement: Placement, sight: Sight, *, now: datetime) -> None:
    """Note that somebody in office opened the room; the parties read it of their own case."""
    if not sight.resident:
        note_access(str(person.pk), placement.case.reference, "rehabilitation", now=now)


def move_url(placement: Placement, part: str, part_id: str, name: str) -> str:
    """Return where a move of a placement, or of a thing of it, is shown and done."""
    return reverse(
        "rehabilitation:placement_move",
        args=[placement.house.slug, placement.pk, part, part_id, name],
    )


def in_order(shown: Sequence[pages.ShownMove]) -> list[pages.ShownMove]:
    """Return what can be done before what cannot yet, the main thing first, stopping last."""
    return sorted(shown, key=lambda one: (one.status == "blocked", STYLES.index(one.style)))


def shower(placement: Placement) -> Callable[[Sequence[Move]], list[pages.ShownMove]]:
    """Return how the moves of a placement are shown on its page."""

    def show(moves: Sequence[Move]) -> list[pages.ShownMove]:
        back = placement.get_absolute_url()
        return in_order(
            [
                pages.show(
                    one,
                    WORDS,
                    url=move_url(placement, one.part, one.part_id, one.name),
                    link=back,
                    with_form=False,
                )
                for one in moves
            ]
        )

    return show


@never_cache
@login_required
@require_GET
def placement_page(request: SignedInRequest, slug: str, placement_id: UUID) -> HttpResponse:
    """A placement: where it stands, until when, what was said, and what this person can do."""
    now = timezone.now()
    placement, sight = seen_placement(request.user, placement_id, now=now, slug=slug)
    leave_a_note(request.user, placement, sight, now=now)
    context = page_of(placement, request.user, sight, now=now)
    return render(request, "rehabilitation/placement.html", context)


def page_of(placement: Placement, person: Person, sight: Sight, *, now: datetime) -> dict[str, Any]:
    """Return what the page of a placement shows this person; what they may not know is not made."""
    today, show = day(now), shower(placement)
    reads = sight.reads
    things = [
        _said(part, placement, person, sight, now=now) for part in things_of(placement, sight)
    ]
    if not reads:
        things = [
            reading.challenge_known(part, show(moves_on_thing(part, person, sight, now=now)))
            for part in reading.challenges_for_coordinator(placement, sight)
        ]
    return {
        "placement": placement,
        "lines": reading.lines_of(placement, today),
        "days": reading.days_of(placement, today),
        "moving_to": reading.moving_to(placement, today),
        # Who can note the move reads there what it still needs.
        "moving_needs": []
        if moving.may_move(placement, sight, today)
        else [pages.show_obstacle(one, WORDS) for one in moving.moving_needs(placement, today)],
        "moves": show(list(moves_on_placement(placement, person, sight, now=now))),
        "threat": reading.threat_of(placement) if reads else None,
        # What one can do is said in the language of the page; what one said yes to, as it was told.
        "challenge": reading.challenge_words(get_language() or placement.told_in)
        if sight.resident and placement.is_open(today)
        else "",
        "told_in": placement.told_in,
        "things": things,
        "plan": reading.staying.plan_of(placement) if reads else None,
        "support": reading.support_of(placement) if sight.resident else None,
        "papers": reading.papers_for(placement, sight),
        "name": placement.person.name or placement.person.username,
        "sight": sight,
        "community_name": placement.house.community.name,
        "is_party_page": sight.resident,
    }


def _said(
    part: Part, placement: Placement, person: Person, sight: Sight, *, now: datetime
) -> reading.Said:
    show = shower(placement)

    def inner(one: Part) -> list[pages.ShownMove]:
        return show(moves_on_thing(one, person, sight, now=now))

    shown: list[Any] = []
    if isinstance(part.thing, Review):
        shown = reading.rounds_of(part.thing, person, inner, now=now)
    return reading.said_of(part, inner(part), today=day(now), rounds_shown=shown)


def moves_at(
    placement: Placement, person: Person, sight: Sight, part: str, part_id: str, *, now: datetime
) -> list[Move] | None:
    """Return the moves at one address under a placement; None where nothing is to be known."""
    if part == "placement":
        if part_id != str(placement.pk):
            return None
        return list(moves_on_placement(placement, person, sight, now=now))
    found = find_thing(placement, person, sight, part, part_id)
    return None if found is None else moves_on_thing(found, person, sight, now=now)


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def placement_move(
    request: SignedInRequest, slug: str, placement_id: UUID, part: str, part_id: UUID, name: str
) -> HttpResponse:
    """Show one move as a page of its own, or do it."""
    now = timezone.now()
    placement, sight = seen_placement(request.user, placement_id, now=now, slug=slug)
    moves = moves_at(placement, request.user, sight, part, str(part_id), now=now)
    if moves is None:
        raise Http404

    def done(move: Move, result: Any) -> HttpResponse:
        messages.success(request, str(WORDS.moves[move.name].done))
        return redirect(back_after(placement, request.user, now=now))

    return pages.page(
        request,
        moves,
        name,
        words=WORDS,
        url=request.path,
        back_url=placement.get_absolute_url(),
        now=now,
        context={
            "community_name": placement.house.community.name,
            "is_party_page": sight.resident,
        },
        done=done,
    )


def back_after(placement: Placement, person: Person, *, now: datetime) -> str:
    """Return where somebody goes after a move: the placement, or home."""
    still = sight_of(person, placement, today=day(now)).knows
    return placement.get_absolute_url() if still else "/"
