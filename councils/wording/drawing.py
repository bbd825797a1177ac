"""The words of pool, draw and seats, by code: moves, obstacles, events, notices and reasons."""

from django.utils.translation import gettext_lazy as _

from moves.wording import MoveWords

MOVES = {
    "form_council": MoveWords(
        label=_("Begin a Justice Council"),
        explain=_("Its members are drawn by lot. The parties are asked whom they are tied to."),
        done=_("The council is being formed. Each party is asked about ties."),
    ),
    "prepare_draw": MoveWords(
        label=_("Prepare a draw"),
        explain=_("Say what decides. Nobody chooses who is in the hat, or who is drawn."),
        done=_("The draw is prepared."),
    ),
    "name_ties": MoveWords(
        label=_("Name somebody you are tied to"),
        explain=_("So that they are not drawn. You need not know whether they could be."),
        done=_("Noted. Nobody reads it but the check."),
    ),
    "finish_ties": MoveWords(
        label=_("I have named everybody"),
        explain=_("Also when there is nobody to name. Until the draw you can still add some."),
        done=_("Thank you. The draw can be prepared sooner."),
    ),
    "contribute": MoveWords(
        label=_("Put your own number into the draw"),
        explain=_("If you wish. Then nobody, not even all others together, can fix the result."),
        done=_("Your number is locked in. Keep the secret one: you will be asked for it."),
    ),
    "reveal": MoveWords(
        label=_("Show your secret number"),
        explain=_("In time, or it is left out of the draw."),
        done=_("Your number is in the draw."),
    ),
    "find_panels": MoveWords(
        label=_("Look for fair panels"),
        explain=_("In the background. You can leave this page."),
        done=_("The panels are being looked for."),
    ),
    "cut_rest": MoveWords(
        label=_("Cut the rest after a seat short"),
        explain=_("Whoever would still rest is in the hat too, and can say no like everybody."),
        done=_("They are in the hat too, and the panels are looked for again."),
    ),
    "relax_quotas": MoveWords(
        label=_("Relax quotas that cannot be met"),
        explain=_("With a reason, for everybody to read."),
        done=_("The quotas are relaxed, and the panels are looked for again."),
    ),
    "enter_drand": MoveWords(
        label=_("Write down the public number"),
        explain=_("The round that was announced, and no other."),
        done=_("The number is written down."),
    ),
    "enter_dice": MoveWords(
        label=_("Write down the dice"),
        explain=_("As the witnesses saw them, in the order thrown."),
        done=_("The throws are written down."),
    ),
    "void_draw": MoveWords(
        label=_("Void this draw"),
        explain=_("When something went wrong. It stays visible, with the reason."),
        warning=_(
            "The draw does not count any more, and everybody can read why. Once its randomness can "
            "be known, the process guardian asks for it and an auditor must agree."
        ),
        done=_("Noted."),
    ),
    "agree_to_void": MoveWords(
        label=_("Agree that this draw is void"),
        explain=_("The process guardian asked for it. The page of the draw says why."),
        warning=_("The draw does not count any more. It stays visible, with the reason."),
        done=_("The draw is void."),
    ),
    "promise": MoveWords(
        label=_("Promise to keep it to yourself"),
        explain=_("Then you learn who this council is about."),
        done=_("Thank you. Now you can read who it is about."),
    ),
    "accept_seat": MoveWords(
        label=_("Accept this seat"),
        explain=_("If you can be there, and can be impartial."),
        done=_("Thank you. You sit on this council."),
    ),
    "decline_seat": MoveWords(
        label=_("Decline this seat"),
        explain=_("It is never held against you, and nobody asks why."),
        warning=_("Somebody else is drawn. For this council you are not drawn again."),
        done=_("Noted. Somebody else will be drawn."),
    ),
    "recuse": MoveWords(
        label=_("Step aside"),
        explain=_("When you are tied to somebody, or cannot be impartial. Nobody asks why."),
        warning=_(
            "You read nothing of this case any more. The parties learn that somebody else is "
            "drawn, not why."
        ),
        done=_("You have stepped aside. Thank you for saying so."),
    ),
    "challenge_member": MoveWords(
        label=_("Ask for somebody else in their place"),
        explain=_("When you doubt that they are impartial. The rest of the council decides."),
        done=_("The rest of the council decides within some days, with a reason."),
    ),
    "answer_challenge": MoveWords(
        label=_("Answer a doubt about a member"),
        explain=_("With a reason that the party reads."),
        done=_("Your answer is noted."),
    ),
    "join_pool": MoveWords(
        label=_("Join the pool for councils"),
        explain=_("After the trial time you can be drawn by lot. You can leave at any time."),
        done=_("You are in the pool."),
    ),
    "say_features": MoveWords(
        label=_("Change what you say of yourself"),
        explain=_("Only the draw reads it."),
        done=_("Changed."),
    ),
    "choose_news": MoveWords(
        label=_("Choose how we tell you"),
        explain=_("When you are drawn, you have some days to say yes or no."),
        done=_("Changed."),
    ),
    "declare_tie": MoveWords(
        label=_("Name somebody you are tied to"),
        explain=_("So that you are never drawn for a council about them."),
        done=_("Noted. Nobody reads it but the check."),
    ),
    "stay_away": MoveWords(
        label=_("Take a break"),
        explain=_("You are not drawn until the day you say."),
        done=_("Noted. You are not drawn until then."),
    ),
    "come_back": MoveWords(
        label=_("End your break"),
        explain=_("From now on you can be drawn again."),
        done=_("Welcome back."),
    ),
    "stay_in_pool": MoveWords(
        label=_("Stay for one more term"),
        explain=_("Nothing renews by itself."),
        done=_("You stay in the pool."),
    ),
    "leave_pool": MoveWords(
        label=_("Leave the pool"),
        explain=_("At once, and you need not say why."),
        warning=_("You are not drawn any more. Coming back later begins with the trial time."),
        done=_("You have left the pool."),
    ),
}

OBSTACLES = {
    "draw_under_way": _("A draw is under way."),
    "ties_not_named": _("The parties are still naming whom they are tied to."),
    "ties_named_already": _("You have said that you named everybody."),
    "rest_first": _("Cutting the rest after a seat short would do. That comes first."),
    "contributed_already": _("Your number is in the draw already."),
    "reveal_too_late": _("It is too late: what else decides could be known by now."),
    "not_the_secret": _("This is not the number whose lock you gave. Please check each sign."),
    "beacon_too_early": _("What decides does not exist yet."),
    "not_the_beacon": _("This is not what was announced. Please check each sign."),
    "void_needs_auditor": _("You asked for it. Now an auditor must agree."),
    "not_promised": _("First promise to keep it to yourself."),
    "tie_on_file": _("You are tied to somebody in this case. Please step aside."),
    "answered_too_late": _("The time to answer is over."),
    "challenge_too_late": _("The days to ask for somebody else are over."),
    "challenged_already": _("You have asked for it already."),
    "term_runs": _("Your term still runs. It can be renewed in its last month."),
}

EVENTS = {
    "council_formed": _("A Justice Council was begun."),
    "council_seated": _("The Justice Council is complete."),
    "council_dissolved": _("The Justice Council has ended."),
    "process_guardian_named": _("The council has a guardian of its process."),
    "process_guardian_ended": _("The guardian of the process is somebody else from now on."),
    "tie_named": _("A party named a tie."),
    "ties_all_named": _("A party has named all ties."),
    "draw_prepared": _("A draw was prepared."),
    "draw_solving": _("Fair panels are being looked for."),
    "draw_has_a_problem": _("A draw cannot go on by itself. Somebody needs to look at it."),
    "draw_committed": _("A draw was published before its randomness existed."),
    "rest_cut_short": _("The rest after a seat was cut short for a draw, with a reason."),
    "quotas_relaxed": _("Quotas that could not be met were relaxed, with a reason."),
    "contribution_given": _("Somebody put a number into a draw."),
    "contribution_revealed": _("Somebody showed their number."),
    "beacon_entered": _("The announced randomness was written down."),
    "drawn": _("A draw was decided."),
    "draw_voided": _("A draw was made void, with a reason."),
    "features_opened": _("An auditor opened what a draw knows of people, by token."),
    "void_asked": _("The guardian of the process asked to void a draw."),
    "seat_drawn": _("Somebody was drawn and asked."),
    "seat_not_asked": _("Somebody drawn could not be asked any more."),
    "seat_accepted": _("A member accepted their seat."),
    "seat_declined": _("Somebody drawn said no."),
    "seat_lapsed": _("Somebody drawn did not answer in time."),
    "seat_recused": _("A member stepped aside."),
    "seat_replaced": _("A member is replaced after a challenge."),
    "seat_ended": _("A seat ended."),
    "confidentiality_promised": _("Somebody drawn promised confidentiality."),
    "member_challenged": _("A party asked for somebody else in a member's place."),
    "challenge_answered": _("A member answered a challenge."),
    "challenge_upheld": _("A challenge was upheld."),
    "challenge_dismissed": _("A challenge was not upheld."),
}

NOTICES = {
    "please_name_ties": _(
        "A council will be drawn for your case. Please name whom you are tied to."
    ),
    "you_guard_a_process": _("You guard the process of a Justice Council."),
    "you_can_contribute": _("You can put your own number into the draw."),
    "draw_has_a_problem": _("A draw cannot go on by itself. Somebody needs to look at it."),
    "draw_committed": _("A draw is published. What decides it comes later."),
    "council_drawn": _("A draw was decided. The people drawn are being asked."),
    "draw_voided": _("A draw does not count. Its page says why."),
    "please_look_at_a_draw": _("You are asked to agree that draw %(draw)s is void."),
    "drawn_for_a_council": _("You were drawn by lot for a Justice Council. Please say yes or no."),
    "seat_empty": _("A seat of the council is empty. A new draw fills it."),
    "member_seated": _("A member of your council has accepted their seat."),
    "member_is_replaced": _("Somebody else is drawn for your council."),
    "council_seated": _("The council is complete."),
    "seat_ended": _("Your seat on a council has ended. Thank you."),
    "please_decide_a_challenge": _("A party doubts that a member is impartial. Please answer."),
    "challenge_upheld": _("Somebody else is drawn in place of the member you named."),
    "challenge_dismissed": _("The council answered your doubt about a member."),
}

# Why a member cannot be drawn, said to themselves.
REASONS = {
    "trial": _("your trial time is not over"),
    "term_over": _("your term is over"),
    "away": _("you are taking a break"),
    "resting": _("you rest after your last seat"),
    "seated_now": _("you sit on a council, or are asked to"),
    "most_seats": _("you have sat as often as the charter allows"),
    "too_young": _("you have not said that you are old enough"),
    "in_open_case": _("you are part of an open case yourself"),
    "not_active": _("your account is closed"),
    "not_member": _("you are not a member of the community any more"),
}

# Why no panel could be found, for who runs the draw.
PROBLEMS = {
    "pool_too_small": _(
        "Too few people can be drawn, even from further away. The case can be referred elsewhere."
    ),
    "no_panel": _("No council can be found that meets every quota."),
}

# What each check of a draw says, right and wrong, by the codes of ``scheme.WORDS``: for the page
# where a reader's browser makes the checks of ``static/js/verify-draw.js``.
CHECKS = {
    "readable": (
        _("The published file can be read."),
        _("The published file cannot be read."),
    ),
    "record": (_("It holds a record."), _("It holds no record.")),
    "canonical": (
        _("The record can be written in one way only."),
        _("The record holds a number that is not whole, or too large."),
    ),
    "scheme": (
        _("The record says by which rules it was drawn."),
        _("The record was drawn by rules nobody here knows."),
    ),
    "council": (_("The record names its council."), _("The record names no council.")),
    "eligible": (
        _("Everybody in the hat is listed, each once."),
        _("The list of those in the hat is empty, unsorted, or holds somebody twice."),
    ),
    "quotas": (_("The quotas are well formed."), _("A quota is not well formed.")),
    "announced": (
        _("The record says beforehand what decides."),
        _("The record does not say properly what decides."),
    ),
    "size": (_("The record says how many seats there are."), _("The number of seats is missing.")),
    "thousand": (_("There are 1,000 panels."), _("There are not 1,000 panels.")),
    "panels": (
        _("Every panel is full, and everybody in it was in the hat."),
        _("A panel is not full, or holds somebody who was not in the hat."),
    ),
    "excluded": (
        _("Nobody who was out is in the hat."),
        _("Somebody who was out is in the hat too, or the list of them is not well formed."),
    ),
    "of": (_("The record names the draw before it."), _("The record names no draw before it.")),
    "seated": (
        _("Nobody who sits already is in the hat."),
        _("Somebody who sits already is in the hat too, or the list is not well formed."),
    ),
    "vacant": (
        _("The record says how many seats are empty."),
        _("The record does not say how many seats are empty."),
    ),
    "commitment": (
        _("The fingerprint is that of this record: nothing in it was changed."),
        _("The fingerprint is not that of this record: something was changed."),
    ),
    "tokens": (_("Everybody has a token of their own."), _("Somebody has no token of their own.")),
    "beacon": (
        _("The randomness has the right form, or is still awaited."),
        _("The randomness does not have the right form."),
    ),
    "early": (_("There is no result yet."), _("There is a result, but no randomness.")),
    "sources": (
        _("Each source of randomness is the one that was announced."),
        _("A source of randomness is not the one that was announced."),
    ),
    "made_of": (
        _("Together the sources give this randomness."),
        _("Together the sources give another randomness."),
    ),
    "index": (
        _("The randomness picks this panel."),
        _("The randomness picks another panel."),
    ),
    "panel": (
        _("The people drawn are those of that panel."),
        _("The people drawn are not those of that panel."),
    ),
    "order": (
        _("The order is the one the randomness gives."),
        _("The randomness gives another order."),
    ),
    "seat": (
        _("Who was drawn was in the hat."),
        _("Who was drawn was not in the hat, or is named twice."),
    ),
    "count": (_("It says that there are 1,000 panels."), _("It says another number of panels.")),
    "chances": (
        _("Each chance is the number of panels that person sits in."),
        _("A chance is not the number of panels that person sits in."),
    ),
    "min_chance": (
        _("The smallest chance is as large as the draw says."),
        _("The smallest chance is not what the draw says."),
    ),
}
