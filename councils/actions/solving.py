"""The search for fair panels: what the background worker does, or the clock where none runs."""

import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

from councils import portfolio
from councils.actions import drawing, rosters
from councils.models import Draw

# Progress is written no more often than people look at it.
SECONDS_BETWEEN = 1.0


def look_for_panels(draw_pk: Any, *, clock: Callable[[], datetime]) -> str:
    """Find the panels of a draw and commit to them; say what came of it.

    Can be begun again: the same people, quotas and size give the same panels.
    """
    draw = Draw.objects.select_related("council__charter_version").filter(pk=draw_pk).first()
    if draw is None or draw.state != Draw.State.SOLVING:
        return "nothing to do"
    told = 0.0

    def progress(share: float) -> None:
        nonlocal told
        if time.monotonic() - told >= SECONDS_BETWEEN:
            told = time.monotonic()
            Draw.objects.filter(pk=draw_pk).update(progress=int(share * 99), alive_at=clock())

    try:
        found = portfolio.find(
            rosters.people_in(draw),
            rosters.asked_of(draw),
            draw.council.size,
            one_per_household=draw.council.charter_version.charter.one_per_household,
            progress=progress,
        )
    except portfolio.NoPanel:
        drawing.no_panels(draw.pk, rosters.problem_of(draw), now=clock())
        return "no panel"
    panels = [sorted(panel) for panel in found.panels]
    done = drawing.found_panels(draw.pk, panels, min_chance=f"{found.min_chance:.6f}", now=clock())
    return "committed" if done else "not any more"


def solve_by_time(draw: Draw, *, now: datetime) -> bool:
    """Do a search that nobody does: its worker was ended, or none runs. Once, however many ask."""
    mine = Draw.objects.filter(pk=draw.pk, state=Draw.State.SOLVING, alive_at=draw.alive_at)
    if mine.update(alive_at=now, progress=0) != 1:
        return False
    return look_for_panels(draw.pk, clock=lambda: now) != "nothing to do"
