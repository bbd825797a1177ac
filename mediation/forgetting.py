"""What is forgotten of the mediations of a case: where people met. When, and how it ended, stay."""

from cases.models import Case
from mediation.models import Meeting


def forget(case: Case) -> None:
    """Empty the places of a locked case's meetings."""
    Meeting.objects.filter(mediation__case=case).update(place="")
