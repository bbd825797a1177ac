"""What a person reads of a placement and of a house: made for them, and nothing beside it."""

from rehabilitation.actions import staying
from rehabilitation.moves import things_of
from rehabilitation.moves.things import challenges_for_coordinator
from rehabilitation.reading.desk import Card, cards_for, what_is_there
from rehabilitation.reading.houses import (
    Occupancy,
    Rule,
    living_for,
    occupancy_of,
    rules_shown,
    serving,
)
from rehabilitation.reading.placements import (
    Lines,
    Threat,
    days_of,
    lines_of,
    moving_to,
    placements_of,
    threat_of,
)
from rehabilitation.reading.things import (
    Said,
    Support,
    challenge_known,
    papers_for,
    rounds_of,
    said_of,
    support_of,
    support_shown,
)
from rehabilitation.texts import challenge_words
from rehabilitation.words import RIGHTS_IN_WORDS

__all__ = [
    "RIGHTS_IN_WORDS", "Card", "Lines", "Occupancy", "Rule", "Said", "Support", "Threat",
    "cards_for", "challenge_known", "challenge_words", "challenges_for_coordinator", "days_of",
    "lines_of", "living_for", "moving_to", "occupancy_of", "papers_for", "placements_of",
    "rounds_of", "rules_shown", "said_of", "serving", "staying", "support_of", "support_shown",
    "things_of", "threat_of", "what_is_there",
]  # fmt: skip
