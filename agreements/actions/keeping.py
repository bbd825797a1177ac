"""Keeping the promises: it was done, it is confirmed, not yet, or asked for no longer."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from agreements import rules
from agreements.actions.locks import locked_promise, obstacles_on_hold
from agreements.models import Agreement, Commitment, Entry
from cases.access import Standing, require
from cases.models import Case
from cases.rules import OPEN_STATES
from cases.writing import changing, day, record, tell_everybody, tell_party
from moves.core import Obstacle, refuse_if_any
from moves.machine import move
from people.models import Person

FOLLOWED = ("in_force", "broken", "fulfilled")


def may_say_done(commitment: Commitment, case: Case, who: Standing) -> bool:
    """Say whether this person can say that it was done: who promised it, or for them."""
    return (
        _followed(commitment, case)
        and commitment.state in ("promised", "underway", "disputed", "missed")
        and (_stands_for(who, commitment.promised_by_id) or who.mediates)
    )


def may_confirm(commitment: Commitment, case: Case, who: Standing) -> bool:
    """Say whether this person is the one to confirm it, and there is something to confirm."""
    return (
        _followed(commitment, case)
        and commitment.state in ("said_done", "disputed", "unconfirmed")
        and _confirms(commitment, who)
    )


def may_dispute(commitment: Commitment, case: Case, who: Standing) -> bool:
    """Say whether this person can answer "not yet"."""
    return (
        _followed(commitment, case)
        and commitment.agreement.state != "fulfilled"
        and commitment.state in ("said_done", "unconfirmed")
        and _confirms(commitment, who)
    )


def may_waive(commitment: Commitment, case: Case, who: Standing) -> bool:
    """Say whether it was this person it was promised to, or they guard them."""
    return (
        _followed(commitment, case)
        and commitment.state not in ("kept", "waived")
        and _stands_for(who, commitment.promised_to_id)
    )


def _followed(commitment: Commitment, case: Case) -> bool:
    return commitment.agreement.state in FOLLOWED and case.state in OPEN_STATES


def _stands_for(who: Standing, party_id: Any) -> bool:
    own = who.party is not None and who.party.pk == party_id
    return own or party_id in {party.pk for party in who.guards}


def _confirms(commitment: Commitment, who: Standing) -> bool:
    if commitment.confirmed_by == Commitment.ConfirmedBy.MEDIATOR:
        return who.mediates
    return _stands_for(who, commitment.promised_to_id)


def counted(commitment: Commitment) -> bool:
    """Say whether this promise is kept in amounts."""
    return commitment.unit in rules.COUNTED and commitment.amount is not None


def sum_of(commitment: Commitment, *kinds: str) -> Decimal:
    """Return how much stands in the entries of these kinds."""
    entries = [one for one in commitment.entries.all() if one.kind in kinds]
    return sum((one.amount for one in entries if one.amount is not None), Decimal(0))


def still_to_do(commitment: Commitment) -> Decimal:
    """Return how much of a counted promise was neither confirmed nor left without answer.

    What was left without answer, and then answered "not yet", is to be done again.
    """
    settled = sum_of(commitment, "confirmed", "unconfirmed") - sum_of(commitment, "not_yet")
    return (commitment.amount or Decimal(0)) - settled


def enter(
    commitment: Commitment, kind: str, *, by: Person | None, now: datetime, note: str = "",
    amount: Decimal | None = None, happened_on: date | None = None, **said: Any,
) -> None:  # fmt: skip
    """Write one line in the history of a promise; ``by`` is None for what time did."""
    Entry.objects.create(
        commitment=commitment, by=by, kind=kind, amount=amount, note=note,
        happened_on=happened_on or day(now), at=now, **said,
    )  # fmt: skip


def obstacles_to_say_done(
    commitment: Commitment, case: Case, amount: Decimal | None = None
) -> list[Obstacle]:
    """Return why it cannot be said to be done: on hold, or more than was promised."""
    found = obstacles_on_hold(case)
    if counted(commitment) and amount is not None and amount > still_to_do(commitment):
        found.append(Obstacle(code="more_than_promised", cleared_by="responsible"))
    return found


def say_done(
    commitment: Commitment, *, by: Person, now: datetime, note: str = "",
    happened_on: date | None = None, amount: Decimal | None = None,
) -> Commitment:  # fmt: skip
    """Say it was done, or a part of it (``amount``); the other side is asked to confirm."""
    with changing(commitment.agreement.case_id, by=by, now=now) as (case, who):
        commitment = locked_promise(commitment, case)
        require(may_say_done(commitment, case, who))
        refuse_if_any(obstacles_to_say_done(commitment, case, amount))
        part = (amount or still_to_do(commitment)) if counted(commitment) else None
        commitment.state_since, commitment.asked_times, commitment.asked_on = day(now), 0, None
        move(commitment, "say_done", also=["state_since", "asked_times", "asked_on"])
        enter(
            commitment, "said_done", by=by, now=now, note=note, amount=part,
            happened_on=happened_on,
        )  # fmt: skip
        record(case, "commitment_said_done", by=by, now=now, commitment=str(commitment.pk))
        tell_party(
            commitment.promised_to, "commitment_said_done", case=case, now=now,
            key=f"said:{commitment.pk}:{now.isoformat()}",
        )  # fmt: skip
        return commitment


def confirm_done(
    commitment: Commitment, *, by: Person, now: datetime, note: str = "", helped: str = "",
    word: str = "", share_word: bool = False,
) -> Commitment:  # fmt: skip
    """Confirm what was said to be done. A part confirmed leaves the rest under way.

    Whom it was promised to can say whether it ``helped``, and a ``word`` for other cases. One
    that nobody else may read is not kept.
    """
    with changing(commitment.agreement.case_id, by=by, now=now) as (case, who):
        commitment = locked_promise(commitment, case)
        require(may_confirm(commitment, case, who))
        refuse_if_any(obstacles_on_hold(case))
        part = _waiting(commitment)
        said: dict[str, Any] = {}
        if helped and is_promised_to(commitment, who):
            share = share_word and bool(word)
            said = {"helped": helped, "share_word": share, "word": word if share else ""}
        enter(commitment, "confirmed", by=by, now=now, note=note, amount=part, **said)
        step(commitment, _after_confirming(commitment), now=now)
        record(case, "commitment_confirmed", by=by, now=now, commitment=str(commitment.pk))
        tell_party(
            commitment.promised_by, "commitment_confirmed", case=case, now=now,
            key=f"confirmed:{commitment.pk}:{now.isoformat()}",
        )  # fmt: skip
        finish(commitment.agreement_id, case, by=by, now=now)
        return commitment


def is_promised_to(commitment: Commitment, who: Standing) -> bool:
    """Say whether it was promised to this person, or to somebody they guard."""
    return _stands_for(who, commitment.promised_to_id)


def answers_of(commitment: Commitment) -> list[Entry]:
    """Return the entries that say whether it helped, the first first; read once for a page."""
    found: list[Entry] | None = commitment.__dict__.get("answers")
    return list(commitment.entries.answered()) if found is None else found


def may_take_back_word(commitment: Commitment, who: Standing) -> bool:
    """Say whether this person let others read a sentence, and can have it back: always."""
    shares = is_promised_to(commitment, who) and any(
        one.share_word for one in answers_of(commitment)
    )
    return shares


def take_back_word(commitment: Commitment, *, by: Person, now: datetime) -> Commitment:
    """Stop others from reading one's sentence, at once and everywhere; it is emptied."""
    with changing(commitment.agreement.case_id, by=by, now=now) as (case, who):
        commitment = locked_promise(commitment, case)
        require(may_take_back_word(commitment, who))
        commitment.entries.filter(share_word=True).update(share_word=False, word="")
        record(case, "word_taken_back", by=by, now=now, commitment=str(commitment.pk))
        return commitment


def _waiting(commitment: Commitment) -> Decimal | None:
    # How much the answer is about: the part last said to be done, or all that has no answer.
    if not counted(commitment):
        return None
    if commitment.state == Commitment.State.UNCONFIRMED:
        return (commitment.amount or Decimal(0)) - sum_of(commitment, "confirmed")
    return last_said(commitment)


def last_said(commitment: Commitment) -> Decimal | None:
    """Return the part last said to be done, None where nothing is counted."""
    said = commitment.entries.filter(kind="said_done").order_by("-at", "-pk").first()
    return said.amount if said else None


def _after_confirming(commitment: Commitment) -> str:
    if not counted(commitment) or sum_of(commitment, "confirmed") >= (commitment.amount or 0):
        return "confirm"
    return "confirm_part" if still_to_do(commitment) > 0 else "leave_unconfirmed"


def step(commitment: Commitment, transition_name: str, *, now: datetime) -> None:
    """Move a locked promise on, and note since when."""
    commitment.state_since = day(now)
    move(commitment, transition_name, also=["state_since"])


def not_yet(commitment: Commitment, *, by: Person, now: datetime, because: str) -> Commitment:
    """Answer that it was not done yet. Both sides and the mediator see why."""
    with changing(commitment.agreement.case_id, by=by, now=now) as (case, who):
        commitment = locked_promise(commitment, case)
        require(may_dispute(commitment, case, who))
        refuse_if_any(obstacles_on_hold(case))
        unanswered = None
        if counted(commitment) and commitment.state == Commitment.State.UNCONFIRMED:
            unanswered = sum_of(commitment, "unconfirmed") - sum_of(commitment, "not_yet") or None
        step(commitment, "dispute", now=now)
        enter(commitment, "not_yet", by=by, now=now, note=because, amount=unanswered)
        record(case, "commitment_disputed", by=by, now=now, commitment=str(commitment.pk))
        key = f"disputed:{commitment.pk}:{now.isoformat()}"
        tell_everybody(case, "commitment_disputed", now=now, key=key)
        return commitment


def waive(commitment: Commitment, *, by: Person, now: datetime, note: str = "") -> Commitment:
    """Ask for it no longer. Only whom it was promised to can."""
    with changing(commitment.agreement.case_id, by=by, now=now) as (case, who):
        commitment = locked_promise(commitment, case)
        require(may_waive(commitment, case, who))
        refuse_if_any(obstacles_on_hold(case))
        step(commitment, "waive", now=now)
        enter(commitment, "waived", by=by, now=now, note=note)
        record(case, "commitment_waived", by=by, now=now, commitment=str(commitment.pk))
        key = f"waived:{commitment.pk}"
        tell_party(commitment.promised_by, "commitment_waived", case=case, now=now, key=key)
        finish(commitment.agreement_id, case, by=by, now=now)
        return commitment


def finish(agreement_id: Any, case: Case, *, by: Person | None, now: datetime) -> None:
    """Fulfil an agreement in force once none of its promises is open; its case is locked."""
    agreement = Agreement.objects.select_for_update(of=("self",)).get(pk=agreement_id)
    still_open = agreement.commitments.open()
    if agreement.state != Agreement.State.IN_FORCE or still_open.exists():
        return
    agreement.ended_on = day(now)
    move(agreement, "fulfil", also=["ended_on"])
    record(case, "agreement_fulfilled", by=by, now=now, agreement=str(agreement.pk))
    tell_everybody(case, "agreement_fulfilled", now=now, key=f"fulfilled:{agreement.pk}")
