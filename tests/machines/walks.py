"""How many random walks a machine takes: fewer on a second database, more when there is time.

``--hypothesis-profile=long`` walks ten times as often, ``short`` a sixth as often and half as far.
"""

from typing import Any

from hypothesis import HealthCheck, settings

TIMES = {"long": 10, "short": 1 / 6}


def in_short() -> bool:
    """Say whether this is the short run beside a longer one, which need not come to everything."""
    return settings.get_current_profile_name() == "short"


def walks(number: int, *, steps: int, derandomize: bool = True, **more: Any) -> settings:
    """Return the settings for so many walks of so many steps, at least two of them."""
    often = TIMES.get(settings.get_current_profile_name(), 1)
    far = steps // 2 if in_short() else steps
    return settings(
        max_examples=max(2, round(number * often)), stateful_step_count=far, deadline=None,
        database=None, derandomize=derandomize, suppress_health_check=list(HealthCheck), **more,
    )  # fmt: skip
