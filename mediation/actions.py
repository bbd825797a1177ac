"""What mediators and coordinators do around a mediation.

Each action is one transaction under the case's lock. ``agreed``, ``start`` and ``stop`` are
called by what drives the whole case, with the case locked already.
"""

from collections import Counter
from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import prefetch_related_objects

from cases import actions as case_actions
from cases.access import end_place, open_places, require, sync_permissions
from cases.actions import obstacles_on_hold as frozen
from cases.keeping import kept, ties_of
from cases.models import Case, Note, Participation, Party
from cases.rules import MEDIATION, moved_on
from cases.writing import changing, day, moment_of, record, tell_everybody
from mediation import rules
from mediation.models import Mediation, Meeting
from mediation.rules import Candidate
from moves.core import Blocked, Obstacle, refuse_if_any
from moves.machine import already_moved, move
from notices.actions import tell
from people.models import Person
from people.rules import obstacles_of_licence

# What a safety assessment can flag that asks for a licence covering violence.
VIOLENCE = frozenset({"violence_at_home", "stalking", "threat", "weapon"})
ASSIGNABLE = (Case.State.SCREENING, Case.State.MEDIATION)


def current(case: Case) -> Mediation | None:
    """Return the case's open mediation, or else its latest; None before the first."""
    latest = Mediation.objects.filter(case=case)
    return latest.open().first() or latest.first()


def mediations_of(case: Case) -> list[Mediation]:
    """Return every mediation of a case, the first first."""

    def read() -> list[Mediation]:
        found = list(Mediation.objects.filter(case=case).order_by("began_on", "pk"))
        for mediation in found:
            mediation.case = case
        return found

    return kept(case, "mediations", read)


def has_open(case: Case) -> bool:
    """Say whether a mediation of this case is under way."""
    return any(one.is_open for one in mediations_of(case))


def meetings_of(mediation: Mediation) -> list[Meeting]:
    """Return all meetings of a mediation, the earliest first, cancelled ones too."""
    return list(mediation.meetings.all())


def planned_of(mediation: Mediation) -> list[Meeting]:
    """Return its meetings neither held nor cancelled, the earliest first."""
    return [one for one in meetings_of(mediation) if one.held_on is None and not one.cancelled]


def mediators_of(case: Case) -> list[Person]:
    """Return who mediates this case now."""
    places = case.participations.all()
    return [place.person for place in places if place.role == "mediator" and place.until is None]


# ── Who mediates ─────────────────────────────────────────────────────────────


def _obstacles_of(
    person: Person, *, parties: list[Party], tied: set[Any], assigned: set[Any], today: date
) -> list[Obstacle]:
    minor = any(party.is_minor(today) or "minor" in party.safety_flags for party in parties)
    violence = any(VIOLENCE & set(party.safety_flags) for party in parties)
    return rules.obstacles_of_candidate(
        obstacles_of_licence(
            list(person.licences.all()), minor=minor, violence=violence, today=today
        ),
        tied=person.pk in tied,
        party=person.pk in {party.person_id for party in parties},
        assigned=person.pk in assigned,
    )


def _assess(case: Case, people: list[Person], today: date) -> list[tuple[Person, list[Obstacle]]]:
    prefetch_related_objects(people, "licences")
    parties = list(case.parties.all())
    ties = ties_of(case, today)
    beside = {place.person_id for place in open_places(case, *Participation.BESIDE, today=today)}
    # Who stands beside a party is as little impartial as somebody tied to one.
    tied = beside.union(ties, *ties.values())
    assigned = {person.pk for person in mediators_of(case)}
    return [
        (
            person,
            _obstacles_of(person, parties=parties, tied=tied, assigned=assigned, today=today),
        )
        for person in people
    ]


def candidates(case: Case, today: date) -> list[tuple[Person, Candidate]]:
    """Return every licensed person with what speaks for and against them, best first."""
    people = list(Person.objects.licensed(today))
    load = Counter(
        Participation.objects.filter(role="mediator", until=None, person__in=people)
        .exclude(case__state=Case.State.CLOSED)
        .values_list("person_id", flat=True)
    )
    languages = [party.person.language for party in case.parties.all()]
    found = {
        str(person.pk): (
            person,
            Candidate(
                key=str(person.pk),
                name=person.name or person.username,
                load=load[person.pk],
                speaks=languages.count(person.language),
                obstacles=tuple(obstacles),
            ),
        )
        for person, obstacles in _assess(case, people, today)
    }
    ordered = rules.in_order([candidate for _person, candidate in found.values()])
    return [found[candidate.key] for candidate in ordered]


def obstacles_to_assign(case: Case, among: Collection[Candidate]) -> list[Obstacle]:
    """Return why nobody can be assigned now."""
    return frozen(case) + rules.obstacles_to_assign(among)


def assign_mediator(case: Case, *, by: Person, now: datetime, mediator: Person) -> Participation:
    """Give a case a mediator who is licensed for it and has no tie to anybody in it."""
    with changing(case.pk, by=by, now=now) as (case, who):
        require(who.coordinates and case.state in ASSIGNABLE)
        refuse_if_any(frozen(case))
        mediator = Person.objects.get(pk=mediator.pk)
        [(_person, obstacles)] = _assess(case, [mediator], day(now))
        refuse_if_any(obstacles)
        place = Participation.objects.create(
            case=case, person=mediator, role=Participation.Role.MEDIATOR, from_on=day(now)
        )
        sync_permissions(case, mediator)
        record(case, "mediator_assigned", by=by, now=now, mediator=str(mediator.pk))
        tell(
            mediator, "mediator_assigned", case_reference=case.reference,
            key=f"{case.reference}:assigned:{place.pk}", now=now,
        )  # fmt: skip
        return place


def obstacles_to_release(case: Case) -> list[Obstacle]:
    """Return why no mediator can be released now."""
    return frozen(case) + rules.obstacles_to_release(
        mediators=len(mediators_of(case)),
        mediation_open=has_open(case),
    )


def release_mediator(case: Case, *, by: Person, now: datetime, mediator: Person) -> Case:
    """End a mediator's place in a case. They stop seeing it at once."""
    with changing(case.pk, by=by, now=now) as (case, who):
        require(who.coordinates and case.state in ASSIGNABLE)
        refuse_if_any(obstacles_to_release(case))
        place = case.participations.filter(role="mediator", until=None, person=mediator).first()
        if place is None:
            raise Blocked([already_moved()])
        key = f"{case.reference}:released:{place.pk}"
        end_place(place, today=day(now))
        record(case, "mediator_released", by=by, now=now, mediator=str(mediator.pk))
        # Without the reference: they can no longer open the case.
        tell(place.person, "mediator_released", case_reference="", key=key, now=now)
        return case


# ── The mediation itself ─────────────────────────────────────────────────────


def obstacles_to_begin(case: Case, today: date) -> list[Obstacle]:
    """Return why mediation may not begin, each reason once: the case's, and the licences'."""
    found = {one.code: one for one in case_actions.obstacles_to_begin(case, today)}
    for _person, obstacles in _assess(case, mediators_of(case), today):
        for one in obstacles:
            if one.code != "mediator_assigned_already":
                found.setdefault(one.code, one)
    return list(found.values())


def start(case: Case, *, by: Person | None, now: datetime) -> Mediation:
    """Open a mediation in a locked case that has just come to mediation."""
    stop(case, by=by, now=now)
    today = day(now)
    mediation = Mediation(
        case=case,
        began_on=today,
        due_on=rules.day_after(today, days=case.charter_version.charter.mediation_days),
    )
    mediation.save(force_insert=True)
    record(case, "mediation_begun", by=by, now=now, mediation=str(mediation.pk))
    tell_everybody(case, "mediation_begun", now=now, key=f"mediation-begun:{mediation.pk}")
    return mediation


def begin_mediation(case: Case, *, by: Person, now: datetime) -> Mediation:
    """Begin mediation: everybody is reached, safe, asked and willing."""
    with changing(case.pk, by=by, now=now) as (case, who):
        require(who.mediates and case.state == Case.State.SCREENING)
        refuse_if_any(obstacles_to_begin(case, day(now)))
        case.state_since = day(now)
        move(case, "begin_mediation", also=["state_since"])
        return start(case, by=by, now=now)


def _open(case: Case, mediation: Mediation) -> Mediation:
    """Return the mediation, locked and fresh. Raise Hidden unless it is open in mediation."""
    found = Mediation.objects.select_for_update(of=("self",)).filter(pk=mediation.pk, case=case)
    fresh = found.open().first()
    require(fresh is not None and case.state == MEDIATION)
    assert fresh is not None
    return fresh


def obstacles_to_plan(
    mediation: Mediation, case: Case, at: datetime, today: date
) -> list[Obstacle]:
    """Return why no meeting can be planned for this moment."""
    return frozen(case) + rules.obstacles_to_plan(day(at), due_on=mediation.due_on, today=today)


def obstacles_to_any_meeting(mediation: Mediation, case: Case, today: date) -> list[Obstacle]:
    """Return why a meeting can be planned for no day: on hold, or the last day has gone by."""
    return frozen(case) + rules.obstacles_to_plan(today, due_on=mediation.due_on, today=today)


def plan_meeting(
    mediation: Mediation, *, by: Person, now: datetime, at: datetime, place: str
) -> Meeting:
    """Plan a meeting. Both sides are told that there is one; when and where is read here."""
    with changing(mediation.case_id, by=by, now=now) as (case, who):
        require(who.mediates)
        mediation = _open(case, mediation)
        refuse_if_any(obstacles_to_plan(mediation, case, at, day(now)))
        meeting = Meeting.objects.create(mediation=mediation, at=at, place=place)
        record(case, "meeting_planned", by=by, now=now, meeting=str(meeting.pk))
        tell_everybody(case, "meeting_planned", now=now, key=f"meeting:{meeting.pk}")
        return meeting


def cancel_meeting(mediation: Mediation, *, by: Person, now: datetime, meeting: Meeting) -> Meeting:
    """Call a planned meeting off."""
    with changing(mediation.case_id, by=by, now=now) as (case, who):
        require(who.mediates)
        mediation = _open(case, mediation)
        refuse_if_any(frozen(case))
        rows = mediation.meetings.planned().filter(pk=meeting.pk).update(cancelled=True)
        if rows != 1:
            raise Blocked([already_moved()])
        record(case, "meeting_cancelled", by=by, now=now, meeting=str(meeting.pk))
        tell_everybody(case, "meeting_cancelled", now=now, key=f"meeting-off:{meeting.pk}")
        return Meeting.objects.get(pk=meeting.pk)


def obstacles_to_hold(mediation: Mediation, case: Case, today: date) -> list[Obstacle]:
    """Return why no meeting can be noted as held today."""
    planned = planned_of(mediation)
    first = day(planned[0].at) if planned else None
    return frozen(case) + rules.obstacles_to_hold(first, today=today)


def hold_meeting(
    mediation: Mediation, *, by: Person, now: datetime, shared_note: str = ""
) -> Meeting:
    """Note that the next planned meeting was held, and what both sides may keep of it."""
    with changing(mediation.case_id, by=by, now=now) as (case, who):
        require(who.mediates)
        mediation = _open(case, mediation)
        refuse_if_any(obstacles_to_hold(mediation, case, day(now)))
        meeting = mediation.meetings.planned()[0]
        Meeting.objects.filter(pk=meeting.pk).update(held_on=day(now))
        meeting.held_on = day(now)
        if mediation.state == Mediation.State.PREPARING:
            move(mediation, "meet")
        record(case, "meeting_held", by=by, now=now, meeting=str(meeting.pk))
        if shared_note:
            case_actions.write_note(case, by=by, now=now, room="mediation", text=shared_note)
        return meeting


def obstacles_to_extend(mediation: Mediation, case: Case) -> list[Obstacle]:
    """Return why the time cannot be extended."""
    return frozen(case) + rules.obstacles_to_extend(extended_on=mediation.extended_on)


def extend_mediation(mediation: Mediation, *, by: Person, now: datetime) -> Mediation:
    """Move the last day, once, by what the charter gives."""
    with changing(mediation.case_id, by=by, now=now) as (case, who):
        require(who.mediates)
        mediation = _open(case, mediation)
        refuse_if_any(obstacles_to_extend(mediation, case))
        days = case.charter_version.charter.mediation_extension_days
        mediation.extended_on = day(now)
        mediation.due_on = rules.day_after(mediation.due_on, days=days)
        mediation.save(update_fields=["extended_on", "due_on"])
        record(case, "mediation_extended", by=by, now=now, due_on=mediation.due_on.isoformat())
        tell_everybody(case, "mediation_extended", now=now, key=f"extended:{mediation.pk}")
        return mediation


def end_without_agreement(
    mediation: Mediation, *, by: Person, now: datetime, reason: str
) -> Mediation:
    """End a mediation that has found no agreement. Both sides read the reason."""
    with changing(mediation.case_id, by=by, now=now) as (case, who):
        require(who.mediates)
        mediation = _open(case, mediation)
        refuse_if_any(frozen(case))
        case_actions.write_note(case, by=by, now=now, room="mediation", text=reason)
        _end(mediation, "end_without_agreement", on=day(now))
        record(case, "mediation_ended", by=by, now=now, mediation=str(mediation.pk))
        tell_everybody(case, "mediation_ended", now=now, key=f"mediation-ended:{mediation.pk}")
        return mediation


def _end(mediation: Mediation, transition: str, *, on: date) -> None:
    """End a mediation through this transition; what was still planned is off."""
    mediation.ended_on = on
    move(mediation, transition, also=["ended_on"])
    mediation.meetings.planned().update(cancelled=True)


def agreed(case: Case, *, by: Person | None, now: datetime) -> Mediation | None:
    """Follow an agreement everybody has signed. Called with the case locked.

    Returns None, and changes nothing, where no mediation is open.
    """
    mediation = Mediation.objects.filter(case=case).open().first()
    if mediation is None:
        return None
    _end(mediation, "agree", on=day(now))
    record(case, "mediation_agreed", by=by, now=now, mediation=str(mediation.pk))
    return mediation


def give_back(case: Case, *, began: date, now: datetime) -> None:
    """Move an open mediation's last day on by the time on hold. Called with the case locked.

    One whose last day had gone by before the hold began keeps it.
    """
    mediation = Mediation.objects.filter(case=case).open().first()
    if mediation is None or day(now) == began:
        return
    after = rules.day_after(mediation.due_on, days=1)
    moved = moved_on(after, since=mediation.began_on, holds=[(began, day(now))])
    mediation.due_on = rules.day_after(moved, days=-1)
    mediation.save(update_fields=["due_on"])
    record(case, "mediation_moved_on", by=None, now=now, due_on=mediation.due_on.isoformat())


def stop(case: Case, *, by: Person | None, now: datetime) -> Mediation | None:
    """Stop what is open when the case goes elsewhere or closes. Called with the case locked.

    Returns None, and changes nothing, where no mediation is open.
    """
    mediation = Mediation.objects.filter(case=case).open().first()
    if mediation is None:
        return None
    _end(mediation, "stop", on=day(now))
    record(case, "mediation_stopped", by=by, now=now, mediation=str(mediation.pk))
    return mediation


# ── What is written ──────────────────────────────────────────────────────────


def write_shared_note(mediation: Mediation, *, by: Person, now: datetime, text: str) -> Note:
    """Write what both sides read."""
    with changing(mediation.case_id, by=by, now=now) as (case, who):
        require(who.mediates)
        _open(case, mediation)
        refuse_if_any(frozen(case))
        return case_actions.write_note(case, by=by, now=now, room="mediation", text=text)


def write_private_note(
    mediation: Mediation, *, by: Person, now: datetime, party: Party, text: str
) -> Note:
    """Write what one party told the mediators; the other side never reads it."""
    with changing(mediation.case_id, by=by, now=now) as (case, who):
        require(who.mediates and party.pk in {one.pk for one in who.parties})
        _open(case, mediation)
        refuse_if_any(frozen(case))
        return case_actions.write_note(case, by=by, now=now, room="private", text=text, party=party)


# ── Nothing waits for ever ───────────────────────────────────────────────────


def due(now: datetime, *, keep: Collection[Any] = ()) -> dict[str, int]:
    """Warn of last days that come near, and end what is past its last day.

    Cases on hold are left alone, and so are the cases (pks) to ``keep``, where an answer
    is under way. Safe to run at any time and again; returns how many were warned and ended.
    """
    today, done = day(now), {"mediation_warned": 0, "mediation_ended": 0}
    running = Mediation.objects.running().exclude(case__in=list(keep))
    for pk, case_pk in list(running.order_by("due_on", "pk").values_list("pk", "case_id")):
        with transaction.atomic():
            case = (
                Case.objects.select_for_update(of=("self",))
                .select_related("charter_version")
                .get(pk=case_pk)
            )
            mediation = Mediation.objects.running().filter(pk=pk).first()
            if mediation is None:
                continue
            warning_days = case.charter_version.charter.warning_days
            if rules.is_lapsed(mediation.due_on, today=today):
                _lapse(case, mediation, now=now)
                done["mediation_ended"] += 1
            elif rules.is_warned(mediation.due_on, today=today, warning_days=warning_days):
                done["mediation_warned"] += bool(_warn(case, mediation, now=now))
    return done


def _lapse(case: Case, mediation: Mediation, *, now: datetime) -> None:
    """End a mediation whose last day has gone by, dated when it was due."""
    first_day_after = rules.day_after(mediation.due_on, days=1)
    moment = moment_of(first_day_after)
    _end(mediation, "end_without_agreement", on=mediation.due_on)
    record(case, "mediation_lapsed", by=None, now=moment, mediation=str(mediation.pk))
    tell_everybody(case, "mediation_lapsed", now=now, key=f"mediation-ended:{mediation.pk}")


def _warn(case: Case, mediation: Mediation, *, now: datetime) -> int:
    """Tell the mediators, once for each last day; return how many were told."""
    key = f"{case.reference}:due:{mediation.pk}:{mediation.due_on}"
    told = [
        tell(
            person, "mediation_due_soon", case_reference=case.reference,
            key=f"{key}:{person.pk}", now=now,
        )
        for person in mediators_of(case)
    ]  # fmt: skip
    return sum(notice is not None for notice in told)
