"""How much one address may send, whatever browser it uses, and what it is told then."""

from datetime import timedelta
from math import log2
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from cases.models import Case
from communities.models import Community
from desk import limits
from desk.models import LETTERS, Tries, new_code
from desk.rules import counted_as

from .test_public import send, told

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_five_past(community: Community) -> Any:
    """Stay in one hour, whatever the clock says."""
    moment = timezone.now().replace(minute=5, second=0, microsecond=0)
    with time_machine.travel(moment, tick=False) as clock:
        yield clock


def from_(address: str) -> Client:
    """Return a new browser at this address."""
    return Client(REMOTE_ADDR=address)


def report(address: str, place: Community, **more: Any) -> Any:
    return from_(address).post("/report/", told(place, **more))


def guess(address: str, code: str = "") -> int:
    return from_(address).post("/receipt/", {"code": code or new_code()}).status_code


def test_a_new_browser_at_the_same_address_starts_no_new_count(community: Community) -> None:
    statuses = [report("192.0.2.1", community).status_code for _n in range(11)]
    assert statuses == [200] * 10 + [429]
    assert Case.objects.count() == 10
    assert report("192.0.2.2", community).status_code == 200


def test_who_has_to_wait_is_told_what_to_do_and_keeps_their_words(community: Community) -> None:
    words = "They took <b>my</b> bicycle & my key."
    for _number in range(10):
        report("192.0.2.1", community)
    answer = report("192.0.2.1", community, happened=words)
    text = answer.content.decode()
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) == 55 * 60
    assert "go to a coordinator or a mediator you know" in text
    assert "Ring the fire bell." in text
    assert "They took &lt;b&gt;my&lt;/b&gt; bicycle &amp; my key." in text
    assert words not in {case.account for case in Case.objects.all()}


def test_everybody_together_has_a_cap_that_one_address_cannot_fill(
    community: Community, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "REPORTS", limits.Limit("reports", each=2, everybody=4))
    assert [report("192.0.2.1", community).status_code for _n in range(6)] == [200] * 2 + [429] * 4
    assert [report("192.0.2.2", community).status_code for _n in range(2)] == [200] * 2
    assert report("192.0.2.3", community).status_code == 429


def test_the_count_begins_anew_each_hour_and_nothing_of_the_old_one_stays(
    community: Community, at_five_past: Any
) -> None:
    for _number in range(11):
        report("192.0.2.1", community)
    old = set(Tries.objects.values_list("digest", flat=True))
    at_five_past.shift(timedelta(hours=1))
    assert report("192.0.2.1", community).status_code == 200
    assert old
    assert old.isdisjoint(Tries.objects.values_list("digest", flat=True))


def test_no_address_is_stored(community: Community) -> None:
    report("192.0.2.77", community)
    assert "192.0.2.77" not in str(list(Tries.objects.values()))
    assert all(len(row.digest) == 64 for row in Tries.objects.all())


def test_wrong_codes_from_one_address_stop_and_then_no_code_opens(community: Community) -> None:
    code = send(from_("192.0.2.9"), community)
    assert [guess("192.0.2.1") for _n in range(21)] == [422] * 20 + [429]
    assert guess("192.0.2.1", code) == 429
    assert guess("192.0.2.2", code) == 200


def test_a_right_code_counts_as_no_try(community: Community) -> None:
    code = send(from_("192.0.2.9"), community)
    assert {guess("192.0.2.1", code) for _n in range(30)} == {200}


def test_a_code_cannot_be_guessed() -> None:
    code = new_code().replace("-", "")
    assert set(code) <= set(LETTERS)
    assert len(code) * log2(len(LETTERS)) > 78
    assert len({new_code() for _n in range(1000)}) == 1000


@pytest.mark.parametrize(
    ("proxies", "said", "address"),
    [
        (0, "198.51.100.1", "127.0.0.1"),  # without a proxy, anybody writes what they like
        (1, "198.51.100.1", "198.51.100.1"),
        (1, "6.6.6.6, 198.51.100.1", "198.51.100.1"),
        (2, "6.6.6.6, 198.51.100.1, 10.0.0.1", "198.51.100.1"),
        (2, "198.51.100.1", "127.0.0.1"),
        (1, "no address", "127.0.0.1"),
        (1, "", "127.0.0.1"),
    ],
)
def test_the_address_is_the_one_our_own_proxy_saw(
    rf: Any, settings: Any, proxies: int, said: str, address: str
) -> None:
    settings.PROXIES = proxies
    assert limits.address_of(rf.get("/", headers={"X-Forwarded-For": said})) == address


@pytest.mark.parametrize(
    ("address", "whom"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("unix socket", "unix socket"),
    ],
)
def test_a_household_counts_as_one(address: str, whom: str) -> None:
    assert counted_as(address) == whom


def test_the_hour_ends_for_everybody_at_the_same_moment() -> None:
    assert limits.seconds_left(timezone.now()) == 55 * 60
