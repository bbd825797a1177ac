"""What people do to an agreement and its promises, and what time alone does.

Each action locks the case, asks who is acting and what stands in the way, changes one
thing and leaves one event. The moves ask the same ``obstacles_to_…`` functions.
"""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max, Sum
from django.utils import timezone

from agreements import rules
from agreements.models import Agreement, Commitment, Entry, Signature
from agreements.querysets import live_for
from agreements.rules import CommitmentFacts, HarmFacts
from cases.access import Standing, require
from cases.actions import begin_reparation
from cases.models import Case, Harm, Participation, Party
from cases.rules import OPEN_STATES
from cases.writing import changing, day, record, tell_everybody, tell_party
from communities.charter import Charter
from moves.core import Hidden, Obstacle, Stale, refuse_if_any
from moves.machine import move
from people.models import Person
from records.models import Event

WRITTEN_IN = ("mediation", "council")
FOLLOWED = ("in_force", "broken", "fulfilled")
GUARDIAN = ":guardian"


# ----------------------------------------------------------------- what stands in the way


def obstacles_on_hold(case: Case) -> list[Obstacle]:
    """Return the obstacle of a case on hold, where everything but stepping back waits."""
    return [rules.stage_frozen()] if case.frozen_on else []


def obstacles_to_promise(case: Case) -> list[Obstacle]:
    """Return why no promise can be added: on hold, or nobody is named on one of the sides."""
    roles = {party.role for party in case.parties.all()}
    return obstacles_on_hold(case) + rules.obstacles_to_promise(roles)


def obstacles_to_offer(agreement: Agreement, case: Case, today: date) -> list[Obstacle]:
    """Return why this draft may not be laid before everybody yet."""
    return rules.obstacles_to_offer(
        [facts_of(one) for one in agreement.commitments.select_related("harm")],
        [HarmFacts(key=one.pk, unit=one.unit, amount=one.amount) for one in case.harms.all()],
        agreement.proportion_reason,
        today=today,
        plan_months=_charter(case).plan_months,
        account=agreement.account,
        frozen=case.frozen_on is not None,
    )


def facts_of(one: Commitment) -> CommitmentFacts:
    """Return what the rules need to know of a promise."""
    return CommitmentFacts(
        number=one.number,
        harm=one.harm_id,
        what=one.what,
        unit=one.unit,
        amount=one.amount,
        due_on=one.due_on,
        between_sides=one.promised_by.role != one.promised_to.role,
    )


def may_draft(case: Case, who: Standing) -> bool:
    """Say whether a first or a new agreement can be begun: nothing is being written or signed.

    A plan in force whose case has come back from reparation gives way to a new one.
    """
    live = live_for(case)
    free = live is None or live.state == Agreement.State.IN_FORCE
    return who.mediates and case.state in WRITTEN_IN and free


def may_write(agreement: Agreement, case: Case, who: Standing) -> bool:
    """Say whether this person may change the words of this agreement."""
    return who.mediates and case.state in WRITTEN_IN and agreement.state == "drafting"


def may_redraft(agreement: Agreement, case: Case, who: Standing) -> bool:
    """Say whether a new version can be made from this one."""
    newer = Agreement.objects.filter(case=case, version__gt=agreement.version)
    ended = agreement.state in ("lapsed", "withdrawn")
    return ended and may_draft(case, who) and not newer.exists()


def unsigned(agreement: Agreement, case: Case, today: date) -> list[tuple[Party, bool]]:
    """Return whose signature is missing, as (party, the guardian's)."""
    signed = set(agreement.signatures.values_list("party_id", "for_minor"))
    parties = {party.pk: party for party in case.parties.all()}
    needed = rules.signatures_needed(minors_of(case, today))
    missing = sorted(needed - signed, key=lambda one: (str(one[0]), one[1]))
    return [(parties[pk], for_minor) for pk, for_minor in missing]


def minors_of(case: Case, today: date) -> list[tuple[UUID, bool]]:
    """Return every party of a case, and whether they are under age today."""
    return [(party.pk, party.minor or party.person.is_minor(today)) for party in case.parties.all()]


def signing_as(
    agreement: Agreement, case: Case, who: Standing, today: date
) -> list[tuple[Party, bool]]:
    """Return the missing signatures this person can give: their own, or beside a minor."""
    if agreement.state != Agreement.State.OFFERED or case.state not in WRITTEN_IN:
        return []
    own = who.party.pk if who.party else None
    guarded = {party.pk for party in who.guards}
    return [
        (party, for_minor)
        for party, for_minor in unsigned(agreement, case, today)
        if (party.pk in guarded if for_minor else party.pk == own)
    ]


def guardian_of(party: Party) -> Person | None:
    """Return a guardian who stands beside this party, or None."""
    place = Participation.objects.filter(beside=party, role="guardian", until=None)
    found = place.select_related("person").first()
    return found.person if found else None


def paper_choices(agreement: Agreement, case: Case, today: date) -> list[tuple[Party, bool]]:
    """Return the missing signatures that can be taken on paper; a guardian must be named."""
    if agreement.state != Agreement.State.OFFERED or case.state not in WRITTEN_IN:
        return []
    return [
        (party, for_minor)
        for party, for_minor in unsigned(agreement, case, today)
        if not for_minor or guardian_of(party) is not None
    ]


def may_step_back(agreement: Agreement, case: Case, who: Standing) -> bool:
    """Say whether this person can step back, or pass on that somebody does. On hold too."""
    inside = who.party is not None or bool(who.guards) or who.mediates
    open_case = case.state in OPEN_STATES
    return inside and open_case and agreement.state in ("offered", "cooling_off")


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


def _charter(case: Case) -> Charter:
    charter: Charter = case.charter_version.charter
    return charter


# ----------------------------------------------------------------- the texts themselves


def account_shown(agreement: Agreement) -> str:
    """Return the words that ``change_account`` writes over, as one text."""
    return "\n\n".join(filter(None, (agreement.account, agreement.proportion_reason)))


def commitment_shown(one: Commitment) -> str:
    """Return all that ``change_commitment`` writes over, as one text."""
    return _promise_text(
        what=one.what, unit=one.unit, amount=one.amount, due_on=one.due_on,
        if_missed=one.if_missed, harm=one.harm_id, promised_by=one.promised_by_id,
        promised_to=one.promised_to_id, confirmed_by=one.confirmed_by,
    )["all"]  # fmt: skip


def _promise_text(
    *, what: str, unit: str, amount: Decimal | None, due_on: date | None, if_missed: str,
    harm: Any, promised_by: Any, promised_to: Any, confirmed_by: str,
) -> dict[str, str]:  # fmt: skip
    # "all" decides whether something changed; "words" is what people are shown.
    number = "" if amount is None else f"{Decimal(amount):.2f}"
    words = [what, number, due_on.isoformat() if due_on else "", if_missed]
    hidden = [unit, str(harm or ""), str(promised_by), str(promised_to), confirmed_by]
    return {
        "words": "\n".join(filter(None, words)),
        "all": json.dumps([*words, *hidden], ensure_ascii=False),
    }


def text_digest(agreement: Agreement) -> str:
    """Return the digest of everything a signature stands under."""
    promises = [
        [one.number, commitment_shown(one)] for one in agreement.commitments.order_by("number")
    ]
    text = json.dumps(
        [str(agreement.pk), agreement.version, account_shown(agreement), promises],
        ensure_ascii=False,
    )
    return hashlib.sha256(text.encode()).hexdigest()


# ----------------------------------------------------------------- writing it


def _locked(agreement: Agreement, case: Case) -> Agreement:
    return Agreement.objects.select_for_update(of=("self",)).get(pk=agreement.pk, case=case)


def _locked_promise(commitment: Commitment, case: Case) -> Commitment:
    return (
        Commitment.objects.select_for_update(of=("self",))
        .select_related("agreement", "promised_by__person", "promised_to__person")
        .get(pk=commitment.pk, agreement__case=case)
    )


def draft_agreement(
    case: Case, *, by: Person, now: datetime, account: str, proportion_reason: str = ""
) -> Agreement:
    """Begin an agreement with what happened, in neutral words. Only mediators see a draft."""
    with changing(case.pk, by=by, now=now) as (case, who):
        require(may_draft(case, who))
        refuse_if_any(obstacles_on_hold(case))
        return _draft(case, by=by, now=now, account=account, reason=proportion_reason)


def _draft(case: Case, *, by: Person, now: datetime, account: str, reason: str) -> Agreement:
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
        agreement = _locked(agreement, case)
        require(may_redraft(agreement, case, who))
        refuse_if_any(obstacles_on_hold(case))
        new = _draft(
            case, by=by, now=now, account=agreement.account, reason=agreement.proportion_reason
        )
        for one in agreement.commitments.all():
            Commitment.objects.create(
                agreement=new, number=one.number, harm_id=one.harm_id,
                promised_by_id=one.promised_by_id, promised_to_id=one.promised_to_id,
                what=one.what, unit=one.unit, amount=one.amount, due_on=one.due_on,
                confirmed_by=one.confirmed_by, if_missed=one.if_missed, state_since=day(now),
            )  # fmt: skip
        return new


def change_account(
    agreement: Agreement, *, by: Person, now: datetime, account: str, proportion_reason: str = "",
    seen: str,
) -> Agreement:  # fmt: skip
    """Write the account anew. Stale when somebody else changed what was ``seen``."""
    with changing(agreement.case_id, by=by, now=now) as (case, who):
        agreement = _locked(agreement, case)
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


def add_commitment(
    agreement: Agreement, *, by: Person, now: datetime, promised_by: str, promised_to: str,
    what: str, harm: str = "", unit: str = "act", amount: Decimal | None = None,
    due_on: date | None = None, confirmed_by: str = "harmed", if_missed: str = "",
) -> Commitment:  # fmt: skip
    """Add a promise to a draft. What is missing in it is asked for before it is offered."""
    with changing(agreement.case_id, by=by, now=now) as (case, who):
        agreement = _locked(agreement, case)
        require(may_write(agreement, case, who))
        refuse_if_any(obstacles_to_promise(case))
        typed: dict[str, Any] = {
            "promised_by": promised_by, "promised_to": promised_to, "what": what, "harm": harm,
            "unit": unit, "amount": amount, "due_on": due_on, "confirmed_by": confirmed_by,
            "if_missed": if_missed,
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
    if_missed: str = "",
) -> Commitment:  # fmt: skip
    """Change a promise in a draft. Stale when somebody else changed what was ``seen``."""
    with changing(commitment.agreement.case_id, by=by, now=now) as (case, who):
        commitment = _locked_promise(commitment, case)
        require(may_write(commitment.agreement, case, who))
        refuse_if_any(obstacles_on_hold(case))
        typed: dict[str, Any] = {
            "promised_by": promised_by, "promised_to": promised_to, "what": what, "harm": harm,
            "unit": unit, "amount": amount, "due_on": due_on, "confirmed_by": confirmed_by,
            "if_missed": if_missed,
        }  # fmt: skip
        if seen != rules.seen_digest(commitment_shown(commitment)):
            stands: dict[str, Any] = {
                "promised_by": commitment.promised_by_id, "harm": commitment.harm_id,
                "promised_to": commitment.promised_to_id, "what": commitment.what,
                "unit": commitment.unit, "amount": commitment.amount,
                "due_on": commitment.due_on, "confirmed_by": commitment.confirmed_by,
                "if_missed": commitment.if_missed,
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
        commitment = _locked_promise(commitment, case)
        agreement = commitment.agreement
        require(may_write(agreement, case, who))
        refuse_if_any(obstacles_on_hold(case))
        record(case, "commitment_removed", by=by, now=now, commitment=str(commitment.pk))
        commitment.delete()
        for number, one in enumerate(agreement.commitments.order_by("number"), start=1):
            Commitment.objects.filter(pk=one.pk).update(number=number)
        return agreement


# ----------------------------------------------------------------- offering and signing


def offer_agreement(agreement: Agreement, *, by: Person, now: datetime) -> Agreement:
    """Lay the agreement before everybody. Its words are fixed from here on."""
    with changing(agreement.case_id, by=by, now=now) as (case, who):
        agreement = _locked(agreement, case)
        require(may_write(agreement, case, who))
        refuse_if_any(obstacles_to_offer(agreement, case, day(now)))
        agreement.offered_on = day(now)
        move(agreement, "offer", also=["offered_on"])
        record(
            case, "agreement_offered", by=by, now=now, agreement=str(agreement.pk),
            digest=text_digest(agreement),
        )  # fmt: skip
        key = f"offered:{agreement.pk}:{now.isoformat()}"
        tell_everybody(case, "agreement_offered", now=now, key=key)
        return agreement


def take_back_offer(agreement: Agreement, *, by: Person, now: datetime) -> Agreement:
    """Take it back to change it. Signatures stood under the old text and are void."""
    with changing(agreement.case_id, by=by, now=now) as (case, who):
        agreement = _locked(agreement, case)
        require(who.mediates and case.state in WRITTEN_IN)
        require(agreement.state == Agreement.State.OFFERED)
        refuse_if_any(obstacles_on_hold(case))
        agreement.offered_on = None
        move(agreement, "take_back", also=["offered_on"])
        agreement.signatures.all().delete()
        record(case, "offer_taken_back", by=by, now=now, agreement=str(agreement.pk))
        key = f"taken-back:{agreement.pk}:{now.isoformat()}"
        tell_everybody(case, "offer_taken_back", now=now, key=key)
        return agreement


def sign_agreement(
    agreement: Agreement, *, by: Person, now: datetime, understood: bool
) -> Agreement:
    """Sign for oneself, or as the guardian beside a minor. The last one starts the waiting."""
    with changing(agreement.case_id, by=by, now=now) as (case, who):
        agreement = _locked(agreement, case)
        mine = signing_as(agreement, case, who, day(now))
        require(bool(mine) and understood)
        refuse_if_any(obstacles_on_hold(case))
        for party, for_minor in mine:
            _sign(agreement, case, party, for_minor, signed_by=by, by=by, now=now, way="app")
        return _settle_signatures(agreement, case, now=now)


def sign_on_paper(
    agreement: Agreement, *, by: Person, now: datetime, party: str, witness: str
) -> Agreement:
    """Record a signature in ink, before a witness. ``party`` is a key of ``paper_choices``."""
    with changing(agreement.case_id, by=by, now=now) as (case, who):
        agreement = _locked(agreement, case)
        choices = {
            paper_key(one, for_minor): (one, for_minor)
            for one, for_minor in paper_choices(agreement, case, day(now))
        }
        require(who.mediates and party in choices)
        refuse_if_any(obstacles_on_hold(case))
        signer, for_minor = choices[party]
        person = guardian_of(signer) if for_minor else signer.person
        if person is None:
            raise Hidden
        _sign(
            agreement, case, signer, for_minor, signed_by=person, by=by, now=now, way="paper",
            witness=witness,
        )  # fmt: skip
        return _settle_signatures(agreement, case, now=now)


def paper_key(party: Party, for_minor: bool) -> str:
    """Return the key by which a form names one signature."""
    return f"{party.pk}{GUARDIAN if for_minor else ''}"


def _sign(
    agreement: Agreement, case: Case, party: Party, for_minor: bool, *, signed_by: Person,
    by: Person, now: datetime, way: str, witness: str = "",
) -> None:  # fmt: skip
    digest = text_digest(agreement)
    Signature.objects.create(
        agreement=agreement, party=party, signed_by=signed_by, for_minor=for_minor, way=way,
        witness=witness, at=now, digest=digest,
    )  # fmt: skip
    record(
        case, "agreement_signed", by=by, now=now, agreement=str(agreement.pk),
        party=str(party.pk), way=way, digest=digest,
    )  # fmt: skip


def _settle_signatures(agreement: Agreement, case: Case, *, now: datetime) -> Agreement:
    signed = list(agreement.signatures.values_list("party_id", "for_minor"))
    if rules.everybody_signed(minors_of(case, day(now)), signed):
        agreement.signed_on = day(now)
        agreement.cooling_off_until = day(now) + timedelta(days=_charter(case).cooling_off_days)
        move(agreement, "complete_signatures", also=["signed_on", "cooling_off_until"])
        record(case, "everybody_signed", by=None, now=now, agreement=str(agreement.pk))
        tell_everybody(case, "everybody_signed", now=now, key=f"signed:{agreement.pk}")
    return agreement


def step_back(agreement: Agreement, *, by: Person, now: datetime) -> Agreement:
    """Step back, without a reason. Everybody reads the same words, and nobody whose step it was."""
    with changing(agreement.case_id, by=by, now=now) as (case, who):
        agreement = _locked(agreement, case)
        require(may_step_back(agreement, case, who))
        agreement.ended_on = day(now)
        move(agreement, "withdraw", also=["ended_on"])
        record(case, "agreement_withdrawn", by=None, now=now, agreement=str(agreement.pk))
        tell_everybody(case, "agreement_withdrawn", now=now, key=f"withdrawn:{agreement.pk}")
        return agreement


def set_aside(case: Case, *, now: datetime) -> None:
    """End what is not in force yet, when a locked case closes: nothing may take effect later."""
    agreement = live_for(case)
    if agreement is None or agreement.state == Agreement.State.IN_FORCE:
        return
    draft = agreement.state == Agreement.State.DRAFTING
    agreement.ended_on = day(now)
    move(agreement, "supersede" if draft else "withdraw", also=["ended_on"])
    record(case, "agreement_set_aside", by=None, now=now, agreement=str(agreement.pk))


# ----------------------------------------------------------------- keeping the promises


def counted(commitment: Commitment) -> bool:
    """Say whether this promise is kept in amounts."""
    return commitment.unit in rules.COUNTED and commitment.amount is not None


def sum_of(commitment: Commitment, *kinds: str) -> Decimal:
    """Return how much stands in the entries of these kinds."""
    found = commitment.entries.filter(kind__in=kinds).aggregate(sum=Sum("amount"))["sum"]
    return found or Decimal(0)


def still_to_do(commitment: Commitment) -> Decimal:
    """Return how much of a counted promise was neither confirmed nor left without answer.

    What was left without answer, and then answered "not yet", is to be done again.
    """
    settled = sum_of(commitment, "confirmed", "unconfirmed") - sum_of(commitment, "not_yet")
    return (commitment.amount or Decimal(0)) - settled


def _enter(
    commitment: Commitment, kind: str, *, by: Person | None, now: datetime, note: str = "",
    amount: Decimal | None = None, happened_on: date | None = None,
) -> None:  # fmt: skip
    Entry.objects.create(
        commitment=commitment, by=by, kind=kind, amount=amount, note=note,
        happened_on=happened_on or day(now), at=now,
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
        commitment = _locked_promise(commitment, case)
        require(may_say_done(commitment, case, who))
        refuse_if_any(obstacles_to_say_done(commitment, case, amount))
        part = (amount or still_to_do(commitment)) if counted(commitment) else None
        commitment.state_since, commitment.asked_times, commitment.asked_on = day(now), 0, None
        move(commitment, "say_done", also=["state_since", "asked_times", "asked_on"])
        _enter(
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
    commitment: Commitment, *, by: Person, now: datetime, note: str = ""
) -> Commitment:
    """Confirm what was said to be done. A part confirmed leaves the rest under way."""
    with changing(commitment.agreement.case_id, by=by, now=now) as (case, who):
        commitment = _locked_promise(commitment, case)
        require(may_confirm(commitment, case, who))
        refuse_if_any(obstacles_on_hold(case))
        part = _waiting(commitment)
        _enter(commitment, "confirmed", by=by, now=now, note=note, amount=part)
        _step(commitment, _after_confirming(commitment), now=now)
        record(case, "commitment_confirmed", by=by, now=now, commitment=str(commitment.pk))
        tell_party(
            commitment.promised_by, "commitment_confirmed", case=case, now=now,
            key=f"confirmed:{commitment.pk}:{now.isoformat()}",
        )  # fmt: skip
        _finish(commitment.agreement_id, case, by=by, now=now)
        return commitment


def _waiting(commitment: Commitment) -> Decimal | None:
    # How much the answer is about: the part last said to be done, or all that has no answer.
    if not counted(commitment):
        return None
    if commitment.state == Commitment.State.UNCONFIRMED:
        return (commitment.amount or Decimal(0)) - sum_of(commitment, "confirmed")
    return _last_said(commitment)


def _last_said(commitment: Commitment) -> Decimal | None:
    said = commitment.entries.filter(kind="said_done").order_by("-at", "-pk").first()
    return said.amount if said else None


def _after_confirming(commitment: Commitment) -> str:
    if not counted(commitment) or sum_of(commitment, "confirmed") >= (commitment.amount or 0):
        return "confirm"
    return "confirm_part" if still_to_do(commitment) > 0 else "leave_unconfirmed"


def _step(commitment: Commitment, transition_name: str, *, now: datetime) -> None:
    commitment.state_since = day(now)
    move(commitment, transition_name, also=["state_since"])


def not_yet(commitment: Commitment, *, by: Person, now: datetime, because: str) -> Commitment:
    """Answer that it was not done yet. Both sides and the mediator see why."""
    with changing(commitment.agreement.case_id, by=by, now=now) as (case, who):
        commitment = _locked_promise(commitment, case)
        require(may_dispute(commitment, case, who))
        refuse_if_any(obstacles_on_hold(case))
        unanswered = None
        if counted(commitment) and commitment.state == Commitment.State.UNCONFIRMED:
            unanswered = sum_of(commitment, "unconfirmed") - sum_of(commitment, "not_yet") or None
        _step(commitment, "dispute", now=now)
        _enter(commitment, "not_yet", by=by, now=now, note=because, amount=unanswered)
        record(case, "commitment_disputed", by=by, now=now, commitment=str(commitment.pk))
        key = f"disputed:{commitment.pk}:{now.isoformat()}"
        tell_everybody(case, "commitment_disputed", now=now, key=key)
        return commitment


def waive(commitment: Commitment, *, by: Person, now: datetime, note: str = "") -> Commitment:
    """Ask for it no longer. Only whom it was promised to can."""
    with changing(commitment.agreement.case_id, by=by, now=now) as (case, who):
        commitment = _locked_promise(commitment, case)
        require(may_waive(commitment, case, who))
        refuse_if_any(obstacles_on_hold(case))
        _step(commitment, "waive", now=now)
        _enter(commitment, "waived", by=by, now=now, note=note)
        record(case, "commitment_waived", by=by, now=now, commitment=str(commitment.pk))
        key = f"waived:{commitment.pk}"
        tell_party(commitment.promised_by, "commitment_waived", case=case, now=now, key=key)
        _finish(commitment.agreement_id, case, by=by, now=now)
        return commitment


def _finish(agreement_id: Any, case: Case, *, by: Person | None, now: datetime) -> None:
    agreement = Agreement.objects.select_for_update(of=("self",)).get(pk=agreement_id)
    still_open = agreement.commitments.filter(state__in=rules.OPEN_COMMITMENTS)
    if agreement.state != Agreement.State.IN_FORCE or still_open.exists():
        return
    agreement.ended_on = day(now)
    move(agreement, "fulfil", also=["ended_on"])
    record(case, "agreement_fulfilled", by=by, now=now, agreement=str(agreement.pk))
    tell_everybody(case, "agreement_fulfilled", now=now, key=f"fulfilled:{agreement.pk}")


# ----------------------------------------------------------------- what time alone does


def due(now: datetime) -> dict[str, int]:
    """Do what time alone causes, dated when it was due; return how many of each.

    Can run late, twice, or twice at once. A case on hold is left alone.
    """
    today = day(now)
    done = {"in_force": 0, "lapsed": 0, "missed": 0, "asked": 0, "unconfirmed": 0}
    waiting = Agreement.objects.not_frozen().filter(state__in=("cooling_off", "offered"))
    for pk, case_pk, state in list(waiting.values_list("pk", "case_id", "state")):
        with _by_time(case_pk) as case:
            if case is not None and state == Agreement.State.COOLING_OFF:
                done["in_force"] += take_effect(pk, case, today=today)
            elif case is not None:
                done["lapsed"] += _lapse(pk, case, today=today)
    running = Commitment.objects.running()
    late = running.filter(state__in=("promised", "underway"), due_on__lt=today)
    for pk, case_pk in list(late.values_list("pk", "agreement__case_id")):
        with _by_time(case_pk) as case:
            done["missed"] += case is not None and _miss(pk, case, today=today)
    unanswered = running.filter(state="said_done", state_since__lt=today)
    for pk, case_pk in list(unanswered.values_list("pk", "agreement__case_id")):
        with _by_time(case_pk) as case:
            while case is not None and (what := _ask_again(pk, case, today=today)):
                done[what] += 1
    return done


@contextmanager
def _by_time(case_pk: UUID) -> Iterator[Case | None]:
    """Lock a case on which time runs; give None when it was put on hold or closed meanwhile."""
    with transaction.atomic():
        case = (
            Case.objects.select_for_update(of=("self",))
            .select_related("charter_version", "community", "steering")
            .get(pk=case_pk)
        )
        yield None if case.frozen_on or case.state not in OPEN_STATES else case


def _not_before(case: Case) -> date:
    """Return the day the case last went on after a hold: what fell due meanwhile is due then."""
    last = Event.objects.filter(kind="case", subject_id=case.reference, code="stage_renewed")
    event = last.order_by("-seq").first()
    return day(event.at) if event else date.min


def _moment(of: date) -> datetime:
    """Return the first moment of a day, here."""
    return timezone.make_aware(datetime.combine(of, time.min))


def take_effect(agreement_pk: UUID, case: Case, *, today: date) -> bool:
    """Put a signed agreement in force the day after the time to step back; case locked."""
    agreement = Agreement.objects.select_for_update(of=("self",)).get(pk=agreement_pk)
    if agreement.state != "cooling_off" or agreement.cooling_off_until is None:
        return False
    on = max(agreement.cooling_off_until + timedelta(days=1), _not_before(case))
    if on > today or case.state not in (*WRITTEN_IN, "rehabilitation", "reparation"):
        return False
    now = _moment(on)
    for old in Agreement.objects.filter(case=case, state="broken"):
        move(old, "supersede")
    agreement.in_force_on = on
    move(agreement, "take_effect", also=["in_force_on"])
    record(case, "agreement_in_force", by=None, now=now, agreement=str(agreement.pk))
    begin_reparation(case, now=now, by=None)
    tell_everybody(case, "agreement_in_force", now=now, key=f"in-force:{agreement.pk}")
    return True


def _lapse(agreement_pk: UUID, case: Case, *, today: date) -> bool:
    agreement = Agreement.objects.select_for_update(of=("self",)).get(pk=agreement_pk)
    if agreement.state != "offered" or agreement.offered_on is None:
        return False
    last = agreement.offered_on + timedelta(days=_charter(case).offer_days)
    on = max(last + timedelta(days=1), _not_before(case))
    if on > today:
        return False
    agreement.ended_on = on
    move(agreement, "lapse", also=["ended_on"])
    now = _moment(on)
    record(case, "agreement_lapsed", by=None, now=now, agreement=str(agreement.pk))
    tell_everybody(case, "agreement_lapsed", now=now, key=f"lapsed:{agreement.pk}")
    return True


def _running(commitment_pk: UUID, case: Case) -> Commitment | None:
    # Asked again under the lock: another run may have been here in between.
    return (
        Commitment.objects.running()
        .select_for_update(of=("self",))
        .select_related("agreement", "promised_by__person", "promised_to__person")
        .filter(pk=commitment_pk, agreement__case=case)
        .first()
    )


def _miss(commitment_pk: UUID, case: Case, *, today: date) -> bool:
    commitment = _running(commitment_pk, case)
    if commitment is None or commitment.state not in ("promised", "underway"):
        return False
    if commitment.due_on is None or commitment.agreement.in_force_on is None:
        return False
    # A part confirmed late makes it "under way" after its day: it is missed from then on.
    on = max(
        commitment.due_on + timedelta(days=1), _not_before(case),
        commitment.agreement.in_force_on, commitment.state_since,
    )  # fmt: skip
    if on > today:
        return False
    now = _moment(on)
    _step(commitment, "miss", now=now)
    _enter(commitment, "missed", by=None, now=now)
    record(case, "commitment_missed", by=None, now=now, commitment=str(commitment.pk))
    tell_everybody(case, "commitment_missed", now=now, key=f"missed:{commitment.pk}:{on}")
    return True


def _ask_again(commitment_pk: UUID, case: Case, *, today: date) -> str:
    """Ask again, or note that there was no answer; return what was done, "" for nothing."""
    commitment = _running(commitment_pk, case)
    if commitment is None or commitment.state != "said_done":
        return ""
    since = max(commitment.asked_on or commitment.state_since, _not_before(case))
    on = since + timedelta(days=max(_charter(case).ask_again_days, 1))
    if on > today:
        return ""
    now = _moment(on)
    if commitment.asked_times < rules.ASK_AGAIN_TIMES:
        commitment.asked_times += 1
        commitment.asked_on = on
        commitment.save(update_fields=["asked_times", "asked_on"])
        _enter(commitment, "asked", by=None, now=now)
        record(case, "commitment_asked_again", by=None, now=now, commitment=str(commitment.pk))
        key = f"asked:{commitment.pk}:{on}"
        tell_party(commitment.promised_to, "commitment_asked_again", case=case, now=now, key=key)
        return "asked"
    _enter(commitment, "unconfirmed", by=None, now=now, amount=_last_said(commitment))
    # A part without an answer does not settle the rest of the promise.
    rest = counted(commitment) and still_to_do(commitment) > 0
    _step(commitment, "confirm_part" if rest else "leave_unconfirmed", now=now)
    record(case, "commitment_unconfirmed", by=None, now=now, commitment=str(commitment.pk))
    key = f"unconfirmed:{commitment.pk}:{on}"
    tell_everybody(case, "commitment_unconfirmed", now=now, key=key)
    _finish(commitment.agreement_id, case, by=None, now=now)
    return "unconfirmed"
