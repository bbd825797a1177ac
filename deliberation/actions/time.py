"""What time alone causes in circles, and the lock under which everything else happens.

Every action first does what was due, each step at the moment it was due. So it makes no
difference whether ``tick`` came between, came late, or came twice.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db import transaction

from deliberation.actions import ballots, rounds
from deliberation.models import (
    Ballot,
    ByConsent,
    BySupermajority,
    Circle,
    Holder,
    Proposal,
    Voice,
)
from deliberation.writing import Process, locked_circle, process_of, require, voice_of
from people.models import Person


@dataclass
class Scene:
    """A proposal, its circle locked and up to date, and who is acting there at a moment.

    What several moves ask about is asked once: so a list of them costs as much for thirty
    objections or concerns as for one. A scene is made anew for every action and every page.
    """

    circle: Circle
    proposal: Proposal
    process: Any
    voice: Voice | None
    guides: bool
    at: datetime

    @property
    def me(self) -> Voice:
        """The voice of who acts; Hidden where they have none."""
        require(self.voice is not None)
        assert self.voice is not None
        return self.voice

    @cached_property
    def text(self) -> str:
        """The words of the proposal as they stand."""
        return self.proposal.text

    @cached_property
    def voices_that_count(self) -> int:
        """How many voices of the circle count at this moment."""
        return self.circle.voices.counting(self.at).count()

    @cached_property
    def heard_ballot(self) -> Ballot | None:
        """The ballot whose concerns are heard now, None where none are."""
        if not isinstance(self.process, BySupermajority):
            return None
        return ballots.sorted_ballot(self.process)

    @cached_property
    def voted_against(self) -> bool:
        """Whether this voice voted against on the ballot whose concerns are heard now."""
        if self.heard_ballot is None or self.voice is None:
            return False
        return self.heard_ballot.votes.filter(voice=self.voice, in_favour=False).exists()

    @cached_property
    def held(self) -> Holder | None:
        """The place of this voice among those who hold a concern that is heard now."""
        if self.heard_ballot is None or self.voice is None:
            return None
        return self.heard_ballot.holders.filter(voice=self.voice).first()


@contextmanager
def on_circle(pk: Any, *, now: datetime) -> Iterator[Circle]:
    """Lock a circle and do what was due in it."""
    with transaction.atomic():
        circle = locked_circle(pk)
        catch_up(circle, now=now)
        yield circle


@contextmanager
def changing(proposal: Proposal, *, by: Person, now: datetime) -> Iterator[Scene]:
    """Lock the circle, do what was due, and ask again who this is. Hidden for a stranger."""
    with on_circle(proposal.circle_id, now=now) as circle:
        scene = scene_of(proposal, circle, person=by, now=now)
        require(scene.voice is not None or scene.guides)
        yield scene


def scene_of(proposal: Proposal, circle: Circle, *, person: Person, now: datetime) -> Scene:
    """Return a proposal as it stands now, and who this person is there."""
    found = Proposal.objects.select_related("by_consent", "by_supermajority").get(pk=proposal.pk)
    found.circle = circle
    process: Process = process_of(found)
    process.proposal = found
    return Scene(
        circle=circle,
        proposal=found,
        process=process,
        voice=voice_of(circle, person, now),
        guides=circle.guide_id == person.pk,
        at=now,
    )


def _overdue(circle: Circle, now: datetime) -> Process | None:
    """Return the circle's process with the earliest deadline that has come, None without."""
    by_consent = circle.method == Circle.Method.CONSENT
    model: Any = ByConsent if by_consent else BySupermajority
    due = model.objects.filter(proposal__circle=circle, deadline__lte=now)
    found: Process | None = due.select_related("proposal").order_by("deadline", "pk").first()
    if found is not None:
        found.proposal.circle = circle
    return found


def catch_up(circle: Circle, *, now: datetime) -> int:
    """Do what was due in a locked circle, in the order it was due; return how many steps."""
    steps = 0
    while (process := _overdue(circle, now)) is not None:
        assert process.deadline is not None
        if isinstance(process, ByConsent):
            rounds.stage_over(process, at=process.deadline)
        else:
            ballots.stage_over(process, at=process.deadline)
        steps += 1
    return steps


def bring_up_to_date(pk: Any, *, now: datetime) -> int:
    """Do what was due in one circle, taking its lock only where something was."""
    circle = Circle.objects.get(pk=pk)
    if _overdue(circle, now) is None:
        return 0
    with transaction.atomic():
        return catch_up(locked_circle(pk), now=now)


def due(now: datetime) -> dict[str, int]:
    """Do what is due in every circle and return how many stages ended.

    Afterwards each app asks ``Proposal.objects.for_owner`` what became of its own.
    """
    waiting: set[Any] = set()
    for model in (ByConsent, BySupermajority):
        overdue = model.objects.filter(deadline__lte=now)
        waiting.update(overdue.values_list("proposal__circle_id", flat=True))
    done = sum(bring_up_to_date(pk, now=now) for pk in sorted(waiting))
    return {"stages_ended": done}
