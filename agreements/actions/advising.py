"""Asking what other cases teach, and what people answer to it. Nothing is added by itself."""

import json
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.module_loading import import_string

from agreements.actions.drafting import add_commitment, may_write, obstacles_to_promise
from agreements.actions.locks import locked, obstacles_on_hold
from agreements.actions.past import counted_for, left_of, past_of, promised_for
from agreements.advice import Adviser, Situation, Suggested, guarded
from agreements.models import Agreement, Commitment, Suggestion
from agreements.rules import by_mediator
from cases.access import Standing, require
from cases.models import Case, Party
from cases.writing import changing, day, record
from moves.core import Hidden, Obstacle, refuse_if_any
from moves.machine import move
from people.models import Person

# What of a suggestion has a column of its own, or is kept sealed beside its evidence.
NOT_EVIDENCE = {"harm", "category", "unit", "amount", "said"}


def adviser_of(case: Case) -> Adviser | None:
    """Return the adviser of the charter this case was opened under; None where it allows none."""
    charter = case.charter_version.charter
    path = settings.ADVISERS.get(charter.adviser) if charter.algorithmic_proposals else None
    made: Adviser | None = import_string(path)() if path else None
    return made


def may_ask(case: Case, who: Standing) -> bool:
    """Say whether this person may ask: who writes the agreement, or sits on the case's council."""
    writes = who.mediates and case.state in ("mediation", "council")
    sits = who.sits and case.state == Case.State.COUNCIL
    return (writes or sits) and adviser_of(case) is not None


def may_ask_for(agreement: Agreement, case: Case, who: Standing) -> bool:
    """Say whether this person may ask for this agreement: only while it is being written."""
    return agreement.state == Agreement.State.DRAFTING and may_ask(case, who)


def may_draft_from(suggestion: Suggestion, case: Case, who: Standing) -> bool:
    """Say whether this person may draft a promise from a suggestion that has no answer yet."""
    waits = suggestion.state == Suggestion.State.SHOWN and adviser_of(case) is not None
    agreement = suggestion.agreement
    return agreement is not None and waits and may_write(agreement, case, who)


def may_refuse(suggestion: Suggestion, case: Case, who: Standing) -> bool:
    """Say whether this person may refuse a suggestion that has no answer yet."""
    waits, agreement = suggestion.state == Suggestion.State.SHOWN, suggestion.agreement
    return agreement is not None and waits and may_ask_for(agreement, case, who)


def obstacles_to_ask(case: Case) -> list[Obstacle]:
    """Return why nothing can be asked yet: on hold, or nobody has said what was lost."""
    found = obstacles_on_hold(case)
    if not case.harms.all():
        found.append(by_mediator("harm_not_stated"))
    return found


def obstacles_to_take_over(suggestion: Suggestion, case: Case) -> list[Obstacle]:
    """Return why it cannot be taken over as it is: with it, more would be promised than lost."""
    found = obstacles_to_promise(case)
    if more_than_is_left(suggestion, _promises_of(suggestion.agreement)):
        found.append(by_mediator("more_than_is_left"))
    return found


def more_than_is_left(suggestion: Suggestion, promises: Iterable[Any]) -> bool:
    """Say whether, with these promises of its draft, more would be promised than was lost."""
    if suggestion.amount is None or suggestion.unit != suggestion.harm.unit:
        return False
    left = left_of(promises, suggestion.harm)
    return left is not None and suggestion.amount > left


def _promises_of(agreement: Agreement | None) -> Iterable[Any]:
    return [] if agreement is None else agreement.commitments.all()


def situations(promises: Iterable[Any], case: Case) -> list[Situation]:
    """Return what an adviser is told of a case: each harm, and how many there are and how young.

    ``promises`` are those of the draft, which answer some of the harm already.
    """
    parties, promises = list(case.parties.all()), list(promises)
    harmed = [one for one in parties if one.role == Party.Role.HARMED]
    return [
        Situation(
            harm=harm.pk,
            kind=case.kind,
            unit=harm.unit,
            amount=harm.amount,
            promised=promised_for(promises, harm),
            harmed=len(harmed),
            responsible=len(parties) - len(harmed),
            young=any(one.minor for one in harmed),
        )
        for harm in case.harms.all()
    ]


def advice_for(promises: Iterable[Any], case: Case, adviser: Adviser) -> list[Suggested]:
    """Return what the adviser proposes for every harm of a case, with nothing stored.

    What any adviser says goes through the guard.
    """
    counted = counted_for(case)
    past = past_of(case, counted.communities)
    found = []
    for asked in situations(promises, case):
        said = adviser.propose(asked, past, smallest=counted.smallest)
        found += guarded(said, asked, smallest=counted.smallest)
    return found


def ask_advice(agreement: Agreement, *, by: Person, now: datetime, kind: str) -> Agreement:
    """Count what cases of this ``kind`` teach, and show it beside the draft.

    The kind is noted on the case, so that it can be found by it later. What was shown for this
    draft before is not shown again.
    """
    with changing(agreement.case_id, by=by, now=now) as (case, who):
        agreement = locked(agreement, case)
        require(may_ask_for(agreement, case, who))
        refuse_if_any(obstacles_to_ask(case))
        adviser = adviser_of(case)
        if adviser is None:
            raise Hidden
        note_kind(case, kind)
        shown = advice_for(_promises_of(agreement), case, adviser)
        new = show_new(shown, list(agreement.suggestions.all()), case, now=now, agreement=agreement)
        agreement.advised_on = day(now)
        agreement.save(update_fields=["advised_on"])
        record(
            case, "advice_asked", by=by, now=now, agreement=str(agreement.pk),
            shown=str(len(new)),
        )  # fmt: skip
        return agreement


def note_kind(case: Case, kind: str) -> None:
    """Note the kind of harm with a locked case: by it, it is found later."""
    if case.kind != kind:
        case.kind = kind
        case.save(update_fields=["kind"])


def show_new(
    shown: list[Suggested], before: Iterable[Suggestion], case: Case, *, now: datetime,
    agreement: Agreement | None = None,
) -> list[Suggestion]:  # fmt: skip
    """Store what was not shown for this draft ``before``, and return it."""
    known = {(one.harm_id, one.category, one.unit) for one in before}
    new = []
    for one in shown:
        harm = UUID(str(one.harm))
        form = (harm, one.category, one.unit)
        if form in known:
            continue
        known.add(form)
        evidence = {key: it for key, it in asdict(one).items() if key not in NOT_EVIDENCE}
        said = json.dumps([str(key) for key in one.said]) if one.said else ""
        new.append(
            Suggestion.objects.create(
                agreement=agreement, harm_id=harm, adviser=case.charter_version.charter.adviser,
                category=one.category, unit=one.unit, amount=one.amount, evidence=evidence,
                sentences=said, shown_on=day(now),
            )
        )  # fmt: skip
    return new


def locked_suggestion(suggestion: Suggestion, case: Case) -> Suggestion:
    """Return this suggestion of this case, read anew and locked."""
    return (
        Suggestion.objects.select_for_update(of=("self",))
        .select_related("agreement", "harm")
        .get(pk=suggestion.pk, harm__case=case)
    )


def fields_of(suggestion: Suggestion, case: Case) -> dict[str, Any]:
    """Return a promise as this suggestion has it; what exactly, and by when, is for people."""
    by = next((one for one in case.parties.all() if one.role == Party.Role.RESPONSIBLE), None)
    return {
        "promised_by": str(by.pk) if by else "",
        "promised_to": str(suggestion.harm.party_id),
        "what": str(suggestion.get_category_display()),
        "harm": str(suggestion.harm_id),
        "category": suggestion.category,
        "unit": suggestion.unit,
        "amount": suggestion.amount,
    }


def _draft_of(suggestion: Suggestion) -> Agreement:
    if suggestion.agreement is None:
        raise Hidden
    return suggestion.agreement


def take_over_suggestion(
    suggestion: Suggestion, *, by: Person, now: datetime, why: str, reason: str = ""
) -> Suggestion:
    """Draft a promise in the form suggested. What exactly and by when is still to be written."""
    with changing(suggestion.harm.case_id, by=by, now=now) as (case, who):
        suggestion = locked_suggestion(suggestion, case)
        require(may_draft_from(suggestion, case, who))
        refuse_if_any(obstacles_to_take_over(suggestion, case))
        commitment = add_commitment(
            _draft_of(suggestion), by=by, now=now, **fields_of(suggestion, case)
        )
        return answer(
            suggestion, case, "take_over", by=by, now=now, why=why, reason=reason,
            commitment=commitment,
        )  # fmt: skip


def change_suggestion(
    suggestion: Suggestion, *, by: Person, now: datetime, why: str, reason: str = "",
    **promise: Any,
) -> Suggestion:  # fmt: skip
    """Draft a promise from a suggestion, changed; ``promise`` is what ``add_commitment`` takes."""
    with changing(suggestion.harm.case_id, by=by, now=now) as (case, who):
        suggestion = locked_suggestion(suggestion, case)
        require(may_draft_from(suggestion, case, who))
        refuse_if_any(obstacles_to_promise(case))
        commitment = add_commitment(_draft_of(suggestion), by=by, now=now, **promise)
        return answer(
            suggestion, case, "change", by=by, now=now, why=why, reason=reason,
            commitment=commitment,
        )  # fmt: skip


def refuse_suggestion(
    suggestion: Suggestion, *, by: Person, now: datetime, why: str, reason: str = ""
) -> Suggestion:
    """Say that a suggestion is not for this case. It is not shown again for this draft."""
    with changing(suggestion.harm.case_id, by=by, now=now) as (case, who):
        suggestion = locked_suggestion(suggestion, case)
        require(may_refuse(suggestion, case, who))
        refuse_if_any(obstacles_on_hold(case))
        return answer(suggestion, case, "refuse", by=by, now=now, why=why, reason=reason)


def answer(
    suggestion: Suggestion, case: Case, transition: str, *, by: Person, now: datetime, why: str,
    reason: str, commitment: Commitment | None = None,
) -> Suggestion:  # fmt: skip
    """Note what people made of a suggestion, and why; the case is locked, and who may was asked."""
    suggestion.why, suggestion.answered_on = why, day(now)
    suggestion.commitment = commitment
    move(suggestion, transition, also=["why", "answered_on", "commitment"])
    suggestion.reason = reason
    suggestion.save(update_fields=["reason"])
    record(
        case, f"suggestion_{suggestion.state}", by=by, now=now, suggestion=str(suggestion.pk)
    )  # fmt: skip
    return suggestion
