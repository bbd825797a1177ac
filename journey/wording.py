"""The words of the whole house, by code: each app's own, side by side."""

from django.utils.translation import gettext_lazy as _

from agreements import wording as agreements
from cases import wording as cases
from communities import wording as communities
from councils import wording as councils
from deliberation import wording as deliberation
from journey.forms import WHY_NOT
from mediation import wording as mediation
from moves import wording as base
from moves.pages import Words
from moves.wording import MoveWords
from rehabilitation import wording as rehabilitation

MOVES = {
    "refer_to_council": MoveWords(
        label=_("Refer to a Justice Council"),
        explain=_("Mediation is not suitable, ended without agreement, or a plan was broken."),
        warning=_(
            "The case leaves mediation. Both sides will be told. A council drawn by lot will "
            "meet; what was said in mediation does not go with it."
        ),
        done=_("The case waits for its council."),
    ),
    "close": MoveWords(
        label=_("Close this case"),
        explain=_("When there is nothing left to do, and both had the last word."),
        warning=_("Both sides will be told. A coordinator can open it again, with a reason."),
        done=_("The case is closed."),
    ),
    "refer_elsewhere": MoveWords(
        label=_("Refer to somebody else"),
        explain=_("Where somebody else can help better."),
        warning=_("The case closes here, and both sides will be told."),
        done=_("The case is closed here."),
    ),
    "return_to_mediation": MoveWords(
        label=_("Go back to mediation"),
        explain=_("As the council decided, once everybody has said yes to it again."),
        done=_("The case is in mediation again."),
    ),
    "bring_recall": MoveWords(
        label=_("Ask to recall somebody from their office"),
        explain=_("When an office is used against the people it is there for."),
        warning=_(
            "The members of their community read your reason. If one of them takes it up, the "
            "person is told and says their word, and all members decide. Nothing of your case goes "
            "with it but what you write. You can take it back until they decide."
        ),
        done=_("The members read it now. What comes of it, you read under “Your communities”."),
    ),
    "split": MoveWords(
        label=_("Give one person a case of their own"),
        explain=_("When the ways of several persons responsible part."),
        warning=_(
            "A linked case is opened, and everybody in it is asked afresh. An agreement that is "
            "not in force yet ends. They no longer read this case. It cannot be joined again."
        ),
        done=_("They have a linked case of their own now."),
    ),
}
OBSTACLES = {
    "commitment_open": _("Something promised is not settled yet."),
    "closing_word_not_asked": _("Not everybody has been asked for their closing word."),
    "nobody_to_split": _("There is only one person responsible."),
    "coordinators_step_back": _(
        "Coordinators step back for these weeks. Others go on, and what protects people does too."
    ),
    **WHY_NOT,
}
EVENTS = {
    "case_closed": _("The case was closed."),
    "referred_to_council": _("The case was referred to a Justice Council."),
    "returned_to_mediation": _("The case went back to mediation."),
    "case_split": _("A linked case was opened."),
    "coordinator_asked": _("It had waited too long: the coordinator was asked."),
}
NOTICES = {
    "case_closed": _("Your case is closed."),
    "referred_to_council": _("Your case goes to a Justice Council."),
    "returned_to_mediation": _("Your case goes back to mediation."),
    "waits_soon_too_long": _("A case will soon have waited too long."),
    "agreement_lapses_soon": _("An agreement waits for signatures, and will soon lapse."),
    "consent_awaited": _(
        "You can still say whether you take part. No answer is not counted as a yes."
    ),
    "consent_unanswered": _("Somebody has not said whether they take part. Speak with them."),
    "mediator_recalled": _("A mediator was recalled. A case needs another."),
    "waits_too_long": _("A case has waited too long. Somebody needs to take it up."),
}

# In which role somebody took a step, where that is counted and nobody is named.
ROLES_COUNTED = {
    "mediator": _("a mediator"),
    "process_guardian": _("the guardian of the process"),
    "council": _("a member of the council"),
    "party": _("a party, for themselves"),
    "beside": _("somebody who stands beside a party, or interprets"),
    "coordinator": _("a coordinator, where somebody may have been in danger"),
    "other": _("somebody else in office"),
}

ALL_EVENTS = {
    **cases.EVENTS, **mediation.EVENTS, **agreements.EVENTS, **councils.EVENTS,
    **deliberation.EVENTS, **rehabilitation.EVENTS, **EVENTS,
}  # fmt: skip
NOTICES = {
    **cases.NOTICES, **mediation.NOTICES, **agreements.NOTICES, **councils.NOTICES,
    **deliberation.NOTICES, **communities.NOTICES, **rehabilitation.NOTICES, **NOTICES,
}  # fmt: skip
WORDS = Words(
    moves={
        **cases.MOVES,
        **mediation.MOVES,
        **agreements.MOVES,
        **councils.MOVES,
        **deliberation.MOVES,
        **rehabilitation.MOVES,
        **MOVES,
    },
    obstacles={
        **base.OBSTACLES,
        **cases.OBSTACLES,
        **mediation.OBSTACLES,
        **agreements.OBSTACLES,
        **councils.OBSTACLES,
        **deliberation.OBSTACLES,
        **rehabilitation.OBSTACLES,
        **OBSTACLES,
    },
)
