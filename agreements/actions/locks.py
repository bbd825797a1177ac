"""An agreement or a promise under the lock of its case, and the hold that stops both."""

from agreements.models import Agreement, Commitment
from cases.actions import obstacles_on_hold
from cases.models import Case
from communities.charter import Charter
from moves.core import Obstacle

WRITTEN_IN = ("mediation", "council")


def obstacles_to_bind(agreement: Agreement, case: Case) -> list[Obstacle]:
    """Return why nobody can sign now: on hold, or the decision behind it is looked at again."""
    found = obstacles_on_hold(case)
    if agreement.held_since is not None:
        found.append(Obstacle(code="challenge_open", cleared_by="council"))
    return found


def locked(agreement: Agreement, case: Case) -> Agreement:
    """Return this agreement of this case, read anew and locked. DoesNotExist if it is another's."""
    return Agreement.objects.select_for_update(of=("self",)).get(pk=agreement.pk, case=case)


def locked_promise(commitment: Commitment, case: Case) -> Commitment:
    """Return this promise of this case, read anew and locked. DoesNotExist if it is another's."""
    return (
        Commitment.objects.select_for_update(of=("self",))
        .select_related("agreement", "promised_by__person", "promised_to__person")
        .get(pk=commitment.pk, agreement__case=case)
    )


def charter_of(case: Case) -> Charter:
    """Return the charter this case was opened under: its times are the ones that count."""
    charter: Charter = case.charter_version.charter
    return charter
