"""A backup comes back whole into an empty house, and into no other; the keys are never in it."""

import io
import json
import sqlite3
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import override_settings

from cases.models import Case
from people.models import Person
from records import actions, copies
from records.actions import verify
from records.copies import tools
from records.copies.saving import keys_in_use
from records.models import Event
from records.triggers import lifted
from tests.factories import NOW, harmed, make_case

pytestmark = pytest.mark.django_db(transaction=True)

KEY = "11" * 32


@pytest.fixture
def house(settings: Any, tmp_path: Path) -> Case:
    """A case with a sealed story, a record with a seal, and two stored files."""
    stored = {**settings.STORAGES["default"], "OPTIONS": {"location": tmp_path / "media"}}
    settings.STORAGES = {**settings.STORAGES, "default": stored}
    case = make_case()
    actions.due(NOW + timedelta(days=2))
    default_storage.save("papers/letter.txt", ContentFile(b"sealed elsewhere"))
    default_storage.save("note.txt", ContentFile(b"a note"))
    return case


def empty_the_house() -> None:
    with lifted(connection):
        call_command("flush", interactive=False, verbosity=0)
    for name in ("papers/letter.txt", "note.txt"):
        default_storage.delete(name)


def run(command: str, *args: Any) -> dict[str, Any]:
    out = io.StringIO()
    call_command(command, *args, "--json", stdout=out)
    return json.loads(out.getvalue())


def refused(command: str, *args: Any) -> tuple[int, str]:
    with pytest.raises(CommandError) as error:
        call_command(command, *args)
    return error.value.returncode, str(error.value)


def test_everything_comes_back_and_the_record_is_whole(house: Case, tmp_path: Path) -> None:
    name, events = harmed(house).person.name, Event.objects.count()
    made = run("backup", tmp_path / "copy")
    assert made["keys"] == ["test"]
    assert made["files"] == 3
    empty_the_house()
    assert not Case.objects.exists()
    found = run("restore", tmp_path / "copy")
    assert found["whole"]
    assert (found["events"], found["seals"]) == (events, 2)
    case = Case.objects.get(pk=house.pk)
    assert case.account == "The panes were broken."
    assert harmed(case).person.name == name
    with default_storage.open("papers/letter.txt") as file:
        assert file.read() == b"sealed elsewhere"
    # What is restored goes on: it can be written to, and keeps what is append-only.
    actions.due(NOW + timedelta(days=3))
    assert verify()["breaks"] == []
    with pytest.raises(Exception, match="append-only"):
        Event.objects.all().delete()


def test_no_key_is_in_it(house: Case, tmp_path: Path) -> None:
    run("backup", tmp_path / "copy")
    for path in (tmp_path / "copy").rglob("*"):
        if path.is_file():
            content = path.read_bytes().lower()
            assert KEY.encode() not in content
            assert bytes.fromhex(KEY) not in content


def test_it_writes_over_nothing(house: Case, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    run("backup", tmp_path / "empty")
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "empty").rglob("*")}
    code, said = refused("backup", tmp_path / "empty")
    assert code == 2
    assert f"{tmp_path / 'empty'}-20" in said
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "empty").rglob("*")} == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["empty", "media"]


def test_it_is_restored_into_no_house_where_somebody_lives(house: Case, tmp_path: Path) -> None:
    run("backup", tmp_path / "copy")
    code, said = refused("restore", tmp_path / "copy")
    assert code == 1
    assert "Something is here already" in said
    empty_the_house()
    Person.objects.create_user("vera", None, name="Vera")
    assert refused("restore", tmp_path / "copy")[0] == 1
    assert Person.objects.count() == 1


def test_a_stored_file_alone_is_something_too(house: Case, tmp_path: Path) -> None:
    run("backup", tmp_path / "copy")
    empty_the_house()
    default_storage.save("note.txt", ContentFile(b"somebody's"))
    assert "note.txt" in refused("restore", tmp_path / "copy")[1]
    assert not Case.objects.exists()


@pytest.mark.parametrize("change", ["database", "media", "missing", "more", "manifest", "none"])
def test_a_copy_that_was_touched_is_refused_before_anything_is_written(
    house: Case, tmp_path: Path, change: str
) -> None:
    copy = tmp_path / "copy"
    run("backup", copy)
    empty_the_house()
    letter, manifest = copy / "media" / "papers" / "letter.txt", copy / "manifest.json"
    if change == "database":
        [file] = copy.glob("database.*")
        content = bytearray(file.read_bytes())
        content[-1] ^= 1
        file.write_bytes(content)
    elif change == "media":
        letter.write_bytes(b"sealed elsewhera")
    elif change == "missing":
        letter.unlink()
    elif change == "more":
        (copy / "media" / "another.txt").write_text("hello")
    elif change == "manifest":
        manifest.write_text(manifest.read_text().replace(connection.vendor, "another"))
    else:
        manifest.unlink()
    assert refused("restore", copy)[0] == 1
    assert not Person.objects.exists()
    assert not Event.objects.exists()


@pytest.mark.parametrize("keys", ["other:" + "22" * 32, "test:" + "22" * 32])
def test_without_its_key_nothing_is_restored(house: Case, tmp_path: Path, keys: str) -> None:
    run("backup", tmp_path / "copy")
    empty_the_house()
    with override_settings(RECORD_KEYS=keys):
        code, said = refused("restore", tmp_path / "copy")
    assert code == 1
    assert "'test'" in said
    assert not Event.objects.exists()


def test_every_key_that_sealed_or_signed_something_is_needed(house: Case) -> None:
    assert keys_in_use() == ["test"]
    with override_settings(RECORD_KEYS=f"new:{'22' * 32},test:{KEY}"):
        Person.objects.create_user("vera", None, name="Vera")
        assert keys_in_use() == ["new", "test"]


def test_a_copy_of_a_newer_version_is_refused(
    house: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    newer = [*copies.saving.migrations_here(), "cases.9999_from_the_future"]
    monkeypatch.setattr(copies.saving, "migrations_here", lambda: newer)
    run("backup", tmp_path / "copy")
    empty_the_house()
    code, said = refused("restore", tmp_path / "copy")
    assert code == 1
    assert "9999_from_the_future" in said


def test_a_backup_that_fails_leaves_nothing(
    house: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(folder: Path) -> Path:
        (folder / "half").write_text("half")
        raise copies.ToolFailed("pg_dump failed: no")

    monkeypatch.setattr(copies.saving, "save_database", fails)
    assert refused("backup", tmp_path / "copy") == (1, "pg_dump failed: no")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["media"]


def test_a_tool_that_is_not_here_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(tools.glob, "glob", lambda pattern: [])
    with pytest.raises(copies.ToolFailed, match="apt-get install postgresql-client"):
        tools.tool("pg_dump")


def test_a_folder_that_is_not_there_is_a_bad_argument(db: None, tmp_path: Path) -> None:
    assert refused("restore", tmp_path / "nowhere")[0] == 2


def test_the_saved_database_is_one_whole_file(house: Case, tmp_path: Path) -> None:
    run("backup", tmp_path / "copy")
    [saved] = (tmp_path / "copy").glob("database*")
    if connection.vendor == "postgresql":
        assert saved.read_bytes()[:5] == b"PGDMP"
        return
    copy = sqlite3.connect(saved)
    assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert copy.execute("SELECT count(*) FROM cases_case").fetchone() == (1,)
    copy.close()
