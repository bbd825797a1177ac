"""What this person can do now to a case or a party, and what stands in the way.

What is not yielded is hidden: it answers like a thing that does not exist.
"""

from collections.abc import Iterator
from datetime import date
from functools import partial
from typing import Any

from django.utils.translation import gettext_lazy as _

from cases import actions, companions, forms, rules
from cases.access import Standing
from cases.consent_text import consent_text
from cases.models import Case, Party
from moves.core import Move
from people.models import Person

QUESTIONS: list[dict[str, Any]] = [
    {"code": "afraid", "text": _("Is anybody afraid of somebody in this case?")},
    {"code": "history", "text": _("Has anything like it happened before?")},
    {"code": "needs", "text": _("What would they need in order to be safe and at ease?")},
]


def on_case(case: Case, **more: Any) -> Move:
    return Move(subject=case, part="case", part_id=case.reference, **more)


def on_party(party: Party, **more: Any) -> Move:
    return Move(subject=party, part="party", part_id=str(party.pk), **more)


def moves_on_case(case: Case, person: Person, who: Standing, *, today: date) -> Iterator[Move]:
    """Yield the moves on the case itself."""
    in_office = who.mediates or who.coordinates
    if case.state == Case.State.REPORTED and in_office:
        yield on_case(case, name="accept", act=actions.accept, main=True)
    if case.state in ("reported", "screening") and in_office:
        form = partial(forms.PartyForm, case)
        yield on_case(case, name="add_party", act=actions.add_party, form=form)
    if case.state in rules.OPEN_STATES and who.mediates and not case.frozen_on:
        yield on_case(case, name="pause", act=actions.pause, careful=True)
    if actions.may_mark_danger(case, who):
        yield on_case(case, name="mark_danger", act=actions.mark_danger)
    if case.state == Case.State.CLOSED and who.coordinates:
        yield on_case(
            case, name="reopen", act=actions.reopen, form=forms.ReasonForm, careful=True,
            obstacles=actions.obstacles_to_reopen(case),
        )  # fmt: skip


def moves_on_party(
    party: Party, case: Case, person: Person, who: Standing, *, today: date
) -> Iterator[Move]:
    """Yield the moves on one party: what its mediator does, and what it does itself."""
    if case.state not in rules.OPEN_STATES:
        return
    if who.mediates:
        yield from _moves_of_mediator(party, case, today)
    own = who.party is not None and who.party.pk == party.pk
    guards = party.pk in {one.pk for one in who.guards}
    text = partial(forms.UnderstoodForm, consent_text(case.stage, person.language))
    if own:
        if not (blocked := actions.obstacles_to_consent(party, case, guardian=False, today=today)):
            yield on_party(
                party, name="give_consent", act=actions.give_consent, form=text, main=True,
                obstacles=blocked,
            )  # fmt: skip
        yield on_party(
            party,
            name="write_statement",
            act=actions.write_statement,
            form=partial(forms.WordsForm, help_text=_("Only you and your mediators read this.")),
        )
        if party.closing_word_asked_on:
            yield on_party(
                party,
                name="give_closing_word",
                act=actions.give_closing_word,
                form=partial(
                    forms.WordsForm, help_text=_("Both sides will read this."), required=False
                ),
                main=not party.closing_word,
            )
    if guards:
        blocked = actions.obstacles_to_consent(party, case, guardian=True, today=today)
        if not blocked or blocked[0].code == "guardian_conflict":
            yield on_party(
                party, name="give_consent_as_guardian", act=actions.give_consent_as_guardian,
                form=text, obstacles=blocked, main=True,
            )  # fmt: skip
    may_state = party.role == Party.Role.HARMED and (own or who.mediates)
    if may_state and case.state in ("screening", "mediation", "council"):
        yield on_party(party, name="state_harm", act=actions.state_harm, form=forms.HarmForm)
    if (own or who.mediates) and actions.may_wish_to_end(party, case):
        name = "wish_to_end" if own else "note_wish_to_end"
        yield on_party(party, name=name, act=actions.wish_to_end, careful=True)
    places = [
        place
        for place in companions.companions_of(party, case, today)
        if companions.may_end(party, place, own=own, mediates=who.mediates)
    ]
    if places:
        yield on_party(
            party,
            name="end_companion",
            act=companions.end_companion,
            form=partial(forms.EndCompanionForm, places),
            careful=True,
        )
    if own or guards or who.mediates:
        yield on_party(party, name="withdraw_consent", act=actions.withdraw_consent, careful=True)


def _moves_of_mediator(party: Party, case: Case, today: date) -> Iterator[Move]:
    yield on_party(
        party, name="set_contact", act=actions.set_contact, form=partial(forms.ContactForm, party)
    )
    yield on_party(
        party,
        name="reach",
        act=actions.reach,
        form=forms.ReachForm,
        obstacles=actions.obstacles_to_reach(party, case, today),
        main=party.reached_on is None,
    )
    questions = case.community.screening_questions or QUESTIONS
    yield on_party(
        party,
        name="assess",
        act=actions.assess,
        form=partial(forms.SafetyForm, questions),
        main=party.assessed_on is None,
    )
    yield on_party(
        party, name="add_companion", act=companions.add_companion, form=forms.CompanionForm
    )
    if missing := actions.consents_missing(party, case, today):
        yield on_party(
            party,
            name="take_consent_on_paper",
            act=actions.take_consent_on_paper,
            form=partial(forms.PaperConsentForm, missing),
            obstacles=actions.obstacles_to_consent(party, case, guardian=missing[0], today=today),
        )
    if case.state in ("mediation", "reparation", "council") and not party.closing_word_asked_on:
        yield on_party(
            party,
            name="ask_closing_word",
            act=actions.ask_closing_word,
            obstacles=actions.obstacles_to_ask_closing_word(party, case, today),
        )
