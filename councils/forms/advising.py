"""What a council answers to what other cases suggest, and why: as mediators do, read by others."""

from django import forms
from django.utils.translation import gettext_lazy as _

from agreements import forms as agreement_forms
from cases.forms import long_text


def reason_field() -> forms.CharField:
    return long_text(_("In your own words"), _("Only the council reads this."), required=False)


class TakeOverForm(agreement_forms.TakeOverForm):
    """Why a suggestion is taken over."""

    reason = reason_field()


class ChangeSuggestionForm(agreement_forms.ChangeSuggestionForm):
    """A promise, begun from a suggestion, and why it is changed."""

    reason = reason_field()


class RefuseForm(agreement_forms.RefuseForm):
    """Why a suggestion is refused."""

    reason = reason_field()
