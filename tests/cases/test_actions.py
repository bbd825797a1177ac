"""Who may do what to a case, when, what changes, and what a stranger sees."""

from datetime import timedelta

import pytest
from django.utils import timezone

from cases import actions
from cases.access import standing
from cases.models import Case, CaseUserObjectPermission, Consent
from journey import actions as across
from moves.core import Blocked, Hidden
from people.models import Tie
from records.models import Event
from tests.factories import (
    NOW,
    TODAY,
    harmed,
    make_case,
    make_case_in_screening,
    make_community,
    make_coordinator,
    make_mediator,
    make_person,
    place_mediator,
    prepare,
    responsible,
)

pytestmark = pytest.mark.django_db


def codes(error):
    return {obstacle.code for obstacle in error.value.obstacles}


def test_accept_moves_the_case_and_leaves_one_event():
    case = make_case()
    coordinator = make_coordinator(case.community)

    actions.accept(case, by=coordinator, now=NOW)

    case.refresh_from_db()
    assert case.state == "screening"
    events = Event.objects.filter(kind="case", subject_id=case.reference).order_by("seq")
    assert [event.code for event in events] == ["case_opened", "case_accepted"]


def test_a_second_accept_is_refused():
    case = make_case()
    coordinator = make_coordinator(case.community)
    actions.accept(case, by=coordinator, now=NOW)

    with pytest.raises(Blocked) as error:
        actions.accept(case, by=coordinator, now=NOW)

    assert codes(error) == {"already_moved"}


def test_a_stranger_and_a_superuser_may_not():
    case = make_case()
    for person in (make_person(), make_person(is_superuser=True), make_mediator()):
        with pytest.raises(Hidden):
            actions.accept(case, by=person, now=NOW)


def test_the_state_cannot_be_set_by_hand():
    case = make_case()
    with pytest.raises(AttributeError):
        case.state = "closed"
    case.refresh_from_db()
    with pytest.raises(AttributeError):
        case.state = "closed"


def test_the_person_harmed_is_reached_first():
    case, mediator = make_case_in_screening()

    with pytest.raises(Blocked) as error:
        actions.reach(responsible(case), by=mediator, now=NOW, how_to_reach="", reach="in_app")

    assert codes(error) == {"harmed_person_not_reached"}


def test_a_party_sees_the_case_only_once_a_mediator_has_spoken_with_them():
    case, mediator = make_case_in_screening()
    party = harmed(case)
    assert not Case.objects.visible_to(party.person, today=TODAY).exists()

    actions.reach(party, by=mediator, now=NOW, how_to_reach="by day", reach="in_app")

    assert Case.objects.visible_to(party.person, today=TODAY).get() == case


def test_withdrawal_always_works_and_freezes_and_ends_every_consent():
    case, mediator = make_case_in_screening()
    prepare(case, mediator)

    actions.withdraw_consent(harmed(case), by=harmed(case).person, now=NOW)

    case.refresh_from_db()
    assert case.frozen_on == TODAY
    assert not Consent.objects.filter(party__case=case, ended_at=None).exists()
    assert "stage_frozen" in {one.code for one in actions.obstacles_to_begin(case, TODAY)}


def test_nobody_can_tell_a_pause_from_a_withdrawal():
    seen = []
    for stop in ("withdraw", "pause"):
        case, mediator = make_case_in_screening()
        prepare(case, mediator)
        if stop == "withdraw":
            actions.withdraw_consent(harmed(case), by=harmed(case).person, now=NOW)
        else:
            actions.pause(case, by=mediator, now=NOW)
        other = responsible(case).person
        events = Event.objects.filter(subject_id=case.reference).order_by("-seq")
        seen.append(
            (
                events[0].code,
                events[0].by,
                [(notice.code, notice.params) for notice in other.notices.all()],
            )
        )
    assert seen[0] == seen[1]


def test_a_frozen_case_goes_on_when_everybody_was_asked_again():
    case, mediator = make_case_in_screening()
    prepare(case, mediator)
    actions.pause(case, by=mediator, now=NOW)

    with pytest.raises(Blocked) as error:
        across.renew_consent(case, by=mediator, now=NOW)
    assert codes(error) == {"consent_missing", "safety_not_reassessed"}

    for party in (harmed(case), responsible(case)):
        actions.assess(party, by=mediator, now=NOW, safe_to_meet=True, answers={}, flags=[])
        actions.give_consent(party, by=party.person, now=NOW, understood=True)
    across.renew_consent(case, by=mediator, now=NOW)

    case.refresh_from_db()
    assert case.frozen_on is None


def test_an_expired_grant_is_dead_at_once():
    case, mediator = make_case_in_screening()
    CaseUserObjectPermission.objects.filter(user=mediator).update(until=TODAY)

    tomorrow = TODAY + timedelta(days=1)
    assert Case.objects.visible_to(mediator, today=TODAY).exists()
    assert not Case.objects.visible_to(mediator, today=tomorrow).exists()
    assert not standing(mediator, case, today=tomorrow).may_see


@pytest.mark.parametrize("direction", ["declared", "named"])
def test_a_tie_closes_the_case_to_whoever_holds_an_office(direction):
    community = make_community()
    coordinator = make_coordinator(community)
    case = make_case(community)
    mediator = place_mediator(case, make_mediator(community))
    for person in (coordinator, mediator):
        ends = (person, harmed(case).person)
        one, other = ends if direction == "declared" else ends[::-1]
        Tie.objects.create(one=one, other=other, kind="kin", from_on=TODAY)

        assert not Case.objects.visible_to(person, today=TODAY).exists()
        assert not standing(person, case, today=TODAY).may_see


def test_the_parents_coordinator_acts_where_the_own_one_is_a_party():
    town = make_community(kind="municipality")
    above = make_coordinator(town)
    community = make_community(parent=town)
    own = make_coordinator(community)
    party = actions.NewParty(role="harmed", name="Cole", person=own)
    case = actions.open_case(
        community=community, title="", account="x", parties=[party], by=None, now=NOW
    )

    assert case.steering == town
    assert Case.objects.visible_to(above, today=TODAY).exists()
    assert not Case.objects.visible_to(own, today=TODAY).exists()


def test_a_failing_record_leaves_nothing(monkeypatch):
    case = make_case()
    coordinator = make_coordinator(case.community)

    def fail(*args, **kwargs):
        raise RuntimeError("no record today")

    monkeypatch.setattr("cases.writing.append", fail)
    with pytest.raises(RuntimeError):
        actions.accept(case, by=coordinator, now=NOW)

    case.refresh_from_db()
    assert case.state == "reported"


def test_no_message_leaves_before_a_mediator_has_spoken_with_them():
    case, mediator = make_case_in_screening()
    for party in (harmed(case), responsible(case)):
        party.person.reach, party.person.email = "email", "someone@example.org"
        party.person.save()
    actions.reach(harmed(case), by=mediator, now=NOW, how_to_reach="", reach="email")

    actions.pause(case, by=mediator, now=timezone.now())

    assert harmed(case).person.notices.get().delivery.way == "email"
    assert not hasattr(responsible(case).person.notices.get(), "delivery")


def test_whoever_is_named_as_a_party_holds_no_office_in_the_case():
    community = make_community()
    both = make_mediator(community)
    make_coordinator(community)
    community.memberships.create(
        person=both, role="coordinator", from_on=TODAY, until=TODAY + timedelta(days=9)
    )
    party = actions.NewParty(role="responsible", name="", person=both)
    case = actions.open_case(
        community=community, title="", account="x", parties=[party], by=None, now=NOW
    )
    place_mediator(case, both)

    assert not Case.objects.visible_to(both, today=TODAY).exists()
    assert not Case.objects.steered_by(both, today=TODAY).exists()
    assert not standing(both, case, today=TODAY).may_see
