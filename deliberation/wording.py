"""The words of a circle's moves, obstacles, events and notices, by code."""

from django.utils.translation import gettext_lazy as _

from moves import wording as base
from moves.pages import Words
from moves.wording import MoveWords

MOVES = {
    "propose": MoveWords(
        label=_("Propose something"),
        explain=_("In your own words. The circle decides on it together."),
        done=_("Your proposal is written down."),
    ),
    "limit_vote": MoveWords(
        label=_("Let your vote rest for a time"),
        explain=_("Only if you want to. You are still heard."),
        warning=_("Until then your vote does not count. You can end it at any time before."),
        done=_("Your vote rests until then."),
    ),
    "lift_limit": MoveWords(
        label=_("Let your vote count again"),
        explain=_("From now on, without a reason."),
        done=_("Your vote counts again."),
    ),
    "begin": MoveWords(
        label=_("Bring it before the circle"),
        explain=_("Everybody asks first, then reacts, and then says whether they consent."),
        done=_("The clarifying round has begun."),
    ),
    "revise": MoveWords(
        label=_("Change the words"),
        explain=_("Everybody is asked about the text as it stands at the consent round."),
        done=_("The text is changed."),
    ),
    "speak": MoveWords(
        label=_("Take your turn"),
        explain=_("One after the other. Nobody answers back."),
        done=_("Your turn is noted."),
    ),
    "write_word": MoveWords(
        label=_("Leave a word in writing"),
        explain=_("When you cannot be there. It is read out."),
        done=_("Your word is noted."),
    ),
    "answer": MoveWords(
        label=_("Answer this question"),
        explain=_("So that everybody understands what you propose."),
        done=_("Your answer is noted."),
    ),
    "consent": MoveWords(
        label=_("I consent"),
        explain=_("You can live with it for now, and it is safe enough to try."),
        done=_("Your consent is noted."),
    ),
    "stand_aside": MoveWords(
        label=_("I stand aside"),
        explain=_("You do not take part in it, and do not stop it. That is written down."),
        done=_("It is written down that you stand aside."),
    ),
    "object_to": MoveWords(
        label=_("I object"),
        explain=_("When it works against the circle's aim. Your reason improves the proposal."),
        done=_("Your objection is noted. The circle looks for a way to integrate it."),
    ),
    "write_position": MoveWords(
        label=_("Leave your position in writing"),
        explain=_("When you cannot be there."),
        done=_("Your position is noted."),
    ),
    "pass_over": MoveWords(
        label=_("Go on to the next"),
        explain=_("When somebody is not there. On a decision they are asked once more."),
        done=_("The next turn begins."),
    ),
    "move_on": MoveWords(
        label=_("Move on to what comes next"),
        explain=_("When everybody had their turn."),
        done=_("The circle has moved on."),
    ),
    "withdraw_proposal": MoveWords(
        label=_("Take your proposal back"),
        explain=_("At any time before it is decided."),
        warning=_("The circle does not decide on it any more. You can propose something new."),
        done=_("Your proposal is taken back."),
    ),
    "offer_amendment": MoveWords(
        label=_("Offer an amendment"),
        explain=_("A text that answers the objection. Whoever holds it says whether it does."),
        done=_("Your amendment is offered."),
    ),
    "accept_amendment": MoveWords(
        label=_("This answers my objection"),
        explain=_("It becomes the text, and everybody is asked about it."),
        done=_("The amendment is taken in."),
    ),
    "withdraw_objection": MoveWords(
        label=_("Take your objection back"),
        explain=_("Only you can. Nobody may press you to."),
        done=_("Your objection is taken back."),
    ),
    "take_over": MoveWords(
        label=_("Make this objection your own"),
        explain=_("Who held it has left the circle. It does not fall because of that."),
        done=_("The objection is yours now."),
    ),
    "propose_setting_aside": MoveWords(
        label=_("Ask to set this objection aside"),
        explain=_("With a written reason. All the others must agree."),
        warning=_("Whoever holds the objection reads your reason, and it stays with the decision."),
        done=_("The others are asked."),
    ),
    "agree_to_set_aside": MoveWords(
        label=_("Agree to set it aside"),
        explain=_("For the reason that is written there. It takes all the others."),
        warning=_("Once all the others have agreed, the objection stops nothing any more."),
        done=_("Your agreement is noted."),
    ),
    "remark": MoveWords(
        label=_("Say something"),
        explain=_("In the discussion, before the first vote."),
        done=_("Your word is noted."),
    ),
    "vote": MoveWords(
        label=_("Vote"),
        explain=_("You can change it for as long as the vote is open."),
        done=_("Your vote is noted."),
    ),
    "raise_concern": MoveWords(
        label=_("Say what concerns you"),
        explain=_("Others can join you. Together you choose who speaks for it."),
        done=_("Your concern is noted."),
    ),
    "join_concern": MoveWords(
        label=_("This is my concern too"),
        explain=_("You can hold one at a time."),
        done=_("You hold this concern."),
    ),
    "name_speaker": MoveWords(
        label=_("Choose who speaks for it"),
        explain=_("Who is named most often speaks. A tie is decided by lot."),
        done=_("Your choice is noted."),
    ),
    "amend_for": MoveWords(
        label=_("Offer an amendment"),
        explain=_("A text that answers this concern. Everybody says if they could live with it."),
        done=_("Your amendment is offered."),
    ),
    "gauge": MoveWords(
        label=_("Say whether you could live with it"),
        explain=_("The amendment with most agreement becomes the text of the next vote."),
        done=_("Noted. You can change it until the next vote."),
    ),
}

OBSTACLES = {
    "too_few_voices": _("Too few have a voice in this circle to decide anything."),
    "not_your_turn": _("It is not your turn yet."),
    "vote_is_limited": _("You let your vote rest until then."),
    "turns_are_waiting": _("Somebody has not had their turn yet."),
    "text_has_changed": _("The text has changed since this amendment was written."),
    "too_few_others": _("It takes at least two others to set an objection aside."),
    # For the owners of circles, of what would be taken from under one.
    "deciding_first": _(
        "A council is deciding, or is asked to look at it again. That ends first, unless "
        "somebody stops taking part."
    ),
}

EVENTS = {
    "circle_opened": _("A circle was opened."),
    "voices_given": _("People were given a voice."),
    "voice_ended": _("A voice ended."),
    "vote_limited": _("Somebody let their vote rest for a time."),
    "limit_lifted": _("Somebody let their vote count again."),
    "proposal_made": _("Something was proposed."),
    "lot_recorded": _("The order of turns was drawn."),
    "text_changed": _("The text of a proposal changed."),
    "round_opened": _("A round began."),
    "round_closed": _("A round ended."),
    "turn_taken": _("Somebody took their turn."),
    "turn_missed": _("Somebody's turn was passed over."),
    "question_answered": _("A question about a proposal was answered."),
    "asked_again": _("Those who had said nothing were asked once more."),
    "integration_begun": _("A round to integrate objections began."),
    "amendment_offered": _("An amendment was offered."),
    "amendment_taken": _("An amendment became the text."),
    "amendment_gauged": _("Somebody said whether they could live with an amendment."),
    "objection_integrated": _("An objection was integrated."),
    "objection_withdrawn": _("An objection was taken back."),
    "objection_set_aside": _("An objection was set aside by all the others, with a reason."),
    "objection_taken_over": _("Somebody made an objection their own."),
    "setting_aside_proposed": _("Somebody asked to set an objection aside."),
    "setting_aside_agreed": _("Somebody agreed to set an objection aside."),
    "remark_made": _("Somebody spoke in the discussion."),
    "vote_called": _("A vote began."),
    "vote_given": _("Somebody voted."),
    "vote_counted": _("The votes were counted."),
    "concern_raised": _("A concern was raised."),
    "concern_joined": _("Somebody joined a concern."),
    "speaker_named": _("Somebody chose who speaks for a concern."),
    "contention_counted": _("It was counted how many still support a proposal."),
    "proposal_adopted": _("A proposal was adopted."),
    "proposal_deadlocked": _("A proposal stayed without consent."),
    "proposal_tabled": _("A proposal was tabled."),
    "proposal_withdrawn": _("A proposal was taken back."),
    "proposal_combined": _("A proposal was put before several circles at once."),
    "proposal_carried": _("Two people carried a proposal to a wider circle."),
    "answer_came_back": _("The answer of the wider circle came back."),
    "guide_changed": _("Somebody else guides a circle."),
    "circle_held": _("A circle was put on hold."),
    "circle_goes_on": _("A circle goes on."),
    "circle_closed": _("A circle was ended."),
}

NOTICES = {
    "please_clarify": _("There is a proposal. Please ask what you need to know about it."),
    "please_react": _("Please say what you think of a proposal."),
    "please_take_position": _("Please say whether you consent to a proposal."),
    "please_take_position_again": _(
        "You have not said yet whether you consent. Saying nothing is not a yes: please say it."
    ),
    "please_integrate": _("There is an objection. Please look for a way to integrate it."),
    "please_look_at_amendment": _("Somebody offers an amendment that may answer your objection."),
    "please_agree_to_set_aside": _("You are asked whether an objection is set aside."),
    "please_discuss": _("There is a proposal. You can discuss it before the first vote."),
    "please_vote": _("A vote has begun. Please vote."),
    "please_vote_again": _("Too few have voted. Please vote, for or against."),
    "please_say_concern": _("You voted against. Please say what concerns you."),
    "open_to_contention": _("A proposal has two thirds. It can still be contended."),
    "proposal_adopted": _("A proposal was adopted."),
    "proposal_deadlocked": _("A proposal found no consent in this circle."),
    "proposal_tabled": _("A proposal was tabled. It can be proposed again."),
    "proposal_withdrawn": _("A proposal was taken back."),
    "answer_came_back": _("The answer of the wider circle has come."),
}

# Why a proposal ended as it did, for who reads its outcome.
REASONS = {
    "by_consent": _("Nobody holds an objection."),
    "by_vote": _("Nine tenths of those who voted are for it."),
    "not_contended": _("It was open to contention, and at least half still support it."),
    "no_consent": _("An objection stayed open after all the rounds there are for it."),
    "too_few": _("Too few said anything, or were for it. Saying nothing is not a yes."),
    "below_two_thirds": _("Fewer than two thirds of those who voted are for it."),
    "below_half": _("Fewer than half still support it."),
    "by_author": _("Who proposed it took it back."),
    "circle_closed": _("The circle ended before it was decided."),
}

# For an owner's pages; an owner puts its own words beside them.
WORDS = Words(moves=MOVES, obstacles={**base.OBSTACLES, **OBSTACLES})
