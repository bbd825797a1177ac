"""From JSON to what Django's forms read, and the forms of a case opened by a program."""

import json
from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.forms import LANGUAGES, day_field, has_come, long_text
from cases.models import Party
from communities.models import Community


class Mistyped(Exception):
    """What was sent cannot be used; ``errors`` says why, by field."""

    def __init__(self, errors: Mapping[str, list[str]]) -> None:
        super().__init__(", ".join(errors))
        self.errors = dict(errors)


def storable(text: str) -> bool:
    """Say whether a database can hold this text: no NUL, no half of a surrogate pair."""
    return "\x00" not in text and not any("\ud800" <= sign <= "\udfff" for sign in text)


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON.")


def read_object(body: bytes) -> dict[str, Any]:
    """Return the JSON object of a request body; an empty body is an empty object.

    Numbers stay as they were written, so that 0.10 reaches a decimal field as 0.10.
    Raises Mistyped.
    """
    if not body.strip():
        return {}
    try:
        found = json.loads(body, parse_int=str, parse_float=str, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise Mistyped({"__all__": [_("This is not JSON.")]}) from None
    if not isinstance(found, dict):
        raise Mistyped({"__all__": [_("Send one JSON object.")]})
    return found


def _as_typed(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str):
        raise Mistyped({name: [_("Send a text, a number, true or false.")]})
    if not storable(value):
        raise Mistyped({name: [_("This text holds signs that cannot be stored.")]})
    return value


def as_typed(found: Mapping[str, Any]) -> QueryDict:
    """Return an object as the form data a browser would have sent; null is left out.

    Raises Mistyped for what no form field holds: an object, or a list of lists.
    """
    data = QueryDict(mutable=True)
    for name, value in found.items():
        if not storable(name):
            raise Mistyped({"__all__": [_("This text holds signs that cannot be stored.")]})
        if isinstance(value, list):
            data.setlist(name, [_as_typed(name, one) for one in value])
        elif value is not None:
            data[name] = _as_typed(name, value)
    return data


def errors_of(form: forms.BaseForm) -> dict[str, list[str]]:
    """Return a form's errors as the API says them."""
    return {name: [str(one) for one in said] for name, said in form.errors.items()}


class CaseForm(forms.Form):
    """A case opened by a program; the same limits as on the page."""

    community = forms.ModelChoiceField(Community.objects.none(), to_field_name="slug")
    title = forms.CharField(max_length=120)
    account = long_text(gettext_lazy("What happened, in the words of who told you"))
    happened_on = day_field("", required=False, validators=[has_come])

    def __init__(self, communities: Any, data: Any = None) -> None:
        super().__init__(data)
        self.fields["community"].queryset = communities  # type: ignore[attr-defined]


class NewPartyForm(forms.Form):
    """One person named in it."""

    role = forms.ChoiceField(choices=Party.Role)
    name = forms.CharField(max_length=200)
    language = forms.ChoiceField(choices=LANGUAGES, required=False)
    contact = forms.CharField(max_length=300, required=False)
    minor = forms.BooleanField(required=False)


MOST_PARTIES = 50


def read_parties(found: Any) -> list[dict[str, Any]]:
    """Return the cleaned parties of a new case. Raises Mistyped, fields as ``parties.0.name``.

    As on the page, there is at least one person on each side and nobody on both.
    """
    if not isinstance(found, list) or not found or len(found) > MOST_PARTIES:
        raise Mistyped({"parties": [_("Name a person harmed and a person responsible.")]})
    errors: dict[str, list[str]] = {}
    cleaned: list[dict[str, Any]] = []
    for number, one in enumerate(found):
        try:
            if not isinstance(one, dict):
                raise Mistyped({"__all__": [_("Send one JSON object.")]})
            form = NewPartyForm(as_typed(one))
            if not form.is_valid():
                raise Mistyped(errors_of(form))
        except Mistyped as error:
            errors |= {f"parties.{number}.{name}": said for name, said in error.errors.items()}
        else:
            cleaned.append(form.cleaned_data)
    if errors:
        raise Mistyped(errors)
    sides: dict[str, set[str]] = {"harmed": set(), "responsible": set()}
    for one in cleaned:
        sides[one["role"]].add(" ".join(one["name"].casefold().split()))
    if not all(sides.values()):
        raise Mistyped({"parties": [_("Name a person harmed and a person responsible.")]})
    if sides["harmed"] & sides["responsible"]:
        said = _("The same name stands on both sides. Write each person on one side only.")
        raise Mistyped({"parties": [said]})
    return cleaned
