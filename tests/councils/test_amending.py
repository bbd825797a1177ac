"""What an amendment changes beside the words: the support, the safety finding, or a promise."""

from datetime import timedelta
from typing import Any

import pytest

from cases.models import Case
from councils.actions import amending, deciding
from councils.forms import AmendDecisionForm
from councils.models import Council, Decision, PlanChange
from councils.reading import beside_amendments
from deliberation.actions import speaking
from deliberation.models import Amendment, Objection
from moves.core import Hidden
from moves.groups import Group, grouped
from tests.councils import deciding as d
from tests.councils import people as p
from tests.factories import TODAY, responsible

pytestmark = pytest.mark.django_db
LATER = d.LATER
SAFETY = {
    "threat": "He waits at her door at night.", "limits": "He keeps to the other street.",
    "review_on": TODAY + timedelta(days=10), "ends_on": TODAY + timedelta(days=20),
}  # fmt: skip


def objected(course: str = "nothing", *, threat: bool = False) -> tuple[Case, Council, Decision]:
    """A decision to which one member objects; the others consent."""
    case, cole = p.make_case_for_council()
    council = d.deliberating(case, cole)
    d.find(council)
    author, objects, *_rest = d.members(council)
    decision = deciding.propose_decision(
        council, by=author, now=LATER, course=course, text="As it is.", account="Panes broke.",
        support="Two neighbours bring meals.",
    )  # fmt: skip
    if course == "agreement":
        deciding.plan_promise(decision, by=author, now=LATER, **d.promise_of(case))
    if threat:
        deciding.find_threat(
            decision, by=author, now=LATER, about=str(responsible(case).pk),
            alternatives=[{"what": "Talks", "why_not": "He does not come."}], **SAFETY,
        )  # fmt: skip
    d.to_consent(council, decision.proposal, now=LATER)
    d.act(
        council, speaking.object_to, decision.proposal, by=objects, now=LATER, against_aim=True,
        why="It does too little.",
    )  # fmt: skip
    d.all_consent(council, decision.proposal, now=LATER, but=[objects])
    return case, council, Decision.objects.get(pk=decision.pk)


def offered(council: Council, **typed: Any) -> str:
    """Offer an amendment; return what is read beside it."""
    mends = d.members(council)[2]
    made = d.act(
        council, amending.offer_amendment, Objection.objects.get(), by=mends, now=LATER,
        text="As it should be.", **typed,
    )  # fmt: skip
    return beside_amendments(Decision.objects.get())[str(made.pk)]


def accepted(council: Council) -> Decision:
    """Let the objector accept it; return the decision as it is then."""
    objects = d.members(council)[1]
    d.act(council, amending.accept_amendment, Amendment.objects.get(), by=objects, now=LATER)
    return Decision.objects.get()


def test_the_support_changes_once_it_is_accepted_and_not_before() -> None:
    _case, council, decision = objected()
    assert "Four neighbours" in offered(council, support="Four neighbours bring meals.")
    assert Decision.objects.get().support == "Two neighbours bring meals."
    assert accepted(council).support == "Four neighbours bring meals."
    d.all_consent(council, decision.proposal, now=LATER)
    assert Decision.objects.get().adopted_on == LATER.date()


def test_support_taken_out_is_not_the_same_as_left() -> None:
    _case, council, _decision = objected()
    assert "taken out" in offered(council, support="")
    assert accepted(council).support == ""


def test_a_safety_finding_becomes_milder_and_what_was_weighed_stays() -> None:
    _case, council, _decision = objected(threat=True)
    milder = {**SAFETY, "limits": "He greets from afar.", "ends_on": TODAY + timedelta(days=12)}
    assert "He greets from afar." in offered(council, safety=milder)
    safety = accepted(council).safety
    assert (safety.limits, safety.ends_on) == ("He greets from afar.", milder["ends_on"])
    assert "He does not come." in safety.alternatives


def test_a_safety_finding_can_be_taken_out() -> None:
    _case, council, _decision = objected(threat=True)
    offered(council, drops_safety=True)
    assert not hasattr(accepted(council), "safety")


@pytest.mark.parametrize(
    "typed", [{"safety": SAFETY}, {"drops_safety": True}, {"changes": "new", "promise": {}}]
)
def test_what_a_decision_cannot_hold_cannot_be_amended_in(typed: dict[str, Any]) -> None:
    _case, council, _decision = objected()
    with pytest.raises(Hidden):
        offered(council, **typed)
    assert not PlanChange.objects.exists()


def test_a_safety_finding_does_not_outlast_the_charter() -> None:
    _case, council, _decision = objected(threat=True)
    with pytest.raises(ValueError, match="not the times"):
        offered(council, safety={**SAFETY, "ends_on": TODAY + timedelta(days=400)})


def form_for(case: Case, decision: Decision, data: Any = None) -> AmendDecisionForm:
    charter = decision.council.charter_version.charter
    return AmendDecisionForm("As it is.", case, decision, charter, TODAY, data)


@pytest.mark.parametrize(
    ("course", "threat", "parts"),
    [
        ("nothing", False, ["text", "support"]),
        ("agreement", False, ["text", "plan", "support"]),
        ("agreement", True, ["text", "plan", "support", "safety"]),
    ],
)
def test_the_form_asks_only_for_what_this_decision_can_hold(
    course: str, threat: bool, parts: list[str]
) -> None:
    case, _council, decision = objected(course, threat=threat)
    assert [one.key for one in form_for(case, decision).groups] == parts
    left = form_for(case, decision, {"text": "So.", "support": decision.support})
    assert left.is_valid(), left.errors
    kept = [left.cleaned_data[name] for name in ("support", "promise", "safety")]
    assert kept == [None, None, None]


def test_a_finding_that_changes_needs_its_reasons_and_days() -> None:
    case, _council, decision = objected(threat=True)
    days = {"review_on": "2020-01-01", "ends_on": "2020-02-01"}
    form = form_for(case, decision, {"text": "So.", "safety": "change", **days})
    assert not form.is_valid()
    assert set(form.errors) >= {"threat", "review_on"}


def test_no_field_is_lost_between_the_groups_of_a_form() -> None:
    case, _council, decision = objected()
    with pytest.raises(ValueError, match="support"):
        grouped(form_for(case, decision), Group("text", "The words", ("text",)))
