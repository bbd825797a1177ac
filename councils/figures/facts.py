"""What is known of councils, and the groups that each figure divides its denominator into."""

from collections import Counter
from collections.abc import Hashable
from dataclasses import dataclass
from datetime import date

from councils.figures.measures import Period

# The finest columns of seats for each person: never, once, twice, three times or more.
FINEST = 3


@dataclass(frozen=True)
class HatFact:
    """Somebody was in a hat from one day through another."""

    person: Hashable
    since: date
    until: date


@dataclass(frozen=True)
class SeatFact:
    """Somebody was drawn; ``accepted_on`` when they said yes."""

    person: Hashable
    drawn_on: date
    accepted_on: date | None = None
    declined: bool = False


@dataclass(frozen=True)
class ChallengeFact:
    """The rest of a panel decided a challenge."""

    decided_on: date
    upheld: bool


@dataclass(frozen=True)
class CouncilFact:
    """A council was formed, and every seat of it taken."""

    formed_on: date
    seated_on: date


@dataclass(frozen=True)
class DrawFact:
    """A council was drawn: so many seats, so many in the hat.

    ``best``: the smallest chance of anybody in the best lottery, before rounding, None where
    not kept. ``fewest``: of the 1,000 panels, in how many the person is who is in fewest.
    """

    drawn_on: date
    size: int
    hat: int
    best: float | None = None
    fewest: int | None = None


@dataclass(frozen=True)
class Facts:
    """What is known of one community, or of several together."""

    hats: tuple[HatFact, ...] = ()
    seats: tuple[SeatFact, ...] = ()
    challenges: tuple[ChallengeFact, ...] = ()
    councils: tuple[CouncilFact, ...] = ()
    draws: tuple[DrawFact, ...] = ()

    def __add__(self, other: "Facts") -> "Facts":
        return Facts(
            self.hats + other.hats,
            self.seats + other.seats,
            self.challenges + other.challenges,
            self.councils + other.councils,
            self.draws + other.draws,
        )

    def begun(self) -> date | None:
        """Return the day of the first draw, None where nobody was ever drawn."""
        return min((seat.drawn_on for seat in self.seats), default=None)


def _seats_of_each(facts: Facts, period: Period) -> Counter[Hashable]:
    """Return how many seats each took in a period, of everybody who was in the hat then."""
    seats: Counter[Hashable] = Counter(
        seat.person for seat in facts.seats if period.holds(seat.accepted_on)
    )
    for hat in facts.hats:
        if hat.since <= period.last and hat.until >= period.first:
            seats.setdefault(hat.person, 0)
    return seats


def cells_of(facts: Facts, period: Period) -> dict[str, tuple[int, ...]]:
    """Return the groups that each figure divides its denominator into; their sum is it.

    ``seats_n``: people by seats in the period: 0, 1 … n or more. ``ever``: who sat in the period,
    who did so only before it, who never did. ``first``: of those who sat, for whom it was the
    first time, and the others. ``declined``: of those asked, who said no or nothing, and the
    others. ``upheld``: of the challenges decided, upheld and not. ``councils``: seated.
    """
    each = _seats_of_each(facts, period)
    firsts: dict[Hashable, date] = {}
    for seat in facts.seats:
        if seat.accepted_on is not None:
            firsts[seat.person] = min(seat.accepted_on, firsts.get(seat.person, seat.accepted_on))
    sat = {person for person, seats in each.items() if seats}
    before = {person for person in each if person in firsts and firsts[person] < period.first}
    first = sum(period.holds(firsts[person]) for person in sat)
    asked = [seat for seat in facts.seats if period.holds(seat.drawn_on)]
    declined = sum(seat.declined for seat in asked)
    decided = [one for one in facts.challenges if period.holds(one.decided_on)]
    upheld = sum(one.upheld for one in decided)
    times = Counter(min(seats, FINEST) for seats in each.values())
    finest = [times[seats] for seats in range(FINEST + 1)]
    cells: dict[str, tuple[int, ...]] = {
        f"seats_{top}": (*finest[:top], sum(finest[top:])) for top in range(1, FINEST + 1)
    }
    return cells | {
        "ever": (len(sat), len(before - sat), len(each) - len(sat | before)),
        "first": (first, len(sat) - first),
        "declined": (declined, len(asked) - declined),
        "upheld": (upheld, len(decided) - upheld),
        "councils": (sum(period.holds(one.seated_on) for one in facts.councils),),
    }
