"""A council that may ask what other cases teach. Plain functions."""

from datetime import timedelta

from django.utils import timezone

from cases.models import Case
from councils.actions import deciding
from councils.models import Council, Decision
from tests.agreements.closed import make_many
from tests.councils import deciding as d
from tests.councils import people as p
from tests.factories import harmed


def writing(*, lost: int | None = 100, allowed: bool = True) -> tuple[Case, Council, Decision]:
    """A council that deliberates; one of its members has begun to write an agreement."""
    before, now = timezone.now() - timedelta(hours=5), timezone.now() - timedelta(hours=1)
    case, cole = p.make_case_for_council(rules={"algorithmic_proposals": allowed}, now=before)
    case.harms.create(
        party=harmed(case), what="Panes", unit="money", amount=lost, stated_on=now.date()
    )
    council = d.deliberating(case, cole, now=before)
    d.find(council, now=now)
    decision = deciding.propose_decision(
        council, by=d.members(council)[0], now=now, course="agreement", text="Pay.",
        account="Panes broke.",
    )  # fmt: skip
    make_many(case.community, 8)
    return case, council, decision
