"""The rounds of a case's council, by the API: the same parts and moves as on its pages."""

from datetime import datetime
from typing import Any

from api.own import Own
from api.seeing import url_of
from cases.models import Case
from cases.writing import day
from deliberation.parts import PARTS, parts_of, proposal_behind
from journey.circles import Seen, council_of, seen_in
from journey.wording import WORDS
from people.models import Person
from records.actions import note_access

__all__ = ["PARTS", "round_part"]


def round_part(person: Person, part: str, part_id: str, *, now: datetime) -> Own | None:
    """Return a part of a council's round; None when hidden, or not of a council."""
    proposal = proposal_behind(part, part_id)
    council = council_of(proposal.circle) if proposal is not None else None
    if proposal is None or council is None:
        return None
    cases = Case.objects.visible_to(person, today=day(now)).select_related(
        "community", "charter_version", "steering"
    )
    case = cases.filter(pk=council.case_id).first()
    seen = seen_in(case, person, proposal, part, part_id, now=now) if case is not None else None
    if case is None or seen is None:
        return None
    note_access(str(person.pk), case.reference, "council", now=now)
    return Own(part, seen.part.id, _said(seen), seen.moves(now=now), WORDS)


def _said(seen: Seen) -> dict[str, Any]:
    """Return how far a round is, for who has a voice in it or guards its process."""
    proposal, process = seen.scene.proposal, seen.scene.process
    deadline = process.deadline
    return {
        "case": seen.case.reference,
        "council": url_of("council", str(seen.council.pk)),
        "text": proposal.text,
        "version": proposal.version,
        "round": process.state,
        "by": deadline.isoformat() if deadline else None,
        "outcome": proposal.outcome,
        "parts": [url_of(one.part, one.id) for one in parts_of(seen.scene)],
    }
