"""What of houses and placements stands on a person's desk."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from communities.models import Community
from moves.days import in_words
from people.models import Person
from rehabilitation import rules
from rehabilitation.actions import staying
from rehabilitation.models import House, HouseOffice, Placement, SupportMember
from rehabilitation.reading.houses import occupancy_of
from rehabilitation.reading.placements import Lines, lines_of

# ── The desk ─────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Card:
    """Something around placements on a person's desk."""

    id: str
    title: str
    url: str
    lines: Lines


KINDS = ("own", "offices", "council", "houses", "support")


def cards_for(person: Person, today: date, there: Mapping[str, bool]) -> list[Card]:
    """Return what of houses and placements stands on this person's desk, if anything is there."""
    if not any(there[kind] for kind in KINDS):
        return []
    cards = [*_own_cards(person, today), *_house_cards(person, today)]
    shown = {one.id for one in cards}
    council = Placement.objects.for_council(person, today=today).open()
    for one in council.select_related("person", "decision", "house"):
        if str(one.pk) not in shown:
            cards.append(
                Card(str(one.pk), _("A placement before your council"), one.get_absolute_url(),
                     lines_of(one, today))
            )  # fmt: skip
    return [*cards, *_coordinator_cards(person, today), *_support_cards(person, today)]


def what_is_there(person: Person, today: date, **more: QuerySet[Any]) -> dict[str, bool]:
    """Return of which ``KINDS`` anything can stand on this desk: most people have none.

    ``more`` is asked in the same query.
    """
    communities = Community.objects.coordinated_by(person, today)
    asked: dict[str, QuerySet[Any]] = {
        "own": Placement.objects.for_resident(person),
        "offices": HouseOffice.objects.live(today).filter(person=person),
        "council": Placement.objects.for_council(person, today=today).open(),
        "houses": House.objects.open(today).filter(community__in=communities.values("pk")),
        "support": SupportMember.objects.filter(person=person),
        **more,
    }
    found = Person.objects.filter(pk=person.pk).values_list(
        *(Exists(things) for things in asked.values())
    )
    return dict(zip(asked, found.first() or (False,) * len(asked), strict=True))


def _own_cards(person: Person, today: date) -> list[Card]:
    own = Placement.objects.for_resident(person).select_related("decision", "house", "person")
    titles = {"proposed": _("A place is proposed to you"), "guest": _("Your stay as a guest")}

    def title(one: Placement) -> str:
        if one.is_moving(today) and one.move_accepted_on is None:
            return _("You are asked whether you would like to move")
        return titles.get(one.state, _("Your place in a house"))

    return [
        Card(str(one.pk), title(one), one.get_absolute_url(), lines_of(one, today))
        for one in own
        if one.state in (*rules.OPEN, "guest") or (one.has_begun and _recent(one, today))
    ]  # fmt: skip


def _recent(placement: Placement, today: date) -> bool:
    return placement.ended_on is not None and (today - placement.ended_on).days <= 30


def _house_cards(person: Person, today: date) -> list[Card]:
    offices = HouseOffice.objects.live(today).filter(person=person).select_related("house")
    cards = []
    for office in offices:
        places = occupancy_of(office.house, today).words
        theirs = Placement.objects.for_house_staff(person, today=today).select_related("decision")
        waiting = theirs.filter(house=office.house)
        freedoms = [
            one.freedom.on
            for one in waiting.open()
            if one.freedom is not None and one.freedom.on > today
        ]
        coming = theirs.filter(moving_to=office.house)
        freedoms += [one.move_until for one in coming if one.is_moving(today) and one.move_until]
        soonest = min(freedoms, default=None)
        by_when = in_words(soonest, today) if soonest else _("No date is set")
        role = str(office.get_role_display())
        cards.append(
            Card(
                str(office.pk), f"{office.house.name}: {role}", office.house.get_absolute_url(),
                Lines(places, _("See who lives there, and what comes next for each."),
                      _("You"), by_when),
            )
        )  # fmt: skip
    return cards


def _coordinator_cards(person: Person, today: date) -> list[Card]:
    communities = Community.objects.coordinated_by(person, today)
    houses = House.objects.open(today).filter(community__in=communities.values("pk"))
    return [
        Card(
            house.slug, house.name, house.get_absolute_url(),
            Lines(occupancy_of(house, today).words,
                  _("See who serves there and until when."), _("The steward"),
                  _("No date is set")),
        )
        for house in houses
    ]  # fmt: skip


def _support_cards(person: Person, today: date) -> list[Card]:
    return [
        Card(
            f"support-{one.pk}", _("A circle of support"),
            reverse("rehabilitation:support", args=[one.circle_id]),
            Lines(
                _("You go along.") if one.accepted_on else _("You are asked to go along."),
                _("You meet, until its last day."), _("You"),
                in_words(one.circle.until, today),
            ),
        )
        for one in staying.own_circles(person, today)
    ]  # fmt: skip
