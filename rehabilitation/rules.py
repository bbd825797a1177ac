"""What our practice allows around a placement. Pure: no Django, no clock, no database.

Source: principles 3, 4, 9 and 12 of the product, and the charter (``communities.charter``).
Freedom is the state of rest: every rule here answers "until when, at the latest?", and none of
them knows of a case on hold, because nothing prolongs a placement.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from moves.core import Obstacle

PLACEMENT_STATES = ("proposed", "interim", "active", "released", "lapsed", "left", "guest")
PLACED = ("interim", "active")
OPEN = ("proposed", *PLACED)
OVER = ("released", "lapsed", "left", "guest")
# Why a placement ended, and the state it ends in.
ENDS = {
    "declined": "lapsed",
    "not_taken_up": "lapsed",
    "finding_over": "lapsed",
    "taken_back": "lapsed",
    "interim_over": "lapsed",
    "review_missed": "lapsed",
    "order_over": "lapsed",
    "decision_replaced": "lapsed",
    "end_date": "released",
    "release_decided": "released",
    "challenge_upheld": "released",
    "left": "left",
}
REVIEW_STATES = ("preparing", "deciding", "released", "continued", "changed", "upheld",
                 "dismissed", "missed", "moot")  # fmt: skip
OPEN_REVIEWS = ("preparing", "deciding")
COURSES_OF_REVIEW = ("release", "change", "continue")
COURSES_OF_CHALLENGE = ("uphold", "dismiss")
COURSES = (*COURSES_OF_REVIEW, *COURSES_OF_CHALLENGE)
CHALLENGE_STATES = ("open", "upheld", "dismissed", "withdrawn", "moot")
GROUNDS = ("process", "facts", "proportion", "conditions")
KINDS_OF_MEASURE = ("learning", "support", "therapy", "work", "contact")
WISH_KINDS = ("wish", "complaint")
WISH_STATES = ("open", "granted", "refused", "taken_back")
LEAST_OF_COUNCIL = 3

# What no rule of a house may take away (docs/rehabilitation.md says each in plain words).
RIGHTS = (
    "leave", "challenge", "own_word", "visits", "letters", "health", "belief", "complain",
    "assembly", "home_community",
)  # fmt: skip

Alternative = tuple[str, str]


# ── What a placement is decided on ───────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class FindingFacts:
    """A council's safety finding, as far as a placement stands on it.

    ``alternatives``: (what was weighed, why it does not do). ``decided_on``: the day it was
    adopted, None before.
    """

    decided_on: date | None
    threat: str
    alternatives: Sequence[Alternative]
    aims: str
    review_on: date | None
    ends_on: date | None


@dataclass(frozen=True, kw_only=True)
class Lengths:
    """The charter's periods of a placement, in days."""

    placement: int
    review: int
    interim: int


def obstacles_of_finding(
    finding: FindingFacts | None, lengths: Lengths, *, today: date
) -> list[Obstacle]:
    """Return why no placement can stand on this finding today; empty when one can."""
    if finding is None or finding.decided_on is None or not finding.threat.strip():
        return [Obstacle(code="threat_finding_missing", cleared_by="council")]
    found = []
    weighed = [what.strip() and why.strip() for what, why in finding.alternatives]
    if not weighed or not all(weighed):
        found.append(Obstacle(code="alternatives_missing", cleared_by="council"))
    if not finding.aims.strip():
        found.append(Obstacle(code="aims_missing", cleared_by="council"))
    if finding.ends_on is None or finding.ends_on > finding.decided_on + _days(lengths.placement):
        found.append(Obstacle(code="placement_too_long", cleared_by="council"))
    elif finding.ends_on < today:
        found.append(Obstacle(code="finding_over", cleared_by="council"))
    first = finding.review_on
    if first is None or first < today or first > finding.decided_on + _days(lengths.review):
        found.append(Obstacle(code="review_date_missing", cleared_by="council"))
    return found


def _days(number: int) -> timedelta:
    return timedelta(days=number)


# ── When a placement may begin ───────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class BeginFacts:
    """What beginning a placement asks, beside its finding.

    ``effective``: the time to appeal is over and no appeal is open. ``challenged``: the person's
    own challenge is open. ``host_agreed``: the community of the house has offered the place, or
    it is the case's own. ``interim_until``: the last day the decision allows before an appeal is
    over; None where it allows none.
    """

    accepted: bool
    order_until: date | None
    effective: bool
    challenged: bool
    host_agreed: bool
    free_places: int
    guardian_missing: bool = False
    interim_until: date | None = None
    appeal_until: date | None = None


def stands(*, accepted: bool, order_until: date | None, today: date) -> bool:
    """Say whether a placement stands on anything today: a yes, or a lawful order."""
    return accepted or (order_until is not None and order_until >= today)


def obstacles_to_begin(facts: BeginFacts, *, interim: bool, today: date) -> list[Obstacle]:
    """Return why the person cannot be placed today, for good or for the interim days."""
    found = []
    if not stands(accepted=facts.accepted, order_until=facts.order_until, today=today):
        found.append(Obstacle(code="not_accepted", cleared_by="resident"))
    elif facts.accepted and facts.guardian_missing:
        found.append(Obstacle(code="guardian_consent_missing", cleared_by="guardian"))
    if not facts.host_agreed:
        found.append(Obstacle(code="place_not_offered", cleared_by="steward"))
    if facts.free_places < 1:
        found.append(Obstacle(code="no_place_free", cleared_by="steward"))
    if interim:
        if facts.interim_until is None or facts.interim_until < today:
            found.append(Obstacle(code="interim_not_decided", cleared_by="council"))
    elif facts.challenged or not facts.effective:
        clears_on = None if facts.challenged or facts.appeal_until is None else facts.appeal_until
        found.append(
            Obstacle(
                code="challenge_open",
                cleared_by="council",
                clears_on=clears_on and clears_on + _days(1),
            )
        )
    return found


@dataclass(frozen=True, kw_only=True)
class Terms:
    """The days of a placement that begins: none of them ever moves later than ``latest_on``."""

    starts_on: date
    review_on: date
    ends_on: date
    latest_on: date
    interim_until: date | None


def terms_of(
    finding: FindingFacts,
    lengths: Lengths,
    *,
    starts_on: date,
    interim: bool,
    interim_until: date | None = None,
) -> Terms:
    """Return the days of a placement that begins on this day; the earliest bound counts."""
    assert finding.review_on is not None
    assert finding.ends_on is not None
    latest_on = starts_on + _days(lengths.placement)
    ends_on = min(finding.ends_on, latest_on)
    review_on = min(finding.review_on, starts_on + _days(lengths.review), ends_on)
    until = None
    if interim:
        assert interim_until is not None
        until = min(interim_until, starts_on + _days(lengths.interim), ends_on)
    return Terms(
        starts_on=starts_on,
        review_on=review_on,
        ends_on=ends_on,
        latest_on=latest_on,
        interim_until=until,
    )


# ── Moving to another house ──────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class MoveFacts:
    """What moving to another house asks. None of it lengthens anything.

    ``home_agreed`` and ``host_agreed``: the case's own community and that of the other house
    consent, where they are not the same one.
    """

    accepted: bool
    home_agreed: bool
    host_agreed: bool
    free_places: int
    guardian_missing: bool = False


def obstacles_to_move(facts: MoveFacts) -> list[Obstacle]:
    """Return why the person cannot move yet: their own yes, both communities, a free place."""
    found = []
    if not facts.accepted:
        found.append(Obstacle(code="move_not_accepted", cleared_by="resident"))
    elif facts.guardian_missing:
        found.append(Obstacle(code="guardian_consent_missing", cleared_by="guardian"))
    if not facts.home_agreed:
        found.append(Obstacle(code="move_not_agreed", cleared_by="coordinator"))
    if not facts.host_agreed:
        found.append(Obstacle(code="place_not_offered", cleared_by="steward"))
    if facts.free_places < 1:
        found.append(Obstacle(code="no_place_free", cleared_by="steward"))
    return found


def move_open_until(*, asked_on: date, days: int, free_on: date) -> date:
    """Return the last day on which a move that was asked for can still happen."""
    return min(asked_on + _days(days), free_on - _days(1))


# ── Until when, at the latest ────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class PlacementFacts:
    """What decides when somebody is free. ``open_until``: the last day of a proposal.

    ``release_on``: the first free day a review decided. ``replaced_on``: the day another council
    decided otherwise.
    """

    state: str
    open_until: date
    review_on: date | None = None
    ends_on: date | None = None
    interim_until: date | None = None
    release_on: date | None = None
    accepted: bool = False
    order_until: date | None = None
    replaced_on: date | None = None


@dataclass(frozen=True, order=True)
class Freedom:
    """The first day on which somebody is free, and the code of why."""

    on: date
    rank: int
    why: str


# Where two reasons fall on one day, the first of these is said.
RANKS = ("decision_replaced", "release_decided", "end_date", "order_over", "interim_over",
         "review_missed", "not_taken_up")  # fmt: skip


def freedom_of(facts: PlacementFacts) -> Freedom | None:
    """Return when and why a placement ends by itself, by its days alone; None when it is over.

    Nobody needs to do anything for it: an action and a page ask this, whether or not ``tick``
    ran. A review not held in time frees; so does an order that runs out.
    """
    if facts.state not in OPEN:
        return None
    days: list[tuple[date, str]] = []
    if facts.replaced_on is not None:
        days.append((facts.replaced_on, "decision_replaced"))
    if facts.state == "proposed":
        days.append((facts.open_until + _days(1), "not_taken_up"))
        return _first(days)
    assert facts.ends_on is not None
    assert facts.review_on is not None
    days.append((facts.ends_on + _days(1), "end_date"))
    if facts.review_on < facts.ends_on:
        days.append((facts.review_on + _days(1), "review_missed"))
    if facts.release_on is not None:
        days.append((facts.release_on, "release_decided"))
    if facts.state == "interim" and facts.interim_until is not None:
        days.append((facts.interim_until + _days(1), "interim_over"))
    if not facts.accepted:
        assert facts.order_until is not None
        days.append((facts.order_until + _days(1), "order_over"))
    return _first(days)


def _first(days: list[tuple[date, str]]) -> Freedom:
    return min(Freedom(on, RANKS.index(why), why) for on, why in days)


def is_free(facts: PlacementFacts, *, today: date) -> bool:
    """Say whether somebody is free today by the days of their placement alone."""
    freedom = freedom_of(facts)
    return freedom is None or freedom.on <= today


def proposal_open_until(*, proposed_on: date, days: int, review_on: date, ends_on: date) -> date:
    """Return the last day on which a proposed placement can still begin."""
    return min(proposed_on + _days(days), review_on, ends_on)


# ── Reviews ──────────────────────────────────────────────────────────────────


def next_review_on(
    *, decided_on: date, wished: date | None, ends_on: date, lengths: Lengths, challenged: bool
) -> date:
    """Return the next review's last day after a council agreed to go on.

    While a challenge is open, going on lasts no longer than an interim placement does.
    """
    most = lengths.interim if challenged else lengths.review
    latest = min(decided_on + _days(most), ends_on)
    return latest if wished is None else min(max(wished, decided_on), latest)


def obstacles_to_open_review(
    *, packet: bool, heard: bool, heard_by: date, seated: int, guarded: bool, today: date
) -> list[Obstacle]:
    """Return why a council cannot deliberate on a review yet.

    The resident is heard first. Their silence holds nothing up: it would count against them.
    """
    found = []
    if not packet:
        found.append(Obstacle(code="packet_missing", cleared_by="steward"))
    if not heard and today < heard_by:
        found.append(Obstacle(code="resident_not_heard", cleared_by="resident", clears_on=heard_by))
    if not guarded:
        found.append(Obstacle(code="process_guardian_missing", cleared_by="coordinator"))
    if seated < LEAST_OF_COUNCIL:
        found.append(Obstacle(code="council_too_few", cleared_by="coordinator"))
    return found


# ── The house ────────────────────────────────────────────────────────────────


def free_places(*, places: int, taken: int) -> int:
    """Return how many places are free; never under none, even where places were given up."""
    return max(0, places - taken)


def rights_touched(touches: Collection[str]) -> list[str]:
    """Return which of the rights a rule would touch, in their order."""
    return [one for one in RIGHTS if one in touches]


def obstacles_of_rule(touches: Collection[str]) -> list[Obstacle]:
    """Return the obstacle of a house rule that goes below the rights of the charter."""
    if rights_touched(touches):
        return [Obstacle(code="below_rights", cleared_by="circle")]
    return []


def obstacles_of_measure(kind: str, *, supports: int) -> list[Obstacle]:
    """Return why a limit cannot be set: support comes before control."""
    if kind == "contact" and supports < 1:
        return [Obstacle(code="support_first", cleared_by="steward")]
    return []


def measure_stands(kind: str, *, agreed: bool | None, why_not: str) -> bool:
    """Say whether a measure stands: agreed with the resident, or a limit with its reason."""
    return agreed is True or (kind == "contact" and agreed is False and bool(why_not.strip()))


def obstacles_of_visitor(*, sits: bool, steward: bool, resident: bool) -> list[Obstacle]:
    """Return why somebody cannot visit a house independently."""
    if sits or steward or resident:
        return [Obstacle(code="not_independent", cleared_by="coordinator")]
    return []


def shares_out(places: int, taken: int, guests: int) -> list[str]:
    """Return each place of a house as "placed", "guest" or "free", for its picture."""
    free = free_places(places=places, taken=taken + guests)
    return ["placed"] * taken + ["guest"] * guests + ["free"] * free
