"""Telling many people the same in a few statements."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from notices.actions import tell_many
from notices.models import Delivery, Notice
from tests.factories import NOW, make_person

pytestmark = pytest.mark.django_db


def test_each_is_told_once_and_outside_only_by_their_choice() -> None:
    people = [make_person() for _number in range(3)]
    people[1].reach, people[1].contact = "email", "two@example.org"
    people[1].save()
    people[2].reach = "email"
    people[2].save()
    ids = [one.pk for one in people]
    assert tell_many(ids[:2], "news", reference="", key="k", now=NOW, what="it") == 2
    assert tell_many([*ids, *ids], "news", reference="", key="k", now=NOW) == 1
    assert Notice.objects.filter(code="news").count() == 3
    assert Notice.objects.get(person=people[0]).params == {"what": "it"}
    assert [one.notice.person for one in Delivery.objects.all()] == [people[1]]


def test_many_take_as_many_statements_as_few() -> None:
    counted = []
    for size in (2, 60):
        ids = [make_person().pk for _number in range(size)]
        with CaptureQueriesContext(connection) as queries:
            tell_many(ids, "news", reference="", key=str(size), now=NOW)
        counted.append(len(queries))
    assert counted[0] == counted[1]
