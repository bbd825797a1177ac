"""The open figures of placements: what is counted, and what stays hidden."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from journey import clock
from rehabilitation.actions import challenging, staying
from rehabilitation.figures import CODES, Place, PlacementFact, Share, Year, figures, years
from rehabilitation.published import facts_by_community
from tests.rehabilitation.houses import adopt, make_world, placed, prepare_review

DAY = timedelta(days=1)
JUNE = date(2025, 6, 1)
ENDED = PlacementFact(starts_on=JUNE, ended_on=JUNE + 30 * DAY, state_at_end="released")


def some(number: int, **facts: object) -> tuple[PlacementFact, ...]:
    return (replace(ENDED, **facts),) * number  # type: ignore[arg-type]


def test_people_lengths_reviews_lapses_releases_challenges_and_guests_are_counted() -> None:
    held, missed = (JUNE + 20 * DAY,), (JUNE + 31 * DAY,)
    facts = (
        *some(6, reviews_held=held, challenges_upheld=held),
        *some(5, state_at_end="lapsed", reviews_missed=missed, stayed_as_guest=True),
        *some(7, state_at_end="left", ended_on=JUNE + 10 * DAY, challenges_dismissed=held),
        # Still there, and one who came a year before.
        *some(1, ended_on=None, state_at_end=""),
        *some(5, starts_on=JUNE - 365 * DAY, ended_on=JUNE - 300 * DAY),
    )
    found = figures(Place(facts, 5), Year(2025))
    assert (found.placed, found.days) == (19, 30)
    assert found.shares == {
        "reviews": Share(6, 11), "lapsed": Share(5, 18), "released": Share(6, 18),
        "left": Share(7, 18), "upheld": Share(6, 13), "guests": Share(5, 18),
    }  # fmt: skip
    assert set(found.shares) == set(CODES)
    assert years(facts, date(2026, 3, 1)) == [Year(2025), Year(2024)]


@pytest.mark.parametrize(("lapsed", "released", "shown"), [
    (5, 5, True), (4, 6, False), (6, 4, False), (0, 9, True), (0, 4, False),
])  # fmt: skip
def test_what_counts_too_few_or_leaves_too_few_beside_it_is_hidden(
    lapsed: int, released: int, shown: bool
) -> None:
    facts = some(lapsed, state_at_end="lapsed") + some(released)
    share = figures(Place(facts, 5), Year(2025)).shares["lapsed"]
    assert share == (Share(lapsed, lapsed + released) if shown else Share(None, None))


def test_a_figure_hidden_below_is_not_to_be_worked_out_above() -> None:
    few, many = Place(some(3), 5), Place(some(9), 5)
    above = Place(some(6), 5, (few, many))
    assert figures(many, Year(2025)).placed == 9
    assert figures(above, Year(2025)).placed is None
    # The strictest of the charters below counts above.
    assert figures(Place(some(6), 5, (Place(some(9), 8),)), Year(2025)).placed == 15
    assert figures(Place((), 5, (Place(some(7), 8),)), Year(2025)).placed is None


@pytest.mark.django_db
def test_the_figures_are_made_of_what_happened() -> None:
    world = make_world()
    placed(world)
    review = adopt(world, prepare_review(world, now=world.now), "continue", now=world.now)
    free = world.now + timedelta(days=40)
    clock.run(free)
    staying.stay_as_guest(world.placement, by=world.people["rosa"], now=free)
    other = make_world(community=world.case.community, now=free)
    placed(other)
    challenging.leave(other.placement, by=other.people["rosa"], now=free)
    lapsed, left = facts_by_community()[world.case.community_id]
    assert lapsed == PlacementFact(
        starts_on=world.today, ended_on=world.placement.ended_on, state_at_end="lapsed",
        stayed_as_guest=True, reviews_held=(review.held_on,),  # type: ignore[arg-type]
        reviews_missed=(world.placement.ended_on,),  # type: ignore[arg-type]
    )  # fmt: skip
    assert (left.state_at_end, left.starts_on, left.ended_on) == ("left", other.today, other.today)
    # Anybody may read the page, and two people are too few to show.
    with time_machine.travel(world.now + timedelta(days=400), tick=False):
        page = Client().get(reverse("rehabilitation:figures", args=[world.case.community.slug]))
    assert page.status_code == 200
    assert page.content.decode().count("too few people to show") >= 2
    assert page.context["page"].years[-1].placed is None
