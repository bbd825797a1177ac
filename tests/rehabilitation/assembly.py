"""A house of three, and its assembly going through its rounds by the moves themselves."""

from datetime import datetime

from deliberation.moves import scene_now
from deliberation.parts import moves_on_part, parts_of
from moves.core import Move
from people.models import Person
from rehabilitation.actions import houses
from rehabilitation.models import HouseQuestion
from tests.rehabilitation.houses import World, make_world, placed


def three_live_here() -> World:
    """A house of three places, all of them taken: ``rosa``, ``second`` and ``third``."""
    world = make_world(places=3)
    placed(world)
    for name in ("second", "third"):
        other = make_world(community=world.case.community)
        placed(other)
        world.people[name] = other.people["rosa"]
    return world


def decide(world: World, question: HouseQuestion, *, now: datetime) -> HouseQuestion:
    """Let everybody who lives there speak and consent, until the house has decided."""
    people = [world.people[name] for name in ("rosa", "second", "third")]
    for _step in range(30):
        fresh = HouseQuestion.objects.select_related("proposal", "house").get(pk=question.pk)
        if fresh.proposal.outcome:
            return fresh
        for person in people:
            move = _turn_of(person, fresh, now=now)
            if move is not None:
                typed = {"word": ""} if move.name == "speak" else {}
                move.act(move.subject, by=person, now=now, **typed)
    raise AssertionError("The house never came to its end.")


def _turn_of(person: Person, question: HouseQuestion, *, now: datetime) -> Move | None:
    scene = scene_now(question.proposal, person, now=now)
    if scene.voice is None:
        return None
    moves = [move for part in parts_of(scene) for move in moves_on_part(part, scene, now=now)]
    found = {
        move.name: move for move in houses.in_assembly(moves, question.house) if not move.obstacles
    }
    return next((found[name] for name in ("consent", "speak") if name in found), None)
