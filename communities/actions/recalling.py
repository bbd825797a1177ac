"""Recall: the members take an office, or a mediator's licence, from who abuses it.

The person is heard first: their word stands beside the proposal, and they have no voice on it.
What is adopted counts at once.
"""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q

from communities import rules, saying
from communities.actions import asking
from communities.models import Community, Membership, Question
from communities.querysets import QuestionQuerySet
from communities.writing import (
    day,
    is_member,
    on_community,
    on_question,
    record,
    require,
    tell_people,
)
from moves.core import Obstacle, refuse_if_any
from moves.machine import move
from people.models import Licence, Person


def office_holders(
    community: Community, today: date, *, among: Collection[Any] | None = None
) -> list[tuple[str, Person]]:
    """Return (office, person) of everybody who could be recalled here.

    ``among`` leaves out everybody but these people, by their ids, and the coordinators.
    """
    places = community.memberships.live(today).select_related("person").order_by("pk")
    if among is not None:
        places = places.filter(Q(role=Membership.Role.COORDINATOR) | Q(person__in=among))
    held = [(one.role, one.person) for one in places if one.role in rules.OFFICES]
    belong = {one.person_id: one.person for one in places}
    licensed = Licence.objects.live(today).filter(person__in=belong)
    mediators = set(licensed.values_list("person_id", flat=True))
    held += [("mediator", person) for pk, person in belong.items() if pk in mediators]
    seen: dict[tuple[str, str], Person] = {}
    for office, person in held:
        seen.setdefault((office, str(person.pk)), person)
    return [(office, person) for (office, _pk), person in seen.items()]


def could_recall(community: Community, by: Person, today: date) -> list[tuple[str, Person]]:
    """Return whom this person could ask to recall: everybody in office but themselves."""
    return [one for one in office_holders(community, today) if one[1].pk != by.pk]


def _holder(community: Community, whom: str, by: Person, today: date) -> tuple[str, Person]:
    """Return (office, person) that a form named as ``office:id``. Hidden for anybody else."""
    found = {
        f"{office}:{one.pk}": (office, one) for office, one in could_recall(community, by, today)
    }
    require(whom in found)
    return found[whom]


def free_to_recall(community: Community, by: Person, today: date) -> list[tuple[str, Person]]:
    """Return the same, but for those whose recall is asked already."""
    asked = Question.objects.open().filter(community=community, kind=Question.Kind.RECALL)
    there = set(asked.values_list("office", "person_id"))
    held = could_recall(community, by, today)
    return [(office, one) for office, one in held if (office, one.pk) not in there]


def obstacles_to_propose(community: Community, by: Person, now: datetime) -> list[Obstacle]:
    """Return why nobody's recall can be proposed: too few to decide, or all are asked already."""
    few = obstacles_to_recall(community, now)
    return few or rules.obstacles_if_asked(not free_to_recall(community, by, day(now)))


def obstacles_to_recall(community: Community, now: datetime) -> list[Obstacle]:
    return asking.obstacles_to_put(community, Question.Kind.RECALL, day(now))


def _already(community: Community, office: str, person: Person) -> list[Obstacle]:
    same = Question.objects.same(community, "recall", office=office, person=person)
    return rules.obstacles_if_asked(same.exists())


def propose_recall(
    community: Community, *, by: Person, now: datetime, whom: str, reason: str
) -> Question:
    """Propose, as a member, to recall somebody; they are asked for their word first."""
    with on_community(community) as community:
        today = day(now)
        require(is_member(by, community, today))
        office, person = _holder(community, whom, by, today)
        refuse_if_any([*obstacles_to_recall(community, now), *_already(community, office, person)])
        days = community.charter_now().charter.hearing_days
        question = asking.bring(
            community, "recall", by=by, now=now, state="hearing", office=office, person=person,
            deadline=now + timedelta(days=days),
        )  # fmt: skip
        question.terms.create(version=1, data={}, reason=reason)
        _ask_for_word(question, now=now)
        return question


def bring_recall(
    community: Community, *, by: Person, now: datetime, whom: str, reason: str
) -> Question:
    """Bring a recall from outside: by somebody who has or had to do with this office.

    A member of the community takes it up, or it lapses after the charter's ``answer_days``. That
    the members decide on the same already, it does not tell: only what one brought oneself.
    """
    with on_community(community) as community:
        today = day(now)
        office, person = _holder(community, whom, by, today)
        own = brought_by(by).open().filter(community=community, office=office, person=person)
        refuse_if_any(rules.obstacles_if_asked(own.exists()))
        days = community.charter_now().charter.answer_days
        question = asking.bring(
            community, "recall", by=by, now=now, state="brought", author=None, office=office,
            person=person, deadline=now + timedelta(days=days),
        )  # fmt: skip
        question.terms.create(version=1, data={}, reason=reason)
        members = asking.people_asked(community, today, without=person.pk)
        tell_people(members, "recall_brought", key=f"brought:{question.pk}", now=now)
        return question


def brought_by(person: Person) -> QuestionQuerySet:
    """Return the recalls that this person brought from outside, taken up or not."""
    found = Question.objects.filter(kind=Question.Kind.RECALL, by=person)
    return found.exclude(author=person)


def obstacles_to_take_up(question: Question, now: datetime) -> list[Obstacle]:
    """Return why what somebody brought cannot be taken up: too few, or the same is decided now."""
    assert question.person is not None
    same = Question.objects.same(
        question.community, "recall", office=question.office, person=question.person
    )
    taken_up = same.exclude(state=Question.State.BROUGHT).exists()
    few = obstacles_to_recall(question.community, now)
    return few or rules.obstacles_if_asked(taken_up)


def may_take_up(question: Question, person: Person, today: date) -> bool:
    """Say whether this member could bring in what somebody from outside said."""
    brought = question.state == Question.State.BROUGHT
    return (
        brought and person.pk != question.person_id and is_member(person, question.community, today)
    )


def take_up_recall(question: Question, *, by: Person, now: datetime) -> Question:
    """Bring in, as a member, what somebody from outside said. The person is heard first."""
    with on_question(question) as question:
        require(may_take_up(question, by, day(now)))
        refuse_if_any(obstacles_to_take_up(question, now))
        days = question.community.charter_now().charter.hearing_days
        question.author, question.deadline = by, now + timedelta(days=days)
        move(question, "take_up", also=["author", "deadline"])
        record(question.community, "recall_taken_up", by=by, now=now, question=str(question.pk))
        _ask_for_word(question, now=now)
        return question


def _ask_for_word(question: Question, *, now: datetime) -> None:
    tell_people([question.person_id], "please_be_heard", key=f"word:{question.pk}", now=now)


def is_heard(question: Question, person: Person) -> bool:
    """Say whether it is this person's to say their word now."""
    return question.state == Question.State.HEARING and question.person_id == person.pk


def be_heard(question: Question, *, by: Person, now: datetime, word: str) -> Question:
    """Say one's word on one's own recall, or that one says nothing; the members decide then."""
    with on_question(question) as question:
        require(is_heard(question, by))
        question.word, question.word_at = word, now
        question.save(update_fields=["word", "word_at"])
        record(question.community, "person_heard", by=by, now=now, question=str(question.pk))
        put(question, now=now)
        return question


def put(question: Question, *, now: datetime) -> None:
    """Put a recall before the members; where too few are left to decide, it lapses."""
    today = day(now)
    few = asking.obstacles_to_put(
        question.community, question.kind, today, without=question.person_id
    )
    if few:
        asking.end(question, "lapse", "question_lapsed", by=None, now=now)
        return
    assert question.person is not None
    reason = question.terms.get(version=1).reason
    text = saying.of_recall(question.person.name, question.office, reason)
    asking.put_before(question, text=text, now=now)


def end_office(question: Question, *, at: datetime) -> None:
    """End what was recalled, at once: the office, or every licence to mediate.

    A place counts through its last day, so it ends the day before; one that began the same day
    never lasted a day, and only the record tells of it.
    """
    community, person, today = question.community, question.person, day(at)
    assert person is not None
    if question.office == "mediator":
        valid = Licence.objects.filter(person=person, until__gte=today)
        valid.filter(recalled_on=None).update(recalled_on=today)
    else:
        last = rules.last_day_before(today)
        held = Membership.objects.filter(
            Q(until__gte=today), community=community, person=person, role=question.office
        )
        held.filter(from_on__gt=last).delete()
        held.update(until=last, recalled_on=today)
    record(community, "office_recalled", by=None, now=at, question=str(question.pk))
    tell_people([person.pk], "office_recalled", key=f"recalled:{question.pk}", now=at)
