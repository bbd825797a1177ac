"""What each obstacle tells, and who may know it: by the rooms and the moves of the product.

Written by hand from the rules, not read from the code. A code that is not here fails the walk.
"""

from tests.moves.story import NAMES

MEDIATORS = frozenset({"mediator", "second_mediator"})
COORDINATORS = frozenset({"coordinator", "parent_coordinator"})
OFFICE = MEDIATORS | COORDINATORS
SIDES = frozenset({"harmed", "responsible", "second", "supporter", "guardian"})
INSIDE = OFFICE | SIDES | {"interpreter"}
assert set(NAMES) >= INSIDE

# By code: the fact it speaks of, and who may know that fact.
MAY_KNOW: dict[str, tuple[str, frozenset[str]]] = {
    "stage_frozen": ("everything is on hold, and never who stopped it", INSIDE),
    "frozen_already": ("the same", INSIDE),
    # Screening and safety: the safety room is the mediators' and the coordinator's.
    "nobody_harmed": ("who is named in the case", OFFICE),
    "nobody_responsible": ("who is named in the case", OFFICE),
    "harmed_person_not_reached": ("whether a mediator spoke with the person harmed", OFFICE),
    "not_spoken_yet": ("whether a mediator spoke with a party", OFFICE),
    "contact_missing": ("whether there is an address", OFFICE),
    "screening_unfinished": ("whether safety was assessed", OFFICE),
    "not_safe_to_meet": ("what a safety assessment said", OFFICE),
    "safety_not_reassessed": ("whether safety was assessed again", OFFICE),
    # Consent: nobody learns of one side's from the other.
    "consent_missing": ("whether everybody said yes", OFFICE),
    "consent_given": ("whether somebody said yes", OFFICE),
    "guardian_consent_missing": ("whether a guardian said yes", OFFICE),
    "guardian_conflict": ("a guardian's tie", OFFICE),
    # Who mediates, their ties and licences.
    "mediator_missing": ("whether there is somebody to mediate", OFFICE),
    "mediator_conflict": ("a mediator's tie", OFFICE),
    "mediator_assigned_already": ("who mediates", OFFICE),
    "licence_lapsed": ("a mediator's licence", OFFICE),
    "licence_too_narrow": ("a mediator's licence", OFFICE),
    "last_mediator": ("how many mediate", OFFICE),
    # The mediation room; the coordinator knows only that a mediation is open.
    "mediation_still_open": ("whether a mediation is open", OFFICE | SIDES),
    "no_meeting_planned": ("the meetings", MEDIATORS | SIDES),
    "meeting_to_come": ("the meetings", MEDIATORS | SIDES),
    "meeting_in_the_past": ("the meetings", MEDIATORS | SIDES),
    "meeting_after_due": ("the last day of a mediation", MEDIATORS | SIDES),
    "already_extended": ("the last day of a mediation", MEDIATORS | SIDES),
    # A draft is the mediators' alone.
    "account_missing": ("a draft", MEDIATORS),
    "nothing_promised": ("a draft", MEDIATORS),
    "commitment_unclear": ("a draft", MEDIATORS),
    "exceeds_harm": ("a draft", MEDIATORS),
    "proportion_reason_missing": ("a draft", MEDIATORS),
    "plan_too_long": ("a draft", MEDIATORS),
    # The plan: that something is open, never what; closing asks the coordinator too.
    "commitment_open": ("whether something promised is open", OFFICE | SIDES),
    "more_than_promised": ("how much was promised", MEDIATORS | SIDES),
    # That nothing is left: who could open it again sees the case still, and nobody else.
    "forgotten": ("that a closed case was forgotten", COORDINATORS),
    # The harmed person's word, and everybody's last.
    "harmed_person_not_asked": ("whether the person harmed was asked", OFFICE),
    "harmed_word_first": ("who was asked for a closing word", OFFICE),
    "closing_word_not_asked": ("who was asked for a closing word", OFFICE),
    "nobody_to_split": ("how many are responsible", INSIDE),
    "already_moved": ("that something changed meanwhile", INSIDE),
}
