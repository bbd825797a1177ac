"""What a circle is, and how far its proposals have come.

``circles``: who has a voice. ``proposals``: the text and what came of it. ``consenting`` and
``voting``: the two machines, each beside the proposal it moves.
"""

from deliberation.models.circles import Circle, Voice
from deliberation.models.consenting import (
    ByConsent,
    Objection,
    Position,
    Round,
    SettingAside,
    SettingAsideWord,
    Turn,
)
from deliberation.models.proposals import Amendment, Carrying, Combined, Proposal, TextVersion
from deliberation.models.voting import Ballot, BySupermajority, Concern, Gauge, Holder, Remark, Vote

__all__ = [
    "Amendment", "Ballot", "ByConsent", "BySupermajority", "Carrying", "Circle", "Combined",
    "Concern", "Gauge", "Holder", "Objection", "Position", "Proposal", "Remark", "Round",
    "SettingAside", "SettingAsideWord", "TextVersion", "Turn", "Voice", "Vote",
]  # fmt: skip
