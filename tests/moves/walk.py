"""Walk the list of moves of one world, and ask for each through the page and the API.

Whatever an answer changed is undone, so that every move is tried from the same situation.
"""

import json
import re
from dataclasses import dataclass, replace
from typing import Any

from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from agreements.models import Agreement, Commitment, Suggestion
from api.actions import issue_token
from cases.access import standing
from cases.models import Case, Party
from cases.writing import day
from communities.models import Community
from councils.actions.beacons import audits
from councils.models import (
    Appeal,
    Challenge,
    Council,
    Decision,
    Draw,
    Hearing,
    Packet,
    PlannedPromise,
    Seat,
    Sharing,
)
from councils.moves import moves_of_auditor, moves_on_pool, moves_on_seat
from journey.moves import moves_on, who_and_parts
from mediation.models import Mediation
from moves.core import Move
from moves.pages import attempt
from people.models import Person
from records.models import Event
from tests.factories import browser
from tests.moves.council_story import CouncilStory
from tests.moves.story import Story
from tests.undoing import undone

CODE = re.compile(r'<li[^>]* data-code="(\w+)"')
MADE_UP = "RJ-2222-2222"
NOWHERE = {
    ("own", "seat"): "00000000-0000-4000-8000-000000000000",
    ("own", "pool"): "nowhere",
    ("public", "draw"): "DR-2222-2222",
}


@dataclass(frozen=True)
class Answer:
    """What was answered: the status, the codes of obstacles, the body, how many new events."""

    status: int
    codes: list[str]
    body: str
    events: int
    location: str = ""


@dataclass(frozen=True)
class Place:
    """Where a move is: on the case's page, on one's own ("own"), or where anybody looks."""

    face: str
    part: str
    id: str
    reference: str = ""

    @property
    def kind(self) -> tuple[str, str]:
        return self.face, self.part

    def made_up(self) -> "Place":
        """Return a place like this one that does not exist."""
        if self.face == "case":
            return replace(self, reference=MADE_UP)
        return replace(self, id=NOWHERE[self.kind])

    def on_page(self, name: str) -> str:
        if self.face == "case":
            return reverse("cases:move", args=[self.reference, self.part, self.id, name])
        if self.face == "own":
            return reverse(f"councils:{self.part}_move", args=[self.id, name])
        return reverse(f"councils:{name}", args=[self.id])

    def in_api(self, name: str) -> str:
        """Return its address in the API, which has nothing that anybody may look at."""
        if self.face == "case":
            return reverse("api:move", args=[self.reference, self.part, self.id, name])
        return reverse("api:own_move", args=[self.part, self.id, name])

    def back(self, walk: "Walk") -> str:
        """Return where a move that was done leads."""
        if self.face == "case":
            return walk.case.get_absolute_url()
        if self.face == "public":
            return reverse("councils:draw", args=[self.id])
        return reverse("councils:pool") if self.part == "pool" else f"/seats/{self.id}/"


@dataclass(frozen=True)
class Offer:
    """A move, and where it is offered."""

    place: Place
    move: Move


class Walk:
    """One world, everybody's session and token."""

    def __init__(self, story: Story) -> None:
        self.story, self.people = story, story.people
        self.case = story.case
        self.reference = self.case.reference
        self.clients: dict[str, Client] = {}
        self.bare, self.tokens = browser(), dict[str, str]()

    def client(self, viewer: str) -> Client:
        """Return this viewer's signed-in browser; anybody else's for nobody in particular."""
        if viewer not in self.clients:
            self.clients[viewer] = browser()
            if viewer in self.people:
                self.clients[viewer].force_login(self.people[viewer])
        return self.clients[viewer]

    def token(self, viewer: str) -> dict[str, str]:
        """Return the header that carries this viewer's token, or none for anonymous."""
        if viewer not in self.people:
            return {}
        if viewer not in self.tokens:
            self.tokens[viewer] = issue_token(self.people[viewer], today=timezone.localdate())
        return {"Authorization": f"Bearer {self.tokens[viewer]}"}

    def moves(self, viewer: str) -> list[Move]:
        """Return every move of this viewer on the case, of every part they may know of."""
        if viewer not in self.people:
            return []
        person, today = self.people[viewer], timezone.localdate()
        case = self.story.case
        if not Case.objects.visible_to(person, today=today).filter(pk=case.pk).exists():
            return []
        who, parts = who_and_parts(case, person, today=today)
        if not who.may_see:
            return []
        return [move for part in parts for move in moves_on(part, case, person, who, today=today)]

    def offers(self, viewer: str) -> list[Offer]:
        """Return every move of this viewer with where it is: on the case, and outside it."""
        found = [
            Offer(Place("case", move.part, move.part_id, self.reference), move)
            for move in self.moves(viewer)
        ]
        if viewer not in self.people or not isinstance(self.story, CouncilStory):
            return found
        person, now = self.people[viewer], timezone.now()
        today = day(now)
        for seat in Seat.objects.of(person).select_related("council__case", "draw"):
            who = standing(person, seat.council.case, today=today)
            for move in moves_on_seat(seat, seat.council.case, person, who, now=now):
                found.append(Offer(Place("own", "seat", str(seat.pk)), move))
        for community in Community.objects.with_pool_of(person, today):
            for move in moves_on_pool(community, person, today=today):
                found.append(Offer(Place("own", "pool", community.slug), move))
        for draw in Draw.objects.published().select_related("council__case"):
            auditor = isinstance(person, Person) and audits(draw, person, today)
            for move in moves_of_auditor(draw, person) if auditor else ():
                found.append(Offer(Place("public", "draw", draw.public_id), move))
        return found

    def places(self) -> list[Place]:
        """Return where moves can be, whoever may know of it."""
        ways = {
            "party": Party.objects.filter(case=self.case),
            "mediation": Mediation.objects.filter(case=self.case),
            "agreement": Agreement.objects.filter(case=self.case),
            "commitment": Commitment.objects.filter(agreement__case=self.case),
            "suggestion": Suggestion.objects.filter(harm__case=self.case),
            "council": Council.objects.filter(case=self.case),
            "draw": Draw.objects.filter(council__case=self.case),
            "seat": Seat.objects.filter(council__case=self.case),
            "challenge": Challenge.objects.filter(seat__council__case=self.case),
            "packet": Packet.objects.filter(council__case=self.case),
            "hearing": Hearing.objects.filter(council__case=self.case),
            "sharing": Sharing.objects.filter(case=self.case),
            "decision": Decision.objects.filter(council__case=self.case),
            "planned": PlannedPromise.objects.filter(decision__council__case=self.case),
            "appeal": Appeal.objects.filter(decision__council__case=self.case),
        }
        found = [
            Place("case", part, str(pk), self.reference)
            for part, things in ways.items()
            for pk in sorted(map(str, things.values_list("pk", flat=True)))
        ]
        found.insert(0, Place("case", "case", self.reference, self.reference))
        if isinstance(self.story, CouncilStory):
            found += [Place("own", one.part, one.id) for one in found if one.part == "seat"]
            found.append(Place("own", "pool", "here"))
            published = Draw.objects.published().values_list("public_id", flat=True)
            found += [Place("public", "draw", public_id) for public_id in published]
        return found

    # ------------------------------------------------------------- asking

    def page(self, viewer: str, url: str, data: Any = None) -> Answer:
        """POST to a page, or GET it when there is no ``data``; then undo it."""
        client = self.client(viewer)
        with undone():
            before = self._events()
            answer = client.get(url) if data is None else client.post(url, data)
            grown = self._events() - before
        client.cookies.pop("messages", None)
        body = answer.content.decode()
        return Answer(
            answer.status_code, CODE.findall(body), body, grown, answer.get("Location", "")
        )

    def call(self, viewer: str, url: str, data: Any = None) -> Answer:
        """The same through the API, with a token."""
        headers = self.token(viewer)
        with undone():
            before = self._events()
            if data is None:
                answer = self.bare.get(url, headers=headers)
            else:
                answer = self.bare.post(
                    url, json.dumps(data), content_type="application/json", headers=headers
                )
            grown = self._events() - before
        said = answer.json()
        codes = [one["code"] for one in said.get("obstacles", [])]
        return Answer(answer.status_code, codes, answer.content.decode(), grown)

    def directly(self, viewer: str, move: Move, data: dict[str, Any]) -> Answer:
        """Try a move as both faces do, without a request: what they add is tried by them."""
        typed = QueryDict(mutable=True)
        for name, value in data.items():
            typed.setlist(name, value if isinstance(value, list) else [value])
        with undone():
            before = self._events()
            came = attempt([move], move.name, typed, by=self.people[viewer], now=timezone.now())
            grown = self._events() - before
        codes = [one.code for one in came.obstacles]
        errors = str(dict(came.form.errors)) if came.form is not None else ""
        return Answer(came.status, codes, errors, grown)

    def _events(self) -> int:
        return Event.objects.count()
