"""The words of the councils app, by code: moves, obstacles, events, notices and reasons."""

from cases import wording as cases
from councils.wording import deciding, drawing, hearing
from councils.wording.drawing import CHECKS, PROBLEMS, REASONS
from moves import wording as base
from moves.pages import Words

MOVES = {**drawing.MOVES, **hearing.MOVES, **deciding.MOVES}
OBSTACLES = {**drawing.OBSTACLES, **hearing.OBSTACLES, **deciding.OBSTACLES}
EVENTS = {**drawing.EVENTS, **hearing.EVENTS, **deciding.EVENTS}
NOTICES = {**drawing.NOTICES, **hearing.NOTICES, **deciding.NOTICES}

# For the pages outside a case; on the case page ``journey`` puts all apps' words together.
WORDS = Words(moves=MOVES, obstacles={**base.OBSTACLES, **cases.OBSTACLES, **OBSTACLES})

__all__ = [
    "CHECKS", "EVENTS", "MOVES", "NOTICES", "OBSTACLES", "PROBLEMS", "REASONS", "WORDS",
]  # fmt: skip
