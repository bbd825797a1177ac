"""What this person can do around a mediation, and what stands in the way.

What is not yielded is hidden: it answers like a thing that does not exist.
"""

from collections.abc import Iterator
from datetime import date
from functools import partial
from typing import Any

from cases.access import Standing
from cases.models import Case
from cases.rules import MEDIATION
from mediation import actions, forms
from mediation.models import Mediation
from moves.core import Move
from people.models import Person


def on_case(case: Case, **more: Any) -> Move:
    return Move(subject=case, part="case", part_id=case.reference, **more)


def on_mediation(mediation: Mediation, **more: Any) -> Move:
    return Move(subject=mediation, part="mediation", part_id=str(mediation.pk), **more)


def moves_on_case(case: Case, person: Person, who: Standing, *, today: date) -> Iterator[Move]:
    """Yield who may be made mediator or released, and the step into mediation."""
    if who.coordinates and case.state in actions.ASSIGNABLE:
        mediators = actions.mediators_of(case)
        among = actions.candidates(case, today)
        yield on_case(
            case,
            name="assign_mediator",
            act=actions.assign_mediator,
            form=partial(forms.AssignForm, case, among),
            obstacles=actions.obstacles_to_assign(case, [one for _person, one in among]),
            main=not mediators,
        )
        if mediators:
            yield on_case(
                case,
                name="release_mediator",
                act=actions.release_mediator,
                form=partial(forms.ReleaseForm, mediators),
                obstacles=actions.obstacles_to_release(case),
                careful=True,
            )
    if who.mediates and case.state == Case.State.SCREENING:
        yield on_case(
            case,
            name="begin_mediation",
            act=actions.begin_mediation,
            obstacles=actions.obstacles_to_begin(case, today),
            main=True,
        )


def moves_on_mediation(
    mediation: Mediation, person: Person, who: Standing, *, today: date
) -> Iterator[Move]:
    """Yield what its mediators do while a mediation is open."""
    case = mediation.case
    if not (who.mediates and mediation.is_open and case.state == MEDIATION):
        return
    frozen = actions.frozen(case)
    planned = actions.planned_of(mediation)
    yield on_mediation(
        mediation,
        name="plan_meeting",
        act=actions.plan_meeting,
        form=partial(forms.MeetingForm, mediation, today),
        obstacles=actions.obstacles_to_any_meeting(mediation, case, today),
        main=not planned,
    )
    yield on_mediation(
        mediation,
        name="hold_meeting",
        act=actions.hold_meeting,
        form=forms.HeldForm,
        obstacles=actions.obstacles_to_hold(mediation, case, today),
        main=bool(planned),
    )
    if planned:
        yield on_mediation(
            mediation,
            name="cancel_meeting",
            act=actions.cancel_meeting,
            form=partial(forms.CancelMeetingForm, planned),
            obstacles=frozen,
        )
    yield on_mediation(
        mediation,
        name="write_shared_note",
        act=actions.write_shared_note,
        form=forms.SharedNoteForm,
        obstacles=frozen,
    )
    yield on_mediation(
        mediation,
        name="write_private_note",
        act=actions.write_private_note,
        form=partial(forms.PrivateNoteForm, who.parties),
        obstacles=frozen,
    )
    yield on_mediation(
        mediation,
        name="extend_mediation",
        act=actions.extend_mediation,
        obstacles=actions.obstacles_to_extend(mediation, case),
    )
    yield on_mediation(
        mediation,
        name="end_without_agreement",
        act=actions.end_without_agreement,
        form=forms.EndForm,
        obstacles=frozen,
        careful=True,
    )
