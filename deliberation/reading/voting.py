"""The discussion, votes that have closed, and concerns with who speaks for them.

Nobody's own vote is shown, to nobody, nor who holds a concern: only the speaker they elected.
What is still going on is not counted here, so that nobody watches a lead.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from deliberation import models
from deliberation.actions.voting import speakers_of
from deliberation.parts import PAGE
from deliberation.reading import shown
from deliberation.reading.consenting import Reader, show_amendment
from deliberation.reading.words import BALLOTS, name_of


def remarks_on(proposal: models.Proposal, *, page: int) -> tuple[list[models.Remark], bool]:
    """Return one page of the discussion, newest first, and whether there is another."""
    found = models.Remark.objects.filter(proposal=proposal).select_related("voice__person")
    start = PAGE * (page - 1)
    some = list(found.order_by("-at", "-pk")[start : start + PAGE + 1])
    return some[:PAGE], len(some) > PAGE


def show_remarks(remarks: Iterable[models.Remark], reader: Reader) -> list[shown.Remark]:
    return [
        shown.Remark(
            name=name_of(one.voice),
            mine=reader.is_me(one.voice_id),
            words=one.text,
            when=reader.day(one.at),
        )
        for one in remarks
    ]


def show_ballots(ballots: Sequence[models.Ballot], reader: Reader) -> list[shown.Ballot]:
    """Return the votes so far; counts only of those that have closed."""
    return [
        shown.Ballot(
            title=str(BALLOTS[one.number]),
            version=one.version,
            open=one.closed_at is None,
            when=reader.day(one.closed_at or one.opened_at),
            count=_count(one, reader.scene.circle.quorum) if one.closed_at else "",
        )
        for one in ballots
    ]


def _count(ballot: models.Ballot, quorum: int) -> str:
    """Say numerator and denominator, and how many for it takes at least."""
    in_favour = ballot.in_favour or 0
    cast = in_favour + (ballot.against or 0)
    said = ngettext(
        "%(for)d of %(cast)d vote cast is for it.", "%(for)d of %(cast)d votes cast are for it.",
        cast,
    ) % {"for": in_favour, "cast": cast}  # fmt: skip
    least = _("It takes at least %(quorum)d for it.") % {"quorum": quorum}
    return f"{said} {least}"


def show_concerns(
    concerns: Sequence[models.Concern],
    amendments: Iterable[models.Amendment],
    ballots: Sequence[models.Ballot],
    reader: Reader,
) -> list[shown.Concern]:
    """Return concerns with their speakers and the amendments that would answer them."""
    offered, scene = list(amendments), reader.scene
    speakers = speakers_of(concerns, scene.process, reader.now) if concerns else {}
    counts = _gauges(offered, ballots)
    heard = scene.heard_ballot
    return [
        shown.Concern(
            key=str(one.pk),
            words=one.text,
            ballot=str(BALLOTS[one.ballot.number]),
            heard=heard is not None and heard.pk == one.ballot_id,
            speaker=name_of(speakers[one.pk].voice) if one.pk in speakers else "",
            held_by_me=scene.held is not None and scene.held.concern_id == one.pk,
            amendments=[
                show_amendment(offer, reader, lambda found: counts.get(found.pk, ""))
                for offer in offered
                if offer.concern_id == one.pk
            ],
            moves=reader.moves_on("concern", one),
        )
        for one in concerns
    ]


def _gauges(
    amendments: Sequence[models.Amendment], ballots: Sequence[models.Ballot]
) -> dict[Any, str]:
    """Return how amendments were gauged, once the vote they were gauged for has begun.

    Counted at that moment, as it was then: a voice that ended since still counts there.
    """
    begun: Mapping[int, models.Ballot] = {one.number: one for one in ballots}
    said: dict[Any, str] = {}
    for number in (1, 2):
        after = begun.get(number + 1)
        if after is None:
            continue
        mine = [one.pk for one in amendments if one.concern and one.concern.ballot.number == number]
        found: Any = models.Amendment.objects.filter(pk__in=mine).gauged(after.opened_at)
        for one in found:
            said[one.pk] = _gauged(one)
    return said


def _gauged(amendment: Any) -> str:
    everybody = amendment.agree + amendment.disagree
    holders = amendment.holders_agree + amendment.holders_disagree
    return _(
        "%(agree)d of %(all)d who said so could live with it; of those with this concern, "
        "%(holders_agree)d of %(holders)d."
    ) % {
        "agree": amendment.agree,
        "all": everybody,
        "holders_agree": amendment.holders_agree,
        "holders": holders,
    }
