"""What a council finds: one proposal each, with its grounds, adopted one by one."""

from datetime import datetime
from typing import Any

from cases.access import require
from cases.models import Case, Party
from cases.writing import record
from councils import rules
from councils.actions.forming import frozen
from councils.actions.table import circle_of, keep_in_step, seat_on
from councils.models import Council, Finding
from councils.writing import on_council
from deliberation.actions import proposing
from moves.core import Obstacle, refuse_if_any
from people.models import Person


def may_propose(council: Council, person_id: Any) -> bool:
    """Say whether this person sits on a council that deliberates."""
    return council.state == Council.State.DELIBERATING and seat_on(council, person_id) is not None


def not_heard(council: Council, case: Case) -> list[Party]:
    """Return the parties the council has not heard: they neither came nor wrote.

    Who says that they have nothing to add was heard. Whom no mediator has reached was not.
    """
    came = set(
        council.hearings.filter(state="held", invitations__came=True).values_list(
            "invitations__party_id", flat=True
        )
    )
    wrote = set(council.words.values_list("party_id", flat=True))
    return [party for party in case.parties.all() if party.pk not in came | wrote]


def obstacles_to_propose(council: Council, case: Case) -> list[Obstacle]:
    """Return why nothing can be proposed in this council now: only a hold keeps it."""
    return frozen(case)


def propose_finding(
    council: Council, *, by: Person, now: datetime, kind: str, text: str, grounds: str
) -> Finding:
    """Propose what the council finds, and on which grounds. What happened needs both sides heard.

    A draft of its author until they bring it before the circle.
    """
    with on_council(council, by=by, now=now) as (council, case, _who):
        require(may_propose(council, by.pk))
        keep_in_step(council, case, now=now)
        refuse_if_any(obstacles_to_propose(council, case))
        if kind not in rules.finding_kinds(heard=not not_heard(council, case)):
            refuse_if_any([Obstacle(code="not_heard", cleared_by="process_guardian")])
        circle = circle_of(council)
        require(circle is not None)
        assert circle is not None
        proposal = proposing.propose(circle, by=by, now=now, text=text)
        finding = Finding.objects.create(
            council=council, proposal=proposal, kind=kind, grounds=grounds
        )
        record(case, "finding_proposed", by=by, now=now, finding=str(finding.pk))
        return finding
