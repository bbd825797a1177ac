"""Bulk data is like what people leave: every constraint holds, and every page reads it."""

import json
from collections import Counter
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from agreements.actions import text_digest
from agreements.models import Agreement, Commitment, Signature
from cases.access import sync_permissions
from cases.models import Case, CaseUserObjectPermission, Consent, Note, Participation, Party
from communities.models import Community, Membership
from journey import clock
from journey.management.commands._bulk_cases import AGREED, CLOSED, STAGES
from mediation.models import Mediation, Meeting
from people.models import Person
from records.actions import verify
from records.models import Event

pytestmark = pytest.mark.django_db

CASES = 160


@pytest.fixture
def loaded() -> None:
    call_command("load_bulk", cases=CASES, people=300, verbosity=0)


def test_everything_that_was_asked_for_is_there(loaded: None) -> None:
    assert Case.objects.count() == CASES
    assert Person.objects.count() == 300
    assert Community.objects.count() == 3
    assert set(Case.objects.values_list("state", flat=True)) == {
        "reported", "screening", "mediation", "council", "reparation", "closed",
    }  # fmt: skip
    assert set(Case.objects.exclude(outcome="").values_list("outcome", flat=True)) <= set(CLOSED)
    for model in (Party, Consent, Mediation, Meeting, Agreement, Commitment, Signature, Note):
        assert model.objects.exists(), model


def test_the_record_of_every_case_is_whole(loaded: None) -> None:
    found = verify()
    assert found["breaks"] == []
    assert found["chains"] == CASES
    assert found["events"] == Event.objects.count() > 10 * CASES
    for reference in Case.objects.values_list("reference", flat=True)[:20]:
        times = [one.at for one in Event.objects.filter(subject_id=reference).order_by("seq")]
        assert times == sorted(times)
        assert times[-1] <= timezone.now()


def test_what_is_sealed_is_sealed_and_opens(loaded: None) -> None:
    for model, name in ((Case, "account"), (Person, "contact"), (Note, "text")):
        [token] = model.objects.values_list(name, flat=True)[:1]
        assert str(token).startswith("v1.test.")
        assert getattr(model.objects.first(), name)


def test_permissions_are_what_the_places_give(loaded: None) -> None:
    def rows() -> list[tuple[object, ...]]:
        found = CaseUserObjectPermission.objects.order_by(
            "content_object_id", "user_id", "permission_id"
        )
        return list(found.values_list("content_object_id", "user_id", "permission_id", "until"))

    before = rows()
    for place in Participation.objects.select_related("case", "person"):
        sync_permissions(place.case, place.person)
    assert rows() == before


def test_a_signature_stands_under_the_words_of_its_agreement(loaded: None) -> None:
    for one in Signature.objects.select_related("agreement")[:10]:
        assert one.digest == text_digest(one.agreement)


def test_a_case_has_what_its_stage_has(loaded: None) -> None:
    for case in Case.objects.filter(state="closed", outcome="repaired"):
        [agreement] = Agreement.objects.filter(case=case)
        assert agreement.state == "fulfilled"
        assert {one.state for one in agreement.commitments.all()} == {"kept"}
        assert Mediation.objects.get(case=case).state == "agreed"
        assert (
            case.closed_on
            == Event.objects.get(subject_id=case.reference, code="case_closed").at.date()
        )
    for case in Case.objects.filter(state="reported"):
        assert not case.participations.exists()


def test_the_clock_finds_nothing_overdue_today(loaded: None) -> None:
    """No state of a case made today is one that time would have ended before."""
    done = clock.run(timezone.now())
    late = {name for name, count in done.items() if count}
    warned = {name for name in late if "warned" in name or "awaited" in name}
    assert late - warned <= {"sealed_days", "messages_sent"}


def test_the_pages_read_it(loaded: None, client: Client) -> None:
    coordinator = Membership.objects.filter(role="coordinator").first().person
    client.force_login(coordinator)
    assert client.get("/").status_code == 200
    for case in Case.objects.steered_by(coordinator, today=timezone.localdate())[:12]:
        assert client.get(reverse("cases:detail", args=[case.reference])).status_code == 200
        for party in case.parties.exclude(reached_on=None):
            client.force_login(party.person)
            assert client.get(reverse("cases:detail", args=[case.reference])).status_code == 200
        client.force_login(coordinator)


def facts() -> str:
    return json.dumps(
        [
            sorted(Person.objects.values_list("username", "name_index")),
            sorted(map(list, Case.objects.values_list("reference", "state", "outcome"))),
            sorted(str(pk) for pk in Party.objects.values_list("pk", flat=True)),
            sorted(Counter(Event.objects.values_list("code", flat=True)).items()),
        ]
    )


def test_the_same_seed_makes_the_same() -> None:
    told = []
    for seed in (1, 1, 2):
        with transaction.atomic():
            call_command("load_bulk", cases=30, people=40, seed=seed, verbosity=0)
            told.append(facts())
            transaction.set_rollback(True)
    assert told[0] == told[1] != told[2]


def test_where_somebody_lives_already_nothing_is_loaded(loaded: None) -> None:
    with pytest.raises(CommandError) as refused:
        call_command("load_bulk", cases=10)
    assert refused.value.returncode == 1
    assert Case.objects.count() == CASES


@pytest.mark.parametrize("wrong", [{"cases": -1}, {"cases": 10, "people": 3}])
def test_numbers_that_cannot_be_are_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(CommandError) as refused:
        call_command("load_bulk", **wrong)
    assert refused.value.returncode == 2
    assert not Community.objects.exists()


def test_the_shares_are_of_a_hundred() -> None:
    assert sum(share for share, _least, _most in STAGES.values()) == 100
    assert set(AGREED) < set(STAGES)
    assert all(timedelta(days=least) <= timedelta(days=most) for _s, least, most in STAGES.values())
