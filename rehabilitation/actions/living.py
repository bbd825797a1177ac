"""A life in a house, in writing: measures, check-ins, visits, incidents, wishes and complaints.

Beside everything somebody else writes, the resident can set their own word, at any time; and they
still can when the placement is over.
"""

from datetime import date, datetime, timedelta
from typing import Any

from moves.core import Blocked, Obstacle, refuse_if_any
from people.models import Person
from rehabilitation import rules
from rehabilitation.actions.locks import Scene, on_placement
from rehabilitation.models import CheckIn, Incident, Measure, Placement, Visit, Wish
from rehabilitation.writing import note, require, staff_of, tell_all, tell_one

# ── Measures ─────────────────────────────────────────────────────────────────


def supports_of(placement: Placement, today: date) -> int:
    """Return how many offers of support are there: anything but a limit, not over yet."""
    return sum(
        1
        for one in placement.measures.exclude(kind="contact")
        if one.ended_on is None and one.last_day >= today
    )


def may_offer_measure(placement: Placement, *, office: bool, today: date) -> bool:
    return office and placement.is_placed(today)


def offer_measure(
    placement: Placement, *, by: Person, now: datetime, kind: str, aim: str, offered_by: str,
    from_on: date, until: date, reason: str = "",
) -> Measure:  # fmt: skip
    """Offer a measure, or set a limit on contact with its reason. The resident answers it."""
    with on_placement(placement, by=by, now=now) as scene:
        one = scene.placement
        office = scene.sight.steward or scene.sight.council
        require(may_offer_measure(one, office=office, today=scene.today))
        assert one.ends_on is not None
        refuse_if_any(rules.obstacles_of_measure(kind, supports=supports_of(one, scene.today)))
        if until > one.ends_on:
            raise Blocked([Obstacle(code="measure_too_long", cleared_by="steward")])
        made = Measure.objects.create(
            placement=one, kind=kind, aim=aim, offered_by=offered_by, from_on=from_on,
            until=until, reason=reason, at=now,
        )  # fmt: skip
        note(one, "measure_offered", by=by, now=now, kind=kind)
        tell_one(one.person, one, "measure_offered", key=f"measure:{made.pk}", now=now)
        return made


def locked(thing: Any, scene: Scene) -> Any:
    """Return something of a locked placement, locked too."""
    fresh = (
        type(thing)
        .objects.select_for_update(of=("self",))
        .get(pk=thing.pk, placement=scene.placement)
    )
    fresh.placement = scene.placement
    return fresh


def may_answer_measure(measure: Measure, *, resident: bool, today: date) -> bool:
    """Say whether the resident can say yes or no to it, anew, until it ends."""
    over = measure.ended_on is not None or measure.last_day < today
    return resident and not over and measure.placement.is_placed(today)


def agree_measure(measure: Measure, *, by: Person, now: datetime, words: str = "") -> Measure:
    """Say yes to a measure."""
    return _answer(measure, True, by=by, now=now, words=words)


def decline_measure(measure: Measure, *, by: Person, now: datetime, words: str = "") -> Measure:
    """Say no to a measure. An offer then falls away; a limit has both words beside it."""
    return _answer(measure, False, by=by, now=now, words=words)


def _answer(measure: Measure, agreed: bool, *, by: Person, now: datetime, words: str) -> Measure:
    with on_placement(measure.placement, by=by, now=now) as scene:
        fresh: Measure = locked(measure, scene)
        require(may_answer_measure(fresh, resident=scene.sight.resident, today=scene.today))
        fresh.agreed, fresh.own_word, fresh.answered_on = agreed, words, scene.today
        fresh.save(update_fields=["agreed", "own_word", "answered_on"])
        code = "measure_agreed" if agreed else "measure_declined"
        note(scene.placement, code, by=by, now=now, measure=str(fresh.pk))
        people = staff_of(scene.placement, scene.today, "steward")
        tell_all(people, scene.placement, code, key=f"{fresh.pk}:{now.isoformat()}", now=now)
        return fresh


def may_end_measure(measure: Measure, *, office: bool, today: date) -> bool:
    return office and measure.ended_on is None and measure.last_day >= today


def end_measure(measure: Measure, *, by: Person, now: datetime) -> Measure:
    """End a measure before its last day."""
    with on_placement(measure.placement, by=by, now=now) as scene:
        fresh: Measure = locked(measure, scene)
        office = scene.sight.steward or scene.sight.council
        require(may_end_measure(fresh, office=office, today=scene.today))
        fresh.ended_on = scene.today
        fresh.save(update_fields=["ended_on"])
        note(scene.placement, "measure_ended", by=by, now=now, measure=str(fresh.pk))
        tell_one(
            scene.placement.person, scene.placement, "measure_ended",
            key=f"measure-ended:{fresh.pk}", now=now,
        )  # fmt: skip
        return fresh


# ── Check-ins, visits, incidents ─────────────────────────────────────────────


def check_in(placement: Placement, *, by: Person, now: datetime, words: str) -> CheckIn:
    """Write how it goes. The resident reads it at once, and can set their own word beside it."""
    with on_placement(placement, by=by, now=now) as scene:
        one = scene.placement
        require(scene.sight.steward and one.lives_here(scene.today))
        made = CheckIn.objects.create(placement=one, by=by, words=words, at=now)
        note(one, "checked_in", by=by, now=now)
        tell_one(one.person, one, "check_in_written", key=f"check-in:{made.pk}", now=now)
        return made


def record_visit(
    placement: Placement, *, by: Person, now: datetime, words: str, visited_on: date
) -> Visit:
    """Write what the independent visitor saw and heard with one resident."""
    with on_placement(placement, by=by, now=now) as scene:
        one = scene.placement
        require(scene.sight.visitor and one.lives_here(scene.today))
        made = Visit.objects.create(
            house=one.house, placement=one, by=by, visited_on=visited_on, words=words, at=now
        )
        note(one, "visited", by=by, now=now)
        tell_one(one.person, one, "visit_written", key=f"visit:{made.pk}", now=now)
        return made


def say_own_word(thing: CheckIn | Visit, *, by: Person, now: datetime, words: str) -> Any:
    """Set one's own word beside what somebody else wrote; anew, as often as one likes."""
    assert thing.placement is not None
    with on_placement(thing.placement, by=by, now=now) as scene:
        fresh = locked(thing, scene)
        require(scene.sight.resident)
        fresh.own_word, fresh.own_word_at = words, now
        fresh.save(update_fields=["own_word", "own_word_at"])
        note(scene.placement, "own_word_said", by=by, now=now)
        return fresh


def may_report(placement: Placement, *, resident: bool, steward: bool, today: date) -> bool:
    return (resident or steward) and placement.lives_here(today)


def report_incident(
    placement: Placement, *, by: Person, now: datetime, happened_on: date, account: str
) -> Incident:
    """Write down something that went wrong, from one's own side. The other is asked for theirs."""
    with on_placement(placement, by=by, now=now) as scene:
        one, sight = scene.placement, scene.sight
        require(may_report(one, resident=sight.resident, steward=sight.steward, today=scene.today))
        side = "own_account" if sight.resident else "house_account"
        made = Incident.objects.create(
            placement=one, happened_on=happened_on, reported_by=by, by_resident=sight.resident,
            at=now, **{side: account},
        )  # fmt: skip
        note(one, "incident_reported", by=by, now=now)
        people = staff_of(one, scene.today) if sight.resident else [one.person]
        tell_all(people, one, "incident_reported", key=f"incident:{made.pk}", now=now)
        return made


def account_of(incident: Incident, *, resident: bool, steward: bool) -> str:
    """Return which account this person gives: the field, or "" where none is theirs."""
    return "own_account" if resident else "house_account" if steward else ""


def give_own_account(incident: Incident, *, by: Person, now: datetime, account: str) -> Incident:
    """Give one's own account beside the other's, or write it anew."""
    with on_placement(incident.placement, by=by, now=now) as scene:
        fresh: Incident = locked(incident, scene)
        sight = scene.sight
        side = account_of(fresh, resident=sight.resident, steward=sight.steward)
        require(bool(side))
        setattr(fresh, side, account)
        fresh.save(update_fields=[side])
        note(scene.placement, "account_given", by=by, now=now)
        return fresh


# ── Wishes and complaints ────────────────────────────────────────────────────


def make_wish(placement: Placement, *, by: Person, now: datetime, kind: str, words: str) -> Wish:
    """Say a wish or complain. It is answered within the charter's days."""
    with on_placement(placement, by=by, now=now) as scene:
        one = scene.placement
        require(scene.sight.resident and one.lives_here(scene.today))
        days = scene.case.charter_version.charter.wish_days
        made = Wish.objects.create(
            placement=one, kind=kind, words=words, answer_by=scene.today + timedelta(days=days),
            at=now,
        )  # fmt: skip
        note(one, "wish_made", by=by, now=now, kind=kind)
        # A complaint is read by the independent visitor from the first day.
        people = (
            staff_of(one, scene.today)
            if kind == "complaint"
            else staff_of(one, scene.today, "steward")
        )
        tell_all(people, one, "wish_made", key=f"wish:{made.pk}", now=now)
        return made


def may_answer_wish(wish: Wish, *, steward: bool, visitor: bool) -> bool:
    """Say whether this person can answer: a steward first; what went further, the visitor."""
    if wish.further_at is not None:
        return visitor and (wish.answered_at is None or wish.answered_at < wish.further_at)
    return steward and wish.state == Wish.State.OPEN


def answer_wish(wish: Wish, *, by: Person, now: datetime, answer: str, words: str) -> Wish:
    """Answer yes or no. A no has its reasons, and can be taken to the independent visitor."""
    with on_placement(wish.placement, by=by, now=now) as scene:
        fresh: Wish = locked(wish, scene)
        sight = scene.sight
        require(may_answer_wish(fresh, steward=sight.steward, visitor=sight.visitor))
        fresh.state, fresh.answer = answer, words
        fresh.answered_by, fresh.answered_at = by, now
        fresh.save(update_fields=["state", "answer", "answered_by", "answered_at"])
        note(scene.placement, "wish_answered", by=by, now=now, answer=answer)
        key = f"wish-answered:{fresh.pk}:{now.isoformat()}"
        tell_one(scene.placement.person, scene.placement, "wish_answered", key=key, now=now)
        return fresh


def may_take_further(wish: Wish, *, resident: bool, today: date) -> bool:
    """Say whether the resident can take it to the visitor: after a no, or when it is overdue."""
    overdue = wish.state == Wish.State.OPEN and wish.answer_by < today
    return resident and wish.further_at is None and (wish.state == Wish.State.REFUSED or overdue)


def take_further(wish: Wish, *, by: Person, now: datetime) -> Wish:
    """Ask the independent visitor to look at an answer, or at one that did not come."""
    with on_placement(wish.placement, by=by, now=now) as scene:
        fresh: Wish = locked(wish, scene)
        require(may_take_further(fresh, resident=scene.sight.resident, today=scene.today))
        fresh.further_at = now
        fresh.save(update_fields=["further_at"])
        note(scene.placement, "wish_taken_further", by=by, now=now)
        people = staff_of(scene.placement, scene.today, "visitor")
        tell_all(people, scene.placement, "wish_taken_further", key=f"further:{fresh.pk}", now=now)
        return fresh
