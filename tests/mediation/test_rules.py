"""The rules of mediation, without a database."""

from datetime import date

import pytest

from mediation import rules
from mediation.rules import Candidate
from moves.core import Obstacle

DAY = date(2026, 3, 10)


def codes(obstacles: list[Obstacle]) -> list[str]:
    return [one.code for one in obstacles]


def test_a_tie_or_a_part_rules_a_candidate_out() -> None:
    plain = {"tied": False, "party": False, "assigned": False}
    assert rules.obstacles_of_candidate([], **plain) == []
    for name in ("tied", "party"):
        found = rules.obstacles_of_candidate([], **{**plain, name: True})
        assert codes(found) == ["mediator_conflict"]
    lapsed = Obstacle(code="licence_lapsed", cleared_by="coordinator")
    assert rules.obstacles_of_candidate([lapsed], **plain) == [lapsed]


def test_language_comes_before_load() -> None:
    def one(key: str, load: int, speaks: int) -> Candidate:
        return Candidate(key=key, name=key, load=load, speaks=speaks)

    ordered = rules.in_order([one("a", 0, 0), one("b", 5, 2), one("c", 1, 2), one("d", 0, 1)])
    assert [candidate.key for candidate in ordered] == ["c", "b", "d", "a"]


def test_somebody_able_is_needed_to_assign() -> None:
    barred = Candidate(
        key="a", name="a", load=0, speaks=0,
        obstacles=(Obstacle(code="mediator_conflict", cleared_by="coordinator"),),
    )  # fmt: skip
    able = Candidate(key="b", name="b", load=0, speaks=0)
    assert codes(rules.obstacles_to_assign([])) == ["mediator_missing"]
    assert codes(rules.obstacles_to_assign([barred])) == ["mediator_missing"]
    assert rules.obstacles_to_assign([barred, able]) == []


def test_time_is_extended_once() -> None:
    assert rules.obstacles_to_extend(extended_on=None) == []
    assert codes(rules.obstacles_to_extend(extended_on=DAY)) == ["already_extended"]


def test_an_open_mediation_keeps_a_mediator() -> None:
    assert codes(rules.obstacles_to_release(mediators=1, mediation_open=True)) == ["last_mediator"]
    assert rules.obstacles_to_release(mediators=2, mediation_open=True) == []
    assert rules.obstacles_to_release(mediators=1, mediation_open=False) == []


def test_a_meeting_is_held_from_its_day_on() -> None:
    tomorrow = date(2026, 3, 11)
    assert codes(rules.obstacles_to_hold(None, today=DAY)) == ["no_meeting_planned"]
    assert rules.obstacles_to_hold(DAY, today=DAY) == []
    [waiting] = rules.obstacles_to_hold(tomorrow, today=DAY)
    assert (waiting.code, waiting.clears_on) == ("meeting_to_come", tomorrow)


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (date(2026, 3, 9), ["meeting_in_the_past"]),
        (date(2026, 3, 10), []),
        (date(2026, 3, 20), []),
        (date(2026, 3, 21), ["meeting_after_due"]),
    ],
)
def test_a_meeting_lies_between_today_and_the_last_day(on: date, expected: list[str]) -> None:
    assert codes(rules.obstacles_to_plan(on, due_on=date(2026, 3, 20), today=DAY)) == expected


@pytest.mark.parametrize(
    ("today", "warned", "lapsed"),
    [(6, False, False), (7, True, False), (10, True, False), (11, False, True)],
)
def test_the_last_day_still_counts(today: int, warned: bool, lapsed: bool) -> None:
    day = date(2026, 3, today)
    assert rules.is_warned(DAY, today=day, warning_days=3) is warned
    assert rules.is_lapsed(DAY, today=day) is lapsed
