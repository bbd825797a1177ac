"""What closing asks of several stages at once. Pure."""

from collections.abc import Collection

from cases.rules import PartyFacts
from moves.core import Obstacle


def obstacles_to_close(
    parties: Collection[PartyFacts], *, state: str, open_commitments: int
) -> list[Obstacle]:
    """Return why a case may not close yet.

    Nothing promised is left hanging, and whoever was reached is asked for their
    closing word, where there is something to have the last word on.
    """
    found = []
    if open_commitments:
        found.append(Obstacle(code="commitment_open", cleared_by="party"))
    begun = state in ("mediation", "council", "reparation", "rehabilitation")
    if begun and any(party.reached and not party.word_asked for party in parties):
        found.append(Obstacle(code="closing_word_not_asked", cleared_by="mediator"))
    return found
