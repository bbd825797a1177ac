"""Eight processes around the same councils at the same moment: one wins, and nobody is hurt.

Six councils draw from one pool. Each process comes to them in another order, so that two draws
may pick one person at once; members leave the pool while the lot falls.
"""

from pathlib import Path
from typing import Any

from tests.races.council_scene import COUNCILS, SIZE
from tests.races.racing import in_other_orders, race, run, whatever_refused
from tests.races.test_same_move import PROCESSES

DICE = {"digits": "123456" * 8 + "12"}


def step(database: str, name: str) -> Any:
    return run(database, "-m", "tests.races.council_scene", name)


def one_winner(name: str, things: int) -> dict[str, int]:
    return {f"{name}: won": things, f"{name}: refused": things * (PROCESSES - 1)}


def test_of_eight_processes_one_draws_one_sits_and_one_answers(
    database: str, tmp_path: Path
) -> None:
    scene = step(database, "prepare")
    cole, now = scene["cole"], scene["now"]

    how = {"beacons": ["dice"], "dice_witnesses": "A"}
    tasks = [["prepare_draw", pk, cole, how] for pk in scene["councils"]]
    ended = whatever_refused(race(database, tmp_path, now, in_other_orders(tasks, PROCESSES)))
    assert ended == one_winner("prepare_draw", COUNCILS)

    solved = step(database, "solve")
    assert solved["states"] == ["committed"] * COUNCILS
    tasks = [["enter_dice", pk, cole, DICE] for pk in solved["draws"]]
    drawing = in_other_orders(tasks, PROCESSES)
    # A part of the pool leaves meanwhile: one member in each process, between its draws.
    leaving = scene["places"][:PROCESSES]
    for number, (place, person) in enumerate(leaving):
        drawing[number].insert(number % 3, ["leave_pool", place, person, {}])
    ended = whatever_refused(race(database, tmp_path, solved["now"], drawing))
    assert ended == one_winner("enter_dice", COUNCILS) | {"leave_pool: won": PROCESSES}
    found = step(database, "look")
    assert found["draws"] == {"drawn": COUNCILS}
    assert sum(found["seats"].values()) == COUNCILS * SIZE
    assert (found["twice"], found["asked_after_leaving"]) == (0, 0)
    assert (found["left"], found["breaks"]) == (PROCESSES, 0)

    seats = step(database, "promise")["seats"]
    assert len(seats) == found["seats"]["drawn"]
    tasks = [["accept_seat", pk, person, {"no_tie": True}] for pk, person in seats]
    ended = whatever_refused(race(database, tmp_path, now, in_other_orders(tasks, PROCESSES)))
    assert ended == one_winner("accept_seat", len(seats))
    found = step(database, "look")
    assert found["seats"]["accepted"] == found["read"] == len(seats)

    challenges = step(database, "doubt")["challenges"]
    said = {"uphold": False, "reason": "No grounds."}
    tasks = [["answer_challenge", pk, person, said] for pk, person in challenges]
    ended = whatever_refused(race(database, tmp_path, now, in_other_orders(tasks, PROCESSES)))
    assert ended == one_winner("answer_challenge", len(tasks))
    found = step(database, "look")
    assert (found["answers"], found["breaks"]) == (len(tasks), 0)
