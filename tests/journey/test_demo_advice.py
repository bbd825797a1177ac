"""The demo in which one community may ask what closed cases teach."""

import pytest
from django.core.management import call_command
from django.utils import timezone

from agreements import actions
from agreements.models import Agreement
from communities.models import Community
from people.models import Person

pytestmark = pytest.mark.django_db


def test_the_demo_with_advice_has_enough_closed_cases_to_say_something():
    call_command("load_demo", cases=2, advice=True)
    draft = Agreement.objects.get(state="drafting")
    milo = Person.objects.get(username="milo")
    actions.ask_advice(draft, by=milo, now=timezone.now(), kind="damage")
    assert {one.category for one in draft.suggestions.all()} == {"pay_back", "work_person"}
    allowed = {
        one.slug for one in Community.objects.all() if one.newest_charter().algorithmic_proposals
    }
    assert allowed == {"harbour"}
