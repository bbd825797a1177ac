"""Without the right keys nothing starts and nothing is read, and it is said which is missing."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from cases.models import Case
from records.actions import verify
from records.sealed import Unreadable
from tests.factories import make_case, make_coordinator

ROOT = Path(__file__).resolve().parents[2]
WHOLE = {
    "SECRET_KEY": "55" * 32,
    "RECORD_KEYS": "k1:" + "66" * 32,
    "ALLOWED_HOSTS": "amends.example",
}
PYTHON = sys.executable
# What `make serve` does, in its order: collect the files, then let the server load the house.
COMMANDS = {
    "collectstatic": [PYTHON, "manage.py", "collectstatic", "--noinput", "--dry-run"],
    "gunicorn": [PYTHON, "-m", "gunicorn", "--check-config", "config.wsgi"],
    "migrate": [PYTHON, "manage.py", "migrate", "--check"],
    "check": [PYTHON, "manage.py", "check"],
}


def start(command: str, folder: Path, **keys: str) -> subprocess.CompletedProcess[str]:
    """Run a command as in production, with these settings and no others."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return subprocess.run(
        COMMANDS[command], cwd=ROOT, env={**kept, "VAR_DIR": str(folder), **keys},
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


@pytest.mark.parametrize("command", ["collectstatic", "gunicorn", "check"])
def test_with_every_key_it_starts(tmp_path: Path, command: str) -> None:
    ran = start(command, tmp_path, **WHOLE)
    assert ran.returncode == 0, ran.stderr


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("missing", WHOLE)
def test_without_a_key_nothing_starts_and_its_name_is_said(
    tmp_path: Path, command: str, missing: str
) -> None:
    ran = start(command, tmp_path, **{name: key for name, key in WHOLE.items() if name != missing})
    assert ran.returncode != 0
    assert f"{missing} is not set." in ran.stderr
    assert not {WHOLE[name] for name in WHOLE if WHOLE[name] in ran.stderr + ran.stdout}


@pytest.mark.parametrize("command", ["collectstatic", "gunicorn"])
@pytest.mark.parametrize("wrong", ["k1:short", "66" * 32, "k1:" + "zz" * 32])
def test_with_a_malformed_key_nothing_starts(tmp_path: Path, command: str, wrong: str) -> None:
    ran = start(command, tmp_path, **WHOLE | {"RECORD_KEYS": wrong})
    assert ran.returncode != 0
    assert "RECORD_KEYS" in ran.stderr
    assert wrong not in ran.stderr


@pytest.mark.django_db
@pytest.mark.parametrize("keys", ["test:" + "77" * 32, "other:" + "77" * 32])
def test_with_another_key_nothing_is_read_and_the_server_is_not_ready(
    settings: Any, keys: str
) -> None:
    """Even under the same name: what was sealed with one key opens with no other."""
    case = make_case()
    client = Client(raise_request_exception=False)
    client.force_login(make_coordinator(case.community))
    settings.RECORD_KEYS = keys
    with pytest.raises(Unreadable):
        _ = Case.objects.get(pk=case.pk).account
    answer = client.get(case.get_absolute_url())
    assert answer.status_code in (404, 500)
    assert "panes were broken" not in answer.content.decode()
    assert verify()["breaks"]
    ready = Client().get("/readyz")
    assert (ready.status_code, ready.json()["keys"]) == (503, False)
