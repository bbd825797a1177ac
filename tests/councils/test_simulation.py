"""Simulated years: nobody sits who may not, the same seed is the same bytes, failures by hand."""

import json
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from io import StringIO
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given, settings
from hypothesis import strategies as st

from councils.portfolio import Person, Quota
from councils.rules import PoolRules, months_after
from councils.simulation import LABELS, Settings, Years, picture, simulate, told

HERE = Path(__file__).resolve().parents[2]
QUOTAS = (
    Quota("gender", "woman", 2, 3), Quota("gender", "man", 2, 3),
    Quota("age", "18-39", 2, 3), Quota("age", "40+", 2, 3),
)  # fmt: skip
QUOTAS_FILE = "category,feature,min,max\n" + "".join(
    f"{one.feature},{one.value},{one.least},{one.most}\n" for one in QUOTAS
)


def small(**more: Any) -> Settings:
    """A small, busy community whose hat does run short."""
    values: dict[str, Any] = {
        "people": 40, "cases_per_year": 14, "years": 2, "quotas": QUOTAS, "seat_days": (20, 90),
        "rules": PoolRules(trial_months=2, rest_days=60, most_seats=3), "least_times": 2,
    }  # fmt: skip
    return Settings(**{**values, **more})


def broken(years: Years) -> list[str]:
    """Check the log by itself, day by day and rule by rule, without the rules module."""
    rules, members = years.settings.rules, {one.person.id: one for one in years.members}
    found = []
    by_person = defaultdict(list)
    for seat in years.seats:
        by_person[seat.person].append(seat)
    for person, seats in by_person.items():
        member = members[person]
        seats.sort(key=lambda seat: seat.drawn)
        if sum(seat.accepted is not None for seat in seats) > (rules.most_seats or 99):
            found.append(f"{person} sat too often")
        if len({seat.case for seat in seats}) < len(seats):
            found.append(f"{person} was asked twice for one case")
        for seat in seats:
            joined = (member.since.year, member.since.month, member.since.day)
            month = joined[1] + rules.trial_months
            trial = date(joined[0] + (month - 1) // 12, (month - 1) % 12 + 1, joined[2])
            if seat.drawn < trial:
                found.append(f"{person} was drawn in their trial")
            if seat.drawn > member.until:
                found.append(f"{person} was drawn after their term")
        for before, after in pairwise(seats):
            if before.ended is None or after.drawn < before.ended:
                found.append(f"{person} was drawn while seated")
            elif before.accepted and (after.drawn - before.ended).days <= rules.rest_days:
                found.append(f"{person} was drawn while resting")
    return found


@pytest.mark.parametrize("fast", [False, True])
def test_nobody_sits_who_is_resting_in_trial_seated_or_gone(fast: bool) -> None:
    years = simulate(small(fast=fast))
    assert len(years.seats) > 60
    assert any(one.since > date(2001, 1, 1) and one.seats_served for one in years.members)
    assert broken(years) == []


@settings(max_examples=15, deadline=None)
@given(
    st.integers(0, 10**6), st.integers(0, 4), st.integers(0, 200), st.integers(1, 14),
    st.integers(1, 9), st.booleans(),
)  # fmt: skip
def test_no_settings_break_the_rules(
    seed: int, trial: int, rest: int, term: int, cases: int, homes: bool
) -> None:
    years = simulate(
        small(
            seed=seed, rules=PoolRules(trial_months=trial, rest_days=rest), term_months=term,
            cases_per_year=cases, years=1, people=25, one_per_household=homes, fast=True,
        )
    )  # fmt: skip
    assert broken(years) == []


def test_councils_meet_their_quotas_and_hold_one_of_a_household() -> None:
    years = simulate(small())
    people = {one.person.id: one.person for one in years.members}
    first = {one.number: one.opened for one in years.councils}
    panels = [
        [people[seat.person] for seat in one.seats if seat.drawn == first[one.number]]
        for one in years.councils
        if one.outside == 0 and list(one.quotas) == list(QUOTAS)
    ]
    assert len(panels) > 10
    for panel in panels:
        assert len(panel) == 5
        homes = [one.household for one in panel if one.household]
        assert len(set(homes)) == len(homes)
        for feature, value, least, most in QUOTAS:
            assert least <= sum(one.features[feature] == value for one in panel) <= most


def one_woman_a_month() -> Settings:
    """Three women, twenty men, a council of one woman and two men each month, a long rest."""
    women = [Person(f"w{n}", {"gender": "woman"}) for n in range(3)]
    men = [Person(f"m{n}", {"gender": "man"}) for n in range(20)]
    return Settings(
        respondents=(*women, *men), people=23, cases_per_year=12, years=1, size=3,
        quotas=(Quota("gender", "woman", 1, 1), Quota("gender", "man", 2, 2)),
        rules=PoolRules(trial_months=0, rest_days=400), least_times=1, seat_days=(10, 20),
        renew=1.0, decline=0.0, conflict=0.0, parties=0, joins_per_year=0,
    )  # fmt: skip


def test_quotas_fail_in_the_month_that_can_be_counted_by_hand() -> None:
    """Months 1, 2 and 3 take a woman each; in month 4 none is left."""
    years = simulate(one_woman_a_month())
    figures = told(years)
    assert figures.first_mended is not None
    assert figures.first_mended.month == 4
    assert figures.first_mended.why == (
        "Not enough people with gender woman: need 1, have 0. Invite more, or lower the minimum.",
    )
    assert figures.first_mended.repair == (
        ("gender", "woman", "min", 1, 0),
        ("gender", "man", "max", 2, 3),
    )
    # Men left at the beginning of months 4 to 8: 14, 11, 8, 5, 2; the last is too few of a hat.
    assert (figures.mended, figures.short) == (4, 5)
    assert figures.first_short is not None
    assert figures.first_short.month == 8
    assert figures.spread == (2, 21)


def test_the_pool_is_too_small_in_the_month_that_can_be_counted_by_hand() -> None:
    """Twelve people, three sit each month and rest: 12, 9, 6, then 3, fewer than the 4 needed."""
    years = simulate(
        Settings(
            people=12, cases_per_year=12, years=1, size=3, seat_days=(10, 20), least_times=1,
            rules=PoolRules(trial_months=0, rest_days=400), renew=1.0, decline=0.0, conflict=0.0,
            parties=0, joins_per_year=0, one_per_household=False,
        )
    )  # fmt: skip
    figures = told(years)
    assert figures.first_short is not None
    assert figures.first_short.month == 4
    assert figures.first_short.why == ("3 people could be drawn, and 4 are needed.",)
    assert (figures.served, figures.spread, figures.from_wider) == (9, (3, 9), 9)
    assert (figures.people, figures.longest_waiter_served) == (12, False)
    assert figures.longest_wait == (date(2002, 1, 1) - date(2001, 1, 1)).days


def test_who_declines_is_replaced_and_sits_on_nothing() -> None:
    years = simulate(small(decline=0.5, people=80, years=1))
    for council in years.councils:
        if council.seated and not council.outside:
            assert sum(seat.accepted is not None for seat in council.seats) == 5
    declined = [seat for seat in years.seats if seat.declined]
    assert len(declined) > 20
    assert all(seat.accepted is None and seat.ended for seat in declined)
    nobody = simulate(small(decline=1.0, years=1))
    assert told(nobody).served == 0


def test_terms_end_unless_renewed_and_as_many_join_as_leave() -> None:
    years = simulate(small(renew=0.0, years=2))
    founders = [one for one in years.members if one.since < date(2001, 1, 1)]
    assert all(one.until < months_after(date(2001, 1, 1), 12) for one in founders)
    assert {month.hat for month in years.months[1:]} <= set(range(34, 41))
    stay = simulate(small(renew=1.0, joins_per_year=6))
    assert [month.hat for month in stay.months][::12] == [40, 46]
    assert len(stay.members) == 52


def test_progress_never_goes_back() -> None:
    seen: list[float] = []
    simulate(small(years=1, fast=True), seen.append)
    assert seen == sorted(seen)
    assert seen[-1] == 1.0


# ── The command: no database, one object, the same bytes ─────────────────────


def run(*args: str) -> str:
    out = StringIO()
    call_command("simulate_rotation", *args, stdout=out, stderr=StringIO())
    return out.getvalue()


def test_one_json_object_and_progress_beside_it(tmp_path: Path) -> None:
    out, err = StringIO(), StringIO()
    file = tmp_path / "quotas.csv"
    file.write_text(QUOTAS_FILE)
    args = ["--people", "30", "--years", "2", "--cases-per-year", "4", "--quotas", str(file)]
    call_command("simulate_rotation", *args, "--json", stdout=out, stderr=err)
    printed = json.loads(out.getvalue())
    assert printed["settings"]["quotas"][0] == ["gender", "woman", 2, 3]
    assert printed["councils"] == 8
    assert sum(printed["spread"]) == printed["people"]
    assert err.getvalue().count("\n") == 2


@pytest.mark.parametrize("fast", [[], ["--fast"]])
def test_the_same_seed_is_the_same_bytes_in_every_process(
    fast: Sequence[str], tmp_path: Path
) -> None:
    file = tmp_path / "quotas.csv"
    file.write_text(QUOTAS_FILE)
    args = ["--people", "30", "--years", "1", "--quotas", str(file), "--json", *fast]
    script = (
        "import django; django.setup(); from django.core.management import call_command; "
        f"call_command('simulate_rotation', *{args!r})"
    )
    printed = set()
    for hash_seed in ("1", "2"):
        done = subprocess.run(
            [sys.executable, "-c", script], cwd=HERE, capture_output=True, check=True,
            env={
                "PYTHONHASHSEED": hash_seed, "DJANGO_SETTINGS_MODULE": "config.settings",
                "AMENDS_TESTING": "1", "VAR_DIR": str(tmp_path / "var"), "PATH": "/usr/bin:/bin",
            },
        )  # fmt: skip
        printed.add(done.stdout)
    assert len(printed) == 1
    assert run(*args, "--seed", "2") != run(*args, "--seed", "1") == printed.pop().decode()


def test_plain_words_say_when_it_failed(tmp_path: Path) -> None:
    people = tmp_path / "people.csv"
    lines = [f"{n},{'woman' if n < 3 else 'man'}\n" for n in range(23)]
    people.write_text("id,gender\n" + "".join(lines))
    quotas = tmp_path / "quotas.csv"
    quotas.write_text("category,feature,min,max\ngender,woman,1,1\ngender,man,2,2\n")
    printed = run(
        "--respondents", str(people), "--quotas", str(quotas), "--size", "3", "--years", "1",
        "--trial-months", "0", "--rest-days", "400", "--renew", "1", "--conflict", "0",
        "--least-times", "1", "--fast",
    )  # fmt: skip
    assert "Quotas failed first in month" in printed
    assert "Not enough people with gender woman" in printed
    assert "drawn by a random walk" in printed


def test_rest_periods_side_by_side() -> None:
    printed = run("--people", "30", "--years", "1", "--compare-rest", "30,90,180", "--fast")
    first = printed.splitlines()[0].split()
    assert first[-3:] == ["30", "90", "180"]
    data = json.loads(
        run("--people", "30", "--years", "1", "--compare-rest", "30,180", "--fast", "--json")
    )
    short, long = data["compared"]
    assert (short["settings"]["rest_days"], long["settings"]["rest_days"]) == (30, 180)
    assert short["fewest"] >= long["fewest"]


@pytest.mark.parametrize(
    "args",
    [
        ["--renew", "1.5"], ["--people", "0"], ["--seat-days", "90"], ["--seat-days", "90,30"],
        ["--quotas", "/nowhere/quotas.csv"], ["--compare-rest", "30,x"],
        ["--out", "/nowhere/a.svg", "--years", "1", "--people", "20", "--fast"],
    ],
)  # fmt: skip
def test_what_cannot_be_simulated_is_refused(args: list[str]) -> None:
    with pytest.raises(CommandError):
        run(*args)


def test_the_picture_is_svg_with_its_text(tmp_path: Path) -> None:
    file = tmp_path / "rotation.svg"
    run("--people", "30", "--years", "1", "--out", str(file), "--fast")
    root = ET.fromstring(file.read_text())
    words = [one.text for one in root.iter("{http://www.w3.org/2000/svg}text")]
    assert LABELS["title"] in words
    assert root.find("{http://www.w3.org/2000/svg}desc") is not None


def test_words_in_the_picture_are_escaped() -> None:
    years = simulate(small(years=1, fast=True))
    drawn = picture(years, told(years), {**LABELS, "title": "Seats & <people>"})
    assert ET.fromstring(drawn).find("{http://www.w3.org/2000/svg}title").text == "Seats & <people>"


def test_the_first_terms_end_with_the_first_month() -> None:
    years = simulate(small(years=1, fast=True, renew=0.0))
    assert all(one.until >= date(2001, 1, 31) for one in years.members)
    assert min(one.until for one in years.members) + timedelta(days=1) == date(2001, 2, 1)
