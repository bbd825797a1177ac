"""Every rule of a charter has a kind, bounds and words, and is read as it is typed."""

import pytest

from communities import saying
from communities.bounds import BOUNDS, every_rule, misfits, read, typed_as
from communities.charter import Charter


def test_every_rule_is_known_everywhere() -> None:
    assert list(BOUNDS) == every_rule()
    assert list(saying.RULES) == every_rule()


def test_every_default_is_within_its_bounds_and_is_read_as_typed() -> None:
    for rule, value in Charter().as_data().items():
        wanted = [] if rule == "quotas" else value
        assert read(rule, typed_as(rule, value)) == wanted
        assert saying.value(rule, value)
    assert misfits(Charter().as_data()) == []


def test_quotas_are_read_line_by_line() -> None:
    typed = "gender, woman, 2, 3\nage, under 30, 1, 5"
    assert read("quotas", typed) == [["gender", "woman", 2, 3], ["age", "under 30", 1, 5]]
    assert read("quotas", typed_as("quotas", read("quotas", typed))) == read("quotas", typed)


@pytest.mark.parametrize(
    ("rule", "typed"),
    [
        ("council_size", "8"),
        ("council_size", "2"),
        ("council_size", "five"),
        ("council_size", "-4"),
        ("council_size", "²"),
        ("office_term_months", "25"),
        ("contention_days", "0"),
        ("one_per_household", "perhaps"),
        ("decision_method", "vote"),
        ("partner", "a b"),
        ("quotas", "gender, woman, 2"),
        ("quotas", "gender, woman, 3, 2"),
        ("quotas", "gender, woman, x, 2"),
        ("danger_now", "x" * 2001),
    ],
)
def test_what_is_out_of_bounds_is_refused(rule: str, typed: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        read(rule, typed)


def test_rules_that_do_not_fit_one_another() -> None:
    assert misfits({"council_size": 3}) == ["council_quorum", "council_size"]
    assert misfits({"quotas": [["gender", "woman", 6, 6]]}) == ["quotas"]
