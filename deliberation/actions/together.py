"""Several circles: one question before each of them, and the double link to a wider one."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from deliberation import rules
from deliberation.actions.circles import add_voices
from deliberation.actions.proposing import bring_in, obstacles_to_propose
from deliberation.actions.time import on_circle
from deliberation.models import Carrying, Circle, Combined, Proposal, Voice
from deliberation.writing import record
from moves.core import refuse_if_any


@transaction.atomic
def combine(
    proposals: Sequence[Proposal], *, subject_kind: str, subject_id: str, now: datetime
) -> Combined:
    """Make one question of proposals before several circles; each answers for itself.

    ValueError unless they are of two circles at least, one each, open and not combined yet.
    """
    if len({one.circle_id for one in proposals}) != len(proposals) or len(proposals) < 2:
        raise ValueError("Combined are proposals of several circles, one of each.")
    made = Combined.objects.create(subject_kind=subject_kind, subject_id=subject_id, at=now)
    for proposal in sorted(proposals, key=lambda one: str(one.circle_id)):
        with on_circle(proposal.circle_id, now=now) as circle:
            fresh = Proposal.objects.get(pk=proposal.pk)
            if fresh.outcome or fresh.combined_id is not None:
                raise ValueError("Only open proposals are combined, and only once.")
            fresh.combined = made
            fresh.save(update_fields=["combined"])
            record(circle, "proposal_combined", by=None, now=now, proposal=str(fresh.pk))
    return made


def combined_outcome(question: Combined) -> str:
    """Return ``adopted`` when every circle adopted, ``not_adopted`` when one did not, "" before."""
    return rules.combined(list(question.proposals.values_list("outcome", flat=True)))


@transaction.atomic
def carry(proposal: Proposal, *, to: Circle, one: Voice, other: Voice, now: datetime) -> Carrying:
    """Bring a circle's proposal before a wider circle by two of its own, chosen by the circle.

    The first of the two speaks for it there. Both have a voice in the wider circle until the
    answer comes back, unless they had one before. ValueError unless the proposal is decided, the
    two are different, belong to its circle, and the circles differ.
    """
    belong = proposal.circle.voices.live(now).filter(pk__in=[one.pk, other.pk]).count() == 2
    if not belong or to.pk == proposal.circle_id or not proposal.outcome:
        raise ValueError("Two with a voice carry a decided proposal to another circle.")
    add_voices(to, [one.person_id, other.person_id], now=now)
    with on_circle(to.pk, now=now) as wider:
        refuse_if_any(obstacles_to_propose(wider, now))
        voice = wider.voices.live(now).get(person=one.person_id)
        answer = bring_in(wider, voice, text=proposal.text, by=one.person, now=now)
        record(wider, "proposal_carried", by=None, now=now, proposal=str(answer.pk))
        return Carrying.objects.create(
            proposal=proposal, one=one, other=other, answer=answer, at=now
        )
