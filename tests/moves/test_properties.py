"""Available moves succeed, blocked ones answer 409 with the same codes, hidden ones 404.

Every move of every app is tried, by everybody, in every world; through the page with every
field filled in, through the API with only what must be.
"""

import json
import re
from collections import Counter
from typing import Any
from zlib import crc32

import pytest

from journey.wording import WORDS
from moves.core import Move
from tests.moves.filling import fill
from tests.moves.story import VIEWERS
from tests.moves.walk import MADE_UP, Answer, Walk
from tests.moves.worlds import WORLDS

pytestmark = pytest.mark.django_db

# How many names of moves that are hidden from somebody are tried in each world.
HIDDEN_TRIED = 2
every_world = pytest.mark.parametrize("name", WORLDS)


class Tried:
    """Counts what was tried, and keeps what was answered otherwise than it should be."""

    def __init__(self, world: str) -> None:
        self.world, self.count = world, Counter[str]()
        self.wrong: list[str] = []

    def check(self, kind: str, good: bool, *told: Any) -> None:
        self.count[kind] += 1
        if not good:
            self.wrong.append(" ".join([kind, *map(str, told)]))

    def finish(self) -> None:
        said = f"{self.world}: {dict(self.count)}, {len(self.wrong)} wrong"
        print(said)
        assert self.wrong == [], "\n".join([said, *self.wrong])


def turn_of(*words: str) -> int:
    """Return a number for these words: always the same, and different for others."""
    return crc32(" ".join(words).encode())


def told(viewer: str, move: Move, data: Any, answer: Answer) -> tuple[Any, ...]:
    shown = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.body))[-600:]
    return viewer, move.part, move.name, data, answer.status, answer.codes, shown


@every_world
def test_what_is_available_succeeds_and_what_is_blocked_says_why(name: str) -> None:
    walk, tried = Walk(WORLDS[name]()), Tried(name)
    for viewer in VIEWERS:
        for move in walk.moves(viewer):
            address = (move.part, move.part_id, move.name)
            page, api = walk.on_page(*address), walk.in_api(*address)
            if move.obstacles:
                codes = [one.code for one in move.obstacles]
                for answer in (walk.page(viewer, page, {}), walk.call(viewer, api, {})):
                    refused = (answer.status, answer.codes, answer.events) == (409, codes, 0)
                    tried.check("blocked", refused, *told(viewer, move, codes, answer))
                continue
            turn = turn_of(name, viewer, *address[::2])
            data = fill(move.form(), turn=turn) if move.form else {}
            answer = walk.page(viewer, page, data)
            done = answer.status == 302 and answer.location == walk.case.get_absolute_url()
            tried.check("available", done, *told(viewer, move, data, answer))
            tried.check("recorded", answer.events > 0, *told(viewer, move, data, answer))
            data = fill(move.form(), turn=turn + 1, least=True) if move.form else {}
            answer = walk.call(viewer, api, data)
            tried.check("available", answer.status == 200, *told(viewer, move, data, answer))
            tried.check("recorded", answer.events > 0, *told(viewer, move, data, answer))
    tried.finish()


@every_world
def test_the_pages_list_what_is_there(name: str) -> None:
    """The case page and the API show the same moves and obstacles as the list itself."""
    walk, tried = Walk(WORLDS[name]()), Tried(name)
    for viewer in VIEWERS:
        moves = walk.moves(viewer)
        page = walk.page(viewer, walk.case.get_absolute_url())
        api = walk.call(viewer, f"/api/v1/cases/{walk.reference}")
        if not moves:
            offered = re.search(r'class="move', page.body) or '"name"' in api.body.split('"moves"')[-1]
            tried.check("nothing", not offered, viewer)
            continue
        codes = Counter(one.code for move in moves for one in move.obstacles)
        tried.check("page", Counter(page.codes) == codes, viewer, page.codes, codes)
        for move in moves:
            url = walk.on_page(move.part, move.part_id, move.name)
            there = f'"{url}"' in page.body
            tried.check("address", there == (not move.obstacles), viewer, move.name, there)
        said = json.loads(api.body)
        listed = [
            (one["name"], one["status"], [code["code"] for code in one["obstacles"]])
            for part in [said, *said["parts"]]
            for one in part["moves"]
        ]
        wanted = [
            (move.name, move.status, [one.code for one in move.obstacles]) for move in moves
        ]
        tried.check("api", sorted(listed) == sorted(wanted), viewer, listed, wanted)
    tried.finish()


def without(body: str, url: str) -> str:
    """Return a body without what differs in every answer: the asked address, and CSRF tokens."""
    body = body.replace(url, "…")
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", body)


@every_world
def test_what_is_hidden_answers_like_what_is_not_there(name: str) -> None:
    walk, tried = Walk(WORLDS[name]()), Tried(name)
    number, names, parts = list(WORLDS).index(name), sorted(WORDS.moves), walk.parts()
    for place, viewer in enumerate(VIEWERS):
        mine = {(move.part, move.part_id, move.name) for move in walk.moves(viewer)}
        for step in range(HIDDEN_TRIED):
            hidden = names[(number * HIDDEN_TRIED + place * 5 + step) % len(names)]
            part, part_id = parts[turn_of(name, viewer, hidden) % len(parts)]
            if (part, part_id, hidden) in mine:
                part, part_id = "party", "00000000-0000-4000-8000-000000000000"
            for way, url_of in ((walk.page, walk.on_page), (walk.call, walk.in_api)):
                real = url_of(part, part_id, hidden)
                unreal = url_of(part, part_id, hidden, reference=MADE_UP)
                answer, nothing = way(viewer, real, {}), way(viewer, unreal, {})
                wanted = 404
                if viewer == "anonymous":
                    # Asked to sign in before anybody looks whether there is such a thing.
                    wanted = 302 if way == walk.page else 401
                same = (answer.status, nothing.status) == (wanted, wanted) and without(
                    answer.body, real
                ) == without(nothing.body, unreal)
                tried.check("hidden", same, viewer, real, answer.status, nothing.status)
    tried.finish()
