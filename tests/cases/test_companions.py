"""Who stands beside a party: until when, who ends it, what they are told."""

from datetime import date, timedelta

import pytest

from cases import actions, companions
from cases.access import standing
from cases.models import Case, Consent, Participation
from journey import clock
from journey.moves import moves_on, who_and_parts
from moves.core import Blocked, Hidden
from notices.models import Notice
from people.models import Tie
from records.models import Event
from tests.factories import (
    NOW,
    TODAY,
    harmed,
    make_case_in_screening,
    make_person,
    responsible,
)

pytestmark = pytest.mark.django_db

# Eighteen on 30 March 2026, ten days from TODAY.
BORN = date(2008, 3, 30)
LAST = date(2026, 3, 29)


def later(days):
    return NOW + timedelta(days=days)


@pytest.fixture
def young():
    """A case with a young person harmed and their guardian."""
    case, mediator = make_case_in_screening()
    hers = harmed(case)
    actions.reach(hers, by=mediator, now=NOW, how_to_reach="", reach="in_app", minor=True)
    place = companions.add_companion(
        hers, by=mediator, now=NOW, role="guardian", name="Gita", language="es"
    )
    return Case.objects.get(pk=case.pk), mediator, harmed(case), place


def born(party, mediator, born_on=BORN):
    actions.reach(party, by=mediator, now=NOW, how_to_reach="", reach="in_app", born_on=born_on)


def test_a_guardian_named_for_somebody_whose_birth_date_is_known_stays_until_the_day_before(young):
    case, mediator, hers, _place = young
    born(hers, mediator)
    second = companions.add_companion(
        harmed(case), by=mediator, now=NOW, role="guardian", name="Gus", language="en"
    )
    assert second.until == LAST


def test_a_birth_date_learned_later_gives_the_place_its_last_day(young):
    case, mediator, hers, place = young
    born(hers, mediator)
    place.refresh_from_db()
    assert place.until == LAST
    assert standing(place.person, case, today=LAST).guards
    assert not standing(place.person, case, today=LAST + timedelta(days=1)).may_see


def test_the_clock_notes_the_end_once_and_the_young_person_goes_on_alone(young):
    case, mediator, hers, place = young
    born(hers, mediator)
    actions.give_consent_as_guardian(hers, by=place.person, now=NOW, understood=True)
    before = {one.code for one in actions.obstacles_to_begin(fresh(case), LAST)}
    for _again in range(2):
        clock.run(later(20))
    over = Event.objects.get(code="guardian_place_over")
    assert over.at.astimezone().date() == LAST + timedelta(days=1)
    assert not Consent.objects.filter(by_guardian=True, ended_at=None).exists()
    assert Notice.objects.get(code="guardian_place_over").person == place.person
    assert Notice.objects.get(code="you_are_of_age").person == hers.person
    after = {one.code for one in actions.obstacles_to_begin(fresh(case), LAST + timedelta(days=1))}
    assert "consent_missing" in before
    assert "consent_missing" in after
    assert "guardian_consent_missing" not in after


def test_the_clock_sets_the_last_day_of_a_place_that_has_none(young):
    _case, _mediator, hers, place = young
    hers.person.born = BORN.isoformat()
    hers.person.save(update_fields=["born"])
    clock.run(NOW)
    place.refresh_from_db()
    assert place.until == LAST


def test_a_guardian_who_was_replaced_is_not_said_to_have_come_to_an_end_by_age(young):
    _case, mediator, hers, place = young
    born(hers, mediator)
    companions.end_companion(hers, by=mediator, now=later(2), place=str(place.pk))
    clock.run(later(20))
    assert not Event.objects.filter(code="guardian_place_over").exists()


def fresh(case):
    return Case.objects.get(pk=case.pk)


def test_a_guardian_tied_to_the_other_side_consents_to_nothing_and_is_replaced(young):
    case, mediator, hers, place = young
    Tie.objects.create(one=place.person, other=responsible(case).person, kind="kin", from_on=TODAY)
    who, parts = who_and_parts(fresh(case), place.person, today=TODAY)
    [part] = [part for part in parts if part.id == str(hers.pk)]
    moves = {one.name: one for one in moves_on(part, case, place.person, who, today=TODAY)}
    assert [one.code for one in moves["give_consent_as_guardian"].obstacles] == [
        "guardian_conflict"
    ]
    with pytest.raises(Blocked) as error:
        actions.give_consent_as_guardian(hers, by=place.person, now=NOW, understood=True)
    assert [one.code for one in error.value.obstacles] == ["guardian_conflict"]

    companions.end_companion(hers, by=mediator, now=later(1), place=str(place.pk))
    companions.add_companion(
        hers, by=mediator, now=later(1), role="guardian", name="Gus", language="en"
    )
    found = {one.code for one in actions.obstacles_to_begin(fresh(case), TODAY + timedelta(days=1))}
    assert "guardian_conflict" not in found
    assert not standing(place.person, fresh(case), today=TODAY + timedelta(days=1)).may_see


def test_a_party_ends_the_place_of_a_supporter_and_never_of_a_guardian(young):
    case, mediator, hers, place = young
    sami = companions.add_companion(
        hers, by=mediator, now=NOW, role="supporter", name="Sami", language="en"
    )
    with pytest.raises(Hidden):
        companions.end_companion(hers, by=hers.person, now=later(1), place=str(place.pk))
    theirs = responsible(case)
    actions.place_in(case, theirs.person, "responsible", today=TODAY)
    with pytest.raises(Hidden):
        companions.end_companion(hers, by=theirs.person, now=later(1), place=str(sami.pk))
    companions.end_companion(hers, by=hers.person, now=later(1), place=str(sami.pk))
    with pytest.raises(Blocked):
        companions.end_companion(hers, by=hers.person, now=later(1), place=str(sami.pk))
    assert Participation.objects.get(pk=sami.pk).until == TODAY
    assert Participation.objects.get(pk=place.pk).until is None
    assert Notice.objects.get(code="companion_ended").case_reference == ""


def test_who_stands_beside_is_told_what_their_party_is_told_in_the_way_they_chose(young):
    case, mediator, hers, place = young
    sami = companions.add_companion(
        hers, by=mediator, now=NOW, role="supporter", name="Sami", language="ar"
    )
    sami.person.reach, sami.person.email = "email", "sami@example.org"
    sami.person.save()
    actions.pause(case, by=mediator, now=NOW)
    told = Notice.objects.filter(code="stage_frozen")
    assert {place.person_id, sami.person_id} <= {one.person_id for one in told}
    assert told.get(person=sami.person).delivery.way == "email"
    assert not hasattr(told.get(person=place.person), "delivery")


def test_what_is_asked_of_the_party_alone_is_told_to_nobody_beside_them(young):
    _case, mediator, hers, place = young
    actions.ask_closing_word(hers, by=mediator, now=NOW)
    assert Notice.objects.get(code="closing_word_asked").person == hers.person
    assert not place.person.notices.filter(code="closing_word_asked").exists()


def test_nothing_leaves_amends_for_who_stands_beside_somebody_not_to_be_written_to():
    case, mediator = make_case_in_screening()
    hers = harmed(case)
    beside = make_person("Sami", reach="email", email="sami@example.org")
    actions.place_in(case, beside, "supporter", today=TODAY, beside=hers)
    actions.pause(case, by=mediator, now=NOW)
    assert not hasattr(beside.notices.get(code="stage_frozen"), "delivery")
