"""Every situation of a council, its draw, its seats and its hat, as a short story each."""

from datetime import timedelta

from django.utils import timezone

from tests.moves.council_story import CouncilStory
from tests.moves.deciding_story import DecidingStory
from tests.moves.worlds import WORLDS, world

__all__ = ["WORLDS"]  # with the worlds of this module among them

# ----------------------------------------------------------------- forming


@world
def council_ties_not_named() -> CouncilStory:
    return CouncilStory(days=0).form().finish_ties("harmed")


@world
def council_ready_to_draw() -> CouncilStory:
    return CouncilStory().formed()


@world
def council_forming_on_hold() -> CouncilStory:
    return CouncilStory().formed().pause()


# ----------------------------------------------------------------- the draw


@world
def draw_takes_contributions() -> CouncilStory:
    return CouncilStory().formed().prepare("dice", "contributions").contribute()


@world
def draw_takes_contributions_on_hold() -> CouncilStory:
    return CouncilStory().formed().prepare("dice", "contributions").contribute().pause()


@world
def draw_without_enough_people() -> CouncilStory:
    return CouncilStory().formed().empty_the_hat().prepare()


@world
def draw_whose_quotas_cannot_be_met() -> CouncilStory:
    quotas = [["gender", "woman", 3, 3], ["gender", "man", 1, 3]]
    return CouncilStory(quotas=quotas).formed().prepare()


@world
def draw_whose_quotas_can_be_met_without_rest() -> CouncilStory:
    quotas = [["gender", "woman", 2, 3], ["gender", "man", 0, 1]]
    return CouncilStory(quotas=quotas).let_rest("member", "third_member").formed().prepare()


@world
def draw_whose_quotas_cannot_be_met_on_hold() -> CouncilStory:
    quotas = [["gender", "woman", 3, 3], ["gender", "man", 1, 3]]
    return CouncilStory(quotas=quotas).formed().prepare().pause()


@world
def draw_is_solving() -> CouncilStory:
    return CouncilStory().formed().prepare()


@world
def draw_waits_for_dice() -> CouncilStory:
    return CouncilStory().committed(dice_in=timedelta(days=9))


@world
def draw_waits_for_drand() -> CouncilStory:
    story = CouncilStory(days=0, beacon_minutes=600)
    return story.formed().prepare("drand").solve()


@world
def draw_waits_for_a_secret() -> CouncilStory:
    story = CouncilStory(days=0).formed()
    story.prepare("dice", "contributions", dice_in=timedelta(days=9))
    return story.contribute().look().solve()


@world
def draw_left_out_a_secret() -> CouncilStory:
    return CouncilStory().formed().prepare("dice", "contributions").contribute().look().solve()


@world
def draw_whose_dice_were_thrown() -> CouncilStory:
    return CouncilStory().committed()


@world
def draw_whose_dice_were_thrown_on_hold() -> CouncilStory:
    return CouncilStory().committed().pause()


@world
def draw_whose_round_is_there() -> CouncilStory:
    return CouncilStory().formed().prepare("drand").solve_for_round()


@world
def draw_asked_to_be_void() -> CouncilStory:
    return CouncilStory().drawn().void("process_guardian")


@world
def draw_void() -> CouncilStory:
    return CouncilStory().committed(dice_in=timedelta(days=9)).void("coordinator")


# ----------------------------------------------------------------- the seats


@world
def seats_drawn() -> CouncilStory:
    return CouncilStory(days=1).drawn()


@world
def seats_promised_one_tied() -> CouncilStory:
    story = CouncilStory(days=1).drawn().promise()
    story.tie("second_member", "harmed")
    return story


@world
def seats_answered_too_late() -> CouncilStory:
    return CouncilStory(days=1).drawn().promise("member").too_late("member", "second_member")


@world
def seats_on_hold() -> CouncilStory:
    return CouncilStory(days=1).drawn().promise("member").take_seat("third_member").pause()


@world
def seats_partly_empty() -> CouncilStory:
    story = CouncilStory(days=1).drawn().take_seat("third_member")
    return story.decline("member").recuse("second_member")


@world
def seats_filled_again() -> CouncilStory:
    """A second draw, for one seat, has its dice thrown already."""
    return CouncilStory(days=1).drawn().take_seat("member").decline("second_member").prepare()


@world
def seats_full() -> CouncilStory:
    return CouncilStory(days=1).seated()


@world
def member_challenged() -> CouncilStory:
    return CouncilStory(days=1).seated().challenge().answer("second_member", uphold=False)


@world
def member_challenged_on_hold() -> CouncilStory:
    return CouncilStory(days=1).seated().challenge().pause()


@world
def member_replaced() -> CouncilStory:
    story = CouncilStory(days=1).seated().challenge()
    return story.answer("second_member")


@world
def member_challenged_too_late() -> CouncilStory:
    return CouncilStory(days=10).seated()


@world
def council_ended() -> CouncilStory:
    return CouncilStory(days=1).seated().ask_words().close("without_agreement")


# ----------------------------------------------------------------- what it hears


@world
def council_asks_for_words() -> CouncilStory:
    return CouncilStory(days=1).talked().seated().write("harmed")


@world
def council_asks_what_it_may_read() -> CouncilStory:
    return CouncilStory(days=1).talked().seated().ask_to_share().share("harmed", False)


@world
def council_asks_what_it_may_read_on_hold() -> CouncilStory:
    return CouncilStory(days=1).talked().seated().ask_to_share().write("harmed").pause()


@world
def council_can_make_its_packet() -> CouncilStory:
    return CouncilStory(days=1).seated().write()


@world
def council_waits_for_words_no_longer() -> CouncilStory:
    return CouncilStory(days=9).seated()


@world
def hearing_to_come() -> CouncilStory:
    return CouncilStory(days=1).seated().write().packet().plan_hearing(hours=90)


@world
def hearing_before_its_packet() -> CouncilStory:
    return CouncilStory(days=1).seated().plan_hearing("harmed")


@world
def hearing_has_begun() -> CouncilStory:
    return CouncilStory(days=1).seated().write().packet().plan_hearing()


@world
def hearing_on_hold() -> CouncilStory:
    return CouncilStory(days=1).seated().write().packet().plan_hearing(hours=90).pause()


@world
def hearing_while_a_seat_is_empty() -> CouncilStory:
    return CouncilStory(days=1).seated().plan_hearing(hours=90).recuse("third_member")


@world
def hearing_held() -> CouncilStory:
    story = CouncilStory(days=1).seated().write().packet().plan_hearing().later()
    return story.hold_hearing("harmed")


# ----------------------------------------------------------------- what it decides


@world
def council_has_begun() -> DecidingStory:
    return DecidingStory(days=1).begun()


@world
def council_has_found() -> DecidingStory:
    return DecidingStory(days=1).begun().found()


@world
def council_drafts_a_plan() -> DecidingStory:
    return DecidingStory(days=1).begun().found().draft().plan().threat()


@world
def council_deliberates_on_hold() -> DecidingStory:
    return DecidingStory(days=1).begun().found().draft().plan().pause()


@world
def council_deliberates_with_an_empty_seat() -> DecidingStory:
    return DecidingStory(days=1).begun().recuse("third_member")


@world
def council_offers_a_plan() -> DecidingStory:
    return DecidingStory(days=1).begun().found().draft().plan().decided()


@world
def council_has_decided() -> DecidingStory:
    return DecidingStory(days=1).begun().found().draft("nothing").decided()


@world
def decision_on_hold() -> DecidingStory:
    return DecidingStory(days=1).begun().found().draft("nothing").decided().pause()


@world
def decision_is_appealed() -> DecidingStory:
    return DecidingStory(days=1).begun().found().draft().plan().decided().appeal()


@world
def decision_in_effect() -> DecidingStory:
    return DecidingStory(days=1).begun().found().draft("mediation").decided().in_effect()


@world
def everybody_goes_back_to_mediation() -> DecidingStory:
    story = DecidingStory(days=1).begun().found().draft("mediation").decided()
    return story.in_effect().say_yes()


@world
def plan_was_not_signed() -> DecidingStory:
    return DecidingStory(days=1).begun().found().draft().plan().decided().step_back()


# ----------------------------------------------------------------- the hat


@world
def hat_in_every_way() -> CouncilStory:
    today = timezone.localdate()
    story = CouncilStory(days=0)
    story.in_the_hat("second_member", away_until=today + timedelta(days=9))
    story.in_the_hat("third_member", until=today + timedelta(days=9))
    return story.in_the_hat("undrawn", left_on=today - timedelta(days=5))
