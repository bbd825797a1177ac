"""A proposal made for one reader.

``shown``: the values a template reads. ``page``: makes them for a viewer. ``words``: where it is
and what comes next. ``circle``: the circle of names. ``consenting`` and ``voting``: what belongs
to one machine. ``comparing``: what changed between two texts.
"""

from deliberation.reading.page import shown, shown_without_voice
from deliberation.reading.shown import Shown

__all__ = ["Shown", "shown", "shown_without_voice"]
