"""Joining and leaving the hat, and what members say of themselves: each for themselves."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, Max, Q

from cases.access import require
from cases.models import Party
from cases.rules import OPEN_STATES
from cases.writing import day
from communities.models import Community, Membership
from councils import rules
from councils.models import PoolPlace, Seat
from councils.rules import MemberFacts, PoolRules, Reason
from moves.core import Hidden, Obstacle, refuse_if_any
from people.models import NamedTie, Person
from records.actions import append

SAT = ("accepted", "recused", "replaced", "ended")
LONGEST_AWAY_DAYS = 366


def record(place: PoolPlace, code: str, *, now: datetime) -> None:
    """Append to the person's own chain: the code alone, never what they said of themselves."""
    append("person", str(place.person_id), code, by=str(place.person_id), at=now,
           data={"community": place.community.slug})  # fmt: skip


def place_of(person: Person, community: Community) -> PoolPlace | None:
    """Return this person's place in a community's pool, None where they have none."""
    places = PoolPlace.objects.live().of(person).filter(community=community)
    return places.select_related("person", "community").first()


def may_join(person: Person, community: Community, today: date) -> bool:
    """Say whether this person can join this pool: members can, once."""
    member = community.memberships.live(today).filter(person=person).exists()
    return member and place_of(person, community) is None


@transaction.atomic
def join_pool(
    community: Community, *, by: Person, now: datetime, of_age: bool, **features: str
) -> PoolPlace:
    """Join the hat: from the end of the trial period one can be drawn, until the term is over."""
    community = Community.objects.select_for_update().get(pk=community.pk)
    today = day(now)
    require(may_join(by, community, today))
    months = community.charter_now().charter.pool_term_months
    place = PoolPlace.objects.create(
        community=community, person=by, of_age=of_age, features=json.dumps(said(features)),
        since=today, until=rules.months_after(today, months),
    )  # fmt: skip
    record(place, "pool_joined", now=now)
    return place


def said(features: dict[str, str]) -> dict[str, str]:
    """Return what a member says of themselves; "rather not say" is an empty value."""
    return dict(sorted(features.items()))


def _own(place: PoolPlace, by: Person) -> PoolPlace:
    found = (
        PoolPlace.objects.select_for_update(of=("self",))
        .select_related("community")
        .live()
        .of(by)
        .filter(pk=place.pk)
        .first()
    )
    if found is None:
        raise Hidden
    return found


@transaction.atomic
def leave_pool(place: PoolPlace, *, by: Person, now: datetime) -> PoolPlace:
    """Leave the hat at once, at any time, without a reason. A seat one holds is not touched."""
    place = _own(place, by)
    place.left_on = day(now)
    place.save(update_fields=["left_on"])
    record(place, "pool_left", now=now)
    return place


@transaction.atomic
def say_features(place: PoolPlace, *, by: Person, now: datetime, **features: str) -> PoolPlace:
    """Say, or say anew, what counts for the quotas. Draws already prepared keep what was said."""
    place = _own(place, by)
    place.features = json.dumps(said(features))
    place.save(update_fields=["features"])
    record(place, "pool_features_said", now=now)
    return place


@transaction.atomic
def stay_away(
    place: PoolPlace, *, by: Person, now: datetime, until: date | None = None
) -> PoolPlace:
    """Be left out of draws through this day; with none, be back from today."""
    place = _own(place, by)
    place.away_until = until
    place.save(update_fields=["away_until"])
    record(place, "pool_away" if until else "pool_back", now=now)
    return place


@transaction.atomic
def choose_news(
    place: PoolPlace, *, by: Person, now: datetime, reach: str, email: str = ""
) -> PoolPlace:
    """Choose how to be told that one was drawn."""
    place = _own(place, by)
    by.reach = reach
    if email:
        by.email = email
    by.save(update_fields=["reach", "email"])
    record(place, "news_chosen", now=now)
    return place


def obstacles_to_stay(place: PoolPlace, today: date) -> list[Obstacle]:
    """Return why the term cannot be renewed yet: only in its last month, or after it."""
    opens = place.until - timedelta(days=30)
    if today < opens:
        return [Obstacle(code="term_runs", cleared_by="nobody", clears_on=opens)]
    return []


@transaction.atomic
def stay_in_pool(place: PoolPlace, *, by: Person, now: datetime) -> PoolPlace:
    """Stay for one more term. Nothing renews by itself."""
    place = _own(place, by)
    refuse_if_any(obstacles_to_stay(place, day(now)))
    months = place.community.charter_now().charter.pool_term_months
    place.until = rules.months_after(max(day(now), place.until), months)
    place.save(update_fields=["until"])
    record(place, "pool_stayed", now=now)
    return place


@transaction.atomic
def declare_tie(place: PoolPlace, *, by: Person, now: datetime, name: str, kind: str) -> NamedTie:
    """Put a tie on file by name. Nobody but the check for conflicts reads it."""
    place = _own(place, by)
    tie = name_tie(by, name=name, kind=kind, today=day(now))
    record(place, "tie_declared", now=now)
    return tie


def name_tie(person: Person, *, name: str, kind: str, today: date) -> NamedTie:
    """Keep a tie by name, once. The answer never says whether somebody has that name."""
    named = NamedTie(person=person, name=name.strip(), kind=kind, from_on=today)
    named.name_index = NamedTie.index_of(named.name)
    same = NamedTie.objects.filter(person=person, name_index=named.name_index, kind=kind).first()
    if same is not None:
        NamedTie.objects.filter(pk=same.pk).update(until=None)
        return same
    named.save(force_insert=True)
    return named


# ── Who of a pool can be drawn ───────────────────────────────────────────────


@dataclass(frozen=True)
class Member:
    """One member of a pool, and why they cannot be drawn today; no reason when they can."""

    place: PoolPlace
    features: dict[str, str]
    reasons: list[Reason] = field(default_factory=list)


def members_of(
    communities: Iterable[Community], *, pool_rules: PoolRules, today: date
) -> list[Member]:
    """Return everybody in these pools with what keeps them out, in a constant number of queries.

    Who is in two of the pools counts once, by the place they have had longest.
    """
    places: dict[Any, PoolPlace] = {}
    rows = (
        PoolPlace.objects.live()
        .in_communities([one.pk for one in communities])
        .select_related("person", "community")
    )
    for place in rows.order_by("since", "pk"):
        places.setdefault(place.person_id, place)
    return members_at(list(places.values()), pool_rules=pool_rules, today=today)


def members_at(places: Sequence[PoolPlace], *, pool_rules: PoolRules, today: date) -> list[Member]:
    """Return who has these places, each of another person, with what keeps them out today."""
    people = [place.person_id for place in places]
    served, in_case = served_by(people), in_open_case(people)
    belong = set(
        Membership.objects.live(today)
        .filter(person__in=people, community__in={place.community_id for place in places})
        .values_list("person_id", "community_id")
    )
    found = []
    for place in sorted(places, key=lambda one: str(one.pk)):
        person_id = place.person_id
        facts = facts_of(
            place, served.get(person_id), in_open_case=person_id in in_case,
            member=(person_id, place.community_id) in belong,
        )  # fmt: skip
        found.append(
            Member(
                place,
                json.loads(place.features) if place.features else {},
                rules.reasons_not_to_draw(facts, pool_rules, today=today),
            )
        )
    return found


@dataclass(frozen=True)
class Served:
    """How often somebody sat on a council, when it last ended, and whether they sit on one now."""

    times: int = 0
    last_ended: date | None = None
    now: bool = False


def served_by(people: list[Any]) -> dict[Any, Served]:
    """Return who of these people has sat on councils. A seat declined does not count."""
    rows = (
        Seat.objects.filter(person__in=people)
        .values("person_id")
        .annotate(
            times=Count("pk", filter=Q(accepted_on__isnull=False)),
            last=Max("ended_on", filter=Q(accepted_on__isnull=False)),
            live=Count("pk", filter=Q(state__in=rules.LIVE_SEATS)),
        )
    )
    return {row["person_id"]: Served(row["times"], row["last"], row["live"] > 0) for row in rows}


def in_open_case(people: list[Any], *, reached: bool = False) -> set[Any]:
    """Return who of these people is a party of an open case; ``reached``: and knows of it."""
    parties = Party.objects.filter(person__in=people, case__state__in=OPEN_STATES)
    if reached:
        parties = parties.filter(reached_on__isnull=False)
    return set(parties.values_list("person_id", flat=True))


def facts_of(
    place: PoolPlace, served: Served | None, *, in_open_case: bool, member: bool = True
) -> MemberFacts:
    """Return what the rules need to know of one member."""
    served = served or Served()
    return MemberFacts(
        since=place.since,
        until=place.until,
        of_age=place.of_age,
        active=place.person.is_active,
        member=member,
        away_until=place.away_until,
        last_seat_ended=served.last_ended,
        seats_served=served.times,
        seated_now=served.now,
        in_open_case=in_open_case,
    )


def pool_rules_of(charter: Any) -> PoolRules:
    """Return the rules about the pool of one charter."""
    return PoolRules(
        trial_months=charter.pool_trial_months,
        rest_days=charter.rest_after_seat_days,
        most_seats=charter.most_seats,
    )


def reasons_for_member(place: PoolPlace, today: date) -> list[Reason]:
    """Return what keeps a member out today, as far as they may know it themselves.

    Who is named in a case, and has not been spoken with yet, does not learn of it here.
    """
    charter = place.community.charter_now().charter
    facts = facts_of(
        place,
        served_by([place.person_id]).get(place.person_id),
        in_open_case=bool(in_open_case([place.person_id], reached=True)),
    )
    return rules.reasons_not_to_draw(facts, pool_rules_of(charter), today=today)
