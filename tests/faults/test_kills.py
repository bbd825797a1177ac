"""A process killed in the middle of an action leaves nothing half done."""

import signal

import pytest

from tests.faults.conftest import play, seen

ACTIONS = ("withdraw", "write", "accept")


@pytest.mark.parametrize("when", ["before", "after"])
def test_killed_around_the_event_nothing_was_done(database: str, when: str) -> None:
    before = seen(database, "state")
    assert before["breaks"] == 0
    for what in ACTIONS:
        assert play(database, "die", what, when).returncode == -signal.SIGKILL, what
    assert seen(database, "state") == before


def test_not_killed_each_of_them_is_done_and_recorded(database: str) -> None:
    events = seen(database, "state")["events"]
    for what in ACTIONS:
        after = seen(database, "die", what, "never")
        assert after["events"] > events, what
        assert after["breaks"] == 0
        events = after["events"]
