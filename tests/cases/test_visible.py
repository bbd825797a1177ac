"""Who sees which case: the sets of ``querysets`` and the answer of ``access`` are one rule."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission

from cases import actions
from cases.access import standing
from cases.models import Case, Party
from communities.models import Membership
from journey import actions as journey
from people.models import Person, Tie
from tests.factories import NOW, TODAY, make_case_in_screening, make_coordinator, make_person

pytestmark = pytest.mark.django_db

YESTERDAY = TODAY - timedelta(days=1)


def sees(person: Person) -> set[Any]:
    """Return the cases somebody sees, by every way to ask, which must agree."""
    seen = set(Case.objects.visible_to(person, today=TODAY))
    listed = set(Case.objects.held_by(person, today=TODAY))
    listed |= set(Case.objects.steered_by(person, today=TODAY))
    assert seen == listed
    opened = {case for case in Case.objects.all() if standing(person, case, today=TODAY).may_see}
    assert seen == opened
    # As a page asks, which has read who they are in communities, and whether ways parted.
    offices = Membership.objects.offices_of(person, TODAY)
    paged = {
        case
        for case in Case.objects.with_partings()
        if standing(person, case, today=TODAY, offices=offices).may_see
    }
    assert seen == paged
    return seen


def root() -> Person:
    """A superuser with every model-wide permission there is."""
    person = make_person("Root", is_superuser=True, is_staff=True)
    person.user_permissions.set(Permission.objects.all())
    return Person.objects.get(pk=person.pk)


def test_a_superuser_sees_no_case() -> None:
    case, mediator = make_case_in_screening()
    assert sees(mediator) == {case}
    assert sees(root()) == set()
    # Nor one in which a place of theirs has ended.
    adam = root()
    place = actions.place_in(case, adam, "mediator", today=YESTERDAY, until=YESTERDAY)
    assert place.pk
    assert sees(adam) == set()


def test_a_superuser_sees_a_case_as_anybody_by_a_place_of_their_own_and_no_other() -> None:
    case, _mediator = make_case_in_screening()
    make_case_in_screening()
    adam = root()
    actions.place_in(case, adam, "interpreter", today=TODAY)
    assert sees(adam) == {case}


@pytest.fixture
def parted() -> tuple[Case, Case, Party]:
    """A case and the one that was split from it, with the party who left."""
    case, mediator = make_case_in_screening()
    second = make_person("Rurik", contact_kind="phone", contact="+44 7700 900002")
    leaving = Party.objects.create(case=case, person=second, role="responsible")
    cole = make_coordinator(case.community)
    new = journey.split(case, by=cole, now=NOW, party=str(leaving.pk), reason="Their ways part.")
    assert sees(cole) == {Case.objects.get(pk=case.pk), new}
    assert sees(mediator) == {Case.objects.get(pk=case.pk)}
    return Case.objects.get(pk=case.pk), new, Party.objects.get(pk=leaving.pk)


@pytest.mark.parametrize("tied_to", ["leaving", "staying"])
def test_a_tie_in_a_linked_case_is_a_tie_in_both(
    parted: tuple[Case, Case, Party], tied_to: str
) -> None:
    case, new, leaving = parted
    staying = case.parties.get(role="responsible")
    other = leaving.person if tied_to == "leaving" else staying.person
    cole = case.community.memberships.get(role="coordinator").person
    mediator = case.participations.get(role="mediator").person
    for office in (cole, mediator):
        Tie.objects.create(one=other, other=office, kind="kin", from_on=YESTERDAY)
    assert sees(cole) == set()
    assert sees(mediator) == set()
    Tie.objects.update(until=YESTERDAY)
    assert sees(cole) == {case, new}
    assert sees(mediator) == {case}


def test_cases_split_from_the_same_one_are_one_harm_too(
    parted: tuple[Case, Case, Party],
) -> None:
    case, _new, _leaving = parted
    cole = case.community.memberships.get(role="coordinator").person
    third = Party.objects.create(case=case, person=make_person("Third"), role="responsible")
    newest = journey.split(case, by=cole, now=NOW, party=str(third.pk), reason="Again.")
    assert len(sees(cole)) == 3
    Tie.objects.create(one=cole, other=third.person, kind="work", from_on=YESTERDAY)
    assert newest.split_from_id == case.pk
    assert sees(cole) == set()


def test_who_stood_beside_somebody_once_keeps_nothing_of_it_in_an_office() -> None:
    case, mediator = make_case_in_screening()
    harmed = case.parties.get(role="harmed")
    someone = make_person("Sami")
    actions.place_in(case, someone, "supporter", today=YESTERDAY, beside=harmed, until=YESTERDAY)
    actions.place_in(case, someone, "mediator", today=TODAY)
    assert sees(someone) == {case}
    Tie.objects.create(one=someone, other=harmed.person, kind="friendship", from_on=YESTERDAY)
    assert sees(someone) == set()
    assert sees(mediator) == {case}


def test_a_supporter_with_a_tie_keeps_their_place() -> None:
    case, _mediator = make_case_in_screening()
    harmed = case.parties.get(role="harmed")
    sami = make_person("Sami")
    Tie.objects.create(one=sami, other=harmed.person, kind="friendship", from_on=YESTERDAY)
    actions.place_in(case, sami, "supporter", today=TODAY, beside=harmed)
    assert sees(sami) == {case}


def test_a_named_party_holds_no_office_before_anybody_spoke_with_them() -> None:
    case, _mediator = make_case_in_screening()
    remi = case.parties.get(role="responsible").person
    term = {"from_on": YESTERDAY, "until": TODAY + timedelta(days=300)}
    case.community.memberships.create(person=remi, role="coordinator", **term)
    actions.place_in(case, remi, "mediator", today=TODAY)
    assert sees(remi) == set()


def test_somebody_inactive_sees_nothing() -> None:
    case, mediator = make_case_in_screening()
    Person.objects.filter(pk=mediator.pk).update(is_active=False)
    gone = Person.objects.get(pk=mediator.pk)
    assert not Case.objects.visible_to(gone, today=TODAY).exists()
    assert not standing(gone, case, today=TODAY).may_see
