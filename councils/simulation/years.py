"""Years of cases: for each a council drawn, asked, replaced where people decline, and ended."""

import heapq
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from councils import portfolio, roster, rules
from councils.portfolio import Person, Quota
from councils.simulation.hat import START, Hat, Member, stream
from councils.simulation.settings import Settings

# What happens on one day happens in this order.
MONTH, CLOSE, ANSWER, OPEN = range(4)


@dataclass
class Seated:
    """Somebody drawn for one case; ``accepted`` and ``ended`` as far as it came to that."""

    case: int
    person: str
    drawn: date
    accepted: date | None = None
    declined: bool = False
    ended: date | None = None


@dataclass(frozen=True)
class Failure:
    """The day a draw did not work with this hat and these quotas, and why, in sentences.

    ``code``: "pool_too_small": a wider pool is asked; "quotas": the smallest repair is made,
    ``repair``, empty where none is possible.
    """

    day: date
    case: int
    code: str
    why: tuple[str, ...]
    repair: tuple[roster.Relaxation, ...] = ()

    @property
    def month(self) -> int:
        """The month it happened in, from 1."""
        return month_of(self.day)


@dataclass(frozen=True)
class Month:
    """How many were in the hat, and could be drawn, at the beginning of a month (from 1)."""

    number: int
    hat: int
    eligible: int


@dataclass
class Council:
    """One case and its council. ``outside``: seats that went to a wider pool."""

    number: int
    opened: date
    seats: list[Seated] = field(default_factory=list)
    quotas: list[Quota] = field(default_factory=list)
    outside: int = 0
    seated: date | None = None


@dataclass
class Years:
    """Everything that happened."""

    settings: Settings
    members: list[Member]
    councils: list[Council]
    failures: list[Failure]
    months: list[Month]

    @property
    def seats(self) -> list[Seated]:
        return [seat for council in self.councils for seat in council.seats]


def month_of(day: date) -> int:
    """Return the number of the month a day is in, from 1."""
    return (day.year - START.year) * 12 + day.month - START.month + 1


def simulate(settings: Settings, progress: Callable[[float], None] | None = None) -> Years:
    """Return the years. ``progress`` is told a share from 0 to 1 as months pass."""
    return _Simulation(settings, progress or (lambda share: None)).run()


class _Simulation:
    def __init__(self, settings: Settings, progress: Callable[[float], None]) -> None:
        self.settings, self.progress = settings, progress
        self.hat = Hat(settings)
        self.by_id = {one.person.id: one for one in self.hat.members}
        self.councils: list[Council] = []
        self.failures: list[Failure] = []
        self.months: list[Month] = []
        self.end = months_after_start(12 * settings.years)
        self._queue: list[tuple[date, int, int]] = []

    def run(self) -> Years:
        for month in range(12 * self.settings.years):
            self._plan(months_after_start(month), MONTH, month)
        for number in range(self.settings.cases_per_year * self.settings.years):
            month = 12 * number // self.settings.cases_per_year
            day = months_after_start(month)
            day += timedelta(days=stream(self.settings, "day", number).randrange(28))
            self.councils.append(Council(number, day))
            self._plan(day, OPEN, number)
        does = {MONTH: self._month, CLOSE: self._close, ANSWER: self._answer, OPEN: self._open}
        while self._queue:
            day, kind, number = heapq.heappop(self._queue)
            does[kind](day, number)
        self.progress(1.0)
        return Years(self.settings, self.hat.members, self.councils, self.failures, self.months)

    def _plan(self, day: date, kind: int, number: int) -> None:
        """Let something happen on a day; what would be after the end does not."""
        if day < self.end:
            heapq.heappush(self._queue, (day, kind, number))

    def _month(self, day: date, number: int) -> None:
        self.hat.begin_month(day)
        self.by_id = {one.person.id: one for one in self.hat.members}
        in_hat, eligible = len(self.hat.on(day)), len(self.hat.can_be_drawn(day))
        self.months.append(Month(number + 1, in_hat, eligible))
        self.progress(number / (12 * self.settings.years))

    def _open(self, day: date, number: int) -> None:
        """A case comes to its council, and the lot is drawn."""
        council = self.councils[number]
        council.quotas = list(self.settings.quotas)
        here = self.hat.on(day)
        chance = stream(self.settings, "parties", number)
        for member in chance.sample(here, min(self.settings.parties, len(here))):
            member.in_cases.add(number)
        people = self._eligible(council, day)
        if self._enough(council, people, self.settings.size, day) and self._mend(
            council, people, [], day
        ):
            self._ask(council, self._panel(council, people), day)
        else:
            council.outside = self.settings.size
        self._plan(day + timedelta(days=self.settings.accept_days), ANSWER, number)

    def _answer(self, day: date, number: int) -> None:
        """Those asked say yes or no, and another lot is drawn for each seat that stays empty."""
        council = self.councils[number]
        for seat in council.seats:
            if seat.accepted is None and not seat.declined:
                member = self.by_id[seat.person]
                chance = stream(self.settings, "answer", number, seat.person)
                if chance.random() < self.settings.decline:
                    seat.declined, seat.ended = True, day
                    member.seated_now = False
                else:
                    seat.accepted = day
                    member.seats_served += 1
                    member.first_seat = member.first_seat or day
        self._replace(council, day)
        if any(seat.accepted is None and not seat.declined for seat in council.seats):
            self._plan(day + timedelta(days=self.settings.accept_days), ANSWER, number)
            return
        council.seated = day
        days = stream(self.settings, "lasts", number).randint(*self.settings.seat_days)
        self._plan(day + timedelta(days=days), CLOSE, number)

    def _replace(self, council: Council, day: date) -> None:
        """Fill the empty seats one after another, each by a lot of its own."""
        vacant = self.settings.size - len(_sitting(council))
        if council.outside:
            # What began to be filled from a wider pool goes on there.
            council.outside = vacant
            return
        while vacant > 0:
            seated = [self.by_id[seat.person].person for seat in _sitting(council)]
            people = self._eligible(council, day)
            order = stream(self.settings, "order", council.number, len(council.seats))
            order.shuffle(people)
            enough = self._enough(council, people, vacant, day)
            if not (enough and self._mend(council, people, seated, day)):
                council.outside = vacant
                return
            found = roster.first_who_fits(
                people, council.quotas, self.settings.size, seated,
                one_per_household=self.settings.one_per_household,
            )  # fmt: skip
            assert found is not None, "what was just found to be feasible has a first"
            self._ask(council, [found.id], day)
            vacant -= 1

    def _close(self, day: date, number: int) -> None:
        """The case is over: every seat ends, and its parties can be drawn again."""
        for seat in _sitting(self.councils[number]):
            seat.ended = day
            member = self.by_id[seat.person]
            member.seated_now, member.last_seat_ended = False, day
        for member in self.hat.members:
            member.in_cases.discard(number)

    def _eligible(self, council: Council, day: date) -> list[Person]:
        """Return who can be drawn for a case: not tied to it, and not asked for it before."""
        asked = {seat.person for seat in council.seats}
        return [
            one.person
            for one in self.hat.can_be_drawn(day)
            if one.person.id not in asked and not self._tied(council, one.person.id)
        ]

    def _tied(self, council: Council, person: str) -> bool:
        chance = stream(self.settings, "tied", council.number, person)
        return chance.random() < self.settings.conflict

    def _enough(self, council: Council, people: Sequence[Person], seats: int, day: date) -> bool:
        times = self.settings.least_times
        if rules.pool_is_enough(len(people), size=seats, times=times):
            return True
        need = max(seats * times, seats + 1)
        why = f"{len(people)} people could be drawn, and {need} are needed."
        self.failures.append(Failure(day, council.number, "pool_too_small", (why,)))
        return False

    def _mend(
        self, council: Council, people: Sequence[Person], seated: Sequence[Person], day: date
    ) -> bool:
        """Say whether the quotas can be met, after the smallest repair where there must be one."""
        homes = self.settings.one_per_household
        taken = {one.household for one in seated if one.household} if homes else set()
        problem = roster.infeasibility(
            [one for one in people if one.household not in taken],
            roster.remaining(council.quotas, seated),
            self.settings.size - len(seated),
            one_per_household=homes,
        )
        if problem is None:
            return True
        why = tuple(one.mend for one in problem.problems)
        repair = tuple(problem.relaxations)
        self.failures.append(Failure(day, council.number, "quotas", why, repair))
        mended = rules.relaxed(council.quotas, repair)
        council.quotas = [Quota(*quota) for quota in mended]
        return bool(repair)

    def _panel(self, council: Council, people: list[Person]) -> Sequence[str]:
        """Return the ids of a whole council, drawn as the app draws it or by a random walk."""
        chance = stream(self.settings, "beacon", council.number)
        size, homes = self.settings.size, self.settings.one_per_household
        if self.settings.fast:
            return _walk(people, council.quotas, size, chance, one_per_household=homes)
        found = portfolio.find(people, council.quotas, size, one_per_household=homes)
        return found.panels[chance.randrange(len(found.panels))]

    def _ask(self, council: Council, ids: Sequence[str], day: date) -> None:
        for one in ids:
            self.by_id[one].seated_now = True
            council.seats.append(Seated(council.number, one, day))


def months_after_start(months: int) -> date:
    """Return the first day of a month, counted from 0."""
    return rules.months_after(START, months)


def _sitting(council: Council) -> list[Seated]:
    return [seat for seat in council.seats if not seat.declined and seat.ended is None]


def _walk(
    people: Sequence[Person], quotas: Sequence[Quota], size: int, chance: Random,
    *, one_per_household: bool,
) -> list[str]:  # fmt: skip
    """Return a council by walking a random order and seating who leaves the quotas reachable.

    Every panel it gives meets the quotas; chances are less even than those of a portfolio.
    """
    order = list(people)
    chance.shuffle(order)
    seated: list[Person] = []
    while len(seated) < size:
        sitting = {one.id for one in seated}
        order = [one for one in order if one.id not in sitting]
        found = roster.first_who_fits(
            order, quotas, size, seated, one_per_household=one_per_household
        )
        assert found is not None, "what was just found to be feasible has a first"
        seated.append(found)
    return [one.id for one in seated]
