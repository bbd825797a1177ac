"""All moves of a case, whichever app they belong to, by plain imports."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from typing import Any

from django.db.models import Prefetch, prefetch_related_objects
from django.utils import timezone

from agreements import actions as agreement_actions
from agreements import moves as agreement_moves
from agreements.models import Agreement, Commitment, Entry, Suggestion
from agreements.querysets import suggestions_of, versions_of
from cases import actions as case_actions
from cases import forms as case_forms
from cases import moves as case_moves
from cases import rules as case_rules
from cases.access import Standing, standing
from cases.models import Case
from cases.writing import changing
from communities.forms import RecallForm
from communities.rules import Offices, stepping_back
from councils import moves as council_moves
from councils import reading as council_reading
from councils.models import (
    Appeal,
    Challenge,
    Council,
    Decision,
    Draw,
    Hearing,
    Packet,
    PlannedPromise,
    Recall,
    Seat,
    Sharing,
)
from journey import actions, forms, recalls, rules
from journey.away import with_absences
from journey.recalls import with_recalls
from mediation import moves as mediation_moves
from mediation.actions import mediations_of
from mediation.models import Mediation
from moves.core import Blocked, Move
from people.models import Person
from rehabilitation import moves as placement_moves
from rehabilitation import reading as placement_reading
from rehabilitation import wording as placement_wording
from rehabilitation.access import sight_of
from rehabilitation.models import Placement
from rehabilitation.querysets import with_placements


def moves_across(case: Case, who: Standing, *, today: date) -> Iterator[Move]:
    """Yield the moves that span the stages."""
    if case.state not in case_rules.OPEN_STATES:
        return
    one = partial(Move, subject=case, part="case", part_id=case.reference)
    if actions.may_return_to_mediation(case, who):
        blocked = actions.obstacles_to_return(case, today)
        yield one(
            name="return_to_mediation",
            act=actions.return_to_mediation,
            obstacles=blocked,
            main=not blocked,
        )
    if not (who.mediates or who.coordinates):
        return
    if case.state in ("screening", "mediation", "reparation"):
        yield one(
            name="refer_to_council",
            act=actions.refer_to_council,
            form=case_forms.ReasonForm,
            obstacles=actions.obstacles_to_council(case),
            careful=True,
        )
    yield one(
        name="close",
        act=actions.close,
        form=lambda data=None: forms.CloseForm(actions.outcome_facts(case, today), data),
        obstacles=actions.obstacles_to_close(case, today),
        careful=True,
    )
    yield one(
        name="refer_elsewhere",
        act=actions.refer_elsewhere,
        form=case_forms.ReasonForm,
        obstacles=actions.obstacles_to_refer_elsewhere(case, today),
        careful=True,
    )
    if who.mediates and case.frozen_on:
        yield one(
            name="renew_consent",
            act=actions.renew_consent,
            obstacles=case_actions.obstacles_to_renew(case, today),
            main=True,
        )
    if who.coordinates and len(actions.responsible_in(case)) > 1:
        yield one(
            name="split",
            act=actions.split,
            form=lambda data=None: forms.SplitForm(actions.may_leave(case, today), data),
            obstacles=actions.obstacles_to_split(case, today),
            careful=True,
        )


def moves_from_outside(case: Case, person: Person, who: Standing, today: date) -> Iterator[Move]:
    """Yield what a party can bring before the community of who is in office in their case."""
    if recalls.may_bring(case, who, person, today):

        def form(data: Any = None) -> RecallForm:
            holders = recalls.concerned(case, who, person, today)
            return RecallForm([(office, one) for _where, office, one in holders], data)

        yield Move(
            subject=case,
            part="case",
            part_id=case.reference,
            name="bring_recall",
            act=recalls.bring_recall,
            form=form,
            careful=True,
        )


def with_facts(cases: Any, person: Person, *, today: date) -> Any:
    """Annotate cases with what their page then need not ask, each where there is nothing of it."""
    return with_recalls(with_absences(with_placements(cases.with_partings())), person, today=today)


@dataclass(frozen=True)
class Part:
    """One thing in a case with moves of its own."""

    part: str
    id: str
    thing: Any


def parts_of(case: Case, who: Standing) -> list[Part]:
    """Return the parts of a case this person may know of, the case itself first."""
    return [one for _kinds, read in GROUPS for one in read(case, who)]


def find_part(case: Case, who: Standing, part: str, part_id: str) -> Part | None:
    """Return the part at this address, or None where this person may not know of one.

    Only the groups that could hold it are read: a suggestion is a mediator's, or a council's.
    """
    found = (one for kinds, read in GROUPS if part in kinds for one in read(case, who))
    return next((one for one in found if (one.part, one.id) == (part, part_id)), None)


def _case_itself(case: Case, who: Standing) -> Iterator[Part]:
    yield Part("case", case.reference, case)


def _parties(case: Case, who: Standing) -> Iterator[Part]:
    office = who.mediates or who.coordinates
    mine = {party.pk for party in who.sides()}
    for party in who.parties:
        if office or party.pk in mine:
            yield Part("party", str(party.pk), party)


def _of_the_talks(case: Case, who: Standing) -> Iterator[Part]:
    if not who.mediates and not who.sides():
        return
    mediations, agreements = mediations_of(case), versions_of(case)
    prefetch_related_objects(mediations, "meetings")
    promises = Commitment.objects.select_related("promised_by__person", "promised_to__person")
    prefetch_related_objects(agreements, Prefetch("commitments", promises.order_by("number")))
    keep_answers(agreements)
    for mediation in mediations:
        yield Part("mediation", str(mediation.pk), mediation)
    for agreement in agreements:
        if who.mediates or agreement.state != Agreement.State.DRAFTING:
            yield Part("agreement", str(agreement.pk), agreement)
            for one in agreement.commitments.all():
                yield Part("commitment", str(one.pk), one)
            if agreement_actions.may_ask_for(agreement, case, who):
                for suggestion in suggestions_of(agreement):
                    yield Part("suggestion", str(suggestion.pk), suggestion)


def _of_the_councils(case: Case, who: Standing) -> Iterator[Part]:
    for part, thing in council_reading.things_of(case, who):
        yield Part(part, str(thing.pk), thing)


def _placements(case: Case, who: Standing) -> Iterator[Part]:
    for placement in placement_reading.placements_of(case, who, now=timezone.now()):
        yield Part("placement", str(placement.pk), placement)


# What is read together, in the order of the page, and which kinds of part are found in it.
GROUPS: tuple[tuple[frozenset[str], Callable[[Case, Standing], Iterator[Part]]], ...] = (
    (frozenset({"case"}), _case_itself),
    (frozenset({"party"}), _parties),
    (frozenset({"mediation", "agreement", "commitment", "suggestion"}), _of_the_talks),
    (council_reading.KINDS, _of_the_councils),
    (frozenset({"placement"}), _placements),
)


def keep_answers(agreements: Iterable[Agreement]) -> None:
    """Read at once what was said of the promises: only of plans that were ever in force."""
    followed: dict[Any, list[Entry]] = {}
    for agreement in agreements:
        for one in agreement.commitments.all():
            said: list[Entry] = []
            one.__dict__["answers"] = said
            if agreement.in_force_on is not None:
                followed[one.pk] = said
    if followed:
        for entry in Entry.objects.answered().filter(commitment__in=followed):
            followed[entry.commitment_id].append(entry)


def moves_on(part: Part, case: Case, person: Person, who: Standing, *, today: date) -> list[Move]:
    """Return the moves of one part, for this person, today. What is not there is hidden.

    Where coordinators step back, what only their office gives them waits; what they could do
    without it goes on, and so does what protects people.
    """
    found = _moves_on(part, case, person, who, today=today)
    if who.away_until is None:
        return found
    others = _moves_on(part, case, person, who.without_office(), today=today)
    going_on = {move.name for move in others} | rules.PROTECTING | PLACEMENT_MOVES
    return [move if move.name in going_on else _stepped_back(move, case, who) for move in found]


# Whoever is placed lives under measures, and somebody may be in danger: nothing of it waits.
PLACEMENT_MOVES = frozenset(placement_wording.MOVES)


def _stepped_back(move: Move, case: Case, who: Standing) -> Move:
    """Return a move of a coordinator who steps back: it says until when, and refuses."""
    assert who.away_until is not None
    return replace(
        move,
        obstacles=[stepping_back(who.away_until)],
        act=partial(_in_office, move.act, case),
        main=False,
    )


def _in_office(
    act: Callable[..., object],
    case: Case,
    subject: Any,
    *,
    by: Person,
    now: datetime,
    **typed: Any,
) -> object:
    """Do a move that only a coordinator's office gives, unless they step back; case locked."""
    with changing(case.pk, by=by, now=now) as (_case, who):
        if who.away_until is not None:
            raise Blocked([stepping_back(who.away_until)])
        return act(subject, by=by, now=now, **typed)


def _moves_on(part: Part, case: Case, person: Person, who: Standing, *, today: date) -> list[Move]:
    thing = part.thing
    if isinstance(thing, Case):
        return [
            *case_moves.moves_on_case(case, person, who, today=today),
            *mediation_moves.moves_on_case(case, person, who, today=today),
            *agreement_moves.moves_on_case(case, person, who, today=today),
            *council_moves.moves_on_case(case, person, who, today=today),
            *placement_moves.moves_on_case(case, person, who, now=timezone.now()),
            *moves_across(case, who, today=today),
            *moves_from_outside(case, person, who, today),
        ]
    if isinstance(thing, Placement):
        sight = sight_of(person, thing, today=today, who=who)
        return list(placement_moves.moves_on_placement(thing, person, sight, now=timezone.now()))
    if isinstance(thing, Council):
        now = timezone.now()
        return [
            *council_moves.moves_on_council(thing, person, who, now=now),
            *council_moves.moves_to_hear(thing, person, who, now=now),
        ]
    if isinstance(thing, Hearing):
        now = timezone.now()
        return list(council_moves.moves_on_hearing(thing, case, person, who, now=now))
    if isinstance(thing, Sharing):
        now = timezone.now()
        return list(council_moves.moves_on_sharing(thing, case, person, who, now=now))
    if isinstance(thing, Packet):
        return []
    if isinstance(thing, Draw):
        return list(council_moves.moves_on_draw(thing, person, who, now=timezone.now()))
    if isinstance(thing, Seat):
        return list(council_moves.moves_on_seat(thing, case, person, who, now=timezone.now()))
    if isinstance(thing, Decision):
        return list(council_moves.moves_on_decision(thing, case, person, who, now=timezone.now()))
    if isinstance(thing, PlannedPromise):
        return list(council_moves.moves_on_planned(thing, case, person))
    if isinstance(thing, Appeal):
        return list(council_moves.moves_on_appeal(thing, case, who))
    if isinstance(thing, Recall):
        return list(council_moves.moves_on_recall(thing, case, person))
    if isinstance(thing, Challenge):
        return list(council_moves.moves_on_challenge(thing, person, who, now=timezone.now()))
    if isinstance(thing, Mediation):
        return list(mediation_moves.moves_on_mediation(thing, person, who, today=today))
    if isinstance(thing, Agreement):
        return list(agreement_moves.moves_on_agreement(thing, person, who, today=today))
    if isinstance(thing, Commitment):
        return list(agreement_moves.moves_on_commitment(thing, person, who, today=today))
    if isinstance(thing, Suggestion) and thing.agreement_id is None:
        return list(council_moves.moves_on_advice(thing.advice, case, person))
    if isinstance(thing, Suggestion):
        return list(agreement_moves.moves_on_suggestion(thing, case, person, who, today=today))
    return [
        *case_moves.moves_on_party(thing, case, person, who, today=today),
        *placement_moves.moves_on_party(thing, person, now=timezone.now()),
    ]


def who_and_parts(
    case: Case, person: Person, *, today: date, offices: Offices | None = None
) -> tuple[Standing, list[Part]]:
    """Return who this person is in the case, and the parts they may know of."""
    who = standing(person, case, today=today, offices=offices)
    return who, parts_of(case, who)
