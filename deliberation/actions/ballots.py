"""How the machine by supermajority moves on. Called under the circle's lock, with the moment."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Q

from deliberation import rules
from deliberation.actions.deciding import decided
from deliberation.models import Amendment, Ballot, BySupermajority, Gauge, TextVersion, Vote
from deliberation.querysets import counting
from deliberation.writing import record, tell_voices
from moves.machine import move

STATE = BySupermajority.State
CALL = {
    STATE.DISCUSSING: ("call_first_vote", 1),
    STATE.CONCERNS: ("call_second_vote", 2),
    STATE.DEAL_BREAKERS: ("call_final_vote", 3),
}
HOURS_OF_A_DAY = 24


def ballot_of(process: BySupermajority) -> Ballot | None:
    """Return the ballot on which votes can be cast or changed now, None where there is none."""
    number = rules.BALLOT_OF.get(process.state)
    return process.ballots.filter(number=number).first() if number else None


def sorted_ballot(process: BySupermajority) -> Ballot | None:
    """Return the ballot whose concerns are heard now, None where none are."""
    number = rules.SORTING_AFTER.get(process.state)
    return process.ballots.filter(number=number).first() if number else None


def tally(ballot: Ballot, *, at: datetime) -> rules.Tally:
    """Count the votes of the voices that count at that moment, in one statement."""
    votes = Vote.objects.filter(counting(at, "voice__"), ballot=ballot)
    counted = votes.aggregate(
        yes=Count("pk", filter=Q(in_favour=True)), no=Count("pk", filter=Q(in_favour=False))
    )
    return rules.Tally(in_favour=counted["yes"], against=counted["no"])


def stage_over(process: BySupermajority, *, at: datetime) -> None:
    """Do what follows when the time of a stage is over."""
    if process.state in CALL:
        _call_vote(process, *CALL[STATE(process.state)], at=at)
    elif process.state == STATE.CONTENTION:
        contest(process, at=at, over=True)
    else:
        _close_ballot(process, at=at)


def _begin(process: BySupermajority, transition: str, *, hours: int | None, at: datetime) -> None:
    process.deadline, process.asked_again = rules.deadline_after(at, hours), False
    move(process, transition, also=["deadline", "asked_again"])


def _call_vote(process: BySupermajority, transition: str, number: int, *, at: datetime) -> None:
    """Open the next ballot, on the text with the amendment that was taken in."""
    proposal = process.proposal
    before = sorted_ballot(process)
    if before is not None:
        _take_amendment(process, before, at=at)
    _begin(process, transition, hours=proposal.circle.round_hours, at=at)
    made = Ballot.objects.create(
        process=process, number=number, version=proposal.version, opened_at=at
    )
    record(
        proposal.circle, "vote_called", by=None, now=at, proposal=str(proposal.pk), number=number
    )
    tell_voices(proposal.circle, "please_vote", key=f"ballot:{made.pk}", now=at)


def _take_amendment(process: BySupermajority, before: Ballot, *, at: datetime) -> None:
    """Put the amendment with most agreement into the text, if one is agreed to."""
    offered: dict[str, Any] = {
        str(one.pk): one
        for one in Amendment.objects.filter(concern__ballot=before).gauged(at).order_by("at", "pk")
    }
    taken = rules.amendment_taken(
        [
            rules.Gauged(
                id=pk,
                agree=one.agree,
                disagree=one.disagree,
                holders_agree=one.holders_agree,
                holders_disagree=one.holders_disagree,
            )
            for pk, one in offered.items()
        ]
    )
    if taken is not None:
        offered[taken].proposal = process.proposal
        take_in(offered[taken], at=at)


def take_in(amendment: Amendment, *, at: datetime) -> None:
    """Make an amendment the text; its proposal is given the new version."""
    proposal = amendment.proposal
    proposal.version += 1
    TextVersion.objects.create(
        proposal=proposal, number=proposal.version, text=amendment.text, by_id=amendment.by_id,
        at=at,
    )  # fmt: skip
    proposal.save(update_fields=["version"])
    amendment.taken_at = at
    amendment.save(update_fields=["taken_at"])
    record(
        proposal.circle, "amendment_taken", by=None, now=at,
        proposal=str(proposal.pk), version=proposal.version,
    )  # fmt: skip


def _close_ballot(process: BySupermajority, *, at: datetime) -> None:
    ballot = ballot_of(process)
    assert ballot is not None
    circle, counted = process.proposal.circle, tally(ballot, at=at)
    transition, why = rules.after_ballot(
        ballot.number, counted, quorum=circle.quorum, asked_again=process.asked_again
    )
    if not transition:
        _ask_once_more(process, ballot, at=at)
        return
    ballot.closed_at = at
    ballot.in_favour, ballot.against = counted.in_favour, counted.against
    ballot.save(update_fields=["closed_at", "in_favour", "against"])
    record(
        circle, "vote_counted", by=None, now=at, proposal=str(process.proposal_id),
        number=ballot.number, in_favour=counted.in_favour, against=counted.against,
        quorum=circle.quorum,
    )  # fmt: skip
    if transition in ("adopt", "table"):
        decided(process, transition, why, by=None, at=at)
    elif transition == "contend":
        _begin(process, transition, hours=circle.contention_days * HOURS_OF_A_DAY, at=at)
        tell_voices(circle, "open_to_contention", key=f"contend:{process.pk}", now=at)
    else:
        _begin(process, transition, hours=circle.round_hours, at=at)
        against = ballot.votes.filter(in_favour=False).values_list("voice_id", flat=True)
        key = f"concern:{ballot.pk}"
        tell_voices(circle, "please_say_concern", key=key, now=at, voices=against)


def _ask_once_more(process: BySupermajority, ballot: Ballot, *, at: datetime) -> None:
    circle = process.proposal.circle
    process.asked_again = True
    process.deadline = rules.deadline_after(at, circle.round_hours)
    process.save(update_fields=["asked_again", "deadline"])
    record(circle, "asked_again", by=None, now=at, proposal=str(process.proposal_id))
    voted = ballot.votes.values("voice_id")
    silent = circle.voices.counting(at).exclude(pk__in=voted).values_list("pk", flat=True)
    tell_voices(circle, "please_vote_again", key=f"again:{ballot.pk}", now=at, voices=silent)


def contest(process: BySupermajority, *, at: datetime, over: bool = False) -> None:
    """Table a proposal in contention that fewer than half still support; adopt it when over."""
    ballot = ballot_of(process)
    assert ballot is not None
    counted = tally(ballot, at=at)
    below = rules.is_below_half(counted)
    if not below and not over:
        return
    record(
        process.proposal.circle, "contention_counted", by=None, now=at,
        proposal=str(process.proposal_id), in_favour=counted.in_favour, against=counted.against,
    )  # fmt: skip
    if below:
        decided(process, "table", "below_half", by=None, at=at)
    else:
        decided(process, "adopt", "not_contended", by=None, at=at)


def mark_holder(ballot: Ballot, voice_id: UUID, concern_id: UUID) -> None:
    """Note on what a voice has gauged that this concern is its own, and no other is."""
    gauged = Gauge.objects.filter(voice=voice_id)
    gauged.filter(amendment__concern__ballot=ballot).update(by_holder=False)
    gauged.filter(amendment__concern=concern_id).update(by_holder=True)
