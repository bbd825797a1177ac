"""The case page of one reader: everything on it, made once for the page and for an export."""

from datetime import date
from typing import Any

from django.urls import reverse

from agreements.models import Agreement
from agreements.plan import plan_of
from cases.access import Standing
from cases.models import Case
from councils.models import Challenge, Draw
from councils.reading import why_of
from journey import reading
from journey.moves import Part, moves_on
from journey.wording import WORDS
from moves import pages
from moves.core import Move
from people.models import Person
from rehabilitation.models import Placement
from rehabilitation.reading import lines_of as lines_of_placement


def move_url(case: Case, move: Move) -> str:
    """Return where a move is shown and done."""
    return reverse("cases:move", args=[case.reference, move.part, move.part_id, move.name])


def page_of(
    case: Case, person: Person, who: Standing, parts: list[Part], *, today: date
) -> dict[str, Any]:
    """Return what the case page shows this person; what they may not know is not made."""
    office = who.mediates or who.coordinates
    groups = []
    everything = []
    for part in parts:
        shown = [
            pages.show(
                move,
                WORDS,
                url=move_url(case, move),
                link=case.get_absolute_url(),
                with_form=False,
            )
            for move in moves_on(part, case, person, who, today=today)
        ]
        shown.sort(key=pages.order_shown)
        everything += shown
        groups.append(
            {"part": part.part, "thing": part.thing, "moves": shown, **more_of(part, who, today)}
        )
    return {
        "case": case,
        "community_name": case.community.name,
        "who": who,
        "office": office,
        "is_party_page": not (office or who.only_serves),
        "lines": reading.lines_for(case, who, parts, everything, today),
        "stages": reading.path_of(case, today),
        "groups": groups,
        "rooms": reading.read_rooms(case, who),
        "people": reading.people_for(case, who, today),
        "events": reading.history_for(case, who),
        # The council reads its packet, and nothing beside it.
        "harms": [] if case.state == "reported" or who.only_serves else list(case.harms.all()),
        "closing_words": []
        if who.only_serves
        else [one for one in who.parties if one.closing_word],
        "openings": reading.opened_by(case, who),
        "today": today,
    }


def more_of(part: Part, who: Standing, today: date) -> dict[str, Any]:
    """Return what the page of one part needs beside the part itself."""
    if isinstance(part.thing, Draw) and (who.coordinates or who.guards_process):
        return {"why": why_of(part.thing)}
    if isinstance(part.thing, Agreement):
        return {"plan": plan_of(part.thing, today)}
    if isinstance(part.thing, Placement):
        return {"lines": lines_of_placement(part.thing, today)}
    if isinstance(part.thing, Challenge):
        return {"answers": list(part.thing.answers.all())}
    return {}
