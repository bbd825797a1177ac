"""The council's own pages of a case: its table, and the round on one proposal.

Only who sits on that very council, or guards its process, comes in; anybody else gets the same 404
as for a council that does not exist.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from agreements.models import Suggestion
from cases.access import Standing
from cases.writing import day
from councils.models import Council, Decision, PlannedPromise
from councils.reading import findings_of, on_the_table, serves
from journey.circles import Seen, seen_at
from journey.moves import Part, moves_on, who_and_parts
from journey.page import move_url
from journey.views import offices_of, visible_case
from journey.wording import WORDS
from moves import pages
from people.http import SignedInRequest
from records.actions import note_access


@login_required
@require_GET
def table(request: SignedInRequest, reference: str, public_id: str) -> HttpResponse:
    """Everything before one council: what it found, what is proposed, and what can be done."""
    now = timezone.now()
    case, today = visible_case(request, reference), day(now)
    who, parts = who_and_parts(case, request.user, today=today, offices=offices_of(request))
    part = _council_part(parts, public_id)
    if part is None or not serves(part.thing, who):
        raise Http404
    note_access(str(request.user.pk), case.reference, "council", now=now)
    council = part.thing
    moves = [
        pages.show(move, WORDS, url=move_url(case, move), link=request.path, with_form=False)
        for move in moves_on(part, case, request.user, who, today=today)
    ]
    at_table = on_the_table(council, case)
    return render(
        request,
        "councils/table.html",
        {
            "case": case,
            "community_name": case.community.name,
            "council": council,
            "members": [
                seat.person.name for seat in council.seats.all() if seat.state == "accepted"
            ],
            "moves": sorted(moves, key=pages.order_shown),
            "open": [one for one in at_table if one.open],
            "over": [one for one in at_table if not one.open],
            "findings": findings_of(council),
        },
    )


def _council_part(parts: list[Part], public_id: str) -> Part | None:
    return next(
        (
            part
            for part in parts
            if isinstance(part.thing, Council) and part.thing.public_id == public_id
        ),
        None,
    )


@dataclass(frozen=True)
class Draft:
    """What its author can still change of a decision; ``label`` names a promise of its plan."""

    label: str
    moves: list[pages.ShownMove]


@login_required
@require_GET
def proposal(request: SignedInRequest, reference: str, proposal_id: UUID) -> HttpResponse:
    """The round on one proposal, as this person may see it."""
    now = timezone.now()
    case = visible_case(request, reference)
    seen = seen_at(case, request.user, "proposal", str(proposal_id), now=now)
    if seen is None:
        raise Http404
    note_access(str(request.user.pk), case.reference, "council", now=now)
    return render(request, "councils/proposal.html", context_of(seen, request.user, now=now))


def context_of(seen: Seen, person: Any, *, now: datetime) -> dict[str, Any]:
    """Return what the page of a round needs."""
    return {
        "case": seen.case,
        "community_name": seen.case.community.name,
        "council": seen.council,
        "about": seen.about(person, now=now),
        "shown": seen.shown(person, now=now),
        "drafts": drafts_of(seen, person, now=now),
        "advice": advice_of(seen, person, now=now),
    }


def advice_of(seen: Seen, person: Any, *, now: datetime) -> dict[str, Any] | None:
    """Return what other cases suggest for this decision; None where its council never asked."""
    case, today = seen.case, day(now)
    who, parts = who_and_parts(case, person, today=today)
    proposal = seen.scene.proposal.pk
    asked = [part.thing for part in parts if isinstance(part.thing, Decision)]
    if not any(one.proposal_id == proposal and one.advised_on is not None for one in asked):
        return None
    return {
        "shown": [
            (part.thing, shown_on_round(part, seen, person, who, today=today))
            for part in parts
            if isinstance(part.thing, Suggestion) and of_decision(part.thing) == proposal
        ]
    }


def of_decision(suggestion: Suggestion) -> Any:
    """Return the id of the proposal whose plan a suggestion is for, None of a mediator's draft."""
    return None if suggestion.agreement_id else suggestion.advice.decision.proposal_id


def shown_on_round(
    part: Part, seen: Seen, person: Any, who: Standing, *, today: date
) -> list[pages.ShownMove]:
    """Return the moves on one part of a case, as the page of a round shows them."""
    return [
        pages.show(move, WORDS, url=move_url(seen.case, move), link=seen.page, with_form=False)
        for move in moves_on(part, seen.case, person, who, today=today)
    ]


def drafts_of(seen: Seen, person: Any, *, now: datetime) -> list[Draft]:
    """Return what its author can still write of a decision: the whole, and each promise."""
    case, today = seen.case, day(now)
    who, parts = who_and_parts(case, person, today=today)
    found = []
    for part in parts:
        thing = part.thing
        decision = thing.decision if isinstance(thing, PlannedPromise) else thing
        if not isinstance(decision, Decision):
            continue
        if decision.adopted_on is not None or decision.proposal_id != seen.scene.proposal.pk:
            continue
        moves = shown_on_round(part, seen, person, who, today=today)
        label = thing.what if isinstance(thing, PlannedPromise) else ""
        if moves:
            found.append(Draft(label, moves))
    return found
