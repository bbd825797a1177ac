"""What a race around councils starts from, and what became of it, as scripts of their own.

python -m tests.races.council_scene STEP prints JSON. The database is the one of DATABASE_URL.
"""

import json
import os
import sys
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import django

COUNCILS, IN_POOL, SIZE = 6, 40, 3
RULES = {"council_size": SIZE, "pool_least_times": 1, "quotas": []}


def prepare() -> dict[str, Any]:
    """Make cases before councils that draw from one pool; nothing is drawn yet."""
    from django.utils import timezone  # noqa: PLC0415

    from cases import actions  # noqa: PLC0415
    from communities.models import Community  # noqa: PLC0415
    from councils.actions import forming  # noqa: PLC0415
    from journey.actions import refer_to_council  # noqa: PLC0415
    from people.models import Person  # noqa: PLC0415

    now, today = timezone.now(), timezone.localdate()
    here = Community.objects.create(slug="here", name="Here")
    here.charters.create(number=1, rules=RULES)
    cole = Person.objects.create_user("cole", None, name="Cole")
    here.memberships.create(
        person=cole, role="coordinator", from_on=today, until=today + timedelta(days=99)
    )
    for number in range(IN_POOL):
        member = Person.objects.create_user(f"member-{number}", None, name=f"Member {number}")
        here.memberships.create(person=member, from_on=today)
        here.pool.create(
            person=member, of_age=True, since=today - timedelta(days=200),
            until=today + timedelta(days=100),
        )  # fmt: skip
    councils = []
    for number in range(COUNCILS):
        case = actions.open_case(
            community=here, title="Panes", account="They broke.", by=None, now=now,
            parties=[
                actions.NewParty(role=role, name=f"{role} {number}", contact="+44 7700 900001",
                                 contact_kind="phone")
                for role in ("harmed", "responsible")
            ],
        )  # fmt: skip
        mara = Person.objects.create_user(f"mara-{number}", None, name="Mara")
        actions.place_in(case, mara, "mediator", today=today)
        actions.accept(case, by=cole, now=now)
        for role in ("harmed", "responsible"):
            party = case.parties.get(role=role)
            actions.reach(party, by=mara, now=now, how_to_reach="by day", reach="in_app")
        refer_to_council(case, by=cole, now=now, reason="They would rather not meet.")
        councils.append(forming.form_council(case, by=cole, now=now))
        for party in case.parties.select_related("person"):
            forming.finish_ties(councils[-1], by=party.person, now=now)
    return {
        "now": now.isoformat(),
        "cole": str(cole.pk),
        "councils": [str(one.pk) for one in councils],
        "places": [[str(one.pk), str(one.person_id)] for one in here.pool.all()],
    }


def solve() -> dict[str, Any]:
    """Find the panels of every draw, as the worker does."""
    from django.utils import timezone  # noqa: PLC0415

    from councils.actions.solving import look_for_panels  # noqa: PLC0415
    from councils.models import Draw  # noqa: PLC0415

    for draw in Draw.objects.filter(state="solving"):
        look_for_panels(draw.pk, clock=timezone.now)
    return {
        "draws": [str(one.pk) for one in Draw.objects.order_by("pk")],
        "states": sorted(Draw.objects.values_list("state", flat=True)),
        "now": (timezone.now() + timedelta(hours=3)).isoformat(),
    }


def promise() -> dict[str, Any]:
    """Let everybody who was asked promise confidentiality; return their seats."""
    from django.utils import timezone  # noqa: PLC0415

    from councils.actions import seating  # noqa: PLC0415
    from councils.models import Seat  # noqa: PLC0415

    seats = list(Seat.objects.filter(state="drawn").select_related("person"))
    for seat in seats:
        seating.promise(seat, by=seat.person, now=timezone.now(), kept_secret=True)
    return {"seats": [[str(seat.pk), str(seat.person_id)] for seat in seats]}


def doubt() -> dict[str, Any]:
    """Challenge one member where two or more sit; return each challenge and who answers it."""
    from django.utils import timezone  # noqa: PLC0415

    from councils.actions import challenging  # noqa: PLC0415
    from councils.models import Council  # noqa: PLC0415

    found = []
    for council in Council.objects.select_related("case"):
        seated = list(council.seats.filter(state="accepted"))
        if len(seated) < 2:
            continue
        doubted, other = seated[:2]
        party = council.case.parties.select_related("person").get(role="harmed")
        challenge = challenging.challenge_member(
            doubted, by=party.person, now=timezone.now(), reason="A doubt."
        )
        found.append([str(challenge.pk), str(other.person_id)])
    return {"challenges": found}


def look() -> dict[str, Any]:
    """Say what became of it all."""
    from django.db.models import Count, Min  # noqa: PLC0415

    from cases.models import CaseUserObjectPermission  # noqa: PLC0415
    from councils.models import ChallengeAnswer, Draw, Seat  # noqa: PLC0415
    from records.actions import verify  # noqa: PLC0415
    from records.models import Event  # noqa: PLC0415

    live = Seat.objects.filter(state__in=("drawn", "accepted"))
    asked = {event.data["seat"]: event.pk for event in Event.objects.filter(code="seat_drawn")}
    left = dict(
        Event.objects.filter(code="pool_left").values("subject_id").annotate(first=Min("pk"))
        .values_list("subject_id", "first")
    )  # fmt: skip
    return {
        "draws": dict(Draw.objects.values_list("state").annotate(n=Count("pk")).order_by()),
        "seats": dict(Seat.objects.values_list("state").annotate(n=Count("pk")).order_by()),
        "twice": live.count() - live.values("person_id").distinct().count(),
        # Asked although they had left before: the record says which came first.
        "asked_after_leaving": sum(
            asked[str(seat.pk)] > left.get(str(seat.person_id), asked[str(seat.pk)])
            for seat in Seat.objects.filter(pk__in=asked)
        ),
        "read": CaseUserObjectPermission.objects.filter(permission__codename="sit_on_case").count(),
        "answers": ChallengeAnswer.objects.count(),
        "left": len(left),
        "breaks": len(verify()["breaks"]),
    }


STEPS: dict[str, Callable[[], dict[str, Any]]] = {
    "prepare": prepare, "solve": solve, "promise": promise, "doubt": doubt, "look": look,
}  # fmt: skip

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    print(json.dumps(STEPS[sys.argv[1]]()))
