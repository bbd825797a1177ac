"""A case told step by step, through the real actions, with everybody around it.

A story has a clock of its own, ``at``; it begins some days ago and ends now, so that the
pages, which read the true clock, find it in the situation it was brought to.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Self

from django.utils import timezone

from agreements import actions as agreements
from agreements.models import Agreement, Commitment
from cases import actions
from cases.models import Case, Party
from communities.models import Community
from journey import actions as across
from journey import clock
from mediation import actions as mediation
from mediation.models import Mediation
from people.models import Person
from tests.remembered import remembered

# Names nobody would find in an obstacle's words by chance.
NAMES = {
    "coordinator": "Colette Abara",
    "mediator": "Mirza Quandt",
    "second_mediator": "Mosi Verhoeven",
    "spare": "Salka Ibarra",
    "harmed": "Hanneke Oyelaran",
    "responsible": "Rurik Tamsin",
    "second": "Sunniva Brecht",
    "supporter": "Sipho Lindqvist",
    "guardian": "Gudrun Ferro",
    "interpreter": "Ilse Nakano",
    "stranger": "Stellan Ruiz",
    "superuser": "Suda Kowalczyk",
    "parent_coordinator": "Paloma Eriksen",
}
# Who is there besides where a council is drawn: see ``council_story``.
COUNCIL_NAMES = {
    "process_guardian": "Petra Halloran",
    "auditor": "Anneli Dubois",
    "member": "Maren Osei",
    "second_member": "Milo Castellan",
    "third_member": "Mahalia Wren",
    "undrawn": "Ulla Petrosyan",
}
ALL_NAMES = {**NAMES, **COUNCIL_NAMES}
VIEWERS = (*ALL_NAMES, "anonymous")
PARTIES = ("harmed", "responsible", "second")


@remembered
class Story:
    """One case and its people. ``minor`` is the name of the party who is under age."""

    def __init__(
        self, *, days: int = 3, parties: Sequence[str] = ("harmed", "responsible"),
        minor: str = "", contact: bool = True, organisation: bool = False,
        licence: dict[str, Any] | None = None, spare: bool = True,
        rules: dict[str, Any] | None = None,
    ) -> None:  # fmt: skip
        self.at = timezone.now() - timedelta(days=days)
        self.minor = minor
        began = (self.at - timedelta(days=100)).date()
        until = timezone.localdate() + timedelta(days=200)
        self.above = Community.objects.create(slug="above", name="Above")
        self.here = Community.objects.create(slug="here", name="Here", parent=self.above)
        if rules is not None:
            self.here.charters.create(number=1, rules=rules)
        self.people = {name: self._person(name, contact, organisation) for name in NAMES}
        for name, community in (("coordinator", self.here), ("parent_coordinator", self.above)):
            community.memberships.create(
                person=self.people[name], role="coordinator", from_on=began, until=until
            )
        licensed = ["mediator", "second_mediator", *(["spare"] if spare else [])]
        for name in licensed:
            own = licence if licence and name == "mediator" else {}
            values = {"from_on": began, "until": until, **own}
            self.people[name].licences.create(**values)
        named = [
            actions.NewParty(
                role="harmed" if name == "harmed" else "responsible", name=NAMES[name],
                person=self.people[name], minor=name == minor,
            )
            for name in parties
        ]  # fmt: skip
        self.pk = actions.open_case(
            community=self.here, title="The greenhouse", account="The panes were broken.",
            parties=named, by=None, now=self.at,
        ).pk  # fmt: skip

    def _person(self, name: str, contact: bool, organisation: bool) -> Person:
        known = {"contact_kind": "phone", "contact": "+44 7700 900001"} if contact else {}
        return Person.objects.create_user(
            name.replace("_", "-"), None, name=ALL_NAMES[name],
            is_superuser=name == "superuser", is_staff=name == "superuser",
            is_organisation=organisation and name == "harmed", **known,
        )  # fmt: skip

    # ------------------------------------------------------------- what there is

    @property
    def case(self) -> Case:
        return Case.objects.select_related("charter_version", "steering", "community").get(
            pk=self.pk
        )

    @property
    def today(self) -> date:
        return timezone.localdate(self.at)

    def party(self, name: str) -> Party:
        return Party.objects.get(case__pk=self.pk, person=self.people[name])

    @property
    def named(self) -> list[str]:
        """Return who is a party, the person harmed first."""
        there = set(Party.objects.filter(case__pk=self.pk).values_list("person_id", flat=True))
        return [name for name in PARTIES if self.people[name].pk in there]

    @property
    def mediation(self) -> Mediation:
        return Mediation.objects.filter(case__pk=self.pk).latest("began_on")

    @property
    def agreement(self) -> Agreement:
        return Agreement.objects.filter(case__pk=self.pk).latest("version")

    def promise(self, number: int) -> Commitment:
        return self.agreement.commitments.get(number=number)

    # ------------------------------------------------------------- time

    def wait(self, days: int) -> Self:
        """Let days go by, and do what time alone does."""
        self.at += timedelta(days=days)
        clock.run(self.at)
        return self

    def until_today(self) -> Self:
        """Let the rest of the time go by, up to now."""
        self.at = timezone.now()
        clock.run(self.at)
        return self

    # ------------------------------------------------------------- screening

    def tie(self, one: str, other: str) -> Self:
        self.people[one].ties_declared.create(
            other=self.people[other], kind="kin", from_on=self.today
        )
        return self

    def place(self, name: str, role: str, beside: str = "") -> Self:
        """Give somebody a place, as an office-holder's or an import's doing would."""
        party = self.party(beside) if beside else None
        actions.place_in(self.case, self.people[name], role, today=self.today, beside=party)
        return self

    def mediators(self, *names: str) -> Self:
        for name in names or ("mediator",):
            self.place(name, "mediator")
        return self

    def accept(self) -> Self:
        actions.accept(self.case, by=self.people["coordinator"], now=self.at)
        return self

    def company(self) -> Self:
        """Give them a supporter, a guardian and an interpreter; the guardian the minor's."""
        self.place("supporter", "supporter", "harmed")
        self.place("guardian", "guardian", self.minor or "responsible")
        return self.place("interpreter", "interpreter")

    def reach(self, *names: str) -> Self:
        for name in names or self.named:
            actions.reach(
                self.party(name), by=self.people["mediator"], now=self.at,
                how_to_reach="By day, never at home.", reach="in_app",
            )  # fmt: skip
        return self

    def assess(self, *names: str, safe: bool = True, flags: Sequence[str] = ()) -> Self:
        for name in names or self.named:
            actions.assess(
                self.party(name), by=self.people["mediator"], now=self.at, safe_to_meet=safe,
                answers={"afraid": "Nothing to tell."}, flags=list(flags),
            )  # fmt: skip
        return self

    def consent(self, *names: str) -> Self:
        for name in names or self.named:
            actions.give_consent(
                self.party(name), by=self.people[name], now=self.at, understood=True
            )
        return self

    def guardian_consents(self) -> Self:
        actions.give_consent_as_guardian(
            self.party(self.minor), by=self.people["guardian"], now=self.at, understood=True
        )
        return self

    def screened(self) -> Self:
        """Bring the case to where mediation may begin."""
        self.mediators().accept().company().reach().assess().consent()
        return self.guardian_consents() if self.minor else self

    # ------------------------------------------------------------- on hold

    def withdraw(self, name: str, of: str = "") -> Self:
        actions.withdraw_consent(self.party(of or name), by=self.people[name], now=self.at)
        return self

    def pause(self) -> Self:
        actions.pause(self.case, by=self.people["mediator"], now=self.at)
        return self

    # ------------------------------------------------------------- mediation

    def begin(self) -> Self:
        mediation.begin_mediation(self.case, by=self.people["mediator"], now=self.at)
        return self

    def mediated(self) -> Self:
        return self.screened().begin()

    def plan(self, days: int, hours: int = 0) -> Self:
        mediation.plan_meeting(
            self.mediation, by=self.people["mediator"], now=self.at, place="The library",
            at=self.at + timedelta(days=days, hours=hours),
        )  # fmt: skip
        return self

    def hold(self) -> Self:
        mediation.hold_meeting(self.mediation, by=self.people["mediator"], now=self.at)
        return self

    def extend(self) -> Self:
        mediation.extend_mediation(self.mediation, by=self.people["mediator"], now=self.at)
        return self

    def end(self) -> Self:
        mediation.end_without_agreement(
            self.mediation, by=self.people["mediator"], now=self.at, reason="No way found."
        )
        return self

    # ------------------------------------------------------------- the agreement

    def harm(self, amount: int | None = 100, unit: str = "money") -> Self:
        actions.state_harm(
            self.party("harmed"), by=self.people["harmed"], now=self.at, what="Twelve panes",
            unit=unit, amount=amount,
        )  # fmt: skip
        return self

    def draft(self, account: str = "Panes broke, and both talked about it.") -> Self:
        agreements.draft_agreement(
            self.case, by=self.people["mediator"], now=self.at, account=account
        )
        return self

    def add(self, what: str = "Mends the panes of the greenhouse", **more: Any) -> Self:
        """Promise something; money answers the harm that was stated."""
        harm = self.case.harms.first()
        counted = {"harm": str(harm.pk), "unit": "money"} if harm and more.get("amount") else {}
        values = {
            "promised_by": str(self.party("responsible").pk),
            "promised_to": str(self.party("harmed").pk), "if_missed": "We talk again.",
            "due_on": timezone.localdate() + timedelta(days=60), **counted, **more,
        }  # fmt: skip
        if "amount" in values:
            values["amount"] = Decimal(values["amount"])
        agreements.add_commitment(
            self.agreement, by=self.people["mediator"], now=self.at, what=what, **values
        )
        return self

    def ask_advice(self) -> Self:
        agreements.ask_advice(
            self.agreement, by=self.people["mediator"], now=self.at, kind="damage"
        )
        return self

    def answer_suggestion(self) -> Self:
        """Refuse the first suggestion that waits."""
        waits = self.agreement.suggestions.filter(state="shown").order_by("category")
        agreements.refuse_suggestion(
            waits[0], by=self.people["mediator"], now=self.at, why="different",
            reason="They know each other well.",
        )  # fmt: skip
        return self

    def offer(self) -> Self:
        agreements.offer_agreement(self.agreement, by=self.people["mediator"], now=self.at)
        return self

    def offered(self) -> Self:
        return self.mediated().draft().add().offer()

    def sign(self, *names: str) -> Self:
        signers = names or [*self.named, *(["guardian"] if self.minor else [])]
        for name in signers:
            agreements.sign_agreement(
                self.agreement, by=self.people[name], now=self.at, understood=True
            )
        return self

    def step_back(self, name: str) -> Self:
        agreements.step_back(self.agreement, by=self.people[name], now=self.at)
        return self

    # ------------------------------------------------------------- the plan

    def say_done(self, number: int, amount: int | None = None) -> Self:
        agreements.say_done(
            self.promise(number), by=self.people["responsible"], now=self.at,
            amount=None if amount is None else Decimal(amount), happened_on=self.today,
        )  # fmt: skip
        return self

    def confirm(self, number: int, **said: Any) -> Self:
        agreements.confirm_done(self.promise(number), by=self.people["harmed"], now=self.at, **said)
        return self

    def not_yet(self, number: int) -> Self:
        agreements.not_yet(
            self.promise(number), by=self.people["harmed"], now=self.at, because="One is missing."
        )
        return self

    def waive(self, number: int) -> Self:
        agreements.waive(self.promise(number), by=self.people["harmed"], now=self.at)
        return self

    # ------------------------------------------------------------- coordinators

    def coordinators_away(self) -> Self:
        """Let the coordinators step back since three days ago, for ten days in all."""
        first = timezone.localdate() - timedelta(days=3)
        self.here.absences.create(
            from_on=first, until=first + timedelta(days=9), by=self.people["coordinator"],
            at=self.at - timedelta(days=30),
        )  # fmt: skip
        return self

    # ------------------------------------------------------------- endings

    def ask_words(self, *names: str) -> Self:
        for name in names or self.named:
            actions.ask_closing_word(self.party(name), by=self.people["mediator"], now=self.at)
        return self

    def wish_to_end(self, *names: str) -> Self:
        for name in names or ("harmed",):
            actions.wish_to_end(self.party(name), by=self.people[name], now=self.at)
        return self

    def to_council(self) -> Self:
        across.refer_to_council(
            self.case, by=self.people["mediator"], now=self.at, reason="Not among themselves."
        )
        return self

    def close(self, outcome: str = "repaired") -> Self:
        across.close(
            self.case, by=self.people["coordinator"], now=self.at, outcome=outcome, reason="Over."
        )
        return self

    def reopen(self) -> Self:
        actions.reopen(
            self.case, by=self.people["coordinator"], now=self.at, reason="Something new."
        )
        return self
