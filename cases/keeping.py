"""Facts of a case that a page asks for in several places, and the database only once.

Kept on the one instance a request has loaded: never across requests, and never under a lock,
where an action loads an instance of its own and everything is read anew.
"""

from collections.abc import Callable, Hashable
from datetime import date
from typing import Any, TypeVar

from django.db.models import Prefetch, Q, prefetch_related_objects

from cases.models import Case, Note, Participation, Party
from people.models import Tie

Fact = TypeVar("Fact")


def keep_facts(case: Case) -> None:
    """Load who is in the case, and let this instance read each fact once. For pages."""
    case.__dict__["kept"] = {}
    prefetch_related_objects(
        [case],
        Prefetch("parties", Party.objects.select_related("person")),
        Prefetch("participations", Participation.objects.select_related("person")),
    )
    if case.state != Case.State.REPORTED:
        prefetch_related_objects([case], "harms")


def kept(case: Case, key: Hashable, read: Callable[[], Fact]) -> Fact:
    """Return what ``read`` returns, read once for a case that keeps its facts, else each time."""
    facts: dict[Hashable, Any] | None = case.__dict__.get("kept")
    if facts is None:
        return read()
    if key not in facts:
        facts[key] = read()
    found: Fact = facts[key]
    return found


def parties_of(case: Case) -> list[Party]:
    """Return the parties of a case with who they are: a page has a form for each promise."""
    return kept(case, "parties", lambda: list(case.parties.select_related("person")))


def notes_of(case: Case) -> list[Note]:
    """Return everything written in the rooms of a case, the first first, with its authors."""
    return kept(case, "notes", lambda: list(case.notes.select_related("author")))


def people_of(case: Case) -> set[Any]:
    """Return the ids of the parties of this case and of the cases it was split from or into.

    It is one harm: whoever is a party of the one is no stranger to the other.
    """
    if case.split_from_id is None and not getattr(case, "was_split", True):
        return {party.person_id for party in case.parties.all()}
    linked = Q(case=case) | Q(case__split_from=case) | Q(case__splits=case)
    if case.split_from_id is not None:
        linked |= Q(case__split_from=case.split_from_id)

    def read() -> set[Any]:
        return set(Party.objects.filter(linked).values_list("person_id", flat=True))

    return kept(case, "people", read)


def ties_of(case: Case, today: date) -> dict[Any, set[Any]]:
    """Return, by the id of everybody ``people_of`` names, the ids of who has a live tie to them."""

    def read() -> dict[Any, set[Any]]:
        return Tie.objects.by_end(list(people_of(case)), today)

    return kept(case, ("ties", today), read)
