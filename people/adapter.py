"""How allauth behaves here: nobody signs themselves up."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by invitation, when a mediator has spoken with the person."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
