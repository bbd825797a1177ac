"""How long the pages people open most take the server, with very many cases on SQLite.

The data is that of ``load_bulk``, in a temporary database. Each page is asked for through the
whole of Django (middleware, session, templates) by a person it is for, and is measured beside a
floor in the same run: a bare view without middleware that reads the same number of rows with
one minimal statement, opens their titles and prints them.
"""

import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.report import Options, Report

ROOT = Path(__file__).resolve().parents[1]
SIZE = 10_000
ASKED = 40  # times for each run that --runs asks for


def run(options: Options) -> Report:
    """Load SIZE cases into a database of its own, ask for each page, and report p50 and p95."""
    size = options.size or SIZE
    with tempfile.TemporaryDirectory(prefix="amends-bench-") as folder:
        env = {
            **os.environ, "AMENDS_TESTING": "1", "VAR_DIR": folder,
            "DATABASE_URL": f"sqlite:///{folder}/bench.sqlite3",
            "DJANGO_SETTINGS_MODULE": "config.settings",
        }  # fmt: skip
        done = subprocess.run(
            [sys.executable, "-m", "bench.pages", str(size), str(ASKED * options.runs)],
            cwd=ROOT, env=env, capture_output=True, text=True, check=False,
        )  # fmt: skip
    if done.returncode:
        raise RuntimeError(done.stderr)
    figures = json.loads(done.stdout.splitlines()[-1])
    columns = ("p50", "p95", "floor_p50", "floor_p95")
    lines = [
        [page, *(f"{found[name]:.1f}" for name in columns), str(found["queries"])]
        for page, found in figures["pages"].items()
    ]
    loaded = figures["loaded"]
    return Report(
        title=f"Pages at {size:,} cases on SQLite (milliseconds of the server, by the clock)",
        heading=["page", "p50", "p95", "floor p50", "floor p95", "queries"],
        lines=lines,
        remarks=[
            f"load_bulk: {loaded['cpu']:.0f} s of CPU, {loaded['clock']:.0f} s by the clock, "
            f"{loaded['megabytes']:.0f} MB",
        ],
        figures=figures,
    )


def main(size: int, times: int) -> None:
    """In a process of its own: load, ask, and print the figures as the last line."""
    import django  # noqa: PLC0415

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415

    from bench.pages_asked import ask_for_each  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    clock, cpu = time.perf_counter(), _cpu()
    call_command("load_bulk", cases=size, verbosity=0)
    loaded = {
        "clock": time.perf_counter() - clock,
        "cpu": _cpu() - cpu,
        "megabytes": Path(os.environ["VAR_DIR"], "bench.sqlite3").stat().st_size / 1e6,
    }
    print(json.dumps({"size": size, "loaded": loaded, "pages": ask_for_each(times)}))


def _cpu() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_utime


def milliseconds(ask: Callable[[], Any], times: int) -> tuple[float, float]:
    """Return the median and the 95th percentile of so many times, after two that do not count."""
    ask()
    ask()
    taken = []
    for _again in range(times):
        began = time.perf_counter()
        ask()
        taken.append((time.perf_counter() - began) * 1000)
    return statistics.median(taken), statistics.quantiles(taken, n=20)[-1]


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
