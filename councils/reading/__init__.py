"""What a person reads of a council: made for one viewer; what they may not know is not made."""

from councils.reading.drawing import (
    AboutSeat,
    Hat,
    Lines,
    WhyNot,
    council_now,
    hat_for,
    lines_of_council,
    lines_of_seat,
    opens_on,
    seat_for,
    seats_of,
    stage_words,
    things_of,
    why_of,
)
from councils.reading.hearing import (
    heard_things,
    hearing_for,
    hearings_for,
    own_words,
    packet_for,
    sharing_for,
)

__all__ = [
    "AboutSeat",
    "Hat",
    "Lines",
    "WhyNot",
    "council_now",
    "hat_for",
    "heard_things",
    "hearing_for",
    "hearings_for",
    "lines_of_council",
    "lines_of_seat",
    "opens_on",
    "own_words",
    "packet_for",
    "seat_for",
    "seats_of",
    "sharing_for",
    "stage_words",
    "things_of",
    "why_of",
]
