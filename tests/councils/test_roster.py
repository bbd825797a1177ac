"""Rosters as they come, quotas that cannot be met, and what is left when some are seated."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from councils.portfolio import Person, Quota
from councils.roster import (
    MENDS,
    Infeasible,
    NotUsable,
    Problem,
    feasible,
    first_who_fits,
    fits,
    infeasibility,
    read_people,
    read_quotas,
    remaining,
)
from tests.councils.pools import DATA, panels_of
from tests.councils.test_portfolio import small_pools

CASES = json.loads((DATA / "infeasible.json").read_text())
TWENTY = [
    Person(f"b{n}", {"gender": "w" if n < 10 else "m", "age": "young" if n < 10 else "old"})
    for n in range(20)
]
QUOTAS = b"category,feature,min,max\ngender,w,1,2\ngender,m,1,2\n"
GENDER = read_quotas(QUOTAS)


def quotas_of(rows: list) -> list[Quota]:
    return [Quota(*row) for row in rows]


def codes(problems: list[Problem]) -> list[str]:
    return [problem.code for problem in problems]


def refused(
    data: bytes, quotas: list[Quota] | None = None, household: str | None = None
) -> list[Problem]:
    """Return why a file is refused: people when there are quotas, else quotas."""
    problems: list[Problem] = []
    try:
        if quotas is None:
            read_quotas(data)
        else:
            read_people(data, quotas, household=household)
    except NotUsable as error:
        problems = error.problems
    assert all("%(" not in problem.mend for problem in problems), "every sentence is filled in"
    return problems


# Files


def test_the_field_s_files_are_read():
    quotas = read_quotas((DATA / "pool_150_7/categories.csv").read_bytes())
    assert quotas[0] == Quota("gender", "woman", 3, 4)
    assert len(quotas) == 17
    people = read_people(
        (DATA / "pool_150_7/respondents.csv").read_bytes(), quotas, household="household"
    )
    assert people[0] == Person(
        "p00000",
        {
            "gender": "man",
            "age": "30-44",
            "district": "south",
            "heritage": "majority",
            "experience": "neither",
        },
        "h00108",
    )
    assert len(people) == 150


def test_a_byte_order_mark_blank_lines_spaces_and_semicolons_do_no_harm():
    untidy = "\ufeff\r\nID ; Gender;note\r\n\r\n a1 ;w ;x\r\n;;\r\na2; m;\r\n".encode()
    people = read_people(untidy, GENDER)
    assert people == [Person("a1", {"gender": "w"}), Person("a2", {"gender": "m"})]
    quotas = "\ufeffcategory;feature;min;max\n\ngender;w; 1;2\n".encode()
    assert read_quotas(quotas) == [Quota("gender", "w", 1, 2)]


@pytest.mark.parametrize("unsaid", ["", "Rather not say", "prefer not to say", "-"])
def test_what_was_not_said_counts_toward_nothing(unsaid: str):
    people = read_people(f"id,gender\na,w\nb,{unsaid}\n".encode(), GENDER)
    assert people[1].features == {"gender": None}
    assert not any(quota.counts(people[1]) for quota in GENDER)


def test_not_saying_can_be_a_value_of_its_own():
    quotas = [*GENDER, Quota("gender", "rather not say", 0, 1)]
    people = read_people(b"id,gender\na,rather not say\n", quotas)
    assert people[0].features == {"gender": "rather not say"}


def test_an_empty_household_is_nobody_s():
    people = read_people(b"id,gender,home\na,w,h1\nb,m,\n", GENDER, household="home")
    assert [person.household for person in people] == ["h1", None]


@pytest.mark.parametrize(
    ("data", "code", "said"),
    [
        (b"", "people_empty", "nobody"),
        (b"\n ,\n", "people_empty", "nobody"),
        (b"id,gender\n", "people_empty", "nobody"),
        (b"gender\nw\n", "column_missing", "no column id"),
        (b"id,sex\na,w\n", "column_missing", "no column gender; it has: id, sex"),
        (b"id,gender,gender\na,w,w\n", "column_twice", "two columns gender"),
        (b"id,gender\na,w\n,m\n", "id_missing", "line 3"),
        (b"id,gender\na,w\n\nb,m\na,m\n", "id_twice", "line 5: the id a stands in line 2"),
        (b"id,gender\na,other\n", "value_unknown", "“other”, and the quotas only know w, m"),
        (b"id,gender\na,w,spare\n", "too_many_cells", "Line 2"),
        (b"id,gender\na,\xff\n", "not_utf8", "UTF-8"),
        (b'id,gender\na,"w\n', "not_csv", "line 2"),
    ],
)
def test_a_pool_that_cannot_be_read_is_refused_with_the_way_to_mend_it(
    data: bytes, code: str, said: str
):
    problems = refused(data, quotas=GENDER)
    assert codes(problems) == [code]
    assert said in problems[0].mend


def test_a_household_column_that_is_not_there_is_said():
    problems = refused(b"id,gender\na,w\n", quotas=GENDER, household="home")
    assert codes(problems) == ["column_missing"]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("gender,w,1.5,2", "not_a_number"),
        ("gender,w,-1,2", "not_a_number"),
        ("gender,w,,2", "not_a_number"),
        ("gender,w,1,9999999999", "not_a_number"),
        ("gender,w,3,2", "least_above_most"),
        (",w,1,2", "cell_empty"),
        ("gender,,1,2", "cell_empty"),
        ("gender,x,1,2\ngender,x,1,2", "quota_twice"),
        ("gender,w,1,2,5", "too_many_cells"),
    ],
)
def test_quotas_that_cannot_be_read_are_refused(line: str, code: str):
    problems = refused(f"category,feature,min,max\n{line}\n".encode())
    assert codes(problems) == [code]


def test_empty_quotas_and_missing_columns_are_refused():
    assert codes(refused(b"")) == ["quotas_empty"]
    assert codes(refused(b"category,feature,min,max\n")) == ["quotas_empty"]
    assert codes(refused(b"category,feature,least\na,b,1\n")) == ["column_missing"] * 2


def test_everything_wrong_is_said_at_once():
    problems = refused(b"id,gender\na,x\na,w\n,y\n", quotas=GENDER)
    assert codes(problems) == ["value_unknown", "id_twice", "id_missing", "value_unknown"]


# Quotas that cannot be met


def found(rows: list, size: int, people: list[Person] = TWENTY) -> Infeasible:
    result = infeasibility(people, quotas_of(rows), size)
    assert result is not None
    return result


def test_quotas_that_only_clash_together_are_named_with_the_smallest_repair():
    result = found(CASES["quotas"], CASES["panel_size"])
    assert codes(result.problems) == ["jointly"]
    assert result.relaxations == [("age", "young", "min", 5, 3), ("age", "old", "max", 2, 4)]


def test_of_equal_repairs_the_one_that_changes_fewest_bounds_is_proposed():
    people = [Person(f"{value}{n}", {"k": value}) for value in "ab" for n in range(5)]
    result = found([["k", "a", 4, 5], ["k", "b", 1, 5]], 3, people)
    assert result.relaxations == [("k", "a", "min", 4, 2)]


@pytest.mark.parametrize(
    ("case", "code", "said"),
    [
        (0, "minima_above_size", "add up to 10, more than the 7 seats"),
        (1, "maxima_below_size", "add up to 6, fewer than the 7 seats"),
        (2, "too_few_with_value", "Not enough people with gender w: need 12, have 10"),
    ],
)
def test_quotas_that_nobody_could_meet_are_refused_before_solving(case: int, code: str, said: str):
    one = CASES["other"][case]
    result = found(one["quotas"], one["panel_size"])
    assert codes(result.problems) == [code]
    assert said in result.problems[0].mend


def repaired(quotas: list[Quota], relaxations: list) -> list[Quota]:
    new = {(feature, value, bound): to for feature, value, bound, _was, to in relaxations}
    return [
        Quota(
            quota.feature,
            quota.value,
            new.get((quota.feature, quota.value, "min"), quota.least),
            new.get((quota.feature, quota.value, "max"), quota.most),
        )
        for quota in quotas
    ]


@given(small_pools(), st.data())
@settings(max_examples=40, deadline=None)
def test_a_repair_does_and_nothing_smaller_does(case, data):
    people, quotas, size, apart = case
    tight = [
        quota._replace(least=least, most=max(least, quota.most))
        for quota in quotas
        for least in [quota.least + data.draw(st.integers(0, 2))]
    ]
    result = infeasibility(people, tight, size, one_per_household=apart)
    assert (result is None) == bool(panels_of(people, tight, size, apart=apart))
    if result is not None:
        mended = repaired(tight, result.relaxations)
        assert infeasibility(people, mended, size, one_per_household=apart) is None
        needed = min(
            sum(
                max(0, quota.least - have) + max(0, have - quota.most)
                for quota in tight
                for have in [sum(quota.counts(person) for person in panel)]
            )
            for panel in panels_of(people, [], size, apart=apart)
        )
        assert sum(abs(one.to - one.was) for one in result.relaxations) == needed


def test_what_was_not_said_is_added_to_the_maxima():
    silent = [Person(f"s{n}", {"gender": None, "age": "old"}) for n in range(2)]
    rows = [["gender", "w", 1, 3], ["gender", "m", 1, 2]]
    assert infeasibility([*TWENTY, *silent], quotas_of(rows), 7) is None
    result = found(rows, 8, [*TWENTY, *silent])
    assert codes(result.problems) == ["maxima_and_unsaid_below_size"]
    assert "2 people did not say" in result.problems[0].mend


def test_too_few_people_or_households_cannot_be_mended_by_quotas():
    rows = [["gender", "w", 0, 30], ["gender", "m", 0, 30]]
    result = found(rows, 21)
    assert codes(result.problems) == ["too_few_people"]
    assert result.relaxations == []
    at_home = [Person(f"h{n}", {"gender": "w"}, f"home{n % 2}") for n in range(6)]
    result = infeasibility(at_home, quotas_of(rows), 3, one_per_household=True)
    assert result is not None
    assert codes(result.problems) == ["too_few_households"]
    assert result.relaxations == []
    assert infeasibility(at_home, quotas_of(rows), 3) is None


def test_every_problem_has_words():
    for code, text in MENDS.items():
        assert Problem(code).code == code
        assert text.endswith((".", ".)")), code


# When some are seated


def test_what_remains_once_some_are_seated():
    quotas = quotas_of([["gender", "w", 2, 3], ["gender", "m", 2, 2]])
    assert remaining(quotas, []) == quotas
    assert remaining(quotas, TWENTY[:1]) == quotas_of(
        [["gender", "w", 1, 2], ["gender", "m", 2, 2]]
    )
    seated = [*TWENTY[:1], *TWENTY[10:13]]
    assert remaining(quotas, seated) == quotas_of([["gender", "w", 1, 2], ["gender", "m", 0, 0]])


def test_a_full_panel_needs_nobody_and_must_meet_the_quotas():
    quotas = quotas_of([["gender", "w", 1, 2], ["gender", "m", 1, 2]])
    assert feasible([], quotas, 2, [TWENTY[0], TWENTY[10]])
    assert not feasible([], quotas, 2, TWENTY[:2])
    assert not feasible(TWENTY, quotas, 1, [TWENTY[0], TWENTY[10]])
    assert not feasible([], quotas, 3, [TWENTY[0], TWENTY[10]])


def test_the_next_is_the_first_who_leaves_the_quotas_reachable():
    quotas = quotas_of([["gender", "w", 2, 3], ["gender", "m", 1, 2]])
    seated, last = [TWENTY[0], TWENTY[10]], TWENTY[11]
    order = [last, TWENTY[12], TWENTY[3], TWENTY[4]]
    assert not fits(last, order, quotas, 3, seated)
    assert first_who_fits(order, quotas, 3, seated) == TWENTY[3]
    assert first_who_fits([last], quotas, 3, seated) is None
    assert first_who_fits([], quotas, 3, seated) is None


def test_a_household_that_sits_already_is_passed_over():
    quotas = quotas_of([["gender", "w", 0, 3]])
    seated = [Person("a", {"gender": "w"}, "h1")]
    same, other = Person("b", {"gender": "w"}, "h1"), Person("c", {"gender": "w"}, "h2")
    assert first_who_fits([same, other], quotas, 2, seated, one_per_household=True) == other
    assert first_who_fits([same, other], quotas, 2, seated) == same
    assert not feasible([same], quotas, 2, seated, one_per_household=True)


@given(small_pools(), st.integers(0, 4))
@settings(max_examples=60, deadline=None)
def test_who_fits_agrees_with_trying_every_panel(case, count):
    people, quotas, size, apart = case
    seated: list[Person] = []
    for person in people[: min(count, size - 1)]:
        if fits(person, people, quotas, size, seated, one_per_household=apart):
            seated.append(person)
    panels = [set(map(id, panel)) for panel in panels_of(people, quotas, size, apart=apart)]
    for person in people:
        if person in seated:
            continue
        wanted = {id(one) for one in [*seated, person]}
        assert fits(person, people, quotas, size, seated, one_per_household=apart) == any(
            wanted <= panel for panel in panels
        )
