"""``python -m bench [NAME …] [--size N] [--full]``: measure, print a table, keep the figures.

Each bench is a module with ``run(options)``, which returns a ``Report``. Its figures go to
``bench/results/<name>.json``.
"""

import argparse
import json
import os
import platform
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from bench import deliberation, draw, pages
from bench.report import Options, Report

BENCHES: dict[str, Callable[[Options], Report]] = {
    "deliberation": deliberation.run,
    "draw": draw.run,
    "pages": pages.run,
}
RESULTS = Path(__file__).parent / "results"


def main() -> None:
    """Run the benches that are named, or all."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(BENCHES))
    parser.add_argument("--size", type=int, help="the largest amount of data to measure with")
    parser.add_argument("--runs", type=int, default=3, help="take the median of so many (3)")
    parser.add_argument("--full", action="store_true", help="also what takes many minutes")
    given = parser.parse_args()
    if unknown := [name for name in given.names if name not in BENCHES]:
        parser.error(f"no bench {', '.join(unknown)}; there are: {', '.join(BENCHES)}")
    options = Options(size=given.size, runs=max(1, given.runs), full=given.full)
    RESULTS.mkdir(exist_ok=True)
    for name in given.names or BENCHES:
        report = BENCHES[name](options)
        print(report.table(), flush=True)
        document = {
            "bench": name,
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
            "python": platform.python_version(),
            "machine": platform.machine(),
            "cores": os.cpu_count(),
            "figures": report.figures,
        }
        (RESULTS / f"{name}.json").write_text(json.dumps(document, indent=2) + "\n")


if __name__ == "__main__":
    main()
