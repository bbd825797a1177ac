"""The API: who may call it, what it hides, and that a move is done once."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from api.actions import issue_token
from api.models import ApiToken
from cases.actions import place_in
from cases.models import Case
from records.models import Access
from tests.factories import (
    harmed,
    make_case,
    make_community,
    make_coordinator,
    make_mediator,
    make_person,
    place_mediator,
    responsible,
)

pytestmark = pytest.mark.django_db
NOT_FOUND = {"detail": "Not found."}
NOWHERE = "00000000-0000-4000-8000-000000000000"


class Caller:
    """Calls the API with somebody's token."""

    def __init__(self, client, person):
        self.client = client
        token = issue_token(person, today=timezone.localdate())
        self.headers = {"authorization": f"Bearer {token}"}

    def get(self, url, **query):
        return self.client.get(url, query, headers=self.headers)

    def post(self, url, body=None, *, raw=None, **headers):
        return self.client.post(
            url,
            json.dumps({} if body is None else body) if raw is None else raw,
            content_type="application/json",
            headers={**self.headers, **headers},
        )


def coordinator_of(community):
    person = make_coordinator(community)
    today = timezone.localdate()
    community.memberships.filter(person=person).update(
        from_on=today - timedelta(days=9), until=today + timedelta(days=200)
    )
    return person


def mediator_of(case):
    today = timezone.localdate()
    person = make_mediator(
        case.community, from_on=today - timedelta(days=9), until=today + timedelta(days=200)
    )
    return place_mediator(case, person)


@pytest.fixture
def case():
    return make_case(now=timezone.now())


def move_url(case, name, part="case", part_id=None):
    part_id = part_id or case.reference
    return f"/api/v1/cases/{case.reference}/moves/{part}/{part_id}/{name}"


def new_case(place, **changed):
    return {
        "community": place.slug,
        "title": "The fence",
        "account": "It was pulled down.",
        "happened_on": "2026-01-02",
        "parties": [
            {"role": "harmed", "name": "Hana", "language": "en", "minor": False},
            {"role": "responsible", "name": "Remi", "contact": "remi@example.org"},
        ],
        **changed,
    }


# Tokens


def test_without_a_token_nothing_is_told(client, case):
    for url in ("/api/v1/me", f"/api/v1/cases/{case.reference}", "/api/v1/cases/RJ-0000-0000"):
        answer = client.get(url)
        assert (answer.status_code, answer.json()) == (401, {"detail": "Unauthorized"})


def test_being_signed_in_on_the_pages_opens_nothing(client):
    client.force_login(make_person())
    assert client.get("/api/v1/me").status_code == 401


def test_a_token_is_good_through_its_last_day_and_no_longer(client):
    caller = Caller(client, make_person())
    today = timezone.localdate()
    ApiToken.objects.update(until=today)
    assert caller.get("/api/v1/me").status_code == 200
    ApiToken.objects.update(until=today - timedelta(days=1))
    assert caller.get("/api/v1/me").status_code == 401


def test_the_token_of_somebody_inactive_is_refused(client):
    person = make_person()
    caller = Caller(client, person)
    person.is_active = False
    person.save()
    assert caller.get("/api/v1/me").status_code == 401


def test_the_command_prints_a_token_once_and_keeps_only_its_digest(client):
    person, out = make_person("Nour"), StringIO()
    call_command("api_token", person.username, days=3, stdout=out)
    token = out.getvalue().strip()
    kept = ApiToken.objects.get()
    assert token not in (kept.token_hash, str(kept))
    assert kept.until == timezone.localdate() + timedelta(days=3)
    answer = client.get("/api/v1/me", headers={"authorization": f"Bearer {token}"})
    assert answer.json()["name"] == "Nour"
    assert answer["Cache-Control"] == "no-store"


def test_the_command_says_by_its_exit_code_what_was_wrong():
    person = make_person(is_active=False)
    for arguments, code in (
        ([person.username], 1),
        (["nobody-of-this-name"], 2),
        ([person.username, "--days", "0"], 2),
        ([person.username, "--days", "100000000000"], 2),
    ):
        with pytest.raises(CommandError) as error:
            call_command("api_token", *arguments)
        assert error.value.returncode == code
    assert not ApiToken.objects.exists()


# What is seen


def test_me_names_offices_until_when(client, case):
    said = Caller(client, coordinator_of(case.community)).get("/api/v1/me").json()
    until = (timezone.localdate() + timedelta(days=200)).isoformat()
    slug = case.community.slug
    assert said["roles"] == [{"community": slug, "role": "coordinator", "until": until}]
    assert said["may_open_in"] == [slug]


def test_hidden_answers_like_what_does_not_exist(client, case):
    stranger = Caller(client, make_person())
    party = harmed(case)
    urls = [
        f"/api/v1/cases/{case.reference}", "/api/v1/cases/RJ-2222-2222", "/api/v1/cases/%00",
        f"/api/v1/party/{party.pk}", f"/api/v1/party/{NOWHERE}", "/api/v1/party/17",
        f"/api/v1/agreement/{NOWHERE}", f"/api/v1/secret/{party.pk}", "/api/v1/a/b/c/d",
    ]  # fmt: skip
    answers = [stranger.get(url) for url in urls]
    answers += [
        stranger.post(move_url(case, "accept")),
        stranger.post(move_url(case, "accept").replace(case.reference, "RJ-2222-2222")),
        stranger.post("/api/v1/cases", new_case(case.community)),
    ]
    assert {(one.status_code, one.content) for one in answers} == {(404, answers[0].content)}
    assert answers[0].json() == NOT_FOUND
    coordinator = Caller(client, coordinator_of(case.community))
    for url in (
        move_url(case, "no_such_move"), move_url(case, "accept", "party", str(party.pk)),
        move_url(case, "accept", "party", "%00"), move_url(case, "x" * 400),
    ):  # fmt: skip
        assert coordinator.post(url, **{"idempotency-key": "k"}).json() == NOT_FOUND


def test_one_side_does_not_learn_of_the_others_part_or_the_account(client, case):
    mediator = mediator_of(case)
    hers, his = harmed(case), responsible(case)
    place = Caller(client, mediator).get(f"/api/v1/cases/{case.reference}").json()
    assert place["account"] == "The panes were broken."
    assert {part["id"] for part in place["parts"]} == {str(hers.pk), str(his.pk)}
    assert Access.objects.filter(reader=mediator.pk, case_reference=case.reference).exists()
    place_in(case, hers.person, "harmed", today=timezone.localdate())
    caller = Caller(client, hers.person)
    seen = caller.get(f"/api/v1/cases/{case.reference}")
    assert [part["id"] for part in seen.json()["parts"]] == [str(hers.pk)]
    assert "account" not in seen.json()
    assert b"7700" not in seen.content
    assert caller.get(f"/api/v1/party/{his.pk}").json() == NOT_FOUND
    own = caller.get(f"/api/v1/party/{hers.pk}").json()
    assert (own["role"], own["name"]) == ("harmed", "Hana")
    assert not Access.objects.filter(reader=hers.person.pk).exists()


def test_cases_are_listed_page_by_page_each_once(client, monkeypatch):
    monkeypatch.setattr("api.listing.PAGE", 2)
    community = make_community()
    coordinator = coordinator_of(community)
    now = timezone.now()
    made = [make_case(community, now=now - timedelta(days=n // 2)) for n in range(5)]
    place_mediator(made[0], coordinator)  # held and steered, and still listed once
    make_case(now=now)
    caller, found, cursor = Caller(client, coordinator), [], ""
    while cursor is not None:
        page = caller.get("/api/v1/cases", cursor=cursor).json()
        found += [one["reference"] for one in page["items"]]
        cursor = page["next"]
    ordered = sorted(made, key=lambda one: (-one.opened_on.toordinal(), one.reference))
    assert found == [one.reference for one in ordered]
    assert caller.get("/api/v1/cases", state="closed").json() == {"items": [], "next": None}


@pytest.mark.parametrize(
    "query", [{"state": "x"}, {"state": "\0"}, {"cursor": "é"}, {"cursor": "AAAA"}, {"cursor": "%"}]
)
def test_a_bad_list_is_mistyped(client, query):
    answer = Caller(client, make_person()).get("/api/v1/cases", **query)
    assert answer.status_code == 422
    assert list(answer.json()["errors"]) == list(query)


# What is done


def test_a_case_is_opened_and_taken_on_by_following_its_moves(client):
    community = make_community()
    caller = Caller(client, coordinator_of(community))
    opened = caller.post("/api/v1/cases", new_case(community))
    assert opened.status_code == 201
    accept = next(move for move in opened.json()["moves"] if move["name"] == "accept")
    assert (accept["status"], accept["fields"]) == ("available", [])
    done = caller.post(accept["url"])
    assert (done.status_code, done.json()["state"]) == (200, "screening")
    assert caller.post(accept["url"]).json() == NOT_FOUND


def test_a_case_cannot_be_opened_elsewhere_or_one_sided(client):
    community = make_community()
    caller = Caller(client, coordinator_of(community))
    one_sided = [{"role": "harmed", "name": "Hana"}]
    both = [{"role": role, "name": "Ann"} for role in ("harmed", "responsible")]
    for changed, field in (
        ({"community": make_community().slug}, "community"),
        ({"community": "a\0b"}, "community"),
        ({"title": ""}, "title"),
        ({"happened_on": 10**30}, "happened_on"),
        ({"account": "\ud800"}, "account"),
        ({"title": {"a": 1}}, "title"),
        ({"parties": one_sided}, "parties"),
        ({"parties": both}, "parties"),
        ({"parties": 3}, "parties"),
        ({"parties": [7, *both]}, "parties.0.__all__"),
        ({"parties": [{"role": "judge", "name": "Ann"}]}, "parties.0.role"),
    ):
        answer = caller.post("/api/v1/cases", new_case(community, **changed))
        assert answer.status_code == 422
        assert field in answer.json()["errors"]
    assert not Case.objects.exists()


def test_blocked_says_what_stands_in_the_way(client, case):
    mediator = Caller(client, mediator_of(case))
    url = move_url(case, "reach", "party", str(responsible(case).pk))
    answer = mediator.post(url, {"how_to_reach": "by day", "reach": "in_app"})
    assert answer.status_code == 409
    first = answer.json()["obstacles"][0]
    assert set(first) == {"code", "text", "cleared_by", "clears_on", "link"}


def test_lists_and_booleans_reach_the_forms(client, case):
    mediator = Caller(client, mediator_of(case))
    party = harmed(case)
    url = move_url(case, "assess", "party", str(party.pk))
    wrong = mediator.post(url, {"flags": ["nothing"], "safe_to_meet": "yes"})
    assert (wrong.status_code, list(wrong.json()["errors"])) == (422, ["flags"])
    done = mediator.post(url, {"flags": ["threat", "weapon"], "safe_to_meet": "no"})
    assert (done.status_code, done.json()["part"]) == (200, "party")
    party.refresh_from_db()
    assert (party.safety_flags, party.safe_to_meet) == (["threat", "weapon"], False)
    spoken = move_url(case, "reach", "party", str(party.pk))
    body = {"how_to_reach": "by day", "reach": "in_app", "minor": True}
    assert mediator.post(spoken, body).status_code == 200
    party.refresh_from_db()
    assert party.minor


@pytest.mark.parametrize(
    "raw",
    ["{", "[]", "1" * 5000, "[" * 100_000, b"\xff", '{"flags": NaN}', '{"a\\u0000": 1}', "null"],
    ids=range(8),
)
def test_what_is_not_a_json_object_is_mistyped(client, case, raw):
    mediator = Caller(client, mediator_of(case))
    url = move_url(case, "assess", "party", str(harmed(case).pk))
    assert mediator.post(url, raw=raw).status_code == 422


def test_a_repeated_request_is_answered_and_not_done_again(client):
    community = make_community()
    caller = Caller(client, coordinator_of(community))
    key = {"idempotency-key": "one"}
    first = caller.post("/api/v1/cases", new_case(community), **key)
    again = caller.post("/api/v1/cases", new_case(community), **key)
    assert (again.status_code, again.json()) == (201, first.json())
    assert Case.objects.count() == 1
    other = caller.post("/api/v1/cases", new_case(community, title="Other"), **key)
    assert (other.status_code, list(other.json()["errors"])) == (422, ["Idempotency-Key"])
    accept = move_url(Case.objects.get(), "accept")
    done = caller.post(accept, **key)
    assert done.status_code == 200
    assert caller.post(accept, **key).json() == done.json()
    assert caller.post(accept).status_code == 404


def test_a_mistyped_request_may_be_corrected_under_the_same_key(client):
    community = make_community()
    caller = Caller(client, coordinator_of(community))
    key = {"idempotency-key": "one"}
    assert caller.post("/api/v1/cases", new_case(community, title=""), **key).status_code == 422
    assert caller.post("/api/v1/cases", new_case(community), **key).status_code == 201


def test_a_key_that_cannot_be_kept_is_mistyped(client):
    community = make_community()
    caller = Caller(client, coordinator_of(community))
    answer = caller.post("/api/v1/cases", new_case(community), **{"idempotency-key": "k" * 201})
    assert (answer.status_code, list(answer.json()["errors"])) == (422, ["Idempotency-Key"])


def test_the_description_is_public_and_there_is_no_docs_page(client):
    described = client.get("/api/openapi.json")
    assert described.status_code == 200
    assert "/api/v1/cases/{reference}" in described.json()["paths"]
    assert client.get("/api/docs").json() == NOT_FOUND
