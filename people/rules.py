"""Rules about people: ties, licences and age. Pure: no Django, no clock, no database."""

from datetime import date, timedelta
from typing import Protocol

from moves.core import Obstacle

ADULT_AT = 18


class Licensed(Protocol):
    """What a rule needs to know of a licence; ``people.models.Licence`` fits."""

    from_on: date
    until: date
    covers_minors: bool
    covers_violence: bool
    recalled_on: date | None


class Lasting(Protocol):
    """A licence or a place in a community, by its days; ``until`` None is without end."""

    @property
    def from_on(self) -> date: ...
    @property
    def until(self) -> date | None: ...
    @property
    def recalled_on(self) -> date | None: ...


def lasts(one: Lasting, on: date) -> bool:
    """Say whether this day is between the first and the last of it."""
    return one.from_on <= on and (one.until is None or on <= one.until)


def recalled(one: Lasting, on: date) -> bool:
    """Say whether a recall had taken it by this day."""
    return one.recalled_on is not None and one.recalled_on <= on


def valid(licence: Lasting, on: date) -> bool:
    """Say whether a licence is valid on this day; a recalled one is not, from that day on."""
    return lasts(licence, on) and not recalled(licence, on)


def birthday_at(born_on: date, years: int) -> date:
    """Return the birthday at this age; who was born on 29 February has it on 1 March."""
    try:
        return born_on.replace(year=born_on.year + years)
    except ValueError:
        return date(born_on.year + years, 3, 1)


def is_minor(born_on: date | None, *, today: date) -> bool:
    """Say whether somebody is under eighteen today; unknown dates say no."""
    return born_on is not None and today < birthday_at(born_on, ADULT_AT)


def last_day_as_minor(born_on: date) -> date:
    """Return the day before the eighteenth birthday: the last on which a guardian stands beside."""
    return birthday_at(born_on, ADULT_AT) - timedelta(days=1)


def obstacles_of_licence(
    licences: list[Licensed], *, minor: bool, violence: bool, today: date
) -> list[Obstacle]:
    """Return why these licences do not carry a mediator through such a case today."""
    live = [one for one in licences if valid(one, today)]
    if not live:
        return [Obstacle(code="licence_lapsed", cleared_by="coordinator")]
    wide = [
        one
        for one in live
        if (one.covers_minors or not minor) and (one.covers_violence or not violence)
    ]
    if not wide:
        return [Obstacle(code="licence_too_narrow", cleared_by="coordinator")]
    return []
