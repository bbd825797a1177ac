"""An export holds what somebody said and what is theirs to read, and no secret of anybody else."""

import io
import json
import zipfile
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.apps import apps

from cases.models import Case
from councils.models import Seat
from journey import actions, forgetting
from journey.exporting import export
from people.models import Person
from rehabilitation.models import HouseOffice
from tests.journey import everything as e
from tests.journey.fates import FATES

pytestmark = pytest.mark.django_db

# Whose word a row is, where it is one person's alone: the way to them from the row.
SAID_BY = {
    "deliberation.Amendment.text": "by__person",
    "deliberation.Concern.text": "holders__voice__person",
    "deliberation.Objection.why": "position__turn__voice__person",
    "deliberation.Remark.text": "voice__person",
    "deliberation.SettingAside.reason": "by__person",
    "deliberation.Turn.word": "voice__person",
    "deliberation.Turn.answer": "round__process__proposal__author__person",
    "councils.PlanChange.typed": "amendment__by__person",
    "councils.PoolPlace.features": "person",
    # Both sides read what either says of a decision.
    "councils.Appeal.words": "decision__council__case__parties__person",
    "councils.Invitation.needs": "party__person",
    "councils.Word.text": "party__person",
    "cases.Consent.text": "party__person",
    "agreements.Entry.note": "by",
    "people.Person.contact": "pk",
    "rehabilitation.HouseMeeting.minutes": "by",
}
# What a resident alone takes with them, beside what others wrote of them.
RESIDENTS = {
    "rehabilitation.CheckIn.own_word", "rehabilitation.Incident.own_account",
    "rehabilitation.Measure.aim", "rehabilitation.Measure.own_word",
    "rehabilitation.Placement.accepted_text", "rehabilitation.Placement.order_number",
    "rehabilitation.PlacementChallenge.words", "rehabilitation.Review.own_word",
    "rehabilitation.TransitionPlan.own_word", "rehabilitation.Wish.words",
}  # fmt: skip


def unzip(person: Person) -> dict[str, str]:
    content = export(Person.objects.get(pk=person.pk), now=e.LATER)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {
            name: archive.read(name).decode()
            for name in archive.namelist()
            if name.endswith((".json", ".html"))
        }


def taken(person: Person) -> set[str]:
    """Return every secret that stands in what this person takes with them, but for the PDFs."""
    with time_machine.travel(e.LATER, tick=False):
        return {said for text in unzip(person).values() for said in e.SECRET.findall(text)}


def persons(where: str, pk: Any) -> set[Any]:
    """Return the ids of the people whose word one row is."""
    model = apps.get_model(where.rpartition(".")[0])
    return set(model._base_manager.filter(pk=pk).values_list(SAID_BY[where], flat=True))


def exported(where: str) -> str:
    label, _dot, name = where.rpartition(".")
    return FATES[label][name][1]


def given(world: Callable[[], e.Told]) -> set[str]:
    """Check every export of a world, and return the fields found in any."""
    told = e.hide(world())
    by_name = {name: taken(person) for name, person in told.people.items()}
    return {
        where
        for said, (where, pk) in told.secrets.items()
        if is_whose_it_is(
            told, where, pk, {name for name, theirs in by_name.items() if said in theirs}
        )
    }


def is_whose_it_is(told: e.Told, where: str, pk: Any, who: set[str]) -> bool:
    """Hold who takes one secret against whose it is; say whether anybody does."""
    if who:
        assert exported(where).startswith("theirs: "), (where, who)
    if where in SAID_BY:
        whose = persons(where, pk)
        own = {name for name, person in told.people.items() if person.pk in whose}
        assert who == own, (where, who, own)
    if where in RESIDENTS:
        assert who == {"rosa"}, (where, who)
    return bool(who)


def test_each_takes_their_own_words_and_nobody_elses() -> None:
    found = given(e.decided) | given(e.placed)
    stated = {
        f"{label}.{name}"
        for label, fields in FATES.items()
        for name, (_forgotten, whose) in fields.items()
        if whose.startswith("theirs: ") and e.hides(label, name)
    }
    # What is stated to be somebody's is truly given to somebody.
    assert stated - found == set()


def test_a_seat_that_ended_takes_no_words_of_its_council() -> None:
    told = e.hide(e.decided())
    member = told.people["member1"]
    [mine] = told.of("deliberation.Objection.why")
    assert mine in taken(member)
    Seat.objects.filter(person=member).update(state="ended", ended_on=e.LATER.date())
    assert mine not in taken(member)


def test_who_no_longer_serves_in_a_house_takes_no_words_of_it() -> None:
    told = e.hide(e.placed())
    sten = told.people["sten"]
    [wrote] = told.of("rehabilitation.CheckIn.words")
    assert wrote in taken(sten)
    HouseOffice.objects.filter(person=sten).update(ended_on=e.LATER.date())
    assert taken(sten) & set(told.secrets) <= set(told.of("people.Person.name")) | set(
        told.of("people.Person.contact")
    )


def test_a_mediator_takes_the_notes_they_wrote_and_not_what_was_told_to_them() -> None:
    told = e.hide(e.decided())
    mara = told.people["mara"]
    theirs = {told.secrets[said][0] for said in taken(mara)}
    assert "cases.Note.text" in theirs
    assert not theirs & {
        "cases.Party.safety_answers", "cases.Party.closing_word", "cases.Case.account",
        "cases.Harm.what", "councils.Decision.account", "agreements.Agreement.account",
    }  # fmt: skip
    said = json.loads(unzip_at(mara)["data.json"])["said"]
    assert {one["case"] for one in said} == {told.case.reference}


def unzip_at(person: Person) -> dict[str, str]:
    with time_machine.travel(e.LATER, tick=False):
        return unzip(person)


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "Your objection"), ("es", "Tu objeción"), ("ar", "اعتراضك")],
)
def test_what_it_is_is_said_in_their_language(language: str, said: str) -> None:
    told = e.decided()
    member = told.people["member1"]
    Person.objects.filter(pk=member.pk).update(language=language)
    assert said in unzip_at(member)["index.html"]


def test_after_it_is_forgotten_nobody_takes_anything_of_it() -> None:
    told = e.hide(e.decided())
    case = Case.objects.get(pk=told.case.pk)
    actions.end_case(case, outcome="without_agreement", by=None, now=e.LATER)
    forgetting.due(e.LATER + timedelta(days=1300))
    for name in ("mara", "member0", "member1"):
        theirs = {told.secrets[one][0] for one in taken(told.people[name])}
        assert {where.split(".")[0] for where in theirs} <= {"people", "councils", "communities"}
        assert {one for one in theirs if one.startswith("councils.")} <= {
            "councils.PoolPlace.features"
        }
