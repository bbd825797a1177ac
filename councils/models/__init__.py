"""Tier two: the pool, the draw of a council, its seats, what it hears and what it decides.

What a draw publishes is in ``DrawRecord`` and names nobody. Who stands behind a token is in
``RosterEntry``, sealed, and is read by the person themselves, by the draw, and by an auditor.
"""

from councils.models.councils import Council, TiesAnswer, new_council_id
from councils.models.deciding import (
    Advice,
    Appeal,
    Decision,
    Finding,
    PlanChange,
    PlannedPromise,
    SafetyFinding,
    Verdict,
)
from councils.models.draws import Contribution, Draw, DrawRecord, RosterEntry, new_draw_id
from councils.models.hearings import (
    Hearing,
    Invitation,
    Packet,
    PacketItem,
    Sharing,
    SharingWord,
    Word,
)
from councils.models.pool import PoolPlace
from councils.models.seats import Challenge, ChallengeAnswer, Recall, Seat

__all__ = [
    "Advice", "Appeal", "Challenge", "ChallengeAnswer", "Contribution", "Council", "Decision",
    "Draw", "DrawRecord", "Finding", "Hearing", "Invitation", "Packet", "PacketItem", "PlanChange",
    "PlannedPromise", "PoolPlace", "Recall", "RosterEntry", "SafetyFinding", "Seat", "Sharing",
    "SharingWord", "TiesAnswer", "Verdict", "Word", "new_council_id", "new_draw_id",
]  # fmt: skip
