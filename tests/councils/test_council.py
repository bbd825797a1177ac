"""A council from its first day to its end: who, when, what changed, and what a stranger sees."""

import json
from datetime import timedelta

import pytest

from cases.access import standing
from cases.models import Case, Participation
from councils import scheme
from councils.actions import beacons, challenging, drawing, forming, seating, time
from councils.models import Council, RosterEntry, Seat
from councils.reading import lines_of_council, things_of
from journey import actions as journey
from moves.core import Blocked, Hidden
from moves.machine import move
from people.models import NamedTie, Tie
from records.actions import verify
from records.models import Event
from tests.councils import people as p
from tests.factories import NOW, TODAY, harmed, make_person, responsible

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=3)


def codes(blocked: pytest.ExceptionInfo[Blocked]) -> list[str]:
    return [one.code for one in blocked.value.obstacles]


def test_a_council_is_drawn_and_seated() -> None:
    case, cole = p.make_case_for_council()
    council = p.begin(case, cole)
    draw = p.commit(council, cole)

    assert draw.state == "committed"
    assert draw.in_the_hat == 24
    document = beacons.document_of(draw)
    assert all(one.ok for one in scheme.checks(document))
    assert document["beacon"] is None

    draw = p.throw(draw, cole, now=LATER)

    assert draw.state == "drawn"
    assert all(one.ok for one in scheme.checks(beacons.document_of(draw)))
    seats = list(Seat.objects.filter(council=council).select_related("person", "entry"))
    assert sorted(seat.entry.token for seat in seats) == draw.panel
    for seat in seats:
        p.accept(seat, now=LATER)
    council.refresh_from_db()
    assert council.state == "seated"
    assert Participation.objects.filter(case=case, role="council", until=None).count() == 5
    assert verify()["breaks"] == []


def test_the_panel_meets_the_quotas() -> None:
    case, cole = p.make_case_for_council()
    council = p.seat_everybody(p.begin(case, cole), cole)
    said = [
        json.loads(entry.described) for entry in RosterEntry.objects.filter(seat__council=council)
    ]
    for feature, value, least, most in p.QUOTAS:
        assert least <= sum(one[feature] == value for one in said) <= most


def test_parties_name_ties_before_the_draw() -> None:
    case, cole = p.make_case_for_council()
    council = forming.form_council(case, by=cole, now=NOW)
    with pytest.raises(Blocked) as blocked:
        drawing.prepare_draw(council, by=cole, now=NOW, beacons=["drand"])
    assert codes(blocked) == ["ties_not_named"]
    hana = harmed(case).person
    forming.name_ties(council, by=hana, now=NOW, name="  MEMBER 3 ", kind="kin")
    p.finish_ties(council)
    draw = p.commit(council, cole)
    out = RosterEntry.objects.get(draw=draw, person__name_index=NamedTie.index_of("Member 3"))
    assert (out.eligible, out.why_not) == (False, "kin")
    made = json.loads(draw.published.body)
    assert {"token": out.token, "reason": "not_in_this_draw"} in made["excluded"]
    assert '"kin"' not in draw.published.body


def test_a_tie_counts_in_both_directions() -> None:
    case, cole = p.make_case_for_council()
    places = list(case.community.pool.order_by("pk"))
    Tie.objects.create(one=places[0].person, other=harmed(case).person, kind="work", from_on=TODAY)
    Tie.objects.create(
        one=responsible(case).person, other=places[1].person, kind="money", from_on=TODAY
    )
    NamedTie.objects.create(
        person=places[2].person, name=harmed(case).person.name, kind="witness", from_on=TODAY
    )
    draw = p.commit(p.begin(case, cole), cole)
    out = {
        entry.place_id: entry.why_not
        for entry in RosterEntry.objects.filter(draw=draw, eligible=False)
    }
    assert out == {places[0].pk: "work", places[1].pk: "money", places[2].pk: "witness"}


def test_the_people_of_a_case_are_not_in_the_hat() -> None:
    case, cole = p.make_case_for_council()
    mediator = case.participations.get(role="mediator").person
    for someone in (harmed(case).person, mediator, cole):
        case.community.pool.create(
            person=someone, of_age=True, since=TODAY - timedelta(days=200),
            until=TODAY + timedelta(days=100),
        )  # fmt: skip
    draw = p.commit(p.begin(case, cole), cole)
    eligible = draw.roster.filter(eligible=True).values_list("person_id", flat=True)
    assert not {harmed(case).person_id, mediator.pk, cole.pk} & set(eligible)


def test_who_declines_recuses_or_is_silent_is_replaced_with_a_new_beacon() -> None:
    case, cole = p.make_case_for_council()
    council = p.begin(case, cole)
    p.throw(p.commit(council, cole), cole, now=LATER)
    first, second, third, *rest = council.seats.order_by("pk").select_related("person")
    seating.decline_seat(first, by=first.person, now=LATER)
    p.accept(second, now=LATER)
    seating.recuse(second, by=second.person, now=LATER)
    for seat in rest:
        p.accept(seat, now=LATER)
    assert time.due(NOW + timedelta(days=5))["seats_lapsed"] == 1
    third.refresh_from_db()
    assert (third.state, third.by_silence) == ("declined", True)
    assert drawing.vacancies(council) == 3
    now, beacons_seen = NOW + timedelta(days=5), set()
    for turn in range(3):
        draw = p.commit(council, cole, now=now)
        assert (draw.kind, draw.state) == ("replacement", "committed")
        now += timedelta(hours=3)
        digits = p.DICE[turn + 1 :] + p.DICE[: turn + 1]
        draw = p.throw(draw, cole, now=now, digits=digits)
        beacons_seen.add(draw.beacon)
        assert all(one.ok for one in scheme.checks(beacons.document_of(draw)))
        seat = Seat.objects.get(draw=draw)
        assert seat.person_id not in {first.person_id, second.person_id, third.person_id}
        p.accept(seat, now=now)
    assert len(beacons_seen) == 3
    assert Council.objects.get(pk=council.pk).state == "seated"
    with pytest.raises(Hidden):
        drawing.prepare_draw(council, by=cole, now=now, beacons=["drand"])


def test_a_member_whose_seat_ended_reads_nothing_more() -> None:
    case, cole = p.make_case_for_council()
    council = p.seat_everybody(p.begin(case, cole), cole)
    seat = council.seats.select_related("person").first()
    visible = Case.objects.filter(pk=case.pk)
    assert visible.visible_to(seat.person, today=TODAY).exists()
    seating.recuse(seat, by=seat.person, now=LATER)
    assert not visible.visible_to(seat.person, today=TODAY).exists()


def test_who_is_drawn_reads_nothing_before_they_accept() -> None:
    case, cole = p.make_case_for_council()
    council = p.begin(case, cole)
    p.throw(p.commit(council, cole), cole, now=LATER)
    seat = council.seats.select_related("person").first()
    assert not Case.objects.visible_to(seat.person, today=TODAY).exists()
    with pytest.raises(Blocked) as blocked:
        seating.accept_seat(seat, by=seat.person, now=LATER, no_tie=True)
    assert codes(blocked) == ["not_promised"]
    with pytest.raises(Hidden):
        seating.accept_seat(seat, by=make_person(), now=LATER, no_tie=True)


def test_a_challenge_is_decided_by_the_rest_of_the_panel() -> None:
    case, cole = p.make_case_for_council()
    council = p.seat_everybody(p.begin(case, cole), cole)
    doubted, *rest = council.seats.order_by("pk").select_related("person")
    hana = harmed(case).person
    challenge = challenging.challenge_member(doubted, by=hana, now=LATER, reason="Neighbours.")
    with pytest.raises(Hidden):
        challenging.answer_challenge(
            challenge, by=doubted.person, now=LATER, uphold=False, reason="Not so."
        )
    for seat in rest[:2]:
        challenging.answer_challenge(
            challenge, by=seat.person, now=LATER, uphold=True, reason="Better so."
        )
    challenge.refresh_from_db()
    doubted.refresh_from_db()
    assert (challenge.state, doubted.state) == ("upheld", "replaced")
    assert drawing.vacancies(council) == 1


def test_a_member_reads_no_challenge_about_themselves() -> None:
    case, cole = p.make_case_for_council()
    council = p.seat_everybody(p.begin(case, cole), cole)
    doubted, other, *_rest = council.seats.order_by("pk").select_related("person")
    hana = harmed(case).person
    challenging.challenge_member(doubted, by=hana, now=LATER, reason="Neighbours.")
    case = Case.objects.get(pk=case.pk)
    reads = {
        someone.pk: [part for part, _thing in things_of(case, standing(someone, case, today=TODAY))]
        for someone in (doubted.person, other.person, hana, responsible(case).person, cole)
    }
    told = [pk for pk, parts in reads.items() if "challenge" in parts]
    assert told == [other.person_id, hana.pk]
    assert reads[doubted.person_id].count("seat") == council.size


def test_more_than_half_of_the_rest_dismisses_a_challenge() -> None:
    case, cole = p.make_case_for_council()
    council = p.seat_everybody(p.begin(case, cole), cole)
    doubted, *rest = council.seats.order_by("pk").select_related("person")
    challenge = challenging.challenge_member(
        doubted, by=responsible(case).person, now=LATER, reason="A doubt."
    )
    for seat in rest[:3]:
        challenging.answer_challenge(
            challenge, by=seat.person, now=LATER, uphold=False, reason="No grounds."
        )
    challenge.refresh_from_db()
    doubted.refresh_from_db()
    assert (challenge.state, doubted.state) == ("dismissed", "accepted")


def test_a_challenge_left_unanswered_is_upheld() -> None:
    case, cole = p.make_case_for_council()
    council = p.seat_everybody(p.begin(case, cole), cole)
    doubted = council.seats.order_by("pk").first()
    challenging.challenge_member(doubted, by=harmed(case).person, now=LATER, reason="A doubt.")
    assert time.due(NOW + timedelta(days=6))["challenges_upheld"] == 0
    assert time.due(NOW + timedelta(days=9))["challenges_upheld"] == 1


def test_quotas_that_cannot_be_met_wait_for_a_person_and_a_reason() -> None:
    rules = {"quotas": [["gender", "woman", 5, 5], ["age", "40+", 5, 5], ["gender", "man", 1, 5]]}
    case, cole = p.make_case_for_council(rules=rules)
    council = p.begin(case, cole)
    draw = p.commit(council, cole)
    assert draw.state == "preparing"
    assert draw.problem["relaxations"]
    keys = [drawing.relaxation_key(one) for one in draw.problem["relaxations"]]
    drawing.relax_quotas(draw, by=cole, now=NOW, relaxations=keys, reason="Nobody else is there.")
    draw.refresh_from_db()
    assert draw.state == "solving"
    assert draw.relaxed_because == "Nobody else is there."


def test_too_small_a_pool_is_widened_to_the_parent_and_else_said() -> None:
    case, cole = p.make_case_for_council(people=8)
    draw = p.commit(p.begin(case, cole), cole)
    assert draw.state == "preparing"
    assert draw.problem["why"][0]["code"] == "pool_too_small"
    town = p.make_community()
    beside = p.make_community(parent=town)
    case.community.parent = town
    case.community.save()
    p.make_pool(beside, 20)
    stuck = Event.objects.filter(kind="draw", subject_id=draw.public_id, code="draw_has_a_problem")
    assert stuck.count() == 1
    drawing.find_panels(draw, by=cole, now=NOW)
    assert stuck.count() == 1
    draw.refresh_from_db()
    assert draw.widened == "parent"
    assert draw.drawn_from == sorted([case.community.slug, beside.slug])


def test_a_beacon_is_not_taken_before_it_can_exist_or_when_it_is_another() -> None:
    case, cole = p.make_case_for_council()
    draw = p.commit(p.begin(case, cole), cole, beacons=["drand"])
    with pytest.raises(Blocked) as blocked:
        beacons.enter_drand(draw, by=cole, now=NOW, signature="00" * 48)
    assert codes(blocked) == ["beacon_too_early"]
    with pytest.raises(Blocked) as blocked:
        beacons.enter_drand(draw, by=cole, now=NOW + timedelta(days=9), signature="00" * 48)
    assert codes(blocked) == ["not_the_beacon"]
    draw.refresh_from_db()
    assert draw.state == "committed"


def test_contributions_come_before_the_commitment_and_are_revealed_before_the_dice() -> None:
    case, cole = p.make_case_for_council()
    council = p.begin(case, cole)
    how = {
        "beacons": ["dice", "contributions"], "dice_at": NOW + timedelta(days=3),
        "dice_witnesses": "A, B",
    }  # fmt: skip
    draw = drawing.prepare_draw(council, by=cole, now=NOW, **how)
    hana, remi = harmed(case).person, responsible(case).person
    secrets = {hana.pk: bytes(range(32)), remi.pk: bytes(range(1, 33))}
    for someone in (hana, remi):
        h = scheme.contribution(secrets[someone.pk])
        beacons.contribute(draw, by=someone, now=NOW, h=h)
    drawing.find_panels(draw, by=cole, now=NOW)
    p.solve(draw, now=NOW)
    draw.refresh_from_db()
    with pytest.raises(Blocked) as blocked:
        beacons.reveal(draw, by=hana, now=NOW, secret="00" * 32)
    assert codes(blocked) == ["not_the_secret"]
    beacons.reveal(draw, by=hana, now=NOW, secret=secrets[hana.pk].hex())
    with pytest.raises(Blocked) as blocked:
        beacons.reveal(draw, by=remi, now=NOW + timedelta(days=2), secret=secrets[remi.pk].hex())
    assert codes(blocked) == ["reveal_too_late"]
    draw = p.throw(draw, cole, now=NOW + timedelta(days=3, hours=1))
    assert draw.state == "drawn"
    document = beacons.document_of(draw)
    assert document["sources"][1]["left_out"] == [scheme.contribution(secrets[remi.pk])]
    assert all(one.ok for one in scheme.checks(document))


def test_who_left_the_pool_after_the_commitment_is_not_asked() -> None:
    case, cole = p.make_case_for_council(people=24)
    council = p.begin(case, cole)
    draw = p.commit(council, cole)
    case.community.pool.update(left_on=TODAY)
    p.throw(draw, cole, now=LATER)
    assert set(council.seats.values_list("state", flat=True)) == {"declined"}
    assert not p.Person.objects.filter(notices__code="drawn_for_a_council").exists()


def test_after_the_beacon_a_draw_is_void_only_by_guardian_and_auditor() -> None:
    case, cole = p.make_case_for_council()
    guardian, auditor = make_person("Pavel"), make_person("Ada")
    for someone, role in ((guardian, "process_guardian"), (auditor, "auditor")):
        case.community.memberships.create(
            person=someone, role=role, from_on=TODAY - timedelta(days=9),
            until=TODAY + timedelta(days=99),
        )  # fmt: skip
    council = p.begin(case, cole)
    assert Council.objects.get(pk=council.pk).process_guardian == guardian
    draw = p.throw(p.commit(council, cole), cole, now=LATER)
    with pytest.raises(Hidden):
        beacons.void_draw(draw, by=cole, now=LATER, reason="I do not like it.")
    beacons.void_draw(draw, by=guardian, now=LATER, reason="The dice fell off the table.")
    with pytest.raises(Hidden):
        beacons.agree_to_void(draw, by=guardian, now=LATER)
    beacons.agree_to_void(draw, by=auditor, now=LATER)
    draw.refresh_from_db()
    assert (draw.state, draw.void_reason) == ("void", "The dice fell off the table.")
    assert set(council.seats.values_list("state", flat=True)) == {"ended"}
    assert not Case.objects.visible_to(auditor, today=TODAY).exists()


def test_before_the_beacon_who_runs_the_draw_can_void_it() -> None:
    case, cole = p.make_case_for_council()
    draw = p.commit(p.begin(case, cole), cole)
    beacons.void_draw(draw, by=cole, now=NOW, reason="A wrong day was announced.")
    draw.refresh_from_db()
    assert draw.state == "void"


def test_closing_the_case_ends_its_council() -> None:
    case, cole = p.make_case_for_council()
    council = p.seat_everybody(p.begin(case, cole), cole)
    member = council.seats.first().person
    journey.refer_elsewhere(case, by=cole, now=LATER, reason="Elsewhere.")
    council.refresh_from_db()
    assert council.state == "dissolved"
    assert set(council.seats.values_list("state", flat=True)) == {"ended"}
    assert not Case.objects.visible_to(member, today=TODAY).exists()


def test_on_hold_no_draw_goes_on() -> None:
    case, cole = p.make_case_for_council()
    council = p.begin(case, cole)
    draw = p.commit(council, cole)
    Case.objects.filter(pk=case.pk).update(frozen_on=TODAY)
    with pytest.raises(Blocked) as blocked:
        p.throw(draw, cole, now=LATER)
    assert codes(blocked) == ["stage_frozen"]


def test_a_search_that_died_with_its_process_is_done_by_the_clock() -> None:
    case, cole = p.make_case_for_council()
    draw = drawing.prepare_draw(p.begin(case, cole), by=cole, now=NOW, beacons=["drand"])
    assert time.due(NOW + timedelta(minutes=1))["solved"] == 0
    assert time.due(NOW + timedelta(minutes=6))["solved"] == 1
    draw.refresh_from_db()
    assert draw.state == "committed"
    assert time.due(NOW + timedelta(minutes=12))["solved"] == 0


def test_below_its_quorum_a_council_waits_for_new_members() -> None:
    case, cole = p.make_case_for_council()
    council = p.seat_everybody(p.begin(case, cole), cole)
    move(council, "deliberate")
    seats = list(council.seats.order_by("pk").select_related("person"))

    def where() -> str:
        fresh = Council.objects.select_related("charter_version").get(pk=council.pk)
        lines = lines_of_council([fresh, *Seat.objects.filter(council=council)], TODAY)
        assert lines is not None
        return lines.where

    seating.recuse(seats[0], by=seats[0].person, now=LATER)
    assert where() == "The council deliberates."
    seating.recuse(seats[1], by=seats[1].person, now=LATER)
    assert where() == "Too few members sit on the council to go on."


def test_days_on_hold_are_given_back_to_who_was_drawn() -> None:
    case, cole = p.make_case_for_council()
    council = p.begin(case, cole)
    p.throw(p.commit(council, cole), cole, now=LATER)
    hold = [[TODAY.isoformat(), (TODAY + timedelta(days=10)).isoformat()]]
    Case.objects.filter(pk=case.pk).update(holds=hold)
    assert time.due(NOW + timedelta(days=13))["seats_lapsed"] == 0
    seat = council.seats.order_by("pk").select_related("person").first()
    p.accept(seat, now=NOW + timedelta(days=13))
    assert time.due(NOW + timedelta(days=14))["seats_lapsed"] == 4


def test_a_doubt_left_open_when_the_case_closes_stops_no_later_tick() -> None:
    case, cole = p.make_case_for_council()
    council = p.seat_everybody(p.begin(case, cole), cole)
    doubted = council.seats.order_by("pk").first()
    challenge = challenging.challenge_member(
        doubted, by=harmed(case).person, now=LATER, reason="A doubt."
    )
    journey.refer_elsewhere(case, by=cole, now=LATER, reason="Elsewhere.")
    challenge.refresh_from_db()
    assert challenge.state == "moot"
    assert time.due(NOW + timedelta(days=30))["challenges_upheld"] == 0


def test_when_one_doubt_is_upheld_the_other_about_the_same_member_is_moot() -> None:
    case, cole = p.make_case_for_council()
    council = p.seat_everybody(p.begin(case, cole), cole)
    doubted, *rest = council.seats.order_by("pk").select_related("person")
    hers, theirs = (
        challenging.challenge_member(doubted, by=who.person, now=LATER, reason="A doubt.")
        for who in (harmed(case), responsible(case))
    )
    for seat in rest[:2]:
        challenging.answer_challenge(
            hers, by=seat.person, now=LATER, uphold=True, reason="Better so."
        )
    for challenge in (hers, theirs):
        challenge.refresh_from_db()
    assert (hers.state, theirs.state) == ("upheld", "moot")
    assert time.due(NOW + timedelta(days=30))["challenges_upheld"] == 0


def test_rest_is_cut_short_before_any_quota_is_relaxed() -> None:
    """Half the men of the pool still rest; without them the quota for men cannot be met."""
    rules = {"quotas": [["gender", "man", 3, 5], ["gender", "woman", 0, 2]]}
    case, cole = p.make_case_for_council(people=26, rules=rules)
    men = [
        one
        for one in case.community.pool.select_related("person")
        if json.loads(one.features)["gender"] == "man"
    ]
    before, _cole = p.make_case_for_council()
    p.rest_after(before, list(men[2:]), ended_on=TODAY - timedelta(days=10))
    council = p.begin(case, cole)
    draw = p.commit(council, cole)
    assert (draw.state, draw.problem["rest"]) == ("preparing", True)
    keys = [drawing.relaxation_key(one) for one in draw.problem["relaxations"]]
    with pytest.raises(Blocked) as blocked:
        drawing.relax_quotas(draw, by=cole, now=NOW, relaxations=keys, reason="Too few.")
    assert codes(blocked) == ["rest_first"]
    drawing.cut_rest(draw, by=cole, now=NOW, reason="Only two men are rested.")
    p.solve(draw, now=NOW)
    draw.refresh_from_db()
    assert (draw.state, draw.in_the_hat) == ("committed", 26)
    draw = p.throw(draw, cole, now=LATER)
    assert not council.seats.filter(state="declined").exists()


def test_where_rest_would_not_do_a_quota_can_be_relaxed_at_once() -> None:
    rules = {"quotas": [["gender", "woman", 5, 5], ["gender", "man", 1, 5]]}
    case, cole = p.make_case_for_council(rules=rules)
    draw = p.commit(p.begin(case, cole), cole)
    assert draw.problem["rest"] is False
    with pytest.raises(Hidden):
        drawing.cut_rest(draw, by=cole, now=NOW, reason="It would not help.")
