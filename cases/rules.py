"""Rules that decide when a case may move on. Pure: no Django, no clock, no database."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from communities.charter import months_after
from moves.core import Obstacle

MEDIATION = "mediation"
OPEN_STATES = (
    "reported", "screening", "mediation", "council", "reparation", "rehabilitation",
)  # fmt: skip
OUTCOMES = (
    "repaired", "partly_repaired", "without_agreement", "withdrawn",
    "referred_elsewhere", "not_suitable", "no_contact",
)  # fmt: skip


def moved_on(due: date, *, since: date, holds: Iterable[tuple[date, date]]) -> date:
    """Return when something falls due once every day on hold is given back.

    ``due`` is the first day it may happen and ``since`` the day its clock began; ``holds`` are
    (first day on hold, day it went on). A hold that begins later than ``due`` changes nothing.
    """
    for began, went_on in sorted(holds):
        if since <= began <= due:
            due += went_on - began
    return due


@dataclass(frozen=True, kw_only=True)
class PartyFacts:
    """What the rules need to know of one party today."""

    role: str
    key: object = None
    reached: bool = False
    has_contact: bool = False
    assessed: bool = False
    safe_to_meet: bool = False
    consented: bool = False
    minor: bool = False
    guardian_consented: bool = False
    guardian_tied: bool = False
    word_asked: bool = False
    wishes_end: bool = False


def obstacles_to_mediation(
    parties: Collection[PartyFacts], *, frozen: bool, has_mediator: bool, mediator_tied: bool
) -> list[Obstacle]:
    """Return every reason mediation may not begin; empty when it may.

    The harmed person is reached and asked first; consent is asked of everybody,
    separately; a minor's guardian consents with them.
    """
    roles = {party.role for party in parties}
    found = []
    if frozen:
        found.append(stage_frozen())
    if "harmed" not in roles:
        found.append(Obstacle(code="nobody_harmed", cleared_by="mediator"))
    if "responsible" not in roles:
        found.append(Obstacle(code="nobody_responsible", cleared_by="mediator"))
    if not has_mediator:
        found.append(Obstacle(code="mediator_missing", cleared_by="coordinator"))
    if mediator_tied:
        found.append(Obstacle(code="mediator_conflict", cleared_by="coordinator"))
    if any(party.role == "harmed" and not party.reached for party in parties):
        found.append(Obstacle(code="harmed_person_not_reached", cleared_by="mediator"))
    if not all(party.has_contact for party in parties):
        found.append(Obstacle(code="contact_missing", cleared_by="mediator"))
    if not all(party.assessed for party in parties):
        found.append(Obstacle(code="screening_unfinished", cleared_by="mediator"))
    elif not all(party.safe_to_meet for party in parties):
        found.append(Obstacle(code="not_safe_to_meet", cleared_by="mediator"))
    if not all(party.consented for party in parties):
        found.append(Obstacle(code="consent_missing", cleared_by="party"))
    if any(party.minor and not party.guardian_consented for party in parties):
        found.append(Obstacle(code="guardian_consent_missing", cleared_by="guardian"))
    if any(party.guardian_tied for party in parties):
        found.append(Obstacle(code="guardian_conflict", cleared_by="mediator"))
    return found


def obstacles_to_return(
    parties: Collection[PartyFacts], *, frozen: bool, has_mediator: bool
) -> list[Obstacle]:
    """Return why a council's case may not go back to mediation: each is asked afresh, alone."""
    found = [stage_frozen()] if frozen else []
    if not has_mediator:
        found.append(Obstacle(code="mediator_missing", cleared_by="coordinator"))
    if not all(party.consented for party in parties):
        found.append(Obstacle(code="consent_missing", cleared_by="party"))
    if any(party.minor and not party.guardian_consented for party in parties):
        found.append(Obstacle(code="guardian_consent_missing", cleared_by="guardian"))
    return found


def stage_frozen() -> Obstacle:
    """Return the obstacle of a frozen case: the same words whoever stopped it."""
    return Obstacle(code="stage_frozen", cleared_by="party")


def obstacles_to_reach(party: PartyFacts, parties: Collection[PartyFacts]) -> list[Obstacle]:
    """Return why this party may not be contacted yet: the harmed person hears first."""
    if party.role == "responsible" and any(
        one.role == "harmed" and not one.reached for one in parties
    ):
        return [Obstacle(code="harmed_person_not_reached", cleared_by="mediator")]
    return []


def obstacles_to_council(*, harmed_asked: bool, mediation_open: bool) -> list[Obstacle]:
    """Return why the case may not go to a council yet."""
    found = []
    if not harmed_asked:
        found.append(Obstacle(code="harmed_person_not_asked", cleared_by="mediator"))
    if mediation_open:
        found.append(Obstacle(code="mediation_still_open", cleared_by="mediator"))
    return found


def obstacles_to_renewal(parties: Collection[PartyFacts], *, reassessed: bool) -> list[Obstacle]:
    """Return why a frozen case may not go on: each is asked again, alone, and is safe.

    Whom no mediator has spoken with yet was never asked, and cannot be while it is on hold.
    """
    found = []
    reached = [party for party in parties if party.reached]
    if not all(party.consented for party in reached):
        found.append(Obstacle(code="consent_missing", cleared_by="party"))
    if any(party.minor and not party.guardian_consented for party in reached):
        found.append(Obstacle(code="guardian_consent_missing", cleared_by="guardian"))
    if any(party.guardian_tied for party in parties):
        found.append(Obstacle(code="guardian_conflict", cleared_by="mediator"))
    if not reassessed:
        found.append(Obstacle(code="safety_not_reassessed", cleared_by="mediator"))
    return found


# What a screening may note of a party that means danger. The others say something else.
DANGERS = frozenset({"violence_at_home", "stalking", "threat", "weapon"})


def in_danger(*, urgent: bool, flags: Iterable[str]) -> bool:
    """Say whether somebody may be in danger: then coordinators do not step back from a case."""
    return urgent or not DANGERS.isdisjoint(flags)


def forgotten_from(closed_on: date, keep_closed_months: int) -> date:
    """Return the first day on which a closed case is forgotten. Source: the charter."""
    return months_after(closed_on, keep_closed_months)


def obstacles_to_reopen(*, forgotten: bool) -> list[Obstacle]:
    """Return why a closed case cannot be opened again: nothing is left of a forgotten one."""
    return [Obstacle(code="forgotten", cleared_by="nobody")] if forgotten else []
