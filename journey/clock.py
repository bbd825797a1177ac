"""Everything that time alone causes, behind ``manage.py tick``.

Safe to run twice, twice at once, and to miss for a month: what was due is then done,
dated when it was due. Silence is never counted as a yes.
"""

from collections import Counter
from datetime import datetime

from django.db import transaction

from agreements import actions as agreements
from agreements.models import Agreement
from cases.models import Case
from cases.writing import moment_of
from communities.actions import time as communities
from councils.actions import time as councils
from deliberation.actions import time as deliberation
from journey import absences, forgetting, recalls, waiting
from mediation import actions as mediation
from mediation.models import Mediation
from notices.actions import send_due
from records import actions as records
from rehabilitation.actions import time as rehabilitation


def run(now: datetime) -> dict[str, int]:
    """Do what is due at this moment and return how many of each kind were done."""
    counts: Counter[str] = Counter()
    counts.update(waiting.grow_older(now))
    counts.update(waiting.warn_of_offers(now))
    counts.update(agreements.due(now))
    counts["mediation_agreed"] += follow_agreements(now)
    answering = Agreement.objects.filter(state__in=("offered", "cooling_off"))
    counts.update(mediation.due(now, keep=list(answering.values_list("case_id", flat=True))))
    # Before the owners of circles: each then finds what was decided, and acts on it.
    councils.keep_circles_in_step(now)
    counts.update(deliberation.due(now))
    counts.update(communities.due(now))
    counts["places_recalled"] += recalls.end_places(now)
    counts.update(absences.due(now))
    counts.update(councils.due(now))
    counts.update(rehabilitation.due(now))
    counts.update(waiting.advance(now))
    counts.update(waiting.remind_of_questions(now))
    counts.update(forgetting.due(now))
    counts.update(records.due(now))
    counts["answers_dropped"] += records.drop_expired(now)
    counts["messages_sent"] += send_due(now)
    return dict(counts)


def follow_agreements(now: datetime) -> int:
    """End each mediation whose agreement is in force, dated that day; return how many."""
    followed = Mediation.objects.open().filter(case__state="reparation")
    ended = 0
    for pk, since in list(followed.values_list("case_id", "case__state_since")):
        with transaction.atomic():
            case = Case.objects.select_for_update(of=("self",)).get(pk=pk)
            ended += mediation.agreed(case, by=None, now=moment_of(since)) is not None
    return ended
