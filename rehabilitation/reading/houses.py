"""A house: how full it is, its rules, and who serves and lives there."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext as _

from moves.days import in_words
from moves.pages import ShownMove
from people.models import Person
from rehabilitation import rules
from rehabilitation.actions import placing
from rehabilitation.models import House, HouseOffice, HouseQuestion, Placement
from rehabilitation.reading.placements import Lines, lines_of
from rehabilitation.words import RIGHTS_IN_WORDS

# ── The house ────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Spot:
    """One place of a house in its picture."""

    state: str
    x: int
    label: str

    @property
    def middle(self) -> int:
        return self.x + WIDE // 2


@dataclass(frozen=True)
class Occupancy:
    """How full a house is: a picture, and the same in words."""

    spots: list[Spot]
    width: int
    words: str


SPOT, WIDE = 44, 36


def occupancy_of(house: House, today: date) -> Occupancy:
    """Return how many places of a house are taken today, and how many are free. No names."""
    living = Placement.objects.living(today).filter(house=house)
    guests = living.filter(state="guest").count()
    # A place that is kept for somebody who is to move here is not free for anybody else.
    placed = placing.taken(house, today) - guests
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


def _coming(placement: Placement, today: date) -> Lines:
    """Return the four lines of somebody who lives in another house and said yes to moving here."""
    assert placement.move_until is not None
    return Lines(
        _("To move here from another house."),
        _("The house welcomes the person, once nothing stands in the way."), _("The steward"),
        in_words(placement.move_until, today),
    )  # fmt: skip


def living_for(house: House, person: Person, today: date) -> list[Living]:
    """Return the placements in a house that this person reads."""
    found = Placement.objects.read_by(person, today=today).filter(
        Q(house=house) | Q(moving_to=house, move_until__gte=today)
    )
    rows = found.select_related("person", "decision", "house")
    return [
        Living(
            one.person.name,
            lines_of(one, today) if one.house_id == house.pk else _coming(one, today),
            one.get_absolute_url(),
        )
        for one in rows
        if one.is_open(today) or one.state == "guest" or one.person_id == person.pk
    ]
