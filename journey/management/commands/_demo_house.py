"""The Rehabilitation Community of the demo: a house of four places, and who has to do with it.

Rosa lives there, and her review is due. Somebody is free in two days, because nobody prepared
theirs. A guest stays by their own wish. Somebody has yet to say yes or no. Each placement stands
on a council's own decision, made through the same actions as everybody's.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from cases.models import Case, Party
from cases.writing import day
from communities.models import Community
from councils.actions import deciding
from councils.models import Council
from journey.management.commands import _demo_deciding as deciders
from people.models import Person
from rehabilitation.actions import living, placing, reviewing, staying
from rehabilitation.models import House, HouseOffice, Placement

WEIGHED = [
    {"what": "A promise to keep away.", "why_not": "It was made twice, and not kept."},
    {"what": "Neighbours who walk along.", "why_not": "It helps by day, and not at night."},
]


@dataclass(frozen=True)
class Asked:
    """What a council of the demo finds and asks for. Days count from its decision."""

    threat: str
    aims: str
    review_after: int
    ends_after: int


# The decisions fall twenty days ago, and who lives in the house came eight days ago.
DECIDED, CAME = 20, 8
AT_NIGHT = Asked(
    "They came to the door at night three times, and said that they would come again.",
    "Sleep, somebody to talk to, and work in the garden.", review_after=28, ends_after=85,
)  # fmt: skip
ASKED = {
    "asked": AT_NIGHT,
    # Three days before its last day, everybody is told of a review.
    "placed": Asked(AT_NIGHT.threat, AT_NIGHT.aims, review_after=DECIDED + 3, ends_after=85),
    "lapsing": Asked(
        "They waited outside the workshop four times this month, and broke its window.",
        "Some distance, and a way back to the workshop.", review_after=DECIDED + 1, ends_after=60,
    ),
    "guest": Asked(
        "They followed the other home, and would not say why.",
        "Quiet days until the other has moved.", review_after=DECIDED - 3, ends_after=DECIDED - 3,
    ),
}  # fmt: skip


def open_house(community: Community, steward: Person, visitor: Person, *, now: datetime) -> House:
    """Open a house of four places, with its steward and its independent visitor."""
    today = day(now)
    house = House.objects.create(
        slug="linden-house", name="Linden House", community=community, places=4, opened_on=today,
        public_words="Four rooms, a kitchen and a garden. Whoever lives here decides on its rules.",
    )  # fmt: skip
    term = {"from_on": today, "until": today + timedelta(days=365)}
    for role, person in (("steward", steward), ("visitor", visitor)):
        HouseOffice.objects.create(house=house, person=person, role=role, **term)
    return house


def find_threat(council: Council, case: Case, asked: Asked, *, now: datetime) -> None:
    """Adopt a decision that asks for a place."""
    deciders.find(council, now=now)
    author = deciders.members_of(council)[0]
    decision = deciding.propose_decision(
        council, by=author, now=now, course="nothing",
        text="That everybody can sleep, and that there is time to find another way.",
        support="Two neighbours keep company in the evenings.",
    )  # fmt: skip
    theirs = case.parties.get(role=Party.Role.RESPONSIBLE)
    deciding.find_threat(
        decision, by=author, now=now, about=str(theirs.pk), threat=asked.threat,
        alternatives=WEIGHED, limits="No visits to the house on the hill.", placement=True,
        aims=asked.aims, review_on=day(now) + timedelta(days=asked.review_after),
        ends_on=day(now) + timedelta(days=asked.ends_after),
    )  # fmt: skip
    deciders.speak_all(council, decision.proposal, now=now)
    deciders.consent(council, decision.proposal, deciders.members_of(council), now=now)


def ask_for_place(case: Case, house: House, coordinator: Person, *, now: datetime) -> Placement:
    """Ask for the place; nobody is placed by it."""
    placing.propose_placement(case, by=coordinator, now=now, house=house.slug)
    return Placement.objects.get(case=case)


def move_in(placement: Placement, steward: Person, *, now: datetime) -> None:
    """Let the person say yes, once the decision can no longer be appealed, and live there."""
    resident = placement.person
    placing.accept_placement(placement, by=resident, now=now, understood=True)
    placing.place(Placement.objects.get(pk=placement.pk), by=steward, now=now)


def live(placement: Placement, steward: Person, *, now: datetime) -> None:
    """Let some days go by: a check-in with the resident's own word, a wish, and what is offered."""
    placement = Placement.objects.get(pk=placement.pk)
    resident, today = placement.person, day(now)
    assert placement.ends_on is not None
    said = living.check_in(
        placement, by=steward, now=now, words="Sleeps better, and has begun in the garden."
    )
    living.say_own_word(said, by=resident, now=now, words="The mornings are good.")
    living.make_wish(placement, by=resident, now=now, kind="wish", words="A bicycle for Sundays.")
    offered = living.offer_measure(
        placement, by=steward, now=now, kind="support", aim="Somebody to talk to, twice a week.",
        offered_by="Ines from the health centre", from_on=today,
        until=min(today + timedelta(days=20), placement.ends_on),
    )  # fmt: skip
    living.agree_measure(offered, by=resident, now=now, words="Tuesdays are best.")


def prepare_review(placement: Placement, steward: Person, *, now: datetime) -> None:
    """Write what the council should know; the resident answers. Its guardian can begin."""
    review = reviewing.prepare_review(
        placement, by=steward, now=now,
        packet="Quiet days. The garden is dug, and nobody has complained.",
    )  # fmt: skip
    reviewing.say_word_to_review(
        review, by=placement.person, now=now, supporter="My sister Paz",
        words="I would like to go home, and I know now whom to call.",
    )  # fmt: skip


def stay_on(placement: Placement, *, now: datetime) -> None:
    """Let somebody whose time was over the day before stay by their own wish."""
    staying.plan_transition(
        placement, by=placement.person, now=now - timedelta(days=2),
        words="A room in Harbour from next month. I call Ines when I cannot sleep.",
    )  # fmt: skip
    staying.stay_as_guest(Placement.objects.get(pk=placement.pk), by=placement.person, now=now)
