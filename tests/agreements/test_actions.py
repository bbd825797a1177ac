"""From a draft to a promise kept: who may do what, when, and what time alone does."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from agreements import actions, forms, moves, rules, wording
from agreements.models import Agreement, Commitment
from agreements.querysets import live_for, open_commitments
from cases.access import standing
from cases.models import Case
from moves.core import Blocked, Hidden, Stale
from moves.pages import attempt
from notices.models import Notice
from records.models import Event

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def later(days):
    return NOW + timedelta(days=days)


def names(world, agreement, person, now=NOW):
    case = Case.objects.get(pk=world.case.pk)
    agreement = Agreement.objects.get(pk=agreement.pk)
    who = standing(person, case, today=now.date())
    found = [
        *moves.moves_on_case(case, person, who, today=now.date()),
        *moves.moves_on_agreement(agreement, person, who, today=now.date()),
    ]
    for one in agreement.commitments.all():
        found += moves.moves_on_commitment(one, person, who, today=now.date())
    return {move.name: [one.code for one in move.obstacles] for move in found}


def hold(world):
    Case.objects.filter(pk=world.case.pk).update(frozen_on=NOW.date())


def test_only_the_mediator_writes_and_only_in_mediation(world, draft):
    with pytest.raises(Hidden):
        actions.draft_agreement(world.case, by=world.ana, now=NOW, account="x")
    with pytest.raises(Hidden):
        actions.draft_agreement(world.case, by=world.joke, now=NOW, account="a second one")
    with pytest.raises(Hidden):
        actions.offer_agreement(draft, by=world.stranger, now=NOW)
    assert names(world, draft, world.ana) == {}
    assert set(names(world, draft, world.joke)) == {
        "offer_agreement", "add_commitment", "change_account", "change_commitment",
        "remove_commitment",
    }  # fmt: skip


def test_an_unclear_draft_is_not_offered_and_page_and_action_say_the_same(world, draft, promise):
    actions.add_commitment(draft, by=world.joke, now=NOW, **(promise | {"due_on": None}))
    shown = names(world, draft, world.joke)["offer_agreement"]
    with pytest.raises(Blocked) as refused:
        actions.offer_agreement(draft, by=world.joke, now=NOW)
    assert shown == ["commitment_unclear", "exceeds_harm"]
    assert [one.code for one in refused.value.obstacles] == shown


def test_two_who_write_at_once_do_not_write_over_each_other(world, draft):
    seen = rules.seen_digest(actions.account_shown(draft))
    actions.change_account(draft, by=world.joke, now=NOW, account="First", seen=seen)
    with pytest.raises(Stale) as stale:
        actions.change_account(draft, by=world.joke, now=NOW, account="Second", seen=seen)
    assert (stale.value.theirs, stale.value.now_stands) == ("Second", "First")


def test_a_promise_is_changed_through_its_form_once(world, draft, promise):
    one = draft.commitments.get()
    form = forms.ChangeCommitmentForm(world.case, one, actions.commitment_shown(one))
    typed = {name: form.initial.get(name) or "" for name in form.fields}
    filled = forms.ChangeCommitmentForm(
        world.case, one, actions.commitment_shown(one), data=typed | {"amount": "90"}
    )
    assert filled.is_valid(), filled.errors
    changed = actions.change_commitment(one, by=world.joke, now=NOW, **filled.cleaned_data)
    assert changed.amount == 90
    with pytest.raises(Stale):
        actions.change_commitment(one, by=world.joke, now=NOW, **filled.cleaned_data)


def test_taking_a_promise_out_numbers_the_others_anew(world, draft, promise):
    for _n in range(2):
        actions.add_commitment(draft, by=world.joke, now=NOW, **promise)
    actions.remove_commitment(draft.commitments.get(number=1), by=world.joke, now=NOW)
    assert [one.number for one in draft.commitments.all()] == [1, 2]


def test_everybody_signs_the_same_text_and_then_may_step_back(world, signed):
    assert signed.state == "cooling_off"
    assert signed.cooling_off_until == date(2026, 12, 4)
    assert len(set(signed.signatures.values_list("digest", flat=True))) == 1
    assert names(world, signed, world.ana) == {"step_back": []}


def test_nobody_signs_twice_or_for_another(world, offered):
    actions.sign_agreement(offered, by=world.ana, now=NOW, understood=True)
    for person in (world.ana, world.joke, world.grace, world.stranger):
        with pytest.raises(Hidden):
            actions.sign_agreement(offered, by=person, now=NOW, understood=True)


def test_a_minor_signs_and_the_guardian_beside_them(world, offered):
    world.daniel_party.minor = True
    world.daniel_party.save(update_fields=["minor"])
    actions.sign_agreement(offered, by=world.ana, now=NOW, understood=True)
    actions.sign_agreement(offered, by=world.daniel, now=NOW, understood=True)
    offered.refresh_from_db()
    assert offered.state == "offered"
    assert "sign_agreement" in names(world, offered, world.grace)
    key = actions.paper_key(world.daniel_party, True)
    actions.sign_on_paper(offered, by=world.joke, now=NOW, party=key, witness="Lena")
    offered.refresh_from_db()
    assert offered.state == "cooling_off"
    assert offered.signatures.get(for_minor=True).signed_by == world.grace


def test_on_hold_nobody_signs_but_anybody_steps_back(world, offered):
    hold(world)
    assert names(world, offered, world.ana) == {
        "sign_agreement": ["stage_frozen"], "step_back": [],
    }  # fmt: skip
    with pytest.raises(Blocked):
        actions.sign_agreement(offered, by=world.ana, now=NOW, understood=True)
    actions.step_back(offered, by=world.ana, now=NOW)


def test_taken_back_every_signature_is_void(world, offered):
    actions.sign_agreement(offered, by=world.ana, now=NOW, understood=True)
    actions.take_back_offer(offered, by=world.joke, now=NOW)
    offered.refresh_from_db()
    assert offered.state == "drafting"
    assert not offered.signatures.exists()


def test_nobody_learns_who_stepped_back(world, signed):
    actions.step_back(signed, by=world.daniel, now=NOW)
    event = Event.objects.get(code="agreement_withdrawn")
    assert (event.by, set(event.data)) == ("", {"agreement"})
    told = Notice.objects.filter(code="agreement_withdrawn")
    everybody = (world.ana, world.daniel, world.grace, world.joke)
    assert {one.person_id for one in told} == {person.pk for person in everybody}
    new = actions.redraft(signed, by=world.joke, now=NOW)
    assert (new.version, new.supersedes, new.commitments.count()) == (2, signed, 1)


def test_it_takes_effect_the_day_after_however_late_the_clock_looks(world, signed):
    assert actions.due(later(10))["in_force"] == 0
    assert actions.due(later(20))["in_force"] == 1
    assert not any(actions.due(later(20)).values())
    signed.refresh_from_db()
    case = Case.objects.get(pk=world.case.pk)
    assert (signed.state, signed.in_force_on) == ("in_force", date(2026, 12, 5))
    assert (case.state, case.state_since) == ("reparation", date(2026, 12, 5))


def test_no_time_runs_while_a_case_is_on_hold(world, signed):
    hold(world)
    assert not any(actions.due(later(60)).values())


def test_an_offer_nobody_answers_lapses(world, offered):
    assert actions.due(later(30))["lapsed"] == 0
    assert actions.due(later(40))["lapsed"] == 1
    offered.refresh_from_db()
    assert (offered.state, offered.ended_on) == ("lapsed", date(2026, 12, 25))
    assert live_for(world.case) is None


def test_two_sides_one_promise(world, in_force):
    now = later(12)
    assert names(world, in_force, world.daniel, now) == {"say_done": []}
    assert names(world, in_force, world.ana, now) == {"waive": []}
    one = in_force.commitments.get()
    with pytest.raises(Hidden):
        actions.waive(one, by=world.daniel, now=now)
    actions.say_done(one, by=world.daniel, now=now)
    assert names(world, in_force, world.daniel, now) == {}
    assert set(names(world, in_force, world.ana, now)) == {"confirm_done", "not_yet", "waive"}
    with pytest.raises(Hidden):
        actions.confirm_done(one, by=world.daniel, now=now)
    actions.not_yet(one, by=world.ana, now=now, because="The wheel is missing.")
    actions.say_done(one, by=world.daniel, now=later(13))
    actions.confirm_done(one, by=world.ana, now=later(13))
    in_force.refresh_from_db()
    assert in_force.state == "fulfilled"
    assert open_commitments(world.case) == 0


def test_instalments_add_up_and_never_exceed_the_promise(world, in_force):
    one = in_force.commitments.get()
    actions.say_done(one, by=world.daniel, now=later(12), amount=Decimal(60))
    actions.confirm_done(one, by=world.ana, now=later(12))
    one.refresh_from_db()
    assert one.state == "underway"
    with pytest.raises(Blocked) as refused:
        actions.say_done(one, by=world.daniel, now=later(13), amount=Decimal(121))
    assert [found.code for found in refused.value.obstacles] == ["more_than_promised"]
    actions.say_done(one, by=world.daniel, now=later(13), amount=Decimal(120))
    actions.confirm_done(one, by=world.ana, now=later(14))
    one.refresh_from_db()
    assert one.state == "kept"


def test_asked_twice_without_an_answer_is_not_a_yes_and_blocks_nothing(world, in_force):
    one = in_force.commitments.get()
    actions.say_done(one, by=world.daniel, now=later(12))
    done = actions.due(later(60))
    assert (done["asked"], done["unconfirmed"]) == (2, 1)
    one.refresh_from_db()
    in_force.refresh_from_db()
    assert (one.state, one.state_since) == ("unconfirmed", date(2026, 12, 27))
    assert in_force.state == "fulfilled"
    actions.confirm_done(one, by=world.ana, now=later(61))
    one.refresh_from_db()
    assert one.state == "kept"


def test_a_part_without_an_answer_leaves_the_rest_to_do(world, in_force):
    one = in_force.commitments.get()
    actions.say_done(one, by=world.daniel, now=later(12), amount=Decimal(60))
    actions.due(later(34))
    one.refresh_from_db()
    assert (one.state, actions.still_to_do(one)) == ("underway", 120)


def test_a_day_that_passed_is_missed_once_and_can_still_be_made_good(world, in_force):
    assert actions.due(later(37))["missed"] == 0
    assert actions.due(later(40))["missed"] == 1
    assert not any(actions.due(later(40)).values())
    one = in_force.commitments.get()
    assert (one.state, one.state_since) == ("missed", date(2027, 1, 1))
    actions.say_done(one, by=world.daniel, now=later(41))
    actions.confirm_done(one, by=world.ana, now=later(41))


def test_whom_it_was_promised_to_can_ask_for_it_no_longer(world, in_force):
    actions.waive(in_force.commitments.get(), by=world.ana, now=later(12))
    in_force.refresh_from_db()
    assert in_force.state == "fulfilled"


def test_the_database_allows_one_live_agreement_and_known_states_only(world, draft):
    with pytest.raises(IntegrityError), transaction.atomic():
        Agreement.objects.create(case=world.case, version=2, drafted_on=NOW.date())
    with pytest.raises(IntegrityError), transaction.atomic():
        Commitment.objects.update(state="done")


def test_every_move_obstacle_event_and_notice_has_its_words(world, in_force):
    mine = ("agreement", "commitment", "offer", "everybody")
    codes = {one.code for one in Event.objects.all() if one.code.startswith(mine)}
    assert codes <= set(wording.EVENTS)
    assert {one.code for one in Notice.objects.all()} <= set(wording.NOTICES)


def test_the_agreement_is_printed_from_its_reference(world, signed, tmp_path):
    out = tmp_path / "agreement.pdf"
    call_command("render_agreement", world.case.reference, out=out, lang="es", stdout=StringIO())
    assert out.read_bytes().startswith(b"%PDF")
    with pytest.raises(CommandError):
        call_command("render_agreement", "RJ-NONE", out=out, stdout=StringIO())
    with pytest.raises(CommandError):
        call_command("render_agreement", world.case.reference, out=out, lang="xx")


def move_named(world, agreement, person, name, now):
    case = Case.objects.get(pk=world.case.pk)
    agreement = Agreement.objects.get(pk=agreement.pk)
    who = standing(person, case, today=now.date())
    found = [*moves.moves_on_agreement(agreement, person, who, today=now.date())]
    for _one, more in moves.plan_items(case, person, who, now.date()):
        found += more
    return [move for move in found if move.name == name]


def test_what_is_typed_reaches_the_action_through_the_same_door_as_on_the_page(world, offered):
    signer = actions.paper_key(world.ana_party, False)
    steps = [
        (world.joke, "sign_on_paper", {"party": signer, "witness": "Lena"}, NOW),
        (world.daniel, "sign_agreement", {"understood": "on"}, NOW),
    ]
    for person, name, data, now in steps:
        found = move_named(world, offered, person, name, now)
        assert attempt(found, name, data, by=person, now=now).status == 200, name
    actions.due(later(11))
    done = {"amount": "200", "happened_on": "2026-11-20", "note": ""}
    steps = [
        (world.daniel, "say_done", done, later(12), 422),
        (world.daniel, "say_done", done | {"happened_on": "2999-01-01"}, later(12), 422),
        (world.daniel, "say_done", done | {"amount": "100"}, later(12), 200),
        (world.ana, "not_yet", {"because": ""}, later(12), 422),
        (world.ana, "not_yet", {"because": "Not all of it."}, later(12), 200),
        (world.ana, "confirm_done", {}, later(13), 200),
        (world.daniel, "say_done", done | {"amount": "80"}, later(13), 200),
        (world.ana, "waive", {"note": "Enough."}, later(13), 200),
        (world.ana, "waive", {}, later(13), 404),
    ]
    for person, name, data, now, status in steps:
        found = move_named(world, offered, person, name, now)
        assert attempt(found, name, data, by=person, now=now).status == status, (name, data)
    assert set(wording.MOVES) >= {name for _p, name, *_more in steps}


def test_a_promise_to_oneself_is_no_promise(world, promise):
    data = promise | {"promised_to": promise["promised_by"], "confirmed_by": "harmed"}
    assert "promised_to" in forms.CommitmentForm(world.case, data=data).errors


def test_a_plan_that_failed_gives_way_to_a_new_one(world, in_force):
    Case.objects.filter(pk=world.case.pk).update(state="council")
    new = actions.draft_agreement(world.case, by=world.joke, now=later(20), account="A new try.")
    in_force.refresh_from_db()
    assert (in_force.state, new.version, open_commitments(world.case)) == ("broken", 2, 1)


def test_nobody_outside_reads_the_plan(world, in_force):
    who = standing(world.stranger, world.case, today=NOW.date())
    assert moves.plan_items(world.case, world.stranger, who, NOW.date()) == []


@pytest.mark.parametrize("stage", ["draft", "offered", "signed"])
def test_what_is_not_in_force_ends_with_its_case(world, request, stage):
    agreement = request.getfixturevalue(stage)
    with transaction.atomic():
        actions.set_aside(world.case, now=NOW)
    agreement.refresh_from_db()
    assert agreement.state == ("superseded" if stage == "draft" else "withdrawn")
    assert not any(actions.due(later(40)).values())


def test_a_plan_in_force_stays_when_its_case_closes(world, in_force):
    actions.set_aside(world.case, now=NOW)
    in_force.refresh_from_db()
    assert in_force.state == "in_force"
