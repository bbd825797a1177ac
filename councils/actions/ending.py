"""How a council ends: with its case, when it could not agree, or once an appeal is answered."""

from datetime import datetime

from cases.models import Case
from cases.writing import day, record
from councils import rules
from councils.actions import table
from councils.actions.forming import above, begin_council, end_council
from councils.models import Appeal, Council, Recall
from councils.writing import tell_parties
from deliberation.actions import proposing
from moves.machine import move
from people.models import Person


def dissolve(case: Case, *, by: Person | None, now: datetime) -> int:
    """End every live council of a locked case, and what is still asked of one."""
    ended = 0
    for council in Council.objects.select_for_update(of=("self",)).live().filter(case=case):
        finish(council, case, by=by, now=now)
        ended += 1
    for appeal in Appeal.objects.filter(decision__council__case=case, state="open"):
        appeal.decided_on = day(now)
        move(appeal, "withdraw", also=["decided_on"])
    return ended


def finish(council: Council, case: Case, *, by: Person | None, now: datetime) -> None:
    """End one live council of a locked case: its circle, its seats, its draws."""
    table.close(council, now=now)
    for recall in Recall.objects.filter(seat__council=council, state__in=rules.RUNNING_RECALLS):
        drop_recall(recall, now=now)
    end_council(council, case, by=by, now=now)


def drop_recall(recall: Recall, *, now: datetime) -> None:
    """End a recall that nobody needs any more, and the circle that looked at it."""
    if recall.proposal is not None:
        proposing.close_circle(recall.proposal.circle, now=now)
    recall.ended_on = day(now)
    move(recall, "drop", also=["ended_on"])


def go_wider(council: Council, case: Case, *, now: datetime) -> Council:
    """Draw anew, and larger, because this council could not agree; case locked.

    Never an assembly, which would expose the case. Nobody sits on it who sat before. A round
    table of seven that could not agree goes one level up.
    """
    size = rules.wider_size(council.size)
    place = council.community if size > council.size else above(council.community)
    finish(council, case, by=None, now=now)
    wider = begin_council(
        case, place, appeal_of=council.appeal_of, wider_of=council, size=size, by=None, now=now
    )
    record(case, "council_went_wider", by=None, now=now, council=wider.public_id)
    tell_parties(case, "council_went_wider", now=now, key=f"wider:{wider.pk}")
    return wider
