"""What every test shares: no network, and Debian's Chromium for the browser.

The database comes from DATABASE_URL. pytest-django reads the settings before this file, so
the caller sets it: `make test` unsets it (SQLite), test_on_postgres.py points it at its server.
"""

import gc
import ipaddress
import os
import shutil
import socket
from collections.abc import Iterator
from typing import Any

import pytest
from _pytest.runner import runtestprotocol
from django.db import connection
from django.test import TransactionTestCase
from django.utils import translation
from hypothesis import settings

from records.triggers import lifted

# Playwright keeps an event loop running in the test's thread; Django would then refuse every
# query there, although nothing runs beside it.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")

# Long tests, which go first, so that none is still running when everything else is done. With
# --dist worksteal the second worker begins in the middle, and takes over from the first's end.
LONG = (
    "test_on_postgres.py", "test_every_move.py", "test_placement_machine.py",
    "test_council_machine.py",
)  # fmt: skip

# Names for --hypothesis-profile; tests/machines/walks.py says what they mean.
for profile in ("short", "long"):
    settings.register_profile(profile, settings())

# The one without windows starts a page three times as fast; both show it the same.
CHROMIUM = (
    shutil.which("chromium-headless-shell") or shutil.which("chromium") or "/usr/bin/chromium"
)
CHROMIUM_ARGS = [
    "--no-sandbox",  # Chromium's sandbox does not start as root
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # What a page looks like to axe needs no second process to paint it, nor one for each site.
    "--disable-gpu",
    "--disable-software-rasterizer",
    "--disable-site-isolation-trials",
    "--disable-features=site-per-process,Translate,OptimizationHints,MediaRouter",
    # The socket guard below does not reach another process, so names do not resolve there.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: item.path.name not in LONG)


def pytest_collection_finish() -> None:
    """Look for garbage less often: all that was imported stays, and a test leaves little behind."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


def _run(item: pytest.Item, nextitem: pytest.Item | None) -> None:
    runtestprotocol(item, nextitem=nextitem)


# CPython 3.11 keeps the frames of calls in pieces of 16 kB, and asks the system for a piece, and
# gives it back, every time the depth of calls crosses its border: an eighth of the suite's time. A
# frame that says it needs a large stack makes one piece large enough for everything called below.
_run.__code__ = _run.__code__.replace(co_stacksize=2**17)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> bool:
    """Run a test as pytest does, with room for its calls."""
    item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
    _run(item, nextitem)
    item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
    return True


class NetworkUsed(AssertionError):
    """A test tried to reach another machine."""


def is_local(family: int, address: Any) -> bool:
    """Say whether connecting to this address stays on this machine."""
    if family == getattr(socket, "AF_UNIX", None):
        return True
    if family not in (socket.AF_INET, socket.AF_INET6):
        return False
    host = address[0]
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@pytest.fixture(scope="session", autouse=True)
def no_network() -> Iterator[None]:
    """Let sockets connect to this machine only; anything else raises NetworkUsed."""
    connect, connect_ex = socket.socket.connect, socket.socket.connect_ex

    def guarded(real: Any) -> Any:
        def call(self: socket.socket, address: Any) -> Any:
            if not is_local(self.family, address):
                raise NetworkUsed(f"a test tried to connect to {address!r}")
            return real(self, address)

        return call

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded(connect))
        patch.setattr(socket.socket, "connect_ex", guarded(connect_ex))
        yield


@pytest.fixture(autouse=True)
def own_language() -> Iterator[None]:
    """Let no test read what it checks in the language that an earlier one's last page was in."""
    translation.deactivate()
    yield
    translation.deactivate()


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict) -> dict:
    """Launch Debian's Chromium instead of one that Playwright downloads."""
    return {
        **browser_type_launch_args,
        "executable_path": CHROMIUM,
        "args": [*browser_type_launch_args.get("args", []), *CHROMIUM_ARGS],
    }


@pytest.fixture(scope="session", autouse=True)
def flush_may_empty_the_record() -> Iterator[None]:
    """The flush between transactional tests empties tables the database keeps append-only."""
    flush = TransactionTestCase._fixture_teardown

    def teardown(self: TransactionTestCase) -> None:
        with lifted(connection):
            flush(self)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", teardown)
        yield
