"""Asking that a decision be looked at again: on process, new facts or proportion, one level up.

It is heard by a freshly drawn panel, and nobody sits on it who sat before. Meanwhile nothing
takes effect but an interim safety measure with an end of its own. What that panel decides is final
here: it changes the decision, lets it stand, or sends it back.
"""

from datetime import date, datetime, timedelta

from agreements import actions as agreements
from cases.access import Standing, require
from cases.models import Case, Party
from cases.writing import day, record
from councils.actions import outcome
from councils.actions.forming import above, begin_council, frozen
from councils.models import Appeal, Council, Decision
from councils.writing import on_council, tell_parties, tell_who_runs
from moves.core import Obstacle, refuse_if_any
from moves.machine import move
from people.models import Person


def appeals_for(who: Standing) -> list[Party]:
    """Return the parties for whom this person can appeal: themselves, and whom they guard."""
    own = [who.party] if who.party is not None else []
    return own + [party for party in who.guards if party not in own]


def may_appeal(decision: Decision, case: Case, who: Standing) -> bool:
    """Say whether this person can ask that a decision be looked at again at all."""
    stands = decision.adopted_on is not None and decision.replaced_on is None
    first = decision.appeal_until is not None
    return stands and first and case.state == Case.State.COUNCIL and bool(appeals_for(who))


def appeal_until(decision: Decision, case: Case) -> date:
    """Return the last day to appeal, with the days on hold given back."""
    assert decision.appeal_until is not None
    assert decision.adopted_on is not None
    following = decision.appeal_until + timedelta(days=1)
    return case.moved_on(following, since=decision.adopted_on) - timedelta(days=1)


def obstacles_to_appeal(
    decision: Decision, case: Case, who: Standing, today: date
) -> list[Obstacle]:
    """Return why a decision cannot be appealed: on hold, too late, or done already."""
    found = frozen(case)
    if today > appeal_until(decision, case) or decision.effective_on is not None:
        found.append(Obstacle(code="appeal_too_late", cleared_by="nobody"))
    mine = {party.pk for party in appeals_for(who)}
    if mine <= {one.party_id for one in decision.appeals.all()}:
        found.append(Obstacle(code="appealed_already", cleared_by="nobody"))
    return found


def appeal_decision(
    decision: Decision, *, by: Person, now: datetime, ground: str, words: str
) -> Appeal:
    """Ask that a decision be looked at again, by people who were not involved."""
    with on_council(decision.council, by=by, now=now) as (council, case, who):
        decision = Decision.objects.select_related("agreement", "council").get(pk=decision.pk)
        require(may_appeal(decision, case, who))
        refuse_if_any(obstacles_to_appeal(decision, case, who, day(now)))
        done = set(decision.appeals.values_list("party_id", flat=True))
        party = next(one for one in appeals_for(who) if one.pk not in done)
        appeal = Appeal.objects.create(
            decision=decision, party=party, ground=ground, words=words, at=now
        )
        live = decision.agreement is not None and decision.agreement.state in (
            "offered", "cooling_off",
        )  # fmt: skip
        if live and decision.agreement is not None and decision.agreement.held_since is None:
            agreements.hold_offer(decision.agreement, case, now=now)
        record(case, "decision_appealed", by=by, now=now, appeal=str(appeal.pk), ground=ground)
        key = f"appealed:{appeal.pk}"
        tell_parties(case, "decision_appealed", now=now, key=key)
        tell_who_runs(council, case, "please_form_an_appeal", now=now, key=key)
        return appeal


def may_withdraw(appeal: Appeal, who: Standing) -> bool:
    mine = {party.pk for party in appeals_for(who)}
    return appeal.state == Appeal.State.OPEN and appeal.party_id in mine


def withdraw_appeal(appeal: Appeal, *, by: Person, now: datetime) -> Appeal:
    """Take an appeal back. With the last one, the decision goes on as it stood."""
    with on_council(appeal.decision.council, by=by, now=now) as (_council, case, who):
        appeal = Appeal.objects.select_related("decision__council", "decision__agreement").get(
            pk=appeal.pk
        )
        require(may_withdraw(appeal, who))
        appeal.decided_on = day(now)
        move(appeal, "withdraw", also=["decided_on"])
        record(case, "appeal_withdrawn", by=by, now=now, appeal=str(appeal.pk))
        outcome.let_appeals_go(appeal.decision, case, now=now)
        return appeal


def may_form(appeal: Appeal, case: Case, who: Standing) -> bool:
    """Say whether the council of an appeal is still to be formed, and by this person."""
    if not who.coordinates or appeal.state != Appeal.State.OPEN:
        return False
    if case.state != Case.State.COUNCIL:
        return False
    return not Council.objects.live().filter(appeal_of=appeal.decision.council_id).exists()


def form_appeal_council(appeal: Appeal, *, by: Person, now: datetime) -> Council:
    """Begin the panel that hears an appeal, one level up; its members are drawn by lot."""
    with on_council(appeal.decision.council, by=by, now=now) as (first, case, who):
        appeal = Appeal.objects.select_related("decision__council").get(pk=appeal.pk)
        require(may_form(appeal, case, who))
        refuse_if_any(frozen(case))
        return begin_council(case, above(first.community), appeal_of=first, by=by, now=now)
