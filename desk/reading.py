"""What a person finds on their desk, in a fixed number of queries however many cases.

Everything starts from ``held_by`` or ``steered_by``; titles stay sealed until a row is printed.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from agreements.models import Agreement, Commitment, Signature
from cases.access import Standing
from cases.models import Case, Consent, Participation, Party
from cases.rules import OPEN_STATES
from communities.rules import Offices
from councils.reading import StageNow, council_now, stage_words
from desk import rules
from desk.wording import WAITS
from journey.away import keep_away, with_absences
from journey.moves import Part
from journey.reading import Lines, latest_day, lines_for, what_then
from mediation.models import Mediation
from moves.days import in_words
from people.models import Person

PAGE = 50
CAP = 1000
OWED = ("promised", "underway", "disputed", "missed")
TO_CONFIRM = ("said_done", "unconfirmed")


@dataclass(frozen=True)
class Row:
    """One case on a desk: where it is in one line, and what it asks of this person."""

    case: Any
    lines: Lines
    yours: bool
    soon: bool
    dated: bool

    @property
    def line(self) -> str:
        urgent = _("Urgent.") if self.case.urgent else ""
        return " ".join(filter(None, (urgent, self.lines.where, self.lines.next)))

    @property
    def due(self) -> str:
        return _("By %(day)s") % {"day": self.lines.by_when} if self.dated else ""

    @property
    def reference(self) -> str:
        return self.case.reference

    @property
    def title(self) -> str:
        return self.case.title

    @property
    def url(self) -> str:
        return self.case.get_absolute_url()


@dataclass(frozen=True)
class Listed:
    """One page of rows. ``after`` is the cursor of the next page, "" on the last."""

    rows: list[Row] = field(default_factory=list)
    after: str = ""

    @property
    def waits_for_you(self) -> list[Row]:
        return [row for row in self.rows if row.yours]

    @property
    def waits_for_others(self) -> list[Row]:
        return [row for row in self.rows if not row.yours]

    @property
    def lapses_soon(self) -> list[Row]:
        return [row for row in self.rows if row.soon]


def page_of(cases: QuerySet[Case], after: str) -> tuple[list[Case], str]:
    """Return the page after this cursor, longest waiting first, and the next cursor.

    A cursor nobody gave out starts at the beginning.
    """
    day, _dot, reference = after.partition(".")
    try:
        since = date.fromisoformat(day)
    except ValueError:
        since = None
    # PostgreSQL refuses a NUL in a string; no reference holds a sign like it.
    if since and reference.isprintable():
        cases = cases.filter(
            Q(state_since__gt=since) | Q(state_since=since, reference__gt=reference)
        )
    found = list(cases.order_by("state_since", "reference")[: PAGE + 1])
    page = found[:PAGE]
    return page, f"{page[-1].state_since}.{page[-1].reference}" if len(found) > PAGE else ""


def _mediators(today: date, **more: Any) -> Exists:
    return Exists(
        Participation.objects.filter(
            Q(until=None) | Q(until__gte=today), case=OuterRef("pk"), role="mediator", **more
        )
    )


def _mediation_due() -> Subquery:
    """The last day of a case's newest mediation, without a query of its own."""
    found = Mediation.objects.filter(case=OuterRef("pk")).order_by("-began_on", "-pk")
    return Subquery(found.values("due_on")[:1])


def held(
    person: Person,
    *,
    today: date,
    offices: Offices | None = None,
    after: str = "",
    closed: bool = False,
) -> Listed:
    """Return one page of the cases this person was given sight of."""
    parts = Party.objects.filter(
        Q(person=person)
        | Q(companions__in=live_places(today).filter(person=person, role="guardian"))
    ).distinct()
    consents = Consent.objects.filter(ended_at=None)
    cases = (
        Case.objects.held_by(person, today=today, offices=offices)
        .select_related("charter_version")
        .prefetch_related(
            Prefetch(
                "parties",
                parts.prefetch_related(Prefetch("consents", consents, to_attr="live_consents")),
                to_attr="own_parts",
            )
        )
        .annotate(
            as_mediator=_mediators(today, person=person),
            mediation_due=_mediation_due(),
            **council_now(),
        )
    )
    cases = with_absences(cases.filter(state="closed") if closed else cases.open())
    page, following = page_of(cases, after)
    keep_away(page)
    agreements = _agreements(page, person)
    rows = []
    for case in page:
        agreement = agreements.get(case.pk)
        code = next(
            filter(None, (rules.waits_for(one) for one in _places(case, person, agreement))), ""
        )
        rows.append(_row(case, code, agreement, today=today))
    return Listed(rows, following)


def live_places(today: date) -> QuerySet[Participation]:
    return Participation.objects.filter(Q(until=None) | Q(until__gte=today))


def _places(case: Any, person: Person, agreement: Any) -> Iterable[rules.PlaceFacts]:
    """Yield this person's places in a case: their own part, whom they guard, their office."""
    stage = case.stage
    for part in case.own_parts:
        own = part.person_id == person.pk
        yield rules.PlaceFacts(
            state=case.state,
            frozen=case.frozen_on is not None,
            party=own,
            guardian=not own,
            spoken=part.reached_on is not None,
            consented=any(
                one.stage == stage and one.by_guardian is not own for one in part.live_consents
            ),
            word_asked=part.closing_word_asked_on is not None,
            word_given=bool(part.closing_word),
            agreement=agreement.state if agreement else "",
            waits_for_appeal=case.appeal_open,
            decided=bool(case.decided_course) and not (case.decided_effect or case.appeal_open),
            signed=bool(agreement and agreement.signed_by_me),
            owes=bool(agreement and agreement.owed_by_me),
            confirms=bool(agreement and agreement.confirmed_by_me),
        )
    yield rules.PlaceFacts(
        state=case.state,
        frozen=case.frozen_on is not None,
        mediator=case.as_mediator,
        agreement=agreement.state if agreement else "",
    )


def _agreements(page: list[Case], person: Person) -> dict[Any, Agreement]:
    """Return the live agreement of each case, and what it asks of this person."""
    if not page:
        return {}
    commitments = Commitment.objects.filter(agreement=OuterRef("pk"))
    found = (
        Agreement.objects.live()
        .exclude(state="drafting")
        .filter(case__in=[case.pk for case in page])
        .annotate(
            signed_by_me=Exists(
                Signature.objects.filter(agreement=OuterRef("pk"), signed_by=person)
            ),
            owed_by_me=Exists(commitments.filter(promised_by__person=person, state__in=OWED)),
            confirmed_by_me=Exists(
                commitments.filter(
                    promised_to__person=person, confirmed_by="harmed", state__in=TO_CONFIRM
                )
            ),
        )
    )
    return {agreement.case_id: agreement for agreement in found}


def _row(case: Any, code: str, agreement: Agreement | None, *, today: date) -> Row:
    parts = [Part("agreement", str(agreement.pk), agreement)] if agreement else []
    lines = lines_for(case, Standing(), parts, [], today)
    answering = agreement is not None and not case.appeal_open
    if case.state == "council" and case.council_state and not case.frozen_on and not answering:
        where, follows, acts = stage_words(_council_now(case, agreement))
        lines = replace(lines, where=where, next=follows, who=acts)
    until = None
    if case.state != "closed":
        until = latest_day(case, parts, case.charter_version.charter)
    waits_to_begin = agreement is None or agreement.state == "in_force"
    if case.state == "mediation" and case.frozen_on is None and waits_to_begin:
        until = case.mediation_due or until
    then = what_then(case, parts, case.charter_version.charter, today) if code else ""
    mine = replace(
        lines,
        next=f"{WAITS[code]} {then}".strip() if code else lines.next,
        who=_("You") if code else lines.who,
        by_when=in_words(until, today) if until else _("No date is set"),
    )
    soon = rules.lapses_soon(until, today=today)
    return Row(case, mine, yours=bool(code), soon=soon, dated=until is not None)


def _council_now(case: Any, agreement: Agreement | None) -> StageNow:
    return StageNow(
        council=case.council_state,
        draw=case.draw_state or "",
        hears_appeal=case.council_kind == "appeal",
        wider=case.council_kind == "wider",
        course=case.decided_course or "",
        in_effect=case.decided_effect,
        appealed=case.appeal_open,
        plan=agreement.state if agreement is not None else "",
    )


def steered(person: Person, *, today: date, after: str = "", only: str = "") -> Listed:
    """Return one page of the open cases of the communities this person coordinates.

    ``only`` is a state, or "without_mediator".
    """
    cases = (
        Case.objects.steered_by(person, today=today)
        .open()
        .select_related("charter_version")
        .annotate(has_mediator=_mediators(today), mediation_due=_mediation_due(), **council_now())
    )
    if only in OPEN_STATES:
        cases = cases.filter(state=only)
    elif only == "without_mediator":
        cases = cases.filter(has_mediator=False)
    page, following = page_of(with_absences(cases), after)
    keep_away(page)
    rows = []
    for case in page:
        facts = rules.PlaceFacts(
            state=case.state,
            frozen=case.frozen_on is not None,
            coordinator=True,
            council=case.council_state or "",  # type: ignore[attr-defined]
            draw=case.draw_state or "",  # type: ignore[attr-defined]
            waits_for_appeal=case.appeal_open,  # type: ignore[attr-defined]
            has_mediator=case.has_mediator,  # type: ignore[attr-defined]
        )
        code = rules.waits_for(facts)
        rows.append(_row(case, code, None, today=today))
    return Listed(rows, following)


@dataclass(frozen=True)
class Queue:
    """How many of a coordinator's cases stand in one state."""

    key: str
    label: str
    count: int

    @property
    def shown(self) -> str:
        return f"{CAP:,}+" if self.count > CAP else str(self.count)


def queues(person: Person, *, today: date, without_mediator: str) -> list[Queue]:
    """Return the coordinator's queues with counts that stop at the cap, in one query."""
    cases = Case.objects.steered_by(person, today=today)
    sets = {state: cases.filter(state=state) for state in OPEN_STATES}
    sets["without_mediator"] = cases.filter(state__in=("screening", "mediation")).filter(
        ~_mediators(today)
    )
    labels = {**dict(Case.State.choices), "without_mediator": without_mediator}
    counts = capped_counts(sets)
    return [Queue(key, str(labels[key]), counts[key]) for key in sets]


def capped_counts(sets: Mapping[str, QuerySet[Any]]) -> dict[str, int]:
    """Count several sets in one query, none further than one past the cap."""
    columns, params = [], []
    for queryset in sets.values():
        compiled = queryset.order_by().values("pk")[: CAP + 1].query
        sql, values = compiled.get_compiler(connection=connection).as_sql()
        columns.append(f"(SELECT COUNT(*) FROM ({sql}) AS counted)")
        params += values
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join(columns), params)
        return dict(zip(sets, cursor.fetchone(), strict=True))
