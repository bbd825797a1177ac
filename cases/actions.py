"""What people do to a case and its parties.

Each action is one transaction: it locks the case, asks who is acting and what stands in
the way, changes one thing, and leaves one event. ``journey`` does what spans the stages.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction

from cases import rules
from cases.access import open_places, require, settle_steering, sync_permissions
from cases.consent_text import STAGE_OF_STATE, VERSION, consent_text
from cases.models import Case, Consent, Harm, Note, Participation, Party
from cases.rules import PartyFacts
from cases.writing import changing, day, record, tell_everybody, tell_party
from communities.models import Community
from moves.core import Obstacle, refuse_if_any
from moves.machine import move
from people.models import Person, Tie


@dataclass(frozen=True, kw_only=True)
class NewParty:
    """Somebody named when a case is opened."""

    role: str
    name: str
    language: str = "en"
    contact_kind: str = ""
    contact: str = ""
    minor: bool = False
    is_organisation: bool = False
    born_on: date | None = None
    do_not_write: bool = False
    person: Person | None = field(default=None)


def facts_of(case: Case, today: date) -> list[PartyFacts]:
    """Return what the rules need to know of each party of a case today."""
    kept: dict[date, list[PartyFacts]] | None = case.__dict__.get("kept_facts")
    if kept is None:
        return _read_facts(case, today)
    if today not in kept:
        kept[today] = _read_facts(case, today)
    return kept[today]


def keep_facts(case: Case) -> None:
    """Let this instance read its parties' facts once. For pages; never under a lock."""
    case.__dict__["kept_facts"] = {}


def _read_facts(case: Case, today: date) -> list[PartyFacts]:
    stage = STAGE_OF_STATE[case.state]
    parties = list(case.parties.all())
    live = set(
        Consent.objects.filter(party__case=case, stage=stage, ended_at=None).values_list(
            "party_id", "by_guardian"
        )
    )
    guardians: dict[Any, list[Any]] = {}
    for place in open_places(case, "guardian"):
        guardians.setdefault(place.beside_id, []).append(place.person_id)
    facts = []
    for party in parties:
        others = [one.person_id for one in parties if one.role != party.role]
        minor = party.minor or party.person.is_minor(today)
        tied: set[Any] = set()
        if minor and guardians.get(party.pk):
            tied = Tie.objects.ids_tied_to(others, today) | set(others)
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
            )
        )
    return facts


def obstacles_to_begin(case: Case, today: date) -> list[Obstacle]:
    """Return what stands in the way of mediation, but for the mediators' licences."""
    mediators = [place.person_id for place in open_places(case, "mediator")]
    people = [party.person_id for party in case.parties.all()]
    tied = Tie.objects.ids_tied_to(people, today) | set(people)
    return rules.obstacles_to_mediation(
        facts_of(case, today),
        frozen=case.frozen_on is not None,
        has_mediator=bool(mediators),
        mediator_tied=bool(tied & set(mediators)),
    )


@transaction.atomic
def open_case(
    *,
    community: Community,
    title: str,
    account: str,
    parties: Sequence[NewParty],
    by: Person | None,
    now: datetime,
    happened_on: date | None = None,
    referred_on: date | None = None,
    kind: str = "",
    urgent: bool = False,
    referral: dict[str, Any] | None = None,
    fingerprint: str | None = None,
) -> Case:
    """Open a case in ``reported``. Nobody named in it is told anything.

    ``by`` is None when somebody without an account reported it.
    """
    today = day(now)
    case = Case(
        community=community,
        steering=community,
        charter_version=community.charter_now(),
        title=title,
        account=account,
        referral=json.dumps(referral, ensure_ascii=False) if referral else "",
        kind=kind,
        happened_on=happened_on,
        referred_on=referred_on,
        opened_on=today,
        state_since=today,
        urgent=urgent,
        fingerprint=fingerprint,
    )
    case.save(force_insert=True)
    for one in parties:
        _add_party(case, one)
    settle_steering(case, today=today)
    record(case, "case_opened", by=by, now=now)
    return case


def _add_party(case: Case, named: NewParty) -> Party:
    person = named.person or Person.objects.create_without_account(
        name=named.name,
        language=named.language or "en",
        contact_kind=named.contact_kind,
        contact=named.contact,
        is_organisation=named.is_organisation,
        born=named.born_on.isoformat() if named.born_on else "",
    )
    return Party.objects.create(
        case=case,
        person=person,
        role=named.role,
        minor=named.minor,
        do_not_write=named.do_not_write,
    )


def add_party(
    case: Case, *, by: Person, now: datetime, role: str, name: str, language: str,
    contact_kind: str = "", contact: str = "", minor: bool = False,
) -> Party:  # fmt: skip
    """Name one more person harmed or responsible."""
    with changing(case.pk, by=by, now=now) as (case, who):
        require((who.mediates or who.coordinates) and case.state in ("reported", "screening"))
        party = _add_party(
            case,
            NewParty(
                role=role, name=name, language=language,
                contact_kind=contact_kind, contact=contact, minor=minor,
            ),
        )  # fmt: skip
        settle_steering(case, today=day(now))
        record(case, "party_added", by=by, now=now, party=str(party.pk))
        return party


def accept(case: Case, *, by: Person, now: datetime) -> Case:
    """Take a referral on: from reported to screening."""
    with changing(case.pk, by=by, now=now) as (case, who):
        require(who.coordinates or who.mediates)
        case.state_since = day(now)
        move(case, "accept", also=["state_since"])
        record(case, "case_accepted", by=by, now=now)
        return case


def _party(case: Case, party: Party) -> Party:
    return (
        Party.objects.select_for_update(of=("self",))
        .select_related("person")
        .get(pk=party.pk, case=case)
    )


def set_contact(
    party: Party, *, by: Person, now: datetime, contact_kind: str, contact: str, language: str
) -> Party:
    """Write down how somebody can be reached and in which language."""
    with changing(party.case_id, by=by, now=now) as (case, who):
        require(who.mediates)
        party = _party(case, party)
        person = party.person
        person.contact_kind, person.contact, person.language = contact_kind, contact, language
        person.save(update_fields=["contact_kind", "contact", "language"])
        record(case, "contact_noted", by=by, now=now, party=str(party.pk))
        return party


def facts_of_party(party: Party, case: Case, today: date) -> PartyFacts:
    """Return the facts of one party, found by its place among the others."""
    return next(facts for facts in facts_of(case, today) if facts.key == party.pk)


def obstacles_to_reach(party: Party, case: Case, today: date) -> list[Obstacle]:
    """Return why this party may not be contacted yet."""
    facts = facts_of(case, today)
    mine = facts_of_party(party, case, today)
    found = rules.obstacles_to_reach(mine, facts)
    if not mine.has_contact:
        found.append(Obstacle(code="contact_missing", cleared_by="mediator"))
    if case.frozen_on:
        found.append(rules.stage_frozen())
    return found


def reach(
    party: Party, *, by: Person, now: datetime, how_to_reach: str, reach: str, minor: bool = False
) -> Party:
    """Note that a mediator has spoken with somebody and how they may safely be reached."""
    with changing(party.case_id, by=by, now=now) as (case, who):
        require(who.mediates and case.state in rules.OPEN_STATES)
        party = _party(case, party)
        refuse_if_any(obstacles_to_reach(party, case, day(now)))
        party.reached_on, party.how_to_reach = day(now), how_to_reach
        party.minor = minor or party.minor
        party.save(update_fields=["reached_on", "how_to_reach", "minor"])
        party.person.reach = reach
        party.person.save(update_fields=["reach"])
        if party.role == Party.Role.HARMED:
            Case.objects.filter(pk=case.pk).update(harmed_asked_on=day(now))
        place_in(case, party.person, party.role, today=day(now))
        record(case, "party_reached", by=by, now=now, party=str(party.pk))
        return party


def place_in(
    case: Case, person: Person, role: str, *, today: date, beside: Party | None = None,
    until: date | None = None,
) -> Participation:  # fmt: skip
    """Give somebody a place in a case, and the permissions that go with it."""
    place, _made = Participation.objects.get_or_create(
        case=case, person=person, role=role, until=until,
        defaults={"from_on": today, "beside": beside},
    )  # fmt: skip
    sync_permissions(case, person)
    return place


def assess(
    party: Party, *, by: Person, now: datetime, safe_to_meet: bool, answers: dict[str, str],
    flags: list[str],
) -> Party:  # fmt: skip
    """Write down a safety assessment. Only mediators and the coordinator read it."""
    with changing(party.case_id, by=by, now=now) as (case, who):
        require(who.mediates and case.state in rules.OPEN_STATES)
        party = _party(case, party)
        party.assessed_on, party.safe_to_meet = day(now), safe_to_meet
        party.safety_answers = json.dumps(answers, ensure_ascii=False)
        party.safety_flags = sorted(flags)
        party.save(update_fields=["assessed_on", "safe_to_meet", "safety_answers", "safety_flags"])
        record(case, "safety_assessed", by=by, now=now, party=str(party.pk))
        return party


def obstacles_to_consent(
    party: Party, case: Case, *, guardian: bool, today: date
) -> list[Obstacle]:
    """Return why a consent cannot be given now: it is there already, or nobody spoke yet."""
    if party.reached_on is None:
        return [Obstacle(code="not_spoken_yet", cleared_by="mediator")]
    if STAGE_OF_STATE[case.state] == "plan" and case.frozen_on is None:
        # The signature under the agreement is the consent to its plan.
        return [Obstacle(code="consent_given", cleared_by="nobody")]
    facts = facts_of_party(party, case, today)
    given = facts.guardian_consented if guardian else facts.consented
    return [Obstacle(code="consent_given", cleared_by="nobody")] if given else []


def consents_missing(party: Party, case: Case, today: date) -> list[bool]:
    """Return which consents of this stage are not there: False one's own, True a guardian's."""
    minor = party.minor or party.person.is_minor(today)
    return [
        guardian
        for guardian in ((False, True) if minor else (False,))
        if not any(
            one.code == "consent_given"
            for one in obstacles_to_consent(party, case, guardian=guardian, today=today)
        )
    ]


def _consent(
    case: Case, party: Party, *, by: Person, now: datetime, language: str, way: str,
    witness: str = "", by_guardian: bool = False,
) -> Consent:  # fmt: skip
    stage = STAGE_OF_STATE[case.state]
    refuse_if_any(obstacles_to_consent(party, case, guardian=by_guardian, today=day(now)))
    consent = Consent.objects.create(
        party=party, stage=stage, by_guardian=by_guardian, text=consent_text(stage, language),
        text_version=VERSION, language=language, way=way, witness=witness, given_at=now,
    )  # fmt: skip
    record(case, "consent_given", by=by, now=now, party=str(party.pk), stage=stage)
    return consent


def give_consent(party: Party, *, by: Person, now: datetime, understood: bool) -> Consent:
    """Say yes to this stage, for oneself."""
    with changing(party.case_id, by=by, now=now) as (case, who):
        require(who.party is not None and who.party.pk == party.pk and understood)
        require(case.state in rules.OPEN_STATES)
        return _consent(case, _party(case, party), by=by, now=now, language=by.language, way="app")


def give_consent_as_guardian(
    party: Party, *, by: Person, now: datetime, understood: bool
) -> Consent:
    """Say yes beside a young person."""
    with changing(party.case_id, by=by, now=now) as (case, who):
        require(party.pk in {one.pk for one in who.guards} and understood)
        require(case.state in rules.OPEN_STATES)
        return _consent(
            case, _party(case, party), by=by, now=now, language=by.language, way="app",
            by_guardian=True,
        )  # fmt: skip


def take_consent_on_paper(
    party: Party, *, by: Person, now: datetime, witness: str, by_guardian: bool = False
) -> Consent:
    """Record a consent signed on paper before a witness."""
    with changing(party.case_id, by=by, now=now) as (case, who):
        require(who.mediates and case.state in rules.OPEN_STATES)
        party = _party(case, party)
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
        party = _party(case, party)
        party.consents.filter(stage=STAGE_OF_STATE[case.state], ended_at=None).update(
            ended_at=now, withdrawn=True
        )
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
    Consent.objects.filter(
        party__case=case, stage=STAGE_OF_STATE[case.state], ended_at=None
    ).update(ended_at=now)
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


def renew_consent(case: Case, *, by: Person, now: datetime) -> Case:
    """Let a frozen case go on as it was: everybody said yes again, alone."""
    with changing(case.pk, by=by, now=now) as (case, who):
        require(who.mediates and case.frozen_on is not None)
        refuse_if_any(obstacles_to_renew(case, day(now)))
        Case.objects.filter(pk=case.pk).update(frozen_on=None)
        case.frozen_on = None
        record(case, "stage_renewed", by=by, now=now)
        tell_everybody(case, "stage_renewed", now=now, key=f"renewed:{now.isoformat()}")
        return case


def state_harm(
    party: Party, *, by: Person, now: datetime, what: str, unit: str, amount: Any = None
) -> Harm:
    """Write down what a person harmed says was lost."""
    with changing(party.case_id, by=by, now=now) as (case, who):
        own = who.party is not None and who.party.pk == party.pk
        require((own or who.mediates) and party.role == Party.Role.HARMED)
        require(case.state in ("screening", "mediation", "council"))
        harm = Harm.objects.create(
            case=case, party=party, what=what, unit=unit, amount=amount, stated_on=day(now)
        )
        record(case, "harm_stated", by=by, now=now, harm=str(harm.pk))
        return harm


def write_note(
    case: Case, *, by: Person, now: datetime, room: str, text: str, party: Party | None = None
) -> Note:
    """Write in one room. Callers have asked whether this person may write there."""
    note = Note.objects.create(case=case, room=room, party=party, author=by, text=text, at=now)
    record(case, "note_written", by=by, now=now, room=room)
    return note


def write_statement(party: Party, *, by: Person, now: datetime, text: str) -> Note:
    """Write in one's own private room, which one's mediators read."""
    with changing(party.case_id, by=by, now=now) as (case, who):
        require(who.party is not None and who.party.pk == party.pk)
        return write_note(case, by=by, now=now, room="private", text=text, party=party)


def add_companion(
    party: Party, *, by: Person, now: datetime, role: str, name: str, language: str
) -> Participation:
    """Give a party a supporter or a guardian, until the eighteenth birthday where known."""
    with changing(party.case_id, by=by, now=now) as (case, who):
        require(who.mediates and case.state in rules.OPEN_STATES)
        party = _party(case, party)
        person = Person.objects.create_without_account(name=name, language=language)
        place = place_in(case, person, role, today=day(now), beside=party)
        record(case, "companion_added", by=by, now=now, party=str(party.pk), role=role)
        return place


def begin_reparation(case: Case, *, by: Person | None, now: datetime) -> None:
    """Follow an agreement that has come into force. Called with the case locked."""
    if case.state == Case.State.REPARATION:
        return
    case.state_since = day(now)
    move(case, "begin_reparation", also=["state_since"])
    record(case, "reparation_begun", by=by, now=now)


def ask_closing_word(party: Party, *, by: Person, now: datetime) -> Party:
    """Ask somebody for their last word; the person harmed is asked first."""
    with changing(party.case_id, by=by, now=now) as (case, who):
        require(who.mediates and case.state in rules.OPEN_STATES)
        refuse_if_any(obstacles_to_ask_closing_word(party, case, day(now)))
        party = _party(case, party)
        party.closing_word_asked_on = day(now)
        party.save(update_fields=["closing_word_asked_on"])
        record(case, "closing_word_asked", by=by, now=now, party=str(party.pk))
        tell_party(party, "closing_word_asked", case=case, now=now, key="closing-word")
        return party


def obstacles_to_ask_closing_word(party: Party, case: Case, today: date) -> list[Obstacle]:
    """Return why somebody is not asked yet: the person harmed comes first."""
    if party.role == Party.Role.HARMED:
        return []
    facts = facts_of(case, today)
    if any(one.role == Party.Role.HARMED and not one.word_asked for one in facts):
        return [Obstacle(code="harmed_word_first", cleared_by="mediator")]
    return []


def give_closing_word(party: Party, *, by: Person, now: datetime, text: str) -> Party:
    """Write one's last word on the case."""
    with changing(party.case_id, by=by, now=now) as (case, who):
        require(who.party is not None and who.party.pk == party.pk)
        party = _party(case, party)
        require(party.closing_word_asked_on is not None and case.state in rules.OPEN_STATES)
        party.closing_word = text
        party.save(update_fields=["closing_word"])
        record(case, "closing_word_given", by=by, now=now, party=str(party.pk))
        return party


def reopen(case: Case, *, by: Person, now: datetime, reason: str) -> Case:
    """Open a closed case again, with a reason; every consent is asked for afresh."""
    with changing(case.pk, by=by, now=now) as (case, who):
        require(who.coordinates)
        Consent.objects.filter(party__case=case, ended_at=None).update(ended_at=now)
        case.parties.update(assessed_on=None, closing_word_asked_on=None, safe_to_meet=False)
        case.state_since, case.closed_on, case.outcome = day(now), None, ""
        case.frozen_on = None
        move(case, "reopen", also=["state_since", "closed_on", "outcome", "frozen_on"])
        write_note(case, by=by, now=now, room="referral", text=reason)
        record(case, "case_reopened", by=by, now=now)
        return case
