"""What somebody might type into any form, made from its fields: enough for it to be taken."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone

from journey.rules import obstacles_to_outcome
from tests.moves.council_story import ROUND, SECRET, THROWN


def fill(form: Any, *, turn: int, least: bool = False) -> dict[str, Any]:
    """Return data this form accepts, by field; another ``turn`` makes other choices.

    ``least`` leaves empty what may be left empty. What a form shows already is kept.
    """
    data: dict[str, Any] = {}
    for place, (name, field) in enumerate(form.fields.items()):
        if least and not field.required:
            continue
        shown = form.get_initial_for_field(field, name)
        data[name] = _typed(name, field, shown, turn // (place + 1))
    return {**data, **_what_fields_ask_of_each_other(form, data)}


def _typed(name: str, field: forms.Field, shown: Any, turn: int) -> Any:
    choices = [str(value) for value, _label in getattr(field, "choices", []) if str(value)]
    if isinstance(shown, list) and shown:
        return shown
    if shown not in (None, ""):
        return shown.isoformat() if hasattr(shown, "isoformat") else str(shown)
    if isinstance(field, forms.MultipleChoiceField):
        return [choices[turn % len(choices)]]
    if isinstance(field, forms.ChoiceField):
        return choices[turn % len(choices)] if choices else ""
    if isinstance(field, forms.BooleanField):
        return True
    if name == "born_on":
        return (timezone.localdate() - timedelta(days=15 * 365)).isoformat()
    if name == "interim_until":
        return (timezone.localdate() + timedelta(days=3)).isoformat()
    if isinstance(field, forms.DateField):
        return (timezone.localdate() + timedelta(days=20)).isoformat()
    if isinstance(field, forms.EmailField):
        return "somebody@example.org"
    if isinstance(field, forms.DecimalField):
        return str(max(field.min_value or Decimal(0), Decimal(1)))
    return "Some words."


def _what_fields_ask_of_each_other(form: Any, data: dict[str, Any]) -> dict[str, Any]:
    """Return what only a form's own rules tell. One line for each form that has such a rule."""
    names = set(form.fields)
    if names == {"beacons", "dice_at", "dice_witnesses"}:  # what decides a draw
        dice_at = timezone.localtime() + timedelta(days=1)
        dice = {"dice_at": f"{dice_at:%Y-%m-%dT%H:%M}", "dice_witnesses": "A, B"}
        return {"beacons": ["dice", "contributions"], **dice} if "dice_at" in data else {}
    if names == {"signature", "randomness"}:
        return {"signature": ROUND["signature"], "randomness": ROUND["randomness"]}
    if names == {"secret"}:
        return {"secret": SECRET.hex()}
    if names == {"digits"}:
        return {"digits": THROWN}
    if {"at", "minutes", "place"} <= names:  # a hearing: still to come
        return {"at": f"{timezone.localtime() + timedelta(days=2):%Y-%m-%dT%H:%M}"}
    if {"at", "place"} <= names:  # a meeting: not before today, not after the last day
        last = form.mediation.due_on
        return {"at": f"{max(last, form.today).isoformat()}T12:00"}
    if names == {"what", "unit", "amount"} and data["unit"] != "act":  # a harm that is counted
        return {"amount": "12.50"}
    if names == {"outcome", "reason"} and obstacles_to_outcome(data["outcome"], form.facts):
        # An ending that would say what is not so.
        outcomes = [str(value) for value, _label in form.fields["outcome"].choices]
        return {"outcome": next(o for o in outcomes if not obstacles_to_outcome(o, form.facts))}
    if {"promised_by", "promised_to"} <= names and data["promised_by"] == data["promised_to"]:
        # A promise is made to somebody else.
        others = [str(value) for value, _label in form.fields["promised_to"].choices]
        return {"promised_to": next(one for one in others if one != data["promised_by"])}
    return {}
