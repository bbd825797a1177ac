"""The double link: two of a community carry what it could not decide to the wider circle.

The wider circle is everybody with a voice in the community above. Its answer is a word that comes
back; it does not decide in the place of who asked.
"""

from datetime import datetime, timedelta

from communities.actions import asking
from communities.models import Asking, Question
from communities.writing import day, on_community, on_question, record, require, tell_people
from deliberation.actions import proposing
from deliberation.actions.together import carry
from deliberation.models import Circle, Proposal, Voice
from deliberation.writing import voice_of
from moves.core import Obstacle, refuse_if_any
from people.models import Person

UNDECIDED = ("tabled", "deadlocked")


def may_carry(question: Question, proposal: Proposal, person: Person, now: datetime) -> bool:
    """Say whether this person can ask another to carry a proposal up with them: its author.

    When it was tabled or found no consent, there is a wider circle, and it was not carried yet.
    """
    if proposal.outcome not in UNDECIDED or question.community.parent_id is None:
        return False
    if question.kind == Question.Kind.CARRIED or proposal.combined_id is not None:
        return False
    mine = voice_of(proposal.circle, person, now)
    carried = Question.objects.filter(carried=proposal).exclude(state__in=("lapsed", "withdrawn"))
    return mine is not None and mine.pk == proposal.author_id and not carried.exists()


def obstacles_to_carry(question: Question, now: datetime) -> list[Obstacle]:
    """Return why the wider circle cannot be asked: too few belong to it."""
    parent = question.community.parent
    assert parent is not None
    return asking.obstacles_to_put(parent, Question.Kind.CARRIED, day(now))


def carry_up(
    question: Question, *, by: Person, now: datetime, proposal: Proposal, other: Person
) -> Question:
    """Ask another of one's circle to carry a proposal to the wider one together."""
    parent = question.community.parent
    require(parent is not None)
    assert parent is not None
    with on_community(parent) as parent:
        proposal = Proposal.objects.select_related("circle").get(pk=proposal.pk)
        require(may_carry(question, proposal, by, now))
        require(other.pk != by.pk and voice_of(proposal.circle, other, now) is not None)
        refuse_if_any(obstacles_to_carry(question, now))
        days = question.community.charter_now().charter.answer_days
        made = asking.bring(
            parent, "carried", by=by, now=now, person=other, carried=proposal,
            deadline=now + timedelta(days=days),
        )  # fmt: skip
        tell_people([other.pk], "please_carry", key=f"carry:{made.pk}", now=now)
        return made


def agree_to_carry(question: Question, *, by: Person, now: datetime) -> Question:
    """Agree to carry it together; it comes before the wider circle at once."""
    with on_question(question) as question:
        require(question.kind == Question.Kind.CARRIED and question.person_id == by.pk)
        require(question.state == Question.State.ASKED and question.carried is not None)
        assert question.carried is not None
        proposal = Proposal.objects.select_related("circle").get(pk=question.carried.pk)
        voices = _two(proposal, question, now)
        refuse_if_any(asking.obstacles_to_put(question.community, question.kind, day(now)))
        people = asking.people_asked(question.community, day(now))
        asking.put(question)
        circle = asking.open_circle(question, question.community, people, now=now)
        answer = carry(proposal, to=circle, one=voices[0], other=voices[1], now=now).answer
        if circle.method == Circle.Method.CONSENT:
            proposing.begin(answer, by=question.by, now=now)
        Asking.objects.create(question=question, community=question.community, proposal=answer)
        record(question.community, "carried_put", by=by, now=now, question=str(question.pk))
        return question


def _two(proposal: Proposal, question: Question, now: datetime) -> list[Voice]:
    """Return the voices of the two in the circle they come from. Hidden when one left it."""
    found = []
    for person in (question.by, question.person):
        assert person is not None
        voice = voice_of(proposal.circle, person, now)
        require(voice is not None)
        assert voice is not None
        found.append(voice)
    return found
