"""The scene every action on a placement happens in: locked, up to date, and asked anew who acts."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import transaction

from cases.rules import stage_frozen
from moves.core import Obstacle
from people.models import Person
from rehabilitation.access import sight_of
from rehabilitation.actions.ending import settle, settle_now
from rehabilitation.models import Placement
from rehabilitation.writing import (
    HouseScene,
    Scene,
    day,
    locked_case,
    locked_house,
    locked_placement,
    on_house,
    require,
)

__all__ = ["HouseScene", "Scene", "frozen", "locked_house", "on_house", "on_placement"]


@contextmanager
def on_placement(placement: Placement, *, by: Person, now: datetime) -> Iterator[Scene]:
    """Lock the case and the placement, do what was due, and ask who this is.

    Hidden for whoever may not know of it. What was due is written in a transaction of its own, so
    that it is done even where the action is then refused.
    """
    settle_now(placement.pk, now=now)
    with transaction.atomic():
        case = locked_case(placement.case_id)
        fresh = locked_placement(placement.pk, case)
        # Midnight may have come in between.
        settle(fresh, now=now)
        sight = sight_of(by, fresh, today=day(now))
        require(sight.knows)
        yield Scene(fresh, case, sight, day(now))


def frozen(placement: Placement) -> list[Obstacle]:
    """Return the obstacle of a case on hold. It stops a beginning, and never an end."""
    return [stage_frozen()] if placement.case.frozen_on else []
