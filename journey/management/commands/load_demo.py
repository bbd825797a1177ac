"""``manage.py load_demo``: a living demo community. Everybody in it is invented."""

import random
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import cycle
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from agreements import actions as agreements
from agreements.models import Agreement, Commitment
from cases import actions as cases
from cases.actions import NewParty
from cases.models import Case, Party
from cases.writing import day
from communities.charter import Charter
from communities.models import Community, Membership
from councils.models import Council, PoolPlace
from journey import actions as journey
from journey import clock
from journey.management.commands import _demo_communities as communities
from journey.management.commands import _demo_councils as councils
from journey.management.commands import _demo_deciding as deciders
from journey.management.commands import _demo_house as houses
from mediation import actions as mediation
from mediation.models import Mediation
from people.models import Licence, Person
from records.sealed import blind_index

FIRST_NAMES = (
    "Amina Beatriz Callum Dalia Efe Farah Gwen Hugo Ines Jamal Kerstin Liam Nadia Oskar "
    "Priya Quentin Rosa Søren Thandiwe Ümit Valérie Wen Yara Zoë"
)
LAST_NAMES = (
    "Adeyemi Böhm Dlamini Eriksen Fontaine García Haddad Ibáñez Jansen Kowalski Lefèvre "
    "Mbeki Nguyễn Park Quispe Rossi Silva Tembo Vogel Whitcombe"
)
CAST = {
    "cole": "Cole Ferreira", "mara": "Mara Lindqvist", "milo": "Milo Okafor",
    "hana": "Hana Brandt", "remi": "Remi Castro", "sami": "Sami Brandt", "gita": "Gita Rao",
    "nour": "نور حداد", "leo": "Leo Marchetti", "june": "June Abara", "pavel": "Pavel Novak",
    "sten": "Sten Holm", "rosa": "Rosa Quispe", "ada": "Ada Lund", "adam": "Adam Pike",
    "vera": "Vera Santos",
}  # fmt: skip
SAID = (
    "It was good to see it done.", "Say plainly what you need; they listened.",
    "I had not thought that it would help, and it did.", "Agree on a day for each part.",
)  # fmt: skip
STORIES = [
    ("The greenhouse panes", "Stones were thrown at the greenhouse. Twelve panes broke.", "damage"),
    ("The borrowed bicycle", "A bicycle was taken from the hall and sold next day.", "property"),
    ("Noise on the stairs", "Loud music until three, on eleven nights.", "neighbours"),
    ("The shared till", "A private bill was paid from the shared till.", "money"),
    ("The hedge by the school", "A hedge with three nests was cut before the vote.", "environment"),
    ("The photo in the group chat", "A private photo was shared in the year group.", "online"),
    ("The broken chainsaw", "A chainsaw came back broken to the tool library.", "property"),
    ("The summer fair", "Somebody was pushed at the fair and fell.", "violence"),
]  # fmt: skip


class Command(BaseCommand):
    help = "Make a living demo community: invented people, cases in every state, dates from today."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--cases", type=int, default=40)
        parser.add_argument(
            "--advice", action="store_true",
            help="Let one community ask what closed cases teach, with cases to count there.",
        )  # fmt: skip

    @transaction.atomic
    def handle(self, *args: Any, seed: int, cases: int, advice: bool, **options: Any) -> None:
        if Community.objects.exists():
            raise CommandError(
                "There are communities here already; the demo needs an empty database."
            )
        demo = Demo(random.Random(seed), timezone.now())
        demo.make_people()
        demo.make_cases(cases)
        home = demo.communities[0]
        communities.decide(home, demo.cast, demo.neighbours[home.pk], now=demo.now)
        if advice:
            demo.make_cases_to_count()
        self.stdout.write(f"{Person.objects.count()} people, {Case.objects.count()} cases.")


class Demo:
    """The making of one demo, from one source of chance and one present moment."""

    def __init__(self, chance: random.Random, now: datetime) -> None:
        self.chance, self.now, self.today = chance, now, day(now)
        self.cast: dict[str, Person] = {}
        self.said = cycle(SAID)

    def ago(self, days: int) -> datetime:
        return self.now - timedelta(days=days)

    def evening_of(self, on: date) -> datetime:
        return timezone.make_aware(datetime.combine(on, time(17)))

    def make_people(self) -> None:
        """Make a municipality, three communities of 150, and the cast."""
        town = Community.objects.create(slug="oakvale", name="Oakvale", kind="municipality")
        self.communities = [
            Community.objects.create(slug=slug, name=name, parent=town)
            for slug, name in (
                ("riverside", "Riverside"), ("hillcrest", "Hillcrest"), ("harbour", "Harbour"),
            )
        ]  # fmt: skip
        for community in [town, *self.communities]:
            community.charters.create(
                number=1, rules={**Charter().as_data(), "quotas": councils.QUOTAS}
            )
        home = self.communities[0]
        for username, name in CAST.items():
            language = "ar" if username == "nour" else "es" if username == "remi" else "en"
            person = Person(
                username=username, name=name, language=language, name_index=blind_index(name),
                is_superuser=username == "adam", email=f"{username}@demo.example",
                contact_kind="phone", contact="+44 7700 900123",
                joined_on=self.today - timedelta(days=400),
            )  # fmt: skip
            person.set_unusable_password()
            person.save(force_insert=True)
            self.cast[username] = person
        first, last = FIRST_NAMES.split(), LAST_NAMES.split()
        self.neighbours: dict[int, list[Person]] = {}
        for place, community in enumerate(self.communities):
            people = []
            for number in range(150 - (len(CAST) if place == 0 else 0)):
                name = f"{self.chance.choice(first)} {self.chance.choice(last)}"
                people.append(
                    Person(
                        username=f"{community.slug}-{number + 1}", name=name, password="!",
                        name_index=blind_index(name), contact_kind="phone",
                        contact=f"+44 7700 900{self.chance.randrange(1000):03}",
                        joined_on=self.today - timedelta(days=self.chance.randrange(60, 900)),
                    )
                )  # fmt: skip
            Person.objects.bulk_create(people, batch_size=500)
            self.neighbours[community.pk] = people
            everybody = people + (list(self.cast.values()) if place == 0 else [])
            Membership.objects.bulk_create(
                Membership(community=community, person=person, from_on=person.joined_on)
                for person in everybody
                if person.username != "adam"
            )
        term = {
            "from_on": self.today - timedelta(days=180), "until": self.today + timedelta(days=185),
        }  # fmt: skip
        Membership.objects.create(
            community=home, person=self.cast["cole"], role="coordinator", **term
        )
        Membership.objects.create(community=home, person=self.cast["ada"], role="auditor", **term)
        Membership.objects.create(
            community=home, person=self.cast["pavel"], role="process_guardian", **term
        )
        for community in self.communities:
            hat = [
                *self.neighbours[community.pk][40:],
                *([self.cast["vera"]] if community == home else []),
            ]
            councils.fill_pool(community, hat, self.chance, today=self.today)
        # June is past her trial, so that she can be drawn.
        councils.fill_pool(home, [self.cast["june"]], self.chance, today=self.today)
        PoolPlace.objects.filter(person=self.cast["june"]).update(
            since=self.today - timedelta(days=200), until=self.today + timedelta(days=165)
        )
        for place, community in enumerate([town, *self.communities[1:]]):
            pool = self.neighbours[self.communities[1 + place % 2].pk]
            Membership.objects.create(
                community=community, person=pool[place], role="coordinator", **term
            )
        for username in ("mara", "milo"):
            Licence.objects.create(
                person=self.cast[username],
                from_on=self.today - timedelta(days=400),
                until=self.today + timedelta(days=330),
            )

    def make_cases(self, count: int) -> None:
        """Make the cast's own two cases, then cases that stopped at every stage so far."""
        self.walk("mediation", harmed=self.cast["hana"], responsible=self.cast["remi"], story=0)
        self.walk("reparation", harmed=self.cast["nour"], responsible=self.cast["leo"], story=1)
        stages = ["reported", "screening", "ready", "mediation", "offered", "cooling_off",
                  "reparation", "council", "closed", "frozen"]  # fmt: skip
        # Of the cases with a council, the first four each show another stage; of some others, the
        # first come as far as the house.
        further = {
            "council": iter(("seated", "committed", "void", "decided")),
            "reported": iter(("placed", "asked")), "screening": iter(("lapsing",)),
            "ready": iter(("guest",)),
        }  # fmt: skip
        first, *others = self.communities
        self.house = houses.open_house(
            first, self.cast["sten"], self.neighbours[others[0].pk][5], now=self.ago(40)
        )
        pool = self.neighbours[first.pk]
        for number in range(max(0, count - 2)):
            stage = stages[number % len(stages)]
            stage = next(further.get(stage, iter(())), stage)
            neighbour = pool[(2 * number + 1) % len(pool)]
            self.walk(
                stage,
                harmed=pool[2 * number % len(pool)],
                responsible=self.cast["rosa"] if stage == "placed" else neighbour,
                story=self.chance.randrange(len(STORIES)),
            )

    def make_cases_to_count(self) -> None:
        """Let Harbour ask what closed cases teach; close eight there, and begin an agreement."""
        harbour = self.communities[2]
        allowed = {**harbour.charter_now().rules, "algorithmic_proposals": True}
        harbour.charters.create(number=2, rules=allowed)
        pool = self.neighbours[harbour.pk]
        for number in range(9):
            case = self.walk(
                "closed" if number < 8 else "mediation", harmed=pool[2 * number],
                responsible=pool[2 * number + 1], story=0, community=harbour, mediator="milo",
            )  # fmt: skip
        agreements.draft_agreement(
            case, by=self.cast["milo"], now=self.now, account="Panes broke, and both talked of it."
        )

    def walk(
        self, until: str, *, harmed: Person, responsible: Person, story: int,
        community: Community | None = None, mediator: str = "",
    ) -> Case:  # fmt: skip
        """Take one case along its way, through the same actions as everybody, up to a stage."""
        begun = {
            "reported": 3, "screening": 6, "ready": 8, "mediation": 12, "offered": 16,
            "cooling_off": 12, "reparation": 45, "council": 30, "closed": 120, "frozen": 14,
            "seated": 12, "committed": 6, "void": 9, "decided": 14,
            **dict.fromkeys(houses.ASKED, 28),
        }[until]  # fmt: skip
        days = iter(range(begun, -1, -1))
        now = self.ago(next(days))
        title, account, kind = STORIES[story]
        here = community or self.communities[0]
        cole = self.coordinator_of(here)
        mara = self.cast[
            mediator or "mara"
            if mediator or harmed.username == "hana"
            else self.chance.choice(["mara", "milo"])
        ]
        case = cases.open_case(
            community=here, title=title, account=account, kind=kind,
            happened_on=day(now) - timedelta(days=5), referred_on=day(now), by=cole, now=now,
            parties=[NewParty(role="harmed", name="", person=harmed),
                     NewParty(role="responsible", name="", person=responsible)],
        )  # fmt: skip
        if until == "reported":
            return case
        now = self.ago(next(days))
        cases.accept(case, by=cole, now=now)
        mediation.assign_mediator(case, by=cole, now=now, mediator=mara)
        if until == "screening":
            return case
        hers = case.parties.get(role=Party.Role.HARMED)
        theirs = case.parties.get(role=Party.Role.RESPONSIBLE)
        now = self.ago(next(days))
        for party in (hers, theirs):
            cases.reach(
                party,
                by=mara,
                now=now,
                how_to_reach="By telephone, in the evening.",
                reach="in_app",
            )
            cases.assess(party, by=mara, now=now, safe_to_meet=True, answers={}, flags=[])
            cases.give_consent(party, by=party.person, now=now, understood=True)
        if harmed.username == "hana":
            cases.place_in(case, self.cast["sami"], "supporter", today=day(now), beside=hers)
        cases.state_harm(
            hers, by=harmed, now=now, what="What was broken or lost", unit="money",
            amount=Decimal(240),
        )  # fmt: skip
        if until == "ready":
            return case
        if until in ("council", "seated", "committed", "void", "decided", *houses.ASKED):
            journey.refer_to_council(case, by=cole, now=now, reason="They would rather not meet.")
            self.draw(case, until, now)
            return case
        mediation.begin_mediation(case, by=mara, now=now)
        under_way = Mediation.objects.get(case=case)
        now = self.ago(next(days))
        # A case that stops here has its meeting still to come; every other has had it.
        meets_on = (self.today if until == "mediation" else day(now)) + timedelta(days=2)
        mediation.plan_meeting(
            under_way, by=mara, now=now, at=self.evening_of(meets_on), place="The library, room 2"
        )
        if until == "frozen":
            cases.pause(case, by=mara, now=now)
        if until in ("mediation", "frozen"):
            return case
        now = self.evening_of(meets_on)
        mediation.hold_meeting(under_way, by=mara, now=now)
        self.agree(case, hers, theirs, mara, until, now)
        return case

    def coordinator_of(self, community: Community) -> Person:
        return community.memberships.get(role="coordinator").person

    def draw(self, case: Case, until: str, now: datetime) -> None:
        """Begin a council, as far as the stage asks."""
        cole, june = self.cast["cole"], self.cast["june"]
        if until == "council":
            return
        council = councils.begin(case, cole, now=now)
        if until == "seated":
            councils.seat(council, cole, june, self.chance, now=self.ago(4), picked=True)
            council = Council.objects.get(pk=council.pk)
            deciders.hear(council, cole, now=self.ago(3))
            deciders.to_integrate(council, case, june, now=self.ago(2))
        elif until == "decided":
            councils.seat(council, cole, june, self.chance, now=self.ago(6))
            council = Council.objects.get(pk=council.pk)
            deciders.hear(council, cole, now=self.ago(4))
            deciders.decide(council, case, now=self.ago(1))
        elif until in houses.ASKED:
            self.find_a_place(case, council, until)
        elif until == "committed":
            councils.commit(council, cole, now=self.now, dice=False)
        else:
            councils.void(council, cole, now=self.ago(2))

    def find_a_place(self, case: Case, council: Council, until: str) -> None:
        """Let the council ask for a place, and what follows happen as far as the stage asks."""
        cole, sten = self.cast["cole"], self.cast["sten"]
        # June's one seat is on another council.
        june, seated = self.cast["june"], self.ago(houses.DECIDED + 3)
        councils.seat(council, cole, june, self.chance, now=seated)
        council = Council.objects.get(pk=council.pk)
        deciders.hear(council, cole, now=self.ago(houses.DECIDED + 2))
        houses.find_threat(council, case, houses.ASKED[until], now=self.ago(houses.DECIDED))
        came = self.ago(houses.CAME)
        clock.run(came)
        placement = houses.ask_for_place(case, self.house, cole, now=came)
        if until == "asked":
            return
        houses.move_in(placement, sten, now=came)
        houses.live(placement, sten, now=self.ago(houses.CAME - 4))
        if until == "placed":
            houses.prepare_review(placement, sten, now=self.ago(1))
        elif until == "guest":
            houses.stay_on(placement, now=self.ago(2))

    def agree(
        self, case: Case, hers: Party, theirs: Party, mara: Person, until: str, now: datetime
    ) -> None:
        """Draft, offer, sign, keep and close, as far as the stage asks."""
        agreements.draft_agreement(
            case,
            by=mara,
            now=now,
            account="Something was broken, and both talked about it.",
            proportion_reason="Helping once was what both wished for.",
        )
        agreement = Agreement.objects.get(case=case)
        harm = case.harms.get()
        for what, category, unit, amount in (
            ("Pay for what was broken, in two instalments.", "pay_back", "money", Decimal(240)),
            ("Help to put it up again on a Saturday morning.", "work_person", "act", None),
        ):
            agreements.add_commitment(
                agreement, by=mara, now=now, what=what, category=category, unit=unit, amount=amount,
                due_on=self.today + timedelta(days=21), promised_by=str(theirs.pk),
                promised_to=str(hers.pk), harm=str(harm.pk), confirmed_by="harmed",
                if_missed="We talk again with the mediator within a week.",
            )  # fmt: skip
        agreements.offer_agreement(agreement, by=mara, now=now)
        if until == "offered":
            return
        for party in (hers, theirs):
            agreements.sign_agreement(agreement, by=party.person, now=now, understood=True)
        if until == "cooling_off":
            return
        now = now + timedelta(days=11)
        clock.run(now)
        for commitment in Commitment.objects.filter(agreement=agreement):
            now = now + timedelta(days=1)
            asked = until == "reparation" and commitment.number == 2
            if asked and hers.person.username != "nour":
                continue
            amount = commitment.amount if until == "closed" else commitment.amount and Decimal(120)
            agreements.say_done(
                commitment, by=theirs.person, now=now, amount=amount, note="", happened_on=day(now)
            )
            if not asked:
                agreements.confirm_done(
                    commitment, by=hers.person, now=now, helped="yes",
                    word=next(self.said), share_word=True,
                )  # fmt: skip
        if until == "closed":
            for party in (hers, theirs):
                cases.ask_closing_word(party, by=mara, now=now)
                cases.give_closing_word(
                    party, by=party.person, now=now, text="It is good as it is."
                )
            journey.close(case, by=mara, now=now, outcome="repaired", reason="All was kept.")
