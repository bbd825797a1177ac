"""Two worlds that differ only in a secret: who may not know it reads the same, to the byte.

The two grow from one world, one after the other, so that nothing but the secret differs.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from cases import actions
from councils.models import Draw, Seat
from tests.moves.council_story import IN_THE_HAT, CouncilStory
from tests.moves.story import VIEWERS, Story
from tests.moves.walk import Walk
from tests.moves.worlds import in_force
from tests.undoing import undone

pytestmark = pytest.mark.django_db

Step = Callable[[Any], object]
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
    "whether what was done helped": Secret(
        world=lambda: in_force(Story(days=13), 2).say_done(1, 40),
        either=(
            lambda story: story.confirm(1),
            lambda story: story.confirm(1, helped="no"),
            lambda story: story.confirm(1, helped="yes", word="Ask for it.", share_word=True),
        ),
        kept_from=("coordinator", "mediator", "responsible", *BESIDE), known_to=("harmed",),
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
BY_THE_DRAW = ("process_guardian", "auditor")


def accepted() -> CouncilStory:
    """Tell of a council on which one sits; the other two have let their time go by."""
    return CouncilStory(days=1).drawn().take_seat("third_member").too_late("member")


COUNCIL_SECRETS = {
    "who named a tie": Secret(
        world=lambda: CouncilStory().form(),
        either=(
            lambda story: story.name_tie("harmed"), lambda story: story.name_tie("responsible"),
        ),
        kept_from=(*INSIDE, *BY_THE_DRAW, "undrawn", "member"),
    ),
    "whom a tie names": Secret(
        world=lambda: CouncilStory().formed(),
        either=(
            lambda story: story.name_tie("harmed", "Maren Osei").prepare(),
            lambda story: story.name_tie("harmed", "Ulla Petrosyan").prepare(),
        ),
        kept_from=(*INSIDE, *BY_THE_DRAW, "undrawn", "member"),
    ),
    "that somebody put a number into the draw": Secret(
        world=lambda: CouncilStory().formed().prepare("dice", "contributions"),
        either=(nothing, lambda story: story.contribute("harmed")),
        kept_from=("responsible", *BESIDE, *BY_THE_DRAW, "undrawn", "member"), known_to=("harmed",),
    ),
    "who put a number into the draw": Secret(
        world=lambda: CouncilStory().formed().prepare("dice", "contributions"),
        either=(
            lambda story: story.contribute("harmed"),
            lambda story: story.contribute("responsible"),
        ),
        kept_from=("coordinator", "mediator", *BESIDE, *BY_THE_DRAW, "undrawn", "member"),
        known_to=("harmed", "responsible"),
    ),
    "whether somebody drawn said no, stepped aside or did not answer": Secret(
        world=accepted,
        either=(
            lambda story: story.decline("member"),
            lambda story: story.recuse("member"),
            lambda story: story.lapse("member"),
        ),
        kept_from=(*SIDES, "third_member", "second_member", *BY_THE_DRAW),
        known_to=("coordinator",),
    ),
    "that somebody drawn said no": Secret(
        world=accepted, either=(nothing, lambda story: story.decline("member")),
        kept_from=(*SIDES, "third_member", "second_member", "auditor"), known_to=("member",),
    ),
    "whether a member stepped aside or was replaced": Secret(
        world=lambda: CouncilStory(days=1).seated().challenge(),
        either=(
            lambda story: story.recuse("member"), lambda story: story.answer("second_member"),
        ),
        kept_from=("responsible", "guardian", "interpreter", *BY_THE_DRAW),
        known_to=("harmed", "second_member"),
    ),
    "that somebody drawn is tied, before they know whom it is about": Secret(
        world=lambda: CouncilStory(days=1).drawn(),
        either=(nothing, lambda story: story.tie("member", "harmed")),
        kept_from=(*INSIDE, *IN_THE_HAT, *BY_THE_DRAW),
    ),
    "that somebody drawn is tied": Secret(
        world=lambda: CouncilStory(days=1).drawn().promise("member"),
        either=(nothing, lambda story: story.tie("member", "harmed")),
        kept_from=(*INSIDE, "second_member", "third_member", *BY_THE_DRAW),
        known_to=("member",),
    ),
    "that a member was challenged": Secret(
        world=lambda: CouncilStory(days=1).seated(),
        either=(nothing, lambda story: story.challenge("harmed", "member")),
        kept_from=("member", "responsible", "guardian", "interpreter", "auditor"),
        # Who makes the packet learns that it waits for a doubt, and not whose or about whom.
        known_to=("second_member", "harmed", "coordinator", "process_guardian"),
    ),
    "who challenged a member": Secret(
        world=lambda: CouncilStory(days=1).seated(),
        either=(
            lambda story: story.challenge("harmed", "member"),
            lambda story: story.challenge("responsible", "member"),
        ),
        kept_from=("member", "coordinator", "mediator", "interpreter", *BY_THE_DRAW),
        known_to=("harmed", "responsible"),
    ),
    "what somebody says to sharing something of the talks": Secret(
        world=lambda: CouncilStory(days=1).talked().seated().ask_to_share(),
        either=(
            lambda story: story.share("harmed", True), lambda story: story.share("harmed", False),
        ),
        kept_from=(
            "coordinator", "mediator", "responsible", *BESIDE, "member", *BY_THE_DRAW,
        ),
        known_to=("harmed",),
    ),
    "who did not want to share something of the talks": Secret(
        world=lambda: CouncilStory(days=1).talked().seated().ask_to_share().write(),
        either=(
            lambda story: story.share("harmed", False).packet(),
            lambda story: story.share("responsible", False).packet(),
        ),
        kept_from=("coordinator", "mediator", *BESIDE, "member", *BY_THE_DRAW),
        known_to=("harmed", "responsible"),
    ),
    "that somebody wrote to the council, before there is a packet": Secret(
        world=lambda: CouncilStory(days=1).seated(),
        either=(nothing, lambda story: story.write("harmed")),
        kept_from=("responsible", "supporter", "interpreter", "member", *BY_THE_DRAW),
        known_to=("harmed", "mediator"),
    ),
    "what somebody needs to be at a hearing": Secret(
        world=lambda: CouncilStory(days=1).seated().plan_hearing(hours=90),
        either=(
            lambda story: story.answer_hearing("harmed", "No steps."),
            lambda story: story.answer_hearing("harmed", ""),
        ),
        kept_from=("responsible", "mediator", *BESIDE, "member", "auditor"),
        known_to=("process_guardian", "coordinator"),
    ),
    "that the other side is asked to a hearing of its own": Secret(
        world=lambda: CouncilStory(days=1).seated().plan_hearing("harmed", hours=90),
        either=(nothing, lambda story: story.plan_hearing("responsible", hours=95)),
        # The guardian stands beside the person responsible here.
        kept_from=("harmed", "supporter"),
        known_to=("responsible", "guardian", "member", "interpreter", "process_guardian"),
    ),
}  # fmt: skip
SECRETS |= COUNCIL_SECRETS
# What differs each time, whatever happened: CSRF tokens, the ids of what was made since, and
# the secret number that is offered anew each time the form is opened.
NEW_EACH_TIME = re.compile(
    r'name="csrfmiddlewaretoken" value="\w+"'
    r"|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|DR-\w{4}-\w{4}"
    r'|"initial": "[0-9a-f]{64}"|secret number is [0-9a-f]{64}'
)


def read_by(walk: Walk, viewer: str) -> dict[str, str]:
    """Return all that this viewer is shown, on the pages and by the API, which tells every move."""
    pages = [walk.story.case.get_absolute_url(), "/", "/notices/"]
    calls = [f"/api/v1/cases/{walk.reference}", "/api/v1/cases"]
    if isinstance(walk.story, CouncilStory) and viewer in walk.people:
        seats = [str(seat.pk) for seat in Seat.objects.of(walk.people[viewer])]
        pages += [f"/seats/{seat}/" for seat in seats]
        calls += [f"/api/v1/seat/{seat}" for seat in seats]
        if viewer in IN_THE_HAT:
            pages += ["/pool/"]
            calls += ["/api/v1/me", "/api/v1/pool/here"]
        if viewer in (*IN_THE_HAT, *BY_THE_DRAW, "stranger"):  # the same for everybody else
            draws = Draw.objects.published().values_list("public_id", flat=True)
            pages += [f"/verify/draw/{draw}/" for draw in draws]
    said = {url: walk.page(viewer, url).body for url in pages}
    said |= {url: walk.call(viewer, url).body for url in calls}
    return {url: NEW_EACH_TIME.sub("…", body) for url, body in said.items()}


@pytest.mark.parametrize("name", SECRETS)
def test_who_may_not_know_a_secret_cannot_tell(name: str) -> None:
    secret = SECRETS[name]
    walk = Walk(secret.world())
    # Later than all before, so that news of the same moment does not come in any order.
    walk.story.at += timedelta(minutes=1)
    # Of who is outside, one reads along by turns: they are shown no case at all.
    outside = OUTSIDE[list(SECRETS).index(name) % len(OUTSIDE)]
    viewers = {*secret.kept_from, *secret.known_to, outside}
    for viewer in viewers:
        walk.client(viewer), walk.token(viewer)
    shown: list[dict[str, dict[str, str]]] = []
    for step in secret.either:
        with undone():
            step(walk.story)
            shown.append({viewer: read_by(walk, viewer) for viewer in sorted(viewers)})
    assert set(secret.kept_from) <= set(VIEWERS)
    for other in shown[1:]:
        for viewer in (*secret.kept_from, outside):
            for url, body in shown[0][viewer].items():
                assert body == other[viewer][url], (viewer, url)
    for viewer in secret.known_to:
        assert any(shown[0][viewer] != other[viewer] for other in shown[1:]), viewer
