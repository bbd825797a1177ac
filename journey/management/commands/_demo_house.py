"""The Rehabilitation Community of the demo: a house, somebody who lives there, and one asked.

Each placement stands on a council's own decision, made through the same actions as everybody's.
"""

from datetime import datetime, timedelta

from cases.models import Case, Party
from cases.writing import day
from communities.models import Community
from councils.actions import deciding
from councils.models import Council
from journey.management.commands import _demo_deciding as deciders
from people.models import Person
from rehabilitation.actions import living, placing
from rehabilitation.models import House, HouseOffice, Placement

AT_NIGHT = "They came to the door at night three times, and said that they would come again."
WEIGHED = [
    {"what": "A promise to keep away.", "why_not": "It was made twice, and not kept."},
    {"what": "Neighbours who walk along.", "why_not": "It helps by day, and not at night."},
]


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


def find_threat(council: Council, case: Case, *, now: datetime) -> None:
    """Adopt a decision that asks for a place, with a first review after four weeks."""
    deciders.find(council, now=now)
    author = deciders.members_of(council)[0]
    decision = deciding.propose_decision(
        council, by=author, now=now, course="nothing",
        text="That everybody can sleep, and that there is time to find another way.",
        support="Two neighbours keep company in the evenings.",
    )  # fmt: skip
    theirs = case.parties.get(role=Party.Role.RESPONSIBLE)
    deciding.find_threat(
        decision, by=author, now=now, about=str(theirs.pk), threat=AT_NIGHT, alternatives=WEIGHED,
        limits="No visits to the house on the hill.", placement=True,
        aims="Sleep, somebody to talk to, and work in the garden.",
        review_on=day(now) + timedelta(days=28), ends_on=day(now) + timedelta(days=85),
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
    placement = Placement.objects.get(pk=placement.pk)
    later = now + timedelta(days=4)
    said = living.check_in(
        placement, by=steward, now=later, words="Sleeps better, and has begun in the garden."
    )
    living.say_own_word(said, by=resident, now=later, words="The mornings are good.")
    living.make_wish(placement, by=resident, now=later, kind="wish", words="A bicycle for Sundays.")
