"""How a day is said on every page.

Here, in the lowest app, because every app above has pages with days on them, as ``pages`` and
``wording`` are here for every app's moves.
"""

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext


def in_words(day: date, today: date) -> str:
    """Return a day as people say it: "Tuesday 24 November, in 3 days"."""
    said = date_format(day, _("l j F") if day.year == today.year else _("l j F Y"))
    away = (day - today).days
    if away == 0:
        return _("%(day)s, today") % {"day": said}
    if away > 0:
        near = ngettext("in %(n)d day", "in %(n)d days", away) % {"n": away}
    else:
        near = ngettext("%(n)d day ago", "%(n)d days ago", -away) % {"n": -away}
    return _("%(day)s, %(near)s") % {"day": said, "near": near}
