"""The circle of names: who is in it, in the order drawn, and whose turn it is."""

import math
from collections.abc import Sequence

from django.utils.translation import gettext as _

from deliberation.actions.time import Scene
from deliberation.models import Round, Turn
from deliberation.reading.shown import Circle, Place
from deliberation.reading.words import name_of

MOST_DRAWN = 12
LONGEST_NAME = 13
# On a drawing of 400 by 280.
CENTRE_X, CENTRE_Y, RADIUS, NAMES_AT = 200, 140, 88, 108
BASELINE = 5
UPRIGHT = 0.3


def circle_of(scene: Scene, latest: Round | None, turns: Sequence[Turn], voices: int) -> Circle:
    """Return the circle as the latest round found it, drawn where it is small enough."""
    drawn = latest is not None and 0 < len(turns) <= MOST_DRAWN and not scene.proposal.outcome
    if latest is None or not drawn:
        return Circle(voices=voices)
    in_order = scene.circle.in_the_room
    first = speaking_now(scene, latest, turns)
    places = []
    for number, turn in enumerate(turns, start=1):
        x, y, name_x, name_y, side = position(number - 1, len(turns))
        name = name_of(turn.voice)
        places.append(
            Place(
                name=name,
                short=name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…",
                number=number,
                state=state_of(turn, now=turn is first, in_order=in_order),
                now=turn is first or (not in_order and turn.state == "waiting"),
                mine=scene.voice is not None and turn.voice_id == scene.voice.pk,
                x=x,
                y=y,
                name_x=name_x,
                name_y=name_y,
                side=side,
            )
        )
    return Circle(voices=voices, places=places, in_order=in_order, begins=places[0].name)


def speaking_now(scene: Scene, latest: Round | None, turns: Sequence[Turn]) -> Turn | None:
    """Return whose turn it is in the room; online everybody's is open, so None."""
    if latest is None or latest.closed_at is not None or not scene.circle.in_the_room:
        return None
    waiting = (one for one in turns if one.state == "waiting" and one.voice.lives_at(scene.at))
    return next(waiting, None)


def state_of(turn: Turn, *, now: bool, in_order: bool) -> str:
    """Say in words where somebody's turn stands."""
    if turn.state == "waiting":
        if now:
            return _("it is their turn")
        return _("their turn comes") if in_order else _("their turn is open")
    return {
        "spoken": _("has had their turn"),
        "written": _("left it in writing"),
        "passed": _("passed"),
        "missed": _("was not there"),
        "gone": _("has left"),
    }[turn.state]


def position(place: int, count: int) -> tuple[int, int, int, int, str]:
    """Return where a place and its name are drawn, clockwise from the top, and on which side."""
    angle = 2 * math.pi * place / count - math.pi / 2
    across, down = math.cos(angle), math.sin(angle)
    side = "middle" if abs(across) < UPRIGHT else "start" if across > 0 else "end"
    beyond = NAMES_AT + (BASELINE if side == "middle" else 0)
    return (
        round(CENTRE_X + RADIUS * across),
        round(CENTRE_Y + RADIUS * down),
        round(CENTRE_X + NAMES_AT * across),
        round(CENTRE_Y + beyond * down) + BASELINE,
        side,
    )
