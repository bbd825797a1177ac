"""What every page needs around it."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language_info


def around_every_page(request: HttpRequest) -> dict[str, Any]:
    """Return the words of the frame: the community's name and the languages on offer.

    ``is_party_page`` shows "Leave this page quickly"; a view that shows a page to a
    party sets it, and its own value wins over this one.
    """
    person = getattr(request, "user", None)
    home = None
    if person is not None and person.is_authenticated:
        home = person.memberships.order_by("from_on", "pk").select_related("community").first()
    return {
        "community_name": home.community.name if home else "Amends",
        "is_party_page": False,
        "languages": [
            {"code": code, "name": get_language_info(code)["name_local"]}
            for code, _name in settings.LANGUAGES
        ],
    }
