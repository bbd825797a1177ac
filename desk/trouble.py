"""What people see when the database cannot be written just now, or they came too often.

Nothing here asks the database. What was typed goes back to who typed it, to be sent again.
"""

import logging
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from django.views.defaults import server_error as went_wrong

from moves.faults import RETRY_SECONDS, passes

log = logging.getLogger(__name__)

SHORT = 40  # a longer value, or one with a blank, is shown as what somebody wrote


@dataclass(frozen=True)
class Typed:
    """One value of a form, as it was sent. ``shown`` is what a person wrote in words."""

    name: str
    value: str
    shown: bool


def typed_in(request: HttpRequest) -> list[Typed]:
    """Return what was typed, to be sent again: all but passwords and the form's own token."""
    if request.method != "POST":
        return []
    try:
        values = list(request.POST.lists())
    except OSError:
        # It never came here whole, so there is nothing to give back.
        return []
    return [
        Typed(name, value, shown=len(value) > SHORT or " " in value or "\n" in value)
        for name, found in values
        for value in found
        if name != "csrfmiddlewaretoken" and "password" not in name
    ]


def kept_words(request: HttpRequest) -> dict[str, Any]:
    """Return what a template needs to give back what was typed (``_components/_typed.html``)."""
    return {
        "typed": typed_in(request),
        "again": request.get_full_path(),
        "with_file": request.method == "POST" and bool(request.FILES),
    }


def not_now(request: HttpRequest) -> HttpResponse:
    """Say that nothing was saved, keep the words, and offer to try again. Status 503."""
    context = {
        **kept_words(request),
        "community_name": "Amends",
        "is_party_page": True,
        "messages": [],
        # As far as it was read before: asking who this is would ask the database.
        "user": getattr(request, "_cached_user", AnonymousUser()),
    }
    response = render(request, "503.html", context, status=503)
    response["Retry-After"] = str(RETRY_SECONDS)
    add_never_cache_headers(response)
    return response


class TroubleMiddleware:
    """Turn the database's and the disk's own trouble into a page in plain words."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not passes(error):
            return None
        log.error("Not done: %s %s", request.method, request.path, exc_info=error)
        return not_now(request)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer what failed outside a view. Called while the error is being handled."""
    error = sys.exc_info()[1]
    return not_now(request) if error is not None and passes(error) else went_wrong(request)
