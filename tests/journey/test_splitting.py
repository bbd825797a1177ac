"""One person responsible leaves: what becomes of a council that forms, decides, or decided."""

from datetime import timedelta
from typing import Any

import pytest

from agreements.models import Agreement
from cases import actions as cases
from cases.access import standing
from cases.models import Case, Party
from councils.actions import appealing, table
from councils.models import Appeal, Challenge, Council, Decision, Hearing, Invitation
from deliberation.models import Proposal
from journey import actions as across
from journey.moves import find_part, moves_on
from moves.core import Blocked, Move
from people.models import Person
from records.actions import verify
from records.models import Event
from tests.councils import deciding as d
from tests.councils import people as p
from tests.factories import NOW, TODAY, make_person
from tests.rehabilitation import houses

pytestmark = pytest.mark.django_db

LATER = d.LATER


def two_responsible() -> tuple[Case, Person, Party]:
    """A case that waits for its council, its coordinator, and the second person responsible."""
    case, cole = p.make_case_for_council()
    second = make_person("Rurik", contact_kind="phone", contact="+44 7700 900002")
    party = Party.objects.create(case=case, person=second, role="responsible", reached_on=TODAY)
    cases.place_in(case, second, "responsible", today=TODAY)
    return Case.objects.get(pk=case.pk), cole, party


def offered(case: Case, cole: Person) -> Move | None:
    """Return the move as the coordinator has it, or None."""
    case = Case.objects.get(pk=case.pk)
    who = standing(cole, case, today=TODAY)
    part = find_part(case, who, "case", case.reference)
    assert part is not None
    moves = moves_on(part, case, cole, who, today=TODAY)
    return next((one for one in moves if one.name == "split"), None)


def codes(case: Case, cole: Person) -> list[str]:
    move = offered(case, cole)
    assert move is not None
    return [one.code for one in move.obstacles]


def split(case: Case, cole: Person, party: Party, **more: Any) -> Case:
    return across.split(
        Case.objects.get(pk=case.pk), by=cole, now=more.get("now", LATER), party=str(party.pk),
        reason="Their ways part.",
    )  # fmt: skip


def refused(case: Case, cole: Person, party: Party) -> list[str]:
    with pytest.raises(Blocked) as found:
        split(case, cole, party)
    assert Party.objects.get(pk=party.pk).case_id == case.pk
    return [one.code for one in found.value.obstacles]


def stop(case: Case, party: Party) -> None:
    cases.withdraw_consent(party, by=party.person, now=LATER)
    assert Case.objects.get(pk=case.pk).frozen_on is not None


def test_a_council_that_forms_stays_with_who_stays() -> None:
    case, cole, leaving = two_responsible()
    council = d.seated(case, cole)
    council.words.create(party=leaving, by=leaving.person, text="My word.", at=NOW)
    hearing = Hearing.objects.create(council=council, at=LATER, place="Town hall", planned_at=NOW)
    for party in case.parties.all():
        Invitation.objects.create(hearing=hearing, party=party)
    doubt = Challenge(seat=council.seats.first(), party=leaving, reason="A doubt.", at=NOW)
    doubt.save(force_insert=True)
    assert codes(case, cole) == []
    new = split(case, cole, leaving)
    council.refresh_from_db()
    assert (council.state, council.seats.filter(state="accepted").count()) == ("seated", 5)
    assert new.state == "reported"
    assert not Council.objects.filter(case=new).exists()
    # The packet is not made yet: what they wrote for it does not come into it.
    assert not council.words.filter(party=leaving).exists()
    assert not hearing.invitations.filter(party=leaving).exists()
    assert hearing.invitations.count() == 2
    assert Challenge.objects.get(pk=doubt.pk).state == "moot"
    assert not Case.objects.visible_to(leaving.person, today=TODAY).filter(pk=case.pk).exists()


def test_nobody_is_taken_from_under_a_council_that_deliberates() -> None:
    case, cole, leaving = two_responsible()
    council = d.deliberating(case, cole)
    assert codes(case, cole) == ["deciding_first"]
    assert refused(case, cole, leaving) == ["deciding_first"]
    assert Council.objects.get(pk=council.pk).state == "deliberating"


def test_who_stops_taking_part_can_leave_and_the_council_begins_afresh_with_who_stays() -> None:
    case, cole, leaving = two_responsible()
    council = d.deliberating(case, cole)
    d.find(council)
    staying = case.parties.filter(role="responsible").exclude(pk=leaving.pk).get()
    draft = d.decide(council, course="nothing", adopt=False)
    before = table.circle_of(council)
    stop(case, leaving)
    assert codes(case, cole) == []
    later = LATER + timedelta(hours=1)
    split(case, cole, leaving, now=later)
    council = Council.objects.get(pk=council.pk)
    circle = table.circle_of(council)
    assert before is not None
    assert circle is not None
    assert (council.state, circle.pk == before.pk, circle.aim) == ("deliberating", False, d.AIM)
    # What was before the council counted on somebody who is no longer there.
    assert Proposal.objects.get(pk=draft.proposal_id).outcome == "withdrawn"
    assert Decision.objects.get(pk=draft.pk).adopted_on is None
    # What it has found stands, and nobody lost their voice.
    assert council.findings.filter(adopted_on__isnull=False).count() == 1
    voices = set(circle.voices.values_list("person_id", flat=True))
    assert voices == {one.pk for one in d.members(council)}
    # On hold like the case, until each who stays said yes anew.
    assert circle.held_from is not None
    assert Event.objects.filter(code="council_begins_afresh").count() == 1
    assert verify()["breaks"] == []
    for party in (case.parties.get(role="harmed"), staying):
        cases.give_consent(party, by=party.person, now=later, understood=True)
    mara = case.participations.get(role="mediator").person
    for party in (case.parties.get(role="harmed"), staying):
        cases.assess(party, by=mara, now=later, safe_to_meet=True, answers={}, flags=[])
    across.renew_consent(Case.objects.get(pk=case.pk), by=mara, now=later)
    decision = d.decide(Council.objects.get(pk=council.pk), now=later)
    assert decision.adopted_on is not None
    agreement = Agreement.objects.get(case=case)
    assert agreement.commitments.get().promised_by_id == staying.pk


def test_what_a_council_decided_and_is_not_in_force_ends_and_it_can_meet_again() -> None:
    case, cole = p.make_case_for_council()
    council = d.deliberating(case, cole)
    d.find(council)
    decision = d.decide(council)
    leaving = Party.objects.create(case=case, person=make_person("Rurik"), role="responsible")
    assert codes(case, cole) == []
    split(case, cole, leaving)
    assert Agreement.objects.get(pk=decision.agreement_id).state == "withdrawn"
    fresh = Case.objects.get(pk=case.pk)
    council = Council.objects.get(pk=council.pk)
    assert council.state == "decided"
    assert table.may_meet_again(council, fresh, standing(cole, fresh, today=TODAY))


def test_an_appeal_is_heard_before_somebody_leaves_unless_they_stop() -> None:
    case, cole, leaving = two_responsible()
    council = d.deliberating(case, cole)
    d.find(council)
    decision = d.decide(council, course="nothing")
    appeal = appealing.appeal_decision(
        decision, by=leaving.person, now=LATER, ground="facts", words="There is more to it."
    )
    assert refused(case, cole, leaving) == ["deciding_first"]
    assert Appeal.objects.get(pk=appeal.pk).state == "open"
    stop(case, leaving)
    split(case, cole, leaving)
    assert Appeal.objects.get(pk=appeal.pk).state == "withdrawn"


def test_what_was_decided_for_everybodys_safety_stays_and_others_can_leave() -> None:
    world = houses.make_world()
    case, cole = Case.objects.get(pk=world.case.pk), world.people["cole"]
    rosa = case.parties.get(role="responsible")
    assert offered(case, cole) is None
    second = Party.objects.create(case=case, person=make_person("Rurik"), role="responsible")
    move = offered(case, cole)
    assert move is not None
    form: Any = move.form()  # type: ignore[misc]
    assert [pk for pk, _name in form.fields["party"].choices] == [str(second.pk)]
    assert refused(case, cole, rosa) == ["safety_first"]
    houses.placed(world)
    assert refused(case, cole, rosa) == ["safety_first"]
    # The finding is over, and she lives there still.
    Decision.objects.filter(pk=world.decision.pk).update(replaced_on=TODAY)
    assert across.may_leave(Case.objects.get(pk=case.pk), TODAY) == [second]
    new = split(case, cole, second)
    assert new.parties.filter(person=second.person).exists()
    assert world.placement.case_id == case.pk


def test_where_safety_counts_on_everybody_nobody_can_leave() -> None:
    world = houses.make_world()
    case, cole = Case.objects.get(pk=world.case.pk), world.people["cole"]
    second = Party.objects.create(case=case, person=make_person("Rurik"), role="responsible")
    houses.decided(world.council, second, now=NOW)
    assert codes(case, cole) == ["safety_first"]
    assert refused(case, cole, second) == ["safety_first"]
