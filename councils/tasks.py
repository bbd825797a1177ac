"""What is handed to the background: a request never waits for it."""

from django.utils import timezone
from django_tasks import task

from councils.actions.solving import look_for_panels


@task()
def solve(draw_pk: str) -> str:
    """Find the panels of a draw; see ``look_for_panels``."""
    return look_for_panels(draw_pk, clock=timezone.now)
