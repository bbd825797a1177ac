"""People and cases around a desk."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from cases.actions import NewParty, open_case, place_in
from cases.models import Case
from communities.charter import Charter
from communities.models import Community, Membership
from people.models import Licence, Person


@pytest.fixture(autouse=True)
def own_folders(settings: Any, tmp_path: Path) -> None:
    """Collected and uploaded files lie in a folder of the test."""
    settings.STATIC_ROOT = tmp_path
    default = settings.STORAGES["default"] | {"OPTIONS": {"location": tmp_path / "media"}}
    settings.STORAGES = settings.STORAGES | {"default": default}


@pytest.fixture
def today() -> date:
    return timezone.localdate()


@pytest.fixture
def community(db: Any) -> Community:
    place = Community.objects.create(slug="birch", name="Birch Street")
    place.charters.create(number=1, rules=Charter(danger_now="Ring the fire bell.").as_data())
    return place


def make_person(username: str, **fields: Any) -> Person:
    return Person.objects.create_user(username, name=username.title(), **fields)


def make_coordinator(community: Community, username: str = "cole") -> Person:
    person = make_person(username)
    Membership.objects.create(
        community=community,
        person=person,
        role="coordinator",
        until=timezone.localdate() + timedelta(days=100),
    )
    return person


def make_mediator(username: str = "mara") -> Person:
    person = make_person(username)
    today = timezone.localdate()
    Licence.objects.create(
        person=person, from_on=today - timedelta(days=10), until=today + timedelta(days=90)
    )
    return person


def make_case(
    community: Community,
    *,
    title: str = "The broken window",
    harmed: Person | None = None,
    responsible: Person | None = None,
    mediator: Person | None = None,
    state: str = "reported",
    days_ago: int = 0,
) -> Case:
    """Open a case and set its state by hand: a desk reads states, it does not reach them."""
    now = timezone.now()
    case = open_case(
        community=community,
        title=title,
        account="Somebody threw a stone.",
        parties=[
            NewParty(role="harmed", name="Hana", person=harmed),
            NewParty(role="responsible", name="Remi", person=responsible),
        ],
        by=None,
        now=now,
    )
    today = timezone.localdate()
    for person, role in ((harmed, "harmed"), (responsible, "responsible"), (mediator, "mediator")):
        if person is not None:
            place_in(case, person, role, today=today)
    since = today - timedelta(days=days_ago)
    Case.objects.filter(pk=case.pk).update(state=state, state_since=since)
    case.refresh_from_db()
    return case
