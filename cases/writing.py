"""What every action does around its few lines: one transaction, one lock, one event."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from cases.access import Standing, require, standing
from cases.models import Case, Party
from notices.actions import tell
from people.models import Person
from records.actions import append


@contextmanager
def changing(case_pk: UUID, *, by: Person, now: datetime) -> Iterator[tuple[Case, Standing]]:
    """Lock the case and ask again who this is. Raise Hidden for a stranger."""
    with transaction.atomic():
        case = (
            Case.objects.select_for_update(of=("self",))
            .select_related("charter_version", "community", "steering")
            .get(pk=case_pk)
        )
        who = standing(by, case, today=day(now))
        require(who.may_see)
        yield case, who


def day(now: datetime) -> date:
    """Return the local day of a moment."""
    return timezone.localtime(now).date()


def moment_of(day: date) -> datetime:
    """Return the first moment of a day, here."""
    return timezone.make_aware(datetime.combine(day, time.min))


def record(case: Case, code: str, *, by: Person | None, now: datetime, **data: str) -> None:
    """Append an event to the case's chain: references and digests, never names or story."""
    append("case", case.reference, code, by=str(by.pk) if by else "", at=now, data=data)


def tell_party(
    party: Party, code: str, *, case: Case, now: datetime, key: str, alone: bool = False,
    **params: Any,
) -> int:  # fmt: skip
    """Tell a party something; outside the app only once a mediator knows how it is safe.

    Supporters and guardians are told it too, unless it is asked of the party ``alone``.
    Returns how many notices were written.
    """
    outside = party.reached_on is not None and not party.do_not_write
    key = f"{case.reference}:{key}"
    told = tell(
        party.person,
        code,
        case_reference=case.reference,
        key=f"{key}:{party.pk}",
        now=now,
        outside=outside,
        **params,
    )
    beside = 0
    if not alone:
        beside = tell_companions(
            party, code, case=case, now=now, key=key, outside=outside, **params
        )
    return (told is not None) + beside


def tell_companions(
    party: Party,
    code: str,
    *,
    case: Case,
    now: datetime,
    key: str,
    outside: bool,
    roles: tuple[str, ...] = ("supporter", "guardian"),
    **params: Any,
) -> int:
    """Tell who stands beside a party today, each in the way they chose themselves.

    Returns how many notices were written.
    """
    today = day(now)
    beside = party.companions.filter(Q(until=None) | Q(until__gte=today), role__in=roles)
    # The place, not the person: its number keeps the key within its length.
    told = [
        tell(
            place.person, code, case_reference=case.reference, key=f"{key}:beside-{place.pk}",
            now=now, outside=outside, **params,
        )
        for place in beside.select_related("person")
    ]  # fmt: skip
    return sum(notice is not None for notice in told)


def tell_everybody(case: Case, code: str, *, now: datetime, key: str) -> None:
    """Tell both sides and the mediators the same words."""
    for party in case.parties.select_related("person"):
        tell_party(party, code, case=case, now=now, key=key)
    for place in case.participations.filter(role="mediator", until=None).select_related("person"):
        tell(
            place.person,
            code,
            case_reference=case.reference,
            key=f"{case.reference}:{key}:{place.person_id}",
            now=now,
        )
