"""What a council finds: one proposal each, with its grounds, adopted one by one."""

from datetime import datetime
from typing import Any

from cases.access import require
from cases.models import Case
from cases.writing import record
from councils import rules
from councils.actions.forming import frozen
from councils.actions.hearings import parties_not_heard
from councils.actions.sitting import seat_on
from councils.actions.table import circle_of, keep_in_step
from councils.models import Council, Finding
from councils.writing import on_council
from deliberation.actions import proposing
from moves.core import Obstacle, refuse_if_any
from people.models import Person


def may_propose(council: Council, person_id: Any) -> bool:
    """Say whether this person sits on a council that deliberates."""
    return council.state == Council.State.DELIBERATING and seat_on(council, person_id) is not None


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
        if kind not in rules.finding_kinds(heard=not parties_not_heard(council, now=now)):
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
