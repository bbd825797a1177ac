"""What people type about a case. Forms clean input; actions decide what it means."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases.models import Case, Harm, Participation, Party
from people.models import Person

FLAGS = [
    ("violence_at_home", _("violence at home")),
    ("stalking", _("following or watching somebody")),
    ("threat", _("threats")),
    ("minor", _("somebody is under eighteen")),
    ("weapon", _("a weapon")),
    ("none", _("none of these")),
]
OLDEST = 130
LANGUAGES = [
    ("en", _("English")), ("es", _("Spanish")), ("ar", _("Arabic")),
    ("fr", _("French")), ("de", _("German")),
]  # fmt: skip


def long_text(label: Any, help_text: Any = "", **extra: Any) -> forms.CharField:
    return forms.CharField(
        label=label, help_text=help_text, max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 5}), **extra,
    )  # fmt: skip


def day_field(label: Any, **extra: Any) -> forms.DateField:
    """Return a field for a day, written in the one way that nobody reads as another day."""
    return forms.DateField(
        label=label,
        input_formats=["%Y-%m-%d"],
        # Whatever the language, a browser shows only this in a date field.
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"invalid": _("Write the day as year-month-day, such as 2026-03-31.")},
        **extra,
    )


def has_come(day: date) -> None:
    """Validate that a day is not still to come."""
    if day > timezone.localdate():
        raise ValidationError(_("This day has not come yet. Please check the date."))


def check_contact(form: forms.Form, cleaned: dict[str, Any]) -> None:
    """Add an error where a contact reaches nobody: half of it is missing, or it is no address."""
    kind, contact = cleaned.get("contact_kind"), cleaned.get("contact")
    if kind and not contact and "contact" not in form.errors:
        form.add_error("contact", _("Write the address or number, or choose not to be contacted."))
    if contact and not kind and "contact_kind" not in form.errors:
        form.add_error("contact_kind", _("Say whether this is e-mail, telephone or a letter."))
    if contact and kind == Person.Contact.EMAIL:
        try:
            validate_email(contact)
        except ValidationError as error:
            form.add_error("contact", error)


def check_sides(form: forms.Form, field: str, one: str, other: Iterable[str]) -> None:
    """Add an error to this field where the name also stands on the other side."""
    names = {_plain(name) for name in other}
    if _plain(one) and _plain(one) in names:
        form.add_error(
            field, _("The same name stands on both sides. Write each person on one side only.")
        )


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())


class ContactForm(forms.Form):
    """How somebody can be reached."""

    contact_kind = forms.ChoiceField(
        label=_("They can be reached by"),
        choices=[("email", _("e-mail")), ("phone", _("telephone")), ("letter", _("letter"))],
    )
    contact = forms.CharField(
        label=_("Address or number"), max_length=300, help_text=_("Only the mediators see this.")
    )
    language = forms.ChoiceField(label=_("Their language"), choices=LANGUAGES)

    def __init__(self, party: Party, data: Any = None) -> None:
        person = party.person
        super().__init__(
            data,
            initial={
                "contact_kind": person.contact_kind or "phone",
                "contact": person.contact,
                "language": person.language,
            },
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        check_contact(self, cleaned)
        return cleaned


class ReachForm(forms.Form):
    """What a mediator notes after speaking with somebody."""

    how_to_reach = long_text(
        _("How may they safely be reached?"),
        _("When, where, and who must not hear of it. Only the mediators read this."),
    )
    reach = forms.ChoiceField(label=_("News may reach them"), choices=Person.Reach)
    minor = forms.BooleanField(label=_("They are under eighteen"), required=False)
    born_on = forms.DateField(
        label=_("Their birth date, if they are under eighteen"),
        help_text=_("A guardian's place ends by itself the day before the eighteenth birthday."),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
    )

    def clean_born_on(self) -> Any:
        born_on = self.cleaned_data["born_on"]
        today = timezone.localdate()
        if born_on and (born_on > today or today.year - born_on.year > OLDEST):
            raise ValidationError(_("This cannot be a birth date."))
        return born_on


class SafetyForm(forms.Form):
    """A safety assessment; the questions are the community's own."""

    flags = forms.MultipleChoiceField(
        label=_("Is any of this part of it?"),
        choices=FLAGS,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Only the mediators and the coordinator read this."),
    )
    safe_to_meet = forms.TypedChoiceField(
        label=_("Is it safe for them to meet?"),
        # Nothing is chosen beforehand: "yes" is never a default here.
        choices=[("", _("Choose")), ("yes", _("Yes")), ("no", _("Not now"))],
        coerce=lambda value: value == "yes",
    )

    def __init__(self, questions: list[dict[str, Any]], data: Any = None) -> None:
        super().__init__(data)
        self.questions = questions
        for number, question in enumerate(questions):
            self.fields[f"answer_{number}"] = long_text(question["text"], required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        answers = {
            question["code"]: cleaned.pop(f"answer_{number}", "")
            for number, question in enumerate(self.questions)
        }
        flags = [flag for flag in cleaned.get("flags", []) if flag != "none"]
        return {**cleaned, "flags": flags, "answers": answers}


class UnderstoodForm(forms.Form):
    """A yes, under the words it says yes to."""

    understood = forms.BooleanField(label=_("I have read this, and I say yes"))

    def __init__(self, text: str, data: Any = None) -> None:
        super().__init__(data)
        self.text = text
        self.fields["understood"].help_text = text


class PaperConsentForm(forms.Form):
    """A consent signed on paper; ``missing`` says whose is: False one's own, True a guardian's."""

    witness = forms.CharField(
        label=_("Who saw them sign?"), max_length=200,
        help_text=_("The witness's name, kept with the consent."),
    )  # fmt: skip
    by_guardian = forms.BooleanField(label=_("Signed by the guardian"), required=False)

    def __init__(self, missing: Sequence[bool], data: Any = None) -> None:
        super().__init__(data)
        if True not in missing:
            del self.fields["by_guardian"]
        elif False not in missing:
            self.fields["by_guardian"].required = True


class HarmForm(forms.Form):
    """What was lost."""

    what = long_text(_("What was lost or broken?"), _("Both sides will read this."))
    unit = forms.ChoiceField(label=_("It is measured in"), choices=Harm.Unit)
    amount = forms.DecimalField(
        label=_("How much"), required=False, min_value=0, max_digits=12, decimal_places=2
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("unit") in ("money", "hours") and not cleaned.get("amount"):
            self.add_error("amount", ValidationError(_("Say how much, as a number above zero.")))
        if cleaned.get("unit") == "act":
            cleaned["amount"] = None
        return cleaned


class WordsForm(forms.Form):
    """One text."""

    text = long_text(_("Your words"))

    def __init__(self, *, help_text: Any, required: bool = True, data: Any = None) -> None:
        super().__init__(data)
        self.fields["text"].help_text = help_text
        self.fields["text"].required = required


class ReasonForm(forms.Form):
    """Why."""

    reason = long_text(_("Why?"), _("The coordinator and the mediators read this."))


class CompanionForm(forms.Form):
    """Somebody who stands beside a party."""

    role = forms.ChoiceField(
        label=_("They are"),
        choices=[("supporter", _("a supporter")), ("guardian", _("a guardian"))],
    )
    name = forms.CharField(label=_("Their name"), max_length=200)
    language = forms.ChoiceField(label=_("Their language"), choices=LANGUAGES)


class EndCompanionForm(forms.Form):
    """Whose place beside a party ends."""

    place = forms.ChoiceField(label=_("Whose place ends?"))

    def __init__(self, places: list[Participation], data: Any = None) -> None:
        super().__init__(data)
        self.fields["place"].choices = [  # type: ignore[attr-defined]
            (str(place.pk), f"{place.person.name} ({place.get_role_display()})") for place in places
        ]


class PartyForm(forms.Form):
    """One more person harmed or responsible."""

    role = forms.ChoiceField(label=_("They are the"), choices=Party.Role)
    name = forms.CharField(label=_("Their name"), max_length=200)
    language = forms.ChoiceField(label=_("Their language"), choices=LANGUAGES)
    contact_kind = forms.ChoiceField(
        label=_("They can be reached by"), choices=Person.Contact, required=False
    )
    contact = forms.CharField(label=_("Address or number"), max_length=300, required=False)
    minor = forms.BooleanField(label=_("They are under eighteen"), required=False)

    def __init__(self, case: Case, data: Any = None) -> None:
        super().__init__(data)
        self.case = case

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        check_contact(self, cleaned)
        role = cleaned.get("role")
        others = [one.person.name for one in self.case.parties.all() if one.role != role]
        check_sides(self, "name", cleaned.get("name", ""), others)
        return cleaned
