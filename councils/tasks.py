"""The search for panels, in the background: a request never waits for it."""

from django.utils import timezone
from django_tasks import task

from councils import portfolio
from councils.actions import drawing
from councils.models import Draw


@task()
def solve(draw_pk: str) -> str:
    """Find the panels of a draw and commit to them; say what came of it.

    Can be begun again: the same people, quotas and size give the same panels.
    """
    draw = Draw.objects.select_related("council__charter_version").filter(pk=draw_pk).first()
    if draw is None or draw.state != Draw.State.SOLVING:
        return "nothing to do"

    def progress(share: float) -> None:
        Draw.objects.filter(pk=draw_pk).update(
            progress=min(99, int(share * 100)), alive_at=timezone.now()
        )

    try:
        found = portfolio.find(
            drawing.people_in(draw),
            drawing.asked_of(draw),
            draw.council.size,
            one_per_household=draw.council.charter_version.charter.one_per_household,
            progress=progress,
        )
    except portfolio.NoPanel:
        drawing.no_panels(draw.pk, drawing.problem_of(draw), now=timezone.now())
        return "no panel"
    panels = [sorted(panel) for panel in found.panels]
    drawing.found_panels(draw.pk, panels, min_chance=f"{found.min_chance:.6f}", now=timezone.now())
    return "committed"
