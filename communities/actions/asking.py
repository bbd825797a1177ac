"""A question comes before its circles: everybody with a voice, and by which rules they decide."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse

from communities import rules, saying
from communities.actions.resting import resting_in
from communities.models import Asking, Community, Membership, Question
from communities.writing import SUBJECT, day, moment_of, on_question, record, require
from deliberation import rules as counting
from deliberation.actions import circles, proposing
from deliberation.actions.time import on_circle
from deliberation.models import Circle, Proposal
from deliberation.writing import voice_of
from moves.core import Obstacle
from moves.machine import move
from people.models import Person

HOURS_OF_A_DAY = 24


def bring(
    community: Community,
    kind: str,
    *,
    by: Person,
    now: datetime,
    state: str = "asked",
    **fields: Any,
) -> Question:
    """Write down what somebody brings before a community; the community is locked."""
    question = Question.objects.create(
        community=community, kind=kind, by=by, at=now, state=state,
        **{"author": by, **fields},
    )  # fmt: skip
    record(community, f"{kind}_brought", by=by, now=now, question=str(question.pk))
    return question


def circles_of(question: Question) -> list[Community]:
    """Return the communities before whose members a question is put, each on its own.

    What changes a parent's rules is asked of each community below it; what two carried up is
    answered by all of them in one circle.
    """
    if question.kind == Question.Kind.CARRIED:
        return [question.community]
    return question.community.leaves()


def people_asked(community: Community, today: Any, *, without: Any = None) -> set[Any]:
    """Return the ids of who has a voice, but for the person whom it is about."""
    places = Membership.objects.deciding(today).filter(community__in=community.leaves())
    found = set(places.values_list("person_id", flat=True))
    found.discard(without)
    return found


def obstacles_to_put(
    community: Community, kind: str, today: Any, *, without: Any = None
) -> list[Obstacle]:
    """Return why nothing can be put before this community: too few voices in one of its circles."""
    asked = [community] if kind == Question.Kind.CARRIED else community.leaves()
    for one in asked:
        people = people_asked(one, today, without=without)
        count = len(people) - len(resting_in(one, people, today))
        blocked = counting.obstacles_to_begin(voices=count, quorum=counting.LEAST_VOICES)
        if blocked:
            return blocked
    return []


def open_circle(
    question: Question, community: Community, people: set[Any], *, now: datetime
) -> Circle:
    """Open the circle of one community for a question, by the charter of whose question it is."""
    charter = question.community.charter_now().charter
    method = rules.method_of(
        charter.decision_method, voices=len(people), most=charter.consent_most_voices
    )
    resting = resting_in(community, people, day(now))
    circle = circles.open_circle(
        subject_kind=SUBJECT, subject_id=str(question.pk), aim=saying.aim_of(question.kind),
        people=people, now=now, method=method, resting=resting,
        quorum=counting.default_quorum(method, len(people) - len(resting)),
        round_hours=charter.round_days * HOURS_OF_A_DAY,
        page=reverse("communities:question", args=[community.slug, question.pk]),
        integration_rounds=charter.integration_rounds, contention_days=charter.contention_days,
    )  # fmt: skip
    _end_with_membership(circle, community, people, now=now)
    return circle


def _end_with_membership(
    circle: Circle, community: Community, people: Iterable[Any], *, now: datetime
) -> None:
    """End the voices of those whose last place here ends while it is decided, on that day."""
    lasting = Membership.objects.deciding(day(now)).filter(community__in=community.leaves())
    open_ended = set(lasting.filter(until=None).values_list("person_id", flat=True))
    ends: dict[Any, Any] = {}
    for person, until in lasting.exclude(until=None).values_list("person_id", "until"):
        if until is not None and person not in open_ended and person in people:
            ends[person] = max(until, ends.get(person, until))
    for voice in circle.voices.filter(person__in=ends):
        after = moment_of(ends[voice.person_id] + timedelta(days=1))
        circles.end_voice(voice, now=now, until=after)


def put_before(question: Question, *, text: str, now: datetime) -> list[Asking]:
    """Put a question before its circles, all at this moment; the community is locked.

    In a circle that is not the author's own, their voice is there for this one moment: a proposal
    has an author everywhere, and they have a voice only at home.
    """
    author, today = question.author, day(now)
    assert author is not None
    without = question.person_id if question.kind == Question.Kind.RECALL else None
    put(question)
    made = []
    for community in circles_of(question):
        people = people_asked(community, today, without=without)
        circle = open_circle(question, community, people, now=now)
        proposal = _bring_in(circle, author, people, text=text, now=now)
        made.append(
            Asking.objects.create(question=question, community=community, proposal=proposal)
        )
    record(
        question.community, f"{question.kind}_put", by=author, now=now, question=str(question.pk)
    )
    return made


def put(question: Question) -> None:
    """Let a question wait for nobody any more: it is before the members."""
    question.deadline = None
    move(question, "put", also=["deadline"])


def _bring_in(
    circle: Circle, author: Person, people: set[Any], *, text: str, now: datetime
) -> Proposal:
    guest = author.pk not in people
    if guest:
        circles.add_voices(circle, [author.pk], now=now)
    with on_circle(circle.pk, now=now) as fresh:
        voice = voice_of(fresh, author, now)
        assert voice is not None
        proposal = proposing.bring_in(fresh, voice, text=text, by=author, now=now)
    if circle.method == Circle.Method.CONSENT:
        proposing.begin(proposal, by=author, now=now)
    if guest:
        circles.end_voice(voice, now=now)
    return Proposal.objects.get(pk=proposal.pk)


# ── Taking it back ───────────────────────────────────────────────────────────


def may_withdraw(question: Question, person: Person) -> bool:
    """Say whether this person can take back what waits; in a circle it is a move there."""
    waits = question.state in rules.WAITING_STATES
    return waits and person.pk in (question.by_id, question.author_id)


def withdraw_question(question: Question, *, by: Person, now: datetime) -> Question:
    """Take back what one brought, while it waits for somebody."""
    with on_question(question) as question:
        require(may_withdraw(question, by))
        return end(question, "withdraw", f"{question.kind}_withdrawn", by=by, now=now)


def end(
    question: Question, transition: str, code: str, *, by: Person | None, now: datetime
) -> Question:
    """End a question that waits, with one event."""
    question.ended_at, question.deadline = now, None
    move(question, transition, also=["ended_at", "deadline"])
    record(question.community, code, by=by, now=now, question=str(question.pk))
    return question
