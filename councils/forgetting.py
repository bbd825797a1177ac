"""What is forgotten of the councils of a case.

A draw stays public, as it was published: it names nobody. What stands behind its tokens goes,
so that a token can no longer be traced to anybody by what it was made of. The row keeps whose
it was, because a seat counts for its member's rest and for most seats in a life, whatever the
case was; the case itself is empty by then.
"""

from collections.abc import Collection
from uuid import UUID

from cases.models import Case
from councils.models import (
    Challenge,
    ChallengeAnswer,
    Draw,
    Hearing,
    Invitation,
    PacketItem,
    PoolPlace,
    RosterEntry,
    Seat,
    Sharing,
    SharingWord,
    Word,
)


def people_of_the_pool(people: Collection[UUID]) -> set[UUID]:
    """Return who of these people has or had a place in a pool, or a seat."""
    places = PoolPlace.objects.filter(person__in=people).values_list("person_id", flat=True)
    seats = Seat.objects.filter(person__in=people).values_list("person_id", flat=True)
    return {*places, *seats}


def forget(case: Case) -> None:
    """Empty the words around a locked case's councils, and what its draws' tokens are made of."""
    challenges = Challenge.objects.filter(seat__council__case=case)
    ChallengeAnswer.objects.filter(challenge__in=challenges).update(reason="")
    challenges.update(reason="")
    Draw.objects.filter(council__case=case).update(relaxed_because="", witnesses="")
    RosterEntry.objects.filter(draw__council__case=case).update(
        salt="", described="", why_not="", household=""
    )
    _forget_heard(case)


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
