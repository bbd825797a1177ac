"""Corners where a move was offered that nobody could do, or somebody could see too much."""

from decimal import Decimal

import pytest

from agreements import actions as agreements
from cases.access import standing
from cases.models import Case
from journey import actions as across
from moves.core import Move
from tests.moves.filling import fill
from tests.moves.story import Story
from tests.moves.walk import Walk

pytestmark = pytest.mark.django_db


def the(story: Story, viewer: str, name: str, on: str = "") -> Move | None:
    """Return this viewer's move of this name, on the part of ``on`` where it is a party's."""
    part = str(story.party(on).pk) if on else None
    found = [
        move
        for move in Walk(story).moves(viewer)
        if move.name == name and part in (None, move.part_id)
    ]
    return found[0] if found else None


def test_on_paper_only_what_is_missing_can_be_taken() -> None:
    story = Story(minor="harmed").mediators().accept().company().reach()
    both = the(story, "mediator", "take_consent_on_paper", on="harmed")
    assert both is not None
    assert not both.form().fields["by_guardian"].required  # type: ignore[misc]
    story.consent("harmed")
    guardians = the(story, "mediator", "take_consent_on_paper", on="harmed")
    assert guardians is not None
    assert guardians.form().fields["by_guardian"].required  # type: ignore[misc]
    story.guardian_consents()
    assert the(story, "mediator", "take_consent_on_paper", on="harmed") is None


def test_no_meeting_is_planned_after_the_last_day_until_it_moves() -> None:
    story = Story(days=17).mediated()
    plan = the(story, "mediator", "plan_meeting")
    assert plan is not None
    assert [one.code for one in plan.obstacles] == ["meeting_after_due"]
    story.extend()
    plan = the(story, "mediator", "plan_meeting")
    assert plan is not None
    assert plan.obstacles == []


def test_not_yet_after_no_answer_opens_the_amount_again() -> None:
    story = Story(days=40).mediated().harm(100).draft().add(amount=100).add().offer().sign()
    story.wait(11).say_done(1, 100).until_today().not_yet(1)
    assert story.promise(1).state == "disputed"
    assert agreements.still_to_do(story.promise(1)) == Decimal(100)
    story.say_done(1, 60).confirm(1)
    assert (story.promise(1).state, agreements.still_to_do(story.promise(1))) == (
        "underway", Decimal(40),
    )  # fmt: skip
    story.say_done(1).confirm(1)
    assert story.promise(1).state == "kept"


def test_a_case_put_on_hold_before_everybody_was_reached_can_go_on() -> None:
    story = Story().mediators().accept().reach("harmed").pause()
    renew = the(story, "mediator", "renew_consent")
    assert renew is not None
    assert [one.code for one in renew.obstacles] == ["consent_missing", "safety_not_reassessed"]
    story.assess("harmed").consent("harmed")
    renew = the(story, "mediator", "renew_consent")
    assert renew is not None
    assert renew.obstacles == []


def test_who_gets_a_case_of_their_own_leaves_the_old_one() -> None:
    story = Story(parties=("harmed", "responsible", "second")).mediators().accept().company()
    story.reach()
    new = across.split(
        story.case, by=story.people["coordinator"], now=story.at,
        party=str(story.party("responsible").pk), reason="Their ways part.",
    )  # fmt: skip
    for name in ("responsible", "guardian"):  # the guardian stands beside them
        person = story.people[name]
        seen = Case.objects.visible_to(person, today=story.today)
        assert [one.pk for one in seen] == [new.pk], name
        assert not standing(person, story.case, today=story.today).may_see
    assert standing(story.people["second"], story.case, today=story.today).may_see


def test_a_closing_word_may_be_left_empty() -> None:
    story = Story().mediated().ask_words()
    give = the(story, "harmed", "give_closing_word")
    assert give is not None
    assert fill(give.form(), turn=0, least=True) == {}  # type: ignore[misc]
    assert give.form(data={}).is_valid()  # type: ignore[misc]


def test_nothing_is_promised_where_nobody_stands_on_the_other_side() -> None:
    story = Story(parties=("harmed",)).mediators().accept().reach().to_council().draft()
    add = the(story, "mediator", "add_commitment")
    assert add is not None
    assert [one.code for one in add.obstacles] == ["nobody_responsible"]
