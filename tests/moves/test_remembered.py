"""A story that is repeated is the story that was told, to the byte; anything else is told anew."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection

from communities.models import Community
from tests.moves.council_story import CouncilStory
from tests.moves.deciding_story import DecidingStory
from tests.moves.story import Story
from tests.remembered import MEMORIES
from tests.undoing import undone

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_remembered() -> Iterator[None]:
    MEMORIES.clear()
    yield
    MEMORIES.clear()


def rows() -> dict[str, list[Any]]:
    """Return everything that is in the database."""
    with connection.cursor() as cursor:
        return {
            table: sorted(map(repr, cursor.execute(f'SELECT * FROM "{table}"').fetchall()))
            for table in connection.introspection.table_names()
        }


@pytest.mark.parametrize(
    "tell",
    [
        lambda: Story(minor="harmed").offered().sign("harmed").pause(),
        lambda: Story(days=20).mediated().draft().add().offer().sign().wait(12),
        lambda: CouncilStory(days=1).seated().challenge().answer("second_member"),
        lambda: DecidingStory().begun().found(),
    ],
)
def test_told_again_everything_is_there_and_the_story_goes_on(tell: Callable[[], Any]) -> None:
    with undone():
        first, there = tell(), rows()
        kept = set(MEMORIES)
    with undone():
        again = tell()
        assert set(MEMORIES) == kept, "told, not repeated"
        assert rows() == there
        assert (again.at, again.people, again.pk) == (first.at, first.people, first.pk)
        assert again.people["harmed"] is not first.people["harmed"]
        assert again.case.state == again.party("harmed").case.state


def test_it_is_repeated_only_as_far_as_it_is_the_same() -> None:
    with undone():
        Story().screened().mediators("second_mediator")
    with undone():
        other = Story().screened()
        other.people["mediator"].licences.update(covers_minors=False)
        other.mediators("second_mediator")
        assert not other.people["mediator"].licences.get().covers_minors
        assert "_mark" not in vars(other)
    with undone():
        later = Story().screened()
        before = later.case.participations.count()
        later.at = later.at.replace(hour=(later.at.hour + 1) % 24)
        later.mediators("second_mediator")
        assert later.case.participations.count() == before + 1
        assert "_mark" not in vars(later)


def test_where_somebody_is_there_already_it_is_told() -> None:
    with undone():
        Story()
    kept = set(MEMORIES)
    Community.objects.create(slug="elsewhere", name="Elsewhere")
    assert "_mark" not in vars(Story())
    assert set(MEMORIES) == kept
