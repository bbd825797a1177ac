"""Who may be drawn, and whether the quotas can be met.

``files`` reads the bare files of the field; ``quotas`` says whether a panel exists, what is
in the way and the smallest repair, and what remains once some are seated; ``drawing`` turns a
portfolio into a record to commit, and a record with its beacon into a result.

What is wrong with files or quotas is a ``Problem``, a code with what it is about; ``MENDS``
has the words for each, and how to mend it.
"""

from councils.roster.drawing import draw, person_of, record_of
from councils.roster.files import read_people, read_quotas
from councils.roster.problems import MENDS, NotUsable, Problem
from councils.roster.quotas import (
    Infeasible,
    Relaxation,
    feasible,
    first_who_fits,
    fits,
    infeasibility,
    remaining,
)

__all__ = [
    "MENDS",
    "Infeasible",
    "NotUsable",
    "Problem",
    "Relaxation",
    "draw",
    "feasible",
    "first_who_fits",
    "fits",
    "infeasibility",
    "person_of",
    "read_people",
    "read_quotas",
    "record_of",
    "remaining",
]
