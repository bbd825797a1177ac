"""Who is drawn, and who goes on serving: what comes up between the commitment and the end."""

import json
from datetime import date, timedelta
from typing import Any

import pytest

from cases.access import standing
from cases.models import Case, Participation
from councils import scheme
from councils.actions import (
    beacons,
    challenging,
    drawing,
    forming,
    seating,
    stepping_down,
    time,
)
from councils.models import Council, Draw, RosterEntry, Seat
from councils.reading import things_of
from journey import actions as journey
from moves.core import Blocked, Hidden
from people.models import Person, Tie
from tests.councils import people as p
from tests.factories import NOW, TODAY, harmed, make_case, make_person

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=3)
TERM = {"from_on": TODAY - timedelta(days=9), "until": TODAY + timedelta(days=99)}


def sees(person: Person, case: Case, *, today: date = TODAY) -> bool:
    found = Case.objects.filter(pk=case.pk).visible_to(person, today=today).exists()
    assert found == standing(person, Case.objects.get(pk=case.pk), today=today).may_see
    return found


def seated(**more: Any) -> tuple[Case, Person, Council, list[Seat]]:
    case, cole = p.make_case_for_council(**more)
    council = p.seat_everybody(p.begin(case, cole), cole)
    return case, cole, council, list(council.seats.order_by("pk").select_related("person"))


def with_office(case: Case, role: str, name: str) -> Person:
    person = make_person(name)
    case.community.memberships.create(person=person, role=role, **TERM)
    return person


# ── The draw ─────────────────────────────────────────────────────────────────


def test_who_is_no_member_of_the_community_any_more_is_not_in_the_hat() -> None:
    case, cole = p.make_case_for_council()
    gone = case.community.pool.first()
    gone.person.memberships.update(until=TODAY - timedelta(days=1))
    draw = p.commit(p.begin(case, cole), cole)
    assert draw.roster.get(person=gone.person).why_not == "not_member"


@pytest.mark.parametrize("why", ["away", "resting", "closed", "tied", "left", "moved"])
def test_who_cannot_be_drawn_any_more_when_the_lot_falls_is_not_asked(why: str) -> None:
    case, cole = p.make_case_for_council()
    council = p.begin(case, cole)
    draw = p.commit(council, cole)
    if why == "resting":
        for entry in draw.roster.select_related("person"):
            _sat_elsewhere(entry)
    everybody = [place.person_id for place in case.community.pool.all()]
    if why == "away":
        case.community.pool.update(away_until=TODAY + timedelta(days=1))
    elif why == "left":
        case.community.pool.update(left_on=TODAY)
    elif why == "closed":
        Person.objects.filter(pk__in=everybody).update(is_active=False)
    elif why == "moved":
        case.community.memberships.filter(role="member").update(until=TODAY - timedelta(days=1))
    elif why == "tied":
        for pk in everybody:
            Tie.objects.create(one_id=pk, other=harmed(case).person, kind="kin", from_on=TODAY)
    p.throw(draw, cole, now=LATER)
    assert set(council.seats.values_list("state", flat=True)) == {"declined"}
    assert not Person.objects.filter(notices__code="drawn_for_a_council").exists()


def _sat_elsewhere(entry: RosterEntry) -> None:
    """This person sat on the council of another case until today."""
    council = Council.objects.filter(state="dissolved").first()
    if council is None:
        other = make_case()
        council = Council.objects.create(
            case=other, community=other.community, charter_version=other.charter_version, size=3,
            formed_on=TODAY, state="dissolved", dissolved_on=TODAY,
        )  # fmt: skip
        Draw.objects.create(council=council, number=1, prepared_at=NOW)
    draw = Draw.objects.get(council=council)
    copy = RosterEntry.objects.create(
        draw=draw, place=entry.place, person=entry.person, token=entry.token, salt="",
        described="{}", eligible=True,
    )  # fmt: skip
    Seat.objects.create(
        council=council, draw=draw, person=entry.person, entry=copy, state="ended",
        drawn_on=TODAY, answer_by=TODAY, accepted_on=TODAY, ended_on=TODAY,
    )  # fmt: skip


def test_a_replacement_is_decided_by_what_was_committed_and_not_by_who_steps_aside_then() -> None:
    case, cole = p.make_case_for_council(rules={"quotas": [["gender", "woman", 2, 2]]})
    council = p.seat_everybody(p.begin(case, cole), cole)
    seats = list(council.seats.select_related("person", "entry").order_by("pk"))
    women = [one for one in seats if json.loads(one.entry.described)["gender"] == "woman"]
    others = [one for one in seats if one not in women]
    seating.recuse(women[0], by=women[0].person, now=LATER)
    draw = p.commit(council, cole, now=LATER)
    # The dice are known, and somebody steps aside before they are written down.
    seating.recuse(others[0], by=others[0].person, now=LATER)
    draw = p.throw(draw, cole, now=LATER + timedelta(hours=3))
    described = {
        one.token: json.loads(one.described)
        for one in RosterEntry.objects.filter(draw__council=council)
    }
    assert described[draw.panel[0]]["gender"] == "woman"
    assert all(one.ok for one in scheme.checks(beacons.document_of(draw), described))


def test_a_replacement_that_waited_counts_the_empty_seats_anew() -> None:
    _case, cole, council, seats = seated()
    seating.recuse(seats[0], by=seats[0].person, now=LATER)
    how = {
        "beacons": ["dice", "contributions"], "dice_at": LATER + timedelta(hours=2),
        "dice_witnesses": "A",
    }  # fmt: skip
    draw = drawing.prepare_draw(council, by=cole, now=LATER, **how)
    seating.recuse(seats[1], by=seats[1].person, now=LATER)
    drawing.find_panels(draw, by=cole, now=LATER)
    made = json.loads(Draw.objects.get(pk=draw.pk).published.body)
    assert (made["vacant"], len(made["seated"])) == (2, 3)


def test_nobody_who_lives_with_a_member_is_in_the_hat_of_a_replacement() -> None:
    case, cole, council, seats = seated()
    stays = seats[1].person
    drawn = council.seats.values("person_id")
    mates = [one.person for one in case.community.pool.exclude(person__in=drawn)[:2]]
    # The household's name comes from somebody who is in no roster any more.
    Tie.objects.create(one=mates[0], other=stays, kind="household", from_on=TODAY)
    Tie.objects.create(one=mates[0], other=mates[1], kind="household", from_on=TODAY)
    seating.recuse(seats[0], by=seats[0].person, now=LATER)
    draw = p.commit(council, cole, now=LATER)
    out = {(one.eligible, one.why_not) for one in draw.roster.filter(person__in=mates)}
    assert out == {(False, "same_household")}


def test_panels_found_while_the_case_is_on_hold_are_not_published() -> None:
    case, cole = p.make_case_for_council()
    draw = drawing.prepare_draw(p.begin(case, cole), by=cole, now=NOW, beacons=["drand"])
    Case.objects.filter(pk=case.pk).update(frozen_on=TODAY)
    p.solve(draw, now=NOW)
    draw = Draw.objects.get(pk=draw.pk)
    assert (draw.state, draw.commitment) == ("preparing", "")
    Case.objects.filter(pk=case.pk).update(frozen_on=None)
    drawing.find_panels(draw, by=cole, now=NOW)
    p.solve(draw, now=NOW)
    assert Draw.objects.get(pk=draw.pk).state == "committed"


def test_a_void_draw_takes_with_it_the_one_under_way_that_builds_on_it() -> None:
    case, cole = p.make_case_for_council()
    guardian, auditor = (with_office(case, role, role) for role in ("process_guardian", "auditor"))
    council = p.seat_everybody(p.begin(case, cole), cole)
    first = council.draws.get()
    seat = council.seats.select_related("person").first()
    seating.recuse(seat, by=seat.person, now=LATER)
    second = p.commit(council, cole, now=LATER)
    beacons.void_draw(first, by=guardian, now=LATER, reason="The dice fell off the table.")
    beacons.agree_to_void(first, by=auditor, now=LATER)
    assert set(council.draws.values_list("state", flat=True)) == {"void"}
    assert Draw.objects.get(pk=second.pk).void_reason == "The dice fell off the table."
    assert drawing.vacancies(Council.objects.get(pk=council.pk)) == council.size
    assert not any(sees(one.person, case) for one in council.seats.select_related("person"))
    again = p.commit(council, cole, now=LATER)
    assert (again.kind, again.state) == ("panel", "committed")


def test_an_auditor_who_has_a_part_in_the_case_does_not_agree_to_void_its_draw() -> None:
    case, cole = p.make_case_for_council()
    guardian = with_office(case, "process_guardian", "Pavel")
    hana = harmed(case).person
    tied = make_person("Tilde")
    Tie.objects.create(one=tied, other=hana, kind="kin", from_on=TODAY)
    for someone in (hana, cole, tied):
        case.community.memberships.create(person=someone, role="auditor", **TERM)
    draw = p.throw(p.commit(p.begin(case, cole), cole), cole, now=LATER)
    beacons.void_draw(draw, by=guardian, now=LATER, reason="A doubt.")
    for someone in (hana, cole, tied):
        with pytest.raises(Hidden):
            beacons.agree_to_void(draw, by=someone, now=LATER)


def test_who_has_the_only_auditor_voids_nothing_after_the_council_is_dissolved() -> None:
    case, cole = p.make_case_for_council()
    guardian, auditor = (with_office(case, role, role) for role in ("process_guardian", "auditor"))
    draw = p.throw(p.commit(p.begin(case, cole), cole), cole, now=LATER)
    beacons.void_draw(draw, by=guardian, now=LATER, reason="A doubt.")
    journey.refer_elsewhere(case, by=cole, now=LATER, reason="Elsewhere.")
    with pytest.raises(Hidden):
        beacons.agree_to_void(draw, by=auditor, now=LATER)


# ── Who serves ───────────────────────────────────────────────────────────────


def test_a_seat_is_not_accepted_after_the_case_has_gone_on() -> None:
    case, cole = p.make_case_for_council()
    council = p.begin(case, cole)
    p.throw(p.commit(council, cole), cole, now=LATER)
    seat = council.seats.select_related("person").first()
    seating.promise(seat, by=seat.person, now=LATER, kept_secret=True)
    Case.objects.filter(pk=case.pk).update(state="reparation")
    with pytest.raises(Hidden):
        seating.accept_seat(seat, by=seat.person, now=LATER, no_tie=True)
    assert not sees(seat.person, case)
    seating.decline_seat(seat, by=seat.person, now=LATER)


def test_a_council_that_misses_a_member_is_not_called_complete() -> None:
    _case, _cole, council, seats = seated()
    assert Council.objects.get(pk=council.pk).state == "seated"
    seating.recuse(seats[0], by=seats[0].person, now=LATER)
    council = Council.objects.get(pk=council.pk)
    assert (council.state, council.seated_on) == ("forming", None)


def test_a_member_who_declares_a_tie_leaves_at_once_and_the_clock_finds_the_rest() -> None:
    case, _cole, council, seats = seated()
    one, two, three, *_rest = seats
    hana = harmed(case).person
    place = case.community.pool.get(person=one.person)
    stepping_down.declare_tie(place, by=one.person, now=LATER, name=hana.name, kind="work")
    assert not sees(one.person, case)
    Tie.objects.create(one=hana, other=two.person, kind="kin", from_on=TODAY)
    assert not sees(two.person, case)
    Person.objects.filter(pk=three.person_id).update(is_active=False)
    assert time.due(LATER)["stepped_down"] == 2
    for seat in (one, two, three):
        seat.refresh_from_db()
        assert seat.state == "recused"
        assert not case.participations.filter(person=seat.person, role="council").exists()
    assert drawing.vacancies(Council.objects.get(pk=council.pk)) == 3
    assert time.due(LATER)["stepped_down"] == 0


def test_a_guardian_with_a_tie_that_comes_up_gives_way_to_the_next() -> None:
    case, cole = p.make_case_for_council()
    first, second = (with_office(case, "process_guardian", name) for name in ("Pavel", "Petra"))
    first.memberships.update(from_on=TODAY - timedelta(days=99))
    council = forming.form_council(case, by=cole, now=NOW)
    assert Council.objects.get(pk=council.pk).process_guardian == first
    forming.name_ties(council, by=harmed(case).person, now=NOW, name="pavel", kind="friendship")
    assert Council.objects.get(pk=council.pk).process_guardian == second
    assert (sees(first, case), sees(second, case)) == (False, True)
    Tie.objects.create(one=second, other=harmed(case).person, kind="kin", from_on=TODAY)
    assert time.due(LATER)["stepped_down"] == 1
    assert Council.objects.get(pk=council.pk).process_guardian is None
    assert not sees(second, case)
    third = with_office(case, "process_guardian", "Paola")
    time.due(LATER)
    assert Council.objects.get(pk=council.pk).process_guardian == third


def test_a_member_who_becomes_coordinator_reads_as_a_member() -> None:
    case, _cole, _council, seats = seated()
    case.community.memberships.create(person=seats[0].person, role="coordinator", **TERM)
    who = standing(seats[0].person, case, today=TODAY)
    assert (who.sits, who.coordinates, who.only_serves) == (True, False, True)


def test_the_member_in_doubt_does_not_read_the_doubt() -> None:
    case, _cole, _council, seats = seated()
    challenging.challenge_member(seats[0], by=harmed(case).person, now=LATER, reason="Neighbours.")
    for seat, reads in ((seats[0], False), (seats[1], True)):
        who = standing(seat.person, case, today=TODAY)
        assert any(kind == "challenge" for kind, _thing in things_of(case, who)) == reads


def test_an_answer_of_who_has_stepped_aside_since_does_not_count() -> None:
    case, _cole, _council, seats = seated()
    doubted, one, two, three, _four = seats
    challenge = challenging.challenge_member(
        doubted, by=harmed(case).person, now=LATER, reason="A doubt."
    )
    for seat in (one, two):
        challenging.answer_challenge(
            challenge, by=seat.person, now=LATER, uphold=False, reason="No grounds."
        )
        seating.recuse(seat, by=seat.person, now=LATER)
    challenging.answer_challenge(
        challenge, by=three.person, now=LATER, uphold=True, reason="Better so."
    )
    challenge.refresh_from_db()
    assert challenge.state == "upheld"


def test_a_challenge_nobody_is_left_to_answer_is_upheld_in_time() -> None:
    case, cole = p.make_case_for_council()
    council = p.begin(case, cole)
    p.throw(p.commit(council, cole), cole, now=LATER)
    seat = council.seats.select_related("person").first()
    p.accept(seat, now=LATER)
    challenging.challenge_member(seat, by=harmed(case).person, now=LATER, reason="A doubt.")
    assert time.due(NOW + timedelta(days=8))["challenges_upheld"] == 1
    seat.refresh_from_db()
    assert seat.state == "replaced"
    assert not sees(seat.person, case, today=TODAY + timedelta(days=8))
    assert not Participation.objects.filter(person=seat.person, until=None).exists()


def test_on_hold_one_can_still_say_no_or_step_aside_and_nothing_else() -> None:
    case, cole = p.make_case_for_council()
    council = p.begin(case, cole)
    p.throw(p.commit(council, cole), cole, now=LATER)
    one, two, *_rest = council.seats.select_related("person").order_by("pk")
    p.accept(two, now=LATER)
    Case.objects.filter(pk=case.pk).update(frozen_on=TODAY)
    with pytest.raises(Blocked):
        seating.promise(one, by=one.person, now=LATER, kept_secret=True)
    assert time.due(NOW + timedelta(days=30))["seats_lapsed"] == 0
    seating.decline_seat(one, by=one.person, now=LATER)
    seating.recuse(two, by=two.person, now=LATER)
    with pytest.raises(Blocked):
        drawing.prepare_draw(council, by=cole, now=LATER, beacons=["drand"])


def test_who_is_in_two_pools_is_once_in_a_joint_hat() -> None:
    town = p.make_community()
    here, there = p.make_community(parent=town), p.make_community(parent=town)
    case, cole = p.make_case_for_council(here, people=8)
    p.make_pool(there, 20)
    both = here.pool.first()
    there.memberships.create(person=both.person, from_on=TODAY - timedelta(days=99))
    there.pool.create(
        person=both.person, of_age=True, since=TODAY - timedelta(days=150),
        until=TODAY + timedelta(days=99), features=both.features,
    )  # fmt: skip
    draw = p.commit(p.begin(case, cole), cole)
    assert Draw.objects.get(council__case=case).widened == "parent"
    assert draw.roster.filter(person=both.person).count() == 1
    assert draw.roster.get(person=both.person).place == both
    assert draw.in_the_hat == 28
