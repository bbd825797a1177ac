"""What this person can do around a placement and in a house, and what stands in the way.

What is not yielded is hidden: it answers like a thing that does not exist. Everything a resident
can do is here, and each of it says why not where it is not possible yet.
"""

from rehabilitation.moves.houses import moves_on_house, moves_on_question
from rehabilitation.moves.placements import (
    moves_on_case,
    moves_on_party,
    moves_on_placement,
)
from rehabilitation.moves.things import Part, find_thing, moves_on_thing, things_of

__all__ = [
    "Part", "find_thing", "moves_on_case", "moves_on_house", "moves_on_party",
    "moves_on_placement", "moves_on_question", "moves_on_thing", "things_of",
]  # fmt: skip
