"""What people type about what a council decides. Forms clean input; actions decide."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cases.forms import day_field, long_text
from cases.models import Case, Party
from communities.charter import Charter
from councils import rules
from councils.models import Appeal, Decision, Finding, PlannedPromise

WHO_READS = _("The council and its process guardian read this now; both sides once it is adopted.")


class SessionForm(forms.Form):
    """How the council comes together, and what its objections are measured against."""

    aim = long_text(
        _("What is this circle for?"),
        _("An objection must show that a proposal works against this."),
    )
    session = forms.ChoiceField(label=_("How does it meet?"), widget=forms.RadioSelect)
    round_hours = forms.IntegerField(
        label=_("Online: how many hours is each round open?"), required=False, min_value=1,
        max_value=24 * 14,
    )  # fmt: skip

    def __init__(self, charter: Charter, in_the_room: bool, data: Any = None) -> None:
        aim = gettext("What would repair the harm, keep everybody safe, and be fair to both sides.")
        first = "room" if in_the_room else "online"
        super().__init__(
            data, initial={"aim": aim, "session": first, "round_hours": charter.council_round_hours}
        )
        room = [("room", gettext("In the room together; the process guardian moves it on"))]
        online = [("online", gettext("Online, over days, each round with a deadline"))]
        self.fields["session"].choices = (room if in_the_room else []) + online  # type: ignore[attr-defined]


class FindingForm(forms.Form):
    """One finding with its grounds."""

    kind = forms.ChoiceField(label=_("What is it about?"), widget=forms.RadioSelect)
    text = long_text(_("What does the council find?"), WHO_READS)
    grounds = long_text(_("On which grounds?"), _("What was read or heard that it rests on."))

    def __init__(self, kinds: Sequence[str], data: Any = None) -> None:
        super().__init__(data)
        self.fields["kind"].choices = [  # type: ignore[attr-defined]
            one for one in Finding.Kind.choices if one[0] in kinds
        ]


class DecisionForm(forms.Form):
    """A decision: its course, its reasons, and what goes with it."""

    course = forms.ChoiceField(label=_("What do you propose?"), widget=forms.RadioSelect)
    text = long_text(
        _("In plain words: what, and why"),
        _("Both sides read these reasons. No earlier decision binds this one."),
    )
    account = long_text(
        _("What happened, in neutral words"),
        _("Only for an agreement: both sides will sign under this, or not."),
        required=False,
    )
    proportion_reason = long_text(
        _("Why this answers the harm"),
        _("Needed where what is promised is counted otherwise than what was lost."),
        required=False,
    )
    support = long_text(
        _("What does the community do for the person harmed?"),
        _("Whatever else is decided. It needs nothing from the other side."),
        required=False,
    )

    def __init__(self, courses: Sequence[str], data: Any = None) -> None:
        super().__init__(data)
        self.fields["course"].choices = [  # type: ignore[attr-defined]
            one for one in Decision.Course.choices if one[0] in courses
        ]


class ThreatForm(forms.Form):
    """A safety finding: plain reasons, alternatives one by one, and its ends."""

    ALTERNATIVES = 3

    about = forms.ChoiceField(label=_("Who is it about?"))
    threat = long_text(
        _("Why is there an active threat, in plain words?"),
        _("What is feared, from what was found. The person reads it."),
    )
    limits = long_text(
        _("How does the community protect itself?"),
        _("Limits on contact and places, and who helps to keep them."),
        required=False,
    )
    placement = forms.BooleanField(
        label=_("We ask for a place in a Rehabilitation Community."),
        required=False,
        help_text=_("It also needs the person's own yes, or a lawful order."),
    )
    aims = long_text(_("What is the place to help with?"), required=False)
    review_on = day_field(_("When is it looked at again?"))
    ends_on = day_field(_("When does it end by itself?"))
    interim_until = day_field(
        _("Until when does it hold during an appeal?"),
        required=False,
    )

    def __init__(self, case: Case, charter: Charter, today: date, data: Any = None) -> None:
        super().__init__(data)
        self.charter, self.today = charter, today
        parties = case.parties.filter(role=Party.Role.RESPONSIBLE).select_related("person")
        self.fields["about"].choices = [  # type: ignore[attr-defined]
            (str(party.pk), party.person.name) for party in parties
        ]
        for number in range(1, self.ALTERNATIVES + 1):
            self.fields[f"alternative_{number}"] = long_text(
                _("Another way that was weighed"), required=number == 1
            )
            self.fields[f"why_not_{number}"] = long_text(
                _("Why it is not enough"), required=number == 1
            )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        weighed = []
        for number in range(1, self.ALTERNATIVES + 1):
            what = cleaned.pop(f"alternative_{number}", "")
            why_not = cleaned.pop(f"why_not_{number}", "")
            if bool(what) != bool(why_not):
                missing = f"why_not_{number}" if what else f"alternative_{number}"
                self.add_error(missing, ValidationError(_("Please say both, or neither.")))
            elif what:
                weighed.append({"what": what, "why_not": why_not})
        cleaned["alternatives"] = weighed
        check_times(self, cleaned, self.charter, self.today)
        return cleaned


def check_times(form: forms.Form, cleaned: dict[str, Any], charter: Charter, today: date) -> None:
    """Add an error where the days of a safety finding are not those the charter lets it have."""
    review, ends = cleaned.get("review_on"), cleaned.get("ends_on")
    if review is None or ends is None:
        return
    interim = cleaned.get("interim_until")
    said = {
        "review_date_missing": (
            "review_on",
            _("Please give a day to come, within %(days)s days."),
            charter.review_days,
        ),
        "ends_too_late": (
            "ends_on",
            _("It ends after it was looked at, and within %(days)s days."),
            charter.placement_days,
        ),
        "interim_too_long": (
            "interim_until",
            _("During an appeal it holds for at most %(days)s days."),
            charter.interim_days,
        ),
    }
    for code in rules.safety_problems(
        review_in=(review - today).days, ends_in=(ends - today).days,
        interim_in=(interim - today).days if interim else 0, charter=charter,
    ):  # fmt: skip
        field, text, days = said[code]
        form.add_error(field, ValidationError(text, params={"days": days}))


def planned_initial(promise: PlannedPromise) -> dict[str, Any]:
    """Return a promise of the plan as a form shows it."""
    names = ("what", "category", "unit", "amount", "due_on", "confirmed_by", "if_missed")
    return {
        **{name: getattr(promise, name) for name in names},
        "harm": str(promise.harm_id or ""),
        "promised_by": str(promise.promised_by_id),
        "promised_to": str(promise.promised_to_id),
    }


class AppealForm(forms.Form):
    """Why a decision is to be looked at again."""

    ground = forms.ChoiceField(
        label=_("What is it about?"), choices=Appeal.Ground.choices, widget=forms.RadioSelect
    )
    words = long_text(
        _("In your own words"),
        _("The people who look at it again read this, and so does the other side."),
    )


class RecallForm(forms.Form):
    """What a member is said to have done."""

    reason = long_text(
        _("What did they do?"), _("They read this and answer it. The rest of the council decides.")
    )


class RecallWordForm(forms.Form):
    """The member's own word."""

    word = long_text(_("What do you say to it?"), _("The rest of the council reads this."))
