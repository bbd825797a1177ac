"""What a person said and wrote wherever they have a voice or an office, gathered for an export.

Their own words alone: what others said beside them is read on the pages, by whom they let in.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from agreements.models import Entry
from cases.access import Standing
from cases.models import Case, Note
from communities.actions.asking import SUBJECT as OF_A_COMMUNITY
from communities.models import Question, Terms
from councils import exporting as councils
from councils.actions.sitting import speaks_for
from councils.models import Council, Invitation
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
    person: Person, case: Case, who: Standing, parts: list[Part], *, today: date
) -> list[dict[str, Any]]:
    """Return what they wrote in a case they may see: in an office, while they hold it."""
    things = [part.thing for part in parts]
    found = councils.own_words(person, [one for one in things if isinstance(one, Council)], who)
    found += [
        {"at": at, "what": what, "text": text}
        for at, what, text in _noted(person, case, who)
        if text.strip()
    ]
    for one in things:
        if isinstance(one, Placement):
            sight = sight_of(person, one, today=today, who=who)
            found += rehabilitation.review_words(person, one, sight)
    return [{"case": case.reference, **one} for one in sorted(found, key=lambda one: one["at"])]


def _noted(person: Person, case: Case, who: Standing) -> Iterator[tuple[Any, str, str]]:
    """Yield what they noted for themselves; of a party, what no page says back to them."""
    if who.mediates:
        for note in Note.objects.filter(case=case, author=person):
            yield note.at, _("A note you wrote"), note.text
    for entry in Entry.objects.filter(commitment__agreement__case=case, by=person):
        yield entry.at, _("What you noted of a promise"), entry.note
    asked = Invitation.objects.filter(hearing__council__case=case, party__in=speaks_for(who))
    for one in asked.select_related("hearing"):
        yield one.hearing.at, _("What you need at a hearing"), one.needs
