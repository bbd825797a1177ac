"""Asking what closed cases teach: who may, what is told, and what people answer to it."""

import io
import zipfile
from dataclasses import fields
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, reset_queries, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from agreements import actions, advice, forgetting
from agreements.actions.past import counted_for, past_of
from agreements.advice import PastCommitment, Situation
from agreements.models import Agreement, Commitment, Entry, Suggestion
from agreements.querysets import suggestions_of
from cases.access import standing, sync_permissions
from cases.models import Case, Participation, Party
from communities.models import Community
from journey.exporting import export
from moves.core import Blocked, Hidden
from people.models import Person
from records.models import Event
from tests.agreements.closed import make_closed, make_many
from tests.moves.story import Story

pytestmark = pytest.mark.django_db
ON = {"algorithmic_proposals": True}


def drafted(rules=ON, lost=100) -> Story:
    return Story(rules=rules).mediated().harm(lost).draft()


def asked(story: Story) -> list[Suggestion]:
    story.ask_advice()
    return suggestions_of(story.agreement)


def page(story: Story, name: str = "mediator") -> str:
    client = Client()
    client.force_login(story.people[name])
    return client.get(story.case.get_absolute_url()).content.decode()


# ------------------------------------------------------------------ who may ask


def test_it_is_hidden_unless_the_charter_the_case_was_opened_under_allows_it():
    story = drafted(rules={})
    make_many(story.here)
    story.here.charters.create(number=2, rules=ON)
    with pytest.raises(Hidden):
        story.ask_advice()
    assert "Ask what other cases teach" not in page(story)
    assert "Ask what other cases teach" in page(_other(drafted, story))


def _other(make, story: Story) -> Story:
    # One world has one of each community; the first makes room for the next.
    story.here.slug, story.above.slug = "there", "higher"
    story.here.save()
    story.above.save()
    for person in story.people.values():
        Person.objects.filter(pk=person.pk).update(username=f"old-{person.username}")
    return make()


def test_an_adviser_that_is_not_there_is_as_if_it_were_off(settings):
    story = drafted(rules={**ON, "adviser": "oracle"})
    with pytest.raises(Hidden):
        story.ask_advice()


def test_only_who_writes_the_agreement_or_sits_on_the_council_may_ask():
    story = drafted()
    for name in ("harmed", "responsible", "coordinator", "stranger", "superuser", "supporter"):
        with pytest.raises(Hidden):
            actions.ask_advice(story.agreement, by=story.people[name], now=story.at, kind="damage")


def test_a_seated_council_asks_by_the_same_function_and_drafts_nothing():
    story = Story(rules=ON).screened().harm(100).to_council().draft()
    make_many(story.here)
    june = story.people["spare"]
    Participation.objects.create(case=story.case, person=june, role="council", from_on=story.today)
    sync_permissions(story.case, june)
    assert actions.may_ask(story.case, standing(june, story.case, today=story.today))
    actions.ask_advice(story.agreement, by=june, now=story.at, kind="damage")
    [one] = story.agreement.suggestions.all()
    with pytest.raises(Hidden):
        actions.take_over_suggestion(one, by=june, now=story.at, why="fits")
    actions.refuse_suggestion(one, by=june, now=story.at, why="not_needed")
    assert not story.agreement.commitments.exists()


def test_nothing_can_be_asked_before_somebody_said_what_was_lost_or_on_hold():
    story = Story(rules=ON).mediated().draft()
    with pytest.raises(Blocked, match="harm_not_stated"):
        story.ask_advice()
    story.harm(100).pause()
    with pytest.raises(Blocked, match="stage_frozen"):
        story.ask_advice()


# ------------------------------------------------------------------ what is counted


def test_it_says_how_many_how_alike_and_what_became_of_them():
    story = drafted()
    make_many(story.here, 7)
    make_closed(story.here, state="missed")
    [one] = asked(story)
    assert (one.category, one.unit, one.amount) == ("pay_back", "money", Decimal(50))
    assert one.evidence == {
        "cases": 8, "alike": [["kind", 8], ["unit", 8], ["size", 8], ["people", 8], ["young", 8]],
        "kept": 7, "low": 53, "high": 98, "helped": 7, "answered": 7, "proportion": 50,
        "measured": 7,
    }  # fmt: skip
    html = page(story)
    for words in ("A computer counted. People decide.", "at most 50.00 (money)", "kept in 7 of 8",
                  "8 similar closed cases", "53 to 98 of a hundred", "helped in 7 of the 7",
                  "It was good to hear it."):  # fmt: skip
        assert words in html, words


def test_no_word_of_another_case_is_ever_shown_but_what_people_let_others_read():
    story = drafted()
    make_many(story.here)
    make_closed(story.here, helped="yes")
    [one] = asked(story)
    assert "SECRET" not in page(story)
    assert "A story of its own" not in page(story)
    assert "SECRET" not in f"{one.evidence} {one.sentences}"


def test_too_few_cases_say_nothing_and_the_page_says_so():
    story = drafted()
    make_many(story.here, 4)
    assert asked(story) == []
    assert "found too few to say anything" in page(story)


@pytest.mark.parametrize(
    "more",
    [{"kind": "theft"}, {"category": ""}, {"state": "waived"}, {"unit": "hours"}],
)
def test_what_is_not_alike_or_says_nothing_is_not_counted(more):
    story = drafted()
    make_many(story.here, 9, **more)
    assert asked(story) == []


def test_open_cases_plans_never_in_force_and_this_harm_itself_are_not_counted():
    story = drafted()
    cases = make_many(story.here, 6)
    Case.objects.filter(pk=story.pk).update(kind="damage")
    here = frozenset({story.here.pk})
    assert len(past_of(story.case, here)) == 6
    Agreement.objects.filter(case=cases[0]).update(in_force_on=None)
    Case.objects.filter(pk=cases[1].pk).update(state="screening", closed_on=None, outcome="")
    Case.objects.filter(pk=cases[2].pk).update(split_from=story.pk)
    assert len(past_of(story.case, here)) == 3


def test_other_communities_count_only_while_they_share_and_the_strictest_rule_holds():
    story = drafted()
    there = Community.objects.create(slug="there", name="There", parent=story.above)
    there.charters.create(number=1, rules={})
    make_many(story.here, 3)
    make_many(there, 4)
    assert asked(story) == []
    there.charters.create(number=2, rules={"share_outcomes": True})
    assert [one.evidence["cases"] for one in asked(story)] == [7]
    there.charters.create(number=3, rules={"share_outcomes": True, "smallest_group": 8})
    assert counted_for(story.case).smallest == 8
    there.charters.create(number=4, rules={"share_outcomes": False})
    assert counted_for(story.case).communities == {story.here.pk}


def test_a_person_makes_no_difference():
    """Cases kept by other people, of another age and language and with a past, say the same."""
    story = drafted()
    make_many(story.here, 6)
    before = advice_of(story)
    for person in Person.objects.exclude(pk=story.people["mediator"].pk):
        person.name, person.born, person.language = "Another Name", "1950-01-01", "fr"
        person.contact = "elsewhere"
        person.save()
    make_closed(story.here, kind="theft", state="missed")
    once = story.party("responsible")
    Party.objects.filter(case__kind="theft", role="responsible").update(person=once.person)
    assert advice_of(story) == before


def test_an_adviser_is_handed_nothing_of_a_person():
    told = {one.name for kind in (Situation, PastCommitment) for one in fields(kind)}
    assert told == {
        "case", "harm", "kind", "unit", "amount", "promised", "harmed", "responsible", "young",
        "harm_unit", "harm_amount", "category", "kept", "helped", "said",
    }  # fmt: skip


def advice_of(story: Story) -> list[advice.Suggested]:
    case = story.case
    case.kind = "damage"
    return actions.advising.advice_for(story.agreement.commitments.all(), case, advice.Counted())


def test_another_adviser_can_be_plugged_in_and_does_not_get_past_the_guard(settings):
    settings.ADVISERS = {"mine": "tests.agreements.test_advising.Bold"}
    story = drafted(rules={**ON, "adviser": "mine"})
    found = asked(story)
    assert [(one.category, one.amount, one.adviser) for one in found] == [("learn", None, "mine")]


class Bold:
    """An adviser that knows no measure."""

    def propose(self, asked, past, *, smallest):
        one = advice.Suggested(
            harm=asked.harm, category="learn", unit="act", amount=None, cases=smallest, alike=(),
            kept=smallest, low=50, high=100,
        )  # fmt: skip
        more = {**one.__dict__, "category": "pay_back", "unit": "money"}
        return [
            one, one, advice.Suggested(**{**more, "amount": asked.amount * 2}),
            advice.Suggested(**{**more, "amount": asked.amount, "cases": smallest - 1}),
        ]  # fmt: skip


# ------------------------------------------------------------------ what people answer


def test_taking_over_drafts_a_promise_that_people_still_have_to_write():
    story = drafted()
    make_many(story.here)
    [one] = asked(story)
    actions.take_over_suggestion(
        one, by=story.people["mediator"], now=story.at, why="fits", reason="It is what she asked."
    )
    promise = story.promise(1)
    assert (promise.category, promise.amount, promise.due_on) == ("pay_back", 50, None)
    assert promise.promised_to == story.party("harmed")
    one.refresh_from_db()
    assert (one.state, one.why, one.reason) == ("taken_over", "fits", "It is what she asked.")
    assert one.commitment == promise
    with pytest.raises(Blocked, match="commitment_unclear"):
        story.offer()
    codes = Event.objects.filter(subject_id=story.case.reference).values_list("code", flat=True)
    assert {"advice_asked", "suggestion_taken_over", "commitment_added"} <= set(codes)
    with pytest.raises(Hidden):
        actions.refuse_suggestion(one, by=story.people["mediator"], now=story.at, why="other")


def test_it_is_never_taken_over_above_what_is_left_and_can_be_changed_instead():
    story = drafted()
    make_many(story.here)
    [one] = asked(story)
    story.add(amount=51)
    with pytest.raises(Blocked, match="more_than_is_left"):
        actions.take_over_suggestion(one, by=story.people["mediator"], now=story.at, why="fits")
    typed = {**actions.fields_of(one, story.case), "amount": Decimal(49), "what": "Pays a part"}
    actions.change_suggestion(
        one, by=story.people["mediator"], now=story.at, why="too_much", **typed
    )
    one.refresh_from_db()
    assert (one.state, story.promise(2).amount) == ("changed", 49)


def test_asking_again_shows_nothing_twice():
    story = drafted()
    make_many(story.here)
    [one] = asked(story)
    actions.refuse_suggestion(one, by=story.people["mediator"], now=story.at, why="not_needed")
    make_many(story.here, 5, category="learn", promise_unit="act")
    assert [(s.category, s.state) for s in asked(story)] == [
        ("pay_back", "refused"), ("learn", "shown"),
    ]  # fmt: skip
    assert story.agreement.commitments.count() == 0


def test_nothing_but_people_adds_a_promise():
    story = drafted()
    make_many(story.here)
    asked(story)
    story.until_today()
    assert not story.agreement.commitments.exists()


def test_an_answer_without_a_reason_does_not_fit_in_the_database():
    story = drafted()
    make_many(story.here)
    [one] = asked(story)
    with pytest.raises(IntegrityError), transaction.atomic():
        Suggestion.objects.filter(pk=one.pk).update(state="refused")


def test_once_the_agreement_is_offered_suggestions_are_gone_from_view():
    story = drafted()
    make_many(story.here)
    [one] = asked(story)
    story.add(amount=50).offer()
    assert "A computer counted" not in page(story)
    with pytest.raises(Hidden):
        actions.refuse_suggestion(one, by=story.people["mediator"], now=story.at, why="other")
    assert "A computer counted" not in page(story, "harmed")


# ------------------------------------------------------------------ what was said afterwards


def kept(**said) -> Story:
    story = Story(days=13).mediated().harm(100).draft().add(amount=100).offer().sign().wait(11)
    return story.say_done(1).confirm(1, **said)


def test_only_whom_it_was_promised_to_says_whether_it_helped():
    story = Story(days=13).mediated().draft().add(confirmed_by="mediator").offer().sign().wait(11)
    story.say_done(1)
    actions.confirm_done(story.promise(1), by=story.people["mediator"], now=story.at, helped="yes")
    assert not Entry.objects.answered().exists()


def test_a_word_nobody_may_read_is_not_kept():
    story = kept(helped="yes", word="For me alone.", share_word=False)
    [said] = Entry.objects.answered()
    assert (said.helped, said.word, said.share_word) == ("yes", "", False)
    assert story.promise(1).state == "kept"


def test_the_answer_is_read_by_nobody_but_who_gave_it():
    story = kept(helped="no", word="It came too late.", share_word=True)
    assert "It came too late." in page(story, "harmed")
    for name in ("responsible", "mediator", "supporter"):
        assert "It came too late." not in page(story, name)
        assert "Did this help?" not in page(story, name)


def test_a_sentence_is_taken_back_everywhere_at_once_even_from_a_closed_case():
    mine = kept(helped="yes", word="Ask for it in writing.", share_word=True).ask_words().close()
    Commitment.objects.filter(agreement__case__pk=mine.pk).update(category="pay_back")
    Case.objects.filter(pk=mine.pk).update(kind="damage")
    story = _other(drafted, mine)
    make_many(story.here, 5, word="")
    old = Community.objects.get(slug="there")
    old.charters.create(number=9, rules={"share_outcomes": True})
    [one] = asked(story)
    assert one.said == ["Ask for it in writing."]
    promise = Commitment.objects.get(agreement__case__pk=mine.pk)
    with pytest.raises(Hidden):
        actions.take_back_word(promise, by=mine.people["responsible"], now=timezone.now())
    actions.take_back_word(promise, by=mine.people["harmed"], now=timezone.now())
    assert suggestions_of(story.agreement)[0].said == []
    said = Entry.objects.get(commitment=promise, kind="confirmed")
    assert (said.word, said.share_word, said.helped) == ("", False, "yes")


def test_no_more_than_six_sentences_are_read_and_none_twice():
    story = drafted()
    for number in range(8):
        make_closed(story.here, helped="yes", word=f"Sentence {number}.")
    make_many(story.here, 3)
    [one] = asked(story)
    assert len(set(one.said)) == len(one.said) == 6


def test_forgetting_ends_the_words_and_leaves_the_figures():
    story = drafted()
    cases = make_many(story.here)
    [one] = asked(story)
    assert one.said == ["It was good to hear it."]
    actions.refuse_suggestion(
        one, by=story.people["mediator"], now=story.at, why="other", reason="SECRET reason"
    )
    for case in cases:
        forgetting.forget(case, {})
    assert suggestions_of(story.agreement)[0].said == []
    assert [one.kept for one in advice_of(story)] == [6]
    forgetting.forget(story.case, {})
    one.refresh_from_db()
    assert (one.reason, one.sentences, one.why, one.evidence["kept"]) == ("", "", "other", 6)


def test_the_form_asks_for_a_yes_and_refuses_a_name():
    story = Story(days=13).mediated().draft().add().offer().sign().wait(11).say_done(1)
    client = Client()
    client.force_login(story.people["harmed"])
    url = f"{story.case.get_absolute_url()}commitment/{story.promise(1).pk}/confirm_done/"

    def post(**typed):
        return client.post(url, typed)

    assert "Did this help?" in client.get(url).content.decode()
    assert "leave the sentence out" in post(word="It helped.", helped="yes").content.decode()
    named = post(word="I thank rurik.", helped="yes", share_word="on")
    assert "name is in it" in named.content.decode()
    assert (
        "name is in it"
        in post(word="Mirza was kind.", helped="yes", share_word="on").content.decode()
    )
    unsaid = post(word="It helped.", share_word="on")
    assert "say whether it helped" in unsaid.content.decode()
    assert not Entry.objects.answered().exists()
    assert post(word="It helped.", helped="yes", share_word="on").status_code == 302
    assert Entry.objects.answered().get().word == "It helped."


def test_what_somebody_said_is_in_their_own_export_only():
    story = kept(helped="yes", word="Ask for it in writing.", share_word=True)
    assert b"Ask for it in writing." in _unzipped(export(story.people["harmed"], now=story.at))
    for name in ("responsible", "mediator"):
        content = _unzipped(export(story.people[name], now=story.at))
        assert b"Ask for it in writing." not in content


def _unzipped(archive: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(archive)) as files:
        return b"".join(files.read(name) for name in files.namelist())


# ------------------------------------------------------------------ how often it asks


def test_asking_and_reading_ask_the_database_as_often_for_many_cases_as_for_few():
    story = drafted()
    make_many(story.here, 5)
    few = _counting(story)
    for category in ("replace", "learn", "work_person"):
        make_many(story.here, 20, category=category)
    story.agreement.suggestions.all().delete()
    many = _counting(story)
    assert story.agreement.suggestions.count() == 4
    assert many[0] == few[0]
    assert many[1] == few[1] <= 25


def _counting(story: Story) -> tuple[int, int]:
    """Return how often counting, and then opening the case page, asks the database."""
    case = story.case
    case.kind = "damage"
    reset_queries()  # the log holds only so many
    with CaptureQueriesContext(connection) as counting:
        actions.advising.advice_for(story.agreement.commitments.all(), case, advice.Counted())
    story.at += timedelta(seconds=1)
    asked(story)
    client = Client()
    client.force_login(story.people["mediator"])
    client.get(case.get_absolute_url())
    with CaptureQueriesContext(connection) as reading:
        client.get(case.get_absolute_url())
    return len(counting), len(reading)
