"""How a day is said on every page.

Here, in the lowest app, because every app above has pages with days on them, as ``pages`` and
``wording`` are here for every app's moves.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

_ON_PAPER = ContextVar("days are said on paper", default=False)


@contextmanager
def on_paper() -> Iterator[None]:
    """Let days be said in full: a paper is read on another day than it was printed."""
    before = _ON_PAPER.set(True)
    try:
        yield
    finally:
        _ON_PAPER.reset(before)


def in_full(day: date) -> str:
    """Return a day with its year: "Tuesday 24 November 2026"."""
    return date_format(day, _("l j F Y"))


def in_words(day: date, today: date) -> str:
    """Return a day as people say it: "Tuesday 24 November, in 3 days"; on paper in full."""
    if _ON_PAPER.get():
        return in_full(day)
    said = date_format(day, _("l j F") if day.year == today.year else _("l j F Y"))
    away = (day - today).days
    if away == 0:
        return _("%(day)s, today") % {"day": said}
    if away > 0:
        near = ngettext("in %(n)d day", "in %(n)d days", away) % {"n": away}
    else:
        near = ngettext("%(n)d day ago", "%(n)d days ago", -away) % {"n": -away}
    return _("%(day)s, %(near)s") % {"day": said, "near": near}
