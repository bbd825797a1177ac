"""An export holds what somebody's own pages show, as they show it, and nothing else."""

import io
import json
import re
import zipfile
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cases import actions
from cases.consent_text import consent_text
from cases.models import Case
from councils.actions.pool import declare_tie
from journey.exporting import export
from people.models import NamedTie, Person, Tie
from records.actions import verify
from records.models import Access, Event
from tests.councils.people import begin, make_case_for_council, seat_everybody
from tests.factories import make_person
from tests.moves.story import NAMES, Story

pytestmark = pytest.mark.django_db

PRIVATE = {"harmed": "Only my mediator may read of my dog", "responsible": "I was not alone there"}


def unzip(person: Person) -> dict[str, bytes]:
    content = export(Person.objects.get(pk=person.pk), now=timezone.now())
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def data_of(person: Person) -> dict[str, Any]:
    return json.loads(unzip(person)["data.json"])


def told_case() -> Story:
    """A case with a plan being kept, and words in every room, told up to today."""
    story = Story(days=40).mediated()
    for name, text in PRIVATE.items():
        actions.write_statement(story.party(name), by=story.people[name], now=story.at, text=text)
    actions.write_note(
        story.case, by=story.people["mediator"], now=story.at, room="mediation",
        text="Both told what it was like.",
    )  # fmt: skip
    actions.write_note(
        story.case, by=story.people["coordinator"], now=story.at, room="referral",
        text="The caretaker told us.",
    )  # fmt: skip
    return story.plan(2).wait(3).draft().add().offer().sign().wait(11)


def words(html: str) -> list[str]:
    """Return the words of a page, without moves, pictures and what only its frame says."""
    html = re.sub(r'<ul class="moves">.*?</ul>\s*(?=</section|<section|$)', "", html, flags=re.S)
    return re.sub(r"<[^>]+>", " ", html).split()


@pytest.mark.parametrize("name", ["harmed", "responsible", "supporter", "guardian"])
def test_a_case_is_exported_as_its_page_shows_it(client: Client, name: str) -> None:
    story = told_case()
    person = story.people[name]
    client.force_login(person)
    response = client.get(reverse("cases:detail", args=[story.case.reference]))
    page = response.context
    files = unzip(person)
    [case] = json.loads(files["data.json"])["cases"]
    assert case["rooms"] == [asdict(one) for one in page["rooms"]]
    assert case["people"] == [asdict(one) for one in page["people"]]
    assert case["history"] == [asdict(one) for one in page["events"]]
    assert case["lines"] == asdict(page["lines"])
    assert case["opened_by"] == [asdict(one) for one in page["openings"]]
    assert [one["part"] for one in case["parts"]] == [
        group["part"] for group in page["groups"] if group["part"] not in ("case", "party")
    ]
    assert case["account"] == ""
    html = files[f"cases/{story.case.reference}.html"].decode()
    main = html[html.index("<main>") : html.index("</main>")]
    shown = response.content.decode()
    missing = [word for word in words(main) if word not in shown]
    assert missing == []


@pytest.mark.parametrize(("name", "other"), [("harmed", "responsible"), ("responsible", "harmed")])
def test_nothing_of_the_other_side_is_in_it(name: str, other: str) -> None:
    story = told_case()
    everything = b"\n".join(
        content
        for file, content in unzip(story.people[name]).items()
        if file.endswith((".html", ".json"))
    ).decode()
    assert PRIVATE[name] in everything
    assert PRIVATE[other] not in everything
    assert "By day, never at home." not in everything
    assert "The caretaker told us." not in everything
    assert "+44 7700 900001" in everything
    assert everything.count("+44 7700 900001") == 2  # their own, once in each form


def test_a_mediator_takes_what_they_wrote_and_not_what_they_were_told() -> None:
    story = told_case()
    files = unzip(story.people["mediator"])
    [case] = json.loads(files["data.json"])["cases"]
    assert case["rooms"] == case["harms"] == case["closing_words"] == case["consents"] == []
    assert case["account"] == ""
    assert [one["part"] for one in case["parts"]] == ["mediation"]
    said = json.loads(files["data.json"])["said"]
    assert "Both told what it was like." in [one["text"] for one in said]
    everything = b"\n".join(files.values()).decode()
    for told in (*PRIVATE.values(), "The caretaker told us.", "By day, never at home."):
        assert told not in everything
    assert not [name for name in files if name.endswith(".pdf")]


def test_a_supporter_reads_the_shared_room_alone_and_no_consent() -> None:
    story = told_case()
    [case] = data_of(story.people["supporter"])["cases"]
    assert [room["key"] for room in case["rooms"]] == ["mediation"]
    assert case["consents"] == []


def test_a_party_gets_what_they_said_yes_to_in_the_exact_text() -> None:
    story = told_case()
    [case] = data_of(story.people["harmed"])["cases"]
    [consent] = case["consents"]
    assert consent["text"] == consent_text("mediation", "en")
    assert consent["stage"] == "mediation"
    assert "withdrawn" not in consent


def test_a_guardian_gets_what_they_said_yes_to_beside_the_young_person() -> None:
    story = Story(minor="responsible").screened()
    [case] = data_of(story.people["guardian"])["cases"]
    assert [one["by_guardian"] for one in case["consents"]] == [True]


def test_the_agreement_is_in_it_as_a_pdf_for_who_may_print_it() -> None:
    story = told_case()
    name = f"cases/{story.case.reference}-agreement-1.pdf"
    assert unzip(story.people["harmed"])[name].startswith(b"%PDF-")
    assert name not in unzip(story.people["interpreter"])


@pytest.mark.parametrize("name", ["stranger", "coordinator", "superuser"])
def test_who_has_no_place_in_a_case_gets_none_of_it(name: str) -> None:
    story = told_case()
    files = unzip(story.people[name])
    assert sorted(files) == ["data.json", "index.html"]
    assert story.case.reference not in "".join(map(bytes.decode, files.values()))


def test_a_council_member_gets_the_packet_and_their_seat(client: Client) -> None:
    case, cole = make_case_for_council(now=timezone.now() - timedelta(days=9))
    council = seat_everybody(begin(case, cole, now=timezone.now() - timedelta(days=8)), cole,
                             now=timezone.now() - timedelta(days=7))  # fmt: skip
    seat = council.seats.first()
    client.force_login(seat.person)
    page = client.get(reverse("cases:detail", args=[case.reference])).context
    data = data_of(seat.person)
    [said] = data["cases"]
    assert said["rooms"] == [asdict(one) for one in page["rooms"]] == []
    assert said["harms"] == said["closing_words"] == said["consents"] == []
    assert said["people"] == [asdict(one) for one in page["people"]]
    [held] = data["seats"]
    assert held["state"] == "accepted"
    assert len(held["who_it_is_about"]) == 2
    [place] = data["pool"]
    assert place["said"]["gender"] in ("woman", "man")
    assert Access.objects.filter(reader=seat.person_id, case_reference=case.reference).exists()


def test_a_case_that_was_forgotten_is_not_in_it() -> None:
    story = Story(days=1300).screened().ask_words().close("without_agreement")
    person = story.people["harmed"]
    Person.objects.filter(pk=person.pk).update(email="hanneke@example.org")
    assert len(data_of(person)["cases"]) == 1
    story.wait(1200)
    assert data_of(person)["cases"] == []


def test_it_holds_who_they_are_and_what_they_declared() -> None:
    story = told_case()
    harmed, other = story.people["harmed"], story.people["stranger"]
    Tie.objects.create(one=harmed, other=other, kind="kin")
    Tie.objects.create(one=story.people["second"], other=harmed, kind="dispute")
    NamedTie.objects.create(person=harmed, name="Remi Castro", kind="work")
    data = data_of(harmed)
    assert data["person"]["name"] == NAMES["harmed"]
    assert [(one["kind"], one["with"]) for one in data["ties"]] == [
        ("kin", NAMES["stranger"]), ("work", "Remi Castro"),
    ]  # fmt: skip
    assert [one["case"] for one in data["news"]].count(story.case.reference) > 2
    assert [one["role"] for one in data_of(story.people["coordinator"])["memberships"]] == [
        "coordinator"
    ]
    assert len(data_of(story.people["mediator"])["licences"]) == 1


def test_who_opened_their_case_is_in_it(client: Client) -> None:
    story = told_case()
    client.force_login(story.people["coordinator"])
    client.get(reverse("cases:detail", args=[story.case.reference]))
    [case] = data_of(story.people["harmed"])["cases"]
    assert [one["text"] for one in case["opened_by"]] == [NAMES["coordinator"]]


@pytest.mark.parametrize(
    ("language", "said"), [("en", "never an admission"), ("es", "nunca"), ("ar", "rtl")]
)
def test_each_page_begins_in_their_language_with_what_taking_part_is_not(
    language: str, said: str
) -> None:
    story = told_case()
    Person.objects.filter(pk=story.people["harmed"].pk).update(language=language)
    files = unzip(story.people["harmed"])
    first = json.loads(files["data.json"])["no_admission"]
    assert next(iter(json.loads(files["data.json"]))) == "no_admission"
    for name in ("index.html", f"cases/{story.case.reference}.html"):
        html = files[name].decode()
        assert html.index(first) < html.index("<main>")
        assert said in html


def test_the_command_writes_one_private_file_again_and_again(tmp_path: Path) -> None:
    story = told_case()
    out, said = tmp_path / "hana.zip", io.StringIO()
    for _again in range(2):
        call_command("export_person", "harmed", out=out, stdout=said)
    assert zipfile.is_zipfile(out)
    assert out.stat().st_mode & 0o077 == 0
    assert list(tmp_path.iterdir()) == [out]
    noted = Event.objects.filter(kind="person", subject_id=str(story.people["harmed"].pk))
    assert [one.code for one in noted] == ["data_exported"] * 2
    assert verify()["breaks"] == []


@pytest.mark.parametrize(("username", "folder"), [("nobody", "."), ("vera", "not-there")])
def test_the_command_says_what_was_wrong(tmp_path: Path, username: str, folder: str) -> None:
    Person.objects.create_user("vera", None, name="Vera")
    with pytest.raises(CommandError) as refused:
        call_command("export_person", username, out=tmp_path / folder / "out.zip")
    assert refused.value.returncode == 2
    assert list(tmp_path.iterdir()) == []


def test_ties_of_the_pool_are_ones_own() -> None:
    case, _cole = make_case_for_council(now=timezone.now())
    place = Case.objects.get(pk=case.pk).community.pool.first()
    declare_tie(place, by=place.person, now=timezone.now(), name="Hana Brandt", kind="kin")
    assert [one["with"] for one in data_of(place.person)["ties"]] == ["Hana Brandt"]
    assert data_of(make_person("Vera"))["ties"] == []
