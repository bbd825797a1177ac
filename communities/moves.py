"""What this person can do where a community decides, and what stands in the way.

What is not yielded is hidden: it answers like a thing that does not exist.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from communities import forms
from communities.actions import absences, amending, carrying, electing, recalling, resting
from communities.actions.asking import may_withdraw, withdraw_question
from communities.actions.time import do_here
from communities.models import Community, Membership, Question
from communities.writing import day, is_member
from deliberation.actions.time import Scene
from deliberation.models import Proposal
from moves.core import Move
from people.models import Person
from records.sealed import blind_index

AMENDING = ("offer_amendment", "amend_for", "revise")


def people_named(name: str, ids: Any) -> list[Person]:
    """Return who of these people has exactly this name."""
    found = Person.objects.filter(name_index=blind_index(name.strip()), pk__in=ids)
    return list(found[:2])


def moves_on_community(community: Community, person: Person, *, now: datetime) -> Iterator[Move]:
    """Yield what a member can put before the others, and what who steps back can announce."""
    one = partial(Move, subject=community, part="community", part_id=community.slug)
    if is_member(person, community, day(now)):
        yield from _of_member(community, person, one, now)
    yield from _of_absence(community, person, one, now)


def _of_absence(
    community: Community, person: Person, one: "partial[Move]", now: datetime
) -> Iterator[Move]:
    today = day(now)
    if absences.coordinates(person, community, today):
        charter = community.charter_now().charter
        yield one(
            name="announce_absence",
            act=absences.announce_absence,
            form=partial(
                forms.AbsenceForm, absences.earliest(community, today), charter.absence_days
            ),
            obstacles=absences.obstacles_to_announce(community, now),
            careful=True,
        )
    if absences.may_call_off(community, person, today):
        yield one(name="call_off_absence", act=absences.call_off_absence)


def _of_member(
    community: Community, person: Person, one: "partial[Move]", now: datetime
) -> Iterator[Move]:
    yield one(
        name="propose_amendment",
        act=amending.propose_amendment,
        form=partial(forms.CharterForm, amending.rules_of(community), day(now)),
        obstacles=amending.obstacles_to_propose(community, now),
    )
    if not community.children.exists():
        yield from _offices(community, person, one, now)
    rests = resting.obstacles_to_rest(community, person, now)
    yield one(
        name="rest_votes",
        act=resting.rest_votes,
        form=partial(forms.RestForm, day(now)),
        obstacles=rests,
        careful=True,
    )
    if rests:
        yield one(name="count_votes_again", act=resting.count_votes_again)


def _offices(
    community: Community, person: Person, one: "partial[Move]", now: datetime
) -> Iterator[Move]:
    most = community.charter_now().charter.office_term_months
    offices = electing.open_offices(community, person, now)
    yield one(
        name="stand_for_office",
        act=electing.stand_for_office,
        form=partial(forms.ElectionForm, offices, most),
        obstacles=electing.obstacles_to_stand_at_all(community, person, now),
    )
    others = Membership.objects.deciding(day(now)).filter(community=community)
    find = partial(_find, others.exclude(person=person).values("person"))
    yield one(
        name="propose_for_office",
        act=electing.propose_for_office,
        form=partial(forms.ProposeElectionForm, find, list(electing.rules.ELECTED), most),
        obstacles=electing.obstacles_to_propose(community, now),
    )
    if recalling.could_recall(community, person, day(now)):
        holders = recalling.free_to_recall(community, person, day(now))
        yield one(
            name="propose_recall",
            act=recalling.propose_recall,
            form=partial(forms.RecallForm, holders),
            obstacles=recalling.obstacles_to_propose(community, person, now),
            careful=True,
        )


def _find(ids: Any, name: str) -> list[Person]:
    return people_named(name, ids)


def moves_on_question(
    question: Question, person: Person, *, proposal: Proposal | None, now: datetime
) -> Iterator[Move]:
    """Yield what can be done around a question outside its circle."""
    one = partial(Move, subject=question, part="question", part_id=str(question.pk))
    if electing.is_asked(question, person):
        yield from _asked(question, one, now)
    if recalling.is_heard(question, person):
        yield one(name="be_heard", act=recalling.be_heard, form=forms.HeardForm, main=True)
    if recalling.may_take_up(question, person, day(now)):
        yield one(
            name="take_up_recall",
            act=recalling.take_up_recall,
            obstacles=recalling.obstacles_to_take_up(question, now),
            careful=True,
        )
    if may_withdraw(question, person):
        yield one(name="withdraw_question", act=withdraw_question, careful=True)
    if proposal is not None and carrying.may_carry(question, proposal, person, now):
        others = proposal.circle.voices.live(now).exclude(person=person)
        yield one(
            name="carry_up",
            act=partial(carrying.carry_up, proposal=proposal),
            form=partial(forms.CarryForm, partial(_find, others.values("person"))),
            obstacles=carrying.obstacles_to_carry(question, now),
        )


def _asked(question: Question, one: "partial[Move]", now: datetime) -> Iterator[Move]:
    blocked = electing.obstacles_to_accept(question, now)
    if question.kind == Question.Kind.CARRIED:
        yield one(
            name="agree_to_carry", act=carrying.agree_to_carry, obstacles=blocked, main=not blocked
        )
        yield one(name="decline_to_carry", act=electing.decline_nomination)
        return
    yield one(
        name="accept_nomination", act=electing.accept_nomination, obstacles=blocked,
        main=not blocked,
    )  # fmt: skip
    yield one(name="decline_nomination", act=electing.decline_nomination)


# ── In the circle ────────────────────────────────────────────────────────────


def here(moves: Iterable[Move], question: Question, scene: Scene, now: datetime) -> Iterator[Move]:
    """Yield moves of deliberation as they are done on a question of ours.

    What changes the text changes the terms it is made from, or cannot be done.
    """
    proposal = scene.proposal
    for move in moves:
        if move.name in AMENDING:
            if not amending.may_be_amended(question, proposal):
                continue
            if amending.is_structured(question):
                move = _of_terms(move, question, proposal, now)
        yield replace(move, act=partial(do_here, move.act, question))


def _of_terms(move: Move, question: Question, proposal: Proposal, now: datetime) -> Move:
    """Return the same move with the terms as its form, and the text made from them."""
    act: Any = amending.revise_terms if move.name == "revise" else amending.amend_terms
    seen = proposal.version if move.name == "revise" else None
    return replace(
        move,
        act=partial(act, question=question),
        form=partial(_terms_form, question, proposal, now, seen),
    )


def _terms_form(
    question: Question, proposal: Proposal, now: datetime, seen: int | None, data: Any = None
) -> Any:
    terms = amending.terms_standing(question, proposal)
    if question.kind == Question.Kind.CHARTER:
        standing = amending.rules_of(question.community)
        return forms.CharterForm(standing, day(now), terms.data, terms.reason, seen, data)
    most = question.community.charter_now().charter.office_term_months
    return forms.MonthsForm(most, terms.data["months"], terms.reason, seen, data)
