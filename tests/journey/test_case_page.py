"""The case page says what comes next in a case, and who promised what to whom."""

import json

import pytest
from django.urls import reverse
from django.utils import translation

from cases.models import Case
from journey.reading import referral_of
from tests.factories import harmed, make_case, responsible
from tests.journey.test_first_case import bring_to_agreement

pytestmark = pytest.mark.django_db


def test_an_offered_agreement_waits_for_both_sides_and_not_for_a_meeting(client):
    walk, _coordinator, mediator, _agreement = bring_to_agreement(client)
    client.force_login(mediator)
    page = client.get(reverse("cases:detail", args=[walk.case.reference]))
    assert page.context["lines"].next.startswith("Both sides read it and decide")
    assert page.context["lines"].who == "Both sides"


def test_a_promise_names_who_made_it_and_to_whom(client):
    walk, _coordinator, _mediator, _agreement = bring_to_agreement(client)
    client.force_login(harmed(walk.case).person)
    html = client.get(reverse("cases:detail", args=[walk.case.reference])).content.decode()
    promise = html[html.index('class="sides"') :].split("</dl>")[0]
    assert responsible(walk.case).person.name in promise
    assert promise.index(responsible(walk.case).person.name) < promise.index(
        harmed(walk.case).person.name
    )


def test_what_a_referral_says_is_labelled_in_the_language_of_the_reader():
    case = make_case()
    case.referral = json.dumps({"reporter_is": "harmed", "notes": "a spreadsheet", "agency": ""})
    case.save(update_fields=["referral"])
    with translation.override("es"):
        [item] = referral_of(Case.objects.get(pk=case.pk))
    lines = item.text.splitlines()
    assert lines[0].startswith("Quién lo comunicó: ")
    assert "I was harmed" not in lines[0]
    assert lines[1] == "Notas: a spreadsheet"
    assert len(lines) == 2
