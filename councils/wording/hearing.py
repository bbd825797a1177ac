"""The words of what a council hears, by code: moves, obstacles, events and notices."""

from django.utils.translation import gettext_lazy as _

from moves.wording import MoveWords

MOVES = {
    "write_to_council": MoveWords(
        label=_("Write to the council"),
        explain=_("Instead of coming, or beside it. You can write again while it listens."),
        done=_("Your words are with the council."),
    ),
    "nothing_to_add": MoveWords(
        label=_("Nothing to add"),
        explain=_("Then nobody waits for words. You can still write later."),
        done=_("Noted. You can still write later."),
    ),
    "ask_to_share": MoveWords(
        label=_("Ask whether the council may read something of the talks"),
        explain=_("Everybody is asked, each alone. Nothing is shared unless all agree."),
        done=_("Each party is asked."),
    ),
    "answer_sharing": MoveWords(
        label=_("Say whether the council may read this"),
        explain=_("You answer for yourself alone, and can change it until its packet is made."),
        done=_("Your answer is noted."),
    ),
    "make_packet": MoveWords(
        label=_("Make the council's packet"),
        explain=_("What the council reads, the same for its members and for both sides."),
        warning=_(
            "It is made once, and everybody who may read it is told. What is written later stands "
            "beside it."
        ),
        done=_("The packet is made."),
    ),
    "plan_hearing": MoveWords(
        label=_("Plan a hearing"),
        explain=_("When and where the council listens, and to whom."),
        done=_("The hearing is planned. Who is asked to it is told."),
    ),
    "move_hearing": MoveWords(
        label=_("Move this hearing"),
        explain=_("Everybody is told, and asked again whether they come."),
        done=_("The hearing is moved."),
    ),
    "cancel_hearing": MoveWords(
        label=_("Call this hearing off"),
        explain=_("Everybody is told."),
        warning=_("It does not take place. You can plan another one."),
        done=_("The hearing is called off."),
    ),
    "hold_hearing": MoveWords(
        label=_("Note that this hearing was held"),
        explain=_("And who came. Nobody is condemned for staying away."),
        done=_("It is noted that the council has listened."),
    ),
    "answer_invitation": MoveWords(
        label=_("Say whether you come"),
        explain=_("And what you need. You can change it until it begins."),
        done=_("Your answer is noted."),
    ),
}

OBSTACLES = {
    "words_awaited": _("Not everybody has written to the council yet, or said they will not."),
    "challenge_open": _("A doubt about a member is not answered yet."),
    "packet_made": _("The council's packet is made: nothing more of the talks comes into it."),
    "packet_missing": _("The council's packet is not made yet."),
    "must_not_meet": _("These people are heard apart. Plan a hearing of its own for each side."),
    "hearing_in_the_past": _("This time has gone by."),
    "hearing_to_come": _("This hearing is still to come."),
    "hearing_began": _("The hearing has begun."),
}

EVENTS = {
    "words_written": _("Somebody wrote to the council."),
    "nothing_to_add": _("A party has nothing to add for the council."),
    "sharing_asked": _("Both sides were asked whether the council may read something."),
    "sharing_answered": _("A party answered whether the council may read something."),
    "packet_made": _("The council's packet was made."),
    "hearing_planned": _("A hearing was planned."),
    "hearing_moved": _("A hearing was moved."),
    "hearing_cancelled": _("A hearing was called off."),
    "hearing_held": _("The council has listened."),
    "invitation_answered": _("Somebody answered whether they come to a hearing."),
}

NOTICES = {
    "please_write_to_council": _(
        "The council would like to hear from you. You can write to it, or come when it listens."
    ),
    "please_answer_sharing": _(
        "You are asked whether the council may read something from the talks. Each answers alone."
    ),
    "word_after_packet": _("Somebody has written to the council after its packet was made."),
    "packet_ready": _("The council's packet is made. You can read it."),
    "hearing_planned": _("A hearing is planned. Please look when and where it is."),
    "hearing_moved": _("A hearing was moved. Please look when and where it is now."),
    "hearing_cancelled": _("A hearing was called off."),
    "hearing_tomorrow": _("A hearing is tomorrow. Please look when and where it is."),
}
