"""What every action around a circle does around its few lines: the lock, one event, notices.

Events go to the circle's own chain, of the kind ``circle``: that something happened, when and in
which round, never what was said or which position was taken. The app that owns the subject locks
it first, wraps the action in its own transaction and records the outcome in its own chain.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from deliberation.models import ByConsent, BySupermajority, Circle, Proposal, Voice
from moves.core import Hidden
from notices.actions import tell_many
from people.models import Person
from records.actions import append

CHAIN = "circle"
Process = ByConsent | BySupermajority


def require(condition: bool) -> None:
    """Raise Hidden unless this is the person's business at this moment."""
    if not condition:
        raise Hidden


def locked_circle(pk: Any) -> Circle:
    """Return a circle, locked; only inside a transaction. Its proposals are locked with it."""
    return Circle.objects.select_for_update(of=("self",)).get(pk=pk)


def process_of(proposal: Proposal) -> Process:
    """Return the machine that moves a proposal."""
    if proposal.circle.method == Circle.Method.CONSENT:
        return proposal.by_consent
    return proposal.by_supermajority


def voice_of(circle: Circle, person: Person, now: datetime) -> Voice | None:
    """Return this person's voice in a circle, None where they have none now."""
    return circle.voices.live(now).filter(person=person).first()


def record(
    circle: Circle, code: str, *, by: Person | None, now: datetime, **data: str | int
) -> None:
    """Append an event to the circle's chain: references and counts, never words."""
    append(CHAIN, str(circle.pk), code, by=str(by.pk) if by else "", at=now, data=data)


def tell_voices(
    circle: Circle, code: str, *, key: str, now: datetime, voices: Iterable[Any] | None = None
) -> None:
    """Tell everybody with a voice now, or the people of these voices, by the voices' ids."""
    found = circle.voices.live(now)
    if voices is not None:
        found = found.filter(pk__in=voices)
    people = found.values_list("person_id", flat=True)
    where = {"page": circle.page} if circle.page else {}
    key = f"{circle.pk}:{key}"
    tell_many(people, code, reference=circle.reference, key=key, now=now, **where)
