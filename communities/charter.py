"""The rules of a community, as data. Pure.

Where each default comes from: ``docs/charter.md``; the periods are those of programmes
that have published theirs (the Philippine village-justice clock for mediation and
for stepping back, youth panels for the length of a plan).
"""

from calendar import monthrange
from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Any, Self


@dataclass(frozen=True, kw_only=True)
class Charter:
    """One version of a community's rules. Periods are in days unless the name says months."""

    council_size: int = 5
    council_quorum: int = 4
    council_youngest: int = 18
    # [[feature, value, least, most], …]: what a council of this size must hold of each.
    quotas: Any = ()
    one_per_household: bool = True
    # How many times the council's size must be in the hat, before the pool is widened.
    pool_least_times: int = 3
    # The community asked for members when even the parent's pool is too small; a slug, or "".
    partner: str = ""
    most_seats: int = 0
    ties_days: int = 3
    beacon_minutes: int = 60
    reveal_hours: int = 24
    pool_trial_months: int = 3
    pool_term_months: int = 12
    rest_after_seat_days: int = 90
    office_term_months: int = 12
    office_terms_running: int = 2
    accept_seat_days: int = 3
    challenge_working_days: int = 5
    mediation_days: int = 15
    mediation_extension_days: int = 15
    cooling_off_days: int = 10
    screening_days: int = 30
    offer_days: int = 30
    freeze_days: int = 60
    council_days: int = 60
    words_days: int = 5
    plan_months: int = 12
    placement_days: int = 90
    review_days: int = 30
    interim_days: int = 7
    # How long a wish or complaint of a resident may wait, and a stay as a guest lasts.
    wish_days: int = 7
    guest_days: int = 30
    appeal_working_days: int = 5
    licence_months: int = 24
    decision_method: str = "consent"
    integration_rounds: int = 2
    council_round_hours: int = 48
    keep_closed_months: int = 36
    smallest_group: int = 5
    algorithmic_proposals: bool = False
    # Which adviser counts, by its name in the settings.
    adviser: str = "counted"
    # Whether other communities may count the closed cases of this one.
    share_outcomes: bool = False
    warning_days: int = 3
    decide_days: int = 14
    answer_days: int = 14
    question_days: int = 14
    ask_again_days: int = 7
    # How the community itself decides: how long each stage lasts, and how long a decision by two
    # thirds can still be contended.
    round_days: int = 7
    contention_days: int = 30
    # A circle of more voices than this decides by supermajority, whatever decision_method says.
    consent_most_voices: int = 12
    # How long somebody whose recall is proposed has to say their word first.
    hearing_days: int = 7
    term_warning_days: int = 28
    # How long coordinators may step back at once (0: never), how long before it is announced, and
    # how long they are there between two such times.
    absence_days: int = 14
    absence_notice_days: int = 14
    absence_apart_days: int = 90
    danger_now: str = ""

    @classmethod
    def of(cls, data: dict[str, Any]) -> Self:
        """Return the charter these rules make; what is not said is the default."""
        known = {one.name for one in fields(cls)}
        return cls(**{name: value for name, value in data.items() if name in known})

    def as_data(self) -> dict[str, Any]:
        return asdict(self)


def months_after(day: date, months: int) -> date:
    """Return the same day so many months on, or that month's last day where it has none such."""
    year, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + year, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
