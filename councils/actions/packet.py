"""What a council may read, put together once: the same for its members and for both sides.

Nothing of the talks is in it but what everybody agreed to share; nothing of safety, of the
referral, and no way to reach anybody. An item keeps people's words and the codes beside them, as
JSON, so that each reader has the labels in their own language (``councils.reading``).
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from agreements.querysets import newest_plan
from cases.access import Standing
from cases.models import Case, Party
from cases.writing import day, record
from councils.actions.forming import frozen
from councils.actions.sharing import shared_notes
from councils.actions.sitting import convenes
from councils.actions.words import awaited, waited_until
from councils.models import Appeal, Challenge, Council, Decision, Finding, Packet, PacketItem
from councils.writing import on_council, tell_council, tell_interpreters, tell_parties
from moves.core import Hidden, Obstacle, refuse_if_any
from moves.machine import already_moved
from people.models import Person

Kind = PacketItem.Kind
MAKES = (Council.State.SEATED, Council.State.DELIBERATING)


@dataclass(frozen=True)
class Made:
    """One item before it is numbered; ``said`` holds what stands beside the words, by code."""

    kind: str
    on: date
    words: str
    party: Party | None = None
    said: dict[str, Any] = field(default_factory=dict)


def may_make(council: Council, case: Case, who: Standing) -> bool:
    """Say whether this person makes the packet of this council: once, when it is complete."""
    return (
        convenes(case, council, who)
        and council.state in MAKES
        and not hasattr(council, "packet")
    )  # fmt: skip


def obstacles_to_make(council: Council, case: Case, today: date) -> list[Obstacle]:
    """Return why the packet is not made yet: on hold, words are awaited, or a doubt is open."""
    found = frozen(case)
    until = waited_until(council, case)
    if awaited(council, case) and (until is None or today < until):
        found.append(Obstacle(code="words_awaited", cleared_by="party", clears_on=until))
    if any(
        one.state == Challenge.State.OPEN
        for seat in council.seats.all()
        for one in seat.challenges.all()
    ):
        found.append(Obstacle(code="challenge_open", cleared_by="council"))
    return found


def make_packet(council: Council, *, by: Person, now: datetime) -> Packet:
    """Put together what this council may read. Its members and both sides are told."""
    with on_council(council, by=by, now=now) as (council, case, who):
        if hasattr(council, "packet") and convenes(case, council, who):
            refuse_if_any([already_moved()])
        if not may_make(council, case, who):
            raise Hidden
        refuse_if_any(obstacles_to_make(council, case, day(now)))
        packet = Packet.objects.create(council=council, by=by, made_at=now)
        PacketItem.objects.bulk_create(
            PacketItem(
                packet=packet, number=number, kind=one.kind, party=one.party, said_on=one.on,
                text=json.dumps({"words": one.words, **one.said}, ensure_ascii=False),
            )
            for number, one in enumerate(_everything(council, case), start=1)
        )  # fmt: skip
        record(case, "packet_made", by=by, now=now, council=council.public_id)
        key = f"packet:{council.pk}"
        tell_parties(case, "packet_ready", now=now, key=key)
        tell_council(council, case, "packet_ready", now=now, key=key)
        tell_interpreters(case, "packet_ready", now=now, key=key)
        return packet


# ── What is in it ────────────────────────────────────────────────────────────


def _everything(council: Council, case: Case) -> Iterator[Made]:
    yield from _harms(case)
    yield from _words(council)
    for note in shared_notes(case):
        yield Made(Kind.SHARED, day(note.at), note.text)
    yield from _plan(case)
    if council.appeal_of is not None:
        yield from _appealed(council.appeal_of)


def _harms(case: Case) -> Iterator[Made]:
    for harm in case.harms.select_related("party"):
        said = {"unit": harm.unit, "amount": _number(harm.amount)}
        yield Made(Kind.HARM, harm.stated_on, harm.what, harm.party, said)


def _words(council: Council) -> Iterator[Made]:
    for word in council.words.select_related("party"):
        # Who noted it for them is not what they said; that somebody did is part of its source.
        told = {"told": word.by_id != word.party.person_id}
        if word.text:
            yield Made(Kind.WORD, day(word.at), word.text, word.party, told)


def _plan(case: Case) -> Iterator[Made]:
    plan = newest_plan(case)
    if plan is None:
        return
    yield Made(Kind.AGREEMENT, plan.signed_on or plan.drafted_on, plan.account,
               said={"state": plan.state})  # fmt: skip
    for one in plan.commitments.select_related("promised_by"):
        said = {**_promised(one), "state": one.state}
        yield Made(Kind.PROMISE, one.state_since, one.what, one.promised_by, said)


def _appealed(council: Council) -> Iterator[Made]:
    """Yield what the council before found and decided, and why it is looked at again."""
    findings = Finding.objects.filter(council=council, adopted_on__isnull=False)
    for one in findings.select_related("proposal"):
        assert one.adopted_on is not None
        said = {"kind": one.kind, "grounds": one.grounds}
        yield Made(Kind.FINDING, one.adopted_on, one.proposal.text, said=said)
    decisions = Decision.objects.filter(council=council, adopted_on__isnull=False)
    decision = decisions.filter(replaced_on=None).select_related("proposal").last()
    if decision is None or decision.adopted_on is None:
        return
    yield Made(Kind.DECISION, decision.adopted_on, decision.proposal.text,
               said=_decided(decision))  # fmt: skip
    appeals = decision.appeals.filter(state=Appeal.State.OPEN).select_related("party")
    for appeal in appeals:
        said = {"ground": appeal.ground}
        yield Made(Kind.APPEAL, day(appeal.at), appeal.words, appeal.party, said)


def _decided(decision: Decision) -> dict[str, Any]:
    said: dict[str, Any] = {
        "course": decision.course,
        "support": decision.support,
        "plan": [{"what": one.what, "by": str(one.promised_by_id), **_promised(one)}
                 for one in decision.promises.all()],
    }  # fmt: skip
    safety = getattr(decision, "safety", None)
    if safety is not None:
        said["safety"] = {
            "threat": safety.threat,
            "limits": safety.limits,
            "review_on": safety.review_on.isoformat(),
            "ends_on": safety.ends_on.isoformat(),
        }
    return said


def _promised(one: Any) -> dict[str, Any]:
    """Return what stands beside the words of a promise, made or planned."""
    return {
        "to": str(one.promised_to_id),
        "unit": one.unit,
        "amount": _number(one.amount),
        "due_on": one.due_on.isoformat() if one.due_on else None,
    }


def _number(amount: Any) -> str | None:
    return None if amount is None else str(amount)
