"""Who reads what of an appeal, and of the council before, until its own packet is made."""

import pytest

from cases.access import standing
from cases.models import Case
from councils.actions import appealing
from councils.reading import things_of
from people.models import Person
from tests.councils import deciding as d
from tests.councils import people as p
from tests.councils.hearing import beside
from tests.factories import TODAY, harmed, responsible

pytestmark = pytest.mark.django_db


def kinds(case: Case, someone: Person) -> set[str]:
    case = Case.objects.get(pk=case.pk)
    return {part for part, _thing in things_of(case, standing(someone, case, today=TODAY))}


def test_who_hears_an_appeal_reads_nothing_of_the_council_before_until_their_packet() -> None:
    case, cole = p.make_case_for_council(people=40)
    council = d.deliberating(case, cole)
    d.find(council)
    decision = d.decide(council)
    first = d.members(council)[0]
    guardian = d.guard(case)
    appeal = appealing.appeal_decision(
        decision, by=harmed(case).person, now=d.LATER, ground="process", words="I was not asked."
    )
    hearing = appealing.form_appeal_council(appeal, by=cole, now=d.LATER)
    p.finish_ties(hearing, now=d.LATER)
    hearing = d.seat_all(hearing, cole, now=d.LATER)
    assert hearing.process_guardian == guardian
    second = d.members(hearing)[0]
    for someone in (second, guardian):
        assert not {"decision", "appeal"} & kinds(case, someone)
    assert "decision" in kinds(case, first)

    d.listened(hearing)
    assert "decision" in kinds(case, second)
    assert {"decision", "appeal"} <= kinds(case, guardian)


def test_both_parties_read_an_appeal_and_a_supporter_that_of_their_own_side() -> None:
    case, cole = p.make_case_for_council(people=40)
    council = d.deliberating(case, cole)
    d.find(council)
    decision = d.decide(council)
    hers, his = harmed(case), responsible(case)
    sam, sol = beside(hers, "supporter", "Sam"), beside(his, "supporter", "Sol")
    appealing.appeal_decision(decision, by=hers.person, now=d.LATER, ground="facts", words="New.")
    for someone in (hers.person, his.person, sam, cole):
        assert "appeal" in kinds(case, someone), someone
    for someone in (sol, d.members(council)[0]):
        assert "appeal" not in kinds(case, someone), someone
