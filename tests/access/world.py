"""One case with everybody around it, brought to any stage, for the table of who may do what."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from agreements import actions as agreements
from agreements.models import Agreement, Commitment
from api.actions import issue_token
from cases import actions
from cases.models import Case, CaseUserObjectPermission, Participation, Party
from communities.models import Community
from journey import actions as across
from journey import clock
from mediation import actions as mediation
from mediation.models import Mediation
from people.models import Person

STAGES = ("reported", "screening", "drafting", "offered", "followed", "closed")
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


def licensed(someone: Person, community: Community) -> Person:
    today = timezone.localdate()
    someone.licences.create(from_on=today - timedelta(days=90), until=today + timedelta(days=90))
    return office(someone, community)


def make(stage: str) -> World:
    """Return the world with its case at this stage (one of STAGES)."""
    began = timezone.now() - timedelta(days=BEGUN_DAYS_AGO)
    here = Community.objects.create(slug="here", name="Here")
    there = Community.objects.create(slug="there", name="There")
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
    }
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
