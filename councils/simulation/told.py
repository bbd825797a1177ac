"""What came of simulated years, counted."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any

from councils import figures
from councils.rules import months_after
from councils.simulation.hat import START, Member
from councils.simulation.years import Failure, Years, months_after_start


@dataclass(frozen=True)
class Told:
    """The figures of simulated years. Waits are in days.

    ``people``: everybody who was ever in the hat and past the trial period; ``served``: of them,
    who took a seat. ``spread``: by seats taken, how many of them took so many. ``wait``: from
    the end of the trial to the first seat, the median of those served; ``longest_wait``: of
    those served or not; ``longest_waiter_served``: whether that one got a seat in the end.
    ``from_wider``: councils that were not, or not wholly, filled from this hat.
    ``short``: draws in which the pool was too small; ``mended``: in which quotas were relaxed.
    ``days_to_seat``: the median from the first draw to the last yes. ``fewest``: the smallest
    number that could be drawn at the beginning of any month, and ``fewest_in`` that month.
    """

    people: int
    served: int
    spread: tuple[int, ...]
    gini: float
    wait: float | None
    longest_wait: int
    longest_waiter_served: bool
    councils: int
    from_wider: int
    asked: int
    declined: int
    days_to_seat: float | None
    short: int
    mended: int
    first_short: Failure | None
    first_mended: Failure | None
    fewest: int
    fewest_in: int

    def as_data(self) -> dict[str, Any]:
        """Return it for JSON; of a failure its month, case and sentences."""
        data = asdict(self)
        for name in ("first_short", "first_mended"):
            one: Failure | None = getattr(self, name)
            data[name] = one and failure_as_data(one)
        return data


def failure_as_data(failure: Failure) -> dict[str, Any]:
    """Return a failure for JSON."""
    return {
        "month": failure.month,
        "case": failure.case,
        "code": failure.code,
        "why": list(failure.why),
        "repair": [list(one) for one in failure.repair],
    }


def told(years: Years) -> Told:
    """Return the figures of these years."""
    end = months_after_start(12 * years.settings.years)
    opens = {
        one.person.id: max(START, months_after(one.since, years.settings.rules.trial_months))
        for one in years.members
    }
    people = [one for one in years.members if opens[one.person.id] < min(end, one.until)]
    waits = [
        (((one.first_seat or min(end, one.until)) - opens[one.person.id]).days, one)
        for one in people
    ]
    served = [days for days, one in waits if one.first_seat]
    longest, waiter = max(waits, key=lambda one: one[0], default=(0, None))
    seats = [one.seats_served for one in people]
    counts = Counter(seats)
    seated = [one for one in years.councils if one.seated]
    own = [one for one in seated if one.outside < years.settings.size]
    short, mended = (_of(years.failures, code) for code in ("pool_too_small", "quotas"))
    fewest = min(years.months, key=lambda month: (month.eligible, month.number))
    return Told(
        people=len(people),
        served=len(served),
        spread=tuple(counts[n] for n in range(max(seats, default=0) + 1)),
        gini=round(figures.gini(seats), 4),
        wait=median(served) if served else None,
        longest_wait=longest,
        longest_waiter_served=_served(waiter),
        councils=len(years.councils),
        from_wider=sum(one.outside > 0 for one in years.councils),
        asked=len(years.seats),
        declined=sum(seat.declined for seat in years.seats),
        days_to_seat=median((one.seated - one.opened).days for one in own if one.seated)
        if own
        else None,
        short=len(short),
        mended=len(mended),
        first_short=short[0] if short else None,
        first_mended=mended[0] if mended else None,
        fewest=fewest.eligible,
        fewest_in=fewest.number,
    )


def _of(failures: Sequence[Failure], code: str) -> list[Failure]:
    return [one for one in failures if one.code == code]


def _served(member: Member | None) -> bool:
    return member is not None and member.first_seat is not None
