"""A whole case by following ``moves`` alone, each person with their own token."""

from datetime import timedelta

import pytest
from django.utils import timezone

from cases.models import Case
from journey import clock
from tests.api.test_api import Caller, coordinator_of
from tests.factories import harmed, make_case, make_mediator, responsible

pytestmark = pytest.mark.django_db

ODD = [
    "", "\0", "9" * 400, "-1", "1e999999", "0001-01-01", "9999-12-31", "9999-12-31T23:59",
    "0001-01-01T00:00", "١٢", "a" * 30_000, "\ud83d", True, 0.1, 10**40, [], ["x"], [[1]], {"a": 1},
]  # fmt: skip


class Walk:
    """Knows nothing but the case's address; finds everything else in the answers."""

    def __init__(self, client, case):
        self.client, self.url, self.callers = client, f"/api/v1/cases/{case.reference}", {}

    def caller(self, person):
        return self.callers.setdefault(person.pk, Caller(self.client, person))

    def moves(self, person, part_id=None):
        seen = self.caller(person).get(self.url).json()
        for part in [seen, *seen["parts"]]:
            if part_id in (None, part.get("id")):
                yield from part["moves"]

    def do(self, person, name, /, on=None, expect=200, **typed):
        found = [one for one in self.moves(person, on and str(on.pk)) if one["name"] == name]
        assert len(found) == 1, (name, len(found))
        assert {field["name"] for field in found[0]["fields"]} >= set(typed) or expect != 200
        answer = self.caller(person).post(found[0]["url"], typed)
        assert answer.status_code == expect, (name, answer.json())
        said = answer.json()
        if expect == 200 and "url" in said:
            assert self.caller(person).get(said["url"]).json() == said
        return said

    def try_odd_values(self, people):
        """Send every available move what nobody would type, beside choices that are right."""
        for person in people:
            for move in list(self.moves(person)):
                for odd in ODD if move["fields"] else []:
                    wrong = {field["name"]: odd for field in move["fields"]}
                    right = {
                        field["name"]: field["choices"][-1]["value"]
                        for field in move["fields"]
                        if field["choices"]
                    }
                    for body in (wrong, {**wrong, **right}):
                        answer = self.caller(person).post(move["url"], body)
                        assert answer.status_code < 500, (move["name"], body)


def people_of(case):
    today = timezone.localdate()
    mediator = make_mediator(
        case.community, from_on=today - timedelta(days=9), until=today + timedelta(days=200)
    )
    return coordinator_of(case.community), mediator, harmed(case), responsible(case)


def bring_to_offer(walk, case):
    coordinator, mediator, hers, theirs = people_of(case)
    today = timezone.localdate()
    walk.do(coordinator, "accept")
    walk.do(coordinator, "assign_mediator", mediator=str(mediator.pk))
    for party in (hers, theirs):
        walk.do(mediator, "reach", party, how_to_reach="evenings", reach="in_app")
        walk.do(mediator, "assess", party, flags=["none"], safe_to_meet="yes")
        walk.do(party.person, "give_consent", understood=True)
    walk.do(hers.person, "state_harm", what="Twelve panes", unit="money", amount=240)
    walk.do(mediator, "begin_mediation")
    at = (timezone.now() + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M")
    walk.do(mediator, "plan_meeting", at=at, place="Library")
    walk.do(mediator, "draft_agreement", account="Panes were broken and both talked about it.")
    walk.do(
        mediator, "add_commitment", what="Pay for the twelve panes of glass", unit="money",
        amount=240, due_on=(today + timedelta(days=60)).isoformat(),
        promised_by=str(theirs.pk), promised_to=str(hers.pk), harm=str(case.harms.get().pk),
        confirmed_by="harmed", if_missed="We talk again with the mediator.",
    )  # fmt: skip
    walk.do(mediator, "offer_agreement")
    return coordinator, mediator, hers, theirs


def test_a_case_is_walked_from_report_to_closed_by_its_moves_alone(client):
    case = make_case(now=timezone.now())
    walk = Walk(client, case)
    _coordinator, mediator, hers, theirs = bring_to_offer(walk, case)
    for party in (hers, theirs):
        signed = walk.do(party.person, "sign_agreement", understood=True)
    assert (signed["state"], signed["commitments"][0]["amount"]) == ("cooling_off", "240.00")
    clock.run(timezone.now() + timedelta(days=12))
    for amount in ("100", 140):
        today = timezone.localdate().isoformat()
        walk.do(theirs.person, "say_done", amount=amount, happened_on=today)
        promise = walk.do(hers.person, "confirm_done")
    assert promise["state"] == "kept"
    refused = walk.do(mediator, "close", expect=409, outcome="repaired", reason="All was kept.")
    assert [one["code"] for one in refused["obstacles"]] == ["closing_word_not_asked"]
    for party in (hers, theirs):
        walk.do(mediator, "ask_closing_word", party)
        walk.do(party.person, "give_closing_word", text="Thank you.")
    walk.do(mediator, "close", outcome="repaired", reason="All was kept.")
    assert Case.objects.get(pk=case.pk).state == "closed"
    assert walk.caller(hers.person).get(walk.url).json()["outcome"] == "repaired"


def test_no_move_fails_on_what_nobody_would_type(client):
    case = make_case(now=timezone.now())
    walk = Walk(client, case)
    coordinator, mediator, hers, theirs = people_of(case)
    walk.try_odd_values([coordinator])
    other = make_case(now=timezone.now())
    offered = Walk(client, other)
    coordinator, mediator, hers, theirs = bring_to_offer(offered, other)
    offered.try_odd_values([coordinator, mediator, hers.person, theirs.person])
