"""What a person takes with them of circles: what they said there themselves, and nobody else.

The app that owns a circle says of which ones somebody may still take their words.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from deliberation.models import (
    Amendment,
    Circle,
    Holder,
    Objection,
    Remark,
    SettingAside,
    TextVersion,
    Turn,
)
from people.models import Person


def words_of(person: Person, circles: QuerySet[Circle]) -> list[dict[str, Any]]:
    """Return what this person said in these circles, as {"at", "what", "text"}, oldest first."""
    found = [
        {"at": at, "what": what, "text": text}
        for at, what, text in _said(person, circles)
        if text.strip()
    ]
    return sorted(found, key=lambda one: one["at"])


def _said(person: Person, circles: QuerySet[Circle]) -> Iterator[tuple[datetime, str, str]]:
    mine = {"proposal__circle__in": circles}
    for text in TextVersion.objects.filter(**mine, by__person=person):
        yield text.at, _("What you proposed"), text.text
    for amendment in Amendment.objects.filter(**mine, by__person=person):
        yield amendment.at, _("Another text that you proposed"), amendment.text
    given = Turn.objects.filter(round__process__proposal__circle__in=circles)
    turns = given.select_related("round")
    for turn in turns.filter(voice__person=person):
        yield turn.at or turn.round.opened_at, _("What you said in your turn"), turn.word
    for turn in turns.filter(round__process__proposal__author__person=person):
        yield turn.at or turn.round.opened_at, _("What you answered"), turn.answer
    # Who raised it, though another may have taken it over since.
    raised = Objection.objects.filter(**mine, position__turn__voice__person=person)
    for objection in raised:
        yield objection.at, _("Your objection"), objection.why
    for aside in SettingAside.objects.filter(
        objection__proposal__circle__in=circles, by__person=person
    ):
        yield aside.at, _("Why you would set an objection aside"), aside.reason
    for remark in Remark.objects.filter(**mine, voice__person=person):
        yield remark.at, _("What you said in the discussion"), remark.text
    held = Holder.objects.filter(
        concern__ballot__process__proposal__circle__in=circles, voice__person=person
    )
    for holder in held.select_related("concern"):
        yield holder.concern.at, _("A concern of yours"), holder.concern.text
