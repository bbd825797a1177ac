"""The server says whether it is up and ready."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from communities.models import Community
from desk import health

from .conftest import make_case

pytestmark = pytest.mark.django_db


def test_up(client: Client, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"ok": True})


def test_ready(client: Client, community: Community) -> None:
    make_case(community)
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json() == {
        "ok": True, "database": True, "migrations": True, "keys": True, "storage": True
    }  # fmt: skip


def test_not_ready_without_the_keys_of_the_record(
    client: Client, community: Community, settings: Any
) -> None:
    make_case(community)
    settings.RECORD_KEYS = "other:" + "22" * 32
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["keys"] is False
    settings.RECORD_KEYS = ""
    assert client.get("/readyz").json()["keys"] is False


def test_not_ready_where_files_cannot_be_written(
    client: Client, settings: Any, tmp_path: Path
) -> None:
    (tmp_path / "media").write_text("a file where the folder should be")
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["storage"] is False


def test_not_ready_with_a_pending_migration(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        health.MigrationExecutor, "migration_plan", lambda self, targets: [("one", False)]
    )
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["migrations"] is False
