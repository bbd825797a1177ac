"""The words of what a council finds and decides, by code."""

from django.utils.translation import gettext_lazy as _

from moves.wording import MoveWords

MOVES = {
    "begin_deliberation": MoveWords(
        label=_("Begin to deliberate"),
        explain=_("The council has read and listened. From here it decides by consent."),
        done=_("The council deliberates."),
    ),
    "meet_again": MoveWords(
        label=_("Call the council together again"),
        explain=_("What it decided has come to its end without repairing the harm."),
        warning=_("Its last decision no longer stands. Both sides are told."),
        done=_("The council meets again."),
    ),
    "propose_finding": MoveWords(
        label=_("Propose a finding"),
        explain=_("What happened, who was harmed and how, or what is needed: one at a time."),
        done=_("Your draft is written. Bring it before the circle when it is ready."),
    ),
    "propose_decision": MoveWords(
        label=_("Propose a decision"),
        explain=_("What would repair the harm. Nothing binds a person who has not accepted it."),
        done=_("Your draft is written. Bring it before the circle when it is ready."),
    ),
    "plan_promise": MoveWords(
        label=_("Add a promise to the plan"),
        explain=_("Who does what for whom, how much, and by when. They sign it, or not."),
        done=_("The promise is in the plan."),
    ),
    "change_planned": MoveWords(
        label=_("Change this promise"),
        explain=_("While it is your draft."),
        done=_("The promise is changed."),
    ),
    "remove_planned": MoveWords(
        label=_("Take this promise out"),
        explain=_("While it is your draft."),
        warning=_("The promise is gone. You can write it again."),
        done=_("The promise is taken out."),
    ),
    "find_threat": MoveWords(
        label=_("Write a safety finding"),
        explain=_("Only for an active threat, with reasons, what else was weighed, and its end."),
        done=_("The safety finding is part of your draft."),
    ),
    "drop_threat": MoveWords(
        label=_("Take the safety finding out"),
        explain=_("While it is your draft."),
        done=_("The safety finding is taken out."),
    ),
    "appeal_decision": MoveWords(
        label=_("Ask that this is looked at again"),
        explain=_(
            "By people who were not involved, one level up. You need no lawyer for it. You can ask "
            "once, and what they answer is final here."
        ),
        done=_("It will be looked at again. Meanwhile nothing takes effect."),
    ),
    "withdraw_appeal": MoveWords(
        label=_("Take your appeal back"),
        explain=_("At any time before it is answered."),
        warning=_("The decision then goes on as it was. You cannot appeal it a second time."),
        done=_("Your appeal is taken back."),
    ),
    "form_appeal_council": MoveWords(
        label=_("Form the council for this appeal"),
        explain=_("One level up, drawn by lot, with nobody on it who sat before."),
        done=_("The appeal has its council."),
    ),
    "ask_recall": MoveWords(
        label=_("Say that this member abuses their seat"),
        explain=_("They are heard first. Then the rest of the council decides."),
        warning=_("They read what you write. If it is adopted, their seat ends at once."),
        done=_("It is noted. They are heard, and then the rest of the council decides."),
    ),
    "answer_recall": MoveWords(
        label=_("Say your word to this"),
        explain=_("The rest of the council reads it before they decide."),
        done=_("Your word is noted. The rest of the council decides."),
    ),
}

OBSTACLES = {
    "too_few_seated": _("Too few members sit on the council."),
    "packet_missing": _("The council's packet is not made yet."),
    "hearing_missing": _("The council has not listened yet: in a hearing, or by what all wrote."),
    "not_heard": _("Not everybody was heard. Who stays away is not condemned for it."),
    "findings_missing": _("The council has not adopted a finding yet."),
    "decision_open": _("Another decision is open. It is decided, or taken back, first."),
    "another_under_way": _("The circle is at another proposal. One at a time."),
    "appeal_too_late": _("The days to ask for this are over."),
    "appealed_already": _("You have asked for this already."),
    "recall_under_way": _("This was said already, and is being looked at."),
}

EVENTS = {
    "deliberation_begun": _("The council began to deliberate."),
    "council_meets_again": _("The same council meets again."),
    "council_begins_afresh": _("What was before the council ended, and it begins afresh."),
    "council_went_wider": _("The council could not agree; a larger one is drawn anew."),
    "finding_proposed": _("A finding was proposed."),
    "finding_adopted": _("A finding was adopted."),
    "finding_not_adopted": _("A finding was not adopted."),
    "decision_proposed": _("A decision was proposed."),
    "promise_planned": _("The plan of a proposed decision changed."),
    "threat_written": _("A safety finding was written into a draft."),
    "threat_dropped": _("A safety finding was taken out of a draft."),
    "decision_withdrawn": _("A proposed decision was taken back."),
    "decision_not_adopted": _("A decision was not adopted."),
    "decision_adopted": _("The council adopted its decision."),
    "decision_in_effect": _("The decision took effect."),
    "decision_appealed": _("Somebody asked that the decision is looked at again."),
    "appeal_withdrawn": _("An appeal was taken back."),
    "appeal_confirmed": _("The appeal's council let the decision stand."),
    "appeal_changed": _("The appeal's council changed the decision."),
    "appeal_returned": _("The appeal's council sent it back to the council that decided."),
    "recall_asked": _("It was said that a member abuses their seat."),
    "recall_answered": _("The member said their word to it."),
    "recall_before_the_council": _("The rest of the council looks at it."),
    "recall_recalled": _("The member was recalled."),
    "recall_stays": _("The member stays."),
}

NOTICES = {
    "deliberation_begun": _("The council has listened, and now deliberates."),
    "council_meets_again": _("The council of your case meets again."),
    "council_went_wider": _("The council could not agree. A larger one is drawn by lot, anew."),
    "decision_adopted": _(
        "The council has decided. Read it with its reasons, and how to have it looked at again."
    ),
    "decision_in_effect": _("The council's decision has taken effect."),
    "decision_appealed": _("The council's decision is looked at again, by other people."),
    "please_form_an_appeal": _("A decision was appealed. Its council is to be formed."),
    "you_are_heard_on_a_recall": _("Something was said about your seat. Please say your word."),
}
