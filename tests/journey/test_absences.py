"""Weeks in which coordinators step back: what waits, what goes on, who is told, what is counted."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from api.actions import issue_token
from cases import actions
from cases.access import standing
from cases.models import Case
from communities.actions import absences
from communities.models import Absence, Community
from communities.rules import Span
from journey import actions as across
from journey import clock
from journey.absences import count
from journey.moves import moves_on, who_and_parts
from journey.news import news_for
from journey.reading import lines_for
from journey.rules import StageFacts, WentOn, wait_of, went_on
from mediation import actions as mediation
from moves.core import Blocked, Hidden
from notices.models import Notice
from people.models import Person
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
from tests.rehabilitation import houses

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
# Announced today, they step back from the fifteenth day on, for ten days.
FIRST, LAST = TODAY + 15 * DAY, TODAY + 24 * DAY
AWAY, BACK = NOW + 16 * DAY, NOW + 25 * DAY


def announce(community: Community, by: Person, *, now: datetime = NOW) -> Absence:
    return absences.announce_absence(community, by=by, now=now, from_on=FIRST, until=LAST)


def here() -> tuple[Community, Person]:
    community = make_community()
    return community, make_coordinator(community)


def screening() -> tuple[Case, Person, Person]:
    """A case in screening with its mediator, and its coordinator, who is to step back."""
    case, mediator = make_case_in_screening()
    cole = make_coordinator(case.community)
    announce(case.community, cole)
    return case, mediator, cole


def listed(case: Case, person: Person, now: datetime) -> dict[str, list[str]]:
    """Return the codes in the way of each move of this person on the case itself."""
    case, today = Case.objects.get(pk=case.pk), now.date()
    who, parts = who_and_parts(case, person, today=today)
    with time_machine.travel(now, tick=False):
        return {
            move.name: [one.code for one in move.obstacles]
            for move in moves_on(parts[0], case, person, who, today=today)
        }


# ── What waits, and what goes on ─────────────────────────────────────────────


def test_only_what_their_office_alone_gives_them_waits_and_only_in_these_days() -> None:
    case, mediator, cole = screening()
    theirs = {"assign_mediator", "close", "refer_to_council", "refer_elsewhere", "add_party"}
    before, away, back = (listed(case, cole, now) for now in (NOW, AWAY, BACK))
    assert {name for name, codes in away.items() if codes == ["coordinators_step_back"]} == theirs
    assert set(away) - theirs == {"release_mediator", "mark_danger"}
    assert set(before) == set(back) == {*theirs, "release_mediator"}
    assert not any(
        "coordinators_step_back" in codes for codes in (*before.values(), *back.values())
    )
    assert listed(case, mediator, AWAY) == listed(case, mediator, NOW)


def test_what_is_shown_is_what_happens() -> None:
    case, _mediator, cole = screening()
    with time_machine.travel(AWAY, tick=False):
        client = Client()
        client.force_login(cole)
        page = client.get(case.get_absolute_url()).content.decode()
        assert "Coordinators step back" in page
        url = f"{case.get_absolute_url()}case/{case.reference}/close/"
        assert client.post(url, {"outcome": "no_contact", "reason": "x"}).status_code == 409
    assert Case.objects.get(pk=case.pk).state == "screening"


def test_the_move_refuses_by_itself_where_a_list_is_older_than_the_night() -> None:
    case, _mediator, cole = screening()
    who, parts = who_and_parts(case, cole, today=AWAY.date())
    moves = moves_on(parts[0], case, cole, who, today=AWAY.date())
    close = next(move for move in moves if move.name == "close")
    typed = {"outcome": "no_contact", "reason": "x"}
    with pytest.raises(Blocked, match="coordinators_step_back"):
        close.act(case, by=cole, now=AWAY, **typed)
    close.act(case, by=cole, now=BACK, **typed)
    assert Case.objects.get(pk=case.pk).state == "closed"


def flag(case: Case, mediator: Person, _cole: Person) -> None:
    actions.reach(harmed(case), by=mediator, now=NOW, how_to_reach="by day", reach="in_app")
    actions.assess(
        harmed(case), by=mediator, now=NOW, safe_to_meet=False, answers={}, flags=["threat"]
    )


def urgent(case: Case, _mediator: Person, _cole: Person) -> None:
    Case.objects.filter(pk=case.pk).update(urgent=True)


def mark(case: Case, _mediator: Person, cole: Person) -> None:
    actions.mark_danger(case, by=cole, now=AWAY)


@pytest.mark.parametrize("say", [flag, urgent, mark])
def test_where_somebody_may_be_in_danger_coordinators_go_on(say: Callable[..., None]) -> None:
    case, mediator, cole = screening()
    say(case, mediator, cole)
    found = listed(case, cole, AWAY)
    assert "mark_danger" not in found
    assert not any("coordinators_step_back" in codes for codes in found.values())
    across.refer_elsewhere(Case.objects.get(pk=case.pk), by=cole, now=AWAY, reason="The shelter.")


def test_danger_is_marked_by_a_coordinator_who_steps_back_and_it_is_recorded() -> None:
    case, mediator, cole = screening()
    for person, now in ((mediator, AWAY), (cole, NOW), (make_person(), AWAY)):
        with pytest.raises(Hidden):
            actions.mark_danger(case, by=person, now=now)
    actions.mark_danger(case, by=cole, now=AWAY)
    assert Event.objects.filter(subject_id=case.reference, code="danger_marked").count() == 1


def test_parties_withdraw_and_mediators_pause_and_release_goes_on() -> None:
    case, mediator, cole = screening()
    prepare(case, mediator)
    moves = listed(case, mediator, AWAY)
    assert moves["pause"] == []
    actions.withdraw_consent(harmed(case), by=harmed(case).person, now=AWAY)
    second = place_mediator(case, make_mediator(case.community))
    Case.objects.filter(pk=case.pk).update(frozen_on=None)
    assert listed(case, cole, AWAY)["release_mediator"] == []
    mediation.release_mediator(case, by=cole, now=AWAY, mediator=second)


def test_nothing_around_a_placement_waits() -> None:
    world = houses.make_world()
    cole, today = world.people["cole"], world.today
    Absence.objects.create(
        community=world.case.community, from_on=today, until=today + 9 * DAY, by=cole, at=NOW
    )
    assert standing(cole, world.case, today=today).away_until == today + 9 * DAY
    assert listed(world.case, cole, world.now)["propose_placement"] == []
    placement = houses.propose(world)
    with time_machine.travel(world.now, tick=False):
        who, parts = who_and_parts(world.case, cole, today=today)
        part = next(one for one in parts if one.id == str(placement.pk))
        found = moves_on(part, world.case, cole, who, today=today)
    moves = {one.name: one.obstacles for one in found}
    assert moves["take_back_placement"] == []
    assert "coordinators_step_back" not in str(moves)


def test_the_coordinators_of_another_community_go_on() -> None:
    case, _mediator, _cole = screening()
    above = make_community()
    Case.objects.filter(pk=case.pk).update(steering=above)
    upper = make_coordinator(above)
    assert listed(case, upper, AWAY)["close"] == []


# ── How long ─────────────────────────────────────────────────────────────────


def test_nobody_unreached_is_closed_out_because_coordinators_stepped_back() -> None:
    case, _mediator, cole = screening()
    # Screening lasts 30 days; the ten days are given back, and coordinators are asked after that.
    clock.run(NOW + 40 * DAY)
    assert not Notice.objects.filter(code="waits_too_long").exists()
    clock.run(NOW + 41 * DAY)
    assert Notice.objects.get(code="waits_too_long").person == cole
    clock.run(NOW + 54 * DAY)
    assert Case.objects.get(pk=case.pk).state == "screening"
    clock.run(NOW + 55 * DAY)
    assert Case.objects.get(pk=case.pk).outcome == "no_contact"


def test_the_page_says_the_day_that_the_clock_keeps() -> None:
    case, mediator, _cole = screening()
    who, parts = who_and_parts(case, mediator, today=TODAY)
    said = lines_for(case, who, parts, [], TODAY).by_when
    assert f"{TODAY + 40 * DAY:%-d %B}" in said


def test_who_was_asked_before_has_the_days_of_the_answer_after() -> None:
    case, _mediator = make_case_in_screening()
    cole = make_coordinator(case.community)
    clock.run(NOW + 31 * DAY)
    assert Notice.objects.get(code="waits_too_long").person == cole
    first = TODAY + 40 * DAY
    Absence.objects.create(
        community=case.community, from_on=first, until=first + 9 * DAY, by=cole, at=NOW
    )
    clock.run(NOW + 54 * DAY)
    assert Case.objects.get(pk=case.pk).state == "screening"
    clock.run(NOW + 55 * DAY)
    assert Case.objects.get(pk=case.pk).outcome == "no_contact"


def test_days_on_hold_and_days_away_count_once() -> None:
    away = (Span(TODAY + 5 * DAY, TODAY + 15 * DAY),)
    holds = ((TODAY + 10 * DAY, TODAY + 20 * DAY),)
    facts = StageFacts(state="screening", since=TODAY, holds=holds, away=away)
    wait = wait_of(facts, make_community().newest_charter())
    assert wait is not None
    assert wait.last == TODAY + (30 + 15) * DAY


def test_days_away_before_a_clock_began_are_not_given_back_twice() -> None:
    charter = make_community().newest_charter()
    running = StageFacts(
        state="reported", since=TODAY, away=(Span(TODAY - 5 * DAY, TODAY + 4 * DAY),)
    )
    wait = wait_of(running, charter)
    assert wait is not None
    assert wait.last == TODAY + (30 + 4) * DAY
    frozen = StageFacts(
        state="screening", since=TODAY, frozen_on=TODAY, away=(Span(TODAY + DAY, TODAY + 8 * DAY),)
    )
    wait = wait_of(frozen, charter)
    assert wait is not None
    assert wait.last == TODAY + (60 + 7) * DAY


def test_what_was_called_off_gives_back_only_the_days_there_were() -> None:
    case, _mediator, cole = screening()
    absences.call_off_absence(case.community, by=cole, now=AWAY + DAY)
    clock.run(NOW + 32 * DAY)
    assert not Notice.objects.filter(code="waits_too_long").exists()
    clock.run(NOW + 33 * DAY)
    assert Notice.objects.filter(code="waits_too_long").exists()


# ── Who is told ──────────────────────────────────────────────────────────────


def told(code: str) -> set[Any]:
    return set(Notice.objects.filter(code=code).values_list("person_id", flat=True))


def test_everybody_with_an_open_case_is_told_before_and_after_and_once() -> None:
    case, mediator, cole = screening()
    member = make_person()
    case.community.memberships.create(person=member, from_on=TODAY - DAY)
    actions.reach(harmed(case), by=mediator, now=NOW, how_to_reach="by day", reach="in_app")
    supporter = make_person()
    actions.place_in(case, supporter, "supporter", today=TODAY, beside=harmed(case))
    closed = make_case(case.community)
    across.refer_elsewhere(closed, by=cole, now=NOW, reason="Elsewhere.")
    for _time in (1, 2):
        clock.run(NOW + DAY)
    heard = {harmed(case).person_id, supporter.pk, mediator.pk}
    assert heard <= told("absence_announced")
    assert responsible(case).person_id not in told("absence_announced"), "not spoken with yet"
    assert harmed(closed).person_id not in told("absence_announced")
    # Who was spoken with since is told when it begins.
    actions.reach(
        responsible(case), by=mediator, now=NOW + 2 * DAY, how_to_reach="by day", reach="in_app"
    )
    clock.run(AWAY)
    assert responsible(case).person_id in told("absence_announced")
    clock.run(BACK)
    count = Notice.objects.count()
    assert {*heard, responsible(case).person_id} <= told("absence_over")
    clock.run(BACK + DAY)
    assert Notice.objects.count() == count


def test_a_notice_says_the_days_and_nothing_of_a_case() -> None:
    case, mediator, _cole = screening()
    actions.reach(harmed(case), by=mediator, now=NOW, how_to_reach="by day", reach="in_app")
    clock.run(NOW)
    news = [
        one
        for one in news_for(harmed(case).person, now=NOW)
        if one.notice.code == "absence_announced"
    ]
    assert [one.reference for one in news] == [case.reference]
    assert "from Saturday 4 April 2026 through Monday 13 April 2026" in news[0].text
    assert "greenhouse" not in news[0].text


def test_the_api_says_the_days_of_a_case_and_of_a_community() -> None:
    case, mediator, cole = screening()
    days = {"from_on": FIRST.isoformat(), "until": LAST.isoformat()}
    calls = ((mediator, f"cases/{case.reference}"), (cole, f"community/{case.community.slug}"))
    with time_machine.travel(NOW, tick=False):
        for person, part in calls:
            headers = {"Authorization": f"Bearer {issue_token(person, today=TODAY)}"}
            said = Client().get(f"/api/v1/{part}", headers=headers).json()
            assert said["coordinators_step_back"] == days


def test_called_off_before_it_began_everybody_is_told_that_too() -> None:
    case, mediator, cole = screening()
    clock.run(NOW)
    absences.call_off_absence(case.community, by=cole, now=NOW + DAY)
    clock.run(NOW + DAY)
    assert mediator.pk in told("absence_off")
    assert told("absence_over") == set()
    assert Absence.objects.get().counted is None


# ── What came of it ──────────────────────────────────────────────────────────


def shown(community: Community) -> str:
    answer = Client().get(f"/figures/{community.slug}/absences/")
    assert answer.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def waiting_and_going_on(community: Community, waiting: int, going: int) -> None:
    """Cases that nobody mediates, and cases in which a mediator takes a step meanwhile."""
    for _n in range(waiting):
        make_case(community)
    for _n in range(going):
        case, mediator = make_case_in_screening(community)
        actions.reach(harmed(case), by=mediator, now=AWAY, how_to_reach="by day", reach="in_app")


def test_what_waited_and_went_on_and_who_took_it_up_becomes_a_figure() -> None:
    community, cole = here()
    announce(community, cole)
    waiting_and_going_on(community, 5, 6)
    assert "have not stepped back here yet" in shown(community)
    clock.run(BACK)
    assert Absence.objects.get().counted == {
        "cases": 11, "waited": 5, "went_on": 6, "by": {"mediator": 6},
    }  # fmt: skip
    page = shown(community)
    assert "4 April 2026 to 13 April 2026" in page
    assert "Went on: somebody took a step 6 of 11" in page
    assert "Waited for a coordinator 5 of 11" in page
    assert "a mediator 6 of 11" in page
    assert "Mara" not in page


def test_a_figure_of_too_few_cases_is_not_shown() -> None:
    community, cole = here()
    announce(community, cole)
    waiting_and_going_on(community, 4, 6)
    clock.run(BACK)
    page = shown(community)
    assert "Too few cases to show." in page
    assert " of 10" not in page


def test_steps_before_and_after_count_for_nothing_and_each_role_once_in_a_case() -> None:
    community, cole = here()
    absence = announce(community, cole)
    case, mediator = make_case_in_screening(community)
    prepare(case, mediator)
    actions.write_statement(harmed(case), by=harmed(case).person, now=AWAY, text="A word.")
    actions.write_statement(harmed(case), by=harmed(case).person, now=AWAY + DAY, text="More.")
    actions.assess(harmed(case), by=mediator, now=BACK, safe_to_meet=True, answers={}, flags=[])
    assert count(absence) == {"cases": 1, "waited": 0, "went_on": 1, "by": {"party": 1}}


COUNTED = {"cases": 20, "waited": 5, "went_on": 15, "by": {"mediator": 15, "party": 5}}


@pytest.mark.parametrize(
    ("counted", "figure"),
    [
        ({}, WentOn(20, 5, 15, (("mediator", 15), ("party", 5)))),
        ({"waited": 4}, WentOn(None)),
        ({"went_on": 13}, WentOn(None)),
        ({"by": {"mediator": 4}}, WentOn(20, 5, 15)),
        ({"by": {"mediator": 18}}, WentOn(20, 5, 15)),
        ({"cases": 0, "waited": 0, "went_on": 0, "by": {}}, WentOn(0)),
    ],
)
def test_each_group_is_empty_or_large_enough(counted: Any, figure: WentOn) -> None:
    assert went_on({**COUNTED, **counted}, smallest=5) == figure


def test_nobody_finds_the_figures_of_a_community_that_is_not_there() -> None:
    assert Client().get("/figures/nowhere/absences/").status_code == 404


def test_a_move_by_somebody_else_is_hidden_as_ever() -> None:
    case, _mediator, _cole = screening()
    stranger = make_person()
    who, parts = who_and_parts(case, stranger, today=AWAY.date())
    assert not who.may_see
    assert moves_on(parts[0], case, stranger, who, today=AWAY.date()) == []
    with pytest.raises(Hidden):
        across.close(case, by=stranger, now=AWAY, outcome="no_contact", reason="x")
