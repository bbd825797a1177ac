"""The text people consent to, by stage. A changed text is a new version, never an edit."""

from django.utils import translation
from django.utils.translation import gettext, gettext_noop

VERSION = 1

TEXTS = {
    "mediation": gettext_noop(
        "I would like to take part in mediation. A mediator helps us talk about what happened "
        "and what would repair it. I take part freely. I can stop at any moment without giving "
        "a reason. What is said in mediation stays there, except what we all agree to share. "
        "Taking part is not an admission of anything."
    ),
    "council": gettext_noop(
        "I would like to take part in the meeting of a Justice Council. Its members are drawn "
        "by lot. I take part freely and can stop at any moment. Nothing they propose binds me "
        "unless I sign it. Taking part is not an admission of anything."
    ),
    "plan": gettext_noop(
        "I would like to go on with the plan we agreed on. I take part freely and can stop at "
        "any moment without giving a reason."
    ),
}

STAGE_OF_STATE = {
    "reported": "mediation",
    "screening": "mediation",
    "mediation": "mediation",
    "council": "council",
    "reparation": "plan",
    "rehabilitation": "plan",
    "closed": "plan",
}


def consent_text(stage: str, language: str) -> str:
    """Return the exact words of a stage's consent in this language."""
    with translation.override(language):
        return gettext(TEXTS[stage])
