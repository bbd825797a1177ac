"""A request whose sender has signed in, for the type checker."""

from django.http import HttpRequest

from people.models import Person


class SignedInRequest(HttpRequest):
    """What ``login_required`` lets through."""

    user: Person  # type: ignore[assignment]
