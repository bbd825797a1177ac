"""By consent, step by step: rounds, silence, objections and their three ways out."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from deliberation.actions import circles, integrating, proposing, speaking
from deliberation.actions.time import due
from deliberation.models import Circle, Objection, Proposal, Round, TextVersion, Turn, Voice
from deliberation.wording import EVENTS, NOTICES
from moves.core import Blocked, Hidden, Stale
from notices.models import Delivery, Notice
from people.models import Person
from records.models import Event
from tests.deliberation.circle import DAY, make_circle, make_people, names
from tests.factories import NOW, make_person

pytestmark = pytest.mark.django_db


def begun(people: list[Person], *, now: datetime = NOW, **fields: Any) -> Proposal:
    """A proposal in its clarifying round, by the first of these."""
    circle = make_circle(people, now=now, **fields)
    proposal = proposing.propose(circle, by=people[0], now=now, text="Mend the panes.")
    return proposing.begin(proposal, by=people[0], now=now)


def asked(people: list[Person], *, now: datetime = NOW, **fields: Any) -> Proposal:
    """A proposal in its consent round: everybody passed twice."""
    proposal = begun(people, now=now, **fields)
    for _round in range(2):
        for person in people:
            speaking.speak(proposal, by=person, now=now)
    return proposal


def fresh(proposal: Proposal) -> Proposal:
    return Proposal.objects.select_related("by_consent", "circle").get(pk=proposal.pk)


def state(proposal: Proposal) -> str:
    return fresh(proposal).by_consent.state


def object_to(proposal: Proposal, person: Person, *, now: datetime = NOW) -> Objection:
    said = speaking.object_to(proposal, by=person, now=now, why="It shames him.", against_aim=True)
    return said.objection


def voice_of(circle: Circle, person: Person) -> Voice:
    return Voice.objects.get(circle=circle, person=person)


def codes(circle: Circle) -> list[str]:
    return list(Event.objects.filter(subject_id=str(circle.pk)).values_list("code", flat=True))


def with_objection(people: list[Person], **fields: Any) -> tuple[Proposal, Objection]:
    """A proposal being integrated: the second objects, the others consent."""
    proposal = asked(people, **fields)
    objection = object_to(proposal, people[1])
    for person in [people[0], *people[2:]]:
        speaking.consent(proposal, by=person, now=NOW)
    assert state(proposal) == "integrating"
    return proposal, objection


def test_everybody_consents_and_it_is_adopted() -> None:
    people = make_people(4)
    proposal = asked(people)
    assert state(proposal) == "consenting"
    for person in people[:3]:
        speaking.consent(proposal, by=person, now=NOW)
    assert fresh(proposal).outcome == ""
    speaking.stand_aside(proposal, by=people[3], now=NOW, word="I move away.")
    found = fresh(proposal)
    assert (found.outcome, found.why, found.decided_at) == ("adopted", "by_consent", NOW)
    assert set(codes(found.circle)) <= set(EVENTS)
    assert set(Notice.objects.values_list("code", flat=True)) <= set(NOTICES)
    assert "Mend" not in str(list(Event.objects.values_list("data", flat=True)))


def test_in_the_room_one_speaks_after_the_other_and_each_round_begins_with_another() -> None:
    people, guide = make_people(4), make_person("Gil")
    proposal = begun(people, round_hours=None, guide=guide)
    order = [turn.voice.person for turn in Turn.objects.order_by("place")]
    assert set(order) == set(people)
    with pytest.raises(Blocked, match="not_your_turn"):
        speaking.speak(proposal, by=order[1], now=NOW, word="Me first")
    speaking.write_word(proposal, by=order[1], now=NOW, word="What is a pane?")
    for person in (order[0], order[2], order[3]):
        speaking.speak(proposal, by=person, now=NOW, word="Who mends?")
    assert state(proposal) == "reacting"
    second = Turn.objects.filter(round__kind="reacting").order_by("place")
    assert [turn.voice.person for turn in second] == order[1:] + order[:1]
    states = Turn.objects.filter(round__kind="clarifying").order_by("place")
    assert [turn.state for turn in states] == ["spoken", "written", "spoken", "spoken"]


def test_who_is_missing_in_the_room_is_asked_once_more_and_silence_is_no_consent() -> None:
    people, guide = make_people(3), make_person("Gil")
    proposal = begun(people, round_hours=None, guide=guide)

    def pass_over() -> None:
        waiting = Turn.objects.waiting(NOW).filter(round__closed_at=None).first()
        assert waiting is not None
        speaking.pass_over(proposal, by=guide, now=NOW, turn=str(waiting.pk))

    for _turn in range(6):
        pass_over()
    assert state(proposal) == "consenting"
    first = Turn.objects.waiting(NOW).first()
    assert first is not None
    pass_over()
    assert Turn.objects.get(pk=first.pk).asked == 2
    with pytest.raises(Hidden):
        speaking.pass_over(proposal, by=guide, now=NOW, turn=str(first.pk))
    for _turn in range(2):
        speaking.consent(proposal, by=Turn.objects.waiting(NOW)[0].voice.person, now=NOW)
    assert fresh(proposal).outcome == ""
    pass_over()
    found = fresh(proposal)
    assert (found.outcome, found.why) == ("deadlocked", "too_few")


def test_online_the_silent_are_asked_once_more_and_then_count_as_not_there() -> None:
    people = make_people(4)
    proposal = asked(people)
    for person in people[:3]:
        speaking.consent(proposal, by=person, now=NOW)
    assert due(NOW + DAY) == {"stages_ended": 1}
    assert state(proposal) == "consenting"
    told = Notice.objects.filter(code="please_take_position_again")
    assert [one.person for one in told] == [people[3]]
    assert due(NOW + 2 * DAY) == {"stages_ended": 1}
    found = fresh(proposal)
    assert (found.outcome, found.decided_at) == ("adopted", NOW + 2 * DAY)
    assert Turn.objects.get(voice__person=people[3], round__kind="consenting").state == "missed"


def test_a_month_without_tick_ends_where_each_step_was_due() -> None:
    people = make_people(3)
    proposal = begun(people)
    assert due(NOW + timedelta(days=30)) == {"stages_ended": 4}
    found = fresh(proposal)
    assert (found.outcome, found.why) == ("deadlocked", "too_few")
    assert found.decided_at == NOW + 4 * DAY
    opened = Round.objects.order_by("number").values_list("opened_at", flat=True)
    assert list(opened) == [NOW, NOW + DAY, NOW + 2 * DAY]


def test_an_action_after_a_deadline_finds_what_follows_it() -> None:
    people = make_people(3)
    proposal = begun(people)
    speaking.speak(proposal, by=people[0], now=NOW + DAY, word="Good.")
    turn = Turn.objects.get(voice__person=people[0], state="spoken")
    assert turn.round.kind == "reacting"
    assert names(proposal.circle, people[1], now=NOW + 2 * DAY)["consent"] == "available"


def test_an_accepted_amendment_integrates_and_everybody_is_asked_anew() -> None:
    people = make_people(4)
    proposal, objection = with_objection(people)
    offered = integrating.offer_amendment(
        objection, by=people[2], now=NOW, text="Mend the panes, quietly."
    )
    with pytest.raises(Hidden):
        integrating.accept_amendment(offered, by=people[2], now=NOW)
    assert names(proposal.circle, people[1], now=NOW)["accept_amendment"] == "available"
    integrating.accept_amendment(offered, by=people[1], now=NOW)
    found = fresh(proposal)
    assert found.by_consent.state == "consenting"
    assert found.text == "Mend the panes, quietly."
    assert Objection.objects.get().state == "integrated"
    for person in people:
        assert names(proposal.circle, person, now=NOW)["consent"] == "available"


def test_an_amendment_to_a_text_that_changed_says_so() -> None:
    people = make_people(5)
    proposal = asked(people)
    two = [object_to(proposal, person) for person in people[:2]]
    for person in people[2:]:
        speaking.consent(proposal, by=person, now=NOW)
    first, second = (
        integrating.offer_amendment(one, by=people[4], now=NOW, text="Other words.") for one in two
    )
    integrating.accept_amendment(first, by=people[0], now=NOW)
    assert state(proposal) == "integrating"
    assert names(proposal.circle, people[1], now=NOW)["accept_amendment"] == "blocked"
    with pytest.raises(Blocked, match="text_has_changed"):
        integrating.accept_amendment(second, by=people[1], now=NOW)


def test_its_owner_takes_an_objection_back_and_says_what_they_think_now() -> None:
    people = make_people(4)
    proposal, objection = with_objection(people)
    with pytest.raises(Hidden):
        integrating.withdraw_objection(objection, by=people[0], now=NOW, then="consent")
    integrating.withdraw_objection(objection, by=people[1], now=NOW, then="stand_aside")
    assert fresh(proposal).outcome == "adopted"
    position = Turn.objects.get(voice__person=people[1], round__kind="consenting").position
    assert position.kind == "stand_aside"


def test_all_the_others_set_an_objection_aside_and_not_one_fewer() -> None:
    people = make_people(4)
    proposal, objection = with_objection(people)
    proposed = integrating.propose_setting_aside(
        objection, by=people[0], now=NOW, reason="It is about another case."
    )
    with pytest.raises(Hidden):
        integrating.agree_to_set_aside(proposed, by=people[1], now=NOW)
    integrating.agree_to_set_aside(proposed, by=people[2], now=NOW)
    assert state(proposal) == "integrating"
    with pytest.raises(Hidden):
        integrating.agree_to_set_aside(proposed, by=people[2], now=NOW)
    integrating.agree_to_set_aside(proposed, by=people[3], now=NOW)
    assert fresh(proposal).outcome == "adopted"
    assert Objection.objects.get().state == "set_aside"


def test_an_objection_stays_when_its_owner_leaves_and_another_can_own_it() -> None:
    people = make_people(5)
    proposal, objection = with_objection(people)
    with pytest.raises(Hidden):
        integrating.take_over(objection, by=people[2], now=NOW)
    circles.end_voice(voice_of(proposal.circle, people[1]), now=NOW)
    assert Objection.objects.get().state == "open"
    assert state(proposal) == "integrating"
    integrating.take_over(objection, by=people[2], now=NOW)
    integrating.withdraw_objection(objection, by=people[2], now=NOW, then="consent")
    assert fresh(proposal).outcome == "adopted"


def test_one_alone_does_not_set_one_other_aside() -> None:
    people = make_people(3)
    proposal, objection = with_objection(people)
    circles.end_voice(voice_of(proposal.circle, people[2]), now=NOW)
    assert names(proposal.circle, people[0], now=NOW)["propose_setting_aside"] == "blocked"
    with pytest.raises(Blocked, match="too_few_others"):
        integrating.propose_setting_aside(objection, by=people[0], now=NOW, reason="Alone.")


def test_after_the_integration_rounds_it_goes_wider() -> None:
    people = make_people(4)
    proposal, _objection = with_objection(people, integration_rounds=2)
    due(NOW + DAY)
    assert fresh(proposal).by_consent.integrations == 2
    due(NOW + 2 * DAY)
    found = fresh(proposal)
    assert (found.outcome, found.why) == ("deadlocked", "no_consent")
    assert Objection.objects.get().state == "open"
    assert list(Proposal.objects.for_owner("test")) == [found]
    assert proposing.take_up(found, now=NOW + 2 * DAY)
    assert not proposing.take_up(found, now=NOW + 2 * DAY)
    assert not Proposal.objects.for_owner("test").exists()


def test_an_objection_needs_a_reason_and_the_aim() -> None:
    people = make_people(3)
    proposal = asked(people)
    for why, against_aim in ((" ", True), ("I would like blue.", False)):
        with pytest.raises(Hidden):
            speaking.object_to(proposal, by=people[0], now=NOW, why=why, against_aim=against_aim)
    assert not Objection.objects.exists()


def test_a_voice_takes_one_position_in_a_round() -> None:
    people = make_people(3)
    proposal = asked(people)
    speaking.consent(proposal, by=people[0], now=NOW)
    with pytest.raises(Hidden):
        speaking.consent(proposal, by=people[0], now=NOW)


def test_consent_of_a_voice_that_ended_counts_nowhere() -> None:
    people = make_people(4)
    proposal = asked(people, quorum=3)
    for person in people[:3]:
        speaking.consent(proposal, by=person, now=NOW)
    circles.end_voice(voice_of(proposal.circle, people[0]), now=NOW)
    circles.end_voice(voice_of(proposal.circle, people[3]), now=NOW)
    found = fresh(proposal)
    assert (found.outcome, found.why) == ("deadlocked", "too_few")


def test_a_limited_vote_rests_says_until_when_and_counts_again_by_itself() -> None:
    people = make_people(4)
    proposal = asked(people)
    voice = voice_of(proposal.circle, people[3])
    until = NOW + timedelta(days=9)
    with pytest.raises(Hidden):
        circles.limit_vote(voice, by=people[0], now=NOW, until=until)
    circles.limit_vote(voice, by=people[3], now=NOW, until=until)
    with pytest.raises(Blocked, match="vote_is_limited") as refused:
        speaking.consent(proposal, by=people[3], now=NOW)
    assert refused.value.obstacles[0].clears_on == until.date()
    assert names(proposal.circle, people[3], now=NOW)["consent"] == "blocked"
    for person in people[:3]:
        speaking.consent(proposal, by=person, now=NOW)
    assert fresh(proposal).outcome == "adopted"
    assert voice in proposal.circle.voices.counting(until)
    circles.lift_limit(voice, by=people[3], now=NOW + DAY)
    assert voice in proposal.circle.voices.counting(NOW + DAY)


def test_the_author_answers_revises_and_takes_back() -> None:
    people = make_people(3)
    proposal = begun(people)
    asked_in = speaking.speak(proposal, by=people[1], now=NOW, word="Which panes?")
    with pytest.raises(Hidden):
        speaking.answer(asked_in, by=people[2], now=NOW, word="All.")
    speaking.answer(asked_in, by=people[0], now=NOW, word="All.")
    assert Turn.objects.get(pk=asked_in.pk).answer == "All."
    due(NOW + DAY)
    later = NOW + DAY
    with pytest.raises(Stale):
        proposing.revise(proposal, by=people[0], now=later, text="New.", seen=7)
    proposing.revise(proposal, by=people[0], now=later, text="New.", seen=1)
    assert fresh(proposal).text == "New."
    with pytest.raises(Hidden):
        proposing.withdraw_proposal(proposal, by=people[1], now=later)
    proposing.withdraw_proposal(proposal, by=people[0], now=later)
    assert (fresh(proposal).outcome, state(proposal)) == ("withdrawn", "withdrawn")
    assert TextVersion.objects.count() == 2
    assert due(later + 9 * DAY) == {"stages_ended": 0}


def test_two_cannot_begin() -> None:
    people = make_people(2)
    circle = make_circle(people)
    proposal = proposing.propose(circle, by=people[0], now=NOW, text="Us two.")
    assert names(circle, people[0], now=NOW)["begin"] == "blocked"
    with pytest.raises(Blocked, match="too_few_voices"):
        proposing.begin(proposal, by=people[0], now=NOW)


def test_a_circle_has_an_aim_and_a_guide_has_no_voice() -> None:
    people = make_people(3)
    wrong: list[dict[str, Any]] = [
        {"aim": " "}, {"round_hours": None}, {"guide": people[0]},
    ]  # fmt: skip
    for fields in wrong:
        with pytest.raises(ValueError, match=r"aim|room|voice"):
            make_circle(people, **fields)
    circle = make_circle(people, guide=make_person("Gil"))
    with pytest.raises(ValueError, match="no voice"):
        circles.add_voices(circle, [circle.guide_id], now=NOW)
    with pytest.raises(ValueError, match="past"):
        circles.end_voice(voice_of(circle, people[0]), now=NOW, until=NOW - DAY)


def test_news_goes_outside_only_to_who_chose_it_and_once() -> None:
    people = make_people(3)
    people[0].reach, people[0].email = "email", "one@example.org"
    people[0].save()
    begun(people)
    told = Notice.objects.filter(code="please_clarify")
    assert told.count() == 3
    assert [one.notice.person for one in Delivery.objects.all()] == [people[0]]
