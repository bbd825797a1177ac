"""What one viewer is shown of a proposal, what they are not, and how often it asks for it."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from deliberation.actions import circles, integrating, proposing, speaking, voting
from deliberation.actions.time import due
from deliberation.models import Concern, Gauge, Holder, Objection, Position, Proposal, Turn
from deliberation.moves import scene_now
from deliberation.parts import PAGE, find_part, moves_on_part, parts_of
from deliberation.reading import Shown, shown, shown_without_voice
from deliberation.reading.comparing import Segment, compare
from moves.core import Hidden
from people.models import Person
from tests.deliberation.circle import DAY, make_circle, make_people
from tests.deliberation.owner import moves_of
from tests.deliberation.test_consent import asked, begun, object_to, with_objection
from tests.deliberation.test_supermajority import LATER, in_contention, to_concerns, vote_all
from tests.factories import NOW, make_person

MOST = 30
pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.deliberation.owner")]


def seen(proposal: Proposal, person: Person, *, now: datetime = NOW, page: int = 1) -> Shown:
    scene = scene_now(proposal, person, now=now)
    return shown(scene, now=now, moves=partial(moves_of, scene), page=page)


def page_of(made: Shown) -> str:
    return render_to_string("deliberation/_proposal.html", {"shown": made, "csrf_token": "x"})


def words_in(made: Any) -> Iterator[str]:
    """Yield every text in what was made, however deep."""
    if isinstance(made, str):
        yield made
    elif isinstance(made, list):
        for one in made:
            yield from words_in(one)
    elif is_dataclass(made):
        for field in fields(made):
            yield from words_in(getattr(made, field.name))


# ── Who reads ────────────────────────────────────────────────────────────────


def test_a_stranger_is_shown_nothing_and_finds_nothing() -> None:
    people = make_people(3)
    proposal, objection = with_objection(people)
    scene = scene_now(proposal, make_person(), now=NOW)
    assert parts_of(scene) == []
    assert find_part(scene, "objection", str(objection.pk)) is None
    with pytest.raises(Hidden):
        shown(scene, now=NOW, moves=partial(moves_of, scene))


def test_the_owner_can_open_the_text_and_outcome_and_nothing_anybody_said() -> None:
    people = make_people(3)
    proposal, objection = with_objection(people)
    integrating.withdraw_objection(objection, by=people[1], now=NOW, then="consent")
    made = shown_without_voice(scene_now(proposal, make_person(), now=NOW), now=NOW)
    said = list(words_in(made))
    assert made.lines.where == "It was adopted. Nobody holds an objection."
    assert "Mend the panes." in said
    assert not made.moves
    assert not {"It shames him.", *(one.name for one in people)} & set(said)
    assert "It shames him." not in page_of(made)


def test_a_guide_reads_and_has_no_voice() -> None:
    people, guide = make_people(3), make_person("Gil")
    proposal = begun(people, round_hours=None, guide=guide)
    made = seen(proposal, guide)
    assert made.guide == "Gil"
    assert not made.own_moves
    assert {one.name for one in made.moves} == {"pass_over", "move_on"}
    assert "guides it and has no voice in the outcome" in page_of(made)


# ── Parts ────────────────────────────────────────────────────────────────────


def test_every_part_is_found_at_its_address_and_nowhere_else() -> None:
    people = make_people(4)
    proposal, objection = with_objection(people)
    integrating.offer_amendment(objection, by=people[2], now=NOW, text="Mend them in June.")
    integrating.propose_setting_aside(objection, by=people[3], now=NOW, reason="Later.")
    other, _theirs = with_objection(make_people(3))
    scene = scene_now(proposal, people[1], now=NOW)
    parts = parts_of(scene)
    kinds = [one.part for one in parts]
    assert kinds == ["proposal", "objection", "setting_aside", "amendment", "voice"]
    for one in parts:
        assert find_part(scene, one.part, one.id) == one
        assert find_part(scene, one.part, one.id.upper()) is None
    elsewhere = scene_now(other, other.author.person, now=NOW)
    assert [find_part(elsewhere, one.part, one.id) for one in parts] == [None] * len(parts)
    assert find_part(scene, "turn", "not-an-id") is None
    assert find_part(scene, "nothing", str(proposal.pk)) is None


def test_a_question_is_a_part_until_it_is_answered() -> None:
    people = make_people(3)
    proposal = begun(people)
    speaking.speak(proposal, by=people[1], now=NOW, word="Who pays?")
    speaking.speak(proposal, by=people[2], now=NOW)
    scene = scene_now(proposal, people[0], now=NOW)
    turns = [one for one in parts_of(scene) if one.part == "turn"]
    assert [one.thing.word for one in turns] == ["Who pays?"]
    assert [one.name for one in moves_on_part(turns[0], scene, now=NOW)] == ["answer"]
    speaking.answer(turns[0].thing, by=people[0], now=NOW, word="The fund.")
    assert "turn" not in {one.part for one in parts_of(scene_now(proposal, people[0], now=NOW))}
    said = seen(proposal, people[1]).rounds[0].said
    asks = next(one for one in said if one.words)
    assert (asks.name, asks.mine, asks.label, asks.answer) == (
        "Member 2", True, "Asks", "The fund.",
    )  # fmt: skip


# ── By consent ───────────────────────────────────────────────────────────────


def test_what_comes_next_and_by_when_in_local_time() -> None:
    people = make_people(3)
    proposal = begun(people)
    lines = seen(proposal, people[0]).lines
    assert lines.where == "Clarifying round: everybody asks what they need to know."
    assert lines.who == "Everybody who has not had their turn"
    assert lines.by_when == "Saturday 21 March, in 1 day, at noon"
    with timezone.override("Pacific/Auckland"), translation.override("es"):
        assert "22" in seen(proposal, people[0]).lines.by_when


def test_the_circle_is_drawn_in_its_order_and_says_whose_turn_it_is() -> None:
    people, guide = make_people(5), make_person("Gil")
    proposal = begun(people, round_hours=None, guide=guide)
    turns = list(Turn.objects.order_by("place").select_related("voice__person"))
    names = [one.voice.person.name for one in turns]
    made = seen(proposal, people[0])
    assert [one.name for one in made.circle.places] == names
    assert [one.now for one in made.circle.places] == [True, False, False, False, False]
    assert made.lines.who in (names[0], "You")
    speaking.speak(proposal, by=turns[0].voice.person, now=NOW)
    made = seen(proposal, turns[1].voice.person)
    assert [one.now for one in made.circle.places] == [False, True, False, False, False]
    assert made.circle.places[0].state == "passed"
    assert made.lines.who == "You"
    # Somebody who left is not waited for.
    circles.end_voice(turns[1].voice, now=NOW)
    assert seen(proposal, people[0] if people[0] != turns[1].voice.person else people[1]).circle
    for one in (turns[2], turns[3], turns[4]):
        speaking.speak(proposal, by=one.voice.person, now=NOW)
    again = seen(proposal, turns[2].voice.person)
    assert again.rounds[-1].kind == "reacting"
    assert again.circle.begins == names[2], "each round begins with the next who is there"


def test_online_everybodys_turn_is_open_and_a_large_circle_is_a_count() -> None:
    made = seen(asked(people := make_people(12)), people[0])
    assert [one.now for one in made.circle.places] == [True] * 12
    assert "Nobody has to wait for anybody" in page_of(made)
    large = seen(asked(more := make_people(13)), more[0])
    assert large.circle.places == []
    assert "13 people have a voice." in page_of(large)


def test_a_consent_round_shows_each_position_with_its_reason_and_no_tally() -> None:
    people = make_people(4)
    proposal = asked(people)
    object_to(proposal, people[1])
    speaking.stand_aside(proposal, by=people[2], now=NOW, word="I move away.")
    due(NOW + DAY)
    due(NOW + 2 * DAY)
    made = seen(proposal, people[0], now=NOW + 2 * DAY)
    said = {one.name: (one.kind, one.label, one.words) for one in made.rounds[-1].said}
    assert said == {
        "Member 1": ("missed", "Said nothing: neither for nor against", ""),
        "Member 2": ("objection", "Objects", "It shames him."),
        "Member 3": ("stand_aside", "Stands aside", "I move away."),
        "Member 4": ("missed", "Said nothing: neither for nor against", ""),
    }
    objection = made.objections[0]
    assert (objection.owner, objection.mine, objection.state) == ("Member 2", False, "open")


def test_an_objection_shows_its_amendment_as_what_it_changes_and_who_agreed() -> None:
    people = make_people(4)
    proposal, objection = with_objection(people)
    integrating.offer_amendment(objection, by=people[2], now=NOW, text="Mend the panes in June.")
    integrating.propose_setting_aside(objection, by=people[3], now=NOW, reason="Later.")
    made = seen(proposal, people[1])
    shown_objection = made.objections[0]
    offered = shown_objection.amendments[0]
    assert offered.changes == [
        Segment("same", "Mend the "),
        Segment("removed", "panes."),
        Segment("added", "panes in June."),
    ]  # fmt: skip
    assert [one.name for one in offered.moves] == ["accept_amendment"]
    assert shown_objection.settings_aside[0].agreed == ["Member 4"]
    text = page_of(made)
    assert "<ins>" in text
    assert "taken out:" in text
    integrating.accept_amendment(objection.amendments.get(), by=people[1], now=NOW)
    made = seen(proposal, people[0])
    assert made.text.version == 2
    assert [one.kind for one in made.text.changes] == ["same", "removed", "added"]
    assert made.objections[0].amendments[0].taken


def test_an_objection_whose_owner_left_says_so_and_shows_who_took_it_over() -> None:
    people = make_people(4)
    proposal, objection = with_objection(people)
    circles.end_voice(objection.owner, now=NOW)
    made = seen(proposal, people[0])
    assert made.objections[0].left
    assert "take_over" in {one.name for one in made.objections[0].moves}
    integrating.take_over(objection, by=people[0], now=NOW)
    made = seen(proposal, people[0])
    assert (made.objections[0].raised_by, made.objections[0].mine) == ("Member 2", True)
    assert not made.objections[0].left


# ── By supermajority ─────────────────────────────────────────────────────────


def concern_of(proposal: Proposal, person: Person, *, now: datetime, stands: bool) -> Concern:
    return voting.raise_concern(
        proposal, by=person, now=now, text="Too soon.", deal_breaker=False, stands=stands
    )


def test_nobodys_vote_and_no_holder_is_shown_only_the_elected_speaker() -> None:
    people = make_people(6)
    proposal, now = to_concerns(people, 3)
    concern = concern_of(proposal, people[3], now=now, stands=True)
    voting.join_concern(concern, by=people[4], now=now, deal_breaker=True, stands=False)
    names = {one.name for one in people[3:]}
    assert not names & set(words_in(seen(proposal, people[1], now=now).concerns))
    mine = Holder.objects.get(voice__person=people[3])
    voting.name_speaker(concern, by=people[4], now=now, holder=str(mine.pk))
    made = seen(proposal, people[1], now=now)
    assert names & set(words_in(made)) == {"Member 4"}
    assert made.concerns[0].speaker == "Member 4"
    assert made.ballots[0].count == "3 of 6 votes cast are for it. It takes at least 3 for it."


def test_amendments_are_counted_once_the_next_vote_began_and_not_before() -> None:
    people = make_people(6)
    proposal, now = to_concerns(people, 3)
    concern = concern_of(proposal, people[3], now=now, stands=True)
    amendment = voting.amend_for(concern, by=people[0], now=now, text="We share it from May.")
    for person, agrees in ((people[0], True), (people[1], False), (people[3], True)):
        voting.gauge(amendment, by=person, now=now, agrees=agrees)
    assert seen(proposal, people[1], now=now).concerns[0].amendments[0].gauged == ""
    due(now + 2 * DAY)
    made = seen(proposal, people[1], now=now + 2 * DAY)
    assert made.concerns[0].amendments[0].gauged == (
        "2 of 3 who said so could live with it; of those with this concern, 1 of 1."
    )
    assert made.ballots[1].open
    assert made.ballots[1].count == ""


def test_contention_says_when_it_ends_and_counts_nothing() -> None:
    people = make_people(10)
    proposal, now = in_contention(people, 3)
    made = seen(proposal, people[0], now=now)
    assert made.lines.where == "It has two thirds, and is open to contention."
    assert "in 30 days" in made.lines.by_when
    assert [one.open for one in made.ballots] == [False, False, False]


def test_discussion_and_concerns_go_on_the_next_page() -> None:
    people = make_people(3)
    circle = make_circle(people, method="supermajority")
    proposal = proposing.propose(circle, by=people[0], now=NOW, text="We share the garden.")
    for number in range(PAGE + 2):
        voting.remark(
            proposal, by=people[1], now=NOW + timedelta(minutes=number), word=f"Word {number}"
        )
    now = NOW + timedelta(hours=2)
    first, second = (seen(proposal, people[0], now=now, page=page) for page in (1, 2))
    assert (first.older, second.older) == (2, 0)
    assert [one.words for one in second.remarks] == ["Word 1", "Word 0"]
    assert len(first.remarks) == PAGE
    assert 'href="?page=2"' in page_of(first)


# ── Words compared ───────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("before", "after", "kinds"),
    [
        ("a b c", "a b c", ["same"]),
        ("a b c", "a  b\nc", ["same"]),
        ("a b c", "a x c", ["same", "removed", "added", "same"]),
        ("", "a b", ["added"]),
        ("a b", "", ["removed"]),
        ("هو يصلح", "هو يبني", ["same", "removed", "added"]),
    ],
)
def test_compare(before: str, after: str, kinds: list[str]) -> None:
    found = compare(before, after)
    assert [one.kind for one in found] == kinds
    assert "".join(one.text for one in found if one.kind != "removed") == after.strip()


# ── How often it asks ────────────────────────────────────────────────────────


def asks(proposal: Proposal, person: Person, *, now: datetime = NOW) -> int:
    with CaptureQueriesContext(
        connection,
    ) as found:
        made = seen(proposal, person, now=now)
        page_of(made)
    return len(found)


def more_objections(proposal: Proposal, people: list[Person], count: int) -> None:
    """Add objections with an amendment and a reason for setting aside each, by hand."""
    found = proposal.by_consent.rounds.get(kind="consenting")
    first = found.turns.count() + 1
    for number in range(first, first + count):
        voice = circles.Voice.objects.create(
            circle=proposal.circle, person=make_person(f"More {number}"), from_at=NOW
        )
        turn = Turn.objects.create(round=found, voice=voice, place=number, state="spoken", at=NOW)
        position = Position.objects.create(turn=turn, kind="objection", at=NOW)
        objection = Objection.objects.create(
            proposal=proposal, position=position, owner=voice, why="No.", at=NOW
        )
        integrating.offer_amendment(objection, by=people[0], now=NOW, text=f"Mend {number}.")
        integrating.propose_setting_aside(objection, by=people[2], now=NOW, reason="Later.")


def test_by_consent_asks_as_often_for_thirty_objections_and_300_voices() -> None:
    people = make_people(3)
    proposal, _objection = with_objection(people)
    more_objections(proposal, people, 1)
    few = {person.name: asks(proposal, person) for person in people}
    circles.add_voices(
        proposal.circle, [one.pk for one in Person.objects.bulk_create(
            Person(username=f"many-{number}", name=f"Many {number}") for number in range(297)
        )], now=NOW,
    )  # fmt: skip
    more_objections(proposal, people, 30)
    assert {person.name: asks(proposal, person) for person in people} == few
    assert max(few.values()) <= MOST


def many_concerns(proposal: Proposal, people: list[Person], count: int, now: datetime) -> None:
    ballot = proposal.by_supermajority.ballots.get(number=1)
    voices = list(proposal.circle.voices.filter(person__in=people))
    mine = proposal.circle.voices.get(person=people[-1])
    others = proposal.circle.voices.exclude(person__in=people).order_by("pk")
    for number, voice in enumerate([mine, *others[: count - 1]]):
        concern = Concern.objects.create(ballot=ballot, text=f"No {number}.", at=now)
        made = voting.amend_for(concern, by=people[0], now=now, text=f"We share {number}.")
        Gauge.objects.bulk_create(Gauge(amendment=made, voice=one, agrees=True) for one in voices)
        holder = Holder.objects.create(ballot=ballot, concern=concern, voice=voice, stands=True)
        Holder.objects.filter(pk=holder.pk).update(names=holder)


def test_by_vote_asks_as_often_for_thirty_concerns_and_300_voters() -> None:
    found: dict[int, dict[str, int]] = {}
    for size, concerns in ((3, 1), (300, 30)):
        people = make_people(3)
        more = Person.objects.bulk_create(
            Person(username=f"many-{size}-{number}", name="Many") for number in range(size - 3)
        )
        circle = make_circle([*people, *more], method="supermajority", quorum=2)
        proposal = proposing.propose(circle, by=people[0], now=NOW, text="We share the garden.")
        for number in range(concerns):
            voting.remark(proposal, by=people[1], now=NOW, word=f"Word {number}")
        vote_all(proposal, people, 1, now=NOW + DAY)
        voting_voices = circle.voices.filter(person__in=more)
        ballot = proposal.by_supermajority.ballots.get()
        voting.Vote.objects.bulk_create(
            voting.Vote(ballot=ballot, voice=one, in_favour=place % 2 == 0, at=NOW)
            for place, one in enumerate(voting_voices)
        )
        now = NOW + 2 * DAY
        due(now)
        many_concerns(proposal, people, concerns, now)
        found[size] = {one.name: asks(proposal, one, now=now) for one in people}
        later = now + DAY + LATER
        due(later)
        found[size] |= {f"{one.name} later": asks(proposal, one, now=later) for one in people}
    assert found[3] == found[300]
    assert max(found[3].values()) <= MOST
