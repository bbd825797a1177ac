"""One item of the talks, let into the council's packet only when everybody asked agrees.

Each answers for themselves alone, and can change their answer until a packet is made. Nobody is
told who refused: before the packet nobody is told anything, and afterwards silence and a no look
the same.
"""

from datetime import datetime

from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce

from cases.access import Standing, require
from cases.keeping import kept, notes_of
from cases.models import Case, Note, Party
from cases.writing import changing, record, tell_party
from councils import rules
from councils.actions.forming import current, frozen
from councils.actions.words import listens
from councils.models import Council, Sharing, SharingWord
from councils.writing import on_council
from moves.core import Obstacle, refuse_if_any
from people.models import Person


def packet_awaited(council: Council | None, case: Case) -> bool:
    """Say whether a council still listens, and its packet is not made."""
    return council is not None and listens(council, case) and not hasattr(council, "packet")


def may_ask(council: Council, case: Case, who: Standing) -> bool:
    """Say whether this person can ask both sides to share something: the mediator of the talks."""
    return who.mediates and packet_awaited(council, case)


def notes_to_share(case: Case) -> list[Note]:
    """Return what lies in the room of the talks and nobody was asked about."""
    asked = {one.note_id for one in kept(case, "sharings", lambda: sharings_of(case))}
    return [
        note for note in notes_of(case) if note.room == Note.Room.MEDIATION and note.pk not in asked
    ]


def sharings_of(case: Case, party: Party | None = None) -> list[Sharing]:
    """Return what the parties were asked to share, the first first, each with its note.

    ``agree`` is how many reached parties agree, and ``mine`` what this party said.
    """
    said = SharingWord.objects.filter(sharing=OuterRef("pk"))
    yes = said.filter(agrees=True, party__reached_on__isnull=False).order_by()
    counted = Subquery(yes.values("sharing").annotate(n=Count("pk")).values("n"))
    own = Subquery(said.filter(party=party).values("agrees")[:1])
    found = list(
        Sharing.objects.filter(case=case)
        .select_related("note")
        .annotate(yeses=Coalesce(counted, 0), own=own)
    )
    for one in found:
        one.agree, one.mine = one.yeses, one.own
    return list(found)


def ask_to_share(council: Council, *, by: Person, now: datetime, note: Note) -> Sharing:
    """Ask every reached party, each alone, whether the council may read one item of the talks."""
    with on_council(council, by=by, now=now) as (council, case, who):
        require(may_ask(council, case, who))
        require(note.pk in {one.pk for one in notes_to_share(case)})
        refuse_if_any(frozen(case))
        sharing = Sharing.objects.create(case=case, note=note, at=now)
        record(case, "sharing_asked", by=by, now=now, sharing=str(sharing.pk))
        for party in case.parties.filter(reached_on__isnull=False).select_related("person"):
            key = f"share:{sharing.pk}"
            tell_party(party, "please_answer_sharing", case=case, now=now, key=key, alone=True)
        return sharing


def asked_of(sharing: Sharing, who: Standing) -> Party | None:
    """Return the party as whom this person is asked, None where they are not."""
    party = who.party
    asked = party is not None and party.reached_on is not None and party.case_id == sharing.case_id
    return party if asked else None


def obstacles_to_answer(council: Council | None, case: Case) -> list[Obstacle]:
    """Return why an answer no longer counts: on hold, or the packet is made."""
    found = frozen(case)
    if not packet_awaited(council, case):
        found.append(Obstacle(code="packet_made", cleared_by="nobody"))
    return found


def answer_sharing(sharing: Sharing, *, by: Person, now: datetime, agrees: bool) -> Sharing:
    """Say, for oneself alone, whether the council may read an item of the talks."""
    with changing(sharing.case_id, by=by, now=now) as (case, who):
        party = asked_of(sharing, who)
        require(party is not None and case.state == Case.State.COUNCIL)
        refuse_if_any(obstacles_to_answer(current(case), case))
        SharingWord.objects.update_or_create(
            sharing=sharing, party=party, defaults={"agrees": agrees, "at": now}
        )
        # Not which answer: the event is read by who may not know it.
        record(case, "sharing_answered", by=by, now=now, sharing=str(sharing.pk))
        return sharing


def shared_notes(case: Case) -> list[Note]:
    """Return what every reached party has agreed to share, the earliest first."""
    found = [one.note for one in sharings_of(case) if is_shared(one, case)]
    return sorted(found, key=lambda note: (note.at, note.pk))


def is_shared(sharing: Sharing, case: Case) -> bool:
    """Say whether everybody asked agrees to one of ``sharings_of``."""
    asked = sum(party.reached_on is not None for party in case.parties.all())
    return rules.is_shared(asked=asked, agree=sharing.agree)
