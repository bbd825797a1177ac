"""Offering an agreement, signing it, and stepping back from it before it takes effect."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from agreements import rules
from agreements.actions.drafting import (
    account_shown,
    begin_draft,
    commitment_shown,
    may_write,
)
from agreements.actions.locks import (
    WRITTEN_IN,
    charter_of,
    locked,
    obstacles_on_hold,
    obstacles_to_bind,
)
from agreements.models import Agreement, Commitment, Signature
from agreements.querysets import live_for
from agreements.rules import CommitmentFacts, HarmFacts
from cases.access import Standing, open_places, require
from cases.models import Case, Party
from cases.rules import OPEN_STATES
from cases.writing import changing, day, record, tell_everybody
from moves.core import Hidden, Obstacle, refuse_if_any
from moves.machine import move
from people.models import Person

GUARDIAN = ":guardian"


def obstacles_to_offer(agreement: Agreement, case: Case, today: date) -> list[Obstacle]:
    """Return why this draft may not be laid before everybody yet."""
    promises = agreement.commitments.select_related("promised_by", "promised_to")
    return rules.obstacles_to_offer(
        [facts_of(one) for one in promises],
        [HarmFacts(key=one.pk, unit=one.unit, amount=one.amount) for one in case.harms.all()],
        agreement.proportion_reason,
        today=today,
        plan_months=charter_of(case).plan_months,
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


def unsigned(agreement: Agreement, case: Case, today: date) -> list[tuple[Party, bool]]:
    """Return whose signature is missing, as (party, the guardian's)."""
    signed = set(agreement.signatures.values_list("party_id", "for_minor"))
    parties = {party.pk: party for party in case.parties.all()}
    needed = rules.signatures_needed(minors_of(case, today))
    missing = sorted(needed - signed, key=lambda one: (str(one[0]), one[1]))
    return [(parties[pk], for_minor) for pk, for_minor in missing]


def minors_of(case: Case, today: date) -> list[tuple[UUID, bool]]:
    """Return every party of a case, and whether they are under age today."""
    return [(party.pk, party.is_minor(today)) for party in case.parties.all()]


def signing_as(
    agreement: Agreement, case: Case, who: Standing, today: date
) -> list[tuple[Party, bool]]:
    """Return the missing signatures this person can give: their own, or beside a minor."""
    if agreement.state != Agreement.State.OFFERED or case.state not in WRITTEN_IN:
        return []
    own = who.party.pk if who.party else None
    guarded = {party.pk for party in who.guards}
    if own is None and not guarded:
        return []
    return [
        (party, for_minor)
        for party, for_minor in unsigned(agreement, case, today)
        if (party.pk in guarded if for_minor else party.pk == own)
    ]


def guardian_of(party: Party, today: date) -> Person | None:
    """Return a guardian who stands beside this party today, or None."""
    places = open_places(party.case, "guardian", today=today)
    return next((place.person for place in places if place.beside_id == party.pk), None)


def paper_choices(agreement: Agreement, case: Case, today: date) -> list[tuple[Party, bool]]:
    """Return the missing signatures that can be taken on paper; a guardian must be named."""
    if agreement.state != Agreement.State.OFFERED or case.state not in WRITTEN_IN:
        return []
    return [
        (party, for_minor)
        for party, for_minor in unsigned(agreement, case, today)
        if not for_minor or guardian_of(party, today) is not None
    ]


def may_step_back(agreement: Agreement, case: Case, who: Standing) -> bool:
    """Say whether this person can step back, or pass on that somebody does. On hold too."""
    inside = who.party is not None or bool(who.guards) or who.mediates
    open_case = case.state in OPEN_STATES
    return inside and open_case and agreement.state in ("offered", "cooling_off")


def text_digest(agreement: Agreement) -> str:
    """Return the digest of everything a signature stands under."""
    return digest_of(agreement, agreement.commitments.order_by("number"))


def digest_of(agreement: Agreement, promises: Iterable[Commitment]) -> str:
    """Return the digest of an agreement with these promises, in their order."""
    text = json.dumps(
        [
            str(agreement.pk), agreement.version, account_shown(agreement),
            [[one.number, commitment_shown(one)] for one in promises],
        ],
        ensure_ascii=False,
    )  # fmt: skip
    return hashlib.sha256(text.encode()).hexdigest()


def offer_agreement(agreement: Agreement, *, by: Person, now: datetime) -> Agreement:
    """Lay the agreement before everybody. Its words are fixed from here on."""
    with changing(agreement.case_id, by=by, now=now) as (case, who):
        agreement = locked(agreement, case)
        require(may_write(agreement, case, who))
        refuse_if_any(obstacles_to_offer(agreement, case, day(now)))
        _offer(agreement, case, by=by, now=now)
        return agreement


def _offer(agreement: Agreement, case: Case, *, by: Person | None, now: datetime) -> None:
    agreement.offered_on = day(now)
    move(agreement, "offer", also=["offered_on"])
    record(
        case, "agreement_offered", by=by, now=now, agreement=str(agreement.pk),
        digest=text_digest(agreement),
    )  # fmt: skip
    key = f"offered:{agreement.pk}:{now.isoformat()}"
    tell_everybody(case, "agreement_offered", now=now, key=key)


def offer_from_council(
    case: Case, *, account: str, proportion_reason: str, promises: Sequence[dict[str, Any]],
    now: datetime,
) -> Agreement:  # fmt: skip
    """Lay what a council proposes before everybody; case locked. Nobody is bound who does not sign.

    ``promises`` are the fields of each commitment. What can no longer be offered as it stands,
    such as a day that has passed meanwhile, stays a draft, which the mediators complete.
    """
    before = live_for(case)
    if before is not None and before.state != Agreement.State.IN_FORCE:
        set_aside(case, now=now)
    agreement = begin_draft(case, by=None, now=now, account=account, reason=proportion_reason)
    for number, fields in enumerate(promises, start=1):
        Commitment(agreement=agreement, number=number, state_since=day(now), **fields).save(
            force_insert=True
        )
    if not obstacles_to_offer(agreement, case, day(now)):
        _offer(agreement, case, by=None, now=now)
    return agreement


def hold_offer(agreement: Agreement, case: Case, *, now: datetime) -> None:
    """Let nothing of an agreement take effect while its decision is looked at; case locked."""
    agreement.held_since = day(now)
    agreement.save(update_fields=["held_since"])
    record(case, "agreement_held", by=None, now=now, agreement=str(agreement.pk))


def release_offer(agreement: Agreement, case: Case, *, now: datetime) -> None:
    """Let an agreement go on: the days it was held are given back; case locked."""
    if agreement.held_since is None:
        return
    away = day(now) - agreement.held_since
    agreement.held_since = None
    if agreement.state == Agreement.State.OFFERED and agreement.offered_on is not None:
        agreement.offered_on += away
    elif agreement.cooling_off_until is not None:
        agreement.cooling_off_until += away
    agreement.save(update_fields=["held_since", "offered_on", "cooling_off_until"])
    record(case, "agreement_goes_on", by=None, now=now, agreement=str(agreement.pk))


def take_back_offer(agreement: Agreement, *, by: Person, now: datetime) -> Agreement:
    """Take it back to change it. Signatures stood under the old text and are void."""
    with changing(agreement.case_id, by=by, now=now) as (case, who):
        agreement = locked(agreement, case)
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
        agreement = locked(agreement, case)
        mine = signing_as(agreement, case, who, day(now))
        require(bool(mine) and understood)
        refuse_if_any(obstacles_to_bind(agreement, case))
        for party, for_minor in mine:
            _sign(agreement, case, party, for_minor, signed_by=by, by=by, now=now, way="app")
        return _settle_signatures(agreement, case, now=now)


def sign_on_paper(
    agreement: Agreement, *, by: Person, now: datetime, party: str, witness: str
) -> Agreement:
    """Record a signature in ink, before a witness. ``party`` is a key of ``paper_choices``."""
    with changing(agreement.case_id, by=by, now=now) as (case, who):
        agreement = locked(agreement, case)
        choices = {
            paper_key(one, for_minor): (one, for_minor)
            for one, for_minor in paper_choices(agreement, case, day(now))
        }
        require(who.mediates and party in choices)
        refuse_if_any(obstacles_to_bind(agreement, case))
        signer, for_minor = choices[party]
        person = guardian_of(signer, day(now)) if for_minor else signer.person
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
        agreement.cooling_off_until = day(now) + timedelta(days=charter_of(case).cooling_off_days)
        move(agreement, "complete_signatures", also=["signed_on", "cooling_off_until"])
        record(case, "everybody_signed", by=None, now=now, agreement=str(agreement.pk))
        tell_everybody(case, "everybody_signed", now=now, key=f"signed:{agreement.pk}")
    return agreement


def step_back(agreement: Agreement, *, by: Person, now: datetime) -> Agreement:
    """Step back, without a reason. Everybody reads the same words, and nobody whose step it was."""
    with changing(agreement.case_id, by=by, now=now) as (case, who):
        agreement = locked(agreement, case)
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
