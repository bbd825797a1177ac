"""Two cases with a row in every table that holds people's words, and a secret in each of those.

What takes few steps is told by the moves; what takes many is put into its table as they would.
"""

import json
import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.apps import apps
from django.db import models

from agreements.models import Agreement, Commitment, Entry, Signature, Suggestion
from cases.models import Case, Harm, Note, Party
from communities.models import Question, Terms
from councils.actions import deciding, recalling
from councils.models import (
    Appeal,
    Challenge,
    ChallengeAnswer,
    Contribution,
    Council,
    Decision,
    Draw,
    Hearing,
    Invitation,
    PacketItem,
    Sharing,
    SharingWord,
)
from deliberation.actions import speaking
from deliberation.actions.circles import open_circle
from deliberation.actions.proposing import bring_in
from deliberation.models import (
    Amendment,
    Ballot,
    BySupermajority,
    Circle,
    Concern,
    Gauge,
    Holder,
    Objection,
    Proposal,
    Remark,
    SettingAside,
    SettingAsideWord,
    TextVersion,
    Vote,
)
from mediation.models import Mediation, Meeting
from people.models import Person
from rehabilitation.models import (
    CheckIn,
    HouseMeeting,
    HouseQuestion,
    Incident,
    Measure,
    Placement,
    PlacementChallenge,
    Review,
    SupportCircle,
    SupportMeeting,
    SupportMember,
    TransitionPlan,
    Visit,
    Wish,
)
from tests.councils import deciding as d
from tests.councils import people as p
from tests.factories import NOW, make_case, make_person
from tests.journey.fates import FATES
from tests.rehabilitation import houses

LATER = d.LATER
SECRET = re.compile(r"Secret-\d{5}")
# Whose text is data: what it becomes with a secret in it.
SHAPES: dict[str, Any] = {
    "cases.Case.referral": lambda _old, said: {"referrer": said},
    "cases.Party.safety_answers": lambda _old, said: {"threats": said},
    "councils.PacketItem.text": lambda _old, said: {"words": said},
    "councils.PlanChange.typed": lambda old, said: {**old, "what": said},
    "councils.PoolPlace.features": lambda _old, said: {"gender": said},
    "councils.RosterEntry.described": lambda _old, said: {"gender": said},
    "councils.SafetyFinding.alternatives": lambda _old, said: [{"what": said, "why_not": "No."}],
}
# Read as a day or checked byte for byte, so that no secret fits in; its end is tested elsewhere.
NO_ROOM = {"people.Person.born", "councils.DrawRecord.body", "agreements.Suggestion.sentences"}


@dataclass
class Told:
    """A case, who is in it by name, and where each secret was written."""

    case: Case
    people: dict[str, Person]
    secrets: dict[str, tuple[str, Any]] = field(default_factory=dict)

    def of(self, label: str) -> dict[str, Any]:
        """Return the secrets of one field, "app.Model.field", with the ids of their rows."""
        return {said: pk for said, (where, pk) in self.secrets.items() if where == label}


# ── A council that decided ───────────────────────────────────────────────────


def decided() -> Told:
    """A case whose council decided, with an objection on the way, and all that is around it."""
    case, cole = p.make_case_for_council()
    hana, remi = _party(case, "harmed"), _party(case, "responsible")
    council = d.deliberating(case, cole)
    members = d.members(council)
    mara = case.participations.get(role="mediator").person
    people = {"cole": cole, "mara": mara, "hana": hana.person, "remi": remi.person}
    people |= {f"member{number}": one for number, one in enumerate(members)}
    _before(case, council, hana, remi, mara)
    d.find(council)
    decision = d.decide(council, adopt=False)
    _objected(council, decision, members)
    _recalled(council, members, hana.person)
    _by_supermajority(council, members)
    _signed(decision, hana, remi)
    Decision.objects.filter(pk=decision.pk).update(adopted_on=LATER.date())
    for party in (hana, remi):
        Appeal.objects.create(
            decision=decision, party=party, ground="facts", words="x", at=LATER,
        )  # fmt: skip
    _asked_of_the_members(case, members)
    hana.person.named_ties.create(name="x", kind="work")
    return Told(case, people)


def _party(case: Case, role: str) -> Party:
    return case.parties.select_related("person").get(role=role)


def _before(case: Case, council: Council, hana: Party, remi: Party, mara: Person) -> None:
    """What was said before the council deliberates: in the talks, for it and about it."""
    Harm.objects.create(
        case=case, party=hana, what="x", unit="act", stated_on=LATER.date()
    )  # fmt: skip
    for room, party in (("private", hana), ("private", remi), ("mediation", None)):
        Note.objects.create(case=case, room=room, party=party, author=mara, text="x", at=LATER)
    talked = Note.objects.filter(room="mediation").get()
    sharing = Sharing.objects.create(case=case, note=talked, at=LATER)
    SharingWord.objects.create(sharing=sharing, party=hana, agrees=True, at=LATER)
    mediation = Mediation(
        case=case, state="stopped", began_on=NOW.date(), due_on=NOW.date(), ended_on=NOW.date()
    )
    mediation.save(force_insert=True)
    Meeting.objects.create(mediation=mediation, at=LATER, place="x")
    PacketItem.objects.create(
        packet=council.packet, number=1, kind="word", party=hana, text="x", said_on=LATER.date()
    )
    hearing = Hearing.objects.create(council=council, at=LATER, place="x", planned_at=NOW)
    for party in (hana, remi):
        Invitation.objects.create(hearing=hearing, party=party, needs="x")
    Draw.objects.filter(council=council).update(rest_cut_short=True)
    draw = council.draws.first()
    assert draw is not None
    draw.relaxed_because, draw.witnesses = "x", "x"
    draw.save(update_fields=["relaxed_because", "witnesses"])
    Contribution.objects.create(draw=draw, person=hana.person, h="a" * 64, at=NOW)
    first, second = council.seats.order_by("pk")[:2]
    doubt = Challenge(
        seat=first, party=remi, reason="x", at=LATER, state="dismissed", decided_on=LATER.date()
    )
    doubt.save(force_insert=True)
    ChallengeAnswer.objects.create(challenge=doubt, seat=second, uphold=False, reason="x", at=LATER)


def _objected(council: Council, decision: Decision, members: list[Person]) -> None:
    """Somebody objects, another offers another plan, and it is adopted changed."""
    proposal = decision.proposal
    d.act(
        council, speaking.object_to, proposal, by=members[1], now=LATER, against_aim=True, why="x"
    )
    d.all_consent(council, proposal, now=LATER, but=[members[1]])
    objection = Objection.objects.get()
    d.act(
        council, deciding.offer_amendment, objection, by=members[2], now=LATER, text="Sooner.",
        changes=str(decision.promises.get().pk), promise=d.promise_of(council.case, days=14),
    )  # fmt: skip
    aside = SettingAside.objects.create(
        objection=objection, by=proposal.circle.voices.get(person=members[3]), reason="x", at=LATER
    )
    word = {"setting_aside": aside, "voice": proposal.circle.voices.get(person=members[2])}
    SettingAsideWord.objects.create(**word, at=LATER)
    d.act(council, deciding.accept_amendment, Amendment.objects.get(), by=members[1], now=LATER)
    d.all_consent(council, proposal, now=LATER)


def _recalled(council: Council, members: list[Person], by: Person) -> None:
    """A party says that a member abuses their seat; it is before the rest."""
    seat = council.seats.get(person=members[4])
    recall = seat.recalls.create(by=by, reason="x", at=LATER, word_by=LATER.date())
    recalling.answer_recall(recall, by=members[4], now=LATER, word="x")


def _by_supermajority(council: Council, members: list[Person]) -> None:
    """Another circle of the same council, as its charter might have it, with one of everything."""
    circle = open_circle(
        subject_kind="council", subject_id=str(council.pk), aim="x", method="supermajority",
        people=[one.pk for one in members], now=NOW, round_hours=24,
    )  # fmt: skip
    one, other = circle.voices.order_by("pk")[:2]
    proposal = bring_in(circle, one, text="x", by=one.person, now=NOW)
    ballot = Ballot.objects.create(
        process=BySupermajority.objects.get(proposal=proposal), number=1, version=1,
        opened_at=NOW, closed_at=NOW, in_favour=1, against=1,
    )  # fmt: skip
    Remark.objects.create(proposal=proposal, voice=other, text="x", at=NOW)
    Vote.objects.create(ballot=ballot, voice=other, in_favour=False, at=NOW)
    concern = Concern.objects.create(ballot=ballot, text="x", at=NOW)
    holder = Holder.objects.create(ballot=ballot, concern=concern, voice=other, stands=True)
    Holder.objects.filter(pk=holder.pk).update(names=holder)
    amendment = Amendment.objects.create(
        proposal=proposal, concern=concern, by=other, text="x", base=1, at=NOW
    )
    Gauge.objects.create(amendment=amendment, voice=one, agrees=True)


def _signed(decision: Decision, hana: Party, remi: Party) -> None:
    """Both signed the plan, and a promise of it was kept."""
    agreement = Agreement.objects.get(case=hana.case_id)
    Agreement.objects.filter(pk=agreement.pk).update(in_force_on=LATER.date())
    assert Decision.objects.get(pk=decision.pk).agreement_id == agreement.pk
    promise = Commitment.objects.get(agreement=agreement)
    for party, by in ((hana, hana.person), (remi, remi.person)):
        Signature.objects.create(
            agreement=agreement, party=party, signed_by=by, way="paper", witness="x", at=LATER,
            digest="a" * 64,
        )  # fmt: skip
    Entry.objects.create(
        commitment=promise, by=hana.person, kind="confirmed", note="x", helped="yes", word="x",
        share_word=True, happened_on=LATER.date(), at=LATER,
    )  # fmt: skip
    suggestion = Suggestion(
        agreement=agreement, harm=Harm.objects.get(), adviser="counted", category="other",
        unit="act", shown_on=LATER.date(), state="refused", why="other", reason="x",
        answered_on=LATER.date(),
    )  # fmt: skip
    suggestion.save(force_insert=True)


def _asked_of_the_members(case: Case, members: list[Person]) -> None:
    """A question before the community: of no case, so that nothing of it is forgotten with one."""
    question = Question(
        community=case.community, kind="recall", by=members[0], author=members[0],
        person=members[1], office="coordinator", word="x", word_at=NOW, at=NOW, state="hearing",
    )  # fmt: skip
    question.save(force_insert=True)
    Terms.objects.create(question=question, version=1, data={}, reason="x")


# ── Somebody placed in a house ───────────────────────────────────────────────


def placed() -> Told:
    """A case with a placement in a house, reviewed once, and all that is written there."""
    world = houses.make_world()
    placement = houses.placed(world)
    people, now = world.people, world.now
    review = houses.prepare_review(world, now=now)
    houses.adopt(
        world, review, "continue", now=now,
        next_review_on=world.today + timedelta(days=40),
    )  # fmt: skip
    Review.objects.filter(pk=review.pk).update(own_word_at=now)
    challenge = PlacementChallenge(
        placement=placement, ground="facts", words="x", at=now, state="dismissed",
        decided_on=now.date(), reasons="x",
    )  # fmt: skip
    challenge.save(force_insert=True)
    _lived(world, placement, now)
    people["friend"] = _went_along(placement, people, now)
    _assembled(world, now)
    return Told(world.case, people)


def _lived(world: houses.World, placement: Placement, now: datetime) -> None:
    sten, iris, rosa = (world.people[name] for name in ("sten", "iris", "rosa"))
    on = now.date()
    Measure.objects.create(
        placement=placement, kind="work", aim="x", offered_by="x", reason="x", own_word="x",
        from_on=on, until=on, at=now,
    )  # fmt: skip
    CheckIn.objects.create(placement=placement, by=sten, words="x", own_word="x", at=now)
    for of in (placement, None):
        Visit.objects.create(
            house=world.house, placement=of, by=iris, visited_on=on, words="x",
            own_word="x" if of else "", at=now,
        )  # fmt: skip
    for by, of_resident in ((sten, False), (rosa, True)):
        Incident.objects.create(
            placement=placement, happened_on=on, reported_by=by, by_resident=of_resident,
            house_account="x", own_account="x", at=now,
        )  # fmt: skip
    Wish.objects.create(
        placement=placement, kind="wish", words="x", state="refused", answer_by=on, answer="x",
        answered_by=sten, answered_at=now, at=now,
    )  # fmt: skip
    TransitionPlan.objects.create(placement=placement, words="x", own_word="x", at=now)
    Placement.objects.filter(pk=placement.pk).update(order_until=on)


def _went_along(placement: Placement, people: dict[str, Person], now: datetime) -> Person:
    friend = make_person("Friend")
    circle = SupportCircle.objects.create(
        placement=placement, from_on=now.date(), until=now.date() + timedelta(days=30)
    )
    SupportMember.objects.create(circle=circle, person=friend, accepted_on=now.date())
    for by in (friend, people["rosa"]):
        SupportMeeting.objects.create(
            circle=circle, held_on=now.date(), by=by, words="x", at=now
        )  # fmt: skip
    return friend


def _assembled(world: houses.World, now: datetime) -> None:
    """The house's own: a rule that was adopted and struck, one that was not, and minutes."""
    rosa, house = world.people["rosa"], world.house
    circle = open_circle(
        subject_kind="house", subject_id=str(house.pk), aim="x", people=[rosa.pk], now=now,
        round_hours=24, quorum=1,
    )  # fmt: skip
    house.circle = circle
    house.save(update_fields=["circle"])
    voice = circle.voices.get()
    for outcome in ("adopted", "withdrawn"):
        proposal = bring_in(circle, voice, text="x", by=rosa, now=now)
        Proposal.objects.filter(pk=proposal.pk).update(
            outcome=outcome, decided_at=now, taken_up_at=now
        )
        HouseQuestion.objects.create(
            house=house, proposal=proposal, kind="rule",
            adopted_on=now.date() if outcome == "adopted" else None,
            struck_on=now.date() if outcome == "adopted" else None,
            struck_right="visits" if outcome == "adopted" else "", struck_because="x",
        )  # fmt: skip
    for by in (rosa, world.people["sten"]):
        HouseMeeting.objects.create(house=house, held_on=now.date(), by=by, minutes="x", at=now)


# ── A secret in every place that takes words ─────────────────────────────────


def hides(label: str, name: str) -> bool:
    """Say whether a secret can be written into this field: free text, sealed or not."""
    one = apps.get_model(label)._meta.get_field(name)
    ours = not FATES[label][name][0].startswith("stays: of no case: it belongs")
    of_text = isinstance(one, models.TextField) or f"{label}.{name}" == "cases.Party.safety_flags"
    return ours and of_text and f"{label}.{name}" not in NO_ROOM and label != "sessions.Session"


def hide(told: Told) -> Told:
    """Write another secret into every text of every row there is, and keep which is where."""
    for label, fields in FATES.items():
        names = [name for name in fields if hides(label, name)]
        for row in apps.get_model(label)._base_manager.all() if names else []:
            for name in names:
                said = f"Secret-{len(told.secrets):05d}"
                told.secrets[said] = (f"{label}.{name}", row.pk)
                setattr(row, name, _shaped(f"{label}.{name}", row, name, said))
            row.save(update_fields=names)
    return told


def _shaped(label: str, row: models.Model, name: str, said: str) -> Any:
    if label == "cases.Party.safety_flags":
        return [said]
    if label not in SHAPES:
        return said
    old = getattr(row, name)
    return json.dumps(SHAPES[label](json.loads(old) if old.startswith("{") else {}, said))


def everything() -> Iterator[tuple[str, Any, str]]:
    """Yield each value of the whole database as text, sealed ones opened, with where it stands."""
    for model in apps.get_models(include_auto_created=True):
        fields = model._meta.concrete_fields
        for row in model._base_manager.all():
            for one in fields:
                value = getattr(row, one.attname)
                said = json.dumps(value) if isinstance(one, models.JSONField) else str(value)
                yield f"{model._meta.label}.{one.name}", row.pk, said


def left() -> dict[str, tuple[str, Any]]:
    """Return every secret that still stands somewhere in the database, and where."""
    return {said: (where, pk) for where, pk, text in everything() for said in SECRET.findall(text)}


def adopted_rules() -> Any:
    """Return the texts that are rules of a house."""
    rules = HouseQuestion.objects.filter(adopted_on__isnull=False).values("proposal")
    return TextVersion.objects.filter(proposal__in=rules)


def of_the_house() -> set[tuple[str, Any]]:
    """Return where words stand that are a house's own, whoever lives there."""
    found = {("deliberation.TextVersion.text", one.pk) for one in adopted_rules()}
    circles = Circle.objects.filter(subject_kind="house")
    return found | {("deliberation.Circle.aim", one.pk) for one in circles}


def another_resident(told: Told) -> Placement:
    """Somebody of another case, who lived in the same house in the same days."""
    placement = Placement.objects.get(case=told.case)
    case = make_case(told.case.community)
    party = _party(case, "responsible")
    other = Placement.objects.get(pk=placement.pk)
    other.pk, other._state.adding = uuid.uuid4(), True
    other.case, other.party, other.person = case, party, party.person
    for name in ("accepted_text", "order_number", "order_by"):
        setattr(other, name, "")
    other.save(force_insert=True)
    Placement.objects.filter(pk=other.pk).update(
        state="released", ended_on=other.free_on, why_ended="end_date"
    )
    return other
