"""Announcing that coordinators step back, and calling it off: who may, and within which days."""

from datetime import date

import pytest
from django.test import Client
from django.utils import timezone

from communities.actions import absences
from communities.models import Absence, Community
from communities.rules import Span, earliest_absence, spans_of
from moves.core import Blocked, Hidden
from notices.models import Notice
from people.models import Person
from tests.communities.people import DAY, make_home
from tests.communities.test_recalling import in_office
from tests.factories import NOW, TODAY, make_community, make_coordinator, make_person

pytestmark = pytest.mark.django_db
FIRST = TODAY + 14 * DAY


def home_of_coordinator() -> tuple[Community, list[Person], Person]:
    home, people = make_home(3)
    return home, people, make_coordinator(home)


def announce(home: Community, by: Person, first: date = FIRST, days: int = 14) -> Absence:
    return absences.announce_absence(
        home, by=by, now=NOW, from_on=first, until=first + (days - 1) * DAY
    )


def test_a_coordinator_announces_it_and_every_member_is_told() -> None:
    home, people, cole = home_of_coordinator()
    absence = announce(home, cole)
    told = set(Notice.objects.filter(code="absence_announced").values_list("person", flat=True))
    assert told == {cole.pk, *(one.pk for one in people)}
    assert (absence.from_on, absence.until) == (FIRST, FIRST + 13 * DAY)


def test_nobody_else_announces_it() -> None:
    home, people, _cole = home_of_coordinator()
    elsewhere = make_coordinator(make_community())
    in_office(home, people[0], "process_guardian")
    for person in (*people, elsewhere, make_person()):
        with pytest.raises(Hidden):
            announce(home, person)


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (FIRST - DAY, FIRST + 3 * DAY),
        (FIRST, FIRST + 14 * DAY),
        (FIRST, FIRST - DAY),
        (TODAY - DAY, TODAY - DAY),
    ],
)
def test_not_too_soon_and_not_too_long(first: date, last: date) -> None:
    home, _people, cole = home_of_coordinator()
    with pytest.raises(Blocked, match="absence_out_of_bounds"):
        absences.announce_absence(home, by=cole, now=NOW, from_on=first, until=last)


def test_two_never_overlap_and_lie_apart() -> None:
    home, _people, cole = home_of_coordinator()
    announce(home, cole)
    with pytest.raises(Blocked, match="absence_announced") as refused:
        announce(home, cole, FIRST + 100 * DAY)
    back = FIRST + 14 * DAY
    assert refused.value.obstacles[0].clears_on == back
    later = NOW + 30 * DAY
    soon, in_time = back + 89 * DAY, back + 90 * DAY
    with pytest.raises(Blocked, match="absence_out_of_bounds"):
        absences.announce_absence(home, by=cole, now=later, from_on=soon, until=soon)
    absences.announce_absence(home, by=cole, now=later, from_on=in_time, until=in_time)


def test_a_charter_can_forbid_it() -> None:
    home, _people = make_home(3, rules={"absence_days": 0})
    with pytest.raises(Blocked, match="absence_not_allowed"):
        announce(home, make_coordinator(home))


def test_a_coordinator_or_an_auditor_calls_it_off_and_it_ends_at_once() -> None:
    home, people, cole = home_of_coordinator()
    in_office(home, people[0], "auditor")
    for by in (cole, people[0]):
        absence = announce(home, cole)
        for other in (people[1], make_person()):
            with pytest.raises(Hidden):
                absences.call_off_absence(home, by=other, now=NOW)
        absences.call_off_absence(home, by=by, now=NOW)
        assert not home.absences.running(FIRST).exists()
        assert Absence.objects.get(pk=absence.pk).span == Span(FIRST, FIRST)
    with pytest.raises(Hidden):
        absences.call_off_absence(home, by=cole, now=NOW)


def test_called_off_while_it_runs_they_are_back_that_day() -> None:
    home, _people, cole = home_of_coordinator()
    announce(home, cole)
    absences.call_off_absence(home, by=cole, now=NOW + 20 * DAY)
    absence = Absence.objects.get()
    assert absence.back_on == TODAY + 20 * DAY
    assert not home.absences.running(TODAY + 20 * DAY).exists()


def test_the_page_says_it_to_everybody_who_belongs_here() -> None:
    home, people, cole = home_of_coordinator()
    first = timezone.localdate() + 14 * DAY
    home.memberships.filter(role="coordinator").update(until=first + 90 * DAY)
    absences.announce_absence(home, by=cole, now=timezone.now(), from_on=first, until=first)
    client = Client()
    client.force_login(people[0])
    page = client.get(f"/communities/{home.slug}/").content.decode()
    assert "Coordinators step back" in page
    assert "announce_absence" not in page
    assert f"/figures/{home.slug}/absences/" in page


@pytest.mark.parametrize(("days", "said"), [(13, "a later day"), (14, ""), (30, "")])
def test_the_form_begins_with_the_soonest_days(days: int, said: str) -> None:
    home, _people, cole = home_of_coordinator()
    today = timezone.localdate()
    home.memberships.filter(role="coordinator").update(until=today + 90 * DAY)
    client = Client()
    client.force_login(cole)
    url = f"/communities/{home.slug}/community/{home.slug}/announce_absence/"
    assert f'value="{today + 14 * DAY}"' in client.get(url).content.decode()
    first = today + days * DAY
    answer = client.post(url, {"from_on": first.isoformat(), "until": first.isoformat()})
    assert answer.status_code == (422 if said else 302)
    assert said in answer.content.decode()


def test_as_rules_alone() -> None:
    spans = [Span(TODAY, TODAY + 5 * DAY), Span(TODAY + 9 * DAY, TODAY + 9 * DAY)]
    assert earliest_absence(spans, on=TODAY, notice=7, apart=28) == TODAY + 33 * DAY
    assert earliest_absence(spans[1:], on=TODAY, notice=7, apart=28) == TODAY + 7 * DAY
    assert spans_of(spans, since=TODAY + 2 * DAY) == ((TODAY + 2 * DAY, TODAY + 5 * DAY),)
    assert spans_of(spans, since=TODAY + 5 * DAY) == ()
