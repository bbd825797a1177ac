"""How long the portfolio of a draw takes, and how much memory, beside the field's own library.

Each measurement is a process of its own, bound to one core: its CPU time from people to
portfolio, and by how much its memory peaks above what it had before. The library is asked for
its lottery only, not for rounding it to panels.
"""

import csv
import importlib.metadata
import json
import math
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from bench.report import Options, Report

DATA = Path(__file__).resolve().parents[1] / "tests" / "data" / "draw"
POOLS = ("pool_150_7", "pool_300_7", "pool_1000_12", "pool_2000_12")
LIBRARY = "sortition-algorithms"
PATIENCE = 60  # seconds by the clock for one run of the library, unless --full
WITH_FULL = 3600


class Measured(NamedTuple):
    """CPU seconds, peak memory above the start in MB, and the smallest chance found."""

    seconds: float
    megabytes: float
    min_chance: float


def run(options: Options) -> Report:
    """Measure every pool with ours, with the household rule, and with the library."""
    patience = WITH_FULL if options.full else PATIENCE
    engines = {"ours": WITH_FULL, "ours-household": WITH_FULL}
    version = _version()
    if version:
        engines["library"] = patience
    figures: dict[str, dict[str, Any]] = {engine: {} for engine in engines}
    for engine, limit in engines.items():
        gave_up = False
        for pool in POOLS:
            # Pools grow: what was too slow for one is too slow for the next.
            measured = None if gave_up else _median(engine, pool, options, limit)
            gave_up = measured is None
            figures[engine][pool] = measured._asdict() if measured else None
    lines = [_line(pool, figures, version, patience) for pool in POOLS]
    remarks = [
        f"{engine}: CPU time grows with people to the power {exponent:.2f}"
        for engine in figures
        if (exponent := _exponent(figures[engine])) is not None
    ]
    return Report(
        title=f"Portfolio of a draw: CPU seconds and MB above the start, median of {options.runs}, "
        "one core",
        heading=["people / seats", "ours", "MB", "one per household", "MB", LIBRARY, "MB", "best"],
        lines=lines,
        remarks=remarks,
        figures={**figures, "library_version": version},
    )


def _line(
    pool: str, figures: dict[str, dict[str, Any]], version: str | None, patience: int
) -> list[str]:
    cells = [" / ".join(pool.split("_")[1:])]
    for engine in ("ours", "ours-household", "library"):
        measured = figures.get(engine, {}).get(pool)
        if measured:
            cells += [f"{measured['seconds']:.2f}", f"{measured['megabytes']:.0f}"]
        elif engine == "library" and version is None:
            cells += ["not installed", "-"]
        else:
            limit = patience if engine == "library" else WITH_FULL
            cells += [f"over {limit} s", "-"]
    measured = figures["ours"][pool]
    best = json.loads((DATA / pool / "expected.json").read_text())["maximin_min_probability"]
    share = measured["min_chance"] / best if measured else math.nan
    return [*cells, f"{share:.3%}"]


def _exponent(measured: dict[str, Any]) -> float | None:
    """Return the slope of log seconds over log people, by least squares."""
    points = [
        (math.log(int(pool.split("_")[1])), math.log(max(one["seconds"], 1e-3)))
        for pool, one in measured.items()
        if one
    ]
    if len(points) < 2:
        return None
    return statistics.linear_regression(*zip(*points, strict=True)).slope


def _version() -> str | None:
    try:
        return importlib.metadata.version(LIBRARY)
    except importlib.metadata.PackageNotFoundError:
        return None


def _median(engine: str, pool: str, options: Options, limit: float) -> Measured | None:
    """Return the medians over the runs; None as soon as one run takes longer than ``limit``."""
    runs = 1 if engine == "library" and not options.full else options.runs
    found = []
    for _run in range(runs):
        try:
            done = subprocess.run(
                [sys.executable, "-m", "bench.draw", engine, pool],
                env={**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
                check=True,
                capture_output=True,
                text=True,
                timeout=limit,
            )
        except subprocess.TimeoutExpired:
            return None
        found.append(Measured(**json.loads(done.stdout.splitlines()[-1])))
    return Measured(*(statistics.median(values) for values in zip(*found, strict=True)))


def measure(engine: str, pool: str) -> Measured:
    """Measure one engine on one pool, in this process."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    work = ENGINES[engine](pool)
    before, start = _peak_megabytes(), time.process_time()
    chance = work()
    seconds = time.process_time() - start
    return Measured(round(seconds, 3), round(_peak_megabytes() - before, 1), chance)


def _peak_megabytes() -> float:
    """Return the most memory this process has held, in MB."""
    status = Path("/proc/self/status")
    if status.exists():
        # getrusage counts what the parent held before this program started, too.
        line = next(one for one in status.read_text().splitlines() if one.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024 * 1024 if sys.platform == "darwin" else 1024)


def _ours(pool: str, *, household: bool = False) -> Callable[[], float]:
    # Imported here, so that the parent process stays small.
    from councils import portfolio, roster  # noqa: PLC0415

    size = int(pool.split("_")[2])
    quotas = roster.read_quotas((DATA / pool / "categories.csv").read_bytes())
    people = roster.read_people(
        (DATA / pool / "respondents.csv").read_bytes(), quotas, household="household"
    )
    return lambda: portfolio.find(people, quotas, size, one_per_household=household).min_chance


def _library(pool: str) -> Callable[[], float]:
    # Installed for benchmarks only (requirements/bench.lock).
    import sortition_algorithms as theirs  # noqa: PLC0415
    from sortition_algorithms.committee_generation import (  # noqa: PLC0415
        find_distribution_maximin,
    )

    size = int(pool.split("_")[2])
    with (DATA / pool / "categories.csv").open(newline="") as file:
        rows = [
            {"feature": row["category"], "value": row["feature"], **_bounds(row)}
            for row in csv.DictReader(file)
        ]
    features, *_names = theirs.read_in_features(list(rows[0]), rows)
    settings = theirs.Settings(id_column="id", columns_to_keep=[])
    with (DATA / pool / "respondents.csv").open(newline="") as file:
        table = csv.DictReader(file)
        heading = list(table.fieldnames or ())
        people, _report = theirs.read_in_people(heading, list(table), features, settings)

    def work() -> float:
        panels, shares, _report = find_distribution_maximin(features, people, size, [])
        chances = dict.fromkeys(people, 0.0)
        for panel, share in zip(panels, shares, strict=True):
            for one in panel:
                chances[one] += share
        return min(chances.values())

    return work


def _bounds(row: dict[str, str]) -> dict[str, str]:
    return {"min": row["min"], "max": row["max"]}


ENGINES: dict[str, Callable[[str], Callable[[], float]]] = {
    "ours": _ours,
    "ours-household": lambda pool: _ours(pool, household=True),
    "library": _library,
}

if __name__ == "__main__":
    print(json.dumps(measure(sys.argv[1], sys.argv[2])._asdict()))
