"""From a council's adopted decision to somebody's arrival: proposed, told, accepted, placed."""

import json
from datetime import date, datetime, timedelta

from django.db.models import Q

from cases.access import Standing, require
from cases.models import Case
from cases.rules import stage_frozen
from cases.writing import changing
from communities.models import Community
from councils.models import Appeal, Decision, SafetyFinding
from moves.core import Blocked, Obstacle, refuse_if_any
from moves.machine import move
from people.models import Person
from rehabilitation import rules
from rehabilitation.actions.ending import end
from rehabilitation.actions.locks import frozen, locked_house, on_placement
from rehabilitation.actions.news import ask_for_wishes, tell_harmed
from rehabilitation.models import House, Placement
from rehabilitation.querysets import coming_on, may_ask_place
from rehabilitation.texts import acceptance_text, language_for
from rehabilitation.writing import (
    council_people,
    day,
    lengths_of,
    note,
    staff_of,
    tell_all,
    tell_one,
)

# ── What it stands on ────────────────────────────────────────────────────────


def finding_of(decision: Decision) -> rules.FindingFacts | None:
    """Return a decision's safety finding as the rules read it; None where it asks for no place."""
    found = SafetyFinding.objects.filter(decision=decision, placement=True).first()
    if found is None:
        return None
    weighed = json.loads(found.alternatives) if found.alternatives else []
    return rules.FindingFacts(
        decided_on=decision.adopted_on if decision.replaced_on is None else None,
        threat=found.threat,
        alternatives=[(one.get("what", ""), one.get("why_not", "")) for one in weighed],
        aims=found.aims,
        review_on=found.review_on,
        ends_on=found.ends_on,
    )


def decisions_for(case: Case) -> list[Decision]:
    """Return the adopted decisions of this case that ask for a place nobody was proposed for yet.

    A decision carries one placement: whoever declined, left or was freed is not placed by it again.
    """
    used = Placement.objects.filter(case=case).values("decision_id")
    found = Decision.objects.filter(
        council__case=case, adopted_on__isnull=False, replaced_on=None, safety__placement=True
    ).exclude(pk__in=used)
    return list(found.select_related("safety__about__person", "council").order_by("adopted_on"))


def houses_for(case: Case, today: date) -> list[House]:
    """Return the open houses of the tree with a free place, the case's own community's first."""
    near = {one.pk: number for number, one in enumerate(case.community.up_the_tree())}
    root = case.community.up_the_tree()[-1]
    houses = [
        one
        for one in House.objects.open(today).select_related("community")
        if one.community_id in _below(root)
    ]
    houses.sort(key=lambda one: (near.get(one.community_id, len(near)), one.slug))
    return [one for one in houses if free_places(one, today) > 0]


def _below(root: Community) -> set[int]:
    found, level = set(), [root.pk]
    while level:
        found |= set(level)
        level = list(Community.objects.filter(parent__in=level).values_list("pk", flat=True))
    return found


def taken(house: House, today: date, *, but: Placement | None = None) -> int:
    """Return how many places of a house are taken today, by the days and not by ``tick``.

    The place of somebody who said yes to moving here counts as taken, as long as they can come.
    """
    living = Placement.objects.living(today)
    here = living.filter(Q(house=house) | Q(moving_to=house) & coming_on(today))
    if but is not None:
        here = here.exclude(pk=but.pk)
    return here.distinct().count()


def free_places(house: House, today: date, *, but: Placement | None = None) -> int:
    """Return how many places of a house are free today."""
    return rules.free_places(places=house.places, taken=taken(house, today, but=but))


# ── Proposing ────────────────────────────────────────────────────────────────


def may_propose(case: Case, who: Standing) -> bool:
    """Say whether this person could propose a placement: the coordinator or process guardian."""
    return (
        (who.coordinates or who.guards_process)
        and case.state == Case.State.COUNCIL
        and may_ask_place(case)
        and bool(decisions_for(case))
    )


def obstacles_to_propose(case: Case, decision: Decision, today: date) -> list[Obstacle]:
    """Return why no placement can be proposed on this decision."""
    found = [stage_frozen()] if case.frozen_on else []
    found += rules.obstacles_of_finding(finding_of(decision), lengths_of(case), today=today)
    if not houses_for(case, today):
        # No place never means detention elsewhere: nothing else is offered here.
        found.append(Obstacle(code="no_place_free", cleared_by="coordinator"))
    person = decision.safety.about.person_id
    if Placement.objects.open().filter(person=person).exists():
        found.append(Obstacle(code="placed_already", cleared_by="nobody"))
    return found


def propose_placement(
    case: Case, *, by: Person, now: datetime, house: str, decision: str = ""
) -> Placement:
    """Ask for a place for the person a council's decision is about. Nobody is placed by it.

    The person is told in their language, with how to challenge it.
    """
    with changing(case.pk, by=by, now=now) as (case, who):
        require(may_propose(case, who))
        today = day(now)
        among = decisions_for(case)
        chosen = next((one for one in among if str(one.pk) == decision), among[0])
        refuse_if_any(obstacles_to_propose(case, chosen, today))
        home = next((one for one in houses_for(case, today) if one.slug == house), None)
        if home is None:
            raise Blocked([Obstacle(code="no_place_free", cleared_by="coordinator")])
        safety = chosen.safety
        open_until = rules.proposal_open_until(
            proposed_on=today, days=case.charter_version.charter.decide_days,
            review_on=safety.review_on, ends_on=safety.ends_on,
        )  # fmt: skip
        made = Placement(
            case=case, decision=chosen, party=safety.about, person=safety.about.person,
            house=home, proposed_on=today, open_until=open_until,
            free_on=open_until + timedelta(days=1),
            told_in=language_for(safety.about.person.language),
            host_offered_on=today if home.community_id == case.community_id else None,
        )  # fmt: skip
        made.save(force_insert=True)
        note(made, "placement_proposed", by=by, now=now, house=home.slug)
        tell_one(made.person, made, "placement_proposed", key="proposed", now=now)
        tell_all(staff_of(made, today, "steward"), made, "place_asked", key="asked", now=now)
        ask_for_wishes(case, now=now, key=f"news:{made.pk}")
        return made


def obstacles_to_offer(placement: Placement, today: date) -> list[Obstacle]:
    """Return why a house cannot offer its place: none is free."""
    if free_places(placement.house, today, but=placement) < 1:
        return [Obstacle(code="no_place_free", cleared_by="steward")]
    return []


def may_offer(placement: Placement, *, steward: bool, today: date) -> bool:
    proposed = placement.state == "proposed" and placement.is_open(today)
    return steward and proposed and placement.host_offered_on is None


def offer_place(placement: Placement, *, by: Person, now: datetime) -> Placement:
    """A house of another community of the tree offers the place it was asked for."""
    with on_placement(placement, by=by, now=now) as scene:
        one = scene.placement
        require(may_offer(one, steward=scene.sight.steward, today=scene.today))
        refuse_if_any(obstacles_to_offer(one, scene.today))
        one.host_offered_on = scene.today
        one.save(update_fields=["host_offered_on"])
        note(one, "place_offered", by=by, now=now, house=one.house.slug)
        council = council_people(one.decision.council, members=False)
        tell_all(council, one, "place_offered", key="offered", now=now)
        return one


def may_take_back(placement: Placement, *, office: bool, today: date) -> bool:
    """Say whether a placement can be taken back: by an office, while nobody is placed by it."""
    return office and placement.state == "proposed" and placement.is_open(today)


def take_back_placement(placement: Placement, *, by: Person, now: datetime) -> Placement:
    """Take back a proposed placement before anybody was placed by it."""
    with on_placement(placement, by=by, now=now) as scene:
        one = scene.placement
        office = scene.sight.coordinates or scene.sight.guards
        require(may_take_back(one, office=office, today=scene.today))
        end(one, "taken_back", on=scene.today, by=by, now=now)
        return one


# ── The person's own word, or an order ───────────────────────────────────────


def may_answer(placement: Placement, *, resident: bool, today: date) -> bool:
    """Say whether the person can still say yes or no."""
    return resident and placement.state == "proposed" and placement.is_open(today)


def accept_placement(
    placement: Placement, *, by: Person, now: datetime, understood: bool
) -> Placement:
    """Say yes, to exactly the words shown, in the person's own language."""
    with on_placement(placement, by=by, now=now) as scene:
        one = scene.placement
        require(may_answer(one, resident=scene.sight.resident, today=scene.today))
        require(understood and one.accepted_on is None)
        one.accepted_on = scene.today
        one.accepted_text = acceptance_text(one, one.told_in)
        one.save(update_fields=["accepted_on", "accepted_text"])
        note(one, "placement_accepted", by=by, now=now)
        people = staff_of(one, scene.today, "steward")
        people += council_people(one.decision.council, members=False)
        tell_all(people, one, "placement_accepted", key="accepted", now=now)
        return one


def decline_placement(placement: Placement, *, by: Person, now: datetime) -> Placement:
    """Say no. It needs no reason, and nobody is placed by this decision any more.

    Also after a yes, as long as nobody was placed. A lawful order does not take the no away: it is
    recorded on its own, and the placement then stands on the order.
    """
    with on_placement(placement, by=by, now=now) as scene:
        one = scene.placement
        require(may_answer(one, resident=scene.sight.resident, today=scene.today))
        if one.order_until is not None and one.order_until >= scene.today:
            one.accepted_on, one.accepted_text = None, ""
            one.save(update_fields=["accepted_on", "accepted_text"])
            note(one, "placement_declined", by=by, now=now)
            return one
        end(one, "declined", on=scene.today, by=by, now=now)
        return one


def may_accept_as_guardian(placement: Placement, *, guardian: bool, today: date) -> bool:
    return (
        guardian
        and placement.state == "proposed"
        and placement.guardian_accepted_on is None
        and placement.party.is_minor(today)
    )


def accept_placement_as_guardian(
    placement: Placement, *, by: Person, now: datetime, understood: bool
) -> Placement:
    """A young person's guardian says yes beside them, and never instead of them."""
    with on_placement(placement, by=by, now=now) as scene:
        one = scene.placement
        require(
            understood
            and may_accept_as_guardian(one, guardian=scene.sight.guardian, today=scene.today)
        )
        one.guardian_accepted_on = scene.today
        one.save(update_fields=["guardian_accepted_on"])
        note(one, "placement_accepted_by_guardian", by=by, now=now)
        return one


def may_record_order(placement: Placement, *, office: bool, today: date) -> bool:
    """Say whether a lawful order can be recorded: by an office, while anything stands open."""
    return office and placement.is_open(today)


def record_order(
    placement: Placement, *, by: Person, now: datetime, number: str, authority: str, until: date
) -> Placement:
    """Record the lawful order a placement stands on: its number, who gave it, and its last day.

    Amends holds nobody: an order is somebody else's, and this placement ends with it. It lengthens
    nothing: the end date and the reviews of the placement stay as they are.
    """
    with on_placement(placement, by=by, now=now) as scene:
        one = scene.placement
        office = scene.sight.coordinates or scene.sight.guards
        require(may_record_order(one, office=office, today=scene.today))
        if until < scene.today:
            raise Blocked([Obstacle(code="order_over", cleared_by="coordinator")])
        one.order_number, one.order_by, one.order_until = number, authority, until
        _keep_free_on(one)
        one.save(update_fields=["order_number", "order_by", "order_until", "free_on"])
        note(one, "order_recorded", by=by, now=now, until=until.isoformat())
        tell_one(one.person, one, "order_recorded", key=f"order:{until}", now=now)
        return one


def _keep_free_on(placement: Placement) -> None:
    freedom = placement.freedom
    if freedom is not None:
        placement.free_on = freedom.on


keep_free_on = _keep_free_on


# ── Arriving ─────────────────────────────────────────────────────────────────


def is_effective(decision: Decision, today: date) -> bool:
    """Say whether the time to appeal is over with no appeal open, by its days."""
    if Appeal.objects.filter(decision=decision, state=Appeal.State.OPEN).exists():
        return False
    if decision.effective_on is not None and decision.effective_on <= today:
        return True
    return decision.appeal_until is not None and decision.appeal_until < today


def begin_facts(placement: Placement, today: date) -> rules.BeginFacts:
    """Return what beginning this placement asks."""
    minor = placement.party.is_minor(today)
    return rules.BeginFacts(
        accepted=placement.accepted_on is not None,
        order_until=placement.order_until,
        effective=is_effective(placement.decision, today),
        challenged=placement.challenges.filter(state="open").exists(),
        host_agreed=placement.host_offered_on is not None,
        free_places=free_places(placement.house, today, but=placement),
        guardian_missing=minor and placement.guardian_accepted_on is None,
        interim_until=placement.decision.safety.interim_until,
        appeal_until=placement.decision.appeal_until,
    )


def obstacles_to_place(placement: Placement, today: date, *, interim: bool) -> list[Obstacle]:
    """Return every reason nobody is placed yet: the finding, the person's word, the place."""
    found = frozen(placement)
    finding = finding_of(placement.decision)
    if placement.state == "proposed":
        found += rules.obstacles_of_finding(finding, lengths_of(placement), today=today)
    found += rules.obstacles_to_begin(begin_facts(placement, today), interim=interim, today=today)
    if not staff_of(placement, today, "steward"):
        found.append(Obstacle(code="steward_missing", cleared_by="coordinator"))
    if not staff_of(placement, today, "visitor"):
        found.append(Obstacle(code="visitor_missing", cleared_by="coordinator"))
    return found


def may_place(placement: Placement, *, office: bool, interim: bool, today: date) -> bool:
    """Say whether somebody could be placed now: proposed, or for good after the interim days."""
    from_states = ("proposed",) if interim else ("proposed", "interim")
    return office and placement.state in from_states and placement.is_open(today)


def place(placement: Placement, *, by: Person, now: datetime) -> Placement:
    """Somebody arrives, or stays after the interim days: the placement begins or goes on."""
    return _place(placement, by=by, now=now, interim=False)


def place_for_days(placement: Placement, *, by: Person, now: datetime) -> Placement:
    """Somebody arrives before the time to appeal is over: for the interim days, and no longer."""
    return _place(placement, by=by, now=now, interim=True)


def _place(placement: Placement, *, by: Person, now: datetime, interim: bool) -> Placement:
    with on_placement(placement, by=by, now=now) as scene:
        one, case, today = scene.placement, scene.case, scene.today
        office = scene.sight.steward or scene.sight.guards or scene.sight.coordinates
        require(may_place(one, office=office, interim=interim, today=today))
        # Held until the place is taken: two arrivals never share the last one.
        one.house = locked_house(one.house_id)
        refuse_if_any(obstacles_to_place(one, today, interim=interim))
        if one.state == "proposed":
            _set_days(one, today, interim=interim)
        one.interim_until = one.interim_until if interim else None
        _after = ["starts_on", "review_on", "ends_on", "latest_on", "interim_until",
                  "interim_latest", "free_on"]  # fmt: skip
        _free_when(one, "interim" if interim else "active")
        move(one, "begin_interim" if interim else "begin", also=_after)
        if case.state == Case.State.COUNCIL:
            case.state_since = today
            move(case, "place", also=["state_since"])
        note(one, "placed_for_days" if interim else "placed", by=by, now=now, house=one.house.slug)
        tell_one(one.person, one, "you_are_placed", key=f"placed:{one.state}", now=now)
        tell_all(
            council_people(one.decision.council) + staff_of(one, today, "visitor"),
            one, "somebody_is_placed", key=f"placed:{one.state}", now=now,
        )  # fmt: skip
        tell_harmed(case, "placed", "news_placed", now=now, key=f"placed:{one.pk}")
        return one


def _set_days(placement: Placement, today: date, *, interim: bool) -> None:
    finding = finding_of(placement.decision)
    assert finding is not None
    lengths = lengths_of(placement)
    terms = rules.terms_of(
        finding, lengths, starts_on=today, interim=interim,
        interim_until=placement.decision.safety.interim_until,
    )  # fmt: skip
    placement.starts_on, placement.review_on = terms.starts_on, terms.review_on
    placement.ends_on, placement.latest_on = terms.ends_on, terms.latest_on
    placement.interim_until = terms.interim_until
    if interim:
        placement.interim_latest = today + timedelta(days=lengths.interim)


def _free_when(placement: Placement, state: str) -> None:
    """Write the first free day as it is once the placement is in this state."""
    facts = placement.facts
    freedom = rules.freedom_of(
        rules.PlacementFacts(
            **{
                **facts.__dict__,
                "state": state,
                "interim_until": facts.interim_until if state == "interim" else None,
            }
        )
    )
    assert freedom is not None
    placement.free_on = freedom.on
