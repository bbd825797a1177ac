"""The cases of ``load_bulk``: each told in memory in the order of the journey, written in bulk.

Every case leaves the same rows and events as if people had walked it through the actions. What
is not here is what no state needs: notices, councils (a case in ``council`` waits for its own,
as in the demo), and placements.
"""

import json
from collections import defaultdict
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from types import SimpleNamespace
from typing import Any

from django.contrib.auth.models import Permission
from django.db import models
from django.utils import timezone

from agreements.actions import digest_of
from agreements.models import LETTERS, Agreement, Commitment, Entry, Signature
from cases.consent_text import VERSION, consent_text
from cases.models import Case, CaseUserObjectPermission, Consent, Harm, Note, Participation, Party
from cases.writing import day
from journey.management.commands._bulk_people import Place, new_id
from journey.management.commands._bulk_writing import insert
from journey.management.commands.load_demo import STORIES
from mediation.models import Mediation, Meeting
from people.models import Person
from records.actions import next_link
from records.models import Chain, Event

# How far a case came, how many of a hundred, and how many days ago it began: at least, at most.
# No longer ago than time would have moved it on from there by itself.
STAGES: dict[str, tuple[int, int, int]] = {
    "reported": (3, 0, 12), "screening": (4, 4, 20), "ready": (2, 6, 25), "mediation": (6, 5, 16),
    "frozen": (1, 6, 15), "council": (2, 4, 14), "offered": (2, 14, 25),
    "cooling_off": (2, 10, 17), "reparation": (8, 40, 80),
    "repaired": (46, 60, 1000), "partly_repaired": (5, 60, 1000),
    "without_agreement": (9, 60, 1000), "withdrawn": (5, 60, 1000),
    "referred_elsewhere": (3, 60, 1000), "no_contact": (2, 60, 1000),
}  # fmt: skip
STATES = {
    "ready": "screening", "frozen": "mediation", "offered": "mediation", "cooling_off": "mediation",
}  # fmt: skip
CLOSED = ("repaired", "partly_repaired", "without_agreement", "withdrawn", "referred_elsewhere",
          "no_contact")  # fmt: skip
AGREED = ("offered", "cooling_off", "reparation", "repaired", "partly_repaired")
IN_FORCE = ("reparation", "repaired", "partly_repaired")
MEDIATED = ("mediation", "frozen", "without_agreement", *AGREED)
SPOKEN_WITH = ("ready", "council", "withdrawn", *MEDIATED)
# The state of its mediation, where that is not agreed.
MEDIATIONS = {
    "mediation": "preparing", "frozen": "preparing", "offered": "meeting",
    "cooling_off": "meeting", "without_agreement": "not_agreed",
}  # fmt: skip
COOLING_OFF, MEDIATION = 10, 15
# Written in this order: what a row points to comes first.
ORDER = (Case, Party, Participation, CaseUserObjectPermission, Consent, Harm, Note, Mediation,
         Meeting, Agreement, Commitment, Signature, Entry, Chain, Event)  # fmt: skip


class Cases:
    """The maker of cases, from one source of chance and one present moment."""

    def __init__(self, places: list[Place], chance: Random, *, now: datetime) -> None:
        self.places, self.chance, self.now = places, chance, now
        self.rows: dict[type[models.Model], list[Any]] = defaultdict(list)
        self.stages = list(STAGES)
        self.weights = [share for share, _least, _most in STAGES.values()]
        self.consent_text = consent_text("mediation", "en")
        codenames = {name for names in Participation.PERMISSIONS.values() for name in names}
        self.permissions = dict(
            Permission.objects.filter(
                content_type__app_label="cases", content_type__model="case", codename__in=codenames
            ).values_list("codename", "pk")
        )
        self.taken: set[str] = set()

    def make(self, count: int) -> None:
        """Make so many cases and write them. Call inside a transaction."""
        for stage in self.chance.choices(self.stages, self.weights, k=count):
            Telling(self, self.chance.choice(self.places), stage).tell()
        for model in ORDER:
            insert(model, self.rows[model])
        self.rows.clear()

    def code(self, parts: int) -> str:
        """Return so many groups of four letters that were not given out before."""
        while True:
            signs = "".join(self.chance.choices(LETTERS, k=4 * parts))
            code = "-".join(signs[start : start + 4] for start in range(0, 4 * parts, 4))
            if code not in self.taken:
                self.taken.add(code)
                return code


class Telling:
    """One case, told day by day up to its stage."""

    def __init__(self, cases: Cases, place: Place, stage: str) -> None:
        self.cases, self.place, self.stage = cases, place, stage
        self.rows, self.chance = cases.rows, cases.chance
        _share, least, most = STAGES[stage]
        # Rounded down to a whole second; an event keeps microseconds, and a row of ours none.
        began = cases.now - timedelta(days=self.chance.randint(least, most), minutes=5)
        self.at = began.replace(microsecond=0)
        self.mediator = self.chance.choice(place.mediators)
        pair = self.chance.sample(place.members, 2)
        self.harmed, self.responsible = pair

    @property
    def today(self) -> date:
        return day(self.at)

    def later(self, days: int) -> None:
        """Let days pass, but never beyond the present."""
        self.at = min(self.at + timedelta(days=days), self.cases.now.replace(microsecond=0))

    def add(self, row: models.Model) -> Any:
        self.rows[type(row)].append(row)
        return row

    def event(self, code: str, by: Person | None = None, **data: str) -> None:
        by_whom = str(by.pk) if by else ""
        link = next_link(self.chain, code, at=self.at, by=by_whom, data=data)
        self.rows[Event].append(SimpleNamespace(**link))

    def new_id(self) -> Any:
        return new_id(self.chance)

    def tell(self) -> None:
        """Tell it all; each step goes on only where the stage is further on."""
        stage, cole = self.stage, self.place.coordinator
        self.open()
        if stage == "reported":
            return
        self.later(1)
        self.event("case_accepted", cole)
        self.case.state_since = self.today
        self.give_place(self.mediator, "mediator")
        self.event("mediator_assigned", cole, mediator=str(self.mediator.pk))
        if stage in SPOKEN_WITH:
            self.prepare()
        if stage == "council":
            self.event("referred_to_council", self.mediator)
            self.case.state_since = self.today
        if stage in MEDIATED:
            self.mediate()
        if stage in AGREED:
            self.agree()
        if stage in IN_FORCE:
            self.keep()
        if stage in CLOSED:
            self.close()

    def open(self) -> None:
        title, account, kind = self.chance.choice(STORIES)
        closed = self.stage in CLOSED
        state = "closed" if closed else STATES.get(self.stage, self.stage)
        self.case: Case = self.add(
            Case(
                id=self.new_id(), reference=f"RJ-{self.cases.code(2)}", title=title,
                account=account, community=self.place.community, steering=self.place.community,
                charter_version=self.place.charter, kind=kind, opened_on=self.today,
                referred_on=self.today, state_since=self.today, state=state,
                happened_on=self.today - timedelta(days=self.chance.randrange(1, 30)),
                urgent=self.chance.random() < 0.04,
            )
        )  # fmt: skip
        self.chain: Chain = self.add(Chain(kind="case", subject_id=self.case.reference))
        self.parties: dict[str, Party] = {
            role: self.add(Party(id=self.new_id(), case=self.case, person=person, role=role))
            for role, person in (("harmed", self.harmed), ("responsible", self.responsible))
        }
        self.event("case_opened", self.place.coordinator)

    def give_place(self, person: Person, role: str) -> None:
        self.add(
            Participation(case_id=self.case.pk, person_id=person.pk, role=role, from_on=self.today)
        )
        for codename in Participation.PERMISSIONS[role]:
            self.add(
                CaseUserObjectPermission(
                    content_object_id=self.case.pk, user_id=person.pk,
                    permission_id=self.cases.permissions[codename],
                )
            )  # fmt: skip

    def prepare(self) -> None:
        """Reach, assess and ask both, the person harmed first."""
        for party in self.parties.values():
            self.later(1)
            party.reached_on = party.assessed_on = self.today
            party.how_to_reach, party.safe_to_meet = "By telephone, in the evening.", True
            party.safety_answers = json.dumps({"afraid": "No.", "needs": "Somebody beside me."})
            self.give_place(party.person, party.role)
            self.event("party_reached", self.mediator, party=str(party.pk))
            self.event("safety_assessed", self.mediator, party=str(party.pk))
            self.add(
                Consent(
                    id=self.new_id(), party_id=party.pk, stage="mediation",
                    text=self.cases.consent_text,
                    text_version=VERSION, language="en", way="app", given_at=self.at,
                )
            )  # fmt: skip
            self.event("consent_given", party.person, party=str(party.pk), stage="mediation")
            if party.role == "harmed":
                self.case.harmed_asked_on = self.today
        self.harm: Harm = self.add(
            Harm(
                id=self.new_id(), case_id=self.case.pk, unit="money",
                party_id=self.parties["harmed"].pk,
                what="What was broken or lost", amount=Decimal(self.chance.randrange(20, 900)),
                stated_on=self.today,
            )
        )  # fmt: skip
        self.event("harm_stated", self.harmed, harm=str(self.harm.pk))
        if self.chance.random() < 0.5:
            self.write("private", self.harmed, "I would like to know why.", self.parties["harmed"])

    def write(self, room: str, author: Person, text: str, party: Party | None = None) -> None:
        self.add(
            Note(
                id=self.new_id(), case_id=self.case.pk, room=room, author_id=author.pk, text=text,
                party_id=party.pk if party else None, at=self.at,
            )
        )  # fmt: skip
        self.event("note_written", author, room=room)

    def mediate(self) -> None:
        """Begin mediation and plan a meeting, held where the stage is further on."""
        self.later(1)
        self.case.state_since = self.today
        self.mediation: Mediation = self.add(
            Mediation(
                id=self.new_id(), case_id=self.case.pk, began_on=self.today,
                due_on=self.today + timedelta(days=MEDIATION),
                state=MEDIATIONS.get(self.stage, "agreed"),
            )
        )  # fmt: skip
        self.event("mediation_begun", self.mediator, mediation=str(self.mediation.pk))
        meets_on = self.today + timedelta(days=3)
        if self.stage == "mediation":
            meets_on = max(meets_on, day(self.cases.now) + timedelta(days=1))
        evening = timezone.make_aware(datetime.combine(meets_on, time(17)))
        meeting = Meeting(
            id=self.new_id(),
            mediation_id=self.mediation.pk,
            at=evening,
            place="The library, room 2",
        )
        self.add(meeting)
        self.event("meeting_planned", self.mediator, meeting=str(meeting.pk))
        if self.stage == "frozen":
            self.later(1)
            self.case.frozen_on = self.today
            for party in self.parties.values():
                party.assessed_on = None
            for consent in self.rows[Consent][-2:]:
                consent.ended_at = self.at
            meeting.cancelled = True
            self.event("stage_frozen")
        elif self.stage != "mediation":
            self.later(4)
            meeting.held_on = meets_on
            self.event("meeting_held", self.mediator, meeting=str(meeting.pk))
            self.write("mediation", self.mediator, "Both told what it was like for them.")
        if self.stage == "without_agreement":
            self.end_mediation("mediation_ended", self.mediator)

    def end_mediation(self, code: str, by: Person | None) -> None:
        self.mediation.ended_on = self.today
        self.event(code, by, mediation=str(self.mediation.pk))

    def agree(self) -> None:
        """Draft and offer an agreement, signed by both and in force where the stage says so."""
        signed = self.stage != "offered"
        in_force = self.stage in IN_FORCE
        state = {"offered": "offered", "cooling_off": "cooling_off", "reparation": "in_force"}.get(
            self.stage, "fulfilled"
        )
        agreement = Agreement(
            id=self.new_id(), case_id=self.case.pk, state=state, check_code=self.cases.code(4),
            account="Something was broken, and both talked about it.", drafted_on=self.today,
            offered_on=self.today,
        )  # fmt: skip
        self.agreement: Agreement = self.add(agreement)
        self.event("agreement_drafted", self.mediator, agreement=str(agreement.pk))
        self.promises = [
            self.promise(1, "Pay for what was broken.", harm_id=self.harm.pk, unit="money",
                         amount=self.harm.amount),
            self.promise(2, "Help to put it up again on a Saturday morning."),
        ]  # fmt: skip
        digest = digest_of(agreement, self.promises)
        named = {"agreement": str(agreement.pk)}
        self.event("agreement_offered", self.mediator, digest=digest, **named)
        if signed:
            self.later(1)
            for party in self.parties.values():
                self.add(
                    Signature(
                        id=self.new_id(), agreement_id=agreement.pk, party_id=party.pk,
                        signed_by_id=party.person_id, way="app", at=self.at, digest=digest,
                    )
                )  # fmt: skip
                self.event(
                    "agreement_signed", party.person, party=str(party.pk), way="app",
                    digest=digest, **named,  # type: ignore[arg-type]
                )  # fmt: skip
            agreement.signed_on = self.today
            agreement.cooling_off_until = self.today + timedelta(days=COOLING_OFF)
            self.event("everybody_signed", **named)  # type: ignore[arg-type]
        if in_force:
            self.later(COOLING_OFF + 1)
            agreement.in_force_on = self.case.state_since = self.today
            self.event("agreement_in_force", **named)  # type: ignore[arg-type]
            self.event("reparation_begun")
            self.end_mediation("mediation_agreed", None)

    def promise(self, number: int, what: str, **more: Any) -> Commitment:
        state = "promised"
        if self.stage in ("repaired", "partly_repaired"):
            state = "waived" if self.stage == "partly_repaired" and number == 2 else "kept"
        elif self.stage == "reparation" and number == 1:
            state = "kept"
        promise: Commitment = self.add(
            Commitment(
                id=self.new_id(), agreement_id=self.agreement.pk, number=number,
                what=what, state=state, promised_by_id=self.parties["responsible"].pk,
                promised_to_id=self.parties["harmed"].pk,
                if_missed="We talk again with the mediator within a week.",
                due_on=self.today + timedelta(days=90), state_since=self.today, **more,
            )
        )  # fmt: skip
        self.event("commitment_added", self.mediator, commitment=str(promise.pk))
        return promise

    def keep(self) -> None:
        """Keep the promises as far as they are kept; fulfil the agreement where all are settled."""
        for promise in self.promises:
            self.later(self.chance.randint(1, 6))
            if promise.state == "kept":
                self.entry(promise, "said_done", "commitment_said_done", self.responsible)
                self.entry(promise, "confirmed", "commitment_confirmed", self.harmed)
            elif promise.state == "waived":
                self.entry(promise, "waived", "commitment_waived", self.harmed)
        if self.agreement.state == "fulfilled":
            self.agreement.ended_on = self.today
            self.event("agreement_fulfilled", self.harmed, agreement=str(self.agreement.pk))

    def entry(self, promise: Commitment, kind: str, code: str, by: Person) -> None:
        amount = None if kind == "waived" else promise.amount
        self.add(
            Entry(
                id=self.new_id(), commitment_id=promise.pk, by_id=by.pk, kind=kind, amount=amount,
                happened_on=self.today, at=self.at,
            )
        )  # fmt: skip
        promise.state_since = self.today
        self.event(code, by, commitment=str(promise.pk))

    def close(self) -> None:
        """Ask for the last words where there is something to have one on, and close."""
        if self.stage in IN_FORCE or self.stage == "without_agreement":
            for party in self.parties.values():
                party.closing_word_asked_on = self.today
                self.event("closing_word_asked", self.mediator, party=str(party.pk))
                party.closing_word = "It is good as it is."
                self.event("closing_word_given", party.person, party=str(party.pk))
        if self.stage == "withdrawn":
            self.parties["harmed"].wishes_end_on = self.today
            self.event("end_wished", self.harmed, party=str(self.parties["harmed"].pk))
        self.case.outcome, self.case.closed_on = self.stage, self.today
        self.case.state_since = self.today
        self.write("referral", self.mediator, "There is nothing left to do.")
        self.event("case_closed", self.mediator, outcome=self.stage)
