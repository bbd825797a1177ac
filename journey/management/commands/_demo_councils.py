"""The councils of the demo: a pool of three communities, and draws at every stage.

A demo may do what nobody else can: its dice are thrown until they seat June, who is one
of the cast. Everything else goes through the same actions as everybody's.
"""

import json
import random
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from cases.models import Case
from communities.models import Community
from councils import scheme
from councils.actions import beacons, drawing, forming, seating
from councils.actions.solving import look_for_panels
from councils.models import Council, Draw, PoolPlace, Seat
from people.models import Person

QUOTAS = [
    ["age", "18–34", 1, 2], ["age", "35–59", 1, 3], ["age", "60+", 1, 2],
    ["gender", "woman", 2, 3], ["gender", "man", 2, 3], ["gender", "another", 0, 1],
]  # fmt: skip
AGES = ["18–34", "35–59", "35–59", "60+"]
GENDERS = ["woman", "man"] * 12 + ["another", ""]


def fill_pool(
    community: Community, people: Iterable[Person], chance: random.Random, *, today: date
) -> None:
    """Put people into a community's hat, some of them still in their trial time."""
    PoolPlace.objects.bulk_create(
        [
            PoolPlace(
                community=community,
                person=person,
                of_age=True,
                features=json.dumps(
                    {"age": chance.choice(AGES), "gender": chance.choice(GENDERS)},
                    ensure_ascii=False,
                ),
                since=(since := today - timedelta(days=chance.randrange(20, 340))),
                until=since + timedelta(days=365),
            )
            for person in people
        ],
        batch_size=500,
    )


def begin(case: Case, by: Person, *, now: datetime) -> Council:
    """Begin a council whose parties have named all their ties."""
    council = forming.form_council(case, by=by, now=now)
    for party in case.parties.select_related("person"):
        forming.finish_ties(council, by=party.person, now=now)
    return council


def commit(council: Council, by: Person, *, now: datetime, dice: bool) -> Draw:
    """Prepare a draw and find its panels at once."""
    how = {"beacons": ["drand"]}
    if dice:
        how = {
            "beacons": ["dice"],
            "dice_at": now + timedelta(hours=2),  # type: ignore[dict-item]
            "dice_witnesses": "Vera Santos, Ada Lund",  # type: ignore[dict-item]
        }
    draw = drawing.prepare_draw(council, by=by, now=now, **how)  # type: ignore[arg-type]
    look_for_panels(draw.pk, clock=lambda: now)
    return Draw.objects.get(pk=draw.pk)


def throws_for(draw: Draw, person: Person, chance: random.Random, *, picked: bool) -> str:
    """Throw dice until they pick a panel with this person in it, or without them.

    ValueError where no panel is like that: throwing would never end.
    """
    token = draw.roster.get(person=person).token
    panels = json.loads(draw.published.body)["panels"]
    if all((token in panel) != picked for panel in panels):
        raise ValueError(f"No panel of {draw.public_id} is like that.")
    while True:
        digits = "".join(chance.choice("123456") for _n in range(drawing.THROWS))
        key = scheme.extract(bytes.fromhex(draw.commitment), scheme.dice(digits))
        if (token in panels[scheme.index(key, len(panels))]) == picked:
            return digits


def seat(
    council: Council, by: Person, someone: Person, chance: random.Random, *, now: datetime,
    picked: bool = False,
) -> None:  # fmt: skip
    """Draw a council with this person on it, or without them, and let everybody say yes."""
    draw = commit(council, by, now=now, dice=True)
    digits = throws_for(draw, someone, chance, picked=picked)
    _seat_all(draw, by, digits, now=now + timedelta(hours=3))


def _seat_all(draw: Draw, by: Person, digits: str, *, now: datetime) -> None:
    beacons.enter_dice(draw, by=by, now=now, digits=digits)
    for seat in Seat.objects.filter(draw=draw, state="drawn").select_related("person"):
        seating.promise(seat, by=seat.person, now=now, kept_secret=True)
        seating.accept_seat(seat, by=seat.person, now=now, no_tie=True)


def void(council: Council, by: Person, *, now: datetime) -> None:
    """Commit to a draw and void it before its randomness exists, then prepare it anew."""
    draw = commit(council, by, now=now, dice=True)
    beacons.void_draw(
        draw, by=by, now=now + timedelta(minutes=20),
        reason="The meeting where the dice were to be thrown was called off.",
    )  # fmt: skip
