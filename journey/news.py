"""A person's news in words, for their page and for an export."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from cases.models import Case
from cases.writing import day
from journey.wording import NOTICES
from moves.days import in_words
from notices.models import Notice
from people.models import Person


@dataclass(frozen=True)
class News:
    """One notice in the reader's language.

    ``reference`` is "" where the case is not theirs to open. ``page`` is where the notice leads:
    to the page its circle has, else to its case; "" where neither is theirs to open, or known.
    """

    notice: Notice
    reference: str
    page: str
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
            page=page_of(notice, open_to_them),
            text=text_of(notice),
            when=in_words(day(notice.at), today),
            unread=notice.read_at is None,
        )
        for notice in found
    ]


def page_of(notice: Notice, open_to_them: Collection[str]) -> str:
    """Return where a notice leads. One of a case leads nowhere for who may not open that case."""
    if notice.case_reference and notice.case_reference not in open_to_them:
        return ""
    page = str(notice.params.get("page", ""))
    if page or not notice.case_reference:
        return page
    return reverse("cases:detail", args=[notice.case_reference])


def text_of(notice: Notice) -> str:
    """Return a notice in the reader's language; what has no words yet says only that there is."""
    text = str(NOTICES.get(notice.code, _("There is news for you.")))
    said = {name: _said(name, value) for name, value in notice.params.items()}
    return text % said if said else text


def _said(name: str, value: str) -> str:
    """Return a parameter in the reader's language: one whose name ends in ``_on`` is a day."""
    if not name.endswith("_on"):
        return value
    return date_format(date.fromisoformat(value), _("l j F Y"))
