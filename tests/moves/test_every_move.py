"""The four properties of moves, in every world, for everybody.

Available moves succeed, blocked ones answer 409 with the same codes, hidden ones answer 404
like what is not there, and no obstacle tells what its viewer may not know. One walk, because
only all worlds together show that no move and no obstacle was left out.
"""

import json
import re
from collections import Counter, defaultdict
from dataclasses import replace
from typing import Any
from zlib import crc32

import pytest

from journey.wording import WORDS
from moves.core import Move
from moves.pages import show_obstacle
from moves.wording import ROLES
from tests.moves.discretion import MAY_KNOW
from tests.moves.filling import fill
from tests.moves.story import NAMES, VIEWERS
from tests.moves.walk import MADE_UP, Answer, Walk, undone
from tests.moves.worlds import WORLDS

pytestmark = pytest.mark.django_db

# Withdrawing again while everything is on hold, and nobody has said yes meanwhile, changes nothing.
NOTHING_TO_RECORD = "withdraw_consent"
# What no list shows: only a race, or a form that was passed by, brings it about.
ONLY_UNDER_THE_LOCK = {
    "already_moved": "somebody else was first",
    "frozen_already": "paused by two at once: on hold, pausing is not offered",
    "consent_given": "given by two at once: once given, giving it is not offered",
    "mediator_assigned_already": "assigned by two at once: the form leaves them out",
    "meeting_in_the_past": "the form refuses the day; at midnight the action does",
    "more_than_promised": "the form refuses the amount; said by two at once, the action does",
    "nobody_to_split": "split by two at once: with one person left it is not offered",
}
# Hidden moves tried in one world: enough that nearly every viewer meets every name somewhere.
HIDDEN_IN_A_WORLD = 40


def turn_of(*words: str) -> int:
    """Return a number for these words: always the same, and different for others."""
    return crc32(" ".join(words).encode())


def without(body: str, url: str) -> str:
    """Return a body without what differs in every answer: the asked address, and CSRF tokens."""
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", body.replace(url, "…"))


class Findings:
    """Counts what was tried, and keeps what was answered otherwise than it should be."""

    def __init__(self) -> None:
        self.count, self.wrong = Counter[str](), list[str]()
        self.available, self.codes = set[str](), set[str]()
        self.found_hidden = set[str]()
        self.part_of: dict[str, str] = {}
        # What a made-up case answers, by viewer and face: nothing in it is of this world.
        self.nothings: dict[tuple[str, int], tuple[Answer, str]] = {}
        self.asked = set[tuple[str, ...]]()
        self.hidden = {(viewer, name) for viewer in VIEWERS for name in sorted(WORDS.moves)}

    def check(self, kind: str, good: bool, *told: Any) -> None:
        self.count[kind] += 1
        if not good:
            self.wrong.append(" ".join([kind, *map(str, told)]))

    def first(self, *signature: str) -> bool:
        """Say whether this was not tried before, and note that it is now."""
        new = signature not in self.asked
        self.asked.add(signature)
        return new


class Visit:
    """One world, and what is found there."""

    def __init__(self, world: str, walk: Walk, findings: Findings) -> None:
        self.world, self.walk, self.findings = world, walk, findings
        case = walk.case
        self.situation = (case.state, str(case.frozen_on is not None))

    def told(self, viewer: str, move: Move, data: Any, answer: Answer) -> tuple[Any, ...]:
        shown = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.body))[-300:]
        return self.world, viewer, move.part, move.name, data, answer.status, answer.codes, shown

    def everything(self) -> None:
        listed = {viewer: self.walk.moves(viewer) for viewer in VIEWERS}
        for viewer, moves in listed.items():
            for move in moves:
                self.findings.part_of[move.name] = move.part
                self.discreet(viewer, move)
                self.blocked(viewer, move) if move.obstacles else self.available(viewer, move)
        self.hidden(listed)
        seeing = [viewer for viewer in VIEWERS if listed[viewer]]
        if seeing:
            viewer = seeing[turn_of(self.world) % len(seeing)]
            self.listed(viewer, listed[viewer])

    # ------------------------------------------------------------- the four properties

    def available(self, viewer: str, move: Move) -> None:
        """Try it in every world; the first time in each situation, through a page or the API."""
        self.findings.available.add(move.name)
        turn = turn_of(self.world, viewer, move.part, move.name)
        for way in self.ways(viewer, move):
            data: dict[str, Any] = {}
            if move.form:
                data = fill(move.form(), turn=turn, least=way != "page")
            if way == "page":
                answer = self.walk.page(viewer, self.walk.on_page(*address(move)), data)
                done = answer.location == self.walk.case.get_absolute_url()
                good = answer.status == 302 and done
            elif way == "api":
                answer = self.walk.call(viewer, self.walk.in_api(*address(move)), data)
                good = answer.status == 200
            else:
                answer = self.walk.directly(viewer, move, data)
                good = answer.status == 200
            told = self.told(viewer, move, data, answer)
            self.findings.check(f"available by {way}", good, *told)
            if good and not (move.name == NOTHING_TO_RECORD and self.walk.case.frozen_on):
                self.findings.check("recorded", answer.events > 0, *told)

    def blocked(self, viewer: str, move: Move) -> None:
        codes = [one.code for one in move.obstacles]
        self.findings.codes |= set(codes)
        for way in self.ways(viewer, move, *codes):
            if way == "page":
                answer = self.walk.page(viewer, self.walk.on_page(*address(move)), {})
            elif way == "api":
                answer = self.walk.call(viewer, self.walk.in_api(*address(move)), {})
            else:
                answer = self.walk.directly(viewer, move, {})
            same = (answer.status, answer.codes, answer.events) == (409, codes, 0)
            self.findings.check(f"blocked by {way}", same, *self.told(viewer, move, codes, answer))
        self.refused_under_the_lock(viewer, move, codes)

    def refused_under_the_lock(self, viewer: str, move: Move, codes: list[str]) -> None:
        """The action itself refuses too, with the same codes: a list may be a minute old."""
        if move.form is None:
            answer = self.walk.directly(viewer, replace(move, obstacles=[]), {})
            same = (answer.status, answer.codes, answer.events) == (409, codes, 0)
            self.findings.check("refused", same, *self.told(viewer, move, codes, answer))

    def hidden(self, listed: dict[str, list[Move]]) -> None:
        """Try what somebody is not offered: it answers as for a case that does not exist."""
        walk = self.walk
        offered = {viewer: {address(one) for one in moves} for viewer, moves in listed.items()}
        places = defaultdict(list)
        for part, part_id in walk.parts():
            places[part].append((part, part_id))
        left = []
        for viewer, name in sorted(self.findings.hidden, key=lambda one: turn_of(*one)):
            # Where such a move would be, if somebody else were asking.
            there = places[self.findings.part_of.get(name, "")]
            free = [one for one in there if (*one, name) not in offered[viewer]]
            if free:
                left.append((viewer, name, free[turn_of(viewer, name) % len(free)]))
        for viewer, name, (part, part_id) in left[:HIDDEN_IN_A_WORLD]:
            self.findings.hidden.discard((viewer, name))
            self.findings.found_hidden |= {viewer, name}
            # Through one face or the other by turns; the page and the API are asked as often.
            on_page = turn_of(name, viewer) % 2
            way, url_of = (walk.page, walk.on_page) if on_page else (walk.call, walk.in_api)
            real, unreal = (url_of(part, part_id, name, where) for where in ("", MADE_UP))
            answer = way(viewer, real, {})
            if (viewer, on_page) not in self.findings.nothings:
                self.findings.nothings[viewer, on_page] = way(viewer, unreal, {}), unreal
            nothing, unreal = self.findings.nothings[viewer, on_page]
            # Who is not signed in is sent to do so before anybody looks what is there.
            wanted = (302 if on_page else 401) if viewer == "anonymous" else 404
            same = (answer.status, nothing.status) == (wanted, wanted) and without(
                answer.body, real
            ) == without(nothing.body, unreal)
            told = (self.world, viewer, real, answer.status, nothing.status)
            self.findings.check(f"hidden {way.__name__}", same, *told)

    def discreet(self, viewer: str, move: Move) -> None:
        """No obstacle speaks of what this viewer may not know, and none names anybody."""
        for one in move.obstacles:
            _fact, may_know = MAY_KNOW[one.code]
            self.findings.check("may know", viewer in may_know, self.world, viewer, one.code)
            said = show_obstacle(one, WORDS)
            words = " ".join([said.text, said.cleared_by, *map(str, one.params.values())])
            named = any(part in words for name in NAMES.values() for part in name.split())
            self.findings.check("names nobody", not named, self.world, viewer, words)
            self.findings.check("a role", one.cleared_by in ROLES, one.code, one.cleared_by)

    # ------------------------------------------------------------- what is shown

    def listed(self, viewer: str, moves: list[Move]) -> None:
        """The case page and the API list the same moves and obstacles as are tried here."""
        page = self.walk.page(viewer, self.walk.case.get_absolute_url())
        wanted = Counter(one.code for move in moves for one in move.obstacles)
        self.findings.check(
            "codes on the page", Counter(page.codes) == wanted, self.world, viewer, page.codes
        )
        for move in moves:
            there = f'"{self.walk.on_page(*address(move))}"' in page.body
            self.findings.check(
                "on the page", there == (not move.obstacles), self.world, viewer, move.name
            )
        said = json.loads(self.walk.call(viewer, f"/api/v1/cases/{self.walk.reference}").body)
        found = sorted(
            (one["name"], one["status"], [code["code"] for code in one["obstacles"]])
            for part in [said, *said["parts"]]
            for one in part["moves"]
        )
        tried = sorted(
            (move.name, move.status, [one.code for one in move.obstacles]) for move in moves
        )
        self.findings.check("in the API", found == tried, self.world, viewer, found, tried)

    def ways(self, viewer: str, move: Move, *codes: str) -> list[str]:
        """Return how to try it: both faces for whoever does it first, one in each situation."""
        new = self.findings.first(viewer, move.name, *codes)
        if new:
            self.findings.first(viewer, move.name, *codes, *self.situation)
            return ["page", "api"]
        if self.findings.first(viewer, move.name, *codes, *self.situation):
            return [("page", "api")[turn_of(viewer, move.name, *self.situation) % 2]]
        # The rest without a request, and half of it here, the other half in other worlds.
        return ["code"] if turn_of(self.world, viewer, move.name) % 2 else []


def address(move: Move) -> tuple[str, str, str]:
    return move.part, move.part_id, move.name


def test_every_move_of_every_world_keeps_its_word() -> None:
    findings = Findings()
    for name, make in WORLDS.items():
        with undone():
            Visit(name, Walk(make()), findings).everything()
    said = f"{len(WORLDS)} worlds, {dict(findings.count)}, {len(findings.wrong)} wrong"
    said += f", {len(findings.hidden)} pairs of viewer and move never tried hidden"
    print(said)
    assert findings.wrong == [], "\n".join([said, *findings.wrong])
    assert set(WORDS.moves) - findings.available == set(), "no world makes these available"
    unmet = set(WORDS.obstacles) - findings.codes
    assert unmet == set(ONLY_UNDER_THE_LOCK), "no world brings these about, or one now does"
    assert set(MAY_KNOW) == set(WORDS.obstacles), "say who may know what an obstacle tells"
    assert findings.found_hidden == {*VIEWERS, *WORDS.moves}, "hidden from nobody, or nowhere"
