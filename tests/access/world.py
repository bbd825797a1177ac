"""One case with everybody around it, brought to any stage, for the table of who may do what."""

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from agreements import actions as agreements
from agreements.models import Agreement, Commitment
from api.actions import issue_token
from cases import actions
from cases.models import Case, CaseUserObjectPermission, Note, Participation, Party
from communities.models import Community
from councils import scheme
from councils.actions import (
    beacons,
    challenging,
    drawing,
    forming,
    seating,
    sharing,
    stepping_down,
    words,
)
from councils.actions.solving import look_for_panels
from councils.models import (
    Challenge,
    Council,
    Draw,
    Hearing,
    Invitation,
    Packet,
    PacketItem,
    PoolPlace,
    Seat,
    Sharing,
)
from journey import actions as across
from journey import clock
from mediation import actions as mediation
from mediation.models import Mediation
from people.models import Person
from tests.remembered import made_again

STAGES = ("reported", "screening", "drafting", "offered", "followed", "closed")
# Before a council: its draw committed and its randomness awaited; then its seats in every state.
COUNCIL_STAGES = ("council", "seated")
# Of whom the lot picks five; which of them are which is only known then.
LOT = ("seated", "challenged", "asked", "recused", "declined", "pool_member", "other", "another")
# Long enough ago that a signed agreement has come into force by now.
BEGUN_DAYS_AGO = 30


@dataclass
class World:
    """A case, the people by role, their API tokens, and the parts by the table's names."""

    case: Case
    stage: str
    people: dict[str, Person] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    parts: dict[str, tuple[str, str]] = field(default_factory=dict)
    # By role of LOT, the id of their own seat.
    seats: dict[str, str] = field(default_factory=dict)


def person(name: str, **fields: Any) -> Person:
    return Person.objects.create_user(
        name.replace(" ", "-"), None, name=name, contact_kind="phone", contact="+44 7700 900001",
        **fields,
    )  # fmt: skip


def office(someone: Person, community: Community, role: str = "member") -> Person:
    today = timezone.localdate()
    community.memberships.create(
        person=someone, role=role, from_on=today - timedelta(days=90),
        until=None if role == "member" else today + timedelta(days=90),
    )  # fmt: skip
    return someone


def in_the_hat(someone: Person, community: Community) -> Person:
    today = timezone.localdate()
    community.pool.create(
        person=someone, of_age=True, since=today - timedelta(days=200),
        until=today + timedelta(days=160),
    )  # fmt: skip
    return office(someone, community)


def licensed(someone: Person, community: Community) -> Person:
    today = timezone.localdate()
    someone.licences.create(from_on=today - timedelta(days=90), until=today + timedelta(days=90))
    return office(someone, community)


@made_again
def make(stage: str) -> World:
    """Return the world with its case at this stage (of STAGES or COUNCIL_STAGES)."""
    began = timezone.now() - timedelta(days=BEGUN_DAYS_AGO)
    here = Community.objects.create(slug="here", name="Here")
    there = Community.objects.create(slug="there", name="There")
    quotas = [["gender", "woman", 0, 5]]
    here.charters.create(number=1, rules={"pool_least_times": 1, "quotas": quotas})
    people = {
        "stranger": person("stranger"),
        "member": office(person("member"), here),
        "coordinator": office(person("coordinator"), here, "coordinator"),
        "coordinator_party": office(person("coordinator party"), here, "coordinator"),
        "coordinator_tied": office(person("coordinator tied"), here, "coordinator"),
        "coordinator_there": office(person("coordinator there"), there, "coordinator"),
        "auditor": office(person("auditor"), here, "auditor"),
        "superuser": person("superuser", is_superuser=True, is_staff=True),
        "mediator": licensed(person("mediator"), here),
        "mediator_elsewhere": licensed(person("mediator elsewhere"), here),
        "mediator_expired": person("mediator expired"),
        "mediator_ended": person("mediator ended"),
        "harmed": person("harmed"),
        "responsible": person("responsible"),
        "supporter": person("supporter"),
        "supporter_ended": person("supporter ended"),
        "guardian": person("guardian"),
        "interpreter": person("interpreter"),
        "process_guardian": office(person("process guardian"), here, "process_guardian"),
        "guardian_tied": office(person("guardian tied"), here, "process_guardian"),
        **{name: in_the_hat(person(f"lot {number}"), here) for number, name in enumerate(LOT)},
    }
    people["guardian_tied"].ties_declared.create(
        other=people["harmed"], kind="work", from_on=began.date()
    )
    people["coordinator_tied"].ties_declared.create(
        other=people["responsible"], kind="kin", from_on=began.date()
    )
    named = [
        actions.NewParty(role="harmed", name="harmed", person=people["harmed"], minor=True),
        actions.NewParty(role="responsible", name="r", person=people["responsible"]),
        actions.NewParty(role="responsible", name="t", person=people["coordinator_party"]),
    ]
    case = actions.open_case(
        community=here, title="The greenhouse", account="Panes were broken.", parties=named,
        by=None, now=began,
    )  # fmt: skip
    other = actions.open_case(
        community=there, title="Another", account="Else.", by=None, now=began,
        parties=[actions.NewParty(role="harmed", name="x"),
                 actions.NewParty(role="responsible", name="y")],
    )  # fmt: skip
    today = timezone.localdate()
    actions.place_in(case, people["mediator"], "mediator", today=began.date())
    actions.place_in(other, people["mediator_elsewhere"], "mediator", today=began.date())
    for name in ("mediator_ended", "supporter_ended"):
        beside = None if name == "mediator_ended" else Party.objects.get(case=case, role="harmed")
        actions.place_in(
            case, people[name], name.removesuffix("_ended"), today=began.date(), beside=beside,
            until=today - timedelta(days=1),
        )  # fmt: skip
    world = World(case, stage, people)
    if stage in COUNCIL_STAGES:
        bring_to_council(world, began)
    else:
        _bring(world, stage, began)
    # Given by hand, as an import would: only the grant's own last day says that it is over.
    actions.place_in(case, people["mediator_expired"], "mediator", today=began.date())
    Participation.objects.filter(person=people["mediator_expired"]).delete()
    CaseUserObjectPermission.objects.filter(user=people["mediator_expired"]).update(
        until=today - timedelta(days=1)
    )
    world.case = Case.objects.get(pk=case.pk)
    world.tokens = {name: issue_token(one, today=today) for name, one in people.items()}
    _name_parts(world)
    return world


def _name_parts(world: World) -> None:
    case, people = world.case, world.people
    world.parts["case"] = ("case", case.reference)
    for name in ("harmed", "responsible", "coordinator_party"):
        party = Party.objects.get(case=case, person=people[name])
        world.parts[f"party of {name}"] = ("party", str(party.pk))
    for kind, model, way in (
        ("council", Council, "case"), ("draw", Draw, "council__case"),
        ("challenge", Challenge, "seat__council__case"),
        ("packet", Packet, "council__case"), ("hearing", Hearing, "council__case"),
        ("sharing", Sharing, "case"),
    ):  # fmt: skip
        for thing in model.objects.filter(**{way: case}):
            world.parts[kind] = (kind, str(thing.pk))
    for name in ("seated", "challenged", "asked"):
        if name in world.seats:
            world.parts[f"seat of {name}"] = ("seat", world.seats[name])
    for model, way in ((Mediation, "case"), (Agreement, "case"), (Commitment, "agreement__case")):
        found = model.objects.filter(**{way: case}).first()
        if found is not None:
            name = model.__name__.lower()
            world.parts[name] = (name, str(found.pk))


def _bring(world: World, stage: str, at: datetime) -> None:
    """Do what people would have done until this stage."""
    case, people, upto = world.case, world.people, STAGES.index(stage)
    mediator = people["mediator"]
    parties = list(case.parties.select_related("person").order_by("role"))
    if upto >= STAGES.index("screening"):
        actions.accept(case, by=mediator, now=at)
        hers = next(one for one in parties if one.role == "harmed")
        for role in ("supporter", "guardian", "interpreter"):
            beside = None if role == "interpreter" else hers
            actions.place_in(case, people[role], role, today=at.date(), beside=beside)
        for party in parties:
            actions.reach(party, by=mediator, now=at, how_to_reach="by day", reach="in_app")
    if upto >= STAGES.index("drafting"):
        for party in parties:
            actions.assess(party, by=mediator, now=at, safe_to_meet=True, answers={}, flags=[])
            actions.give_consent(party, by=party.person, now=at, understood=True)
        actions.give_consent_as_guardian(hers, by=people["guardian"], now=at, understood=True)
        began = mediation.begin_mediation(case, by=mediator, now=at)
        mediation.plan_meeting(
            began, by=mediator, now=at, at=at + timedelta(days=1), place="Library"
        )
        draft = agreements.draft_agreement(case, by=mediator, now=at, account="Panes broke.")
        agreements.add_commitment(
            draft, by=mediator, now=at, what="Mend the panes", if_missed="We talk again.",
            promised_by=str(Party.objects.get(case=case, person=people["responsible"]).pk),
            promised_to=str(hers.pk), due_on=timezone.localdate() + timedelta(days=20),
        )  # fmt: skip
    if upto >= STAGES.index("offered"):
        agreements.offer_agreement(draft, by=mediator, now=at)
    if upto >= STAGES.index("followed"):
        for name in ("harmed", "guardian", "responsible", "coordinator_party"):
            agreements.sign_agreement(draft, by=people[name], now=at, understood=True)
        clock.run(timezone.now())
        promise = Commitment.objects.get(agreement=draft)
        agreements.say_done(
            promise, by=people["responsible"], now=timezone.now(), happened_on=timezone.localdate()
        )
    if upto >= STAGES.index("closed"):
        across.refer_elsewhere(case, by=mediator, now=timezone.now(), reason="Elsewhere.")


# Words that stay where they were said; the pages of others are searched for them.
SECRETS = {
    "account": "Panes were broken.",
    "referral": "REFERRAL they would rather not meet",
    "how to reach": "REACH by day",
    "safety": "SAFETY afraid of the dog",
    "private": "PRIVATE a word for the mediator",
    "harm": "HARM twelve panes",
    "closing word": "CLOSING thank you",
    "talks": "TALKS they could meet again",
    "word to the council": "WORD of the person harmed",
    "packet": "PACKET twelve panes",
    "needs": "NEEDS no steps",
}
TIE_OF_PARTY, TIE_OF_POOL = "Tilde Named-By-A-Party", "Tomas Named-In-The-Pool"


def bring_to_council(world: World, at: datetime) -> None:
    """Bring the case before a council, and its council to the stage of the world."""
    case, people, now = world.case, world.people, timezone.now()
    _bring(world, "screening", at)
    mediator, cole = people["mediator"], people["coordinator"]
    for party in case.parties.select_related("person"):
        actions.reach(
            party, by=mediator, now=at, how_to_reach=SECRETS["how to reach"], reach="in_app"
        )
        actions.assess(
            party, by=mediator, now=at, safe_to_meet=True, flags=[],
            answers={"afraid": SECRETS["safety"]},
        )  # fmt: skip
    hers = case.parties.get(role="harmed")
    actions.write_statement(hers, by=people["harmed"], now=at, text=SECRETS["private"])
    actions.state_harm(hers, by=people["harmed"], now=at, what=SECRETS["harm"], unit="act")
    across.refer_to_council(case, by=cole, now=at, reason=SECRETS["referral"])
    actions.ask_closing_word(hers, by=mediator, now=at)
    actions.give_closing_word(hers, by=people["harmed"], now=at, text=SECRETS["closing word"])
    talks = actions.write_note(case, by=mediator, now=at, room="mediation", text=SECRETS["talks"])
    # The seats are answered today, within the days that the charter gives.
    draw_council(world, now if world.stage == "council" else now - timedelta(days=2), now)
    hear(world, talks, now)


def hear(world: World, talks: Note, now: datetime) -> None:
    """Let a party write, and be asked to share; where it is seated, there is more to read.

    The packet and the hearing by hand: read, not reached, since somebody is always asked still.
    """
    case, people = world.case, world.people
    council = Council.objects.get(case=case)
    hers = case.parties.get(role="harmed")
    words.write_to_council(
        council, by=people["harmed"], now=now, text=SECRETS["word to the council"]
    )
    if world.stage == "council":
        sharing.ask_to_share(council, by=people["mediator"], now=now, note=talks)
        return
    packet = Packet.objects.create(council=council, made_at=now)
    text = json.dumps({"words": SECRETS["packet"], "unit": "act", "amount": None})
    PacketItem.objects.create(
        packet=packet, number=1, kind="harm", party=hers, text=text, said_on=now.date()
    )
    hearing = Hearing(council=council, at=now + timedelta(days=3), place="Library", planned_at=now)
    hearing.save(force_insert=True)
    Invitation.objects.create(hearing=hearing, party=hers, needs=SECRETS["needs"])


def draw_council(world: World, began: datetime, now: datetime) -> None:
    """Form the council and commit to its draw; where it is to be seated, draw it too."""
    case, people = world.case, world.people
    cole = people["coordinator"]
    council = forming.form_council(case, by=cole, now=began)
    forming.name_ties(
        council, by=people["harmed"], now=began, name=TIE_OF_PARTY, kind="work"
    )  # fmt: skip
    place = people["pool_member"].pools.get()
    place_tie(place, began)
    for name in ("harmed", "responsible", "coordinator_party"):
        forming.finish_ties(council, by=people[name], now=began)
    draw = drawing.prepare_draw(
        council, by=cole, now=began, beacons=["dice", "contributions"],
        dice_at=began + timedelta(hours=30), dice_witnesses="Vera, Ada",
    )  # fmt: skip
    for number, name in enumerate(("harmed", "process_guardian")):
        h = scheme.contribution(bytes([number]) * 32)
        beacons.contribute(draw, by=people[name], now=began, h=h)
    drawing.find_panels(draw, by=cole, now=began)
    look_for_panels(draw.pk, clock=lambda: began)
    if world.stage == "seated":
        thrown = began + timedelta(hours=31)
        beacons.enter_dice(draw, by=cole, now=thrown, digits="123456" * 8 + "12")
        seat_them(world, thrown, now)


def place_tie(place: PoolPlace, at: datetime) -> None:
    stepping_down.declare_tie(place, by=place.person, now=at, name=TIE_OF_POOL, kind="kin")


def seat_them(world: World, drawn: datetime, now: datetime) -> None:
    """Give each of the five drawn another fate, and the roles of LOT to who came to have it."""
    everybody = [world.people[name] for name in LOT]
    seats = list(Seat.objects.filter(council__case=world.case).select_related("person"))
    taken = [seat.person for seat in seats]
    world.people |= dict(
        zip(LOT, taken + [one for one in everybody if one not in taken], strict=True)
    )
    world.seats = {name: str(seat.pk) for name, seat in zip(LOT, seats, strict=False)}
    yes, doubted, _asked, aside, no = seats
    for seat in (yes, doubted, aside):
        seating.promise(seat, by=seat.person, now=drawn, kept_secret=True)
        seating.accept_seat(seat, by=seat.person, now=drawn, no_tie=True)
    seating.decline_seat(no, by=no.person, now=drawn)
    challenging.challenge_member(
        doubted, by=world.people["harmed"], now=now, reason="DOUBT they are neighbours"
    )
    seating.recuse(aside, by=aside.person, now=now)
