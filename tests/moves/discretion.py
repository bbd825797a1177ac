"""What each obstacle tells, and who may know it: by the rooms and the moves of the product.

Written by hand from the rules, not read from the code. A code that is not here fails the walk.
"""

from tests.moves.story import ALL_NAMES

MEDIATORS = frozenset({"mediator", "second_mediator"})
COORDINATORS = frozenset({"coordinator", "parent_coordinator"})
OFFICE = MEDIATORS | COORDINATORS
SIDES = frozenset({"harmed", "responsible", "second", "supporter", "guardian"})
PARTIES = frozenset({"harmed", "responsible", "second"})
# Who was drawn is told of their own seat and their own place in the hat, and nothing beside.
DRAWN = frozenset({"member", "second_member", "third_member"})
RUNS = COORDINATORS | {"process_guardian"}
INSIDE = OFFICE | SIDES | DRAWN | {"interpreter", "process_guardian"}
assert set(ALL_NAMES) >= INSIDE

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
    # Who serves the council that sends a case back to mediation learns that somebody has not yet.
    "consent_missing": ("whether everybody said yes", OFFICE | DRAWN | {"process_guardian"}),
    "consent_given": ("whether somebody said yes", OFFICE),
    "guardian_consent_missing": ("whether a guardian said yes", OFFICE),
    "guardian_conflict": ("a guardian's tie; the guardian's own", OFFICE | {"guardian"}),
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
    "harm_not_stated": ("whether somebody said what was lost", MEDIATORS),
    "more_than_is_left": ("a draft", MEDIATORS),
    # The plan: that something is open, never what; closing asks the coordinator too.
    "commitment_open": ("whether something promised is open", OFFICE | SIDES),
    "more_than_promised": ("how much was promised", MEDIATORS | SIDES),
    # That nothing is left: who could open it again sees the case still, and nobody else.
    "forgotten": ("that a closed case was forgotten", COORDINATORS),
    # The harmed person's word, and everybody's last.
    "harmed_person_not_asked": ("whether the person harmed was asked", OFFICE),
    # The form that closes a case says these of the outcome that was chosen, to who closes it.
    "promise_not_kept": ("that something promised was not kept", OFFICE),
    "agreement_was_made": ("that an agreement was made", OFFICE),
    "harmed_word_missing": ("whether the person harmed wishes it to end", OFFICE),
    "everybody_was_reached": ("whether a mediator spoke with everybody", OFFICE),
    "harmed_word_first": ("who was asked for a closing word", OFFICE),
    "closing_word_not_asked": ("who was asked for a closing word", OFFICE),
    # The council: who runs the draw does not learn who named whom, and nobody learns from the
    # hat, the draw or a seat whom a member is tied to.
    "draw_under_way": ("that a draw is under way", INSIDE),
    "rest_first": ("that some in the hat rest after a seat, and never who", RUNS),
    "ties_not_named": ("that not every party has answered, and never which", RUNS),
    "ties_named_already": ("what one said oneself", PARTIES),
    "contributed_already": ("what one gave oneself", PARTIES | {"process_guardian"}),
    "reveal_too_late": ("the time of a published draw", PARTIES | {"process_guardian"}),
    "not_the_secret": ("what one gave oneself", PARTIES | {"process_guardian"}),
    "beacon_too_early": ("the time of a published draw", RUNS),
    "not_the_beacon": ("what everybody can read", RUNS),
    "void_needs_auditor": ("what one asked for oneself", frozenset({"process_guardian"})),
    "not_promised": ("one's own seat", DRAWN),
    "answered_too_late": ("one's own seat", DRAWN),
    "tie_on_file": ("one's own tie, after the promise", DRAWN),
    "challenge_too_late": ("since when a member sits", PARTIES),
    "challenged_already": ("what one asked for oneself", PARTIES),
    # What a council reads and hears: who runs it learns that words are awaited, never whose; that
    # people are heard apart, never why.
    "words_awaited": ("that not every party has written, and never which", RUNS),
    # Under an agreement it says that the decision behind it is looked at again.
    "challenge_open": (
        "that a doubt or an appeal is not answered, and never whose",
        RUNS | SIDES | MEDIATORS,
    ),
    "packet_made": ("that the packet is made", PARTIES),
    "packet_missing": ("that the packet is not made", RUNS),
    "must_not_meet": ("that some are heard apart, and never why", RUNS),
    "hearing_in_the_past": ("what one typed oneself", RUNS),
    "hearing_to_come": ("when a hearing is", RUNS),
    "hearing_began": ("when one's own hearing is", PARTIES | {"guardian"}),
    # What a council decides: who sits on it, who runs it, and of an appeal its party.
    "too_few_seated": ("how many sit on the council", INSIDE),
    "hearing_missing": ("that nobody was heard yet", RUNS),
    "not_heard": ("that not everybody was heard, and never who", DRAWN),
    "findings_missing": ("what the council has found", DRAWN),
    "decision_open": ("that a decision is before the council", DRAWN),
    "another_under_way": ("what is before the circle", DRAWN),
    "appeal_too_late": ("since when a decision is known", PARTIES | {"guardian"}),
    "appealed_already": ("what one asked for oneself", PARTIES | {"guardian"}),
    "recall_under_way": ("that a member is heard", PARTIES | DRAWN | {"process_guardian"}),
    "term_runs": ("one's own place in the hat", DRAWN | {"undrawn"}),
    "nobody_to_split": ("how many are responsible", INSIDE),
    "coordinators_step_back": ("what everybody with an open case is told", COORDINATORS),
    "already_moved": ("that something changed meanwhile", INSIDE),
}
