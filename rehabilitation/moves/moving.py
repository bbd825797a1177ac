"""What can be done so that a resident moves to another house."""

from collections.abc import Iterator
from datetime import datetime
from functools import partial

from cases.writing import day
from moves.core import Move
from rehabilitation import forms
from rehabilitation.access import Sight
from rehabilitation.actions import moving
from rehabilitation.models import Placement


def moves_on_moving(
    placement: Placement, sight: Sight, one: "partial[Move]", now: datetime
) -> Iterator[Move]:
    """Yield asking for a move, everybody's word on it, and the move itself."""
    today = day(now)
    if moving.may_ask(placement, sight, today):
        yield one(
            name="ask_to_move",
            act=moving.ask_to_move,
            form=partial(
                forms.MoveForm, moving.houses_to_move_to(placement, today), sight.resident
            ),
            obstacles=moving.obstacles_to_ask(placement, today),
        )
    if moving.may_accept(placement, resident=sight.resident, today=today):
        yield one(
            name="accept_move",
            act=moving.accept_move,
            obstacles=moving.obstacles_to_accept(placement, today),
        )
    if moving.may_accept_as_guardian(placement, guardian=sight.guardian, today=today):
        yield one(name="accept_move_as_guardian", act=moving.accept_move_as_guardian)
    if moving.may_agree(placement, sight, today):
        yield one(name="agree_to_move", act=moving.agree_to_move)
    if moving.may_offer(placement, sight, today):
        yield one(name="offer_move", act=moving.offer_move, main=True)
    if moving.may_move(placement, sight, today):
        yield one(
            name="move_house",
            act=moving.move_house,
            obstacles=moving.obstacles_to_move(placement, today),
            careful=True,
        )
    if moving.may_take_back(placement, sight, today):
        name = "decline_move" if sight.resident else "take_back_move"
        yield one(name=name, act=moving.take_back_move, careful=True)
