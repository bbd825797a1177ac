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
from agreements.models import Agreement, Category, Commitment, Entry, Suggestion
from cases.forms import day_field, long_text
from cases.importing import KINDS
from cases.keeping import parties_of
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
    category = forms.ChoiceField(
        label=_("What form does it take?"),
        help_text=_("Counted once the case is closed, where the charter says so. Never the words."),
        choices=[("", _("I would rather not say")), *Category.choices],
        required=False,
    )
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
        parties = parties_of(case)
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
        names = ("what", "category", "unit", "amount", "due_on", "confirmed_by", "if_missed")
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


class ConfirmForm(NoteForm):
    """It was done; and, from whom it was promised to, whether it helped."""

    helped = forms.ChoiceField(
        label=_("Did this help?"),
        help_text=_("Only counted. Neither the other side nor the mediator reads your answer."),
        choices=[("", _("I would rather not say")), *Entry.Helped.choices],
        required=False,
    )
    word = forms.CharField(
        label=_("A sentence for people in another case"),
        help_text=_("What would you tell them? Leave out names and places."),
        max_length=300,
        required=False,
    )
    share_word = forms.BooleanField(
        label=_("Others may read this sentence, without my name"),
        help_text=_("You can take it back at any time."),
        required=False,
    )

    def __init__(self, commitment: Commitment, asked: bool, data: Any = None) -> None:
        super().__init__(data)
        self.commitment = commitment
        if not asked:
            for name in ("helped", "word", "share_word"):
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        word, shared = cleaned.get("word"), cleaned.get("share_word")
        if not word:
            return cleaned
        if not shared:
            self.add_error(
                "share_word", _("Say that others may read it, or leave the sentence out.")
            )
        elif not cleaned.get("helped"):
            self.add_error("helped", _("With a sentence, please say whether it helped."))
        elif self._names_somebody(word):
            self.add_error("word", _("Somebody's name is in it. Please leave names out."))
        return cleaned

    def _names_somebody(self, word: str) -> bool:
        case = self.commitment.agreement.case
        names = [one.person.name for one in parties_of(case)]
        names += [one.person.name for one in case.participations.select_related("person")]
        return rules.names_one_of(word, names)


class AdviceForm(forms.Form):
    """What kind of harm other cases are looked through for."""

    kind = forms.ChoiceField(
        label=_("What kind of harm was it?"),
        help_text=_("It is noted with the case, and is all that is asked of what happened."),
        choices=list(KINDS.items()),
    )

    def __init__(self, case: Case, data: Any = None) -> None:
        super().__init__(data, initial={"kind": case.kind if case.kind in KINDS else ""})


Why = Suggestion.Why
WHY_TAKEN = (Why.FITS, Why.WISHED, Why.OTHER)
WHY_CHANGED = (Why.TOO_MUCH, Why.TOO_LITTLE, Why.NOT_POSSIBLE, Why.DIFFERENT, Why.WISHED, Why.OTHER)
WHY_REFUSED = (
    Why.NOT_NEEDED, Why.TOO_MUCH, Why.TOO_LITTLE, Why.NOT_POSSIBLE, Why.DIFFERENT, Why.OTHER,
)  # fmt: skip


def why_field(codes: Sequence[Suggestion.Why]) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("Why?"),
        help_text=_("How often each reason was given is a public figure."),
        choices=[(code.value, code.label) for code in codes],
    )


def reason_field() -> forms.CharField:
    return long_text(_("In your own words"), _("Only the mediators read this."), required=False)


class TakeOverForm(forms.Form):
    """Why a suggestion is taken over."""

    why = why_field(WHY_TAKEN)
    reason = reason_field()


class RefuseForm(forms.Form):
    """Why a suggestion is refused."""

    why = why_field(WHY_REFUSED)
    reason = reason_field()


class ChangeSuggestionForm(CommitmentForm):
    """A promise, begun from a suggestion, and why it is changed."""

    why = why_field(WHY_CHANGED)
    reason = reason_field()

    def __init__(self, case: Case, fields: dict[str, Any], data: Any = None) -> None:
        super().__init__(case, data, initial=fields)


class NotYetForm(forms.Form):
    """What is missing."""

    because = long_text(_("What is missing?"), _("Both sides read this."))
