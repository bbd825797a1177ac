"""What people write in a case: notes, statements, the last word."""

from datetime import date, datetime

from cases import rules
from cases.access import require
from cases.actions.facts import facts_of
from cases.actions.parties import locked_party
from cases.models import Case, Note, Party
from cases.writing import changing, day, record, tell_party
from moves.core import Obstacle, refuse_if_any
from people.models import Person


def write_note(
    case: Case, *, by: Person, now: datetime, room: str, text: str, party: Party | None = None
) -> Note:
    """Write in one room. Callers have asked whether this person may write there."""
    note = Note.objects.create(case=case, room=room, party=party, author=by, text=text, at=now)
    record(case, "note_written", by=by, now=now, room=room)
    return note


def write_statement(party: Party, *, by: Person, now: datetime, text: str) -> Note:
    """Write in one's own private room, which one's mediators read."""
    with changing(party.case_id, by=by, now=now) as (case, who):
        require(who.party is not None and who.party.pk == party.pk)
        return write_note(case, by=by, now=now, room="private", text=text, party=party)


def ask_closing_word(party: Party, *, by: Person, now: datetime) -> Party:
    """Ask somebody for their last word; the person harmed is asked first."""
    with changing(party.case_id, by=by, now=now) as (case, who):
        require(who.mediates and case.state in rules.OPEN_STATES)
        refuse_if_any(obstacles_to_ask_closing_word(party, case, day(now)))
        party = locked_party(case, party)
        return note_closing_word_asked(party, case, by=by, now=now)


def note_closing_word_asked(party: Party, case: Case, *, by: Person | None, now: datetime) -> Party:
    """Ask a party of a locked case for their last word."""
    party.closing_word_asked_on = day(now)
    party.save(update_fields=["closing_word_asked_on"])
    record(case, "closing_word_asked", by=by, now=now, party=str(party.pk))
    key = f"closing-word:{day(now)}"
    tell_party(party, "closing_word_asked", case=case, now=now, key=key, alone=True)
    return party


def obstacles_to_ask_closing_word(party: Party, case: Case, today: date) -> list[Obstacle]:
    """Return why somebody is not asked yet: the person harmed comes first."""
    if party.role == Party.Role.HARMED:
        return []
    facts = facts_of(case, today)
    if any(one.role == Party.Role.HARMED and not one.word_asked for one in facts):
        return [Obstacle(code="harmed_word_first", cleared_by="mediator")]
    return []


def give_closing_word(party: Party, *, by: Person, now: datetime, text: str) -> Party:
    """Write one's last word on the case."""
    with changing(party.case_id, by=by, now=now) as (case, who):
        require(who.party is not None and who.party.pk == party.pk)
        party = locked_party(case, party)
        require(party.closing_word_asked_on is not None and case.state in rules.OPEN_STATES)
        party.closing_word = text
        party.save(update_fields=["closing_word"])
        record(case, "closing_word_given", by=by, now=now, party=str(party.pk))
        return party


def wish_to_end(party: Party, *, by: Person, now: datetime) -> Party:
    """Note that a person harmed wishes their case to end: their own word, or as asked alone.

    Nothing else follows from it by itself, and a yes to go on takes it back.
    """
    with changing(party.case_id, by=by, now=now) as (case, who):
        own = who.party is not None and who.party.pk == party.pk
        require(own or who.mediates)
        party = locked_party(case, party)
        require(may_wish_to_end(party, case))
        party.wishes_end_on = day(now)
        party.save(update_fields=["wishes_end_on"])
        record(case, "end_wished", by=by, now=now, party=str(party.pk))
        return party


def may_wish_to_end(party: Party, case: Case) -> bool:
    """Say whether there is such a wish to note: of a person harmed, once, who was spoken with."""
    return (
        party.role == Party.Role.HARMED
        and party.reached_on is not None
        and party.wishes_end_on is None
        and case.state in rules.OPEN_STATES
    )
