"""All the words for moves, obstacles, events and notices of agreements."""

from django.utils.translation import gettext_lazy as _

from moves.wording import MoveWords

MOVES = {
    "draft_agreement": MoveWords(
        label=_("Begin the agreement"),
        explain=_("Write down what happened, in neutral words. Only mediators see a draft."),
        done=_("The agreement is begun. Now add what is promised."),
    ),
    "add_commitment": MoveWords(
        label=_("Add a promise"),
        explain=_("Who does what, for whom, how much and by when."),
        done=_("The promise is added."),
    ),
    "change_commitment": MoveWords(
        label=_("Change this promise"),
        explain=_("Nobody has seen it yet."),
        done=_("The promise is changed."),
    ),
    "remove_commitment": MoveWords(
        label=_("Take this promise out"),
        warning=_("It is gone from the draft. Nobody but the mediators has seen it."),
        done=_("The promise is taken out."),
    ),
    "change_account": MoveWords(
        label=_("Change the words"),
        explain=_("What happened, and why this answers it."),
        done=_("The words are changed."),
    ),
    "offer_agreement": MoveWords(
        label=_("Lay it before everybody"),
        explain=_("Both sides read the same text. Its words are fixed until you take it back."),
        done=_("Both sides can read it now, and sign."),
    ),
    "take_back_offer": MoveWords(
        label=_("Take it back to change it"),
        warning=_("Who has signed will need to sign the new text. Both sides are told."),
        done=_("It is a draft again."),
    ),
    "sign_agreement": MoveWords(
        label=_("Sign this agreement"),
        explain=_("Only if it is right for you. You need not decide today."),
        done=_("You have signed. You can still step back, without a reason."),
    ),
    "sign_on_paper": MoveWords(
        label=_("Record a signature on paper"),
        explain=_("Signed in ink, before a witness."),
        done=_("The signature is recorded."),
    ),
    "step_back": MoveWords(
        label=_("Step back from the agreement"),
        explain=_("You need no reason."),
        warning=_(
            "The agreement ends. Everybody is told that it ended, and nobody who stepped back. "
            "The mediator can make a new one with you."
        ),
        done=_("The agreement has ended. Nobody is told whose step it was."),
    ),
    "redraft": MoveWords(
        label=_("Make a new version"),
        explain=_("With the same words and promises, to be changed and offered again."),
        done=_("The new version is a draft."),
    ),
    "say_done": MoveWords(
        label=_("Say it was done"),
        explain=_("All of it, or a part. The one who confirms it is asked."),
        done=_("Thank you. The one who confirms it is asked."),
    ),
    "confirm_done": MoveWords(
        label=_("Confirm it was done"),
        explain=_("Only if it is so. You need not answer at once."),
        done=_("Noted: it was done."),
    ),
    "take_back_word": MoveWords(
        label=_("Take your sentence back"),
        explain=_("Nobody in another case reads it any more."),
        done=_("Your sentence is gone. Nobody reads it any more."),
    ),
    "ask_advice": MoveWords(
        label=_("Ask what other cases teach"),
        explain=_("A computer counts closed cases like this one. People decide."),
        done=_("Counted. What was found stands beside the draft; people decide."),
    ),
    "take_over_suggestion": MoveWords(
        label=_("Take this over"),
        explain=_("A promise is drafted from it. What exactly, and by when, is yours to write."),
        done=_("A promise is drafted. Now write what exactly, and by when."),
    ),
    "change_suggestion": MoveWords(
        label=_("Take this over, changed"),
        explain=_("You write the promise; what is suggested is filled in."),
        done=_("The promise is drafted."),
    ),
    "refuse_suggestion": MoveWords(
        label=_("Not for this case"),
        explain=_("It is set aside, with your reason."),
        done=_("Set aside."),
    ),
    "not_yet": MoveWords(
        label=_("Not yet"),
        explain=_("Say what is missing. The mediator helps."),
        done=_("Noted. The mediator will be in touch."),
    ),
    "waive": MoveWords(
        label=_("Ask for it no longer"),
        explain=_("Only you can decide this."),
        warning=_("The promise need not be kept any more. Both sides see it. It cannot be undone."),
        done=_("Noted. Nobody asks for it any more."),
    ),
}

OBSTACLES = {
    "account_missing": _("What happened is not written down yet."),
    "nothing_promised": _("Nothing is promised yet."),
    "commitment_unclear": _(
        "A promise is not clear yet: what exactly, how much, and by which day to come."
    ),
    "exceeds_harm": _("More is promised than was lost."),
    "proportion_reason_missing": _(
        "What is promised is counted otherwise than what was lost. Say why it answers it."
    ),
    "plan_too_long": _("A promise is due later than the charter lets a plan last."),
    "challenge_open": _("Something here was challenged, and is looked at first."),
    "harm_not_stated": _("Nobody has said yet what was lost."),
    "more_than_is_left": _(
        "With what is promised already, this would be more than was lost. Change it instead."
    ),
    "more_than_promised": _("That is more than was promised."),
}

EVENTS = {
    "agreement_drafted": _("An agreement was begun."),
    "agreement_changed": _("The words of the agreement were changed."),
    "commitment_added": _("A promise was added."),
    "commitment_changed": _("A promise was changed."),
    "commitment_removed": _("A promise was taken out."),
    "agreement_offered": _("The agreement was laid before everybody."),
    "offer_taken_back": _("The agreement was taken back to be changed."),
    "agreement_signed": _("Somebody signed the agreement."),
    "everybody_signed": _("Everybody has signed."),
    "agreement_withdrawn": _("The agreement ended before it took effect."),
    "agreement_lapsed": _("The agreement was not signed in time."),
    "agreement_set_aside": _("The agreement ended before it took effect, with its stage."),
    "agreement_held": _("The agreement waits: the decision behind it is looked at again."),
    "agreement_goes_on": _("The agreement goes on."),
    "agreement_in_force": _("The agreement took effect."),
    "agreement_fulfilled": _("What was promised is settled."),
    "agreement_broken": _("The plan was not kept; a new one is being written."),
    "commitment_said_done": _("A promise was said to be done."),
    "commitment_confirmed": _("It was confirmed that something promised was done."),
    "commitment_disputed": _("A promise is not done yet, it was said."),
    "commitment_waived": _("A promise is not asked for any more."),
    "commitment_missed": _("The day of a promise passed."),
    "word_taken_back": _("Somebody took a sentence for other cases back."),
    "advice_asked": _("A computer was asked what other cases teach."),
    "suggestion_taken_over": _("A suggestion was taken over."),
    "suggestion_changed": _("A suggestion was taken over, changed."),
    "suggestion_refused": _("A suggestion was refused."),
    "commitment_asked_again": _("It was asked again whether a promise was kept."),
    "commitment_unconfirmed": _("There was no answer whether a promise was kept."),
}

NOTICES = {
    "agreement_offered": _("An agreement is ready for you to read."),
    "offer_taken_back": _("The agreement is being changed. You will be asked again."),
    "everybody_signed": _("Everybody has signed. Each of you can still step back."),
    "agreement_withdrawn": _("The agreement has ended before it took effect."),
    "agreement_lapsed": _("The agreement was not signed in time, and has ended."),
    "agreement_in_force": _("The agreement has taken effect."),
    "agreement_fulfilled": _("What was promised is settled."),
    "commitment_said_done": _("Something promised to you is said to be done. Is it?"),
    "commitment_confirmed": _("It was confirmed that you did what you promised."),
    "commitment_disputed": _("Something promised is not done yet, it was said."),
    "commitment_waived": _("Something you promised is not asked for any more."),
    "commitment_missed": _("The day of something promised has passed."),
    "commitment_asked_again": _("Was it done? Your answer is still awaited."),
    "commitment_unconfirmed": _("There was no answer whether something promised was done."),
}
