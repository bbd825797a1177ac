"""What is forgotten of a circle: what was said in it, by whom, and how each of them stood.

That a proposal was made stays, with its days, how it was decided and what came of it, and so do
the counts of its ballots: figures, which name nobody. The app that owns the subject says when a
circle is to be forgotten, and takes away first what it hangs on an amendment itself.
"""

from django.db.models import F, QuerySet

from deliberation.models import (
    Amendment,
    Circle,
    Concern,
    Gauge,
    Holder,
    Objection,
    Position,
    Proposal,
    Remark,
    SettingAside,
    SettingAsideWord,
    TextVersion,
    Turn,
    Voice,
    Vote,
)
from people.forgetting import nobody
from people.models import Person


def forget_circles(circles: QuerySet[Circle]) -> None:
    """Empty these circles, whatever became of their proposals. In a transaction of the caller.

    Nobody stands where an author stood, because a proposal does not go without its author.
    """
    proposals = Proposal.objects.filter(circle__in=circles)
    forget_proposals(proposals)
    forget_texts(proposals)
    voices = Voice.objects.filter(circle__in=circles)
    authors = set(proposals.values_list("author_id", flat=True))
    voices.exclude(pk__in=authors).delete()
    for voice in voices:
        voices.filter(pk=voice.pk).update(person=nobody())
    circles.update(aim="")


def forget_proposals(proposals: QuerySet[Proposal]) -> None:
    """Take away what was said on these proposals and every text but the last, which stays."""
    of = {"proposal__in": proposals}
    # From the leaves inwards: each of these protects what it answers.
    Gauge.objects.filter(amendment__proposal__in=proposals).delete()
    asides = SettingAside.objects.filter(objection__proposal__in=proposals)
    SettingAsideWord.objects.filter(setting_aside__in=asides).delete()
    asides.delete()
    Amendment.objects.filter(**of).delete()
    Objection.objects.filter(**of).delete()
    turns = Turn.objects.filter(round__process__proposal__in=proposals)
    Position.objects.filter(turn__in=turns).delete()
    turns.delete()
    holders = Holder.objects.filter(ballot__process__proposal__in=proposals)
    holders.update(names=None)
    holders.delete()
    Concern.objects.filter(ballot__process__proposal__in=proposals).delete()
    Vote.objects.filter(ballot__process__proposal__in=proposals).delete()
    Remark.objects.filter(**of).delete()
    texts = TextVersion.objects.filter(**of)
    texts.exclude(number=F("proposal__version")).delete()
    for text in texts.select_related("proposal"):
        # Who amended it last is nobody's business any more.
        TextVersion.objects.filter(pk=text.pk).update(by=text.proposal.author_id)


def forget_texts(proposals: QuerySet[Proposal]) -> None:
    """Empty what was proposed. That there was a text stays, so that a page finds it empty."""
    TextVersion.objects.filter(proposal__in=proposals).update(text="")


def forget_voices(circles: QuerySet[Circle], person: Person) -> None:
    """Let nobody stand where this person had a voice. What they said is not asked here."""
    for voice in Voice.objects.filter(circle__in=circles, person=person):
        Voice.objects.filter(pk=voice.pk).update(person=nobody())
