"""How a case ends, with which outcome and what stands in the way; reopening; ways that part."""

from datetime import timedelta

import pytest

from agreements import actions as agreements
from agreements.models import Agreement, Commitment, Signature
from agreements.paper import paper_of
from agreements.querysets import open_commitments
from cases import actions
from cases.access import standing
from cases.models import Case, Consent, Participation, Party
from journey import actions as across
from journey import clock
from journey.moves import moves_on, who_and_parts
from mediation import actions as mediation
from mediation.models import Mediation
from moves.core import Blocked, Hidden
from moves.pages import attempt
from records.actions import verify
from tests.factories import (
    NOW,
    TODAY,
    harmed,
    make_case_in_screening,
    make_community,
    make_coordinator,
    make_person,
    prepare,
    responsible,
)

pytestmark = pytest.mark.django_db


def later(days):
    return NOW + timedelta(days=days)


def fresh(case):
    return Case.objects.get(pk=case.pk)


def codes(error):
    return [one.code for one in error.value.obstacles]


def refused(case, by, outcome):
    with pytest.raises(Blocked) as error:
        across.close(case, by=by, now=NOW, outcome=outcome, reason="Because.")
    return codes(error)


def tried(case, by, outcome):
    """Close as the page does; return the status and what the form says of the outcome."""
    who, parts = who_and_parts(fresh(case), by, today=TODAY)
    moves = moves_on(parts[0], fresh(case), by, who, today=TODAY)
    data = {"outcome": outcome, "reason": "Because."}
    tried = attempt(moves, "close", data, by=by, now=NOW)
    errors = tried.form.errors.as_data().get("outcome", []) if tried.status == 422 else []
    return tried.status, [one.code for one in errors]


def words_asked(case, mediator, *, now=NOW):
    for party in (harmed(case), *case.parties.filter(role="responsible")):
        actions.ask_closing_word(party, by=mediator, now=now)


def in_mediation():
    case, mediator = make_case_in_screening()
    make_coordinator(case.community)
    prepare(case, mediator)
    mediation.begin_mediation(case, by=mediator, now=NOW)
    return fresh(case), mediator


def followed(*, said_done=False):
    case, mediator = in_mediation()
    agreement = offer(case, mediator, [responsible(case)])
    for party in (harmed(case), responsible(case)):
        agreements.sign_agreement(agreement, by=party.person, now=NOW, understood=True)
    clock.run(later(11))
    promise = Commitment.objects.get(agreement=agreement)
    if said_done:
        agreements.say_done(promise, by=responsible(case).person, now=later(12))
    return fresh(case), mediator, promise


def offer(case, mediator, promising):
    draft = agreements.draft_agreement(case, by=mediator, now=NOW, account="Panes broke.")
    for party in promising:
        agreements.add_commitment(
            draft, by=mediator, now=NOW, what="Mend the panes", if_missed="We talk again.",
            promised_by=str(party.pk), promised_to=str(harmed(case).pk),
            due_on=TODAY + timedelta(days=60),
        )  # fmt: skip
    return agreements.offer_agreement(draft, by=mediator, now=NOW)


# ── Outcomes ─────────────────────────────────────────────────────────────────


def test_repaired_waits_for_the_promise_and_for_the_last_words():
    case, mediator, promise = followed(said_done=True)
    assert refused(case, mediator, "repaired") == ["commitment_open", "closing_word_not_asked"]
    agreements.confirm_done(promise, by=harmed(case).person, now=later(13))
    words_asked(case, mediator, now=later(13))
    assert refused(case, mediator, "without_agreement") == ["agreement_was_made"]
    across.close(case, by=mediator, now=later(14), outcome="repaired", reason="Kept.")
    assert fresh(case).outcome == "repaired"


def test_what_nobody_confirmed_is_partly_repaired_and_not_repaired():
    case, mediator, promise = followed(said_done=True)
    clock.run(later(34))
    promise.refresh_from_db()
    assert promise.state == "unconfirmed"
    words_asked(case, mediator, now=later(35))
    assert refused(case, mediator, "repaired") == ["promise_not_kept"]
    across.close(case, by=mediator, now=later(35), outcome="partly_repaired", reason="In part.")
    assert fresh(case).outcome == "partly_repaired"


def test_withdrawn_needs_the_word_of_every_person_harmed_asked_alone():
    case, mediator = make_case_in_screening()
    noor = make_person("Noor", contact_kind="phone", contact="+44 7700 900002")
    second = Party.objects.create(case=case, person=noor, role="harmed")
    first = case.parties.exclude(pk=second.pk).get(role="harmed")
    for party in (first, second):
        actions.reach(party, by=mediator, now=NOW, how_to_reach="", reach="in_app")
    assert tried(case, mediator, "withdrawn") == (422, ["harmed_word_missing"])
    assert refused(case, mediator, "withdrawn") == ["harmed_word_missing"]

    actions.wish_to_end(first, by=first.person, now=NOW)
    assert refused(case, mediator, "withdrawn") == ["harmed_word_missing"]
    with pytest.raises(Hidden):  # nobody's word stands for another's
        actions.wish_to_end(second, by=first.person, now=NOW)
    actions.wish_to_end(second, by=mediator, now=NOW)
    assert tried(case, mediator, "withdrawn")[0] == 200
    assert fresh(case).outcome == "withdrawn"


def test_a_yes_takes_the_wish_to_end_back_and_the_other_side_has_no_such_wish():
    case, mediator = make_case_in_screening()
    prepare(case, mediator)
    with pytest.raises(Hidden):
        actions.wish_to_end(responsible(case), by=responsible(case).person, now=NOW)
    actions.withdraw_consent(harmed(case), by=harmed(case).person, now=NOW)
    actions.wish_to_end(harmed(case), by=harmed(case).person, now=NOW)
    actions.give_consent(harmed(case), by=harmed(case).person, now=NOW, understood=True)
    assert harmed(case).wishes_end_on is None
    assert refused(case, mediator, "withdrawn") == ["harmed_word_missing"]


def test_the_withdrawal_of_one_side_does_not_close_the_case_of_the_other():
    case, mediator = in_mediation()
    actions.withdraw_consent(responsible(case), by=responsible(case).person, now=NOW)
    words_asked(case, mediator)
    assert refused(case, mediator, "withdrawn") == ["harmed_word_missing"]


def test_no_contact_is_for_who_could_not_be_reached():
    case, mediator = make_case_in_screening()
    assert refused(case, mediator, "repaired") == ["harmed_person_not_asked"]
    across.close(case, by=mediator, now=NOW, outcome="no_contact", reason="Nobody answered.")
    assert fresh(case).outcome == "no_contact"
    case, mediator = make_case_in_screening()
    prepare(case, mediator)
    assert refused(case, mediator, "no_contact") == ["everybody_was_reached"]


@pytest.mark.parametrize("outcome", ["without_agreement", "not_suitable", "referred_elsewhere"])
def test_a_mediation_without_agreement_closes_once_the_last_words_were_asked(outcome):
    case, mediator = in_mediation()
    assert tried(case, mediator, outcome)[0] == 409
    assert refused(case, mediator, outcome) == ["closing_word_not_asked"]
    words_asked(case, mediator)
    across.close(case, by=mediator, now=NOW, outcome=outcome, reason="It is over.")
    case = fresh(case)
    assert (case.state, case.outcome) == ("closed", outcome)
    assert Mediation.objects.get(case=case).state == "stopped"


def test_reopened_a_case_asks_everybody_afresh():
    case, mediator = in_mediation()
    coordinator = make_coordinator(case.community)
    actions.wish_to_end(harmed(case), by=mediator, now=NOW)
    words_asked(case, mediator)
    across.close(case, by=mediator, now=NOW, outcome="withdrawn", reason="Her wish.")
    with pytest.raises(Hidden):
        actions.reopen(case, by=mediator, now=later(1), reason="Something new.")
    actions.reopen(case, by=coordinator, now=later(1), reason="Something new.")
    case = fresh(case)
    assert (case.state, case.outcome, case.closed_on) == ("screening", "", None)
    assert not Consent.objects.filter(party__case=case, ended_at=None).exists()
    assert [party.wishes_end_on for party in case.parties.all()] == [None, None]
    missing = {one.code for one in actions.obstacles_to_begin(case, TODAY)}
    assert {"consent_missing", "screening_unfinished"} <= missing


# ── Ways that part ───────────────────────────────────────────────────────────


def with_two_responsible(*, signed=False):
    """A case in mediation with two persons responsible; with a plan in force where signed."""
    case, mediator = make_case_in_screening(make_community())
    coordinator = make_coordinator(case.community)
    second = Party.objects.create(
        case=case, person=make_person("Sol", contact_kind="phone", contact="+44"),
        role="responsible",
    )  # fmt: skip
    first = case.parties.exclude(pk=second.pk).get(role="responsible")
    for party in (harmed(case), first, second):
        actions.reach(party, by=mediator, now=NOW, how_to_reach="by day", reach="in_app")
        actions.assess(party, by=mediator, now=NOW, safe_to_meet=True, answers={}, flags=[])
        actions.give_consent(party, by=party.person, now=NOW, understood=True)
    beside = make_person("Sami")
    actions.place_in(case, beside, "supporter", today=TODAY, beside=second)
    mediation.begin_mediation(case, by=mediator, now=NOW)
    if signed:
        agreement = offer(case, mediator, [first, second])
        for party in (harmed(case), first, second):
            agreements.sign_agreement(agreement, by=party.person, now=NOW, understood=True)
        clock.run(later(11))
    return fresh(case), mediator, coordinator, first, second


def part(case, coordinator, second, *, now=NOW):
    return across.split(case, by=coordinator, now=now, party=str(second.pk), reason="Apart.")


@pytest.mark.parametrize("signed", [False, True])
def test_who_leaves_begins_anew_and_nobody_has_said_yes_to_it(signed):
    case, mediator, coordinator, first, second = with_two_responsible(signed=signed)
    beside = Participation.objects.get(beside=second)
    new = part(case, coordinator, second, now=later(12))

    assert (new.state, new.split_from, new.steering) == ("reported", case, case.steering)
    assert {party.role for party in new.parties.all()} == {"harmed", "responsible"}
    assert not Consent.objects.filter(party__case=new, ended_at=None).exists()
    assert harmed(new).reached_on is None
    missing = {one.code for one in actions.obstacles_to_begin(new, TODAY)}
    assert {"harmed_person_not_reached", "consent_missing", "screening_unfinished"} <= missing
    for person in (second.person, beside.person):
        assert not standing(person, fresh(case), today=TODAY).may_see
        assert standing(person, fresh(new), today=TODAY).may_see
    assert standing(first.person, fresh(case), today=TODAY).may_see
    assert not standing(mediator, fresh(new), today=TODAY).may_see
    assert not standing(harmed(case).person, fresh(new), today=TODAY).may_see
    assert verify("case", new.reference)["breaks"] == []


def test_promises_of_who_left_stay_as_signed_and_hold_nothing_up():
    case, mediator, coordinator, first, second = with_two_responsible(signed=True)
    agreement = Agreement.objects.get(case=case)
    digest = agreements.text_digest(agreement)
    part(case, coordinator, second, now=later(12))

    agreement.refresh_from_db()
    assert agreement.state == "in_force"
    assert agreements.text_digest(agreement) == digest
    assert Signature.objects.filter(agreement=agreement).count() == 3
    assert [one.name for one in paper_of(agreement, "en", TODAY).signatures].count("Sol") == 1
    assert open_commitments(case) == 1

    clock.run(later(100))
    theirs = Commitment.objects.get(agreement=agreement, promised_by=second)
    assert theirs.state == "promised"
    mine = Commitment.objects.get(agreement=agreement, promised_by=first)
    agreements.say_done(mine, by=first.person, now=later(101))
    agreements.confirm_done(mine, by=harmed(case).person, now=later(102))
    agreement.refresh_from_db()
    assert agreement.state == "fulfilled"
    words_asked(case, mediator, now=later(102))
    across.close(case, by=mediator, now=later(103), outcome="repaired", reason="Kept.")


def test_an_agreement_on_the_table_ends_when_ways_part():
    case, mediator, coordinator, first, second = with_two_responsible()
    agreement = offer(case, mediator, [first, second])
    part(case, coordinator, second)
    agreement.refresh_from_db()
    assert agreement.state == "withdrawn"
    again = agreements.redraft(agreement, by=mediator, now=NOW)
    assert [one.promised_by for one in again.commitments.all()] == [first]


def test_only_a_coordinator_parts_them_and_only_where_there_are_several():
    case, mediator, coordinator, first, second = with_two_responsible()
    with pytest.raises(Hidden):
        part(case, mediator, second)
    part(case, coordinator, second)
    with pytest.raises(Blocked) as error:
        part(case, coordinator, first)
    assert codes(error) == ["nobody_to_split"]


def test_a_party_of_the_one_case_holds_no_office_in_the_other():
    case, _mediator, coordinator, _first, second = with_two_responsible()
    case.community.memberships.create(
        person=second.person, role="coordinator", from_on=TODAY, until=TODAY + timedelta(days=90)
    )
    new = part(case, coordinator, second)
    assert not Case.objects.visible_to(second.person, today=TODAY).filter(pk=case.pk).exists()
    assert not standing(second.person, fresh(case), today=TODAY).may_see
    assert Case.objects.visible_to(second.person, today=TODAY).get() == new
    assert not standing(second.person, fresh(new), today=TODAY).coordinates
