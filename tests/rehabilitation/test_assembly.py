"""A house decides on its rules itself, and no rule of it goes below a right."""

import pytest
import time_machine
from django.urls import reverse

from moves.core import Blocked, Hidden
from rehabilitation.actions import houses
from rehabilitation.models import HouseQuestion
from rehabilitation.reading import RIGHTS_IN_WORDS
from rehabilitation.rules import RIGHTS
from tests.factories import browser
from tests.rehabilitation.assembly import decide, three_live_here
from tests.rehabilitation.houses import World

pytestmark = pytest.mark.django_db


def ask(world: World, text: str, **more: object) -> HouseQuestion:
    return houses.ask_house(
        world.house, by=world.people["rosa"], now=world.now, kind="rule", text=text, **more
    )  # type: ignore[arg-type]


def test_a_rule_below_any_of_the_rights_is_not_even_asked() -> None:
    world = three_live_here()
    assert set(RIGHTS) == set(RIGHTS_IN_WORDS)
    for right in RIGHTS:
        with pytest.raises(Blocked) as refused:
            ask(world, "Nobody …", touches=[right])
        assert [one.code for one in refused.value.obstacles] == ["below_rights"], right
    assert not HouseQuestion.objects.exists()
    ask(world, "Quiet at ten.", touches=[])
    assert HouseQuestion.objects.count() == 1


def test_the_visitor_strikes_a_rule_that_goes_below_any_of_the_rights() -> None:
    """Whoever proposed it may have said honestly that it touches none: the visitor looks too."""
    world = three_live_here()
    rule = decide(world, ask(world, "Quiet at ten."), now=world.now)
    for right in RIGHTS:
        assert [one.pk for one in houses.rules_of(world.house)] == [rule.pk]
        for name in ("rosa", "sten", "cole"):
            with pytest.raises(Hidden):
                houses.strike_rule(
                    rule, by=world.people[name], now=world.now, right=right, because="…"
                )
        houses.strike_rule(
            rule, by=world.people["iris"], now=world.now, right=right, because="It does."
        )
        assert houses.rules_of(world.house) == []
        # As it was, for the next of the rights.
        HouseQuestion.objects.update(struck_on=None, struck_right="", struck_because="")


def test_a_house_adopts_a_rule_and_repeals_it_again() -> None:
    world = three_live_here()
    rule = decide(world, ask(world, "Quiet at ten."), now=world.now)
    assert rule.adopted_on == world.today
    with pytest.raises(Hidden):
        houses.propose_repeal(rule, by=world.people["sten"], now=world.now, text="Too early.")
    rosa = browser()
    rosa.force_login(world.people["rosa"])
    page = reverse("rehabilitation:house", args=["linden"])
    url = reverse(
        "rehabilitation:assembly_move", args=["linden", "question", rule.pk, "propose_repeal"]
    )
    with time_machine.travel(world.now, tick=False):
        assert url in rosa.get(page).content.decode()
        assert rosa.post(url, {"text": "Some come home later."}).status_code == 302
        # It is asked once, and holds until the house has decided.
        body = rosa.get(page).content.decode()
        assert url not in body
        assert "Some come home later." in body
        assert rosa.post(url, {"text": "Again."}).status_code == 404
    asked = HouseQuestion.objects.get(kind="repeal")
    assert (asked.rule, [one.pk for one in houses.rules_of(world.house)]) == (rule, [rule.pk])
    decide(world, asked, now=world.now)
    assert houses.rules_of(world.house) == []
    rule.refresh_from_db()
    assert rule.repealed_on == world.today
    with time_machine.travel(world.now, tick=False):
        assert "Quiet at ten." not in rosa.get(page).content.decode()
