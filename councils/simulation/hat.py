"""The people of a simulated hat: made at the beginning, and coming and going after it."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from councils.portfolio import Person, Quota
from councils.rules import MemberFacts, Reason, months_after, reasons_not_to_draw
from councils.simulation.settings import Settings

START = date(2001, 1, 1)
# Of a hundred households, how many are of one, two, three and four people of the hat.
HOUSEHOLDS = (60, 30, 7, 3)


@dataclass
class Member:
    """One person with their place in the hat, and what happened to them."""

    person: Person
    since: date
    until: date
    leaves: bool = False
    seated_now: bool = False
    last_seat_ended: date | None = None
    seats_served: int = 0
    first_seat: date | None = None
    in_cases: set[int] = field(default_factory=set)

    def facts(self) -> MemberFacts:
        return MemberFacts(
            since=self.since,
            until=self.until,
            last_seat_ended=self.last_seat_ended,
            seats_served=self.seats_served,
            seated_now=self.seated_now,
            in_open_case=bool(self.in_cases),
        )


def stream(settings: Settings, *names: object) -> Random:
    """Return random numbers for one purpose.

    They depend on nothing but the seed and the purpose, so that two simulations that differ in
    one rule meet the same people and the same cases.
    """
    return Random("/".join(map(str, (settings.seed, *names))))


class Hat:
    """Everybody who was ever in the hat, in the order they came."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.members: list[Member] = []
        self._to_join = 0.0
        people = _founders(settings)
        begun = months_after(START, -settings.rules.trial_months)
        turns = list(range(len(people)))
        stream(settings, "terms").shuffle(turns)
        for person, turn in zip(people, turns, strict=True):
            # Terms end one after another, not all on one day.
            months = 1 + turn * settings.term_months // len(people)
            until = months_after(START, months) - timedelta(days=1)
            self.members.append(Member(person, begun, until))

    def on(self, day: date) -> list[Member]:
        """Return who is in the hat on a day."""
        return [one for one in self.members if one.since <= day <= one.until]

    def reasons(self, member: Member, day: date) -> list[Reason]:
        return reasons_not_to_draw(member.facts(), self.settings.rules, today=day)

    def can_be_drawn(self, day: date) -> list[Member]:
        """Return who the rules let be drawn on a day, before any tie is asked for."""
        return [one for one in self.on(day) if not self.reasons(one, day)]

    def begin_month(self, day: date) -> None:
        """On the first of a month let people join, and ask those whose term ends in it to stay."""
        month = months_after(day, 1)
        ended = months_after(day, -1)
        if self.settings.joins_per_year is not None:
            self._to_join += self.settings.joins_per_year / 12
        elif day > START:
            self._to_join += sum(ended <= one.until < day for one in self.members)
        while self._to_join > 1 - 1e-9:
            self._to_join -= 1
            self._join(day)
        for number, one in enumerate(self.members):
            if day <= one.until < month and not one.leaves:
                if stream(self.settings, "renew", number, day).random() < self.settings.renew:
                    one.until = months_after(one.until, self.settings.term_months)
                else:
                    one.leaves = True

    def _join(self, day: date) -> None:
        number = len(self.members)
        chance = stream(self.settings, "joins", number)
        person = Person(f"p{number:05}", _features(self.settings, chance), None)
        until = months_after(day, self.settings.term_months)
        self.members.append(Member(person, day, until))


def _founders(settings: Settings) -> list[Person]:
    """Return the people of the beginning: from the file, or made up."""
    chance = stream(settings, "founders")
    if settings.respondents:
        known = list(settings.respondents)
        if settings.people < len(known):
            known = chance.sample(known, settings.people)
        found = [Person(f"p{n:05}", one.features, one.household) for n, one in enumerate(known)]
        while len(found) < settings.people:
            found.append(Person(f"p{len(found):05}", _features(settings, chance), None))
        return found
    found = []
    home = 0
    while len(found) < settings.people:
        home += 1
        (together,) = chance.choices((1, 2, 3, 4), HOUSEHOLDS)
        for _one in range(min(together, settings.people - len(found))):
            name = f"h{home:05}" if together > 1 else None
            found.append(Person(f"p{len(found):05}", _features(settings, chance), name))
    return found


def _features(settings: Settings, chance: Random) -> dict[str, str | None]:
    """Return what a newcomer says of themselves.

    Somebody in the file's features, or of each feature a value as often as the quotas seat it.
    """
    if settings.respondents:
        return dict(chance.choice(settings.respondents).features)
    return {
        feature: chance.choices(
            [quota.value for quota in quotas],
            [max(1, quota.least + quota.most) for quota in quotas],
        )[0]
        for feature, quotas in _by_feature(settings.quotas).items()
    }


def _by_feature(quotas: tuple[Quota, ...]) -> dict[str, list[Quota]]:
    found: dict[str, list[Quota]] = defaultdict(list)
    for quota in quotas:
        found[quota.feature].append(quota)
    return found
