"""What people type around what a council hears. Each form takes what it asks about first."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cases.forms import long_text
from cases.models import Note, Party
from councils.actions import hearings
from councils.models import Hearing, Invitation

READERS = _(
    "The council's members, the guardian of its process, both sides, their guardians and the "
    "interpreter read this, all the same words."
)


def _named(party: Party) -> str:
    return f"{party.person.name} · {party.get_role_display()}"


def _one_of(label: Any, choices: list[tuple[str, Any]], found: dict[str, Any], **more: Any) -> Any:
    """Return a field whose cleaned value is the chosen thing itself."""
    return forms.TypedChoiceField(label=label, choices=choices, coerce=found.__getitem__, **more)


class WhoseForm(forms.Form):
    """Whose words these are, asked only of who can write those of several."""

    def __init__(self, parties: Sequence[Party], data: Any = None) -> None:
        super().__init__(data)
        if len(parties) > 1:
            self.fields["party"] = _one_of(
                _("Whose words are they?"),
                [(str(one.pk), _named(one)) for one in parties],
                hearings.keys_of(parties),
            )
            self.order_fields(["party", "text"])


class WordForm(WhoseForm):
    """What somebody says to the council."""

    text = long_text(_("Your words to the council"), READERS)


class ShareForm(forms.Form):
    """Which item of the talks both sides are asked about."""

    def __init__(self, notes: Sequence[Note], data: Any = None) -> None:
        super().__init__(data)
        self.fields["note"] = _one_of(
            _("Which of what was written?"),
            [(str(one.pk), _beginning(one)) for one in notes],
            {str(one.pk): one for one in notes},
            help_text=_("Each is asked alone. Only if everybody agrees does the council read it."),
        )


def _beginning(note: Note) -> str:
    said = Truncator(" ".join(note.text.split())).chars(90)
    return f"{date_format(note.at, gettext('j F Y'))} · {said}"


class SharingForm(forms.Form):
    """Whether the council may read one item of the talks."""

    agrees = forms.TypedChoiceField(
        label=_("May the council read this?"),
        choices=[("yes", _("Yes, I agree")), ("no", _("No"))],
        coerce=lambda said: said == "yes",
        widget=forms.RadioSelect,
        help_text=_("Nobody is told who said no. Without an answer it is a no."),
    )


class TimeForm(forms.Form):
    """When and where a council listens, and for how long."""

    at = forms.DateTimeField(
        label=_("When?"),
        # What a browser sends; no other way of writing a day, which might be read as another.
        input_formats=["%Y-%m-%dT%H:%M"],
        widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
    )
    minutes = forms.IntegerField(
        label=_("For how long, in minutes?"), min_value=15,
        max_value=hearings.LONGEST_MINUTES, initial=90,
    )  # fmt: skip
    place = forms.CharField(
        label=_("Where?"), max_length=300,
        help_text=_("Who is asked to it reads this. Choose a place that everybody can get into."),
    )  # fmt: skip

    def __init__(self, now: datetime, data: Any = None, **more: Any) -> None:
        super().__init__(data, **more)
        self.now = now

    def clean_at(self) -> Any:
        at = self.cleaned_data["at"]
        if hearings.obstacles_to_time(at, self.now):
            raise forms.ValidationError(_("This time has gone by. Choose a later one."))
        return at


class HearingForm(TimeForm):
    """A new hearing, and for whom."""

    def __init__(self, parties: Sequence[Party], now: datetime, data: Any = None) -> None:
        super().__init__(now, data)
        self.found = hearings.keys_of(parties)
        self.fields["parties"] = forms.TypedMultipleChoiceField(
            label=_("Who is asked to come?"),
            choices=[(str(one.pk), _named(one)) for one in parties],
            coerce=self.found.__getitem__,
            widget=forms.CheckboxSelectMultiple,
            help_text=_("Some people must not meet. Then each is heard in a hearing of their own."),
        )

    def clean_parties(self) -> Any:
        parties = self.cleaned_data["parties"]
        if hearings.must_not_meet(parties):
            raise forms.ValidationError(
                _("These people are heard apart. Plan a hearing of its own for each side.")
            )
        return parties


class MoveHearingForm(TimeForm):
    """Another time or place for a hearing."""

    def __init__(self, hearing: Hearing, now: datetime, data: Any = None) -> None:
        shown = {"at": hearing.at, "minutes": hearing.minutes, "place": hearing.place}
        super().__init__(now, data, initial=shown)


class HoldForm(forms.Form):
    """Who came."""

    def __init__(self, invitations: Sequence[Invitation], data: Any = None) -> None:
        super().__init__(data)
        parties = [one.party for one in invitations]
        self.fields["came"] = forms.TypedMultipleChoiceField(
            label=_("Who came?"),
            choices=[(str(one.pk), _named(one)) for one in parties],
            coerce=hearings.keys_of(parties).__getitem__,
            widget=forms.CheckboxSelectMultiple,
            required=False,
            help_text=_("Nobody is condemned for staying away."),
        )


class InvitationForm(forms.Form):
    """Whether somebody comes, and what they need."""

    answer = forms.ChoiceField(
        label=_("Do you come?"),
        choices=[
            (Invitation.Answer.COMES, _("Yes, I come")),
            (Invitation.Answer.WRITES, _("No, I send a word in writing instead")),
            (Invitation.Answer.STAYS_AWAY, _("No")),
        ],
        widget=forms.RadioSelect,
        help_text=_("Coming is free, and nobody is condemned for staying away."),
    )
    needs = forms.CharField(
        label=_("What do you need, so that you can be there?"),
        help_text=_("Such as no steps, or breaks. Only who prepares the room reads this."),
        max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
    with_interpreter = forms.BooleanField(label=_("I need an interpreter"), required=False)
    with_supporter = forms.BooleanField(
        label=_("Somebody who supports me comes along"), required=False
    )

    def __init__(self, invitations: Sequence[Invitation], data: Any = None) -> None:
        said = invitations[0]
        shown = {
            "answer": said.answer,
            "needs": said.needs,
            "with_interpreter": said.with_interpreter,
            "with_supporter": said.with_supporter,
        }
        super().__init__(data, initial=shown if len(invitations) == 1 else None)
        if len(invitations) > 1:
            parties = [one.party for one in invitations]
            self.fields["party"] = _one_of(
                _("For whom?"),
                [(str(one.pk), _named(one)) for one in parties],
                hearings.keys_of(parties),
            )
            self.order_fields(["party", "answer"])
