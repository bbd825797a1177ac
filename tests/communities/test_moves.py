"""The four properties of every move where a community decides, in worlds that bring them all about.

Available moves succeed, by the page and by the API; blocked ones answer 409 with the same codes;
hidden ones answer as for what does not exist; no obstacle names anybody.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.forms import DateField
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from api.actions import issue_token
from communities import parts
from communities.actions import absences, amending, carrying, electing, recalling, resting
from communities.actions.time import do_here
from communities.models import Community, Question
from communities.wording import MOVES, OBSTACLES, WORDS
from deliberation.actions import speaking, voting
from moves.core import Move
from moves.pages import show_obstacle
from moves.wording import ROLES
from records.models import Event
from tests.communities.people import make_home, proposal_of, tick
from tests.factories import make_community, make_person
from tests.undoing import undone

pytestmark = pytest.mark.django_db
STAGE = timedelta(days=2)
CODE = re.compile(r'<li data-code="(\w+)"')

# The form refuses such days; where a charter changed meanwhile, the action does.
ONLY_UNDER_THE_LOCK = {"absence_out_of_bounds"}

# What a member can put before the others is the same in every world: tried so many times.
OFTEN = 6

World = tuple[Community, list[Any]]


def propose(home: Community, by: Any, now: Any) -> Question:
    return amending.propose_amendment(
        home, by=by, now=now, changes={"mediation_days": 20}, trials={}, reason="Why not."
    )


def by_consent(stage: str) -> World:
    """A small circle of a town, as far as this stage."""
    town = make_community(kind="municipality")
    home, people = make_home(4, parent=town)
    make_home(3, parent=town)
    now, stages = timezone.now(), ("clarifying", "reacting", "consenting", "integrating")
    question = propose(home, people[0], now)
    proposal = proposal_of(question)
    for _round in stages[: min(stages.index(stage), 2)]:
        for person in people:
            do_here(speaking.speak, question, proposal, by=person, now=now, word="Hm?")
    if stage == "integrating":
        speaking.object_to(proposal, by=people[3], now=now, why="Too long.", against_aim=True)
        for person in people[:3]:
            do_here(speaking.consent, question, proposal, by=person, now=now)
        amending.amend_terms(
            proposal.objections.get(), by=people[1], now=now, question=question, reason="So?",
            changes={"mediation_days": 18}, trials={},
        )  # fmt: skip
    return home, people


def by_vote(stage: str) -> World:
    """A circle of thirteen, as far as this stage."""
    home, people = make_home(13)
    stages = ("discussing", "first_vote", "concerns", "second_vote")
    begun = timezone.now() - STAGE * stages.index(stage)
    question = propose(home, people[0], begun)
    tick(begun + STAGE) if stage != "discussing" else None
    if stage in ("concerns", "second_vote"):
        for place, person in enumerate(people):
            voting.vote(proposal_of(question), by=person, now=begun + STAGE, in_favour=place < 9)
        now = begun + 2 * STAGE
        tick(now)
        concern = voting.raise_concern(
            proposal_of(question), by=people[12], now=now, text="Long.", deal_breaker=False,
            stands=True,
        )  # fmt: skip
        amending.amend_terms(
            concern, by=people[1], now=now, question=question, reason="So?",
            changes={"mediation_days": 18}, trials={},
        )  # fmt: skip
    return home, people


def elections() -> World:
    home, people = make_home(4)
    now, today = timezone.now(), timezone.localdate()
    electing.propose_for_office(
        home, by=people[0], now=now, person=people[1], office="steward", months=6, reason="Kind."
    )
    for office in ("coordinator", "process_guardian", "steward"):
        for begins in (700, 340):
            first = today - timedelta(days=begins)
            home.memberships.create(
                person=people[2], role=office, from_on=first, until=first + timedelta(days=330)
            )
    return home, people


def in_office() -> World:
    home, people = make_home(5)
    today = timezone.localdate()
    home.memberships.create(
        person=people[4], role="coordinator", from_on=today, until=today + timedelta(days=90)
    )
    return home, people


def stepping_back(*, days: int = 14, begun: bool = False) -> World:
    """Coordinators who announced that they step back, where ``days`` lets them; and an auditor."""
    home, people = make_home(5, rules={"absence_days": days})
    today, now = timezone.localdate(), timezone.now()
    for person, role in ((people[4], "coordinator"), (people[0], "auditor")):
        home.memberships.create(
            person=person, role=role, from_on=today - timedelta(days=30),
            until=today + timedelta(days=90),
        )  # fmt: skip
    ago = timedelta(days=20 if begun else 0)
    if days:
        first = today - ago + timedelta(days=14)
        absences.announce_absence(
            home, by=people[4], now=now - ago, from_on=first, until=first + timedelta(days=13)
        )
    return home, people


def a_vote_rests() -> World:
    home, people = make_home(4)
    until = timezone.localdate() + timedelta(days=20)
    resting.rest_votes(home, by=people[0], now=timezone.now(), until=until)
    return home, people


def a_recall(*, outside: bool) -> World:
    home, people = in_office()
    now = timezone.now()
    by = make_person("Outside") if outside else people[0]
    bring = recalling.bring_recall if outside else recalling.propose_recall
    bring(home, by=by, now=now, whom=f"coordinator:{people[4].pk}", reason="Letters.")
    return home, people


def too_few() -> World:
    home, people = make_home(2)
    return home, people


def undecided(*, asked: bool) -> World:
    """A proposal without consent; where ``asked``, another is asked to carry it, in the town."""
    town = make_community(kind="municipality")
    town.charters.create(number=1, rules={"round_days": 2})
    home, people = make_home(4, parent=town)
    make_home(3, parent=town)
    question = propose(home, people[0], timezone.now() - 20 * STAGE)
    tick(timezone.now())
    assert proposal_of(question).outcome == "deadlocked"
    if not asked:
        return home, people
    carrying.carry_up(
        question, by=people[0], now=timezone.now(), proposal=proposal_of(question),
        other=people[1],
    )  # fmt: skip
    return town, people


def a_wider_circle_too_small() -> World:
    """Nobody of the four is left but the two, when the wider circle would be asked."""
    home, people = undecided(asked=False)
    today = timezone.localdate()
    home.memberships.filter(person__in=people[2:]).update(until=today - timedelta(days=1))
    other = home.parent.children.exclude(pk=home.pk).get()
    other.memberships.update(until=today - timedelta(days=1))
    return home, people


WORLDS: dict[str, Any] = {
    **{f"consent {one}": lambda one=one: by_consent(one)
       for one in ("clarifying", "reacting", "consenting", "integrating")},
    **{f"vote {one}": lambda one=one: by_vote(one)
       for one in ("discussing", "first_vote", "concerns", "second_vote")},
    "elections": elections,
    "in office": in_office,
    "coordinators will step back": stepping_back,
    "coordinators step back": lambda: stepping_back(begun=True),
    "coordinators never step back": lambda: stepping_back(days=0),
    "a vote rests": a_vote_rests,
    "recall": lambda: a_recall(outside=False),
    "recall from outside": lambda: a_recall(outside=True),
    "too few": too_few,
    "undecided": lambda: undecided(asked=False),
    "asked to carry": lambda: undecided(asked=True),
    "wider circle too small": a_wider_circle_too_small,
}  # fmt: skip


def typed(move: Move, people: list[Any], person: Any) -> dict[str, str]:
    """Return what this person types into a move, enough for it to be taken."""
    if move.form is None:
        return {}
    form, data = move.form(), {}
    for name, field in form.fields.items():
        choices = [str(value) for value, _label in getattr(field, "choices", None) or [] if value]
        shown = form.get_initial_for_field(field, name)
        if name in ("person", "other"):
            data[name] = next(one.name for one in people[:2] if one.pk != person.pk)
        elif shown is not None and isinstance(field, DateField):
            data[name] = shown.isoformat()
        elif isinstance(field, DateField) and field.required:
            data[name] = (timezone.localdate() + timedelta(days=3)).isoformat()
        elif name == "until":
            data[name] = f"{timezone.localtime() + timedelta(days=1):%Y-%m-%dT%H:%M}"
        elif shown not in (None, ""):
            data[name] = str(shown)
        elif name == "rule_1":
            data |= {"rule_1": "offer_days", "value_1": "31"}
        elif field.required and choices:
            data[name] = choices[0]
        elif field.required or name == "word":
            data[name] = "Some words."
    return data


def offered(home: Community, person: Any) -> list[Move]:
    """Return every move of this person in a community, as its pages list them."""
    now = timezone.now()
    if not Community.objects.known_to(person, timezone.localdate()).filter(pk=home.pk).exists():
        return []
    found = list(parts.moves_on_community(home, person, now=now))
    for question in Question.objects.of(home).visible_to(person):
        seen = parts.see(home, person, question.pk, now=now)
        if seen is not None:
            found += seen.own_moves()
            found += [move for part in seen.parts() for move in seen.moves_of(part)]
    return found


class Visit:
    """One person in one community, by the pages and by the API."""

    def __init__(self, home: Community, person: Any) -> None:
        self.home, self.person, self.client = home, person, Client()
        self.client.force_login(person)
        token = issue_token(person, today=timezone.localdate())
        self.headers = {"Authorization": f"Bearer {token}"}

    def page(self, move: Move, data: dict[str, str]) -> tuple[int, list[str], int]:
        with undone():
            before = Event.objects.count()
            answer = self.client.post(parts.url_of(self.home, move), data)
            body = answer.content.decode()
            return answer.status_code, CODE.findall(body), Event.objects.count() - before

    def api(self, move: Move, data: dict[str, str]) -> tuple[int, list[str], int]:
        url = reverse("api:own_move", args=[move.part, move.part_id, move.name])
        with undone():
            before = Event.objects.count()
            answer = Client().post(
                url, json.dumps(data), content_type="application/json", headers=self.headers
            )
            codes = [one["code"] for one in answer.json().get("obstacles", [])]
            return answer.status_code, codes, Event.objects.count() - before


def newcomer(home: Community) -> Any:
    """Somebody who joined after everything began, and has no voice in it."""
    person = make_person("Newcomer")
    home.memberships.create(person=person, from_on=timezone.localdate())
    return person


def viewers(home: Community, people: list[Any]) -> Iterator[Any]:
    """Yield who is asked in a world; somebody new last, for they make a circle larger."""
    yield from dict.fromkeys((*people[:3], people[-1]))
    yield newcomer(home)


def check(visit: Visit, move: Move, people: list[Any]) -> list[str]:
    """Try a move both ways; return what was answered otherwise than it should be."""
    codes = [one.code for one in move.obstacles]
    data = {} if codes else typed(move, people, visit.person)
    wrong = []
    for way, good in ((visit.page, 302), (visit.api, 200)):
        status, told, grown = way(move, data)
        wanted = (409, codes, False) if codes else (good, [], True)
        if (status, told, grown > 0) != wanted:
            wrong.append(f"{move.name} of {move.part} by {way.__name__}: {status} {told} {data}")
    for one in move.obstacles:
        said = show_obstacle(one, WORDS)
        if one.cleared_by not in ROLES or any(him.name in said.text for him in people):
            wrong.append(f"{one.code} names somebody")
    return wrong


def signature(move: Move) -> tuple[str, ...]:
    return (move.name, *(one.code for one in move.obstacles))


def test_every_move_keeps_its_word() -> None:
    available, blocked, wrong = set[str](), set[str](), list[str]()
    tried = Counter[tuple[str, ...]]()
    for name, make in WORLDS.items():
        with undone():
            home, people = make()
            everywhere = {parts.url_of(home, one) for him in people for one in offered(home, him)}
            for person in viewers(home, people):
                visit, moves = Visit(home, person), offered(home, person)
                for move in moves:
                    tried[like := signature(move)] += 1
                    if move.part == "community" and tried[like] > OFTEN:
                        continue
                    available |= set() if move.obstacles else {move.name}
                    blocked |= {one.code for one in move.obstacles}
                    wrong += [f"{name}: {one}" for one in check(visit, move, people)]
                for url in everywhere - {parts.url_of(home, one) for one in moves}:
                    if visit.client.post(url).status_code != 404:
                        wrong.append(f"{name}: {url} is not hidden from {person.name}")
    assert wrong == [], "\n".join(wrong)
    assert set(MOVES) - available == set(), "no world makes these available"
    assert set(OBSTACLES) - ONLY_UNDER_THE_LOCK | {"too_few_voices", "vote_is_limited"} <= blocked
