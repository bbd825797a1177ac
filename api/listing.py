"""The list of a person's cases by the API, a page at a time."""

import base64
import binascii
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from api.forms import Mistyped
from api.seeing import url_of
from cases.models import Case
from people.models import Person

PAGE = 50


def case_in_list(case: Case) -> dict[str, Any]:
    return {
        "reference": case.reference,
        "state": case.state,
        "title": case.title,
        "opened_on": case.opened_on.isoformat(),
        "url": url_of("case", case.reference),
    }


def _cursor_after(case: Case) -> str:
    raw = f"{case.opened_on.isoformat()} {case.reference}".encode()
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _read_cursor(cursor: str) -> tuple[date, str]:
    try:
        raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        day, reference = raw.decode("ascii").split(" ")
        if not reference.replace("-", "").isalnum():
            raise ValueError(reference)
        return date.fromisoformat(day), reference
    except (ValueError, binascii.Error):
        raise Mistyped({"cursor": ["Use the cursor of an answer's next."]}) from None


def list_cases(person: Person, *, state: str, cursor: str, today: date) -> dict[str, Any]:
    """Return one page of the cases this person may open, newest first, and the next page.

    Two indexed sets, held and steered, are each read in order and merged here; one query
    with OR over both would read every case. Raises Mistyped for a bad state or cursor.
    """
    if state and state not in Case.State.values:
        raise Mistyped({"state": [f"One of: {', '.join(Case.State.values)}."]})
    after = _read_cursor(cursor) if cursor else None

    def page_of(cases: QuerySet[Case]) -> list[Case]:
        if state:
            cases = cases.filter(state=state)
        if after:
            day, reference = after
            cases = cases.filter(Q(opened_on__lt=day) | Q(opened_on=day, reference__gt=reference))
        return list(cases.order_by("-opened_on", "reference")[: PAGE + 1])

    held = page_of(Case.objects.held_by(person, today=today))
    steered = page_of(Case.objects.steered_by(person, today=today))
    merged = {case.pk: case for case in [*held, *steered]}.values()
    cases = sorted(merged, key=lambda case: (-case.opened_on.toordinal(), case.reference))
    return {
        "items": [case_in_list(case) for case in cases[:PAGE]],
        "next": _cursor_after(cases[PAGE - 1]) if len(cases) > PAGE else None,
    }
