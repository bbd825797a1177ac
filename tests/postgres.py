"""A PostgreSQL server of our own, for the tests that must also hold there."""

import glob
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql

START_SECONDS = 60
ATTEMPTS = 3
USER = "amends"


class ServerFailed(Exception):
    """PostgreSQL did not start; the message holds what it said."""


def binaries() -> Path:
    """Return the folder of the newest PostgreSQL server here; ServerFailed if there is none."""
    found = sorted(
        (Path(path).parent for path in glob.glob("/usr/lib/postgresql/*/bin/initdb")),
        key=lambda folder: float(folder.parent.name),
    )
    if found:
        return found[-1]
    if anywhere := shutil.which("initdb"):
        return Path(anywhere).resolve().parent
    raise ServerFailed("No PostgreSQL server: apt-get install postgresql")


def _unprivileged() -> dict[str, object]:
    """Return how to start a process that is not root, which PostgreSQL refuses to be."""
    if os.geteuid() != 0:
        return {}
    names = {entry.pw_name: entry for entry in pwd.getpwall()}
    account = names.get("postgres") or names["nobody"]
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _stop(server: subprocess.Popen[bytes]) -> None:
    """Stop by process id: SIGINT drops connections and shuts down, SIGQUIT does not wait."""
    for how in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        if server.poll() is not None:
            return
        server.send_signal(how)
        try:
            server.wait(timeout=20)
        except subprocess.TimeoutExpired:
            continue


def _wait(server: subprocess.Popen[bytes], url: str, log: Path) -> None:
    """Return once the server answers; ServerFailed with its log when it ends or takes too long."""
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and server.poll() is None:
        try:
            psycopg.connect(url, connect_timeout=5).close()
        except psycopg.OperationalError:
            time.sleep(0.1)
        else:
            return
    raise ServerFailed(log.read_text(errors="replace"))


@contextmanager
def running_postgres() -> Iterator[str]:
    """Yield the postgres:// address of an empty database on a server that ends with the block.

    The server listens on a free loopback port, keeps its data in a temporary folder, asks for
    a password made for it, and does not wait for the disk. Raises ServerFailed.
    """
    programs = binaries()
    account = _unprivileged()
    password = secrets.token_hex(16)
    folder = Path(tempfile.mkdtemp(prefix="amends-postgres-"))
    try:
        password_file = folder / "password"
        password_file.write_text(password)
        if account:
            for path in (folder, password_file):
                os.chown(path, int(str(account["user"])), int(str(account["group"])))
        how = {
            "cwd": folder,
            "env": {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8"},
            "stdin": subprocess.DEVNULL,
            "stderr": subprocess.STDOUT,
            **account,
        }
        made = subprocess.run(
            [
                programs / "initdb",
                f"--pgdata={folder / 'data'}",
                f"--username={USER}",
                f"--pwfile={password_file}",
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale=C.UTF-8",
                "--no-sync",
            ],
            stdout=subprocess.PIPE,
            check=False,
            **how,
        )
        if made.returncode:
            raise ServerFailed(made.stdout.decode(errors="replace"))
        server, url = _start(programs, folder, password, how)
        try:
            yield url
        finally:
            _stop(server)
    finally:
        shutil.rmtree(folder)


def _start(
    programs: Path, folder: Path, password: str, how: dict
) -> tuple[subprocess.Popen[bytes], str]:
    """Start the server and make the database. Another process may take the port: then again."""
    failure = ServerFailed("never tried")
    for attempt in range(ATTEMPTS):
        port = _free_port()
        address = f"postgres://{USER}:{password}@127.0.0.1:{port}/"
        log = folder / f"log-{attempt}"
        with log.open("wb") as output:
            server = subprocess.Popen(
                [
                    programs / "postgres",
                    *("-D", folder / "data", "-p", str(port), "-F"),
                    *("-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="),
                ],
                stdout=output,
                **how,
            )
        try:
            _wait(server, address + "postgres", log)
            with psycopg.connect(address + "postgres", autocommit=True) as connection:
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(USER)))
        except ServerFailed as error:
            _stop(server)
            failure = error
        except BaseException:
            _stop(server)
            raise
        else:
            return server, address + USER
    raise failure
