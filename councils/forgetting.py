"""What is forgotten of the councils of a case.

A draw stays public, as it was published: it names nobody. What stands behind its tokens goes,
so that a token can no longer be traced to anybody by what it was made of. The row keeps whose
it was, because a seat counts for its member's rest and for most seats in a life, whatever the
case was; the case itself is empty by then.

What a council found and decided stays as a figure: its kind, its days and what came of it. What
was said on the way, by whom, and how each member stood go whole.
"""

from collections.abc import Collection, Mapping
from uuid import UUID

from cases.models import Case
from councils.actions.table import RECALL as OF_A_RECALL
from councils.actions.table import SUBJECT as OF_A_COUNCIL
from councils.models import (
    Appeal,
    Challenge,
    ChallengeAnswer,
    Contribution,
    Council,
    Decision,
    Draw,
    Finding,
    Hearing,
    Invitation,
    PacketItem,
    PlanChange,
    PlannedPromise,
    PoolPlace,
    Recall,
    RosterEntry,
    SafetyFinding,
    Seat,
    Sharing,
    SharingWord,
    Word,
)
from deliberation.forgetting import forget_circles
from deliberation.models import Circle
from people.forgetting import nobody
from people.models import Person


def people_of_the_pool(people: Collection[UUID]) -> set[UUID]:
    """Return who of these people has or had a place in a pool, or a seat."""
    places = PoolPlace.objects.filter(person__in=people).values_list("person_id", flat=True)
    seats = Seat.objects.filter(person__in=people).values_list("person_id", flat=True)
    return {*places, *seats}


def forget(case: Case, nobodies: Mapping[UUID, Person]) -> None:
    """Empty the words around a locked case's councils, and what its draws' tokens are made of."""
    challenges = Challenge.objects.filter(seat__council__case=case)
    ChallengeAnswer.objects.filter(challenge__in=challenges).update(reason="")
    challenges.update(reason="")
    Draw.objects.filter(council__case=case).update(relaxed_because="", witnesses="")
    RosterEntry.objects.filter(draw__council__case=case).update(
        salt="", described="", why_not="", household=""
    )
    given = Contribution.objects.filter(draw__council__case=case)
    for pk, instead in nobodies.items():
        given.filter(person_id=pk).update(person=instead)
    _forget_heard(case)
    _forget_decided(case)
    _forget_said(case)


def _forget_heard(case: Case) -> None:
    """Empty what the councils of a case read and heard; that they did, and when, stays.

    What was written and who answered what goes whole. It goes before the notes of the talks, of
    which some were asked to be shared.
    """
    Word.objects.filter(council__case=case).delete()
    SharingWord.objects.filter(sharing__case=case).delete()
    Sharing.objects.filter(case=case).delete()
    PacketItem.objects.filter(packet__council__case=case).update(text="")
    hearings = Hearing.objects.filter(council__case=case)
    hearings.update(place="")
    Invitation.objects.filter(hearing__in=hearings).update(
        needs="", with_interpreter=False, with_supporter=False
    )


def _forget_decided(case: Case) -> None:
    """Empty what the councils of a case found and decided, and why somebody appealed."""
    decisions = Decision.objects.filter(council__case=case)
    # It hangs on an amendment, which goes with the circle.
    PlanChange.objects.filter(decision__in=decisions).delete()
    Finding.objects.filter(council__case=case).update(grounds="")
    decisions.update(account="", proportion_reason="", support="")
    PlannedPromise.objects.filter(decision__in=decisions).update(what="", if_missed="")
    SafetyFinding.objects.filter(decision__in=decisions).update(
        threat="", alternatives="", limits="", aims=""
    )
    Appeal.objects.filter(decision__in=decisions).update(words="")
    recalls = Recall.objects.filter(seat__council__case=case)
    recalls.update(reason="", word="")
    if recalls.exists():
        # Who accused a member, a party perhaps, is read nowhere any more.
        recalls.update(by=nobody())


def _forget_said(case: Case) -> None:
    """Empty the circles in which the councils of a case deliberated, and decided on recalls."""
    councils = Council.objects.filter(case=case).values_list("pk", flat=True)
    recalls = Recall.objects.filter(seat__council__case=case).values_list("pk", flat=True)
    for kind, ids in ((OF_A_COUNCIL, councils), (OF_A_RECALL, recalls)):
        subjects = [str(pk) for pk in ids]
        forget_circles(Circle.objects.filter(subject_kind=kind, subject_id__in=subjects))
