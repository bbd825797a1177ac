"""The rights that no rule of a house goes below, in plain words. Their meaning: docs."""

from django.utils.translation import gettext_lazy as _

RIGHTS_IN_WORDS = {
    "leave": _("leaving at any time"),
    "challenge": _("challenging a placement or a refusal"),
    "own_word": _("setting one’s own word beside every record"),
    "visits": _("being visited, and meeting the independent visitor alone"),
    "letters": _("writing, telephoning and reading news freely"),
    "health": _("a doctor, medicine, food, sleep and time outside"),
    "belief": _("one’s belief, language and way of life"),
    "complain": _("complaining, and an answer in days"),
    "assembly": _("a voice in the house"),
    "home_community": _("a voice at home: voting, the pool, the news of one’s community"),
}
