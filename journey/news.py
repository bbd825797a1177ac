"""A person's news in words, for their page and for an export."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from cases.models import Case
from cases.writing import day
from journey.wording import NOTICES
from moves.days import in_words
from notices.models import Notice
from people.models import Person


@dataclass(frozen=True)
class News:
    """One notice in the reader's language. ``reference`` is "" where it is not theirs to open."""

    notice: Notice
    reference: str
    text: str
    when: str
    unread: bool


def news_for(person: Person, *, now: datetime, limit: int | None = None) -> list[News]:
    """Return a person's news, newest first."""
    found = list(Notice.objects.filter(person=person).order_by("-at", "pk")[:limit])
    today = day(now)
    # News of a case outlasts the sight of it: no reference of what they may no longer open.
    named = Case.objects.visible_to(person, today=today).filter(
        reference__in={notice.case_reference for notice in found}
    )
    open_to_them = set(named.values_list("reference", flat=True))
    return [
        News(
            notice=notice,
            reference=notice.case_reference if notice.case_reference in open_to_them else "",
            text=text_of(notice),
            when=in_words(day(notice.at), today),
            unread=notice.read_at is None,
        )
        for notice in found
    ]


def text_of(notice: Notice) -> str:
    """Return a notice in the reader's language; what has no words yet says only that there is."""
    text = str(NOTICES.get(notice.code, _("There is news for you.")))
    return text % notice.params if notice.params else text
