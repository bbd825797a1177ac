"""The picture of a plan: every dated promise in its place, what is waived left out."""

from datetime import date
from types import SimpleNamespace
from typing import Any

from agreements.plan import plan_of

TODAY = date(2026, 3, 20)


def agreement(*promises: tuple[str, date | None], state: str = "in_force") -> Any:
    made = [
        SimpleNamespace(
            number=number, state=one, due_on=due_on, get_state_display=lambda one=one: one
        )
        for number, (one, due_on) in enumerate(promises, start=1)
    ]
    return SimpleNamespace(
        state=state, in_force_on=date(2026, 3, 10), commitments=SimpleNamespace(all=lambda: made)
    )


def test_promises_stand_in_the_order_of_their_days() -> None:
    plan = plan_of(
        agreement(
            ("promised", date(2026, 3, 30)), ("kept", date(2026, 3, 20)), ("missed", None),
            ("waived", date(2026, 3, 25)),
        ),
        TODAY,
    )  # fmt: skip
    assert plan is not None
    assert (plan.kept, plan.total) == (1, 3)
    assert [(mark.x, mark.status) for mark in plan.strip] == [(50, "kept"), (96, "waiting")]
    assert plan.strip[0].label == "2. Friday 20 March, today: kept"


def test_a_plan_of_one_day_and_a_day_before_it_began_stay_on_the_strip() -> None:
    plan = plan_of(agreement(("promised", date(2026, 3, 1))), TODAY)
    assert plan is not None
    assert [mark.x for mark in plan.strip] == [4]


def test_what_was_never_in_force_has_no_picture() -> None:
    assert plan_of(agreement(("promised", TODAY), state="offered"), TODAY) is None
    assert plan_of(agreement(), TODAY) is None
