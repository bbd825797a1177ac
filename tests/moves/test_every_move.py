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

from communities import wording as communities
from deliberation import wording as deliberation
from journey.wording import WORDS
from moves.core import Move
from moves.pages import show_obstacle
from moves.wording import ROLES
from rehabilitation import wording as rehabilitation
from tests.moves.council_worlds import WORLDS
from tests.moves.discretion import MAY_KNOW
from tests.moves.filling import fill
from tests.moves.story import ALL_NAMES, VIEWERS
from tests.moves.walk import Answer, Offer, Place, Walk
from tests.undoing import undone

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
    "promise_not_kept": "the form that closes a case refuses the outcome, and says this",
    "agreement_was_made": "the same",
    "harmed_word_missing": "the same",
    "everybody_was_reached": "the same",
    "ties_named_already": "said by two tabs at once: once said, saying it is not offered",
    "packet_made": "answered as the packet was made: then answering is not offered",
    "must_not_meet": "the form refuses such a choice; assessed anew meanwhile, the action does",
    "not_heard": "the form offers no course for it; somebody's words taken back, the action does",
    "hearing_in_the_past": "the form refuses the moment; a minute later the action does",
    "not_the_secret": "only what is typed tells that it is another number",
    "not_the_beacon": "the same",
}
# Walked with the rounds they belong to, or in worlds of their own, each with the same properties:
# tests/communities/test_moves.py, tests/rehabilitation/test_every_move.py and, for a recall, which
# takes a council of four, tests/councils/test_deciding.py.
ELSEWHERE = {*deliberation.MOVES, *communities.MOVES, *rehabilitation.MOVES, "ask_recall",
             "answer_recall"}  # fmt: skip
TOLD_ELSEWHERE = {
    *deliberation.OBSTACLES, *communities.OBSTACLES, *rehabilitation.OBSTACLES,
    "another_under_way", "recall_under_way",
}  # fmt: skip
# Of all pairs of a viewer and a move, one in so many is tried hidden, always the same ones, and
# every one of a stranger's; and so many in one world.
ONE_IN, HIDDEN_IN_A_WORLD = 8, 40
# Who does the same as somebody else, in another name: looked at in every third world, but for who
# is in the hat, each with a place of their own there.
LIKE = {
    "second_mediator": "mediator", "parent_coordinator": "coordinator", "second": "responsible",
    "second_member": "member", "third_member": "member", "undrawn": "member",
}  # fmt: skip


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
        self.kinds_of = defaultdict[str, set[tuple[str, str]]](set)
        # What a made-up place answers, by viewer, face and way: nothing in it is of this world.
        self.nothings: dict[tuple[str, str, str], tuple[Answer, str]] = {}
        self.asked = set[tuple[str, ...]]()
        self.hidden = {
            (viewer, name)
            for viewer in VIEWERS
            for name in sorted(WORDS.moves)
            if viewer == "stranger" or turn_of(name, viewer) % ONE_IN == 0
        }

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
        self.viewers = [
            one
            for one in VIEWERS
            if (one in walk.people or one == "anonymous")
            and (LIKE.get(one, "member") == "member" or turn_of(world, one) % 3 == 0)
        ]

    def told(self, viewer: str, offer: Offer, data: Any, answer: Answer) -> tuple[Any, ...]:
        shown = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.body))[-300:]
        where = (self.world, viewer, *offer.place.kind, offer.move.name)
        return *where, data, answer.status, answer.codes, shown

    def everything(self) -> None:
        listed = {viewer: self.walk.offers(viewer) for viewer in self.viewers}
        for viewer, offers in listed.items():
            for offer in offers:
                self.findings.kinds_of[offer.move.name].add(offer.place.kind)
                self.discreet(viewer, offer.move)
                if offer.move.obstacles:
                    self.blocked(viewer, offer)
                else:
                    self.available(viewer, offer)
        self.hidden(listed)
        seeing = [viewer for viewer in self.viewers if listed[viewer]]
        if seeing:
            viewer = seeing[turn_of(self.world) % len(seeing)]
            self.listed(viewer, listed[viewer])

    # ------------------------------------------------------------- the four properties

    def available(self, viewer: str, offer: Offer) -> None:
        """Try it: through the page and the API the first time, and by itself in other worlds."""
        move, place = offer.move, offer.place
        self.findings.available.add(move.name)
        turn = turn_of(self.world, viewer, move.part, move.name)
        for way in self.ways(viewer, offer):
            data: dict[str, Any] = {}
            if move.form:
                data = fill(move.form(), turn=turn, least=way != "page")
            if way == "page":
                answer = self.walk.page(viewer, place.on_page(move.name), data)
                good = answer.status == 302 and self.leads_back(place, answer.location)
            elif way == "api":
                answer = self.walk.call(viewer, place.in_api(move.name), data)
                good = answer.status == 200
            else:
                answer = self.walk.directly(viewer, move, data)
                good = answer.status == 200
            told = self.told(viewer, offer, data, answer)
            self.findings.check(f"available by {way}", good, *told)
            if good and not (move.name == NOTHING_TO_RECORD and self.walk.case.frozen_on):
                self.findings.check("recorded", answer.events > 0, *told)

    def leads_back(self, place: Place, location: str) -> bool:
        """Say whether a move leads where it was found, or a council's draft to its round."""
        rounds = f"/cases/{self.walk.reference}/proposal/"
        drafted = place.part in ("council", "decision", "planned")
        return location == place.back(self.walk) or (drafted and location.startswith(rounds))

    def blocked(self, viewer: str, offer: Offer) -> None:
        move, place = offer.move, offer.place
        codes = [one.code for one in move.obstacles]
        self.findings.codes |= set(codes)
        for way in self.ways(viewer, offer, *codes):
            if way == "page":
                answer = self.walk.page(viewer, place.on_page(move.name), {})
            elif way == "api":
                answer = self.walk.call(viewer, place.in_api(move.name), {})
            else:
                answer = self.walk.directly(viewer, move, {})
            same = (answer.status, answer.codes, answer.events) == (409, codes, 0)
            self.findings.check(f"blocked by {way}", same, *self.told(viewer, offer, codes, answer))
        if move.form is None:
            # The action itself refuses too, with the same codes: a list may be a minute old.
            answer = self.walk.directly(viewer, replace(move, obstacles=[]), {})
            same = (answer.status, answer.codes, answer.events) == (409, codes, 0)
            self.findings.check("refused", same, *self.told(viewer, offer, codes, answer))

    def hidden(self, listed: dict[str, list[Offer]]) -> None:
        """Try what somebody is not offered: it answers as for a place that does not exist."""
        offered = {
            viewer: {(one.place, one.move.name) for one in offers}
            for viewer, offers in listed.items()
        }
        places = defaultdict(list)
        for place in self.walk.places():
            places[place.kind].append(place)
        left = []
        for viewer, name in sorted(self.findings.hidden, key=lambda one: turn_of(*one)):
            # Where such a move would be, if somebody else were asking.
            there = [one for kind in sorted(self.findings.kinds_of[name]) for one in places[kind]]
            free = [one for one in there if (one, name) not in offered.get(viewer, ())]
            if free and viewer in listed:
                left.append((viewer, name, free[turn_of(viewer, name) % len(free)]))
        for viewer, name, place in left[:HIDDEN_IN_A_WORLD]:
            self.findings.hidden.discard((viewer, name))
            self.findings.found_hidden |= {viewer, name}
            self.hidden_at(viewer, name, place)

    def hidden_at(self, viewer: str, name: str, place: Place) -> None:
        """Through one face or the other by turns; the page and the API are asked as often."""
        on_page = turn_of(viewer, name) % 2 or place.face == "public"
        way = self.walk.page if on_page else self.walk.call
        real, unreal = (
            one.on_page(name) if on_page else one.in_api(name) for one in (place, place.made_up())
        )
        answer = way(viewer, real, {})
        key = (viewer, " ".join(place.kind if place.face == "own" else [place.face]), way.__name__)
        if key not in self.findings.nothings:
            self.findings.nothings[key] = way(viewer, unreal, {}), unreal
        nothing, unreal = self.findings.nothings[key]
        wanted = 404
        if viewer == "anonymous" and place.face != "public":
            # Who is not signed in is sent to do so before anybody looks what is there.
            wanted = 302 if on_page else 401
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
            named = any(part in words for name in ALL_NAMES.values() for part in name.split())
            self.findings.check("names nobody", not named, self.world, viewer, words)
            self.findings.check("a role", one.cleared_by in ROLES, one.code, one.cleared_by)

    # ------------------------------------------------------------- what is shown

    def listed(self, viewer: str, offers: list[Offer]) -> None:
        """The pages, or the API by turns, list the same moves and obstacles as are tried here."""
        by_place = defaultdict(list)
        on_pages = turn_of(self.world, viewer) % 2
        for offer in offers:
            if on_pages:
                by_place[offer.place.back(self.walk)].append(offer)
            elif offer.place.face != "public":
                by_place[self.read_at(offer.place)].append(offer)
        for url, there in by_place.items():
            self.on_page(viewer, url, there) if on_pages else self.in_api(viewer, url, there)

    def on_page(self, viewer: str, url: str, there: list[Offer]) -> None:
        page = self.walk.page(viewer, url)
        wanted = Counter(one.code for offer in there for one in offer.move.obstacles)
        self.findings.check(
            "codes on the page", Counter(page.codes) == wanted, self.world, viewer, url,
            page.codes, wanted,
        )  # fmt: skip
        for offer in there:
            shown = f'"{offer.place.on_page(offer.move.name)}"' in page.body
            self.findings.check(
                "on the page", shown == (not offer.move.obstacles), self.world, viewer,
                offer.move.name,
            )  # fmt: skip

    def in_api(self, viewer: str, url: str, there: list[Offer]) -> None:
        said = json.loads(self.walk.call(viewer, url).body)
        found = sorted(
            (one["name"], one["status"], [code["code"] for code in one["obstacles"]])
            for part in [said, *said.get("parts", [])]
            for one in part["moves"]
        )
        tried = sorted(
            (one.move.name, one.move.status, [code.code for code in one.move.obstacles])
            for one in there
        )
        self.findings.check("in the API", found == tried, self.world, viewer, found, tried)

    def read_at(self, place: Place) -> str:
        if place.face == "case":
            return f"/api/v1/cases/{self.walk.reference}"
        return f"/api/v1/{place.part}/{place.id}"

    def ways(self, viewer: str, offer: Offer, *codes: str) -> list[str]:
        """Return how to try it: the first time at all through both faces, the first time that
        such a viewer does it through one of them by turns; then by itself, once in each
        situation and now and then besides.
        """
        name, face, like = offer.move.name, offer.place.face, LIKE.get(viewer, viewer)
        turn = turn_of(self.world, viewer, name)
        anybody = self.findings.first(name, face, *codes)
        such = self.findings.first(like, name, face, *codes)
        here = self.findings.first(name, face, *codes, *self.situation)
        if anybody or such:
            both = ["page", "api"] if face != "public" else ["page"]
            return both if anybody else [both[turn % len(both)]]
        return ["code"] if here or turn % 16 == 0 else []


def test_every_move_of_every_world_keeps_its_word() -> None:
    findings = Findings()
    for name, make in WORLDS.items():
        with undone():
            Visit(name, Walk(make()), findings).everything()
    said = f"{len(WORLDS)} worlds, {dict(findings.count)}, {len(findings.wrong)} wrong"
    said += f", {len(findings.hidden)} pairs of viewer and move never tried hidden"
    print(said)
    assert findings.wrong == [], "\n".join([said, *findings.wrong])
    here = set(WORDS.moves) - ELSEWHERE
    assert here - findings.available == set(), "no world makes these available"
    unmet = set(WORDS.obstacles) - findings.codes - TOLD_ELSEWHERE
    assert unmet == set(ONLY_UNDER_THE_LOCK), "no world brings these about, or one now does"
    untold = set(WORDS.obstacles) - TOLD_ELSEWHERE - set(MAY_KNOW)
    assert untold == set(), "say who may know what an obstacle tells"
    unhidden = {*VIEWERS, *here} - findings.found_hidden
    assert unhidden == set(), "hidden from nobody, or nowhere"
