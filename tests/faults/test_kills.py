"""A process killed in the middle of an action leaves nothing half done."""

import signal
from itertools import pairwise

import pytest

from tests.faults.conftest import seen


@pytest.mark.parametrize("when", ["before", "after"])
def test_killed_around_the_event_nothing_was_done(database: str, when: str) -> None:
    found = seen(database, "kill", when)
    before, *after = found["saw"]
    assert found["ended"] == [-signal.SIGKILL] * 3
    assert before["breaks"] == 0
    assert after == [before] * 3


def test_not_killed_each_of_them_is_done_and_recorded(database: str) -> None:
    found = seen(database, "kill", "never")
    assert found["ended"] == [0, 0, 0]
    for before, after in pairwise(found["saw"]):
        assert after["events"] > before["events"]
        assert after["breaks"] == 0
