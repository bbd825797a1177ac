"""When a council listens: planned, moved, called off, answered, held; calendars; who was heard."""

from datetime import UTC, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from icalendar import Calendar

from cases.access import standing
from cases.models import Case
from councils import calendars, forms, rules
from councils.actions import hearings, time, words
from councils.models import Council, Hearing, Seat
from councils.reading import hearing_for, hearings_for, things_of
from journey.moves import find_part, moves_on
from moves.core import Blocked, Hidden
from notices.models import Delivery, Notice
from records.actions import verify
from records.models import Event
from tests.councils import hearing as h
from tests.factories import NOW, TODAY, harmed, make_person, responsible

pytestmark = pytest.mark.django_db
LATER, AT = h.LATER, h.AT
HOSTILE = "<b>x</b>\x07, \u202eevil; {{ x }}"


def codes(blocked: pytest.ExceptionInfo[Blocked]) -> list[str]:
    return [one.code for one in blocked.value.obstacles]


def told(code: str) -> set[str]:
    found = Notice.objects.filter(code=code).select_related("person")
    return {one.person.name for one in found}


def event_of(content: bytes):
    calendar = Calendar.from_ical(content)
    [event] = calendar.walk("VEVENT")
    return calendar, event


def fetch(person, hearing: Hearing, *, now=LATER):
    url = reverse("cases:hearing", args=[hearing.council.case.reference, hearing.pk])
    with time_machine.travel(now, tick=False):
        client = Client()
        client.force_login(person)
        return client.get(url)


# ------------------------------------------------------------- planning


def test_who_runs_a_council_plans_and_everybody_it_is_for_is_told() -> None:
    case, cole, council = h.seated()
    petra = h.guardian_of_process(council)
    h.beside(harmed(case), "interpreter", "Ines")
    sam = h.beside(harmed(case), "supporter", "Sam")
    hearing = h.plan(council, petra)
    assert (hearing.state, hearing.sequence, hearing.invitations.count()) == ("planned", 0, 2)
    members = {one.person.name for one in council.seats.select_related("person")}
    assert told("hearing_planned") == {"Hana", "Remi", "Sam", "Petra", "Ines", *members}
    member = council.seats.first().person
    for someone in (sam, member, harmed(case).person, h.mediator_of(case), make_person("X")):
        with pytest.raises(Hidden):
            h.plan(council, someone)
    h.plan(council, cole, at=AT + timedelta(days=1))
    assert Hearing.objects.count() == 2
    assert verify()["breaks"] == []


def test_no_hearing_on_hold_in_the_past_or_before_the_council_is_complete() -> None:
    case, cole, council = h.seated()
    with pytest.raises(Blocked) as blocked:
        h.plan(council, cole, at=LATER)
    assert codes(blocked) == ["hearing_in_the_past"]
    Case.objects.filter(pk=case.pk).update(frozen_on=TODAY)
    with pytest.raises(Blocked) as blocked:
        h.plan(council, cole)
    assert codes(blocked) == ["stage_frozen"]
    Case.objects.filter(pk=case.pk).update(frozen_on=None)
    Council.objects.filter(pk=council.pk).update(state="forming", seated_on=None)
    with pytest.raises(Hidden):
        h.plan(council, cole)
    assert Hearing.objects.count() == 0


def test_nobody_is_asked_whom_no_mediator_has_reached() -> None:
    case, cole, council = h.seated()
    case.parties.filter(role="responsible").update(reached_on=None)
    with pytest.raises(Hidden):
        h.plan(council, cole, parties=[responsible(case)])
    with pytest.raises(Hidden):
        h.plan(council, cole, parties=[])


@pytest.mark.parametrize(
    "assessed", [{"safe_to_meet": False}, {"safety_flags": ["stalking"]}, {"safety_flags": ["x"]}]
)
def test_people_who_must_not_meet_are_heard_apart(assessed: dict) -> None:
    case, cole, council = h.seated()
    case.parties.filter(role="harmed").update(**assessed)
    if assessed == {"safety_flags": ["x"]}:
        h.plan(council, cole)
        return
    with pytest.raises(Blocked) as blocked:
        h.plan(council, cole)
    assert codes(blocked) == ["must_not_meet"]
    parties = list(case.parties.select_related("person"))
    typed = {"at": "2026-03-24T12:00", "minutes": "60", "place": "There",
             "parties": [str(one.pk) for one in parties]}  # fmt: skip
    form = forms.HearingForm(parties, LATER, typed)
    assert not form.is_valid()
    assert "heard apart" in str(form.errors["parties"])
    one, other = (h.plan(council, cole, parties=[party]) for party in parties)
    # Each knows of their own, and nothing in it speaks of the other.
    for party, mine in zip(parties, (one, other), strict=True):
        who = standing(party.person, case, today=TODAY)
        known = [thing for part, thing in things_of(case, who) if part == "hearing"]
        assert known == [mine]
        shown = hearing_for(known[0], case, who, TODAY)
        rest = next(p for p in parties if p != party)
        assert rest.person.name not in str(shown)
        assert shown.together == "The council hears everybody. Here it hears your side."
        assert fetch(party.person, mine).status_code == 200
        assert fetch(rest.person, mine).status_code == 404


# ------------------------------------------------------------- moving, calling off


def test_a_moved_hearing_asks_again_and_counts_its_changes() -> None:
    case, cole, council = h.seated()
    hearing = h.plan(council, cole)
    hana = harmed(case).person
    hearings.answer_invitation(hearing, by=hana, now=LATER, answer="comes", needs="no steps")
    moved = hearings.move_hearing(
        hearing, by=cole, now=LATER, at=AT + timedelta(days=2), minutes=45, place="The hall"
    )
    invitation = moved.invitations.get(party=harmed(case))
    assert (moved.sequence, invitation.answer, invitation.needs) == (1, "", "no steps")
    assert "Hana" in told("hearing_moved")
    with pytest.raises(Hidden):
        hearings.move_hearing(moved, by=hana, now=LATER, at=AT, minutes=45, place="Mine")
    with pytest.raises(Blocked) as blocked:
        hearings.move_hearing(moved, by=cole, now=LATER, at=NOW, minutes=45, place="Then")
    assert codes(blocked) == ["hearing_in_the_past"]


def test_a_hearing_is_called_off_once_also_on_hold() -> None:
    case, cole, council = h.seated()
    hearing = h.plan(council, cole)
    with pytest.raises(Hidden):
        hearings.cancel_hearing(hearing, by=harmed(case).person, now=LATER)
    Case.objects.filter(pk=case.pk).update(frozen_on=TODAY)
    hearings.cancel_hearing(hearing, by=cole, now=LATER)
    with pytest.raises(Blocked) as blocked:  # another tab
        hearings.cancel_hearing(hearing, by=cole, now=LATER)
    assert codes(blocked) == ["already_moved"]
    assert "Remi" in told("hearing_cancelled")
    assert Event.objects.filter(code="hearing_cancelled").count() == 1


def test_what_was_planned_is_called_off_once_the_council_is_done() -> None:
    _case, cole, council = h.seated()
    hearing = h.plan(council, cole)
    assert time.due(LATER)["hearings_called_off"] == 0
    Council.objects.filter(pk=council.pk).update(state="decided")
    assert time.due(LATER)["hearings_called_off"] == 1
    assert time.due(LATER)["hearings_called_off"] == 0
    hearing.refresh_from_db()
    assert (hearing.state, hearing.sequence) == ("cancelled", 1)


# ------------------------------------------------------------- answering


def test_each_answers_for_themselves_and_needs_are_read_by_who_runs_it_alone() -> None:
    case, cole, council = h.seated()
    petra = h.guardian_of_process(council)
    gil = h.beside(harmed(case), "guardian", "Gil")
    sam = h.beside(harmed(case), "supporter", "Sam")
    hearing = h.plan(council, cole)
    hearings.answer_invitation(
        hearing, by=responsible(case).person, now=LATER, answer="comes", needs="NEEDS a ramp",
        with_supporter=True, with_interpreter=True,
    )  # fmt: skip
    hearings.answer_invitation(hearing, by=gil, now=LATER, answer="writes")
    assert hearing.invitations.get(party=harmed(case)).answer == "writes"
    with pytest.raises(Hidden):
        hearings.answer_invitation(
            hearing, by=harmed(case).person, now=LATER, answer="comes", party=responsible(case)
        )
    member = council.seats.first().person
    for someone in (sam, member, cole, petra, h.mediator_of(case), make_person("X")):
        with pytest.raises(Hidden):
            hearings.answer_invitation(hearing, by=someone, now=LATER, answer="comes")

    def shown(person) -> str:
        found = Council.objects.get(pk=council.pk)
        found.case = case
        return str(hearings_for(found, case, standing(person, case, today=TODAY), TODAY))

    assert all("NEEDS a ramp" in shown(one) for one in (cole, petra))
    for someone in (member, harmed(case).person, sam, gil):
        assert "The library" in shown(someone)
        assert "NEEDS" not in shown(someone)
    assert "with a supporter" in shown(member)
    assert "interpreter" not in shown(member)
    assert shown(h.mediator_of(case)) == "[]"


def test_nobody_answers_on_hold_or_once_it_has_begun() -> None:
    case, cole, council = h.seated()
    hearing = h.plan(council, cole)
    hana = harmed(case).person
    with pytest.raises(Blocked) as blocked:
        hearings.answer_invitation(hearing, by=hana, now=AT, answer="comes")
    assert codes(blocked) == ["hearing_began"]
    Case.objects.filter(pk=case.pk).update(frozen_on=TODAY)
    with pytest.raises(Blocked) as blocked:
        hearings.answer_invitation(hearing, by=hana, now=LATER, answer="comes")
    assert codes(blocked) == ["stage_frozen"]


# ------------------------------------------------------------- holding


def test_a_hearing_is_held_after_its_packet_and_its_time() -> None:
    case, cole, council = h.seated()
    hearing = h.plan(council, cole)
    with pytest.raises(Blocked) as blocked:
        hearings.hold_hearing(hearing, by=cole, now=LATER)
    assert codes(blocked) == ["packet_missing", "hearing_to_come"]
    h.made(council, cole)
    with pytest.raises(Hidden):
        hearings.hold_hearing(hearing, by=council.seats.first().person, now=AT)
    with pytest.raises(Hidden):
        hearings.hold_hearing(hearing, by=cole, now=AT, came=[make_party_elsewhere()])
    hearings.hold_hearing(hearing, by=cole, now=AT, came=[harmed(case)])
    hearing.refresh_from_db()
    assert (hearing.state, hearing.held_on) == ("held", AT.date())
    came = dict(hearing.invitations.values_list("party__role", "came"))
    assert came == {"harmed": True, "responsible": False}
    with pytest.raises(Blocked) as blocked:
        hearings.hold_hearing(hearing, by=cole, now=AT, came=[])
    assert codes(blocked) == ["already_moved"]


def make_party_elsewhere():
    from tests.factories import make_case  # noqa: PLC0415 - one use

    return harmed(make_case())


def test_who_stays_away_is_not_condemned_and_who_was_asked_harmed_may_stay_away() -> None:
    case, _cole, council = h.seated()
    then = NOW + timedelta(days=6)
    assert hearings.parties_not_heard(council, now=LATER) == [harmed(case), responsible(case)]
    assert hearings.parties_not_heard(council, now=then) == [responsible(case)]
    words.write_to_council(council, by=responsible(case).person, now=LATER, text="I did.")
    assert hearings.parties_not_heard(h.fresh(council), now=LATER) == [harmed(case)]
    words.nothing_to_add(council, by=harmed(case).person, now=LATER)
    assert hearings.parties_not_heard(h.fresh(council), now=LATER) == []


def test_coming_to_a_hearing_is_being_heard() -> None:
    case, cole, council = h.seated()
    hearing = h.plan(council, cole, parties=[responsible(case)])
    h.made(council, cole)
    council.words.all().delete()
    hearings.hold_hearing(hearing, by=cole, now=AT, came=[])
    then = NOW + timedelta(days=6)
    assert hearings.parties_not_heard(h.fresh(council), now=then) == [responsible(case)]
    hearing.invitations.update(came=True)
    assert hearings.parties_not_heard(h.fresh(council), now=then) == []


@pytest.mark.parametrize(
    ("role", "heard", "asked", "missing"),
    [
        ("responsible", False, True, True), ("responsible", False, False, True),
        ("harmed", False, True, False), ("harmed", False, False, True),
        ("harmed", True, False, False), ("responsible", True, False, False),
    ],
)  # fmt: skip
def test_the_rule_of_being_heard(role: str, heard: bool, asked: bool, missing: bool) -> None:
    assert rules.is_not_heard(role, heard=heard, asked=asked) is missing


# ------------------------------------------------------------- calendars


def test_the_calendar_says_nothing_but_when_and_where() -> None:
    case, cole, council = h.seated()
    hearing = h.plan(council, cole)
    answer = fetch(harmed(case).person, hearing)
    assert answer["Content-Type"] == "text/calendar; charset=utf-8; method=REQUEST"
    assert answer["Cache-Control"] == "no-store"
    calendar, event = event_of(answer.content)
    assert calendar["METHOD"] == "REQUEST"
    assert str(event["UID"]) == str(hearing.pk)
    assert (event["SEQUENCE"], str(event["STATUS"])) == (0, "CONFIRMED")
    assert (event.start, event.end) == (AT, AT + timedelta(minutes=60))
    assert event.start.tzinfo is not None
    assert event.start.utcoffset() == timedelta(0)
    assert AT.astimezone(UTC).strftime("DTSTART:%Y%m%dT%H%M%SZ").encode() in answer.content
    assert (str(event["SUMMARY"]), str(event["LOCATION"])) == ("Appointment", "The library")
    text = answer.content.decode()
    for word in (case.reference, "Hana", "Remi", "council", "ouncil", "Amends", "justice",
                 "ORGANIZER", "ATTENDEE", "greenhouse"):  # fmt: skip
        assert word.lower() not in text.lower()


def test_the_calendar_is_updated_and_cancelled() -> None:
    case, cole, council = h.seated()
    hearing = h.plan(council, cole)
    uid = event_of(fetch(harmed(case).person, hearing).content)[1]["UID"]
    hearings.move_hearing(
        hearing, by=cole, now=LATER, at=AT + timedelta(days=1), minutes=90, place="The hall"
    )
    _calendar, event = event_of(fetch(harmed(case).person, hearing).content)
    assert (event["UID"], event["SEQUENCE"]) == (uid, 1)
    assert (event.start, str(event["LOCATION"])) == (AT + timedelta(days=1), "The hall")
    Case.objects.filter(pk=case.pk).update(frozen_on=TODAY)
    _calendar, event = event_of(fetch(harmed(case).person, hearing).content)
    assert str(event["STATUS"]) == "TENTATIVE"
    hearings.cancel_hearing(hearing, by=cole, now=LATER)
    answer = fetch(harmed(case).person, hearing)
    calendar, event = event_of(answer.content)
    assert "method=CANCEL" in answer["Content-Type"]
    assert (calendar["METHOD"], event["UID"], event["SEQUENCE"]) == ("CANCEL", uid, 2)
    assert str(event["STATUS"]) == "CANCELLED"


def test_who_fetches_it_and_who_does_not() -> None:
    case, cole, council = h.seated()
    petra = h.guardian_of_process(council)
    beside = {
        role: h.beside(harmed(case), role, role)
        for role in ("supporter", "guardian", "interpreter")
    }
    hearing = h.plan(council, cole)
    ended = council.seats.last()
    Seat.objects.filter(pk=ended.pk).update(state="recused", ended_on=TODAY)
    may = [harmed(case).person, responsible(case).person, petra, *beside.values(),
           council.seats.first().person]  # fmt: skip
    may_not = [cole, h.mediator_of(case), ended.person, make_person("X"),
               make_person("S", is_superuser=True)]  # fmt: skip
    assert [fetch(one, hearing).status_code for one in may] == [200] * len(may)
    assert [fetch(one, hearing).status_code for one in may_not] == [404] * len(may_not)


def test_a_hostile_place_stays_in_its_line() -> None:
    _case, cole, council = h.seated()
    hearing = h.plan(council, cole)
    hearing.place = f"{HOSTILE}\r\nATTENDEE:mailto:x@example.org\nEND:VEVENT"
    content = calendars.calendar_of(hearing, on_hold=False, now=LATER)
    _calendar, event = event_of(content)
    assert "ATTENDEE" not in event
    assert "\u202e" not in content.decode()
    assert "\x07" not in content.decode()
    assert content.count(b"END:VEVENT\r\n") == 1


# ------------------------------------------------------------- reminding


def test_everybody_is_reminded_the_day_before_once_and_not_on_hold() -> None:
    case, cole, council = h.seated()
    h.plan(council, cole)
    eve = AT - timedelta(days=1)
    assert time.due(eve - timedelta(days=1))["hearings_reminded"] == 0
    Case.objects.filter(pk=case.pk).update(frozen_on=TODAY)
    assert time.due(eve)["hearings_reminded"] == 0
    Case.objects.filter(pk=case.pk).update(frozen_on=None)
    assert time.due(eve)["hearings_reminded"] == 1
    assert time.due(eve + timedelta(minutes=5))["hearings_reminded"] == 0
    assert {"Hana", "Remi"} <= told("hearing_tomorrow")
    assert time.due(AT)["hearings_reminded"] == 0


def test_nothing_goes_outside_to_who_is_not_to_be_written_to() -> None:
    case, cole, council = h.seated()
    for party in case.parties.select_related("person"):
        party.person.reach, party.person.email = "email", f"{party.role}@example.org"
        party.person.save(update_fields=["reach", "email"])
    case.parties.filter(role="responsible").update(do_not_write=True)
    h.plan(council, cole)
    sent = Delivery.objects.filter(notice__code="hearing_planned")
    assert [one.notice.person.name for one in sent] == ["Hana"]


# ------------------------------------------------------------- the page, and the API


def test_the_case_page_and_its_moves() -> None:
    case, cole, council = h.seated()
    hearing = h.plan(council, cole)
    hana = harmed(case).person
    who = standing(hana, case, today=TODAY)
    part = find_part(case, who, "hearing", str(hearing.pk))
    assert part is not None
    with time_machine.travel(LATER, tick=False):
        names = [one.name for one in moves_on(part, case, hana, who, today=TODAY)]
        client = Client()
        client.force_login(hana)
        page = client.get(case.get_absolute_url()).content.decode()
        answered = client.post(
            reverse("cases:move", args=[case.reference, "hearing", part.id, "answer_invitation"]),
            {"answer": "comes", "needs": HOSTILE},
        )
        again = client.get(case.get_absolute_url()).content.decode()
        client.force_login(cole)
        runs = client.get(case.get_absolute_url()).content.decode()
    assert names == ["answer_invitation"]
    assert "The library" in page
    assert reverse("cases:hearing", args=[case.reference, hearing.pk]) in page
    assert answered.status_code == 302
    assert "<b>x</b>" not in again + runs
    assert "&lt;b&gt;x&lt;/b&gt;" in runs
