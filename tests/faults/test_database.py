"""When the database cannot be written: a plain answer, the words kept, and nothing half done."""

import json
from html import unescape
from typing import Any

import pytest

from tests.faults.conftest import seen
from tests.faults.scenes import WORDS

PLAIN = "Nothing was saved, and nothing was lost."


def check_page(page: dict[str, Any], words: str = WORDS) -> None:
    """A 503 in plain words, with what was typed still in the form, ready to be sent again."""
    text = unescape(page["text"])
    assert page["status"] == 503, text
    assert page["again"]
    assert PLAIN in text
    assert words in text
    assert "<b>still</b>" not in page["text"]
    assert "Traceback" not in text
    assert "locked" not in text


def test_a_lock_held_too_long_is_said_plainly_and_loses_nothing(sqlite: str) -> None:
    found = seen(sqlite, "lock")
    check_page(found["saw"]["page"])
    check_page(found["saw"]["report"])
    for name in ("api", "api once"):
        answer = found["saw"][name]
        assert (answer["status"], bool(answer["again"])) == (503, True)
        assert PLAIN in json.loads(answer["text"])["detail"]
    assert found["saw"]["reading"]["status"] == 200
    # Who opens a case in office is noted first: without the note, no page.
    assert found["saw"]["office"]["status"] == 503
    assert PLAIN in found["saw"]["office"]["text"]
    assert found["during"] == found["before"]
    assert found["before"]["breaks"] == 0
    assert found["again"] == [302, 200]
    assert found["after"]["notes"] == found["before"]["notes"] + 2
    assert found["after"]["breaks"] == 0


@pytest.mark.parametrize("scene", ["full", "no_room"])
def test_a_full_disk_is_said_plainly_and_leaves_nothing_half_done(sqlite: str, scene: str) -> None:
    found = seen(sqlite, scene)
    check_page(found["page"])
    check_page(found["report"])
    assert found["during"] == found["before"]
    assert found["before"]["breaks"] == 0
    assert found["again"] == 302
    assert found["after"]["notes"] == found["before"]["notes"] + 1
    assert found["after"]["breaks"] == 0
    assert seen(sqlite, "state") == found["after"]
