"""What a member types who answers an objection: words, and what goes with them, part by part."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from agreements.forms import CommitmentForm
from cases.forms import long_text
from cases.models import Case
from communities.charter import Charter
from councils.forms.deciding import WHO_READS, ThreatForm, check_times
from councils.models import Decision, PlannedPromise
from moves.groups import Group, grouped

PLAN = (
    "promised_by", "promised_to", "what", "category", "harm", "unit", "amount", "due_on",
    "confirmed_by", "if_missed",
)  # fmt: skip
SAFETY = ("threat", "limits", "placement", "review_on", "ends_on", "interim_until")
NEEDED = ("threat", "review_on", "ends_on")
# Not left to whoever types: a choice that stays as it is, or needed with one that does not.
ASKED = (
    "changes", "promised_by", "promised_to", "what", "unit", "due_on", "confirmed_by", "safety",
    *NEEDED,
)  # fmt: skip


class AmendDecisionForm(CommitmentForm):
    """Words that answer an objection, and what changes with them.

    It asks only for what this decision can hold: a plan where it proposes an agreement, and a
    safety finding where it has one. The fields of a promise are needed only where one is added or
    changed, and those of a safety finding only where it changes.
    """

    text = long_text(_("The whole text, as it should be"))
    changes = forms.ChoiceField(label=_("And the plan?"), required=False)
    support = long_text(
        _("What does the community do for the person harmed?"),
        WHO_READS,
        required=False,
    )
    safety = forms.ChoiceField(
        label=_("And the safety finding?"),
        required=False,
        choices=[
            ("", _("It stays as it is")),
            ("change", _("It becomes what stands below")),
            ("remove", _("Without it")),
        ],
    )

    def __init__(
        self, text: str, case: Case, decision: Decision, charter: Charter, today: date,
        data: Any = None,
    ) -> None:  # fmt: skip
        super().__init__(case, data)
        self.decision, self.charter, self.today = decision, charter, today
        self.initial.update(text=text, support=decision.support)
        self._with_plan()
        self._with_safety()
        for name in ASKED:
            if name in self.fields:
                self.fields[name].asked = True  # type: ignore[attr-defined]

    def _with_plan(self) -> None:
        if self.decision.course != Decision.Course.AGREEMENT:
            for name in ("changes", *PLAN):
                del self.fields[name]
            return
        for name in PLAN:
            self.fields[name].required = False
        choices = plan_choices(list(self.decision.promises.all()))
        self.fields["changes"].choices = choices  # type: ignore[attr-defined]

    def _with_safety(self) -> None:
        found = getattr(self.decision, "safety", None)
        if found is None:
            del self.fields["safety"]
            return
        for name in SAFETY:
            self.fields[name] = ThreatForm.base_fields[name].__deepcopy__({})
            self.fields[name].required = False
            self.initial[name] = getattr(found, name)

    @property
    def groups(self) -> list[Group]:
        """The fields in their parts, in the order in which a decision is read."""
        return grouped(
            self,
            Group("text", _("The words"), ("text",)),
            Group(
                "plan", _("The plan"), ("changes",),
                within=Group("promise", _("The promise, where one is added or changed"), PLAN),
            ),
            Group("support", _("The support"), ("support",)),
            Group(
                "safety", _("The safety finding"), ("safety",),
                within=Group("finding", _("As it should be, where it changes"), SAFETY),
            ),
        )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        support = cleaned.pop("support", "")
        return {
            **{name: cleaned[name] for name in ("text", "changes") if name in cleaned},
            "promise": self._promise(cleaned),
            "support": None if support == self.decision.support else support,
            **self._safety(cleaned),
        }

    def _promise(self, cleaned: dict[str, Any]) -> dict[str, Any] | None:
        changes = cleaned.get("changes", "")
        if not changes or changes.startswith("remove:"):
            self._forgive(PLAN)
            return None
        self._demand(cleaned, ("what", "due_on"))
        return {name: cleaned.get(name) for name in PLAN}

    def _safety(self, cleaned: dict[str, Any]) -> dict[str, Any]:
        wanted = cleaned.get("safety", "")
        if wanted != "change":
            self._forgive(SAFETY)
            return {"safety": None, "drops_safety": wanted == "remove"}
        self._demand(cleaned, NEEDED)
        check_times(self, cleaned, self.charter, self.today)
        return {"safety": {name: cleaned.get(name) for name in SAFETY}, "drops_safety": False}

    def _forgive(self, names: Sequence[str]) -> None:
        # What stands in the fields of a part that stays as it is, is no mistake.
        for name in names:
            self.errors.pop(name, None)

    def _demand(self, cleaned: dict[str, Any], names: Sequence[str]) -> None:
        for name in names:
            if not cleaned.get(name) and name not in self.errors:
                self.add_error(name, ValidationError(_("Please say this too.")))


def plan_choices(planned: Sequence[PlannedPromise]) -> list[tuple[str, str]]:
    """Return what can become of a plan: it stays, or one promise more, another, or out."""
    choices = [("", gettext("It stays as it is")), ("new", gettext("One promise more"))]
    for one in planned:
        said = {"number": one.number, "what": one.what[:60]}
        choices += [
            (str(one.pk), gettext("Promise %(number)s becomes another: %(what)s") % said),
            (f"remove:{one.pk}", gettext("Without promise %(number)s: %(what)s") % said),
        ]
    return choices
