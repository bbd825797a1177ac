"""What a person reads of what a council found and decided; made for one viewer.

Before it is adopted, only the council and the guardian of its process know of a proposal. What
was adopted is read by both sides with its reasons; why somebody is called a threat is read by
that person, and by the other side only how the community protects itself.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Prefetch
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from cases.access import Standing
from cases.models import Case, Harm
from councils.actions.appealing import appeal_until
from councils.actions.deciding import Promise, may_write
from councils.actions.sitting import serves, speaks_for
from councils.actions.table import SUBJECT
from councils.models import (
    Appeal,
    Council,
    Decision,
    Finding,
    PlanChange,
    PlannedPromise,
    Recall,
    Seat,
)
from deliberation.models import Proposal, TextVersion
from moves.days import in_words

BEGUN = ("deliberating", "decided", "dissolved")


def decided_things(
    councils: Sequence[Council], seats: Sequence[Seat], who: Standing
) -> list[tuple[str, Any]]:
    """Return the decisions, drafts, appeals and recalls this person may know of."""
    found: list[tuple[str, Any]] = []
    for decision in decisions_of(councils, who):
        found.append(("decision", decision))
        if decision.adopted_on is None and may_write(decision, who.person_id):
            found += [("planned", one) for one in decision.promises.all()]
        if decision.adopted_on is not None:
            found += [("appeal", one) for one in decision.appeals.all() if _knows(one, who)]
    by_seat = {seat.pk: seat for seat in seats}
    for recall in recalls_of(councils, seats, who):
        recall.seat = by_seat[recall.seat_id]
        found.append(("recall", recall))
    return found


def _knows(appeal: Appeal, who: Standing) -> bool:
    """Say whether this person reads an appeal: both parties, and who sees that it is heard.

    A supporter reads that of their own side. The panel reads it in its packet.
    """
    mine = {party.pk for party in who.sides()}
    sees_to_it = who.coordinates or who.guards_process
    return sees_to_it or appeal.party_id in mine or bool(speaks_for(who))


def decisions_of(councils: Sequence[Council], who: Standing) -> list[Decision]:
    """Return what was adopted, and to who serves on it, what its council has before itself.

    Whoever hears an appeal reads nothing of the council before until their own packet is made.
    """
    begun = {council.pk: council for council in councils if council.state in BEGUN}
    if not begun:
        return []
    inside = {pk for pk, council in begun.items() if serves(council, who)}
    too_early = _waits_for_packet(councils, who)
    promises = PlannedPromise.objects.select_related("promised_by__person", "promised_to__person")
    decisions = (
        Decision.objects.filter(council__in=begun)
        .select_related(
            "proposal__circle", "proposal__author", "proposal__by_consent",
            "proposal__by_supermajority", "agreement", "safety__about__person",
        )
        .prefetch_related(
            Prefetch("proposal__texts", TextVersion.objects.order_by("number")),
            Prefetch("promises", promises.order_by("number")),
            Prefetch("appeals", Appeal.objects.select_related("party")),
        )
    )  # fmt: skip
    shown = []
    for decision in decisions:
        if decision.council_id not in inside and (too_early or decision.adopted_on is None):
            continue
        decision.council = begun[decision.council_id]
        for appeal in decision.appeals.all():
            appeal.decision = decision
        for promise in decision.promises.all():
            promise.decision = decision
        shown.append(decision)
    return shown


def _waits_for_packet(councils: Sequence[Council], who: Standing) -> bool:
    """Say whether this person serves here alone, on councils whose packet is not made yet."""
    if not who.only_serves:
        return False
    return not any(hasattr(one, "packet") for one in councils if serves(one, who))


def recalls_of(councils: Sequence[Council], seats: Sequence[Seat], who: Standing) -> list[Recall]:
    """Return the recalls this person may know of: who asked, whom it is about, and the rest."""
    mine = {council.pk for council in councils if serves(council, who)}
    of = [seat.pk for seat in seats if seat.council_id in mine]
    if not of:
        return []
    return list(Recall.objects.filter(seat__in=of).select_related("proposal"))


@dataclass(frozen=True)
class Line:
    """One promise of a plan, in words."""

    number: int
    by: str
    to: str
    what: str
    how_much: str
    due_on: date | None
    if_missed: str


@dataclass(frozen=True)
class Threat:
    """A safety finding for one reader; ``threat`` is empty for who only learns of the limits."""

    about: str
    threat: str
    alternatives: list[dict[str, str]]
    limits: str
    placement: bool
    aims: str
    review_on: date
    ends_on: date
    interim_until: date | None


@dataclass(frozen=True)
class DecisionShown:
    """A decision as one person reads it."""

    id: str
    label: str
    course: str
    state: str
    reasons: str
    support: str
    account: str
    plan: list[Line]
    threat: Threat | None
    findings: list["FindingShown"]
    appeal_until: date | None
    stands: bool
    url: str


@dataclass(frozen=True)
class FindingShown:
    """A finding that was adopted, with its grounds."""

    kind: str
    text: str
    grounds: str


def text_of(proposal: Proposal) -> str:
    """Return the words as they stand, from prefetched texts."""
    return next(one.text for one in proposal.texts.all() if one.number == proposal.version)


def decision_shown(decision: Decision, case: Case, who: Standing, today: date) -> DecisionShown:
    """Return a decision for one reader, with the findings its council adopted."""
    adopted = decision.adopted_on is not None
    safety = getattr(decision, "safety", None)
    return DecisionShown(
        id=str(decision.pk),
        label=str(decision.get_course_display()),
        course=decision.course,
        state=state_words(decision, today),
        reasons=text_of(decision.proposal),
        support=decision.support,
        account=decision.account,
        plan=[line_of(one) for one in decision.promises.all()],
        threat=threat_for(safety, who, decision) if safety is not None else None,
        findings=findings_of(decision.council) if adopted else [],
        appeal_until=appeal_until(decision, case) if decision.appeal_until else None,
        stands=adopted and decision.replaced_on is None,
        url=proposal_url(case, decision.proposal) if serves(decision.council, who) else "",
    )


def beside_amendments(decision: Decision) -> dict[str, str]:
    """Return, by an amendment's id, what accepting it changes of the plan, in words."""
    changes = PlanChange.objects.filter(decision=decision).select_related("promise")
    return {str(one.amendment_id): change_words(one) for one in changes}


def change_words(change: PlanChange) -> str:
    """Return in words what an amendment changes of the plan."""
    number = change.promise.number if change.promise is not None else 0
    if change.removes:
        return _("Promise %(number)s is taken out.") % {"number": number}
    typed = Promise.of(change.typed)
    said = [typed.what]
    if typed.amount is not None:
        said.append(f"{typed.amount} ({dict(Harm.Unit.choices)[typed.unit]})")
    if typed.due_on is not None:
        said.append(_("by %(day)s") % {"day": date_format(typed.due_on, _("l j F Y"))})
    if typed.if_missed:
        said.append(_("if it cannot be kept: %(what)s") % {"what": typed.if_missed})
    what = " · ".join(said)
    if change.promise is None:
        return _("One promise more: %(what)s") % {"what": what}
    return _("Promise %(number)s becomes: %(what)s") % {"number": number, "what": what}


def line_of(one: PlannedPromise) -> Line:
    """Return a promise of a plan in words."""
    amount = "" if one.amount is None else f"{one.amount} ({one.get_unit_display()})"
    return Line(
        number=one.number, by=one.promised_by.person.name, to=one.promised_to.person.name,
        what=one.what, how_much=amount, due_on=one.due_on, if_missed=one.if_missed,
    )  # fmt: skip


def threat_for(safety: Any, who: Standing, decision: Decision) -> Threat:
    """Return a safety finding for one reader.

    In full for the person it is about and who stands beside them, the council, and the
    mediators; the other side learns how the community protects itself, and until when.
    """
    about = {party.pk for party in who.sides()} | {party.pk for party in who.guards}
    whole = serves(decision.council, who) or who.mediates or safety.about_id in about
    return Threat(
        about=safety.about.person.name,
        threat=safety.threat if whole else "",
        alternatives=json.loads(safety.alternatives) if whole and safety.alternatives else [],
        limits=safety.limits,
        placement=safety.placement and whole,
        aims=safety.aims if whole else "",
        review_on=safety.review_on,
        ends_on=safety.ends_on,
        interim_until=safety.interim_until,
    )


def findings_of(council: Council) -> list[FindingShown]:
    """Return the findings a council has adopted, in their order."""
    found = council.findings.filter(adopted_on__isnull=False).select_related("proposal")
    adopted = found.prefetch_related(
        Prefetch("proposal__texts", TextVersion.objects.order_by("number"))
    )
    return [
        FindingShown(str(one.get_kind_display()), text_of(one.proposal), one.grounds)
        for one in adopted
    ]


def state_words(decision: Decision, today: date) -> str:
    """Return where a decision stands, in words."""
    if decision.replaced_on is not None:
        return _("No longer stands, since %(day)s.") % {
            "day": in_words(decision.replaced_on, today)
        }
    if decision.adopted_on is None:
        return _("Before the council.") if not decision.proposal.outcome else _("Not adopted.")
    said = _("Adopted %(day)s.") % {"day": in_words(decision.adopted_on, today)}
    if decision.effective_on is not None:
        day = in_words(decision.effective_on, today)
        return said + " " + _("In effect since %(day)s.") % {"day": day}
    return said


def proposal_url(case: Case, proposal: Proposal) -> str:
    """Return where the council's round on a proposal is seen."""
    return reverse("cases:proposal", args=[case.reference, proposal.pk])


def proposals_of(council: Council) -> list[str]:
    """Return the ids of everything proposed in a council's circles; for who serves on it."""
    found = Proposal.objects.filter(
        circle__subject_kind=SUBJECT, circle__subject_id=str(council.pk)
    )
    return [str(pk) for pk in found.order_by("at", "pk").values_list("pk", flat=True)]


# ── The council's table ──────────────────────────────────────────────────────


@dataclass(frozen=True)
class AtTable:
    """One proposal on the council's table: what it is about, where it is, and its page."""

    label: str
    text: str
    state: str
    url: str
    open: bool


def on_the_table(council: Council, case: Case) -> list[AtTable]:
    """Return everything proposed in this council, the newest first; for who serves on it."""
    texts = Prefetch("proposal__texts", TextVersion.objects.order_by("number"))
    found: list[Finding | Decision] = [
        *council.findings.select_related(
            "proposal__by_consent", "proposal__by_supermajority"
        ).prefetch_related(texts),
        *council.decisions.select_related(
            "proposal__by_consent", "proposal__by_supermajority"
        ).prefetch_related(texts),
    ]
    found.sort(key=lambda one: one.proposal.at, reverse=True)
    return [_at_table(one, case) for one in found]


def _at_table(one: Finding | Decision, case: Case) -> AtTable:
    proposal = one.proposal
    if isinstance(one, Finding):
        label = _("Finding: %(kind)s") % {"kind": one.get_kind_display()}
    else:
        label = _("Decision: %(course)s") % {"course": one.get_course_display()}
    machine = getattr(proposal, "by_consent", None) or getattr(proposal, "by_supermajority", None)
    state = str(machine.get_state_display()) if machine is not None else ""
    return AtTable(
        label=label, text=text_of(proposal), state=state, url=proposal_url(case, proposal),
        open=not proposal.outcome,
    )  # fmt: skip
