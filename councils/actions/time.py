"""What time alone causes around councils. Safe to run twice, twice at once, and late."""

from datetime import datetime

from django.db import transaction

from cases.writing import day
from councils.actions import (
    beacons,
    challenging,
    drawing,
    hearings,
    outcome,
    recalling,
    seating,
    solving,
    stepping_down,
    table,
)
from councils.models import Challenge, Council, Draw, Recall, Seat
from councils.writing import locked_case


def due(now: datetime) -> dict[str, int]:
    """Do what is due and return how many of each kind were done."""
    done = {"seats_lapsed": 0, "drawn": 0, "solved": 0, "challenges_upheld": 0,
            "stepped_down": stepping_down.by_time(now), "recalls_heard": 0,
            "recalls_decided": 0, "decided": 0, "in_effect": 0}  # fmt: skip
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
    for recall in list(
        Recall.objects.filter(state=Recall.State.ASKED).values_list("pk", flat=True)
    ):
        done["recalls_heard"] += recalling.by_time(recall, now=now)
    for pk, case_pk in list(Council.objects.live().order_by("pk").values_list("pk", "case_id")):
        for what, count in outcome.follow_by_time(pk, case_pk, now=now).items():
            done[what] += count
    done["hearings_called_off"] = hearings.call_off_by_time(now)
    done["hearings_reminded"] = hearings.remind(now)
    return done


def keep_circles_in_step(now: datetime) -> int:
    """Hold the circles of cases on hold, before anything falls due in them; return how many."""
    live = Council.objects.live().exclude(state=Council.State.FORMING)
    pairs = list(live.order_by("pk").values_list("pk", "case_id"))
    for pk, case_pk in pairs:
        with transaction.atomic():
            case = locked_case(case_pk)
            table.keep_in_step(Council.objects.get(pk=pk), case, now=now)
    return len(pairs)
