"""Which case or part of one a person sees by the API, and where it is read."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any
from uuid import UUID

from django.urls import reverse

from agreements.models import Agreement, Commitment, Suggestion
from cases.access import Standing, standing
from cases.keeping import keep_facts
from cases.models import Case, Party
from communities.models import Membership
from councils.models import (
    Appeal,
    Challenge,
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
from journey.moves import Part, find_part, moves_on, parts_of, with_facts
from mediation.models import Mediation
from moves.core import Move
from people.models import Person


@dataclass(frozen=True)
class Seen:
    """A case as one person sees it on one day."""

    case: Case
    person: Person
    who: Standing
    today: date

    @cached_property
    def parts(self) -> list[Part]:
        """What this person may know of here, read when it is first asked for."""
        return parts_of(self.case, self.who)

    @property
    def leaves_a_note(self) -> bool:
        """Say whether the parties read in their access log that this person was here."""
        return self.in_office or self.who.only_serves

    @property
    def in_office(self) -> bool:
        return self.who.mediates or self.who.coordinates

    def moves_of(self, part: Part) -> list[Move]:
        return moves_on(part, self.case, self.person, self.who, today=self.today)

    def find(self, part: str, part_id: str) -> Part | None:
        return find_part(self.case, self.who, part, part_id)


def see(person: Person, *, today: date, to_read: bool = False, **which: Any) -> Seen | None:
    """Return the one case with these values as this person sees it; None when hidden.

    One that is only read keeps its facts, as on its page; where a move is done nothing is kept.
    """
    offices = Membership.objects.offices_of(person, today)
    cases = Case.objects.visible_to(person, today=today, offices=offices).select_related(
        "community", "charter_version", "steering"
    )
    case = with_facts(cases, person, today=today).filter(**which).first()
    if case is None:
        return None
    if to_read:
        keep_facts(case)
    who = standing(person, case, today=today, offices=offices)
    return Seen(case, person, who, today) if who.may_see else None


# Where the case of a part is found: the part's model, and the way from it to the case.
CASE_OF = {
    "party": (Party, "case_id"),
    "mediation": (Mediation, "case_id"),
    "agreement": (Agreement, "case_id"),
    "commitment": (Commitment, "agreement__case_id"),
    "suggestion": (Suggestion, "harm__case_id"),
    "council": (Council, "case_id"),
    "draw": (Draw, "council__case_id"),
    "seat": (Seat, "council__case_id"),
    "challenge": (Challenge, "seat__council__case_id"),
    "decision": (Decision, "council__case_id"),
    "planned": (PlannedPromise, "decision__council__case_id"),
    "appeal": (Appeal, "decision__council__case_id"),
    "recall": (Recall, "seat__council__case_id"),
    "packet": (Packet, "council__case_id"),
    "hearing": (Hearing, "council__case_id"),
    "sharing": (Sharing, "case_id"),
}


def see_part(person: Person, part: str, part_id: str, *, today: date) -> tuple[Seen, Part] | None:
    """Return a part and its case as this person sees them; None when hidden or not there."""
    try:
        key = UUID(part_id)
    except ValueError:
        return None
    model, way = CASE_OF[part]
    case_pk = model._base_manager.filter(pk=key).values_list(way, flat=True).first()
    seen = see(person, today=today, to_read=True, pk=case_pk) if case_pk else None
    found = seen.find(part, str(key)) if seen else None
    return (seen, found) if seen and found else None


def url_of(part: str, part_id: str) -> str:
    """Return where a part is read."""
    if part == "case":
        return reverse("api:case", args=[part_id])
    return reverse("api:part", args=[part, part_id])
