"""What a person takes with them of houses.

Of their own placements, everything that was written of them there; of an assembly, what they said
themselves. Who serves in a house takes their own words, of placements they may read today: words
written in an office are read in it and no longer.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from cases.writing import moment_of
from deliberation.exporting import words_of
from deliberation.models import Circle
from people.models import Person
from rehabilitation.access import Sight
from rehabilitation.models import (
    CheckIn,
    HouseMeeting,
    HouseOffice,
    HouseQuestion,
    Incident,
    Placement,
    Review,
    SupportCircle,
    SupportMeeting,
    TransitionPlan,
    Visit,
    Wish,
)
from rehabilitation.moves import things_of
from rehabilitation.reading import said_of


def own_placements(person: Person, *, today: date) -> list[dict[str, Any]]:
    """Return a person's own placements with what was written there, as their page shows it."""
    found = Placement.objects.for_resident(person).select_related(
        "house", "decision", "case__charter_version"
    )
    return [
        {
            "house": one.house.name,
            "state": one.get_state_display(),
            "from_on": one.starts_on,
            "until": one.ends_on,
            "ended_on": one.ended_on,
            "said_there": [*_stands_on(one), *_said(one, today), *_after(one)],
        }
        for one in found
    ]


def _said(placement: Placement, today: date) -> list[str]:
    lines = []
    for part in things_of(placement, Sight(resident=True)):
        shown = said_of(part, (), today=today)
        words = [shown.title, shown.note]
        words += [f"{shown.text_by}: {shown.text}" if shown.text else ""]
        words += [f"{shown.own_label}: {shown.own}" if shown.own else ""]
        words += [f"{label}: {text}" for label, text in shown.more]
        lines.append(" · ".join(filter(None, words)))
    return lines


def _stands_on(placement: Placement) -> list[str]:
    """Return what a placement stands on: the text its person said yes to, or the lawful order."""
    order = " · ".join(filter(None, (placement.order_number, placement.order_by)))
    said = ((_("What you said yes to"), placement.accepted_text), (_("The lawful order"), order))
    return [f"{label}: {text}" for label, text in said if text]


def _after(placement: Placement) -> list[str]:
    """Return what was written for the time after: the plan, and the circle of support."""
    said = []
    for plan in TransitionPlan.objects.filter(placement=placement):
        said.append((_("The plan for afterwards"), plan.words))
        said.append((_("Your own word on it"), plan.own_word))
    for circle in SupportCircle.objects.filter(placement=placement):
        for meeting in circle.meetings.all():
            held = date_format(meeting.held_on, _("j F Y"))
            label = _("Your circle of support, %(day)s") % {"day": held}
            said.append((label, meeting.words))
    return [f"{label}: {text}" for label, text in said if text]


def own_words(person: Person, *, today: date) -> list[dict[str, Any]]:
    """Return what this person wrote in houses, as {"at", "what", "text"}; no resident's name."""
    houses = _assemblies_of(person)
    found = words_of(person, houses)
    found += [
        {"at": at, "what": what, "text": text}
        for at, what, text in _written(person, today)
        if text.strip()
    ]
    return sorted(found, key=lambda one: one["at"])


def _assemblies_of(person: Person) -> QuerySet[Circle]:
    """Return the assemblies in which somebody had a voice: as a resident, so it stays theirs."""
    return Circle.objects.filter(subject_kind="house", voices__person=person)


def review_words(person: Person, placement: Placement, sight: Sight) -> list[dict[str, Any]]:
    """Return what a member of the council said in the reviews of a placement they may read."""
    if not (sight.council or sight.panel):
        return []
    circles = Circle.objects.filter(
        pk__in=Review.objects.filter(placement=placement).values("circle")
    )
    return words_of(person, circles)


def _written(person: Person, today: date) -> Iterator[tuple[Any, str, str]]:
    """Yield what they wrote: for a house where they serve now, and of meetings they were at."""
    read = {"placement__in": Placement.objects.for_house_staff(person, today=today)}
    for check_in in CheckIn.objects.filter(**read, by=person):
        yield check_in.at, _("A check-in you wrote"), check_in.words
    for visit in Visit.objects.filter(**read, by=person):
        yield visit.at, _("A visit you wrote of"), visit.words
    for incident in Incident.objects.filter(**read, reported_by=person, by_resident=False):
        yield incident.at, _("What you told of something that went wrong"), incident.house_account
    for wish in Wish.objects.filter(**read, answered_by=person):
        yield wish.answered_at or wish.at, _("What you answered to a wish"), wish.answer
    offices = HouseOffice.objects.live(today).filter(person=person)
    houses = set(offices.values_list("house_id", flat=True))
    for visit in Visit.objects.filter(house__in=houses, placement=None, by=person):
        yield visit.at, _("A visit you wrote of"), visit.words
    for struck in HouseQuestion.objects.filter(house__in=houses, struck_on__isnull=False):
        if offices.filter(house=struck.house_id, role="visitor").exists() and struck.struck_on:
            at = moment_of(struck.struck_on)
            yield at, _("Why a rule of the house was struck"), struck.struck_because
    living = Placement.objects.living(today).filter(person=person)
    houses |= set(living.values_list("house_id", flat=True))
    for meeting in HouseMeeting.objects.filter(house__in=houses, by=person):
        yield meeting.at, _("Minutes you wrote"), meeting.minutes
    along = SupportMeeting.objects.filter(
        by=person, circle__members__person=person, circle__members__accepted_on__isnull=False
    )
    for one in along.distinct():
        yield one.at, _("A meeting of a circle of support you wrote of"), one.words
