"""Weeks in which coordinators step back, as far as cases go: who is told, and what came of it.

Called by the clock. Who has an open case is told once before, and once it is over; what went on
meanwhile is then counted from the record, by role and never by name, and becomes a public figure.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from cases.models import Case, Participation, Party
from cases.writing import day, moment_of, tell_party
from communities.actions import absences
from communities.models import Absence, Membership
from communities.writing import locked
from councils.models import Appeal, Council
from journey import rules
from notices.actions import tell
from records.models import Event

BATCH = 500


def due(now: datetime) -> dict[str, int]:
    """Tell of every absence what is to be told now, and count what is over; once each."""
    counts: Counter[str] = Counter()
    today = day(now)
    for absence in list(Absence.objects.ahead(today).select_related("community")):
        begun = moment_of(absence.from_on)
        if absence.told_at is None or absence.told_at < begun <= now:
            counts["absences_told"] += _tell_ahead(absence, now=now)
    for absence in list(Absence.objects.to_end(today).select_related("community")):
        counts["absences_over"] += _end(absence, now=now)
    return dict(counts)


# ── Who is told ──────────────────────────────────────────────────────────────


def _tell_ahead(absence: Absence, *, now: datetime) -> int:
    """Tell who has an open case; again when it begins, for who was spoken with since."""
    said: dict[str, Any] = {**absences.days_of(absence, absence.community)}
    told = _tell_in_cases(absence, "absence_announced", key="ahead", now=now, **said)
    Absence.objects.filter(pk=absence.pk).update(told_at=now)
    return told


def _tell_in_cases(absence: Absence, code: str, *, key: str, now: datetime, **said: Any) -> int:
    """Tell the people of each open case: who was spoken with, who stands beside them, mediators."""
    told = 0
    key = f"absence:{absence.pk}:{key}"
    for case in Case.objects.open().filter(steering=absence.community).iterator(chunk_size=BATCH):
        with transaction.atomic():
            spoken = case.parties.filter(reached_on__isnull=False).select_related("person")
            for party in spoken:
                told += tell_party(party, code, case=case, now=now, key=key, **said)
            for place in _mediating(case, day(now)):
                one = tell(
                    place.person, code, case_reference=case.reference,
                    key=f"{case.reference}:{key}:{place.person_id}", now=now, **said,
                )  # fmt: skip
                told += one is not None
    return told


def _mediating(case: Case, today: date) -> QuerySet[Participation]:
    live = Q(until=None) | Q(until__gte=today)
    return case.participations.filter(live, role="mediator").select_related("person")


def _end(absence: Absence, *, now: datetime) -> bool:
    """Say that an absence is over, dated when it was, and keep what was counted of it.

    People are told first, each once: where this is cut short, the next tick tells the rest.
    """
    begun = absence.from_on < absence.back_on
    at = absence.called_off_at or moment_of(absence.back_on)
    if absence.told_at is not None:
        code = "absence_over" if begun else "absence_off"
        _tell_in_cases(absence, code, key="over", now=at, of=absence.community.name)
    with transaction.atomic():
        community = locked(absence.community_id)
        absence = Absence.objects.get(pk=absence.pk)
        if absence.ended_at is not None:
            return False
        absence.community = community
        absences.end(absence, counted=count(absence) if begun else None, at=at)
        return True


# ── What came of it ──────────────────────────────────────────────────────────


def count(absence: Absence) -> dict[str, Any]:
    """Return {"cases", "waited", "went_on", "by": {role: cases}} of an absence that is over.

    Of every case of this community, or led there, that was open in these weeks: how many waited
    for a coordinator, in how many others somebody took a step, and in how many which role did.
    """
    cases = _open_then(absence)
    steps = _steps(absence, cases)
    waiting = set(_waiting(cases))
    went_on = {pk for pk, roles in steps.items() if roles and pk not in waiting}
    by: Counter[str] = Counter(role for roles in steps.values() for role in roles)
    return {
        "cases": len(cases),
        "waited": len(waiting),
        "went_on": len(went_on),
        "by": dict(sorted(by.items())),
    }


def _open_then(absence: Absence) -> list[Case]:
    here = Q(community=absence.community) | Q(steering=absence.community)
    lasting = Q(closed_on=None) | Q(closed_on__gte=absence.from_on)
    return list(Case.objects.filter(here, lasting, opened_on__lt=absence.back_on))


def _waiting(cases: list[Case]) -> Iterable[Any]:
    """Yield the ids of those whose next step is a coordinator's and nobody else's."""
    councils = Council.objects.live().filter(case=OuterRef("pk"))
    appeals = Appeal.objects.filter(decision__council__case=OuterRef("pk"), state="open")
    mediating = Participation.objects.filter(case=OuterRef("pk"), role="mediator", until=None)
    for some in _batches([case.pk for case in cases]):
        found = Case.objects.filter(pk__in=some).annotate(
            mediated=Exists(mediating),
            sits=Exists(councils.filter(appeal_of=None)),
            hears_appeal=Exists(councils.exclude(appeal_of=None)),
            appealed=Exists(appeals),
        )
        for case in found:
            facts = rules.NextStep(
                state=case.state,
                mediated=case.mediated,
                sits=case.sits,
                appealed=case.appealed and not case.hears_appeal,
                frozen=case.frozen_on is not None,
            )
            if rules.waits_for_coordinator(facts):
                yield case.pk


def _batches(things: list[Any]) -> Iterable[list[Any]]:
    return (things[start : start + BATCH] for start in range(0, len(things), BATCH))


def _steps(absence: Absence, cases: list[Case]) -> dict[Any, set[str]]:
    """Return {case: the roles in which somebody took a step in these weeks}, by the record."""
    by_reference = {case.reference: case.pk for case in cases}
    taken: dict[Any, set[str]] = {}
    first, after = moment_of(absence.from_on), moment_of(absence.back_on)
    for some in _batches(list(by_reference)):
        pks = [by_reference[one] for one in some]
        roles = _roles(absence, pks)
        events = Event.objects.filter(
            kind="case", subject_id__in=some, at__gte=first, at__lt=after
        ).exclude(by="")
        for reference, by in events.values_list("subject_id", "by").distinct():
            pk = by_reference[reference]
            taken.setdefault(pk, set()).add(roles.get((pk, by), "other"))
    return taken


def _roles(absence: Absence, cases: list[Any]) -> dict[tuple[Any, str], str]:
    """Return {(case, person): role} of everybody who had a place in these cases then."""
    live = Membership.objects.filter(
        Q(until=None) | Q(until__gte=absence.from_on), community=absence.community,
        role="coordinator", from_on__lt=absence.back_on,
    )  # fmt: skip
    coordinators = [str(pk) for pk in live.values_list("person_id", flat=True)]
    found = {(case, person): "coordinator" for case in cases for person in coordinators}
    places = Participation.objects.filter(case__in=cases, from_on__lt=absence.back_on)
    for case, person, role in places.values_list("case_id", "person_id", "role"):
        found[case, str(person)] = rules.role_counted(role)
    for case, person in Party.objects.filter(case__in=cases).values_list("case_id", "person_id"):
        found[case, str(person)] = "party"
    return found
