"""What people type about agreements. Forms clean input; actions decide what it means."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from agreements import rules
from agreements.models import Agreement, Commitment
from cases.forms import day_field, long_text
from cases.models import Case, Harm, Party


class AccountForm(forms.Form):
    """What happened, in neutral words."""

    account = long_text(
        _("What happened, in neutral words"),
        _("Both sides will sign under this. Taking part is never an admission."),
    )
    proportion_reason = long_text(
        _("Why this answers the harm"),
        _("Needed where what is promised is counted otherwise than what was lost."),
        required=False,
    )


class ChangeAccountForm(AccountForm):
    """The same, over the text that was shown."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(self, agreement: Agreement, shown: str, data: Any = None) -> None:
        super().__init__(
            data,
            initial={
                "account": agreement.account,
                "proportion_reason": agreement.proportion_reason,
                "seen": rules.seen_digest(shown),
            },
        )


class CommitmentForm(forms.Form):
    """One promise."""

    promised_by = forms.ChoiceField(label=_("Who promises it?"))
    promised_to = forms.ChoiceField(label=_("To whom?"))
    what = long_text(_("What exactly?"), _("So that anybody could tell whether it was done."))
    harm = forms.ChoiceField(label=_("What does it answer?"), required=False)
    unit = forms.ChoiceField(label=_("It is measured in"), choices=Harm.Unit, initial="act")
    amount = forms.DecimalField(
        label=_("How much"),
        required=False,
        min_value=Decimal("0.01"),
        max_digits=12,
        decimal_places=2,
    )
    due_on = day_field(_("By which day?"), required=False)
    confirmed_by = forms.ChoiceField(
        label=_("Who confirms it?"), choices=Commitment.ConfirmedBy, initial="harmed"
    )
    if_missed = long_text(_("And if it cannot be kept?"), required=False)

    def __init__(self, case: Case, data: Any = None, initial: Any = None) -> None:
        parties = list(case.parties.select_related("person"))
        first = {party.role: str(party.pk) for party in reversed(parties)}
        given = {
            "promised_by": first.get(Party.Role.RESPONSIBLE, ""),
            "promised_to": first.get(Party.Role.HARMED, ""),
        }
        super().__init__(data, initial=initial or given)
        names = [
            (str(party.pk), f"{party.person.name} ({party.get_role_display()})")
            for party in parties
        ]
        self.fields["promised_by"].choices = names  # type: ignore[attr-defined]
        self.fields["promised_to"].choices = names  # type: ignore[attr-defined]
        harms = [(str(harm.pk), harm.what[:80]) for harm in case.harms.all()]
        nothing = [("", gettext("Nothing in particular"))]
        self.fields["harm"].choices = [*nothing, *harms]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("unit") == "act":
            cleaned["amount"] = None
        if cleaned.get("promised_by") and cleaned["promised_by"] == cleaned.get("promised_to"):
            self.add_error("promised_to", ValidationError(_("A promise is made to somebody else.")))
        return cleaned


class ChangeCommitmentForm(CommitmentForm):
    """The same, over the promise that was shown."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(self, case: Case, commitment: Commitment, shown: str, data: Any = None) -> None:
        names = ("what", "unit", "amount", "due_on", "confirmed_by", "if_missed")
        super().__init__(
            case,
            data,
            initial={
                **{name: getattr(commitment, name) for name in names},
                "harm": str(commitment.harm_id or ""),
                "promised_by": str(commitment.promised_by_id),
                "promised_to": str(commitment.promised_to_id),
                "seen": rules.seen_digest(shown),
            },
        )


class SignForm(forms.Form):
    """A signature, under the words it stands under."""

    understood = forms.BooleanField(label=_("I have read this, and I sign it"))

    def __init__(self, until_words: str = "", data: Any = None) -> None:
        super().__init__(data)
        self.fields["understood"].help_text = until_words


class PaperSignatureForm(forms.Form):
    """A signature in ink."""

    party = forms.ChoiceField(label=_("Who signed?"))
    witness = forms.CharField(
        label=_("Who saw them sign?"),
        max_length=200,
        help_text=_("The witness's name, kept with the signature."),
    )

    def __init__(self, choices: Sequence[tuple[str, str]], data: Any = None) -> None:
        super().__init__(data)
        self.fields["party"].choices = list(choices)  # type: ignore[attr-defined]


class DoneForm(forms.Form):
    """What was done, when, and how much of it."""

    amount = forms.DecimalField(
        label=_("How much"), min_value=Decimal("0.01"), max_digits=12, decimal_places=2
    )
    happened_on = day_field(_("On which day?"))
    note = long_text(_("Anything to say about it?"), _("Both sides read this."), required=False)

    def __init__(self, *, left: Decimal | None, data: Any = None) -> None:
        super().__init__(data, initial={"happened_on": timezone.localdate(), "amount": left})
        self.left = left
        if left is None:
            del self.fields["amount"]

    def clean_amount(self) -> Decimal:
        amount: Decimal = self.cleaned_data["amount"]
        if self.left is not None and amount > self.left:
            raise ValidationError(
                _("That is more than was promised: %(left)s is still open."),
                params={"left": self.left},
            )
        return amount

    def clean_happened_on(self) -> Any:
        happened_on = self.cleaned_data["happened_on"]
        if happened_on > timezone.localdate():
            raise ValidationError(_("This day has not come yet."))
        return happened_on


class NoteForm(forms.Form):
    """A word to go with it, or none."""

    note = long_text(_("Anything to say about it?"), _("Both sides read this."), required=False)


class NotYetForm(forms.Form):
    """What is missing."""

    because = long_text(_("What is missing?"), _("Both sides read this."))
