"""The time after a placement: what is prepared for it, who goes along, and staying as a guest."""

from datetime import date, datetime, timedelta
from typing import Any

from moves.core import Obstacle, Stale, refuse_if_any
from moves.machine import move
from people.models import Person
from rehabilitation.actions.ending import end_stay
from rehabilitation.actions.locks import locked_house, on_placement
from rehabilitation.actions.placing import free_places
from rehabilitation.models import (
    GuestStay,
    Placement,
    SupportCircle,
    SupportMeeting,
    SupportMember,
    TransitionPlan,
)
from rehabilitation.writing import day, note, require, staff_of, tell_all, tell_one

# ── A guest ──────────────────────────────────────────────────────────────────


def may_stay(placement: Placement, *, resident: bool) -> bool:
    """Say whether this person, free, could stay on: it is theirs to wish, and nobody else's."""
    return resident and placement.has_begun and placement.state in ("released", "lapsed")


def obstacles_to_stay(placement: Placement, today: date) -> list[Obstacle]:
    """Return why somebody cannot stay as a guest: no place is free."""
    if free_places(placement.house, today, but=placement) < 1:
        return [Obstacle(code="no_place_free", cleared_by="steward")]
    return []


def stay_as_guest(placement: Placement, *, by: Person, now: datetime) -> GuestStay:
    """Stay by one's own wish, for the charter's days. It can be wished for again."""
    with on_placement(placement, by=by, now=now) as scene:
        one = scene.placement
        require(may_stay(one, resident=scene.sight.resident))
        one.house = locked_house(one.house_id)
        refuse_if_any(obstacles_to_stay(one, scene.today))
        until = scene.today + timedelta(days=scene.case.charter_version.charter.guest_days)
        one.guest_until = until
        move(one, "stay", also=["guest_until"])
        made = GuestStay.objects.create(placement=one, from_on=scene.today, until=until)
        note(one, "stays_as_guest", by=by, now=now)
        people = staff_of(one, scene.today, "steward")
        tell_all(people, one, "guest_stays", key=f"guest:{made.pk}", now=now)
        return made


def may_stay_longer(placement: Placement, *, resident: bool, today: date) -> bool:
    return resident and placement.is_guest(today)


def stay_longer(placement: Placement, *, by: Person, now: datetime) -> Placement:
    """Wish to stay on as a guest for as long again, from today."""
    with on_placement(placement, by=by, now=now) as scene:
        one = scene.placement
        require(may_stay_longer(one, resident=scene.sight.resident, today=scene.today))
        until = scene.today + timedelta(days=scene.case.charter_version.charter.guest_days)
        one.guest_until = until
        one.save(update_fields=["guest_until"])
        one.guest_stays.filter(ended_on=None).update(until=until)
        note(one, "stays_as_guest", by=by, now=now)
        return one


def end_guest_stay(placement: Placement, *, by: Person, now: datetime) -> Placement:
    """Leave as a guest."""
    with on_placement(placement, by=by, now=now) as scene:
        one = scene.placement
        require(scene.sight.resident and one.state == "guest")
        end_stay(one, on=scene.today, by=by, now=now)
        return one


# ── What is prepared ─────────────────────────────────────────────────────────


def plan_of(placement: Placement) -> TransitionPlan | None:
    return TransitionPlan.objects.filter(placement=placement).first()


def may_plan(placement: Placement, *, resident: bool, steward: bool, today: date) -> bool:
    """Say whether this person writes the plan for the time after: the resident and the stewards."""
    return (resident or steward) and placement.lives_here(today)


def plan_transition(
    placement: Placement, *, by: Person, now: datetime, words: str, seen: int = 0
) -> TransitionPlan:
    """Write the plan for the time after: where to live, what to do, whom to call.

    Stale where somebody changed it since version ``seen``. The resident's own hand agrees to it.
    """
    with on_placement(placement, by=by, now=now) as scene:
        one, sight = scene.placement, scene.sight
        require(may_plan(one, resident=sight.resident, steward=sight.steward, today=scene.today))
        plan = TransitionPlan.objects.select_for_update(of=("self",)).filter(placement=one).first()
        if plan is None:
            plan = TransitionPlan(placement=one, version=0, at=now)
        if plan.version != seen:
            raise Stale(theirs=words, now_stands=plan.words)
        plan.words, plan.version, plan.at = words, plan.version + 1, now
        plan.agreed_on = scene.today if sight.resident else None
        plan.save()
        note(one, "transition_planned", by=by, now=now)
        people = staff_of(one, scene.today, "steward") if sight.resident else [one.person]
        tell_all(people, one, "transition_planned", key=f"plan:{plan.version}", now=now)
        return plan


# ── A circle of support and accountability ───────────────────────────────────


def circle_of(placement: Placement) -> SupportCircle | None:
    return SupportCircle.objects.filter(placement=placement).first()


def may_begin_circle(placement: Placement, *, resident: bool) -> bool:
    """Say whether a circle of support can begin: the person wishes for it, and there is none."""
    return resident and placement.has_begun and circle_of(placement) is None


def begin_support_circle(
    placement: Placement, *, by: Person, now: datetime, until: date
) -> SupportCircle:
    """Wish for some people who go along for a while, until a day."""
    with on_placement(placement, by=by, now=now) as scene:
        one = scene.placement
        require(may_begin_circle(one, resident=scene.sight.resident))
        made = SupportCircle.objects.create(
            placement=one, from_on=scene.today, until=max(until, scene.today)
        )
        note(one, "support_circle_begun", by=by, now=now)
        return made


def circle_lasts(circle: SupportCircle, today: date) -> bool:
    """Say whether a circle of support meets still: it ends by itself on its last day."""
    return (circle.ended_on is None or circle.ended_on > today) and circle.until >= today


def may_invite(circle: SupportCircle | None, *, resident: bool, today: date) -> bool:
    return resident and circle is not None and circle_lasts(circle, today)


def invite_to_circle(
    placement: Placement, *, by: Person, now: datetime, username: str
) -> SupportMember | None:
    """Ask somebody by their user name to go along. They are told, and say yes themselves.

    Returns None, and says no more, where nobody has this name: it is no way to look for people.
    """
    with on_placement(placement, by=by, now=now) as scene:
        circle = circle_of(scene.placement)
        require(may_invite(circle, resident=scene.sight.resident, today=scene.today))
        assert circle is not None
        found = Person.objects.filter(username=username, is_active=True).exclude(pk=by.pk).first()
        parties = set(scene.case.parties.values_list("person_id", flat=True))
        if found is None or found.pk in parties:
            return None
        made, new = SupportMember.objects.get_or_create(circle=circle, person=found)
        if new:
            note(scene.placement, "support_asked", by=by, now=now)
            tell_one(found, scene.placement, "asked_for_support", key="support", now=now)
        return made


def own_circles(person: Person, today: date) -> list[SupportMember]:
    """Return the circles of support this person was asked into or goes along in."""
    if not person.is_authenticated or not person.is_active:
        return []
    found = SupportMember.objects.filter(person=person).select_related(
        "circle__placement__person", "circle__placement__case"
    )
    return [one for one in found if circle_lasts(one.circle, today)]


def accept_support(member: SupportMember, *, by: Person, now: datetime) -> SupportMember:
    """Say yes to go along."""
    require(member.person_id == by.pk and circle_lasts(member.circle, day(now)))
    fresh = SupportMember.objects.get(pk=member.pk)
    if fresh.accepted_on is None:
        fresh.accepted_on = day(now)
        fresh.save(update_fields=["accepted_on"])
        tell_one(
            fresh.circle.placement.person, fresh.circle.placement, "support_accepted",
            key=f"support:{fresh.pk}", now=now,
        )  # fmt: skip
    return fresh


def decline_support(member: SupportMember, *, by: Person, now: datetime) -> None:
    """Say no, or go along no more. It needs no reason."""
    require(member.person_id == by.pk)
    SupportMember.objects.filter(pk=member.pk).delete()


def may_write_meeting(circle: SupportCircle, person: Person, today: date) -> bool:
    inside = (
        circle.placement.person_id == person.pk
        or circle.members.filter(person=person, accepted_on__isnull=False).exists()
    )
    return inside and circle_lasts(circle, today)


def note_support_meeting(
    circle: SupportCircle, *, by: Person, now: datetime, held_on: date, words: str
) -> SupportMeeting:
    """Write what a circle of support spoke of. Only who is in it reads it."""
    fresh = SupportCircle.objects.select_related("placement").get(pk=circle.pk)
    require(may_write_meeting(fresh, by, day(now)))
    return SupportMeeting.objects.create(circle=fresh, held_on=held_on, by=by, words=words, at=now)


def end_support_circle(placement: Placement, *, by: Person, now: datetime) -> Any:
    """End one's circle of support before its day."""
    with on_placement(placement, by=by, now=now) as scene:
        circle = circle_of(scene.placement)
        require(scene.sight.resident and circle is not None)
        assert circle is not None
        circle.ended_on = scene.today
        circle.save(update_fields=["ended_on"])
        note(scene.placement, "support_circle_ended", by=by, now=now)
        return circle
