"""What follows when nobody acts: a warning, a person asked, the next one up the tree, an end.

Called by the clock only. Each step is dated when it was due and done once, under the case's lock.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, Max, OuterRef, Q

from agreements import actions as agreements
from agreements.models import Agreement, Commitment
from agreements.querysets import live_for, newest_for, newest_plan, open_commitments
from cases.access import free_coordinators, hand_up
from cases.actions import end_guardians_in_time, facts_of, note_closing_word_asked
from cases.companions import grow_up
from cases.models import Case, Consent, Participation, Party
from cases.writing import day, moment_of, record, tell_companions, tell_party
from journey import rules
from journey.actions import charter_of, end_case, outcome_facts, to_council
from journey.away import away_of
from journey.rules import StageFacts, Wait
from mediation.actions import mediators_of
from mediation.models import Mediation
from moves.machine import move
from notices.actions import tell
from people.models import Person
from people.rules import last_day_as_minor

# The stages in which each person is asked whether they take part.
ASKING = {"screening": "mediation", "council": "council"}


# ── A case and its stage ─────────────────────────────────────────────────────


def stage_of(case: Case) -> StageFacts:
    """Return where a case stands, as far as its longest times need it."""
    answering, mediation_open, over_on, promises_open = False, False, None, False
    if case.state in ("mediation", "council"):
        live = live_for(case)
        answering = live is not None and live.state in ("offered", "cooling_off")
    if case.state == "mediation":
        mediation_open = Mediation.objects.filter(case=case).open().exists()
        over_on = _mediation_over(case)
    elif case.state == "reparation":
        promises_open = open_commitments(case) > 0
        plan = newest_plan(case)
        if plan is not None:
            over_on = plan.commitments.aggregate(last=Max("state_since"))["last"]
    return StageFacts(
        state=case.state,
        since=case.state_since,
        frozen_on=case.frozen_on,
        harmed_asked=case.harmed_asked_on is not None,
        answering=answering,
        mediation_open=mediation_open,
        over_on=over_on,
        promises_open=promises_open,
        holds=case.times_on_hold,
        away=away_of(case),
    )


def _mediation_over(case: Case) -> date | None:
    """Return the day on which the last thing mediation had on hand came to its end."""
    newest = newest_for(case)
    ended = Mediation.objects.filter(case=case).aggregate(last=Max("ended_on"))["last"]
    days = [one for one in (ended, newest.ended_on if newest else None) if one is not None]
    return max(days, default=None)


def wait_of(case: Case) -> Wait | None:
    """Return what this case waits under, and its last day; None where another clock runs."""
    return rules.wait_of(stage_of(case), charter_of(case))


def asked_times(case: Case, wait: Wait) -> int:
    """Return how many coordinators were asked about this very wait."""
    return case.asked_times if case.asked_about == wait.key else 0


def advance(now: datetime) -> dict[str, int]:
    """Bring every open case on as far as its longest times say; return how many of each."""
    done: Counter[str] = Counter()
    for pk in _near_their_end(day(now)):
        with locked(pk) as case:
            done.update(_advance(case, now=now))
    return dict(done)


def _near_their_end(today: date) -> list[Any]:
    """Return the cases whose longest time may be near, at the earliest; exactly is asked later."""
    promises = Commitment.objects.open().filter(agreement__case=OuterRef("pk"))
    cases = (
        Case.objects.open()
        .select_related("charter_version")
        .annotate(
            mediating=Exists(Mediation.objects.open().filter(case=OuterRef("pk"))),
            promising=Exists(promises),
        )
    )
    found = []
    for case in cases.iterator(chunk_size=500):
        earliest = rules.wait_of(
            StageFacts(
                state=case.state, since=case.state_since, frozen_on=case.frozen_on,
                mediation_open=case.mediating, promises_open=case.promising,
                holds=case.times_on_hold,
            ),
            charter_of(case),
        )  # fmt: skip
        if earliest is not None and earliest.warned_on(charter_of(case)) <= today:
            found.append(case.pk)
    return found


@contextmanager
def locked(pk: Any) -> Iterator[Case]:
    """Hold one case in a transaction of its own."""
    with transaction.atomic():
        yield (
            Case.objects.select_for_update(of=("self",))
            .select_related("charter_version", "community", "steering")
            .get(pk=pk)
        )


def _advance(case: Case, *, now: datetime) -> Counter[str]:
    """Do each step of a locked case that is due, one after the other, each on its own day."""
    today, charter, done = day(now), charter_of(case), Counter[str]()
    while case.state != Case.State.CLOSED and (wait := wait_of(case)) is not None:
        asked = asked_times(case, wait)
        on = wait.step_on(asked, charter)
        if on > today:
            # Once it is over, a warning would say what is no longer so.
            if wait.warned_on(charter) <= today <= wait.last:
                done["waits_soon_too_long"] += _warn(case, wait)
            break
        what = rules.follows(stage_of(case))
        if asked and not hand_up(case, today=on) and what:
            _follow(case, what, on=on)
            done[f"followed_{what}"] += 1
        else:
            _ask(case, wait, asked, on=on)
            done["waits_too_long"] += 1
    return done


def _warn(case: Case, wait: Wait) -> int:
    warned_on = wait.warned_on(charter_of(case))
    office = rules.LONGEST[wait.code].warned
    mediators = mediators_of(case) if office == "mediator" else []
    return _tell(
        case, mediators or coordinators_of(case, warned_on), "waits_soon_too_long",
        key=f"warned:{wait.key}:{wait.last}", on=warned_on,
    )  # fmt: skip


def _ask(case: Case, wait: Wait, asked: int, *, on: date) -> None:
    """Ask the coordinators of the community that steers the case now."""
    case.asked_about, case.asked_times = wait.key, asked + 1
    Case.objects.filter(pk=case.pk).update(asked_about=wait.key, asked_times=asked + 1)
    record(
        case, "coordinator_asked", by=None, now=moment_of(on), about=wait.code,
        community=case.steering.slug,
    )  # fmt: skip
    key = f"asked:{wait.key}:{asked}"
    _tell(case, coordinators_of(case, on), "waits_too_long", key=key, on=on)
    if rules.follows(stage_of(case)) == "settled":
        _ask_closing_words(case, on=on)


def _ask_closing_words(case: Case, *, on: date) -> None:
    """Ask for the last words nobody asked for yet, the person harmed first."""
    waiting = case.parties.filter(closing_word_asked_on=None).exclude(reached_on=None)
    for party in waiting.select_related("person").order_by("role"):
        note_closing_word_asked(party, case, by=None, now=moment_of(on))


def _follow(case: Case, what: str, *, on: date) -> None:
    """Let follow what the rules name, on the day it was due."""
    now = moment_of(on)
    if what == "screening":
        case.state_since = on
        move(case, "accept", also=["state_since"])
        record(case, "case_accepted", by=None, now=now)
    elif what == "council":
        to_council(case, by=None, now=now)
    elif what == "no_contact":
        end_case(case, outcome=Case.Outcome.NO_CONTACT, by=None, now=now)
    else:
        promises = outcome_facts(case, on).promises
        end_case(case, outcome=rules.outcome_of_promises(promises), by=None, now=now)


def coordinators_of(case: Case, today: date) -> list[Person]:
    """Return the coordinators who steer this case today: those with no part and no tie in it."""
    free = free_coordinators(case, case.steering, today=today)
    return list(Person.objects.filter(pk__in=free).order_by("pk"))


def _tell(case: Case, people: list[Person], code: str, *, key: str, on: date) -> int:
    told = [
        tell(
            person, code, case_reference=case.reference,
            key=f"{case.reference}:{key}:{person.pk}", now=moment_of(on),
        )
        for person in people
    ]  # fmt: skip
    return sum(notice is not None for notice in told)


# ── An agreement on the table ────────────────────────────────────────────────


def lapses_on(agreement: Agreement, case: Case) -> date:
    """Return the day an offered agreement lapses: the day after the last to sign it."""
    offered_on = agreement.offered_on or case.state_since
    after = offered_on + timedelta(days=charter_of(case).offer_days + 1)
    return case.moved_on(after, since=offered_on)


def warn_of_offers(now: datetime) -> dict[str, int]:
    """Tell whoever has not signed, and the mediators, that an offer will lapse. Once each."""
    today, told = day(now), 0
    offered = Agreement.objects.not_frozen().filter(state="offered")
    for agreement in list(offered.select_related("case__charter_version")):
        last = lapses_on(agreement, agreement.case) - timedelta(days=1)
        warned_on = last - timedelta(days=charter_of(agreement.case).warning_days)
        if warned_on <= today <= last:
            with locked(agreement.case_id) as case:
                told += _warn_of_offer(agreement, case, last=last, on=warned_on)
    return {"agreement_lapses_soon": told}


def _warn_of_offer(agreement: Agreement, case: Case, *, last: date, on: date) -> int:
    code, key, moment = "agreement_lapses_soon", f"lapses:{agreement.pk}:{last}", moment_of(on)
    told = _tell(case, mediators_of(case), code, key=key, on=on)
    for party, for_minor in agreements.unsigned(agreement, case, on):
        outside = party.reached_on is not None and not party.do_not_write
        if for_minor:
            told += tell_companions(
                party, code, case=case, now=moment, key=f"{case.reference}:{key}",
                outside=outside, roles=("guardian",),
            )  # fmt: skip
        else:
            told += tell_party(party, code, case=case, now=moment, key=key, alone=True)
    return told


# ── A question nobody answered ───────────────────────────────────────────────


def remind_of_questions(now: datetime) -> dict[str, int]:
    """Remind, once, who was asked for consent; later ask the mediators to speak with them.

    No answer is not a yes: the stage stays where it is until its own longest time.
    """
    done: Counter[str] = Counter()
    for pk in _with_questions():
        with locked(pk) as case:
            if case.state in ASKING and case.frozen_on is None:
                for party, guardian, since in _unanswered(case, day(now)):
                    done.update(_of_question(case, party, guardian, since, now=now))
    return dict(done)


def _with_questions() -> set[Any]:
    """Return the cases in which somebody spoken with gave no consent, or no guardian did."""
    found: set[Any] = set()
    for state, stage in ASKING.items():
        live = Consent.objects.filter(party=OuterRef("pk"), stage=stage, ended_at=None)
        parties = Party.objects.filter(case__state=state, case__frozen_on=None)
        asked = parties.exclude(reached_on=None).filter(
            ~Exists(live.filter(by_guardian=False))
            | (Q(companions__role="guardian") & ~Exists(live.filter(by_guardian=True)))
        )
        found |= set(asked.values_list("case_id", flat=True))
    return found


def _unanswered(case: Case, today: date) -> Iterator[tuple[Party, bool, date]]:
    """Yield (party, whether it is the guardian's answer, the day the question began)."""
    facts = {one.key: one for one in facts_of(case, today)}
    for party in case.parties.select_related("person"):
        if party.reached_on is None:
            continue
        since = max(party.reached_on, case.state_since)
        if not facts[party.pk].consented:
            yield party, False, since
        if facts[party.pk].minor and not facts[party.pk].guardian_consented:
            yield party, True, since


def _of_question(
    case: Case, party: Party, guardian: bool, since: date, *, now: datetime
) -> dict[str, int]:
    today, charter = day(now), charter_of(case)
    after = case.moved_on(since + timedelta(days=charter.question_days + 1), since=since)
    warned_on = after - timedelta(days=1 + charter.warning_days)
    key = f"question:{case.state}:{since}:{'g' if guardian else 'p'}"
    if after <= today:
        people = mediators_of(case) or coordinators_of(case, after)
        key = f"{key}:{party.pk}"
        return {"consent_unanswered": _tell(case, people, "consent_unanswered", key=key, on=after)}
    if warned_on > today:
        return {}
    moment = moment_of(warned_on)
    outside = party.reached_on is not None and not party.do_not_write
    if guardian:
        told = tell_companions(
            party, "consent_awaited", case=case, now=moment, key=f"{case.reference}:{key}",
            outside=outside, roles=("guardian",),
        )  # fmt: skip
    else:
        told = tell_party(party, "consent_awaited", case=case, now=moment, key=key, alone=True)
    return {"consent_awaited": told}


# ── Coming of age ────────────────────────────────────────────────────────────


def grow_older(now: datetime) -> dict[str, int]:
    """End each guardian's place by the day before the eighteenth birthday, and say so once."""
    today, noted = day(now), 0
    beside = Participation.objects.filter(role="guardian").exclude(case__state="closed")
    lasting = beside.filter(Q(until=None) | Q(until__lt=today), beside__isnull=False)
    for case_pk, party_pk in set(lasting.values_list("case_id", "beside_id")):
        with locked(case_pk) as case:
            party = Party.objects.select_related("person", "case").get(pk=party_pk)
            born_on = party.person.born_on
            if born_on is None:
                continue
            end_guardians_in_time(party)
            birthday = last_day_as_minor(born_on) + timedelta(days=1)
            if birthday <= today:
                noted += grow_up(party, case, now=moment_of(birthday))
    return {"came_of_age": noted}
