"""The councils of the demo that have heard both sides: one in its round, one that decided.

Through the same actions as everybody's.
"""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

from cases.models import Case, Party
from cases.writing import day
from councils.actions import amending, deciding, finding, hearings, packet, table, words
from councils.models import Council, Decision, Seat
from councils.moves import follow
from deliberation.actions import speaking
from deliberation.models import Objection, Proposal
from people.models import Person

AIM = "What would repair the harm, keep everybody safe, and be fair to both sides."


def members_of(council: Council) -> list[Person]:
    """Return who sits on a council, in the order of their seats."""
    seats = council.seats.filter(state=Seat.State.ACCEPTED).select_related("person")
    return [seat.person for seat in seats.order_by("pk")]


def hear(council: Council, by: Person, *, now: datetime) -> None:
    """Let both sides write, make the packet, and hold a hearing to which both come."""
    case = council.case
    parties = list(case.parties.select_related("person"))
    for party, text in zip(
        parties,
        (
            "I would like it mended before the frost, and to hear that it will not happen again.",
            "I did not think of who would have to mend it. I can help with my own hands.",
        ),
        strict=True,
    ):
        words.write_to_council(council, by=party.person, now=now, text=text)
    packet.make_packet(council, by=by, now=now)
    hearing = hearings.plan_hearing(
        council, by=by, now=now, at=now + timedelta(hours=2), minutes=90,
        place="The library, upper room", parties=parties,
    )  # fmt: skip
    hearings.hold_hearing(hearing, by=by, now=now + timedelta(hours=4), came=parties)
    table.begin_deliberation(
        Council.objects.get(pk=council.pk), by=by, now=now + timedelta(hours=5), aim=AIM,
        session="online", round_hours=72,
    )  # fmt: skip


def act(
    council: Council, action: Callable[..., Any], subject: Any, by: Person, now: datetime,
    **typed: Any,
) -> None:  # fmt: skip
    """Do something in the circle, with what follows from it."""
    table.in_circle(council, action, follow=follow)(subject, by=by, now=now, **typed)


def speak_all(council: Council, proposal: Proposal, *, now: datetime) -> None:
    """Bring a draft before the circle, and give everybody their turns to ask and to react."""
    author = proposal.author.person
    act(council, deciding.begin_proposal, proposal, author, now)
    for said in ("What would it cost?", "I think it is fair."):
        for number, someone in enumerate(members_of(council)):
            word = said if number == 1 else ""
            act(council, speaking.speak, proposal, someone, now, word=word)


def consent(
    council: Council, proposal: Proposal, people: Iterable[Person], *, now: datetime
) -> None:
    for someone in people:
        act(council, speaking.consent, proposal, someone, now)


def find(council: Council, *, now: datetime) -> None:
    """Adopt one finding."""
    first = members_of(council)[0]
    made = finding.propose_finding(
        council, by=first, now=now, kind="needed", grounds="Both sides said so in the hearing.",
        text="What was broken is to be whole again before the frost, and somebody is to help.",
    )  # fmt: skip
    speak_all(council, made.proposal, now=now)
    consent(council, made.proposal, members_of(council), now=now)


def propose(council: Council, case: Case, by: Person, *, now: datetime) -> Decision:
    """Write a decision with a plan of one promise, and bring it to its consent round."""
    decision = deciding.propose_decision(
        council, by=by, now=now, course="agreement",
        text="That it is mended together, because both wish for it and it answers the harm.",
        account="Something was broken, and both talked about it.",
        proportion_reason="Work of one's own hands is what both wished for.",
        support="Two neighbours help to clear the place on Saturday.",
    )  # fmt: skip
    theirs = case.parties.get(role=Party.Role.RESPONSIBLE)
    hers = case.parties.get(role=Party.Role.HARMED)
    deciding.plan_promise(
        decision, by=by, now=now, promised_by=str(theirs.pk), promised_to=str(hers.pk),
        what="Help to mend it on four Saturday mornings.", harm=str(case.harms.get().pk),
        due_on=day(now) + timedelta(days=60), if_missed="We meet again within a week.",
    )  # fmt: skip
    speak_all(council, decision.proposal, now=now)
    return decision


def object_to(council: Council, decision: Decision, by: Person, *, now: datetime) -> None:
    """Raise an objection that is still to be integrated."""
    act(
        council, speaking.object_to, decision.proposal, by, now, against_aim=True,
        why="Sixty days are too long: the frost comes sooner.",
    )  # fmt: skip


def to_integrate(council: Council, case: Case, june: Person, *, now: datetime) -> None:
    """Leave a council with an objection open, an amendment offered, and June one of those asked."""
    find(council, now=now)
    others = [someone for someone in members_of(council) if someone != june]
    decision = propose(council, case, others[0], now=now)
    object_to(council, decision, others[1], now=now)
    consent(council, decision.proposal, [june, others[0], *others[2:]], now=now)
    planned = decision.promises.get()
    act(
        council, amending.offer_amendment, Objection.objects.get(proposal=decision.proposal),
        others[2], now, text="That it is mended together before the first frost, because both "
        "wish for it and it answers the harm.", changes=str(planned.pk),
        promise={
            "promised_by": str(planned.promised_by_id),
            "promised_to": str(planned.promised_to_id), "harm": str(planned.harm_id),
            "what": "Help to mend it on four Saturday mornings, the first one next Saturday.",
            "due_on": day(now) + timedelta(days=30), "if_missed": planned.if_missed,
        },
    )  # fmt: skip


def decide(council: Council, case: Case, *, now: datetime) -> None:
    """Adopt a decision, which can still be looked at again."""
    find(council, now=now)
    decision = propose(council, case, members_of(council)[0], now=now)
    consent(council, decision.proposal, members_of(council), now=now)
