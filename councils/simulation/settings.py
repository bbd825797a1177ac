"""What a simulation assumes."""

from dataclasses import dataclass

from councils.portfolio import Person, Quota
from councils.rules import PoolRules

RULES = PoolRules(trial_months=3, rest_days=90)


@dataclass(frozen=True, kw_only=True)
class Settings:
    """A community, its rules and its habits. Shares are from 0 to 1; periods as named.

    ``least_times``: how many times the seats must be in the hat, as in the charter.
    ``respondents``: whose features the people have; none: they are made up by the quotas.
    ``seat_days``: the shortest and longest time from a full council to the end of its case.
    ``joins_per_year``: None: as many join as leave, a month later.
    ``parties``: how many of the hat are in each case, and out until it ends.
    ``fast``: panels by walking a random order instead of the fairest portfolio.
    """

    people: int = 150
    cases_per_year: int = 12
    years: int = 3
    size: int = 5
    quotas: tuple[Quota, ...] = ()
    respondents: tuple[Person, ...] = ()
    rules: PoolRules = RULES
    term_months: int = 12
    least_times: int = 3
    accept_days: int = 3
    one_per_household: bool = True
    renew: float = 0.7
    decline: float = 0.25
    conflict: float = 0.05
    seat_days: tuple[int, int] = (60, 240)
    joins_per_year: int | None = None
    parties: int = 2
    fast: bool = False
    seed: int = 1
