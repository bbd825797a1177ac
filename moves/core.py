"""What a move is. Knows no app, no model and no page."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Obstacle:
    """One reason a move is not possible yet. Its words are in the app's ``wording``.

    ``cleared_by`` is a role, never a name; ``clears_on`` the day it clears by itself.
    """

    code: str
    cleared_by: str
    clears_on: date | None = None
    params: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Move:
    """Something this person may do to this thing, now or once the obstacles are gone.

    ``act`` is called as ``act(subject, by=person, now=now, **cleaned_data)``.
    ``form`` takes ``data=`` and returns a Django form; None where nothing is typed.
    ``careful`` marks what cannot be undone: the page warns before it.
    """

    name: str
    subject: Any
    part: str
    part_id: str
    act: Callable[..., object]
    obstacles: list[Obstacle] = field(default_factory=list)
    form: Callable[..., Any] | None = None
    careful: bool = False
    main: bool = False

    @property
    def status(self) -> str:
        return "blocked" if self.obstacles else "available"


class Blocked(Exception):
    """Raised by an action, under its lock, when something still stands in the way."""

    def __init__(self, obstacles: list[Obstacle]) -> None:
        super().__init__(", ".join(obstacle.code for obstacle in obstacles))
        self.obstacles = obstacles


class Hidden(Exception):
    """Raised by an action when the thing is none of this person's business."""


class Stale(Exception):
    """Raised when what was typed was written over a text that has since changed."""

    def __init__(self, *, theirs: str, now_stands: str) -> None:
        super().__init__("The text has changed meanwhile.")
        self.theirs = theirs
        self.now_stands = now_stands


def refuse_if_any(obstacles: list[Obstacle]) -> None:
    """Raise Blocked with these obstacles; do nothing when there are none."""
    if obstacles:
        raise Blocked(obstacles)
