"""The words of the rehabilitation app, by code: moves, obstacles, events and notices."""

from django.utils.translation import gettext_lazy as _

from deliberation import wording as deliberation
from moves import wording as base
from moves.pages import Words
from moves.wording import MoveWords

MOVES = {
    # ── A placement ──────────────────────────────────────────────────────────
    "propose_placement": MoveWords(
        label=_("Propose a place"),
        explain=_("The council’s decision asks for one. Nobody is placed by proposing it."),
        warning=_(
            "The person is told in their language, with how to challenge it. The stewards of the "
            "house read why the council asks for it. It can be taken back."
        ),
        done=_("The person has been told. They can say yes or no."),
    ),
    "take_back_placement": MoveWords(
        label=_("Take the proposal back"),
        explain=_("Nobody is placed by this decision then."),
        warning=_("The person is told. This decision can carry no other placement."),
        done=_("It is taken back."),
    ),
    "offer_place": MoveWords(
        label=_("Offer the place"),
        explain=_("Another community asks whether the person may live in your house."),
        done=_("The place is offered."),
    ),
    "accept_placement": MoveWords(
        label=_("Say yes to this place"),
        explain=_("Only if you want to. You can leave again at any time."),
        done=_("Your yes is noted. You can take it back, and you can leave at any time."),
    ),
    "decline_placement": MoveWords(
        label=_("Say no to this place"),
        explain=_("You need no reason."),
        warning=_("You are not placed. The council is told that you said no, and nobody asks why."),
        done=_("Your no is noted."),
    ),
    "accept_placement_as_guardian": MoveWords(
        label=_("Say yes beside the young person"),
        explain=_("Your yes stands beside theirs, never in its place."),
        done=_("Your yes is noted."),
    ),
    "record_order": MoveWords(
        label=_("Record a lawful order"),
        explain=_("Somebody else gave it. Amends holds nobody, and nothing lasts longer by it."),
        warning=_("The person is told its number, who gave it and its last day."),
        done=_("The order is recorded. The person has been told."),
    ),
    "place": MoveWords(
        label=_("Note that they live here"),
        explain=_("The placement begins, or goes on after the first days."),
        warning=_(
            "Its days begin to count: the first review and the end date. The person, the council "
            "and the visitor are told; a person harmed only if they asked."
        ),
        done=_("They live here. The days of the placement count from now on."),
    ),
    "place_for_days": MoveWords(
        label=_("Note that they live here for some days"),
        explain=_("While the decision can still be challenged: for days, not weeks."),
        warning=_("It ends by itself after these days, unless the placement begins by then."),
        done=_("They live here for some days. It ends by itself."),
    ),
    "leave": MoveWords(
        label=_("Leave"),
        explain=_("At any time, without a reason. Nobody can stop you."),
        warning=_(
            "You are free at once. The council and the stewards are told. A person harmed is told "
            "only if they asked for it. You can be asked again only by a new decision."
        ),
        done=_("You are free. The council has been told."),
    ),
    "challenge_placement": MoveWords(
        label=_("Challenge this placement"),
        explain=_("People who were not involved look at it. You can do it at any time."),
        done=_("Your challenge is with people who were not involved."),
    ),
    "withdraw_challenge": MoveWords(
        label=_("Take the challenge back"),
        explain=_("You can challenge again."),
        warning=_("It will not be heard. You can challenge again at any time."),
        done=_("It is taken back."),
    ),
    "form_panel": MoveWords(
        label=_("Begin a council to hear the challenge"),
        explain=_("Drawn by lot, and nobody of the first council."),
        done=_("The council can be drawn."),
    ),
    "open_hearing": MoveWords(
        label=_("Bring the challenge before this council"),
        explain=_("It is seated now. It reads of the placement from here on."),
        done=_("The challenge is before the council."),
    ),
    "choose_news": MoveWords(
        label=_("Say what you want to be told"),
        explain=_("About where the other person lives. Nothing, unless you choose it."),
        done=_("You are told this and nothing more. You can change it at any time."),
    ),
    # ── To another house ─────────────────────────────────────────────────────
    "ask_to_move": MoveWords(
        label=_("Ask for a move to another house"),
        explain=_("Nobody moves without the resident’s yes. Nothing lasts longer by it."),
        done=_("It is asked. The page says what a move still needs."),
    ),
    "accept_move": MoveWords(
        label=_("Say yes to moving"),
        explain=_("Only if you want to. The stewards there then read of your stay, too."),
        done=_("Your yes is noted. A place is kept. You can take it back until you move."),
    ),
    "accept_move_as_guardian": MoveWords(
        label=_("Say yes to the move beside the young person"),
        explain=_("Your yes stands beside theirs, never in its place."),
        done=_("Your yes is noted."),
    ),
    "decline_move": MoveWords(
        label=_("Say no to moving"),
        explain=_("You need no reason."),
        warning=_("You stay where you are. A move can be asked for again."),
        done=_("Your no is noted. You stay where you are."),
    ),
    "take_back_move": MoveWords(
        label=_("Take the move back"),
        explain=_("The resident stays where they are."),
        warning=_("The resident and the houses are told. A move can be asked for again."),
        done=_("It is taken back."),
    ),
    "agree_to_move": MoveWords(
        label=_("Agree to the move, for your community"),
        explain=_("The other house is in another community."),
        done=_("Your community agrees."),
    ),
    "offer_move": MoveWords(
        label=_("Offer the place for the move"),
        explain=_("Somebody from another community’s case said yes to moving to your house."),
        done=_("The place is offered."),
    ),
    "move_house": MoveWords(
        label=_("Note that they moved here"),
        explain=_("The days of the placement stay as they are."),
        warning=_(
            "From now on the stewards and the visitor of this house read of the placement, and "
            "those of the other one no more. A person harmed is told only if they asked."
        ),
        done=_("They live here now. Everybody concerned has been told."),
    ),
    # ── Reviews ──────────────────────────────────────────────────────────────
    "prepare_review": MoveWords(
        label=_("Prepare the review"),
        explain=_("What the council should know. The resident answers it in their own words."),
        done=_("The council and the resident have been told."),
    ),
    "write_packet": MoveWords(
        label=_("Change the words for the council"),
        explain=_("Until the council begins."),
        done=_("The words are changed."),
    ),
    "say_word_to_review": MoveWords(
        label=_("Say your word to the council"),
        explain=_("It is heard before anybody decides. You can have somebody beside you."),
        done=_("The council reads your word."),
    ),
    "hold_review": MoveWords(
        label=_("Begin the council’s round"),
        explain=_("The resident was heard, and enough members are here."),
        done=_("The round has begun. A member proposes what comes of it."),
    ),
    "propose_course": MoveWords(
        label=_("Propose what comes of it"),
        explain=_("To be free, to go on, or to go on otherwise. Going on needs fresh reasons."),
        done=_("Your proposal is before the circle."),
    ),
    "release": MoveWords(
        label=_("Let them go today"),
        explain=_("The council has released them. It need not be the last day."),
        warning=_("They are free at once. A person harmed was told, if they asked for it."),
        done=_("They are free."),
    ),
    # ── A life in the house ──────────────────────────────────────────────────
    "offer_measure": MoveWords(
        label=_("Offer something, or set a limit"),
        explain=_("Support comes first. The resident says yes or no, and each ends by itself."),
        done=_("The resident has been told, and answers it."),
    ),
    "agree_measure": MoveWords(
        label=_("Say yes to this"),
        explain=_("You can change your mind."),
        done=_("Your yes is noted."),
    ),
    "decline_measure": MoveWords(
        label=_("Say no to this"),
        explain=_("Say why, if you like. An offer then falls away."),
        done=_("Your no is noted, and your words stand beside it."),
    ),
    "end_measure": MoveWords(
        label=_("End this"),
        explain=_("Before its last day."),
        warning=_("The resident is told. It can be offered anew."),
        done=_("It has ended."),
    ),
    "check_in": MoveWords(
        label=_("Write a check-in"),
        explain=_("How it goes. The resident sets their own word beside it."),
        done=_("The resident can read it, and answer."),
    ),
    "say_own_word": MoveWords(
        label=_("Set your own word beside it"),
        explain=_("As often as you like. It always stands beside theirs."),
        done=_("Your word stands beside it."),
    ),
    "record_visit": MoveWords(
        label=_("Note a visit"),
        explain=_("What you saw and heard with this resident."),
        done=_("The visit is noted. The resident can read it."),
    ),
    "report_incident": MoveWords(
        label=_("Write down something that went wrong"),
        explain=_("From your side. The other side is asked for theirs."),
        done=_("It is noted, and the other side is asked."),
    ),
    "give_own_account": MoveWords(
        label=_("Give your own account"),
        explain=_("Both stand side by side. Neither is the truth of it."),
        done=_("Your account stands beside the other."),
    ),
    "make_wish": MoveWords(
        label=_("Say a wish, or complain"),
        explain=_("You get an answer within days. If it is no, you are told why."),
        done=_("It is with the stewards. You see here until when they answer."),
    ),
    "answer_wish": MoveWords(
        label=_("Answer this"),
        explain=_("A no needs its reasons."),
        done=_("The resident has been told."),
    ),
    "take_further": MoveWords(
        label=_("Take it to the independent visitor"),
        explain=_("They look at the answer, or at one that did not come."),
        done=_("It is with the independent visitor."),
    ),
    # ── The time after ───────────────────────────────────────────────────────
    "plan_transition": MoveWords(
        label=_("Write the plan for the time after"),
        explain=_("Where to live, what to do, whom to call."),
        done=_("The plan is written."),
    ),
    "begin_support_circle": MoveWords(
        label=_("Wish for people who go along"),
        explain=_("A circle of support that meets until a day you choose."),
        done=_("You can ask people now."),
    ),
    "invite_to_circle": MoveWords(
        label=_("Ask somebody to go along"),
        explain=_("They are asked, and say yes or no themselves."),
        done=_("If somebody has this name, they have been asked."),
    ),
    "end_support_circle": MoveWords(
        label=_("End the circle of support"),
        explain=_("Before its day."),
        warning=_("Nobody is asked to meet any more."),
        done=_("The circle has ended."),
    ),
    "accept_support": MoveWords(
        label=_("Say yes to going along"),
        explain=_("You can stop at any time."),
        done=_("Thank you. They have been told."),
    ),
    "decline_support": MoveWords(
        label=_("Say no, or stop going along"),
        explain=_("You need no reason."),
        warning=_("You no longer read of the circle."),
        done=_("You go along no more."),
    ),
    "note_support_meeting": MoveWords(
        label=_("Note a meeting"),
        explain=_("What you want to keep of it. Only who is in the circle reads it."),
        done=_("The meeting is noted."),
    ),
    "stay_as_guest": MoveWords(
        label=_("Stay as a guest"),
        explain=_("You are free. If you like, you can stay for a while."),
        done=_("You are a guest. You can leave at any time."),
    ),
    "stay_longer": MoveWords(
        label=_("Stay on as a guest"),
        explain=_("For as long again, from today."),
        done=_("You can stay on."),
    ),
    "end_guest_stay": MoveWords(
        label=_("Leave as a guest"),
        explain=_("Whenever you like."),
        warning=_("Your place becomes free for somebody else."),
        done=_("Your stay has ended."),
    ),
    # ── The house ────────────────────────────────────────────────────────────
    "open_house": MoveWords(
        label=_("Open a Rehabilitation Community"),
        explain=_("A house with few places, a steward and an independent visitor."),
        done=_("The house is open. Name a steward and an independent visitor."),
    ),
    "name_office": MoveWords(
        label=_("Name a steward or an independent visitor"),
        explain=_("For a term that ends. Residents elect their stewards themselves."),
        done=_("They have been told."),
    ),
    "step_down": MoveWords(
        label=_("Give your office in this house back"),
        explain=_("At once, without a reason."),
        warning=_("You no longer read of anybody in this house."),
        done=_("You hold no office in this house any more."),
    ),
    "propose_rule": MoveWords(
        label=_("Propose a rule for the house"),
        explain=_("Everybody who lives here decides on it together."),
        done=_("It is before the house."),
    ),
    "propose_places": MoveWords(
        label=_("Propose how many places there are"),
        explain=_("Nobody loses their place by it."),
        done=_("It is before the house."),
    ),
    "propose_steward": MoveWords(
        label=_("Propose a steward"),
        explain=_("For a term that ends."),
        done=_("It is before the house."),
    ),
    "propose_recall": MoveWords(
        label=_("Propose that a steward leaves the office"),
        explain=_("Everybody who lives here decides on it together."),
        done=_("It is before the house."),
    ),
    "propose_repeal": MoveWords(
        label=_("Propose that this rule holds no more"),
        explain=_("Everybody who lives here decides on it together."),
        done=_("It is before the house."),
    ),
    "strike_rule": MoveWords(
        label=_("Find that this rule goes below a right"),
        explain=_("It then holds no more."),
        warning=_("Everybody in the house reads which right it is, and why."),
        done=_("The rule holds no more."),
    ),
    "write_minutes": MoveWords(
        label=_("Write the minutes of a meeting"),
        explain=_("For everybody who lives or serves in the house."),
        done=_("The minutes are there."),
    ),
    "visit_house": MoveWords(
        label=_("Note a visit to the house"),
        explain=_("What everybody who lives here may read."),
        done=_("The visit is noted."),
    ),
}

OBSTACLES = {
    "threat_finding_missing": _("The council has not found that there is an active threat."),
    "alternatives_missing": _("Not every alternative was weighed, with why it does not do."),
    "aims_missing": _("The decision does not say what is hoped for."),
    "review_date_missing": _("The first review has no day, or one the charter does not allow."),
    "placement_too_long": _("The end date is missing, or later than the charter allows."),
    "finding_over": _("The time the decision asked for is over."),
    "not_accepted": _("The person has not said yes, and no lawful order is recorded."),
    "place_not_offered": _("The community of the house has not offered the place yet."),
    "no_place_free": _("No place is free. Nobody is held anywhere else instead."),
    "move_not_accepted": _("The resident has not said yes to moving."),
    "move_not_agreed": _("The community of the case has not agreed to the move."),
    "interim_not_decided": _("The decision allows no days before the time to challenge is over."),
    "challenge_open": _("It can still be challenged, or a challenge has not been answered yet."),
    "placed_already": _("Somebody has proposed a place for this person already."),
    "order_over": _("The last day of this order has gone by."),
    "steward_missing": _("The house has no steward who has no part in this case."),
    "visitor_missing": _("The house has no independent visitor who has no part in this case."),
    "packet_missing": _("The words of the house for the council are missing."),
    "resident_not_heard": _("The resident has not been heard yet."),
    "process_guardian_missing": _("Nobody guards the process of this council."),
    "council_too_few": _("Fewer than three members of the council are seated."),
    "review_missing": _("No review of the council has released them."),
    "support_first": _("Support comes before limits: offer something first."),
    "measure_too_long": _("It would last longer than the stay."),
    "below_rights": _("It goes below a right that no rule of a house may take away."),
    "not_independent": _(
        "They lived or served in the house, or sat on a council that placed somebody there."
    ),
    "not_a_member": _("They are not somebody who can be chosen here."),
    "residents_elect": _("The people who live there elect their stewards themselves."),
    "assembly_too_small": _("Fewer than three people live here: too few for an assembly."),
    "safety_first": _(
        "What a council decided for everybody’s safety still counts on each person responsible."
    ),
    "placement_open": _("Somebody is placed in this case still."),
}

EVENTS = {
    "placement_proposed": _("A place was proposed."),
    "place_offered": _("A house offered its place."),
    "placement_accepted": _("The person said yes to the place."),
    "placement_accepted_by_guardian": _("The guardian said yes beside them."),
    "placement_declined": _("The person said no to the place."),
    "order_recorded": _("A lawful order was recorded."),
    "placed": _("The placement began."),
    "placed_for_days": _("The placement began, for some days."),
    "placement_ended": _("The placement ended."),
    "move_asked": _("A move to another house was asked for."),
    "move_accepted": _("The resident said yes to moving."),
    "move_accepted_by_guardian": _("The guardian said yes to the move beside them."),
    "move_agreed": _("The community of the case agreed to the move."),
    "move_offered": _("The other house offered its place."),
    "move_taken_back": _("The move was taken back."),
    "move_over": _("The move did not happen in time, and fell away."),
    "moved": _("The resident moved to another house."),
    "placement_challenged": _("The placement was challenged."),
    "placement_challenge_withdrawn": _("The challenge was taken back."),
    "placement_challenge_upheld": _("The challenge was upheld."),
    "placement_challenge_dismissed": _("The challenge was not upheld."),
    "challenge_brought": _("The challenge came before people who were not involved."),
    "review_prepared": _("A review was prepared."),
    "packet_written": _("The words for the council were changed."),
    "resident_heard": _("The resident was heard."),
    "review_held": _("The council began its review."),
    "course_proposed": _("A member proposed what comes of the review."),
    "review_released": _("The review released."),
    "review_continued": _("The review went on."),
    "review_changed": _("The review went on, with a change."),
    "review_upheld": _("People who were not involved upheld the challenge."),
    "review_dismissed": _("People who were not involved let it stand."),
    "measure_offered": _("A measure was offered."),
    "measure_agreed": _("The resident said yes to a measure."),
    "measure_declined": _("The resident said no to a measure."),
    "measure_ended": _("A measure ended."),
    "checked_in": _("A check-in was written."),
    "visited": _("The independent visitor was there."),
    "own_word_said": _("The resident set their own word beside it."),
    "incident_reported": _("Something that went wrong was noted."),
    "account_given": _("An account was given."),
    "wish_made": _("A wish or complaint was made."),
    "wish_answered": _("A wish or complaint was answered."),
    "wish_taken_further": _("It was taken to the independent visitor."),
    "transition_planned": _("The plan for the time after was written."),
    "support_circle_begun": _("A circle of support began."),
    "support_asked": _("Somebody was asked to go along."),
    "support_circle_ended": _("The circle of support ended."),
    "stays_as_guest": _("The person stays as a guest."),
    "guest_stay_ended": _("The stay as a guest ended."),
    "news_chosen": _("A person harmed said what they want to be told."),
}

NOTICES = {
    "placement_proposed": _(
        "A council asks whether you would live in a house for a time. Read why, say yes or no, or "
        "challenge it."
    ),
    "place_asked": _("Your house is asked for a place."),
    "place_offered": _("A house has offered its place."),
    "placement_accepted": _("Somebody said yes to a place."),
    "placement_not_taken_up": _("A proposed placement is over. You are not placed."),
    "order_recorded": _("A lawful order was recorded with your placement. You can challenge it."),
    "you_are_placed": _("Your placement has begun. You see here until when, and how to leave."),
    "somebody_is_placed": _("A placement has begun."),
    "you_are_free": _("Your placement has ended. You are free."),
    "placement_ended": _("A placement has ended."),
    "resident_left": _("Somebody has left a house. They are free to."),
    "move_asked": _("You are asked whether you would like to move to another house."),
    "move_under_way": _("A move to another house is asked for."),
    "move_taken_back": _("A move to another house was taken back."),
    "you_have_moved": _("You live in another house now. The days of your placement are the same."),
    "somebody_has_moved": _("A resident has moved to another house."),
    "placement_ends_soon": _("A placement ends soon, by itself."),
    "review_due": _("A review is due. If it is not held in time, the person is free."),
    "placement_challenged": _("A placement is challenged. People not involved are to hear it."),
    "challenge_brought": _("A challenge is before people who were not involved."),
    "challenge_upheld": _("Your challenge was upheld. You are free."),
    "challenge_dismissed": _("Your challenge was not upheld. You can read why."),
    "say_your_word": _("The council will look at your placement. Say your word to it."),
    "review_prepared": _("A review of a placement is prepared."),
    "placement_goes_on": _("The council agreed that a placement goes on. You can read why."),
    "release_decided": _("The council has released. The day stands on the page."),
    "measure_offered": _("Something is offered to you, or a limit is set. You can answer it."),
    "measure_agreed": _("A resident said yes to a measure."),
    "measure_declined": _("A resident said no to a measure."),
    "measure_ended": _("A measure has ended."),
    "check_in_written": _("A check-in was written. You can set your own word beside it."),
    "visit_written": _("The visitor wrote of a visit. You can set your own word beside it."),
    "incident_reported": _("Something that went wrong was noted. Give your own account."),
    "wish_made": _("A resident waits for an answer."),
    "wish_answered": _("Your wish or complaint was answered."),
    "wish_overdue": _("A wish or complaint was not answered in time."),
    "wish_taken_further": _("A resident asks you to look at an answer."),
    "transition_planned": _("The plan for the time after was written anew."),
    "asked_for_support": _("Somebody asks you to go along with them for a while."),
    "support_accepted": _("Somebody said yes to going along with you."),
    "guest_stays": _("Somebody who is free stays as a guest."),
    "guest_left": _("A guest has left."),
    "choose_your_news": _("You can say whether you want to be told where the other person lives."),
    "news_placed": _("You asked to be told: the person has moved into a house."),
    "news_moved": _("You asked to be told: the person has moved to another house."),
    "news_will_be_released": _("You asked to be told: the person will be released (%(day)s)."),
    "news_may_be_released": _(
        "You asked to be told: the person will be released (%(day)s), unless a review is held by "
        "then."
    ),
    "news_released": _("You asked to be told: the person has been released."),
    "news_left": _("You asked to be told: the person has left the house."),
    "say_news_placed": _("Tell the person harmed, as they asked: moved into a house."),
    "say_news_moved": _("Tell the person harmed, as they asked: moved to another house."),
    "say_news_will_be_released": _(
        "Tell the person harmed, as they asked: will be released (%(day)s)."
    ),
    "say_news_may_be_released": _(
        "Tell the person harmed, as they asked: will be released (%(day)s), unless a review is "
        "held by then."
    ),
    "say_news_released": _("Tell the person harmed, as they asked: released."),
    "say_news_left": _("Tell the person harmed, as they asked: has left the house."),
    "you_are_steward": _("You are a steward of a house now, for a term."),
    "you_are_visitor": _("You are the independent visitor of a house now, for a term."),
}

WORDS = Words(
    moves={**deliberation.MOVES, **MOVES},
    obstacles={**base.OBSTACLES, **deliberation.OBSTACLES, **OBSTACLES},
)
