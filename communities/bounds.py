"""What each rule of a charter may be, and how it is read as it is typed. Pure.

The bounds are our own choice unless ``docs/charter.md`` names a source. They keep a community
from breaking itself by a slip of the pen; they say nothing of what is wise.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from communities.charter import Charter

LONGEST_TEXT = 2000
SLUG = re.compile(r"[-a-zA-Z0-9_]*")
YES, NO = ("yes", "on", "1", "sí", "si", "نعم"), ("no", "off", "0", "لا")


@dataclass(frozen=True)
class Bounds:
    """The kind of a rule's value: ``number`` (with least and most), ``switch``, ``choice``,
    ``slug``, ``text`` or ``quotas``."""

    kind: str
    least: int = 0
    most: int = 0
    choices: tuple[str, ...] = ()


def _number(least: int, most: int) -> Bounds:
    return Bounds("number", least, most)


DAYS, MONTHS = _number(1, 366), _number(1, 60)

BOUNDS: Mapping[str, Bounds] = {
    "council_size": _number(3, 7),
    "council_quorum": _number(3, 7),
    "council_youngest": _number(18, 99),
    "quotas": Bounds("quotas"),
    "one_per_household": Bounds("switch"),
    "pool_least_times": _number(1, 100),
    "partner": Bounds("slug"),
    "most_seats": _number(0, 100),
    "ties_days": DAYS,
    "beacon_minutes": _number(1, 10_080),
    "reveal_hours": _number(1, 168),
    "pool_trial_months": _number(0, 60),
    "pool_term_months": MONTHS,
    "rest_after_seat_days": _number(0, 3660),
    # No office without an end, and none for longer than two years (principle 4).
    "office_term_months": _number(1, 24),
    "office_terms_running": _number(1, 5),
    "accept_seat_days": DAYS,
    "challenge_working_days": DAYS,
    "mediation_days": DAYS,
    "mediation_extension_days": _number(0, 366),
    "cooling_off_days": DAYS,
    "screening_days": DAYS,
    "offer_days": DAYS,
    "freeze_days": DAYS,
    "council_days": DAYS,
    "words_days": DAYS,
    "plan_months": MONTHS,
    "placement_days": DAYS,
    "review_days": DAYS,
    "interim_days": DAYS,
    "wish_days": DAYS,
    "guest_days": DAYS,
    "appeal_working_days": DAYS,
    "licence_months": MONTHS,
    "decision_method": Bounds("choice", choices=("consent", "supermajority")),
    "integration_rounds": _number(1, 10),
    "council_round_hours": _number(1, 336),
    "keep_closed_months": _number(1, 240),
    "smallest_group": _number(2, 100),
    "algorithmic_proposals": Bounds("switch"),
    "adviser": Bounds("slug"),
    "share_outcomes": Bounds("switch"),
    "warning_days": DAYS,
    "decide_days": DAYS,
    "answer_days": DAYS,
    "question_days": DAYS,
    "ask_again_days": DAYS,
    "round_days": _number(1, 60),
    # Never none: a decision by two thirds against a third can be contended.
    "contention_days": _number(1, 366),
    "consent_most_voices": _number(3, 12),
    "hearing_days": _number(1, 60),
    "term_warning_days": DAYS,
    # Longer, and a case could wait for its coordinator about as long as for a council.
    "absence_days": _number(0, 42),
    "absence_notice_days": _number(7, 366),
    "absence_apart_days": _number(28, 366),
    "danger_now": Bounds("text"),
}


def read(rule: str, typed: str) -> Any:
    """Return the value of a rule as it was typed. ValueError where it is none."""
    bounds, typed = BOUNDS[rule], typed.strip()
    if bounds.kind == "number":
        value = int(typed) if typed.isascii() and typed.isdigit() else None
        if value is None or not bounds.least <= value <= bounds.most:
            raise ValueError(typed)
        return value
    if bounds.kind == "switch":
        if typed.lower() not in (*YES, *NO):
            raise ValueError(typed)
        return typed.lower() in YES
    if bounds.kind == "choice" and typed not in bounds.choices:
        raise ValueError(typed)
    if bounds.kind == "slug" and not SLUG.fullmatch(typed):
        raise ValueError(typed)
    if bounds.kind == "quotas":
        return [_quota(line) for line in typed.splitlines() if line.strip()]
    if len(typed) > LONGEST_TEXT:
        raise ValueError(typed)
    return typed


def _quota(line: str) -> list[Any]:
    """Read one line: feature, value, least, most."""
    said = [part.strip() for part in line.split(",")]
    if len(said) != 4 or not all(said):
        raise ValueError(line)
    least, most = int(said[2]), int(said[3])
    if not 0 <= least <= most:
        raise ValueError(line)
    return [said[0], said[1], least, most]


def typed_as(rule: str, value: Any) -> str:
    """Return a value as it would be typed: ``read`` gives it back."""
    kind = BOUNDS[rule].kind
    if kind == "switch":
        return "yes" if value else "no"
    if kind == "quotas":
        return "\n".join(", ".join(map(str, one)) for one in value)
    return str(value)


def misfits(rules: Mapping[str, Any]) -> list[str]:
    """Return the rules that do not fit one another in a charter, none where it is whole."""
    charter = Charter.of(dict(rules))
    found = []
    if charter.council_quorum > charter.council_size:
        found += ["council_quorum", "council_size"]
    if any(least > charter.council_size for _feature, _value, least, _most in charter.quotas):
        found.append("quotas")
    return found


def every_rule() -> list[str]:
    """Return the rules in the order of the charter."""
    return [one.name for one in fields(Charter)]
