"""The tree of communities, and what they are asked.

``places``: communities, their charters, who belongs and who holds an office. ``asking``: what is
put before the members, and what would be so if they adopt it.
"""

from communities.models.asking import Asking, Question, Terms, Trial
from communities.models.places import CharterVersion, Community, Membership

__all__ = [
    "Asking", "CharterVersion", "Community", "Membership", "Question", "Terms", "Trial",
]  # fmt: skip
