"""What this person can do around what a council reads and hears.

What is not yielded is hidden: it answers like a thing that does not exist.
"""

from collections.abc import Iterator
from datetime import datetime
from functools import partial

from cases.access import Standing
from cases.models import Case
from cases.writing import day
from councils import forms
from councils.actions import hearings, packet, sharing, words
from councils.actions.forming import frozen
from councils.models import Council, Hearing, Sharing
from moves.core import Move
from people.models import Person


def moves_to_hear(
    council: Council, person: Person, who: Standing, *, now: datetime
) -> Iterator[Move]:
    """Yield what is written to a council, what it may read, and when it listens."""
    case = council.case
    one = partial(Move, subject=council, part="council", part_id=str(council.pk))
    held = frozen(case)
    if able := words.writers(council, case, who):
        quiet = words.silent(council, case, who)
        complete = council.state != Council.State.FORMING
        yield one(
            name="write_to_council",
            act=words.write_to_council,
            form=partial(forms.WordForm, able),
            obstacles=held,
            main=bool(quiet) and complete and not who.mediates,
        )
        if quiet:
            yield one(
                name="nothing_to_add",
                act=words.nothing_to_add,
                form=partial(forms.WhoseForm, quiet) if len(able) > 1 else None,
                obstacles=held,
            )
    if sharing.may_ask(council, case, who) and (notes := sharing.notes_to_share(case)):
        yield one(
            name="ask_to_share",
            act=sharing.ask_to_share,
            form=partial(forms.ShareForm, notes),
            obstacles=held,
        )
    if packet.may_make(council, case, who):
        blocked = packet.obstacles_to_make(council, case, day(now))
        yield one(
            name="make_packet",
            act=packet.make_packet,
            obstacles=blocked,
            careful=True,
        )
    if hearings.may_plan(council, case, who) and (parties := hearings.invitable(case)):
        yield one(
            name="plan_hearing",
            act=hearings.plan_hearing,
            form=partial(forms.HearingForm, parties, now),
            obstacles=held,
            main=not any(one.state != "cancelled" for one in council.hearings.all()),
        )


def moves_on_sharing(
    asked: Sharing, case: Case, person: Person, who: Standing, *, now: datetime
) -> Iterator[Move]:
    """Yield a party's own answer to whether the council may read something of the talks."""
    if sharing.asked_of(asked, who) is None or not sharing.packet_awaited(asked.hearer, case):
        return
    yield Move(
        subject=asked,
        part="sharing",
        part_id=str(asked.pk),
        name="answer_sharing",
        act=sharing.answer_sharing,
        form=forms.SharingForm,
        obstacles=frozen(case),
    )


def moves_on_hearing(
    hearing: Hearing, case: Case, person: Person, who: Standing, *, now: datetime
) -> Iterator[Move]:
    """Yield the answer of who is asked to a hearing, and what becomes of it."""
    one = partial(Move, subject=hearing, part="hearing", part_id=str(hearing.pk))
    if hearings.may_answer(hearing, case, who):
        mine = hearings.invitations_of(hearing, who)
        yield one(
            name="answer_invitation",
            act=hearings.answer_invitation,
            form=partial(forms.InvitationForm, mine),
            obstacles=hearings.obstacles_to_answer(hearing, case, now),
            main=any(not invitation.answer for invitation in mine),
        )
    if hearings.may_hold(hearing, case, who):
        blocked = hearings.obstacles_to_hold(hearing, case, now)
        yield one(
            name="hold_hearing",
            act=hearings.hold_hearing,
            form=partial(forms.HoldForm, list(hearing.invitations.all())),
            obstacles=blocked,
            main=not blocked,
        )
    if hearings.may_change(hearing, case, who):
        yield one(
            name="move_hearing",
            act=hearings.move_hearing,
            form=partial(forms.MoveHearingForm, hearing, now),
            obstacles=frozen(case),
        )
        yield one(name="cancel_hearing", act=hearings.cancel_hearing, careful=True)
