"""The words of the cases app, by code: moves, obstacles, events and notices."""

from django.utils.translation import gettext_lazy as _

from moves.wording import MoveWords

MOVES = {
    "accept": MoveWords(
        label=_("Take this case on"),
        explain=_("Screening begins. Nobody is contacted yet."),
        done=_("The case is in screening. Next: a mediator."),
    ),
    "add_party": MoveWords(
        label=_("Name one more person"),
        explain=_("Somebody harmed, or somebody responsible."),
        done=_("They are named in this case. They have not been told."),
    ),
    "pause": MoveWords(
        label=_("Pause this stage"),
        explain=_("Everything stops until everybody has been asked again."),
        warning=_(
            "Everybody gets the same words, whoever stopped it. To go on, each person is asked "
            "again, alone."
        ),
        done=_("Everything has stopped. Nobody is told why."),
    ),
    "mark_danger": MoveWords(
        label=_("Somebody may be in danger: go on here"),
        explain=_(
            "Coordinators step back for these weeks. Where somebody may be in danger, they do not."
        ),
        done=_("In this case coordinators go on."),
    ),
    "renew_consent": MoveWords(
        label=_("Let the case go on"),
        explain=_("Everybody was asked again, alone, and it is safe."),
        done=_("The case goes on as it was."),
    ),
    "reopen": MoveWords(
        label=_("Open this case again"),
        explain=_("It goes back to screening, and everybody is asked afresh."),
        warning=_("Both sides will see that the case is open again."),
        done=_("The case is open again, in screening."),
    ),
    "set_contact": MoveWords(
        label=_("Note how to contact them"),
        explain=_("Address, number and language."),
        done=_("Noted."),
    ),
    "reach": MoveWords(
        label=_("Note that you have spoken with them"),
        explain=_("And how they may safely be reached. Until then Amends sends them nothing."),
        done=_("Noted. They can now follow the case."),
    ),
    "assess": MoveWords(
        label=_("Assess their safety"),
        explain=_("With them, in their own time. Nobody on the other side reads it."),
        done=_("The assessment is kept in the safety room."),
    ),
    "add_companion": MoveWords(
        label=_("Name a supporter or guardian"),
        explain=_("Somebody who stands beside them."),
        done=_("They have a place beside this person."),
    ),
    "end_companion": MoveWords(
        label=_("End the place of a supporter or guardian"),
        explain=_("They no longer see the case. A guardian is replaced: name another one then."),
        warning=_("They stop seeing the case at once. To come back they are named again."),
        done=_("Their place has ended."),
    ),
    "wish_to_end": MoveWords(
        label=_("Say that you wish this case to end"),
        explain=_("It is up to you, and the other side is not told. You need no reason."),
        warning=_(
            "Your mediators and the coordinator read it. The case closes as withdrawn only when "
            "every person harmed wishes it. Saying yes to a stage again takes it back."
        ),
        done=_("Noted. You can take it back by saying yes again."),
    ),
    "note_wish_to_end": MoveWords(
        label=_("Note that they wish this case to end"),
        explain=_("Asked alone, in their own words."),
        warning=_(
            "The case can close as withdrawn once every person harmed wishes it. Nobody's "
            "wish stands for another's."
        ),
        done=_("Their wish is noted."),
    ),
    "take_consent_on_paper": MoveWords(
        label=_("Record a consent on paper"),
        explain=_("Signed before a witness."),
        done=_("The consent is recorded."),
    ),
    "give_consent": MoveWords(
        label=_("Say whether you take part"),
        explain=_("Taking part is up to you. You can stop at any moment."),
        done=_("Thank you. We noted that you take part. You can stop at any moment."),
    ),
    "give_consent_as_guardian": MoveWords(
        label=_("Consent as guardian"),
        explain=_("Beside the young person, who is asked separately."),
        done=_("Thank you. We noted your consent."),
    ),
    "withdraw_consent": MoveWords(
        label=_("Stop taking part"),
        explain=_("It always works. You need no reason."),
        warning=_(
            "Everything stops at once. The others are told that it has stopped, not who stopped "
            "it or why. You can say yes again later, if you wish."
        ),
        done=_("Everything has stopped. Nobody is told who stopped it."),
    ),
    "state_harm": MoveWords(
        label=_("Say what was lost"),
        explain=_("What is put right will answer this, and never exceed it."),
        done=_("Noted."),
    ),
    "write_statement": MoveWords(
        label=_("Write to your mediators"),
        explain=_("Your own room. Nobody else reads it."),
        done=_("Your mediators can read it now."),
    ),
    "ask_closing_word": MoveWords(
        label=_("Ask for their closing word"),
        explain=_("The person harmed is asked first."),
        done=_("They have been asked."),
    ),
    "give_closing_word": MoveWords(
        label=_("Say your closing word"),
        explain=_("What you would like to say before this case closes. You may leave it empty."),
        done=_("Thank you. Your word stands in the case."),
    ),
}

OBSTACLES = {
    "stage_frozen": _("Everything is on hold. It goes on when everybody has been asked again."),
    "frozen_already": _("Everything is on hold already."),
    "nobody_harmed": _("No person harmed is named yet."),
    "nobody_responsible": _("No person responsible is named yet."),
    "mediator_missing": _("There is no mediator yet."),
    "mediator_conflict": _("The mediator has a tie to somebody in this case."),
    "licence_lapsed": _("The mediator's licence is not valid today."),
    "licence_too_narrow": _("The mediator's licence does not cover a case like this."),
    "harmed_person_not_reached": _("The person harmed has not been reached. They hear first."),
    "contact_missing": _("We do not know how to reach everybody yet."),
    "screening_unfinished": _("Not everybody's safety has been assessed."),
    "not_safe_to_meet": _("It is not safe to meet now."),
    "consent_missing": _("Not everybody has said yes to this stage."),
    "consent_given": _("The consent is there already."),
    "guardian_consent_missing": _("A guardian has not consented yet."),
    "guardian_conflict": _("A guardian has a tie to the other side and needs to be replaced."),
    "not_spoken_yet": _("A mediator has not spoken with them yet."),
    "safety_not_reassessed": _("Safety has not been assessed again."),
    "mediation_still_open": _("Mediation is still open. End it first."),
    "harmed_person_not_asked": _("The person harmed has not been asked what they wish."),
    "harmed_word_first": _("The person harmed is asked for their closing word first."),
    "forgotten": _("This case was forgotten, as the charter says. Nothing is left to go on with."),
}

EVENTS = {
    "case_opened": _("The case was opened."),
    "case_accepted": _("The case was taken on. Screening began."),
    "danger_marked": _("It was noted that somebody may be in danger."),
    "party_added": _("Somebody was named in the case."),
    "contact_noted": _("How to contact somebody was noted."),
    "party_reached": _("A mediator spoke with somebody."),
    "safety_assessed": _("A safety assessment was made."),
    "consent_given": _("A consent was given."),
    "stage_frozen": _("Everything was put on hold."),
    "stage_renewed": _("The case went on."),
    "harm_stated": _("It was noted what was lost."),
    "note_written": _("Something was written."),
    "companion_added": _("Somebody was named to stand beside a party."),
    "companion_ended": _("Somebody no longer stands beside a party."),
    "guardian_place_over": _("A guardian's place ended: the young person is of age."),
    "end_wished": _("A person harmed wishes for the end of the case."),
    "reparation_begun": _("Reparation began."),
    "closing_word_asked": _("A closing word was asked for."),
    "closing_word_given": _("A closing word was given."),
    "case_reopened": _("The case was opened again."),
    "case_forgotten": _("The case was forgotten: names and words are gone."),
}

NOTICES = {
    "companion_ended": _("You no longer stand beside somebody in a case."),
    "guardian_place_over": _(
        "The young person you stood beside is of age. Your place as guardian has ended."
    ),
    "you_are_of_age": _("You are of age. From now on you decide alone."),
    "stage_frozen": _("Everything is on hold for now. Your mediator will be in touch."),
    "stage_renewed": _("The case goes on."),
    "closing_word_asked": _("You are asked for your closing word."),
}
# What a referral says beside its account, by the name under which it is kept.
REFERRAL = {
    "source": _("Where it came from"),
    "reporter_is": _("Who reported it"),
    "name": _("Name"),
    "harmed": _("Who was harmed"),
    "others": _("Who else was involved"),
    "contact_kind": _("How to reach them"),
    "contact": _("Address or number"),
    "language": _("Language"),
    "danger_now": _("Somebody may be in danger"),
    "referred_by": _("Referred by"),
    "agency": _("Agency"),
    "their_reference": _("Their reference"),
    "kind": _("Kind"),
    "guardian": _("Parent or guardian"),
    "access_needs": _("Access needs"),
    "hoped_for": _("Hoped for"),
    "notes": _("Notes"),
    "call_after": _("Call after"),
    "harmed_contact": _("Contact of the person harmed"),
    "responsible_contact": _("Contact of the person responsible"),
    "responsible_born_on": _("Person responsible, born on"),
}
REFERRAL_SAID = {
    "True": _("Yes"),
    "spreadsheet": _("a spreadsheet"),
    "other": _("I saw it, or I heard of it"),
    "harmed": _("I was harmed"),
    "responsible": _("I harmed somebody"),
}
