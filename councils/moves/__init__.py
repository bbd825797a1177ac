"""What this person can do around a council: its draw and seats, its hearing, its decision."""

from councils.moves.deciding import (
    follow,
    moves_in_circle,
    moves_on_advice,
    moves_on_appeal,
    moves_on_decision,
    moves_on_planned,
    moves_on_recall,
    moves_on_table,
    moves_to_recall,
)
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
from councils.moves.hearing import moves_on_hearing, moves_on_sharing, moves_to_hear

__all__ = [
    "follow",
    "moves_in_circle",
    "moves_of_auditor",
    "moves_on_advice",
    "moves_on_appeal",
    "moves_on_case",
    "moves_on_challenge",
    "moves_on_council",
    "moves_on_decision",
    "moves_on_draw",
    "moves_on_hearing",
    "moves_on_planned",
    "moves_on_pool",
    "moves_on_recall",
    "moves_on_seat",
    "moves_on_sharing",
    "moves_on_table",
    "moves_to_hear",
    "moves_to_recall",
    "names_for",
]
