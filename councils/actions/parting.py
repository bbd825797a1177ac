"""What a split asks of a case's councils, and what becomes of them when one person leaves.

A council stays with who stays: it was screened for ties to all of them. Whoever leaves gets a
case that begins at its beginning, and a council of its own if it comes to one. Sources: "Nobody's
withdrawal ends another's case", and "Lot over rank": while a council deliberates, or somebody has
asked that its decision is looked at again, no coordinator takes a person out from under it. But
where the case is on hold, taking part has stopped already, and leaving is free.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q

from cases.models import Case, Party
from cases.writing import day, record
from councils.actions import outcome, table
from councils.models import Appeal, Challenge, Council, Hearing, Invitation, SafetyFinding
from moves.machine import move


@dataclass(frozen=True, slots=True)
class Holding:
    """What keeps the ways of the persons responsible together.

    ``deciding``: a council deliberates, or is to look at a decision again. ``held``: the ids of
    the parties about whom a safety finding of this case stands.
    """

    deciding: bool
    held: set[Any]


def what_holds(case: Case, today: date) -> Holding:
    """Return what the councils of a case still hold together today; one query."""
    deciding = Council.objects.filter(case=case).filter(
        Q(state=Council.State.DELIBERATING) | Q(decisions__appeals__state=Appeal.State.OPEN)
    )
    standing = SafetyFinding.objects.filter(
        about=OuterRef("pk"), decision__council__case=case, decision__adopted_on__isnull=False,
        decision__replaced_on=None, ends_on__gte=today,
    ).exclude(decision__council__state=Council.State.DISSOLVED)  # fmt: skip
    found = list(
        Party.objects.filter(case=case)
        .annotate(held=Exists(standing), deciding=Exists(deciding))
        .values_list("pk", "held", "deciding")
    )
    return Holding(
        deciding=any(one[2] for one in found), held={pk for pk, held, _other in found if held}
    )


def part(case: Case, leaving: Party, *, now: datetime) -> None:
    """Let somebody leave the councils of a locked case; they are still one of its parties.

    What is before a circle counts on them, so it ends, and those who stay are looked at afresh.
    What a council has read in its packet, it has read.
    """
    councils = Council.objects.select_for_update(of=("self",)).live().filter(case=case)
    for council in councils:
        council.case = case
        if not hasattr(council, "packet"):
            council.words.filter(party=leaving).delete()
        if council.state == Council.State.DELIBERATING:
            table.begin_afresh(council, case, now=now)
    Invitation.objects.filter(
        party=leaving, hearing__council__case=case, hearing__state=Hearing.State.PLANNED
    ).delete()
    for challenge in Challenge.objects.filter(party=leaving, state=Challenge.State.OPEN):
        challenge.decided_on = day(now)
        move(challenge, "drop", also=["decided_on"])
    appeals = Appeal.objects.filter(party=leaving, state=Appeal.State.OPEN)
    for appeal in appeals.select_related("decision__council", "decision__agreement"):
        appeal.decided_on = day(now)
        move(appeal, "withdraw", also=["decided_on"])
        record(case, "appeal_withdrawn", by=None, now=now, appeal=str(appeal.pk))
        outcome.let_appeals_go(appeal.decision, case, now=now)
