"""What people type around a mediation. Each form takes what it asks about first."""

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from cases.forms import long_text
from cases.models import Case, Party
from mediation import rules
from mediation.models import Mediation, Meeting
from mediation.rules import Candidate
from people.models import Person


def _choose(label: Any, choices: list[tuple[str, Any]], found: dict[str, Any]) -> Any:
    """Return a field whose cleaned value is the chosen thing itself."""
    return forms.TypedChoiceField(label=label, choices=choices, coerce=found.__getitem__)


def words_of(candidate: Candidate, parties: int) -> str:
    """Return one candidate's line: name, how many parties share their language, open cases."""
    languages = ngettext(
        "speaks the language of %(speaks)d of %(parties)d party",
        "speaks the language of %(speaks)d of %(parties)d parties",
        parties,
    ) % {"speaks": candidate.speaks, "parties": parties}
    load = ngettext("%(load)d open case", "%(load)d open cases", candidate.load) % {
        "load": candidate.load
    }
    return f"{candidate.name} · {languages} · {load}"


class AssignForm(forms.Form):
    """Who is to mediate: only those who can, in the order they are proposed."""

    def __init__(self, case: Case, among: list[tuple[Person, Candidate]], data: Any = None) -> None:
        super().__init__(data)
        able = [(person, one) for person, one in among if not one.obstacles]
        parties = case.parties.count()
        self.fields["mediator"] = _choose(
            _("Who is to mediate?"),
            [(one.key, words_of(one, parties)) for _person, one in able],
            {one.key: person for person, one in able},
        )


class ReleaseForm(forms.Form):
    """Which mediator leaves the case."""

    def __init__(self, mediators: list[Person], data: Any = None) -> None:
        super().__init__(data)
        self.fields["mediator"] = _choose(
            _("Who leaves the case?"),
            [(str(one.pk), one.name or one.username) for one in mediators],
            {str(one.pk): one for one in mediators},
        )


class MeetingForm(forms.Form):
    """When and where people meet."""

    at = forms.DateTimeField(
        label=_("When?"),
        # What a browser sends; no other way of writing a day, which might be read as another.
        input_formats=["%Y-%m-%dT%H:%M"],
        widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
    )
    place = forms.CharField(
        label=_("Where?"), max_length=300,
        help_text=_("Both sides will read this. Choose a place where each feels safe."),
    )  # fmt: skip

    def __init__(self, mediation: Mediation, today: date, data: Any = None) -> None:
        super().__init__(data)
        self.mediation, self.today = mediation, today

    def clean_at(self) -> Any:
        at = self.cleaned_data["at"]
        on, due_on = timezone.localtime(at).date(), self.mediation.due_on
        codes = {one.code for one in rules.obstacles_to_plan(on, due_on=due_on, today=self.today)}
        if "meeting_in_the_past" in codes:
            raise forms.ValidationError(_("This day has gone by. Choose today or a later day."))
        if codes:
            raise forms.ValidationError(
                _("The last day of this mediation is %(day)s. Choose a day before it."),
                params={"day": date_format(due_on)},
            )
        return at


class CancelMeetingForm(forms.Form):
    """Which planned meeting is called off."""

    def __init__(self, meetings: list[Meeting], data: Any = None) -> None:
        super().__init__(data)
        self.fields["meeting"] = _choose(
            _("Which meeting?"),
            [
                (str(one.pk), date_format(timezone.localtime(one.at), "DATETIME_FORMAT"))
                for one in meetings
            ],
            {str(one.pk): one for one in meetings},
        )


class HeldForm(forms.Form):
    """What both sides may keep of a meeting."""

    shared_note = long_text(
        _("What would both sides like to keep of it?"),
        _("Both sides will read this. You may leave it empty."),
        required=False,
    )


class EndForm(forms.Form):
    """Why a mediation ends without an agreement."""

    reason = long_text(_("Why does it end?"), _("Both sides will read this."))


class SharedNoteForm(forms.Form):
    """Words for both sides."""

    text = long_text(_("Your words"), _("Both sides will read this."))


class PrivateNoteForm(forms.Form):
    """What one party told the mediators."""

    text = long_text(
        _("Your words"), _("This person and the mediators read this. The other side never does.")
    )

    def __init__(self, parties: tuple[Party, ...], data: Any = None) -> None:
        super().__init__(data)
        self.fields["party"] = _choose(
            _("Whom is it about?"),
            [(str(one.pk), f"{one.person.name} · {one.get_role_display()}") for one in parties],
            {str(one.pk): one for one in parties},
        )
        self.order_fields(["party", "text"])
