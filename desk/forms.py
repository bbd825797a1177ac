"""What people type outside a case: a report, a receipt code, a check code."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from cases.forms import check_contact, check_sides, day_field, has_come
from communities.models import Community
from people.models import Person


class ReportForm(forms.Form):
    """A report of harm. Only the community and what happened must be there."""

    danger = forms.TypedChoiceField(
        label=_("Is anybody in danger now?"),
        choices=[("no", _("No")), ("yes", _("Yes, or I am not sure"))],
        widget=forms.RadioSelect,
        coerce=lambda value: value == "yes",
        initial="no",
    )
    community = forms.ModelChoiceField(
        label=_("Where does it belong?"),
        queryset=Community.objects.none(),
        empty_label=None,
    )
    reporter_is = forms.ChoiceField(
        label=_("Who are you in this?"),
        choices=[
            ("harmed", _("I was harmed")),
            ("other", _("I saw it, or I heard of it")),
            ("responsible", _("I harmed somebody")),
        ],
        widget=forms.RadioSelect,
        initial="harmed",
    )
    name = forms.CharField(
        label=_("What is your name?"),
        help_text=_("You may leave this empty."),
        required=False,
        max_length=200,
    )
    happened = forms.CharField(
        label=_("What happened?"),
        help_text=_("In your own words. Only the coordinator and the mediators will read this."),
        max_length=20000,
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    happened_on = day_field(
        _("When did it happen?"),
        help_text=_("If you know the day."),
        required=False,
        validators=[has_come],
    )
    harmed = forms.CharField(
        label=_("Who was harmed, if it was not you?"),
        help_text=_("A name, if you want to give one. They hear first, before anybody else."),
        required=False,
        max_length=200,
    )
    others = forms.CharField(
        label=_("Who else was involved?"),
        help_text=_("You may leave this empty. They are not told about your report."),
        required=False,
        max_length=200,
    )
    contact_kind = forms.ChoiceField(
        label=_("How may we reach you safely?"),
        choices=[("", _("Please do not contact me")), *Person.Contact.choices[1:]],
        required=False,
    )
    contact = forms.CharField(
        label=_("The address or the number"),
        help_text=_("Only one where nobody else reads or listens. You may leave this empty."),
        required=False,
        max_length=300,
    )
    language = forms.ChoiceField(label=_("Which language do you prefer?"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["community"].queryset = Community.objects.all()  # type: ignore[attr-defined]
        self.fields["language"].choices = settings.LANGUAGES  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        check_contact(self, cleaned)
        name, harmed, others = (cleaned.get(one, "") for one in ("name", "harmed", "others"))
        if cleaned.get("reporter_is") == "harmed":
            check_sides(self, "others", others, [name])
        elif cleaned.get("reporter_is") == "responsible":
            check_sides(self, "harmed", harmed, [name])
        else:
            check_sides(self, "others", others, [harmed])
        return cleaned


class CodeForm(forms.Form):
    """A code from a receipt or from a printed agreement."""

    code = forms.CharField(
        label=_("The code"),
        max_length=64,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"}
        ),
    )


class MoreWordsForm(forms.Form):
    """Words added to a report."""

    text = forms.CharField(
        label=_("Would you like to add something?"),
        help_text=_("Only the coordinator and the mediators will read this."),
        max_length=20000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
