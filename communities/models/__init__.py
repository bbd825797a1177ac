"""The tree of communities, and what they are asked.

``places``: communities, their charters, who belongs and who holds an office. ``asking``: what is
put before the members, and what would be so if they adopt it. ``resting``: weeks in which
coordinators step back, and votes that rest.
"""

from communities.models.asking import Asking, Question, Terms, Trial
from communities.models.places import CharterVersion, Community, Membership
from communities.models.resting import Absence, VoteRest

__all__ = [
    "Absence", "Asking", "CharterVersion", "Community", "Membership", "Question", "Terms", "Trial",
    "VoteRest",
]  # fmt: skip
