"""The words of the mediation app, by code: moves, obstacles, events and notices."""

from django.utils.translation import gettext_lazy as _

from moves.wording import MoveWords

MOVES = {
    "assign_mediator": MoveWords(
        label=_("Name a mediator"),
        explain=_("Somebody licensed for a case like this, with no tie to anybody in it."),
        done=_("The mediator has been told and can open the case."),
    ),
    "release_mediator": MoveWords(
        label=_("Release a mediator"),
        explain=_("They leave the case."),
        warning=_(
            "They stop seeing this case at once. You can name them again, as long as they are "
            "licensed and have no tie."
        ),
        done=_("They have left the case."),
    ),
    "begin_mediation": MoveWords(
        label=_("Begin mediation"),
        explain=_("Everybody is reached, safe, asked and willing."),
        done=_("Mediation has begun. Both sides are told. Next: plan a meeting."),
    ),
    "plan_meeting": MoveWords(
        label=_("Plan a meeting"),
        explain=_("A day and a place that suit both sides."),
        done=_("The meeting is planned. Both sides are told."),
    ),
    "cancel_meeting": MoveWords(
        label=_("Call a meeting off"),
        explain=_("Both sides are told, not why."),
        done=_("The meeting is off. Both sides are told."),
    ),
    "hold_meeting": MoveWords(
        label=_("Note that you have met"),
        explain=_("The next planned meeting, and what both sides would like to keep of it."),
        done=_("The meeting is noted."),
    ),
    "extend_mediation": MoveWords(
        label=_("Take more time"),
        explain=_("Once, by the days the charter gives."),
        done=_("The last day has moved. Both sides are told."),
    ),
    "end_without_agreement": MoveWords(
        label=_("End without an agreement"),
        explain=_("Nobody is to blame. The case can go to a council, or close."),
        warning=_(
            "The mediation ends and meetings still planned are off. Both sides are told and read "
            "the reason. It cannot be opened again from here; a council can send the case back."
        ),
        done=_("The mediation has ended. Both sides are told."),
    ),
    "write_shared_note": MoveWords(
        label=_("Write to both sides"),
        explain=_("Both sides, and who stands beside them, read it."),
        done=_("Both sides can read it now."),
    ),
    "write_private_note": MoveWords(
        label=_("Note what one side told you"),
        explain=_("This person and the mediators read it. The other side never does."),
        done=_("It is kept in this person's own room."),
    ),
}

OBSTACLES = {
    "mediator_missing": _("There is no mediator yet."),
    "mediator_conflict": _("The mediator has a tie to somebody in this case."),
    "mediator_assigned_already": _("This person mediates this case already."),
    "licence_lapsed": _("The mediator's licence is not valid today."),
    "licence_too_narrow": _("The mediator's licence does not cover a case like this."),
    "last_mediator": _("An open mediation needs a mediator. Name another one first."),
    "no_meeting_planned": _("No meeting is planned."),
    "meeting_to_come": _("The next meeting is still to come."),
    "meeting_in_the_past": _("This day has gone by."),
    "meeting_after_due": _("This day is after the last day of the mediation."),
    "already_extended": _("The time was extended before. The charter allows it once."),
}

EVENTS = {
    "mediator_assigned": _("A mediator was named."),
    "mediator_released": _("A mediator left the case."),
    "mediation_begun": _("Mediation began."),
    "meeting_planned": _("A meeting was planned."),
    "meeting_cancelled": _("A meeting was called off."),
    "meeting_held": _("A meeting was held."),
    "mediation_extended": _("The time for mediation was extended."),
    "mediation_moved_on": _("The time on hold was given back to the mediation."),
    "mediation_agreed": _("Mediation ended with an agreement."),
    "mediation_ended": _("Mediation ended without an agreement."),
    "mediation_lapsed": _("The time for mediation went by without an agreement."),
    "mediation_stopped": _("Mediation stopped: the case went on elsewhere."),
}

NOTICES = {
    "mediator_assigned": _("You are asked to mediate a case."),
    "mediator_released": _("You no longer mediate a case."),
    "mediation_begun": _("Mediation has begun."),
    "meeting_planned": _("A meeting is planned. Here you can read when and where."),
    "meeting_cancelled": _("A meeting is off."),
    "mediation_extended": _("There is more time for mediation."),
    "mediation_ended": _("Mediation has ended without an agreement. The case stays open."),
    "mediation_lapsed": _("The time for mediation has gone by. The case stays open."),
    "mediation_due_soon": _("The time for a mediation is running out."),
}
