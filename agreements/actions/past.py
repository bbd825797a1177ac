"""What closed cases an adviser may count, as plain facts, in a constant number of queries."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Q

from agreements.advice import PastCommitment
from agreements.models import Commitment, Entry
from cases.models import Case, Harm, Party
from communities.charter import Charter
from communities.models import CharterVersion


@dataclass(frozen=True)
class Counted:
    """Whose cases are counted, and how many it takes before they say anything."""

    communities: frozenset[int]
    smallest: int


def counted_for(case: Case) -> Counted:
    """Return this case's community and those that share, with the strictest smallest group."""
    newest: dict[int, Charter] = {}
    for version in CharterVersion.objects.order_by("number"):
        newest[version.community_id] = version.charter
    sharing = {pk for pk, charter in newest.items() if charter.share_outcomes}
    own = case.community_id
    asked = [case.charter_version.charter, *(newest[pk] for pk in sharing)]
    return Counted(frozenset({own, *sharing}), max(one.smallest_group for one in asked))


def same_harm(case: Case) -> Q:
    """Return what finds this case, and those it was split from or into: one harm, counted never."""
    linked = Q(pk=case.pk) | Q(split_from=case.pk)
    if case.split_from_id is not None:
        linked |= Q(pk=case.split_from_id) | Q(split_from=case.split_from_id)
    return linked


def past_of(case: Case, communities: frozenset[int]) -> list[PastCommitment]:
    """Return the promises of closed cases of this case's kind, from plans that were in force.

    Who waived a promise neither says that it was kept nor that it was not: it is left out. What
    a superseded plan left open counts as not kept.
    """
    closed = Case.objects.filter(
        community__in=communities, state=Case.State.CLOSED, kind=case.kind
    ).exclude(same_harm(case))
    promises = Commitment.objects.filter(
        agreement__case__in=closed, agreement__in_force_on__isnull=False, harm__isnull=False
    ).exclude(Q(category="") | Q(state=Commitment.State.WAIVED))
    sides, young = _people(closed)
    answers = _answers(promises)
    rows = promises.select_related(None).values_list(
        "pk", "agreement__case_id", "harm_id", "harm__unit", "harm__amount", "category", "unit",
        "amount", "state",
    )  # fmt: skip
    found = []
    for pk, case_id, harm, harm_unit, harm_amount, category, unit, amount, state in rows:
        helped, said = answers.get(pk, ("", None))
        found.append(
            PastCommitment(
                case=case_id,
                harm=harm,
                kind=case.kind,
                harm_unit=str(harm_unit),
                harm_amount=harm_amount,
                harmed=sides[case_id, Party.Role.HARMED],
                responsible=sides[case_id, Party.Role.RESPONSIBLE],
                young=case_id in young,
                category=category,
                unit=unit,
                amount=amount,
                kept=state == Commitment.State.KEPT,
                helped=helped,
                said=said,
            )
        )
    return found


def _people(cases: Any) -> tuple[Counter[tuple[UUID, str]], set[UUID]]:
    """Return how many stood on each side of each case, and where a person harmed was young."""
    sides: Counter[tuple[UUID, str]] = Counter()
    young = set()
    rows = Party.objects.filter(case__in=cases).values_list("case_id", "role", "minor")
    for case_id, role, minor in rows:
        sides[case_id, role] += 1
        if minor and role == Party.Role.HARMED:
            young.add(case_id)
    return sides, young


def _answers(promises: Any) -> dict[UUID, tuple[str, str | None]]:
    """Return by promise what was last said of whether it helped, and the key of a sentence."""
    found: dict[UUID, tuple[str, str | None]] = {}
    rows = Entry.objects.answered().filter(commitment__in=promises)
    for promise, pk, helped, shared in rows.values_list(
        "commitment_id", "pk", "helped", "share_word"
    ):
        found[promise] = helped, str(pk) if shared else None
    return found


def promised_for(promises: Iterable[Any], harm: Harm) -> Decimal:
    """Return how much these promises of a draft answer a harm with already, like with like."""
    amounts = (
        one.amount
        for one in promises
        if one.harm_id == harm.pk and one.unit == harm.unit and one.amount is not None
    )
    return sum(amounts, Decimal(0))


def left_of(promises: Iterable[Any], harm: Harm) -> Decimal | None:
    """Return how much of a harm nothing is promised for yet; None where nothing is counted."""
    return None if harm.amount is None else harm.amount - promised_for(promises, harm)
