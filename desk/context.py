"""What every page needs around it."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language_info


def home_of(request: HttpRequest) -> str:
    """Return the name of the community the person belongs to, or of the house."""
    person = getattr(request, "user", None)
    if person is None or not person.is_authenticated:
        return "Amends"
    first = person.memberships.order_by("from_on", "pk").select_related("community").first()
    return first.community.name if first else "Amends"


def around_every_page(request: HttpRequest) -> dict[str, Any]:
    """Return the words of the frame: the community's name and the languages on offer.

    ``is_party_page`` shows "Leave this page quickly"; a view that shows a page to a
    party sets it, and its own value wins over this one.
    """
    return {
        # Only asked for where the page does not name a community itself.
        "community_name": SimpleLazyObject(lambda: home_of(request)),
        "is_party_page": False,
        "languages": [
            {"code": code, "name": get_language_info(code)["name_local"]}
            for code, _name in settings.LANGUAGES
        ],
    }
