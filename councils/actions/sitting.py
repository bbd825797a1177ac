"""Who somebody is to one council: a case may have had several, and each is read by its own."""

from typing import Any

from cases.access import Standing
from cases.models import Case
from councils.models import Council, Hearing, Seat


def seat_on(council: Council, person_id: Any) -> Seat | None:
    """Return the seat from which this person sits on this very council now, or None."""
    return next(
        (
            seat
            for seat in council.seats.all()
            if seat.person_id == person_id and seat.state == Seat.State.ACCEPTED
        ),
        None,
    )


def guards(council: Council, person_id: Any) -> bool:
    """Say whether this person guards the process of this very council."""
    return council.process_guardian_id is not None and council.process_guardian_id == person_id


def convenes(case: Case, council: Council, who: Standing) -> bool:
    """Say whether this person calls this council together: its guardian, or the coordinator."""
    return case.state == Case.State.COUNCIL and (
        who.coordinates or (who.guards_process and guards(council, who.person_id))
    )


def serves(council: Council, who: Standing) -> bool:
    """Say whether this person serves on this very council: its members and its guardian."""
    sits = who.sits and seat_on(council, who.person_id) is not None
    return sits or (who.guards_process and guards(council, who.person_id))


def speaks_for(who: Standing) -> list[Any]:
    """Return the ids of the parties this person speaks for: themselves, and whom they guard."""
    own = [who.party.pk] if who.party is not None else []
    return own + [party.pk for party in who.guards if party.pk not in own]


def interprets(who: Standing) -> bool:
    """Say whether this person is here to interpret: they see the case, and have no other part."""
    return who.permissions == {"view_case"} and not who.coordinates and not who.sides()


def may_read(council: Council, who: Standing) -> bool:
    """Say whether this person reads what is written for this council, and nothing beside it.

    Its own members while their seats last, its guardian, both sides, guardians, interpreters:
    source is the room ``council`` of the product's table.
    """
    return serves(council, who) or bool(speaks_for(who)) or interprets(who)


def may_know_hearing(hearing: Hearing, who: Standing) -> bool:
    """Say whether this person knows of one hearing: who is asked, beside them, or serves there.

    A party asked to another hearing does not.
    """
    if who.coordinates:
        return True
    return may_attend(hearing, who)


def may_attend(hearing: Hearing, who: Standing) -> bool:
    """Say whether this person can be at a hearing, and so put it into their calendar."""
    sides = {party.pk for party in who.sides()}
    asked = any(one.party_id in sides for one in hearing.invitations.all())
    return asked or serves(hearing.council, who) or interprets(who)
