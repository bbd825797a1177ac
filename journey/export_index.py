"""The index of an export: everything outside the cases as titled lists, for people to read."""

from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from communities.models import Membership
from councils.models import Seat
from people.models import Person, Tie


def sections(data: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the index as titled lists of labelled lines; dates said in the reader's way."""
    words = {
        "person": _("Who you are"),
        "memberships": _("Where you belong, and your offices"),
        "licences": _("Your licences"),
        "ties": _("Ties you declared"),
        "pool": _("Your places in pools"),
        "seats": _("Your seats on councils"),
        "news": _("Your news"),
        "placements": _("Your places in houses"),
        "said": _("What you said and wrote"),
    }
    labels = {
        "username": _("Username"), "name": _("Name"), "email": _("E-mail"),
        "contact_kind": _("How to reach you"), "contact": _("Address or number"),
        "born": _("Born"), "language": _("Language"), "reach": _("How you are told of news"),
        "joined_on": _("Joined"), "from_on": _("From"), "until": _("Until"),
        "community": _("Community"), "role": _("Role"), "kind": _("Kind"), "with": _("With"),
        "since": _("Since"), "away_until": _("Away until"), "left_on": _("Left"),
        "said": _("What you said of yourself"), "state": _("State"), "drawn_on": _("Drawn"),
        "answer_by": _("Answer by"), "accepted_on": _("Accepted"), "ended_on": _("Ended"),
        "who_it_is_about": _("Who it is about"), "at": _("When"), "text": _("Text"),
        "what": _("What"), "house": _("House"), "said_there": _("What was written there"),
        "case": _("Case"), "of_age": _("Of age"), "organisation": _("Organisation"),
        "covers_minors": _("Covers cases of minors"),
        "covers_violence": _("Covers cases of violence"), "recalled_on": _("Recalled on"),
    }  # fmt: skip
    found = []
    for name, title in words.items():
        rows = data[name] if isinstance(data[name], list) else [data[name]]
        items = [[(labels[key], _in_words(key, row[key])) for key in row] for row in rows]
        found.append({"title": title, "items": items})
    cases = [
        [(_("Case"), f"{one['title'] or one['reference']}: cases/{one['reference']}.html")]
        for one in data["cases"]
    ]
    return [*found, {"title": _("Your cases"), "items": cases}]


def _in_words(key: str, value: Any) -> str:
    choices: dict[str, Any] = {
        "role": dict(Membership.Role.choices), "kind": dict(Tie.Kind.choices),
        "state": dict(Seat.State.choices), "reach": dict(Person.Reach.choices),
        "contact_kind": dict(Person.Contact.choices), "language": dict(settings.LANGUAGES),
    }  # fmt: skip
    if value is None or value is False or value == "":
        return ""
    if value is True:
        return _("Yes")
    if isinstance(value, datetime):
        return date_format(timezone.localtime(value), _("j F Y, H:i"))
    if isinstance(value, date):
        return date_format(value, _("j F Y"))
    if isinstance(value, list):
        return ", ".join(value)
    if isinstance(value, dict):
        return ", ".join(f"{name}: {said}" for name, said in value.items() if said)
    return str(choices.get(key, {}).get(value, value))
