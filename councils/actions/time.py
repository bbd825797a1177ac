"""What time alone causes around councils. Safe to run twice, twice at once, and late."""

from datetime import datetime

from cases.writing import day
from councils.actions import (
    beacons,
    challenging,
    drawing,
    hearings,
    seating,
    solving,
    stepping_down,
)
from councils.models import Challenge, Draw, Seat


def due(now: datetime) -> dict[str, int]:
    """Do what is due and return how many of each kind were done."""
    done = {"seats_lapsed": 0, "drawn": 0, "solved": 0, "challenges_upheld": 0,
            "stepped_down": stepping_down.by_time(now)}  # fmt: skip
    for seat in list(Seat.objects.overdue(day(now))):
        done["seats_lapsed"] += seating.lapse(seat, now=now)
    waiting = Draw.objects.filter(state=Draw.State.COMMITTED, beacon_at__lte=now)
    for pk in list(waiting.values_list("pk", flat=True)):
        done["drawn"] += beacons.finish_by_time(pk, now=now)
    silent = Draw.objects.filter(state=Draw.State.SOLVING, alive_at__lt=now - drawing.SILENT)
    for draw in list(silent):
        done["solved"] += solving.solve_by_time(draw, now=now)
    for challenge in Challenge.objects.filter(state=Challenge.State.OPEN).select_related("seat"):
        done["challenges_upheld"] += challenging.decide_by_time(challenge, now=now)
    done["hearings_called_off"] = hearings.call_off_by_time(now)
    done["hearings_reminded"] = hearings.remind(now)
    return done
