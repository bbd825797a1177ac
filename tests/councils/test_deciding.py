"""A council finds, decides by consent, and what follows from it."""

from datetime import timedelta

import pytest

from agreements import actions as agreements
from agreements.models import Agreement
from cases import actions as cases
from cases.access import standing
from cases.models import Case
from councils.actions import appealing, deciding, ending, finding, recalling, seating, table, time
from councils.models import Appeal, Council, Decision, Recall, Seat
from deliberation.actions import speaking
from deliberation.models import Amendment, Objection
from journey import actions as journey
from journey import clock
from moves.core import Blocked, Hidden
from tests.councils import deciding as d
from tests.councils import people as p
from tests.councils.hearing import mediator_of
from tests.factories import NOW, harmed, make_community, make_person, responsible

pytestmark = pytest.mark.django_db
LATER = d.LATER


def codes(refused: pytest.ExceptionInfo[Blocked]) -> list[str]:
    return [one.code for one in refused.value.obstacles]


def test_a_council_begins_once_it_has_read_and_listened() -> None:
    case, cole = p.make_case_for_council()
    council = d.seated(case, cole)
    with pytest.raises(Blocked) as refused:
        table.begin_deliberation(council, by=cole, now=LATER, aim=d.AIM, session="online")
    assert codes(refused) == ["packet_missing", "hearing_missing"]
    d.begun(d.listened(council), cole)
    circle = table.circle_of(council)
    assert circle is not None
    assert (circle.voices.count(), circle.quorum, circle.in_the_room) == (5, 4, False)


def test_a_finding_is_adopted_one_by_one_and_a_decision_needs_one() -> None:
    case, cole = p.make_case_for_council()
    council = d.deliberating(case, cole)
    first = d.members(council)[0]
    with pytest.raises(Blocked) as refused:
        deciding.propose_decision(council, by=first, now=LATER, course="nothing", text="No.")
    assert codes(refused) == ["findings_missing"]
    found = d.find(council)
    assert found.adopted_on == LATER.date()


def test_who_stays_away_is_not_condemned() -> None:
    case, cole = p.make_case_for_council()
    council = d.deliberating(case, cole)
    council.words.filter(party=responsible(case)).delete()
    first = d.members(council)[0]
    with pytest.raises(Blocked) as refused:
        finding.propose_finding(
            council, by=first, now=LATER, kind="happened", text="So it was.", grounds="Said."
        )
    assert codes(refused) == ["not_heard"]
    d.find(council, kind="harmed")
    with pytest.raises(Blocked) as refused:
        deciding.propose_decision(council, by=first, now=LATER, course="agreement", text="Pay.")
    assert codes(refused) == ["not_heard"]
    decision = d.decide(council, course="nothing", support="Two neighbours bring meals.")
    assert decision.adopted_on is not None


def test_an_objection_is_integrated_with_its_change_of_the_plan_and_both_sign() -> None:
    case, cole = p.make_case_for_council()
    council = d.deliberating(case, cole)
    d.find(council)
    decision = d.decide(council, adopt=False)
    who = d.members(council)
    proposal = decision.proposal
    d.act(
        council, speaking.object_to, proposal, by=who[1], now=LATER, against_aim=True,
        why="Forty days is too long to wait for a warm house.",
    )  # fmt: skip
    d.all_consent(council, proposal, now=LATER, but=[who[1]])
    objection = Objection.objects.get()
    planned = decision.promises.get()
    d.act(
        council, deciding.offer_amendment, objection, by=who[2], now=LATER,
        text="Because it repairs what was broken, before the winter.", changes=str(planned.pk),
        promise=d.promise_of(case, days=14),
    )  # fmt: skip
    decision.refresh_from_db()
    assert decision.promises.get().due_on == planned.due_on
    d.act(council, deciding.accept_amendment, Amendment.objects.get(), by=who[1], now=LATER)
    assert decision.promises.get().due_on == NOW.date() + timedelta(days=14)
    # Everybody is asked anew about what changed.
    d.all_consent(council, proposal, now=LATER)
    decision = Decision.objects.get(pk=decision.pk)
    council.refresh_from_db()
    assert (council.state, decision.adopted_on) == ("decided", LATER.date())
    agreement = decision.agreement
    assert agreement is not None
    assert (agreement.state, agreement.commitments.get().due_on) == (
        "offered", NOW.date() + timedelta(days=14),
    )  # fmt: skip
    for party in (harmed(case), responsible(case)):
        agreements.sign_agreement(agreement, by=party.person, now=LATER, understood=True)
    clock.run(NOW + timedelta(days=20))
    case = Case.objects.get(pk=case.pk)
    assert case.state == "reparation"
    assert Council.objects.get(pk=council.pk).state == "decided"


def test_a_plan_above_the_harm_does_not_come_before_the_circle() -> None:
    case, cole = p.make_case_for_council()
    council = d.deliberating(case, cole)
    d.find(council)
    first = d.members(council)[0]
    harm = case.harms.create(
        party=harmed(case), what="Panes", unit="money", amount=90, stated_on=NOW.date()
    )
    decision = deciding.propose_decision(
        council, by=first, now=LATER, course="agreement", text="Pay.", account="Panes broke."
    )
    deciding.plan_promise(
        decision, by=first, now=LATER,
        **d.promise_of(case, harm=str(harm.pk), unit="money", amount=120),
    )  # fmt: skip
    with pytest.raises(Blocked) as refused:
        d.to_consent(council, decision.proposal, now=LATER)
    assert codes(refused) == ["exceeds_harm"]


def test_without_agreement_a_larger_council_is_drawn_anew_and_nobody_sits_twice() -> None:
    case, cole = p.make_case_for_council(people=60)
    council = d.deliberating(case, cole, session="online", round_hours=24)
    d.find(council)
    decision = d.decide(council, adopt=False)
    who = d.members(council)
    d.act(
        council, speaking.object_to, decision.proposal, by=who[1], now=LATER, against_aim=True,
        why="It harms the harmed.",
    )  # fmt: skip
    d.all_consent(council, decision.proposal, now=LATER, but=[who[1]])
    clock.run(NOW + timedelta(days=9))
    council.refresh_from_db()
    wider = Council.objects.get(wider_of=council)
    assert (council.state, wider.state, wider.size) == ("dissolved", "forming", 7)
    assert not case.participations.filter(role="council", until=None).exists()
    later = NOW + timedelta(days=9)
    p.finish_ties(wider, now=later)
    seated = d.seat_all(wider, cole, now=later)
    assert seated.state == "seated"
    assert not {one.pk for one in d.members(seated)} & {one.pk for one in who}


def test_an_appeal_is_heard_one_level_up_and_changes_the_decision() -> None:
    town = make_community()
    community = make_community(parent=town)
    case, cole = p.make_case_for_council(community)
    next_door = make_community(parent=town)
    p.make_pool(next_door, 40)
    council = d.deliberating(case, cole)
    d.find(council)
    decision = d.decide(council)
    remi = responsible(case).person
    appeal = appealing.appeal_decision(
        decision, by=remi, now=LATER, ground="proportion", words="It is more than was broken."
    )
    agreement = Agreement.objects.get(pk=decision.agreement_id)
    with pytest.raises(Blocked) as refused:
        agreements.sign_agreement(agreement, by=remi, now=LATER, understood=True)
    assert codes(refused) == ["challenge_open"]
    hearing = appealing.form_appeal_council(appeal, by=cole, now=LATER)
    assert hearing.community == town
    p.finish_ties(hearing, now=LATER)
    hearing = d.begun(d.listened(d.seat_all(hearing, cole, now=LATER)), cole, now=LATER)
    later = LATER + timedelta(hours=4)
    assert not {one.pk for one in d.members(hearing)} & {one.pk for one in d.members(council)}
    changed = d.decide(hearing, now=later)
    appeal.refresh_from_db()
    decision.refresh_from_db()
    agreement.refresh_from_db()
    assert (appeal.state, agreement.state) == ("changed", "withdrawn")
    assert decision.replaced_on is not None
    assert changed.agreement is not None
    assert (changed.agreement.state, changed.appeal_until) == ("offered", None)
    council.refresh_from_db()
    assert council.state == "dissolved"


@pytest.mark.parametrize(("course", "state"), [("confirm", "confirmed"), ("return", "returned")])
def test_an_appeal_lets_it_stand_or_sends_it_back(course: str, state: str) -> None:
    case, cole = p.make_case_for_council(people=40)
    council = d.deliberating(case, cole)
    d.find(council)
    decision = d.decide(council)
    appeal = appealing.appeal_decision(
        decision, by=harmed(case).person, now=LATER, ground="process", words="I was not asked."
    )
    hearing = appealing.form_appeal_council(appeal, by=cole, now=LATER)
    p.finish_ties(hearing, now=LATER)
    hearing = d.begun(d.listened(d.seat_all(hearing, cole, now=LATER)), cole, now=LATER)
    d.decide(hearing, now=LATER + timedelta(hours=4), course=course)
    appeal.refresh_from_db()
    council.refresh_from_db()
    hearing.refresh_from_db()
    agreement = Agreement.objects.get(pk=decision.agreement_id)
    assert (appeal.state, hearing.state) == (state, "dissolved")
    stands = course == "confirm"
    assert (council.state, agreement.state, agreement.held_since) == (
        ("decided", "offered", None) if stands else ("deliberating", "withdrawn", LATER.date())
    )


def test_after_the_days_to_appeal_it_takes_effect_and_not_before() -> None:
    case, cole = p.make_case_for_council()
    council = d.deliberating(case, cole)
    d.find(council)
    decision = d.decide(council, course="mediation")
    assert decision.appeal_until is not None
    time.due(NOW + timedelta(days=2))
    decision.refresh_from_db()
    assert decision.effective_on is None
    time.due(NOW + timedelta(days=30))
    decision.refresh_from_db()
    case.refresh_from_db()
    assert decision.effective_on == decision.appeal_until + timedelta(days=1)
    assert case.asked_for == "mediation"
    with pytest.raises(Blocked) as refused:
        appealing.appeal_decision(
            decision, by=harmed(case).person, now=NOW + timedelta(days=30), ground="facts",
            words="Late.",
        )  # fmt: skip
    assert codes(refused) == ["appeal_too_late"]


def test_a_hold_nobody_looked_at_in_its_time_is_given_back_to_the_circle() -> None:
    case, cole = p.make_case_for_council()
    council = d.deliberating(case, cole, session="online", round_hours=48)
    d.find(council)
    decision = d.decide(council, adopt=False)
    who = d.members(council)
    for someone in who[:3]:
        d.act(council, speaking.consent, decision.proposal, by=someone, now=LATER)
    first, went_on = NOW.date() + timedelta(days=1), NOW.date() + timedelta(days=8)
    Case.objects.filter(pk=case.pk).update(holds=[[first.isoformat(), went_on.isoformat()]])
    # The round of 48 hours ends within the hold, so it is open for as long after it.
    after = NOW + timedelta(days=8, hours=1)
    time.keep_circles_in_step(after)
    d.act(council, speaking.consent, decision.proposal, by=who[3], now=after)
    d.act(council, speaking.consent, decision.proposal, by=who[4], now=after)
    decision.refresh_from_db()
    assert decision.adopted_on == after.date()


def test_on_hold_nothing_goes_ahead_in_the_circle() -> None:
    case, cole = p.make_case_for_council()
    council = d.deliberating(case, cole)
    d.find(council)
    decision = d.decide(council, adopt=False)
    Case.objects.filter(pk=case.pk).update(frozen_on=NOW.date())
    with pytest.raises(Blocked) as refused:
        d.all_consent(council, decision.proposal, now=LATER)
    assert codes(refused) == ["stage_frozen"]
    clock.run(NOW + timedelta(days=6))
    decision.refresh_from_db()
    assert decision.proposal.outcome == ""


def test_a_joint_council_needs_somebody_of_each_community_to_consent() -> None:
    town = make_community()
    one, other = make_community(parent=town), make_community(parent=town)
    case, cole = p.make_case_for_council(town)
    p.make_pool(one, 20)
    p.make_pool(other, 20)
    one.memberships.create(person=harmed(case).person, from_on=NOW.date() - timedelta(days=90))
    other.memberships.create(
        person=responsible(case).person, from_on=NOW.date() - timedelta(days=90)
    )
    council = d.deliberating(case, cole)
    homes = {
        seat.person_id: set(seat.person.memberships.values_list("community__slug", flat=True))
        for seat in council.seats.select_related("person")
    }
    d.find(council)
    decision = d.decide(council, course="nothing", adopt=False)
    for someone in d.members(council):
        aside = other.slug in homes[someone.pk]
        action = speaking.stand_aside if aside else speaking.consent
        typed = {"word": ""} if aside else {}
        d.act(council, action, decision.proposal, by=someone, now=LATER, **typed)
    decision.refresh_from_db()
    said = dict(decision.verdicts.values_list("community__slug", "consents"))
    assert said[other.slug] == 0
    assert said[one.slug] >= 2
    assert decision.adopted_on is None
    assert Council.objects.filter(wider_of=council).exists()


def test_a_broken_plan_comes_back_to_the_same_council() -> None:
    case, cole = p.make_case_for_council()
    council = d.deliberating(case, cole)
    d.find(council)
    decision = d.decide(council)
    assert not table.may_meet_again(council, case, d_standing(case, cole))
    agreement = Agreement.objects.get(pk=decision.agreement_id)
    for party in (harmed(case), responsible(case)):
        agreements.sign_agreement(agreement, by=party.person, now=LATER, understood=True)
    clock.run(NOW + timedelta(days=20))
    back = NOW + timedelta(days=50)
    journey.refer_to_council(Case.objects.get(pk=case.pk), by=cole, now=back, reason="Not kept.")
    table.meet_again(council, by=cole, now=back, aim=d.AIM, session="online", round_hours=24)
    council.refresh_from_db()
    decision.refresh_from_db()
    assert (council.state, decision.replaced_on) == ("deliberating", back.date())


def d_standing(case: Case, someone: object) -> object:
    return standing(someone, Case.objects.get(pk=case.pk), today=NOW.date())  # type: ignore[arg-type]


def test_a_member_is_recalled_after_they_were_heard_by_the_rest_at_once() -> None:
    case, cole = p.make_case_for_council()
    council = d.deliberating(case, cole)
    about, *rest = council.seats.order_by("pk").select_related("person")
    recall = recalling.ask_recall(
        about, by=harmed(case).person, now=LATER, reason="They told others what was said."
    )
    with pytest.raises(Hidden):
        recalling.answer_recall(recall, by=rest[0].person, now=LATER, word="No.")
    recalling.answer_recall(recall, by=about.person, now=LATER, word="I did not.")
    recall = Recall.objects.get(pk=recall.pk)
    assert recall.proposal is not None
    assert not recall.proposal.circle.voices.filter(person=about.person).exists()
    for _turn in ("clarify", "react"):
        for seat in rest:
            d.act(council, speaking.speak, recall.proposal, by=seat.person, now=LATER, word="")
    for seat in rest:
        d.act(council, speaking.consent, recall.proposal, by=seat.person, now=LATER)
    about.refresh_from_db()
    recall.refresh_from_db()
    assert (about.state, recall.state) == ("replaced", "recalled")
    circle = table.circle_of(council)
    assert circle is not None
    assert not circle.voices.live(LATER).filter(person=about.person).exists()


def test_a_recall_nobody_answered_goes_before_the_rest_when_its_days_are_over() -> None:
    case, cole = p.make_case_for_council()
    council = d.seated(case, cole)
    about = council.seats.order_by("pk").select_related("person").first()
    assert about is not None
    recall = recalling.ask_recall(about, by=harmed(case).person, now=LATER, reason="Told others.")
    time.due(NOW + timedelta(days=2))
    recall.refresh_from_db()
    assert recall.state == "asked"
    time.due(NOW + timedelta(days=9))
    recall.refresh_from_db()
    assert recall.state == "deciding"


def before_the_rest() -> tuple[Case, Council, Seat, list[Seat], Recall]:
    """A recall that the rest of a deliberating council decides on, in its last round."""
    case, cole = p.make_case_for_council()
    council = d.deliberating(case, cole)
    about, *rest = council.seats.order_by("pk").select_related("person")
    recall = recalling.ask_recall(about, by=harmed(case).person, now=LATER, reason="Told others.")
    recalling.answer_recall(recall, by=about.person, now=LATER, word="I did not.")
    recall = Recall.objects.get(pk=recall.pk)
    for _turn in ("clarify", "react"):
        for seat in rest:
            d.act(council, speaking.speak, recall.proposal, by=seat.person, now=LATER, word="")
    return case, council, about, rest, recall


def test_what_time_decides_about_a_recall_takes_effect_without_anybody_acting() -> None:
    _case, council, about, rest, recall = before_the_rest()
    for seat in rest[:-1]:
        d.act(council, speaking.consent, recall.proposal, by=seat.person, now=LATER)
    clock.run(LATER + timedelta(days=9))
    recall.refresh_from_db()
    about.refresh_from_db()
    assert (recall.state, about.state) == ("recalled", "replaced")


def test_a_recall_waits_with_its_case_on_hold() -> None:
    case, _council, about, _rest, recall = before_the_rest()
    assert recall.proposal is not None
    by_consent = recall.proposal.by_consent
    cases.pause(Case.objects.get(pk=case.pk), by=mediator_of(case), now=LATER)
    clock.run(LATER + timedelta(days=9))
    recall.refresh_from_db()
    about.refresh_from_db()
    assert (recall.state, about.state) == ("deciding", "accepted")
    held = type(by_consent).objects.select_related("proposal__circle").get(pk=by_consent.pk)
    assert held.proposal.circle.held_from is not None


def test_who_leaves_the_council_has_no_voice_in_its_recalls() -> None:
    _case, _council, _about, rest, recall = before_the_rest()
    gone = rest[0]
    seating.recuse(gone, by=gone.person, now=LATER)
    assert recall.proposal is not None
    live = recall.proposal.circle.voices.live(LATER)
    assert not live.filter(person=gone.person).exists()
    assert live.count() == len(rest) - 1


def test_a_recall_ends_with_its_council_and_with_the_seat_it_is_about() -> None:
    case, council, _about, _rest, recall = before_the_rest()
    ending.finish(council, case, by=None, now=LATER)
    recall.refresh_from_db()
    assert recall.state == "moot"
    assert recall.proposal is not None
    recall.proposal.refresh_from_db()
    assert recall.proposal.outcome == "withdrawn"

    _case, _council, about, _rest, recall = before_the_rest()
    seating.recuse(about, by=about.person, now=LATER)
    recall.refresh_from_db()
    assert recall.proposal is not None
    recall.proposal.refresh_from_db()
    assert (recall.state, recall.proposal.outcome) == ("moot", "withdrawn")


def test_a_stranger_and_a_member_of_another_council_can_do_nothing_here() -> None:
    case, cole = p.make_case_for_council()
    council = d.deliberating(case, cole)
    for someone in (make_person("Stranger"), harmed(case).person, cole):
        with pytest.raises(Hidden):
            finding.propose_finding(
                council, by=someone, now=LATER, kind="needed", text="X", grounds="Y"
            )
    seat = council.seats.order_by("pk").select_related("person").last()
    assert seat is not None
    seating.recuse(seat, by=seat.person, now=LATER)
    with pytest.raises(Hidden):
        finding.propose_finding(
            council, by=seat.person, now=LATER, kind="needed", text="X", grounds="Y"
        )
    assert Seat.objects.get(pk=seat.pk).state == "recused"
    assert Appeal.objects.count() == 0
