"""Elections: somebody is proposed for an office that ends, and the members decide."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from communities import rules, saying
from communities.actions import asking
from communities.charter import months_after
from communities.models import Community, Membership, Question
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
from people.models import Person


def terms_held(community: Community, person: Person, office: str) -> list[rules.Term]:
    """Return every term of this office that this person holds or held here."""
    held = community.memberships.filter(person=person, role=office).exclude(until=None)
    return [
        rules.Term(from_on, until) for from_on, until in held.values_list("from_on", "until")
        if until is not None
    ]  # fmt: skip


def obstacles_to_stand(
    community: Community, person: Person, office: str, now: datetime
) -> list[Obstacle]:
    """Return why this person cannot be elected to this office now."""
    charter, today = community.charter_now().charter, day(now)
    terms = terms_held(community, person, office)
    same = Question.objects.same(community, "election", office=office, person=person)
    return [
        *rules.obstacles_to_stand(
            terms, months=charter.office_term_months, most=charter.office_terms_running,
            on=rules.term_begins(terms, on=today),
        ),
        *rules.obstacles_if_asked(same.exists()),
    ]  # fmt: skip


def obstacles_to_stand_at_all(
    community: Community, person: Person, now: datetime
) -> list[Obstacle]:
    """Return why there is no office this person could stand for: what keeps them from the last."""
    few = obstacles_to_propose(community, now)
    if few:
        return few
    blocked = [obstacles_to_stand(community, person, one, now) for one in rules.ELECTED]
    return blocked[0] if all(blocked) else []


def obstacles_to_propose(community: Community, now: datetime) -> list[Obstacle]:
    """Return why nobody can be proposed: too few to decide."""
    return asking.obstacles_to_put(community, Question.Kind.ELECTION, day(now))


def open_offices(community: Community, person: Person, now: datetime) -> list[str]:
    """Return the offices this person could be elected to now."""
    return [one for one in rules.ELECTED if not obstacles_to_stand(community, person, one, now)]


def stand_for_office(
    community: Community, *, by: Person, now: datetime, office: str, months: int, reason: str
) -> Question:
    """Propose oneself for an office."""
    return _propose(community, by, by=by, now=now, office=office, months=months, reason=reason)


def propose_for_office(
    community: Community,
    *,
    by: Person,
    now: datetime,
    person: Person,
    office: str,
    months: int,
    reason: str,
) -> Question:
    """Propose another member for an office; they are asked first."""
    return _propose(community, person, by=by, now=now, office=office, months=months, reason=reason)


def _propose(
    community: Community,
    person: Person,
    *,
    by: Person,
    now: datetime,
    office: str,
    months: int,
    reason: str,
) -> Question:
    with on_community(community) as community:
        today, charter = day(now), community.charter_now().charter
        require(is_member(by, community, today) and is_member(person, community, today))
        require(office in rules.ELECTED and 1 <= months <= charter.office_term_months)
        refuse_if_any(asking.obstacles_to_put(community, Question.Kind.ELECTION, today))
        refuse_if_any(obstacles_to_stand(community, person, office, now))
        question = asking.bring(
            community, "election", by=by, now=now, office=office, person=person,
            deadline=now + timedelta(days=charter.answer_days),
        )  # fmt: skip
        question.terms.create(version=1, data={"months": months}, reason=reason)
        if person.pk == by.pk:
            _put(question, now=now)
        else:
            tell_people([person.pk], "please_stand", key=f"stand:{question.pk}", now=now)
        return question


def _put(question: Question, *, now: datetime) -> None:
    terms = question.terms.get(version=1)
    assert question.person is not None
    text = saying.of_election(
        question.person.name, question.office, terms.data["months"], terms.reason
    )
    asking.put_before(question, text=text, now=now)


def is_asked(question: Question, person: Person) -> bool:
    """Say whether this person is asked whether they would."""
    return question.state == Question.State.ASKED and question.person_id == person.pk


def obstacles_to_accept(question: Question, now: datetime) -> list[Obstacle]:
    """Return why it cannot come before the members any more."""
    return asking.obstacles_to_put(question.community, question.kind, day(now))


def accept_nomination(question: Question, *, by: Person, now: datetime) -> Question:
    """Say that one would; it comes before the members at once."""
    with on_question(question) as question:
        require(is_asked(question, by) and question.kind == Question.Kind.ELECTION)
        refuse_if_any(obstacles_to_accept(question, now))
        _put(question, now=now)
        return question


def decline_nomination(question: Question, *, by: Person, now: datetime) -> Question:
    """Say no, without a reason. Nobody but who proposed it is told."""
    with on_question(question) as question:
        require(is_asked(question, by))
        asking.end(question, "lapse", "nomination_declined", by=by, now=now)
        tell_people([question.by_id], "said_no", key=f"no:{question.pk}", now=now)
        return question


def take_office(question: Question, data: Mapping[str, Any], *, at: datetime) -> Membership | None:
    """Give the office to who was elected, from the day it was decided, until its end.

    After a term that still runs: from the day after it. None where they belong here no more.
    """
    community, person = question.community, question.person
    assert person is not None
    if not is_member(person, community, day(at)):
        return None
    terms = terms_held(community, person, question.office)
    begins = rules.term_begins(terms, on=day(at))
    made = community.memberships.create(
        person=person, role=question.office, from_on=begins,
        until=months_after(begins, data["months"]),
    )  # fmt: skip
    record(community, "office_given", by=None, now=at, membership=str(made.pk))
    tell_people([person.pk], "office_given", key=f"office:{made.pk}", now=at)
    return made
