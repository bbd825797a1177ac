"""The record: appended only, and every touch is found and named."""

import io
import json
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from records import actions
from records.models import Access, Chain, Event, Seal
from records.triggers import lifted

NOW = datetime(2026, 3, 5, 10, 30, tzinfo=UTC)


def fill(subject: str = "RJ-1", count: int = 4) -> None:
    for number in range(count):
        with transaction.atomic():
            actions.append("case", subject, "done", at=NOW, data={"n": number, "á": "ü"})


def run_sql(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def tamper(*statements: str) -> list[tuple]:
    with lifted(connection):
        for statement in statements:
            run_sql(statement)
    return [(b["subject"], b["seq"], b["code"]) for b in actions.verify()["breaks"]]


def test_a_whole_record_verifies(db: None) -> None:
    fill()
    fill("RJ-2", 1)
    assert actions.due(NOW + timedelta(days=2)) == {"sealed_days": 2}
    assert actions.due(NOW + timedelta(days=2)) == {"sealed_days": 0}
    fill("RJ-2", 1)
    assert actions.verify() == {"chains": 2, "events": 6, "seals": 2, "breaks": []}


@pytest.mark.parametrize(
    ("statement", "seq", "code"),
    [
        ("UPDATE records_event SET code = 'x' WHERE seq = 2", 2, "event_changed"),
        ("DELETE FROM records_event WHERE seq = 2", 2, "event_missing"),
        ("DELETE FROM records_event WHERE seq = 4", 4, "event_missing"),
        ("DELETE FROM records_event", 1, "event_missing"),
        ("UPDATE records_event SET prev_hash = '' WHERE seq = 3", 3, "link_broken"),
        ("UPDATE records_event SET key_id = 'no' WHERE seq = 3", 3, "key_unknown"),
        ("UPDATE records_chain SET length = 9", 5, "event_missing"),
        ("DELETE FROM records_chain", 4, "head_missing"),
        ("DELETE FROM records_seal", 4, "seal_missing"),
    ],
)
def test_a_touched_row_is_named(db: None, statement: str, seq: int, code: str) -> None:
    fill()
    actions.due(NOW + timedelta(days=1))
    assert tamper(statement) == [("RJ-1", seq, code)]


def test_a_cut_tail_with_a_mended_head_is_found_by_the_seal(db: None) -> None:
    fill()
    actions.due(NOW + timedelta(days=1))
    kept = Event.objects.get(seq=3).hash
    mend = f"UPDATE records_chain SET length = 3, sealed_length = 3, head_hash = '{kept}'"
    assert tamper("DELETE FROM records_event WHERE seq = 4", mend) == [("RJ-1", 4, "event_missing")]


def test_a_changed_seal_is_found(db: None) -> None:
    fill()
    actions.due(NOW + timedelta(days=1))
    assert ("2026-03-05", 0, "seal_changed") in tamper("UPDATE records_seal SET heads = '[]'")


@pytest.mark.parametrize("table", ["records_event", "records_seal"])
@pytest.mark.parametrize("verb", ["UPDATE {} SET key_id = 'x'", "DELETE FROM {}"])
def test_the_database_refuses(db: None, table: str, verb: str) -> None:
    fill()
    actions.due(NOW + timedelta(days=1))
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        run_sql(verb.format(table))
    assert (Event.objects.count(), Seal.objects.count()) == (4, 1)


def test_an_event_needs_a_transaction_and_flat_data(transactional_db: None) -> None:
    with pytest.raises(RuntimeError):
        actions.append("case", "RJ-1", "done", at=NOW)
    with pytest.raises(TypeError), transaction.atomic():
        actions.append("case", "RJ-1", "done", at=NOW, data={"story": ["x"]})
    assert not Chain.objects.exists()


def test_access_is_noted_once_an_hour(db: None) -> None:
    who = "7c1f3f5e-0d0f-4a5e-9f5e-2f6f8f1d1a11"
    for minutes in (0, 10, 40):
        actions.note_access(who, "RJ-1", "story", now=NOW + timedelta(minutes=minutes))
    assert Access.objects.count() == 2


def test_the_command_answers_by_its_exit_code(db: None) -> None:
    fill()
    out = io.StringIO()
    call_command("verify_records", "--json", "--case", "RJ-1", stdout=out)
    assert json.loads(out.getvalue())["whole"] is True
    with pytest.raises(CommandError) as refused:
        call_command("verify_records", "--case", "RJ-none")
    assert refused.value.returncode == 2
    tamper("UPDATE records_event SET code = 'x' WHERE seq = 2")
    out = io.StringIO()
    with pytest.raises(SystemExit) as broken:
        call_command("verify_records", stdout=out)
    assert broken.value.code == 1
    assert "RJ-1 #2: event_changed" in out.getvalue()
