"""What a case asks of one person, by facts alone."""

from datetime import date, timedelta

import pytest

from desk.rules import PlaceFacts, lapses_soon, waits_for

DAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"state": "screening", "party": True}, ""),
        ({"state": "screening", "party": True, "spoken": True}, "consent"),
        ({"state": "screening", "guardian": True, "spoken": True}, "consent_as_guardian"),
        ({"state": "mediation", "party": True, "spoken": True, "frozen": True}, "consent"),
        (
            {"state": "mediation", "party": True, "spoken": True, "consented": True,
             "frozen": True, "agreement": "offered"},
            "",
        ),
        (
            {"state": "mediation", "party": True, "consented": True, "agreement": "offered"},
            "sign",
        ),
        (
            {"state": "mediation", "party": True, "agreement": "offered", "signed": True},
            "",
        ),
        ({"state": "reparation", "party": True, "consented": True, "owes": True}, "keep_promise"),
        ({"state": "reparation", "party": True, "confirms": True, "owes": True}, "confirm"),
        ({"state": "reparation", "guardian": True, "confirms": True}, ""),
        ({"state": "reparation", "party": True, "word_asked": True}, "closing_word"),
        ({"state": "reparation", "party": True, "word_asked": True, "word_given": True}, ""),
        ({"state": "reported", "mediator": True}, "accept"),
        ({"state": "screening", "mediator": True}, "screen"),
        ({"state": "mediation", "mediator": True}, "mediate"),
        ({"state": "mediation", "mediator": True, "agreement": "offered"}, ""),
        ({"state": "mediation", "mediator": True, "frozen": True}, "ask_again"),
        ({"state": "reparation", "mediator": True}, ""),
        ({"state": "reported", "coordinator": True}, "accept"),
        ({"state": "screening", "coordinator": True, "has_mediator": False}, "find_mediator"),
        ({"state": "screening", "coordinator": True}, ""),
        ({"state": "council", "coordinator": True}, "council"),
        ({"state": "council", "coordinator": True, "frozen": True}, ""),
        ({"state": "closed", "coordinator": True, "party": True, "spoken": True}, ""),
        ({"state": "screening"}, ""),
    ],
)  # fmt: skip
def test_waits_for(facts: dict, code: str) -> None:
    assert waits_for(PlaceFacts(**facts)) == code


def test_lapses_soon() -> None:
    assert lapses_soon(DAY, today=DAY)
    assert lapses_soon(DAY - timedelta(days=1), today=DAY)
    assert lapses_soon(DAY + timedelta(days=7), today=DAY)
    assert not lapses_soon(DAY + timedelta(days=8), today=DAY)
    assert not lapses_soon(None, today=DAY)
