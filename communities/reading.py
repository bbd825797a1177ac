"""What a person reads of a community that decides: made for one viewer, in plain words."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from communities import saying
from communities.actions import absences, amending, recalling, resting
from communities.bounds import BOUNDS
from communities.charter import Charter
from communities.models import Absence, CharterVersion, Community, Membership, Question, Terms
from communities.writing import day
from deliberation.models import BySupermajority, Proposal, Turn
from deliberation.querysets import counting, living
from deliberation.reading.comparing import Segment, compare
from moves.days import in_words
from people.models import Person

LISTED = 10


@dataclass(frozen=True)
class Row:
    """One question in a list: what it is, how far it is, and by when something ends."""

    title: str
    where: str
    by_when: str
    url: str


@dataclass(frozen=True)
class Office:
    """Who holds an office, and until when."""

    name: str
    office: str
    until: str


@dataclass(frozen=True)
class RuleLine:
    """One rule of a charter as it stands, and where its value comes from."""

    label: str
    value: str
    source: str
    trial: str


@dataclass(frozen=True)
class Change:
    """One rule, as it was and as it would be, word by word."""

    label: str
    pieces: list[Segment]


@dataclass(frozen=True)
class Version:
    """One version of a charter, and what it changed."""

    number: int
    since: str
    why: str
    url: str
    changes: list[Change] = field(default_factory=list)


# ── A community ──────────────────────────────────────────────────────────────


def offices_of(community: Community, today: date) -> list[Office]:
    """Return who holds which office in a community."""
    held = Membership.objects.in_office(today).filter(community=community)
    return [
        Office(one.person.name, str(saying.OFFICES[one.role]), in_words(one.until, today))
        for one in held.select_related("person")
        if one.until is not None
    ]


@dataclass(frozen=True)
class Away:
    """When the coordinators of a community step back: the first and the last day, in words."""

    from_on: str
    until: str


def away_in(community: Community, today: date) -> Away | None:
    """Return when the coordinators step back, to come or now; None where nothing is announced."""
    found = absences.announced(community, today)
    return None if found is None else away_in_words(found, today)


def away_in_words(found: Absence, today: date) -> Away:
    """Return the days of an announced time as people say them."""
    return Away(in_words(found.from_on, today), in_words(found.until, today))


def vote_rests_until(community: Community, person: Person, today: date) -> str:
    """Return through which day this person lets their vote rest here; "" where it counts."""
    found = resting.resting(community, person, today)
    return in_words(found.until, today) if found else ""


def questions_of(
    community: Community, person: Person, today: date, *, over: bool = False
) -> list[Row]:
    """Return what a community is asked, or was: the newest, in a constant number of queries."""
    found = Question.objects.of(community).visible_to(person)
    found = found.over() if over else found.open()
    newest = list(
        found.select_related("person", "community")
        .prefetch_related("terms", "askings__proposal__by_consent")
        .prefetch_related("askings__proposal__by_supermajority")
        .order_by("-at", "pk")[:LISTED]
    )
    return [row_of(one, community, today) for one in newest]


def row_of(question: Question, community: Community, today: date) -> Row:
    """Return one question as a line of a list."""
    url = reverse("communities:question", args=[community.slug, question.pk])
    where, until = str(question.get_state_display()), question.deadline
    for asking in question.askings.all():
        if asking.community_id == community.pk and not asking.proposal.outcome:
            process = process_of(asking.proposal)
            where, until = str(process.get_state_display()), process.deadline
    ended = question.ended_at
    when = in_words(day(until), today) if until else ""
    return Row(
        title=title_of(question),
        where=where,
        by_when=in_words(day(ended), today) if ended else when,
        url=url,
    )


def process_of(proposal: Proposal) -> Any:
    """Return a proposal's machine, from what was fetched with it."""
    found = getattr(proposal, "by_consent", None)
    return found if found is not None else proposal.by_supermajority


def title_of(question: Question) -> str:
    """Return what a question is about, in one line."""
    kind = question.kind
    if kind == Question.Kind.CHARTER:
        terms = [one for one in question.terms.all() if one.version == 1]
        rules = ", ".join(str(saying.RULES[rule]) for rule in terms[0].data["changes"])
        return _("The charter: %(rules)s") % {"rules": rules}
    if kind == Question.Kind.CARRIED:
        return _("A question from another circle")
    assert question.person is not None
    said = {"name": question.person.name, "office": saying.OFFICES[question.office]}
    if kind == Question.Kind.ELECTION:
        return _("%(name)s as %(office)s") % said
    return _("Recall of %(name)s as %(office)s") % said


# ── The charter ──────────────────────────────────────────────────────────────


def charter_of(community: Community, today: date) -> list[tuple[str, list[RuleLine]]]:
    """Return the charter in force in plain words, under headings, with where each value is from."""
    version = community.charter_now()
    standing, origin = version.charter.as_data(), origins(community)
    trials = {one.rule: one.on for one in community.trials.filter(ended_at=None)}
    return [
        (
            str(group),
            [
                _line(rule, standing[rule], origin.get(rule), trials.get(rule), today)
                for rule in rules
            ],
        )
        for group, rules in saying.GROUPS.items()
    ]


def _line(
    rule: str, said: Any, origin: CharterVersion | None, trial: date | None, today: date
) -> RuleLine:
    source = _("Default: %(source)s") % {"source": saying.source(rule)}
    if origin is not None:
        since = date_format(origin.from_on, _("j F Y"))
        source = _("Version %(number)d, since %(day)s") % {"number": origin.number, "day": since}
    return RuleLine(
        label=str(saying.RULES[rule]),
        value=saying.value(rule, said),
        source=source,
        trial=_("On trial until %(day)s") % {"day": in_words(trial, today)} if trial else "",
    )


def origins(community: Community) -> dict[str, CharterVersion]:
    """Return {rule: version} of what a version of this community made other than the default."""
    found: dict[str, CharterVersion] = {}
    before = Charter().as_data()
    for version in community.charters.order_by("number"):
        after = version.charter.as_data()
        for rule in amending.rules.really_changed(before, after):
            found[rule] = version
        before = after
    return found


def versions_of(community: Community, today: date) -> list[Version]:
    """Return the newest versions of a charter, each compared with the one before it."""
    newest = list(community.charters.select_related("question").order_by("-number")[: LISTED + 1])
    found = []
    for version, before in zip(newest, [*newest[1:], None], strict=True):
        if before is None and len(newest) > LISTED:
            break
        old = before.charter.as_data() if before else Charter().as_data()
        question = version.question
        found.append(
            Version(
                number=version.number,
                since=in_words(version.from_on, today),
                why=_why(version, first=before is None),
                url=""
                if question is None
                else reverse("communities:question", args=[community.slug, question.pk]),
                changes=changes_between(old, version.charter.as_data()),
            )
        )
    return found


def _why(version: CharterVersion, *, first: bool) -> str:
    if version.question is not None:
        return _("Adopted by the members")
    return _("The first version") if first else _("A rule on trial ended")


def changes_between(old: dict[str, Any], new: dict[str, Any]) -> list[Change]:
    """Return each rule that differs, compared word by word."""
    return [
        Change(
            str(saying.RULES[rule]),
            compare(saying.value(rule, old[rule]), saying.value(rule, said)),
        )
        for rule, said in amending.rules.really_changed(old, new).items()
        if rule in BOUNDS
    ]


# ── A question ───────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Beside:
    """What stands beside the proposal of a question, for everybody who may read it."""

    title: str
    kind: str
    lines: list[tuple[str, str]]
    changes: list[Change] = field(default_factory=list)
    trials: list[str] = field(default_factory=list)
    reason: str = ""
    word: str = ""
    void: bool = False
    word_of: str = ""
    answers: Sequence["Answer"] = ()


@dataclass(frozen=True)
class Answer:
    """What one of several circles says, or the wider one, with where it is read."""

    name: str
    said: str
    url: str


def beside(question: Question, proposal: Proposal | None, person: Person, now: datetime) -> Beside:
    """Return what stands beside the proposal of one question."""
    terms = _terms(question, proposal)
    today = day(now)
    changes: list[Change] = []
    trials: list[str] = []
    if question.kind == Question.Kind.CHARTER and terms is not None:
        changes, trials = _charter_changes(question, terms)
    waits = proposal is None
    heard = question.kind == Question.Kind.RECALL
    return Beside(
        title=title_of(question),
        kind=str(question.get_kind_display()),
        lines=_lines(question, today),
        void=question.state == Question.State.VOID,
        changes=changes,
        trials=trials,
        # Before there is a proposal, the reason stands alone.
        reason=terms.reason if waits and terms is not None else "",
        word=question.word if heard else "",
        word_of=question.person.name if heard and question.person is not None else "",
        answers=_answers(question, proposal, person),
    )


def _terms(question: Question, proposal: Proposal | None) -> Terms | None:
    if proposal is None or not amending.is_structured(question):
        return question.terms.filter(version=1).first()
    return amending.terms_standing(question, proposal)


def _charter_changes(question: Question, terms: Terms) -> tuple[list[Change], list[str]]:
    """Return what would change of the charter as it stands now, or changed when it was adopted."""
    adopted = question.versions.order_by("number").first()
    if adopted is not None:
        earlier = question.community.charters.filter(number__lt=adopted.number)
        before = earlier.order_by("-number").first()
        standing = before.charter.as_data() if before else Charter().as_data()
    else:
        standing = amending.rules_of(question.community)
    changes = changes_between(standing, {**standing, **terms.data["changes"]})
    return changes, [
        saying.line(rule, terms.data["changes"][rule], on)
        for rule, on in terms.data["trials"].items()
    ]


def _lines(question: Question, today: date) -> list[tuple[str, str]]:
    found = [(_("Where it is"), str(question.get_state_display()))]
    if question.deadline is not None:
        found.append((_("By when"), in_words(day(question.deadline), today)))
    return found


def _answers(question: Question, proposal: Proposal | None, person: Person) -> list[Answer]:
    """Return the answers of the other circles: of each community asked, or the wider one's."""
    if proposal is not None:
        carried = Question.objects.filter(carried=proposal, askings__isnull=False)
        found = [
            Answer(one.community.name, str(one.get_state_display()), one.get_absolute_url())
            for one in carried.select_related("community")
        ]
        if found or proposal.combined_id is None:
            return found
    askings = question.askings.select_related("community", "proposal").order_by("community__slug")
    return [
        Answer(
            one.community.name,
            str(one.proposal.get_outcome_display() or _("Still deciding")),
            "",
        )
        for one in askings
    ]


# ── What somebody brought from outside ───────────────────────────────────────


@dataclass(frozen=True)
class Brought:
    """A recall that somebody brought from outside: how far it is, and nothing of what is said."""

    title: str
    community: str
    lines: list[tuple[str, str]]
    reason: str


def brought(question: Question, now: datetime) -> Brought:
    """Return what who brought a recall from outside reads of it."""
    return Brought(
        title=title_of(question),
        community=question.community.name,
        lines=_lines(question, day(now)),
        reason=question.terms.get(version=1).reason,
    )


def brought_by(person: Person, today: date) -> list[Row]:
    """Return the recalls somebody brought from outside, the newest first."""
    found = recalling.brought_by(person).select_related("person", "community")
    return [
        Row(
            title=title_of(one),
            where=str(one.get_state_display()),
            by_when=in_words(day(one.deadline), today) if one.deadline else "",
            url=reverse("communities:recall", args=[one.pk]),
        )
        for one in found.order_by("-at", "pk")[:LISTED]
    ]


# ── What waits for somebody ──────────────────────────────────────────────────


def waits_for(person: Person, now: datetime) -> list[Row]:
    """Return the questions that wait for this person, in a constant number of queries."""
    today = day(now)
    asked = Q(state__in=("asked", "hearing"), person=person)
    voting = Q(askings__proposal__in=_to_vote_on(person, now))
    turns = Turn.objects.filter(state="waiting", voice__person=person, round__closed_at=None)
    speaking = Q(askings__proposal__in=turns.values("round__process__proposal"))
    found = (
        Question.objects.open()
        .filter(asked | voting | speaking)
        .distinct()
        .select_related("person", "community")
        .prefetch_related("terms", "askings__community", "askings__proposal__by_consent")
        .prefetch_related("askings__proposal__by_supermajority")
        .order_by("at", "pk")[:LISTED]
    )
    if not (questions := list(found)):
        return []
    own = set(
        Membership.objects.live(today).filter(person=person).values_list("community", flat=True)
    )
    return [row_of(one, _seen_from(one, own), today) for one in questions]


def _to_vote_on(person: Person, now: datetime) -> Any:
    """Return the proposals on which this person has not voted yet in the ballot that is open."""
    open_now = BySupermajority.objects.filter(
        counting(now, "proposal__circle__voices__"), proposal__circle__voices__person=person,
        ballots__closed_at=None, ballots__isnull=False,
    )  # fmt: skip
    voted = BySupermajority.objects.filter(
        living(now, "proposal__circle__voices__"),
        ballots__closed_at=None,
        ballots__votes__voice__person=person,
    )
    return open_now.exclude(pk__in=voted.values("pk")).values("proposal")


def _seen_from(question: Question, own: set[int]) -> Community:
    """Return the community on whose page this person reads a question."""
    for asking in question.askings.all():
        if asking.community_id in own:
            return asking.community
    return question.community
