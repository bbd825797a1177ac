"""What time alone causes around placements. Safe to run twice, twice at once, and a month late.

A placement ends on the day its own days say, whether or not this runs; here it is written down,
dated then, the case goes on, and everybody concerned is told. Warnings come days before.
"""

from collections import Counter
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q

from cases.writing import moment_of
from rehabilitation.actions import houses, reviewing
from rehabilitation.actions.ending import settle_now
from rehabilitation.actions.news import tell_harmed
from rehabilitation.models import Placement, Wish
from rehabilitation.rules import OPEN, PLACED
from rehabilitation.writing import (
    council_people,
    day,
    locked_case,
    locked_placement,
    staff_of,
    tell_all,
    tell_one,
)


def due(now: datetime) -> dict[str, int]:
    """Do what is due and return how many of each kind were done."""
    done: Counter[str] = Counter()
    done["voices_ended"] += reviewing.keep_voices(now)
    # What a circle agreed in time counts before the day that would end it.
    done["reviews_taken_up"] += reviewing.take_up_due(now)
    done["houses_decided"] += houses.take_up_due(now)
    done["placements_ended"] += end_due(now)
    done["placement_warnings"] += warn(now)
    done["wishes_overdue"] += remind_of_wishes(now)
    return dict(done)


def end_due(now: datetime) -> int:
    """End every placement, move and guest stay whose days are over; return how many."""
    today = day(now)
    over = Placement.objects.filter(
        Q(state__in=OPEN, free_on__lte=today)
        | Q(state__in=OPEN, decision__replaced_on__lte=today)
        | Q(state="guest", guest_until__lt=today)
        | Q(move_until__lt=today)
    )
    return sum(settle_now(pk, now=now) for pk in list(over.values_list("pk", flat=True)))


def warn(now: datetime) -> int:
    """Tell everybody concerned, days before, that a placement ends by itself; once each."""
    today, told = day(now), 0
    soon = Placement.objects.placed().filter(free_on__gt=today)
    for pk, case_pk in list(soon.values_list("pk", "case_id")):
        with transaction.atomic():
            told += _warn(locked_placement(pk, locked_case(case_pk)), today)
    return told


def _warn(placement: Placement, today: date) -> int:
    freedom = placement.freedom
    if freedom is None or placement.state not in PLACED:
        return 0
    days = placement.case.charter_version.charter.warning_days
    warned_on = freedom.on - timedelta(days=1 + days)
    if not warned_on <= today < freedom.on:
        return 0
    moment, key = moment_of(warned_on), f"soon:{freedom.why}:{freedom.on}"
    # Its end may be turned by a review, and by nothing else: that one is asked for by its name.
    code = "review_due" if freedom.why == "review_missed" else "placement_ends_soon"
    told = tell_one(placement.person, placement, code, key=key, now=moment) + 0
    people = staff_of(placement, today) + council_people(placement.decision.council)
    told += tell_all(people, placement, code, key=key, now=moment)
    if freedom.why == "release_decided":
        return told
    news = "news_may_be_released" if freedom.why == "review_missed" else "news_will_be_released"
    return told + tell_harmed(
        placement.case, "released", news, now=moment, on=freedom.on, key=f"{key}:{placement.pk}"
    )


def remind_of_wishes(now: datetime) -> int:
    """Tell stewards and the visitor, once, of a wish that nobody answered in time."""
    today, told = day(now), 0
    late = Wish.objects.filter(state=Wish.State.OPEN, answer_by__lt=today).select_related(
        "placement__case__charter_version", "placement__person"
    )
    for wish in late:
        moment = moment_of(wish.answer_by + timedelta(days=1))
        one = wish.placement
        told += tell_all(staff_of(one, today), one, "wish_overdue", key=f"w:{wish.pk}", now=moment)
        told += tell_one(one.person, one, "wish_overdue", key=f"w:{wish.pk}", now=moment)
    return told
