"""A recall reaches into cases: places that a community took away are ended one by one.

Their power was gone with the recall itself (``cases.access``); here the places follow, so that
the coordinator sees who is missing, and the next process guardian is named.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from cases.access import end_place
from cases.models import Participation
from cases.writing import day, record
from communities.models import Membership
from councils.actions.forming import settle_guardian
from councils.models import Council
from councils.rules import LIVE_COUNCILS
from councils.writing import locked_case
from notices.actions import tell
from people.models import Person


def end_places(now: datetime) -> int:
    """End the places in cases of everybody recalled from what they rest on; return how many."""
    today = day(now)
    recalled = Q(licences__recalled_on__lte=today) | Q(
        memberships__role="process_guardian", memberships__recalled_on__lte=today
    )
    places = Participation.objects.filter(
        Q(until=None) | Q(until__gte=today), role__in=("mediator", "process_guardian")
    ).filter(person__in=Person.objects.filter(recalled))
    ended = 0
    for place in list(places.select_related("person")):
        if place.role in Membership.objects.roles_recalled(place.person, today):
            ended += _end(place, now=now)
    return ended


def _end(place: Participation, *, now: datetime) -> bool:
    with transaction.atomic():
        case = locked_case(place.case_id)
        fresh = Participation.objects.select_related("person").filter(pk=place.pk).first()
        if fresh is None or (fresh.until is not None and fresh.until < day(now)):
            return False
        fresh.case = case
        if fresh.role == Participation.Role.PROCESS_GUARDIAN:
            guarded = Council.objects.filter(case=case, process_guardian=fresh.person)
            for council in guarded.filter(state__in=LIVE_COUNCILS).select_for_update():
                council.case = case
                settle_guardian(council, case, now=now)
            return True
        key = f"{case.reference}:recalled:{fresh.pk}"
        end_place(fresh, today=day(now))
        record(case, "mediator_released", by=None, now=now, mediator=str(fresh.person_id))
        tell(fresh.person, "mediator_released", case_reference="", key=key, now=now)
        steering = case.steering.memberships.coordinating(day(now))
        for coordinator in steering.select_related("person"):
            tell(
                coordinator.person, "mediator_recalled", case_reference=case.reference,
                key=f"{key}:{coordinator.person_id}", now=now,
            )  # fmt: skip
        return True
