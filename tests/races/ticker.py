"""One of the processes of a race: python -m tests.races.ticker START_FILE MOMENT

Waits for the start, then ticks at that moment, as the others do. The database is the one of
DATABASE_URL.
"""

import json
import os
import sys
import time
from datetime import datetime
from pathlib import Path

import django


def run(start: Path, moment: datetime) -> dict[str, int]:
    """Tick once everybody is there; return what this process did, without what was nothing."""
    # Imported here because models need Django set up first.
    from journey import clock  # noqa: PLC0415

    start.with_suffix(f".{os.getpid()}").touch()
    until = time.monotonic() + 60
    while not start.exists() and time.monotonic() < until:
        time.sleep(0.005)
    return {kind: count for kind, count in clock.run(moment).items() if count}


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    print(json.dumps(run(Path(sys.argv[1]), datetime.fromisoformat(sys.argv[2]))))
