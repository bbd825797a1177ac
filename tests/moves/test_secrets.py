"""Two worlds that differ only in a secret: who may not know it reads the same, to the byte.

The two grow from one world, one after the other, so that nothing but the secret differs.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest

from cases import actions
from journey.wording import WORDS
from moves.pages import show_obstacle
from tests.moves.story import VIEWERS, Story
from tests.moves.walk import Walk, undone

pytestmark = pytest.mark.django_db

Step = Callable[[Story], object]
OUTSIDE = ("stranger", "superuser", "spare", "anonymous")
BESIDE = ("supporter", "guardian", "interpreter")
SIDES = ("harmed", "responsible", *BESIDE)
INSIDE = ("coordinator", "mediator", *SIDES)


@dataclass(frozen=True, kw_only=True)
class Secret:
    """A world, what may have happened there, and who must not be able to tell which it was."""

    world: Callable[[], Story]
    either: tuple[Step, ...]
    kept_from: tuple[str, ...]
    known_to: tuple[str, ...] = ()  # the comparison itself is tried on them: they read another


def nothing(story: Story) -> None:
    """Let nothing happen."""


def write(text: str) -> Step:
    def step(story: Story) -> None:
        actions.write_statement(
            story.party("harmed"), by=story.people["harmed"], now=story.at, text=text
        )

    return step


def note_contact(story: Story) -> None:
    actions.set_contact(
        story.party("responsible"), by=story.people["mediator"], now=story.at,
        contact_kind="email", contact="elsewhere@example.org", language="en",
    )  # fmt: skip


def screening() -> Story:
    return Story().mediators().accept().company().reach()


SECRETS = {
    "who stopped it": Secret(
        world=lambda: Story(minor="harmed").mediated().plan(days=5),
        either=(
            lambda story: story.withdraw("harmed"),
            lambda story: story.withdraw("responsible"),
            lambda story: story.withdraw("guardian", of="harmed"),
            lambda story: story.withdraw("mediator", of="responsible"),
            lambda story: story.pause(),
        ),
        kept_from=INSIDE,
    ),
    "who stepped back": Secret(
        world=lambda: Story().offered().sign(),
        either=(
            lambda story: story.step_back("harmed"),
            lambda story: story.step_back("responsible"),
            lambda story: story.step_back("mediator"),
        ),
        kept_from=INSIDE,
    ),
    "what the safety assessment of the other side said": Secret(
        world=screening,
        either=(
            nothing,
            lambda story: story.assess("harmed", safe=True),
            lambda story: story.assess("harmed", safe=False, flags=["threat", "weapon"]),
        ),
        kept_from=("responsible", *BESIDE),
        known_to=("mediator", "coordinator"),
    ),
    "whether the other side said yes": Secret(
        world=lambda: screening().assess(),
        either=(nothing, lambda story: story.consent("responsible")),
        kept_from=("harmed", "supporter", "interpreter"),
        known_to=("responsible", "mediator"),
    ),
    "whether a mediator has spoken with the other side": Secret(
        world=lambda: Story().mediators().accept().company().reach("harmed"),
        either=(nothing, lambda story: story.reach("responsible")),
        kept_from=("harmed", "supporter"),
        known_to=("mediator", "responsible"),
    ),
    "how the other side is reached": Secret(
        world=screening, either=(nothing, note_contact),
        kept_from=("harmed", "supporter", "interpreter"), known_to=("coordinator",),
    ),
    "what one side writes to the mediators": Secret(
        world=screening, either=(write("I am afraid of him."), write("All is well.")),
        kept_from=("coordinator", "responsible", *BESIDE), known_to=("harmed", "mediator"),
    ),
    "that one side has written to the mediators": Secret(
        world=screening, either=(nothing, write("I am afraid of him.")),
        kept_from=("responsible", *BESIDE), known_to=("harmed", "mediator"),
    ),
    "a tie of the coordinator": Secret(
        world=lambda: Story().screened(),
        either=(nothing, lambda story: story.tie("coordinator", "responsible")),
        kept_from=("mediator", *SIDES), known_to=("coordinator",),
    ),
    "a tie of a mediator": Secret(
        world=lambda: Story().screened().mediators("second_mediator"),
        either=(nothing, lambda story: story.tie("second_mediator", "responsible")),
        kept_from=SIDES, known_to=("mediator", "second_mediator"),
    ),
    "a tie of a guardian": Secret(
        world=lambda: Story(minor="harmed").screened(),
        either=(nothing, lambda story: story.tie("guardian", "responsible")),
        kept_from=SIDES, known_to=("mediator",),
    ),
    "a licence": Secret(
        world=lambda: Story().screened(),
        either=(
            nothing,
            lambda story: story.people["mediator"].licences.update(covers_violence=False),
            lambda story: story.people["mediator"].licences.update(until=story.today),
        ),
        kept_from=SIDES,
        known_to=("mediator",),
    ),
    "a draft": Secret(
        world=lambda: Story().mediated(),
        either=(nothing, lambda story: story.draft().add(), lambda story: story.draft()),
        kept_from=SIDES, known_to=("mediator", "coordinator"),
    ),
    "whether the other side has signed": Secret(
        world=lambda: Story().offered(),
        either=(nothing, lambda story: story.sign("responsible")),
        kept_from=("harmed", "supporter"), known_to=("responsible", "mediator"),
    ),
}  # fmt: skip
CSRF = re.compile(r'name="csrfmiddlewaretoken" value="\w+"')


def read_by(walk: Walk, viewer: str) -> dict[str, str]:
    """Return all that this viewer is shown: the moves, the pages and the API."""
    case = walk.story.case
    moves = [
        (move.part, move.part_id, move.name, [show_obstacle(one, WORDS) for one in move.obstacles])
        for move in walk.moves(viewer)
    ]
    said = {"moves": repr(moves)}
    for url in (case.get_absolute_url(), "/", "/notices/"):
        said[url] = CSRF.sub("", walk.page(viewer, url).body)
    for url in (f"/api/v1/cases/{walk.reference}", "/api/v1/cases"):
        said[url] = walk.call(viewer, url).body
    return said


@pytest.mark.parametrize("name", SECRETS)
def test_who_may_not_know_a_secret_cannot_tell(name: str) -> None:
    secret = SECRETS[name]
    walk = Walk(secret.world())
    # Later than all before, so that news of the same moment does not come in any order.
    walk.story.at += timedelta(minutes=1)
    for viewer in (*secret.kept_from, *secret.known_to, *OUTSIDE):
        walk.client(viewer), walk.token(viewer)
    shown: list[dict[str, dict[str, str]]] = []
    for step in secret.either:
        with undone():
            step(walk.story)
            viewers = {*secret.kept_from, *secret.known_to, *OUTSIDE}
            shown.append({viewer: read_by(walk, viewer) for viewer in sorted(viewers)})
    assert set(secret.kept_from) <= set(VIEWERS)
    for other in shown[1:]:
        for viewer in (*secret.kept_from, *OUTSIDE):
            for url, body in shown[0][viewer].items():
                assert body == other[viewer][url], (viewer, url)
    for viewer in secret.known_to:
        assert any(shown[0][viewer] != other[viewer] for other in shown[1:]), viewer
