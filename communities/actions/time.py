"""What time alone causes in communities, and how a move of deliberation is done here."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from communities.actions import amending, asking, recalling
from communities.actions.outcomes import decided_proposals, follow
from communities.models import Asking, Community, Membership, Question
from communities.rules import ELECTED
from communities.writing import day, locked, on_question, tell_members, tell_people
from deliberation.actions.circles import end_voice
from deliberation.actions.time import bring_up_to_date
from deliberation.models import Circle, Voice
from people.models import Person


def due(now: datetime) -> dict[str, int]:
    """Do what is due in every community and return how many of each; after deliberation's.

    What was decided is acted on in the order in which it was decided, each dated then. Run
    twice, or a month late, it does the same.
    """
    counts: Counter[str] = Counter()
    for proposal in list(decided_proposals()):
        counts["questions_followed"] += follow(proposal, now=now)
    counts["trials_ended"] += _end_trials(now)
    counts["voices_ended"] += _end_voices(now)
    counts["questions_waited"] += _waited(now)
    counts["terms_warned"] += warn_of_terms(now)
    return dict(counts)


def _end_trials(now: datetime) -> int:
    today = day(now)
    over = Community.objects.filter(trials__ended_at=None, trials__on__lte=today).distinct()
    ended = 0
    for pk in list(over.values_list("pk", flat=True)):
        with transaction.atomic():
            ended += amending.end_trials(locked(pk), until=today)
    return ended


def _end_voices(now: datetime) -> int:
    """End the voices of who belongs here no more. Who joins meanwhile has none in this."""
    ended = 0
    for one in Asking.objects.filter(proposal__outcome="").select_related("community"):
        belong = Membership.objects.deciding(day(now)).filter(community__in=one.community.leaves())
        voices = Voice.objects.live(now).filter(circle__proposals=one.proposal_id)
        for voice in voices.exclude(person__in=belong.values("person")):
            end_voice(voice, now=now)
            ended += 1
    return ended


def _waited(now: datetime) -> int:
    """End each waiting whose time is over: who is heard was heard, who said nothing said no yes."""
    waiting = Question.objects.filter(deadline__lte=now)
    count = 0
    for question in list(waiting):
        count += wait_no_longer(question, now=now)
    return count


def wait_no_longer(question: Question, *, now: datetime) -> bool:
    """Do what follows when a question waited long enough; False when it does not wait any more.

    A recall comes before the members without a word. It begins now: nobody's time to take part
    begins before they could know.
    """
    with on_question(question) as question:
        if question.deadline is None or question.deadline > now:
            return False
        if question.state == Question.State.HEARING:
            recalling.put(question, now=now)
        else:
            asking.end(question, "lapse", "question_lapsed", by=None, now=question.deadline)
            tell_people([question.by_id], "question_lapsed", key=f"lapsed:{question.pk}", now=now)
        return True


def warn_of_terms(now: datetime) -> int:
    """Tell who holds an office, and the members, that the term ends soon; once for each term."""
    today = day(now)
    ending = Membership.objects.in_office(today).filter(until__lte=today + timedelta(days=366))
    told = 0
    charters: dict[Any, int] = {}
    for place in ending.select_related("community"):
        if place.community_id not in charters:
            charter = place.community.charter_now().charter
            charters[place.community_id] = charter.term_warning_days
        assert place.until is not None
        if place.until - timedelta(days=charters[place.community_id]) > today:
            continue
        told += tell_people([place.person_id], "term_ends_soon", key=f"term:{place.pk}", now=now)
        if place.role in ELECTED:
            key = f"election:{place.pk}"
            tell_members(place.community, "office_ends_soon", key=key, now=now)
    return told


def settle(question: Question, *, now: datetime) -> Question:
    """Do what was due around one question, for who looks at it, and return it as it stands."""
    if question.deadline is not None and question.deadline <= now:
        wait_no_longer(question, now=now)
    for pk in question.askings.values_list("proposal__circle_id", flat=True):
        bring_up_to_date(pk, now=now)
    for proposal in list(decided_proposals(question)):
        follow(proposal, now=now)
    return Question.objects.select_related("community__parent", "person").get(pk=question.pk)


def do_here(
    act: Callable[..., Any],
    question: Question,
    thing: Any,
    *,
    by: Person,
    now: datetime,
    **typed: Any,
) -> Any:
    """Do a move of deliberation on a question of ours, and at once what follows from it."""
    with transaction.atomic():
        locked(question.community_id)
        result = act(thing, by=by, now=now, **typed)
        for proposal in list(decided_proposals(question)):
            follow(proposal, now=now)
        return result


def question_of(circle: Circle) -> Question | None:
    """Return the question a circle decides on, None where another app owns it."""
    return Question.objects.filter(askings__proposal__circle=circle).first()
