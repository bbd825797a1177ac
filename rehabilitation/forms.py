"""What people type around a placement and in a house. Beside each text stands who reads it."""

from collections.abc import Sequence
from datetime import date
from typing import Any, cast

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from cases.forms import day_field, has_come, long_text
from councils.models import Decision
from people.models import Person
from rehabilitation.models import (
    Course,
    House,
    Measure,
    NewsWish,
    PlacementChallenge,
    Wish,
)
from rehabilitation.rules import RIGHTS
from rehabilitation.words import RIGHTS_IN_WORDS

READS_ROOM = _("You, the stewards, the independent visitor and the council read this.")
READS_OTHER = _("The resident, the stewards, the independent visitor and the council read this.")
READS_HOUSE = _("Everybody who lives or serves in this house reads this.")


class ProposePlacementForm(forms.Form):
    """In which house, and, where several decisions ask for a place, by which."""

    house = forms.ChoiceField(
        label=_("In which house?"),
        help_text=_("Only houses with a free place. Another community’s house is asked first."),
    )
    decision = forms.ChoiceField(label=_("For whom?"))

    def __init__(self, houses: list[House], decisions: list[Decision], data: Any = None) -> None:
        super().__init__(data)
        self.fields["house"].choices = [  # type: ignore[attr-defined]
            (one.slug, f"{one.name} · {one.community.name}") for one in houses
        ]
        self.fields["decision"].choices = [  # type: ignore[attr-defined]
            (str(one.pk), one.safety.about.person.name) for one in decisions
        ]
        if len(decisions) < 2:
            del self.fields["decision"]


class MoveForm(forms.Form):
    """To which house."""

    house = forms.ChoiceField(
        label=_("To which house?"),
        help_text=_("Only houses with a free place. Where it is in another community, both agree."),
    )

    def __init__(self, houses: list[House], own: bool, data: Any = None) -> None:
        """``own``: the resident asks, which is their yes, and opens the room to that house."""
        super().__init__(data)
        self.fields["house"].choices = [  # type: ignore[attr-defined]
            (one.slug, f"{one.name} · {one.community.name}") for one in houses
        ]
        if own:
            self.fields["house"].help_text = _(
                "Asking is your yes: the stewards there then read of your stay, too. You can take "
                "it back until you move. Where it is in another community, both agree."
            )


class AcceptForm(forms.Form):
    """A yes, under exactly the words it says yes to, and how to challenge."""

    understood = forms.BooleanField(label=_("I have read this, and I say yes freely"))

    def __init__(self, text: str, challenge: str, data: Any = None) -> None:
        super().__init__(data)
        self.fields["understood"].help_text = format_lazy("{} {}", text, challenge)


class OrderForm(forms.Form):
    """The order of a lawful authority. Amends records it and holds nobody by it."""

    number = forms.CharField(label=_("Its number"), max_length=100)
    authority = forms.CharField(label=_("Who gave it"), max_length=200)
    until = day_field(_("Its last day"))


class ChallengeForm(forms.Form):
    """What is to be looked at again."""

    ground = forms.ChoiceField(
        label=_("What should be looked at again?"), choices=PlacementChallenge.Ground
    )
    words = long_text(
        _("In your own words"),
        _("The people who look at it read this, and who guards the process."),
    )


class NewsForm(forms.Form):
    """What a person harmed wants to be told. Nothing is chosen beforehand."""

    what = forms.MultipleChoiceField(
        label=_("I would like to be told when the person"),
        choices=[
            ("placed", _("moves into a house")),
            ("moved", _("moves to another house")),
            ("released", _("will be released, before it happens")),
            ("left", _("has left")),
        ],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("You are told this and nothing more. Nobody but you sees what you chose."),
    )
    way = forms.ChoiceField(label=_("How"), choices=NewsWish.Way)

    def __init__(self, wish: NewsWish | None, data: Any = None) -> None:
        shown = {}
        if wish is not None:
            told = ("placed", "moved", "released", "left")
            shown = {"what": [one for one in told if getattr(wish, one)], "way": wish.way}
        super().__init__(data, initial=shown)


class PacketForm(forms.Form):
    packet = long_text(
        _("What should the council know of the time since?"),
        _("The council, the visitor and the resident read this, and the resident answers."),
    )

    def __init__(self, packet: str = "", data: Any = None) -> None:
        super().__init__(data, initial={"packet": packet})


class ReviewWordForm(forms.Form):
    words = long_text(
        _("What should the council hear from you?"),
        _("The council, the stewards and the visitor read this. You may leave it empty."),
        required=False,
    )
    supporter = forms.CharField(
        label=_("Who will be there beside you?"),
        max_length=200,
        required=False,
        help_text=_("If you want somebody there. Write their name."),
    )

    def __init__(self, words: str = "", supporter: str = "", data: Any = None) -> None:
        super().__init__(data, initial={"words": words, "supporter": supporter})


class CourseForm(forms.Form):
    """What a member proposes, with fresh reasons."""

    course = forms.ChoiceField(label=_("What do you propose?"))
    reasons = long_text(
        _("Why, as things are today?"),
        _("The whole circle decides on these words. What was said at first is not enough."),
    )
    release_on = day_field(_("If released: the first free day"), required=False)
    next_review_on = day_field(_("If it goes on: the next review, at the latest"), required=False)
    ends_on = day_field(_("If it is to end earlier: its last day"), required=False)

    def __init__(self, courses: Sequence[str], today: date, data: Any = None) -> None:
        super().__init__(data)
        labels = dict(Course.Kind.choices)
        self.today = today
        self.fields["course"].choices = [  # type: ignore[attr-defined]
            (one, labels[one]) for one in courses
        ]
        if "release" not in courses:
            for name in ("release_on", "next_review_on", "ends_on"):
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name in ("release_on", "next_review_on", "ends_on"):
            if cleaned.get(name) and cleaned[name] < self.today:
                self.add_error(name, _("This day has gone by. Choose today or a later day."))
        return cleaned


class MeasureForm(forms.Form):
    """One thing that is offered, or one limit."""

    kind = forms.ChoiceField(label=_("What is it?"), choices=Measure.Kind)
    aim = long_text(_("What is it for?"), READS_OTHER)
    offered_by = forms.CharField(label=_("Who offers it?"), max_length=200)
    from_on = day_field(_("From"))
    until = day_field(_("Its last day"), help_text=_("It ends by itself then."))
    reason = long_text(
        _("If it is a limit: why nothing less would do"), READS_OTHER, required=False
    )

    def __init__(self, last: date | None, data: Any = None) -> None:
        super().__init__(data)
        self.last = last

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        begins, ends = cleaned.get("from_on"), cleaned.get("until")
        if begins and ends and ends < begins:
            self.add_error("until", _("It ends before it begins. Please check both days."))
        if ends and self.last and ends > self.last:
            self.add_error("until", _("The stay ends before that. Choose an earlier day."))
        if cleaned.get("kind") == "contact" and not cleaned.get("reason"):
            self.add_error("reason", _("A limit needs its reason."))
        return cleaned


class OwnWordForm(forms.Form):
    words = long_text(_("Your own word"), READS_ROOM)

    def __init__(self, words: str = "", *, required: bool = True, data: Any = None) -> None:
        super().__init__(data, initial={"words": words})
        self.fields["words"].required = required


class CheckInForm(forms.Form):
    words = long_text(_("How is it going?"), READS_OTHER)


class VisitForm(forms.Form):
    visited_on = day_field(_("When were you there?"), validators=[has_come])
    words = long_text(_("What did you see and hear?"), READS_OTHER)

    def __init__(self, house: bool = False, data: Any = None) -> None:
        super().__init__(data)
        if house:
            self.fields["words"].help_text = READS_HOUSE


class IncidentForm(forms.Form):
    happened_on = day_field(_("When did it happen?"), validators=[has_come])
    account = long_text(_("What happened, from your side?"), READS_OTHER)


class AccountForm(forms.Form):
    account = long_text(_("What happened, from your side?"), READS_OTHER)

    def __init__(self, account: str = "", data: Any = None) -> None:
        super().__init__(data, initial={"account": account})


class WishForm(forms.Form):
    kind = forms.ChoiceField(label=_("It is"), choices=Wish.Kind)
    words = long_text(
        _("Your words"),
        _("The stewards answer. A complaint is read by the independent visitor too."),
    )


class AnswerForm(forms.Form):
    answer = forms.ChoiceField(
        label=_("Your answer"), choices=[("granted", _("Yes")), ("refused", _("No"))]
    )
    words = long_text(_("Your reasons"), READS_OTHER, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("answer") == "refused" and not cleaned.get("words"):
            self.add_error("words", _("A no needs its reasons."))
        return cleaned


class TransitionForm(forms.Form):
    words = long_text(
        _("What is prepared for the time after?"),
        _("Where to live, what to do, whom to call. You, the stewards, the independent visitor and "
          "the council read this."),
    )  # fmt: skip
    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, words: str = "", seen: int = 0, data: Any = None) -> None:
        super().__init__(data)
        self.fields["words"].initial, self.fields["seen"].initial = words, seen


class SupportCircleForm(forms.Form):
    until = day_field(_("Until when should they go along?"), help_text=_("It ends by itself then."))


class InviteForm(forms.Form):
    username = forms.CharField(
        label=_("Their user name"),
        max_length=150,
        help_text=_("They are asked, and say yes or no themselves."),
    )


class SupportMeetingForm(forms.Form):
    held_on = day_field(_("When did you meet?"), validators=[has_come])
    words = long_text(
        _("What do you want to keep of it?"), _("Only who is in this circle reads it.")
    )


# ── The house ────────────────────────────────────────────────────────────────


class HouseForm(forms.Form):
    """A new house."""

    name = forms.CharField(label=_("Its name"), max_length=120)
    places = forms.IntegerField(label=_("How many places"), min_value=1, max_value=12)
    public_words = long_text(
        _("What anybody may read of it"), _("Everybody can read this."), required=False
    )


class OfficeForm(forms.Form):
    """Who serves in a house: a steward only where the people who live there do not elect them."""

    role = forms.ChoiceField(
        label=_("As"),
        choices=[("steward", _("steward")), ("visitor", _("independent visitor"))],
    )
    person = forms.ChoiceField(label=_("Who?"))

    def __init__(self, among: list[Person], elected: bool = False, data: Any = None) -> None:
        super().__init__(data)
        role = cast(forms.ChoiceField, self.fields["role"])
        if elected:
            role.choices = [("visitor", _("independent visitor"))]
            role.help_text = _("The people who live there elect their stewards themselves.")
        self.fields["person"].choices = [  # type: ignore[attr-defined]
            (str(one.pk), one.name or one.username) for one in among
        ]


class RuleForm(forms.Form):
    """A rule for the house, and honestly which rights it would touch."""

    text = long_text(_("The rule, in plain words"), READS_HOUSE)
    touches = forms.MultipleChoiceField(
        label=_("Would it take away or lessen any of these?"),
        choices=[(one, RIGHTS_IN_WORDS[one]) for one in RIGHTS],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("No rule of a house may. The independent visitor looks at every rule, too."),
    )


class PlacesForm(forms.Form):
    places = forms.IntegerField(label=_("How many places"), min_value=1, max_value=12)
    text = long_text(_("Why?"), READS_HOUSE)


class StewardForm(forms.Form):
    """Who is to be steward, or is to be it no more."""

    person = forms.ChoiceField(label=_("Who?"))
    text = long_text(_("Why?"), READS_HOUSE)

    def __init__(self, among: list[Person], data: Any = None) -> None:
        super().__init__(data)
        self.fields["person"].choices = [  # type: ignore[attr-defined]
            (str(one.pk), one.name or one.username) for one in among
        ]


class RepealForm(forms.Form):
    """Why a rule is to hold no more."""

    text = long_text(_("Why?"), READS_HOUSE)


class StrikeForm(forms.Form):
    """Which right a rule goes below, and why."""

    right = forms.ChoiceField(
        label=_("Which right does it go below?"),
        choices=[(one, RIGHTS_IN_WORDS[one]) for one in RIGHTS],
    )
    because = long_text(_("Why?"), READS_HOUSE)


class MinutesForm(forms.Form):
    held_on = day_field(_("When did the house meet?"), validators=[has_come])
    minutes = long_text(_("What was said and agreed?"), READS_HOUSE)
