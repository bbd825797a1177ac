"""The words a person is told at a placement and says yes to; a changed text is a new version."""

from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext

from rehabilitation.models import Placement

VERSION = 1


def language_for(language: str) -> str:
    """Return the language these words are said in: the person's own, as far as we have it."""
    from django.conf import settings  # noqa: PLC0415 - read late, as tests change it

    known = {code for code, _name in settings.LANGUAGES}
    return language if language in known else "en"


def acceptance_text(placement: Placement, language: str) -> str:
    """Return what the person says yes to, in this language: until when, and that they may leave."""
    with translation.override(language):
        return gettext(
            "A council asks that I live in %(house)s for a time, until %(day)s at the latest. "
            "I have read why, what else was considered, and what is hoped for. I say yes freely. "
            "I can leave at any time, without giving a reason; the council is told at once. "
            "I can challenge this at any time, before people who were not involved. "
            "If no review is held in time, I am free. Saying yes is not an admission of anything."
        ) % {
            "house": placement.house.name,
            "day": date_format(placement.decision.safety.ends_on, gettext("j F Y")),
        }


def challenge_words(language: str) -> str:
    """Return how to challenge a placement, in this language."""
    with translation.override(language):
        return gettext(
            "You can challenge this at any time: on the page of this placement, with “Challenge "
            "this placement”, or in writing or by word to the independent visitor of the house. "
            "People who were not involved look at it. Until they have answered, you can be placed "
            "for a few days only."
        )
