"""What was written around a placement, the resident's own word beside everything else."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from deliberation import reading as rounds
from deliberation.moves import scene_now
from moves.days import in_words
from moves.pages import ShownMove
from people.models import Person
from rehabilitation.access import Sight
from rehabilitation.actions import staying
from rehabilitation.models import (
    CheckIn,
    Incident,
    Measure,
    Placement,
    PlacementChallenge,
    Review,
    SupportCircle,
    Visit,
    Wish,
)
from rehabilitation.moves import Part

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


def challenge_known(part: Part, moves: Sequence[ShownMove]) -> Said:
    """Return a challenge for who draws the council that hears it: that it waits, and no words."""
    return Said(
        part.part, part.id, _("A challenge waits to be heard"),
        note=_("By people who were not involved. Its words are theirs to read."), moves=moves,
    )  # fmt: skip


# ── Going along ──────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Support:
    """A circle of support as who is in it sees it."""

    url: str
    until: str
    lasts: bool
    members: list[tuple[str, bool]]
    meetings: list[Any]


def support_shown(circle: SupportCircle, today: date, *, inside: bool) -> Support:
    """Return a circle of support; its meetings only for who is in it."""
    members = circle.members.select_related("person")
    return Support(
        reverse("rehabilitation:support", args=[circle.pk]),
        in_words(circle.until, today),
        staying.circle_lasts(circle, today),
        [(one.person.name or one.person.username, one.accepted_on is not None) for one in members],
        list(circle.meetings.order_by("-held_on", "-at")) if inside else [],
    )


def support_of(placement: Placement) -> Support | None:
    """Return the resident's own circle of support, None where there is none."""
    circle = staying.circle_of(placement)
    today = timezone.localdate()
    return None if circle is None else support_shown(circle, today, inside=True)


# ── Papers ───────────────────────────────────────────────────────────────────


def papers_for(placement: Placement, sight: Sight) -> list[tuple[str, str]]:
    """Return (label, address) of the papers of a placement that this person may print."""
    found = []
    if sight.reads:
        found.append((_("Placement paper, with how to challenge it"), "placement"))
    if sight.reads and placement.has_begun:
        found.append((_("Review packet"), "review"))
    if sight.reads and placement.ended_on is not None and placement.has_begun:
        found.append((_("Letter of release"), "release"))
    return [
        (label, reverse("rehabilitation:paper", args=[placement.house.slug, placement.pk, paper]))
        for label, paper in found
    ]
