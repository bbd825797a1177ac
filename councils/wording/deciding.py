"""The words of what a council finds and decides, by code."""

from typing import Any

from moves.wording import MoveWords

MOVES: dict[str, MoveWords] = {}
OBSTACLES: dict[str, Any] = {}
EVENTS: dict[str, Any] = {}
NOTICES: dict[str, Any] = {}
