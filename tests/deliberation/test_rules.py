"""What the rules of both methods allow. No database."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deliberation import rules
from deliberation.rules import ConsentFacts, Gauged, Tally

NOON = datetime(2026, 3, 20, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def facts(**fields: int) -> ConsentFacts:
    values = {
        "consents": 5, "positions": 5, "open_objections": 0, "quorum": 4, "integrations": 0,
        "integration_rounds": 2,
    }  # fmt: skip
    return ConsentFacts(**{**values, **fields})


@pytest.mark.parametrize(
    ("change", "follows"),
    [
        ({}, ("adopt", "by_consent")),
        ({"consents": 1, "positions": 4}, ("adopt", "by_consent")),
        # Standing aside lets it pass, but a proposal that nobody consents to is nobody's.
        ({"consents": 0}, ("deadlock", "too_few")),
        # Silence is not consent: too few who said anything.
        ({"consents": 3, "positions": 3}, ("deadlock", "too_few")),
        ({"open_objections": 1}, ("integrate", "")),
        ({"open_objections": 1, "integrations": 1}, ("integrate", "")),
        ({"open_objections": 1, "integrations": 2}, ("deadlock", "no_consent")),
        ({"open_objections": 1, "integration_rounds": 0}, ("deadlock", "no_consent")),
    ],
)
def test_what_follows_a_consent_round(change: dict[str, int], follows: tuple[str, str]) -> None:
    assert rules.after_consent_round(facts(**change)) == follows


def test_integrating_goes_on_until_its_rounds_are_used_up() -> None:
    assert rules.after_integrating(integrations=1, integration_rounds=2)[0] == "integrate_again"
    assert rules.after_integrating(integrations=2, integration_rounds=2)[0] == "deadlock"


@pytest.mark.parametrize(
    ("number", "yes", "no", "asked_again", "follows"),
    [
        (1, 90, 10, False, ("adopt", "by_vote")),
        (2, 9, 1, False, ("", "")),  # nine tenths, but fewer for than the quorum of 20
        (2, 9, 1, True, ("table", "too_few")),
        (1, 89, 11, False, ("sort_concerns", "")),
        (2, 899, 101, False, ("sort_deal_breakers", "")),
        (1, 19, 2, True, ("sort_concerns", "")),  # enough took part: those against are heard
        (3, 60, 30, False, ("contend", "")),
        (3, 599, 301, False, ("table", "below_two_thirds")),
        (3, 0, 0, False, ("", "")),
        (3, 0, 0, True, ("table", "too_few")),
        (3, 19, 5, False, ("", "")),
        (3, 19, 5, True, ("table", "too_few")),
    ],
)
def test_what_follows_a_vote(
    number: int, yes: int, no: int, asked_again: bool, follows: tuple[str, str]
) -> None:
    tally = Tally(in_favour=yes, against=no)
    assert rules.after_ballot(number, tally, quorum=20, asked_again=asked_again) == follows


@given(st.integers(0, 12_000), st.integers(0, 12_000), st.integers(1, 500), st.booleans())
def test_a_vote_against_never_helps_a_proposal(
    yes: int, no: int, quorum: int, asked_again: bool
) -> None:
    """Staying away is no way to stop anything that a vote against would not stop."""
    for number in (1, 2, 3):
        with_it = rules.after_ballot(
            number, Tally(yes, no + 1), quorum=quorum, asked_again=asked_again
        )
        without = rules.after_ballot(number, Tally(yes, no), quorum=quorum, asked_again=asked_again)
        if with_it[0] in ("adopt", "contend"):
            assert without[0] == with_it[0]


def test_shares_are_exact_for_numbers_that_fractions_get_wrong() -> None:
    large = 10**17
    assert rules.is_nine_tenths(Tally(9 * large, large))
    assert not rules.is_nine_tenths(Tally(9 * large - 1, large))
    assert rules.is_two_thirds(Tally(2 * large, large))
    assert not rules.is_two_thirds(Tally(2 * large - 1, large))
    assert not rules.is_below_half(Tally(large, large))
    assert rules.is_below_half(Tally(large, large + 1))


def test_where_no_vote_counts_nothing_carries_and_nothing_stands() -> None:
    assert not rules.is_nine_tenths(Tally(0, 0))
    assert not rules.is_two_thirds(Tally(0, 0))
    assert rules.is_below_half(Tally(0, 0))


@pytest.mark.parametrize(
    ("method", "voices", "quorum"),
    [
        ("consent", 5, 3), ("consent", 7, 4), ("consent", 3, 3), ("supermajority", 3, 3),
        ("supermajority", 10_000, 2500), ("supermajority", 10_001, 2501),
    ],
)  # fmt: skip
def test_the_quorum_where_nobody_names_one(method: str, voices: int, quorum: int) -> None:
    assert rules.default_quorum(method, voices) == quorum


def test_a_voice_counts_from_its_beginning_to_before_its_end() -> None:
    def counts(moment: datetime, **fields: datetime | None) -> bool:
        values = {"from_at": NOON, "until": NOON + 5 * HOUR, **fields}
        return rules.counts_at(moment, **values)

    assert not counts(NOON - HOUR)
    assert counts(NOON)
    assert not counts(NOON + 5 * HOUR)
    limit = {"limited_from": NOON + HOUR, "limited_until": NOON + 2 * HOUR}
    assert [counts(NOON + hours * HOUR, **limit) for hours in (0, 1, 2)] == [True, False, True]


def test_the_order_is_drawn_once_and_rotates() -> None:
    voices = ["a", "b", "c", "d"]
    order = rules.order_of("seed", voices)
    assert sorted(order) == voices
    assert rules.order_of("seed", reversed(voices)) == order
    assert rules.order_of("seed", voices, turn=1) == order[1:] + order[:1]
    assert rules.order_of("seed", voices, turn=4) == order
    assert {rules.order_of(str(one), voices)[0] for one in range(60)} == set(voices)
    assert rules.order_of("seed", []) == []


def test_all_the_others_set_aside_and_they_are_two_at_least() -> None:
    assert rules.may_be_set_aside(["a", "b"], ["a", "b", "left"])
    assert not rules.may_be_set_aside(["a", "b", "c"], ["a", "b"])
    assert not rules.may_be_set_aside(["a"], ["a"])


def test_who_is_named_most_often_speaks_and_the_lot_decides_a_tie() -> None:
    assert rules.elected(["a", "b", "a"], seed="s") == "a"
    assert rules.elected([], seed="s") is None
    assert {rules.elected(["a", "b"], seed=str(one)) for one in range(40)} == {"a", "b"}


def gauged(name: str, *numbers: int) -> Gauged:
    agree, disagree, holders_agree, holders_disagree = numbers
    return Gauged(
        id=name, agree=agree, disagree=disagree, holders_agree=holders_agree,
        holders_disagree=holders_disagree,
    )  # fmt: skip


def test_an_amendment_needs_everybody_and_those_whose_concern_it_answers() -> None:
    assert rules.amendment_taken([]) is None
    assert rules.amendment_taken([gauged("a", 9, 1, 0, 1)]) is None
    assert rules.amendment_taken([gauged("a", 9, 1, 0, 0)]) is None
    assert rules.amendment_taken([gauged("a", 5, 5, 2, 0)]) is None
    chosen = [gauged("a", 6, 5, 1, 0), gauged("b", 8, 7, 1, 0), gauged("c", 8, 0, 1, 0)]
    assert rules.amendment_taken(chosen) == "b", "of two alike the older"


@pytest.mark.parametrize(
    ("outcomes", "answer"),
    [
        (["adopted", "adopted"], "adopted"),
        (["adopted", ""], ""),
        (["adopted", "deadlocked"], "not_adopted"),
        (["", "withdrawn"], "not_adopted"),
        ([], ""),
    ],
)
def test_several_circles_adopt_together_or_not(outcomes: list[str], answer: str) -> None:
    assert rules.combined(outcomes) == answer


def test_obstacles_carry_codes_and_who_clears_them() -> None:
    assert rules.obstacles_to_begin(voices=2, quorum=1)[0].code == "too_few_voices"
    assert rules.obstacles_to_begin(voices=4, quorum=5)[0].code == "too_few_voices"
    assert rules.obstacles_to_begin(voices=5, quorum=5) == []
    assert rules.obstacles_to_turn(is_next=False, in_order=True)[0].code == "not_your_turn"
    assert rules.obstacles_to_turn(is_next=False, in_order=False) == []
    assert rules.obstacles_of_limit(NOON.date())[0].clears_on == NOON.date()
    assert rules.obstacles_of_limit(None) == []
