"""What a person reads of a placement and of a house: made for them, and nothing beside it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from cases.access import Standing
from cases.models import Case
from cases.writing import day
from communities.models import Community
from councils.models import SafetyFinding
from deliberation import reading as rounds
from deliberation.moves import scene_now
from moves.core import Move
from moves.days import in_words
from moves.pages import ShownMove
from people.models import Person
from rehabilitation import rules
from rehabilitation.access import HouseSight, Sight, house_sight, sight_of
from rehabilitation.actions import houses as house_actions
from rehabilitation.actions import placing, staying
from rehabilitation.models import (
    CheckIn,
    House,
    HouseOffice,
    HouseQuestion,
    Incident,
    Measure,
    Placement,
    PlacementChallenge,
    Review,
    SupportCircle,
    Visit,
    Wish,
)
from rehabilitation.moves import Part, things_of
from rehabilitation.texts import challenge_words
from rehabilitation.words import RIGHTS_IN_WORDS

Shower = Callable[[Sequence[Move]], list[ShownMove]]
EARLY = ("reported", "screening", "mediation")


# ── Which placements somebody may know of ────────────────────────────────────


def placements_of(case: Case, who: Standing, *, now: datetime) -> list[Placement]:
    """Return the placements of a case that this person may know of, for its page."""
    if case.state in EARLY or who.person_id is None:
        return []
    found = list(
        Placement.objects.filter(case=case).select_related(
            "decision__council", "party__person", "person", "house__community", "moving_to"
        )
    )
    if not found:
        return []
    person, today = Person.objects.get(pk=who.person_id), day(now)
    shown = []
    for placement in found:
        placement.case = case
        if sight_of(person, placement, today=today, who=who).knows:
            shown.append(placement)
    return shown


# ── Where it stands ──────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Lines:
    """Where it is, what comes next, who acts, by when."""

    where: str
    next: str
    who: str
    by_when: str


def lines_of(placement: Placement, today: date) -> Lines:
    """Return the four lines of a placement, by its days: what ``tick`` has not written yet, too."""
    freedom = placement.freedom
    if freedom is None or freedom.on <= today:
        return _over(placement, freedom, today)
    until = in_words(freedom.on, today)
    if placement.state == "proposed":
        if placement.accepted_on is None and placement.order_until is None:
            return Lines(
                _("A place is proposed. Nobody lives there yet."),
                _("The person says yes or no, freely."), _("The resident"), until,
            )  # fmt: skip
        return Lines(
            _("A place is proposed, and can begin."),
            _("The house welcomes the person, once nothing stands in the way."),
            _("The steward"), until,
        )  # fmt: skip
    where = _("Placed for some days.") if placement.state == "interim" else _("Placed.")
    following = {
        "review_missed": (_("The council reviews it. If it does not, the person is free."),
                          _("The council")),
        "interim_over": (_("It begins for its time, or the person is free."), _("The steward")),
        "release_decided": (_("The person is free: the council has released."), _("Nobody")),
        "order_over": (_("The order ends, and the person is free."), _("Nobody")),
    }.get(freedom.why, (_("It ends, and the person is free."), _("Nobody")))  # fmt: skip
    return Lines(where, *following, until)


def _over(placement: Placement, freedom: rules.Freedom | None, today: date) -> Lines:
    """Say that somebody is free, since when and why, whether or not it was written down yet."""
    why = freedom.why if freedom is not None else placement.why_ended
    on = freedom.on if freedom is not None else placement.ended_on
    assert on is not None
    since, reason = in_words(on, today), str(dict(Placement.Why.choices)[why])
    if placement.is_guest(today):
        assert placement.guest_until is not None
        return Lines(
            _("A guest, by their own wish."), _("They can leave at any time."),
            _("The resident"), in_words(placement.guest_until, today),
        )  # fmt: skip
    if not placement.has_begun:
        where = _("Nobody was placed: %(why)s.") % {"why": reason}
    else:
        where = _("Free since %(day)s: %(why)s.") % {"day": since, "why": reason}
    return Lines(where, _("Nothing more is asked of anybody."), _("Nobody"), _("No date"))


@dataclass(frozen=True)
class Threat:
    """What the council found, for who reads the room."""

    threat: str
    alternatives: list[tuple[str, str]]
    limits: str
    aims: str


def threat_of(placement: Placement) -> Threat | None:
    """Return why a council asks for this place, in its own words."""
    found = SafetyFinding.objects.filter(decision=placement.decision_id).first()
    finding = placing.finding_of(placement.decision)
    if found is None or finding is None:
        return None
    return Threat(found.threat, list(finding.alternatives), found.limits, found.aims)


@dataclass(frozen=True)
class Dated:
    """One day of a placement, and what it is."""

    label: str
    day: str


def days_of(placement: Placement, today: date) -> list[Dated]:
    """Return the days that bound a placement, in their order."""
    days = [
        (_("Proposed"), placement.proposed_on),
        (_("Accepted"), placement.accepted_on),
        (_("The order it stands on ends"), placement.order_until),
        (_("Began"), placement.starts_on),
        (_("The first days end"), placement.interim_until),
        (_("Next review, at the latest"), placement.review_on if placement.ended_on is None
         else None),
        (_("Released from"), placement.release_on),
        (_("Ends, at the latest"), placement.ends_on),
        (_("Free since"), placement.ended_on),
        (_("Guest until"), placement.guest_until),
    ]  # fmt: skip
    return [Dated(label, in_words(on, today)) for label, on in days if on is not None]


# ── The page of a placement ──────────────────────────────────────────────────


@dataclass(frozen=True)
class Said:
    """One thing on the page: a title, what was said, and the resident's own word beside it."""

    kind: str
    id: str
    title: str
    note: str = ""
    text: str = ""
    text_by: str = ""
    own: str = ""
    own_label: str = ""
    moves: Sequence[ShownMove] = ()
    rounds: Sequence[Any] = ()
    more: Sequence[tuple[str, str]] = field(default=())


def _when(at: datetime) -> str:
    return date_format(timezone.localtime(at), _("j F Y"))


def said_of(
    part: Part, moves: Sequence[ShownMove], *, today: date, rounds_shown: Sequence[Any] = ()
) -> Said:
    """Return one thing of a placement, ready for its page and for the API."""
    thing = part.thing
    if isinstance(thing, Measure):
        return _measure(thing, moves, today)
    if isinstance(thing, CheckIn):
        return Said(
            part.part, part.id, _("Check-in of %(day)s") % {"day": _when(thing.at)},
            text=thing.words, text_by=_("The steward"), own=thing.own_word,
            own_label=_("The resident’s own word"), moves=moves,
        )  # fmt: skip
    if isinstance(thing, Visit):
        visited = date_format(thing.visited_on, _("j F Y"))
        return Said(
            part.part, part.id, _("Visit of %(day)s") % {"day": visited}, text=thing.words,
            text_by=_("The independent visitor"), own=thing.own_word,
            own_label=_("The resident’s own word"), moves=moves,
        )  # fmt: skip
    if isinstance(thing, Incident):
        happened = date_format(thing.happened_on, _("j F Y"))
        return Said(
            part.part, part.id, _("Something that went wrong, %(day)s") % {"day": happened},
            text=thing.house_account, text_by=_("The account of the house"),
            own=thing.own_account, own_label=_("The resident’s own account"), moves=moves,
        )  # fmt: skip
    if isinstance(thing, Wish):
        return _wish(thing, moves, today)
    if isinstance(thing, Review):
        return _review(thing, moves, rounds_shown, today)
    return _challenge(thing, moves)


def _measure(one: Measure, moves: Sequence[ShownMove], today: date) -> Said:
    agreed = {True: _("The resident said yes."), False: _("The resident said no."),
              None: _("The resident has not answered yet.")}[one.agreed]  # fmt: skip
    holds = _("It holds today.") if one.holds(today) else _("It does not hold today.")
    until = _("From %(first)s to %(last)s.") % {
        "first": date_format(one.from_on, _("j F Y")),
        "last": date_format(one.last_day, _("j F Y")),
    }
    offered = _("Offered by %(who)s.") % {"who": one.offered_by}
    return Said(
        "measure", str(one.pk), str(one.get_kind_display()).capitalize(),
        note=" ".join((until, offered, agreed, holds)),
        text="\n\n".join(filter(None, (one.aim, one.reason))), text_by=_("What it is for"),
        own=one.own_word, own_label=_("The resident’s own word"), moves=moves,
    )  # fmt: skip


def _wish(one: Wish, moves: Sequence[ShownMove], today: date) -> Said:
    state = str(one.get_state_display())
    if one.state == Wish.State.OPEN:
        state = _("An answer is due: %(day)s.") % {"day": in_words(one.answer_by, today)}
    more = _("It is with the independent visitor.") if one.further_at else ""
    return Said(
        "wish", str(one.pk), str(one.get_kind_display()).capitalize(),
        note=" ".join(filter(None, (_when(one.at) + ".", state, more))),
        text=one.answer, text_by=_("The answer"), own=one.words,
        own_label=_("The resident’s own word"), moves=moves,
    )  # fmt: skip


def _review(
    one: Review, moves: Sequence[ShownMove], rounds_shown: Sequence[Any], today: date
) -> Said:
    hearing = one.challenge_id is not None
    title = _("Hearing of a challenge") if hearing else _("Review")
    due = _("It is to be held by %(day)s.") % {"day": in_words(one.due_on, today)}
    state = str(one.get_state_display())
    beside = _("Beside the resident: %(name)s") % {"name": one.supporter} if one.supporter else ""
    note = " ".join(filter(None, (f"{state}.", "" if one.held_on else due, beside)))
    return Said(
        "review", str(one.pk), title, note=note, text=one.packet,
        text_by=_("The words of the house"), own=one.own_word,
        own_label=_("The resident’s own word"), moves=moves, rounds=rounds_shown,
        more=[(str(course.get_kind_display()), course.proposal.text) for course in adopted(one)],
    )  # fmt: skip


def adopted(review: Review) -> list[Any]:
    """Return the course a review came to, with its reasons."""
    found = review.courses.exclude(adopted_on=None).select_related("proposal")
    return list(found)


def _challenge(one: PlacementChallenge, moves: Sequence[ShownMove]) -> Said:
    state = str(one.get_state_display())
    return Said(
        "placement_challenge", str(one.pk), _("A challenge: %(what)s")
        % {"what": one.get_ground_display()},
        note=f"{_when(one.at)}. {state}.", text=one.reasons, text_by=_("What was answered"),
        own=one.words, own_label=_("The resident’s own word"), moves=moves,
    )  # fmt: skip


def rounds_of(
    review: Review, person: Person, show: Callable[[Part], list[ShownMove]], *, now: datetime
) -> list[Any]:
    """Return the proposals of a review's circle as this person sees them, the newest first."""
    if review.circle is None:
        return []
    shown = []
    for proposal in review.circle.proposals.order_by("-at"):
        scene = scene_now(proposal, person, now=now)
        if scene.voice is None and not scene.guides:
            continue
        shown.append(
            rounds.shown(
                scene, now=now,
                moves=lambda part: show(Part(part.part, part.id, part.thing, review)),
            )
        )  # fmt: skip
    return shown


# ── The house ────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Spot:
    """One place of a house in its picture."""

    state: str
    x: int
    label: str


@dataclass(frozen=True)
class Occupancy:
    """How full a house is: a picture, and the same in words."""

    spots: list[Spot]
    width: int
    words: str


SPOT = 44


def occupancy_of(house: House, today: date) -> Occupancy:
    """Return how many places of a house are taken today, and how many are free. No names."""
    living = Placement.objects.living(today).filter(house=house)
    guests = living.filter(state="guest").count()
    placed = living.count() - guests
    states = rules.shares_out(house.places, placed, guests)
    labels = {"placed": _("taken"), "guest": _("a guest"), "free": _("free")}
    words = _("%(places)d places: %(placed)d taken, %(guests)d with a guest, %(free)d free") % {
        "places": house.places, "placed": placed, "guests": guests,
        "free": states.count("free"),
    }  # fmt: skip
    spots = [Spot(one, SPOT * n, labels[one]) for n, one in enumerate(states)]
    return Occupancy(spots, SPOT * len(states), words)


@dataclass(frozen=True)
class Rule:
    """A rule of a house, or one that is struck, with its words."""

    id: str
    text: str
    since: str
    struck: str
    moves: Sequence[ShownMove] = ()


def rules_shown(
    house: House, moves: Callable[[HouseQuestion], list[ShownMove]], today: date
) -> list[Rule]:
    """Return the rules of a house, with those a visitor struck and why."""
    found = house.questions.filter(
        kind=HouseQuestion.Kind.RULE, adopted_on__isnull=False, repealed_on=None
    ).select_related("proposal")
    shown = []
    for one in found:
        assert one.adopted_on is not None
        struck = ""
        if one.struck_on is not None:
            right = str(RIGHTS_IN_WORDS[one.struck_right])
            struck = _("It holds no more: it went below “%(right)s”. %(why)s") % {
                "right": right, "why": one.struck_because,
            }  # fmt: skip
        since = in_words(one.adopted_on, today)
        shown.append(Rule(str(one.pk), one.proposal.text, since, struck, moves(one)))
    return shown


@dataclass(frozen=True)
class Serving:
    name: str
    role: str
    until: str


def serving(house: House, today: date) -> list[Serving]:
    """Return who serves in a house today, and until when."""
    offices = HouseOffice.objects.live(today).filter(house=house).select_related("person")
    return [
        Serving(
            one.person.name or one.person.username, str(one.get_role_display()),
            in_words(one.until, today),
        )
        for one in offices
    ]  # fmt: skip


@dataclass(frozen=True)
class Living:
    """One placement in a list: who, where it stands, and its page."""

    name: str
    lines: Lines
    url: str


def living_for(house: House, person: Person, today: date) -> list[Living]:
    """Return the placements in a house that this person reads."""
    found = Placement.objects.read_by(person, today=today).filter(house=house)
    rows = found.select_related("person", "decision", "house")
    return [
        Living(one.person.name, lines_of(one, today), one.get_absolute_url())
        for one in rows
        if one.is_open(today) or one.state == "guest" or one.person_id == person.pk
    ]


# ── The desk ─────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Card:
    """Something around placements on a person's desk."""

    id: str
    title: str
    url: str
    lines: Lines


def cards_for(person: Person, today: date) -> list[Card]:
    """Return what of houses and placements stands on this person's desk."""
    cards = [*_own_cards(person, today), *_house_cards(person, today)]
    shown = {one.id for one in cards}
    council = Placement.objects.for_council(person, today=today).open()
    for one in council.select_related("person", "decision", "house"):
        if str(one.pk) not in shown:
            cards.append(
                Card(str(one.pk), _("A placement before your council"), one.get_absolute_url(),
                     lines_of(one, today))
            )  # fmt: skip
    return [*cards, *_coordinator_cards(person, today), *_support_cards(person, today)]


def _own_cards(person: Person, today: date) -> list[Card]:
    own = Placement.objects.for_resident(person).select_related("decision", "house", "person")
    titles = {"proposed": _("A place is proposed to you"), "guest": _("Your stay as a guest")}
    return [
        Card(str(one.pk), titles.get(one.state, _("Your place in a house")),
             one.get_absolute_url(), lines_of(one, today))
        for one in own
        if one.state in (*rules.OPEN, "guest") or (one.has_begun and _recent(one, today))
    ]  # fmt: skip


def _recent(placement: Placement, today: date) -> bool:
    return placement.ended_on is not None and (today - placement.ended_on).days <= 30


def _house_cards(person: Person, today: date) -> list[Card]:
    offices = HouseOffice.objects.live(today).filter(person=person).select_related("house")
    cards = []
    for office in offices:
        places = occupancy_of(office.house, today).words
        waiting = Placement.objects.for_house_staff(person, today=today).filter(house=office.house)
        freedoms = [
            one.freedom.on
            for one in waiting.open().select_related("decision")
            if one.freedom is not None and one.freedom.on > today
        ]
        soonest = min(freedoms, default=None)
        by_when = in_words(soonest, today) if soonest else _("No date is set")
        role = str(office.get_role_display())
        cards.append(
            Card(
                str(office.pk), f"{office.house.name}: {role}", office.house.get_absolute_url(),
                Lines(places, _("See who lives there, and what comes next for each."),
                      _("You"), by_when),
            )
        )  # fmt: skip
    return cards


def _coordinator_cards(person: Person, today: date) -> list[Card]:
    communities = Community.objects.coordinated_by(person, today)
    houses = House.objects.open(today).filter(community__in=communities.values("pk"))
    return [
        Card(
            house.slug, house.name, house.get_absolute_url(),
            Lines(occupancy_of(house, today).words,
                  _("See who serves there and until when."), _("The steward"),
                  _("No date is set")),
        )
        for house in houses
    ]  # fmt: skip


def _support_cards(person: Person, today: date) -> list[Card]:
    return [
        Card(
            f"support-{one.pk}", _("A circle of support"),
            reverse("rehabilitation:support", args=[one.circle_id]),
            Lines(
                _("You go along.") if one.accepted_on else _("You are asked to go along."),
                _("You meet, until its last day."), _("You"),
                in_words(one.circle.until, today),
            ),
        )
        for one in staying.own_circles(person, today)
    ]  # fmt: skip


__all__ = [
    "Card", "HouseSight", "Lines", "Living", "Occupancy", "Rule", "Said", "Serving", "Sight",
    "SupportCircle", "adopted", "cards_for", "challenge_words", "days_of", "house_actions",
    "house_sight", "lines_of", "living_for", "occupancy_of", "placements_of", "rounds_of",
    "rules_shown", "said_of", "serving", "sight_of", "things_of", "threat_of",
]  # fmt: skip
