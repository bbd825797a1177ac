"""What this person can do around a council, a draw, a seat or their place in the hat.

What is not yielded is hidden: it answers like a thing that does not exist.
"""

import json
from collections.abc import Iterator
from datetime import date, datetime
from functools import partial

from cases.access import Standing
from cases.keeping import kept
from cases.models import Case
from cases.writing import day
from communities.models import Community
from councils import forms, rules
from councils.actions import (
    beacons,
    challenging,
    drawing,
    forming,
    pool,
    seating,
    stepping_down,
)
from councils.models import Challenge, Council, Draw, Seat
from councils.moves import deciding
from moves.core import Move
from people.models import Person


def moves_on_case(case: Case, person: Person, who: Standing, *, today: date) -> Iterator[Move]:
    """Yield the move that begins a council."""
    if not (who.coordinates and case.state == Case.State.COUNCIL):
        return
    if kept(case, "council now", lambda: forming.current(case)) is None:
        yield Move(
            subject=case,
            part="case",
            part_id=case.reference,
            name="form_council",
            act=forming.form_council,
            obstacles=forming.frozen(case),
            main=True,
        )


def moves_on_council(
    council: Council, person: Person, who: Standing, *, now: datetime
) -> Iterator[Move]:
    """Yield who is drawn next, and what the parties say of their ties."""
    case, today = council.case, day(now)
    one = partial(Move, subject=council, part="council", part_id=str(council.pk))
    empty = drawing.vacancies(council)
    live = council.state in rules.LIVE_COUNCILS
    if drawing.may_run(case, council, who) and live and empty:
        blocked = drawing.obstacles_to_prepare(council, case, today)
        yield one(
            name="prepare_draw",
            act=drawing.prepare_draw,
            form=partial(forms.PrepareForm, now),
            obstacles=blocked,
            main=not blocked,
        )
    yield from deciding.moves_on_table(council, person, who, now=now)
    if forming.may_name_ties(council, case, who):
        assert who.party is not None
        answered = forming.obstacles_to_finish_ties(council, who.party)
        yield one(name="name_ties", act=forming.name_ties, form=forms.TieForm, main=not answered)
        if not answered:
            yield one(name="finish_ties", act=forming.finish_ties)


def moves_on_draw(draw: Draw, person: Person, who: Standing, *, now: datetime) -> Iterator[Move]:
    """Yield what brings one draw on, and what voids it."""
    case = draw.council.case
    one = partial(Move, subject=draw, part="draw", part_id=str(draw.pk))
    runs = drawing.may_run(case, draw.council, who)
    if beacons.may_contribute(draw, case, who):
        yield one(
            name="contribute",
            act=beacons.contribute,
            form=forms.ContributeForm,
            obstacles=beacons.obstacles_to_contribute(draw, case, person),
        )
    if beacons.may_reveal(draw, person):
        yield one(
            name="reveal",
            act=beacons.reveal,
            form=forms.RevealForm,
            obstacles=beacons.obstacles_to_reveal(draw, now),
            main=True,
        )
    if runs and draw.state == Draw.State.PREPARING:
        held = drawing.obstacles_to_look(draw, case)
        yield one(name="find_panels", act=drawing.find_panels, obstacles=held, main=True)
        if drawing.may_cut_rest(draw):
            yield one(name="cut_rest", act=drawing.cut_rest, form=forms.CutRestForm, obstacles=held)
        if proposed := draw.problem.get("relaxations"):
            yield one(
                name="relax_quotas",
                act=drawing.relax_quotas,
                form=partial(forms.RelaxForm, proposed),
                obstacles=drawing.obstacles_to_relax(draw, case),
            )
    if runs and draw.state == Draw.State.COMMITTED:
        early = beacons.obstacles_to_beacon(draw, case, now)
        awaited = beacons.awaited(draw)
        if "drand" in awaited:
            yield one(
                name="enter_drand",
                act=beacons.enter_drand,
                form=partial(forms.DrandForm, draw.sources["drand"]["round"]),
                obstacles=early,
                main=not early,
            )
        if "dice" in awaited:
            yield one(
                name="enter_dice", act=beacons.enter_dice, form=forms.DiceForm, obstacles=early,
                main=not early,
            )  # fmt: skip
    if beacons.voids_as(draw, case, who, person, now):
        yield one(
            name="void_draw",
            act=beacons.void_draw,
            form=forms.VoidForm,
            obstacles=beacons.obstacles_to_void(draw, person, now),
            careful=True,
        )


def moves_of_auditor(draw: Draw, auditor: Person) -> Iterator[Move]:
    """Yield what an auditor of a draw can do to it, from its public page."""
    if beacons.may_agree_to_void(draw, auditor):
        yield Move(
            subject=draw,
            part="draw",
            part_id=str(draw.pk),
            name="agree_to_void",
            act=beacons.agree_to_void,
            careful=True,
        )


def moves_on_seat(
    seat: Seat, case: Case, person: Person, who: Standing, *, now: datetime
) -> Iterator[Move]:
    """Yield what the person drawn does with their seat, and a party's doubt about it."""
    one = partial(Move, subject=seat, part="seat", part_id=str(seat.pk))
    if seat.person_id == person.pk:
        if seating.may_answer(seat, case, person):
            if seat.promised_on is None:
                yield one(
                    name="promise",
                    act=seating.promise,
                    form=forms.PromiseForm,
                    obstacles=seating.obstacles_to_promise(seat, case),
                    main=True,
                )
            names = names_for(seat, case) if seat.promised_on else []
            blocked = seating.obstacles_to_accept(seat, case, now)
            yield one(
                name="accept_seat",
                act=seating.accept_seat,
                form=partial(forms.AcceptForm, names),
                obstacles=blocked,
                main=not blocked,
            )
        if seat.state == Seat.State.DRAWN:
            yield one(name="decline_seat", act=seating.decline_seat, careful=True)
        if seat.state in rules.LIVE_SEATS:
            yield one(name="recuse", act=seating.recuse, careful=True)
    elif challenging.may_challenge(seat, who):
        yield one(
            name="challenge_member",
            act=challenging.challenge_member,
            form=forms.ChallengeForm,
            obstacles=challenging.obstacles_to_challenge(seat, case, who, day(now)),
        )
    yield from deciding.moves_to_recall(seat, case, who)


def names_for(seat: Seat, case: Case) -> list[str]:
    """Return the names a person drawn is asked about; only after their promise."""
    return [party.person.name for party in case.parties.all()]


def moves_on_challenge(
    challenge: Challenge, person: Person, who: Standing, *, now: datetime
) -> Iterator[Move]:
    """Yield the answer of one of the rest of the panel."""
    case = challenge.seat.council.case
    if who.sits and challenging.seat_to_answer(challenge, person) is not None:
        yield Move(
            subject=challenge,
            part="challenge",
            part_id=str(challenge.pk),
            name="answer_challenge",
            act=challenging.answer_challenge,
            form=forms.AnswerForm,
            obstacles=forming.frozen(case),
            main=True,
        )


def moves_on_pool(community: Community, person: Person, *, today: date) -> Iterator[Move]:
    """Yield what a member can do about the hat of their own community."""
    charter = community.charter_now().charter
    place = pool.place_of(person, community)
    if place is None:
        if pool.may_join(person, community, today):
            yield Move(
                subject=community,
                part="pool",
                part_id=community.slug,
                name="join_pool",
                act=pool.join_pool,
                form=partial(forms.JoinForm, charter.quotas, charter.council_youngest),
                main=True,
            )
        return
    one = partial(Move, subject=place, part="pool", part_id=community.slug)
    said = json.loads(place.features) if place.features else {}
    if charter.quotas:
        yield one(
            name="say_features",
            act=pool.say_features,
            form=partial(forms.FeaturesForm, charter.quotas, said),
        )
    yield one(name="choose_news", act=pool.choose_news, form=partial(forms.NewsForm, person))
    yield one(name="declare_tie", act=stepping_down.declare_tie, form=forms.TieForm)
    yield one(
        name="stay_away",
        act=pool.stay_away,
        form=partial(forms.AwayForm, today, pool.LONGEST_AWAY_DAYS),
    )
    if place.away_until is not None and place.away_until >= today:
        yield one(name="come_back", act=pool.stay_away)
    blocked = pool.obstacles_to_stay(place, today)
    yield one(name="stay_in_pool", act=pool.stay_in_pool, obstacles=blocked, main=not blocked)
    yield one(name="leave_pool", act=pool.leave_pool, careful=True)
