"""A council that sits, has listened and deliberates. Plain functions."""

from datetime import date, datetime, timedelta
from typing import Any

from cases.models import Case, Party
from councils.actions import deciding, finding, outcome, recalling, table
from councils.models import Council, Decision, Finding, Packet, Seat, Word
from deliberation.actions import speaking
from deliberation.models import Proposal
from people.models import Person
from tests.councils import people as p
from tests.factories import NOW, TODAY, make_person

AIM = "What would repair the harm, for both sides."
LATER = NOW + timedelta(hours=3)


def guard(case: Case, name: str = "Pavel", *, today: date = TODAY) -> Person:
    """An elected process guardian of the case's community."""
    someone = make_person(name)
    case.community.memberships.create(
        person=someone, role="process_guardian", from_on=today - timedelta(days=9),
        until=today + timedelta(days=300),
    )  # fmt: skip
    return someone


def seated(case: Case, cole: Person, *, now: datetime = NOW) -> Council:
    """A council on which everybody drawn has said yes."""
    council = p.begin(case, cole, now=now)
    return seat_all(council, cole, now=now)


def seat_all(council: Council, cole: Person, *, now: datetime = NOW) -> Council:
    """Draw the whole council, and let everybody say yes."""
    later = now + timedelta(hours=3)
    p.throw(p.commit(council, cole, now=now), cole, now=later)
    for seat in council.seats.filter(state="drawn").select_related("person"):
        p.accept(seat, now=later)
    return Council.objects.get(pk=council.pk)


def listened(council: Council, *, now: datetime = LATER) -> Council:
    """The packet is made, and every party wrote to the council."""
    for party in council.case.parties.select_related("person"):
        Word.objects.create(council=council, party=party, by=party.person, text="My word.", at=now)
    Packet.objects.create(council=council, made_at=now)
    return Council.objects.get(pk=council.pk)


def deliberating(case: Case, cole: Person, *, now: datetime = NOW, **how: Any) -> Council:
    """A council that has begun to deliberate, online unless said otherwise."""
    council = listened(seated(case, cole, now=now))
    return begun(council, cole, now=now, **how)


def begun(council: Council, cole: Person, *, now: datetime = NOW, **how: Any) -> Council:
    how = how or {"session": "online", "round_hours": 48}
    later = now + timedelta(hours=3)
    table.begin_deliberation(council, by=cole, now=later, aim=AIM, **how)
    return Council.objects.get(pk=council.pk)


def members(council: Council) -> list[Person]:
    return [
        seat.person
        for seat in council.seats.filter(state=Seat.State.ACCEPTED)
        .select_related("person")
        .order_by("pk")
    ]


def act(
    council: Council, action: Any, subject: Any, *, by: Person, now: datetime, **typed: Any
) -> Any:
    """Do something of the circle as its pages do: with what follows from it."""
    return table.in_circle(council, action, follow=_follow)(subject, by=by, now=now, **typed)


def _follow(council: Council, case: Case, now: datetime) -> None:
    recalling.follow(council, case, now)
    outcome.follow(council, case, now)


def to_consent(council: Council, proposal: Proposal, *, now: datetime) -> None:
    """Bring a draft before the circle, and let everybody pass until the consent round."""
    author = proposal.author.person
    act(council, deciding.begin_proposal, proposal, by=author, now=now)
    for _round in ("clarifying", "reacting"):
        for someone in members(council):
            act(council, speaking.speak, proposal, by=someone, now=now, word="")


def all_consent(council: Council, proposal: Proposal, *, now: datetime, but: Any = ()) -> None:
    """Everybody with a turn consents, but for these people."""
    skip = {someone.pk for someone in but}
    for someone in members(council):
        if someone.pk not in skip:
            act(council, speaking.consent, proposal, by=someone, now=now)


def find(council: Council, *, now: datetime = LATER, kind: str = "needed") -> Finding:
    """A finding that the council adopts."""
    first = members(council)[0]
    made = finding.propose_finding(
        council, by=first, now=now, kind=kind, text="The panes are to be whole.", grounds="Packet."
    )
    to_consent(council, made.proposal, now=now)
    all_consent(council, made.proposal, now=now)
    return Finding.objects.get(pk=made.pk)


def promise_of(case: Case, *, days: int = 40, today: date = TODAY, **typed: Any) -> dict[str, Any]:
    """The fields of a promise from the person responsible to the person harmed."""
    by = case.parties.get(role=Party.Role.RESPONSIBLE)
    to = case.parties.get(role=Party.Role.HARMED)
    return {
        "promised_by": str(by.pk), "promised_to": str(to.pk), "what": "Mend the twelve panes",
        "due_on": today + timedelta(days=days), **typed,
    }  # fmt: skip


def decide(
    council: Council, *, now: datetime = LATER, course: str = "agreement", adopt: bool = True,
    **typed: Any,
) -> Decision:  # fmt: skip
    """A decision that the council adopts, unless it is left at its consent round."""
    first = members(council)[0]
    decision = deciding.propose_decision(
        council, by=first, now=now, course=course, text="Because it repairs what was broken.",
        account="Panes broke in the greenhouse.", **typed,
    )  # fmt: skip
    if course == "agreement":
        plan = promise_of(council.case, today=now.date())
        deciding.plan_promise(decision, by=first, now=now, **plan)
    to_consent(council, decision.proposal, now=now)
    if adopt:
        all_consent(council, decision.proposal, now=now)
    return Decision.objects.get(pk=decision.pk)
