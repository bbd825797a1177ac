"""Figures of how seats went round in a community. Pure: no Django, no clock, no database.

A figure is a numerator, a denominator and a period. It is hidden where it would count fewer
people than the charter's smallest group: itself, what is left beside it, or what a parent's
figure would leave once the figures of its communities are taken away (``Place.open``).
"""

from councils.figures.facts import ChallengeFact, CouncilFact, DrawFact, Facts, HatFact, SeatFact
from councils.figures.measures import Period, gini, most_even, next_quarter, periods
from councils.figures.places import Place
from councils.figures.shown import Rotation, Share, Spread, rotation

__all__ = [
    "ChallengeFact",
    "CouncilFact",
    "DrawFact",
    "Facts",
    "HatFact",
    "Period",
    "Place",
    "Rotation",
    "SeatFact",
    "Share",
    "Spread",
    "gini",
    "most_even",
    "next_quarter",
    "periods",
    "rotation",
]
