"""What cannot be right is refused with words for the field, and nothing is lost or half done."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone, translation

from agreements.models import Agreement, Commitment, Signature
from api.forms import CaseForm
from cases.models import Case, Consent, Note, Party
from communities.models import Community
from desk.forms import ReportForm
from mediation.models import Mediation
from people.models import Person
from records.models import Event
from tests.access.world import World, make

pytestmark = pytest.mark.django_db

AMBIGUOUS = ("08/07/2026", "03/04/26", "8.7.2026", "March 4, 2026")
IMPOSSIBLE = ("2026-02-30", "2026-13-01", "0000-01-01", "yesterday", "2026-1-1\x00")
HINT = "year-month-day"


@pytest.fixture
def drafting() -> World:
    return make("drafting")


def signed_in(world: World, role: str) -> Client:
    client = Client()
    client.force_login(world.people[role])
    return client


def address(world: World, part: str, move: str) -> str:
    kind, key = world.parts[part]
    return f"/cases/{world.case.reference}/{kind}/{key}/{move}/"


def new_case(world: World, **more: str) -> dict[str, Any]:
    return {
        "community": world.case.community_id, "title": "Two cups", "account": "They broke.",
        "harmed": "Hana", "harmed_language": "en", "responsible": "Remi",
        "responsible_language": "en", **more,
    }  # fmt: skip


def promise(world: World, due_on: str) -> dict[str, str]:
    hers, his = world.parts["party of harmed"][1], world.parts["party of responsible"][1]
    return {
        "promised_by": his, "promised_to": hers, "what": "Mend it", "unit": "act",
        "due_on": due_on, "confirmed_by": "harmed",
    }  # fmt: skip


@pytest.mark.parametrize("language", ["en", "es", "ar"])
def test_a_day_that_can_be_read_two_ways_or_none_is_an_error_on_its_field(
    drafting: World, language: str
) -> None:
    """Whatever the reader's language would make of it: 08/07 is July here and August there."""
    events, cases = Event.objects.count(), Case.objects.count()
    told = {"community": drafting.case.community_id, "danger": "no", "reporter_is": "other",
            "happened": "x", "language": "en"}  # fmt: skip
    coordinator, mediator, anybody = (
        signed_in(drafting, "coordinator"), signed_in(drafting, "mediator"), Client(),
    )  # fmt: skip
    for day in (*AMBIGUOUS, *IMPOSSIBLE):
        for client, url, typed in (
            (coordinator, "/cases/new/", new_case(drafting, happened_on=day)),
            (anybody, "/report/", {**told, "happened_on": day}),
            (
                mediator,
                address(drafting, "agreement", "add_commitment"),
                promise(drafting, day),
            ),
        ):
            client.cookies["django_language"] = language
            check_refused(client.post(url, typed), day, language)
        with translation.override(language):
            assert "happened_on" in CaseForm(Community.objects.all(), {"happened_on": day}).errors
    assert (Event.objects.count(), Case.objects.count()) == (events, cases)


def check_refused(answer: Any, day: str, language: str) -> None:
    """422 on the field of the day, with a word on how to write it, and what was typed kept."""
    assert answer.status_code == 422, day
    (field,) = answer.context["form"].errors
    assert field in ("happened_on", "due_on")
    text = answer.content.decode().replace("\x00", "")
    assert day.replace("\x00", "") in text
    if language == "en" and day in AMBIGUOUS:
        assert HINT in text


@pytest.mark.parametrize("language", ["en", "es", "ar"])
def test_a_day_offered_in_a_form_is_one_the_browser_can_show(
    drafting: World, language: str
) -> None:
    followed = make_followed(drafting)
    client = signed_in(drafting, "responsible")
    client.cookies["django_language"] = language
    page = client.get(f"/cases/{drafting.case.reference}/commitment/{followed.pk}/say_done/")
    assert f'value="{timezone.localdate().isoformat()}"' in page.content.decode()


def make_followed(world: World) -> Commitment:
    """Bring the plan into force by hand: this is about a form, not about the way there."""
    Case.objects.filter(pk=world.case.pk).update(state="reparation")
    Agreement.objects.filter(case=world.case).update(state="in_force")
    return Commitment.objects.get(agreement__case=world.case)


def test_a_day_that_has_not_come_is_no_day_on_which_it_happened(drafting: World) -> None:
    tomorrow = (timezone.localdate() + timedelta(days=2)).isoformat()
    answer = signed_in(drafting, "coordinator").post(
        "/cases/new/", new_case(drafting, happened_on=tomorrow)
    )
    assert answer.status_code == 422
    assert "has not come yet" in answer.content.decode()
    form = CaseForm(Community.objects.all(), {"happened_on": tomorrow})
    assert "has not come yet" in str(form.errors["happened_on"])


def still_meeting(world: World) -> Mediation:
    """Give the mediation, begun a month ago, a day on which people can still meet."""
    Mediation.objects.filter(case=world.case).update(
        due_on=timezone.localdate() + timedelta(days=9)
    )
    return Mediation.objects.get(case=world.case)


@pytest.mark.parametrize("when", ["2026-13-01T10:00", "08/07/2026 10:00", "soon", "2026-02-30T1"])
def test_a_meeting_at_no_moment_is_an_error_on_its_field(drafting: World, when: str) -> None:
    mediation = still_meeting(drafting)
    url = f"/cases/{drafting.case.reference}/mediation/{mediation.pk}/plan_meeting/"
    answer = signed_in(drafting, "mediator").post(url, {"at": when, "place": "Library"})
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["at"]
    assert mediation.meetings.count() == 1


def test_nobody_is_named_on_both_sides(drafting: World) -> None:
    coordinator, said = signed_in(drafting, "coordinator"), "The same name stands on both sides"
    cases, people = Case.objects.count(), Person.objects.count()
    answer = coordinator.post("/cases/new/", new_case(drafting, responsible=" HANA "))
    assert answer.status_code == 422
    assert said in answer.content.decode()
    report = ReportForm({"name": "Hana", "others": "hana ", "reporter_is": "harmed"})
    assert said in str(report.errors["others"])
    report = ReportForm({"harmed": "Hana", "name": "hana", "reporter_is": "responsible"})
    assert said in str(report.errors["harmed"])
    report = ReportForm({"harmed": "Hana", "others": "hana", "reporter_is": "other"})
    assert said in str(report.errors["others"])
    Case.objects.filter(pk=drafting.case.pk).update(state="screening")
    answer = coordinator.post(
        address(drafting, "case", "add_party"),
        {"role": "responsible", "name": "Harmed", "language": "en"},
    )
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert (Case.objects.count(), Person.objects.count()) == (cases, people)


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"contact_kind": "email", "contact": ""}, "contact"),
        ({"contact_kind": "", "contact": "555"}, "contact_kind"),
        ({"contact_kind": "email", "contact": "not an address"}, "contact"),
        ({"contact_kind": "email", "contact": "a@example.org\nBcc: b@example.org"}, "contact"),
    ],
)
def test_a_contact_that_reaches_nobody_is_an_error_on_its_field(
    drafting: World, typed: dict[str, str], field: str
) -> None:
    Case.objects.filter(pk=drafting.case.pk).update(state="screening")
    party = {"role": "responsible", "name": "Somebody", "language": "en", **typed}
    client = signed_in(drafting, "mediator")
    answer = client.post(address(drafting, "case", "add_party"), party)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    answer = client.post(
        address(drafting, "party of harmed", "set_contact"), {"language": "en", **typed}
    )
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert field in ReportForm(typed).errors


def test_a_party_without_contact_stops_mediation_with_its_reason(drafting: World) -> None:
    Case.objects.filter(pk=drafting.case.pk).update(state="screening")
    Person.objects.filter(pk=drafting.people["responsible"].pk).update(contact_kind="", email="")
    answer = signed_in(drafting, "mediator").post(address(drafting, "case", "begin_mediation"))
    assert answer.status_code == 409
    assert "contact_missing" in {one.code for one in answer.context["obstacles"]}


def test_a_stale_form_shows_both_texts_and_saves_neither(drafting: World) -> None:
    first, second = signed_in(drafting, "mediator"), signed_in(drafting, "mediator")
    url = address(drafting, "agreement", "change_account")
    seen = first.get(url).context["form"].initial["seen"]
    assert first.post(url, {"account": "What one <i>wrote</i>", "seen": seen}).status_code == 302
    answer = second.post(url, {"account": "What the other wrote", "seen": seen})
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "Somebody changed this text while you were writing" in text
    assert "What the other wrote" in text
    assert "What one &lt;i&gt;wrote&lt;/i&gt;" in text
    assert Agreement.objects.get(case=drafting.case).account == "What one <i>wrote</i>"


def test_a_double_click_does_it_once(drafting: World) -> None:
    offer = address(drafting, "agreement", "offer_agreement")
    mediator = signed_in(drafting, "mediator")
    assert [mediator.post(offer).status_code for _click in range(2)] == [302, 404]
    sign = address(drafting, "agreement", "sign_agreement")
    party = signed_in(drafting, "harmed")
    assert [party.post(sign, {"understood": "on"}).status_code for _c in range(2)] == [302, 404]
    assert Signature.objects.count() == 1
    codes = list(Event.objects.values_list("code", flat=True))
    assert (codes.count("agreement_offered"), codes.count("agreement_signed")) == (1, 1)


def test_a_second_tab_that_withdrew_stops_what_the_first_still_shows(drafting: World) -> None:
    tab, other_tab = signed_in(drafting, "harmed"), signed_in(drafting, "mediator")
    still_meeting(drafting)
    meeting = address(drafting, "mediation", "plan_meeting")
    at = (timezone.now() + timedelta(hours=3)).strftime("%Y-%m-%dT%H:%M")
    assert other_tab.get(meeting).status_code == 200
    assert tab.post(address(drafting, "party of harmed", "withdraw_consent")).status_code == 302
    answer = other_tab.post(meeting, {"at": at, "place": "Library"})
    assert answer.status_code == 409
    assert [one.code for one in answer.context["obstacles"]] == ["stage_frozen"]
    assert Mediation.objects.get(case=drafting.case).meetings.count() == 1
    assert not Consent.objects.filter(party__case=drafting.case, ended_at=None).exists()
    assert Note.objects.count() == 0
    assert Party.objects.filter(case=drafting.case).count() == 3
