"""What an agreement needs before it is offered."""

from datetime import date
from decimal import Decimal

import pytest

from agreements import rules
from agreements.rules import CommitmentFacts, HarmFacts

TODAY = date(2026, 11, 24)


def promise(**changes):
    facts = {
        "number": 1, "harm": "bicycle", "what": "Pays for the repair of the bicycle",
        "unit": "money", "amount": Decimal(100), "due_on": date(2026, 12, 18),
    }  # fmt: skip
    return CommitmentFacts(**(facts | changes))


BICYCLE = HarmFacts(key="bicycle", unit="money", amount=Decimal(180))
WINDOW = HarmFacts(key="window", unit="money", amount=Decimal(50))
HOURS = HarmFacts(key="hours", unit="hours", amount=Decimal(10))
FEAR = HarmFacts(key="fear", unit="act", amount=None)


def codes(*promises, harms=(BICYCLE, WINDOW, HOURS, FEAR), reason="", account="It was taken.",
          frozen=False):  # fmt: skip
    found = rules.obstacles_to_offer(
        promises, harms, reason, today=TODAY, plan_months=12, account=account, frozen=frozen
    )
    return [one.code for one in found]


def test_a_clear_and_proportionate_agreement_can_be_offered():
    assert codes(promise()) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"what": "Pays"},
        {"what": "         x          "},
        {"due_on": None},
        {"due_on": date(2026, 11, 23)},
        {"amount": None},
        {"unit": "hours", "harm": "hours", "amount": None},
        {"between_sides": False},
    ],
)
def test_what_nobody_could_check_later_is_unclear(changes):
    assert codes(promise(**changes)) == ["commitment_unclear"]


@pytest.mark.parametrize(
    ("promises", "expected"),
    [
        ([promise(amount=Decimal(180))], []),
        ([promise(amount=Decimal("180.01"))], ["exceeds_harm"]),
        ([promise(amount=Decimal(100)), promise(amount=Decimal(81))], ["exceeds_harm"]),
        ([promise(amount=Decimal(60), harm="window")], ["exceeds_harm"]),
        ([promise(amount=Decimal(180)), promise(amount=Decimal(50), harm="window")], []),
        ([promise(unit="hours", harm="hours", amount=Decimal(11))], ["exceeds_harm"]),
        ([promise(unit="act", harm="fear", amount=None)], []),
        ([promise(unit="act", harm="bicycle", amount=None)], []),
    ],
)
def test_what_is_promised_never_exceeds_the_harm_like_with_like(promises, expected):
    assert codes(*promises) == expected


@pytest.mark.parametrize(
    "changes",
    [
        {"unit": "hours", "amount": Decimal(500)},
        {"harm": None},
        {"harm": "fear"},
    ],
)
def test_what_cannot_be_compared_needs_a_reason(changes):
    assert codes(promise(**changes)) == ["proportion_reason_missing"]
    assert codes(promise(**changes), reason="He works it off, as both wish.") == []


def test_nothing_promised_no_account_and_a_case_on_hold_all_stand_in_the_way():
    assert codes(account=" ", frozen=True) == [
        "stage_frozen", "account_missing", "nothing_promised",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("due_on", "expected"),
    [(date(2027, 11, 24), []), (date(2027, 11, 25), ["plan_too_long"])],
)
def test_a_plan_ends_when_the_charter_says(due_on, expected):
    assert codes(promise(due_on=due_on)) == expected


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2026, 11, 24), 12, date(2027, 11, 24)),
        (date(2026, 12, 5), 1, date(2027, 1, 5)),
        (date(2026, 5, 31), 1, date(2026, 6, 30)),
    ],
)
def test_months_end_on_the_same_day_or_the_last(day, months, expected):
    assert rules.months_after(day, months) == expected


@pytest.mark.parametrize(
    ("signed", "expected"),
    [
        ([], False),
        ([("ana", False), ("daniel", False)], False),
        ([("ana", False), ("daniel", True)], False),
        ([("ana", False), ("daniel", False), ("daniel", True)], True),
    ],
)
def test_a_minor_signs_and_so_does_a_guardian(signed, expected):
    assert rules.everybody_signed([("ana", False), ("daniel", True)], signed) is expected


def test_line_ends_do_not_make_a_text_another():
    assert rules.seen_digest("a\r\nb ") == rules.seen_digest("a\nb")
    assert rules.seen_digest("a b") != rules.seen_digest("a c")
