"""What the rules need to know of the parties of a case."""

from datetime import date
from typing import Any

from cases import rules
from cases.access import open_places
from cases.keeping import kept, ties_of
from cases.models import Case, Consent, Party
from cases.rules import PartyFacts
from moves.core import Obstacle


def facts_of(case: Case, today: date) -> list[PartyFacts]:
    """Return what the rules need to know of each party of a case today."""
    return kept(case, ("facts", today), lambda: _read_facts(case, today))


def _read_facts(case: Case, today: date) -> list[PartyFacts]:
    stage = case.stage
    parties = list(case.parties.all())
    live = set(
        Consent.objects.filter(party__case=case, stage=stage, ended_at=None).values_list(
            "party_id", "by_guardian"
        )
    )
    guardians: dict[Any, list[Any]] = {}
    for place in open_places(case, "guardian", today=today):
        guardians.setdefault(place.beside_id, []).append(place.person_id)
    ties = ties_of(case, today) if guardians else {}
    facts = []
    for party in parties:
        others = {one.person_id for one in parties if one.role != party.role}
        minor = party.is_minor(today)
        tied: set[Any] = set()
        if minor and guardians.get(party.pk):
            tied = others.union(*(ties[other] for other in others))
        facts.append(
            PartyFacts(
                key=party.pk,
                role=party.role,
                reached=party.reached_on is not None,
                has_contact=bool(party.person.contact_kind or party.person.email),
                assessed=party.assessed_on is not None,
                safe_to_meet=party.safe_to_meet,
                consented=(party.pk, False) in live,
                minor=minor,
                guardian_consented=(party.pk, True) in live,
                guardian_tied=bool(tied & set(guardians.get(party.pk, []))),
                word_asked=party.closing_word_asked_on is not None,
                wishes_end=party.wishes_end_on is not None,
            )
        )
    return facts


def obstacles_on_hold(case: Case) -> list[Obstacle]:
    """Return the obstacle of a case on hold, where nothing goes ahead but leaving; or nothing."""
    return [rules.stage_frozen()] if case.frozen_on is not None else []


def obstacles_to_begin(case: Case, today: date) -> list[Obstacle]:
    """Return what stands in the way of mediation, but for the mediators' licences."""
    mediators = [place.person_id for place in open_places(case, "mediator", today=today)]
    ties = ties_of(case, today)
    tied = set(ties).union(*ties.values())
    return rules.obstacles_to_mediation(
        facts_of(case, today),
        frozen=case.frozen_on is not None,
        has_mediator=bool(mediators),
        mediator_tied=bool(tied & set(mediators)),
    )


def facts_of_party(party: Party, case: Case, today: date) -> PartyFacts:
    """Return the facts of one party, found by its place among the others."""
    return next(facts for facts in facts_of(case, today) if facts.key == party.pk)
