"""A house: who serves in it until when, and what its assembly of residents decides."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.text import slugify

from communities.charter import months_after
from communities.models import Community
from councils.models import Council, Seat
from deliberation.actions import proposing
from deliberation.actions.circles import add_voices, end_voice, open_circle
from deliberation.models import Circle, Proposal
from moves.core import Blocked, Move, Obstacle, refuse_if_any
from notices.actions import tell
from people.models import Person
from rehabilitation import rules
from rehabilitation.actions.locks import locked_house, on_house
from rehabilitation.models import House, HouseMeeting, HouseOffice, HouseQuestion, Placement, Visit
from rehabilitation.writing import append_house, day, require

ROUND_HOURS = 48
# A circle decides by consent from three voices on.
LEAST_VOICES = 3
AIM = (
    "A house in which everybody who lives here is safe, is heard, and can get ready for the time "
    "after."
)


# ── Opening a house, and who serves in it ────────────────────────────────────


def may_open_house(person: Person, community: Community, today: date) -> bool:
    return community.memberships.coordinating(today).filter(person=person).exists()


def open_house(
    community: Community, *, by: Person, now: datetime, name: str, places: int, public_words: str
) -> House:
    """Open a Rehabilitation Community. Nobody is placed in it before it has steward and visitor."""
    with transaction.atomic():
        require(may_open_house(by, community, day(now)))
        stem = slugify(name)[:40] or "house"
        slug, number = stem, 1
        while House.objects.filter(slug=slug).exists():
            number += 1
            slug = f"{stem}-{number}"
        house = House.objects.create(
            slug=slug, community=community, name=name, places=places,
            public_words=public_words, opened_on=day(now),
        )  # fmt: skip
        append_house(house, "house_opened", by=by, now=now, places=places)
        return house


def term_end(house: House, today: date) -> date:
    """Return the last day of an office that begins today. Source: the charter."""
    months = house.community.charter_now().charter.office_term_months
    return months_after(today, months) - timedelta(days=1)


def sat_on_councils_of(house: House, person: Person) -> bool:
    """Say whether this person sat on, or guarded, a council that placed somebody in this house."""
    councils = Council.objects.filter(
        pk__in=Placement.objects.filter(house=house).values("decision__council")
    )
    sat = Seat.objects.filter(council__in=councils, person=person)
    return sat.exists() or councils.filter(process_guardian=person).exists()


def obstacles_to_visit(house: House, person: Person, today: date) -> list[Obstacle]:
    """Return why this person is no independent visitor of this house."""
    lives = Placement.objects.living(today).filter(house=house, person=person).exists()
    return rules.obstacles_of_visitor(
        sits=sat_on_councils_of(house, person),
        steward=HouseOffice.objects.stewards(today).filter(house=house, person=person).exists(),
        resident=lives,
    )


def candidates(house: House, today: date) -> list[Person]:
    """Return the members of the house's community and above, who could serve in it."""
    path = [one.pk for one in house.community.up_the_tree()]
    path += [one.pk for one in house.community.leaves()]
    members = Person.objects.filter(
        Q(memberships__until=None) | Q(memberships__until__gte=today),
        memberships__community__in=path, memberships__from_on__lte=today, is_active=True,
    )  # fmt: skip
    lives = Placement.objects.living(today).filter(house=house).values("person")
    return list(members.exclude(pk__in=lives).distinct().order_by("username"))


def name_office(house: House, *, by: Person, now: datetime, person: str, role: str) -> HouseOffice:
    """Name a steward of a house nobody lives in yet, or an independent visitor.

    Where people live in the house, they elect its stewards themselves.
    """
    with on_house(house, by=by, now=now) as scene:
        require(scene.sight.coordinates)
        someone = next(
            (one for one in candidates(scene.house, scene.today) if str(one.pk) == person), None
        )
        if someone is None:
            raise Blocked([Obstacle(code="not_a_member", cleared_by="coordinator")])
        refuse_if_any(obstacles_to_name(scene.house, role, scene.today))
        if role == HouseOffice.Role.VISITOR:
            refuse_if_any(obstacles_to_visit(scene.house, someone, scene.today))
        return give_office(scene.house, someone, role, way=HouseOffice.Way.NAMED, by=by, now=now)


def obstacles_to_name(house: House, role: str, today: date) -> list[Obstacle]:
    """Return why a coordinator cannot name somebody: the residents elect their stewards."""
    steward = HouseOffice.objects.stewards(today).filter(house=house).exists()
    if role == HouseOffice.Role.STEWARD and steward and len(residents(house, today)) >= 2:
        return [Obstacle(code="residents_elect", cleared_by="resident")]
    return []


def give_office(
    house: House, person: Person, role: str, *, way: str, by: Person | None, now: datetime
) -> HouseOffice:
    """Give somebody an office of a locked house, for the charter's term."""
    today = day(now)
    made = HouseOffice.objects.create(
        house=house, person=person, role=role, way=way, from_on=today,
        until=term_end(house, today),
    )  # fmt: skip
    append_house(house, f"{role}_begins", by=by, now=now, office=str(made.pk))
    tell(
        person, f"you_are_{role}", case_reference="", key=f"house:{made.pk}:begins", now=now,
    )  # fmt: skip
    return made


def step_down(house: House, *, by: Person, now: datetime) -> HouseOffice:
    """Give one's own office back, at once."""
    with on_house(house, by=by, now=now) as scene:
        require(scene.sight.steward or scene.sight.visitor)
        office = HouseOffice.objects.live(scene.today).get(house=scene.house, person=by)
        end_office(office, by=by, now=now)
        return office


def end_office(office: HouseOffice, *, by: Person | None, now: datetime) -> None:
    """End an office today; house locked."""
    office.ended_on = day(now)
    office.save(update_fields=["ended_on"])
    append_house(office.house, f"{office.role}_ends", by=by, now=now, office=str(office.pk))


# ── The assembly ─────────────────────────────────────────────────────────────


def residents(house: House, today: date) -> list[Any]:
    """Return the ids of who lives in a house today, placed or as a guest."""
    living = Placement.objects.living(today).filter(house=house)
    return list(living.values_list("person_id", flat=True))


def assembly(house: House, *, now: datetime) -> Circle:
    """Return the circle of a locked house, with the voices of exactly those who live there now.

    It decides online, and nobody guides it: no steward moves the residents on. Somebody who comes
    back has their voice anew in a fresh circle, because a voice is given once in its life.
    """
    here = set(residents(house, day(now)))
    circle = house.circle
    if circle is None or _came_back(circle, here, now) or _too_many_for(circle, here):
        house.circle = circle = open_circle(
            subject_kind="house", subject_id=str(house.pk), aim=AIM, people=here, now=now,
            quorum=quorum_of(len(here)), round_hours=ROUND_HOURS,
        )  # fmt: skip
        house.save(update_fields=["circle"])
        return circle
    for voice in circle.voices.live(now).exclude(person__in=here):
        end_voice(voice, now=now)
    add_voices(circle, here, now=now)
    return circle


def quorum_of(voices: int) -> int:
    """Return how many positions a decision of a house needs: more than half of who lives there."""
    return voices // 2 + 1


def _came_back(circle: Circle, here: set[Any], now: datetime) -> bool:
    ended = circle.voices.filter(until__lte=now, person__in=here)
    return ended.exists() and not circle.proposals.filter(outcome="").exists()


def _too_many_for(circle: Circle, here: set[Any]) -> bool:
    """Say whether the quorum no longer fits who lives there; never while a proposal is open."""
    fits = circle.quorum == quorum_of(len(here))
    return not fits and not circle.proposals.filter(outcome="").exists()


def obstacles_to_ask(house: House, today: date) -> list[Obstacle]:
    """Return why the assembly cannot decide: one person alone is no assembly."""
    if len(residents(house, today)) < LEAST_VOICES:
        return [Obstacle(code="assembly_too_small", cleared_by="nobody")]
    return []


def ask_house(
    house: House, *, by: Person, now: datetime, kind: str, text: str,
    touches: list[str] | None = None, places: int | None = None, person: str = "",
) -> HouseQuestion:  # fmt: skip
    """Propose a rule, a number of places, a steward, or that a steward leaves, to the assembly."""
    with on_house(house, by=by, now=now) as scene:
        require(scene.sight.resident)
        refuse_if_any(obstacles_to_ask(scene.house, scene.today))
        if kind == HouseQuestion.Kind.RULE:
            refuse_if_any(rules.obstacles_of_rule(touches or []))
        someone = _someone(scene.house, kind, person, scene.today)
        return _ask(
            scene.house, by=by, now=now, text=text, kind=kind, touches=touches or [],
            places=places if kind == HouseQuestion.Kind.PLACES else None, person=someone,
        )  # fmt: skip


def _ask(house: House, *, by: Person, now: datetime, text: str, **fields: Any) -> HouseQuestion:
    """Bring a question before the assembly of a locked house."""
    proposal = proposing.propose(assembly(house, now=now), by=by, now=now, text=text)
    made = HouseQuestion.objects.create(house=house, proposal=proposal, **fields)
    append_house(house, "house_asked", by=by, now=now, kind=made.kind)
    proposing.begin(proposal, by=by, now=now)
    return made


def may_ask_repeal(question: HouseQuestion, *, resident: bool) -> bool:
    """Say whether a rule can be asked to hold no more: it holds, and nobody has asked already."""
    return (
        resident and question.holds and not question.repeals.filter(proposal__outcome="").exists()
    )


def propose_repeal(
    question: HouseQuestion, *, by: Person, now: datetime, text: str
) -> HouseQuestion:
    """Propose to the assembly that one of its rules holds no more, decided as adopting one is."""
    with on_house(question.house, by=by, now=now) as scene:
        fresh = HouseQuestion.objects.select_for_update(of=("self",)).get(pk=question.pk)
        require(may_ask_repeal(fresh, resident=scene.sight.resident))
        refuse_if_any(obstacles_to_ask(scene.house, scene.today))
        kind = HouseQuestion.Kind.REPEAL
        return _ask(scene.house, by=by, now=now, text=text, kind=kind, rule=fresh)


def _someone(house: House, kind: str, person: str, today: date) -> Person | None:
    """Return whom a question is about: who could be steward, or who is; Blocked otherwise."""
    if kind == HouseQuestion.Kind.STEWARD:
        among = candidates(house, today)
    elif kind == HouseQuestion.Kind.RECALL:
        offices = HouseOffice.objects.stewards(today).filter(house=house)
        among = [one.person for one in offices.select_related("person")]
    else:
        return None
    found = next((one for one in among if str(one.pk) == person), None)
    if found is None:
        raise Blocked([Obstacle(code="not_a_member", cleared_by="coordinator")])
    return found


def in_assembly(moves: list[Move], house: House) -> list[Move]:
    """Return a circle's moves so that each also does what its outcome asks, in one transaction."""
    return [replace(one, act=_following(one.act, house)) for one in moves]


def _following(act: Callable[..., Any], house: House) -> Callable[..., Any]:
    def do(subject: Any, *, by: Person, now: datetime, **typed: Any) -> Any:
        with on_house(house, by=by, now=now) as scene:
            require(scene.sight.resident)
            result = act(subject, by=by, now=now, **typed)
            take_up_in(scene.house, now=now)
            return result

    return do


def take_up_due(now: datetime) -> int:
    """Act on what assemblies have decided, and end the voices of who lives there no more."""
    done = 0
    waiting = Proposal.objects.for_owner("house").values_list("circle__subject_id", flat=True)
    for pk in House.objects.filter(pk__in=set(waiting)).values_list("pk", flat=True):
        with transaction.atomic():
            done += take_up_in(locked_house(pk), now=now)
    for pk in House.objects.exclude(circle=None).values_list("pk", flat=True):
        with transaction.atomic():
            house = locked_house(pk)
            here = set(residents(house, day(now)))
            assert house.circle is not None
            for voice in house.circle.voices.live(now).exclude(person__in=here):
                end_voice(voice, now=now)
    return done


def take_up_in(house: House, *, now: datetime) -> int:
    """Act on what the assembly of a locked house has decided; return how many."""
    done = 0
    decided = HouseQuestion.objects.filter(
        house=house, proposal__taken_up_at=None, proposal__outcome__gt=""
    ).select_related("proposal", "person", "rule")
    for question in decided:
        if not proposing.take_up(question.proposal, now=now):
            continue
        done += 1
        at = question.proposal.decided_at or now
        if question.proposal.outcome == Proposal.Outcome.ADOPTED:
            _adopt(question, house, now=at)
    return done


def _adopt(question: HouseQuestion, house: House, *, now: datetime) -> None:
    question.adopted_on = day(now)
    question.save(update_fields=["adopted_on"])
    append_house(house, "house_decided", by=None, now=now, kind=question.kind)
    if question.kind == HouseQuestion.Kind.PLACES and question.places:
        # Nobody loses their place by it: fewer are free, and none is taken away.
        house.places = max(1, min(question.places, 12))
        house.save(update_fields=["places"])
    elif question.kind == HouseQuestion.Kind.REPEAL and question.rule is not None:
        question.rule.repealed_on = day(now)
        question.rule.save(update_fields=["repealed_on"])
    elif question.kind == HouseQuestion.Kind.STEWARD and question.person is not None:
        give_office(
            house, question.person, HouseOffice.Role.STEWARD, way=HouseOffice.Way.ELECTED,
            by=None, now=now,
        )  # fmt: skip
    elif question.kind == HouseQuestion.Kind.RECALL and question.person is not None:
        offices = HouseOffice.objects.stewards(day(now)).filter(house=house, person=question.person)
        for office in offices:
            end_office(office, by=None, now=now)


def rules_of(house: House) -> list[HouseQuestion]:
    """Return the rules of a house that hold today, the oldest first."""
    found = house.questions.filter(kind=HouseQuestion.Kind.RULE).select_related("proposal")
    return [one for one in found if one.holds]


def may_strike(question: HouseQuestion, *, visitor: bool) -> bool:
    return visitor and question.holds


def strike_rule(
    question: HouseQuestion, *, by: Person, now: datetime, right: str, because: str
) -> HouseQuestion:
    """Find, as the independent visitor, that a rule goes below a right: it holds no more."""
    with on_house(question.house, by=by, now=now) as scene:
        fresh = HouseQuestion.objects.select_for_update(of=("self",)).get(pk=question.pk)
        require(may_strike(fresh, visitor=scene.sight.visitor) and right in rules.RIGHTS)
        fresh.struck_on, fresh.struck_right, fresh.struck_because = scene.today, right, because
        fresh.save(update_fields=["struck_on", "struck_right", "struck_because"])
        append_house(scene.house, "rule_struck", by=by, now=now, right=right)
        return fresh


def write_minutes(
    house: House, *, by: Person, now: datetime, held_on: date, minutes: str
) -> HouseMeeting:
    """Write down a meeting of the house, for who lives and serves there."""
    with on_house(house, by=by, now=now) as scene:
        require(scene.sight.resident or scene.sight.steward)
        made = HouseMeeting.objects.create(
            house=scene.house, held_on=held_on, by=by, minutes=minutes, at=now
        )
        append_house(scene.house, "minutes_written", by=by, now=now)
        return made


def visit_house(house: House, *, by: Person, now: datetime, visited_on: date, words: str) -> Visit:
    """Write what the independent visitor saw of the whole house; who lives there reads it."""
    with on_house(house, by=by, now=now) as scene:
        require(scene.sight.visitor)
        made = Visit.objects.create(
            house=scene.house, by=by, visited_on=visited_on, words=words, at=now
        )
        append_house(scene.house, "house_visited", by=by, now=now)
        return made
