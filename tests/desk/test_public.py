"""What anybody may do without an account, and what it tells them."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from agreements.models import Agreement
from cases.models import Case
from communities.models import Community
from desk import actions
from desk.models import Receipt, hash_of, new_code
from notices.models import Delivery, Notice
from people.models import Person

from .conftest import make_case, make_coordinator, make_mediator

pytestmark = pytest.mark.django_db

CODE = re.compile(r"[2-9A-HJ-NP-Z]{4}(?:-[2-9A-HJ-NP-Z]{4}){3}")


def told(place: Community, **more: Any) -> dict[str, Any]:
    return {
        "danger": "no",
        "community": place.pk,
        "reporter_is": "harmed",
        "happened": "Somebody broke my window.",
        "language": "en",
        **more,
    }


def send(client: Client, community: Community, **more: Any) -> str:
    """Report, and return the receipt code the page shows."""
    answer = client.post("/report/", told(community, **more))
    assert answer.status_code == 200
    found = CODE.search(answer.content.decode())
    assert found is not None
    return found.group()


def test_danger_now_stands_before_the_form(client: Client, community: Community) -> None:
    text = client.get("/report/").content.decode()
    assert text.index("Ring the fire bell.") < text.index("<h1>") < text.index("<textarea")


def test_a_report_opens_a_case_that_tells_nobody(client: Client, community: Community) -> None:
    send(client, community, name="Hana", others="Remi", contact_kind="phone", contact="555")
    case = Case.objects.get()
    assert case.state == "reported"
    assert case.account == "Somebody broke my window."
    assert {party.role: party.person.name for party in case.parties.all()} == {
        "harmed": "Hana",
        "responsible": "Remi",
    }
    assert json.loads(case.referral)["contact"] == "555"
    assert not Notice.objects.exists()
    assert not Delivery.objects.exists()


def test_only_the_words_are_needed(client: Client, community: Community) -> None:
    send(client, community)
    case = Case.objects.get()
    assert [party.role for party in case.parties.all()] == ["harmed"]


def test_who_says_they_harmed_somebody_is_the_person_responsible(
    client: Client, community: Community
) -> None:
    send(client, community, reporter_is="responsible", name="Remi", harmed="Hana")
    parties = {party.role: party.person for party in Case.objects.get().parties.all()}
    assert parties["responsible"] == Receipt.objects.get().reporter
    assert parties["harmed"].name == "Hana"


def test_who_only_saw_it_is_no_party(client: Client, community: Community) -> None:
    send(client, community, reporter_is="other", name="Vera", harmed="Hana")
    reporter = Receipt.objects.get().reporter
    assert not Case.objects.get().parties.filter(person=reporter).exists()


def test_danger_makes_it_urgent_and_is_said_again(client: Client, community: Community) -> None:
    answer = client.post("/report/", told(community, danger="yes"))
    assert "Ring the fire bell." in answer.content.decode()
    assert Case.objects.get().urgent


@pytest.mark.parametrize(
    "wrong",
    [
        {"happened": ""},
        {"community": "999"},
        {"language": "xx"},
        {"reporter_is": "judge"},
        {"happened_on": "2999-01-01"},
        {"contact_kind": "email"},
        {"contact": "somewhere"},
    ],
)
def test_a_wrong_report_opens_nothing(
    client: Client, community: Community, wrong: dict[str, str]
) -> None:
    answer = client.post("/report/", told(community, **wrong))
    assert answer.status_code == 422
    assert not Case.objects.exists()


def test_posts_need_the_token_of_the_form(community: Community) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/report/", told(community)).status_code == 403
    assert strict.post("/receipt/", {"code": "x"}).status_code == 403
    assert not Case.objects.exists()


def test_the_code_is_stored_hashed_and_kept_in_no_session(
    client: Client, community: Community
) -> None:
    code = send(client, community)
    receipt = Receipt.objects.get()
    assert code not in receipt.code_hash
    assert receipt.code_hash == hash_of(code.lower().replace("-", " "))
    assert code not in str(dict(client.session))


def test_the_status_is_told_and_nothing_else(client: Client, community: Community) -> None:
    code = send(client, community, name="Hana", others="Remi")
    case = Case.objects.get()
    mediator = make_mediator()
    for state, mediated, words in [
        ("reported", False, "We have received it."),
        ("screening", False, "It is being looked at."),
        ("screening", True, "A mediator is assigned."),
        ("council", True, "A mediator is assigned."),
    ]:
        Case.objects.filter(pk=case.pk).update(state=state)
        if mediated:
            case.participations.get_or_create(
                person=mediator, role="mediator", from_on=timezone.localdate()
            )
        text = client.post("/receipt/", {"code": code}).content.decode()
        assert words in text
        for hidden in (case.reference, "broke my window", "Remi", "Hana", "Mara", "council"):
            assert hidden not in text


def test_a_closed_case_takes_no_more_words(client: Client, community: Community) -> None:
    code = send(client, community)
    case = Case.objects.get()
    Case.objects.update(state="closed", outcome="repaired", closed_on=timezone.localdate())
    assert "It is closed." in client.post("/receipt/", {"code": code}).content.decode()
    answer = client.post("/receipt/", {"code": code, "text": "more"})
    assert answer.status_code == 404
    assert not case.notes.exists()


def test_words_are_added_to_the_referral_room(client: Client, community: Community) -> None:
    code = send(client, community)
    answer = client.post("/receipt/", {"code": code, "text": "<b>He came back.</b>"})
    assert answer.status_code == 200
    assert "He came back" not in answer.content.decode()
    note = Case.objects.get().notes.get()
    assert (note.room, note.text) == ("referral", "<b>He came back.</b>")
    assert client.post("/receipt/", {"code": code, "text": ""}).status_code == 422


def test_who_reports_reads_when_coordinators_step_back(
    client: Client, community: Community
) -> None:
    today = timezone.localdate()
    cole = make_coordinator(community)
    community.absences.create(
        from_on=today, until=today + timedelta(days=9), by=cole, at=timezone.now()
    )
    page = client.post("/report/", told(community)).content.decode()
    assert "Coordinators step back from" in page
    assert "say so, with your receipt code" in page
    code = CODE.search(page)
    assert code is not None
    assert (
        "Coordinators step back"
        in client.post("/receipt/", {"code": code.group()}).content.decode()
    )
    community.absences.update(called_off_at=timezone.now())
    assert "Coordinators step back" not in client.post("/report/", told(community)).content.decode()


def test_a_wrong_code_opens_nothing(client: Client, community: Community) -> None:
    send(client, community)
    for wrong in (new_code(), "", "x" * 65, "'; --", "\u202e"):
        answer = client.post("/receipt/", {"code": wrong, "text": "more"})
        assert answer.status_code == 422
    assert not Case.objects.get().notes.exists()


def test_a_receipt_ends(community: Community) -> None:
    report = actions.Report(community=community, happened="x")
    _case, code = actions.report(report, now=timezone.now())
    today = timezone.localdate()
    assert actions.receipt_of(code, today=today + timedelta(days=365)) is not None
    assert actions.receipt_of(code, today=today + timedelta(days=366)) is None


def test_hostile_words_print_as_text(client: Client, community: Community) -> None:
    community.name = "<img src=x onerror=alert(1)>"
    community.save()
    answer = client.post("/report/", told(community, happened="", name="<script>alert(2)</script>"))
    text = answer.content.decode()
    others = [client.get(address).content.decode() for address in ("/about/", "/help/")]
    for page in (text, *others):
        assert "<img src=x" not in page
        assert "<script>alert" not in page


def test_the_coordinator_finds_the_report(client: Client, community: Community) -> None:
    cole = make_coordinator(community)
    send(client, community)
    client.force_login(cole)
    assert Case.objects.get().reference in client.get("/").content.decode()


def make_agreement(community: Community, **more: Any) -> Agreement:
    case = make_case(community, state="mediation")
    return Agreement.objects.create(case=case, drafted_on=timezone.localdate(), **more)


def test_a_genuine_agreement_names_nobody(client: Client, community: Community) -> None:
    agreement = make_agreement(
        community, state="in_force", in_force_on=timezone.localdate(), account="Hana and Remi"
    )
    for answer in (
        client.get("/verify/agreement/", {"code": agreement.check_code.lower()}),
        client.get("/verify/agreement/", {"code": agreement.check_code.replace("-", "")}),
        client.post("/verify/agreement/", {"code": f" {agreement.check_code} "}),
    ):
        text = answer.content.decode()
        assert "This agreement is genuine" in text
        assert "It is in force." in text
        assert "There is no newer one." in text
        for hidden in (agreement.case.reference, "Hana", "Remi", "broken window", "Birch"):
            assert hidden not in text


def test_a_replaced_agreement_says_so_but_not_of_a_draft(
    client: Client, community: Community
) -> None:
    old = make_agreement(community, state="superseded")
    new = Agreement.objects.create(
        case=old.case, version=2, state="drafting", drafted_on=timezone.localdate()
    )
    text = client.get("/verify/agreement/", {"code": old.check_code}).content.decode()
    assert "There is no newer one." in text
    Agreement.objects.filter(pk=new.pk).update(state="offered")
    text = client.get("/verify/agreement/", {"code": old.check_code}).content.decode()
    assert "There is a newer one." in text


def test_an_unknown_code_is_not_genuine(client: Client, community: Community) -> None:
    make_agreement(community)
    for wrong in (new_code(), "<script>alert(1)</script>"):
        text = client.get("/verify/agreement/", {"code": wrong}).content.decode()
        assert "We do not know this code" in text
        assert "<script>alert" not in text
    assert client.get("/verify/agreement/", {"code": ""}).status_code == 422
    assert client.get("/verify/agreement/").status_code == 200


@pytest.mark.parametrize("address", ["/demo/", "/demo/sign-in/cole/"])
def test_outside_the_demo_there_is_no_cast(
    client: Client, community: Community, settings: Any, address: str
) -> None:
    settings.DEMO = False
    make_coordinator(community)
    assert client.get(address).status_code == 404
    assert client.post(address).status_code == 404
    assert "_auth_user_id" not in client.session


def test_in_the_demo_one_button_signs_in(
    client: Client, community: Community, settings: Any
) -> None:
    settings.DEMO = True
    cole = make_coordinator(community)
    Person.objects.create_user("boss")
    assert "/demo/sign-in/cole/" in client.get("/demo/").content.decode()
    assert client.get("/demo/sign-in/cole/").status_code == 405
    assert client.post("/demo/sign-in/boss/").status_code == 404
    assert client.post("/demo/sign-in/nobody/").status_code == 404
    answer = client.post("/demo/sign-in/cole/")
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert client.session["_auth_user_id"] == str(cole.pk)


def test_every_public_page_opens(client: Client, community: Community) -> None:
    for address in ("/", "/help/", "/about/", "/report/", "/receipt/", "/verify/agreement/"):
        assert client.get(address).status_code == 200
