"""Moving to another house: with the person's own yes, a free place, and both communities' consent.

Nothing of a placement changes by it but where the person lives: its days stay as they are. A move
that was asked for falls away by itself on its last day, and with the placement.
"""

from datetime import date, datetime

from moves.core import Blocked, Obstacle, refuse_if_any
from people.models import Person
from rehabilitation import rules
from rehabilitation.access import Sight
from rehabilitation.actions.challenging import coordinators_of
from rehabilitation.actions.locks import frozen, locked_house, on_placement
from rehabilitation.actions.news import tell_harmed
from rehabilitation.actions.placing import free_places, houses_for
from rehabilitation.models import House, Placement
from rehabilitation.writing import (
    council_people,
    day,
    note,
    require,
    staff_of,
    tell_all,
    tell_one,
)

# ── Asking ───────────────────────────────────────────────────────────────────


def houses_to_move_to(placement: Placement, today: date) -> list[House]:
    """Return the other open houses of the tree with a free place, the nearest first."""
    return [one for one in houses_for(placement.case, today) if one.pk != placement.house_id]


def of_home(sight: Sight) -> bool:
    """Say whether this person speaks for the case's own community here."""
    return sight.coordinates or sight.guards


def may_ask(placement: Placement, sight: Sight, today: date) -> bool:
    """Say whether a move could be asked for: by the resident, the steward, or who placed them."""
    theirs = sight.resident or sight.steward or of_home(sight)
    return theirs and placement.is_placed(today) and not placement.is_moving(today)


def obstacles_to_ask(placement: Placement, today: date) -> list[Obstacle]:
    """Return why no move can be asked for: no other house has a free place."""
    if not houses_to_move_to(placement, today):
        return [Obstacle(code="no_place_free", cleared_by="steward")]
    return []


def ask_to_move(placement: Placement, *, by: Person, now: datetime, house: str) -> Placement:
    """Ask that the person lives in another house. Nobody moves by it.

    The resident's own asking is their yes; their community's, where it asks, is its consent.
    """
    with on_placement(placement, by=by, now=now) as scene:
        one, sight, today = scene.placement, scene.sight, scene.today
        require(may_ask(one, sight, today))
        refuse_if_any(obstacles_to_ask(one, today))
        found = next((it for it in houses_to_move_to(one, today) if it.slug == house), None)
        if found is None:
            raise Blocked([Obstacle(code="no_place_free", cleared_by="steward")])
        one.moving_to = locked_house(found.pk)
        refuse_if_any(obstacles_to_accept(one, today))
        same = found.community_id == one.case.community_id
        days = scene.case.charter_version.charter.decide_days
        one.move_asked_on = today
        one.move_until = rules.move_open_until(asked_on=today, days=days, free_on=one.free_on)
        one.move_accepted_on = today if sight.resident else None
        one.move_agreed_on = today if same or of_home(sight) else None
        one.move_offered_on = today if same else None
        one.save(update_fields=["moving_to", "move_asked_on", "move_until", "move_accepted_on",
                                "move_agreed_on", "move_offered_on"])  # fmt: skip
        note(one, "move_asked", by=by, now=now, house=found.slug)
        _tell_asked(one, sight, now=now)
        return one


def _tell_asked(placement: Placement, sight: Sight, *, now: datetime) -> None:
    """Tell whoever is asked for their word, and the present house; the other house after a yes."""
    key, today = f"move:{placement.move_asked_on}", day(now)
    if not sight.resident:
        tell_one(placement.person, placement, "move_asked", key=key, now=now)
    people = staff_of(placement, today) + council_people(placement.decision.council, members=False)
    people += coordinators_of(placement.case, today)
    tell_all(people, placement, "move_under_way", key=key, now=now)
    if sight.resident:
        _tell_other_house(placement, now=now)


def _tell_other_house(placement: Placement, *, now: datetime) -> None:
    people = staff_of(placement, day(now), "steward", house=placement.moving_to)
    tell_all(people, placement, "place_asked", key=f"move:{placement.move_asked_on}", now=now)


# ── Everybody's word ─────────────────────────────────────────────────────────


def may_accept(placement: Placement, *, resident: bool, today: date) -> bool:
    return resident and placement.is_moving(today) and placement.move_accepted_on is None


def obstacles_to_accept(placement: Placement, today: date) -> list[Obstacle]:
    """Return why a place in the other house cannot be promised: none is free."""
    assert placement.moving_to is not None
    if free_places(placement.moving_to, today, but=placement) < 1:
        return [Obstacle(code="no_place_free", cleared_by="steward")]
    return []


def accept_move(placement: Placement, *, by: Person, now: datetime) -> Placement:
    """Say yes to moving, freely. From now on the other house keeps a place, and reads of it."""
    with on_placement(placement, by=by, now=now) as scene:
        one = scene.placement
        require(may_accept(one, resident=scene.sight.resident, today=scene.today))
        one.moving_to = locked_house(one.moving_to_id)
        refuse_if_any(obstacles_to_accept(one, scene.today))
        one.move_accepted_on = scene.today
        one.save(update_fields=["move_accepted_on"])
        note(one, "move_accepted", by=by, now=now)
        _tell_other_house(one, now=now)
        return one


def may_accept_as_guardian(placement: Placement, *, guardian: bool, today: date) -> bool:
    return (
        guardian
        and placement.is_moving(today)
        and placement.move_guardian_on is None
        and placement.party.is_minor(today)
    )


def accept_move_as_guardian(placement: Placement, *, by: Person, now: datetime) -> Placement:
    """A young person's guardian says yes to the move beside them, and never instead of them."""
    with on_placement(placement, by=by, now=now) as scene:
        one = scene.placement
        require(may_accept_as_guardian(one, guardian=scene.sight.guardian, today=scene.today))
        one.move_guardian_on = scene.today
        one.save(update_fields=["move_guardian_on"])
        note(one, "move_accepted_by_guardian", by=by, now=now)
        return one


def may_take_back(placement: Placement, sight: Sight, today: date) -> bool:
    """Say whether this person can stop a move: the resident, both houses, who placed them."""
    theirs = sight.resident or sight.steward or sight.host or of_home(sight)
    return theirs and placement.is_moving(today)


def take_back_move(placement: Placement, *, by: Person, now: datetime) -> Placement:
    """Say no to a move, or take it back, at any time before it. It needs no reason."""
    with on_placement(placement, by=by, now=now) as scene:
        one, today = scene.placement, scene.today
        require(may_take_back(one, scene.sight, today))
        key = f"move-over:{one.move_asked_on}"
        people = [one.person, *staff_of(one, today)]
        if one.move_accepted_on is not None:
            people += staff_of(one, today, "steward", house=one.moving_to)
        one.save(update_fields=one.stop_moving())
        note(one, "move_taken_back", by=by, now=now)
        others = [someone for someone in people if someone.pk != by.pk]
        tell_all(others, one, "move_taken_back", key=key, now=now)
        return one


def may_agree(placement: Placement, sight: Sight, today: date) -> bool:
    return of_home(sight) and placement.is_moving(today) and placement.move_agreed_on is None


def agree_to_move(placement: Placement, *, by: Person, now: datetime) -> Placement:
    """The case's own community consents that the person lives in a house of another one."""
    with on_placement(placement, by=by, now=now) as scene:
        one = scene.placement
        require(may_agree(one, scene.sight, scene.today))
        one.move_agreed_on = scene.today
        one.save(update_fields=["move_agreed_on"])
        note(one, "move_agreed", by=by, now=now)
        return one


def may_offer(placement: Placement, sight: Sight, today: date) -> bool:
    return sight.host and placement.is_moving(today) and placement.move_offered_on is None


def offer_move(placement: Placement, *, by: Person, now: datetime) -> Placement:
    """The house of another community offers its place to somebody who said yes to moving there."""
    with on_placement(placement, by=by, now=now) as scene:
        one = scene.placement
        require(may_offer(one, scene.sight, scene.today))
        one.move_offered_on = scene.today
        one.save(update_fields=["move_offered_on"])
        note(one, "move_offered", by=by, now=now)
        council = council_people(one.decision.council, members=False)
        tell_all(council, one, "place_offered", key=f"move:{one.move_asked_on}", now=now)
        return one


# ── Moving ───────────────────────────────────────────────────────────────────


def may_move(placement: Placement, sight: Sight, today: date) -> bool:
    """Say whether this person could note that somebody moved: the other house, or who placed."""
    return (sight.host or of_home(sight)) and placement.is_moving(today)


def obstacles_to_move(placement: Placement, today: date) -> list[Obstacle]:
    """Return every reason nobody moves yet."""
    house = placement.moving_to
    assert house is not None
    minor = placement.party.is_minor(today)
    found = frozen(placement) + rules.obstacles_to_move(
        rules.MoveFacts(
            accepted=placement.move_accepted_on is not None,
            guardian_missing=minor and placement.move_guardian_on is None,
            home_agreed=placement.move_agreed_on is not None,
            host_agreed=placement.move_offered_on is not None,
            free_places=free_places(house, today, but=placement),
        )
    )
    for role in ("steward", "visitor"):
        if not staff_of(placement, today, role, house=house):
            found.append(Obstacle(code=f"{role}_missing", cleared_by="coordinator"))
    return found


def moving_needs(placement: Placement, today: date) -> list[Obstacle]:
    """Return what a move that is under way still needs; nothing where none is."""
    return obstacles_to_move(placement, today) if placement.is_moving(today) else []


def move_house(placement: Placement, *, by: Person, now: datetime) -> Placement:
    """The person lives in the other house from today; all else of the placement stays."""
    with on_placement(placement, by=by, now=now) as scene:
        one, today = scene.placement, scene.today
        require(may_move(one, scene.sight, today))
        # Held until the place is taken: two arrivals never share the last one.
        one.moving_to = locked_house(one.moving_to_id)
        refuse_if_any(obstacles_to_move(one, today))
        before = staff_of(one, today)
        asked_on, one.house = one.move_asked_on, one.moving_to
        one.save(update_fields=["house", *one.stop_moving()])
        note(one, "moved", by=by, now=now, house=one.house.slug)
        key = f"moved:{asked_on}"
        tell_one(one.person, one, "you_have_moved", key=key, now=now)
        people = before + staff_of(one, today) + council_people(one.decision.council)
        tell_all(people, one, "somebody_has_moved", key=key, now=now)
        tell_harmed(scene.case, "moved", "news_moved", now=now, key=f"{key}:{one.pk}")
        return one
