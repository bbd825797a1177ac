"""What was read and heard, on paper, taken along by whose it is, and forgotten with the case."""

import io
import json
import zipfile
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from cases import actions as cases
from cases.models import Case
from councils import papers
from councils.actions import hearings, sharing, words
from councils.models import (
    Council,
    Decision,
    Hearing,
    Packet,
    PacketItem,
    SafetyFinding,
    Sharing,
    SharingWord,
    Word,
)
from journey import actions as across
from journey import clock
from journey.exporting import export
from records.actions import verify
from records.models import Access
from tests.councils import hearing as h
from tests.councils.test_packet import decided, status
from tests.factories import NOW, TODAY, harmed, make_person, responsible

pytestmark = pytest.mark.django_db
LATER = h.LATER


def heard() -> tuple[Case, Council, Hearing, Packet]:
    """A case whose council has words, something shared, a packet and a hearing with an answer."""
    case, cole, council = h.seated()
    mara = h.mediator_of(case)
    note = cases.write_note(case, by=mara, now=NOW, room="mediation", text="TALKS")
    asked = sharing.ask_to_share(council, by=mara, now=LATER, note=note)
    for party in case.parties.select_related("person"):
        sharing.answer_sharing(asked, by=party.person, now=LATER, agrees=True)
    made = h.made(council, cole)
    hearing = h.plan(council, cole)
    hearings.answer_invitation(
        hearing, by=harmed(case).person, now=LATER, answer="comes", needs="NEEDS"
    )
    return case, h.fresh(council), hearing, made


# ------------------------------------------------------------- forgotten


def test_what_was_read_and_heard_is_forgotten_with_the_case() -> None:
    case, council, hearing, _made = heard()
    across.end_case(case, outcome="without_agreement", by=None, now=LATER)
    clock.run(NOW + timedelta(days=1200))
    assert Case.objects.get(pk=case.pk).forgotten_on
    assert not Word.objects.exists()
    assert not Sharing.objects.exists()
    assert not SharingWord.objects.exists()
    items = list(PacketItem.objects.all())
    assert len(items) == 3
    assert {one.text for one in items} == {""}
    hearing.refresh_from_db()
    assert (hearing.place, hearing.state) == ("", "cancelled")
    assert {one.needs for one in hearing.invitations.all()} == {""}
    assert papers.packet_paper(Packet.objects.get(), council.case, "en", TODAY).sections
    assert verify()["breaks"] == []


# ------------------------------------------------------------- taken along


def files_of(person) -> dict[str, bytes]:
    with time_machine.travel(LATER, tick=False):
        archive = zipfile.ZipFile(io.BytesIO(export(person, now=LATER)))
    return {name: archive.read(name) for name in archive.namelist()}


def test_a_party_takes_along_their_words_and_the_packet_and_a_member_does_not() -> None:
    case, council, _hearing, _made = heard()
    name = f"cases/{case.reference}-packet-{council.public_id}.pdf"
    files = files_of(harmed(case).person)
    assert files[name].startswith(b"%PDF")
    data = files["data.json"].decode()
    [said] = json.loads(data)["cases"]
    parts = {one["part"]: one for one in said["parts"]}
    assert [one["text"] for one in parts["council"]["own_words"]] == ["WORD of harmed"]
    assert parts["hearing"]["place"] == "The library"
    assert parts["sharing"]["mine"] == "You agreed."
    assert "NEEDS" not in files_of(responsible(case).person)["data.json"].decode()
    member = files_of(council.seats.first().person)
    assert name not in member
    assert "WORD of" not in member["data.json"].decode()


# ------------------------------------------------------------- the decision on paper


def url_of(decision: Decision) -> str:
    args = [decision.council.case.reference, decision.pk]
    return reverse("cases:decision_paper", args=args)


def test_the_paper_of_a_decision_says_what_it_is_and_is_not() -> None:
    case, _cole, council = h.seated()
    decision = decided(council)
    SafetyFinding.objects.create(
        decision=decision, about=responsible(case), threat="THREAT of fire",
        alternatives=json.dumps([{"what": "INSTEAD a phone call", "why_not": "TRIED twice"}]),
        limits="LIMITS not near the school", review_on=TODAY + timedelta(days=30),
        ends_on=TODAY + timedelta(days=90),
    )  # fmt: skip
    decision = Decision.objects.select_related("safety", "council").get()
    page = papers.to_html(papers.decision_paper(decision, "en", TODAY), language="en")
    for said in (
        "FOUND the panes", "Both said so.", "REASONS because", "A neighbour helps.",
        "Mend the panes", "THREAT of fire", "INSTEAD a phone call", "TRIED twice", "LIMITS",
        "June 18, 2026", "Nothing binds a person who has not accepted it.", "no precedent",
        "until the end of March 27, 2026", "RJ-",
    ):  # fmt: skip
        assert said in page, said
    # The days on hold are given back.
    Case.objects.filter(pk=case.pk).update(
        holds=[[(TODAY + timedelta(days=1)).isoformat(), (TODAY + timedelta(days=4)).isoformat()]]
    )
    decision = Decision.objects.select_related("council").get()
    page = papers.to_html(papers.decision_paper(decision, "en", TODAY), language="en")
    assert "until the end of March 30, 2026" in page


def test_who_reads_the_paper_of_a_decision_once_it_is_adopted() -> None:
    case, cole, council = h.seated()
    petra = h.guardian_of_process(council)
    beside = {
        role: h.beside(harmed(case), role, role)
        for role in ("supporter", "guardian", "interpreter")
    }
    decision = decided(council)
    may = [harmed(case).person, responsible(case).person, petra, cole, h.mediator_of(case),
           council.seats.first().person, beside["guardian"], beside["interpreter"]]  # fmt: skip
    may_not = [beside["supporter"], make_person("X"), make_person("S", is_superuser=True)]
    assert [status(one, url_of(decision)) for one in may] == [200] * len(may)
    assert [status(one, url_of(decision)) for one in may_not] == [404] * len(may_not)
    offices = {petra, cole, h.mediator_of(case), council.seats.first().person}
    noted = {str(one.reader) for one in Access.objects.filter(room="council")}
    assert noted == {str(one.pk) for one in offices}
    decision.appeal_until = decision.adopted_on = None
    decision.save(update_fields=["adopted_on", "appeal_until"])
    assert [status(one, url_of(decision)) for one in may] == [404] * len(may)


def test_a_packet_is_printed_in_the_language_of_its_reader() -> None:
    case, council, _hearing, made = heard()
    with time_machine.travel(LATER, tick=False):
        client = Client()
        client.force_login(harmed(case).person)
        url = reverse("cases:packet_paper", args=[case.reference, council.public_id])
        answer = client.get(url, headers={"accept-language": "ar"})
    assert answer.content.startswith(b"%PDF")
    assert answer["Cache-Control"] == "no-store"
    page = papers.to_html(papers.packet_paper(made, case, "ar", TODAY), language="ar")
    assert '<html lang="ar" dir="rtl">' in page
    assert "ما يقرؤه المجلس" in page
    assert "What the council reads" not in page
    assert "WORD of harmed" in page


def test_a_word_noted_for_somebody_says_so() -> None:
    case, cole, council = h.seated()
    words.write_to_council(
        council, by=h.mediator_of(case), now=LATER, text="Told me.", party=harmed(case)
    )
    words.nothing_to_add(council, by=responsible(case).person, now=LATER)
    made = h.packet.make_packet(h.fresh(council), by=cole, now=LATER)
    page = papers.to_html(papers.packet_paper(made, case, "en", TODAY), language="en")
    assert "Hana · person harmed, written down for them" in page
