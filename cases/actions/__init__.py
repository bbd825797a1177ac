"""What people do to a case and its parties.

Each action is one transaction: it locks the case, asks who is acting and what stands in
the way, changes one thing, and leaves one event. ``journey`` does what spans the stages.
"""

from cases.actions.consenting import (
    consents_missing,
    end_hold,
    freeze,
    give_consent,
    give_consent_as_guardian,
    go_on,
    obstacles_to_consent,
    obstacles_to_pause,
    obstacles_to_renew,
    pause,
    take_consent_on_paper,
    withdraw_consent,
)
from cases.actions.course import (
    accept,
    begin_reparation,
    mark_danger,
    may_mark_danger,
    obstacles_to_reopen,
    reopen,
)
from cases.actions.facts import facts_of, obstacles_on_hold, obstacles_to_begin
from cases.actions.opening import NewParty, add_party, open_case
from cases.actions.parties import (
    assess,
    end_guardians_in_time,
    obstacles_to_reach,
    place_in,
    reach,
    set_contact,
    state_harm,
)
from cases.actions.words import (
    ask_closing_word,
    give_closing_word,
    may_wish_to_end,
    note_closing_word_asked,
    obstacles_to_ask_closing_word,
    wish_to_end,
    write_note,
    write_statement,
)

__all__ = [
    "NewParty",
    "accept",
    "add_party",
    "ask_closing_word",
    "assess",
    "begin_reparation",
    "consents_missing",
    "end_guardians_in_time",
    "end_hold",
    "facts_of",
    "freeze",
    "give_closing_word",
    "give_consent",
    "give_consent_as_guardian",
    "go_on",
    "mark_danger",
    "may_mark_danger",
    "may_wish_to_end",
    "note_closing_word_asked",
    "obstacles_on_hold",
    "obstacles_to_ask_closing_word",
    "obstacles_to_begin",
    "obstacles_to_consent",
    "obstacles_to_pause",
    "obstacles_to_reach",
    "obstacles_to_renew",
    "obstacles_to_reopen",
    "open_case",
    "pause",
    "place_in",
    "reach",
    "reopen",
    "set_contact",
    "state_harm",
    "take_consent_on_paper",
    "wish_to_end",
    "withdraw_consent",
    "write_note",
    "write_statement",
]
