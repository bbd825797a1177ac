"""Whatever somebody types into whatever form stays text: on every page, in e-mails, on paper."""

import subprocess
from collections.abc import Iterator
from datetime import timedelta
from html import escape
from typing import Any

import pytest
from django.core import mail
from django.forms import (
    BooleanField,
    CharField,
    ChoiceField,
    DateField,
    DateTimeField,
    DecimalField,
    MultipleChoiceField,
)
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cases.models import Case
from desk.forms import ReportForm
from journey.moves import moves_on, who_and_parts
from mediation.models import Mediation
from moves.core import Move
from notices.actions import send_due
from people.models import Person
from tests.access.world import World, make
from tests.undoing import undone

pytestmark = pytest.mark.django_db

MARKUP = "<script>alert(1)</script><img src=x onerror=alert(2)> & \"'"
OTHERS = "=cmd|'/C calc'!A0 {{ 7|add:7 }} {% now %} %s %(x)s \u202egnirts \U0001f54a\ufe0f"
# Short enough for a name.
HOSTILE = f"{MARKUP}{OTHERS}"
NUL = "before\x00after"
LONG = "ten signs. " * 909 + "z"
RAW = ("<script>alert", "<img src=x")
STAGES = ("reported", "screening", "drafting", "followed")
# Open to the mediator although one of the two consents it can take is there already.
PERHAPS_GIVEN = "take_consent_on_paper"
READERS = ("mediator", "coordinator", "harmed", "responsible", "guardian")


def valid(field: Any) -> Any:
    """Return something this field takes; free text is the caller's."""
    if isinstance(field, MultipleChoiceField):
        return [field.choices[0][0]]
    if isinstance(field, ChoiceField):
        return next((value for value, _label in reversed(list(field.choices)) if value), "")
    if isinstance(field, BooleanField):
        return "on"
    if isinstance(field, DateTimeField):
        return (timezone.now() + timedelta(hours=2)).strftime("%Y-%m-%dT%H:%M")
    if isinstance(field, DateField):
        return timezone.localdate().isoformat()
    return "1" if isinstance(field, DecimalField) else ""


def texts_of(form: Any) -> list[str]:
    """Return the names of the fields somebody may write in freely."""
    return [name for name, field in form.fields.items() if type(field) is CharField]


def filled(form: Any, text: str) -> dict[str, Any]:
    """Return data for a whole form, with this text in every field for text."""
    data = {name: valid(field) for name, field in form.fields.items()}
    data |= {name: text for name in texts_of(form) if name != "seen"}
    if "seen" in form.fields:
        data["seen"] = form.initial["seen"]
    if "promised_to" in data:
        # Not to oneself: the last is who promises.
        data["promised_to"] = form.fields["promised_to"].choices[0][0]
    if data.get("contact_kind"):
        data["contact_kind"] = "letter"
    if "outcome" in data:
        # One that is so of any case without a plan that stands.
        data["outcome"] = "not_suitable"
    return data


def moves_with_words(world: World) -> Iterator[tuple[str, Move, Any]]:
    """Yield every move of everybody in this case that takes words, with its form."""
    today = timezone.localdate()
    case = Case.objects.get(pk=world.case.pk)
    for role in READERS:
        who, parts = who_and_parts(case, world.people[role], today=today)
        for part in parts:
            for move in moves_on(part, case, world.people[role], who, today=today):
                if move.status == "available" and move.form:
                    form = move.form()
                    if set(texts_of(form)) - {"seen"}:
                        yield role, move, form


def pages(world: World, url: str, role: str) -> str:
    """Return what who wrote, the mediator and a party now see of the case and in the form."""
    text = ""
    for reader in sorted({role, "mediator", "harmed"}):
        client = Client()
        client.force_login(world.people[reader])
        for address in (world.case.get_absolute_url(), url):
            text += client.get(address).content.decode()
    return text


@pytest.mark.parametrize("stage", STAGES)
def test_hostile_words_in_every_form_of_every_stage_print_as_text(stage: str) -> None:
    world = make(stage)
    # The world is a month old: give the mediation a day on which people can still meet.
    Mediation.objects.update(due_on=timezone.localdate() + timedelta(days=9))
    tried = set()
    for role, move, form in moves_with_words(world):
        if move.name in tried:
            continue
        url = reverse("cases:move", args=[world.case.reference, move.part, move.part_id, move.name])
        client = Client()
        client.force_login(world.people[role])
        with undone():
            answer = client.post(url, filled(form, HOSTILE))
            taken = answer.status_code == 409 and move.name == PERHAPS_GIVEN
            assert taken or answer.status_code == 302, move.name
            text = pages(world, url, role)
            for raw in RAW:
                assert raw not in text, move.name
        tried.add(move.name)
        refused_with_its_words(client, url, move, form)
    print(stage, len(tried), sorted(tried))
    assert len(tried) >= 3


def refused_with_its_words(client: Client, url: str, move: Move, form: Any) -> None:
    """What cannot be stored, or is too long, is an error on its field; the words stay there."""
    before = Case.objects.values_list("state", "frozen_on").get(reference=url.split("/")[2])
    answer = client.post(url, filled(form, NUL))
    assert answer.status_code == 422, move.name
    assert set(answer.context["form"].errors) <= set(texts_of(form))
    with undone():
        answer = client.post(url, filled(form, LONG))
        short = [name for name in texts_of(form) if form.fields[name].max_length < len(LONG)]
        short = [name for name in short if name != "seen"]
        assert answer.status_code == (422 if short else 302), move.name
        if short:
            assert set(short) <= set(answer.context["form"].errors)
            assert LONG in answer.content.decode()
    after = Case.objects.values_list("state", "frozen_on").get(reference=url.split("/")[2])
    assert after == before


def test_what_is_hostile_is_still_there_word_for_word() -> None:
    world = make("drafting")
    client = Client()
    client.force_login(world.people["harmed"])
    party = world.parts["party of harmed"][1]
    url = f"/cases/{world.case.reference}/party/{party}/write_statement/"
    assert client.post(url, {"text": HOSTILE}).status_code == 302
    assert escape(HOSTILE) in client.get(world.case.get_absolute_url()).content.decode()
    assert client.post(url, {"text": LONG}).status_code == 302
    assert LONG in client.get(world.case.get_absolute_url()).content.decode()


def test_hostile_words_of_a_report_and_of_a_case_opened_by_hand_print_as_text() -> None:
    world = make("reported")
    anybody, coordinator = Client(), Client()
    coordinator.force_login(world.people["coordinator"])
    report = {
        "danger": "no", "community": world.case.community_id, "reporter_is": "other",
        "happened": HOSTILE, "name": HOSTILE, "harmed": HOSTILE, "others": f"{HOSTILE} too",
        "contact_kind": "letter", "contact": HOSTILE, "language": "en",
    }  # fmt: skip
    new = {
        "community": world.case.community_id, "title": HOSTILE[:120], "account": HOSTILE,
        "harmed": HOSTILE, "harmed_language": "en", "harmed_phone": HOSTILE,
        "responsible": f"{HOSTILE} too", "responsible_language": "en",
    }  # fmt: skip
    known = set(Case.objects.values_list("pk", flat=True))
    assert anybody.post("/report/", report).status_code == 200
    assert coordinator.post("/cases/new/", new).status_code == 302
    for case in Case.objects.exclude(pk__in=known):
        text = coordinator.get(case.get_absolute_url()).content.decode()
        assert escape(HOSTILE) in text
        for raw in RAW:
            assert raw not in text
    for raw in RAW:
        assert raw not in coordinator.get("/").content.decode()
    again = anybody.post("/report/", {**report, "community": "none"}).content.decode()
    assert escape(HOSTILE) in again
    assert not any(raw in again for raw in RAW)
    for field in texts_of(ReportForm()):
        answer = anybody.post("/report/", {**report, field: NUL})
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    for address in ("/receipt/", "/verify/agreement/"):
        for text in (HOSTILE, NUL, LONG):
            answer = anybody.post(address, {"code": text})
            assert answer.status_code in (200, 422)
            assert not any(raw in answer.content.decode() for raw in RAW)


def test_a_hostile_address_stops_no_other_letter_and_adds_no_header() -> None:
    world = make("drafting")
    bad = ("a@example.org\nBcc: all@example.org", HOSTILE, "", "no address", "a@" + "x" * 300)
    good = world.people["responsible"]
    Person.objects.filter(pk=good.pk).update(reach="email", email="good@example.org")
    for contact in bad:
        hers = world.people["harmed"]
        hers.reach, hers.email, hers.contact_kind, hers.contact = "email", "", "email", contact
        hers.save()
        client = Client()
        client.force_login(world.people["mediator"])
        mail.outbox.clear()
        with undone():
            pause = f"/cases/{world.case.reference}/case/{world.case.reference}/pause/"
            assert client.post(pause).status_code == 302
            send_due(timezone.now())
            sent = [letter for letter in mail.outbox if "good@example.org" in letter.to]
            assert len(sent) == 1, contact
            assert not any("all@example.org" in str(letter.bcc) for letter in mail.outbox)
            assert "Panes" not in sent[0].body


def test_hostile_words_on_paper_are_words() -> None:
    world = make("drafting")
    client = Client()
    client.force_login(world.people["mediator"])
    agreement = world.parts["agreement"][1]
    base = f"/cases/{world.case.reference}/agreement/{agreement}"
    seen = client.get(f"{base}/change_account/").context["form"].initial["seen"]
    changed = {"account": HOSTILE, "proportion_reason": HOSTILE, "seen": seen}
    assert client.post(f"{base}/change_account/", changed).status_code == 302
    paper = client.get(reverse("cases:paper", args=[world.case.reference, agreement]))
    assert paper.status_code == 200
    text = subprocess.run(
        ["pdftotext", "-raw", "-", "-"], input=paper.content, capture_output=True, check=True
    ).stdout.decode()
    plain = "".join(text.split())
    for words in ("<script>alert(1)</script>", "{{7|add:7}}", "%(x)s", "=cmd|"):
        assert words in plain
