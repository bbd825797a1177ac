"""The times at which a council listens: planned, moved, cancelled, answered and held.

Coming is free. Who stays away is not condemned for it: ``parties_not_heard``. People who must
not meet are heard in hearings of their own, and nobody is told more of the other's.
"""

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from cases.access import Standing, require
from cases.models import Case, Party
from cases.writing import day, record, tell_party
from councils import rules
from councils.actions.forming import frozen
from councils.actions.sitting import convenes, speaks_for
from councils.actions.words import waited_until
from councils.models import Council, Hearing, Invitation
from councils.writing import locked_case, on_council, tell_council, tell_interpreters
from moves.core import Obstacle, refuse_if_any
from moves.machine import already_moved, move
from people.models import Person

PLANS = (Council.State.SEATED, Council.State.DELIBERATING)
LONGEST_MINUTES = 480


def may_plan(council: Council, case: Case, who: Standing) -> bool:
    """Say whether this person plans when this council listens: once it is complete."""
    return convenes(case, council, who) and council.state in PLANS


def invitable(case: Case) -> list[Party]:
    """Return the parties who can be asked to a hearing: those a mediator has reached."""
    return [party for party in case.parties.all() if party.reached_on is not None]


def must_not_meet(parties: Iterable[Party]) -> bool:
    """Say whether these parties must be heard apart, by their safety assessments."""
    return rules.must_not_meet(
        [
            rules.Meets(role=one.role, safe_to_meet=one.safe_to_meet, flags=one.safety_flags)
            for one in parties
        ]
    )


def obstacles_to_meet(parties: Collection[Party]) -> list[Obstacle]:
    """Return why these parties cannot be in one hearing, and never whose assessment says so."""
    if must_not_meet(parties):
        return [Obstacle(code="must_not_meet", cleared_by="nobody")]
    return []


def obstacles_to_time(at: datetime, now: datetime) -> list[Obstacle]:
    """Return why no hearing can be planned for this moment: it has gone by."""
    return [] if at > now else [Obstacle(code="hearing_in_the_past", cleared_by="nobody")]


def plan_hearing(
    council: Council, *, by: Person, now: datetime, at: datetime, minutes: int, place: str,
    parties: Collection[Party],
) -> Hearing:  # fmt: skip
    """Plan a hearing for these parties. They, the members and the interpreter are told."""
    with on_council(council, by=by, now=now) as (council, case, who):
        require(may_plan(council, case, who))
        chosen = {party.pk for party in parties}
        asked = [party for party in invitable(case) if party.pk in chosen]
        require(bool(asked) and len(asked) == len(chosen))
        refuse_if_any(frozen(case) + obstacles_to_time(at, now) + obstacles_to_meet(asked))
        hearing = Hearing(council=council, at=at, minutes=minutes, place=place, planned_at=now)
        hearing.save(force_insert=True)
        for party in asked:
            Invitation.objects.create(hearing=hearing, party=party)
        record(case, "hearing_planned", by=by, now=now, hearing=str(hearing.pk))
        tell_hearing(hearing, case, "hearing_planned", now=now)
        return hearing


# ── One hearing ──────────────────────────────────────────────────────────────


@contextmanager
def _changing(
    hearing: Hearing, *, by: Person, now: datetime
) -> Iterator[tuple[Hearing, Case, Standing]]:
    """Lock the case, the council and the hearing. Blocked for a hearing that is over."""
    with on_council(hearing.council, by=by, now=now) as (council, case, who):
        fresh = Hearing.objects.select_for_update(of=("self",)).get(pk=hearing.pk)
        fresh.council = council
        if convenes(case, council, who) or invitations_of(fresh, who):
            refuse_if_any([already_moved()] if fresh.state != Hearing.State.PLANNED else [])
        yield fresh, case, who


def may_change(hearing: Hearing, case: Case, who: Standing) -> bool:
    """Say whether this person can move or cancel a hearing: it is planned still.

    Also while a seat of the council is empty again: then it may have to wait.
    """
    council = hearing.council
    listens = convenes(case, council, who) and council.state in rules.LISTENING
    return listens and hearing.state == Hearing.State.PLANNED


def may_hold(hearing: Hearing, case: Case, who: Standing) -> bool:
    """Say whether this person can note that a hearing was held: by a council that is complete."""
    return may_change(hearing, case, who) and hearing.council.state in PLANS


def move_hearing(
    hearing: Hearing, *, by: Person, now: datetime, at: datetime, minutes: int, place: str
) -> Hearing:
    """Move a hearing to another time or place. Everybody is asked again; their needs stay."""
    with _changing(hearing, by=by, now=now) as (hearing, case, who):
        require(may_change(hearing, case, who))
        refuse_if_any(frozen(case) + obstacles_to_time(at, now))
        hearing.at, hearing.minutes, hearing.place = at, minutes, place
        hearing.sequence += 1
        hearing.save(update_fields=["at", "minutes", "place", "sequence"])
        # A yes to one time is no yes to another.
        hearing.invitations.update(answer="")
        record(case, "hearing_moved", by=by, now=now, hearing=str(hearing.pk))
        tell_hearing(hearing, case, "hearing_moved", now=now)
        return hearing


def cancel_hearing(hearing: Hearing, *, by: Person, now: datetime) -> Hearing:
    """Call a hearing off, also while everything is on hold: nobody is to come for nothing."""
    with _changing(hearing, by=by, now=now) as (hearing, case, who):
        require(may_change(hearing, case, who))
        call_off(hearing, case, by=by, now=now)
        return hearing


def call_off(hearing: Hearing, case: Case, *, by: Person | None, now: datetime) -> None:
    """Cancel one planned hearing of a locked case, and tell everybody it was for."""
    hearing.sequence += 1
    move(hearing, "cancel", also=["sequence"])
    record(case, "hearing_cancelled", by=by, now=now, hearing=str(hearing.pk))
    tell_hearing(hearing, case, "hearing_cancelled", now=now)


def obstacles_to_hold(hearing: Hearing, case: Case, now: datetime) -> list[Obstacle]:
    """Return why a hearing was not held yet: on hold, nothing to read, or its time is to come."""
    found = frozen(case)
    if not hasattr(hearing.council, "packet"):
        found.append(Obstacle(code="packet_missing", cleared_by="process_guardian"))
    if now < hearing.at:
        found.append(
            Obstacle(code="hearing_to_come", cleared_by="nobody", clears_on=day(hearing.at))
        )
    return found


def hold_hearing(
    hearing: Hearing, *, by: Person, now: datetime, came: Collection[Party] = ()
) -> Hearing:
    """Note that the council has listened, and who of those asked came."""
    with _changing(hearing, by=by, now=now) as (hearing, case, who):
        require(may_hold(hearing, case, who))
        refuse_if_any(obstacles_to_hold(hearing, case, now))
        there = {party.pk for party in came}
        invitations = list(hearing.invitations.all())
        require(there <= {one.party_id for one in invitations})
        for one in invitations:
            one.came = one.party_id in there
            one.save(update_fields=["came"])
        hearing.held_on = day(now)
        move(hearing, "hold", also=["held_on"])
        record(case, "hearing_held", by=by, now=now, hearing=str(hearing.pk))
        return hearing


# ── The answer ───────────────────────────────────────────────────────────────


def invitations_of(hearing: Hearing, who: Standing) -> list[Invitation]:
    """Return the invitations this person answers: their own, and of whom they guard."""
    mine = speaks_for(who)
    return [one for one in hearing.invitations.all() if one.party_id in mine]


def may_answer(hearing: Hearing, case: Case, who: Standing) -> bool:
    """Say whether this person can say whether they come."""
    open_still = hearing.state == Hearing.State.PLANNED and case.state == Case.State.COUNCIL
    return open_still and bool(invitations_of(hearing, who))


def obstacles_to_answer(hearing: Hearing, case: Case, now: datetime) -> list[Obstacle]:
    """Return why nobody can answer any more: on hold, or it has begun."""
    found = frozen(case)
    if now >= hearing.at:
        found.append(Obstacle(code="hearing_began", cleared_by="nobody"))
    return found


def answer_invitation(
    hearing: Hearing, *, by: Person, now: datetime, answer: str, needs: str = "",
    with_interpreter: bool = False, with_supporter: bool = False, party: Party | None = None,
) -> Invitation:  # fmt: skip
    """Say whether one comes, writes instead, or stays away, and what one needs. It is free."""
    with _changing(hearing, by=by, now=now) as (hearing, case, who):
        mine = {one.party_id: one for one in invitations_of(hearing, who)}
        pk = party.pk if party is not None else next(iter(mine), None)
        require(pk in mine and answer in rules.ANSWERS and case.state == Case.State.COUNCIL)
        assert pk is not None
        refuse_if_any(obstacles_to_answer(hearing, case, now))
        invitation = mine[pk]
        invitation.answer, invitation.needs = answer, needs
        invitation.with_interpreter = with_interpreter
        invitation.with_supporter = with_supporter
        invitation.save(update_fields=["answer", "needs", "with_interpreter", "with_supporter"])
        record(case, "invitation_answered", by=by, now=now, hearing=str(hearing.pk))
        return invitation


# ── Who was heard ────────────────────────────────────────────────────────────


def parties_not_heard(council: Council, *, now: datetime | None = None) -> list[Party]:
    """Return the parties because of whose silence nothing can be found of what happened.

    The council can still care for the harmed person and the community.
    """
    case, today = council.case, day(now or timezone.now())
    said = list(council.words.all())
    wrote = {word.party_id for word in said if word.text}
    silent = {word.party_id for word in said if not word.text}
    held = Invitation.objects.filter(hearing__council=council, hearing__state=Hearing.State.HELD)
    invited = dict.fromkeys(held.values_list("party_id", flat=True), False)
    invited |= dict.fromkeys(held.filter(came=True).values_list("party_id", flat=True), True)
    until = waited_until(council, case)
    over = until is not None and today >= until
    return [
        party
        for party in case.parties.all()
        if rules.is_not_heard(
            party.role,
            heard=rules.was_heard(
                came=invited.get(party.pk, False),
                wrote=party.pk in wrote,
                nothing_to_add=party.pk in silent,
            ),
            asked=rules.asked_to_be_heard(
                invited=party.pk in invited, words_time_over=over and party.reached_on is not None
            ),
        )
    ]


# ── Telling, and reminding ───────────────────────────────────────────────────


def tell_hearing(hearing: Hearing, case: Case, code: str, *, now: datetime) -> int:
    """Tell who is asked to a hearing and who serves, once for each of its changes.

    Returns how many parties and companions were told.
    """
    key = f"{code}:{hearing.pk}:{hearing.sequence}"
    told = 0
    for one in hearing.invitations.select_related("party__person"):
        told += tell_party(one.party, code, case=case, now=now, key=key)
    tell_council(hearing.council, case, code, now=now, key=key)
    tell_interpreters(case, code, now=now, key=key)
    return told


def remind(now: datetime) -> int:
    """Remind everybody of the hearings of tomorrow, once; not where a case is on hold."""
    tomorrow: date = day(now) + timedelta(days=1)
    planned = Hearing.objects.filter(
        state=Hearing.State.PLANNED, at__gt=now, at__lt=now + timedelta(days=2)
    )
    reminded = 0
    for pk, case_pk in list(planned.order_by("at").values_list("pk", "council__case_id")):
        with transaction.atomic():
            case = locked_case(case_pk)
            hearing = Hearing.objects.filter(pk=pk, state=Hearing.State.PLANNED).first()
            on = hearing is not None and day(hearing.at) == tomorrow
            if hearing is None or not on or case.frozen_on or case.state != Case.State.COUNCIL:
                continue
            reminded += bool(tell_hearing(hearing, case, "hearing_tomorrow", now=now))
    return reminded


def call_off_by_time(now: datetime) -> int:
    """Call off what was planned by a council that has decided or ended, or whose case went on."""
    planned = Hearing.objects.filter(state=Hearing.State.PLANNED).exclude(
        council__state__in=rules.LISTENING, council__case__state=Case.State.COUNCIL
    )
    called_off = 0
    for pk, case_pk in list(planned.values_list("pk", "council__case_id")):
        with transaction.atomic():
            case = locked_case(case_pk)
            hearing = planned.select_related("council").filter(pk=pk).first()
            if hearing is not None:
                call_off(hearing, case, by=None, now=now)
                called_off += 1
    return called_off


def keys_of(parties: Iterable[Party]) -> dict[str, Any]:
    """Return parties by what names each in a form."""
    return {str(party.pk): party for party in parties}
