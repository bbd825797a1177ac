"""A plan as a picture: how far it has come, and its promises in time."""

from dataclasses import dataclass
from datetime import date

from agreements.models import Agreement
from moves.days import in_words


@dataclass(frozen=True)
class Mark:
    """One promise on the strip of time: ``x`` from 0 to 100, from the plan's first to last day."""

    x: int
    label: str
    status: str


@dataclass(frozen=True)
class Plan:
    """How far a plan in force has come, and its promises in time."""

    kept: int
    total: int
    strip: list[Mark]


FOLLOWED = ("in_force", "fulfilled", "broken")
STATUS = {"kept": "kept", "missed": "overdue", "disputed": "needs-you"}


def plan_of(agreement: Agreement, today: date) -> Plan | None:
    """Return the picture of a plan; None for an agreement that is not, or was never, in force."""
    promises = [one for one in agreement.commitments.all() if one.state != "waived"]
    if agreement.state not in FOLLOWED or not promises:
        return None
    dated = sorted((one.due_on, one.number, one) for one in promises if one.due_on)
    first = agreement.in_force_on or today
    span = max((dated[-1][0] - first).days, 1) if dated else 1
    return Plan(
        kept=sum(one.state == "kept" for one in promises),
        total=len(promises),
        strip=[
            Mark(
                x=4 + round(92 * max(0, (due_on - first).days) / span),
                label=f"{number}. {in_words(due_on, today)}: {one.get_state_display()}",
                status=STATUS.get(one.state, "waiting"),
            )
            for due_on, number, one in dated
        ],
    )
