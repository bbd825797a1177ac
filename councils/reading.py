"""What a person reads of a council: made for one viewer; what they may not know is not made."""

from typing import Any

from cases.access import Standing
from cases.models import Case
from councils.models import Challenge, Council, Draw, Seat


def things_of(case: Case, who: Standing) -> list[tuple[str, Any]]:
    """Return the councils, draws, seats and challenges of a case this person may know of.

    Everybody in the case knows the council and its draws. A seat is known once it is
    accepted; who was asked and said no, is known to who runs the draw alone.
    """
    if case.state in ("reported", "screening", "mediation"):
        return []
    if not (who.mediates or who.coordinates or who.sides() or who.sits or who.guards_process):
        return []
    found: list[tuple[str, Any]] = []
    councils = list(
        Council.objects.filter(case=case).select_related("charter_version", "community")
    )
    if not councils:
        return []
    runs = who.coordinates or who.guards_process
    draws = list(Draw.objects.filter(council__in=councils).order_by("number"))
    seats = list(Seat.objects.filter(council__in=councils).select_related("person"))
    challenges = []
    if who.sits or who.sides():
        challenges = list(Challenge.objects.filter(seat__in=seats).select_related("party"))
    by_pk: dict[Any, Any] = {}
    for council in councils:
        council.case = case
        by_pk[council.pk] = council
        found.append(("council", council))
    for draw in draws:
        draw.council = by_pk[draw.council_id]
        found.append(("draw", draw))
    for seat in seats:
        seat.council = by_pk[seat.council_id]
        known = seat.state == Seat.State.ACCEPTED or (runs and seat.state == Seat.State.DRAWN)
        if known:
            found.append(("seat", seat))
    known_seats = {seat.pk: seat for seat in seats}
    mine = {party.pk for party in who.sides()}
    for challenge in challenges:
        challenge.seat = known_seats[challenge.seat_id]
        if who.sits or challenge.party_id in mine:
            found.append(("challenge", challenge))
    return found
