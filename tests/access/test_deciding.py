"""Who gets what answer at a council's table and in its rounds: every role, GET and POST.

By the product's rules: what is proposed is known to who sits on that very council and to the
guardian of its process; what was adopted is read by both sides, with its reasons.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from cases import actions as cases
from councils.actions import amending, deciding, recalling, seating
from councils.models import Council, Decision
from deliberation.actions import integrating, speaking
from deliberation.models import Amendment, Objection, SettingAside
from people.models import Person
from tests.councils import deciding as d
from tests.councils import people as p
from tests.factories import NOW, harmed, make_person, responsible

pytestmark = pytest.mark.django_db
SECRETS = ("DRAFT words", "OBJECTION reason", "ROUND word", "ASIDE reason", "RECALL reason")


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel(d.LATER, tick=False):
        yield


class Room:
    """A council in its consent round, an objection open, and everybody around it."""

    def __init__(self) -> None:
        self.case, self.cole = p.make_case_for_council()
        self.pavel = d.guard(self.case)
        self.council = d.deliberating(self.case, self.cole)
        self.members = d.members(self.council)
        today = NOW.date()
        hers = harmed(self.case)
        beside = {name: make_person(name) for name in ("supporter", "guardian", "interpreter")}
        for role, someone in beside.items():
            side = None if role == "interpreter" else hers
            cases.place_in(self.case, someone, role, today=today, beside=side)
        d.find(self.council)
        self.decision = deciding.propose_decision(
            self.council, by=self.members[0], now=d.LATER, course="agreement",
            text="DRAFT words", account="Panes broke.",
        )  # fmt: skip
        deciding.plan_promise(
            self.decision, by=self.members[0], now=d.LATER, **d.promise_of(self.case)
        )
        self._bring_to_objection()
        self.others: dict[str, Person] = {
            "coordinator": self.cole,
            "mediator": self.case.participations.get(role="mediator").person,
            "harmed": hers.person,
            "responsible": responsible(self.case).person,
            "stranger": make_person("Stranger"),
            "superuser": make_person("Root", is_superuser=True, is_staff=True),
            **beside,
        }

    def _bring_to_objection(self) -> None:
        proposal, who = self.decision.proposal, self.members
        d.act(self.council, deciding.begin_proposal, proposal, by=who[0], now=d.LATER)
        for _kind in ("clarifying", "reacting"):
            for someone in who:
                d.act(
                    self.council, speaking.speak, proposal, by=someone, now=d.LATER,
                    word="ROUND word",
                )  # fmt: skip
        d.act(
            self.council, speaking.object_to, proposal, by=who[1], now=d.LATER,
            why="OBJECTION reason", against_aim=True,
        )  # fmt: skip
        d.all_consent(self.council, proposal, now=d.LATER, but=[who[1]])
        d.act(
            self.council, amending.offer_amendment, Objection.objects.get(), by=who[2],
            now=d.LATER, text="DRAFT words, sooner.",
        )  # fmt: skip
        d.act(
            self.council, integrating.propose_setting_aside, Objection.objects.get(), by=who[3],
            now=d.LATER, reason="ASIDE reason",
        )  # fmt: skip

    @property
    def pages(self) -> list[str]:
        reference = self.case.reference
        return [
            reverse("cases:table", args=[reference, self.council.public_id]),
            reverse("cases:proposal", args=[reference, self.decision.proposal_id]),
        ]

    @property
    def moves(self) -> list[str]:
        parts: list[tuple[str, Any, str]] = [
            ("proposal", self.decision.proposal, "move_on"),
            ("proposal", self.decision.proposal, "withdraw_proposal"),
            ("objection", Objection.objects.get(), "offer_amendment"),
            ("objection", Objection.objects.get(), "withdraw_objection"),
            ("amendment", Amendment.objects.get(), "accept_amendment"),
            ("setting_aside", SettingAside.objects.get(), "agree_to_set_aside"),
            ("decision", self.decision, "find_threat"),
            ("planned", self.decision.promises.get(), "change_planned"),
            ("council", self.council, "propose_finding"),
            ("council", self.council, "propose_decision"),
        ]
        return [
            reverse("cases:move", args=[self.case.reference, part, thing.pk, name])
            for part, thing, name in parts
        ]


def signed_in(someone: Person) -> Client:
    client = Client()
    client.force_login(someone)
    return client


def test_the_table_and_its_rounds_open_to_the_council_and_its_guardian_alone() -> None:
    room, count = Room(), 0
    for someone in (*room.members, room.pavel):
        for page in room.pages:
            assert signed_in(someone).get(page).status_code == 200, page
            count += 1
    for role, someone in room.others.items():
        client = signed_in(someone)
        for page in room.pages:
            assert client.get(page).status_code == 404, (role, page)
            assert client.post(page).status_code == 405, (role, page)
            count += 2
        for move in room.moves:
            assert client.get(move).status_code == 404, (role, move)
            assert client.post(move, {"text": "x"}).status_code == 404, (role, move)
            count += 2
    for url in (*room.pages, *room.moves):
        assert Client().get(url).status_code == 302
        count += 1
    print(f"{count} cells")


def test_nobody_else_reads_a_word_of_the_round_anywhere() -> None:
    room = Room()
    recalling.ask_recall(
        room.council.seats.get(person=room.members[4]), by=room.members[1], now=d.LATER,
        reason="RECALL reason",
    )  # fmt: skip
    for role, someone in room.others.items():
        client = signed_in(someone)
        text = "".join(
            client.get(url).content.decode()
            for url in ("/", room.case.get_absolute_url(), reverse("desk:notices"))
        )
        assert not [secret for secret in SECRETS if secret in text], role


def test_who_stepped_aside_reads_nothing_more() -> None:
    room = Room()
    gone = room.members[4]
    seating.recuse(room.council.seats.get(person=gone), by=gone, now=d.LATER)
    for page in room.pages:
        assert signed_in(gone).get(page).status_code == 404


def test_a_safety_finding_is_read_in_full_by_whom_it_is_about_and_not_by_the_other_side() -> None:
    case, cole = p.make_case_for_council()
    council = d.deliberating(case, cole)
    d.find(council)
    first = d.members(council)[0]
    decision = deciding.propose_decision(
        council, by=first, now=d.LATER, course="nothing", text="Because it is needed."
    )
    deciding.find_threat(
        decision, by=first, now=d.LATER, about=str(responsible(case).pk), threat="THREAT why",
        alternatives=[{"what": "WEIGHED a talk", "why_not": "It was tried."}],
        limits="LIMITS of contact", review_on=NOW.date() + timedelta(days=20),
        ends_on=NOW.date() + timedelta(days=60),
    )  # fmt: skip
    d.to_consent(council, decision.proposal, now=d.LATER)
    d.all_consent(council, decision.proposal, now=d.LATER)
    assert Decision.objects.get(pk=decision.pk).adopted_on is not None
    assert Council.objects.get(pk=council.pk).state == "decided"
    url = case.get_absolute_url()
    theirs = signed_in(responsible(case).person).get(url).content.decode()
    hers = signed_in(harmed(case).person).get(url).content.decode()
    assert "THREAT why" in theirs
    assert "WEIGHED a talk" in theirs
    assert "THREAT why" not in hers
    assert "WEIGHED" not in hers
    assert "LIMITS of contact" in hers
    assert "LIMITS of contact" in theirs
