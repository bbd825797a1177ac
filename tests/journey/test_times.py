"""What time alone does to a whole case: warned, asked, handed up, brought on. Never a yes."""

from datetime import date, timedelta

import pytest

from agreements import actions as agreements
from agreements.models import Agreement, Commitment
from cases import actions
from cases.models import Case, Consent
from cases.writing import day
from communities.models import Community, Membership
from desk.reading import steered
from journey import actions as across
from journey import clock
from journey.moves import who_and_parts
from journey.reading import lines_for
from mediation import actions as mediation
from mediation.models import Mediation
from notices.models import Notice
from records.actions import verify
from records.models import Event
from tests.factories import (
    NOW,
    TODAY,
    harmed,
    make_case,
    make_case_in_screening,
    make_community,
    make_coordinator,
    prepare,
    responsible,
)

pytestmark = pytest.mark.django_db


def later(days):
    return NOW + timedelta(days=days)


def fresh(case):
    return Case.objects.get(pk=case.pk)


def happened(case):
    """The events time caused, as (day, code, community): what was late is appended late."""
    events = Event.objects.filter(kind="case", subject_id=case.reference, by="")
    return sorted((day(one.at), one.code, one.data.get("community", "")) for one in events)


def told(code):
    return set(Notice.objects.filter(code=code).values_list("person_id", flat=True))


def tick(first, last, *, every=1):
    for days in range(first, last + 1, every):
        clock.run(later(days))


@pytest.fixture
def town():
    above = Community.objects.create(slug="town", name="Town", kind="municipality")
    here = make_community(parent=above)
    own, upper = make_coordinator(here), make_coordinator(above)
    Membership.objects.filter(role="coordinator").update(until=TODAY + timedelta(days=600))
    return here, above, own, upper


def test_a_screening_is_warned_of_asked_about_handed_up_and_closes_unreached(town):
    here, above, own, upper = town
    case, mediator = make_case_in_screening(here)

    clock.run(later(27))
    assert told("waits_soon_too_long") == {mediator.pk}
    clock.run(later(31))
    assert told("waits_too_long") == {own.pk}
    clock.run(later(45))
    assert told("waits_too_long") == {own.pk, upper.pk}
    assert fresh(case).steering == above
    assert fresh(case).state == "screening"

    clock.run(later(60))
    case = fresh(case)
    assert (case.state, case.outcome) == ("closed", "no_contact")
    assert case.closed_on == TODAY + timedelta(days=31 + 14 + 14)


def test_who_was_reached_is_not_closed_behind_their_back(town):
    case, mediator = make_case_in_screening(town[0])
    actions.reach(harmed(case), by=mediator, now=NOW, how_to_reach="", reach="in_app")
    clock.run(later(59))
    case = fresh(case)
    assert (case.state, case.state_since) == ("council", TODAY + timedelta(days=59))
    assert not Consent.objects.filter(party__case=case).exists()


def test_a_report_nobody_reads_is_screened_and_a_council_is_asked_for_again(town):
    case = make_case(town[0])
    clock.run(later(58))
    assert fresh(case).state == "reported"
    clock.run(later(59))
    assert fresh(case).state == "screening"

    case = make_case(town[0])
    Case.objects.filter(pk=case.pk).update(state="council")
    clock.run(later(500))
    asked = Event.objects.filter(subject_id=case.reference, code="coordinator_asked")
    assert fresh(case).state == "council"
    assert asked.count() > 20


def in_mediation(here):
    case, mediator = make_case_in_screening(here)
    prepare(case, mediator)
    mediation.begin_mediation(case, by=mediator, now=NOW)
    return fresh(case), mediator


def offer(case, mediator, *, now=NOW, due=60):
    draft = agreements.draft_agreement(case, by=mediator, now=now, account="Panes broke.")
    agreements.add_commitment(
        draft, by=mediator, now=now, what="Mend the panes", if_missed="We talk again.",
        promised_by=str(responsible(case).pk), promised_to=str(harmed(case).pk),
        due_on=now.date() + timedelta(days=due),
    )  # fmt: skip
    return agreements.offer_agreement(draft, by=mediator, now=now)


def followed(here):
    case, mediator = in_mediation(here)
    agreement = offer(case, mediator)
    for party in (harmed(case), responsible(case)):
        agreements.sign_agreement(agreement, by=party.person, now=NOW, understood=True)
    clock.run(later(11))
    return fresh(case), mediator, Commitment.objects.get(agreement=agreement)


def test_a_mediation_that_ends_without_agreement_goes_to_a_council_when_nobody_acts(town):
    case, _mediator = in_mediation(town[0])
    clock.run(later(200))
    case = fresh(case)
    assert Mediation.objects.get(case=case).ended_on == TODAY + timedelta(days=15)
    assert (case.state, case.state_since) == ("council", TODAY + timedelta(days=15 + 14 + 1 + 28))


def test_an_offer_is_warned_of_lapses_and_counts_nobody_as_having_signed(town):
    case, mediator = in_mediation(town[0])
    agreement = offer(case, mediator)
    agreements.sign_agreement(agreement, by=harmed(case).person, now=NOW, understood=True)
    clock.run(later(27))
    assert told("agreement_lapses_soon") == {responsible(case).person_id, mediator.pk}
    clock.run(later(31))
    agreement = Agreement.objects.get(case=case)
    assert (agreement.state, agreement.ended_on) == ("lapsed", TODAY + timedelta(days=31))


def test_an_unanswered_question_is_asked_again_and_then_a_mediator_speaks_with_them(town):
    case, mediator = make_case_in_screening(town[0])
    actions.reach(harmed(case), by=mediator, now=NOW, how_to_reach="", reach="in_app")
    clock.run(later(11))
    assert told("consent_awaited") == {harmed(case).person_id}
    clock.run(later(15))
    clock.run(later(15))
    assert told("consent_unanswered") == {mediator.pk}
    assert Notice.objects.filter(code="consent_awaited").count() == 1
    assert not Consent.objects.filter(party__case=case).exists()


def test_a_settled_plan_asks_for_the_last_words_and_then_closes(town):
    case, _mediator, promise = followed(town[0])
    agreements.say_done(promise, by=responsible(case).person, now=later(20))
    agreements.confirm_done(promise, by=harmed(case).person, now=later(21))
    clock.run(later(36))
    assert harmed(case).closing_word_asked_on == TODAY + timedelta(days=36)
    assert fresh(case).state == "reparation"
    clock.run(later(21 + 15 + 28))
    case = fresh(case)
    assert (case.state, case.outcome) == ("closed", "repaired")
    assert case.closed_on == TODAY + timedelta(days=64)


def test_no_answer_about_a_promise_never_makes_a_case_repaired(town):
    case, _mediator, promise = followed(town[0])
    agreements.say_done(promise, by=responsible(case).person, now=later(20))
    clock.run(later(300))
    promise.refresh_from_db()
    case = fresh(case)
    assert (promise.state, case.outcome) == ("unconfirmed", "partly_repaired")


def test_a_plan_that_is_not_kept_comes_before_a_council_at_the_end_of_its_months(town):
    case, _mediator, promise = followed(town[0])
    clock.run(later(11 + 366 + 28))
    promise.refresh_from_db()
    case = fresh(case)
    assert (promise.state, case.state) == ("missed", "council")
    assert case.state_since == date(2027, 3, 31) + timedelta(days=1 + 28)


def test_nothing_that_was_stopped_takes_effect_before_a_council(town):
    case, mediator = in_mediation(town[0])
    agreement = offer(case, mediator)
    for party in (harmed(case), responsible(case)):
        agreements.sign_agreement(agreement, by=party.person, now=NOW, understood=True)
    actions.withdraw_consent(harmed(case), by=harmed(case).person, now=later(2))
    clock.run(later(400))
    agreement.refresh_from_db()
    case = fresh(case)
    assert (agreement.state, case.state, case.frozen_on) == ("withdrawn", "council", None)
    assert Mediation.objects.get(case=case).state == "stopped"
    assert not Consent.objects.filter(party__case=case, ended_at=None).exists()


def scenes(here):
    """One case in each place where time does something."""
    unread, (unreached, _one), (in_talks, _two) = (
        make_case(here), make_case_in_screening(here), in_mediation(here),
    )  # fmt: skip
    on_hold, hers = in_mediation(here)
    actions.pause(on_hold, by=hers, now=NOW)
    offered, mediator = in_mediation(here)
    offer(offered, mediator)
    signed, mediator = in_mediation(here)
    agreement = offer(signed, mediator, due=20)
    for party in (harmed(signed), responsible(signed)):
        agreements.sign_agreement(agreement, by=party.person, now=NOW, understood=True)
    return [unread, unreached, in_talks, on_hold, offered, signed]


def ends_of(cases):
    return [
        (one.state, one.outcome, one.state_since, one.closed_on, one.steering_id, happened(one))
        for one in map(fresh, cases)
    ]


@pytest.mark.parametrize("until", [40, 75, 130])
def test_a_month_without_tick_ends_where_daily_ticks_do(town, until):
    daily, seldom = scenes(town[0]), scenes(town[0])
    references = [one.reference for one in seldom]
    Case.objects.filter(reference__in=references).update(frozen_on=None)
    Case.objects.filter(pk=seldom[3].pk).update(frozen_on=TODAY)
    # The clock sees all cases; the second half is hidden from it by being closed meanwhile.
    hidden = {one.pk: one.state for one in map(fresh, seldom)}
    hide(seldom)
    tick(1, until)
    for case in seldom:
        Case.objects.filter(pk=case.pk).update(state=hidden[case.pk], closed_on=None, outcome="")
    clock.run(later(until))
    assert ends_of(seldom) == ends_of(daily)
    for case in seldom:
        assert verify("case", case.reference)["breaks"] == []


def hide(cases):
    for case in cases:
        Case.objects.filter(pk=case.pk).update(
            state="closed", closed_on=TODAY, outcome="no_contact"
        )


def test_a_second_tick_at_the_same_moment_changes_nothing(town):
    cases = scenes(town[0])
    clock.run(later(75))
    ends, notices = ends_of(cases), Notice.objects.count()
    again = clock.run(later(75))
    assert ends_of(cases) == ends
    assert Notice.objects.count() == notices
    assert {kind: count for kind, count in again.items() if count} == {}


def test_time_on_hold_is_given_back_when_the_case_goes_on(town):
    case, mediator = in_mediation(town[0])
    agreement = offer(case, mediator)
    actions.pause(case, by=mediator, now=later(5))
    clock.run(later(40))
    for party in (harmed(case), responsible(case)):
        actions.assess(party, by=mediator, now=later(40), safe_to_meet=True, answers={}, flags=[])
        actions.give_consent(party, by=party.person, now=later(40), understood=True)
    across.renew_consent(case, by=mediator, now=later(40))

    assert Mediation.objects.get(case=case).due_on == TODAY + timedelta(days=15 + 35)
    clock.run(later(30 + 35))
    agreement.refresh_from_db()
    assert agreement.state == "offered"
    clock.run(later(31 + 35))
    agreement.refresh_from_db()
    assert (agreement.state, agreement.ended_on) == ("lapsed", TODAY + timedelta(days=66))


def lines(case, person, days):
    now = later(days).date()
    who, parts = who_and_parts(fresh(case), person, today=now)
    return lines_for(fresh(case), who, parts, [], now)


def test_the_case_page_says_beforehand_what_follows_and_by_when(town):
    case, mediator = make_case_in_screening(town[0])
    assert "coordinator is asked" not in lines(case, mediator, 20).next
    shown = lines(case, mediator, 27)
    assert "After that day the coordinator is asked." in shown.next
    assert "in 3 days" in shown.by_when
    clock.run(later(31))
    shown = lines(case, mediator, 31)
    assert "the case closes, because nobody was reached." in shown.next
    assert "in 13 days" in shown.by_when  # day 44; the community above is asked on day 45
    [row] = steered(town[2], today=later(31).date()).rows
    assert "in 13 days" in row.due


def test_the_page_of_an_offer_says_that_what_is_not_signed_lapses(town):
    case, mediator = in_mediation(town[0])
    offer(case, mediator)
    shown = lines(case, harmed(case).person, 1)
    assert "What is not signed by then lapses." in shown.next
    assert "in 29 days" in shown.by_when


def test_the_tied_coordinator_is_not_told_of_the_case(town):
    case, _mediator = make_case_in_screening(town[0])
    tied = make_coordinator(town[0])
    tied.ties_declared.create(other=harmed(case).person, kind="kin", from_on=TODAY)
    clock.run(later(31))
    assert tied.pk not in told("waits_too_long")
