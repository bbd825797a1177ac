"""Several circles with one question, and the double link to a wider one and back."""

import pytest

from deliberation.actions import proposing, together, voting
from deliberation.actions.time import due
from deliberation.models import Carrying, Proposal, Voice
from notices.models import Notice
from people.models import Person
from tests.deliberation.circle import DAY, make_circle, make_people
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def proposed(people: list[Person]) -> Proposal:
    circle = make_circle(people, method="supermajority")
    return proposing.propose(circle, by=people[0], now=NOW, text="We share the garden.")


def vote_all(proposal: Proposal, people: list[Person], *, in_favour: bool = True) -> None:
    for person in people:
        voting.vote(proposal, by=person, now=NOW + DAY, in_favour=in_favour)


def test_a_combined_question_passes_when_every_circle_adopts_it() -> None:
    here, there = make_people(3), make_people(4)
    one, other = proposed(here), proposed(there)
    question = together.combine([one, other], subject_kind="test", subject_id="7", now=NOW)
    vote_all(one, here)
    vote_all(other, there)
    assert together.combined_outcome(question) == ""
    due(NOW + 2 * DAY)
    assert together.combined_outcome(question) == "adopted"


def test_one_circle_that_does_not_adopt_is_enough() -> None:
    here, there = make_people(3), make_people(4)
    one, other = proposed(here), proposed(there)
    question = together.combine([one, other], subject_kind="test", subject_id="7", now=NOW)
    vote_all(one, here)
    due(NOW + 3 * DAY)
    assert together.combined_outcome(question) == "not_adopted"
    assert set(question.proposals.values_list("outcome", flat=True)) == {"adopted", "tabled"}


def test_a_circle_answers_a_combined_question_once() -> None:
    here = make_people(3)
    one, other = proposed(here), proposed(make_people(3))
    second = proposing.propose(one.circle, by=here[1], now=NOW, text="Again.")
    for wrong in ([one], [one, second], []):
        with pytest.raises(ValueError, match="several circles"):
            together.combine(wrong, subject_kind="test", subject_id="7", now=NOW)
    together.combine([one, other], subject_kind="test", subject_id="7", now=NOW)
    with pytest.raises(ValueError, match="once"):
        together.combine([one, other], subject_kind="test", subject_id="8", now=NOW)


def test_two_carry_a_proposal_to_the_wider_circle_and_its_answer_back() -> None:
    here = make_people(3)
    wide = [*make_people(4), here[1]]
    small = make_circle(here)
    proposal = proposing.propose(small, by=here[0], now=NOW, text="Mend it.")
    proposing.begin(proposal, by=here[0], now=NOW)
    wider = make_circle(wide, method="supermajority")
    one, other = (Voice.objects.get(circle=small, person=person) for person in here[:2])
    with pytest.raises(ValueError, match="decided"):
        together.carry(proposal, to=wider, one=one, other=other, now=NOW)
    now = NOW + 4 * DAY
    due(now)
    proposal = Proposal.objects.get(pk=proposal.pk)
    assert proposal.outcome == "deadlocked"
    with pytest.raises(ValueError, match="Two"):
        together.carry(proposal, to=wider, one=one, other=one, now=now)
    link = together.carry(proposal, to=wider, one=one, other=other, now=now)
    assert link.answer.text == "Mend it."
    assert wider.voices.live(now).count() == 6
    for person in [*wide, here[0]]:
        voting.vote(link.answer, by=person, now=now + DAY, in_favour=True)
    due(now + 2 * DAY)
    assert Carrying.objects.get().back_at == now + 2 * DAY
    assert Proposal.objects.get(pk=link.answer_id).outcome == "adopted"
    assert Notice.objects.filter(code="answer_came_back").count() == 3
    stays = set(wider.voices.live(now + 2 * DAY).values_list("person_id", flat=True))
    assert stays == {person.pk for person in wide}, "a guest's voice ends, a member's does not"
