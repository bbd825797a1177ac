"""Recall: heard first, decided by the members without the person, and effective at once."""

from datetime import timedelta

import pytest
from django.test import Client

from cases.access import standing
from cases.actions import place_in
from cases.models import Case
from communities.actions import recalling
from communities.models import Membership
from deliberation.models import Voice
from journey.recalls import end_places
from moves.core import Blocked, Hidden
from notices.models import Notice
from people.models import Licence
from records.models import Event
from tests.communities.people import DAY, all_consent, fresh, make_home, proposal_of, tick
from tests.factories import NOW, TODAY, make_case, make_person, place_mediator

pytestmark = pytest.mark.django_db


def in_office(home, person, role="coordinator", **fields):
    values = {"from_on": TODAY - timedelta(days=100), "until": TODAY + timedelta(days=200)}
    return home.memberships.create(person=person, role=role, **{**values, **fields})


def recall(home, by, whom, office="coordinator", now=NOW):
    return recalling.propose_recall(
        home, by=by, now=now, whom=f"{office}:{whom.pk}", reason="They open every letter."
    )


def test_the_person_is_heard_first_and_has_no_voice_on_it() -> None:
    home, people = make_home(5)
    in_office(home, people[4])
    question = recall(home, people[0], people[4])
    assert question.state == "hearing"
    assert not question.askings.exists()
    assert Notice.objects.get(code="please_be_heard").person == people[4]
    with pytest.raises(Hidden):
        recalling.be_heard(question, by=people[1], now=NOW, word="Not mine to say.")
    recalling.be_heard(question, by=people[4], now=NOW + DAY, word="I did not.")
    assert fresh(question).word == "I did not."
    assert not Voice.objects.filter(person=people[4]).exists()
    assert proposal_of(question).circle.voices.count() == 4


def test_what_is_adopted_counts_at_once() -> None:
    home, people = make_home(5)
    place = in_office(home, people[4])
    question = recall(home, people[0], people[4])
    recalling.be_heard(question, by=people[4], now=NOW, word="")
    today = (NOW + 2 * DAY).date()
    assert home.memberships.coordinating(today).exists()
    all_consent(question, people[:4], now=NOW)
    assert not home.memberships.coordinating(today).exists()
    place = Membership.objects.get(pk=place.pk)
    assert (place.until, place.recalled_on) == (today - timedelta(days=1), today)
    assert home.memberships.live(today).filter(person=people[4], role="member").exists()


@pytest.mark.parametrize("office", ["process_guardian", "steward", "auditor"])
def test_every_office_can_be_recalled(office: str) -> None:
    home, people = make_home(5)
    in_office(home, people[4], office)
    question = recall(home, people[0], people[4], office)
    recalling.be_heard(question, by=people[4], now=NOW, word="")
    now = all_consent(question, people[:4], now=NOW)
    assert not home.memberships.in_office(now.date()).exists()


def test_an_office_that_began_the_same_day_never_lasted_a_day() -> None:
    home, people = make_home(5)
    in_office(home, people[4], from_on=TODAY + timedelta(days=2))
    in_office(home, people[4])
    question = recall(home, people[0], people[4])
    recalling.be_heard(question, by=people[4], now=NOW, word="")
    now = all_consent(question, people[:4], now=NOW)
    assert not home.memberships.coordinating(now.date()).exists()
    assert home.memberships.filter(role="coordinator").count() == 1


def test_silence_does_not_hold_it_up() -> None:
    home, people = make_home(5)
    in_office(home, people[4])
    question = recall(home, people[0], people[4])
    tick(NOW + 6 * DAY)
    assert fresh(question).state == "hearing"
    tick(NOW + 7 * DAY)
    found = fresh(question)
    assert (found.state, found.word, found.word_at) == ("deciding", "", None)
    with pytest.raises(Hidden):
        recalling.be_heard(question, by=people[4], now=NOW + 7 * DAY, word="Too late.")


def test_who_can_be_named() -> None:
    home, people = make_home(5)
    in_office(home, people[4])
    people[3].licences.create(from_on=TODAY, until=TODAY + timedelta(days=90))
    named = recalling.could_recall(home, people[0], TODAY)
    assert {(office, one.pk) for office, one in named} == {
        ("coordinator", people[4].pk), ("mediator", people[3].pk)
    }  # fmt: skip
    assert [one[0] for one in recalling.could_recall(home, people[4], TODAY)] == ["mediator"]
    for whom, office in ((people[1], "coordinator"), (people[4], "member"), (people[4], "steward")):
        with pytest.raises(Hidden):
            recall(home, people[0], whom, office)
    recall(home, people[0], people[4])
    with pytest.raises(Blocked, match="asked_already"):
        recall(home, people[1], people[4])


def test_somebody_from_outside_needs_a_member_to_take_it_up() -> None:
    home, people = make_home(5)
    in_office(home, people[4])
    outside = make_person("Had to do with them")
    question = recalling.bring_recall(
        home, by=outside, now=NOW, whom=f"coordinator:{people[4].pk}", reason="Every letter."
    )
    assert question.state == "brought"
    assert Notice.objects.filter(code="recall_brought").count() == 4, "not whom it is about"
    for nobody in (outside, people[4]):
        with pytest.raises(Hidden):
            recalling.take_up_recall(question, by=nobody, now=NOW)
    recalling.take_up_recall(question, by=people[1], now=NOW)
    recalling.be_heard(question, by=people[4], now=NOW, word="No.")
    proposal = proposal_of(question)
    assert proposal.author.person == people[1]
    assert not proposal.circle.voices.filter(person=outside).exists()


def test_what_nobody_takes_up_lapses() -> None:
    home, people = make_home(5)
    in_office(home, people[4])
    question = recalling.bring_recall(
        home, by=make_person("Outside"), now=NOW, whom=f"coordinator:{people[4].pk}", reason="x"
    )
    tick(NOW + 40 * DAY)
    found = fresh(question)
    assert (found.state, found.ended_at) == ("lapsed", NOW + 14 * DAY)


def mediating(home, person):
    person.licences.create(from_on=TODAY - timedelta(days=90), until=TODAY + timedelta(days=90))
    case = make_case(home)
    place_mediator(case, person)
    return case


def test_a_recalled_mediator_is_a_stranger_to_their_case_the_same_second() -> None:
    home, people = make_home(5)
    case = mediating(home, people[4])
    client = Client()
    client.force_login(people[4])
    url = case.get_absolute_url()
    question = recall(home, people[0], people[4], "mediator")
    recalling.be_heard(question, by=people[4], now=NOW, word="")
    assert client.get(url).status_code == 200
    now = all_consent(question, people[:4], now=NOW)
    assert Licence.objects.get().recalled_on == now.date()
    assert client.get(url).status_code == 404
    assert client.get(f"{url}party/{case.parties.first().pk}/reach/").status_code == 404
    seen = Case.objects.visible_to(people[4], today=now.date())
    assert not seen.exists()
    assert not seen.held_by(people[4], today=now.date(), permission="mediate_case").exists()


def test_a_recalled_mediator_has_no_power_where_they_are_something_else_too() -> None:
    home, people = make_home(5)
    case = mediating(home, people[4])
    place_in(case, people[4], "interpreter", today=TODAY)
    assert standing(people[4], case, today=TODAY).mediates
    Licence.objects.update(recalled_on=TODAY)
    who = standing(people[4], case, today=TODAY)
    assert (who.may_see, who.mediates) == (True, False)


def test_a_new_licence_is_a_new_beginning() -> None:
    home, people = make_home(5)
    case = mediating(home, people[4])
    Licence.objects.update(recalled_on=TODAY)
    visible = Case.objects.visible_to(people[4], today=TODAY)
    assert not visible.exists()
    people[4].licences.create(from_on=TODAY, until=TODAY + timedelta(days=90))
    assert Case.objects.visible_to(people[4], today=TODAY).get() == case


def test_a_recalled_mediator_keeps_what_is_theirs_as_a_supporter() -> None:
    from_cases = make_home(5)
    home, people = from_cases
    case = mediating(home, people[4])
    case.participations.create(person=people[4], role="interpreter", from_on=TODAY)
    Licence.objects.update(recalled_on=TODAY)
    assert Case.objects.visible_to(people[4], today=TODAY).exists()


def test_the_clock_ends_the_places_of_who_was_recalled_and_tells_who_steers() -> None:
    home, people = make_home(5)
    case = mediating(home, people[4])
    in_office(home, people[3])
    Licence.objects.update(recalled_on=TODAY)
    assert end_places(NOW) == 1
    assert end_places(NOW) == 0
    assert not case.participations.filter(role="mediator", until=None).exists()
    told = Notice.objects.filter(code="mediator_recalled", case_reference=case.reference)
    assert [one.person for one in told] == [people[3]]
    assert Event.objects.filter(code="mediator_released", subject_id=case.reference).count() == 1
