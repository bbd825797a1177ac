"""Nothing anybody said or wrote around a case is left in the database once it is forgotten."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.apps import apps
from django.db import models

from api.models import IdempotencyKey
from cases.models import Case
from deliberation.models import Circle, Proposal
from deliberation.writing import tell_voices
from journey import actions as across
from journey import clock, forgetting
from notices.models import Notice
from people.models import Person
from records.actions import verify
from records.models import Event
from rehabilitation.models import HouseMeeting, Placement
from tests.factories import NOW, make_person
from tests.journey import everything as e
from tests.journey.fates import FATES, GOES, NOBODY

pytestmark = pytest.mark.django_db

WORLDS = [e.decided, e.placed]
FORGOTTEN = NOW + timedelta(days=1300)


def forget(told: e.Told) -> None:
    """Close a case whatever is open in it, and let its time pass."""
    Placement.objects.filter(case=told.case, state="active").update(
        state="released", ended_on=NOW.date(), why_ended="end_date"
    )
    case = Case.objects.get(pk=told.case.pk)
    across.end_case(case, outcome="without_agreement", by=None, now=e.LATER)
    assert forgetting.due(FORGOTTEN) == {"forgotten": 1}


def fate(where: str) -> str:
    label, _dot, name = where.rpartition(".")
    return FATES[label][name][0]


@pytest.fixture(params=WORLDS, ids=["decided", "placed"])
def told(request: pytest.FixtureRequest) -> e.Told:
    world: Callable[[], e.Told] = request.param
    made = world()
    # She has an account, and lives on in Amends when the case is forgotten.
    Person.objects.filter(pk=made.people["hana"].pk).update(email="hana@example.org")
    return made


def test_no_secret_is_left_but_where_its_fate_says_so(told: e.Told) -> None:
    e.hide(told)
    assert len(told.secrets) > 100
    forget(told)
    left = e.left()
    gone = {(where, pk) for where, pk in left.values() if not fate(where).startswith("stays: ")}
    # What a house is for, and what it adopted as its rule, are the house's and stay with it.
    assert gone == e.of_the_house()


def test_the_record_is_whole_and_what_came_of_it_stays(told: e.Told) -> None:
    proposals = set(Proposal.objects.values_list("pk", "at"))
    assert verify()["breaks"] == []
    forget(told)
    assert verify()["breaks"] == []
    assert Event.objects.filter(code="case_forgotten").count() == 1
    assert set(Proposal.objects.values_list("pk", "at")) == proposals
    assert Case.objects.get(pk=told.case.pk).forgotten_on is not None
    for proposal in Proposal.objects.all():
        assert proposal.text in ("", "x")


def test_no_row_says_any_more_that_somebody_was_a_party_or_lived_there(told: e.Told) -> None:
    rosa = told.people.get("rosa") or told.people["remi"]
    Person.objects.filter(pk=rosa.pk).update(email="rosa@example.org")
    forget(told)
    for person in (told.people["hana"], rosa):
        assert Person.objects.get(pk=person.pk).name
        for label, fields in FATES.items():
            for name, (forgotten, _exported) in fields.items():
                one = apps.get_model(label)._meta.get_field(name)
                if isinstance(one, models.ForeignKey) and forgotten in (NOBODY, GOES):
                    there = apps.get_model(label)._base_manager.filter(**{name: person})
                    assert not there.exists(), (label, name)


def test_who_wrote_for_the_house_or_went_along_is_named_nowhere_any_more() -> None:
    told = e.placed()
    forget(told)
    for name in ("sten", "iris"):
        person = told.people[name]
        assert Person.objects.get(pk=person.pk).name
        assert not person_of("rehabilitation.CheckIn", "by", person)
        assert not person_of("rehabilitation.Incident", "reported_by", person)
        assert not person_of("rehabilitation.Wish", "answered_by", person)
    # Somebody who was here to go along, and for nothing else, is forgotten with it.
    assert Person.objects.get(pk=told.people["friend"].pk).name == ""


def person_of(label: str, name: str, person: Person) -> bool:
    return apps.get_model(label)._base_manager.filter(**{name: person}).exists()


def test_what_was_said_in_a_house_waits_for_the_last_who_lived_there() -> None:
    told = e.placed()
    other = e.another_resident(told)
    forget(told)
    assert {one.minutes for one in HouseMeeting.objects.all()} == {"x"}
    case = Case.objects.get(pk=other.case_id)
    across.end_case(case, outcome="without_agreement", by=None, now=e.LATER)
    assert forgetting.due(FORGOTTEN) == {"forgotten": 1}
    assert {one.minutes for one in HouseMeeting.objects.all()} == {""}
    assert {one.text for one in e.adopted_rules()} == {"x"}


def test_a_resident_was_told_nothing_of_a_house_they_never_lived_in() -> None:
    told = e.placed()
    rosa = told.people["rosa"]
    Person.objects.filter(pk=rosa.pk).update(email="rosa@example.org")
    circle = Circle.objects.get(subject_kind="house")
    tell_voices(circle, "round_opened", key="a round", now=NOW)
    assert Notice.objects.filter(person=rosa, code="round_opened").exists()
    forget(told)
    assert not Notice.objects.filter(person=rosa).exists()


def test_an_answer_of_the_api_is_kept_for_its_days_and_no_longer() -> None:
    person = make_person("Vera")
    for days in (31, 29):
        kept = IdempotencyKey.objects.create(person=person, key=f"{days}", url="/", body="Words.")
        IdempotencyKey.objects.filter(pk=kept.pk).update(created_at=NOW - timedelta(days=days))
    assert clock.run(NOW)["answers_dropped"] == 1
    assert clock.run(NOW)["answers_dropped"] == 0
    assert [one.key for one in IdempotencyKey.objects.all()] == ["29"]


def test_a_steward_keeps_the_ties_they_named() -> None:
    told = e.placed()
    told.people["sten"].named_ties.create(name="Remi Castro", kind="work")
    forget(told)
    assert told.people["sten"].named_ties.count() == 1
