"""What a split asks of a case's councils, and what becomes of them when one person leaves.

A council stays with who stays: it was screened for ties to all of them. Whoever leaves gets a
case that begins at its beginning, and a council of its own if it comes to one. Sources: "Nobody's
withdrawal ends another's case", and "Lot over rank": while a council deliberates, or somebody has
asked that its decision is looked at again, no coordinator takes a person out from under it. But
where the case is on hold, taking part has stopped already, and leaving is free.
"""

from datetime import date, datetime
from typing import Any

from cases.models import Case, Party
from cases.writing import day, record
from councils.actions import outcome, table
from councils.models import Appeal, Challenge, Council, Hearing, Invitation, SafetyFinding
from moves.machine import move


def is_deciding(case: Case) -> bool:
    """Say whether a council of this case deliberates, or is to look at a decision again."""
    deliberates = Council.objects.filter(case=case, state=Council.State.DELIBERATING)
    appealed = Appeal.objects.filter(decision__council__case=case, state=Appeal.State.OPEN)
    return deliberates.exists() or appealed.exists()


def held_to_safety(case: Case, today: date) -> set[Any]:
    """Return the ids of the parties about whom a safety finding of this case stands today."""
    standing = SafetyFinding.objects.filter(
        decision__council__case=case, decision__adopted_on__isnull=False,
        decision__replaced_on=None, ends_on__gte=today,
    ).exclude(decision__council__state=Council.State.DISSOLVED)  # fmt: skip
    return set(standing.values_list("about_id", flat=True))


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
