"""What people type outside a case: a report, a receipt code, a check code."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

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
    happened_on = forms.DateField(
        label=_("When did it happen?"),
        help_text=_("If you know the day."),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
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

    def clean_happened_on(self) -> Any:
        happened_on = self.cleaned_data["happened_on"]
        if happened_on and happened_on > timezone.localdate():
            raise forms.ValidationError(_("This day has not come yet. Please check the date."))
        return happened_on

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("contact_kind") and not cleaned.get("contact"):
            self.add_error(
                "contact", _("Write the address or number, or choose not to be contacted.")
            )
        if cleaned.get("contact") and not cleaned.get("contact_kind"):
            self.add_error("contact_kind", _("Say whether this is e-mail, telephone or a letter."))
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
