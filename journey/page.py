"""The case page of one reader: everything on it, made once for the page and for an export."""

from datetime import date
from typing import Any

from django.urls import reverse

from agreements.actions import answers_of, is_promised_to
from agreements.models import Agreement, Commitment, Suggestion
from agreements.plan import plan_of
from cases.access import Standing
from cases.models import Case
from councils.models import (
    Challenge,
    Council,
    Decision,
    Draw,
    Hearing,
    PlannedPromise,
    Seat,
    Sharing,
)
from councils.reading import (
    decision_shown,
    hearing_for,
    own_words,
    serves,
    sharing_for,
    why_of,
)
from journey import reading
from journey.away import shown_in
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
        if on_the_table_alone(part):
            continue
        groups.append(
            {
                "part": part.part,
                "thing": part.thing,
                "moves": shown,
                **more_of(part, parts, case, who, today),
            }
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
        "away": shown_in(case, today),
        "today": today,
    }


def on_the_table_alone(part: Part) -> bool:
    """Say whether a part is a council's draft: it is seen at its table, not on the case page."""
    thing = part.thing
    draft = isinstance(thing, Decision) and thing.adopted_on is None
    return draft or isinstance(thing, PlannedPromise)


def advice_shown(agreement: Agreement, parts: list[Part]) -> bool | None:
    """Say whether other cases suggested anything for a draft; None where nobody asked."""
    if agreement.advised_on is None:
        return None
    return any(
        isinstance(one.thing, Suggestion) and one.thing.agreement_id == agreement.pk
        for one in parts
    )


def more_of(
    part: Part, parts: list[Part], case: Case, who: Standing, today: date
) -> dict[str, Any]:
    """Return what the page of one part needs beside the part itself."""
    if isinstance(part.thing, Draw) and (who.coordinates or who.guards_process):
        return {"why": why_of(part.thing)}
    if isinstance(part.thing, Agreement):
        return {"plan": plan_of(part.thing, today), "advice": advice_shown(part.thing, parts)}
    if isinstance(part.thing, Commitment) and is_promised_to(part.thing, who):
        return {"said": answers_of(part.thing)}
    if isinstance(part.thing, Council):
        here = [case.reference, part.thing.public_id]
        table = reverse("cases:table", args=here) if serves(part.thing, who) else ""
        return {"table": table, "own_words": own_words(part.thing, who)}
    if isinstance(part.thing, Seat):
        return {"own": part.thing.person_id == who.person_id}
    if isinstance(part.thing, Decision):
        return {"decision": decision_shown(part.thing, case, who, today)}
    if isinstance(part.thing, Hearing):
        return {"hearing": hearing_for(part.thing, case, who, today)}
    if isinstance(part.thing, Sharing):
        return {"sharing": sharing_for(part.thing, case, who)}
    if isinstance(part.thing, Placement):
        return {"lines": lines_of_placement(part.thing, today)}
    if isinstance(part.thing, Challenge):
        return {"answers": list(part.thing.answers.all())}
    return {}
