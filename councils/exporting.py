"""What somebody who serves on councils takes with them: their own words, and nobody else's.

Only of a council they serve on today: words written in an office are read in it and no longer,
so that an export never opens what a page keeps closed.
"""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.translation import gettext as _

from cases.access import Standing
from councils.actions.sitting import serves
from councils.actions.table import RECALL as OF_A_RECALL
from councils.actions.table import SUBJECT as OF_A_COUNCIL
from councils.models import ChallengeAnswer, Council, Decision, Finding, PlanChange, Recall
from councils.reading.deciding import change_words
from deliberation.exporting import words_of
from deliberation.models import Circle
from people.models import Person


def own_words(person: Person, councils: Sequence[Council], who: Standing) -> list[dict[str, Any]]:
    """Return what this person wrote on those of these councils that they serve on today.

    As {"at", "what", "text"}. ``who`` is their standing in the case of the councils. A party may
    have asked for a recall: that is theirs as well.
    """
    mine = [council.pk for council in councils if serves(council, who) or who.party is not None]
    if not mine:
        return []
    recalls = list(
        Recall.objects.filter(seat__council__in=mine).select_related("seat").order_by("at")
    )
    found = words_of(person, _circles(mine, recalls))
    found += [
        {"at": at, "what": what, "text": text}
        for at, what, text in [*_beside(person, mine), *_of_recalls(person, recalls)]
        if text.strip()
    ]
    return sorted(found, key=lambda one: one["at"])


def _circles(councils: list[Any], recalls: list[Recall]) -> Any:
    of_councils = Circle.objects.filter(
        subject_kind=OF_A_COUNCIL, subject_id__in=[str(pk) for pk in councils]
    )
    of_recalls = Circle.objects.filter(
        subject_kind=OF_A_RECALL, subject_id__in=[str(one.pk) for one in recalls]
    )
    return of_councils | of_recalls


def _beside(person: Person, councils: list[Any]) -> Iterator[tuple[Any, str, str]]:
    """Yield what they wrote beside the texts of their proposals and amendments."""
    mine = {"council__in": councils, "proposal__author__person": person}
    for finding in Finding.objects.filter(**mine).select_related("proposal"):
        yield finding.proposal.at, _("The grounds of a finding you proposed"), finding.grounds
    decisions = Decision.objects.filter(**mine).select_related("proposal", "safety")
    for decision in decisions.prefetch_related("promises"):
        yield decision.proposal.at, _("Beside a decision you proposed"), _draft(decision)
    changes = PlanChange.objects.filter(
        decision__council__in=councils, amendment__by__person=person
    ).select_related("amendment", "promise")
    for change in changes:
        yield change.amendment.at, _("What you would change of a plan"), change_words(change)
    answers = ChallengeAnswer.objects.filter(
        challenge__seat__council__in=councils, seat__person=person
    )
    for answer in answers:
        yield answer.at, _("What you said to a doubt about a member"), answer.reason


def _draft(decision: Decision) -> str:
    said = [decision.account, decision.proportion_reason, decision.support]
    for promise in decision.promises.all():
        said += [promise.what, promise.if_missed]
    safety = getattr(decision, "safety", None)
    if safety is not None:
        weighed = json.loads(safety.alternatives) if safety.alternatives else []
        said += [safety.threat, *(text for one in weighed for text in one.values())]
        said += [safety.limits, safety.aims]
    return "\n\n".join(filter(None, said))


def _of_recalls(person: Person, recalls: list[Recall]) -> Iterator[tuple[Any, str, str]]:
    """Yield what they said for a recall; and what was said of themselves, with their answer."""
    for recall in recalls:
        if recall.by_id == person.pk:
            yield recall.at, _("Why you asked for a recall"), recall.reason
        if recall.seat.person_id == person.pk:
            yield recall.at, _("Why your recall was asked for"), recall.reason
            yield recall.at, _("What you said to it"), recall.word
