"""What a person takes with them of their own placements: everything that was written of them."""

from datetime import date
from typing import Any

from people.models import Person
from rehabilitation.access import Sight
from rehabilitation.models import Placement
from rehabilitation.moves import things_of
from rehabilitation.reading import said_of


def own_placements(person: Person, *, today: date) -> list[dict[str, Any]]:
    """Return a person's own placements with what was written there, as their page shows it."""
    found = Placement.objects.for_resident(person).select_related(
        "house", "decision", "case__charter_version"
    )
    return [
        {
            "house": one.house.name,
            "state": one.get_state_display(),
            "from_on": one.starts_on,
            "until": one.ends_on,
            "ended_on": one.ended_on,
            "said_there": _said(one, today),
        }
        for one in found
    ]


def _said(placement: Placement, today: date) -> list[str]:
    lines = []
    for part in things_of(placement, Sight(resident=True)):
        shown = said_of(part, (), today=today)
        words = [shown.title, shown.note]
        words += [f"{shown.text_by}: {shown.text}" if shown.text else ""]
        words += [f"{shown.own_label}: {shown.own}" if shown.own else ""]
        lines.append(" · ".join(filter(None, words)))
    return lines
