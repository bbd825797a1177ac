"""The discussion, votes, concerns and their speakers, and how amendments are gauged."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Count, F

from deliberation import rules
from deliberation.actions import ballots
from deliberation.actions.circles import obstacles_to_limit
from deliberation.actions.time import Scene, changing
from deliberation.models import (
    Amendment,
    Ballot,
    BySupermajority,
    Concern,
    Gauge,
    Holder,
    Proposal,
    Remark,
    Vote,
)
from deliberation.querysets import living
from deliberation.writing import record, require
from moves.core import Obstacle, refuse_if_any
from people.models import Person


def may_remark(scene: Scene) -> bool:
    """Say whether this voice can speak in the discussion."""
    return scene.voice is not None and scene.process.state == BySupermajority.State.DISCUSSING


def remark(proposal: Proposal, *, by: Person, now: datetime, word: str) -> Remark:
    """Say something in the discussion. The first vote begins at its deadline, or by the guide."""
    with changing(proposal, by=by, now=now) as scene:
        require(may_remark(scene))
        record(scene.circle, "remark_made", by=by, now=now, proposal=str(scene.proposal.pk))
        return Remark.objects.create(proposal=scene.proposal, voice=scene.me, text=word, at=now)


# ── Votes ────────────────────────────────────────────────────────────────────


def ballot_for(scene: Scene) -> Ballot | None:
    """Return the ballot on which this voice can vote now, None where it cannot."""
    if scene.voice is None or not isinstance(scene.process, BySupermajority):
        return None
    return ballots.ballot_of(scene.process)


def obstacles_to_vote(scene: Scene, now: datetime) -> list[Obstacle]:
    """Return why this voice cannot vote: a limit that its person accepted."""
    return obstacles_to_limit(scene.me, now)


def vote(proposal: Proposal, *, by: Person, now: datetime, in_favour: bool) -> Vote:
    """Vote, or change one's vote while it can be; voting the same twice changes nothing.

    In contention a proposal that fewer than half support any more is tabled at once.
    """
    with changing(proposal, by=by, now=now) as scene:
        ballot = ballot_for(scene)
        require(ballot is not None)
        assert ballot is not None
        refuse_if_any(obstacles_to_vote(scene, now))
        given = ballot.votes.filter(voice=scene.me).first()
        if given is not None and given.in_favour == in_favour:
            return given
        if given is None:
            given = Vote(ballot=ballot, voice=scene.me)
        given.in_favour, given.at = in_favour, now
        given.save()
        record(
            scene.circle, "vote_given", by=by, now=now,
            proposal=str(scene.proposal.pk), number=ballot.number,
        )  # fmt: skip
        if scene.process.state == BySupermajority.State.CONTENTION and not in_favour:
            ballots.contest(scene.process, at=now)
        return given


# ── Concerns ─────────────────────────────────────────────────────────────────


def ballot_to_sort(scene: Scene) -> Ballot | None:
    """Return the ballot after which this voice, having voted against, can name a concern."""
    return heard_ballot(scene) if scene.voted_against else None


def heard_ballot(scene: Scene) -> Ballot | None:
    """Return the ballot whose concerns are heard now, for anybody with a voice."""
    return scene.heard_ballot if scene.voice is not None else None


def only_deal_breakers(scene: Scene) -> bool:
    return scene.process.state == BySupermajority.State.DEAL_BREAKERS


def raise_concern(
    proposal: Proposal, *, by: Person, now: datetime, text: str, deal_breaker: bool, stands: bool
) -> Concern:
    """Name what concerns one, for others to join. After the second vote: a deal-breaker."""
    with changing(proposal, by=by, now=now) as scene:
        ballot = ballot_to_sort(scene)
        require(ballot is not None)
        assert ballot is not None
        concern = Concern.objects.create(ballot=ballot, text=text, at=now)
        _hold(concern, ballot, scene, deal_breaker=deal_breaker, stands=stands)
        record(scene.circle, "concern_raised", by=by, now=now, proposal=str(scene.proposal.pk))
        return concern


def join_concern(
    concern: Concern, *, by: Person, now: datetime, deal_breaker: bool, stands: bool
) -> Concern:
    """Say that this is one's own concern too; who held another leaves that."""
    with changing(concern.ballot.process.proposal, by=by, now=now) as scene:
        ballot = ballot_to_sort(scene)
        require(ballot is not None and ballot.pk == concern.ballot_id)
        assert ballot is not None
        _hold(concern, ballot, scene, deal_breaker=deal_breaker, stands=stands)
        record(scene.circle, "concern_joined", by=by, now=now, proposal=str(scene.proposal.pk))
        return concern


def _hold(
    concern: Concern, ballot: Ballot, scene: Scene, *, deal_breaker: bool, stands: bool
) -> None:
    require(deal_breaker or not only_deal_breakers(scene))
    mine = Holder.objects.filter(ballot=ballot, voice=scene.me).first()
    if mine is None:
        mine = Holder(ballot=ballot, voice=scene.me)
    elif mine.concern_id != concern.pk or not stands:
        # Who named them did so as the speaker of another concern, or before they declined.
        Holder.objects.filter(names=mine).update(names=None)
    if mine.pk is not None and mine.concern_id != concern.pk:
        mine.names = None
    mine.concern, mine.deal_breaker, mine.stands = concern, deal_breaker, stands
    mine.save()
    ballots.mark_holder(ballot, scene.me.pk, concern.pk)


def holder_of(concern: Concern, scene: Scene) -> Holder | None:
    """Return this voice's place among those who hold a concern that is heard now."""
    return scene.held if scene.held is not None and scene.held.concern_id == concern.pk else None


def standing_for(concern: Concern, now: datetime) -> list[Holder]:
    """Return who of a concern would speak for it, and still has a voice."""
    live = concern.ballot.process.proposal.circle.voices.live(now)
    found = concern.holders.filter(stands=True, voice__in=live)
    return list(found.select_related("voice__person").order_by("pk"))


def name_speaker(concern: Concern, *, by: Person, now: datetime, holder: str) -> Holder:
    """Say, as one who holds a concern, who of those who stand is to speak for it."""
    with changing(concern.ballot.process.proposal, by=by, now=now) as scene:
        mine = holder_of(concern, scene)
        named = next((one for one in standing_for(concern, now) if str(one.pk) == holder), None)
        require(mine is not None and named is not None)
        assert mine is not None
        mine.names = named
        mine.save(update_fields=["names"])
        record(scene.circle, "speaker_named", by=by, now=now, proposal=str(scene.proposal.pk))
        return mine


def speaker_of(concern: Concern, now: datetime) -> Holder | None:
    """Return whom the holders of a concern elected: named most often; the lot decides a tie."""
    return speakers_of([concern], concern.ballot.process, now).get(concern.pk)


def speakers_of(
    concerns: Iterable[Concern], process: BySupermajority, now: datetime
) -> dict[Any, Holder]:
    """Return who speaks for each of these concerns of one proposal, by the concern's id.

    In two statements, for however many. Those who name count, and who is named still stands.
    """
    named = Holder.objects.filter(
        living(now, "voice__"),
        living(now, "names__voice__"),
        concern__in=list(concerns),
        names__stands=True,
        names__concern=F("concern"),
    )
    names: dict[Any, Counter[str]] = defaultdict(Counter)
    for concern, name, times in named.values_list("concern", "names").annotate(Count("pk")):
        names[concern][str(name)] = times
    chosen = (rules.elected(found.elements(), seed=process.seed) for found in names.values())
    elected = Holder.objects.filter(pk__in=[one for one in chosen if one is not None])
    return {one.concern_id: one for one in elected.select_related("voice__person")}


def speaks_for(concern: Concern, scene: Scene, now: datetime) -> bool:
    """Say whether this voice was elected to speak for a concern that is heard now."""
    mine = holder_of(concern, scene)
    return mine is not None and speaker_of(concern, now) == mine


# ── Amendments ───────────────────────────────────────────────────────────────


def may_amend(concern: Concern, scene: Scene) -> bool:
    """Say whether this voice can offer an amendment to a concern: anybody, while it is heard."""
    ballot = heard_ballot(scene)
    return ballot is not None and ballot.pk == concern.ballot_id


def amend_for(concern: Concern, *, by: Person, now: datetime, text: str) -> Amendment:
    """Offer a text that would answer a concern. Everybody gauges it; nobody decides it alone."""
    with changing(concern.ballot.process.proposal, by=by, now=now) as scene:
        require(may_amend(concern, scene))
        record(scene.circle, "amendment_offered", by=by, now=now, proposal=str(scene.proposal.pk))
        return Amendment.objects.create(
            proposal=scene.proposal, concern=concern, by=scene.me, text=text,
            base=scene.proposal.version, at=now,
        )  # fmt: skip


def may_gauge(amendment: Amendment, scene: Scene) -> bool:
    return amendment.concern is not None and may_amend(amendment.concern, scene)


def gauge(amendment: Amendment, *, by: Person, now: datetime, agrees: bool) -> Gauge:
    """Say whether one could live with an amendment; saying it again changes it."""
    with changing(amendment.proposal, by=by, now=now) as scene:
        amendment = Amendment.objects.select_related("concern").get(pk=amendment.pk)
        require(may_gauge(amendment, scene))
        refuse_if_any(obstacles_to_vote(scene, now))
        assert amendment.concern is not None
        made, _ = Gauge.objects.update_or_create(
            amendment=amendment,
            voice=scene.me,
            defaults={
                "agrees": agrees,
                "by_holder": holder_of(amendment.concern, scene) is not None,
            },
        )
        record(scene.circle, "amendment_gauged", by=by, now=now, proposal=str(scene.proposal.pk))
        return made
