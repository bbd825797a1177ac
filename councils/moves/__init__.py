"""What this person can do around a council: its draw and seats, its hearing, its decision."""

from councils.moves.drawing import (
    moves_of_auditor,
    moves_on_case,
    moves_on_challenge,
    moves_on_council,
    moves_on_draw,
    moves_on_pool,
    moves_on_seat,
    names_for,
)

__all__ = [
    "moves_of_auditor",
    "moves_on_case",
    "moves_on_challenge",
    "moves_on_council",
    "moves_on_draw",
    "moves_on_pool",
    "moves_on_seat",
    "names_for",
]
