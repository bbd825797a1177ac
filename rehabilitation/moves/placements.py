"""What can be done to a placement itself, and what leads to one."""

from collections.abc import Iterator
from datetime import datetime
from functools import partial

from cases.access import Standing
from cases.models import Case, Party
from cases.writing import day
from moves.core import Move
from people.models import Person
from rehabilitation import forms
from rehabilitation.access import Sight
from rehabilitation.actions import challenging, living, news, placing, reviewing, staying
from rehabilitation.models import Placement
from rehabilitation.moves.moving import moves_on_moving
from rehabilitation.texts import acceptance_text, challenge_words


def moves_on_case(case: Case, person: Person, who: Standing, *, now: datetime) -> Iterator[Move]:
    """Yield proposing a placement, and bringing a challenge before the council that hears it."""
    one = partial(Move, subject=case, part="case", part_id=case.reference)
    today = day(now)
    if placing.may_propose(case, who):
        decisions = placing.decisions_for(case)
        yield one(
            name="propose_placement",
            act=placing.propose_placement,
            form=partial(forms.ProposePlacementForm, placing.houses_for(case, today), decisions),
            obstacles=placing.obstacles_to_propose(case, decisions[0], today),
            careful=True,
        )
    if challenging.hearings_for(case, who, today):
        yield one(name="open_hearing", act=challenging.open_hearing, main=True)


def moves_on_party(party: Party, person: Person, *, now: datetime) -> Iterator[Move]:
    """Yield what a person harmed can say of what they want to be told."""
    if news.may_choose(party, person):
        wish = news.wish_of(party)
        yield Move(
            subject=party,
            part="party",
            part_id=str(party.pk),
            name="choose_news",
            act=news.choose_news,
            form=partial(forms.NewsForm, wish),
            main=wish is None,
        )


def moves_on_placement(
    placement: Placement, person: Person, sight: Sight, *, now: datetime
) -> Iterator[Move]:
    """Yield everything this person can do to a placement, the person's own words first."""
    one = partial(Move, subject=placement, part="placement", part_id=str(placement.pk))
    yield from _of_resident(placement, sight, one, now)
    yield from _of_guardian(placement, sight, one, now)
    yield from _of_office(placement, sight, one, now)
    yield from _of_house(placement, sight, one, now)
    yield from moves_on_moving(placement, sight, one, now)


def _of_resident(
    placement: Placement, sight: Sight, one: "partial[Move]", now: datetime
) -> Iterator[Move]:
    today, resident = day(now), sight.resident
    if placing.may_answer(placement, resident=resident, today=today):
        if placement.accepted_on is None:
            said = placement.told_in
            yield one(
                name="accept_placement",
                act=placing.accept_placement,
                form=partial(
                    forms.AcceptForm, acceptance_text(placement, said), challenge_words(said)
                ),
            )
        yield one(name="decline_placement", act=placing.decline_placement, careful=True)
    challenged = challenging.open_challenge(placement) is not None
    open_now = placement.is_open(today)
    if open_now and challenging.may_challenge(placement, resident=resident, challenged=challenged):
        yield one(
            name="challenge_placement",
            act=challenging.challenge_placement,
            form=forms.ChallengeForm,
        )
    if resident and placement.lives_here(today):
        yield one(name="make_wish", act=living.make_wish, form=forms.WishForm)
    if staying.may_stay(placement, resident=resident):
        yield one(
            name="stay_as_guest",
            act=staying.stay_as_guest,
            obstacles=staying.obstacles_to_stay(placement, today),
        )
    if staying.may_stay_longer(placement, resident=resident, today=today):
        yield one(name="stay_longer", act=staying.stay_longer)
    if staying.may_begin_circle(placement, resident=resident):
        yield one(
            name="begin_support_circle",
            act=staying.begin_support_circle,
            form=forms.SupportCircleForm,
        )
    circle = staying.circle_of(placement) if resident else None
    if staying.may_invite(circle, resident=resident, today=today):
        yield one(name="invite_to_circle", act=staying.invite_to_circle, form=forms.InviteForm)
        yield one(name="end_support_circle", act=staying.end_support_circle, careful=True)
    if resident and placement.is_guest(today):
        yield one(name="end_guest_stay", act=staying.end_guest_stay, careful=True)
    elif challenging.may_leave(placement, resident=resident):
        yield one(name="leave", act=challenging.leave, careful=True)


def _of_guardian(
    placement: Placement, sight: Sight, one: "partial[Move]", now: datetime
) -> Iterator[Move]:
    if placing.may_accept_as_guardian(placement, guardian=sight.guardian, today=day(now)):
        said = placement.told_in
        yield one(
            name="accept_placement_as_guardian",
            act=placing.accept_placement_as_guardian,
            form=partial(forms.AcceptForm, acceptance_text(placement, said), challenge_words(said)),
        )


def _of_office(
    placement: Placement, sight: Sight, one: "partial[Move]", now: datetime
) -> Iterator[Move]:
    """Yield what who carries a council's decision out can do: coordinator, guardian, steward."""
    today = day(now)
    carries_out = sight.steward or sight.guards or sight.coordinates
    for interim, name, act in (
        (False, "place", placing.place),
        (True, "place_for_days", placing.place_for_days),
    ):
        if placing.may_place(placement, office=carries_out, interim=interim, today=today):
            yield one(
                name=name,
                act=act,
                obstacles=placing.obstacles_to_place(placement, today, interim=interim),
                careful=True,
            )
    office = sight.coordinates or sight.guards
    if placing.may_record_order(placement, office=office, today=today):
        yield one(name="record_order", act=placing.record_order, form=forms.OrderForm, careful=True)
    if placing.may_take_back(placement, office=office, today=today):
        yield one(name="take_back_placement", act=placing.take_back_placement, careful=True)
    if placing.may_offer(placement, steward=sight.steward, today=today):
        yield one(
            name="offer_place",
            act=placing.offer_place,
            obstacles=placing.obstacles_to_offer(placement, today),
            main=True,
        )
    if reviewing.may_release(placement, office=sight.steward or sight.guards, today=today):
        yield one(
            name="release",
            act=reviewing.release,
            obstacles=reviewing.obstacles_to_release(placement),
            careful=True,
        )


def _of_house(
    placement: Placement, sight: Sight, one: "partial[Move]", now: datetime
) -> Iterator[Move]:
    """Yield what is written of a life in the house."""
    today = day(now)
    office = sight.steward or sight.guards
    if reviewing.may_prepare(placement, office=office, today=today):
        yield one(name="prepare_review", act=reviewing.prepare_review, form=forms.PacketForm)
    offers = sight.steward or sight.council
    if living.may_offer_measure(placement, office=offers, today=today):
        yield one(
            name="offer_measure",
            act=living.offer_measure,
            form=partial(forms.MeasureForm, placement.ends_on),
        )
    if sight.steward and placement.lives_here(today):
        yield one(name="check_in", act=living.check_in, form=forms.CheckInForm)
    if sight.visitor and placement.lives_here(today):
        yield one(name="record_visit", act=living.record_visit, form=forms.VisitForm)
    if living.may_report(placement, resident=sight.resident, steward=sight.steward, today=today):
        yield one(name="report_incident", act=living.report_incident, form=forms.IncidentForm)
    if staying.may_plan(placement, resident=sight.resident, steward=sight.steward, today=today):
        plan = staying.plan_of(placement)
        yield one(
            name="plan_transition",
            act=staying.plan_transition,
            form=partial(
                forms.TransitionForm,
                plan.words if plan else "",
                plan.version if plan else 0,
            ),
        )
