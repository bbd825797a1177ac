"""A party, who may be from elsewhere, brings the recall of somebody in office in their case."""

import json
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from api.actions import issue_token
from cases import actions
from cases.models import Case, Participation
from communities.actions import recalling
from communities.models import Community, Question
from journey import recalls
from journey.moves import moves_on, who_and_parts
from moves.core import Blocked, Hidden
from notices.models import Notice
from people.models import Person
from tests.communities.people import all_consent, fresh, make_home
from tests.communities.test_recalling import in_office
from tests.factories import (
    NOW,
    TODAY,
    harmed,
    make_case,
    make_coordinator,
    make_mediator,
    make_person,
    place_mediator,
    responsible,
)

pytestmark = pytest.mark.django_db
REASON = "She opens every letter."


@pytest.fixture(autouse=True)
def _today() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


class Scene:
    """A case in a community of four, led by Cole and mediated by Mara; both parties reached."""

    def __init__(self) -> None:
        self.home, self.people = make_home(4)
        self.cole = make_coordinator(self.home)
        self.mara = make_mediator(self.home)
        self.case = make_case(self.home)
        place_mediator(self.case, self.mara)
        actions.accept(self.case, by=self.mara, now=NOW)
        for party in (harmed(self.case), responsible(self.case)):
            actions.reach(party, by=self.mara, now=NOW, how_to_reach="by day", reach="in_app")
        self.hana, self.remi = harmed(self.case).person, responsible(self.case).person

    @property
    def fresh(self) -> Case:
        return Case.objects.get(pk=self.case.pk)

    def bring(self, by: Person | None = None, whom: str = "") -> Question:
        return recalls.bring_recall(
            self.fresh, by=by or self.hana, now=NOW, reason=REASON,
            whom=whom or f"mediator:{self.mara.pk}",
        )  # fmt: skip

    def could(self, person: Person) -> set[tuple[str, Any]]:
        who, parts = who_and_parts(self.fresh, person, today=TODAY)
        if not parts:
            return set()
        moves = moves_on(parts[0], self.fresh, person, who, today=TODAY)
        if "bring_recall" not in {move.name for move in moves}:
            return set()
        found = recalls.concerned(self.fresh, who, person, TODAY)
        return {(office, one.pk) for _where, office, one in found}

    def url(self) -> str:
        here = self.case.get_absolute_url()
        return f"{here}case/{self.case.reference}/bring_recall/"


def browser(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def test_a_party_reads_who_is_in_office_in_their_case_and_nobody_else() -> None:
    scene = Scene()
    make_mediator(scene.home, covers_minors=False)
    in_office(scene.home, scene.people[0], "steward")
    both = {("coordinator", scene.cole.pk), ("mediator", scene.mara.pk)}
    assert scene.could(scene.hana) == both
    assert scene.could(scene.remi) == both
    page = browser(scene.hana).get(scene.url()).content.decode()
    assert "Mara (mediator)" in page
    assert scene.people[0].name not in page
    assert "Do not write what a case is about." in page


def test_who_guards_a_party_can_and_nobody_else_finds_the_page() -> None:
    scene = Scene()
    guardian, supporter = make_person("Gita"), make_person("Sami")
    actions.place_in(scene.case, guardian, "guardian", today=TODAY, beside=harmed(scene.case))
    actions.place_in(scene.case, supporter, "supporter", today=TODAY, beside=harmed(scene.case))
    assert browser(guardian).get(scene.url()).status_code == 200
    others = (supporter, scene.cole, scene.mara, scene.people[0], make_person())
    for person in others:
        client = browser(person)
        assert client.get(scene.url()).status_code == 404, person
        assert client.post(scene.url(), {"whom": "x", "reason": "x"}).status_code == 404, person
        with pytest.raises(Hidden):
            scene.bring(person)
    assert Client().get(scene.url()).status_code == 302


def test_it_is_brought_on_the_page_taken_up_decided_and_its_outcome_is_read() -> None:
    scene = Scene()
    client = browser(scene.hana)
    answer = client.post(scene.url(), {"whom": f"coordinator:{scene.cole.pk}", "reason": REASON})
    assert answer["Location"] == scene.case.get_absolute_url()
    question = Question.objects.get()
    assert (question.state, question.by, question.author) == ("brought", scene.hana, None)
    listed = client.get("/communities/").content.decode()
    assert f"/recalls/{question.pk}/" in listed
    assert 'href="/communities/"' in client.get("/").content.decode()
    page = client.get(f"/recalls/{question.pk}/").content.decode()
    assert REASON.replace("'", "&#x27;") in page
    assert "Waits for a member to take it up" in page

    recalling.take_up_recall(question, by=scene.people[0], now=NOW)
    recalling.be_heard(fresh(question), by=scene.cole, now=NOW, word="SECRET answer")
    assert client.get(question.get_absolute_url()).status_code == 404, "the round is the members'"
    voters = [*scene.people, scene.mara]
    all_consent(fresh(question), voters, now=NOW)
    assert fresh(question).state == "adopted"
    assert not scene.home.memberships.coordinating(TODAY + timedelta(days=3)).exists()
    page = client.get(f"/recalls/{question.pk}/").content.decode()
    assert "Adopted" in page
    assert "SECRET" not in page
    notice = Notice.objects.get(code="recall_decided")
    assert (notice.person, notice.params["page"]) == (scene.hana, f"/recalls/{question.pk}/")


def test_a_member_who_proposes_a_recall_hears_of_it_as_members_do() -> None:
    scene = Scene()
    question = recalling.propose_recall(
        scene.home, by=scene.people[0], now=NOW, whom=f"coordinator:{scene.cole.pk}", reason="x"
    )
    recalling.be_heard(question, by=scene.cole, now=NOW, word="")
    all_consent(fresh(question), [*scene.people, scene.mara], now=NOW)
    assert not Notice.objects.filter(code="recall_decided").exists()
    assert browser(scene.people[0]).get(f"/recalls/{question.pk}/").status_code == 404


def test_only_who_brought_it_reads_it_and_takes_it_back() -> None:
    scene = Scene()
    question = scene.bring()
    url = f"/recalls/{question.pk}/"
    for person in (scene.remi, scene.cole, scene.mara, scene.people[0], make_person()):
        client = browser(person)
        assert client.get(url).status_code == 404
        assert client.post(f"{url}withdraw_question/").status_code == 404
    client = browser(scene.hana)
    assert client.get(f"{url}withdraw_question/").status_code == 200
    assert client.post(f"{url}take_up_recall/").status_code == 404
    assert client.post(f"{url}withdraw_question/")["Location"] == url
    assert fresh(question).state == "withdrawn"
    assert client.post(f"{url}withdraw_question/").status_code == 404
    assert client.get("/recalls/00000000-0000-4000-8000-000000000000/").status_code == 404


def test_a_party_does_not_learn_what_the_members_decide_already() -> None:
    scene = Scene()
    before = scene.could(scene.hana)
    recalling.propose_recall(
        scene.home, by=scene.people[0], now=NOW, whom=f"mediator:{scene.mara.pk}", reason="x"
    )
    scene.bring(scene.remi)
    assert scene.could(scene.hana) == before
    question = scene.bring()
    assert scene.could(scene.hana) == {("coordinator", scene.cole.pk)}
    with pytest.raises(Hidden):
        scene.bring()
    # A member, who knows of it, is told that it is being decided.
    with pytest.raises(Blocked, match="asked_already"):
        recalling.take_up_recall(question, by=scene.people[1], now=NOW)


def test_what_was_brought_twice_is_taken_up_once() -> None:
    scene = Scene()
    first, second = scene.bring(), scene.bring(scene.remi)
    recalling.take_up_recall(first, by=scene.people[0], now=NOW)
    with pytest.raises(Blocked, match="asked_already"):
        recalling.take_up_recall(second, by=scene.people[0], now=NOW)


def test_a_mediator_who_left_can_be_named_and_a_closed_case_is_no_shelter() -> None:
    scene = Scene()
    long_ago, yesterday = TODAY - timedelta(days=9), TODAY - timedelta(days=1)
    places = Participation.objects.filter(person=scene.mara)
    places.update(from_on=long_ago, until=yesterday)
    Case.objects.filter(pk=scene.case.pk).update(
        state="closed", closed_on=TODAY, outcome="not_suitable"
    )
    assert ("mediator", scene.mara.pk) in scene.could(scene.hana)
    assert scene.bring().state == "brought"


def test_led_from_above_it_goes_to_who_leads_it() -> None:
    scene = Scene()
    above = Community.objects.create(slug="above", name="Above")
    upper = make_coordinator(above)
    Case.objects.filter(pk=scene.case.pk).update(steering=above)
    assert scene.could(scene.hana) == {("coordinator", upper.pk), ("mediator", scene.mara.pk)}
    question = scene.bring(whom=f"coordinator:{upper.pk}")
    assert question.community == above


def test_the_same_by_the_api() -> None:
    scene = Scene()
    headers = {"Authorization": f"Bearer {issue_token(scene.hana, today=TODAY)}"}

    def call(url: str, **typed: str) -> Any:
        body = {"data": json.dumps(typed), "content_type": "application/json"} if typed else {}
        client = Client()
        answer = (
            client.post(url, headers=headers, **body) if typed else client.get(url, headers=headers)
        )
        return answer.json()

    case = call(f"/api/v1/cases/{scene.case.reference}")
    move = next(
        one
        for part in [case, *case["parts"]]
        for one in part["moves"]
        if one["name"] == "bring_recall"
    )
    call(move["url"], whom=f"mediator:{scene.mara.pk}", reason=REASON)
    question = Question.objects.get()
    said = call(f"/api/v1/question/{question.pk}")
    assert (said["state"], said["reason"]) == ("brought", REASON)
    assert [one["name"] for one in said["moves"]] == ["withdraw_question"]
    recalling.take_up_recall(question, by=scene.people[0], now=NOW)
    recalling.be_heard(fresh(question), by=scene.mara, now=NOW, word="SECRET answer")
    said = call(f"/api/v1/question/{question.pk}")
    assert said["state"] == "deciding"
    assert "SECRET" not in json.dumps(said)
    assert "text" not in said
