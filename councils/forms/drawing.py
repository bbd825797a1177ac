"""What people type around a council. Forms clean input; actions decide what it means."""

import re
import secrets
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cases.forms import long_text
from councils import rules, scheme
from councils.actions.drawing import THROWS, relaxation_key
from people.models import Person, Tie

NOBODY_ELSE = _("Only the check for conflicts of interest reads this. No person does.")


class HexField(forms.CharField):
    """A number as other machines print it; spaces and capitals make no difference."""

    def __init__(self, *, digits: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.digits = digits
        self.widget.attrs |= {"dir": "ltr", "autocomplete": "off", "spellcheck": "false"}

    def validate(self, value: str) -> None:
        super().validate(value)
        if value and not re.fullmatch(rf"[0-9a-f]{{{self.digits}}}", value):
            # The number travels beside the sentence, which is translated when it is read.
            raise ValidationError(
                _("These are %(digits)s signs: 0 to 9 and a to f."), params={"digits": self.digits}
            )

    def to_python(self, value: Any) -> str:
        return "".join((super().to_python(value) or "").split()).lower()


# ── The pool ─────────────────────────────────────────────────────────────────


class FeaturesForm(forms.Form):
    """What a member says of themselves for the quotas; each can be left unsaid."""

    def __init__(
        self, quotas: Sequence[Any], said: dict[str, str] | None = None, data: Any = None
    ) -> None:
        super().__init__(data)
        for feature in dict.fromkeys(str(quota[0]) for quota in quotas):
            values = [str(quota[1]) for quota in quotas if quota[0] == feature]
            self.fields[feature] = forms.ChoiceField(
                label=feature.replace("_", " ").capitalize(),
                choices=[("", _("I would rather not say")), *((one, one) for one in values)],
                required=False,
                initial=(said or {}).get(feature, ""),
                help_text=_("Only the draw reads this. Left unsaid, you count for none of them."),
            )


class NewsForm(forms.Form):
    """How a member is told that they were drawn."""

    reach = forms.ChoiceField(
        label=_("How may we tell you that you were drawn?"),
        choices=[
            (Person.Reach.EMAIL, _("By e-mail, with words that give nothing away")),
            (Person.Reach.IN_APP, _("Only when I sign in")),
        ],
        widget=forms.RadioSelect,
    )
    email = forms.EmailField(
        label=_("Your e-mail address"), required=False, help_text=_("Only for e-mail.")
    )

    def __init__(self, person: Person, data: Any = None) -> None:
        super().__init__(data)
        self.fields["email"].initial = person.email
        by_mail = person.reach == Person.Reach.EMAIL
        self.fields["reach"].initial = Person.Reach.EMAIL if by_mail else Person.Reach.IN_APP

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("reach") == Person.Reach.EMAIL and not cleaned.get("email"):
            self.add_error("email", ValidationError(_("Say which address.")))
        return cleaned


class JoinForm(FeaturesForm):
    """Joining the hat."""

    of_age = forms.BooleanField(label=_("I am old enough to sit on a council"))

    def __init__(self, quotas: Sequence[Any], youngest: int, data: Any = None) -> None:
        super().__init__(quotas, data=data)
        self.fields["of_age"].help_text = gettext("That is %(years)s or older.") % {
            "years": youngest
        }


class AwayForm(forms.Form):
    """Being left out of draws for a while."""

    until = forms.DateField(
        label=_("Until which day?"), widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("Through this day you are not drawn. You need not say why."),
    )  # fmt: skip

    def __init__(self, today: date, longest: int, data: Any = None) -> None:
        super().__init__(data)
        self.today, self.longest = today, longest

    def clean_until(self) -> date:
        until: date = self.cleaned_data["until"]
        if not 0 <= (until - self.today).days <= self.longest:
            raise ValidationError(_("A day from today on, within a year."))
        return until


class TieForm(forms.Form):
    """A tie to somebody, by name."""

    name = forms.CharField(label=_("Their full name"), max_length=200, help_text=NOBODY_ELSE)
    kind = forms.ChoiceField(label=_("You are tied by"), choices=Tie.Kind)


# ── The draw ─────────────────────────────────────────────────────────────────


class PrepareForm(forms.Form):
    """What will decide a draw."""

    beacons = forms.MultipleChoiceField(
        label=_("What decides?"),
        choices=[
            ("drand", _("A public lottery of numbers on the internet (drand)")),
            ("dice", _("Dice thrown before witnesses")),
            ("contributions", _("A secret number from each party who wishes, and the guardian")),
        ],
        initial=["drand"],
        widget=forms.CheckboxSelectMultiple,
        help_text=_("It is named before it exists, so that nobody can know or choose the result."),
    )
    dice_at = forms.DateTimeField(
        label=_("When are the dice thrown?"), required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
        help_text=_("Only for dice. After the panels are published."),
    )  # fmt: skip
    dice_witnesses = forms.CharField(
        label=_("Who witnesses it?"), required=False, max_length=300,
        help_text=_("Only for dice: names, with commas between. Only their number is published."),
    )  # fmt: skip

    def __init__(self, now: datetime, data: Any = None) -> None:
        super().__init__(data)
        self.now = now

    def clean_beacons(self) -> list[str]:
        kinds = self.cleaned_data["beacons"]
        if "contributions_alone" in rules.problems_of_beacons(kinds):
            raise ValidationError(
                _("Secret numbers never decide alone: whoever shows theirs last could choose.")
            )
        return [kind for kind in rules.BEACONS if kind in kinds]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "dice" not in cleaned.get("beacons", []):
            return {**cleaned, "dice_at": None, "dice_witnesses": ""}
        if not cleaned.get("dice_at") or cleaned["dice_at"] <= self.now:
            self.add_error("dice_at", ValidationError(_("A day and time that is still to come.")))
        names = [one for one in cleaned.get("dice_witnesses", "").split(",") if one.strip()]
        if not names:
            self.add_error("dice_witnesses", ValidationError(_("At least one witness.")))
        return cleaned


class CutRestForm(forms.Form):
    """Why people who would still rest after a seat are in the hat."""

    reason = long_text(_("Why?"), _("Everybody who checks this draw will read it."))


class RelaxForm(forms.Form):
    """Which quotas to relax, and why."""

    relaxations = forms.MultipleChoiceField(
        label=_("Relax"), widget=forms.CheckboxSelectMultiple,
        help_text=_("The smallest changes that would do. Everybody will read them."),
    )  # fmt: skip
    reason = long_text(_("Why?"), _("Everybody who checks this draw will read it."))

    def __init__(self, proposed: Sequence[list[Any]], data: Any = None) -> None:
        super().__init__(data)
        self.fields["relaxations"].choices = [  # type: ignore[attr-defined]
            (relaxation_key(one), relaxation_words(one)) for one in proposed
        ]
        self.fields["relaxations"].initial = [relaxation_key(one) for one in proposed]


def relaxation_words(relaxation: Sequence[Any]) -> str:
    """Return one relaxation as a sentence."""
    feature, value, bound, before, after = relaxation
    words = (
        gettext("%(feature)s, %(value)s: at least %(after)s instead of %(before)s")
        if bound == "min"
        else gettext("%(feature)s, %(value)s: at most %(after)s instead of %(before)s")
    )
    return words % {"feature": feature, "value": value, "before": before, "after": after}


class ContributeForm(forms.Form):
    """The hash of a secret that only its maker keeps.

    A fresh secret is offered each time the page is opened; the server keeps neither it nor
    who saw it, only the hash that is sent back.
    """

    h = HexField(digits=64, label=_("The lock of your number"))

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        secret = secrets.token_bytes(32)
        self.fields["h"].initial = scheme.contribution(secret)
        self.fields["h"].help_text = gettext(
            "Your secret number is %(secret)s. Copy it now and keep it: it is shown once, and you "
            "will be asked for it. You can also take a number of your own, and put its lock here."
        ) % {"secret": secret.hex()}


class RevealForm(forms.Form):
    """One's secret number."""

    secret = HexField(
        digits=64, label=_("Your secret number"),
        help_text=_("The one you kept. From now on everybody can read it."),
    )  # fmt: skip


class DrandForm(forms.Form):
    """The announced round, as the public lottery prints it."""

    signature = HexField(digits=96, label=_("Signature"))
    randomness = HexField(digits=64, label=_("Randomness"), required=False)

    def __init__(self, number: int, data: Any = None) -> None:
        super().__init__(data)
        self.fields["signature"].help_text = gettext(
            "Of round %(round)s, from any drand relay, such as "
            "api.drand.sh/v2/beacons/quicknet/rounds/%(round)s"
        ) % {"round": number}


class DiceForm(forms.Form):
    """What was thrown."""

    digits = forms.CharField(
        label=_("The throws, in their order"), max_length=400,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "ltr", "inputmode": "numeric"}),
    )  # fmt: skip

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.fields["digits"].help_text = gettext(
            "%(throws)s throws of one die, each 1 to 6. Spaces make no difference."
        ) % {"throws": THROWS}

    def clean_digits(self) -> str:
        digits = "".join(self.cleaned_data["digits"].split())
        if len(digits) != THROWS or set(digits) - set("123456"):
            raise ValidationError(
                _("These are %(found)s signs; %(throws)s are needed, each 1 to 6.")
                % {"found": len(digits), "throws": THROWS}
            )
        return digits


class VoidForm(forms.Form):
    """Why a draw does not count."""

    reason = long_text(_("Why?"), _("Everybody who looks at this draw will read it."))


class DrawIdForm(forms.Form):
    """The id of a draw, as it is written down somewhere."""

    draw = forms.CharField(
        label=_("The draw’s number"),
        help_text=_("It begins with DR, like DR-7K3F-92QD."),
        max_length=20,
    )

    def clean_draw(self) -> str:
        """Return the id as it is kept: in capitals, without spaces."""
        return "".join(self.cleaned_data["draw"].split()).upper()


# ── Seats ────────────────────────────────────────────────────────────────────


class PromiseForm(forms.Form):
    """A promise of confidentiality."""

    kept_secret = forms.BooleanField(
        label=_("I will keep to myself who and what this council is about"),
        help_text=_("Also if you then say no, and for good."),
    )


class AcceptForm(forms.Form):
    """A yes to a seat, knowing whom it is about."""

    no_tie = forms.BooleanField(label=_("I can be impartial: I am not tied to any of them"))

    def __init__(self, names: Sequence[str], data: Any = None) -> None:
        super().__init__(data)
        self.fields["no_tie"].help_text = gettext(
            "The council is about: %(names)s. A tie is family, one household, work, friendship, a "
            "quarrel, money between you, or having seen what happened."
        ) % {"names": ", ".join(names)}


class ChallengeForm(forms.Form):
    """Why a member may not be impartial."""

    reason = long_text(
        _("Why may they not be impartial?"),
        _("The rest of the council reads this, and the member themselves does not."),
    )


class AnswerForm(forms.Form):
    """What the rest of the panel says of a challenge."""

    uphold = forms.TypedChoiceField(
        label=_("Should somebody else be drawn in their place?"),
        # Nothing is chosen beforehand: neither answer is a default.
        choices=[("", _("Choose")), ("yes", _("Yes")), ("no", _("No"))],
        coerce=lambda value: value == "yes",
    )
    reason = long_text(_("Why?"), _("The party who asked will read this."))
