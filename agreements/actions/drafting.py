"""Writing an agreement and its promises: who may, and what each change leaves behind."""

import json
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Max

from agreements import rules
from agreements.actions.locks import WRITTEN_IN, locked, locked_promise, obstacles_on_hold
from agreements.models import Agreement, Commitment
from agreements.querysets import live_for, versions_of
from cases.access import Standing, require
from cases.models import Case, Harm
from cases.writing import changing, day, record
from moves.core import Obstacle, Stale, refuse_if_any
from moves.machine import move
from people.models import Person


def may_draft(case: Case, who: Standing) -> bool:
    """Say whether a first or a new agreement can be begun: nothing is being written or signed.

    A plan in force whose case has come back from reparation gives way to a new one.
    """
    if not who.mediates or case.state not in WRITTEN_IN:
        return False
    live = live_for(case)
    return live is None or live.state == Agreement.State.IN_FORCE


def may_write(agreement: Agreement, case: Case, who: Standing) -> bool:
    """Say whether this person may change the words of this agreement."""
    return who.mediates and case.state in WRITTEN_IN and agreement.state == "drafting"


def may_redraft(agreement: Agreement, case: Case, who: Standing) -> bool:
    """Say whether a new version can be made from this one."""
    if agreement.state not in ("lapsed", "withdrawn") or not may_draft(case, who):
        return False
    return versions_of(case)[-1].version == agreement.version


def account_shown(agreement: Agreement) -> str:
    """Return the words that ``change_account`` writes over, as one text."""
    return "\n\n".join(filter(None, (agreement.account, agreement.proportion_reason)))


def commitment_shown(one: Commitment) -> str:
    """Return all that ``change_commitment`` writes over, as one text."""
    return _promise_text(
        what=one.what, unit=one.unit, amount=one.amount, due_on=one.due_on,
        if_missed=one.if_missed, harm=one.harm_id, promised_by=one.promised_by_id,
        promised_to=one.promised_to_id, confirmed_by=one.confirmed_by, category=one.category,
    )["all"]  # fmt: skip


def _promise_text(
    *, what: str, unit: str, amount: Decimal | None, due_on: date | None, if_missed: str,
    harm: Any, promised_by: Any, promised_to: Any, confirmed_by: str, category: str,
) -> dict[str, str]:  # fmt: skip
    # "all" decides whether something changed; "words" is what people are shown.
    number = "" if amount is None else f"{Decimal(amount):.2f}"
    words = [what, number, due_on.isoformat() if due_on else "", if_missed]
    hidden = [unit, str(harm or ""), str(promised_by), str(promised_to), confirmed_by, category]
    return {
        "words": "\n".join(filter(None, words)),
        "all": json.dumps([*words, *hidden], ensure_ascii=False),
    }


def draft_agreement(
    case: Case, *, by: Person, now: datetime, account: str, proportion_reason: str = ""
) -> Agreement:
    """Begin an agreement with what happened, in neutral words. Only mediators see a draft."""
    with changing(case.pk, by=by, now=now) as (case, who):
        require(may_draft(case, who))
        refuse_if_any(obstacles_on_hold(case))
        return begin_draft(case, by=by, now=now, account=account, reason=proportion_reason)


def begin_draft(
    case: Case, *, by: Person | None, now: datetime, account: str, reason: str
) -> Agreement:
    """Begin the next version; case locked. One in force that came back is broken by it."""
    before = live_for(case)
    if before is not None:
        before.ended_on = day(now)
        move(before, "fail", also=["ended_on"])
        record(case, "agreement_broken", by=by, now=now, agreement=str(before.pk))
    last = Agreement.objects.filter(case=case).aggregate(last=Max("version"))["last"] or 0
    agreement = Agreement(
        case=case,
        version=last + 1,
        account=account,
        proportion_reason=reason,
        drafted_on=day(now),
        supersedes=Agreement.objects.filter(case=case, version=last).first(),
    )
    agreement.save(force_insert=True)
    record(case, "agreement_drafted", by=by, now=now, agreement=str(agreement.pk))
    return agreement


def redraft(agreement: Agreement, *, by: Person, now: datetime) -> Agreement:
    """Make a new version of what was withdrawn or has lapsed, promises included."""
    with changing(agreement.case_id, by=by, now=now) as (case, who):
        agreement = locked(agreement, case)
        require(may_redraft(agreement, case, who))
        refuse_if_any(obstacles_on_hold(case))
        new = begin_draft(
            case, by=by, now=now, account=agreement.account, reason=agreement.proportion_reason
        )
        for one in agreement.commitments.of_who_is_here():
            Commitment.objects.create(
                agreement=new, number=one.number, harm_id=one.harm_id,
                promised_by_id=one.promised_by_id, promised_to_id=one.promised_to_id,
                what=one.what, unit=one.unit, amount=one.amount, due_on=one.due_on,
                confirmed_by=one.confirmed_by, if_missed=one.if_missed, state_since=day(now),
                category=one.category,
            )  # fmt: skip
        return new


def change_account(
    agreement: Agreement, *, by: Person, now: datetime, account: str, proportion_reason: str = "",
    seen: str,
) -> Agreement:  # fmt: skip
    """Write the account anew. Stale when somebody else changed what was ``seen``."""
    with changing(agreement.case_id, by=by, now=now) as (case, who):
        agreement = locked(agreement, case)
        require(may_write(agreement, case, who))
        refuse_if_any(obstacles_on_hold(case))
        if seen != rules.seen_digest(account_shown(agreement)):
            typed = Agreement(account=account, proportion_reason=proportion_reason)
            raise Stale(theirs=account_shown(typed), now_stands=account_shown(agreement))
        agreement.account, agreement.proportion_reason = account, proportion_reason
        agreement.save(update_fields=["account", "proportion_reason"])
        record(case, "agreement_changed", by=by, now=now, agreement=str(agreement.pk))
        return agreement


def _promise_fields(case: Case, typed: dict[str, Any]) -> dict[str, Any]:
    parties = {str(party.pk): party for party in case.parties.all()}
    harm = None
    if typed["harm"]:
        harm = Harm.objects.filter(case=case, pk=typed["harm"]).first()
        require(harm is not None)
    by, to = parties.get(str(typed["promised_by"])), parties.get(str(typed["promised_to"]))
    require(by is not None and to is not None and by != to)
    return {**typed, "harm": harm, "promised_by": by, "promised_to": to}


def obstacles_to_promise(case: Case) -> list[Obstacle]:
    """Return why no promise can be added: on hold, or nobody is named on one of the sides."""
    roles = {party.role for party in case.parties.all()}
    return obstacles_on_hold(case) + rules.obstacles_to_promise(roles)


def add_commitment(
    agreement: Agreement, *, by: Person, now: datetime, promised_by: str, promised_to: str,
    what: str, harm: str = "", unit: str = "act", amount: Decimal | None = None,
    due_on: date | None = None, confirmed_by: str = "harmed", if_missed: str = "",
    category: str = "",
) -> Commitment:  # fmt: skip
    """Add a promise to a draft. What is missing in it is asked for before it is offered."""
    with changing(agreement.case_id, by=by, now=now) as (case, who):
        agreement = locked(agreement, case)
        require(may_write(agreement, case, who))
        refuse_if_any(obstacles_to_promise(case))
        typed: dict[str, Any] = {
            "promised_by": promised_by, "promised_to": promised_to, "what": what, "harm": harm,
            "unit": unit, "amount": amount, "due_on": due_on, "confirmed_by": confirmed_by,
            "if_missed": if_missed, "category": category,
        }  # fmt: skip
        last = agreement.commitments.aggregate(last=Max("number"))["last"] or 0
        commitment = Commitment(
            agreement=agreement, number=last + 1, state_since=day(now),
            **_promise_fields(case, typed),
        )  # fmt: skip
        commitment.save(force_insert=True)
        record(case, "commitment_added", by=by, now=now, commitment=str(commitment.pk))
        return commitment


def change_commitment(
    commitment: Commitment, *, by: Person, now: datetime, seen: str, promised_by: str,
    promised_to: str, what: str, harm: str = "", unit: str = "act",
    amount: Decimal | None = None, due_on: date | None = None, confirmed_by: str = "harmed",
    if_missed: str = "", category: str = "",
) -> Commitment:  # fmt: skip
    """Change a promise in a draft. Stale when somebody else changed what was ``seen``."""
    with changing(commitment.agreement.case_id, by=by, now=now) as (case, who):
        commitment = locked_promise(commitment, case)
        require(may_write(commitment.agreement, case, who))
        refuse_if_any(obstacles_on_hold(case))
        typed: dict[str, Any] = {
            "promised_by": promised_by, "promised_to": promised_to, "what": what, "harm": harm,
            "unit": unit, "amount": amount, "due_on": due_on, "confirmed_by": confirmed_by,
            "if_missed": if_missed, "category": category,
        }  # fmt: skip
        if seen != rules.seen_digest(commitment_shown(commitment)):
            stands: dict[str, Any] = {
                "promised_by": commitment.promised_by_id, "harm": commitment.harm_id,
                "promised_to": commitment.promised_to_id, "what": commitment.what,
                "unit": commitment.unit, "amount": commitment.amount,
                "due_on": commitment.due_on, "confirmed_by": commitment.confirmed_by,
                "if_missed": commitment.if_missed, "category": commitment.category,
            }  # fmt: skip
            raise Stale(
                theirs=_promise_text(**typed)["words"], now_stands=_promise_text(**stands)["words"]
            )
        for name, value in _promise_fields(case, typed).items():
            setattr(commitment, name, value)
        commitment.save(update_fields=list(typed))
        record(case, "commitment_changed", by=by, now=now, commitment=str(commitment.pk))
        return commitment


def remove_commitment(commitment: Commitment, *, by: Person, now: datetime) -> Agreement:
    """Take a promise out of a draft; the others move up. Return the agreement."""
    with changing(commitment.agreement.case_id, by=by, now=now) as (case, who):
        commitment = locked_promise(commitment, case)
        agreement = commitment.agreement
        require(may_write(agreement, case, who))
        refuse_if_any(obstacles_on_hold(case))
        record(case, "commitment_removed", by=by, now=now, commitment=str(commitment.pk))
        commitment.delete()
        for number, one in enumerate(agreement.commitments.order_by("number"), start=1):
            Commitment.objects.filter(pk=one.pk).update(number=number)
        return agreement
