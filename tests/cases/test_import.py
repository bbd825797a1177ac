"""A spreadsheet becomes cases: exactly once, each whole, and only by who may open cases."""

import json
import re
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client

from cases import importing
from cases.actions import opening
from cases.importing import import_sheet, title_of
from cases.models import Case, Party
from cases.spreadsheet import COLUMNS, MENDS, Sheet, read
from communities.models import Community
from journey import imports
from moves.core import Hidden
from people.models import Person
from records.models import Event
from tests.factories import make_coordinator, make_mediator, make_person

DATA = Path(__file__).parent.parent / "data"
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
TODAY = date(2026, 11, 24)
PAGE = "/cases/import/"
PLAIN = {
    "referred_on": "2026-08-21",
    "happened_on": "2026-08-11",
    "account": "A window was broken.",
    "kind": "damage",
    "harmed": "Zoë Tembo",
    "responsible": "Callum Jansen",
}


def table(*rows: dict[str, str]) -> bytes:
    """A CSV file of rows that differ from PLAIN as said."""
    lines = [",".join(prefixes[0] for prefixes in COLUMNS.values())]
    for changes in rows:
        cells = {**dict.fromkeys(COLUMNS, ""), **PLAIN, **changes}
        lines.append(",".join('"' + cells[name].replace('"', '""') + '"' for name in COLUMNS))
    return "\r\n".join(lines).encode()


def sheet(*rows: dict[str, str]) -> Sheet:
    return read(table(*rows), today=TODAY)


@pytest.fixture(autouse=True)
def at_noon():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def community(db: Any) -> Community:
    return Community.objects.create(slug="birch", name="Birch Street")


@pytest.fixture
def cole(community: Community) -> Person:
    person = make_coordinator(community)
    person.memberships.update(until=TODAY + timedelta(days=30))
    return person


def run(file: Path, by: Person, *options: str, community: str = "birch") -> tuple[int, str]:
    """Run the command; return its exit code and what it printed."""
    out, code = StringIO(), 0
    try:
        call_command(
            "import_referrals", str(file), "--community", community, "--by", by.username,
            *options, stdout=out,
        )  # fmt: skip
    except SystemExit as end:
        code = int(end.code)
    return code, out.getvalue()


def only_case(*rows: dict[str, str], community: Community, by: Person) -> Case:
    (made,) = import_sheet(sheet(*rows), community=community, by=by, now=NOW).created
    return Case.objects.get(reference=made.reference)


# The command -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "ready", "problems", "people"),
    [("referrals.csv", 50, 18, 129), ("referrals-cp1252.csv", 22, 11, 55)],
)
def test_both_spreadsheets_become_cases_once(community, cole, name, ready, problems, people):
    code, text = run(DATA / name, cole, "--json")
    first = json.loads(text)
    assert code == 1
    assert (len(first["created"]), first["already"]) == (ready, [])
    assert len({one["row"] for one in first["problems"]}) == problems
    assert (first["blank"], len(first["duplicates"]), first["dry_run"]) == (1, 2, False)
    assert all(one["mend"].endswith(".") for one in first["problems"])
    assert Case.objects.filter(state="reported", community=community).count() == ready
    assert Party.objects.count() == people
    assert Event.objects.filter(code="case_opened").count() == ready

    code, text = run(DATA / name, cole, "--json")
    again = json.loads(text)
    assert code == 1
    assert again["created"] == []
    assert again["already"] == first["created"]
    assert again["problems"] == first["problems"]
    assert (Case.objects.count(), Party.objects.count()) == (ready, people)


def test_a_dry_run_changes_nothing(community, cole):
    code, text = run(DATA / "referrals.csv", cole, "--json", "--dry-run")
    said = json.loads(text)
    assert (code, said["dry_run"], len(said["created"])) == (1, True, 50)
    assert said["created"][0] == {"row": 2, "reference": None}
    assert Case.objects.count() == 0
    assert "Nothing was changed. New: 50," in run(DATA / "referrals.csv", cole, "--dry-run")[1]


def test_without_problems_the_exit_code_is_0(community, cole, tmp_path):
    file = tmp_path / "one.csv"
    file.write_bytes(table({}, {}))
    code, text = run(file, cole)
    reference = Case.objects.get().reference
    assert code == 0
    assert text.splitlines() == [
        f"Row 2: {reference}",
        "Row 3: the same as row 2",
        "New: 1, already here: 0, to mend: 0, twice in the file: 1, blank: 0.",
    ]
    assert f"Row 2: already here as {reference}" in run(file, cole)[1]


def test_what_a_file_says_cannot_steer_the_terminal(community, cole, tmp_path):
    file = tmp_path / "one.csv"
    file.write_bytes(table({"urgent": "\x1b[31mred\u202e"}) + b",\x1b[2J")
    code, text = run(file, cole)
    assert code == 1
    assert "Row 2" in text
    assert "\x1b" not in text
    assert "\u202e" not in text


def test_bad_arguments_end_with_2(community, cole, tmp_path):
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    good.write_bytes(table({}))
    bad.write_bytes(b"%PDF-1.7 and so on")
    gone = make_coordinator(community, is_active=False)
    old = make_mediator()
    for file, by, slug in [
        (tmp_path / "none.csv", cole, "birch"),
        (tmp_path, cole, "birch"),
        (bad, cole, "birch"),
        (good, cole, "no-such-place"),
        (good, make_person(), "birch"),
        (good, old, "birch"),
        (good, gone, "birch"),
        (good, Person(username="nobody"), "birch"),
    ]:
        with pytest.raises(CommandError) as error:
            run(file, by, community=slug)
        assert error.value.returncode == 2, (file, slug)
        assert str(error.value).endswith(".")
    assert Case.objects.count() == 0


def test_a_licensed_member_may_import(community, tmp_path):
    file = tmp_path / "one.csv"
    file.write_bytes(table({}))
    mara = make_mediator(community)
    mara.licences.update(until=TODAY + timedelta(days=1))
    assert run(file, mara)[0] == 0
    mara.licences.update(until=TODAY - timedelta(days=1))
    with pytest.raises(CommandError):
        run(file, mara)


# What a row becomes ----------------------------------------------------------------------


def test_a_row_becomes_a_whole_case(community, cole):
    case = only_case(
        {
            "referred_by": "Hugo Silva", "agency": "School", "their_reference": "A-1",
            "harmed": "St Brigid's Primary School; Zoë Tembo",
            "harmed_contact": "kontakt.1@example.org", "harmed_language": "español",
            "responsible": "Callum Jansen; Rosa Haddad",
            "responsible_born_on": "2012-02-05", "responsible_contact": "+44 7700 900449",
            "guardian": "Efe Eriksen", "access_needs": "hearing loop", "hoped_for": "an apology",
            "urgent": "yes!", "notes": "do NOT write to the home address; call after 6 pm",
        },
        community=community, by=cole,
    )  # fmt: skip
    assert (case.state, case.kind, case.urgent) == ("reported", "damage", True)
    assert (case.title, case.account) == ("Damage, 11 August 2026", "A window was broken.")
    assert (case.happened_on, case.referred_on) == (date(2026, 8, 11), date(2026, 8, 21))
    parties = {party.person.name: party for party in case.parties.select_related("person")}
    school, callum = parties["St Brigid's Primary School"], parties["Callum Jansen"]
    assert {party.role for party in (school, parties["Zoë Tembo"])} == {"harmed"}
    assert school.person.is_organisation
    assert (school.person.contact_kind, school.person.language) == ("email", "es")
    assert (parties["Zoë Tembo"].person.contact_kind, parties["Zoë Tembo"].minor) == ("", False)
    assert (callum.role, callum.minor, callum.person.born_on) == (
        "responsible", True, date(2012, 2, 5),
    )  # fmt: skip
    assert callum.person.contact == "+44 7700 900449"
    assert not parties["Rosa Haddad"].minor
    assert all(party.do_not_write for party in parties.values())
    said = json.loads(case.referral)
    assert (said["guardian"], said["hoped_for"]) == ("Efe Eriksen", "an apology")
    assert (said["their_reference"], said["call_after"]) == ("A-1", "6 pm")
    assert case.participations.count() == 0


def test_the_date_of_birth_belongs_to_a_human_being(community, cole):
    case = only_case(
        {"responsible": "Birch Bakery; Rosa Haddad", "responsible_born_on": "2012-02-05"},
        community=community, by=cole,
    )  # fmt: skip
    born = {party.person.name: party.person.born for party in case.parties.all()}
    assert (born["Birch Bakery"], born["Rosa Haddad"]) == ("", "2012-02-05")


def test_a_title_never_tells_the_story():
    (row,) = sheet({"kind": "hit his wife", "happened_on": ""}).rows
    assert title_of(row.referral) == "Referral, 21 August 2026"


HOSTILE = [
    "=HYPERLINK(\"http://example.org\",\"x\")",
    "<script>alert(1)</script>",
    "'; DROP TABLE cases_case; --",
    "{{ 7|add:7 }} %(x)s %s",
    "\u202egnirts",
    "../../etc/passwd",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_strings_stay_text(community, cole, client, text):
    rows = {"account": text, "kind": text, "notes": text, "responsible": text.replace(";", ",")}
    case = only_case(rows, community=community, by=cole)
    assert case.account == text
    assert case.parties.get(role="responsible").person.name == text.replace(";", ",")
    assert json.loads(case.referral)["notes"] == text
    assert (case.title, case.kind) == ("Referral, 11 August 2026", "")
    Case.objects.update(fingerprint=None)
    client.force_login(cole)
    shown = choose(client, table(rows), community).content.decode()
    assert "<script>alert" not in shown


def test_the_database_holds_no_plain_word_of_the_row(community, cole):
    case = only_case({"notes": "very secret"}, community=community, by=cole)
    stored = Case.objects.filter(pk=case.pk).values().get()
    (row,) = sheet({"notes": "very secret"}).rows
    assert "window" not in str(stored)
    assert row.fingerprint not in str(stored)


def test_another_community_does_not_learn_of_the_case(community, cole):
    other = Community.objects.create(slug="oak", name="Oak")
    first = only_case({}, community=community, by=cole)
    cyd = make_coordinator(other)
    cyd.memberships.update(until=TODAY + timedelta(days=30))
    second = only_case({}, community=other, by=cyd)
    assert first.pk != second.pk


# One row is one transaction --------------------------------------------------------------


def test_a_row_that_fails_midway_leaves_nothing(community, cole, monkeypatch):
    real, rows = opening._add_party, sheet({}, {"account": "Another."}, {"account": "A third."})

    def fails(case: Case, named: opening.NewParty) -> Party:
        if case.account == "Another." and named.role == "responsible":
            raise RuntimeError("the power went out")
        return real(case, named)

    monkeypatch.setattr(opening, "_add_party", fails)
    with pytest.raises(RuntimeError, match="power"):
        import_sheet(rows, community=community, by=cole, now=NOW)
    assert [case.account for case in Case.objects.all()] == ["A window was broken."]
    assert (Party.objects.count(), Event.objects.filter(code="case_opened").count()) == (2, 1)
    assert Person.objects.exclude(pk=cole.pk).count() == 2
    monkeypatch.setattr(opening, "_add_party", real)
    report = import_sheet(rows, community=community, by=cole, now=NOW)
    assert (len(report.created), len(report.already)) == (2, 1)


def test_two_imports_at_the_same_moment_make_one_case(community, cole, monkeypatch):
    case = only_case({}, community=community, by=cole)
    real, asked = importing._known, []

    def late(marks: Any) -> dict[str, str]:
        asked.append(True)
        return {} if len(asked) == 1 else real(marks)

    monkeypatch.setattr(importing, "_known", late)
    report = import_sheet(sheet({}), community=community, by=cole, now=NOW)
    assert [one.reference for one in report.already] == [case.reference]
    assert (report.created, Case.objects.count(), Party.objects.count()) == ([], 1, 2)


def test_the_action_itself_asks_who_imports(community):
    with pytest.raises(Hidden):
        import_sheet(sheet({}), community=community, by=make_person(), now=NOW, dry_run=True)


def test_a_row_that_is_not_ready_becomes_nothing(community, cole):
    (row,) = sheet({"harmed": ""}).rows
    with pytest.raises(ValueError, match="not ready"):
        importing.import_row(row, community=community, by=cole, now=NOW)


# The page --------------------------------------------------------------------------------


def choose(client: Client, data: bytes, community: Community, name: str = "r.csv") -> Any:
    file = SimpleUploadedFile(name, data)
    return client.post(PAGE, {"community": community.pk, "file": file})


def sealed_in(response: Any) -> str:
    return re.search(r'name="sealed" value="([^"]+)"', response.content.decode())[1]


def test_preview_then_confirm(community, cole, client):
    client.force_login(cole)
    assert client.get(PAGE).status_code == 200
    data = (DATA / "referrals.csv").read_bytes()
    preview = choose(client, data, community)
    text = preview.content.decode()
    assert preview.status_code == 200
    assert "no-store" in preview["Cache-Control"]
    assert Case.objects.count() == 0
    for words in ("50 new cases", "18 rows to mend", "Oskar Park", "Make 50 cases"):
        assert words in text
    assert MENDS["future_date"] in text
    done = client.post(PAGE, {"sealed": sealed_in(preview)})
    assert (done.status_code, Case.objects.count()) == (200, 50)
    assert "50 of 50 rows are cases" in done.content.decode()
    assert 'name="sealed"' not in done.content.decode()
    reference = done.context["created"][0]["reference"]
    assert f'href="/cases/{reference}/"' in done.content.decode()

    client.post(PAGE, {"sealed": sealed_in(preview)})
    assert Case.objects.count() == 50
    again = choose(client, data, community).content.decode()
    assert "No row of this file becomes a new case." in again
    assert reference in again


def test_a_long_file_goes_on_page_by_page(community, cole, client, monkeypatch):
    monkeypatch.setattr(imports, "AT_ONCE", 2)
    monkeypatch.setattr(imports, "SHOWN", 1)
    client.force_login(cole)
    data = table(*({"account": f"Number {number}."} for number in range(5)))
    page = choose(client, data, community)
    assert "And 4 rows more like these." in page.content.decode()
    for there in (2, 4, 5):
        page = client.post(PAGE, {"sealed": sealed_in(page)})
        assert f"{there} of 5 rows are cases" in page.content.decode()
        assert Case.objects.count() == there
    assert 'name="sealed"' not in page.content.decode()


def test_the_page_is_not_there_for_others(community, cole, client):
    assert client.get(PAGE).status_code == 302
    client.force_login(make_person())
    assert client.get(PAGE).status_code == 404
    assert choose(client, table({}), community).status_code == 404
    assert Case.objects.count() == 0


def test_a_community_where_one_may_not_open_cases_is_no_choice(community, cole, client):
    other = Community.objects.create(slug="oak", name="Oak")
    client.force_login(cole)
    assert choose(client, table({}), other).status_code == 422


def test_the_sealed_file_is_for_one_person_and_two_hours(community, cole, client):
    client.force_login(cole)
    token = sealed_in(choose(client, table({}), community))
    other = make_coordinator(community)
    other.memberships.update(until=TODAY + timedelta(days=30))
    stranger = Client()
    stranger.force_login(other)
    assert stranger.post(PAGE, {"sealed": token}).status_code == 422
    changed = token[:-3] + ("AAA" if token[-3:] != "AAA" else "BBB")
    for wrong in (changed, "", "x", "a.b.c.d"):
        answer = client.post(PAGE, {"sealed": wrong})
        assert answer.status_code == 422
        assert "choose the file again" in answer.content.decode()
    with time_machine.travel(NOW + timedelta(hours=2, seconds=1), tick=False):
        assert client.post(PAGE, {"sealed": token}).status_code == 422
    cole.memberships.update(until=TODAY - timedelta(days=1))
    make_other = Community.objects.create(slug="oak", name="Oak")
    make_other.memberships.create(
        person=cole, role="coordinator", from_on=TODAY, until=TODAY + timedelta(days=30)
    )
    assert client.post(PAGE, {"sealed": token}).status_code == 404
    assert Case.objects.count() == 0


def test_what_cannot_be_read_is_said_beside_the_field(community, cole, client, monkeypatch):
    client.force_login(cole)
    many = table(*[{}] * (imports.MAX_ROWS + 1))
    for data, words in [
        (b"", "The file is empty."),
        (b"%PDF-1.7", "not a spreadsheet"),
        (b"x" * (imports.MAX_BYTES + 1), "larger than 5 megabytes"),
        (many, "more than 2000 rows"),
    ]:
        answer = choose(client, data, community)
        assert answer.status_code == 422
        assert words in answer.content.decode()
    assert client.post(PAGE, {"community": community.pk}).status_code == 422
    monkeypatch.setattr(imports, "MAX_SEALED", 10)
    assert choose(client, table({}), community).status_code == 422


def test_a_case_one_may_not_see_has_no_link(community, client):
    mara = make_mediator(community)
    mara.licences.update(until=TODAY + timedelta(days=30))
    client.force_login(mara)
    page = client.post(PAGE, {"sealed": sealed_in(choose(client, table({}), community))})
    reference = Case.objects.get().reference
    assert reference in page.content.decode()
    assert f"/cases/{reference}/" not in page.content.decode()


# The machines ----------------------------------------------------------------------------


def test_lifecycle_draws_and_compares(settings, tmp_path, capsys):
    (tmp_path / "docs").mkdir()
    settings.BASE_DIR = tmp_path
    with pytest.raises(SystemExit) as end:
        call_command("lifecycle", "--check")
    assert end.value.code == 1
    call_command("lifecycle")
    call_command("lifecycle", "--check")
    page = (tmp_path / "docs" / "lifecycle.md").read_text(encoding="utf-8")
    for words in ("## Case", "## Agreement", "## Commitment", "## Mediation"):
        assert words in page
    assert "    reported --> screening: accept\n" in page
