"""What a community decides, by the API: the same parts and moves as on its pages."""

from datetime import datetime
from typing import Any

from api.own import Own
from api.reading import as_day, away_as_json
from api.seeing import url_of
from communities import parts, reading
from communities.actions.absences import announced
from communities.actions.resting import resting
from communities.models import Community, Question
from communities.wording import WORDS
from communities.writing import day
from people.models import Person

OWN_PARTS = ("community", "question")
PARTS = (*OWN_PARTS, *parts.PARTS)


def communal_part(person: Person, part: str, part_id: str, *, now: datetime) -> Own | None:
    """Return a community, a question or a part of its round; None when hidden or not of one."""
    community = _community_of(person, part, part_id, now)
    if community is None:
        return _brought(person, part_id, now) if part == "question" else None
    found = parts.find(community, person, part, part_id, now=now)
    if found is None:
        return None
    said: dict[str, Any] = {"community": community.slug}
    if part == "community":
        said["coordinators_step_back"] = away_as_json(announced(community, day(now)))
        rests = resting(community, person, day(now))
        said["vote_rests_until"] = as_day(rests.until) if rests else None
        said["questions"] = [
            {"title": row.title, "where": row.where, "url": row.url}
            for row in reading.questions_of(community, person, day(now))
        ]
    elif found.seen is not None:
        said |= _said(found.seen)
    return Own(part, found.id, said, found.moves, WORDS)


def _brought(person: Person, question_id: str, now: datetime) -> Own | None:
    """Return a recall that somebody brought from outside, as its page shows it to them."""
    found = parts.find_brought(person, question_id, now=now)
    if found is None or found.seen is None:
        return None
    question = found.seen.question
    said = {
        "community": question.community.slug,
        "question": str(question.pk),
        "title": reading.title_of(question),
        "kind": question.kind,
        "state": question.state,
        "reason": reading.brought(question, now).reason,
    }
    return Own("question", found.id, said, found.moves, WORDS)


def _community_of(person: Person, part: str, part_id: str, now: datetime) -> Community | None:
    """Return the community in which this person sees a part; None where they see none."""
    known = Community.objects.known_to(person, day(now)).select_related("parent")
    if part == "community":
        return known.filter(slug=part_id).first()
    if part == "question":
        key = parts.as_uuid(part_id)
        question = Question.objects.filter(pk=key).first() if key is not None else None
        if question is None:
            return None
        asked = known.filter(askings__question=question).order_by("slug").first()
        return asked or known.filter(pk=question.community_id).first()
    asking = parts.asking_behind(part, part_id)
    return known.filter(pk=asking.community_id).first() if asking is not None else None


def _said(seen: parts.Seen) -> dict[str, Any]:
    """Return what a question is, and how far its round is, for who may read it."""
    question, proposal = seen.question, seen.proposal
    said: dict[str, Any] = {
        "question": str(question.pk),
        "title": reading.title_of(question),
        "kind": question.kind,
        "state": question.state,
    }
    if seen.scene is None or proposal is None:
        return said
    deadline = seen.scene.process.deadline
    return {
        **said,
        "text": seen.scene.text,
        "version": proposal.version,
        "round": seen.scene.process.state,
        "by": deadline.isoformat() if deadline else None,
        "outcome": proposal.outcome,
        "parts": [url_of(one.part, one.id) for one in seen.parts()],
    }
