"""What people type in a circle. Each form takes what it asks about first."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

THEN = [("consent", _("I consent now")), ("stand_aside", _("I stand aside"))]
KINDS = [
    ("consent", _("I consent")),
    ("stand_aside", _("I stand aside")),
    ("objection", _("I object")),
]
VOTES = [("for", _("For")), ("against", _("Against"))]
LONGEST = 10_000


def words(label: Any, *, required: bool = True, help_text: Any = "", rows: int = 4) -> Any:
    """Return a field for some lines of text."""
    return forms.CharField(
        label=label,
        required=required,
        help_text=help_text,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


class WordForm(forms.Form):
    word = words(_("What do you want to say?"))


class TurnForm(forms.Form):
    word = words(
        _("What do you want to say?"), required=False, help_text=_("Leave it empty to pass.")
    )


class AsideForm(forms.Form):
    word = words(_("Why do you stand aside?"), required=False, help_text=_("If you want to say."))


class ObjectForm(forms.Form):
    """An objection: a reason, and that it is against the aim, which stands beside it."""

    why = words(_("Why does this work against the aim of the circle?"))
    against_aim = forms.BooleanField(
        label=_("It is not only that I would like something else better."),
    )


class PositionForm(forms.Form):
    """A position in writing. An objection needs its reason here too."""

    kind = forms.ChoiceField(label=_("Your position"), choices=KINDS, widget=forms.RadioSelect)
    word = words(_("Your words"), required=False, help_text=_("An objection needs a reason."))
    against_aim = forms.BooleanField(
        label=_("If I object: it works against the aim of the circle."), required=False
    )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("kind") != "objection":
            return data
        if not data.get("word"):
            self.add_error("word", _("Please say why. An objection needs a reason."))
        if not data.get("against_aim"):
            self.add_error("against_aim", _("An objection is against the aim of the circle."))
        return data


class ProposalForm(forms.Form):
    text = words(_("What do you propose?"), rows=8)


class TextForm(forms.Form):
    """The whole text, with what stands now to begin from."""

    def __init__(self, text: str, data: Any = None) -> None:
        super().__init__(data)
        self.fields["text"] = words(_("The whole text, as it should be"), rows=8)
        self.initial["text"] = text


class ReviseForm(TextForm):
    """The same, with the version that was shown."""

    def __init__(self, text: str, version: int, data: Any = None) -> None:
        super().__init__(text, data)
        self.fields["seen"] = forms.IntegerField(widget=forms.HiddenInput)
        self.initial["seen"] = version


class WithdrawObjectionForm(forms.Form):
    then = forms.ChoiceField(
        label=_("And what is your position now?"), choices=THEN, widget=forms.RadioSelect
    )


class ReasonForm(forms.Form):
    reason = words(_("Why should it not stop the circle?"))


def _is_for(value: str) -> bool:
    return value == "for"


def _is_yes(value: str) -> bool:
    return value == "yes"


class VoteForm(forms.Form):
    in_favour = forms.TypedChoiceField(
        label=_("Your vote"), choices=VOTES, coerce=_is_for, widget=forms.RadioSelect
    )


class GaugeForm(forms.Form):
    agrees = forms.TypedChoiceField(
        label=_("Could you live with this text?"),
        choices=[("yes", _("Yes")), ("no", _("No"))],
        coerce=_is_yes,
        widget=forms.RadioSelect,
    )


class HoldForm(forms.Form):
    """What joining a concern says; after the second vote it is a deal-breaker for everybody."""

    deal_breaker = forms.BooleanField(
        label=_("This is a deal-breaker: I could not live with the proposal."), required=False
    )
    stands = forms.BooleanField(label=_("I would speak for this concern."), required=False)

    def __init__(self, only_deal_breakers: bool, data: Any = None) -> None:
        super().__init__(data)
        self.fields["deal_breaker"].required = only_deal_breakers


class ConcernForm(HoldForm):
    text = words(_("What concerns you?"))
    field_order = ["text", "deal_breaker", "stands"]


class SpeakerForm(forms.Form):
    """Who is to speak: only those who would."""

    def __init__(self, standing: list[tuple[str, str]], data: Any = None) -> None:
        super().__init__(data)
        self.fields["holder"] = forms.ChoiceField(
            label=_("Who is to speak for this concern?"), choices=standing
        )


class PassOverForm(forms.Form):
    """Whose turn is passed over, as it was shown."""

    def __init__(self, turn: str, data: Any = None) -> None:
        super().__init__(data)
        self.fields["turn"] = forms.CharField(widget=forms.HiddenInput)
        self.initial["turn"] = turn


class LimitForm(forms.Form):
    """Until when one's own vote rests: a moment to come."""

    until = forms.DateTimeField(
        label=_("Until when does your vote rest?"),
        # What a browser sends; no other way of writing a day, which might be read as another.
        input_formats=["%Y-%m-%dT%H:%M"],
        widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
    )

    def __init__(self, now: datetime, data: Any = None) -> None:
        super().__init__(data)
        self.now = now

    def clean_until(self) -> datetime:
        until: datetime = self.cleaned_data["until"]
        if until <= self.now:
            raise forms.ValidationError(_("Please give a time to come."))
        return until
