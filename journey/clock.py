"""Everything that time alone causes, behind ``manage.py tick``.

Safe to run twice, twice at once, and to miss for a month: what was due is then done,
dated when it was due. Silence is never counted as a yes.
"""

from collections import Counter
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from agreements import actions as agreements
from agreements.models import Agreement
from cases.models import Case
from cases.writing import day
from communities.models import Membership
from councils.actions import time as councils
from mediation import actions as mediation
from mediation.models import Mediation
from notices.actions import send_due, tell
from records import actions as records

# Which of the charter's periods an open state may last; the successor is a person asked.
LONGEST = {"reported": "screening_days", "screening": "screening_days", "council": "council_days"}


def run(now: datetime) -> dict[str, int]:
    """Do what is due at this moment and return how many of each kind were done."""
    counts: Counter[str] = Counter()
    counts.update(agreements.due(now))
    counts["mediation_agreed"] += follow_agreements(now)
    answering = Agreement.objects.filter(state__in=("offered", "cooling_off"))
    counts.update(mediation.due(now, keep=list(answering.values_list("case_id", flat=True))))
    counts.update(councils.due(now))
    counts.update(warn_of_waiting(now))
    counts.update(records.due(now))
    counts["messages_sent"] += send_due(now)
    return dict(counts)


def follow_agreements(now: datetime) -> int:
    """End each mediation whose agreement is in force, dated that day; return how many."""
    followed = Mediation.objects.open().filter(case__state="reparation")
    ended = 0
    for pk, since in list(followed.values_list("case_id", "case__state_since")):
        moment = timezone.make_aware(datetime.combine(since, datetime.min.time()))
        with transaction.atomic():
            case = Case.objects.select_for_update(of=("self",)).get(pk=pk)
            ended += mediation.agreed(case, by=None, now=moment) is not None
    return ended


def warn_of_waiting(now: datetime) -> dict[str, int]:
    """Tell coordinators what has nearly waited, and what has waited, too long. Once each."""
    today, told = day(now), Counter[str]()
    cases = Case.objects.open().select_related("charter_version", "steering")
    for case in cases.iterator(chunk_size=500):
        charter = case.charter_version.charter
        if case.frozen_on is not None:
            since, days = case.frozen_on, charter.freeze_days
        elif case.state in LONGEST:
            since, days = case.state_since, getattr(charter, LONGEST[case.state])
        else:
            continue
        last = since + timedelta(days=days)
        for code, when in (
            ("waits_soon_too_long", last - timedelta(days=charter.warning_days)),
            ("waits_too_long", last + timedelta(days=1)),
        ):
            if when <= today:
                told[code] += _tell_coordinators(case, code, f"{since}:{days}", when)
    return dict(told)


@transaction.atomic
def _tell_coordinators(case: Case, code: str, key: str, when: object) -> int:
    moment = timezone.make_aware(datetime.combine(when, datetime.min.time()))  # type: ignore[arg-type]
    coordinators = Membership.objects.coordinating(timezone.localdate(moment)).filter(
        community_id=case.steering_id
    )
    written = [
        tell(
            membership.person,
            code,
            case_reference=case.reference,
            key=f"{case.reference}:{code}:{key}:{membership.person_id}",
            now=moment,
        )
        for membership in coordinators.select_related("person")
    ]
    return sum(notice is not None for notice in written)
