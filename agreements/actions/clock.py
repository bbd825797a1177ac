"""What time alone does to agreements and promises, dated on the day it was due."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction

from agreements import rules
from agreements.actions.keeping import counted, enter, finish, last_said, step, still_to_do
from agreements.actions.locks import WRITTEN_IN, charter_of
from agreements.models import Agreement, Commitment
from cases.actions import begin_reparation
from cases.models import Case
from cases.rules import OPEN_STATES
from cases.writing import day, moment_of, record, tell_everybody, tell_party
from moves.machine import move


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


def take_effect(agreement_pk: UUID, case: Case, *, today: date) -> bool:
    """Put a signed agreement in force the day after the time to step back; case locked."""
    agreement = Agreement.objects.select_for_update(of=("self",)).get(pk=agreement_pk)
    if agreement.state != "cooling_off" or agreement.cooling_off_until is None:
        return False
    if agreement.held_since is not None:
        return False
    after = agreement.cooling_off_until + timedelta(days=1)
    on = case.moved_on(after, since=agreement.signed_on or after)
    if on > today or case.state not in (*WRITTEN_IN, "rehabilitation", "reparation"):
        return False
    now = moment_of(on)
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
    if agreement.state != "offered" or agreement.offered_on is None or agreement.held_since:
        return False
    after = agreement.offered_on + timedelta(days=charter_of(case).offer_days + 1)
    on = case.moved_on(after, since=agreement.offered_on)
    if on > today:
        return False
    agreement.ended_on = on
    move(agreement, "lapse", also=["ended_on"])
    now = moment_of(on)
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
    began = commitment.agreement.in_force_on
    after = case.moved_on(commitment.due_on + timedelta(days=1), since=began)
    on = max(after, began, commitment.state_since)
    if on > today:
        return False
    now = moment_of(on)
    step(commitment, "miss", now=now)
    enter(commitment, "missed", by=None, now=now)
    record(case, "commitment_missed", by=None, now=now, commitment=str(commitment.pk))
    tell_everybody(case, "commitment_missed", now=now, key=f"missed:{commitment.pk}:{on}")
    return True


def _ask_again(commitment_pk: UUID, case: Case, *, today: date) -> str:
    """Ask again, or note that there was no answer; return what was done, "" for nothing."""
    commitment = _running(commitment_pk, case)
    if commitment is None or commitment.state != "said_done":
        return ""
    since = commitment.asked_on or commitment.state_since
    after = since + timedelta(days=max(charter_of(case).ask_again_days, 1))
    on = case.moved_on(after, since=since)
    if on > today:
        return ""
    now = moment_of(on)
    if commitment.asked_times < rules.ASK_AGAIN_TIMES:
        commitment.asked_times += 1
        commitment.asked_on = on
        commitment.save(update_fields=["asked_times", "asked_on"])
        enter(commitment, "asked", by=None, now=now)
        record(case, "commitment_asked_again", by=None, now=now, commitment=str(commitment.pk))
        key = f"asked:{commitment.pk}:{on}"
        tell_party(commitment.promised_to, "commitment_asked_again", case=case, now=now, key=key)
        return "asked"
    enter(commitment, "unconfirmed", by=None, now=now, amount=last_said(commitment))
    # A part without an answer does not settle the rest of the promise.
    rest = counted(commitment) and still_to_do(commitment) > 0
    step(commitment, "confirm_part" if rest else "leave_unconfirmed", now=now)
    record(case, "commitment_unconfirmed", by=None, now=now, commitment=str(commitment.pk))
    key = f"unconfirmed:{commitment.pk}:{on}"
    tell_everybody(case, "commitment_unconfirmed", now=now, key=key)
    finish(commitment.agreement_id, case, by=None, now=now)
    return "unconfirmed"
