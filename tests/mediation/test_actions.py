"""Mediation with a database: who may, what stands in the way, and what comes of it."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest

from cases import actions as case_actions
from cases.access import standing
from cases.models import Case, Consent, Note, Party
from communities.models import Community, Membership
from mediation import actions, moves, wording
from mediation.models import Mediation
from moves.core import Blocked, Hidden, Move
from notices.models import Notice
from people.models import Licence, Person, Tie
from records.models import Event

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
TODAY = date(2026, 3, 10)
EVER = date(2027, 3, 10)


@dataclass
class House:
    case: Case
    cole: Person
    mara: Person
    harmed: Party
    responsible: Party


def licensed(name: str, **licence: object) -> Person:
    person = Person.objects.create_user(name, name=name)
    defaults = {"from_on": date(2026, 1, 1), "until": EVER}
    Licence.objects.create(person=person, **{**defaults, **licence})
    return person


@pytest.fixture
def house() -> House:
    community = Community.objects.create(slug="oak", name="Oak")
    cole = Person.objects.create_user("cole", name="Cole")
    Membership.objects.create(
        community=community, person=cole, role="coordinator", from_on=TODAY, until=EVER
    )
    mara = licensed("mara")
    case = case_actions.open_case(
        community=community,
        title="A bicycle",
        account="It was taken.",
        parties=[
            case_actions.NewParty(role="harmed", name="Hana", contact_kind="phone", contact="1"),
            case_actions.NewParty(role="responsible", name="Remi", contact_kind="phone"),
        ],
        by=cole,
        now=NOW,
    )
    case_actions.accept(case, by=cole, now=NOW)
    case = Case.objects.get(pk=case.pk)
    return House(
        case=case, cole=cole, mara=mara,
        harmed=case.parties.get(role="harmed"), responsible=case.parties.get(role="responsible"),
    )  # fmt: skip


def ready(house: House) -> None:
    """Assign Mara, reach, assess and ask both sides."""
    actions.assign_mediator(house.case, by=house.cole, now=NOW, mediator=house.mara)
    for party in (house.harmed, house.responsible):
        case_actions.reach(party, by=house.mara, now=NOW, how_to_reach="By day", reach="in_app")
        case_actions.assess(party, by=house.mara, now=NOW, safe_to_meet=True, answers={}, flags=[])
        case_actions.take_consent_on_paper(party, by=house.mara, now=NOW, witness="W")


@pytest.fixture
def begun(house: House) -> Mediation:
    ready(house)
    return actions.begin_mediation(house.case, by=house.mara, now=NOW)


def yielded(house: House, person: Person, now: datetime = NOW) -> dict[str, Move]:
    case = Case.objects.get(pk=house.case.pk)
    who = standing(person, case, today=now.date())
    found = list(moves.moves_on_case(case, person, who, today=now.date()))
    mediation = actions.current(case)
    if mediation:
        found += moves.moves_on_mediation(mediation, person, who, today=now.date())
    return {move.name: move for move in found}


def codes(obstacles: list) -> set[str]:
    return {one.code for one in obstacles}


def events(case: Case) -> list[str]:
    found = Event.objects.filter(subject_id=case.reference).order_by("seq")
    return list(found.values_list("code", flat=True))


def test_who_can_is_offered_by_language_then_load(house: House) -> None:
    spanish = licensed("sol")
    spanish.language = "es"
    spanish.save(update_fields=["language"])
    tied = licensed("tess")
    Tie.objects.create(one=house.harmed.person, other=tied, kind="kin", from_on=TODAY)
    lapsed = licensed("lars", until=date(2026, 2, 1))
    form = yielded(house, house.cole)["assign_mediator"].form()
    offered = [key for key, _words in form.fields["mediator"].choices]
    assert offered == [str(house.mara.pk), str(spanish.pk)]
    assert str(lapsed.pk) not in offered


@pytest.mark.parametrize("declared_by_mediator", [True, False])
def test_a_tie_in_either_direction_bars(house: House, declared_by_mediator: bool) -> None:
    ends = [house.mara, house.responsible.person]
    one, other = ends if declared_by_mediator else reversed(ends)
    Tie.objects.create(one=one, other=other, kind="work", from_on=TODAY)
    with pytest.raises(Blocked) as refused:
        actions.assign_mediator(house.case, by=house.cole, now=NOW, mediator=house.mara)
    assert codes(refused.value.obstacles) == {"mediator_conflict"}
    assert codes(yielded(house, house.cole)["assign_mediator"].obstacles) == {"mediator_missing"}


def test_a_licence_must_be_live_and_wide_enough(house: House) -> None:
    Licence.objects.filter(person=house.mara).update(covers_minors=False)
    Party.objects.filter(pk=house.harmed.pk).update(minor=True)
    with pytest.raises(Blocked) as refused:
        actions.assign_mediator(house.case, by=house.cole, now=NOW, mediator=house.mara)
    assert codes(refused.value.obstacles) == {"licence_too_narrow"}
    Licence.objects.filter(person=house.mara).update(until=date(2026, 2, 1))
    with pytest.raises(Blocked) as refused:
        actions.assign_mediator(house.case, by=house.cole, now=NOW, mediator=house.mara)
    assert codes(refused.value.obstacles) == {"licence_lapsed"}


def test_only_the_coordinator_assigns(house: House) -> None:
    with pytest.raises(Hidden):
        actions.assign_mediator(house.case, by=house.mara, now=NOW, mediator=house.mara)
    assert yielded(house, house.mara) == {}


@pytest.mark.parametrize("days", [0, 2])
def test_a_released_mediator_stops_seeing_the_case_at_once(house: House, days: int) -> None:
    actions.assign_mediator(house.case, by=house.cole, now=NOW, mediator=house.mara)
    assert standing(house.mara, house.case, today=TODAY).mediates
    later = NOW + timedelta(days=days)
    actions.release_mediator(house.case, by=house.cole, now=later, mediator=house.mara)
    assert not standing(house.mara, house.case, today=later.date()).may_see
    actions.assign_mediator(house.case, by=house.cole, now=later, mediator=house.mara)
    assert standing(house.mara, house.case, today=later.date()).mediates


def test_what_blocks_the_beginning_is_what_the_page_says(house: House) -> None:
    actions.assign_mediator(house.case, by=house.cole, now=NOW, mediator=house.mara)
    Licence.objects.filter(person=house.mara).update(until=date(2026, 2, 1))
    shown = yielded(house, house.mara)["begin_mediation"].obstacles
    with pytest.raises(Blocked) as refused:
        actions.begin_mediation(house.case, by=house.mara, now=NOW)
    assert codes(refused.value.obstacles) == codes(shown)
    assert {"licence_lapsed", "harmed_person_not_reached", "consent_missing"} <= codes(shown)


def test_mediation_begins(house: House, begun: Mediation) -> None:
    case = Case.objects.get(pk=house.case.pk)
    assert case.state == "mediation"
    assert begun.state == "preparing"
    assert begun.due_on == date(2026, 3, 25)
    assert events(case)[-1] == "mediation_begun"
    assert Notice.objects.filter(code="mediation_begun").count() == 3


def test_a_meeting_is_planned_and_held(house: House, begun: Mediation) -> None:
    at = NOW + timedelta(hours=3)
    assert codes(yielded(house, house.mara)["hold_meeting"].obstacles) == {"no_meeting_planned"}
    actions.plan_meeting(begun, by=house.mara, now=NOW, at=at, place="The library")
    actions.hold_meeting(begun, by=house.mara, now=NOW, shared_note="We spoke.")
    mediation = actions.current(house.case)
    assert mediation is not None
    assert mediation.state == "meeting"
    assert [one.held_on for one in actions.meetings_of(mediation)] == [TODAY]
    assert Note.objects.get(room="mediation").text == "We spoke."


def test_a_meeting_is_called_off_once(house: House, begun: Mediation) -> None:
    meeting = actions.plan_meeting(begun, by=house.mara, now=NOW, at=NOW, place="The library")
    form = yielded(house, house.mara)["cancel_meeting"].form(data={"meeting": str(meeting.pk)})
    assert form.is_valid()
    assert actions.cancel_meeting(begun, by=house.mara, now=NOW, **form.cleaned_data).cancelled
    with pytest.raises(Blocked):
        actions.cancel_meeting(begun, by=house.mara, now=NOW, meeting=meeting)


def test_time_is_extended_once(house: House, begun: Mediation) -> None:
    assert actions.extend_mediation(begun, by=house.mara, now=NOW).due_on == date(2026, 4, 9)
    assert codes(yielded(house, house.mara)["extend_mediation"].obstacles) == {"already_extended"}
    with pytest.raises(Blocked):
        actions.extend_mediation(begun, by=house.mara, now=NOW)


def test_private_words_stay_with_their_party(house: House, begun: Mediation) -> None:
    form = yielded(house, house.mara)["write_private_note"].form(
        data={"party": str(house.harmed.pk), "text": "I am afraid."}
    )
    assert form.is_valid()
    actions.write_private_note(begun, by=house.mara, now=NOW, **form.cleaned_data)
    note = Note.objects.get(room="private")
    assert (note.party_id, note.text) == (house.harmed.pk, "I am afraid.")


def test_nothing_moves_while_the_case_is_on_hold(house: House, begun: Mediation) -> None:
    case_actions.pause(house.case, by=house.mara, now=NOW)
    found = {**yielded(house, house.cole), **yielded(house, house.mara)}
    assert len(found) >= 7
    for move in found.values():
        assert "stage_frozen" in codes(move.obstacles)
    with pytest.raises(Blocked):
        actions.write_shared_note(begun, by=house.mara, now=NOW, text="x")


def test_it_ends_without_agreement(house: House, begun: Mediation) -> None:
    actions.end_without_agreement(begun, by=house.mara, now=NOW, reason="Too far apart.")
    assert actions.current(house.case).state == "not_agreed"
    assert "plan_meeting" not in yielded(house, house.mara)
    with pytest.raises(Hidden):
        actions.end_without_agreement(begun, by=house.mara, now=NOW, reason="Again.")


def test_it_follows_the_case(house: House, begun: Mediation) -> None:
    assert actions.agreed(house.case, by=house.mara, now=NOW).state == "agreed"
    assert actions.agreed(house.case, by=house.mara, now=NOW) is None
    assert actions.stop(house.case, by=house.mara, now=NOW) is None
    again = actions.start(house.case, by=None, now=NOW)
    assert actions.stop(house.case, by=None, now=NOW) == again


def test_its_time_goes_by_after_a_warning(house: House, begun: Mediation) -> None:
    assert actions.due(NOW) == {"mediation_warned": 0, "mediation_ended": 0}
    near = NOW + timedelta(days=12)
    assert actions.due(near)["mediation_warned"] == 1
    assert actions.due(near)["mediation_warned"] == 0
    assert actions.due(NOW + timedelta(days=15))["mediation_ended"] == 0
    late = NOW + timedelta(days=20)
    assert actions.due(late, keep=[house.case.pk])["mediation_ended"] == 0
    assert actions.due(late)["mediation_ended"] == 1
    assert actions.due(late)["mediation_ended"] == 0
    mediation = actions.current(house.case)
    assert (mediation.state, mediation.ended_on) == ("not_agreed", date(2026, 3, 25))
    assert Event.objects.get(code="mediation_lapsed").at.date() in (
        date(2026, 3, 25), date(2026, 3, 26),
    )  # fmt: skip


def test_a_case_on_hold_does_not_lapse(house: House, begun: Mediation) -> None:
    case_actions.pause(house.case, by=house.mara, now=NOW)
    assert not Consent.objects.filter(ended_at=None).exists()
    assert actions.due(NOW + timedelta(days=40))["mediation_ended"] == 0


def test_every_move_and_event_has_words(house: House, begun: Mediation) -> None:
    shown = {**yielded(house, house.cole), **yielded(house, house.mara)}
    assert set(shown) <= set(wording.MOVES)
    assert {code for code in events(house.case) if code.startswith("medi")} <= set(wording.EVENTS)
