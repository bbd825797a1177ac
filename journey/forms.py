"""What people type about a whole case."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.forms import LANGUAGES, check_sides, day_field, has_come, long_text
from cases.models import Case, Party
from communities.models import Community
from journey.rules import OutcomeFacts, obstacles_to_outcome


class SplitForm(forms.Form):
    """Whose way parts from the others': ``parties`` are those whose way can."""

    party = forms.ChoiceField(label=_("Who gets a case of their own?"))
    reason = long_text(_("Why?"), _("The coordinator and the mediators read this."))

    def __init__(self, parties: Iterable[Party], data: Any = None) -> None:
        super().__init__(data)
        self.fields["party"].choices = [  # type: ignore[attr-defined]
            (str(party.pk), party.person.name) for party in parties
        ]


# The words of what stands in the way of an outcome: of the form here, and of the obstacle.
WHY_NOT = {
    "harmed_person_not_asked": _("The person harmed has not been asked what they wish."),
    "promise_not_kept": _("Not everything promised was confirmed as kept."),
    "agreement_was_made": _("An agreement is in force or was kept. It ends another way."),
    "harmed_word_missing": _("Not every person harmed has said that they wish it to end."),
    "everybody_was_reached": _("Everybody named in this case was reached."),
}


class CloseForm(forms.Form):
    """How a case ends, and why. ``facts`` say which outcome would not be so."""

    outcome = forms.ChoiceField(label=_("It ends"), choices=Case.Outcome)
    reason = long_text(_("Why?"), _("The coordinator and the mediators read this."))

    def __init__(self, facts: OutcomeFacts, data: Any = None) -> None:
        super().__init__(data)
        self.facts = facts

    def clean_outcome(self) -> str:
        outcome: str = self.cleaned_data["outcome"]
        for obstacle in obstacles_to_outcome(outcome, self.facts):
            raise forms.ValidationError(WHY_NOT[obstacle.code], code=obstacle.code)
        return outcome


class OpenCaseForm(forms.Form):
    """A case opened by hand: what happened, and the two sides."""

    community = forms.ModelChoiceField(
        Community.objects.none(), label=_("Community"), empty_label=None
    )
    title = forms.CharField(
        label=_("A short title"), max_length=120, help_text=_("Everybody in the case reads this.")
    )
    account = long_text(
        _("What happened, in the words of who told you"),
        _("The coordinator and the mediators read this."),
    )
    happened_on = day_field(_("When it happened"), required=False, validators=[has_come])
    harmed = forms.CharField(label=_("Person harmed"), max_length=200)
    harmed_language = forms.ChoiceField(label=_("Their language"), choices=LANGUAGES)
    harmed_phone = forms.CharField(
        label=_("Their telephone or e-mail, if known"), max_length=300, required=False
    )
    responsible = forms.CharField(label=_("Person responsible"), max_length=200)
    responsible_language = forms.ChoiceField(label=_("Their language"), choices=LANGUAGES)
    responsible_phone = forms.CharField(
        label=_("Their telephone or e-mail, if known"), max_length=300, required=False
    )

    def __init__(self, communities: Any, data: Any = None) -> None:
        super().__init__(data)
        self.fields["community"].queryset = communities  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        harmed, responsible = cleaned.get("harmed", ""), cleaned.get("responsible", "")
        check_sides(self, "responsible", responsible, [harmed])
        return cleaned
