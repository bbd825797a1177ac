"""One of the processes of a race: python -m tests.races.racer START_FILE PERSON REFERENCE…

Waits for the start, then does the same move on every case as the others do, and prints what
became of each attempt as JSON. The database is the one of DATABASE_URL.
"""

import json
import os
import sys
import time
from collections import Counter
from pathlib import Path

import django


def run(start: Path, person_id: str, references: list[str]) -> dict[str, int]:
    """Do ``accept`` on each case; return how many attempts ended in which way."""
    # Imported here because models need Django set up first.
    from django.utils import timezone  # noqa: PLC0415

    from cases import actions  # noqa: PLC0415
    from cases.models import Case  # noqa: PLC0415
    from moves.core import Blocked  # noqa: PLC0415
    from people.models import Person  # noqa: PLC0415

    person = Person.objects.get(pk=person_id)
    cases = {case.reference: case for case in Case.objects.filter(reference__in=references)}
    ready = start.with_suffix(f".{os.getpid()}")
    ready.touch()
    until = time.monotonic() + 40
    while not start.exists() and time.monotonic() < until:
        time.sleep(0.005)
    ended: Counter[str] = Counter()
    for reference in references:
        try:
            actions.accept(cases[reference], by=person, now=timezone.now())
        except Blocked as error:
            ended[",".join(one.code for one in error.obstacles)] += 1
        except Exception as error:  # whatever else happens is what the race looks for
            ended[f"{type(error).__name__}: {error}"] += 1
        else:
            ended["won"] += 1
    return dict(ended)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    print(json.dumps(run(Path(sys.argv[1]), sys.argv[2], sys.argv[3:])))
