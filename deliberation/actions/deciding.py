"""The end of a proposal, the same for both machines."""

from datetime import datetime

from deliberation.models import Carrying
from deliberation.writing import Process, record, tell_voices
from moves.machine import move
from people.models import Person

OUTCOME_OF = {
    "adopt": "adopted", "deadlock": "deadlocked", "table": "tabled", "withdraw": "withdrawn",
}  # fmt: skip


def decided(
    process: Process, transition: str, why: str, *, by: Person | None, at: datetime
) -> None:
    """Write down what came of a proposal, and tell everybody with a voice."""
    proposal = process.proposal
    process.deadline = None
    move(process, transition, also=["deadline"])
    proposal.outcome, proposal.why, proposal.decided_at = OUTCOME_OF[transition], why, at
    proposal.save(update_fields=["outcome", "why", "decided_at"])
    record(
        proposal.circle, f"proposal_{proposal.outcome}", by=by, now=at,
        proposal=str(proposal.pk), why=why, version=proposal.version,
    )  # fmt: skip
    tell_voices(proposal.circle, f"proposal_{proposal.outcome}", key=str(proposal.pk), now=at)
    _carry_back(process, at=at)


def _carry_back(process: Process, *, at: datetime) -> None:
    """End the voices of the two who carried it here, and tell the circle they came from."""
    found = (
        Carrying.objects.filter(answer=process.proposal_id, back_at=None)
        .select_related("proposal__circle", "one", "other")
        .first()
    )
    if found is None:
        return
    found.back_at = at
    found.save(update_fields=["back_at"])
    # Only the voices that carrying it gave them: somebody may belong to both circles.
    guests = process.proposal.circle.voices.live(at).filter(from_at=found.at)
    guests.filter(person__in=(found.one.person_id, found.other.person_id)).update(until=at)
    home = found.proposal.circle
    record(home, "answer_came_back", by=None, now=at, proposal=str(found.proposal_id))
    tell_voices(home, "answer_came_back", key=f"back:{found.pk}", now=at)
