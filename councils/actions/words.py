"""What a party says to a council in writing, or that they have nothing to add.

A guardian writes beside a young person. For somebody without an account the mediator writes it
down. Writing is free, and can be done again for as long as the council listens.
"""

from datetime import date, datetime, timedelta
from typing import Any

from cases.access import Standing, require
from cases.models import Case, Party
from cases.writing import record
from councils import rules
from councils.actions.forming import frozen
from councils.actions.sitting import speaks_for
from councils.models import Council, Word
from councils.writing import on_council, tell_who_runs
from moves.core import refuse_if_any
from people.models import Person


def listens(council: Council, case: Case) -> bool:
    """Say whether a council still takes words: it is live, and has not decided."""
    return case.state == Case.State.COUNCIL and council.state in rules.LISTENING


def writers(council: Council, case: Case, who: Standing) -> list[Party]:
    """Return the parties whose words this person can write to this council."""
    if not listens(council, case):
        return []
    mine = speaks_for(who)
    return [
        party
        for party in who.parties
        if party.reached_on is not None and (who.mediates or party.pk in mine)
    ]


def silent(council: Council, case: Case, who: Standing) -> list[Party]:
    """Return those of them who have said nothing to this council yet."""
    said = {one.party_id for one in council.words.all()}
    return [party for party in writers(council, case, who) if party.pk not in said]


def write_to_council(
    council: Council, *, by: Person, now: datetime, text: str, party: Party | None = None
) -> Word:
    """Write to a council; ``party`` says whose words, where one can write those of several."""
    return _say(council, text, "words_written", by=by, now=now, party=party)


def nothing_to_add(
    council: Council, *, by: Person, now: datetime, party: Party | None = None
) -> Word:
    """Say that a party has nothing to add: then nobody waits for their words."""
    return _say(council, "", "nothing_to_add", by=by, now=now, party=party)


def _say(
    council: Council, text: str, code: str, *, by: Person, now: datetime, party: Party | None
) -> Word:
    with on_council(council, by=by, now=now) as (council, case, who):
        able = writers(council, case, who)
        whose = able[0] if party is None and len(able) == 1 else party
        require(whose in able)
        assert whose is not None
        refuse_if_any(frozen(case))
        word = Word.objects.create(council=council, party=whose, by=by, text=text, at=now)
        record(case, code, by=by, now=now, word=str(word.pk))
        if text and hasattr(council, "packet"):
            key = f"word:{word.pk}"
            tell_who_runs(council, case, "word_after_packet", now=now, key=key)
        return word


# ── How long words are waited for ────────────────────────────────────────────


def waited_until(council: Council, case: Case) -> date | None:
    """Return the first day on which nobody waits for words; None while the council still forms.

    The charter's days after it was complete, and the days on hold are given back.
    """
    if council.seated_on is None:
        return None
    days = council.charter_version.charter.words_days
    return case.moved_on(council.seated_on + timedelta(days=days), since=council.seated_on)


def awaited(council: Council, case: Case) -> list[Any]:
    """Return the ids of the reached parties who have said nothing to this council."""
    said = {one.party_id for one in council.words.all()}
    reached = [party.pk for party in case.parties.all() if party.reached_on is not None]
    return [pk for pk in reached if pk not in said]
