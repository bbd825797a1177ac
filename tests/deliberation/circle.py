"""Circles for tests, and the whole list of moves of one person in one of them."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from deliberation import moves
from deliberation.actions.circles import open_circle
from deliberation.models import Amendment, Circle, Concern, Objection, Proposal, SettingAside, Turn
from deliberation.moves import scene_now
from moves.core import Move
from notices.models import Notice
from people.models import Person
from records.models import Event
from tests.factories import NOW, make_person

HOURS = 24
DAY = timedelta(hours=HOURS)


def make_circle(people: list[Person], *, now: datetime = NOW, **fields: Any) -> Circle:
    """A circle that decides over days online, unless ``round_hours=None`` says in the room."""
    values: dict[str, Any] = {"round_hours": HOURS, "aim": "Both can feel safe here.", **fields}
    return open_circle(
        subject_kind="test", subject_id="1", people=[one.pk for one in people], now=now, **values
    )


def make_people(count: int) -> list[Person]:
    return [make_person(f"Member {number}") for number in range(1, count + 1)]


def all_moves(circle: Circle, person: Person, *, now: datetime) -> Iterator[list[Move]]:
    """Yield the moves of every part of a circle, as the pages of its owner would list them."""
    yield list(moves.moves_on_circle(circle, person, now=now))
    for proposal in Proposal.objects.filter(circle=circle):
        scene = scene_now(proposal, person, now=now)
        yield list(moves.moves_on_proposal(scene, now=now))
        for turn in Turn.objects.filter(round__process__proposal=proposal).exclude(at=None):
            yield list(moves.moves_on_turn(turn, scene))
        for objection in Objection.objects.filter(proposal=proposal):
            yield list(moves.moves_on_objection(objection, scene, now=now))
        for proposed in SettingAside.objects.filter(objection__proposal=proposal):
            yield list(moves.moves_on_setting_aside(proposed, scene, now=now))
        for amendment in Amendment.objects.filter(proposal=proposal):
            yield list(moves.moves_on_amendment(amendment, scene, now=now))
        for concern in Concern.objects.filter(ballot__process__proposal=proposal):
            yield list(moves.moves_on_concern(concern, scene, now=now))


def names(circle: Circle, person: Person, *, now: datetime) -> dict[str, str]:
    """Return {move: status} of everything this person is shown in a circle."""
    found = [move for part in all_moves(circle, person, now=now) for move in part]
    return {move.name: move.status for move in found}


def typed(form: Any, number: int, now: datetime) -> dict[str, Any]:
    """Return plausible words for a form; another ``number`` gives other choices."""
    data: dict[str, Any] = {}
    for place, (name, field) in enumerate(form.fields.items()):
        kind, turn = type(field).__name__, number // (place + 1)
        choices = [str(value) for value, _label in getattr(field, "choices", None) or []]
        if name in ("seen", "turn"):
            data[name] = form.initial[name]
        elif choices:
            data[name] = choices[turn % len(choices)]
        elif kind == "BooleanField":
            data[name] = "on" if field.required or turn % 2 == 0 else ""
        elif kind == "DateTimeField":
            data[name] = (now + timedelta(hours=turn % 90)).strftime("%Y-%m-%dT%H:%M")
        else:
            data[name] = "Some words." if field.required or turn % 2 else ""
    return data


def picture(circle: Circle) -> dict[str, list[Any]]:
    """Return everything time could have changed in a circle, free of keys made on the way."""
    proposals = Proposal.objects.filter(circle=circle)
    found: dict[str, Any] = {
        "proposals": proposals.values_list("outcome", "why", "decided_at", "version"),
        "voices": circle.voices.order_by("pk").values_list("pk", "until", "limited_until"),
        "events": Event.objects.filter(subject_id=str(circle.pk)).values_list("code", "at"),
        "notices": Notice.objects.order_by("at", "code", "person").values_list(
            "at", "code", "person"
        ),
    }
    consent = ("state", "deadline", "asked_again", "integrations")
    rounds, turns = "by_consent__rounds__", "by_consent__rounds__turns__"
    found["consent"] = proposals.values_list(*(f"by_consent__{one}" for one in consent))
    found["rounds"] = proposals.order_by("at", "pk", f"{rounds}number").values_list(
        *(f"{rounds}{one}" for one in ("number", "kind", "version", "opened_at", "closed_at"))
    )
    found["turns"] = proposals.order_by("at", "pk", f"{rounds}number", f"{turns}place").values_list(
        *(f"{turns}{one}" for one in ("place", "voice", "asked", "state", "at"))
    )
    found["vote"] = proposals.values_list(*(f"by_supermajority__{one}" for one in consent[:3]))
    ballots = "by_supermajority__ballots__"
    found["ballots"] = proposals.order_by("at", "pk", f"{ballots}number").values_list(
        *(f"{ballots}{one}" for one in ("number", "version", "closed_at", "in_favour", "against"))
    )
    return {name: list(rows) for name, rows in found.items()}
