"""Closed cases to count, made by hand: states are read here, not reached."""

import itertools
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from agreements.models import Agreement, Commitment, Entry
from cases.models import Case, Harm, Party
from communities.models import Community
from people.models import Person

serial = itertools.count(1)


def make_closed(
    community: Community, *, kind: str = "damage", lost: int | None = 200, promised: int = 100,
    unit: str = "money", promise_unit: str = "", category: str = "pay_back", state: str = "kept",
    helped: str = "", word: str = "", on: date | None = None, forgotten: bool = False,
    **more: Any,
) -> Case:  # fmt: skip
    """Make one closed case with one promise in it."""
    on = on or timezone.localdate() - timedelta(days=200)
    case = Case(
        community=community, steering=community, charter_version=community.charter_now(),
        title="A story of its own", kind=kind, opened_on=on, state="closed", state_since=on,
        closed_on=on, outcome="repaired", forgotten_on=on if forgotten else None,
    )  # fmt: skip
    case.save(force_insert=True)
    hers, his = (
        Party.objects.create(case=case, person=_person(role), role=role)
        for role in ("harmed", "responsible")
    )
    harm = Harm.objects.create(
        case=case, party=hers, what="SECRET harm", unit=unit, amount=lost, stated_on=on
    )
    agreement = Agreement(
        case=case, version=1, state="fulfilled", account="SECRET account", drafted_on=on,
        in_force_on=on, ended_on=on,
    )  # fmt: skip
    agreement.save(force_insert=True)
    promise_unit = promise_unit or unit
    promise = Commitment(
        agreement=agreement, number=1, harm=harm, promised_by=his, promised_to=hers,
        what="SECRET promise", category=category, unit=promise_unit, state=state, state_since=on,
        amount=None if promise_unit == "act" else Decimal(promised), **more,
    )  # fmt: skip
    promise.save(force_insert=True)
    if helped:
        Entry.objects.create(
            commitment=promise, kind="confirmed", by=hers.person, happened_on=on,
            at=timezone.now(), helped=helped, word=word, share_word=bool(word),
        )  # fmt: skip
    return case


def make_many(community: Community, count: int = 6, **more: Any) -> list[Case]:
    """Make closed cases alike; each says that it helped, and lets others read a sentence."""
    values = {"helped": "yes", "word": "It was good to hear it.", **more}
    return [make_closed(community, **values) for _n in range(count)]


def _person(role: str) -> Person:
    return Person.objects.create_user(f"{role}-{next(serial)}-closed", None, name="Nobody Here")
