"""Opening a case, and naming who is in it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction

from cases.access import require, settle_steering
from cases.models import Case, Party
from cases.writing import changing, day, record
from communities.models import Community
from people.models import Person


@dataclass(frozen=True, kw_only=True)
class NewParty:
    """Somebody named when a case is opened."""

    role: str
    name: str
    language: str = "en"
    contact_kind: str = ""
    contact: str = ""
    minor: bool = False
    is_organisation: bool = False
    born_on: date | None = None
    do_not_write: bool = False
    person: Person | None = field(default=None)


@transaction.atomic
def open_case(
    *,
    community: Community,
    title: str,
    account: str,
    parties: Sequence[NewParty],
    by: Person | None,
    now: datetime,
    happened_on: date | None = None,
    referred_on: date | None = None,
    kind: str = "",
    urgent: bool = False,
    referral: dict[str, Any] | None = None,
    fingerprint: str | None = None,
) -> Case:
    """Open a case in ``reported``. Nobody named in it is told anything.

    ``by`` is None when somebody without an account reported it.
    """
    today = day(now)
    case = Case(
        community=community,
        steering=community,
        charter_version=community.charter_now(),
        title=title,
        account=account,
        referral=json.dumps(referral, ensure_ascii=False) if referral else "",
        kind=kind,
        happened_on=happened_on,
        referred_on=referred_on,
        opened_on=today,
        state_since=today,
        urgent=urgent,
        fingerprint=fingerprint,
    )
    case.save(force_insert=True)
    for one in parties:
        _add_party(case, one)
    settle_steering(case, today=today)
    record(case, "case_opened", by=by, now=now)
    return case


def _add_party(case: Case, named: NewParty) -> Party:
    person = named.person or Person.objects.create_without_account(
        name=named.name,
        language=named.language or "en",
        contact_kind=named.contact_kind,
        contact=named.contact,
        is_organisation=named.is_organisation,
        born=named.born_on.isoformat() if named.born_on else "",
    )
    return Party.objects.create(
        case=case,
        person=person,
        role=named.role,
        minor=named.minor,
        do_not_write=named.do_not_write,
    )


def add_party(
    case: Case, *, by: Person, now: datetime, role: str, name: str, language: str,
    contact_kind: str = "", contact: str = "", minor: bool = False,
) -> Party:  # fmt: skip
    """Name one more person harmed or responsible."""
    with changing(case.pk, by=by, now=now) as (case, who):
        require((who.mediates or who.coordinates) and case.state in ("reported", "screening"))
        party = _add_party(
            case,
            NewParty(
                role=role, name=name, language=language,
                contact_kind=contact_kind, contact=contact, minor=minor,
            ),
        )  # fmt: skip
        settle_steering(case, today=day(now))
        record(case, "party_added", by=by, now=now, party=str(party.pk))
        return party
