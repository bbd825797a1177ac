"""What people type when a community decides. Each form takes what it asks about first."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from communities import saying
from communities.bounds import every_rule, misfits, read, typed_as
from communities.rules import LONGEST_REST_DAYS, obstacles_to_span, really_changed
from deliberation.forms import words
from people.models import Person

# So many rules at once: more of them are more proposals, each of which can be understood.
AT_ONCE = 3
LONGEST_TRIAL_DAYS = 730
FindPerson = Callable[[str], list[Person]]


class CharterForm(forms.Form):
    """Up to three rules, each with its new value and, where it is only tried, its last day.

    Gives ``changes`` {rule: value}, ``trials`` {rule: day} and ``reason``.
    """

    def __init__(
        self,
        standing: Mapping[str, Any],
        today: date,
        terms: Mapping[str, Any] | None = None,
        reason: str = "",
        seen: int | None = None,
        data: Any = None,
    ) -> None:
        super().__init__(data)
        self.standing, self.today = standing, today
        choices = [("", "—")]
        choices += [(rule, saying.bounds(rule, standing[rule])) for rule in every_rule()]
        for n in range(1, AT_ONCE + 1):
            self._add_rule(n, choices)
        self.fields["reason"] = words(gettext_lazy("Why? What would be better?"))
        self._begin_from(terms or {}, reason)
        if seen is not None:
            self.fields["seen"] = forms.IntegerField(widget=forms.HiddenInput)
            self.initial["seen"] = seen

    def _add_rule(self, n: int, choices: list[tuple[str, str]]) -> None:
        first = n == 1
        self.fields[f"rule_{n}"] = forms.ChoiceField(
            label=gettext_lazy("Which rule?") if first else gettext_lazy("Another rule"),
            choices=choices,
            required=first,
            help_text=gettext_lazy("A number, yes or no, or words, as the rule asks for.")
            if first
            else gettext_lazy("If you want to change it together."),
        )
        self.fields[f"value_{n}"] = forms.CharField(
            label=gettext_lazy("What should it be?"),
            required=False,
            max_length=2000,
            widget=forms.Textarea(attrs={"rows": 2}),
        )
        self.fields[f"until_{n}"] = forms.DateField(
            label=gettext_lazy("Only on trial? Then from which day is the old rule back?"),
            required=False,
            widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
            input_formats=["%Y-%m-%d"],
        )

    def _begin_from(self, terms: Mapping[str, Any], reason: str) -> None:
        for n, (rule, said) in enumerate(list(terms.get("changes", {}).items())[:AT_ONCE], 1):
            self.initial[f"rule_{n}"] = rule
            self.initial[f"value_{n}"] = typed_as(rule, said)
            self.initial[f"until_{n}"] = terms.get("trials", {}).get(rule)
        self.initial["reason"] = reason

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or {}
        changes: dict[str, Any] = {}
        trials: dict[str, str] = {}
        for n in range(1, AT_ONCE + 1):
            rule, until = typed.get(f"rule_{n}"), typed.get(f"until_{n}")
            if not rule:
                continue
            if rule in changes:
                self.add_error(f"rule_{n}", _("This rule is there twice."))
            try:
                changes[rule] = read(rule, typed.get(f"value_{n}") or "")
            except ValueError:
                self.add_error(
                    f"value_{n}", _("It cannot be this. See beside the rule what it can be.")
                )
            if until is not None:
                trials[rule] = until.isoformat()
                self._check_trial(n, until)
        if not self.errors:
            self._check_together(changes)
        said = {"changes": changes, "trials": trials, "reason": typed.get("reason", "")}
        return {**said, "seen": typed["seen"]} if "seen" in typed else said

    def _check_trial(self, n: int, until: date) -> None:
        if not self.today < until <= self.today + timedelta(days=LONGEST_TRIAL_DAYS):
            self.add_error(f"until_{n}", _("Please give a day to come, within two years."))

    def _check_together(self, changes: Mapping[str, Any]) -> None:
        real = really_changed(self.standing, changes)
        if len(real) < len(changes):
            self.add_error(None, _("One of these rules would stay as it is."))
        elif misfits({**self.standing, **real}):
            self.add_error(
                None,
                _("These rules would not fit one another: a quorum cannot exceed its council."),
            )


class ElectionForm(forms.Form):
    """An office, for how long, and why."""

    def __init__(self, offices: list[str], most_months: int, data: Any = None) -> None:
        super().__init__(data)
        self.fields["office"] = forms.ChoiceField(
            label=gettext_lazy("Which office?"),
            choices=[(one, saying.OFFICES[one]) for one in offices],
            widget=forms.RadioSelect,
        )
        self.fields["months"] = _months(most_months)
        self.fields["reason"] = words(gettext_lazy("What makes this a good choice?"))


def _months(most: int) -> forms.IntegerField:
    return forms.IntegerField(
        label=gettext_lazy("For how many months?"),
        min_value=1,
        max_value=most,
        initial=most,
        help_text=gettext_lazy(
            "The office ends by itself then. Nothing renews it but another election."
        ),
    )


def named(find: FindPerson, typed: str) -> Person:
    """Return the one person of this name. ValidationError where there is none, or several."""
    found = find(typed)
    if len(found) != 1:
        said = (
            _("Several people have this name. Ask your coordinator to tell them apart.")
            if found
            else _("No member has exactly this name. Please check how they write it.")
        )
        raise forms.ValidationError(said)
    return found[0]


class ProposeElectionForm(ElectionForm):
    """The same, for another member, by name."""

    person = forms.CharField(
        label=gettext_lazy("Whom do you propose?"),
        max_length=200,
        help_text=gettext_lazy("Their name, as they write it here. They are asked first."),
    )
    field_order = ["person", "office", "months", "reason"]

    def __init__(
        self, find: FindPerson, offices: list[str], most_months: int, data: Any = None
    ) -> None:
        super().__init__(offices, most_months, data)
        self.find = find

    def clean_person(self) -> Person:
        return named(self.find, self.cleaned_data["person"])


class MonthsForm(forms.Form):
    """Another length of a term, as an amendment."""

    def __init__(
        self, most: int, months: int, reason: str = "", seen: int | None = None, data: Any = None
    ) -> None:
        super().__init__(data)
        self.fields["months"] = _months(most)
        self.fields["reason"] = words(gettext_lazy("Why?"))
        self.initial.update({"months": months, "reason": reason})
        if seen is not None:
            self.fields["seen"] = forms.IntegerField(widget=forms.HiddenInput)
            self.initial["seen"] = seen


class RecallForm(forms.Form):
    """Whom, and why; ``whom`` is an office and who holds it."""

    def __init__(self, holders: list[tuple[str, Person]], data: Any = None) -> None:
        super().__init__(data)
        self.fields["whom"] = forms.ChoiceField(
            label=gettext_lazy("Whom?"),
            choices=[
                (f"{office}:{one.pk}", f"{one.name} ({saying.OFFICES[office]})")
                for office, one in holders
            ],
            widget=forms.RadioSelect,
        )
        self.fields["reason"] = words(
            gettext_lazy("How is the office used against people?"),
            help_text=gettext_lazy(
                "Do not write what a case is about. Everybody in the community reads this."
            ),
        )


class HeardForm(forms.Form):
    word = words(
        gettext_lazy("What do you want to say?"),
        required=False,
        help_text=gettext_lazy(
            "It stands beside the proposal. Leave it empty to say nothing. Do not write what a "
            "case is about. Everybody in the community reads this."
        ),
    )


class CarryForm(forms.Form):
    """Who of the circle carries it with the author."""

    other = forms.CharField(
        label=gettext_lazy("Who carries it with you?"),
        max_length=200,
        help_text=gettext_lazy("The name of somebody of your circle. They are asked first."),
    )

    def __init__(self, find: FindPerson, data: Any = None) -> None:
        super().__init__(data)
        self.find = find

    def clean_other(self) -> Person:
        return named(self.find, self.cleaned_data["other"])


def _a_day(label: Any, help_text: Any = "") -> forms.DateField:
    return forms.DateField(
        label=label,
        help_text=help_text,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        input_formats=["%Y-%m-%d"],
    )


class AbsenceForm(forms.Form):
    """The first and the last day on which coordinators step back, within the charter."""

    def __init__(self, earliest: date, most_days: int, data: Any = None) -> None:
        super().__init__(data)
        self.earliest, self.most = earliest, most_days
        said = {"day": date_format(earliest, _("l j F Y")), "days": most_days}
        self.fields["from_on"] = _a_day(
            gettext_lazy("From which day?"), _("Not before %(day)s.") % said
        )
        self.fields["until"] = _a_day(
            gettext_lazy("Through which day?"), _("At most %(days)d days in all.") % said
        )
        self.initial["from_on"] = earliest
        self.initial["until"] = earliest + timedelta(days=max(most_days - 1, 0))

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or {}
        first, last = typed.get("from_on"), typed.get("until")
        if first is None or last is None:
            return typed
        if first < self.earliest:
            self.add_error("from_on", _("Please give a later day: it must be known before."))
        elif obstacles_to_span(first, last, earliest=self.earliest, most=self.most):
            self.add_error("until", _("Please give a day after the first, and not so late."))
        return typed


class RestForm(forms.Form):
    """Through which day one's own vote rests: a day to come, within a year."""

    def __init__(self, today: date, data: Any = None) -> None:
        super().__init__(data)
        self.today = today
        self.fields["until"] = _a_day(
            gettext_lazy("Through which day does your vote rest?"),
            gettext_lazy("It counts again by itself the day after."),
        )

    def clean_until(self) -> date:
        until: date = self.cleaned_data["until"]
        if not self.today <= until <= self.today + timedelta(days=LONGEST_REST_DAYS):
            raise forms.ValidationError(_("Please give a day to come, within a year."))
        return until
