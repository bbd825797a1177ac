"""What is forgotten of the placements of a case: all words. States, days and counts stay.

A house and its rules are the community's, and stay. Who wrote for the house lives on there; their
name in what was written of a forgotten case is taken out.
"""

from collections.abc import Mapping
from uuid import UUID

from cases.models import Case
from people.models import Person
from rehabilitation.models import (
    CheckIn,
    Incident,
    Measure,
    NewsWish,
    Placement,
    PlacementChallenge,
    Review,
    SupportMeeting,
    SupportMember,
    TransitionPlan,
    Visit,
    Wish,
)


def people_who_wrote(case: Case) -> set[UUID]:
    """Return the ids of who wrote something around a placement of this case."""
    of = {"placement__case": case}
    found: set[UUID] = set()
    for model, field in (
        (CheckIn, "by_id"), (Visit, "by_id"), (Incident, "reported_by_id"),
        (Wish, "answered_by_id"),
    ):  # fmt: skip
        found.update(
            pk for pk in model._base_manager.filter(**of).values_list(field, flat=True) if pk
        )
    return found


def forget(case: Case, nobodies: Mapping[UUID, Person]) -> None:
    """Empty everything written around the placements of a locked case."""
    placements, of = Placement.objects.filter(case=case), {"placement__case": case}
    placements.update(accepted_text="", order_number="", order_by="")
    PlacementChallenge.objects.filter(**of).update(words="", reasons="")
    Measure.objects.filter(**of).update(aim="", offered_by="", reason="", own_word="")
    check_ins, visits = CheckIn.objects.filter(**of), Visit.objects.filter(**of)
    incidents, wishes = Incident.objects.filter(**of), Wish.objects.filter(**of)
    check_ins.update(words="", own_word="")
    visits.update(words="", own_word="")
    incidents.update(house_account="", own_account="")
    wishes.update(words="", answer="")
    Review.objects.filter(**of).update(packet="", own_word="", supporter="")
    TransitionPlan.objects.filter(**of).update(words="", own_word="")
    meetings = SupportMeeting.objects.filter(circle__placement__case=case)
    meetings.update(words="")
    SupportMember.objects.filter(circle__placement__case=case).delete()
    NewsWish.objects.filter(party__case=case).delete()
    for pk, nobody in nobodies.items():
        placements.filter(person_id=pk).update(person=nobody)
        check_ins.filter(by_id=pk).update(by=nobody)
        visits.filter(by_id=pk).update(by=nobody)
        incidents.filter(reported_by_id=pk).update(reported_by=nobody)
        wishes.filter(answered_by_id=pk).update(answered_by=nobody)
        meetings.filter(by_id=pk).update(by=nobody)
