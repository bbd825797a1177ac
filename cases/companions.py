"""Who stands beside a party: supporters, and guardians until the eighteenth birthday."""

from datetime import date, datetime

from cases.access import end_place, open_places, require, sync_permissions
from cases.actions import place_in
from cases.models import Case, Consent, Participation, Party
from cases.rules import OPEN_STATES
from cases.writing import changing, day, record
from moves.core import Blocked
from moves.machine import already_moved
from notices.actions import tell
from people.models import Person
from people.rules import last_day_as_minor

ROLES = ("supporter", "guardian")


def add_companion(
    party: Party, *, by: Person, now: datetime, role: str, name: str, language: str
) -> Participation:
    """Give a party a supporter or a guardian, until the eighteenth birthday where known."""
    with changing(party.case_id, by=by, now=now) as (case, who):
        require(who.mediates and case.state in OPEN_STATES)
        party = Party.objects.select_related("person").get(pk=party.pk, case=case)
        until = guardian_until(party, today=day(now)) if role == "guardian" else None
        person = Person.objects.create_without_account(name=name, language=language)
        place = place_in(case, person, role, today=day(now), beside=party, until=until)
        record(case, "companion_added", by=by, now=now, party=str(party.pk), role=role)
        return place


def guardian_until(party: Party, *, today: date) -> date | None:
    """Return the last day of a guardian's place beside this party; None where it is not known.

    Who was named a guardian of somebody of age stays no longer than today.
    """
    born_on = party.person.born_on
    return max(last_day_as_minor(born_on), today) if born_on else None


def companions_of(party: Party, case: Case, today: date) -> list[Participation]:
    """Return who stands beside this party today."""
    return [one for one in open_places(case, *ROLES, today=today) if one.beside_id == party.pk]


def may_end(party: Party, place: Participation, *, own: bool, mediates: bool) -> bool:
    """Say whether one may end this place: a mediator any, a party that of their supporter.

    A guardian is replaced by the mediator: a young person does not stand alone for a day.
    """
    return place.beside_id == party.pk and (mediates or (own and place.role == "supporter"))


def end_companion(party: Party, *, by: Person, now: datetime, place: str) -> Party:
    """End the place of a supporter or guardian. They stop seeing the case at once."""
    with changing(party.case_id, by=by, now=now) as (case, who):
        own = who.party is not None and who.party.pk == party.pk
        require((own or who.mediates) and case.state in OPEN_STATES)
        found = {str(one.pk): one for one in companions_of(party, case, day(now))}
        if place not in found:
            raise Blocked([already_moved()])
        ending = found[place]
        require(may_end(party, ending, own=own, mediates=who.mediates))
        key = f"{case.reference}:place-ended:{ending.pk}"
        end_place(ending, today=day(now))
        if ending.role == "guardian":
            end_guardian_consents(party, now=now)
        record(case, "companion_ended", by=by, now=now, party=str(party.pk), role=ending.role)
        # Without the reference: they can no longer open the case.
        tell(ending.person, "companion_ended", case_reference="", key=key, now=now)
        return party


def end_guardian_consents(party: Party, *, now: datetime) -> None:
    """End what a guardian consented to beside this party: the next one is asked for their own."""
    Consent.objects.filter(party=party, by_guardian=True, ended_at=None).update(ended_at=now)


def grow_up(party: Party, case: Case, *, now: datetime) -> bool:
    """End, in a locked case, what a guardian did beside somebody who came of age by ``now``.

    The place has ended by its own last day; this notes it, once, and tells both.
    Returns False where nothing was left to note.
    """
    born_on = party.person.born_on
    ended = party.companions.filter(role="guardian", until__lt=day(now)).select_related("person")
    if born_on is None or party.person.is_minor(day(now)):
        return False
    noted = False
    for place in ended.filter(until__gte=last_day_as_minor(born_on)):
        key = f"{case.reference}:of-age:{place.pk}"
        told = tell(place.person, "guardian_place_over", case_reference="", key=key, now=now)
        if told is None:
            continue
        noted = True
        end_guardian_consents(party, now=now)
        sync_permissions(case, place.person)
        record(case, "guardian_place_over", by=None, now=now, party=str(party.pk))
        tell(
            party.person, "you_are_of_age", case_reference=case.reference,
            key=f"{key}:theirs", now=now,
            outside=party.reached_on is not None and not party.do_not_write,
        )  # fmt: skip
    return noted
