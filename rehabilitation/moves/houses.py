"""What can be done in a house, and in its assembly."""

from collections.abc import Iterator
from datetime import datetime
from functools import partial

from cases.writing import day
from moves.core import Move
from people.models import Person
from rehabilitation import forms
from rehabilitation.access import HouseSight
from rehabilitation.actions import houses
from rehabilitation.models import House, HouseOffice, HouseQuestion


def moves_on_house(
    house: House, person: Person, sight: HouseSight, *, now: datetime
) -> Iterator[Move]:
    """Yield what this person can do in a house today."""
    today = day(now)
    one = partial(Move, subject=house, part="house", part_id=house.slug)
    if sight.resident:
        yield from _of_residents(house, one, now)
    if sight.resident or sight.steward:
        yield one(name="write_minutes", act=houses.write_minutes, form=forms.MinutesForm)
    if sight.visitor:
        yield one(name="visit_house", act=houses.visit_house, form=partial(forms.VisitForm, True))
    if sight.coordinates:
        elected = bool(houses.obstacles_to_name(house, HouseOffice.Role.STEWARD, today))
        form = partial(forms.OfficeForm, houses.candidates(house, today), elected)
        yield one(name="name_office", act=houses.name_office, form=form)
    if sight.steward or sight.visitor:
        yield one(name="step_down", act=houses.step_down, careful=True)


def _of_residents(house: House, one: "partial[Move]", now: datetime) -> Iterator[Move]:
    today = day(now)
    blocked = houses.obstacles_to_ask(house, today)
    stewards = [
        office.person
        for office in HouseOffice.objects.stewards(today)
        .filter(house=house)
        .select_related("person")
    ]
    for name, kind, form in (
        ("propose_rule", "rule", forms.RuleForm),
        ("propose_places", "places", forms.PlacesForm),
        (
            "propose_steward",
            "steward",
            partial(forms.StewardForm, houses.candidates(house, today)),
        ),
        ("propose_recall", "recall", partial(forms.StewardForm, stewards)),
    ):
        if name == "propose_recall" and not stewards:
            continue
        yield one(name=name, act=partial(houses.ask_house, kind=kind), form=form, obstacles=blocked)


def moves_on_question(
    question: HouseQuestion, sight: HouseSight, *, now: datetime
) -> Iterator[Move]:
    """Yield what can be done to a rule: a resident asks that it goes, the visitor strikes it."""
    one = partial(Move, subject=question, part="question", part_id=str(question.pk))
    if houses.may_ask_repeal(question, resident=sight.resident):
        yield one(
            name="propose_repeal",
            act=houses.propose_repeal,
            form=forms.RepealForm,
            obstacles=houses.obstacles_to_ask(question.house, day(now)),
        )
    if houses.may_strike(question, visitor=sight.visitor):
        yield one(name="strike_rule", act=houses.strike_rule, form=forms.StrikeForm, careful=True)
