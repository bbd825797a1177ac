"""Words for moves and obstacles: what every app's ``wording`` is made of."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise


@dataclass(frozen=True, kw_only=True)
class MoveWords:
    """``label`` on the button, ``explain`` under it, ``done`` afterwards.

    ``warning`` stands before what cannot be undone: what happens, who sees it, the way back.
    """

    label: Text
    explain: Text = ""
    done: Text = ""
    warning: Text = ""


OBSTACLES: Mapping[str, Text] = {
    "already_moved": _("Somebody has done this already, or something changed meanwhile."),
}

ROLES: Mapping[str, Text] = {
    "nobody": _("Nobody needs to do anything"),
    "mediator": _("The mediator"),
    "coordinator": _("The coordinator"),
    "harmed": _("The person harmed"),
    "responsible": _("The person responsible"),
    "party": _("Each party, for themselves"),
    "guardian": _("The guardian"),
    "supporter": _("The supporter"),
    "interpreter": _("The interpreter"),
    "council": _("The council"),
    "process_guardian": _("The guardian of the process"),
    "auditor": _("The auditor"),
    "member": _("A community member"),
    "circle": _("The circle"),
    "steward": _("The steward"),
    "administrator": _("The administrator"),
    "resident": _("The resident"),
}
