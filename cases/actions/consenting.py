"""Saying yes to a stage, stopping it, and going on again."""

from datetime import date, datetime

from cases import rules
from cases.access import Standing, require
from cases.actions.facts import facts_of, facts_of_party
from cases.actions.parties import locked_party
from cases.consent_text import VERSION, consent_text
from cases.models import Case, Consent, Party
from cases.writing import changing, day, record, tell_everybody
from moves.core import Obstacle, refuse_if_any
from people.models import Person


def obstacles_to_consent(
    party: Party, case: Case, *, guardian: bool, today: date
) -> list[Obstacle]:
    """Return why a consent cannot be given now: it is there already, or nobody spoke yet."""
    if party.reached_on is None:
        return [Obstacle(code="not_spoken_yet", cleared_by="mediator")]
    if case.stage == "plan" and case.frozen_on is None:
        # The signature under the agreement is the consent to its plan.
        return [Obstacle(code="consent_given", cleared_by="nobody")]
    facts = facts_of_party(party, case, today)
    given = facts.guardian_consented if guardian else facts.consented
    if given:
        return [Obstacle(code="consent_given", cleared_by="nobody")]
    if guardian and facts.guardian_tied:
        return [Obstacle(code="guardian_conflict", cleared_by="mediator")]
    return []


def consents_missing(party: Party, case: Case, today: date) -> list[bool]:
    """Return which consents of this stage are not there: False one's own, True a guardian's."""
    return [
        guardian
        for guardian in ((False, True) if party.is_minor(today) else (False,))
        if not any(
            one.code == "consent_given"
            for one in obstacles_to_consent(party, case, guardian=guardian, today=today)
        )
    ]


def _consent(
    case: Case, party: Party, *, by: Person, now: datetime, language: str, way: str,
    witness: str = "", by_guardian: bool = False,
) -> Consent:  # fmt: skip
    stage = case.stage
    refuse_if_any(obstacles_to_consent(party, case, guardian=by_guardian, today=day(now)))
    consent = Consent.objects.create(
        party=party, stage=stage, by_guardian=by_guardian, text=consent_text(stage, language),
        text_version=VERSION, language=language, way=way, witness=witness, given_at=now,
    )  # fmt: skip
    if not by_guardian:
        Party.objects.filter(pk=party.pk).update(wishes_end_on=None)
    record(case, "consent_given", by=by, now=now, party=str(party.pk), stage=stage)
    return consent


def give_consent(party: Party, *, by: Person, now: datetime, understood: bool) -> Consent:
    """Say yes to this stage, for oneself."""
    with changing(party.case_id, by=by, now=now) as (case, who):
        require(who.party is not None and who.party.pk == party.pk and understood)
        require(case.state in rules.OPEN_STATES)
        return _consent(
            case, locked_party(case, party), by=by, now=now, language=by.language, way="app"
        )


def give_consent_as_guardian(
    party: Party, *, by: Person, now: datetime, understood: bool
) -> Consent:
    """Say yes beside a young person."""
    with changing(party.case_id, by=by, now=now) as (case, who):
        require(party.pk in {one.pk for one in who.guards} and understood)
        require(case.state in rules.OPEN_STATES)
        return _consent(
            case, locked_party(case, party), by=by, now=now, language=by.language, way="app",
            by_guardian=True,
        )  # fmt: skip


def take_consent_on_paper(
    party: Party, *, by: Person, now: datetime, witness: str, by_guardian: bool = False
) -> Consent:
    """Record a consent signed on paper before a witness."""
    with changing(party.case_id, by=by, now=now) as (case, who):
        require(who.mediates and case.state in rules.OPEN_STATES)
        party = locked_party(case, party)
        return _consent(
            case, party, by=by, now=now, language=party.person.language, way="paper",
            witness=witness, by_guardian=by_guardian,
        )  # fmt: skip


def withdraw_consent(party: Party, *, by: Person, now: datetime) -> Party:
    """Stop. It always works, for oneself, for a young person one guards, or through a mediator."""
    with changing(party.case_id, by=by, now=now) as (case, who):
        own = who.party is not None and who.party.pk == party.pk
        require(own or who.mediates or party.pk in {one.pk for one in who.guards})
        require(case.state in rules.OPEN_STATES)
        party = locked_party(case, party)
        party.consents.filter(stage=case.stage, ended_at=None).update(ended_at=now, withdrawn=True)
        freeze(case, by=by, now=now)
        return party


def obstacles_to_pause(case: Case) -> list[Obstacle]:
    return [Obstacle(code="frozen_already", cleared_by="nobody")] if case.frozen_on else []


def pause(case: Case, *, by: Person, now: datetime) -> Case:
    """Stop the stage for any reason. Everybody gets the same words as for a withdrawal."""
    with changing(case.pk, by=by, now=now) as (case, who):
        require(who.mediates and case.state in rules.OPEN_STATES)
        refuse_if_any(obstacles_to_pause(case))
        freeze(case, by=by, now=now)
        return case


def freeze(case: Case, *, by: Person | None, now: datetime) -> None:
    """Freeze a locked case: end every consent of the stage, so that each is asked again."""
    Consent.objects.filter(party__case=case, stage=case.stage, ended_at=None).update(ended_at=now)
    if case.frozen_on is None:
        case.parties.update(assessed_on=None)
        Case.objects.filter(pk=case.pk).update(frozen_on=day(now))
        case.frozen_on = day(now)
        record(case, "stage_frozen", by=None, now=now)
        tell_everybody(case, "stage_frozen", now=now, key=f"frozen:{now.isoformat()}")


def obstacles_to_renew(case: Case, today: date) -> list[Obstacle]:
    """Return why a frozen case may not go on yet."""
    facts = facts_of(case, today)
    reassessed = all(one.assessed for one in facts if one.reached)
    return rules.obstacles_to_renewal(facts, reassessed=reassessed)


def go_on(case: Case, who: Standing, *, by: Person, now: datetime) -> None:
    """Let a locked frozen case go on as it was: everybody said yes again, alone."""
    require(who.mediates and case.frozen_on is not None)
    refuse_if_any(obstacles_to_renew(case, day(now)))
    end_hold(case, on=day(now))
    record(case, "stage_renewed", by=by, now=now)
    tell_everybody(case, "stage_renewed", now=now, key=f"renewed:{now.isoformat()}")


def end_hold(case: Case, *, on: date) -> None:
    """End a locked case's time on hold, and keep its days so that every clock gives them back."""
    if case.frozen_on is None:
        return
    if on > case.frozen_on:
        case.holds = [*case.holds, [case.frozen_on.isoformat(), on.isoformat()]]
    case.frozen_on = None
    Case.objects.filter(pk=case.pk).update(frozen_on=None, holds=case.holds)
