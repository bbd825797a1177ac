"""What closed cases teach: every number again by hand, and nothing above the harm, ever."""

import re
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agreements.advice import (
    AnswerFact,
    Counted,
    PastCommitment,
    Situation,
    Suggested,
    answers,
    guarded,
    interval,
)
from agreements.advice.counted import features_alike, likeness, proportion_of, round_down
from agreements.rules import CATEGORIES, CommitmentFacts, HarmFacts, exceeds_harm

PAGE = Path(__file__).parents[2] / "docs" / "advice.md"
ASKED = Situation(
    harm="here", kind="damage", unit="money", amount=Decimal(240), harmed=1, responsible=1,
    young=False,
)  # fmt: skip


def past(case, **more):
    values = {
        "harm": case, "kind": "damage", "harm_unit": "money", "harm_amount": Decimal(240),
        "harmed": 1, "responsible": 1, "young": False, "category": "pay_back", "unit": "money",
        "amount": Decimal(120), "kept": True, **more,
    }  # fmt: skip
    return PastCommitment(case=case, **values)


def many(count, **more):
    return [past(number, **more) for number in range(count)]


def propose(them, *, asked=ASKED, smallest=5):
    found = Counted().propose(asked, them, smallest=smallest)
    assert guarded(found, asked, smallest=smallest) == found
    return found


# ------------------------------------------------------------------ the interval


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)  # fmt: skip
def test_the_interval_is_that_of_the_published_table(part, whole, low, high):
    """R. G. Newcombe, Statistics in Medicine 17 (1998), pages 857 to 872, table I, method 3."""
    assert interval(part, whole) == (pytest.approx(low, abs=6e-5), pytest.approx(high, abs=6e-5))


@given(st.integers(0, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_interval_holds_the_share_and_mirrors(counts):
    part, whole = counts
    low, high = interval(part, whole)
    assert 0 <= low <= (part / whole if whole else 0.5) <= high <= 1
    assert interval(whole - part, whole) == (pytest.approx(1 - high), pytest.approx(1 - low))


def test_no_share_has_no_interval():
    with pytest.raises(ValueError, match="5 of 4"):
        interval(5, 4)


# ------------------------------------------------------------------ the example of the page


def table(first: str) -> list[list[str]]:
    """Return the rows of the table of the page whose first column is called so."""
    rows = PAGE.read_text().split(f"| {first} |")[1].split("\n\n")[0].splitlines()[2:]
    return [[cell.strip() for cell in row.strip("| ").split("|")] for row in rows]


def test_the_example_of_the_page_counts_up():
    them = [
        past(
            name, kind=kind, harm_amount=Decimal(lost), amount=Decimal(promised),
            harmed=int(harmed), kept=kept == "yes", helped=helped.strip("-"),
        )
        for name, kind, lost, promised, harmed, kept, helped in table("Case")
    ]  # fmt: skip
    assert len(them) == 10
    [found] = propose(them)
    assert dict(table("Suggested")) == {
        "form": found.category,
        "amount": str(found.amount),
        "cases": str(found.cases),
        "kept": str(found.kept),
        "interval": f"{found.low} to {found.high}",
        "helped": f"{found.helped} of {found.answered}",
        "proportion": str(found.proportion),
    }


def test_the_weights_of_the_page_are_those_that_count():
    alike = past("x")
    changed = {
        "kind": {"kind": "theft"}, "size": {"harm_amount": Decimal(721)},
        "people": {"responsible": 2}, "young": {"young": True},
    }  # fmt: skip
    said = {row[0]: int(row[1]) for row in table("Feature")}
    assert likeness(features_alike(ASKED, alike)) == sum(said.values()) == 10
    for feature, change in changed.items():
        other = likeness(features_alike(ASKED, replace(alike, **change)))
        assert other == 10 - said[feature], feature
    # Amounts in two units are of no size.
    assert likeness(features_alike(ASKED, replace(alike, harm_unit="hours"))) == 6
    assert re.search(r"8 of 10 is alike", PAGE.read_text())


def test_what_is_at_most_three_times_as_much_is_of_the_same_size():
    for amount, same in ((80, True), (79, False), (720, True), (721, False)):
        assert ("size" in features_alike(ASKED, past("x", harm_amount=Decimal(amount)))) is same


def test_a_case_without_a_kind_is_like_no_other():
    nameless = replace(ASKED, kind="")
    assert "kind" not in features_alike(nameless, past("x", kind=""))


# ------------------------------------------------------------------ what is shown


def test_nothing_is_said_from_fewer_cases_than_the_smallest_group():
    assert propose(many(4)) == []
    # Five promises in four cases are four cases.
    assert propose([*many(4), past(3, harm="another")]) == []
    assert [one.cases for one in propose(many(5))] == [5]


def test_a_form_not_kept_more_often_than_not_is_not_shown():
    them = many(3) + [past(f"broken {n}", kept=False) for n in range(3)]
    assert propose(them) == []
    assert [one.kept for one in propose([*them, past("one more")])] == [4]


def test_one_broken_promise_of_a_case_means_the_case_did_not_keep_it():
    them = [*many(6), past(0, harm="another", kept=False)]
    assert [(one.kept, one.cases) for one in propose(them)] == [(5, 6)]


def test_what_did_not_help_is_not_shown_and_what_few_said_is_not_told():
    assert propose(many(6, helped="somewhat")) == []
    assert propose(many(6, helped="no")) == []
    [found] = propose([*many(6), past("said", helped="no", said="a word")])
    assert (found.helped, found.answered, found.said) == (None, None, ())


def test_sentences_come_with_enough_answers_only():
    four = [past(n, helped="yes", said=f"word {n}") for n in range(4)]
    assert propose([*four, past("silent")])[0].said == ()
    [found] = propose([*four, past("more", helped="yes")])
    assert found.said == ("word 0", "word 1", "word 2", "word 3")


def test_the_amount_is_the_median_share_and_never_more_than_what_is_left():
    them = [past(n, amount=Decimal(24 * n)) for n in range(4, 9)]
    assert propose(them)[0].amount == 144
    left = replace(ASKED, promised=Decimal(200))
    assert propose(them, asked=left)[0].amount == 40
    assert propose(them, asked=replace(ASKED, promised=Decimal(240))) == []


def test_more_than_was_lost_elsewhere_is_never_more_than_was_lost_here():
    [found] = propose(many(5, amount=Decimal(2400)))
    assert (found.amount, found.proportion) == (240, 100)


def test_hours_for_money_are_a_form_without_an_amount():
    [found] = propose(many(5, unit="hours", amount=Decimal(3), category="work_person"))
    assert (found.unit, found.amount, found.proportion, found.measured) == (
        "hours",
        None,
        None,
        None,
    )


def test_an_amount_stands_on_enough_kept_cases_too():
    """Of seven cases five kept it, and one of these cannot be measured: four say no amount."""
    them = many(4) + [past("none", amount=None)] + [past(f"no {n}", kept=False) for n in range(2)]
    [found] = propose(them)
    assert (found.kept, found.amount) == (5, None)


def test_two_promises_for_one_harm_are_one_proportion():
    promises = [past(1, harm="a", amount=Decimal(60)), past(1, harm="a", amount=Decimal(60))]
    assert proportion_of(promises) == Fraction(1, 2)
    assert proportion_of([*promises, past(1, harm="b", amount=Decimal(240))]) == Fraction(3, 4)


@pytest.mark.parametrize(
    ("exact", "down"), [("179.99", "179"), ("1", "1"), ("0.999", "0.99"), ("0.001", None)]
)
def test_amounts_are_rounded_down(exact, down):
    assert round_down(Fraction(exact)) == (Decimal(down) if down else None)


def test_the_order_is_that_of_the_list_and_no_ranking():
    them = many(9, category="learn", unit="act", amount=None) + [
        past(f"second {n}", category="replace", kept=n > 1) for n in range(6)
    ]
    assert [one.category for one in propose(them)] == ["replace", "learn"]


# ------------------------------------------------------------------ never above the harm

amounts = st.decimals("0.01", "999999", places=2)
units = st.sampled_from(("money", "hours", "act"))


@st.composite
def corpora(draw):
    """Return a harm, what is promised for it, and past promises of which many exceeded theirs."""
    unit = draw(st.sampled_from(("money", "hours", "money", "hours", "act")))
    amount = None if unit == "act" else draw(amounts)
    promised = Decimal(0)
    if amount is not None:
        part = draw(st.sampled_from(("0", "0", "0.5", "0.999", "1", "2")))
        promised = (amount * Decimal(part)).quantize(Decimal("0.01"))
    asked = replace(ASKED, unit=unit, amount=amount, promised=promised)
    share = st.sampled_from((Decimal("0.3"), Decimal("0.5"), Decimal(1), Decimal(3), Decimal(90)))
    promises = st.builds(
        past,
        st.integers(0, 12),
        harm=st.integers(0, 3),
        harm_unit=st.sampled_from([unit] * 5 + ["money"]),
        harm_amount=st.just(amount) if amount else st.none(),
        unit=st.sampled_from([unit] * 4 + ["hours"]),
        amount=share.map(lambda one: one * (amount or 7)),
        category=st.sampled_from(CATEGORIES[:2]),
        kept=st.sampled_from([True] * 9 + [False]),
        helped=st.sampled_from(["", "yes", "yes"]),
    )
    return asked, draw(st.lists(promises, min_size=6, max_size=40)), draw(st.integers(1, 4))


def above(asked: Situation, found: Suggested) -> bool:
    """Ask the rule that an agreement is offered under, with the suggestion in the draft."""
    harm = HarmFacts(key=asked.harm, unit=asked.unit, amount=asked.amount)
    one = CommitmentFacts(
        number=1, harm=asked.harm, what="", unit=found.unit, amount=found.amount, due_on=None
    )
    before = replace(one, unit=asked.unit, amount=asked.promised)
    if exceeds_harm([before], [harm]):
        # What people promised too much before stays theirs to mend; nothing may be added to it.
        return found.unit == asked.unit and bool(found.amount)
    return exceeds_harm([before, one], [harm])


@settings(max_examples=400, deadline=None)
@given(corpora())
def test_no_suggestion_is_ever_above_the_harm(corpus):
    asked, them, smallest = corpus
    for found in Counted().propose(asked, them, smallest=smallest):
        assert found.cases >= smallest
        assert found.amount is None or found.amount > 0
        assert not above(asked, found)


def test_the_corpus_finds_suggestions_with_amounts_at_all():
    """Else the test above would hold of nothing."""
    seen = []

    @settings(max_examples=200, deadline=None, database=None, derandomize=True)
    @given(corpora())
    def look(corpus):
        asked, them, smallest = corpus
        seen.extend(one.amount for one in Counted().propose(asked, them, smallest=smallest))

    look()
    assert sum(one is not None for one in seen) > 50


@given(st.decimals("-5", "1000", places=2), units, st.integers(0, 9), st.integers(0, 9))
def test_no_adviser_gets_past_the_guard(amount, unit, cases, answered):
    asked = replace(ASKED, promised=Decimal(100))
    said = Suggested(
        harm="here", category="pay_back", unit=unit, amount=amount, cases=cases, alike=(), kept=1,
        low=0, high=100, helped=1, answered=answered, said=("a word",),
    )  # fmt: skip
    for found in guarded([said], asked, smallest=5):
        assert found.cases >= 5
        assert found.unit == "money"
        assert 0 < found.amount <= 140
        assert found.said == (("a word",) if answered >= 5 else ())
    fits = cases >= 5 and unit == "money" and 0 < amount <= 140
    assert len(guarded([said], asked, smallest=5)) == fits
    for change in ({"category": "prison"}, {"harm": "another"}):
        assert guarded([replace(said, **change)], asked, smallest=5) == []


# ------------------------------------------------------------------ the public figure


def facts(answer, why, cases):
    return [AnswerFact(case=case, answer=answer, why=why) for case in cases]


def test_figures_count_what_people_answered_and_why():
    found = answers(
        facts("taken_over", "fits", range(6)) + facts("refused", "too_much", range(5)), smallest=5
    )
    assert found.shown == 11
    assert found.counts == (("taken_over", 6), ("changed", 0), ("refused", 5))
    assert found.reasons == (("taken_over", "fits", 6), ("refused", "too_much", 5))


@pytest.mark.parametrize(
    "few",
    [
        facts("refused", "too_much", range(4)), facts("shown", "", range(4)),
        facts("changed", "fits", [1] * 9),
    ],
)  # fmt: skip
def test_no_figure_stands_for_fewer_cases_than_the_smallest_group(few):
    """Nine suggestions in one case are one case; and what waits can be worked out from the rest."""
    assert answers(facts("taken_over", "fits", range(6)) + few, smallest=5).shown is None


def test_reasons_are_hidden_together_where_one_stands_for_too_few():
    found = answers(
        facts("refused", "too_much", range(5)) + facts("refused", "different", [6]), smallest=5
    )
    assert (found.counts[2], found.reasons) == (("refused", 6), ())
