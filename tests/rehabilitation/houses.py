"""Houses, councils that have decided, and people placed, for tests. Plain functions.

``decided`` is the one place that makes an adopted decision directly on the tables.
"""

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from cases import actions as cases
from cases.models import Case, Party
from cases.writing import day
from communities.models import Community
from councils.models import Council, Decision, Draw, PoolPlace, RosterEntry, SafetyFinding, Seat
from deliberation.actions.circles import open_circle
from deliberation.actions.proposing import bring_in
from deliberation.models import Position, Proposal
from journey import actions as journey
from moves.core import Move
from people.models import Person
from rehabilitation.access import sight_of
from rehabilitation.actions import placing, reviewing
from rehabilitation.models import House, HouseOffice, Placement, Review
from rehabilitation.moves import Part, moves_on_thing
from tests.factories import NOW, make_case, make_community, make_person, prepare
from tests.remembered import made_again

ALTERNATIVES = [
    {"what": "Stay at home, with a promise", "why_not": "The promise was broken twice."},
    {"what": "Live with a relative", "why_not": "Nobody could take them."},
]


@dataclass
class World:
    """One case whose council has decided, a house with steward and visitor, and everybody."""

    case: Case
    council: Council
    decision: Decision
    house: House
    people: dict[str, Person]
    now: datetime

    @property
    def today(self) -> date:
        return day(self.now)

    @property
    def placement(self) -> Placement:
        return Placement.objects.select_related("decision", "house", "party", "case").get(
            case=self.case
        )

    def seats(self) -> list[Person]:
        return [self.people[name] for name in ("one", "two", "three", "four")]


def seat(council: Council, people: list[Person], *, on: date) -> None:
    """Seat these people on a council, as a draw would have."""
    draw = Draw.objects.create(
        council=council, number=1, state="drawn", in_the_hat=40, commitment="c" * 64,
        beacon="b" * 64, prepared_at=NOW, drawn_at=NOW,
    )  # fmt: skip
    for number, person in enumerate(people):
        place, _new = PoolPlace.objects.get_or_create(
            person=person, community=council.community,
            defaults={
                "of_age": True, "since": on - timedelta(days=200),
                "until": on + timedelta(days=165),
            },
        )  # fmt: skip
        entry = RosterEntry.objects.create(
            draw=draw, place=place, person=person, token=f"{council.pk.hex}{number:032x}"[:64],
            eligible=True,
        )  # fmt: skip
        Seat.objects.create(
            council=council, draw=draw, person=person, entry=entry, state=Seat.State.ACCEPTED,
            drawn_on=on, answer_by=on, accepted_on=on,
        )  # fmt: skip
        cases.place_in(council.case, person, "council", today=on)


def make_council(
    case: Case, members: list[Person], guardian: Person, *, on: date, state: str = "decided",
    appeal_of: Council | None = None,
) -> Council:  # fmt: skip
    """A council of these people, whose process this guardian guards."""
    council = Council(
        case=case, community=case.community, charter_version=case.charter_version, size=4,
        process_guardian=guardian, formed_on=on, seated_on=on, state=state, appeal_of=appeal_of,
    )  # fmt: skip
    council.save(force_insert=True)
    cases.place_in(case, guardian, "process_guardian", today=on)
    seat(council, members, on=on)
    return council


def decided(
    council: Council, party: Party, *, now: datetime, effective: bool = True, **safety: Any
) -> Decision:
    """An adopted decision with a safety finding: the way to it is councils' own."""
    today = day(now)
    people = list(council.seats.values_list("person_id", flat=True))
    circle = open_circle(
        subject_kind="council", subject_id=str(council.pk), aim="Everybody is safe.",
        people=people, now=now, round_hours=24,
    )  # fmt: skip
    voice = circle.voices.first()
    proposal = bring_in(circle, voice, text="A place for a time.", by=voice.person, now=now)
    Proposal.objects.filter(pk=proposal.pk).update(
        outcome="adopted", decided_at=now, taken_up_at=now
    )
    proposal.by_consent.__dict__["_loading_state"] = True
    type(proposal.by_consent).objects.filter(pk=proposal.by_consent.pk).update(state="adopted")
    decision = Decision.objects.create(
        council=council, proposal=proposal, course=Decision.Course.NOTHING, adopted_on=today,
        appeal_until=today + timedelta(days=7), effective_on=today if effective else None,
    )  # fmt: skip
    values: dict[str, Any] = {
        "threat": "They said they would come back.", "aims": "Everybody can sleep.",
        "alternatives": json.dumps(ALTERNATIVES), "placement": True,
        "review_on": today + timedelta(days=30), "ends_on": today + timedelta(days=80),
        "interim_until": today + timedelta(days=7), **safety,
    }  # fmt: skip
    SafetyFinding.objects.create(decision=decision, about=party, **values)
    return decision


def make_house(
    community: Community, *, now: datetime, slug: str = "linden", places: int = 2, **people: Person
) -> House:
    """A house with a steward and an independent visitor."""
    today = day(now)
    house = House.objects.create(
        slug=slug, community=community, name="Linden house", places=places, opened_on=today
    )
    term = {"from_on": today - timedelta(days=30), "until": today + timedelta(days=300)}
    for role in ("steward", "visitor"):
        person = people.get(role) or make_person(role.capitalize())
        community.memberships.create(person=person, from_on=today - timedelta(days=300))
        HouseOffice.objects.create(house=house, person=person, role=role, **term)
    return house


@made_again
def make_world(
    *, now: datetime = NOW, community: Community | None = None, slug: str = "linden",
    places: int = 2, effective: bool = True, rules: dict[str, Any] | None = None, **safety: Any,
) -> World:  # fmt: skip
    """A case before a council that has decided on a place, and a house with one."""
    today = day(now)
    community = community or make_community()
    if not community.charters.exists():
        community.charters.create(number=1, rules=rules or {})
    term = {"from_on": today - timedelta(days=60), "until": today + timedelta(days=300)}
    people = {
        name: make_person(name.capitalize())
        for name in ("cole", "mara", "pavel", "one", "two", "three", "four", "sten", "iris")
    }
    community.memberships.create(person=people["cole"], role="coordinator", **term)
    community.memberships.create(person=people["pavel"], role="process_guardian", **term)
    people["mara"].licences.create(**term)
    case = make_case(community, now=now)
    cases.place_in(case, people["mara"], "mediator", today=today)
    cases.accept(case, by=people["cole"], now=now)
    prepare(case, people["mara"], now=now)
    journey.refer_to_council(case, by=people["cole"], now=now, reason="A threat.")
    case = Case.objects.get(pk=case.pk)
    harmed, responsible = case.parties.get(role="harmed"), case.parties.get(role="responsible")
    people |= {"hana": harmed.person, "rosa": responsible.person}
    members = [people[name] for name in ("one", "two", "three", "four")]
    council = make_council(case, members, people["pavel"], on=today)
    decision = decided(council, responsible, now=now, effective=effective, **safety)
    house = House.objects.filter(slug=slug).first()
    if house is None:
        house = make_house(
            community, now=now, slug=slug, places=places, steward=people["sten"],
            visitor=people["iris"],
        )  # fmt: skip
    else:
        serve = {one.role: one.person for one in house.offices.select_related("person")}
        people |= {"sten": serve["steward"], "iris": serve["visitor"]}
    return World(case, council, decision, house, people, now)


def another_house(world: World, *, abroad: bool = True, places: int = 2) -> House:
    """A second house of the tree, in a community beside the case's own or in the same one."""
    here = world.case.community
    where = here
    if abroad:
        where = make_community(parent=here)
        where.charters.create(number=1, rules={})
    world.people |= {"host": make_person("Host"), "host_visitor": make_person("Host visitor")}
    return make_house(
        where, now=world.now, slug="oak", places=places, steward=world.people["host"],
        visitor=world.people["host_visitor"],
    )  # fmt: skip


def propose(world: World, *, now: datetime | None = None) -> Placement:
    now = now or world.now
    return placing.propose_placement(
        world.case, by=world.people["cole"], now=now, house=world.house.slug
    )


def accept(world: World, *, now: datetime | None = None) -> Placement:
    return placing.accept_placement(
        world.placement, by=world.people["rosa"], now=now or world.now, understood=True
    )


def placed(world: World, *, now: datetime | None = None) -> Placement:
    """Somebody who said yes and lives in the house."""
    now = now or world.now
    propose(world, now=now)
    accept(world, now=now)
    placing.place(world.placement, by=world.people["sten"], now=now)
    return world.placement


def prepare_review(world: World, *, now: datetime) -> Review:
    """A review whose packet is there and whose resident was heard, before its circle."""
    review = reviewing.prepare_review(
        world.placement, by=world.people["sten"], now=now, packet="It goes well."
    )
    reviewing.say_word_to_review(
        review, by=world.people["rosa"], now=now, words="I would like to go home."
    )
    return reviewing.hold_review(review, by=world.people["pavel"], now=now)


def adopt(world: World, review: Review, course: str, *, now: datetime, **typed: Any) -> Review:
    """Let a review's circle go through its three rounds and agree."""
    made = reviewing.propose_course(
        review, by=world.people["one"], now=now, course=course, reasons="As it is today: …",
        **typed,
    )  # fmt: skip
    go_round(world, review, made.proposal, now=now)
    return Review.objects.get(pk=review.pk)


def go_round(
    world: World, review: Review, proposal: Proposal, *, now: datetime, but_last: bool = False
) -> Person | None:
    """Everybody takes their turn by the moves themselves, and the guardian moves the circle on.

    ``but_last``: stop before the last consent, and return who has to say it.
    """
    guardian = review.council.process_guardian
    people = [one.person for one in review.council.seats.select_related("person")]
    for _step in range(60):
        fresh = Review.objects.select_related("circle", "council", "placement__case").get(
            pk=review.pk
        )
        if fresh.state != "deciding":
            return None
        for person in [*people, guardian]:
            move = _turn_of(person, fresh, proposal, now=now)
            if move is None:
                continue
            said = Position.objects.filter(turn__round__process__proposal=proposal).count()
            if but_last and move.name == "consent" and said == len(people) - 1:
                return person
            typed = {"word": ""} if move.name == "speak" else {}
            move.act(move.subject, by=person, now=now, **typed)
    raise AssertionError("The circle never came to its end.")


def _turn_of(person: Person, review: Review, proposal: Proposal, *, now: datetime) -> Move | None:
    """Return what this person can do in a round that brings it on; None where it is not theirs."""
    sight = sight_of(person, review.placement, today=day(now))
    part = Part("proposal", str(proposal.pk), proposal, review)
    moves = {one.name: one for one in moves_on_thing(part, person, sight, now=now)}
    found = (moves.get(name) for name in ("consent", "speak", "move_on"))
    return next((one for one in found if one is not None and not one.obstacles), None)
