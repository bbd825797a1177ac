"""Years of councils in the database, made directly: for figures that look back. Plain functions."""

import json
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from typing import Any

from communities.models import Community
from councils.models import Challenge, Council, Draw, DrawRecord, PoolPlace, RosterEntry, Seat
from people.models import Person
from tests.factories import harmed, make_case

serial = count(1)


def make_hat(community: Community, people: int, *, since: date) -> list[PoolPlace]:
    """People in the hat of a community for three years."""
    found = Person.objects.bulk_create(
        Person(username=f"hat-{next(serial)}", name="Somebody") for _n in range(people)
    )
    return PoolPlace.objects.bulk_create(
        PoolPlace(
            community=community, person=person, of_age=True, since=since,
            until=since + timedelta(days=3 * 365),
        )
        for person in found
    )  # fmt: skip


def make_council(
    community: Community, places: list[PoolPlace], *, on: date, declined: int = 0, days: int = 4,
    hat: int = 40, min_chance: str = "0.112000",
) -> Council:  # fmt: skip
    """A council that was drawn, seated and is over; the last so many of the places said no."""
    case = make_case(community)
    council = Council.objects.create(
        case=case, community=community, charter_version=community.charter_now(), size=5,
        state="dissolved", formed_on=on, seated_on=on + timedelta(days=days),
        dissolved_on=on + timedelta(days=30),
    )  # fmt: skip
    at = datetime.combine(on, time(12), UTC)
    draw = Draw.objects.create(
        council=council, number=1, state="drawn", in_the_hat=hat, commitment="c" * 64,
        beacon="b" * 64, min_chance=min_chance, prepared_at=at, drawn_at=at,
    )  # fmt: skip
    tokens = [f"token-{place.pk}" for place in places]
    # Five at a time, everybody in the hat in turn.
    everybody = tokens + [f"other-{number}" for number in range(hat - len(tokens))]
    panels = [[everybody[(5 * turn + seat) % hat] for seat in range(5)] for turn in range(1000)]
    body = {"eligible": sorted(everybody), "panels": panels}
    DrawRecord.objects.create(draw=draw, body=json.dumps(body))
    entries = RosterEntry.objects.bulk_create(
        RosterEntry(
            draw=draw, place=place, person_id=place.person_id, token=token, salt="00",
            described="{}", eligible=True,
        )
        for place, token in zip(places, tokens, strict=True)
    )  # fmt: skip
    yes = len(places) - declined
    Seat.objects.bulk_create(_seat(council, entry, n < yes, on) for n, entry in enumerate(entries))
    return council


def _seat(council: Council, entry: RosterEntry, yes: bool, on: date) -> Seat:
    more: dict[str, Any] = {"state": "declined", "ended_on": on + timedelta(days=3)}
    if yes:
        more = {
            "state": "ended", "accepted_on": on + timedelta(days=1),
            "ended_on": on + timedelta(days=30),
        }  # fmt: skip
    return Seat(
        council=council, draw_id=entry.draw_id, entry=entry, person_id=entry.person_id,
        drawn_on=on, answer_by=on + timedelta(days=3), **more,
    )  # fmt: skip


def decide_challenge(council: Council, *, upheld: bool, on: date) -> Challenge:
    """A challenge of one more member of a council, decided."""
    seat = council.seats.filter(challenges=None).order_by("pk").first()
    assert seat is not None
    return Challenge.objects.create(
        seat=seat, party=harmed(council.case), reason="A doubt.", decided_on=on,
        state="upheld" if upheld else "dismissed", at=datetime.combine(on, time(12), UTC),
    )  # fmt: skip
