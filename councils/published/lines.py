"""Where a published draw is, what comes next, who acts, by when."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from cases.writing import day
from councils import rules
from councils.models import Draw
from moves.days import in_words


def at_words(moment: datetime, now: datetime) -> str:
    """Return a moment as people say it, with its time of day and the time's zone."""
    local = timezone.localtime(moment)
    return _("%(day)s, at %(time)s (%(zone)s)") % {
        "day": in_words(day(moment), day(now)),
        "time": date_format(local, "H:i"),
        "zone": local.tzname(),
    }


@dataclass(frozen=True)
class Lines:
    """Where the draw is, what comes next, who acts, by when."""

    where: str
    next: str
    who: str
    by_when: str


def lines_of(draw: Draw, now: datetime) -> Lines:
    """Return the four lines of a published draw."""
    today = day(now)
    if draw.state == Draw.State.VOID:
        assert draw.voided_at is not None
        return Lines(
            _("Void since %(day)s. It does not count.")
            % {"day": in_words(day(draw.voided_at), today)},
            _("A new draw, with a page of its own, where one is still needed."),
            _("Who runs the draw"),
            _("No date is set"),
        )
    if draw.state == Draw.State.COMMITTED:
        return _lines_of_waiting(draw, now)
    assert draw.drawn_at is not None
    where = _("Drawn on %(day)s.") % {"day": in_words(day(draw.drawn_at), today)}
    days = draw.council.charter_version.charter.accept_seat_days
    until = rules.answer_by(day(draw.drawn_at), days=days)
    if draw.panel and today <= until:
        return Lines(
            where,
            _("Each person drawn is asked, and says yes or no."),
            _("The people drawn"),
            in_words(until, today),
        )
    return Lines(where, _("It can be checked, at any time."), _("Anybody"), _("No date is set"))


def _lines_of_waiting(draw: Draw, now: datetime) -> Lines:
    assert draw.committed_at is not None
    assert draw.beacon_at is not None
    where = _("Published on %(day)s. It waits for its randomness.") % {
        "day": in_words(day(draw.committed_at), day(now))
    }
    if draw.reveal_by is not None and now <= draw.reveal_by:
        return Lines(
            where,
            _("Who put a secret number into the draw shows it. Then the rest is awaited."),
            _("Who put a number into the draw"),
            at_words(draw.reveal_by, now),
        )
    if now < draw.beacon_at:
        return Lines(
            where,
            _("The randomness that was announced comes to exist. It decides."),
            _("Nobody can: that is why it decides"),
            at_words(draw.beacon_at, now),
        )
    return Lines(
        where,
        _("The randomness that was announced is written down. It decides."),
        _("Who runs the draw"),
        _("It exists since %(moment)s") % {"moment": at_words(draw.beacon_at, now)},
    )
