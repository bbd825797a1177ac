"""What a person harmed wants to be told of a placement, and telling them exactly that."""

from datetime import date, datetime
from typing import Any

from django.db.models import Q

from cases.access import require
from cases.models import Case, Participation, Party
from cases.writing import changing, day, record, tell_party
from notices.actions import tell
from people.models import Person
from rehabilitation.models import NewsWish, Placement
from rehabilitation.querysets import ever_placed

WHAT = ("placed", "moved", "released", "left")


def may_choose(party: Party, person: Person) -> bool:
    """Say whether this person chooses what they are told: a person harmed, for themselves.

    Only where a council's decision asks for a place, or a placement was ever proposed: before
    that, the question itself would say something.
    """
    return (
        party.role == Party.Role.HARMED
        and party.person_id == person.pk
        and ever_placed(party.case)
        and Placement.objects.filter(case=party.case_id).exists()
    )


def wish_of(party: Party) -> NewsWish | None:
    """Return what a person harmed chose, None before they did: then they are told nothing."""
    return NewsWish.objects.filter(party=party).first()


def choose_news(party: Party, *, by: Person, now: datetime, what: list[str], way: str) -> NewsWish:
    """Say what one wants to be told, and how. It can be changed at any time; none is a choice."""
    with changing(party.case_id, by=by, now=now) as (case, who):
        fresh = Party.objects.get(pk=party.pk, case=case)
        require(who.party is not None and who.party.pk == fresh.pk and may_choose(fresh, by))
        values = {one: one in what for one in WHAT}
        wish, _new = NewsWish.objects.update_or_create(
            party=fresh, defaults={**values, "way": way, "chosen_at": now}
        )
        record(case, "news_chosen", by=by, now=now, party=str(fresh.pk))
        return wish


def ask_for_wishes(case: Case, *, now: datetime, key: str) -> None:
    """Ask each person harmed who was spoken with what they want to be told."""
    for party in case.parties.filter(role=Party.Role.HARMED, reached_on__isnull=False):
        if wish_of(party) is None:
            tell_party(party, "choose_your_news", case=case, now=now, key=key, alone=True)


def tell_harmed(
    case: Case, what: str, code: str, *, now: datetime, key: str, on: date | None = None
) -> int:
    """Tell each person harmed who asked for it, in the way they chose, and nothing more.

    ``on`` is the day it is to happen. By their mediator: the mediators are asked to say it.
    """
    told = 0
    wishes = NewsWish.objects.filter(party__case=case, **{what: True})
    for wish in wishes.select_related("party__person"):
        params: dict[str, Any] = {"day": on.isoformat()} if on is not None else {}
        reference = case.reference
        if wish.way == NewsWish.Way.MEDIATOR:
            for person in _mediators(case, day(now)):
                told += tell(
                    person, f"say_{code}", case_reference=reference,
                    key=f"{reference}:{key}:{wish.party_id}:{person.pk}", now=now, **params,
                ) is not None  # fmt: skip
            continue
        outside = wish.way == NewsWish.Way.OUTSIDE and not wish.party.do_not_write
        told += tell(
            wish.party.person, code, case_reference=reference,
            key=f"{reference}:{key}:{wish.party_id}", now=now, outside=outside, **params,
        ) is not None  # fmt: skip
    return told


def _mediators(case: Case, today: date) -> list[Person]:
    places = case.participations.filter(
        Q(until=None) | Q(until__gte=today), role=Participation.Role.MEDIATOR
    )
    return [one.person for one in places.select_related("person")]
