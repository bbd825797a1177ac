"""Worlds that many tests begin alike: what was written to make them is written again.

A world is made through the real actions, and a story grows step by step. Where the same was told
before, from the same empty database, the statements that wrote it are repeated as they were: the
same rows to the byte, without deciding everything anew. It is told, and not repeated, on another
database than SQLite, on another day, some minutes later, and wherever anything was written that
is not of it. ``tests/moves/test_remembered.py`` holds the two against each other.
"""

import copy
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, Self, TypeVar, get_type_hints

from django.db import connection, models
from django.utils import timezone

MINUTES = 5
WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE")
# Nobody is there yet. Ids are given anew after them, so that they are of the beginning too.
EMPTY = """
SELECT (SELECT COUNT(*) FROM people_person) + (SELECT COUNT(*) FROM communities_community)
    + (SELECT COUNT(*) FROM records_event)
"""
IDS = "SELECT GROUP_CONCAT(name || seq) FROM (SELECT name, seq FROM sqlite_sequence ORDER BY name)"
PERMISSIONS = "SELECT GROUP_CONCAT(id || codename || content_type_id) FROM auth_permission"

Told = TypeVar("Told", bound=type)
World = TypeVar("World")
Statement = tuple[str, Any, bool]


@dataclass
class Log:
    """What was written since the outermost step began, and how often something was taken back."""

    depth: int = 0
    statements: list[Statement] = field(default_factory=list)
    taken_back: int = 0

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        params = list(params) if many else params
        answer = execute(sql, params, many, context)
        verb = sql.lstrip()[:8].upper()
        if verb.startswith(WRITES):
            self.statements.append((sql, params, many))
        elif verb == "ROLLBACK":
            self.taken_back += 1
        return answer

    @contextmanager
    def kept(self) -> Iterator[None]:
        if self.depth:
            yield
            return
        self.statements, self.depth = [], 1
        try:
            with connection.execute_wrapper(self):
                yield
        finally:
            self.depth = 0


@dataclass(frozen=True)
class Memory:
    """What a step wrote, and what its story was then; or a world, and what made it."""

    statements: list[Statement]
    state: Any

    def write(self) -> None:
        with connection.cursor() as cursor:
            for sql, params, many in self.statements:
                (cursor.executemany if many else cursor.execute)(sql, params)


LOG = Log()
MEMORIES: dict[str, Memory] = {}


def beginning() -> str | None:
    """Return what a story begins from, by which it is told apart; None where nothing is kept."""
    if connection.vendor != "sqlite":
        return None
    with connection.cursor() as cursor:
        if cursor.execute(EMPTY).fetchone()[0]:
            return None
        ids, permissions = (cursor.execute(sql).fetchone()[0] for sql in (IDS, PERMISSIONS))
    recent = int(time.time() // (60 * MINUTES))
    return f"{timezone.localdate()} {recent} {ids} {hash(permissions)}"


def written() -> int:
    """Return how many rows this connection ever wrote, whether or not they were taken back."""
    if connection.vendor != "sqlite":
        return 0
    connection.ensure_connection()
    return int(connection.connection.total_changes)


def copied(value: Any) -> Any:
    """Return a copy that can be changed without changing what is remembered."""
    if isinstance(value, dict):
        return {name: copied(one) for name, one in value.items()}
    return copy.copy(value) if isinstance(value, models.Model) else value


def remembered(story: Told) -> Told:
    """Let a class of stories repeat what it told before: its beginning, and each step (-> Self)."""
    for name, step in list(vars(story).items()):
        if name == "__init__" or (
            callable(step) and get_type_hints(step, localns={}).get("return") is Self
        ):
            setattr(story, name, repeating(step))
    return story


def repeating(step: Callable[..., Any]) -> Callable[..., Any]:
    """Return this step as one that is repeated where it was told before."""
    begins = step.__name__ == "__init__"

    @wraps(step)
    def told(self: Any, *args: Any, **named: Any) -> Any:
        mark = self.__dict__.pop("_mark", None)
        before = None
        if begins and mark is None and not self.__dict__:
            before = beginning()
        elif mark is not None and mark[1:] == (written(), self.at):
            before = mark[0]
        if before is None:
            return step(self, *args, **named)
        key = f"{before} > {step.__qualname__}{args!r}{sorted(named.items())!r}"
        if key in MEMORIES:
            MEMORIES[key].write()
            self.__dict__.update(copied(MEMORIES[key].state))
        else:
            with LOG.kept():
                first, taken_back = len(LOG.statements), LOG.taken_back
                step(self, *args, **named)
                self.__dict__.pop("_mark", None)
                if LOG.taken_back == taken_back:
                    MEMORIES[key] = Memory(LOG.statements[first:], copied(self.__dict__))
        self.__dict__["_mark"] = (key, written(), self.at)
        return None if begins else self

    return told


def made_again(make: Callable[..., World]) -> Callable[..., World]:
    """Let a function that makes a whole world repeat what it made before."""

    @wraps(make)
    def made(*args: Any, **named: Any) -> World:
        before = beginning()
        if before is None:
            return make(*args, **named)
        key = f"{before} > {make.__module__}.{make.__qualname__}{args!r}{sorted(named.items())!r}"
        if key in MEMORIES:
            MEMORIES[key].write()
        else:
            with LOG.kept():
                first, taken_back = len(LOG.statements), LOG.taken_back
                world = make(*args, **named)
                if LOG.taken_back != taken_back:
                    return world
                MEMORIES[key] = Memory(LOG.statements[first:], world)
        return copy.deepcopy(MEMORIES[key].state)

    return made
