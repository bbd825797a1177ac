"""The words of how a community decides: moves, obstacles, events and notices, by code."""

from django.utils.translation import gettext_lazy as _

from deliberation import wording as deliberation
from moves.pages import Words
from moves.wording import MoveWords

MOVES = {
    "propose_amendment": MoveWords(
        label=_("Propose a change of the charter"),
        explain=_("Which rule, what it should be, and why. All members decide on it together."),
        done=_("Your proposal is before the members."),
    ),
    "stand_for_office": MoveWords(
        label=_("Stand for an office"),
        explain=_("For a time that ends by itself. The members decide."),
        done=_("Your name is before the members."),
    ),
    "propose_for_office": MoveWords(
        label=_("Propose somebody for an office"),
        explain=_("They are asked first. Only if they say yes do the members hear of it."),
        done=_("They are asked now whether they would."),
    ),
    "propose_recall": MoveWords(
        label=_("Propose to recall somebody from their office"),
        explain=_("When an office is used against the people it is there for."),
        warning=_(
            "They are told, and say their word first. Then all members read your reason and their "
            "word, and decide. You can take it back until then."
        ),
        done=_("They are asked for their word first."),
    ),
    "take_up_recall": MoveWords(
        label=_("Bring this before the members"),
        explain=_("Somebody from outside asks for it. You answer for bringing it in."),
        warning=_("The person is told and says their word first. Then all members decide."),
        done=_("The person is asked for their word first."),
    ),
    "be_heard": MoveWords(
        label=_("Say your word"),
        explain=_("It stands beside the proposal. The members decide after you were heard."),
        done=_("Your word stands beside the proposal, which is before the members now."),
    ),
    "accept_nomination": MoveWords(
        label=_("Yes, I would"),
        explain=_("The members then decide. Nobody is elected who does not want to be."),
        done=_("Your name is before the members."),
    ),
    "decline_nomination": MoveWords(
        label=_("No, I would rather not"),
        explain=_("You need no reason. Only who proposed you is told."),
        done=_("You said no. Nobody else hears of it."),
    ),
    "withdraw_question": MoveWords(
        label=_("Take it back"),
        explain=_("While it waits for somebody."),
        warning=_("It does not come before the members. You can bring it again."),
        done=_("It is taken back."),
    ),
    "carry_up": MoveWords(
        label=_("Carry it to the wider circle"),
        explain=_(
            "Two of your circle bring it before everybody in the community above. Its answer "
            "comes back to you; it does not decide for you."
        ),
        done=_("They are asked whether they carry it with you."),
    ),
    "agree_to_carry": MoveWords(
        label=_("Yes, I carry it with you"),
        explain=_("You both have a voice in the wider circle until its answer comes back."),
        done=_("It is before the wider circle."),
    ),
    "announce_absence": MoveWords(
        label=_("Announce weeks in which coordinators step back"),
        explain=_(
            "So that others take up what they can. What protects people from danger goes on."
        ),
        warning=_(
            "All members are told now, and everybody with an open case. In these weeks no "
            "coordinator does here what only coordinators do. You can call it off at any time."
        ),
        done=_("It is announced. Everybody is told."),
    ),
    "call_off_absence": MoveWords(
        label=_("Call off that coordinators step back"),
        explain=_("They are there from now on. Everybody is told."),
        done=_("It is called off. The coordinators are there."),
    ),
    "rest_votes": MoveWords(
        label=_("Let your vote rest here for a time"),
        explain=_("Only if you want to, in all that is decided here. You are still heard."),
        warning=_("Through that day your vote does not count. You can end it at any time before."),
        done=_("Your vote rests through that day."),
    ),
    "count_votes_again": MoveWords(
        label=_("Let your vote count here again"),
        explain=_("From now on, without a reason."),
        done=_("Your vote counts again."),
    ),
    "decline_to_carry": MoveWords(
        label=_("No, I would rather not"),
        explain=_("You need no reason."),
        done=_("You said no."),
    ),
}

OBSTACLES = {
    "too_many_terms": _("So many terms one after the other, and no more. Others come first."),
    "asked_already": _("This is being decided already."),
    "absence_not_allowed": _("The charter does not let coordinators step back."),
    "absence_announced": _("It is announced already that coordinators step back."),
    "absence_out_of_bounds": _("The charter does not allow these days."),
}

# Of a community's own chain.
EVENTS = {
    "charter_brought": _("A change of the charter was proposed."),
    "charter_put": _("A change of the charter came before the members."),
    "charter_adopted": _("A change of the charter was adopted."),
    "charter_not_adopted": _("A change of the charter was not adopted."),
    "charter_void": _("A change of the charter was adopted, but no longer fits it."),
    "charter_withdrawn": _("A change of the charter was taken back."),
    "charter_changed": _("A new version of the charter began."),
    "trial_ended": _("A rule on trial ended, and the rule before it was back."),
    "election_brought": _("Somebody was proposed for an office."),
    "election_put": _("An election came before the members."),
    "election_adopted": _("Somebody was elected."),
    "election_not_adopted": _("Somebody was not elected."),
    "election_void": _("Who was elected belongs here no more."),
    "election_withdrawn": _("An election was taken back."),
    "nomination_declined": _("Somebody would rather not."),
    "office_given": _("Somebody was given an office."),
    "recall_brought": _("A recall was proposed."),
    "recall_taken_up": _("A member took up a recall from outside."),
    "person_heard": _("Whom a recall is about said their word."),
    "recall_put": _("A recall came before the members."),
    "recall_adopted": _("A recall was adopted."),
    "recall_not_adopted": _("A recall was not adopted."),
    "recall_withdrawn": _("A recall was taken back."),
    "office_recalled": _("An office or a licence ended by recall."),
    "carried_brought": _("Somebody asked another to carry a proposal up with them."),
    "carried_put": _("Two carried a proposal to the wider circle."),
    "carried_adopted": _("The wider circle adopted what was carried to it."),
    "carried_not_adopted": _("The wider circle did not adopt what was carried to it."),
    "carried_withdrawn": _("Carrying a proposal was taken back."),
    "question_lapsed": _("What was brought lapsed without an answer."),
    "absence_announced": _("It was announced that coordinators step back."),
    "absence_called_off": _("It was called off that coordinators step back."),
    "absence_over": _("The coordinators were back."),
    "absence_off": _("Coordinators did not step back after all."),
    "votes_rest": _("Somebody let their vote rest for a time."),
    "votes_count_again": _("Somebody let their vote count again."),
}

NOTICES = {
    "charter_changed": _("The charter of %(of)s has changed."),
    "trial_ended": _("A rule on trial in %(of)s is over. The rule before it is back."),
    "please_stand": _("Somebody proposes you for an office. Please say whether you would."),
    "said_no": _("Whom you asked would rather not."),
    "office_given": _("You were elected. Your office ends by itself."),
    "term_ends_soon": _("Your office ends soon. Nothing renews it but another election."),
    "office_ends_soon": _("A term of office ends soon in your community. Who would stand?"),
    "please_be_heard": _("Your recall is proposed. Please say your word; it is heard first."),
    "recall_brought": _("Somebody from outside asks to recall a person in office."),
    "office_recalled": _("The members recalled you. Your office has ended."),
    "recall_decided": _("The members decided on the recall that you asked for."),
    "please_carry": _("Somebody asks you to carry a proposal to the wider circle with them."),
    "question_lapsed": _("What you brought lapsed: there was no answer in time."),
    "absence_announced": _(
        "The coordinators of %(of)s step back from %(from_on)s through %(until_on)s. Others go on, "
        "and what protects people from danger does too."
    ),
    "absence_over": _("The coordinators of %(of)s are back."),
    "absence_off": _("The coordinators of %(of)s do not step back after all."),
}

WORDS = Words(
    moves={**deliberation.WORDS.moves, **MOVES},
    obstacles={**deliberation.WORDS.obstacles, **OBSTACLES},
)
