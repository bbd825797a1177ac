"""What is forgotten of the placements of a case: all words. States, days and counts stay.

Who wrote for the house lives on there; their name in what was written of a forgotten case is
taken out. A house and the rules it adopted are the community's, and stay. What its assembly said
and wrote, and what a visitor wrote of the whole house, speak of everybody who lived there then:
they go with the last case of those.
"""

from collections.abc import Collection, Mapping
from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from cases.models import Case
from cases.writing import day
from deliberation.forgetting import forget_circles, forget_proposals, forget_texts, forget_voices
from deliberation.models import Circle, Proposal
from notices.actions import forget_told
from people.models import Person
from rehabilitation.models import (
    CheckIn,
    GuestStay,
    House,
    HouseMeeting,
    HouseOffice,
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
    meetings = SupportMeeting.objects.filter(circle__placement__case=case)
    return found | set(meetings.values_list("by_id", flat=True))


def people_who_went_along(case: Case) -> set[UUID]:
    """Return the ids of who is or was asked to be in a circle of support of this case."""
    members = SupportMember.objects.filter(circle__placement__case=case)
    return set(members.values_list("person_id", flat=True))


def people_of_houses(people: Collection[UUID], case: Case) -> set[UUID]:
    """Return who of these people serves or served in a house, or goes along in another case."""
    offices = HouseOffice.objects.filter(person__in=people).values_list("person_id", flat=True)
    along = SupportMember.objects.filter(
        person__in=people, circle__placement__case__forgotten_on=None
    ).exclude(circle__placement__case=case)
    return {*offices, *along.values_list("person_id", flat=True)}


def forget(case: Case, nobodies: Mapping[UUID, Person]) -> None:
    """Empty everything written around the placements of a locked case."""
    # First what is asked by who lived there: nobody does, once their name is out.
    _forget_house(case, nobodies)
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
    _forget_reviews(Review.objects.filter(**of))
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


def _forget_reviews(reviews: QuerySet[Review]) -> None:
    """Empty the reviews of placements and the circles that decided in them."""
    subjects = [str(pk) for pk in reviews.values_list("pk", flat=True)]
    forget_circles(Circle.objects.filter(subject_kind="review", subject_id__in=subjects))
    reviews.update(packet="", own_word="", supporter="")


# ── What a house said of everybody who lived there ───────────────────────────


def _forget_house(case: Case, nobodies: Mapping[UUID, Person]) -> None:
    """Take a resident out of their house's assembly, and what was said there in their time."""
    placements = Placement.objects.filter(case=case, starts_on__isnull=False)
    for placement in placements.select_related("house", "person"):
        circles = _assemblies(placement.house)
        others = Placement.objects.filter(house=placement.house, case__forgotten_on=None)
        spans = [_span(one) for one in others.exclude(case=case).exclude(starts_on=None)]
        person = placement.person
        if not others.exclude(case=case).filter(person=person).exists():
            forget_voices(circles, person)
            for circle in circles:
                forget_told(person, str(circle.pk))
            if person.pk in nobodies:
                wrote = HouseMeeting.objects.filter(house=placement.house, by=person)
                wrote.update(by=nobodies[person.pk])
        _first, last = _span(placement)
        _forget_until(placement.house, circles, last, spans)


def _assemblies(house: House) -> QuerySet[Circle]:
    return Circle.objects.filter(subject_kind="house", subject_id=str(house.pk))


def _span(placement: Placement) -> tuple[date, date]:
    """Return the first and last day somebody lived in a house, as a guest too."""
    assert placement.starts_on is not None
    ends = [placement.ended_on, placement.guest_until, placement.free_on]
    stays = GuestStay.objects.filter(placement=placement).values_list("until", flat=True)
    return placement.starts_on, max(one for one in (*ends, *stays) if one is not None)


def _forget_until(
    house: House, circles: QuerySet[Circle], last: date, spans: list[tuple[date, date]]
) -> None:
    """Empty what was said in a house until a day, but for the days of who is not forgotten."""

    def over(on: date) -> bool:
        return on <= last and not any(first <= on <= end for first, end in spans)

    meetings = HouseMeeting.objects.filter(house=house).values_list("pk", "held_on")
    gone = [pk for pk, held_on in meetings if over(held_on)]
    HouseMeeting.objects.filter(pk__in=gone).update(minutes="")
    visits = Visit.objects.filter(house=house, placement=None)
    seen = [pk for pk, visited_on in visits.values_list("pk", "visited_on") if over(visited_on)]
    visits.filter(pk__in=seen).update(words="", own_word="")
    decided = Proposal.objects.filter(circle__in=circles, decided_at__isnull=False)
    said = Proposal.objects.filter(
        pk__in=[one.pk for one in decided if one.decided_at and over(day(one.decided_at))]
    )
    forget_proposals(said)
    # What was adopted is a rule or an office of the house, and stays with it.
    forget_texts(said.exclude(outcome=Proposal.Outcome.ADOPTED))
