"""A challenge is heard by people who were not involved, and what they find is written down."""

from datetime import timedelta

import pytest

from councils.models import Council
from notices.models import Notice
from rehabilitation.actions import challenging, reviewing
from rehabilitation.models import Review
from tests.factories import make_person
from tests.rehabilitation.houses import World, go_round, make_council, make_world, placed

pytestmark = pytest.mark.django_db


def heard(world: World, course: str) -> Review:
    """A challenge brought before four others, who agree on what comes of it."""
    now = world.now + timedelta(days=3)
    challenging.challenge_placement(
        world.placement, by=world.people["rosa"], now=now, ground="facts", words="Not so."
    )
    guard = make_person("Guard")
    others = [make_person(f"Other {number}") for number in range(4)]
    panel: Council = make_council(
        world.case, others, guard, on=world.today, state="seated", appeal_of=world.council
    )
    review = challenging.open_hearing(world.case, by=guard, now=now)
    review = reviewing.hold_review(review, by=guard, now=now)
    proposed = reviewing.propose_course(
        review, by=others[0], now=now, course=course, reasons="We read and listened."
    )
    go_round(world, review, proposed.proposal, now=now)
    assert panel.pk == review.council_id
    return Review.objects.get(pk=review.pk)


def test_a_challenge_that_is_not_upheld_leaves_the_placement_and_says_why() -> None:
    world = make_world()
    placed(world)
    assert heard(world, "dismiss").state == "dismissed"
    challenge = world.placement.challenges.get()
    assert (challenge.state, challenge.reasons) == ("dismissed", "We read and listened.")
    assert challenge.decided_on == world.today + timedelta(days=3)
    assert world.placement.is_placed(world.today + timedelta(days=3))
    told = Notice.objects.get(code="challenge_dismissed")
    assert told.person == world.people["rosa"]


def test_a_challenge_that_is_upheld_frees_at_once() -> None:
    world = make_world()
    placed(world)
    assert heard(world, "uphold").state == "upheld"
    one = world.placement
    assert (one.state, one.why_ended) == ("released", "challenge_upheld")
    assert one.ended_on == world.today + timedelta(days=3)
    assert one.challenges.get().reasons == "We read and listened."
    # It can be challenged no more, and nobody is placed by this decision again.
    assert not challenging.may_challenge(one, resident=True, challenged=False)
