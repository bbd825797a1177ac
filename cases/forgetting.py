"""Forgetting: which closed cases are over for good, and what goes of a case and of its people.

What stays is what figures are made of: community, kind, urgency, states, outcome, the days on
which a case was reported, opened, moved and closed, roles, whether somebody was under age, and
amounts. An amount without words says how large harms and reparations are, and names nobody.
What goes is everything somebody said or is called. The day it happened goes too: it is a part
of the story, and no figure is made of it. Sources: principle 13 of the product ("records
expire too"), and the charter ("keep a closed case … then forget; statistics stay").
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import models
from django.db.models import Q

from cases import rules
from cases.models import Case, Consent, Harm, Note, Participation, Party
from cases.writing import day, record
from communities.charter import months_after
from communities.models import CharterVersion
from people.models import Person

LONGEST_MONTH = timedelta(days=31)
# These are in a case for its own sake; whoever mediated or sat on it did so in an office.
INSIDE = (*Participation.BESIDE, "interpreter")


def cases_to_forget(today: date) -> list[UUID]:
    """Return the cases whose time is over by their own charter, the longest closed first.

    Cases that were split are one harm: they are forgotten together, when the last is due.
    """
    due: dict[UUID, date] = {}
    closed = Case.objects.filter(closed_on__isnull=False, forgotten_on=None)
    for version in CharterVersion.objects.all():
        months = version.charter.keep_closed_months
        edge = months_after(today, -months) + LONGEST_MONTH
        rows = closed.filter(charter_version=version, closed_on__lte=edge)
        due |= {
            pk: closed_on
            for pk, closed_on in rows.values_list("pk", "closed_on")
            if closed_on and rules.forgotten_from(closed_on, months) <= today
        }
    waiting = _tied_to_what_stays(due)
    return sorted(due.keys() - waiting, key=lambda pk: (due[pk], pk))


def _tied_to_what_stays(due: Collection[UUID]) -> set[UUID]:
    """Return the cases of split families in which something is not due yet."""
    pairs = Case.objects.filter(
        split_from__isnull=False, forgotten_on=None, split_from__forgotten_on=None
    ).values_list("pk", "split_from_id")
    near: dict[UUID, set[UUID]] = {}
    for one, other in pairs:
        if other is not None:
            near.setdefault(one, set()).add(other)
            near.setdefault(other, set()).add(one)
    stays, ahead = set[UUID](), [pk for pk in near if pk not in due]
    while ahead:
        here = ahead.pop()
        if here not in stays:
            stays.add(here)
            ahead.extend(near[here])
    return stays


def locked_to_forget(pk: UUID) -> Case | None:
    """Return a closed case, locked, None where it was opened again or forgotten meanwhile."""
    closed = Case.objects.select_for_update(of=("self",)).select_related("charter_version")
    return closed.filter(pk=pk, closed_on__isnull=False, forgotten_on=None).first()


def people_inside(case: Case) -> set[UUID]:
    """Return the ids of the parties and of everybody who stood beside one, whenever that was."""
    parties = case.parties.values_list("person_id", flat=True)
    beside = case.participations.filter(role__in=INSIDE).values_list("person_id", flat=True)
    return {*parties, *beside}


def people_named_with(case: Case) -> set[UUID]:
    """Return the ids of the people in what goes with the case, such as who holds a receipt."""
    found: set[UUID] = set()
    for model, of_case in _goes_with_a_case():
        for name in _links_to_people(model):
            rows = model._base_manager.filter(**{of_case: case})
            found |= set(rows.values_list(name, flat=True))
    return found - {None}


def _goes_with_a_case() -> Iterable[tuple[type[models.Model], str]]:
    """Yield what has no life without its case, by the database's own word: it cascades.

    So what a face above keeps of a case, a receipt for one, goes too, and nothing here knows it.
    """
    for relation in Case._meta.related_objects:
        if relation.on_delete is models.CASCADE:
            yield relation.related_model, relation.field.name


def _links_to_people(model: type[models.Model]) -> list[str]:
    return [
        field.attname
        for field in model._meta.concrete_fields
        if field.related_model is Person and isinstance(field, models.ForeignKey)
    ]


def people_of_other_cases(people: Collection[UUID], case: Case) -> set[UUID]:
    """Return who of these people has a place in a case that is not forgotten, beside this one."""
    found: set[UUID] = set()
    others: list[tuple[type[models.Model], str]] = [(Party, "case"), (Participation, "case")]
    for model, of_case in [*others, *_goes_with_a_case()]:
        rows = model._base_manager.filter(**{f"{of_case}__forgotten_on": None})
        rows = rows.exclude(**{of_case: case})
        for name in _links_to_people(model):
            there = rows.filter(**{f"{name}__in": people})
            found |= set(there.values_list(name, flat=True))
    return found


def forget(case: Case, nobodies: Mapping[UUID, Person], *, now: datetime) -> None:
    """Empty a locked case, and leave the event that says so.

    ``nobodies`` are who takes the place of people that live on elsewhere, by their id, so that
    no row says any more that they were a party here.
    """
    today = day(now)
    for party in case.parties.all():
        if party.person_id in nobodies:
            Party.objects.filter(pk=party.pk).update(person=nobodies[party.person_id])
    case.parties.update(
        how_to_reach="", safety_answers="", safety_flags=[], closing_word="", do_not_write=True
    )
    Consent.objects.filter(party__case=case).update(text="", witness="")
    Harm.objects.filter(case=case).update(what="")
    Note.objects.filter(case=case).delete()
    case.participations.filter(role__in=INSIDE).delete()
    for place in case.participations.filter(Q(until=None) | Q(until__gte=today)):
        place.until = max(place.from_on, today - timedelta(days=1))
        place.save(update_fields=["until"])
    for model, of_case in _goes_with_a_case():
        model._base_manager.filter(**{of_case: case}).delete()
    # The mark of an imported row stays: without it, the same file would bring the case back.
    Case.objects.filter(pk=case.pk).update(
        title="", account="", referral="", happened_on=None, forgotten_on=today
    )
    record(case, "case_forgotten", by=None, now=now)
