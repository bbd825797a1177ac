"""What a person reads on the case page: four lines, the path, rooms, people, history.

Everything here is made for one viewer; what they may not know is not made at all.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from agreements.models import Agreement, Commitment
from cases.access import Standing, open_places
from cases.forms import FLAGS
from cases.keeping import notes_of
from cases.models import Case, Note, Participation
from cases.moves import QUESTIONS
from cases.wording import REFERRAL, REFERRAL_SAID
from communities.charter import Charter
from councils.reading import lines_of_council
from journey import rules
from journey.away import away_of
from journey.moves import Part
from journey.wording import ALL_EVENTS
from mediation.models import Mediation
from moves.days import in_words
from moves.pages import ShownMove
from people.models import Person
from records.models import Access, Event


@dataclass(frozen=True)
class Lines:
    """Where it is, what comes next, who acts, by when."""

    where: str
    next: str
    who: str
    by_when: str


def stage_shown(case: Case, parts: Sequence[Part]) -> rules.StageFacts:
    """Return where a case stands, as far as these parts tell; what is not told goes on."""
    things = [part.thing for part in parts]
    mediations = [one for one in things if isinstance(one, Mediation)]
    agreements = [one for one in things if isinstance(one, Agreement)]
    promises = [one for one in things if isinstance(one, Commitment)]
    ended = [one.ended_on for one in mediations] + [one.ended_on for one in agreements]
    followed = [one.state for one in agreements if one.state in ("in_force", "fulfilled", "broken")]
    settled = followed[-1:] == ["fulfilled"]
    return rules.StageFacts(
        state=case.state,
        since=case.state_since,
        frozen_on=case.frozen_on,
        harmed_asked=case.harmed_asked_on is not None,
        answering=any(one.state in ("offered", "cooling_off") for one in agreements),
        mediation_open=any(one.is_open for one in mediations) or not mediations,
        over_on=max((one.state_since for one in promises), default=None)
        if case.state == "reparation"
        else max((one for one in ended if one), default=None),
        promises_open=not settled,
        holds=case.times_on_hold,
        away=away_of(case),
    )


def wait_shown(case: Case, parts: Sequence[Part], charter: Charter) -> rules.Wait | None:
    """Return what the case waits under, as far as these parts tell."""
    return rules.wait_of(stage_shown(case, parts), charter)


def latest_day(case: Case, parts: Sequence[Part], charter: Charter) -> date | None:
    """Return the day by which the present stage must move on, by the charter."""
    wait = wait_shown(case, parts, charter)
    if case.frozen_on is None:
        things = [part.thing for part in parts]
        if lasting := _last_of_answers(case, things, charter):
            return lasting
        if case.state == "mediation" and wait is None:
            days = [one.due_on for one in things if isinstance(one, Mediation)]
            return days[-1] if days else case.state_since + timedelta(days=charter.mediation_days)
        if case.state == "reparation":
            promises = [one for one in things if isinstance(one, Commitment)]
            waiting = [one.due_on for one in promises if one.state in ("promised", "underway")]
            if first := min((due for due in waiting if due), default=None):
                return first
    if wait is None:
        return None
    asked = case.asked_times if case.asked_about == wait.key else 0
    return wait.step_on(asked, charter) - timedelta(days=1)


def _last_of_answers(case: Case, things: Sequence[Any], charter: Charter) -> date | None:
    """Return the last day to sign, or to step back from, the newest agreement under way."""
    for one in reversed(things):
        if not isinstance(one, Agreement):
            continue
        if one.state == "cooling_off" and one.cooling_off_until:
            last, since = one.cooling_off_until, one.signed_on
        elif one.state == "offered" and one.offered_on:
            last, since = one.offered_on + timedelta(days=charter.offer_days), one.offered_on
        else:
            continue
        return case.moved_on(last + timedelta(days=1), since=since or last) - timedelta(days=1)
    return None


MEETING_MOVES = ("plan_meeting", "hold_meeting")


def what_then(case: Case, parts: Sequence[Part], charter: Charter, today: date) -> str:
    """Return, once its day is near, what follows when nobody acts until then; or ""."""
    facts = stage_shown(case, parts)
    if facts.answering and not case.frozen_on:
        offered = any(
            isinstance(part.thing, Agreement) and part.thing.state == "offered" for part in parts
        )
        return _("What is not signed by then lapses.") if offered else ""
    wait = rules.wait_of(facts, charter)
    if wait is None or today < wait.warned_on(charter):
        return ""
    if case.asked_about != wait.key:
        return _("After that day the coordinator is asked.")
    follow = {
        "screening": _("screening begins by itself."),
        "council": _("a Justice Council is to meet."),
        "no_contact": _("the case closes, because nobody was reached."),
        "settled": _("the case closes."),
        "": _("they are asked again."),
    }[rules.follows(facts)]
    return _(
        "The coordinator has been asked. If nobody acts by then, the community above is asked, "
        "where there is one; after that, %(what)s"
    ) % {"what": follow}


def lines_for(
    case: Case, who: Standing, parts: Sequence[Part], shown: Sequence[ShownMove], today: date
) -> Lines:
    """Return the four lines for this viewer."""
    where, follows, acts = _stage_words(case, parts)
    council = _of_council(case, who, parts, today)
    if council is not None:
        where, follows, acts = council.where, council.next, council.who
    # While an agreement is being answered, another meeting is possible but nobody waits for it.
    passed_over: tuple[str, ...] = MEETING_MOVES if _answered(parts) else ()
    if _answered(parts) and case.state == "council":
        # The council has decided: what they decide now is whether to sign.
        passed_over = ("give_consent",)
    mine = next(
        (
            move
            for move in shown
            if move.status == "available" and move.style == "main" and move.name not in passed_over
        ),
        None,
    )
    if case.forgotten_on is not None:
        day_said = in_words(case.forgotten_on, today)
        where += " " + _("Names and words were forgotten: %(day)s.") % {"day": day_said}
    if case.state == "closed":
        return Lines(where, _("Nothing more is asked of you."), _("Nobody"), _("No date"))
    if mine is not None:
        follows, acts = mine.label, _("You")
    charter = case.charter_version.charter
    then = what_then(case, parts, charter, today)
    if then and not follows.endswith("."):
        follows += "."
    follows = " ".join(filter(None, (follows, then)))
    if council is not None and council.by_when != _("No date is set"):
        return Lines(where, follows, acts, council.by_when)
    until = latest_day(case, parts, charter)
    return Lines(where, follows, acts, in_words(until, today) if until else _("No date is set"))


def _of_council(case: Case, who: Standing, parts: Sequence[Part], today: date) -> Any:
    """Return the lines of the council that acts now; None where an agreement is being answered."""
    if case.state != "council" or case.frozen_on:
        return None
    return None if _answered(parts) else lines_of_council([one.thing for one in parts], today, who)


def _answered(parts: Sequence[Part]) -> bool:
    """Say whether both sides are answering an agreement: one that waits for an appeal is not."""
    return any(
        isinstance(part.thing, Agreement)
        and part.thing.held_since is None
        and part.thing.state in ("offered", "cooling_off")
        for part in parts
    )


def _stage_words(case: Case, parts: Sequence[Part]) -> tuple[str, str, str]:
    if case.frozen_on:
        return (
            _("Everything is on hold."),
            _("The mediator speaks with each person, alone."),
            _("The mediator"),
        )
    agreement = next((p.thing for p in reversed(parts) if isinstance(p.thing, Agreement)), None)
    if case.state in ("mediation", "council") and agreement is not None and _answered(parts):
        if agreement.state == "offered" and case.state == "council":
            return (
                _("The council has decided. Its plan is on the table."),
                _("Both sides read the decision and say whether they sign its plan, or not."),
                _("Both sides"),
            )
        if agreement.state == "offered":
            return (
                _("An agreement is on the table."),
                _("Both sides read it and decide whether to sign."),
                _("Both sides"),
            )
        if agreement.state == "cooling_off":
            return (
                _("The agreement is signed."),
                _("Everybody may still step back. Then it takes effect."),
                _("Nobody needs to do anything"),
            )
    return {
        "reported": (
            _("We heard what happened."),
            _("Somebody takes the case on."),
            _("The coordinator"),
        ),
        "screening": (
            _("We are finding out whether it is safe, and who would like to take part."),
            _("A mediator speaks with each person, the person harmed first."),
            _("The mediator"),
        ),
        "mediation": (
            _("In mediation."),
            _("The mediator prepares the meetings with each of you."),
            _("The mediator"),
        ),
        "council": (
            _("Waiting for a Justice Council."),
            _("A council is drawn by lot."),
            _("The coordinator"),
        ),
        "reparation": (
            _("The plan is being kept."),
            _("What was promised is done, and confirmed."),
            _("Both sides"),
        ),
        "rehabilitation": (
            _("A placement is under way."),
            _("The council reviews it."),
            _("The council"),
        ),
        "closed": (
            _("Closed: %(outcome)s.") % {"outcome": case.get_outcome_display()},
            _("Nothing more is asked of you."),
            _("Nobody"),
        ),
    }[case.state]


@dataclass(frozen=True)
class Stage:
    label: str
    state: str
    date: str = ""


def path_of(case: Case, today: date) -> list[Stage]:
    """Return the drawn path of a case: what is behind, where it is, what may follow."""
    order = ["reported", "screening", "mediation", "reparation", "closed"]
    if case.state in ("council", "rehabilitation"):
        order.insert(3, case.state)
    here = order.index(case.state)
    labels = dict(Case.State.choices)
    return [
        Stage(
            label=str(labels[name]),
            state="here" if number == here else "done" if number < here else "ahead",
            date=in_words(case.state_since, today) if number == here else "",
        )
        for number, name in enumerate(order)
    ]


@dataclass(frozen=True)
class Item:
    when: str
    author: str
    text: str


@dataclass(frozen=True)
class Room:
    """A room this viewer may enter, who else reads it, and what lies in it."""

    key: str
    label: str
    readers: str
    items: list[Item] = field(default_factory=list)


def rooms_for(case: Case, who: Standing) -> list[tuple[str, str, Any]]:
    """Return the rooms this person may enter as (room, who reads it, party or None)."""
    rooms: list[tuple[str, str, Any]] = []
    if who.mediates or who.coordinates:
        rooms.append(("referral", _("The coordinator and the mediators"), None))
        rooms.append(("safety", _("The coordinator and the mediators"), None))
    for party in who.parties:
        own = who.party is not None and who.party.pk == party.pk
        if own or who.mediates:
            readers = (
                _("Only you and your mediators")
                if own
                else _("Only the mediators and the %(role)s") % {"role": party.get_role_display()}
            )
            rooms.append(("private", readers, party))
    if (who.mediates or who.sides()) and case.state not in ("reported", "screening"):
        rooms.append(("mediation", _("Both sides, those beside them, and the mediators"), None))
    return rooms


def read_rooms(case: Case, who: Standing) -> list[Room]:
    """Return the rooms with their notes, in one query."""
    notes: dict[tuple[str, Any], list[Note]] = {}
    entered = rooms_for(case, who)
    allowed = {(room, party.pk if party else None) for room, _readers, party in entered}
    for note in notes_of(case):
        if (note.room, note.party_id) in allowed:
            notes.setdefault((note.room, note.party_id), []).append(note)
    names = {party.person_id for party in who.parties}
    shown = []
    for room, readers, party in entered:
        key = (room, party.pk if party else None)
        label = str(dict(Note.Room.choices)[room])
        if party is not None and who.mediates:
            label = f"{label}: {party.person.name}"
        items = [
            Item(
                when=date_format(note.at, _("j F Y")),
                author=note.author.name if note.author_id in names or who.mediates else "",
                text=note.text,
            )
            for note in notes.get(key, [])
        ]
        if room == "safety":
            items = [*safety_of(who), *items]
        if room == "referral":
            items = [*referral_of(case), *items]
        shown.append(Room(key=room, label=label, readers=readers, items=items))
    return shown


def safety_of(who: Standing) -> list[Item]:
    """Return what was noted of each party's safety: how to reach them, flags and answers."""
    items = []
    flags, questions = dict(FLAGS), {one["code"]: one["text"] for one in QUESTIONS}
    for party in who.parties:
        said = [party.how_to_reach]
        if party.assessed_on:
            said.append(_("Safe to meet") if party.safe_to_meet else _("Not safe to meet now"))
        said += [str(flags.get(flag, flag)) for flag in party.safety_flags]
        answers = json.loads(party.safety_answers) if party.safety_answers else {}
        said += [f"{questions.get(code, code)} {text}" for code, text in answers.items() if text]
        if any(said):
            when = date_format(party.assessed_on, _("j F Y")) if party.assessed_on else ""
            items.append(
                Item(when=when, author=party.person.name, text="\n".join(filter(None, said)))
            )
    return items


CODED = ("source", "reporter_is", "danger_now")


def referral_of(case: Case) -> list[Item]:
    """Return what the referrer wrote beside the account, as one item."""
    beside = json.loads(case.referral) if case.referral else {}
    lines = [
        f"{REFERRAL.get(name, name)}: {_said(name, str(said))}"
        for name, said in beside.items()
        if said
    ]
    when = date_format(case.referred_on, _("j F Y")) if case.referred_on else ""
    return [Item(when=when, author="", text="\n".join(lines))] if lines else []


def _said(name: str, said: str) -> str:
    # Only what a form or a reader wrote as a code has words of ours; the rest is somebody's own.
    if name == "contact_kind":
        return str(dict(Person.Contact.choices).get(said, said))
    return str(REFERRAL_SAID.get(said, said)) if name in CODED else said


@dataclass(frozen=True)
class Someone:
    name: str
    role_label: str
    note: str = ""


def people_for(case: Case, who: Standing, today: date) -> list[Someone]:
    """Return who is in the case, as far as this viewer may know."""
    people = [
        Someone(party.person.name or _("Name removed"), str(party.get_role_display()))
        for party in who.parties
    ]
    for place in open_places(
        case, "mediator", "supporter", "guardian", "process_guardian", "council", today=today
    ):
        role = str(dict(Participation.Role.choices)[place.role])
        people.append(Someone(place.person.name or place.person.username, role))
    return people


# What is told of one side's preparation would tell the other side too much.
TOLD_TO_ALL = {
    "case_opened", "case_accepted", "stage_frozen", "stage_renewed", "reparation_begun",
    "case_closed", "case_reopened", "referred_to_council", "mediation_begun",
    "agreement_offered", "agreement_in_force", "council_formed", "council_seated",
    "draw_committed", "drawn", "draw_voided", "quotas_relaxed", "packet_made", "hearing_held",
    "deliberation_begun",
    "council_meets_again", "council_went_wider", "decision_adopted", "decision_in_effect",
    "decision_appealed", "appeal_withdrawn", "appeal_confirmed", "appeal_changed",
    "appeal_returned",
}  # fmt: skip


@dataclass(frozen=True)
class Happened:
    when: str
    text: str


def history_for(case: Case, who: Standing, limit: int = 40) -> list[Happened]:
    """Return the case's history in words, newest first."""
    events = Event.objects.filter(kind="case", subject_id=case.reference).order_by("-seq")
    if not (who.mediates or who.coordinates):
        events = events.filter(code__in=TOLD_TO_ALL)
    return [
        Happened(date_format(event.at, _("j F Y")), str(ALL_EVENTS.get(event.code, event.code)))
        for event in events[:limit]
    ]


def opened_by(case: Case, who: Standing, limit: int = 30) -> list[Happened]:
    """Return which office-holders opened this case, newest first, for its parties to read.

    Never when the other side signed in: only offices leave an access record.
    """
    if not who.sides():
        return []
    found = Access.objects.filter(case_reference=case.reference).order_by("-hour", "pk")
    # Once an hour, however many of its pages they opened.
    accesses = list({(one.hour, one.reader): one for one in found[: 4 * limit]}.values())[:limit]
    readers = Person.objects.in_bulk({access.reader for access in accesses})
    return [
        Happened(
            date_format(timezone.localtime(access.hour), _("l j F, H:i")),
            readers[access.reader].name if access.reader in readers else _("Name removed"),
        )
        for access in accesses
    ]
