"""What a council reads: words, what the talks let go, and the packet; who reads it, and who not."""

import json
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from agreements.models import Agreement
from cases import actions as cases
from cases.access import standing
from cases.models import Case, Note
from cases.writing import day
from councils import papers
from councils.actions import packet, sharing, words
from councils.actions.sitting import may_read
from councils.models import (
    Appeal,
    Challenge,
    Council,
    Decision,
    Finding,
    Packet,
    PacketItem,
    PlannedPromise,
    Seat,
    Sharing,
    SharingWord,
    Word,
)
from councils.reading import packet_for, sharing_for
from councils.reading.hearing import A_PAGE
from deliberation.models import Circle, Proposal, TextVersion, Voice
from moves.core import Blocked, Hidden
from notices.models import Notice
from records.actions import verify
from records.models import Access, Event
from tests.councils import hearing as h
from tests.factories import NOW, TODAY, harmed, make_person, responsible

pytestmark = pytest.mark.django_db
LATER = h.LATER
HOSTILE = "<script>alert(1)</script>\x00 \u202egnorw {{ case }} %(x)s"


def codes(blocked: pytest.ExceptionInfo[Blocked]) -> list[str]:
    return [one.code for one in blocked.value.obstacles]


def told(code: str) -> set[str]:
    found = Notice.objects.filter(code=code).select_related("person")
    return {one.person.name for one in found}


# ------------------------------------------------------------- words


def test_a_party_writes_as_often_as_they_like_and_nobody_else_for_them() -> None:
    case, cole, council = h.seated()
    hana, remi = harmed(case).person, responsible(case).person
    words.write_to_council(council, by=hana, now=LATER, text="First.")
    words.write_to_council(council, by=hana, now=LATER + timedelta(hours=1), text="Second.")
    words.nothing_to_add(council, by=remi, now=LATER)
    assert [one.text for one in Word.objects.filter(party=harmed(case))] == ["First.", "Second."]
    assert Word.objects.get(party=responsible(case)).text == ""
    supporter = h.beside(harmed(case), "supporter", "Sam")
    member = council.seats.first().person
    for someone in (cole, supporter, member, make_person("Stranger")):
        with pytest.raises(Hidden):
            words.write_to_council(council, by=someone, now=LATER, text="Not mine.")
    with pytest.raises(Hidden):
        words.write_to_council(council, by=hana, now=LATER, text="His.", party=responsible(case))
    said = Event.objects.filter(code__in=("words_written", "nothing_to_add"))
    assert said.count() == 3
    assert "First." not in json.dumps([one.data for one in said])
    assert verify()["breaks"] == []


def test_a_guardian_writes_beside_and_a_mediator_notes_it_for_whom_it_was_told() -> None:
    case, _cole, council = h.seated()
    guardian = h.beside(harmed(case), "guardian", "Gil")
    words.write_to_council(council, by=guardian, now=LATER, text="Beside her.")
    mara = h.mediator_of(case)
    with pytest.raises(Hidden):
        words.write_to_council(council, by=mara, now=LATER, text="Whose?")
    then = LATER + timedelta(hours=1)
    words.write_to_council(council, by=mara, now=then, text="Told me.", party=responsible(case))
    assert [(one.party.role, one.by.name) for one in Word.objects.all()] == [
        ("harmed", "Gil"), ("responsible", "Mara"),
    ]  # fmt: skip


def test_nothing_is_written_on_hold_or_to_a_council_that_decided() -> None:
    case, _cole, council = h.seated()
    hana = harmed(case).person
    Case.objects.filter(pk=case.pk).update(frozen_on=TODAY)
    with pytest.raises(Blocked) as blocked:
        words.write_to_council(council, by=hana, now=LATER, text="On hold.")
    assert codes(blocked) == ["stage_frozen"]
    Case.objects.filter(pk=case.pk).update(frozen_on=None)
    Council.objects.filter(pk=council.pk).update(state="decided")
    with pytest.raises(Hidden):
        words.nothing_to_add(council, by=hana, now=LATER)
    assert Word.objects.count() == 0


def test_parties_are_asked_to_write_once_the_council_is_complete() -> None:
    h.seated()
    assert told("please_write_to_council") == {"Hana", "Remi"}


# ------------------------------------------------------------- sharing


def note_of_talks(case: Case, text: str = "TALKS we could meet again") -> Note:
    mara = h.mediator_of(case)
    return cases.write_note(case, by=mara, now=NOW, room="mediation", text=text)


def ask(case: Case, council: Council, text: str = "TALKS we could meet again") -> Sharing:
    return sharing.ask_to_share(
        council, by=h.mediator_of(case), now=LATER, note=note_of_talks(case, text)
    )


def test_each_is_asked_alone_and_can_change_their_answer() -> None:
    case, cole, council = h.seated()
    asked = ask(case, council)
    assert told("please_answer_sharing") == {"Hana", "Remi"}
    hana, remi = harmed(case).person, responsible(case).person
    sharing.answer_sharing(asked, by=hana, now=LATER, agrees=True)
    assert sharing.shared_notes(case) == []
    sharing.answer_sharing(asked, by=remi, now=LATER, agrees=True)
    assert sharing.shared_notes(case) == [asked.note]
    sharing.answer_sharing(asked, by=remi, now=LATER, agrees=False)
    assert sharing.shared_notes(case) == []
    assert SharingWord.objects.count() == 2
    for someone in (cole, h.mediator_of(case), make_person("Stranger")):
        with pytest.raises(Hidden):
            sharing.answer_sharing(asked, by=someone, now=LATER, agrees=True)


def test_only_a_mediator_asks_and_only_about_the_talks_once() -> None:
    case, cole, council = h.seated()
    note = note_of_talks(case)
    private = cases.write_note(
        case, by=h.mediator_of(case), now=NOW, room="private", text="P", party=harmed(case)
    )
    for someone, about in (
        (cole, note), (harmed(case).person, note), (h.mediator_of(case), private),
    ):  # fmt: skip
        with pytest.raises(Hidden):
            sharing.ask_to_share(council, by=someone, now=LATER, note=about)
    sharing.ask_to_share(council, by=h.mediator_of(case), now=LATER, note=note)
    with pytest.raises(Hidden):
        sharing.ask_to_share(council, by=h.mediator_of(case), now=LATER, note=note)


def test_nobody_learns_who_refused() -> None:
    case, cole, council = h.seated()
    asked = ask(case, council)
    hana, remi = harmed(case).person, responsible(case).person
    sharing.answer_sharing(asked, by=hana, now=LATER, agrees=False)

    def seen(person) -> str:
        who = standing(person, case, today=TODAY)
        [thing] = sharing.sharings_of(case, who.party)
        thing.hearer = h.fresh(council)
        return str(sharing_for(thing, case, who))

    before = seen(remi)
    sharing.answer_sharing(asked, by=hana, now=LATER, agrees=True)
    assert seen(remi) == before
    h.made(council, cole)
    assert "Not shared" in seen(remi)
    assert "no." not in seen(remi).replace("You have not answered.", "")
    told_all = Event.objects.filter(code="sharing_answered")
    assert {tuple(one.data) for one in told_all} == {("sharing",)}


def test_after_the_packet_an_answer_counts_no_more() -> None:
    case, cole, council = h.seated()
    asked = ask(case, council)
    h.made(council, cole)
    with pytest.raises(Blocked) as blocked:
        sharing.answer_sharing(asked, by=harmed(case).person, now=LATER, agrees=True)
    assert codes(blocked) == ["packet_made"]
    assert SharingWord.objects.count() == 0


# ------------------------------------------------------------- making it


def test_a_packet_waits_for_words_and_no_longer_than_the_charter_says() -> None:
    _case, cole, council = h.seated()
    with pytest.raises(Blocked) as blocked:
        packet.make_packet(council, by=cole, now=LATER)
    [obstacle] = blocked.value.obstacles
    assert (obstacle.code, obstacle.clears_on) == ("words_awaited", TODAY + timedelta(days=5))
    packet.make_packet(council, by=cole, now=NOW + timedelta(days=5))
    assert Packet.objects.count() == 1


def test_days_on_hold_are_given_back_to_who_writes() -> None:
    case, _cole, council = h.seated()
    hold = [(TODAY + timedelta(days=1)).isoformat(), (TODAY + timedelta(days=4)).isoformat()]
    Case.objects.filter(pk=case.pk).update(holds=[hold])
    case.refresh_from_db()
    [obstacle] = packet.obstacles_to_make(h.fresh(council), case, TODAY + timedelta(days=5))
    assert obstacle.clears_on == TODAY + timedelta(days=8)


def test_a_packet_waits_for_a_doubt_and_is_made_by_who_runs_the_council() -> None:
    case, cole, council = h.seated()
    h.all_written(council)
    seat = council.seats.first()
    Challenge.objects.create(seat=seat, party=harmed(case), reason="r", at=LATER)
    with pytest.raises(Blocked) as blocked:
        packet.make_packet(h.fresh(council), by=cole, now=LATER)
    assert codes(blocked) == ["challenge_open"]
    Challenge.objects.all().delete()
    for someone in (seat.person, harmed(case).person, h.mediator_of(case), make_person("X")):
        with pytest.raises(Hidden):
            packet.make_packet(h.fresh(council), by=someone, now=LATER)
    petra = h.guardian_of_process(council)
    packet.make_packet(h.fresh(council), by=petra, now=LATER)
    with pytest.raises(Blocked) as blocked:  # another tab
        packet.make_packet(h.fresh(council), by=cole, now=LATER)
    assert codes(blocked) == ["already_moved"]
    assert Packet.objects.count() == 1
    members = {one.person.name for one in council.seats.select_related("person")}
    assert told("packet_ready") == {"Hana", "Remi", "Petra", *members}


def test_no_packet_on_hold_or_before_everybody_is_seated() -> None:
    case, cole, council = h.seated()
    h.all_written(council)
    Case.objects.filter(pk=case.pk).update(frozen_on=TODAY)
    with pytest.raises(Blocked) as blocked:
        packet.make_packet(h.fresh(council), by=cole, now=LATER)
    assert codes(blocked) == ["stage_frozen"]
    Case.objects.filter(pk=case.pk).update(frozen_on=None)
    Council.objects.filter(pk=council.pk).update(state="forming", seated_on=None)
    with pytest.raises(Hidden):
        packet.make_packet(h.fresh(council), by=cole, now=LATER)


# ------------------------------------------------------------- what is in it


def everything_hidden(case: Case) -> list[str]:
    """Plant a secret in every room that is not the council's, and return them."""
    mara = h.mediator_of(case)
    secrets = []
    for room in ("referral", "safety", "mediation", "plan", "private"):
        secrets.append(f"SECRET-{room}")
        party = harmed(case) if room == "private" else None
        cases.write_note(case, by=mara, now=NOW, room=room, text=secrets[-1], party=party)
    there = Case.objects.get(pk=case.pk)
    there.account, there.referral = "SECRET-account", '{"x": "SECRET-beside"}'
    there.save(update_fields=["account", "referral"])
    for party in case.parties.select_related("person"):
        party.how_to_reach, party.safety_answers = "SECRET-reach", '{"q": "SECRET-answer"}'
        party.save(update_fields=["how_to_reach", "safety_answers"])
        party.person.contact = "SECRET-contact"
        party.person.save(update_fields=["contact"])
    return [*secrets, "SECRET"]


def test_nothing_of_talks_safety_referral_or_contact_is_in_it() -> None:
    case, cole, council = h.seated()
    secrets = everything_hidden(case)
    cases.state_harm(harmed(case), by=harmed(case).person, now=LATER, what="Twelve panes.",
                     unit="money", amount="240.50")  # fmt: skip
    asked = ask(case, council, "TALKS let them read this")
    ask(case, council, "SECRET-refused")
    for party in case.parties.select_related("person"):
        sharing.answer_sharing(asked, by=party.person, now=LATER, agrees=True)
    made = h.made(council, cole)
    kinds = [one.kind for one in made.items.all()]
    assert kinds == ["harm", "word", "word", "shared"]
    page = read(harmed(case).person, made)
    paper = papers.to_html(papers.packet_paper(made, case, "en", TODAY), language="en")
    everything = page + paper + "".join(one.text for one in made.items.all())
    for secret in secrets:
        assert secret not in everything
    for said in ("Twelve panes.", "240.50", "WORD of harmed", "WORD of responsible",
                 "TALKS let them read this", "Everybody asked agreed to share it."):  # fmt: skip
        assert said in page
        assert said in paper


def read(person, made: Packet, *, path: str = "", now=LATER) -> str:
    with time_machine.travel(now, tick=False):
        client = Client()
        client.force_login(person)
        answer = client.get(made.get_absolute_url() + path)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def status(person, url: str, *, now=LATER) -> int:
    with time_machine.travel(now, tick=False):
        client = Client()
        client.force_login(person)
        return client.get(url).status_code


def test_a_plan_that_was_signed_is_in_it_with_what_became_of_each_promise() -> None:
    case, cole, council = h.seated()
    plan = agreements_of(case)
    made = h.made(council, cole)
    shown = packet_for(made, case, TODAY)
    assert shown is not None
    by_label = {one.label: one for one in shown.items}
    assert by_label["An agreement that was signed"].words == "Panes broke."
    promise = by_label["What became of a promise"]
    assert promise.words == plan.commitments.get().what
    assert ("What became of it", "Missed") in promise.facts
    assert ("For whom", "Hana") in promise.facts


def agreements_of(case: Case):
    plan = Agreement(
        case=case, state="broken", account="Panes broke.", drafted_on=TODAY, signed_on=TODAY,
        in_force_on=TODAY,
    )  # fmt: skip
    plan.save(force_insert=True)
    plan.commitments.create(
        number=1, promised_by=responsible(case), promised_to=harmed(case), state="missed",
        what="Mend the panes by hand", state_since=TODAY, due_on=TODAY,
    )  # fmt: skip
    return plan


def decided(council: Council) -> Decision:
    """A council's adopted finding and decision, with a plan. By hand: read, not reached."""
    circle = Circle.objects.create(
        subject_kind="council", subject_id=str(council.pk), reference="x", aim="a", at=LATER,
        method="consent", quorum=3, round_hours=48,
    )  # fmt: skip
    voice = Voice.objects.create(circle=circle, person=council.seats.first().person, from_at=LATER)

    def proposal(text: str) -> Proposal:
        made = Proposal.objects.create(circle=circle, author=voice, at=LATER)
        TextVersion.objects.create(proposal=made, number=1, text=text, by=voice, at=LATER)
        return made

    Finding.objects.create(
        council=council, proposal=proposal("FOUND the panes broke."), kind="happened",
        grounds="Both said so.", adopted_on=TODAY,
    )  # fmt: skip
    decision = Decision.objects.create(
        council=council, proposal=proposal("REASONS because it mends."), course="agreement",
        support="A neighbour helps.", adopted_on=TODAY, appeal_until=TODAY + timedelta(days=7),
    )  # fmt: skip
    PlannedPromise.objects.create(
        decision=decision, number=1, promised_by=responsible(council.case),
        promised_to=harmed(council.case), what="Mend the panes", due_on=TODAY,
    )  # fmt: skip
    return decision


def appealed() -> tuple[Case, Council, Council, Packet]:
    """A case whose decision is looked at again: the first council, the second, and its packet."""
    case, cole, first = h.seated()
    h.made(first, cole)
    decision = decided(first)
    Appeal.objects.create(
        decision=decision, party=harmed(case), ground="facts", words="APPEAL new photographs",
        at=LATER,
    )  # fmt: skip
    Council.objects.filter(pk=first.pk).update(state="decided")
    second = Council.objects.create(
        case=case, community=case.community, charter_version=case.charter_version, size=3,
        appeal_of=first, formed_on=TODAY, seated_on=TODAY, state="seated",
    )  # fmt: skip
    for number in range(3):
        person = make_person(f"Second {number}")
        draw = first.draws.get()
        entry = draw.roster.create(
            place=case.community.pool.first(), person=person, token=f"{number:064x}", eligible=True
        )
        Seat.objects.create(
            council=second, draw=draw, person=person, entry=entry, drawn_on=TODAY,
            answer_by=TODAY, accepted_on=TODAY, state=Seat.State.ACCEPTED,
        )  # fmt: skip
        cases.place_in(case, person, "council", today=TODAY)
    made = packet.make_packet(second, by=cole, now=LATER + timedelta(days=5))
    return case, first, h.fresh(second), made


def test_the_appeals_packet_holds_what_was_decided_and_why_it_is_looked_at_again() -> None:
    case, _first, _second, made = appealed()
    kinds = [one.kind for one in made.items.all()]
    assert kinds == ["finding", "decision", "appeal"]
    page = read(harmed(case).person, made, now=LATER + timedelta(days=5))
    for said in ("FOUND the panes", "Both said so.", "REASONS because", "A neighbour helps.",
                 "Mend the panes", "APPEAL new photographs"):  # fmt: skip
        assert said in page
    # What was written for the first council was not written for this one.
    assert "WORD of" not in page


# ------------------------------------------------------------- who reads it


def test_each_council_reads_its_own_packet_and_no_other() -> None:
    case, first, second, made = appealed()
    then = LATER + timedelta(days=5)
    one, other = first.seats.first().person, second.seats.first().person
    assert status(one, first.packet.get_absolute_url(), now=then) == 200
    assert status(other, first.packet.get_absolute_url(), now=then) == 404
    assert status(one, made.get_absolute_url(), now=then) == 404
    assert status(other, made.get_absolute_url(), now=then) == 200
    assert status(harmed(case).person, made.get_absolute_url(), now=then) == 200


def test_who_reads_a_packet_and_who_does_not() -> None:
    case, cole, council = h.seated()
    petra = h.guardian_of_process(council)
    people = {
        role: h.beside(harmed(case), role, role)
        for role in ("supporter", "guardian", "interpreter")
    }
    made = h.made(council, cole)
    ended = council.seats.last()
    Seat.objects.filter(pk=ended.pk).update(state="recused", ended_on=TODAY)
    may = [harmed(case).person, responsible(case).person, petra, people["guardian"],
           people["interpreter"], council.seats.first().person]  # fmt: skip
    not_may = [cole, h.mediator_of(case), people["supporter"], ended.person, make_person("X"),
               make_person("S", is_superuser=True)]  # fmt: skip
    for url in (made.get_absolute_url(), made.get_absolute_url().rstrip("/") + ".pdf"):
        assert [status(one, url) for one in may] == [200] * len(may)
        assert [status(one, url) for one in not_may] == [404] * len(not_may)
    readers = {str(one.reader) for one in Access.objects.filter(room="council")}
    assert readers == {str(petra.pk), str(council.seats.first().person_id)}


def test_there_is_nothing_to_read_before_it_is_made() -> None:
    case, _cole, council = h.seated()
    url = f"{case.get_absolute_url()}packet/{council.public_id}/"
    assert status(harmed(case).person, url) == 404
    assert may_read(council, standing(harmed(case).person, case, today=day(LATER)))


def test_pages_of_ten_and_later_words_on_the_last() -> None:
    case, cole, council = h.seated()
    for number in range(12):
        words.write_to_council(council, by=harmed(case).person, now=LATER, text=f"W{number}.")
    made = h.made(council, cole)
    after = LATER + timedelta(hours=1)
    words.write_to_council(
        h.fresh(council), by=responsible(case).person, now=after, text="AFTERWARDS"
    )
    assert "Cole" in told("word_after_packet")
    assert PacketItem.objects.count() == 14
    first = read(harmed(case).person, made)
    second = read(harmed(case).person, made, path="?page=2")
    assert first.count("<blockquote") == A_PAGE
    assert "AFTERWARDS" not in first
    assert "AFTERWARDS" in second
    assert "Page 2 of 2" in second
    for page in ("0", "3", "x", "-1", "99999999", "²"):
        assert status(harmed(case).person, made.get_absolute_url() + f"?page={page}") == 404


def test_hostile_words_are_text_wherever_they_are_read() -> None:
    case, cole, council = h.seated()
    words.write_to_council(council, by=harmed(case).person, now=LATER, text=HOSTILE)
    made = h.made(council, cole)
    page = read(harmed(case).person, made)
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page
    paper = papers.to_html(papers.packet_paper(made, case, "en", TODAY), language="en")
    assert "<script" not in paper
    assert "\u202e" not in paper
    assert "{{ case }} %(x)s" in paper
