"""Everything that time alone causes, behind ``manage.py tick``.

Safe to run twice, twice at once, and to miss for a month: what was due is then done,
dated when it was due. Silence is never counted as a yes.
"""

from collections import Counter
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from agreements import actions as agreements
from cases.models import Case
from cases.writing import day
from communities.models import Membership
from mediation import actions as mediation
from notices.actions import send_due, tell
from records import actions as records

# Which of the charter's periods an open state may last; the successor is a person asked.
LONGEST = {"reported": "screening_days", "screening": "screening_days", "council": "council_days"}


def run(now: datetime) -> dict[str, int]:
    """Do what is due at this moment and return how many of each kind were done."""
    counts: Counter[str] = Counter()
    for due in (mediation.due, agreements.due, warn_of_waiting, records.due):
        counts.update(due(now))
    counts["messages_sent"] += send_due(now)
    return dict(counts)


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
