"""What somebody might type into any form, made from its fields: enough for it to be taken."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone


def fill(form: Any, *, turn: int, least: bool = False) -> dict[str, Any]:
    """Return data this form accepts, by field; another ``turn`` makes other choices.

    ``least`` leaves empty what may be left empty. What a form shows already is kept.
    """
    data: dict[str, Any] = {}
    for place, (name, field) in enumerate(form.fields.items()):
        if least and not field.required:
            continue
        shown = form.get_initial_for_field(field, name)
        data[name] = _typed(field, shown, turn // (place + 1))
    return {**data, **_what_fields_ask_of_each_other(form, data)}


def _typed(field: forms.Field, shown: Any, turn: int) -> Any:
    choices = [str(value) for value, _label in getattr(field, "choices", []) if str(value)]
    if shown not in (None, ""):
        return shown.isoformat() if hasattr(shown, "isoformat") else str(shown)
    if isinstance(field, forms.MultipleChoiceField):
        return [choices[turn % len(choices)]]
    if isinstance(field, forms.ChoiceField):
        return choices[turn % len(choices)] if choices else ""
    if isinstance(field, forms.BooleanField):
        return True
    if isinstance(field, forms.DateField):
        return (timezone.localdate() + timedelta(days=20)).isoformat()
    if isinstance(field, forms.DecimalField):
        return str(max(field.min_value or Decimal(0), Decimal(1)))
    return "Some words."


def _what_fields_ask_of_each_other(form: Any, data: dict[str, Any]) -> dict[str, Any]:
    """Return what only a form's own rules tell. One line for each form that has such a rule."""
    names = set(form.fields)
    if {"at", "place"} <= names:  # a meeting: not before today, not after the last day
        last = form.mediation.due_on
        return {"at": f"{max(last, form.today).isoformat()}T12:00"}
    if names == {"what", "unit", "amount"} and data["unit"] != "act":  # a harm that is counted
        return {"amount": "12.50"}
    if {"promised_by", "promised_to"} <= names and data["promised_by"] == data["promised_to"]:
        # A promise is made to somebody else.
        others = [str(value) for value, _label in form.fields["promised_to"].choices]
        return {"promised_to": next(one for one in others if one != data["promised_by"])}
    return {}
