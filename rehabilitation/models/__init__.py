"""Tier three: houses, placements that always end, and what is written of a life there.

Everybody's own word stands beside what others say of them, and everything that limits somebody
has a last day.
"""

from rehabilitation.models.houses import House, HouseMeeting, HouseOffice, HouseQuestion
from rehabilitation.models.living import CheckIn, Incident, Measure, Visit, Wish
from rehabilitation.models.placements import NewsWish, Placement, PlacementChallenge
from rehabilitation.models.reviewing import (
    Course,
    GuestStay,
    Review,
    SupportCircle,
    SupportMeeting,
    SupportMember,
    TransitionPlan,
)

__all__ = [
    "CheckIn", "Course", "GuestStay", "House", "HouseMeeting", "HouseOffice", "HouseQuestion",
    "Incident", "Measure", "NewsWish", "Placement", "PlacementChallenge", "Review",
    "SupportCircle", "SupportMeeting", "SupportMember", "TransitionPlan", "Visit", "Wish",
]  # fmt: skip
