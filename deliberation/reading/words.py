"""Where a proposal is, what comes next, who acts and by when, in the language of the reader."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from deliberation.actions.time import Scene
from deliberation.models import ByConsent, Turn, Voice
from deliberation.reading.shown import Lines
from deliberation.wording import REASONS
from moves.days import in_words

# By state of either machine: where it is, what comes next.
STAGES = {
    "drafting": (
        gettext_lazy("It is being written."),
        gettext_lazy("Its author brings it before the circle."),
    ),
    "clarifying": (
        gettext_lazy("Clarifying round: everybody asks what they need to know."),
        gettext_lazy("Then everybody says what they think of it."),
    ),
    "reacting": (
        gettext_lazy("Reaction round: everybody says what they think of it."),
        gettext_lazy("Then everybody is asked whether they consent."),
    ),
    "consenting": (
        gettext_lazy("Consent round: everybody says whether they consent."),
        gettext_lazy(
            "If nobody objects and enough say something, it is adopted. An objection is "
            "integrated first."
        ),
    ),
    "integrating": (
        gettext_lazy("The circle looks for a way to integrate what was objected."),
        gettext_lazy(
            "If the text changes, everybody is asked anew. An objection that stays open brings "
            "one more round of this."
        ),
    ),
    "discussing": (
        gettext_lazy("It is being discussed."),
        gettext_lazy("Then comes the first vote. Nine tenths of those who vote carry it at once."),
    ),
    "first_vote": (
        gettext_lazy("The first vote is open."),
        gettext_lazy(
            "Nine tenths of those who vote carry it at once. Otherwise the concerns of those "
            "against are heard."
        ),
    ),
    "concerns": (
        gettext_lazy("The concerns of those who voted against are heard."),
        gettext_lazy("Then comes the second vote, on the text that most can live with."),
    ),
    "second_vote": (
        gettext_lazy("The second vote is open."),
        gettext_lazy(
            "Nine tenths of those who vote carry it at once. Otherwise those who could not live "
            "with it are heard."
        ),
    ),
    "deal_breakers": (
        gettext_lazy("Those who could not live with it are heard."),
        gettext_lazy("Then comes the final vote, on the text that most can live with."),
    ),
    "final_vote": (
        gettext_lazy("The final vote is open."),
        gettext_lazy("With two thirds of those who vote it goes on, open to contention."),
    ),
    "contention": (
        gettext_lazy("It has two thirds, and is open to contention."),
        gettext_lazy(
            "If fewer than half still support it, it is tabled at once. Otherwise it is adopted "
            "when the time is over."
        ),
    ),
}
LAST_INTEGRATION = gettext_lazy(
    "If the text changes, everybody is asked anew. An objection that stays open leaves it without "
    "consent."
)
ENDS = {
    "adopted": (gettext_lazy("It was adopted."), gettext_lazy("It is carried out.")),
    "deadlocked": (
        gettext_lazy("It found no consent."),
        gettext_lazy("It can be taken to a wider circle."),
    ),
    "tabled": (gettext_lazy("It was tabled."), gettext_lazy("It can be proposed again.")),
    # Why it ended says already where it is.
    "withdrawn": ("", gettext_lazy("Something new can be proposed.")),
}
BALLOTS = {
    1: gettext_lazy("First vote"),
    2: gettext_lazy("Second vote"),
    3: gettext_lazy("Final vote"),
}


def name_of(voice: Voice) -> str:
    """Return the name of whose voice it is."""
    return name_of_person(voice.person)


def name_of_person(person: Any) -> str:
    """Return a person's name, or what they sign in with."""
    return str(person.name or person.username)


def on_day(moment: datetime, now: datetime) -> str:
    """Return the local day of a moment in words."""
    return in_words(timezone.localtime(moment).date(), timezone.localtime(now).date())


def until(moment: datetime, now: datetime) -> str:
    """Return a deadline in words: its local day, and the time of that day."""
    time = date_format(timezone.localtime(moment), "TIME_FORMAT")
    return _("%(day)s, at %(time)s") % {"day": on_day(moment, now), "time": time}


def lines_of(scene: Scene, turn: Turn | None, now: datetime) -> Lines:
    """Return the four lines; ``turn`` is whose turn it is in the room, None elsewhere."""
    proposal, process = scene.proposal, scene.process
    if proposal.outcome:
        where, following = ENDS[proposal.outcome]
        return Lines(
            where=f"{where} {REASONS[proposal.why]}".strip(),
            next=str(following),
            who=_("Nobody needs to do anything"),
            by_when=_("Decided: %(day)s") % {"day": on_day(proposal.decided_at or now, now)},
        )
    where, following = STAGES[process.state]
    if process.state == "integrating" and process.integrations >= scene.circle.integration_rounds:
        following = LAST_INTEGRATION
    again = _("Those who said nothing are asked once more.") if process.asked_again else ""
    return Lines(
        where=f"{where} {again}".strip(),
        next=str(following),
        who=_who_acts(scene, turn),
        by_when=until(process.deadline, now) if process.deadline else _no_date(scene),
    )


def _no_date(scene: Scene) -> str:
    if scene.circle.in_the_room and scene.process.state != "drafting":
        return _("No date is set: who guides the circle moves it on")
    return _("No date is set")


def _who_acts(scene: Scene, turn: Turn | None) -> str:
    if turn is not None:
        mine = scene.voice is not None and turn.voice_id == scene.voice.pk
        return _("You") if mine else name_of(turn.voice)
    if scene.process.state == "drafting":
        return _("Its author")
    if isinstance(scene.process, ByConsent) and scene.process.state != "integrating":
        return _("Everybody who has not had their turn")
    return _("Everybody with a voice")
