"""What other closed cases teach, by plain counting. Pure: no Django, no clock, no database.

A suggestion is a form that a promise can take, never a text and never a person: its category,
its unit and how much, with the evidence it stands on. People take it over, change or refuse it;
nothing is added by itself. The arithmetic, with an example to follow by hand, is in
``docs/advice.md``; what may be used, and what never, in decision 10 (``docs/adr``).
"""

from agreements.advice.answers import AnswerFact, Answers, answers
from agreements.advice.counted import Counted
from agreements.advice.guard import guarded
from agreements.advice.interface import Adviser, PastCommitment, Situation, Suggested
from agreements.advice.wilson import interval

__all__ = [
    "Adviser",
    "AnswerFact",
    "Answers",
    "Counted",
    "PastCommitment",
    "Situation",
    "Suggested",
    "answers",
    "guarded",
    "interval",
]
