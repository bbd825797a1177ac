"""api_token: give somebody a key to the API."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from api.actions import LONGEST_DAYS, issue_token
from people.models import Person


class Command(BaseCommand):
    """Exit 0 with the token on standard output, 1 for an inactive person, 2 for bad arguments."""

    help = "Make a token for the API and print it once. It cannot be shown again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username", metavar="USERNAME")
        parser.add_argument("--days", type=int, default=30, help="how long it lasts (30)")

    def handle(self, *args: Any, **options: Any) -> None:
        days = options["days"]
        if not 1 <= days <= LONGEST_DAYS:
            raise CommandError(_("--days is a number from 1 to %d.") % LONGEST_DAYS, returncode=2)
        person = Person.objects.filter(username=options["username"]).first()
        if person is None:
            raise CommandError(_("Nobody has the username %s.") % options["username"], returncode=2)
        if not person.is_active:
            raise CommandError(_("This person's account is not active."), returncode=1)
        self.stdout.write(issue_token(person, today=timezone.localdate(), days=days))
