"""How the machine by consent moves on. Called under the circle's lock, with the moment of it."""

from datetime import datetime

from django.db.models import Count, Max, Q

from deliberation import rules
from deliberation.actions.deciding import decided
from deliberation.models import ByConsent, Objection, Position, Round, Turn
from deliberation.querysets import counting, living
from deliberation.writing import record, tell_voices
from moves.machine import move

NOTICE_OF = {
    "clarifying": "please_clarify",
    "reacting": "please_react",
    "consenting": "please_take_position",
}
NEXT = {"clarifying": ("react", "reacting"), "reacting": ("ask", "consenting")}


def current_round(process: ByConsent) -> Round | None:
    return process.rounds.filter(closed_at=None).first()


def latest_consent_round(process: ByConsent) -> Round:
    """Return the consent round whose positions count; only once there was one."""
    return process.rounds.filter(kind="consenting").latest("number")


def step(process: ByConsent, transition: str, kind: str, *, at: datetime) -> None:
    """Move the machine into a round of this kind, and open it."""
    set_deadline(process, at=at)
    move(process, transition, also=["deadline", "asked_again", "seed"])
    open_round(process, kind, at=at)


def set_deadline(process: ByConsent, *, at: datetime) -> None:
    """Give the stage that begins its time; nobody was asked again in it."""
    hours = process.proposal.circle.round_hours
    process.deadline, process.asked_again = rules.deadline_after(at, hours), False


def open_round(process: ByConsent, kind: str, *, at: datetime) -> None:
    """Give everybody a turn, in the drawn order, begun by the next voice.

    A voice under a limit is heard; only in the consent round it has no turn.
    """
    proposal, circle = process.proposal, process.proposal.circle
    number = process.rounds.count() + 1
    made = Round.objects.create(
        process=process, number=number, kind=kind, version=proposal.version, opened_at=at
    )
    voices = circle.voices.counting(at) if kind == "consenting" else circle.voices.live(at)
    ids = [str(pk) for pk in voices.values_list("pk", flat=True)]
    order = rules.order_of(process.seed, ids, turn=number - 1)
    Turn.objects.bulk_create(
        Turn(round=made, voice_id=pk, place=place) for place, pk in enumerate(order, start=1)
    )
    record(
        circle, "round_opened", by=None, now=at, proposal=str(proposal.pk), number=number, kind=kind
    )
    tell_voices(circle, NOTICE_OF[kind], key=f"round:{made.pk}", now=at)
    go_on(process, at=at)


def go_on(process: ByConsent, *, at: datetime) -> None:
    """Close the round where every turn was given; do nothing where one waits, or none is open."""
    found = current_round(process)
    if found is not None and not found.turns.waiting(at).exists():
        close_round(process, found, at=at)


def close_round(process: ByConsent, found: Round, *, at: datetime) -> None:
    """End a round: a turn nobody took is missed, that of a voice that ended is gone."""
    waiting = found.turns.filter(state="waiting")
    missed = waiting.filter(living(at, "voice__")).values_list("pk", flat=True)
    missing = found.turns.filter(pk__in=list(missed)).update(state="missed", at=at)
    waiting.update(state="gone", at=at)
    found.closed_at = at
    found.save(update_fields=["closed_at"])
    proposal = process.proposal
    record(
        proposal.circle, "round_closed", by=None, now=at,
        proposal=str(proposal.pk), number=found.number, missed=missing,
    )  # fmt: skip
    if found.kind in NEXT:
        transition, kind = NEXT[found.kind]
        step(process, transition, kind, at=at)
    else:
        decide(process, at=at)


def open_objections(process: ByConsent) -> int:
    return Objection.objects.filter(proposal=process.proposal_id, state="open").count()


def decide(process: ByConsent, *, at: datetime) -> None:
    """Say what follows from the positions of the latest consent round."""
    circle = process.proposal.circle
    said = Position.objects.filter(turn__round=latest_consent_round(process))
    counts = said.filter(counting(at, "turn__voice__")).aggregate(
        positions=Count("pk"), consents=Count("pk", filter=Q(kind="consent"))
    )
    facts = rules.ConsentFacts(
        consents=counts["consents"],
        positions=counts["positions"],
        open_objections=open_objections(process),
        quorum=circle.quorum,
        integrations=process.integrations,
        integration_rounds=circle.integration_rounds,
    )
    follow(process, *rules.after_consent_round(facts), at=at)


def follow(process: ByConsent, transition: str, why: str, *, at: datetime) -> None:
    """Do what the rules say follows: integrate, or the end."""
    if transition in ("adopt", "deadlock"):
        decided(process, transition, why, by=None, at=at)
        return
    process.integrations += 1
    set_deadline(process, at=at)
    move(process, transition, also=["deadline", "asked_again", "integrations"])
    circle = process.proposal.circle
    record(
        circle, "integration_begun", by=None, now=at,
        proposal=str(process.proposal_id), number=process.integrations,
    )  # fmt: skip
    key = f"integrate:{process.pk}:{process.integrations}"
    tell_voices(circle, "please_integrate", key=key, now=at)


def settle_objections(process: ByConsent, *, at: datetime) -> None:
    """Go on from integrating once no objection is open.

    A changed text is asked about anew: nobody's consent to another text counts for it. With the
    text unchanged, the positions of the last round stand.
    """
    if process.state != ByConsent.State.INTEGRATING or open_objections(process):
        return
    if process.proposal.version == latest_consent_round(process).version:
        decide(process, at=at)
    else:
        step(process, "ask_afresh", "consenting", at=at)


def ask_once_more(process: ByConsent, found: Round, *, at: datetime) -> bool:
    """Ask the silent of a consent round again, once; say whether there was anybody to ask."""
    silent = list(found.turns.waiting(at).values_list("voice_id", flat=True))
    if process.asked_again or not silent:
        return False
    circle = process.proposal.circle
    found.turns.filter(voice__in=silent).update(asked=rules.MOST_ASKED)
    process.asked_again = True
    process.deadline = rules.deadline_after(at, circle.round_hours)
    process.save(update_fields=["asked_again", "deadline"])
    record(circle, "asked_again", by=None, now=at, proposal=str(process.proposal_id))
    key = f"again:{found.pk}"
    tell_voices(circle, "please_take_position_again", key=key, now=at, voices=silent)
    return True


def stage_over(process: ByConsent, *, at: datetime) -> None:
    """Do what follows when the time of a stage is over."""
    found = current_round(process)
    if found is None:
        transition, why = rules.after_integrating(
            integrations=process.integrations,
            integration_rounds=process.proposal.circle.integration_rounds,
        )
        follow(process, transition, why, at=at)
    elif found.kind != "consenting" or not ask_once_more(process, found, at=at):
        close_round(process, found, at=at)


def miss_turn(process: ByConsent, turn: Turn, *, at: datetime) -> None:
    """Pass over somebody in the room who is not there; in the consent round they come once more."""
    found = turn.round
    if found.kind == "consenting" and turn.asked < rules.MOST_ASKED:
        last = found.turns.aggregate(last=Max("place"))["last"]
        turn.asked, turn.place = rules.MOST_ASKED, last + 1
    else:
        turn.state, turn.at = "missed", at
    turn.save(update_fields=["asked", "place", "state", "at"])
    go_on(process, at=at)
