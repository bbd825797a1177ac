"""What this person can do now to an agreement or a promise, and what stands in the way.

What is not yielded is hidden: it answers like a thing that does not exist.
"""

from collections.abc import Iterator
from datetime import date
from functools import partial
from typing import Any

from django.utils.translation import gettext as _

from agreements import actions, forms
from agreements.models import Agreement, Commitment, Suggestion
from agreements.querysets import commitments_of
from cases.access import Standing
from cases.models import Case
from moves.core import Move
from people.models import Person


def on_agreement(agreement: Agreement, **more: Any) -> Move:
    return Move(subject=agreement, part="agreement", part_id=str(agreement.pk), **more)


def on_commitment(commitment: Commitment, **more: Any) -> Move:
    return Move(subject=commitment, part="commitment", part_id=str(commitment.pk), **more)


def on_suggestion(suggestion: Suggestion, **more: Any) -> Move:
    return Move(subject=suggestion, part="suggestion", part_id=str(suggestion.pk), **more)


def moves_on_case(case: Case, person: Person, who: Standing, *, today: date) -> Iterator[Move]:
    """Yield the move that begins an agreement."""
    if actions.may_draft(case, who):
        yield Move(
            subject=case,
            part="case",
            part_id=case.reference,
            name="draft_agreement",
            act=actions.draft_agreement,
            form=forms.AccountForm,
            obstacles=actions.obstacles_on_hold(case),
            main=case.state == Case.State.MEDIATION,
        )


def moves_on_agreement(
    agreement: Agreement, person: Person, who: Standing, *, today: date
) -> Iterator[Move]:
    """Yield the moves on one version of the agreement."""
    case = agreement.case
    one = partial(on_agreement, agreement)
    held = actions.obstacles_on_hold(case)
    if actions.may_write(agreement, case, who):
        shown = actions.account_shown(agreement)
        blocked = actions.obstacles_to_offer(agreement, case, today)
        yield one(
            name="offer_agreement", act=actions.offer_agreement, obstacles=blocked, main=not blocked
        )
        yield one(
            name="add_commitment",
            act=actions.add_commitment,
            form=partial(forms.CommitmentForm, case),
            obstacles=actions.obstacles_to_promise(case),
        )
        yield one(
            name="change_account",
            act=actions.change_account,
            form=partial(forms.ChangeAccountForm, agreement, shown),
            obstacles=held,
        )
    if actions.may_ask_for(agreement, case, who):
        yield one(
            name="ask_advice",
            act=actions.ask_advice,
            form=partial(forms.AdviceForm, case),
            obstacles=actions.obstacles_to_ask(case),
        )
    if actions.signing_as(agreement, case, who, today):
        yield one(
            name="sign_agreement",
            act=actions.sign_agreement,
            form=partial(forms.SignForm, _sign_words(case)),
            obstacles=actions.obstacles_to_bind(agreement, case),
            main=True,
        )
    if who.mediates and (papers := actions.paper_choices(agreement, case, today)):
        yield one(
            name="sign_on_paper",
            act=actions.sign_on_paper,
            form=partial(
                forms.PaperSignatureForm, [_paper_choice(*paper, today=today) for paper in papers]
            ),
            obstacles=actions.obstacles_to_bind(agreement, case),
        )
    if who.mediates and agreement.state == "offered" and case.state in actions.WRITTEN_IN:
        yield one(name="take_back_offer", act=actions.take_back_offer, obstacles=held, careful=True)
    if actions.may_step_back(agreement, case, who):
        yield one(name="step_back", act=actions.step_back, careful=True)
    if actions.may_redraft(agreement, case, who):
        yield one(name="redraft", act=actions.redraft, obstacles=held)


def _sign_words(case: Case) -> str:
    days = case.charter_version.charter.cooling_off_days
    return _(
        "Signing is up to you, and is no admission. Once everybody has signed, each of you can "
        "step back for %(days)s days, without a reason."
    ) % {"days": days}


def _paper_choice(party: Any, for_minor: bool, *, today: date) -> tuple[str, str]:
    if for_minor:
        guardian = actions.guardian_of(party, today)
        label = _("%(guardian)s, guardian of %(name)s") % {
            "guardian": guardian.name if guardian else "",
            "name": party.person.name,
        }
    else:
        label = party.person.name
    return actions.paper_key(party, for_minor), label


def moves_on_commitment(
    commitment: Commitment, person: Person, who: Standing, *, today: date
) -> Iterator[Move]:
    """Yield the moves on one promise: each side its own, about the same words."""
    case = commitment.agreement.case
    one = partial(on_commitment, commitment)
    held = actions.obstacles_on_hold(case)
    if actions.may_write(commitment.agreement, case, who):
        shown = actions.commitment_shown(commitment)
        yield one(
            name="change_commitment",
            act=actions.change_commitment,
            form=partial(forms.ChangeCommitmentForm, case, commitment, shown),
            obstacles=held,
        )
        yield one(
            name="remove_commitment", act=actions.remove_commitment, obstacles=held, careful=True
        )
    if actions.may_say_done(commitment, case, who):
        yield one(
            name="say_done",
            act=actions.say_done,
            form=partial(_done_form, commitment),
            obstacles=actions.obstacles_to_say_done(commitment, case),
            main=not who.mediates,
        )
    if actions.may_confirm(commitment, case, who):
        yield one(
            name="confirm_done",
            act=actions.confirm_done,
            form=partial(forms.ConfirmForm, commitment, actions.is_promised_to(commitment, who)),
            obstacles=held,
            main=commitment.state == "said_done",
        )
    if actions.may_dispute(commitment, case, who):
        yield one(name="not_yet", act=actions.not_yet, form=forms.NotYetForm, obstacles=held)
    if actions.may_waive(commitment, case, who):
        yield one(
            name="waive", act=actions.waive, form=forms.NoteForm, obstacles=held, careful=True
        )

    if actions.may_take_back_word(commitment, who):
        yield one(name="take_back_word", act=actions.take_back_word)


def moves_on_suggestion(
    suggestion: Suggestion, case: Case, person: Person, who: Standing, *, today: date
) -> Iterator[Move]:
    """Yield the moves on what other cases suggest: people decide, and say why."""
    one = partial(on_suggestion, suggestion)
    if actions.may_draft_from(suggestion, case, who):
        yield one(
            name="take_over_suggestion",
            act=actions.take_over_suggestion,
            form=forms.TakeOverForm,
            obstacles=actions.obstacles_to_take_over(suggestion, case),
        )
        yield one(
            name="change_suggestion",
            act=actions.change_suggestion,
            form=lambda data=None: forms.ChangeSuggestionForm(
                case, actions.fields_of(suggestion, case), data
            ),
            obstacles=actions.obstacles_to_promise(case),
        )
    if actions.may_refuse(suggestion, case, who):
        yield one(
            name="refuse_suggestion",
            act=actions.refuse_suggestion,
            form=forms.RefuseForm,
            obstacles=actions.obstacles_on_hold(case),
        )


def _done_form(commitment: Commitment, **typed: Any) -> forms.DoneForm:
    # Asks how much is left only where the form is shown: a page has many promises.
    left = actions.still_to_do(commitment) if actions.counted(commitment) else None
    return forms.DoneForm(left=left, **typed)


def plan_items(
    case: Case, person: Person, who: Standing, today: date
) -> list[tuple[Commitment, list[Move]]]:
    """Return every promise of the plan with what this person can do about it, in order.

    Empty for who stands on neither side and does not mediate: the plan is theirs alone.
    """
    if not (who.mediates or who.sides()):
        return []
    return [
        (one, list(moves_on_commitment(one, person, who, today=today)))
        for one in commitments_of(case)
    ]
