"""The desk: to each person their own cases, in a fixed number of queries."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from agreements.models import Agreement
from communities.models import Community, Membership
from desk import reading
from people.models import Person
from records.models import Seal

from .conftest import make_case, make_coordinator, make_mediator, make_person

pytestmark = pytest.mark.django_db


def page(client: Client, person: Person, address: str = "/") -> str:
    client.force_login(person)
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_signed_out_says_what_this_is_and_where_to_go(client: Client) -> None:
    text = client.get("/").content.decode()
    assert "/report/" in text
    assert "/verify/agreement/" in text
    assert "/accounts/login/" in text


def test_a_stranger_sees_no_case(client: Client, community: Community) -> None:
    case = make_case(community)
    text = page(client, make_person("vera"))
    assert case.reference not in text
    assert "The broken window" not in text


def test_a_superuser_sees_no_case(client: Client, community: Community) -> None:
    case = make_case(community)
    adam = Person.objects.create_superuser("adam", "a long enough password")
    text = page(client, adam)
    assert case.reference not in text
    assert "Your community" not in text


def test_a_coordinator_sees_queues_and_what_waits(client: Client, community: Community) -> None:
    cole = make_coordinator(community)
    reported = make_case(community, title="New here")
    council = make_case(community, title="Up there", state="council")
    text = page(client, cole)
    assert "Reported: 1" in text
    assert "Justice Council: 1" in text
    assert "Without a mediator: 0" in text
    assert reported.reference in text
    only = page(client, cole, "/?queue=council")
    assert council.reference in only
    assert reported.reference not in only


def test_a_coordinator_does_not_see_a_case_they_are_a_party_of(
    client: Client, community: Community
) -> None:
    cole = make_coordinator(community)
    make_coordinator(community, "other")
    case = make_case(community, harmed=cole, responsible=make_person("remi"))
    assert case.pk not in {row.case.pk for row in reading.steered(cole, today=_today()).rows}


def test_cases_without_a_mediator_stand_in_their_queue(
    client: Client, community: Community
) -> None:
    cole = make_coordinator(community)
    alone = make_case(community, state="screening")
    guided = make_case(community, state="screening", mediator=make_mediator())
    text = page(client, cole, "/?queue=without_mediator")
    assert alone.reference in text
    assert guided.reference not in text
    assert "Without a mediator: 1" in text
    assert "Ask somebody to be the mediator." in text


def test_a_mediator_sees_licence_load_and_cases(client: Client, community: Community) -> None:
    mara = make_mediator()
    case = make_case(community, mediator=mara, state="screening")
    text = page(client, mara)
    assert case.reference in text
    assert "You guide 1 open case." in text
    assert "Your licence is valid until" in text


def test_a_mediator_without_a_case_is_told_so(client: Client, community: Community) -> None:
    assert "No case waits for you." in page(client, make_mediator())


def test_a_licence_that_is_over_is_said(client: Client, community: Community) -> None:
    mara = make_mediator()
    mara.licences.update(until=_today() - timedelta(days=1))
    assert "Your licence ended on" in page(client, mara)


def test_a_party_is_asked_for_consent_once_somebody_spoke_with_them(
    client: Client, community: Community
) -> None:
    hana = make_person("hana")
    case = make_case(community, harmed=hana, state="screening")
    assert not reading.held(hana, today=_today()).waits_for_you
    case.parties.filter(person=hana).update(reached_on=_today())
    assert len(reading.held(hana, today=_today()).waits_for_you) == 1
    text = page(client, hana)
    assert "Say whether you take part." in text
    assert "Leave this page quickly" in text


def test_a_party_of_one_case_reads_it_in_four_lines(client: Client, community: Community) -> None:
    hana = make_person("hana")
    case = make_case(community, harmed=hana, state="reparation")
    text = page(client, hana)
    assert "Open your case" in text
    assert "The plan is being kept." in text
    assert "No date is set" not in text  # a plan has a longest time, promises or not
    assert f"/cases/{case.reference}/" in text


def test_closed_cases_stand_apart(client: Client, community: Community) -> None:
    hana = make_person("hana")
    case = make_case(community, harmed=hana)
    type(case).objects.filter(pk=case.pk).update(
        state="closed", outcome="repaired", closed_on=_today()
    )
    assert case.reference not in page(client, hana)
    assert "You have no part in an open case." in page(client, hana)
    assert case.reference in page(client, hana, "/?closed=1")


def test_an_offered_agreement_waits_for_who_has_not_signed(community: Community) -> None:
    hana = make_person("hana")
    case = make_case(community, harmed=hana, state="mediation")
    party = case.parties.get(person=hana)
    case.parties.filter(pk=party.pk).update(reached_on=_today())
    party.consents.create(
        stage="mediation", text="x", text_version=1, language="en", way="app",
        given_at=timezone.now(),
    )  # fmt: skip
    Agreement.objects.create(case=case, state="offered", drafted_on=_today(), offered_on=_today())
    row = reading.held(hana, today=_today()).waits_for_you[0]
    assert "decide whether to sign" in row.lines.next


def test_what_lapses_within_a_week_is_listed(community: Community) -> None:
    cole = make_coordinator(community)
    late = make_case(community, days_ago=28)
    make_case(community, days_ago=1)
    assert [row.case for row in reading.steered(cole, today=_today()).lapses_soon] == [late]


def test_a_title_prints_as_text(client: Client, community: Community) -> None:
    hana = make_person("hana")
    make_case(community, harmed=hana, title="<script>alert(1)</script>")
    text = page(client, hana)
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert" in text


def test_an_auditor_sees_seals_and_no_story(client: Client, community: Community) -> None:
    ada = make_person("ada")
    Membership.objects.create(
        community=community, person=ada, role="auditor", until=_today() + timedelta(days=9)
    )
    case = make_case(community)
    Seal.objects.create(day=_today() - timedelta(days=1), count=3, digest="ab" * 32, key_id="k")
    text = page(client, ada)
    assert "3 chains sealed" in text
    assert "abababababababab" in text
    assert case.reference not in text


def test_lists_go_on_where_they_stopped(
    client: Client, community: Community, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "PAGE", 2)
    cole = make_coordinator(community)
    wanted = {make_case(community, days_ago=n % 2).reference for n in range(5)}
    seen: list[str] = []
    after = ""
    for _number in range(3):
        listed = reading.steered(cole, today=_today(), after=after)
        seen += [row.reference for row in listed.rows]
        after = listed.after
    assert after == ""
    assert len(seen) == 5
    assert set(seen) == wanted


def test_a_made_up_cursor_starts_at_the_beginning(client: Client, community: Community) -> None:
    cole = make_coordinator(community)
    case = make_case(community)
    assert case.reference in page(client, cole, "/?after_queue=nonsense")
    assert case.reference in page(client, cole, "/?after_queue=2020-01-01.%00")


def test_counts_stop_at_the_cap(
    client: Client, community: Community, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "CAP", 1)
    cole = make_coordinator(community)
    for _number in range(3):
        make_case(community)
    assert "Reported: 1+" in page(client, cole)


@pytest.mark.parametrize("number", [1, 30])
@pytest.mark.parametrize("who", ["coordinator", "mediator", "party", "everything"])
def test_the_desk_takes_ten_queries_and_that_of_every_office_twelve_however_many_cases(
    client: Client,
    community: Community,
    who: str,
    number: int,
    django_assert_max_num_queries: Any,
) -> None:
    person = make_person("someone")
    if who in ("mediator", "everything"):
        person = make_mediator("both")
    if who in ("coordinator", "everything"):
        Membership.objects.create(
            community=community, person=person, role="coordinator",
            until=_today() + timedelta(days=9),
        )  # fmt: skip
    place = {"mediator": "mediator", "party": "harmed", "everything": "mediator"}.get(who)
    for _number in range(number):
        more: Any = {place: person} if place else {}
        make_case(community, state="mediation", **more)
    client.force_login(person)
    with django_assert_max_num_queries(12 if who == "everything" else 10):
        answer = client.get("/")
    assert answer.content.decode().count("The broken window") >= number


def _today() -> date:
    return timezone.localdate()
