"""Years of draws in a made-up community, by the real rules. Pure: no Django, no clock.

``settings`` says what is assumed, ``hat`` makes the people and lets them come and go, ``years``
draws one council after another, ``told`` counts what came of it, and ``picture`` draws that.

Who can be drawn, when the pool is too small, whether quotas can be met, the smallest repair and
the panels themselves come from ``councils.rules``, ``councils.roster`` and
``councils.portfolio``. Only what people do is made up: who renews, declines, is tied, and how
long a case lasts. The same settings give the same years in every process.
"""

from councils.simulation.hat import START, Member
from councils.simulation.picture import LABELS, picture
from councils.simulation.settings import Settings
from councils.simulation.told import Told, failure_as_data, told
from councils.simulation.years import Failure, Month, Seated, Years, simulate

__all__ = [
    "LABELS",
    "START",
    "Failure",
    "Member",
    "Month",
    "Seated",
    "Settings",
    "Told",
    "Years",
    "failure_as_data",
    "picture",
    "simulate",
    "told",
]
