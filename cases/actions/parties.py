"""What a mediator does with each party: reach, assess, give somebody a place, write down harm."""

import json
from datetime import date, datetime
from typing import Any

from cases import rules
from cases.access import require, sync_permissions
from cases.actions.facts import facts_of, facts_of_party
from cases.models import Case, Harm, Participation, Party
from cases.writing import changing, day, record
from moves.core import Obstacle, refuse_if_any
from people.models import Person
from people.rules import last_day_as_minor


def locked_party(case: Case, party: Party) -> Party:
    """Return this party of this case, read anew and locked. DoesNotExist if it is another's."""
    return (
        Party.objects.select_for_update(of=("self",))
        .select_related("person")
        .get(pk=party.pk, case=case)
    )


def set_contact(
    party: Party, *, by: Person, now: datetime, contact_kind: str, contact: str, language: str
) -> Party:
    """Write down how somebody can be reached and in which language."""
    with changing(party.case_id, by=by, now=now) as (case, who):
        require(who.mediates)
        party = locked_party(case, party)
        person = party.person
        person.contact_kind, person.contact, person.language = contact_kind, contact, language
        person.save(update_fields=["contact_kind", "contact", "language"])
        record(case, "contact_noted", by=by, now=now, party=str(party.pk))
        return party


def obstacles_to_reach(party: Party, case: Case, today: date) -> list[Obstacle]:
    """Return why this party may not be contacted yet."""
    facts = facts_of(case, today)
    mine = facts_of_party(party, case, today)
    found = rules.obstacles_to_reach(mine, facts)
    if not mine.has_contact:
        found.append(Obstacle(code="contact_missing", cleared_by="mediator"))
    if case.frozen_on:
        found.append(rules.stage_frozen())
    return found


def reach(
    party: Party, *, by: Person, now: datetime, how_to_reach: str, reach: str, minor: bool = False,
    born_on: date | None = None,
) -> Party:  # fmt: skip
    """Note that a mediator has spoken with somebody and how they may safely be reached.

    With the birth date, a guardian's place gets its last day.
    """
    with changing(party.case_id, by=by, now=now) as (case, who):
        require(who.mediates and case.state in rules.OPEN_STATES)
        party = locked_party(case, party)
        refuse_if_any(obstacles_to_reach(party, case, day(now)))
        party.reached_on, party.how_to_reach = day(now), how_to_reach
        party.minor = minor or party.minor
        party.save(update_fields=["reached_on", "how_to_reach", "minor"])
        party.person.reach = reach
        party.person.born = born_on.isoformat() if born_on else party.person.born
        party.person.save(update_fields=["reach", "born"])
        end_guardians_in_time(party)
        if party.role == Party.Role.HARMED:
            Case.objects.filter(pk=case.pk).update(harmed_asked_on=day(now))
        place_in(case, party.person, party.role, today=day(now))
        record(case, "party_reached", by=by, now=now, party=str(party.pk))
        return party


def end_guardians_in_time(party: Party) -> None:
    """Give each guardian beside this person their last day, where the birth date is known."""
    if party.person.born_on is None:
        return
    last = last_day_as_minor(party.person.born_on)
    open_ended = Participation.objects.filter(
        beside__person=party.person, role="guardian", until=None
    )
    for place in open_ended.select_related("person", "case"):
        place.until = max(last, place.from_on)
        place.save(update_fields=["until"])
        sync_permissions(place.case, place.person)


def place_in(
    case: Case, person: Person, role: str, *, today: date, beside: Party | None = None,
    until: date | None = None,
) -> Participation:  # fmt: skip
    """Give somebody a place in a case, and the permissions that go with it."""
    place, _made = Participation.objects.get_or_create(
        case=case, person=person, role=role, until=until,
        defaults={"from_on": today, "beside": beside},
    )  # fmt: skip
    sync_permissions(case, person)
    return place


def assess(
    party: Party, *, by: Person, now: datetime, safe_to_meet: bool, answers: dict[str, str],
    flags: list[str],
) -> Party:  # fmt: skip
    """Write down a safety assessment. Only mediators and the coordinator read it."""
    with changing(party.case_id, by=by, now=now) as (case, who):
        require(who.mediates and case.state in rules.OPEN_STATES)
        party = locked_party(case, party)
        party.assessed_on, party.safe_to_meet = day(now), safe_to_meet
        party.safety_answers = json.dumps(answers, ensure_ascii=False)
        party.safety_flags = sorted(flags)
        party.save(update_fields=["assessed_on", "safe_to_meet", "safety_answers", "safety_flags"])
        record(case, "safety_assessed", by=by, now=now, party=str(party.pk))
        return party


def state_harm(
    party: Party, *, by: Person, now: datetime, what: str, unit: str, amount: Any = None
) -> Harm:
    """Write down what a person harmed says was lost."""
    with changing(party.case_id, by=by, now=now) as (case, who):
        own = who.party is not None and who.party.pk == party.pk
        require((own or who.mediates) and party.role == Party.Role.HARMED)
        require(case.state in ("screening", "mediation", "council"))
        harm = Harm.objects.create(
            case=case, party=party, what=what, unit=unit, amount=amount, stated_on=day(now)
        )
        record(case, "harm_stated", by=by, now=now, harm=str(harm.pk))
        return harm
