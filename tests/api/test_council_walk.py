"""A council from forming to seated by following ``moves`` alone, each person with their own token.

Nobody asks for a seat of somebody else: who was drawn finds theirs at ``/api/v1/me``.
"""

import re
from datetime import timedelta
from urllib.parse import quote, urlencode

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from cases.models import Case
from councils import scheme, tasks
from councils.models import Council, Draw, Seat
from records.actions import verify
from tests.api.test_api import Caller
from tests.api.test_walk import ODD, Walk
from tests.councils import people as p
from tests.factories import harmed, make_person, responsible
from tests.undoing import undone

pytestmark = pytest.mark.django_db

DICE = "123456" * 8 + "12"
DAY = timedelta(days=1)
FORM = "application/x-www-form-urlencoded"


class CouncilWalk(Walk):
    """A walk in which people also have something of their own outside the case."""

    def own(self, person):
        """Return this person's own live seat as the API tells it; None where they have none."""
        caller = self.caller(person)
        seats = caller.get("/api/v1/me").json()["seats"]
        return caller.get(seats[0]).json() if seats else None

    def do_own(self, person, name, expect=200, **typed):
        found = [one for one in self.own(person)["moves"] if one["name"] == name]
        assert len(found) == 1, (name, found)
        answer = self.caller(person).post(found[0]["url"], typed)
        assert answer.status_code == expect, (name, answer.json())
        return answer.json()

    def part(self, person, kind):
        """Return the last part of this kind that this person is shown."""
        parts = self.caller(person).get(self.url).json()["parts"]
        return [one for one in parts if one["part"] == kind][-1]

    def say_yes(self, person):
        assert self.own(person)["about"] == []
        self.do_own(person, "accept_seat", expect=409)
        assert self.caller(person).get(self.url).status_code == 404
        self.do_own(person, "promise", kept_secret=True)
        assert "Hana" in self.own(person)["about"]
        self.do_own(person, "accept_seat", no_tie=True)
        assert self.caller(person).get(self.url).status_code == 200


def drawn_of(places):
    return [place.person for place in places if Seat.objects.live().of(place.person).exists()]


def draw(walk, clock, runs, digits, *, givers=()):
    """Prepare a draw, let the worker find it, wait and throw the dice; each giver contributes."""
    at = timezone.now() + timedelta(hours=30)
    kinds = ["dice", "contributions"] if givers else ["dice"]
    walk.do(
        runs, "prepare_draw", beacons=kinds, dice_at=at.strftime("%Y-%m-%dT%H:%M"),
        dice_witnesses="Vera, Ada",
    )  # fmt: skip
    secrets = {}
    for giver in givers:
        [move] = [one for one in walk.moves(giver) if one["name"] == "contribute"]
        [field] = move["fields"]
        secrets[giver.pk] = re.search(r"\b[0-9a-f]{64}\b", field["help"]).group()
        walk.do(giver, "contribute", h=field["initial"])
    if givers:
        walk.do(runs, "find_panels")
    tasks.solve.func(str(Draw.objects.latest("prepared_at").pk))
    for giver in givers:
        walk.do(giver, "reveal", secret="00" * 32, expect=409)
        walk.do(giver, "reveal", secret=secrets[giver.pk])
    early = walk.do(runs, "enter_dice", expect=409, digits=digits)
    assert [one["code"] for one in early["obstacles"]] == ["beacon_too_early"]
    clock.shift(timedelta(hours=31))
    assert walk.do(runs, "enter_dice", digits=digits)["state"] == "drawn"


def test_a_council_is_walked_from_forming_to_seated_by_its_moves_alone(client):
    start = timezone.now().replace(microsecond=0)
    with time_machine.travel(start) as clock:
        case, cole = p.make_case_for_council(now=timezone.now(), people=18)
        places = list(case.community.pool.select_related("person"))
        guardian = make_person("Pavel")
        case.community.memberships.create(
            person=guardian, role="process_guardian", from_on=timezone.localdate(),
            until=timezone.localdate() + timedelta(days=99),
        )  # fmt: skip
        hana, remi = harmed(case).person, responsible(case).person
        walk = CouncilWalk(client, case)
        walk.do(cole, "form_council")
        wait = walk.do(cole, "prepare_draw", expect=409)
        assert [one["code"] for one in wait["obstacles"]] == ["ties_not_named"]
        walk.do(hana, "name_ties", name=places[0].person.name, kind="work")
        for party in (hana, remi):
            walk.do(party, "finish_ties")
        draw(walk, clock, guardian, DICE, givers=(hana, guardian))
        drawn = drawn_of(places)
        assert places[0].person not in drawn
        assert len(drawn) == 5

        walk.do_own(drawn[0], "decline_seat")
        assert walk.own(drawn[0]) is None
        for person in drawn[1:]:
            walk.say_yes(person)
        walk.do_own(drawn[1], "recuse")
        for person in drawn[:2]:
            assert walk.caller(person).get(walk.url).status_code == 404

        # Remi doubts a member; two of the other two think so too.
        doubted = Seat.objects.live().get(person=drawn[2])
        walk.do(remi, "challenge_member", doubted, reason="We are neighbours.")
        for judge in drawn[3:]:
            if any(one["name"] == "answer_challenge" for one in walk.moves(judge)):
                walk.do(judge, "answer_challenge", uphold="yes", reason="Better so.", expect=200)
        assert walk.part(remi, "challenge")["state"] == "upheld"
        assert walk.caller(drawn[2]).get(walk.url).status_code == 404

        for turn in range(3):
            clock.shift(timedelta(hours=1))
            draw(walk, clock, cole, DICE[turn + 1 :] + DICE[: turn + 1])
            [new] = [one for one in drawn_of(places) if one not in drawn]
            drawn.append(new)
            walk.say_yes(new)
        assert walk.part(hana, "council")["state"] == "seated"
        assert not [one for one in walk.moves(cole) if one["name"] == "prepare_draw"]
    council = Council.objects.get(case=Case.objects.get(pk=case.pk))
    assert council.seats.filter(state="accepted").count() == council.size == 5
    assert verify()["breaks"] == []


def odd_bodies(fields):
    """Yield what nobody would type into these fields, with the choices right and wrong."""
    right = {one["name"]: one["choices"][-1]["value"] for one in fields if one["choices"]}
    for odd in ODD:
        wrong = {one["name"]: odd for one in fields}
        yield wrong
        if right:
            yield {**wrong, **right}


def try_odd_values(caller, moves):
    """Send every move what nobody would type, and undo what came of it; return how many."""
    tried = 0
    for move in moves:
        for body in odd_bodies(move["fields"]):
            with undone():
                answer = caller.post(move["url"], body)
            assert answer.status_code < 500, (move["name"], body)
            tried += 1
    return tried


def of_parts(walk, person, *kinds):
    seen = walk.caller(person).get(walk.url).json()
    return [move for part in seen["parts"] if part["part"] in kinds for move in part["moves"]]


def test_no_move_around_a_council_fails_on_what_nobody_would_type(client):
    case, cole = p.make_case_for_council(now=timezone.now(), people=18)
    walk = CouncilWalk(client, case)
    walk.do(cole, "form_council")
    hana = harmed(case).person
    tried = try_odd_values(walk.caller(hana), of_parts(walk, hana, "council"))
    for party in (hana, responsible(case).person):
        walk.do(party, "finish_ties")
    tried += try_odd_values(walk.caller(cole), of_parts(walk, cole, "council"))
    at = (timezone.now() + timedelta(minutes=5)).strftime("%Y-%m-%dT%H:%M")
    walk.do(
        cole, "prepare_draw", beacons=["drand", "dice", "contributions"], dice_at=at,
        dice_witnesses="Vera",
    )  # fmt: skip
    tried += try_odd_values(walk.caller(hana), of_parts(walk, hana, "draw"))
    walk.do(hana, "contribute", h=scheme.contribution(bytes(32)))
    walk.do(cole, "find_panels")
    tasks.solve.func(str(Draw.objects.latest("prepared_at").pk))
    tried += try_odd_values(walk.caller(hana), of_parts(walk, hana, "draw"))
    Draw.objects.update(beacon_at=timezone.now() - timedelta(days=1))
    tried += try_odd_values(walk.caller(cole), of_parts(walk, cole, "draw"))
    assert tried > 200


def test_neither_pages_nor_addresses_of_ones_own_fail_on_what_nobody_would_type(client):
    case, cole = p.make_case_for_council(now=timezone.now(), people=18)
    council = p.begin(case, cole, now=timezone.now())
    p.throw(p.commit(council, cole, now=timezone.now()), cole, now=timezone.now() + DAY)
    seat = Seat.objects.select_related("person").first()
    walk, tried = CouncilWalk(client, case), 0
    pages = {
        reverse("councils:seat_move", args=[seat.pk, name]): name
        for name in ("promise", "accept_seat", "decline_seat", "recuse", "challenge_member", "no")
    } | {
        reverse("councils:pool_move", args=[slug, name]): name
        for slug in (case.community.slug, "nowhere")
        for name in ("join_pool", "say_features", "declare_tie", "stay_away", "come_back", "no")
    }
    client.force_login(seat.person)
    names = ("kept_secret", "no_tie", "name", "kind", "until", "gender", "age", "of_age")
    for url in pages:
        for odd in ODD:
            text = odd if isinstance(odd, str) else str(odd)
            typed = urlencode(dict.fromkeys(names, text), errors="surrogatepass")
            with undone():
                answer = client.post(url, typed, content_type=FORM)
            assert answer.status_code < 500, (url, odd)
            tried += 1
    caller = walk.caller(seat.person)
    for url in (f"/api/v1/seat/{seat.pk}", f"/api/v1/pool/{case.community.slug}"):
        tried += try_odd_values(caller, caller.get(url).json()["moves"])
    for odd in ("\0", "a" * 300, "٣", "%00", "..", "1"):
        for part in ("seat", "pool", "draw", "council", "challenge"):
            url = f"/api/v1/{part}/{quote(odd, safe='')}"
            assert caller.get(url).status_code == 404, url
            assert caller.post(f"{url}/moves/promise", {}).status_code in (404, 405), url
            tried += 2
    assert tried > 400


def test_ones_own_moves_are_listed_where_they_are_done(client):
    case, _cole = p.make_case_for_council(now=timezone.now(), people=2)
    person = case.community.pool.first().person
    caller = Caller(client, person)
    [url] = caller.get("/api/v1/me").json()["pools"]
    names = {move["name"]: move for move in caller.get(url).json()["moves"]}
    until = (timezone.localdate() + timedelta(days=9)).isoformat()
    assert caller.post(names["stay_away"]["url"], {"until": until}).json()["away_until"] == until
    assert caller.post(names["leave_pool"]["url"], {}).json()["since"] is None
    assert [move["name"] for move in caller.get(url).json()["moves"]] == ["join_pool"]
