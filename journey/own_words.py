"""What a person said and wrote wherever they have a voice or an office, gathered for an export.

Their own words alone: what others said beside them is read on the pages, by whom they let in.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from cases.access import Standing
from communities.actions.asking import SUBJECT as OF_A_COMMUNITY
from communities.models import Question, Terms
from councils import exporting as councils
from councils.models import Council
from deliberation.exporting import words_of
from deliberation.models import Circle
from journey.moves import Part
from people.models import Person
from rehabilitation import exporting as rehabilitation
from rehabilitation.access import sight_of
from rehabilitation.models import Placement


def outside_cases(person: Person, *, today: date) -> list[dict[str, Any]]:
    """Return what they wrote in houses and before communities: {"case", "at", "what", "text"}."""
    voted = Circle.objects.filter(subject_kind=OF_A_COMMUNITY, voices__person=person)
    found = [*rehabilitation.own_words(person, today=today), *words_of(person, voted)]
    found += [
        {"at": at, "what": what, "text": text} for at, what, text in _asked(person) if text.strip()
    ]
    return [{"case": "", **one} for one in sorted(found, key=lambda one: one["at"])]


def _asked(person: Person) -> Iterator[tuple[Any, str, str]]:
    """Yield what they said for themselves, and why they would change a charter."""
    for question in Question.objects.filter(person=person):
        yield question.word_at or question.at, _("Your own word, beside a question"), question.word
    # Terms have no author of their own: theirs is who brought the question or the amendment.
    mine = Q(amendment__by__person=person) | Q(amendment=None, question__author=person)
    for terms in Terms.objects.filter(mine).select_related("question", "amendment"):
        at = terms.amendment.at if terms.amendment is not None else terms.question.at
        yield at, _("Why you proposed it"), terms.reason


def in_case(
    person: Person, reference: str, who: Standing, parts: list[Part], *, today: date
) -> list[dict[str, Any]]:
    """Return what they wrote on a council of a case while they serve on it."""
    things = [part.thing for part in parts]
    found = councils.own_words(person, [one for one in things if isinstance(one, Council)], who)
    for one in things:
        if isinstance(one, Placement):
            sight = sight_of(person, one, today=today, who=who)
            found += rehabilitation.review_words(person, one, sight)
    return [{"case": reference, **one} for one in sorted(found, key=lambda one: one["at"])]
