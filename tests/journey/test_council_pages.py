"""A council finds and decides through its own pages, and nobody else finds them."""

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from councils.actions import amending
from councils.models import Council, Decision, Finding
from deliberation.actions import speaking
from deliberation.models import Objection
from people.models import Person
from tests.councils import deciding as d
from tests.councils import people as p
from tests.factories import NOW, harmed, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel(d.LATER, tick=False):
        yield


def signed_in(someone: Person) -> Client:
    client = Client()
    client.force_login(someone)
    return client


def do(client: Client, case: Any, part: str, key: Any, name: str, **typed: Any) -> Any:
    url = reverse("cases:move", args=[case.reference, part, key, name])
    shown = client.get(url)
    answer = client.post(url, typed)
    assert (shown.status_code, answer.status_code) == (200, 302), (name, answer.content[:4000])
    return answer


def test_a_council_decides_through_its_pages_and_both_sides_read_it() -> None:
    case, cole = p.make_case_for_council()
    council = d.deliberating(case, cole)
    clients = {someone.pk: signed_in(someone) for someone in d.members(council)}
    first = next(iter(clients.values()))
    table = reverse("cases:table", args=[case.reference, council.public_id])
    assert "On the table" in first.get(table).content.decode()
    answer = do(
        first, case, "council", council.pk, "propose_finding", kind="needed",
        text="The panes are to be whole.", grounds="Both said so.",
    )  # fmt: skip
    finding = Finding.objects.get()
    page = reverse("cases:proposal", args=[case.reference, finding.proposal_id])
    assert answer["Location"] == page
    _round(clients, first, case, finding.proposal_id)
    finding.refresh_from_db()
    assert finding.adopted_on is not None
    assert "The panes are to be whole." in first.get(table).content.decode()
    do(
        first, case, "council", council.pk, "propose_decision", course="agreement",
        text="It repairs what was broken.", account="Panes broke.", support="Meals.",
    )  # fmt: skip
    decision = Decision.objects.get()
    do(first, case, "decision", decision.pk, "plan_promise", **_typed(case))
    page = reverse("cases:proposal", args=[case.reference, decision.proposal_id])
    assert "Mend the twelve panes" in first.get(page).content.decode()
    hers = signed_in(harmed(case).person)
    assert "It repairs what was broken." not in hers.get(case.get_absolute_url()).content.decode()
    _round(clients, first, case, decision.proposal_id)
    assert Council.objects.get(pk=council.pk).state == "decided"
    read = hers.get(case.get_absolute_url()).content.decode()
    for words in ("It repairs what was broken.", "The panes are to be whole.", "Meals."):
        assert words in read


def _typed(case: Any) -> dict[str, Any]:
    promise = d.promise_of(case)
    return {**promise, "due_on": promise["due_on"].isoformat(), "unit": "act",
            "confirmed_by": "harmed", "if_missed": "We talk."}  # fmt: skip


def _round(clients: dict[Any, Client], author: Client, case: Any, proposal: Any) -> None:
    do(author, case, "proposal", proposal, "begin")
    page = reverse("cases:proposal", args=[case.reference, proposal])
    for _kind in ("clarifying", "reacting"):
        for client in clients.values():
            do(client, case, "proposal", proposal, "speak", word="A word <b>of</b> mine")
    assert "<b>of</b>" not in author.get(page).content.decode()
    for client in clients.values():
        do(client, case, "proposal", proposal, "consent")


def test_who_accepts_an_amendment_reads_what_it_changes_of_the_plan() -> None:
    case, cole = p.make_case_for_council()
    council = d.deliberating(case, cole)
    d.find(council)
    decision = d.decide(council, adopt=False)
    who = d.members(council)
    d.act(
        council, speaking.object_to, decision.proposal, by=who[1], now=d.LATER,
        against_aim=True, why="Too long a wait.",
    )  # fmt: skip
    d.all_consent(council, decision.proposal, now=d.LATER, but=[who[1]])
    d.act(
        council, amending.offer_amendment, Objection.objects.get(), by=who[2], now=d.LATER,
        text="It repairs it sooner.", changes=str(decision.promises.get().pk),
        promise=d.promise_of(case, what="Mend four panes each Saturday"),
    )  # fmt: skip
    page = reverse("cases:proposal", args=[case.reference, decision.proposal_id])
    for someone in (who[1], who[3]):
        read = signed_in(someone).get(page).content.decode()
        assert "Promise 1 becomes: Mend four panes each Saturday" in read


def test_nobody_but_the_council_finds_its_table_or_its_rounds() -> None:
    case, cole = p.make_case_for_council()
    council = d.deliberating(case, cole)
    decision_page = [reverse("cases:table", args=[case.reference, council.public_id])]
    finding = d.find(council)
    decision_page.append(reverse("cases:proposal", args=[case.reference, finding.proposal_id]))
    mediator = case.participations.get(role="mediator").person
    for someone in (cole, mediator, harmed(case).person, make_person("Stranger")):
        client = signed_in(someone)
        for page in decision_page:
            assert client.get(page).status_code == 404
        url = reverse("cases:move", args=[
            case.reference, "proposal", finding.proposal_id, "withdraw_proposal"
        ])  # fmt: skip
        assert client.post(url).status_code == 404
    assert NOW < d.LATER
