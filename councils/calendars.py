"""A hearing for somebody's calendar. It gives nothing away: no name, and not what it is about.

Source: RFC 5545 (iCalendar) and RFC 5546 (REQUEST, CANCEL, SEQUENCE). There is no ORGANIZER and
no ATTENDEE, though RFC 5546 has them: either would say whose appointment this is.
"""

from datetime import UTC, datetime

from django.utils.translation import gettext as _
from icalendar import STATUS, Calendar, Event

from councils.models import Hearing


def calendar_of(hearing: Hearing, *, on_hold: bool, now: datetime) -> bytes:
    """Return a hearing as an ``.ics`` file, times in UTC.

    The same UID for every change, and SEQUENCE counts them; one that was called off is a CANCEL,
    and one of a case on hold is tentative.
    """
    off = hearing.state == Hearing.State.CANCELLED
    status = STATUS.CANCELLED if off else STATUS.TENTATIVE if on_hold else STATUS.CONFIRMED
    event = Event.new(
        uid=hearing.pk,
        stamp=now.astimezone(UTC),
        start=hearing.at.astimezone(UTC),
        end=hearing.ends_at.astimezone(UTC),
        summary=_("Appointment"),
        location=_on_one_line(hearing.place),
        sequence=hearing.sequence,
        status=status,
    )
    calendar = Calendar.new(
        prodid="-//Appointments//EN",
        method="CANCEL" if off else "REQUEST",
        subcomponents=[event],
    )
    return calendar.to_ical()


def _on_one_line(text: str) -> str:
    """Return people's own words without what could begin a line of the file."""
    plain = " ".join(text.split())
    return "".join(sign for sign in plain if sign.isprintable())
