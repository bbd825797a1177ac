"""A recall reaches into cases: places that a community took away are ended one by one.

Their power was gone with the recall itself (``cases.access``); here the places follow, so that
the coordinator sees who is missing, and the next process guardian is named.

And out of them: a party, who may be from elsewhere, brings the recall of somebody in office in
their case before that person's community, which knows nothing of cases.
"""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from cases.access import Standing, end_place
from cases.models import Case, Participation
from cases.writing import changing, day, record
from communities.actions import recalling
from communities.models import Community, Membership, Question
from councils.actions.forming import settle_guardian
from councils.models import Council
from councils.rules import LIVE_COUNCILS
from councils.writing import locked_case
from moves.core import Hidden
from notices.actions import tell
from people.models import Person

# Whose office could end: in which community, which office, and who holds it.
Holder = tuple[Community, str, Person]


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


# ── Brought by a party, from outside ─────────────────────────────────────────


def with_recalls(cases: Any, person: Person, *, today: date) -> Any:
    """Annotate cases with whether others lead them, and this person asked for a recall there.

    So that the page of a party asks nothing more to say that they could.
    """
    here = Q(community=OuterRef("community")) | Q(community=OuterRef("steering"))
    leading = Membership.objects.coordinating(today).filter(community=OuterRef("steering"))
    return cases.annotate(
        led_by_others=Exists(leading.exclude(person=person.pk)),
        recall_brought=Exists(recalling.brought_by(person).open().filter(here)),
    )


def may_bring(case: Case, who: Standing, by: Person, today: date) -> bool:
    """Say whether there is anybody whose recall this person could bring here."""
    if who.party is None and not who.guards:
        return False
    if getattr(case, "led_by_others", False) and not getattr(case, "recall_brought", True):
        return True
    return bool(concerned(case, who, by, today))


def concerned(case: Case, who: Standing, by: Person, today: date) -> list[Holder]:
    """Return whom this person could ask to recall from outside: who is in office in their case.

    The coordinators who lead it, and who mediates, or guards the process of its council; but whose
    recall they brought already. Only for a party, or a young person's guardian.
    """
    if who.party is None and not who.guards:
        return []
    places = {
        (one.role, one.person_id)
        for one in case.participations.all()
        if one.role in ("mediator", "process_guardian")
    }
    acting = {person for _role, person in places}
    brought = {
        (one.community_id, one.office, one.person_id) for one in recalling.brought_by(by).open()
    }
    found: list[Holder] = []
    for community in {case.steering_id: case.steering, case.community_id: case.community}.values():
        for office, person in recalling.office_holders(community, today, among=acting):
            leads = office == "coordinator" and community.pk == case.steering_id
            acts = leads or (office, person.pk) in places
            if acts and person.pk != by.pk and (community.pk, office, person.pk) not in brought:
                found.append((community, office, person))
    return found


def bring_recall(case: Case, *, by: Person, now: datetime, whom: str, reason: str) -> Question:
    """Ask the community of somebody in office in one's case to recall them.

    Nothing of the case goes with it but what the person writes themselves.
    """
    with changing(case.pk, by=by, now=now) as (case, who):
        for community, office, person in concerned(case, who, by, day(now)):
            if f"{office}:{person.pk}" == whom:
                return recalling.bring_recall(community, by=by, now=now, whom=whom, reason=reason)
        raise Hidden
