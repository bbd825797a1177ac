"""Walk the list of moves of one world, and ask for each through the page and the API.

Whatever an answer changed is undone, so that every move is tried from the same situation.
"""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from agreements.models import Agreement, Commitment
from api.actions import issue_token
from cases.models import Case, Party
from journey.moves import moves_on, who_and_parts
from mediation.models import Mediation
from moves.core import Move
from moves.pages import attempt
from records.models import Event
from tests.moves.story import Story

CODE = re.compile(r'<li[^>]* data-code="(\w+)"')
MADE_UP = "RJ-2222-2222"


@dataclass(frozen=True)
class Answer:
    """What was answered: the status, the codes of obstacles, the body, how many new events."""

    status: int
    codes: list[str]
    body: str
    events: int
    location: str = ""


@contextmanager
def undone() -> Iterator[None]:
    """Undo what happens inside. Not ``atomic``: noting an access asks for a transaction alone."""
    point = transaction.savepoint()
    try:
        yield
    finally:
        transaction.savepoint_rollback(point)


class Walk:
    """One world, everybody's session and token."""

    def __init__(self, story: Story) -> None:
        self.story, self.people = story, story.people
        self.case = story.case
        self.reference = self.case.reference
        self.clients: dict[str, Client] = {}
        self.bare, self.tokens = Client(), dict[str, str]()

    def client(self, viewer: str) -> Client:
        """Return this viewer's signed-in browser; anybody else's for nobody in particular."""
        if viewer not in self.clients:
            self.clients[viewer] = Client()
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
        """Return every move of this viewer, of every part they may know of."""
        if viewer == "anonymous":
            return []
        person, today = self.people[viewer], timezone.localdate()
        case = self.story.case
        if not Case.objects.visible_to(person, today=today).filter(pk=case.pk).exists():
            return []
        who, parts = who_and_parts(case, person, today=today)
        if not who.may_see:
            return []
        return [move for part in parts for move in moves_on(part, case, person, who, today=today)]

    def parts(self) -> list[tuple[str, str]]:
        """Return the address of every part there is, whoever may know of it."""
        ways = {
            "party": Party.objects.filter(case=self.case),
            "mediation": Mediation.objects.filter(case=self.case),
            "agreement": Agreement.objects.filter(case=self.case),
            "commitment": Commitment.objects.filter(agreement__case=self.case),
        }
        found = [
            (part, str(pk))
            for part, things in ways.items()
            for pk in sorted(map(str, things.values_list("pk", flat=True)))
        ]
        return [("case", self.reference), *found]

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
        return Event.objects.filter(kind="case", subject_id=self.reference).count()

    # ------------------------------------------------------------- addresses

    def on_page(self, part: str, part_id: str, name: str, reference: str = "") -> str:
        where = reference or self.reference
        return reverse("cases:move", args=[where, part, part_id, name])

    def in_api(self, part: str, part_id: str, name: str, reference: str = "") -> str:
        where = reference or self.reference
        return reverse("api:move", args=[where, part, part_id, name])
