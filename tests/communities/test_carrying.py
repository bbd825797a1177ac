"""The double link from a community to the wider circle and back."""

import pytest

from communities.actions import carrying
from communities.actions.time import do_here
from deliberation.actions import proposing
from deliberation.models import Carrying
from moves.core import Hidden
from notices.models import Notice
from tests.communities.people import DAY, all_consent, fresh, make_home, proposal_of, tick
from tests.communities.test_amending import propose, to_integrating
from tests.factories import NOW, make_community

pytestmark = pytest.mark.django_db


def undecided():
    """A charter proposal without consent in one of two communities of a town; and the moment."""
    town = make_community(kind="municipality")
    town.charters.create(number=1, rules={"round_days": 2})
    home, people = make_home(4, parent=town)
    _there, others = make_home(3, parent=town)
    question = propose(home, people[0])
    to_integrating(question, people)
    now = NOW + 30 * DAY
    tick(now)
    assert fresh(question).state == "not_adopted"
    assert proposal_of(question).outcome == "deadlocked"
    return question, people, others, now


def test_two_carry_it_up_and_the_answer_comes_back() -> None:
    question, people, others, now = undecided()
    proposal = proposal_of(question)
    up = carrying.carry_up(question, by=people[0], now=now, proposal=proposal, other=people[1])
    assert not up.askings.exists()
    with pytest.raises(Hidden):
        carrying.agree_to_carry(up, by=people[2], now=now)
    carrying.agree_to_carry(up, by=people[1], now=now)
    answer = proposal_of(up)
    assert answer.text == proposal.text
    assert answer.circle.voices.live(now).count() == 7
    all_consent(up, [*people, *others], now=now)
    assert fresh(up).state == "adopted"
    assert Carrying.objects.get().back_at == now + 2 * DAY
    assert Notice.objects.filter(code="answer_came_back").count() == 4
    assert question.community.charter_now().number == 1, "a word comes back, not a decision"


def test_only_its_author_with_another_of_the_circle_and_once() -> None:
    question, people, others, now = undecided()
    proposal = proposal_of(question)
    for by, other in ((people[1], people[2]), (people[0], people[0]), (people[0], others[0])):
        with pytest.raises(Hidden):
            carrying.carry_up(question, by=by, now=now, proposal=proposal, other=other)
    up = carrying.carry_up(question, by=people[0], now=now, proposal=proposal, other=people[1])
    assert not carrying.may_carry(question, proposal, people[0], now)
    tick(now + 30 * DAY)
    assert fresh(up).state == "lapsed"
    assert carrying.may_carry(question, proposal, people[0], now + 30 * DAY)


def test_what_its_author_takes_back_is_withdrawn_at_once() -> None:
    home, people = make_home(4)
    question = propose(home, people[0])
    proposal = proposal_of(question)
    do_here(proposing.withdraw_proposal, question, proposal, by=people[0], now=NOW)
    assert fresh(question).state == "withdrawn"
    assert not carrying.may_carry(question, proposal_of(question), people[0], NOW)
