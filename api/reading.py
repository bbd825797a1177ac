"""What the API says of a person, a case and its parts: what the page shows the same viewer."""

from dataclasses import asdict
from datetime import date
from typing import Any

from django.db.models import prefetch_related_objects
from django.urls import reverse

from agreements.models import Agreement, Commitment, Suggestion
from api.listing import case_in_list
from api.seeing import Seen, url_of
from cases.models import Case, Party
from communities.models import Absence, Community
from councils.models import (
    Appeal,
    Council,
    Decision,
    Draw,
    Hearing,
    Packet,
    PlannedPromise,
    Recall,
    Seat,
    Sharing,
)
from councils.reading import (
    decision_shown,
    hearing_for,
    own_words,
    packet_for,
    proposals_of,
    serves,
    sharing_for,
)
from journey import reading
from journey.away import announced_in
from journey.moves import Part
from journey.wording import WORDS
from mediation.models import Mediation
from moves import pages
from moves.core import Obstacle
from people.models import Licence, Person
from rehabilitation.models import House, Placement


def obstacles_as_json(obstacles: list[pages.ShownObstacle]) -> list[dict[str, Any]]:
    return [
        {
            "code": one.code,
            "text": one.text,
            "cleared_by": one.cleared_by,
            "clears_on": one.clears_on.isoformat() if one.clears_on else None,
            "link": one.link,
        }
        for one in obstacles
    ]


def refusal(obstacles: list[Obstacle], case: Case) -> list[dict[str, Any]]:
    """Return obstacles with their words, as in a 409."""
    link = case.get_absolute_url()
    return obstacles_as_json([pages.show_obstacle(one, WORDS, link) for one in obstacles])


def shown_moves(seen: Seen, part: Part) -> list[pages.ShownMove]:
    """Return a part's moves with their words and their API addresses."""
    return [
        pages.show(
            move,
            WORDS,
            url=reverse("api:move", args=[seen.case.reference, part.part, part.id, move.name]),
            link=seen.case.get_absolute_url(),
        )
        for move in seen.moves_of(part)
    ]


def moves_as_json(shown: list[pages.ShownMove]) -> list[dict[str, Any]]:
    return [
        {
            "name": one.name,
            "label": one.label,
            "status": one.status,
            "url": one.url,
            "fields": one.fields,
            "obstacles": obstacles_as_json(one.obstacles),
        }
        for one in shown
    ]


def as_day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def away_as_json(found: Absence | None) -> dict[str, Any] | None:
    """Return the first and the last day on which coordinators step back, None where they do not."""
    if found is None:
        return None
    return {"from_on": as_day(found.from_on), "until": as_day(found.until)}


def _commitment(one: Commitment) -> dict[str, Any]:
    return {
        "number": one.number,
        "what": one.what,
        "category": one.category,
        "unit": one.unit,
        "amount": None if one.amount is None else str(one.amount),
        "due_on": as_day(one.due_on),
        "state": one.state,
    }


def _facts(thing: Any, seen: Seen) -> dict[str, Any]:
    if isinstance(thing, Party):
        return {"role": thing.role, "name": thing.person.name}
    if isinstance(thing, Mediation):
        return {
            "state": thing.state,
            "due_on": as_day(thing.due_on),
            "meetings": [
                {
                    "at": meeting.at.isoformat(),
                    "place": meeting.place,
                    "cancelled": bool(meeting.cancelled),
                    "held_on": as_day(meeting.held_on),
                }
                for meeting in thing.meetings.all()
            ],
        }
    if isinstance(thing, Agreement):
        cooling = thing.state == Agreement.State.COOLING_OFF
        return {
            "version": thing.version,
            "state": thing.state,
            "account": thing.account,
            "cooling_off_until": as_day(thing.cooling_off_until) if cooling else None,
            "commitments": [
                {"url": url_of("commitment", str(one.pk)), **_commitment(one)}
                for one in sorted(thing.commitments.all(), key=lambda one: one.number)
            ],
        }
    if isinstance(thing, Commitment):
        return _commitment(thing)
    if isinstance(thing, Placement):
        return {
            "house": thing.house.slug,
            "state": thing.state,
            "review_on": as_day(thing.review_on),
            "ends_on": as_day(thing.ends_on),
        }
    if isinstance(thing, Suggestion):
        return suggestion_facts(thing)
    return heard_facts(thing, seen) or decided_facts(thing, seen) or council_facts(thing)


def heard_facts(thing: Any, seen: Seen) -> dict[str, Any]:
    """Return what this person may know of what a council reads and hears; {} for other things."""
    if isinstance(thing, Council):
        return {
            "public_id": thing.public_id,
            "state": thing.state,
            "size": thing.size,
            "own_words": [
                {"at": one.at.isoformat(), "text": one.text} for one in own_words(thing, seen.who)
            ],
            "proposals": [url_of("proposal", pk) for pk in proposals_of(thing)]
            if serves(thing, seen.who)
            else [],
        }
    if isinstance(thing, Packet):
        whole = packet_for(thing, seen.case, seen.today)
        return asdict(whole) if whole else {}
    if isinstance(thing, Hearing):
        shown = asdict(hearing_for(thing, seen.case, seen.who, seen.today))
        return {**shown, "state": thing.state, "at": thing.at.isoformat()}
    if isinstance(thing, Sharing):
        return asdict(sharing_for(thing, seen.case, seen.who))
    return {}


def decided_facts(thing: Any, seen: Seen) -> dict[str, Any]:
    """Return what this person may know of what a council decides; {} for other things."""
    if isinstance(thing, Decision):
        shown = decision_shown(thing, seen.case, seen.who, seen.today)
        said = {**asdict(shown), "appeal_until": as_day(shown.appeal_until)}
        said["plan"] = [{**one, "due_on": as_day(one["due_on"])} for one in said["plan"]]
        if said["threat"]:
            for name in ("review_on", "ends_on", "interim_until"):
                said["threat"][name] = as_day(said["threat"][name])
        said.pop("id")
        said.pop("url")
        return said
    if isinstance(thing, PlannedPromise):
        return {
            "decision": url_of("decision", str(thing.decision_id)),
            "number": thing.number,
            "what": thing.what,
            "unit": thing.unit,
            "amount": None if thing.amount is None else str(thing.amount),
            "due_on": as_day(thing.due_on),
        }
    if isinstance(thing, Appeal):
        return {"state": thing.state, "ground": thing.ground, "words": thing.words}
    if isinstance(thing, Recall):
        return {
            "state": thing.state,
            "reason": thing.reason,
            "word": thing.word,
            "word_by": as_day(thing.word_by),
        }
    return {}


def suggestion_facts(one: Suggestion) -> dict[str, Any]:
    """Return a suggestion with all it stands on, and what people let others read."""
    return {
        "state": one.state,
        "agreement": url_of("agreement", str(one.agreement_id)) if one.agreement_id else None,
        "category": one.category,
        "unit": one.unit,
        "amount": None if one.amount is None else str(one.amount),
        "adviser": one.adviser,
        "evidence": one.evidence,
        "said": list(getattr(one, "said", [])),
        "why": one.why,
    }


def council_facts(thing: Any) -> dict[str, Any]:
    if isinstance(thing, Draw):
        return {
            "public_id": thing.public_id,
            "kind": thing.kind,
            "state": thing.state,
            "progress": thing.progress,
            "commitment": thing.commitment,
            "beacon_at": thing.beacon_at.isoformat() if thing.beacon_at else None,
            "void_reason": thing.void_reason,
        }
    if isinstance(thing, Seat):
        return {
            "name": thing.person.name,
            "state": thing.state,
            "answer_by": as_day(thing.answer_until),
            "challenge_until": as_day(thing.challengeable_until),
        }
    return {"state": thing.state, "reason": thing.reason}


def part_as_json(seen: Seen, part: Part) -> dict[str, Any]:
    """Return a part as the page shows it to this person, with its moves."""
    if part.part == "case":
        return case_as_json(seen)
    return {
        "part": part.part,
        "id": part.id,
        "url": url_of(part.part, part.id),
        "case": seen.case.reference,
        **_facts(part.thing, seen),
        "moves": moves_as_json(shown_moves(seen, part)),
    }


def case_as_json(seen: Seen) -> dict[str, Any]:
    """Return the case page as data: the same lines, rooms, people and history, and the moves."""
    case, who = seen.case, seen.who
    # Each promise's form says how much is left, which stands in its entries.
    promises = [part.thing for part in seen.parts if isinstance(part.thing, Commitment)]
    prefetch_related_objects(promises, "entries")
    shown = {(part.part, part.id): shown_moves(seen, part) for part in seen.parts}
    everything = [move for moves in shown.values() for move in moves]
    said = {
        **case_in_list(case),
        "community": case.community.slug,
        "on_hold": case.frozen_on is not None,
        "outcome": case.outcome,
        "coordinators_step_back": away_as_json(announced_in(case, seen.today)),
        "lines": asdict(reading.lines_for(case, who, seen.parts, everything, seen.today)),
        "people": [asdict(one) for one in reading.people_for(case, who, seen.today)],
        "rooms": [asdict(one) for one in reading.read_rooms(case, who)],
        "history": [asdict(one) for one in reading.history_for(case, who)],
        "closing_words": [
            {"role": party.role, "text": party.closing_word}
            for party in who.parties
            if party.closing_word and not who.only_serves
        ],
        "parts": [
            {
                "part": part.part,
                "id": part.id,
                "url": url_of(part.part, part.id),
                "case": case.reference,
                **_facts(part.thing, seen),
                "moves": moves_as_json(shown[part.part, part.id]),
            }
            for part in seen.parts
            if part.part != "case"
        ],
        "moves": moves_as_json(shown["case", case.reference]),
    }
    if seen.in_office:
        said["account"] = case.account
    return said


def person_as_json(person: Person, *, today: date) -> dict[str, Any]:
    """Return who somebody is, their offices and until when, and where they may open a case."""
    licence = Licence.objects.live(today).filter(person=person).order_by("-until").first()
    memberships = person.memberships.live(today).select_related("community")
    return {
        "username": person.username,
        "name": person.name,
        "language": person.language,
        "roles": [
            {"community": one.community.slug, "role": one.role, "until": as_day(one.until)}
            for one in memberships.order_by("community__slug", "role", "pk")
        ],
        "licence_until": as_day(licence.until) if licence else None,
        "seats": [
            url_of("seat", str(pk))
            for pk in Seat.objects.of(person).live().values_list("pk", flat=True)
        ],
        "pools": [
            url_of("pool", slug)
            for slug in Community.objects.with_pool_of(person, today).values_list("slug", flat=True)
        ],
        "placements": [
            url_of("placement", str(pk))
            for pk in Placement.objects.for_resident(person).values_list("pk", flat=True)
        ],
        "houses": [
            url_of("house", slug)
            for slug in House.objects.known_to(person, today=today)
            .order_by("slug")
            .values_list("slug", flat=True)
            .distinct()
        ],
        "may_open_in": list(
            Community.objects.where_may_open(person, today)
            .order_by("slug")
            .values_list("slug", flat=True)
        ),
    }
