"""Every situation a case can be in, as a short story each. Add a world by writing one more.

Each is a function with ``@world`` that returns a ``Story``; the walks take all of them. A
move or an obstacle that no world brings about fails ``test_every_word_is_met.py``.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.utils import timezone

from cases.access import settle_steering
from tests.agreements.closed import make_many
from tests.moves.story import Story

WORLDS: dict[str, Callable[[], Story]] = {}


def world(make: Callable[[], Story]) -> Callable[[], Story]:
    WORLDS[make.__name__] = make
    return make


# ----------------------------------------------------------------- reported


@world
def reported() -> Story:
    return Story()


@world
def reported_with_a_mediator_and_two_responsible() -> Story:
    return Story(parties=("harmed", "responsible", "second")).mediators()


@world
def reported_by_somebody_who_named_nobody() -> Story:
    return Story(parties=()).mediators()


@world
def reported_where_the_coordinator_has_a_tie() -> Story:
    story = Story().tie("coordinator", "responsible")
    settle_steering(story.case, today=story.today)
    return story


# ----------------------------------------------------------------- screening


@world
def screening_nobody_named() -> Story:
    return Story(parties=()).mediators().accept()


@world
def screening_without_a_mediator() -> Story:
    return Story().accept()


@world
def screening_with_nobody_to_mediate() -> Story:
    story = Story(spare=False).accept()
    for name in ("mediator", "second_mediator"):
        story.tie(name, "harmed")
    return story


@world
def screening_nobody_reached() -> Story:
    return Story().mediators().accept()


@world
def screening_no_contact() -> Story:
    return Story(contact=False).mediators().accept()


@world
def screening_harmed_reached() -> Story:
    return Story().mediators().accept().reach("harmed")


@world
def screening_everybody_reached() -> Story:
    return Story(organisation=True).mediators().accept().company().reach()


@world
def screening_not_safe() -> Story:
    return Story().mediators().accept().company().reach().assess(safe=False).consent()


@world
def screening_ready() -> Story:
    return Story().screened()


@world
def screening_two_responsible_one_ready() -> Story:
    story = Story(parties=("harmed", "responsible", "second")).mediators().accept().company()
    return story.reach().assess().consent("harmed", "responsible")


@world
def screening_minor_without_the_guardian() -> Story:
    story = Story(minor="harmed").mediators().accept().company()
    return story.reach().assess().consent()


@world
def screening_minor_not_asked() -> Story:
    return Story(minor="responsible").mediators().accept().company().reach().assess()


@world
def screening_minor_ready() -> Story:
    return Story(minor="responsible").screened()


@world
def screening_guardian_tied() -> Story:
    story = Story(minor="harmed").tie("guardian", "responsible").mediators().accept().company()
    return story.reach().assess().consent()


@world
def screening_licence_lapsed() -> Story:
    story = Story().screened()
    yesterday = timezone.localdate() - timedelta(days=1)
    story.people["mediator"].licences.update(until=yesterday)
    return story


@world
def screening_licence_too_narrow() -> Story:
    return Story(minor="harmed", licence={"covers_minors": False}).screened()


@world
def screening_second_mediator_tied() -> Story:
    return Story().screened().mediators("second_mediator").tie("second_mediator", "responsible")


@world
def screening_on_hold() -> Story:
    return Story().screened().withdraw("harmed")


@world
def screening_on_hold_before_all_were_reached() -> Story:
    return Story().mediators().accept().reach("harmed").assess("harmed").consent("harmed").pause()


@world
def screening_on_hold_and_all_asked_again() -> Story:
    return Story().screened().withdraw("responsible").assess().consent()


@world
def screening_again() -> Story:
    return Story().mediated().harm().ask_words().close("without_agreement").reopen()


# ----------------------------------------------------------------- mediation


@world
def mediation_begun() -> Story:
    return Story().mediated()


@world
def mediation_meeting_to_come() -> Story:
    return Story().mediated().plan(days=5)


@world
def mediation_meeting_gone_by() -> Story:
    return Story().mediated().plan(days=1)


@world
def mediation_met_twice_and_extended() -> Story:
    story = Story().mediated().harm().plan(0, hours=1).hold().plan(days=9).extend()
    return story.mediators("second_mediator")


@world
def mediation_minor() -> Story:
    return Story(minor="responsible").mediated().harm()


@world
def mediation_last_day_gone_by() -> Story:
    """The clock has not run since: what it will end is still open."""
    return Story(days=17).mediated()


@world
def mediation_on_hold() -> Story:
    return Story().mediated().plan(days=5).draft().add().withdraw("responsible")


@world
def mediation_on_hold_and_all_asked_again() -> Story:
    return Story(minor="harmed").mediated().pause().assess().consent().guardian_consents()


@world
def mediation_ended() -> Story:
    return Story().mediated().plan(days=5).end()


@world
def drafting_nothing_promised() -> Story:
    return Story().mediated().draft(account="")


@world
def drafting_unclear_too_much_too_late() -> Story:
    story = Story().mediated().harm(100).draft().add(amount=150)
    later = timezone.localdate() + timedelta(days=600)
    return story.add("Helps.", due_on=None).add(unit="hours", amount=3, harm="", due_on=later)


@world
def drafting_ready() -> Story:
    return Story().mediated().harm(100).draft().add(amount=100).add()


# ----------------------------------------------------------------- advice


def advised(**values: Any) -> Story:
    """Return a draft in a community whose charter allows to ask, with enough closed cases."""
    story = Story(rules={"algorithmic_proposals": True}, **values).mediated()
    make_many(story.here)
    make_many(story.here, category="apology", promise_unit="act")
    return story


@world
def drafting_with_nothing_said_of_what_was_lost() -> Story:
    return advised().draft()


@world
def drafting_and_advice_can_be_asked() -> Story:
    return advised().harm(100).draft()


@world
def drafting_with_suggestions() -> Story:
    return advised().harm(100).draft().ask_advice().answer_suggestion()


@world
def drafting_with_a_suggestion_above_what_is_left() -> Story:
    return advised().harm(100).draft().ask_advice().add(amount=90)


@world
def drafting_with_suggestions_on_hold() -> Story:
    return advised().harm(100).draft().ask_advice().withdraw("harmed")


# ----------------------------------------------------------------- an offer


@world
def offered() -> Story:
    return Story().offered()


@world
def offered_and_one_signed() -> Story:
    return Story(parties=("harmed", "responsible", "second")).offered().sign("harmed")


@world
def offered_minor() -> Story:
    return Story(minor="harmed").offered()


@world
def offered_on_hold() -> Story:
    return Story().offered().sign("responsible").withdraw("harmed")


@world
def offered_long_ago() -> Story:
    return Story(days=40).offered().until_today()


@world
def signed() -> Story:
    return Story().offered().sign()


@world
def signed_on_hold() -> Story:
    return Story().offered().sign().pause()


@world
def stepped_back() -> Story:
    return Story().offered().sign("harmed").step_back("responsible")


# ----------------------------------------------------------------- the plan


def in_force(story: Story, promises: int) -> Story:
    """Return a plan with so many promises, and the first one in money, to be kept in parts."""
    story.mediated().harm(100).draft().add(amount=100)
    for _number in range(promises - 1):
        story.add()
    return story.offer().sign().wait(11)


@world
def plan_in_force() -> Story:
    return in_force(Story(days=13), 2)


@world
def plan_with_a_promise_in_every_state() -> Story:
    story = Story(days=40).mediated().harm(100).draft().add(amount=100)
    due = story.today + timedelta(days=14)
    for more in (
        {}, {}, {}, {}, {"due_on": due}, {}, {"confirmed_by": "mediator"}, {},
    ):  # fmt: skip
        story.add(**more)
    story.offer().sign().wait(11)
    story.say_done(1, 40).confirm(1)  # under way
    story.say_done(2).not_yet(2)  # disputed
    story.say_done(3).confirm(3)  # kept
    story.waive(4)
    story.say_done(5)  # nobody answers: not confirmed
    story.until_today()  # 6 is missed; 7 stays promised
    return story.say_done(8).say_done(9)


@world
def plan_with_a_sentence_for_others() -> Story:
    story = in_force(Story(days=13), 2).say_done(1, 40)
    return story.confirm(1, helped="yes", word="Ask for it in writing.", share_word=True)


@world
def plan_disputed_after_no_answer() -> Story:
    """Said to be done, asked twice, no answer; and then "not yet" after all."""
    story = in_force(Story(days=40), 2).say_done(1, 100)
    return story.until_today().not_yet(1)


@world
def plan_on_hold() -> Story:
    story = in_force(Story(days=13, minor="harmed"), 3).say_done(1, 40)
    return story.withdraw("guardian", of="harmed")


@world
def plan_on_hold_and_all_asked_again() -> Story:
    return in_force(Story(days=13), 1).pause().assess().consent()


@world
def plan_fulfilled() -> Story:
    return in_force(Story(days=13), 1).say_done(1).confirm(1)


@world
def plan_fulfilled_and_harmed_asked_for_her_word() -> Story:
    return in_force(Story(days=13), 1).waive(1).ask_words("harmed")


@world
def plan_fulfilled_and_all_asked_for_their_word() -> Story:
    return in_force(Story(days=13, minor="responsible"), 1).say_done(1).confirm(1).ask_words()


# ----------------------------------------------------------------- council


@world
def council_from_screening() -> Story:
    return Story().screened().to_council()


@world
def council_with_one_side_only() -> Story:
    return Story(parties=("harmed",)).mediators().accept().reach().assess().to_council().draft()


@world
def council_after_mediation() -> Story:
    return Story().mediated().harm().draft().add(amount=80).end().to_council()


@world
def council_on_hold() -> Story:
    return Story(minor="harmed").screened().to_council().consent().withdraw("responsible")


@world
def council_offered() -> Story:
    return Story().screened().to_council().draft().add().offer()


@world
def council_with_a_plan_in_force() -> Story:
    return in_force(Story(days=13), 2).to_council()


@world
def council_with_a_new_plan_stepped_back_from() -> Story:
    story = in_force(Story(days=13), 2).to_council().draft().add().offer()
    return story.step_back("harmed")


@world
def reparation_of_a_new_plan() -> Story:
    story = in_force(Story(days=30), 2).to_council().draft().add().offer()
    return story.sign().wait(11)


# ----------------------------------------------------------------- coordinators step back


@world
def reported_while_coordinators_step_back() -> Story:
    return Story().coordinators_away()


@world
def screening_while_coordinators_step_back() -> Story:
    return Story().screened().mediators("second_mediator").coordinators_away()


@world
def council_while_coordinators_step_back() -> Story:
    return Story().screened().to_council().coordinators_away()


@world
def screening_with_a_threat_while_coordinators_step_back() -> Story:
    story = Story().mediators().accept().company().reach()
    return story.assess("harmed", flags=["threat"]).coordinators_away()


# ----------------------------------------------------------------- closed


@world
def closed_before_it_began() -> Story:
    return Story().mediators().close("no_contact")


@world
def closed_while_signed() -> Story:
    return Story().offered().sign().wish_to_end().ask_words().close("withdrawn")


@world
def closed_when_repaired() -> Story:
    return in_force(Story(days=13), 1).say_done(1).confirm(1).ask_words().close()


@world
def closed_and_forgotten() -> Story:
    story = Story(days=1300).screened().ask_words().close("without_agreement")
    return story.wait(1200)
