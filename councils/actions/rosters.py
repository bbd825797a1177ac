"""Who stands behind the tokens of a draw: its roster, its quotas, and why no panel meets them.

Sealed, and read by the draw, by the person themselves, and by an auditor.
"""

import json
import secrets
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from cases.models import Case
from cases.writing import day
from councils import portfolio, roster, scheme
from councils.actions import pool
from councils.actions.forming import Hat
from councils.models import Council, Draw, RosterEntry, Seat
from people.models import Tie


def seats_to_fill(draw: Draw) -> int:
    return draw.vacant or draw.council.size


def sat_before(council: Council) -> list[Any]:
    """Return who was ever drawn for this case: nobody is asked twice, or hears its appeal."""
    return list(
        Seat.objects.filter(council__case=council.case_id).values_list("person_id", flat=True)
    )


def count_out(out: list[tuple[pool.Member, str]]) -> dict[str, int]:
    """Count who is out by two kinds that say nothing of a single person."""
    counts = {"not_yet": 0, "tied": 0}
    eligibility = {
        "trial", "away", "term_over", "resting", "seated_now", "most_seats", "too_young",
        "not_active", "not_member",
    }  # fmt: skip
    for _member, kind in out:
        counts["not_yet" if kind in eligibility else "tied"] += 1
    return counts


def write_roster(draw: Draw, case: Case, hat: Hat, *, now: datetime) -> None:
    RosterEntry.objects.filter(draw=draw).delete()
    features = sorted({quota[0] for quota in draw.quotas} - {"community"})
    together = len(hat.communities) > 1
    everybody = [(one, "") for one in hat.eligible] + hat.out
    seated = {seat.person_id for seat in draw.council.seats.live()}
    households = household_of(
        seated.union(one.place.person_id for one, _why in everybody), day(now)
    )
    # Together with who is seated: asked of one roster alone, a household can have another name.
    taken = {households.get(one) for one in seated if one_per_household(draw)} - {None}
    entries = []
    for member, why_not in everybody:
        if not why_not and households.get(member.place.person_id) in taken:
            why_not = "same_household"
        described = {"member": str(member.place.pk)}
        described |= {name: member.features.get(name, "") for name in features}
        if together:
            described["community"] = member.place.community.slug
        salt = secrets.token_bytes(16)
        entries.append(
            RosterEntry(
                draw=draw, place=member.place, person=member.place.person,
                token=scheme.token(salt, described), salt=salt.hex(),
                described=json.dumps(described, ensure_ascii=False, sort_keys=True),
                household=households.get(member.place.person_id, ""),
                eligible=not why_not, why_not=why_not,
            )
        )  # fmt: skip
    RosterEntry.objects.bulk_create(entries, batch_size=500)


def household_of(people: Iterable[Any], today: date) -> dict[Any, str]:
    """Return {person id: a name for their household} of who shares one, by the ties on file."""
    among = set(people)
    parent: dict[Any, Any] = {}
    live = Tie.objects.live(today).filter(kind=Tie.Kind.HOUSEHOLD)

    def root(one: Any) -> Any:
        while parent.get(one, one) != one:
            one = parent[one]
        return one

    for one, other in live.order_by("pk").values_list("one_id", "other_id"):
        if one in among and other in among:
            low, high = sorted((root(one), root(other)), key=str)
            parent.setdefault(low, low)
            parent[high] = low
    return {one: str(root(one)) for one in parent}


def one_per_household(draw: Draw) -> bool:
    return bool(draw.council.charter_version.charter.one_per_household)


def people_in(draw: Draw) -> list[portfolio.Person]:
    """Return everybody in the hat of a draw as the solver takes them, by token."""
    return [as_person(one) for one in draw.roster.filter(eligible=True).order_by("token")]


def as_person(entry: RosterEntry) -> portfolio.Person:
    """Return one entry as the solver takes it; "rather not say" counts toward no value."""
    features = {name: value or None for name, value in person_of(entry).items()}
    return portfolio.Person(entry.token, features, entry.household or None)


def person_of(entry: RosterEntry) -> dict[str, str]:
    """Return what an entry's token was made of: the pseudonymous id and the features."""
    return dict(json.loads(entry.described))


def asked_of(draw: Draw) -> list[portfolio.Quota]:
    """Return the quotas of a draw; of a replacement, what those seated leave."""
    quotas = quotas_in(draw)
    return roster.remaining(quotas, seated_in(draw)) if draw.vacant else quotas


def quotas_in(draw: Draw) -> list[portfolio.Quota]:
    """Return what the whole council must hold, as relaxed for this draw."""
    return [portfolio.Quota(*quota) for quota in draw.quotas]


def seated_in(draw: Draw) -> list[portfolio.Person]:
    """Return who sits, or has been asked to sit, on the council of a draw."""
    return [as_person(one) for one in seated_entries(draw.council)]


def problem_of(draw: Draw) -> dict[str, Any]:
    """Return why no panel meets the quotas and what would mend it; empty when one does."""
    found = roster.infeasibility(
        people_in(draw), asked_of(draw), seats_to_fill(draw),
        one_per_household=one_per_household(draw),
    )  # fmt: skip
    if found is None:
        return {}
    return {
        "why": [{"code": one.code, "params": one.params} for one in found.problems],
        "relaxations": [list(one) for one in found.relaxations],
    }


def seated_entries(council: Council) -> list[RosterEntry]:
    """Return the roster entries of who sits, or has been asked to sit, on a council."""
    seats = council.seats.live().select_related("entry").order_by("entry__token")
    return [seat.entry for seat in seats]
