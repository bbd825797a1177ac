"""A person's news: their own, in words, and marked as read by a POST."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from communities.models import Community
from notices.actions import tell
from notices.models import Notice

from .conftest import make_case, make_person

pytestmark = pytest.mark.django_db


def test_only_ones_own_in_words(client: Client, community: Community) -> None:
    hana, remi = make_person("hana"), make_person("remi")
    case = make_case(community, harmed=hana, state="mediation")
    tell(hana, "stage_frozen", case_reference=case.reference, key="1", now=timezone.now())
    tell(remi, "case_closed", case_reference="RJ-CCCC-DDDD", key="2", now=timezone.now())
    client.force_login(hana)
    text = client.get("/notices/").content.decode()
    assert "Everything is on hold for now." in text
    assert f"/cases/{case.reference}/" in text
    assert "RJ-CCCC-DDDD" not in text


def test_news_of_a_case_one_may_no_longer_open_does_not_name_it(
    client: Client, community: Community
) -> None:
    hana, case = make_person("hana"), make_case(community)
    tell(hana, "stage_frozen", case_reference=case.reference, key="1", now=timezone.now())
    client.force_login(hana)
    text = client.get("/notices/").content.decode()
    assert "Everything is on hold for now." in text
    assert case.reference not in text


def test_news_without_words_says_only_that_there_is(client: Client) -> None:
    hana = make_person("hana")
    tell(hana, "something_new", case_reference="", key="1", now=timezone.now())
    client.force_login(hana)
    text = client.get("/notices/").content.decode()
    assert "There is news for you." in text
    assert "something_new" not in text


def test_read_marks_ones_own_only(client: Client) -> None:
    hana, remi = make_person("hana"), make_person("remi")
    tell(hana, "stage_frozen", case_reference="", key="1", now=timezone.now())
    tell(remi, "stage_frozen", case_reference="", key="2", now=timezone.now())
    client.force_login(hana)
    assert client.get("/notices/read/").status_code == 405
    assert client.post("/notices/read/").status_code == 302
    assert Notice.objects.get(person=hana).read_at is not None
    assert Notice.objects.get(person=remi).read_at is None


def test_nobody_signed_in_is_sent_to_sign_in(client: Client) -> None:
    for answer in (client.get("/notices/"), client.post("/notices/read/")):
        assert answer.status_code == 302
        assert answer["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("number", [1, 30])
def test_as_many_queries_for_thirty_as_for_one(
    client: Client, number: int, django_assert_max_num_queries: Any
) -> None:
    hana = make_person("hana")
    for one in range(number):
        tell(hana, "stage_frozen", case_reference="", key=str(one), now=timezone.now())
    client.force_login(hana)
    with django_assert_max_num_queries(6):
        client.get("/notices/")
